"""Single values of a request for a figure, read from texts."""

from __future__ import annotations

import math
import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from geo.entities import check_slug
from geo.errors import InvalidEntity, InvalidFilter

_T = TypeVar("_T", bound=StrEnum)


class InvalidFigure(InvalidFilter):
    """A figure that cannot be drawn as asked; `parameter` names what is wrong."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


def read_day(name: str, text: str) -> date:
    """One day, YYYY-MM-DD. Raises InvalidFigure."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    raise InvalidFigure(name, f"{text[:40]!r} is no day; write YYYY-MM-DD")


def read_list(text: str) -> list[str]:
    """The parts between commas; none of an empty text."""
    return text.split(",") if text.strip() else []


def read_slug(name: str, text: str | None) -> str | None:
    """An id, or None where none is given. Raises InvalidFigure."""
    if text is not None:
        try:
            check_slug(name, text)
        except InvalidEntity as error:
            raise InvalidFigure(name, str(error)) from error
    return text


def read_code(codes: type[_T], name: str, text: str) -> _T:
    """One of a list of codes. Raises InvalidFigure."""
    try:
        return codes(text)
    except ValueError:
        known = ", ".join(codes)
        raise InvalidFigure(name, f"one of {known}, not {text[:40]!r}") from None


def read_whole(name: str, text: str) -> int:
    """A whole number. Raises InvalidFigure."""
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
        raise InvalidFigure(name, f"{text[:40]!r} is not a whole number")
    return int(text)


def read_number(name: str, text: str) -> float:
    """A number. Raises InvalidFigure."""
    try:
        value = float(text) if re.fullmatch(r"[0-9.]{1,12}", text, re.ASCII) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidFigure(name, f"{text[:40]!r} is not a number")
    return value
