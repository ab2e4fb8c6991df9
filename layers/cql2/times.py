"""Instants and intervals as their two ends, both included (OGC 21-065r2, clause 7.8.1: ISO 8601).

Of days, the end is the last day itself; a column of ranges, which PostgreSQL keeps half-open, is
brought to that. Open ends lie at infinity. Where days meet moments, a day lasts from its midnight
to the last microsecond before the next, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
)
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

from layers.cql2.errors import InvalidCQL2
from layers.cql2.operands import MOMENT, SQL, Operand, bound
from layers.cql2.queryables import Kind

_NAIVE = DateTime()
_ONE: SQL = literal_column("1")
_MICROSECOND: SQL = literal_column("interval '1 microsecond'")
_INCLUSIVE: SQL = literal_column("'[]'")


@dataclass(frozen=True)
class Times:
    """One instant or interval.

    days: whether of days; None for INTERVAL('..', '..'), which is both.
    column: the range column that it is. ends: those of a literal, None = open.
    known: a condition without which it is null.
    """

    start: SQL
    end: SQL
    days: bool | None
    is_instant: bool = False
    column: SQL | None = None
    ends: tuple[date | None, date | None] | None = None
    known: ColumnElement[bool] | None = None

    def as_range(self) -> SQL | None:
        """The same as a range of PostgreSQL, where it can be one without a fault at run time."""
        if self.column is not None or self.ends is None:
            return self.column
        first, last = (bound(end, Date() if self.days else MOMENT) for end in self.ends)
        if self.days:
            return func.daterange(first, last, _INCLUSIVE, type_=DATERANGE)
        return func.tstzrange(first, last, _INCLUSIVE, type_=TSTZRANGE)

    def in_days(self) -> Times:
        """The days that it touches."""
        if self.days:
            return self
        start, end = (cast(func.timezone("UTC", each), Date) for each in (self.start, self.end))
        ends = None
        if self.ends:
            first, last = (each.date() if isinstance(each, datetime) else None
                           for each in self.ends)  # fmt: skip
            ends = (first, last)
        return replace(self, start=start, end=end, days=True, column=None, ends=ends)

    def in_moments(self) -> Times:
        """From the first microsecond of its first day to the last of its last."""
        if not self.days:
            return self
        after = cast(self.end + _ONE, Date)
        return Times(
            start=func.timezone("UTC", cast(self.start, _NAIVE), type_=MOMENT),
            end=func.timezone("UTC", cast(after, _NAIVE), type_=MOMENT) - _MICROSECOND,
            days=False,
            known=self.known,
        )

    def of_same(self, other: Times) -> Times:
        """An interval open on both sides takes on what the other is of."""
        if self.days is not None:
            return self
        days = bool(other.days)
        return replace(
            self, start=_infinity("-infinity", days), end=_infinity("infinity", days), days=days
        )


def _infinity(name: str, days: bool) -> SQL:
    return literal_column(
        f"'{name}'::{'date' if days else 'timestamptz'}", Date if days else MOMENT
    )


def instant(operand: Operand) -> Times:
    """A date or timestamp, literal or property."""
    value = operand.value if isinstance(operand.value, date) else None
    return Times(
        start=operand.sql,
        end=operand.sql,
        days=operand.kind is Kind.DATE,
        is_instant=True,
        ends=(value, value) if value else None,
    )


def range_column(column: SQL) -> Times:
    """A column of ranges; an empty one is null."""
    days = not isinstance(column.type, TSTZRANGE)
    first: SQL
    last: SQL
    if days:
        first = func.lower(column, type_=Date)
        last = cast(func.upper(column, type_=Date) - _ONE, Date)
    else:
        lower, upper = func.lower(column, type_=MOMENT), func.upper(column, type_=MOMENT)
        first = case((func.lower_inc(column), lower), else_=lower + _MICROSECOND)
        last = case((func.upper_inc(column), upper), else_=upper - _MICROSECOND)
    nonempty = not_(func.isempty(column))
    return Times(
        start=case((nonempty, func.coalesce(first, _infinity("-infinity", days)))),
        end=case((nonempty, func.coalesce(last, _infinity("infinity", days)))),
        days=days,
        column=column,
    )


def interval(start: Operand | None, end: Operand | None) -> Times:
    """INTERVAL(start, end); None = open on that side. Raises InvalidCQL2."""
    given = [each for each in (start, end) if each is not None]
    kinds = {each.kind for each in given}
    if not kinds <= {Kind.DATE, Kind.TIMESTAMP} or len(kinds) > 1:
        names = " and ".join(f"a {each.kind}" for each in given)
        raise InvalidCQL2(f"an INTERVAL goes from date to date or from timestamp to timestamp, "
                          f"this one has {names}")  # fmt: skip
    days = Kind.DATE in kinds
    columns = [each for each in given if each.value is None]
    return Times(
        start=start.sql if start else _infinity("-infinity", days),
        end=end.sql if end else _infinity("infinity", days),
        days=days if given else None,
        ends=None if columns else (_value(start), _value(end)),
        known=_known(start, end) if columns else None,
    )


def _known(start: Operand | None, end: Operand | None) -> ColumnElement[bool]:
    """That both ends are there and in order."""
    if start and end:
        known: ColumnElement[bool] = start.sql <= end.sql
        return known
    return and_(*(each.sql.is_not(None) for each in (start, end) if each))


def _value(end: Operand | None) -> date | None:
    return end.value if end and isinstance(end.value, date) else None
