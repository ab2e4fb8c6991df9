"""Reads files back with the programs that people have, as the rows that the layer says."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy
import openpyxl
import pandas
import pyarrow.parquet as pq
import pyogrio
import shapely

from layers.catalog import Layer
from layers.columns import Column, ColumnType
from layers.formats.delimited import unguarded
from layers.formats.rows import LISTS

Rows = list[dict[str, Any]]


def expected(layer: Layer, features: list[str]) -> Rows:
    """The rows that every file must give back, by their id."""
    return by_id(layer, [dict(json.loads(feature)["properties"]) for feature in features])


def by_id(layer: Layer, rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: row[layer.column_names[0]])


def shapes(layer: Layer, features: list[str]) -> list[Any]:
    """The geometries in the order of `expected`."""
    read = {feature["id"]: feature["geometry"] for feature in map(json.loads, features)}
    return [read[key] and shapely.geometry.shape(read[key]) for key in sorted(read)]


def plain(column: Column, value: Any) -> Any:
    """A value as GeoJSON has it, from how a reader of a typed or an untyped format gives it."""
    if isinstance(value, list | dict) or column.kind in LISTS:
        value = json.loads(value) if isinstance(value, str) else value
        return _days_as_text(value)
    if value is None or value is pandas.NaT or value == "" or value != value:
        return None
    match column.kind:
        case ColumnType.DATE:
            return str(value)[:10].replace("/", "-")
        case ColumnType.INTEGER:
            assert float(value) == int(float(value))
            return int(float(value))
        case ColumnType.BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]
        case _:
            return str(value)


def _days_as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_days_as_text(part) for part in value]
    if isinstance(value, dict):
        return {name: _days_as_text(part) for name, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _rows(layer: Layer, read: Rows) -> Rows:
    """Only the layer's columns. GDAL leaves fields out that are not set in a feature.

    LIBKML has a field `Name` of its own, the Placemark's, and renames or drops our `name`.
    """
    rows = []
    for record in read:
        named = {**record, "name": record.get("name", record.get("name2", record.get("Name")))}
        row = {c.name: plain(c, named.get(c.name)) for c in layer.columns}
        rows.append(row)
    return by_id(layer, rows)


def with_ogr2ogr(layer: Layer, path: Path) -> tuple[Rows, list[Any]]:
    """Rows and geometries by Debian's GDAL."""
    converted = path.with_name(f"{path.name}.back.geojson")
    # Without it GDAL guesses whether the first row is a header, which one row alone cannot tell.
    options = ["-oo", "HEADERS=FORCE"] if path.suffix == ".xlsx" else []
    command = [
        "ogr2ogr",
        *options,
        "-f",
        "GeoJSON",
        "-lco",
        "COORDINATE_PRECISION=7",
        converted,
        path,
    ]
    done = subprocess.run([*command, layer.id], capture_output=True, text=True, check=True)
    assert "ERROR" not in done.stderr
    features = json.loads(converted.read_text("utf-8"))["features"]
    converted.unlink()
    rows = _rows(layer, _unguarded(path, [feature["properties"] for feature in features]))
    first = layer.column_names[0]
    features.sort(key=lambda feature: str(plain(layer.columns[0], feature["properties"][first])))
    return rows, [f["geometry"] and shapely.geometry.shape(f["geometry"]) for f in features]


def with_pyogrio(layer: Layer, path: Path) -> Rows:
    """Rows by the newest GDAL, that of the wheels."""
    name = None if path.suffix == ".csv" else layer.id
    frame = pyogrio.read_dataframe(path, layer=name)
    for column in frame:  # lists come as arrays
        frame[column] = [v.tolist() if isinstance(v, numpy.ndarray) else v for v in frame[column]]
    return _rows(layer, _unguarded(path, frame.to_dict("records")))


def with_own_reader(layer: Layer, path: Path) -> Rows:
    """Rows by the library of the format itself, where there is one."""
    match path.suffix:
        case ".parquet":
            return _rows(layer, pq.read_table(path).to_pylist())
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                return _rows(layer, _unguarded(path, _table(file)))
        case ".xlsx":
            header, *lines = sheet(path, layer.id)
            return _rows(layer, [dict(zip(header, line, strict=True)) for line in lines])
        case ".geojson":
            features = json.loads(path.read_text("utf-8"))["features"]
        case ".geojsonl":
            features = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
        case ".geojsons":
            first, *texts = path.read_text("utf-8").split("\x1e")
            assert first == ""
            assert all(text.endswith("\n") for text in texts)
            features = [json.loads(text) for text in texts]
        case other:
            raise AssertionError(other)
    return by_id(layer, [feature["properties"] for feature in features])


def sheet(path: Path, name: str) -> list[list[Any]]:
    """The cells of a sheet; days without their midnight."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        return [[_day(value) for value in row] for row in book[name].iter_rows(values_only=True)]
    finally:
        book.close()


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def _unguarded(path: Path, rows: Rows) -> Rows:
    if path.suffix != ".csv":
        return rows
    return [
        {name: unguarded(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]


def a_feature(layer: Layer, key: str, *, geometry: Any = None, **properties: Any) -> str:
    """A feature of the layer whose other properties are null."""
    names = layer.column_names
    told = {**dict.fromkeys(names), names[0]: key, **properties}
    feature = {"type": "Feature", "id": key, "geometry": geometry, "properties": told}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


POINT = {"type": "Point", "coordinates": [98.5291234, 16.7]}


def _table(file: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of a CSV file, however long a cell; the limit is the whole process's."""
    before = csv.field_size_limit(10_000_000)
    try:
        return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(before)
