"""EDTF level 1 text to the days on which a claim possibly and certainly holds.

EDTF is ISO 8601-2:2019 Annex A (Library of Congress specification of 2019). What is held here:
`2023-10-27`, `2023-10`, `2023`, seasons `2023-21`…`24`, unspecified digits from the right
(`202X`, `2023-XX`, `2023-10-XX`), a qualifier at the end of a date (`?` uncertain, `~`
approximate, `%` both) and intervals `A/B` in which either end may be `..` or empty: in this
project both mean that the end is not known. Times of day, negative and five-digit years are
refused: the claims are about days between the years 1 and 9999.

Every day range is closed. `None` as a bound means that nothing limits it on that side.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import InvalidEDTF

_DATE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)"
    r"(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?"
    r"(?P<qualifier>[?~%]?)",
    re.ASCII,
)
# Northern seasons of EDTF level 1: 21 spring, 22 summer, 23 autumn, 24 winter.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}
_UNKNOWN_ENDS = ("", "..")


@dataclass(frozen=True, slots=True)
class DayRange:
    """A closed range of days; None = no limit on that side."""

    first: date | None
    last: date | None

    def overlaps(self, other: DayRange) -> bool:
        """Whether the two share a day (closed intersection, as OGC `datetime` asks)."""
        return _reaches(self.first, other.last) and _reaches(other.first, self.last)


def _reaches(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


@dataclass(frozen=True, slots=True)
class EDTFDate:
    """One date as given, and the days it may be: `earliest` to `latest`, both included."""

    text: str
    earliest: date
    latest: date

    @property
    def exact(self) -> bool:
        """Whether it can be one day only."""
        return self.earliest == self.latest

    @classmethod
    def parse(cls, text: str) -> EDTFDate:
        """Read a single EDTF level 1 date.

        Raises InvalidEDTF, with the text and the reason.
        """
        match = _DATE.fullmatch(text)
        if match is None:
            raise InvalidEDTF(_why_not(text))
        earliest, latest = _span(text, match["year"], match["month"], match["day"])
        if match["qualifier"]:
            earliest, latest = _widened(earliest, latest, match["month"], match["day"])
        return cls(text, earliest, latest)


@dataclass(frozen=True, slots=True)
class EDTFInterval:
    """A start and an end, each a date or None (not known), at least one known or both unknown."""

    text: str
    start: EDTFDate | None
    end: EDTFDate | None

    @classmethod
    def parse(cls, text: str) -> EDTFInterval:
        """Read `A/B`; `..` or nothing in place of A or B means not known.

        Raises InvalidEDTF: not two parts, a bad date, or an end that lies before the start.
        """
        parts = text.split("/")
        if len(parts) != 2:
            raise InvalidEDTF(
                f"{text!r} is no interval: write START/END, with .. for an unknown end"
            )
        start, end = (None if part in _UNKNOWN_ENDS else EDTFDate.parse(part) for part in parts)
        if start and end and end.latest < start.earliest:
            raise InvalidEDTF(f"{text!r} ends before it starts")
        return cls(text, start, end)


EDTF = EDTFDate | EDTFInterval


def parse_edtf(text: str) -> EDTF:
    """Read a date or an interval. Raises InvalidEDTF."""
    return EDTFInterval.parse(text) if "/" in text else EDTFDate.parse(text)


def possible_days(edtf: EDTF) -> DayRange:
    """From the earliest to the latest day on which the claim may hold."""
    if isinstance(edtf, EDTFDate):
        return DayRange(edtf.earliest, edtf.latest)
    return DayRange(
        edtf.start.earliest if edtf.start else None, edtf.end.latest if edtf.end else None
    )


def certain_days(edtf: EDTF) -> DayRange | None:
    """The days on which the claim holds whatever the truth of its uncertain ends; None = no day.

    A single date says that something was somewhere within it: certain only where it is one exact
    day. An interval holds from its latest start to its earliest end. Where one end is not known,
    the exact other end is all that is certain.
    """
    if isinstance(edtf, EDTFDate):
        return DayRange(edtf.earliest, edtf.latest) if edtf.exact else None
    return _certain_state(edtf.start, edtf.end, anchor=None)


def held_days(
    valid: EDTF, held_on: EDTF | None, active: DayRange
) -> tuple[DayRange, DayRange | None]:
    """Possible and certain days of a role that an actor is said to have (DESIGN, section 1).

    valid: the period as given; an end that is not known limits nothing by itself.
    held_on: when the source says that the role is held: its own words on that, else the day it
    was published; None where neither is known. The role is certain then, and between then and
    each known end. active: the actor's own days, which limit what is possible where the period
    has no known end.
    """
    start, end = _ends(valid)
    possible = DayRange(
        start.earliest if start else active.first, end.latest if end else active.last
    )
    if not _reaches(possible.first, possible.last):
        # The period and the actor's own dates contradict each other: the period's source wins.
        possible = possible_days(valid)
    if isinstance(valid, EDTFDate):
        return possible, certain_days(valid)
    return possible, _clipped(_certain_state(start, end, anchor=held_on), possible)


def said_days(certain: DayRange | None, held_on: EDTF | None) -> DayRange | None:
    """From when until when a source says so: the certain days, else the day of saying itself.

    An old claim with no known end is shown with the last of these days, never as today's fact.
    """
    if certain is not None:
        return certain
    if held_on is None:
        return None
    first = _ends(held_on)[0] or _ends(held_on)[1]
    return DayRange(first.earliest, first.earliest) if first else None


def observed_days(occurred: EDTF, published: EDTF | None) -> DayRange | None:
    """Between which days a report counts as an observation (DESIGN, section 1, rules 1 and 2).

    The first is the earliest possible day (of the end, where the start is not known: nobody says
    that it held before). The last is the same for a single date, so that "2025" never overrides
    "2025-03-10"; for an interval it is the earliest day of its end, and an open end reaches only
    as far as the publication. None where neither end is known.
    """
    start, end = _ends(occurred)
    if start is None:
        return DayRange(end.earliest, end.earliest) if end else None
    if isinstance(occurred, EDTFDate):
        return DayRange(start.earliest, start.earliest)
    if end is None:
        told = _ends(published)[0] if published else None
        return DayRange(start.earliest, max(start.earliest, told.earliest if told else date.min))
    return DayRange(start.earliest, max(start.earliest, end.earliest))


def _clipped(days: DayRange | None, limits: DayRange) -> DayRange | None:
    """The part of bounded `days` that lies within `limits`; None where no day is left."""
    if days is None or not days.overlaps(limits):
        return None
    assert days.first is not None  # noqa: S101 - certain days are bounded by construction
    assert days.last is not None  # noqa: S101
    return DayRange(
        max(days.first, limits.first or days.first), min(days.last, limits.last or days.last)
    )


def _ends(edtf: EDTF) -> tuple[EDTFDate | None, EDTFDate | None]:
    return (edtf, edtf) if isinstance(edtf, EDTFDate) else (edtf.start, edtf.end)


def _certain_state(
    start: EDTFDate | None, end: EDTFDate | None, *, anchor: EDTF | None
) -> DayRange | None:
    """Certain days of a state: from its latest start to its earliest end.

    An unknown end is replaced by the anchor, a time at which the state is known to hold; an
    exact known end is itself a day on which it held.
    """
    anchored_first, anchored_last = _anchored(anchor)
    first, last = anchored_first, anchored_last
    if start:
        first = start.latest
        if start.exact and (last is None or last < start.latest):
            last = start.latest
    if end:
        last = end.earliest
        if not start and end.exact and (first is None or first > end.earliest):
            first = end.earliest
    if first is None or last is None or first > last:
        return None
    return DayRange(first, last)


def _anchored(anchor: EDTF | None) -> tuple[date | None, date | None]:
    """First and last day between which the anchor certainly lies inside the state."""
    if anchor is None:
        return None, None
    if isinstance(anchor, EDTFDate):
        return anchor.latest, anchor.earliest
    first = anchor.start.latest if anchor.start else (anchor.end.latest if anchor.end else None)
    last = anchor.end.earliest if anchor.end else (anchor.start.earliest if anchor.start else None)
    if anchor.start is None and anchor.end is not None:
        # "Some time before D": the state held on an unknown day up to D, on D only perhaps.
        last = None
    return first, last


def _span(text: str, year: str, month: str | None, day: str | None) -> tuple[date, date]:
    """The days that the unqualified date may be."""
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if last_year < 1 or (first_year < 1 and "X" not in year):
        raise InvalidEDTF(f"{text!r}: the years held are 0001 to 9999")
    first_year = max(first_year, 1)
    if month is None:
        return date(first_year, 1, 1), date(last_year, 12, 31)
    if "X" in year:
        raise InvalidEDTF(f"{text!r}: digits may be unspecified from the right only")
    if month == "XX":
        if day not in (None, "XX"):
            raise InvalidEDTF(f"{text!r}: digits may be unspecified from the right only")
        return date(first_year, 1, 1), date(first_year, 12, 31)
    number = int(month)
    if number in _SEASONS and day is None:
        return _season(first_year, number)
    if not 1 <= number <= 12:
        raise InvalidEDTF(f"{text!r}: there is no month {month} (01-12, seasons 21-24)")
    days = calendar.monthrange(first_year, number)[1]
    if day in (None, "XX"):
        return date(first_year, number, 1), date(first_year, number, days)
    if not 1 <= int(day) <= days:
        raise InvalidEDTF(f"{text!r}: {year}-{month} has no day {day}")
    exact = date(first_year, number, int(day))
    return exact, exact


def _season(year: int, number: int) -> tuple[date, date]:
    first_month, last_month = _SEASONS[number]
    last_year = year + (last_month < first_month)
    if last_year > date.max.year:
        return date(year, first_month, 1), date.max
    last_day = calendar.monthrange(last_year, last_month)[1]
    return date(year, first_month, 1), date(last_year, last_month, last_day)


def _widened(earliest: date, latest: date, month: str | None, day: str | None) -> tuple[date, date]:
    """What a qualifier adds (DESIGN, section 1): a day ±3 days, a month ±1 month, a year ±1 year.

    A date whose last digits are unspecified (`202X~`, `2023-XX~`) widens like its known part.
    """
    if day not in (None, "XX"):
        return _shifted(earliest, -3), _shifted(latest, 3)
    if month not in (None, "XX"):
        return _month_before(earliest), _month_after(latest)
    return (
        earliest.replace(year=max(earliest.year - 1, 1)),
        latest.replace(year=min(latest.year + 1, date.max.year)),
    )


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.min if days < 0 else date.max


def _month_before(first_of_month: date) -> date:
    return _shifted(first_of_month, -1).replace(day=1)


def _month_after(last_of_month: date) -> date:
    following = _shifted(last_of_month, 1)
    return following.replace(day=calendar.monthrange(following.year, following.month)[1])


def _why_not(text: str) -> str:
    """The likeliest rule that the text breaks."""
    if not text.strip():
        return "an empty date"
    if text != text.strip():
        return f"{text!r} has blanks around it"
    if "T" in text or ":" in text:
        return f"{text!r} has a time of day: claims are held by whole days (YYYY-MM-DD)"
    if text.startswith(("-", "Y")):
        return f"{text!r}: the years held are 0001 to 9999"
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text):
        return f"{text!r} is not EDTF: write YYYY-MM-DD"
    if re.fullmatch(r"\d{4}-\d(-\d{1,2})?|\d{4}-\d{2}-\d", text):
        return f"{text!r} is not EDTF: months and days have two digits"
    return (
        f"{text!r} is not EDTF level 1: write YYYY, YYYY-MM or YYYY-MM-DD, with ~ for about, "
        "A/B for an interval and .. for an end that is not known"
    )
