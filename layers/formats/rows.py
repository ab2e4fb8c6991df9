"""A feature's text as the cells of a table: the one place that says what a cell holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from layers.catalog import Layer
from layers.columns import Column, ColumnType
from layers.encoders import compact

Cell = str | int | bool | None
LISTS = (ColumnType.STRINGS, ColumnType.OBJECTS)


@dataclass(frozen=True, slots=True)
class Row:
    """One feature: a GeoJSON geometry object or None, and its properties."""

    geometry: dict[str, Any] | None
    properties: dict[str, Any]

    @classmethod
    def parse(cls, feature: str) -> Row:
        """Read the text of one GeoJSON feature that the database made."""
        read = json.loads(feature)
        return cls(read["geometry"], read["properties"])

    def cells(self, layer: Layer) -> list[Cell]:
        """The values in the order of the layer's columns; days as ISO text, lists as JSON text."""
        return [cell(column, self.properties[column.name]) for column in layer.columns]


def cell(column: Column, value: Any) -> Cell:
    """One value where the format has no lists; null stays None."""
    if value is not None and column.kind in LISTS:
        return compact(value)
    held: Cell = value
    return held


def place_columns(layer: Layer) -> tuple[str, ...]:
    """The columns that tables add for the geometry.

    `WKT` is the name by which GDAL and QGIS find a geometry unasked; people and spreadsheets read
    `lon` and `lat`, which only a layer of points has.
    """
    if layer.geometry is None:
        return ()
    return ("lon", "lat", "WKT") if layer.geometry == "Point" else ("WKT",)


def place_cells(layer: Layer, geometry: dict[str, Any] | None) -> list[float | str | None]:
    """The values of `place_columns`: CRS84 degrees, longitude first."""
    if layer.geometry is None:
        return []
    if geometry is None:
        return [None] * len(place_columns(layer))
    if layer.geometry == "Point":
        lon, lat = geometry["coordinates"][:2]
        return [lon, lat, wkt(geometry)]
    return [wkt(geometry)]


def wkt(geometry: dict[str, Any]) -> str:
    """Well-known text of a GeoJSON geometry other than a collection, with its numbers as given."""
    coordinates = geometry["coordinates"]
    name = geometry["type"].upper()
    if name == "POINT":
        return f"POINT ({_position(coordinates)})"
    return f"{name} {_nested(coordinates)}"


def _position(numbers: list[float]) -> str:
    return " ".join(str(number) for number in numbers)


def _nested(coordinates: list[Any]) -> str:
    if isinstance(coordinates[0][0], list):
        return f"({', '.join(_nested(part) for part in coordinates)})"
    return f"({', '.join(_position(part) for part in coordinates)})"
