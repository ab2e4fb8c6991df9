"""The parameters: their limits and choices as the service reads them, their meaning in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.entities import SLUG, SLUG_LENGTH
from geo.vocabulary import Certainty
from layers.catalog import LAYERS, Layer
from layers.columns import Column, ColumnType
from layers.cql2 import FilterLang
from layers.cql2.limits import MAX_CHARACTERS
from layers.cql2.values import MAX_WHOLE
from layers.crs import CRS84
from layers.filters import DEFAULT_LIMIT, MAX_LIMIT
from layers.formats import FORMATS
from layers.schemas import Schema, column_schema
from layers.selection import MAX_SORT_KEYS, sortable_names
from layers.tile_matrix_sets import TILE_MATRIX_SETS, TileMatrixSet
from layers.tiles import TILED_LAYERS
from service.api.negotiation import Media
from service.api.parameters import queryable_parameters
from service.ogc.openapi.schemas import as_openapi
from web.parameters import parameter_named

FEATURE_ID = "featureId"
EXTENSION = "extension"
TILE_MATRIX, TILE_ROW, TILE_COL = "tileMatrix", "tileRow", "tileCol"
_TEXTS = (ColumnType.STRING, ColumnType.URI, ColumnType.STRINGS)
# No text of the database holds this character, and an address may.
_STORABLE = r"^[^\u0000]*$"
# These differ from layer to layer.
_OF_LAYER = ("filter", "sortby", "properties")


def parameter_refs(
    names: Iterable[str], layer: Layer | None = None, *, queryables: bool = False
) -> list[Schema]:
    """References to those parameters as a layer has them, and to one for each queryable."""
    keys = [_key(name, layer) if name in _OF_LAYER else name for name in names]
    if queryables and layer is not None:
        keys += [_key(name, layer) for name in queryable_parameters(layer)]
    return [{"$ref": f"#/components/parameters/{key}"} for key in keys]


def _key(name: str, layer: Layer | None) -> str:
    return f"{layer.id}.{name}" if layer else name


def matrix_key(grid: TileMatrixSet) -> str:
    """What the parameter `tileMatrix` of a grid is called among the components."""
    return f"{grid.id}.{TILE_MATRIX}"


def format_parameter(offered: Sequence[Media]) -> Schema:
    """`f`, which chooses one of these."""
    return _query("f", {"type": "string", "enum": [media.id for media in offered]})


def parameter_components(crs: Sequence[str]) -> dict[str, Schema]:
    """All but `f`. crs: the systems that are served, the default first."""
    components = {name: _query(name, schema) for name, schema in _shared(crs).items()}
    for layer in LAYERS:
        for name, schema in _of_layer(layer).items():
            components[_key(name, layer)] = _query(name, schema)
        columns = {column.name: column for column in layer.columns}
        for name in queryable_parameters(layer):
            components[_key(name, layer)] = _queryable(columns[name])
    return components | _in_path()


def _shared(crs: Sequence[str]) -> dict[str, Schema]:
    system = {"type": "string", "format": "uri", "enum": list(crs), "default": CRS84.uri}
    numbers = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    return {
        "bbox": numbers,
        "bbox-crs": system,
        "datetime": {"type": "string"},
        "certainty": _choice(Certainty, Certainty.POSSIBLE),
        "filter-lang": _choice(FilterLang, FilterLang.TEXT),
        "filter-crs": system,
        "crs": system,
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
        "token": {"type": "string"},
        "collections": _names(layer.id for layer in TILED_LAYERS)
        | {"description": "The layers that the tile holds; all of them if not said"},
    }


def _choice(of: Iterable[str], default: str) -> Schema:
    return {"type": "string", "enum": [str(choice) for choice in of], "default": str(default)}


def _of_layer(layer: Layer) -> dict[str, Schema]:
    """With an example that the layer can answer."""
    keys = [sign + name for name in sortable_names(layer) for sign in ("", "-")]
    coded = next(column for column in layer.columns if column.codes)
    code = next(iter(coded.codes or ()))
    return {
        "filter": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_CHARACTERS,
            "example": f"{coded.name} = '{code}'",
        },
        "sortby": _names(keys) | {"maxItems": MAX_SORT_KEYS, "example": [f"-{coded.name}"]},
        "properties": _names(layer.column_names) | {"example": [coded.name]},
    }


def _names(choices: Iterable[str]) -> Schema:
    items = {"type": "string", "enum": list(choices)}
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}


def _query(name: str, schema: Schema) -> Schema:
    known = parameter_named(name)
    described: Schema = {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }
    if known is not None:
        described["description"] = known.meaning[0].upper() + known.meaning[1:]
        if known.example and not {"enum", "example"} & set(schema):
            described["example"] = _example(schema, known.example)
    return described


def _example(schema: Mapping[str, Any], text: str) -> Any:
    if schema["type"] == "array":
        return [_example(schema["items"], part) for part in text.split(",")]
    return {"integer": int, "number": float}.get(schema["type"], str)(text)


def _queryable(column: Column) -> Schema:
    """Features with that value; of a list of texts, those that hold it."""
    schema = as_openapi(column_schema(column) | {"description": column.description})
    description = schema.pop("description")
    if column.kind is ColumnType.INTEGER and not column.codes:
        schema |= {"minimum": -MAX_WHOLE, "maximum": MAX_WHOLE}
    elif column.kind in _TEXTS and not column.codes:
        schema = {"type": "string", "pattern": _STORABLE}
    return _query(column.name, schema) | {"description": f"Only features with this: {description}"}


def _in_path() -> dict[str, Schema]:
    place = {"type": "integer", "minimum": 0}
    slug = {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH}
    endings = {"type": "string", "enum": [fmt.extension for fmt in FORMATS]}
    formats = "; ".join(f"{fmt.extension} = {fmt.title}" for fmt in FORMATS)
    components = {
        FEATURE_ID: _path(FEATURE_ID, slug, "The id of a feature"),
        EXTENSION: _path(EXTENSION, endings, f"The format: {formats}"),
        TILE_ROW: _path(TILE_ROW, place, "The row of the tile, counted from the north"),
        TILE_COL: _path(TILE_COL, place, "The column of the tile, counted from the west"),
    }
    for grid in TILE_MATRIX_SETS:
        matrices = {"type": "string", "enum": [str(number) for number in range(grid.matrices)]}
        components[matrix_key(grid)] = _path(TILE_MATRIX, matrices, "The matrix, or zoom level")
    return components


def _path(name: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }
