"""From a CQL2 JSON value to the tree: every literal, name and number of operands is checked."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from layers.cql2.errors import InvalidCQL2, shown
from layers.cql2.geometries import CRS84, FilterCRS, read_shape
from layers.cql2.limits import (
    MAX_DEPTH,
    MAX_NODES,
    check_encodable,
    check_json_depth,
    too_deep,
)
from layers.cql2.nodes import (
    JSON,
    Array,
    Boolean,
    Call,
    Instant,
    Interval,
    Node,
    Number,
    Property,
    Shape,
    String,
)
from layers.cql2.operators import operator_named

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z", re.ASCII | re.IGNORECASE
)


def load_json(text: str) -> JSON:
    """JSON text as values, numbers as floats. Raises InvalidCQL2, in time linear in the text."""
    check_json_depth(text)
    try:
        value: JSON = json.loads(
            text, parse_int=float, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise InvalidCQL2(f"it is not JSON: {error.msg} at character {error.pos + 1}") from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidCQL2(f"{name} is not a number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidCQL2("an object of it has a member twice")
    return found


class Reader:
    """Reads one filter; counts what it reads."""

    def __init__(self, crs: FilterCRS = CRS84) -> None:
        self._crs = crs
        self._left = MAX_NODES

    def read(self, value: JSON, depth: int = 0) -> Node:
        """The tree of a value of CQL2 JSON. Raises InvalidCQL2."""
        self._left -= 1
        if self._left < 0:
            raise InvalidCQL2(f"it has more than {MAX_NODES} operators, properties and literals")
        match value:
            case bool():
                return Boolean(value)
            case int() | float():
                return Number(number(value))
            case str():
                return String(checked_text(value))
            case list():
                return Array(self._read_all(value, depth))
            case dict():
                return self._read_object(value, depth)
        raise InvalidCQL2("null is no value to compare with: write IS NULL")

    def _read_all(self, values: Iterable[JSON], depth: int) -> tuple[Node, ...]:
        if depth >= MAX_DEPTH:
            raise too_deep()
        return tuple(self.read(value, depth + 1) for value in values)

    def _read_object(self, value: dict[str, JSON], depth: int) -> Node:
        match value:
            case {"op": str(name), "args": list(args), **rest} if not rest:
                operator = operator_named(name)
                operator.check_count(len(args))
                return Call(operator.name, self._read_all(args, depth))
            case {"property": str(name), **rest} if not rest:
                return Property(checked_text(name))
            case {"date": str(text), **rest} if not rest:
                return _day(text)
            case {"timestamp": str(text), **rest} if not rest:
                return _moment(text)
            case {"interval": [start, end], **rest} if not rest:
                return _interval(self._end(start), self._end(end))
            case {"bbox": _, **rest} | {"type": _, **rest} if set(rest) <= _GEOMETRY:
                return Shape(read_shape(value, self._crs), value)
        raise InvalidCQL2(f"{shown(json.dumps(value))} is no expression of CQL2")

    def _end(self, value: JSON) -> Instant | Property | None:
        if value == "..":
            return None
        if isinstance(value, str):
            return _day(value) if _DATE.fullmatch(value) else _moment(value)
        end = self.read(value)
        if not isinstance(end, Instant | Property):
            raise InvalidCQL2("an end of an INTERVAL is a date, a timestamp, a property or '..'")
        return end


_GEOMETRY = {"coordinates", "geometries"}


def number(value: float) -> Decimal:
    """A number as the decimal that its double stands for. Raises InvalidCQL2."""
    if not math.isfinite(value):
        raise InvalidCQL2("a number of it is larger than a double can be")
    return Decimal(repr(value))


def checked_text(text: str) -> str:
    """A string that the database can hold. Raises InvalidCQL2."""
    if "\0" in text:
        raise InvalidCQL2("the character U+0000 cannot stand in it")
    check_encodable(text)
    return text


def _day(text: str) -> Instant:
    try:
        if _DATE.fullmatch(text):
            return Instant(date.fromisoformat(text))
    except ValueError as error:
        raise InvalidCQL2(f"{shown(text)} is no day of the calendar") from error
    raise InvalidCQL2(f"{shown(text)} is not a date: write DATE('YYYY-MM-DD')")


def _moment(text: str) -> Instant:
    """Timestamps are in UTC, with Z (OGC 21-065r2, clause 6.3.1); microseconds are the finest."""
    try:
        if _TIMESTAMP.fullmatch(text):
            moment = datetime.fromisoformat(text.upper().removesuffix("Z"))
            return Instant(moment.replace(tzinfo=UTC))
    except ValueError as error:
        raise InvalidCQL2(f"{shown(text)} is no time of the calendar") from error
    raise InvalidCQL2(
        f"{shown(text)} is not a timestamp: write TIMESTAMP('YYYY-MM-DDThh:mm:ssZ'), "
        "with at most six decimals"
    )


def _interval(start: Instant | Property | None, end: Instant | Property | None) -> Interval:
    """Both ends have one granularity (OGC 21-065r2, clause 7.8.1) and are in order."""
    if isinstance(start, Instant) and isinstance(end, Instant):
        if start.is_day != end.is_day:
            raise InvalidCQL2("an INTERVAL goes from date to date or from timestamp to timestamp")
        if start.value > end.value:
            raise InvalidCQL2(f"an INTERVAL ends ({end.value}) before it starts ({start.value})")
    return Interval(start, end)
