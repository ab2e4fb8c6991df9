import json
from pathlib import Path

import pytest
from pyproj import Geod

from geo.countries import CountryIndex

BASEMAP = Path(__file__).parents[2] / "data" / "basemap" / "countries.geojson"


def write(path, *features):
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"iso_a2": code},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for code, ring in features
        ],
    }
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def square(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.fixture
def index(tmp_path):
    path = write(
        tmp_path / "c.geojson",
        ("MM", square(90, 10, 100, 20)),
        ("MM", square(90, 20, 100, 25)),
        ("TH", square(100, 10, 105, 20)),
    )
    return CountryIndex.load(path)


def test_a_point_inside_or_on_the_edge_is_no_distance_away(index):
    assert index.distance_m("MM", 95, 15) == 0
    assert index.distance_m("MM", 100, 15) == 0


def test_two_features_of_one_country_are_one_outline(index):
    assert index.distance_m("MM", 95, 22) == 0


def test_a_country_without_an_outline_is_not_known(index):
    assert index.knows("TH")
    assert not index.knows("MY")
    with pytest.raises(KeyError):
        index.distance_m("MY", 100, 5)


def test_a_point_is_in_the_country_that_covers_it_or_in_none(index):
    assert index.at(102, 15) == "TH"
    assert index.at(120, 15) is None


@pytest.mark.parametrize(
    ("lon", "lat", "nearest"),
    [
        (100.01, 15.0, (100, 15.0)),
        (100.9, 15.0, (100, 15.0)),
        (95.0, 25.9, (95, 25)),
        (100.4, 25.4, (100, 25)),
        (89.2, 9.4, (90, 10)),
    ],
)
def test_a_distance_is_right_to_one_per_cent_up_to_100_km(index, lon, lat, nearest):
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, *nearest)
    assert index.distance_m("MM", lon, lat) == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize(("lon", "lat"), [(109, 15.0), (107, 31), (84, 4)])
def test_a_distance_is_right_to_five_per_cent_up_to_1000_km(index, lon, lat):
    nearest = min(max(lon, 90), 100), min(max(lat, 10), 25)
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, *nearest)
    assert index.distance_m("MM", lon, lat) == pytest.approx(metres, rel=0.05)


@pytest.mark.parametrize("text", ["[]", "{}", '{"features": [{}]}', '{"features": 1}', "{"])
def test_a_file_that_is_no_collection_of_countries_is_refused(text, tmp_path):
    (tmp_path / "c.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one too
        CountryIndex.load(tmp_path / "c.geojson")


def test_the_base_map_knows_the_countries_of_the_dossier():
    index = CountryIndex.load(BASEMAP)
    assert all(index.knows(code) for code in ("MM", "MY", "KH", "PH", "TH", "LA", "VN"))
    # KK Park lies in Myanmar, Mae Sot across the river in Thailand.
    assert index.at(98.557, 16.631) == "MM"
    assert index.at(98.56667, 16.71667) == "TH"
