"""Array functions (OGC 21-065r2, clause 7.9): arrays compared as sets."""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, Text, and_, cast
from sqlalchemy.dialects.postgresql import ARRAY, array

from layers.cql2.errors import InvalidCQL2
from layers.cql2.operands import SQL, Operand
from layers.cql2.operators import label
from layers.cql2.queryables import Kind


def strings(items: list[Operand]) -> Operand:
    """An array literal of strings or of properties that are strings. Raises InvalidCQL2."""
    for item in items:
        if item.kind is not Kind.STRING:
            raise InvalidCQL2(f"an array to compare holds strings, not a {item.kind}")
    return Operand(Kind.STRINGS, cast(array([item.sql for item in items], type_=Text), ARRAY(Text)))


def compare_sets(op: str, left: Operand, right: Operand) -> ColumnElement[bool]:
    """Whether two sets stand in that relation. Raises InvalidCQL2."""
    for operand in (left, right):
        if operand.kind is not Kind.STRINGS:
            raise InvalidCQL2(f"{label(op)} compares arrays of strings, not a {operand.kind}")
    match op:
        case "a_contains":
            return _holds(left.sql, right.sql)
        case "a_containedBy":
            return _holds(right.sql, left.sql)
        case "a_overlaps":
            return left.sql.op("&&", return_type=Boolean())(right.sql)
        case _:
            return and_(_holds(left.sql, right.sql), _holds(right.sql, left.sql))


def _holds(outer: SQL, inner: SQL) -> ColumnElement[bool]:
    return outer.op("@>", return_type=Boolean())(inner)
