"""GeoParquet 1.1 of a layer, typed by the catalogue; the same rows make the same bytes.

Geometry is WKB; no `crs` is written, which the specification defines as OGC:CRS84.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from layers.catalog import Layer
from layers.columns import Column, ColumnType

_ARROW = {
    ColumnType.STRING: pa.string(),
    ColumnType.URI: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.STRINGS: pa.list_(pa.string()),
}


def _arrow_type(column: Column) -> Any:
    if column.kind is ColumnType.OBJECTS:
        return pa.list_(pa.struct([(field.name, _arrow_type(field)) for field in column.fields]))
    return _ARROW[column.kind]


def _arrow_value(column: Column, value: Any) -> Any:
    """JSON has no dates: give the days of nested objects too as days."""
    if value is None:
        return None
    if column.kind is ColumnType.DATE:
        return date.fromisoformat(value)
    if column.kind is ColumnType.OBJECTS:
        return [
            {field.name: _arrow_value(field, row[field.name]) for field in column.fields}
            for row in value
        ]
    return value


def write_parquet(layer: Layer, features: Iterable[str], path: Path) -> None:
    """Write the layer's features, given as GeoJSON text, as one GeoParquet file."""
    rows = [json.loads(feature) for feature in features]
    columns = {
        column.name: pa.array(
            [_arrow_value(column, row["properties"][column.name]) for row in rows],
            type=_arrow_type(column),
        )
        for column in layer.columns
    }
    metadata: dict[str, str] = {}
    if layer.geometry is not None:
        shapes = [shapely.geometry.shape(row["geometry"]) for row in rows]
        columns["geometry"] = pa.array(shapely.to_wkb(shapes).tolist(), type=pa.binary())
        metadata["geo"] = json.dumps(_geo_metadata(shapes), sort_keys=True)
    table = pa.table(columns).replace_schema_metadata(metadata)
    pq.write_table(table, path, compression="zstd", version="2.6")


def _geo_metadata(shapes: list[Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in shapes}),
    }
    if shapes:
        column["bbox"] = [float(bound) for bound in shapely.total_bounds(shapes)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
