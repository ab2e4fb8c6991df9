"""Features as typed Arrow batches, kept in a temporary file until their format is written.

A file's head often tells what only its last row decides: how many rows, which box, whether every
feature has a place. The spool knows that before a writer starts, lets the database go as soon as
the rows are read, and leaves a writer nothing to fail on but the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from layers.catalog import Layer
from layers.columns import Column, ColumnType
from layers.formats.rows import LISTS, Row, cell

BATCH_ROWS = 1_000
GEOMETRY = "geometry"
_PLAIN = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
}


def nested_type(column: Column) -> Any:
    """The Arrow type of a column where lists and objects stay what they are."""
    if column.kind is ColumnType.STRINGS:
        return pa.list_(pa.string())
    if column.kind is ColumnType.OBJECTS:
        return pa.list_(pa.struct([(part.name, nested_type(part)) for part in column.fields]))
    return _PLAIN.get(column.kind, pa.string())


def nested_value(column: Column, value: Any) -> Any:
    """JSON has no dates: the days of nested objects too become days."""
    if value is None:
        return None
    if column.kind is ColumnType.DATE:
        return date.fromisoformat(value)
    if column.kind is ColumnType.OBJECTS:
        return [
            {part.name: nested_value(part, held[part.name]) for part in column.fields}
            for held in value
        ]
    return value


def flat_type(column: Column) -> Any:
    """The Arrow type of a column where lists are JSON text."""
    return _PLAIN.get(column.kind, pa.string())


def nested_field(column: Column) -> Any:
    """The column's field in a nested schema."""
    return pa.field(column.name, nested_type(column))


def flat_field(column: Column) -> Any:
    """The column's field in a flat schema, with its meaning where GDAL looks for a comment."""
    told = {"GDAL:OGR:comment": column.description}
    if column.kind in LISTS:
        told["ARROW:extension:name"] = "arrow.json"
    return pa.field(column.name, flat_type(column), metadata=told)


@dataclass(frozen=True)
class Shape:
    """How columns become Arrow: nested for Parquet, flat for GDAL's tables.

    value_of: what a list becomes; other values are taken as they are.
    """

    field_of: Callable[[Column], Any]
    value_of: Callable[[Column, Any], Any]

    def schema(self, layer: Layer) -> Any:
        """The columns in their order, then the geometry as WKB."""
        fields = [self.field_of(column) for column in layer.columns]
        if layer.geometry is not None:
            fields.append(pa.field(GEOMETRY, pa.binary()))
        return pa.schema(fields)

    def batch(self, layer: Layer, rows: list[Row], shapes: Any) -> Any:
        """Some rows; shapes are their geometries."""
        schema = self.schema(layer)
        arrays = [
            self._array(column, [row.properties[column.name] for row in rows])
            for column in layer.columns
        ]
        if layer.geometry is not None:
            arrays.append(pa.array(shapely.to_wkb(shapes).tolist(), type=pa.binary()))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _array(self, column: Column, values: list[Any]) -> Any:
        if column.kind is ColumnType.DATE:
            return pa.array(values, pa.string()).cast(pa.date32())
        if column.kind in LISTS:
            values = [self.value_of(column, value) for value in values]
        return pa.array(values, self.field_of(column).type)


NESTED = Shape(nested_field, nested_value)
FLAT = Shape(flat_field, cell)


@dataclass
class Spool:
    """What was read: the batches in a file, and what is true of all of them.

    bounds: west, south, east, north in CRS84 degrees, None without any geometry.
    """

    layer: Layer
    schema: Any
    path: Path
    rows: int = 0
    unplaced: int = 0
    bounds: tuple[float, float, float, float] | None = None
    geometry_types: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, layer: Layer, shape: Shape, features: Iterable[str], path: Path) -> Spool:
        """Read all features (GeoJSON text) into the file; a fault of theirs passes through."""
        spool = cls(layer, shape.schema(layer), path)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        remaining = iter(features)
        with pa.ipc.new_stream(path, spool.schema, options=options) as stream:
            while batch := list(islice(remaining, BATCH_ROWS)):
                rows = [Row.parse(feature) for feature in batch]
                shapes = _shapes(rows)
                stream.write_batch(shape.batch(layer, rows, shapes))
                spool._note(shapes)
        return spool

    def batches(self) -> Iterator[Any]:
        """The batches again, one at a time."""
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_stream(file) as stream:
            yield from stream

    def _note(self, shapes: Any) -> None:
        self.rows += len(shapes)
        missing = shapely.is_missing(shapes)
        self.unplaced += int(missing.sum())
        if self.layer.geometry is None or missing.all():
            return
        placed = shapes[~missing]
        self.geometry_types |= {shape.geom_type for shape in placed}
        west, south, east, north = (float(bound) for bound in shapely.total_bounds(placed))
        if self.bounds is not None:
            west, south = min(west, self.bounds[0]), min(south, self.bounds[1])
            east, north = max(east, self.bounds[2]), max(north, self.bounds[3])
        self.bounds = (west, south, east, north)


def _shapes(rows: list[Row]) -> Any:
    shapes = np.empty(len(rows), dtype=object)
    texts = [json.dumps(row.geometry) if row.geometry is not None else None for row in rows]
    shapes[:] = shapely.from_geojson(texts)
    return shapes
