"""The one form that both languages are read into: a tree of literals, properties and calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from shapely.geometry.base import BaseGeometry

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the layer, as the caller named it."""

    name: str


@dataclass(frozen=True, slots=True)
class String:
    """A character literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal: finite, of double precision as JSON's and the text parser's are."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Instant:
    """A day, or a moment in UTC."""

    value: date

    @property
    def is_day(self) -> bool:
        """Whether it is a day, not a moment."""
        return not isinstance(self.value, datetime)


@dataclass(frozen=True, slots=True)
class Interval:
    """From start to end, both included; None = open on that side."""

    start: Instant | Property | None
    end: Instant | Property | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry literal: what was written, and the same in CRS84."""

    geometry: BaseGeometry
    written: JSON = field(compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A list of operands."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function, by its name in CQL2 JSON, and what it is applied to."""

    op: str
    args: tuple[Node, ...]


Node: TypeAlias = "Property | String | Number | Boolean | Instant | Interval | Shape | Array | Call"


def to_json(node: Node) -> JSON:
    """The tree as CQL2 JSON (OGC 21-065r2, clause 8.3)."""
    match node:
        case Call(op, args):
            return {"op": op, "args": [to_json(arg) for arg in args]}
        case Property(name):
            return {"property": name}
        case Array(items):
            return [to_json(item) for item in items]
        case Number(value):
            return int(value) if value == value.to_integral_value() else float(value)
        case Instant():
            return {"date" if node.is_day else "timestamp": _written(node)}
        case Interval(start, end):
            return {"interval": [_end(start), _end(end)]}
        case Shape():
            return node.written
        case String() | Boolean():
            return node.value


def _end(end: Instant | Property | None) -> JSON:
    if isinstance(end, Property):
        return to_json(end)
    return _written(end) if end else ".."


def _written(instant: Instant) -> str:
    text = instant.value.isoformat()
    return text if instant.is_day else text.removesuffix("+00:00") + "Z"
