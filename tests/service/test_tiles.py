"""OGC API - Tiles: the tiles of a running service hold what its items do."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pyogrio
import pytest
from pyproj import Transformer

from benchmarks import synthetic
from geo.store.database import scratch_database
from layers.catalog import layer_by_id
from layers.tile_matrix_sets import (
    TILE_MATRIX_SETS,
    WEB_MERCATOR_QUAD,
    Tile,
    TileMatrixSet,
)
from layers.tiles import MAX_FEATURES
from tests.conftest import RunningService
from tests.service.asking import features, problem
from tests.vector_tiles import MVT, address, get_tile, lies_in_tile, placed, read_tile, tile_at

TILED = ("hotspots", "reports", "control", "displacement")
GRIDS = pytest.mark.parametrize("grid", TILE_MATRIX_SETS, ids=lambda grid: grid.id)
LAYERS = pytest.mark.parametrize("layer", TILED)
SITES_WITH_CLAIMS = pytest.mark.parametrize(
    ("layer", "number"), [("reports", "reports_count"), ("control", "control_count")]
)
_TO_METRES = Transformer.from_crs(4326, 3857, always_xy=True)


def limits(client: httpx.Client, layer: str | None, grid: TileMatrixSet) -> dict[int, list[Tile]]:
    """Every tile that is advertised, by matrix."""
    home = f"/ogc/collections/{layer}" if layer else "/ogc"
    told = client.get(f"{home}/tiles/{grid.id}").json()["tileMatrixSetLimits"]
    return {
        int(one["tileMatrix"]): [
            Tile(int(one["tileMatrix"]), row, column)
            for row in range(one["minTileRow"], one["maxTileRow"] + 1)
            for column in range(one["minTileCol"], one["maxTileCol"] + 1)
        ]
        for one in told
        if int(one["tileMatrix"]) <= 8
    }


def own_points(client: httpx.Client, layer: str, grid: TileMatrixSet, matrix: int, **params):
    """Attributes and places of all points of a matrix, each from the tile that it lies in."""
    for tile in limits(client, layer, grid)[matrix]:
        for attributes, point in get_tile(client, layer, grid, tile, **params).get(layer, []):
            if lies_in_tile(point):
                yield attributes, placed(grid, tile, point)


@pytest.fixture(scope="module")
def places(client) -> dict[str, tuple[float, float]]:
    """The point of each site, from items."""
    found = {}
    url = "/ogc/collections/hotspots/items?limit=1000"
    for feature in client.get(url).json()["features"]:
        found[feature["id"]] = tuple(feature["geometry"]["coordinates"])
    return found


def in_grid(grid: TileMatrixSet, lon: float, lat: float) -> tuple[float, float]:
    return _TO_METRES.transform(lon, lat) if grid.srid == 3857 else (lon, lat)


@GRIDS
@LAYERS
def test_every_tile_of_the_advertised_limits_is_there(client, grid, layer):
    tiles = list(itertools.chain(*(limits(client, layer, grid)[m] for m in (0, 1, 4, 6))))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda tile: client.get(address(layer, grid, tile)), tiles))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {MVT}
    assert any(len(answer.content) == 0 for answer in answers), "an empty tile is a tile"
    assert any(len(answer.content) > 1000 for answer in answers)


@pytest.mark.parametrize("layer", ["reports", "control", "hotspots"])
def test_each_item_is_in_the_tile_of_its_place_and_in_no_other(client, layer, places):
    items = features(client, layer)
    grid, key = WEB_MERCATOR_QUAD, layer_by_id(layer).column_names[0]
    tiles = {tile_at(grid, 14, *place) for place in places.values()}
    found: Counter[str] = Counter()
    for tile in tiles:
        for attributes, point in get_tile(client, layer, grid, tile).get(layer, []):
            if lies_in_tile(point):
                found[attributes[key]] += 1
                lon, lat = places[attributes["site_id"]]
                pixel = grid.tile_size / (1 << 14) / 4096
                assert placed(grid, tile, point) == pytest.approx(
                    in_grid(grid, lon, lat), abs=pixel
                )
    assert found == Counter(items.keys())


@GRIDS
def test_a_point_lies_within_a_pixel_of_its_item(client, grid, places):
    seen = 0
    pixel = grid.tile_size / (1 << 6) / 4096
    for attributes, place in own_points(client, "hotspots", grid, 6):
        expected = in_grid(grid, *places[attributes["site_id"]])
        assert place == pytest.approx(expected, abs=pixel)
        seen += 1
    assert seen == len(places)


@SITES_WITH_CLAIMS
@GRIDS
def test_numbers_at_small_scales_are_those_of_items(client, grid, layer, number):
    expected = Counter(item["site_id"] for item in features(client, layer).values())
    for matrix in (0, 5):
        found = {a["site_id"]: a[number] for a, _ in own_points(client, layer, grid, matrix)}
        assert found == expected


@pytest.mark.parametrize(
    "asked",
    [{"datetime": "2025-01-01/2025-03-31"},
     {"datetime": "2025-01-01/2025-03-31", "certainty": "certain"},
     {"filter": "credibility <= 2 AND reliability = 'B'"},
     {"filter": "S_INTERSECTS(geometry, BBOX(98, 16, 99, 17))"},
     {"country": "KH"},
     {"datetime": "../2024-12-31", "filter": "precision_m < 5000", "reliability": "B"}],
)  # fmt: skip
@SITES_WITH_CLAIMS
def test_numbers_of_a_selection_are_those_of_items(client, layer, number, asked):
    expected = Counter(item["site_id"] for item in features(client, layer, **asked).values())
    points = own_points(client, layer, WEB_MERCATOR_QUAD, 3, **asked)
    assert {a["site_id"]: a[number] for a, _ in points} == expected
    answer = client.get(f"/ogc/collections/{layer}/items", params=asked).json()
    assert answer["numberMatched"] == expected.total()


@pytest.mark.parametrize("asked", [{}, {"datetime": "2024-01-01/2024-12-31"}])
def test_flows_are_counted_by_pairs_of_sites(client, asked):
    items = features(client, "displacement", **asked).values()
    expected = Counter((item["from_site_id"], item["to_site_id"]) for item in items)
    tile = get_tile(client, "displacement", WEB_MERCATOR_QUAD, Tile(0, 0, 0), **asked)
    found = {
        (a.get("from_site_id"), a.get("to_site_id")): a["displacement_count"]
        for a, _ in tile["displacement"]
    }
    assert found == expected


def test_each_flow_is_in_the_tiles_of_its_ends(client):
    url = "/ogc/collections/displacement/items?limit=1000"
    for feature in client.get(url).json()["features"][:25]:
        shape = feature["geometry"]
        ends = shape["coordinates"] if shape["type"] == "LineString" else [shape["coordinates"]]
        for lon, lat in ends:
            tile = tile_at(WEB_MERCATOR_QUAD, 9, lon, lat)
            found = get_tile(client, "displacement", WEB_MERCATOR_QUAD, tile)["displacement"]
            shapes = [shape for a, shape in found if a["flow_id"] == feature["id"]]
            assert shapes, feature["id"]
            assert all(abs(c) < 4096 + 65 for c in itertools.chain(*shapes[0].coords))


@pytest.mark.parametrize("day", ["2021-06-01", "2025-03-10"])
@pytest.mark.parametrize("matrix", [3, 9])
def test_hotspots_show_the_state_of_the_day_asked_for(client, places, day, matrix):
    items = features(client, "hotspots", datetime=day)
    grid = WEB_MERCATOR_QUAD
    tile = tile_at(grid, matrix, 98.52, 16.68)
    west, south, east, north = grid.box(tile)
    there = {
        site_id
        for site_id in items
        for x, y in [in_grid(grid, *places[site_id])]
        if west <= x < east and south < y <= north
    }
    shown = {
        a["site_id"]: a
        for a, point in get_tile(client, "hotspots", grid, tile, datetime=day)["hotspots"]
        if lies_in_tile(point)
    }
    assert set(shown) == there
    for site_id, attributes in shown.items():
        item = items[site_id]
        same = ("activity", "contested", "disputed", "reports_count", "datetime")
        assert [attributes[name] for name in same] == [item[name] for name in same]
        if item["evidence"]:
            first = item["evidence"][0]
            assert attributes["source_id"] == first["source_id"]
            assert attributes["credibility"] == first["credibility"]


@pytest.mark.parametrize("layer", ["reports", "control", "displacement"])
def test_sources_travel_with_claims(client, layer):
    items = features(client, layer)
    tile = tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)
    found = get_tile(client, layer, WEB_MERCATOR_QUAD, tile)[layer]
    assert found
    key = layer_by_id(layer).column_names[0]
    for attributes, _ in found:
        item = items[attributes[key]]
        for name in ("source_id", "reliability", "credibility"):
            assert attributes[name] == item[name]


@LAYERS
def test_all_properties_can_be_asked_for(client, layer):
    items = features(client, layer)
    tile = tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)
    found = get_tile(client, layer, WEB_MERCATOR_QUAD, tile, properties="*")[layer]
    assert found
    key = layer_by_id(layer).column_names[0]
    for attributes, _ in found:
        item = items[attributes[key]]
        assert set(attributes) == {name for name, value in item.items() if value is not None}
        for name, value in attributes.items():
            if not isinstance(item[name], list):
                assert value == item[name], name


def test_chosen_properties_come_with_their_sources(client):
    tile = tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)
    found = get_tile(client, "reports", WEB_MERCATOR_QUAD, tile, properties="event_kind,country")
    names = set(itertools.chain(*(attributes for attributes, _ in found["reports"])))
    assert {"report_id", "event_kind", "country", "source_id", "source_title"} <= names
    assert not {"site_name", "activity_after", "people_min"} & names


@pytest.mark.parametrize("asked", [{"filter": "credibility = 1"}, {"datetime": "2025-03-01/.."}])
def test_features_of_a_selection_are_those_of_items(client, asked):
    items = features(client, "reports", **asked)
    tile = tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)
    found = get_tile(client, "reports", WEB_MERCATOR_QUAD, tile, **asked)["reports"]
    ids = {attributes["report_id"] for attributes, _ in found}
    everything = get_tile(client, "reports", WEB_MERCATOR_QUAD, tile)["reports"]
    assert ids == {a["report_id"] for a, _ in everything} & set(items)
    assert ids < {a["report_id"] for a, _ in everything}


@GRIDS
def test_a_tile_of_all_layers_is_those_of_each(client, grid):
    tile = tile_at(grid, 9, 98.52, 16.68)
    together = get_tile(client, None, grid, tile)
    assert set(together) == set(TILED)
    for layer in TILED:
        alone = get_tile(client, layer, grid, tile)[layer]
        assert sorted(map(repr, alone)) == sorted(map(repr, together[layer]))


def test_some_of_the_layers_can_be_chosen(client):
    tile = tile_at(WEB_MERCATOR_QUAD, 9, 98.52, 16.68)
    asked = {"collections": "reports,control", "datetime": "2025-01-01/.."}
    together = get_tile(client, None, WEB_MERCATOR_QUAD, tile, **asked)
    assert set(together) == {"reports", "control"}
    alone = get_tile(client, "reports", WEB_MERCATOR_QUAD, tile, datetime="2025-01-01/..")
    assert len(together["reports"]) == len(alone["reports"])


def test_a_point_at_an_edge_is_in_both_tiles_and_not_cut(client, places):
    """A symbol drawn around it reaches into the other tile."""
    near = [
        (site_id, tile_at(WEB_MERCATOR_QUAD, 14, lon, lat), lon, lat)
        for site_id, (lon, lat) in places.items()
    ]
    checked = 0
    for site_id, tile, lon, lat in near:
        west, _, east, _ = WEB_MERCATOR_QUAD.box(tile)
        part = (in_grid(WEB_MERCATOR_QUAD, lon, lat)[0] - west) / (east - west)
        if part > 63 / 64 or part < 1 / 64:
            other = Tile(14, tile.row, tile.column + (1 if part > 0.5 else -1))
            found = get_tile(client, "hotspots", WEB_MERCATOR_QUAD, other)["hotspots"]
            assert site_id in {attributes["site_id"] for attributes, _ in found}
            checked += 1
    assert checked


@pytest.fixture(scope="module")
def crowded_url(cluster) -> Iterator[str]:
    """A service whose only site has more reports than a tile shows one by one."""
    with scratch_database(cluster.url) as url:
        synthetic.load(url, sites=1, reports=MAX_FEATURES + 500)
        with RunningService(url) as service:
            yield service.url


@pytest.mark.parametrize(
    ("asked", "number"),
    [({}, MAX_FEATURES + 500), ({"properties": "*"}, MAX_FEATURES + 500),
     ({"datetime": "2010-01-01/.."}, MAX_FEATURES + 500), ({"filter": "credibility = 1"}, None)],
)  # fmt: skip
def test_a_tile_with_too_many_claims_shows_their_number(crowded_url, asked, number):
    with httpx.Client(base_url=crowded_url) as client:
        site = client.get("/ogc/collections/hotspots/items").json()["features"][0]
        tile = tile_at(WEB_MERCATOR_QUAD, 10, *site["geometry"]["coordinates"])
        found = get_tile(client, "reports", WEB_MERCATOR_QUAD, tile, **asked)["reports"]
        if number is None:
            url = "/ogc/collections/reports/items?limit=1"
            matched = client.get(url, params=asked).json()["numberMatched"]
            assert len({attributes["report_id"] for attributes, _ in found}) == matched > 1000
        else:
            assert [attributes["reports_count"] for attributes, _ in found] == [number]


@pytest.mark.parametrize(
    "path",
    ["reports/tiles/WebMercatorQuad/25/0/0", "reports/tiles/WebMercatorQuad/x/0/0",
     "reports/tiles/WebMercatorQuad/6/2147483647/2147483647",
     "reports/tiles/WebMercatorQuad/6/64/10", "reports/tiles/WorldCRS84Quad/6/64/10",
     "reports/tiles/WebMercatorQuad/6/0/0", "reports/tiles/WebMercatorQuad/-1/0/0",
     "reports/tiles/WebMercatorQuad/6/99999999999999999999/0",
     "reports/tiles/Unknown/6/28/49", "reports/tiles/Unknown", "nothing/tiles",
     "actors/tiles", "actors/tiles/WebMercatorQuad", "actors/tiles/WebMercatorQuad/0/0/0",
     "sources/tiles/WebMercatorQuad/0/0/0", "nothing/tiles/WebMercatorQuad/0/0/0"],
)  # fmt: skip
def test_what_is_not_there_is_404_and_says_so(client, path):
    assert problem(client, f"/ogc/collections/{path}", 404)["detail"]


def test_a_layer_without_places_says_that_it_has_no_tiles(client):
    detail = problem(client, "/ogc/collections/actors/tiles", 404)["detail"]
    assert "no place" in detail
    assert "reports" in detail


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("bbox=1,2,3,4", "bbox"), ("limit=5", "limit"), ("nonsense=1", "nonsense"),
     ("datetime=junk", "datetime"), ("certainty=perhaps", "certainty"),
     ("filter=1%20%2B", "filter"), ("filter=nothing=1", "filter"),
     ("filter-lang=sql&filter=1=1", "filter-lang"),
     ("properties=nothing", "properties"), ("f=png", "f"), ("f=mvt&f=mvt", "f"),
     ("credibility=high", "credibility"), ("crs=EPSG:4326", "crs")],
)  # fmt: skip
def test_parameters_that_cannot_be_answered_are_400_and_named(client, query, parameter):
    url = f"/ogc/collections/reports/tiles/WebMercatorQuad/6/28/49?{query}"
    assert problem(client, url, 400)["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("collections=reports,actors", "collections"), ("collections=", "collections"),
     ("filter=true", "filter"), ("properties=*", "properties")],
)  # fmt: skip
def test_a_tile_of_all_layers_takes_what_all_layers_have(client, query, parameter):
    assert problem(client, f"/ogc/tiles/WebMercatorQuad/6/28/49?{query}", 400)["parameter"] == (
        parameter
    )


def test_a_tile_is_no_page(client):
    url = address("reports", WEB_MERCATOR_QUAD, Tile(0, 0, 0))
    assert client.get(url, headers={"Accept": "text/html"}).status_code == 406
    assert client.get(url, headers={"Accept": "text/html, */*;q=0.5"}).status_code == 200


@pytest.mark.parametrize("query", ["", "?datetime=2025-03-10", "?properties=*"])
def test_a_tile_that_has_not_changed_is_304(client, query):
    url = address("reports", WEB_MERCATOR_QUAD, Tile(6, 28, 49)) + query
    first = client.get(url)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    again = client.get(url, headers={"If-None-Match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    other = address("reports", WEB_MERCATOR_QUAD, Tile(6, 28, 50))
    assert client.get(other, headers={"If-None-Match": etag}).status_code == 200


def test_head_gives_the_headers_of_a_tile(client):
    url = address("reports", WEB_MERCATOR_QUAD, Tile(6, 28, 49))
    got, asked = client.get(url), client.head(url)
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "cache-control", "vary"):
        assert asked.headers[name] == got.headers[name]


def test_without_a_cache_tiles_are_the_same(database_url, client):
    with RunningService(database_url, tile_cache_mb=0) as service:
        for tile in (Tile(0, 0, 0), Tile(6, 28, 49), tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)):
            url = address("reports", WEB_MERCATOR_QUAD, tile)
            fresh = [read_tile(httpx.get(service.url + url).content) for _ in range(2)]
            kept = read_tile(client.get(url).content)
            assert fresh[0] == fresh[1]
            assert sorted(map(repr, fresh[0]["reports"])) == sorted(map(repr, kept["reports"]))


def test_gdal_reads_a_tile_of_a_running_service_where_it_lies(client, site_url, places):
    """GDAL knows tiles of web Mercator; it is told which one it reads."""
    tile = tile_at(WEB_MERCATOR_QUAD, 10, 98.52, 16.68)
    url = f"{site_url}{address('reports', WEB_MERCATOR_QUAD, tile)}"
    frame = pyogrio.read_dataframe(
        f"MVT:/vsicurl?use_head=no&list_dir=no&url={quote(url, safe='')}", layer="reports",
        X=str(tile.column), Y=str(tile.row), Z="10", CLIP="NO",
    )  # fmt: skip
    assert frame.crs.to_epsg() == 3857
    assert len(frame) > 50
    for site_id, point in zip(frame.site_id, frame.geometry, strict=True):
        x, y = in_grid(WEB_MERCATOR_QUAD, *places[site_id])
        assert math.hypot(point.x - x, point.y - y) < 20
