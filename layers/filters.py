"""Texts of a request to typed filters: bbox, datetime, limit. One parser for API and exports."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from geo.errors import InvalidBBox, InvalidDatetime, InvalidLimit

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})")
_OPEN = ("", "..")


@dataclass(frozen=True, slots=True)
class BBox:
    """A box in CRS84 degrees; west greater than east means that it crosses 180 degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> BBox:
        """Read `west,south,east,north` or the six numbers with heights, which are not used.

        Raises InvalidBBox.
        """
        return cls.checked(*box_numbers(text))

    @classmethod
    def checked(cls, west: float, south: float, east: float, north: float) -> BBox:
        """A box of degrees. Raises InvalidBBox where it does not lie on Earth."""
        for name, value, most in (
            ("west", west, 180), ("east", east, 180), ("south", south, 90), ("north", north, 90),
        ):  # fmt: skip
            if abs(value) > most:
                raise InvalidBBox(f"bbox: {name} is {value:g}, outside -{most} to {most} degrees")
        if south > north:
            raise InvalidBBox(f"bbox: south ({south:g}) lies above north ({north:g})")
        return cls(west, south, east, north)

    @property
    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """One envelope, or the two on either side of 180 degrees."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return (
            (self.west, self.south, 180.0, self.north),
            (-180.0, self.south, self.east, self.north),
        )


def box_numbers(text: str) -> list[float]:
    """The four numbers of a box, or of the six with heights those of the plane.

    Raises InvalidBBox.
    """
    parts = text.split(",")
    if len(parts) not in (4, 6):
        raise InvalidBBox(f"bbox has 4 or 6 numbers, not {len(parts)}")
    numbers = [_finite(part) for part in parts]
    return numbers if len(numbers) == 4 else [*numbers[0:2], *numbers[3:5]]


def _finite(text: str) -> float:
    try:
        value = float(text) if text.strip() == text and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidBBox(f"bbox: {text[:40]!r} is not a number")
    return value


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for, both included; None = open on that side."""

    first: date | None
    last: date | None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an instant or interval as OGC API - Features Part 1 (7.15.4) writes them.

        A full date or a date-time of RFC 3339; `A/B`, with `..` or nothing for an open end. Times
        of day count as their day in UTC. Raises InvalidDatetime.
        """
        ends = text.split("/")
        if len(ends) == 1:
            day = _day(text)
            return cls(day, day)
        if len(ends) != 2:
            raise InvalidDatetime(f"datetime: {text[:60]!r} is neither an instant nor an interval")
        first, last = (None if end in _OPEN else _day(end) for end in ends)
        if first and last and first > last:
            raise InvalidDatetime(
                f"datetime: the interval ends ({last}) before it starts ({first})"
            )
        return cls(first, last)


def _day(text: str) -> date:
    try:
        if _FULL_DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _DATE_TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC).date()
    except (ValueError, OverflowError) as error:
        raise InvalidDatetime(f"datetime: {text!r} is no day of the calendar") from error
    raise InvalidDatetime(
        f"datetime: {text[:60]!r} is not a date: write YYYY-MM-DD, or A/B with .. for an open end"
    )


def parse_limit(text: str) -> int:
    """How many features a page holds; more than the maximum means the maximum (OGC 7.15.2).

    Raises InvalidLimit.
    """
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise InvalidLimit(f"limit: {text[:40]!r} is not a whole number of at least 1")
    return min(int(text), MAX_LIMIT)
