"""What a CQL2 filter may speak of in each layer, and the expression behind each name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer, Subquery, Text, cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from layers.catalog import Layer
from layers.columns import ColumnType
from layers.cql2 import Kind, Queryable

GEOMETRY = "geometry"
CERTAIN = "certain"
_KINDS: dict[ColumnType, tuple[Kind, TypeEngine[Any]]] = {
    ColumnType.STRING: (Kind.STRING, Text()),
    ColumnType.URI: (Kind.STRING, Text()),
    ColumnType.INTEGER: (Kind.INTEGER, Integer()),
    ColumnType.BOOLEAN: (Kind.BOOLEAN, Boolean()),
    ColumnType.DATE: (Kind.DATE, Date()),
    ColumnType.STRINGS: (Kind.STRINGS, ARRAY(Text)),
}


@cache
def queryable_kinds(layer: Layer) -> dict[str, Kind]:
    """The names that a filter may use, in the order of the columns, and what each holds.

    The time column is the interval of its possible days, `certain` that of its certain days.
    Lists of objects cannot be asked.
    """
    kinds = {c.name: _KINDS[c.kind][0] for c in layer.columns if c.kind in _KINDS}
    if layer.time_column:
        kinds |= {layer.time_column: Kind.INTERVAL, CERTAIN: Kind.INTERVAL}
    if layer.geometry:
        kinds[GEOMETRY] = Kind.GEOMETRY
    return kinds


def queryable_codes(layer: Layer, name: str) -> tuple[str, ...]:
    """The codes that a queryable has, where it is of a code list."""
    found = next((c.codes for c in layer.columns if c.name == name), None)
    return tuple(str(code) for code in found) if found else ()


def queryables(layer: Layer, body: Subquery) -> Mapping[str, Queryable]:
    """The same, each with its expression over the layer's rows."""
    found = {}
    expression: ColumnElement[Any]
    for name, kind in queryable_kinds(layer).items():
        if name == GEOMETRY:
            expression = body.c.geom
        elif kind is Kind.INTERVAL:
            expression = body.c.certain if name == CERTAIN else body.c.possible
        else:
            column = next(c for c in layer.columns if c.name == name)
            expression = cast(body.c[name], _KINDS[column.kind][1])
        found[name] = Queryable(name, kind, expression)
    return found
