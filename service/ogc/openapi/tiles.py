"""The paths of vector tiles. Each grid has paths of its own, since their matrices differ."""

from __future__ import annotations

from collections.abc import Iterator

from layers.catalog import Layer
from layers.schemas import Schema
from layers.tile_matrix_sets import TILE_MATRIX_SETS, WEB_MERCATOR_QUAD, TileMatrixSet
from layers.tiles import TILED_LAYERS
from service.api.negotiation import RESOURCE_MEDIA
from service.api.parameters import TILE_PARAMETERS
from service.light.tiles import DATASET_TILE_PARAMETERS, MVT
from service.ogc.addresses import COLLECTIONS, ROOT
from service.ogc.openapi.operation import Operation, document
from service.ogc.openapi.parameters import (
    TILE_COL,
    TILE_MATRIX,
    TILE_ROW,
    format_parameter,
    matrix_key,
    parameter_refs,
)
from service.ogc.openapi.responses import NOT_ACCEPTABLE, UNCHANGED, responses
from service.ogc.tiles import GRIDS, TILE_JSON

TAG = "Tiles"


def tile_operations() -> Iterator[Operation]:
    """Grids, tile sets and tiles, of each layer and of all at once."""
    yield document(GRIDS, "getTileMatrixSetsList", "The grids", "TileMatrixSets", tag=TAG)
    for grid in TILE_MATRIX_SETS:
        name, summary = f"{grid.id}.getTileMatrixSet", f"The grid {grid.id}"
        yield document(f"{GRIDS}/{grid.id}", name, summary, "TileMatrixSet", tag=TAG)
    for layer in (None, *TILED_LAYERS):
        yield from _of(layer)


def _of(layer: Layer | None) -> Iterator[Operation]:
    """layer: None for all at once. The ends of the names are those of OGC 20-057, table 11."""
    here = f"{COLLECTIONS}/{layer.id}/tiles" if layer else f"{ROOT}/tiles"
    name = f"{layer.id}.collection.vector" if layer else "dataset.vector"
    title = layer.title.lower() if layer else "all layers"
    summary = f"Tile sets of {title}"
    yield document(here, f"{name}.getTileSetsList", summary, "TileSets", tag=TAG)
    for grid in TILE_MATRIX_SETS:
        web = grid is WEB_MERCATOR_QUAD
        yield document(
            f"{here}/{grid.id}",
            f"{grid.id}.{name}.getTileSet",
            f"The tile set of {title} on {grid.id}",
            "TileSet",
            tag=TAG,
            offered=(*RESOURCE_MEDIA, TILE_JSON) if web else RESOURCE_MEDIA,
        )
        yield _tile(layer, grid, here, f"{grid.id}.{name}.getTile", f"A tile of {title}")


def _tile(
    layer: Layer | None, grid: TileMatrixSet, here: str, name: str, summary: str
) -> Operation:
    names = TILE_PARAMETERS if layer else DATASET_TILE_PARAMETERS
    tile: Schema = {MVT.media_type: {"type": "string", "format": "binary"}}
    return Operation(
        f"{here}/{grid.id}/{{{TILE_MATRIX}}}/{{{TILE_ROW}}}/{{{TILE_COL}}}",
        name,
        TAG,
        f"{summary} on {grid.id}",
        responses(summary, tile, UNCHANGED, NOT_ACCEPTABLE, 404, headers=("ETag",)),
        (
            *parameter_refs([matrix_key(grid), TILE_ROW, TILE_COL]),
            *parameter_refs((n for n in names if n != "f"), layer, queryables=True),
            format_parameter((MVT,)),
        ),
    )
