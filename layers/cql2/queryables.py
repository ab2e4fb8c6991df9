"""What a filter may ask of: the only way from a name to a column."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from layers.cql2.errors import InvalidCQL2, shown


class Kind(StrEnum):
    """What an operand is, as messages call it."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    GEOMETRY = "geometry"
    INTERVAL = "interval"
    STRINGS = "array of string"

    @property
    def comparable(self) -> Kind:
        """The kind that it is compared as: integers are numbers."""
        return Kind.NUMBER if self is Kind.INTEGER else self

    @property
    def is_scalar(self) -> bool:
        """Whether `=` and its like compare it (OGC 21-065r2, clause 6.3.1)."""
        return self not in (Kind.GEOMETRY, Kind.INTERVAL, Kind.STRINGS)


@dataclass(frozen=True)
class Queryable:
    """One property to filter by.

    expression: text, integer or numeric types, boolean, date, timestamptz, geometry (SRID 4326),
    text[]; an interval is a column typed DATERANGE or TSTZRANGE. An empty range counts as null.
    """

    name: str
    kind: Kind
    expression: ColumnElement[Any]


def find_queryable(name: str, queryables: Mapping[str, Queryable]) -> Queryable:
    """The queryable of that name. Raises InvalidCQL2 with the names that there are."""
    found = queryables.get(name)
    if found is not None:
        return found
    near = difflib.get_close_matches(name[:60], queryables, 1, cutoff=0.6)
    hint = f"; did you mean {near[0]}?" if near else ";"
    known = ", ".join(sorted(queryables)) or "none"
    raise InvalidCQL2(f"there is no property {shown(name)} to filter by{hint} Known are: {known}")
