"""JSON Schemas of the layers: what features hold, and what filters may ask of.

`feature_schema` and `queryables_schema` are logical schemas as OGC API - Features Parts 5 and 3
want them (draft 23-058r2, 19-079r2): properties flat, geometry among them, code lists inline with
their meanings, and null told by `required`. `geojson_schema` is for checking a feature as sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.entities import SLUG, SLUG_LENGTH
from geo.vocabulary import Code
from layers.catalog import LAYERS, Layer, TimeSemantics
from layers.columns import BOUNDS, Column, ColumnType
from layers.cql2 import Kind
from layers.queryables import CERTAIN, GEOMETRY, queryable_kinds

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Mapping[ColumnType, Schema] = {
    ColumnType.STRING: {"type": "string"},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    # Sources have addresses in their own scripts, which a `uri` may not hold.
    ColumnType.URI: {"type": "string", "format": "iri"},
    ColumnType.STRINGS: {"type": "array", "items": {"type": "string"}},
}
# Two days, ".." for an open end (Part 5, requirement /req/schemas/properties).
_INTERVAL: Schema = {
    "type": "array",
    "format": "interval-array",
    "items": {"type": "string"},
    "minItems": 2,
    "maxItems": 2,
}
_POSSIBLY = "The days on which it may hold, as an interval for temporal functions (T_INTERSECTS …)"
_CERTAINLY = "The days on which it certainly holds, as an interval; null where no day is certain"


def feature_schema(layer: Layer, url: str) -> Schema:
    """What the features of a layer hold. url: the schema's own address, without a query."""
    properties = {column.name: _property(layer, column) for column in layer.columns}
    if layer.geometry:
        properties[GEOMETRY] = _geometry(layer)
    return _schema(layer, url, properties) | {
        "required": [column.name for column in layer.columns if column.required],
    }


def queryables_schema(layer: Layer, url: str) -> Schema:
    """What a filter may ask of the features of a layer. url: as for feature_schema."""
    columns = {column.name: column for column in layer.columns}
    properties = {}
    for name, kind in queryable_kinds(layer).items():
        if kind is Kind.GEOMETRY:
            properties[name] = _geometry(layer)
        elif kind is Kind.INTERVAL:
            meaning = _CERTAINLY if name == CERTAIN else _POSSIBLY
            properties[name] = {"title": _title(name), "description": meaning, **_INTERVAL}
        else:
            properties[name] = _property(layer, columns[name])
    return _schema(layer, url, properties)


def geojson_schema(layer: Layer) -> Schema:
    """A schema that a whole feature as GeoJSON, all its properties shown, is checked against."""
    return {
        "title": f"One feature of {layer.title}",
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "const": "Feature"},
            "id": {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH},
            "geometry": _geojson_geometry(layer),
            "properties": _object(layer.columns),
            "links": {"type": "array", "items": {"type": "object"}},
        },
        "additionalProperties": False,
    }


def column_schema(column: Column) -> Schema:
    """Type, format and codes of what a column holds, its nulls apart."""
    if column.kind is ColumnType.OBJECTS:
        return {"type": "array", "items": _object(column.fields)}
    typed = dict(_TYPES[column.kind])
    if column.codes:
        typed["oneOf"] = [_code(column, code) for code in column.codes]
    return typed


def _schema(layer: Layer, url: str, properties: Schema) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": url,
        "title": layer.title,
        "description": layer.description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _property(layer: Layer, column: Column) -> Schema:
    return _described(column) | column_schema(column) | _role(layer, column)


def _described(column: Column) -> Schema:
    described = {"title": _title(column.name), "description": column.description}
    return described | ({"x-ogc-unit": column.unit} if column.unit else {})


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _code(column: Column, code: Code) -> Schema:
    value = int(code) if column.kind is ColumnType.INTEGER else str(code)
    return {"const": value, "title": code.meaning}


def _role(layer: Layer, column: Column) -> Schema:
    """What a property is to the feature: its id, its time, or the id of another feature."""
    if column == layer.columns[0]:
        return {"x-ogc-role": "id"}
    if layer.time is TimeSemantics.STATE and column.name == "datetime":
        return {"x-ogc-role": "primary-instant"}
    if column == BOUNDS[0]:
        return {"x-ogc-role": "primary-interval-start"}
    if column == BOUNDS[1]:
        return {"x-ogc-role": "primary-interval-end"}
    for other in LAYERS:
        if f"_{column.name}".endswith(f"_{other.columns[0].name}"):
            return {"x-ogc-role": "reference", "x-ogc-collectionId": other.id}
    return {}


def _geometry(layer: Layer) -> Schema:
    kind = "any" if layer.geometry == "Geometry" else str(layer.geometry).lower()
    return {
        "title": _title(GEOMETRY),
        "format": f"geometry-{kind}",
        "x-ogc-role": "primary-geometry",
    }


def _object(columns: tuple[Column, ...]) -> Schema:
    """An object with all of these, null where they may be."""
    properties = {}
    for column in columns:
        value = _described(column) | column_schema(column)
        properties[column.name] = value if column.required else _or_null(value)
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _or_null(value: Schema) -> Schema:
    nullable = value | {"type": [value["type"], "null"]}
    if "oneOf" in value:
        nullable["oneOf"] = [*value["oneOf"], {"const": None, "title": "not known"}]
    return nullable


def _shape(kind: str, coordinates: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {"type": {"type": "string", "const": kind}, "coordinates": coordinates},
        "additionalProperties": False,
    }


def _geojson_geometry(layer: Layer) -> Schema:
    if layer.geometry is None:
        return {"type": "null"}
    position = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    point = _shape("Point", position)
    if layer.geometry == "Point":
        return point
    positions = {"type": "array", "items": position, "minItems": 2}
    return {"oneOf": [point, _shape("LineString", positions)]}
