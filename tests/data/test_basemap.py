"""The committed base map holds what its README promises."""

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, box, shape

BASEMAP = Path(__file__).parents[2] / "data" / "basemap"
FILES = sorted(path.name for path in BASEMAP.glob("*.geojson"))
REGION = (88, -6, 128, 31)
SURROUNDINGS = (40, -35, 170, 60)
FIVE_DECIMALS = {"borders_detail.geojson", "moei.geojson"}
METRES_A_DEGREE = (
    111_320  # of latitude; a degree of longitude is shorter, so distances come out long
)
FRIENDSHIP_BRIDGE = Point(98.5166, 16.6903)


@cache
def features(name):
    return json.loads((BASEMAP / name).read_text(encoding="utf-8"))["features"]


@cache
def country(code):
    (found,) = (f for f in features("countries.geojson") if f["properties"]["iso_a2"] == code)
    return shape(found["geometry"])


def border(name, between):
    (found,) = (f for f in features(name) if f["properties"]["name"] == between)
    return shape(found["geometry"])


def place(name, code):
    (found,) = (
        f
        for f in features("places.geojson")
        if (f["properties"]["name"], f["properties"]["country"]) == (name, code)
    )
    return found


def positions(coordinates):
    if isinstance(coordinates[0], list):
        for inner in coordinates:
            yield from positions(inner)
    else:
        yield coordinates


def exact_positions(name):
    collection = json.loads((BASEMAP / name).read_text(encoding="utf-8"), parse_float=Decimal)
    for feature in collection["features"]:
        yield from positions(feature["geometry"]["coordinates"])


def holders(lon, lat):
    codes = (f["properties"]["iso_a2"] for f in features("countries.geojson"))
    return {code for code in codes if country(code).contains(Point(lon, lat))}


def test_the_base_map_has_its_nine_files():
    assert len(FILES) == 9


@pytest.mark.parametrize("name", FILES)
def test_file_is_a_feature_collection_without_empty_or_broken_geometry(name):
    collection = json.loads((BASEMAP / name).read_text(encoding="utf-8"))
    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    assert collection["features"]
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        geometry = shape(feature["geometry"])
        assert geometry.is_valid
        assert not geometry.is_empty


@pytest.mark.parametrize("name", FILES)
def test_file_holds_one_feature_on_each_line(name):
    first, *lines, last = (BASEMAP / name).read_text(encoding="utf-8").splitlines()
    assert (first, last) == ('{"type":"FeatureCollection","features":[', "]}")
    assert [json.loads(line.removesuffix(",")) for line in lines] == features(name)


@pytest.mark.parametrize("name", FILES)
def test_coordinates_lie_in_the_region_and_have_no_more_decimals_than_promised(name):
    west, south, east, north = SURROUNDINGS if name == "land.geojson" else REGION
    most = 5 if name in FIVE_DECIMALS else 4
    for lon, lat in exact_positions(name):
        assert west <= lon <= east
        assert south <= lat <= north
        assert max(-Decimal(value).as_tuple().exponent for value in (lon, lat)) <= most


def test_all_files_together_stay_under_eight_megabytes():
    assert sum((BASEMAP / name).stat().st_size for name in FILES) < 8_000_000


def test_the_readme_has_one_row_for_each_file_and_none_for_another():
    text = (BASEMAP / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+\.geojson)` \|", text, re.MULTILINE)) == FILES


def test_each_file_is_under_exactly_one_licence_notice():
    notices = [path.read_text(encoding="utf-8") for path in (BASEMAP / "LICENSES").glob("*.md")]
    listed = [name for text in notices for name in re.findall(r"^- `(.+)`$", text, re.MULTILINE)]
    assert sorted(listed) == FILES


# Points of GeoNames (cities5000), except Langkawi: 99.85 E 6.35 N is in the middle of the island.
@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        pytest.param(98.53085, 16.82082, "MM", id="Shwe Kokko"),
        pytest.param(98.76214, 23.69611, "MM", id="Laukkai"),
        pytest.param(99.88083, 20.4475, "MM", id="Tachilek"),
        pytest.param(97.90109, 23.99742, "MM", id="Muse"),
        pytest.param(97.86499, 24.00139, "CN", id="Ruili"),
        pytest.param(98.56667, 16.71667, "TH", id="Mae Sot"),
        pytest.param(102.56365, 13.65805, "KH", id="Poipet"),
        pytest.param(103.52958, 10.60932, "KH", id="Sihanoukville"),
        pytest.param(106.13557, 11.06317, "KH", id="Bavet"),
        pytest.param(102.6, 17.96667, "LA", id="Vientiane"),
        pytest.param(105.84117, 21.0245, "VN", id="Hanoi"),
        pytest.param(99.85, 6.35, "MY", id="Langkawi"),
        pytest.param(103.7578, 1.4655, "MY", id="Johor Bahru"),
        pytest.param(103.85007, 1.28967, "SG", id="Singapore"),
    ],
)
def test_town_lies_in_its_own_country_and_in_no_other(lon, lat, code):
    assert holders(lon, lat) == {code}


def test_myawaddy_lies_in_myanmar_by_the_osm_border():
    assert holders(98.50893, 16.68911) == {"MM"}


def test_myanmar_and_thailand_share_their_land_border_without_gap_or_overlap():
    # South of 10 degrees both claim islands, and OpenStreetMap has them in both.
    mainland = box(97, 10.1, 102, 21)
    myanmar, thailand = country("MM").intersection(mainland), country("TH").intersection(mainland)
    assert myanmar.intersection(thailand).area == 0
    either = myanmar.union(thailand).union(country("LA"))
    gaps = [ring for polygon in getattr(either, "geoms", [either]) for ring in polygon.interiors]
    assert gaps == []


def test_the_moei_passes_under_the_friendship_bridge():
    moei = shape(features("moei.geojson")[0]["geometry"])
    assert moei.distance(FRIENDSHIP_BRIDGE) * METRES_A_DEGREE < 500


def test_the_moei_is_the_detailed_border_point_for_point():
    line = border("borders_detail.geojson", "Myanmar – Thailand")
    moei = shape(features("moei.geojson")[0]["geometry"])
    inner = LineString(moei.coords[1:-1])  # its two ends are cut between points of the border
    assert set(inner.coords) <= set(line.coords)
    assert "border" in features("moei.geojson")[0]["properties"]["note"]


def test_the_moei_runs_downstream_to_the_salween():
    moei = shape(features("moei.geojson")[0]["geometry"])
    assert Point(moei.coords[0]).distance(Point(98.694, 16.271)) < 0.005
    assert Point(moei.coords[-1]).distance(Point(97.6917, 17.8317)) < 0.005


@pytest.mark.parametrize("name", ["borders.geojson", "borders_detail.geojson"])
def test_border_lies_between_the_two_countries_it_names(name):
    names = {
        f["properties"]["iso_a2"]: f["properties"]["name"] for f in features("countries.geojson")
    }
    for feature in features(name):
        a, b = feature["properties"]["a"], feature["properties"]["b"]
        assert feature["properties"]["name"] == f"{names[a]} – {names[b]}"
        middle = shape(feature["geometry"]).representative_point()
        for code in (a, b):
            assert country(code).distance(middle) * METRES_A_DEGREE < 500


@pytest.mark.parametrize(
    "between",
    ["China – Myanmar", "Cambodia – Thailand", "Laos – Myanmar", "Myanmar – Thailand"],
)
def test_wide_border_follows_the_detailed_one_within_400_metres(between):
    wide, detail = border("borders.geojson", between), border("borders_detail.geojson", between)
    land = [part for part in getattr(wide, "geoms", [wide]) if part.length > 1]
    for part in land:
        for vertex in part.coords[5:-5]:  # the ends reach out to sea by different ways
            assert detail.distance(Point(vertex)) * METRES_A_DEGREE < 400


def test_region_lines_keep_off_the_country_borders():
    for feature in features("admin1.geojson"):
        outline = country(feature["properties"]["country"]).boundary
        assert shape(feature["geometry"]).distance(outline) * METRES_A_DEGREE > 100


def test_region_label_lies_in_its_country():
    for feature in features("admin1_labels.geojson"):
        assert country(feature["properties"]["country"]).contains(shape(feature["geometry"]))
    names = {f["properties"]["name"] for f in features("admin1_labels.geojson")}
    assert {"Kayin", "Shan", "Tak", "Bokeo", "Preah Vihear", "Kedah"} <= names


def test_place_lies_in_the_country_it_names():
    for feature in features("places.geojson"):
        outline = country(feature["properties"]["country"])
        assert outline.distance(shape(feature["geometry"])) * METRES_A_DEGREE < 100


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((name, "MM") for name in ("Shwe Kokko", "Myawaddy", "Laukkai", "Payathonzu", "Mong La")),
        *((name, "MM") for name in ("Tachilek", "Muse", "Lashio", "Hpa-An")),
        *((name, "KH") for name in ("Sihanoukville", "Bavet", "Poipet")),
        ("Mae Sot", "TH"),
    ],
)
def test_town_of_many_reports_shows_on_a_wide_view(name, code):
    assert place(name, code)["properties"]["rank"] <= 3


def test_every_place_has_a_rank_from_one_to_five_and_capitals_have_the_first():
    assert {f["properties"]["rank"] for f in features("places.geojson")} == {1, 2, 3, 4, 5}
    for name, code in (("Nay Pyi Taw", "MM"), ("Vientiane", "LA"), ("Bandar Seri Begawan", "BN")):
        assert place(name, code)["properties"]["rank"] == 1


def test_local_name_is_written_in_the_script_of_the_country():
    scripts = {"MM": "က-႟", "TH": "ก-๿", "LA": "ກ-໿", "KH": "ក-៿", "CN": "一-鿿", "TW": "一-鿿"}
    for feature in features("places.geojson"):
        local, code = feature["properties"].get("name_local"), feature["properties"]["country"]
        assert local is None or re.fullmatch(f"[{scripts[code]} \u200b]+", local)
    assert place("Myawaddy", "MM")["properties"]["name_local"] == "မြဝတီ"
    assert place("Mae Sot", "TH")["properties"]["name_local"] == "แม่สอด"


def test_kengtung_is_not_beside_mong_la_where_geonames_has_it():
    kengtung, mong_la = place("Kengtung", "MM"), place("Mong La", "MM")
    assert shape(kengtung["geometry"]).distance(shape(mong_la["geometry"])) > 0.3
