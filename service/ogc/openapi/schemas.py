"""The schemas of what comes back, in the dialect of OpenAPI 3.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalog import LAYERS, Layer
from layers.schemas import Schema, geojson_schema


def as_openapi(schema: Mapping[str, Any]) -> Schema:
    """A schema of layers.schemas in OpenAPI 3.0, which knows no `const` and no type `null`."""
    converted = {key: _converted(value) for key, value in schema.items()}
    codes = converted.get("oneOf")
    if codes and all("enum" in code for code in codes):
        del converted["oneOf"]
        converted["enum"] = [value for code in codes for value in code["enum"]]
        meanings = [f"{c['enum'][0]} = {c['title']}" for c in codes if c["enum"] != [None]]
        converted["description"] = f"{converted.get('description', '')}: {'; '.join(meanings)}"
    if "const" in converted:
        converted["enum"] = [converted.pop("const")]
    if converted.get("type") == "null":
        converted |= {"type": "object", "maxProperties": 0, "nullable": True}
    elif isinstance(converted.get("type"), list):
        converted |= {"type": converted["type"][0], "nullable": True}
    return converted


def _converted(value: Any) -> Any:
    if isinstance(value, dict):
        return as_openapi(value)
    return [_converted(part) for part in value] if isinstance(value, list) else value


def ref(name: str) -> Schema:
    """A reference to one of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def feature_name(layer: Layer) -> str:
    """The name of the schema of one feature of the layer."""
    return f"{layer.id}.feature"


def features_name(layer: Layer) -> str:
    """The name of the schema of a page of features of the layer."""
    return f"{layer.id}.features"


def file_name(layer: Layer) -> str:
    """The name of the schema of a whole layer as a GeoJSON file."""
    return f"{layer.id}.file"


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "required": list(required or properties), "properties": properties}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_LINKS = _list(ref("Link"))
_DAY_TIME: Schema = {"type": "string", "format": "date-time"}
_TILED = {
    "title": _TEXT,
    "dataType": {"type": "string", "enum": ["vector"]},
    "crs": {"type": "string", "format": "uri"},
    "tileMatrixSetURI": {"type": "string", "format": "uri"},
    "links": _LINKS,
}


def _feature(layer: Layer) -> Schema:
    """One feature; the parameter `properties` may leave out all but the first of its properties."""
    feature = as_openapi(geojson_schema(layer))
    feature["properties"]["properties"]["required"] = [layer.column_names[0]]
    feature["properties"]["links"] = _LINKS
    return feature


def _features(layer: Layer) -> Schema:
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "timeStamp": _DAY_TIME,
            "numberMatched": _WHOLE,
            "numberReturned": _WHOLE,
            "links": _LINKS,
            "features": _list(ref(feature_name(layer))),
        },
        *("type", "timeStamp", "numberReturned", "links", "features"),
    )


def _file(layer: Layer) -> Schema:
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "name": _TEXT,
            "features": _list(ref(feature_name(layer))),
        }
    )


SCHEMAS: Schema = {
    "Link": _object(dict.fromkeys(("href", "rel", "type", "title"), _TEXT), "href", "rel"),
    "Problem": {
        "description": "What went wrong (RFC 9457); `parameter` names the parameter at fault",
        **_object(
            {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": _TEXT,
                "parameter": _TEXT,
            },
            *("type", "title", "status", "detail"),
        ),
    },
    "LandingPage": _object(
        {"title": _TEXT, "description": _TEXT, "attribution": _TEXT, "links": _LINKS}
    ),
    "Conformance": _object({"conformsTo": _list({"type": "string", "format": "uri"})}),
    "Collections": _object({"links": _LINKS, "collections": _list(ref("Collection"))}),
    "Collection": _object(
        {
            "id": {"type": "string", "enum": [layer.id for layer in LAYERS]},
            "title": _TEXT,
            "description": _TEXT,
            "attribution": _TEXT,
            "extent": ref("Extent"),
            "itemType": {"type": "string", "enum": ["feature", "record"]},
            "crs": _list({"type": "string", "format": "uri"}),
            "storageCrs": {"type": "string", "format": "uri"},
            "links": _LINKS,
        },
        *("id", "title", "description", "itemType", "links"),
    ),
    "Extent": {
        "type": "object",
        "properties": {
            "spatial": _object({"bbox": _list(_list({"type": "number"})), "crs": _TEXT}),
            "temporal": _object(
                {"interval": _list(_list(_DAY_TIME | {"nullable": True})), "trs": _TEXT}
            ),
        },
    },
    "JsonSchema": _object(
        {
            "$schema": {"type": "string", "format": "uri"},
            "$id": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "description": _TEXT,
            "type": {"type": "string", "enum": ["object"]},
            "properties": {"type": "object"},
            "additionalProperties": {"type": "boolean"},
        }
    ),
    "OpenApi": _object(
        {"openapi": _TEXT, "info": {"type": "object"}, "paths": {"type": "object"}},
    ),
    "TileSets": _object({"links": _LINKS, "tilesets": _list(_object(_TILED))}, "tilesets"),
    "TileSet": _object(_TILED, "dataType", "crs", "tileMatrixSetURI", "links"),
    "TileMatrixSets": _object({"tileMatrixSets": _list(_object({"id": _TEXT, "links": _LINKS}))}),
    "TileMatrixSet": _object(
        {"id": _TEXT, "crs": _TEXT, "tileMatrices": _list({"type": "object"})},
        *("id", "crs", "tileMatrices"),
    ),
    "Alive": _object({"status": {"type": "string", "enum": ["alive"]}}),
    "Ready": _object(
        {
            "status": {"type": "string", "enum": ["ready"]},
            "as_of": {"type": "string", "format": "date"},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        }
    ),
    **{feature_name(layer): _feature(layer) for layer in LAYERS},
    **{features_name(layer): _features(layer) for layer in LAYERS},
    **{file_name(layer): _file(layer) for layer in LAYERS},
}
