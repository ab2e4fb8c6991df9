"""Temporal functions (OGC 21-065r2, clause 7.8.2), defined by the ends as in OWL-Time.

Days are compared as days: two intervals of days meet when the last day of one is the first of the
other. Open ends coincide with open ends. An empty range, and INTERVAL(a, b) where an end is
null or b lies before a, make the predicate null.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Boolean, ColumnElement, and_, case, cast, func, not_, null, or_

from layers.cql2.errors import InvalidCQL2
from layers.cql2.operands import SQL
from layers.cql2.operators import label
from layers.cql2.times import Times

_Condition = ColumnElement[bool]
_OF_INSTANTS = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
_WHOLE_DAYS = ("t_after", "t_before", "t_disjoint", "t_intersects")
_RANGE_OPERATORS = {"t_after": ">>", "t_before": "<<", "t_intersects": "&&"}

# What holds of a.start, a.end, b.start, b.end.
_DEFINITIONS: dict[str, Callable[[SQL, SQL, SQL, SQL], _Condition]] = {
    "t_after": lambda a0, _a1, _b0, b1: a0 > b1,
    "t_before": lambda _a0, a1, b0, _b1: a1 < b0,
    "t_equals": lambda a0, a1, b0, b1: and_(a0 == b0, a1 == b1),
    "t_intersects": lambda a0, a1, b0, b1: and_(a0 <= b1, a1 >= b0),
    "t_contains": lambda a0, a1, b0, b1: and_(a0 < b0, a1 > b1),
    "t_during": lambda a0, a1, b0, b1: and_(a0 > b0, a1 < b1),
    "t_finishedBy": lambda a0, a1, b0, b1: and_(a0 < b0, a1 == b1),
    "t_finishes": lambda a0, a1, b0, b1: and_(a0 > b0, a1 == b1),
    "t_meets": lambda _a0, a1, b0, _b1: a1 == b0,
    "t_metBy": lambda a0, _a1, _b0, b1: a0 == b1,
    "t_overlappedBy": lambda a0, a1, b0, b1: and_(a0 > b0, a0 < b1, a1 > b1),
    "t_overlaps": lambda a0, a1, b0, b1: and_(a0 < b0, a1 > b0, a1 < b1),
    "t_startedBy": lambda a0, a1, b0, b1: and_(a0 == b0, a1 > b1),
    "t_starts": lambda a0, a1, b0, b1: and_(a0 == b0, a1 < b1),
}


def compare_times(op: str, left: Times, right: Times) -> _Condition:
    """Whether two times stand in that relation. Raises InvalidCQL2."""
    if op not in _OF_INSTANTS and (left.is_instant or right.is_instant):
        raise InvalidCQL2(f"{label(op)} compares intervals, not instants: write INTERVAL(a, b)")
    left, right = left.of_same(right), right.of_same(left)
    if left.days != right.days:
        # What lies before or after a whole day is the same seen by days, and keeps the index.
        if op in _WHOLE_DAYS:
            left, right = left.in_days(), right.in_days()
        else:
            left, right = left.in_moments(), right.in_moments()
    if op == "t_disjoint":
        return not_(_compared("t_intersects", left, right))
    return _compared(op, left, right)


def _compared(op: str, left: Times, right: Times) -> _Condition:
    by_range = _by_range(op, left, right)
    if by_range is not None:
        return by_range
    found = _DEFINITIONS[op](left.start, left.end, right.start, right.end)
    known = [each.known for each in (left, right) if each.known is not None]
    return case((and_(*known), found), else_=_unknown()) if known else found


def _by_range(op: str, left: Times, right: Times) -> _Condition | None:
    """By the operators of ranges, which an index serves, where one side is a column of them."""
    columns = [each.column for each in (left, right) if each.column is not None]
    first, second = left.as_range(), right.as_range()
    if op not in _RANGE_OPERATORS or not columns or first is None or second is None:
        return None
    found = first.op(_RANGE_OPERATORS[op], return_type=Boolean())(second)
    # Null for an empty range; at the top of WHERE the planner leaves this part out.
    return or_(found, and_(or_(*map(func.isempty, columns)), _unknown()))


def _unknown() -> ColumnElement[bool]:
    return cast(null(), Boolean)
