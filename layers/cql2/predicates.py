"""From the tree to one SQL condition: what each operator takes, and what it means.

Conditions are three-valued as in SQL and in the standard (OGC 21-065r2, clause 6.2): a predicate on
a null is null, and only what is true is selected. Both sides of an operator are of one type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Numeric,
    Text,
    and_,
    any_,
    false,
    not_,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from layers.cql2 import nodes, operands
from layers.cql2.arithmetic import alike, calculate
from layers.cql2.arrays import compare_sets, strings
from layers.cql2.errors import InvalidCQL2, shown
from layers.cql2.limits import MAX_WILDCARDS
from layers.cql2.nodes import Array, Call, Instant, Interval, Node, Property, Shape
from layers.cql2.operands import Operand
from layers.cql2.operators import ARITHMETIC, ARRAYS, COMPARISONS, FOLDS, PREDICATES, SPATIAL, label
from layers.cql2.queryables import Kind, Queryable, find_queryable
from layers.cql2.spatial import geometry, relate
from layers.cql2.temporal import compare_times
from layers.cql2.times import Times, instant, interval, range_column

_Condition = ColumnElement[bool]
_ORDERS: dict[str, Callable[[Any, Any], _Condition]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_RANGED = (Kind.NUMBER, Kind.DATE, Kind.TIMESTAMP)
_PATTERN_PART = re.compile(r"\\.|[%_\\]", re.DOTALL)


class Translator:
    """Turns one tree into SQL over the given queryables."""

    def __init__(self, queryables: Mapping[str, Queryable]) -> None:
        self._queryables = queryables
        self._wildcards = 0

    def condition(self, node: Node) -> _Condition:
        """The SQL of a predicate. Raises InvalidCQL2 where the node is none."""
        match node:
            case nodes.Boolean(value):
                return true() if value else false()
            case Call(op, args) if op in PREDICATES:
                return self._predicate(op, args)
            case Property(name) if self._property(name).kind is Kind.BOOLEAN:
                raise InvalidCQL2(f"a property alone is no condition: write {name} = true")
        raise InvalidCQL2(f"{_described(node)} is no condition that is true or false")

    def _predicate(self, op: str, args: tuple[Node, ...]) -> _Condition:
        if op in COMPARISONS:
            return self._compare(op, *args)
        if op in SPATIAL:
            return relate(op, *map(self._value, args))
        if op in ARRAYS:
            return compare_sets(op, *map(self._array, args))
        match op:
            case "and":
                return and_(*map(self.condition, args))
            case "or":
                return or_(*map(self.condition, args))
            case "not":
                return not_(self.condition(args[0]))
            case "isNull":
                return self._is_null(args[0])
            case "like":
                return self._like(*args)
            case "between":
                return self._between(*args)
            case "in":
                return self._in(*args)
        return compare_times(op, *map(self._times, args))

    def _compare(self, op: str, left: Node, right: Node) -> _Condition:
        """Strings are ordered by code point, whatever the database's own collation."""
        first, second = self._scalar(op, left), self._scalar(op, right)
        _check_same(op, first, second)
        if first.kind is Kind.STRING and op not in ("=", "<>"):
            return _ORDERS[op](first.sql.collate("C"), second.sql.collate("C"))
        return _ORDERS[op](*alike(first, second))

    def _between(self, *args: Node) -> _Condition:
        """Numbers as in clause 7.3, and dates or timestamps likewise; both ends belong to it."""
        tested, low, high = (self._scalar("between", arg) for arg in args)
        for operand in (tested, low, high):
            _check_same("between", tested, operand)
            if operand.kind.comparable not in _RANGED:
                raise InvalidCQL2(f"BETWEEN compares numbers or dates, not a {operand.kind}")
        value, first, last = alike(tested, low, high)
        return value.between(first, last)

    def _in(self, tested: Node, items: Node) -> _Condition:
        if not isinstance(items, Array):
            raise InvalidCQL2("IN takes a list of values")
        operand = self._scalar("in", tested)
        found = [self._scalar("in", item) for item in items.items]
        for item in found:
            _check_same("in", operand, item)
        values = [item.value for item in found]
        if operand.calculated or None in values:
            value, *others = alike(operand, *found)
            return value.in_(others)
        list_type = ARRAY(_list_type(operand.kind, values))
        return operand.sql == any_(operands.bound(values, list_type))

    def _like(self, tested: Node, pattern: Node) -> _Condition:
        """`%`, `_` and the backslash mean in PostgreSQL what clause 7.3 says."""
        operand = self._value(tested)
        if operand.kind is not Kind.STRING:
            raise InvalidCQL2(f"LIKE compares strings, not a {operand.kind}")
        inner = pattern
        while isinstance(inner, Call) and inner.op in FOLDS:
            inner = inner.args[0]
        if not isinstance(inner, nodes.String):
            raise InvalidCQL2("LIKE takes a character literal as its pattern")
        self._check_pattern(inner.value)
        return operand.sql.like(self._value(pattern).sql)

    def _check_pattern(self, pattern: str) -> None:
        parts = _PATTERN_PART.findall(pattern)
        if "\\" in parts:
            raise InvalidCQL2(f"the pattern {shown(pattern)} ends in a \\ that escapes nothing")
        self._wildcards += sum(part in "%_" for part in parts)
        if self._wildcards > MAX_WILDCARDS:
            raise InvalidCQL2(f"its patterns have more than {MAX_WILDCARDS} wildcards together")

    def _is_null(self, node: Node) -> _Condition:
        if isinstance(node, Call) and node.op in PREDICATES:
            return self.condition(node).is_(None)
        if isinstance(node, Interval):
            times = self._times(node)
            return or_(times.start.is_(None), times.end.is_(None))
        operand = self._value(node)
        if operand.kind is Kind.INTERVAL:
            return range_column(operand.sql).start.is_(None)
        return operand.sql.is_(None)

    def _scalar(self, op: str, node: Node) -> Operand:
        operand = self._value(node)
        if not operand.kind.is_scalar:
            raise InvalidCQL2(f"{label(op)} compares no {operand.kind}{_INSTEAD[operand.kind]}")
        return operand

    def _value(self, node: Node) -> Operand:
        match node:
            case Property(name):
                found = self._property(name)
                return Operand(found.kind, found.expression)
            case nodes.String(value):
                return operands.string(value)
            case nodes.Number(value):
                return operands.number(value)
            case nodes.Boolean(value):
                return operands.boolean(value)
            case Instant(value):
                return operands.day(value) if node.is_day else operands.moment(value)
            case Shape(shape):
                return geometry(shape)
            case Call(op, args) if op in ARITHMETIC:
                return calculate(op, self._number(op, args[0]), self._number(op, args[1]))
            case Call(op) if op in FOLDS:
                return self._folded(node)
        raise InvalidCQL2(f"{_described(node)} is no value to compare")

    def _number(self, op: str, node: Node) -> Operand:
        operand = self._value(node)
        if operand.kind.comparable is not Kind.NUMBER:
            raise InvalidCQL2(f"{op} calculates with numbers, not a {operand.kind}")
        return operand

    def _folded(self, node: Node) -> Operand:
        """CASEI and ACCENTI inside each other are one folding, done once."""
        folds = set()
        while isinstance(node, Call) and node.op in FOLDS:
            folds.add(node.op)
            node = node.args[0]
        operand = self._value(node)
        if operand.kind is not Kind.STRING:
            raise InvalidCQL2(f"{label(min(folds))} takes a string, not a {operand.kind}")
        return Operand(Kind.STRING, operands.folded(operand.sql, frozenset(folds)))

    def _array(self, node: Node) -> Operand:
        if isinstance(node, Array):
            return strings([self._value(item) for item in node.items])
        return self._value(node)

    def _times(self, node: Node) -> Times:
        if isinstance(node, Interval):
            return interval(self._end(node.start), self._end(node.end))
        operand = self._value(node)
        if operand.kind is Kind.INTERVAL:
            return range_column(operand.sql)
        if operand.kind not in (Kind.DATE, Kind.TIMESTAMP):
            raise InvalidCQL2(
                f"a temporal function compares dates, timestamps and intervals, not a "
                f"{operand.kind}{_INSTEAD.get(operand.kind, '')}"
            )
        return instant(operand)

    def _end(self, end: Instant | Property | None) -> Operand | None:
        return self._value(end) if end else None

    def _property(self, name: str) -> Queryable:
        return find_queryable(name, self._queryables)


