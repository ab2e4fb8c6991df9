"""OGC API - Tiles: tile sets, grids, and the links to them."""

from __future__ import annotations

import itertools

import jsonschema
import pytest

from layers.catalog import layer_by_id
from layers.tile_matrix_sets import TILE_MATRIX_SETS, tile_matrix_set
from service.ogc.tiles import TILES_CONFORMANCE, dataset_tile_links, tile_links
from tests.service.asking import problem
from tests.vector_tiles import MVT, get_tile, read_tile, tile_at

TILED = ("hotspots", "reports", "control", "displacement")
GRIDS = pytest.mark.parametrize("grid", TILE_MATRIX_SETS, ids=lambda grid: grid.id)
LAYERS = pytest.mark.parametrize("layer", TILED)

LIMIT_SCHEMA = {
    "type": "object",
    "required": ["tileMatrix", "minTileRow", "maxTileRow", "minTileCol", "maxTileCol"],
    "properties": {
        "tileMatrix": {"type": "string"},
        **{
            name: {"type": "integer", "minimum": 0}
            for name in ("minTileRow", "maxTileRow", "minTileCol", "maxTileCol")
        },
    },
    "additionalProperties": False,
}
LINK_SCHEMA = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {"href": {"type": "string"}, "rel": {"type": "string"}},
}
# What OGC 17-083r4 asks of the metadata of a tile set, in our words.
TILESET_SCHEMA = {
    "type": "object",
    "required": ["title", "dataType", "crs", "tileMatrixSetURI", "links", "layers"],
    "properties": {
        "dataType": {"enum": ["map", "vector", "coverage"]},
        "crs": {"type": "string", "format": "uri"},
        "accessConstraints": {
            "enum": ["unclassified", "restricted", "confidential", "secret", "topSecret"]
        },
        "mediaTypes": {"type": "array", "items": {"type": "string"}},
        "tileMatrixSetLimits": {"type": "array", "items": LIMIT_SCHEMA},
        "boundingBox": {
            "type": "object",
            "required": ["lowerLeft", "upperRight"],
            "properties": {
                corner: {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}
                for corner in ("lowerLeft", "upperRight")
            },
        },
        "links": {"type": "array", "items": LINK_SCHEMA},
        "layers": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "dataType", "propertiesSchema", "links"],
                "properties": {
                    "dataType": {"const": "vector"},
                    "geometryDimension": {"type": "integer", "minimum": 0, "maximum": 3},
                    "links": {"type": "array", "minItems": 1, "items": LINK_SCHEMA},
                    "propertiesSchema": {
                        "type": "object",
                        "required": ["type", "properties"],
                        "properties": {"type": {"const": "object"}},
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("home", ["/ogc", *(f"/ogc/collections/{layer}" for layer in TILED)])
def test_tile_sets_are_listed_and_described(client, home):
    listed = client.get(f"{home}/tiles").json()
    assert [one["crs"] for one in listed["tilesets"]] == [grid.crs for grid in TILE_MATRIX_SETS]
    for one in listed["tilesets"]:
        assert one["dataType"] == "vector"
        links = {link["rel"]: link for link in one["links"]}
        scheme = links["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"]
        grid = client.get(scheme["href"]).json()
        assert grid["uri"] == one["tileMatrixSetURI"]
        described = client.get(links["self"]["href"]).json()
        for name in ("title", "crs", "tileMatrixSetURI", "dataType"):
            assert described[name] == one[name]
        jsonschema.validate(described, TILESET_SCHEMA)
        template = next(link for link in described["links"] if link["rel"] == "item")
        assert template["templated"] is True
        assert template["type"] == MVT
        limit = described["tileMatrixSetLimits"][5]
        href = (
            template["href"]
            .replace("{tileMatrix}", limit["tileMatrix"])
            .replace("{tileRow}", str(limit["minTileRow"]))
            .replace("{tileCol}", str(limit["minTileCol"]))
        )
        assert client.get(href).status_code == 200


@GRIDS
@LAYERS
def test_attributes_of_tiles_are_those_that_the_tile_set_describes(client, grid, layer):
    described = client.get(f"/ogc/collections/{layer}/tiles/{grid.id}").json()["layers"][0]
    told = described["propertiesSchema"]["properties"]
    for matrix in (grid.counts_to, grid.counts_to + 1):
        found = get_tile(client, layer, grid, tile_at(grid, matrix, 98.52, 16.68))[layer]
        names = set(itertools.chain(*(attributes for attributes, _ in found)))
        wrong_scale = f"tileMatrix 0 to {grid.counts_to}"
        if matrix == grid.counts_to:
            wrong_scale = f"from tileMatrix {grid.counts_to + 1}"
        for name in names:
            assert wrong_scale not in told[name]["description"]
        for attributes, _ in found:
            jsonschema.validate(attributes, {"type": "object", "properties": told})


@GRIDS
def test_a_grid_is_described_by_its_document(client, grid):
    document = client.get(f"/ogc/tileMatrixSets/{grid.id}").json()
    links = document.pop("links")
    assert document == tile_matrix_set(grid.id).document()
    assert links[0]["rel"] == "self"
    listed = client.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == [grid.id for grid in TILE_MATRIX_SETS]


@pytest.mark.parametrize(
    "path",
    ["tiles", "tiles/WebMercatorQuad", "collections/reports/tiles", "tileMatrixSets",
     "collections/reports/tiles/WorldCRS84Quad", "tileMatrixSets/WebMercatorQuad"],
)  # fmt: skip
def test_tile_sets_and_grids_are_pages_too(client, path):
    page = client.get(f"/ogc/{path}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert problem(client, f"/ogc/{path}?nonsense=1", 400)["parameter"] == "nonsense"
    assert problem(client, f"/ogc/{path}?f=xml", 400)["parameter"] == "f"


@pytest.mark.parametrize("home", ["/ogc", "/ogc/collections/reports"])
def test_a_tile_set_of_web_mercator_is_given_as_tilejson(client, home):
    document = client.get(f"{home}/tiles/WebMercatorQuad?f=tilejson").json()
    assert document["tilejson"] == "3.0.0"
    url = document["tiles"][0].replace("{z}", "6").replace("{y}", "28").replace("{x}", "49")
    found = read_tile(client.get(url).content)
    fields = {layer["id"]: set(layer["fields"]) for layer in document["vector_layers"]}
    for layer, rows in found.items():
        assert all(set(attributes) <= fields[layer] for attributes, _ in rows)
    west, south, east, north = document["bounds"]
    assert west < 98.52 < east
    assert south < 16.68 < north
    assert problem(client, f"{home}/tiles/WorldCRS84Quad?f=tilejson", 400)["parameter"] == "f"


def test_links_of_a_collection_and_of_the_landing_page_lead_to_tile_sets(client, site_url):
    found = [*tile_links(site_url, layer_by_id("reports")), *dataset_tile_links(site_url)]
    assert [link["rel"] for link in found if link["type"] == "application/json"] == [
        "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
        "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
        "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
    ]
    for link in found:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(link["type"])
    assert tile_links(site_url, layer_by_id("actors")) == []
    assert len(set(TILES_CONFORMANCE)) == len(TILES_CONFORMANCE)
