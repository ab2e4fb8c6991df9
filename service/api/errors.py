"""Every error as a problem document (RFC 9457). The one table of error classes and status codes."""

from __future__ import annotations

import logging
import time
from math import ceil
from typing import Any

from geo.errors import (
    DatabaseUnavailable,
    InvalidFilter,
    InvalidValue,
    NotFound,
    QueryTooSlow,
    ScamAtlasError,
    SchemaOutdated,
    StoreError,
    TooBusy,
)
from layers.formats import FileNotMade, FormatLimit
from service.figures.errors import FigureNotDrawn, FigureTooSlow

PROBLEM_MEDIA_TYPE = "application/problem+json"


class NotAcceptable(InvalidValue):
    """The resource has no representation that the Accept header allows."""


class BodyNotTaken(ScamAtlasError):
    """A request that reads, with a body."""


class TooManyRequests(ScamAtlasError):
    """One client asks more often than it may; `retry_after_s` says when it may again."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


RETRY_AFTER_S = 5
# From the special to the general: the first class that fits decides.
STATUS: tuple[tuple[type[ScamAtlasError], int, str], ...] = (
    (InvalidFilter, 400, "A parameter cannot be answered"),
    (NotAcceptable, 406, "Not in that format"),
    (FormatLimit, 400, "The selection does not fit the format"),
    (InvalidValue, 400, "A value cannot be answered"),
    (NotFound, 404, "Not found"),
    (BodyNotTaken, 413, "No body is taken"),
    (TooManyRequests, 429, "Too many requests"),
    (TooBusy, 503, "Too much at once"),
    (FileNotMade, 507, "The file could not be made"),
    (FigureTooSlow, 503, "The figure took too long"),
    (FigureNotDrawn, 500, "The figure could not be drawn"),
    (DatabaseUnavailable, 503, "The database is not available"),
    (QueryTooSlow, 503, "The answer took too long"),
    (SchemaOutdated, 503, "The database is not ready"),
    (StoreError, 503, "The database is not available"),
)
_log = logging.getLogger("scam_atlas")
_LOGGED_AGAIN_AFTER_S = 5


class _Sparing:
    """Whether a warning is news: thousands of clients meet the same fault at the same time."""

    def __init__(self) -> None:
        self._last, self._again_at = "", 0.0

    def is_news(self, message: str) -> bool:
        """False for the message that was last told, until some time has gone by."""
        now = time.monotonic()
        if message == self._last and now < self._again_at:
            return False
        self._last, self._again_at = message, now + _LOGGED_AGAIN_AFTER_S
        return True


_sparing = _Sparing()


class UnknownParameter(InvalidFilter):
    """A query parameter that the resource does not have, or one that stands twice."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def problem(
    status: int, title: str, detail: str, *, parameter: str | None = None
) -> dict[str, Any]:
    """The content of a problem document; `parameter` names the query parameter at fault."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return content | ({"parameter": parameter} if parameter is not None else {})


def problem_of(error: ScamAtlasError) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of the problem document for one of our errors, and its headers."""
    status, title = next(
        (status, title) for kind, status, title in STATUS if isinstance(error, kind)
    )
    content = {"type": "about:blank", "title": title, "status": status, "detail": str(error)}
    if status in (429, 503):
        if isinstance(error, StoreError) and _sparing.is_news(str(error)):
            _log.warning("%s", error)
        wait_s = ceil(getattr(error, "retry_after_s", RETRY_AFTER_S))
        return content, {"Retry-After": str(max(1, wait_s))}
    parameter = getattr(error, "parameter", None)
    return content | ({"parameter": parameter} if parameter else {}), {}


def unexpected(error: Exception) -> dict[str, Any]:
    """The content for a fault of ours: it is logged, and nothing of it is told."""
    _log.error("Unexpected error", exc_info=error)
    detail = "The request could not be answered; it was logged."
    return {"type": "about:blank", "title": "An error of ours", "status": 500, "detail": detail}
