"""OGC API - Tiles Part 1: tile sets, their metadata, and the grids; service.light has the tiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from layers.catalog import ATTRIBUTION, LICENSE_URL, Layer
from layers.columns import Column
from layers.crs import CRS84
from layers.encoders import Link
from layers.schemas import column_schema
from layers.tile_matrix_sets import (
    TILE_MATRIX_SETS,
    WEB_MERCATOR_QUAD,
    Box,
    TileMatrixSet,
    tile_matrix_set,
    union,
)
from layers.tiles import (
    MAX_FEATURES,
    MEDIA_TYPE,
    TILED_LAYERS,
    count_columns,
    feature_columns,
)
from service.api.negotiation import JSON, RESOURCE_MEDIA, SCHEMA, Media
from service.api.parameters import known_parameters
from service.extents import Extents
from service.light.tiles import tiled_layer
from service.ogc.addresses import COLLECTIONS, ROOT, base_of, link, own_links
from service.ogc.answers import answer, media_of
from web.resources import Kind

_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
_TMS = "http://www.opengis.net/spec/tms/2.0/conf/{name}"
TILES_CONFORMANCE = (
    *(
        _TILES.format(name=name)
        for name in (
            "core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "mvt",
            "oas30", "datetime",
        )
    ),
    *(
        _TMS.format(name=name)
        for name in (
            "tilematrixset", "tilematrixsetlimits", "tilesetmetadata", "json-tilematrixset",
            "json-tilematrixsetlimits", "json-tilesetmetadata",
        )
    ),
)  # fmt: skip
TILESETS_REL = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEMES_REL = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
SCHEME_REL = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
GEODATA_REL = "http://www.opengis.net/def/rel/ogc/1.0/geodata"
GRIDS = f"{ROOT}/tileMatrixSets"
TILE_JSON = Media("tilejson", "application/vnd.mapbox.tile+json", "TileJSON 3.0")
TITLE = "Scam Atlas: all layers with a place"
# Coordinates of that matrix are exact to a metre; clients magnify its tiles for larger scales.
_FINEST_NEEDED = 14

router = APIRouter(prefix=ROOT, tags=["Tiles"], dependencies=[known_parameters("f")])


def tile_links(base: str, layer: Layer) -> list[Link]:
    """Links of a collection to its tile sets; none for a layer without places."""
    return _tilesets_links(f"{base}{COLLECTIONS}/{layer.id}") if layer in TILED_LAYERS else []


def dataset_tile_links(base: str) -> list[Link]:
    """Links of the landing page to the tile sets of all layers, and to the grids."""
    return [
        *_tilesets_links(f"{base}{ROOT}"),
        link(f"{base}{GRIDS}", SCHEMES_REL, JSON.media_type, "The grids that tiles lie on"),
    ]


def _tilesets_links(here: str) -> list[Link]:
    return [link(f"{here}/tiles", TILESETS_REL, JSON.media_type, "Vector tiles")]


def tilesets(
    base: str, layer: Layer | None, boxes: dict[str, Box | None], own: list[Link]
) -> dict[str, Any]:
    """The tile sets of a layer, or (None) those of all layers at once. boxes: as for `tileset`."""
    box = _around(TILED_LAYERS if layer is None else (layer,), boxes)
    return {
        "title": f"Tile sets: {_title(layer)}",
        "links": own,
        "tilesets": [_summary(base, layer, grid, box) for grid in TILE_MATRIX_SETS],
    }


def _title(layer: Layer | None) -> str:
    return layer.title if layer else TITLE


def _home(base: str, layer: Layer | None, grid: TileMatrixSet) -> str:
    parent = f"{COLLECTIONS}/{layer.id}" if layer else ROOT
    return f"{base}{parent}/tiles/{grid.id}"


def _summary(
    base: str, layer: Layer | None, grid: TileMatrixSet, box: Box | None
) -> dict[str, Any]:
    here = _home(base, layer, grid)
    own = link(here, "self", JSON.media_type, "This tile set")
    links = [own, *_grid_links(base, here, grid)]
    return _identity(base, layer, grid) | _limits(grid, box) | {"links": links}


def _limits(grid: TileMatrixSet, box: Box | None) -> dict[str, Any]:
    if box is None:
        return {}
    return {"tileMatrixSetLimits": [limit.document() for limit in grid.limits(box)]}


def _identity(base: str, layer: Layer | None, grid: TileMatrixSet) -> dict[str, Any]:
    return {
        "title": f"{_title(layer)}, {grid.id}",
        "dataType": "vector",
        "crs": grid.crs,
        "tileMatrixSetId": grid.id,
        "tileMatrixSetURI": grid.uri,
        "tileMatrixSetDefinition": f"{base}{GRIDS}/{grid.id}",
    }


def _grid_links(base: str, here: str, grid: TileMatrixSet) -> list[Link | dict[str, Any]]:
    template = {
        "href": f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=mvt",
        "rel": "item",
        "type": MEDIA_TYPE,
        "title": "The tiles",
        "templated": True,
    }
    return [link(f"{base}{GRIDS}/{grid.id}", SCHEME_REL, JSON.media_type, grid.title), template]


def tileset(
    base: str,
    layer: Layer | None,
    grid: TileMatrixSet,
    boxes: dict[str, Box | None],
    own: list[Link],
) -> dict[str, Any]:
    """One tile set (OGC 17-083r4, tile set metadata). boxes: of the layers, in CRS84."""
    layers = TILED_LAYERS if layer is None else (layer,)
    here = _home(base, layer, grid)
    document = _identity(base, layer, grid) | {
        "description": _description(layer, grid),
        "license": LICENSE_URL,
        "accessConstraints": "unclassified",
        "mediaTypes": [MEDIA_TYPE],
    }
    box = _around(layers, boxes)
    if box is not None:
        document |= {"boundingBox": _bounding_box(box)} | _limits(grid, box)
    document["layers"] = [_layer(base, one, grid, boxes[one.id]) for one in layers]
    document["links"] = [
        *own,
        *_grid_links(base, here, grid),
        *(
            link(f"{base}{COLLECTIONS}/{one.id}", GEODATA_REL, JSON.media_type, one.title)
            for one in layers
        ),
    ]
    return document


def _around(layers: Sequence[Layer], boxes: dict[str, Box | None]) -> Box | None:
    return union([box for one in layers if (box := boxes[one.id]) is not None])


def _description(layer: Layer | None, grid: TileMatrixSet) -> str:
    rule = (
        f"Up to tileMatrix {grid.counts_to}, and wherever a tile would hold more than "
        f"{MAX_FEATURES:,} claims, a tile shows places with the number of claims on them; from "
        f"tileMatrix {grid.counts_to + 1} on, each claim. `properties=*` gives every property of "
        "the layer, `properties=a,b` those named; `datetime` and `filter` choose claims as they "
        "do for items."
    )
    return f"{layer.description} {rule}" if layer else rule


def _bounding_box(box: Box) -> dict[str, Any]:
    west, south, east, north = (round(degrees, 6) for degrees in box)
    return {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri}


def _layer(base: str, layer: Layer, grid: TileMatrixSet, box: Box | None) -> dict[str, Any]:
    here = f"{base}{COLLECTIONS}/{layer.id}"
    document: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title,
        "description": layer.description,
        "dataType": "vector",
        "attribution": ATTRIBUTION,
        "license": LICENSE_URL,
        "minTileMatrix": "0",
        "maxTileMatrix": str(grid.matrices - 1),
        "propertiesSchema": {"type": "object", "properties": _attributes(layer, grid)},
        "links": [
            link(here, GEODATA_REL, JSON.media_type, layer.title),
            link(f"{here}/schema", "describedby", SCHEMA.media_type, "Every property"),
        ],
    }
    if layer.geometry == "Point":
        document["geometryDimension"] = 0
    if box is not None:
        document["boundingBox"] = _bounding_box(box)
    return document


def _attributes(layer: Layer, grid: TileMatrixSet) -> dict[str, Any]:
    """Every attribute of tiles without `properties`, and at which scales it is there."""
    counts, features = count_columns(layer), feature_columns(layer)
    told = {}
    for column in dict.fromkeys((*features, *counts)):
        shown = [column.name in {c.name for c in columns} for columns in (counts, features)]
        told[column.name] = column_schema(column) | {
            "description": f"{column.description} ({_scales(grid, *shown)})"
        }
    return told


def _scales(grid: TileMatrixSet, small: bool, large: bool) -> str:
    if small and large:
        return "at all scales"
    return f"tileMatrix 0 to {grid.counts_to}" if small else f"from tileMatrix {grid.counts_to + 1}"


def tile_json(base: str, layer: Layer | None, boxes: dict[str, Box | None]) -> dict[str, Any]:
    """The tile set of web Mercator as TileJSON 3.0."""
    layers, grid = TILED_LAYERS if layer is None else (layer,), WEB_MERCATOR_QUAD
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": _title(layer),
        "description": _description(layer, grid),
        "attribution": ATTRIBUTION,
        "scheme": "xyz",
        "tiles": [f"{_home(base, layer, grid)}/{{z}}/{{y}}/{{x}}?f=mvt"],
        "minzoom": 0,
        "maxzoom": _FINEST_NEEDED,
        "vector_layers": [_vector_layer(one) for one in layers],
    }
    box = _around(layers, boxes)
    if box is not None:
        document["bounds"] = [round(degrees, 6) for degrees in box]
    return document


def _vector_layer(layer: Layer) -> dict[str, Any]:
    columns: Sequence[Column] = (*feature_columns(layer), *count_columns(layer))
    return {
        "id": layer.id,
        "description": layer.description,
        "minzoom": 0,
        "maxzoom": _FINEST_NEEDED,
        "fields": {column.name: column.description for column in columns},
    }


def tile_matrix_sets(base: str, own: list[Link]) -> dict[str, Any]:
    """The grids that are served."""
    return {
        "links": own,
        "tileMatrixSets": [
            {
                "id": grid.id,
                "title": grid.title,
                "uri": grid.uri,
                "crs": grid.crs,
                "links": [
                    link(f"{base}{GRIDS}/{grid.id}", "self", JSON.media_type, grid.title),
                ],
            }
            for grid in TILE_MATRIX_SETS
        ],
    }


def _tiled(layer_id: str) -> Layer:
    return tiled_layer(layer_id)


def _grid(tms_id: str) -> TileMatrixSet:
    return tile_matrix_set(tms_id)


def _extents(request: Request) -> Extents:
    extents: Extents = request.app.state.extents
    return extents


TiledDep = Annotated[Layer, Depends(_tiled)]
GridDep = Annotated[TileMatrixSet, Depends(_grid)]
ExtentsDep = Annotated[Extents, Depends(_extents)]


@router.get("/collections/{layer_id}/tiles", summary="Tile sets of a layer")
async def layer_tilesets(request: Request, layer: TiledDep, extents: ExtentsDep) -> Response:
    """One tile set for each grid."""
    return await _tilesets(request, layer, extents)


@router.get("/tiles", summary="Tile sets of all layers at once")
async def dataset_tilesets(request: Request, extents: ExtentsDep) -> Response:
    """One tile set for each grid."""
    return await _tilesets(request, None, extents)


async def _tilesets(request: Request, layer: Layer | None, extents: Extents) -> Response:
    media = media_of(request)
    own = own_links(request, media, RESOURCE_MEDIA)
    document = tilesets(base_of(request), layer, await _boxes(extents), own)
    return answer(request, media, Kind.TILESETS, document, layer)


async def _boxes(extents: Extents) -> dict[str, Box | None]:
    return {layer_id: extent.bbox for layer_id, extent in (await extents.all()).items()}


@router.get("/collections/{layer_id}/tiles/{tms_id}", summary="A tile set of a layer")
async def layer_tileset(
    request: Request, layer: TiledDep, grid: GridDep, extents: ExtentsDep
) -> Response:
    """Where the tiles are, and what they hold."""
    return await _tileset(request, layer, grid, extents)


@router.get("/tiles/{tms_id}", summary="A tile set of all layers at once")
async def dataset_tileset(request: Request, grid: GridDep, extents: ExtentsDep) -> Response:
    """Where the tiles are, and what they hold."""
    return await _tileset(request, None, grid, extents)


async def _tileset(
    request: Request, layer: Layer | None, grid: TileMatrixSet, extents: Extents
) -> Response:
    offered = (*RESOURCE_MEDIA, TILE_JSON) if grid is WEB_MERCATOR_QUAD else RESOURCE_MEDIA
    media = media_of(request, offered)
    boxes, base = await _boxes(extents), base_of(request)
    if media is TILE_JSON:
        return answer(request, media, Kind.TILESET, tile_json(base, layer, boxes), layer)
    own = own_links(request, media, offered)
    return answer(request, media, Kind.TILESET, tileset(base, layer, grid, boxes, own), layer)


@router.get("/tileMatrixSets", summary="The grids that tiles lie on")
async def grids(request: Request) -> Response:
    """The tile matrix sets that are served."""
    media = media_of(request)
    own = own_links(request, media, RESOURCE_MEDIA)
    return answer(request, media, Kind.TILE_MATRIX_SETS, tile_matrix_sets(base_of(request), own))


@router.get("/tileMatrixSets/{tms_id}", summary="One grid")
async def grid(request: Request, grid: GridDep) -> Response:
    """Its definition (OGC 17-083r4)."""
    media = media_of(request)
    own = own_links(request, media, RESOURCE_MEDIA)
    return answer(request, media, Kind.TILE_MATRIX_SET, grid.document() | {"links": own})