_INSTEAD = {
    Kind.GEOMETRY: ": use S_INTERSECTS and its like",
    Kind.INTERVAL: ": use T_INTERSECTS and its like",
    Kind.STRINGS: ": use A_CONTAINS and its like",
    Kind.STRING: ": write DATE('YYYY-MM-DD')",
}


def _check_same(op: str, left: Operand, right: Operand) -> None:
    """Both sides evaluate to the same type (/req/basic-cql2/binary-comparison-predicate, D)."""
    if left.kind.comparable is not right.kind.comparable:
        raise InvalidCQL2(f"{label(op)} compares a {left.kind} with a {right.kind}")


def _list_type(kind: Kind, values: list[Any]) -> TypeEngine[Any]:
    """The type that the values of an IN list are sent as; whole numbers stay such."""
    match kind.comparable:
        case Kind.NUMBER:
            whole = all(value == value.to_integral_value() for value in values)
            small = whole and all(abs(value) < operands.BIGGEST for value in values)
            return BigInteger() if small else Numeric()
        case Kind.BOOLEAN:
            return Boolean()
        case Kind.DATE:
            return Date()
        case Kind.TIMESTAMP:
            return operands.MOMENT
    return Text()


def _described(node: Node) -> str:
    match node:
        case Property(name):
            return f"the property {shown(name)}"
        case Call(op):
            return label(op)
        case Array():
            return "a list"
        case Interval():
            return "an INTERVAL"
        case Shape():
            return "a geometry"
        case nodes.Number(value):
            return f"the number {value:g}"
    return f"the {type(node).__name__.lower()} {shown(str(node.value))}"
