"""Every error as a problem document (RFC 9457). The one table of error classes and status codes."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

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

PROBLEM_MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
# From the special to the general: the first class that fits decides.
STATUS: tuple[tuple[type[ScamAtlasError], int, str], ...] = (
    (InvalidFilter, 400, "A parameter cannot be answered"),
    (FormatLimit, 400, "The selection does not fit the format"),
    (InvalidValue, 400, "A value cannot be answered"),
    (NotFound, 404, "Not found"),
    (TooBusy, 503, "Too much at once"),
    (FileNotMade, 507, "The file could not be made"),
    (DatabaseUnavailable, 503, "The database is not available"),
    (QueryTooSlow, 503, "The answer took too long"),
    (SchemaOutdated, 503, "The database is not ready"),
    (StoreError, 503, "The database is not available"),
)
_log = logging.getLogger("scam_atlas")


class UnknownParameter(InvalidFilter):
    """A query parameter that the resource does not have, or one that stands twice."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def problem(
    status: int, title: str, detail: str, *, parameter: str | None = None, **headers: str
) -> JSONResponse:
    """A problem document; `parameter` names the query parameter at fault."""
    content: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    content["detail"] = detail
    if parameter is not None:
        content["parameter"] = parameter
    return JSONResponse(content, status, headers=headers, media_type=PROBLEM_MEDIA_TYPE)


def problem_of(error: ScamAtlasError) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of the problem document for one of our errors, and its headers."""
    status, title = next(
        (status, title) for kind, status, title in STATUS if isinstance(error, kind)
    )
    content = {"type": "about:blank", "title": title, "status": status, "detail": str(error)}
    if status == 503:
        _log.warning("%s", error)
        return content, {"Retry-After": str(RETRY_AFTER_S)}
    parameter = getattr(error, "parameter", None)
    return content | ({"parameter": parameter} if parameter else {}), {}


def unexpected(error: Exception) -> dict[str, Any]:
    """The content for a fault of ours: it is logged, and nothing of it is told."""
    _log.error("Unexpected error", exc_info=error)
    detail = "The request could not be answered; it was logged."
    return {"type": "about:blank", "title": "An error of ours", "status": 500, "detail": detail}


async def _domain_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ScamAtlasError)  # noqa: S101 - registered for this class only
    content, headers = problem_of(error)
    return JSONResponse(content, content["status"], headers=headers, media_type=PROBLEM_MEDIA_TYPE)


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    titles = {404: "Not found", 405: "Method not allowed"}
    title = titles.get(error.status_code, "The request cannot be answered")
    return problem(error.status_code, title, str(error.detail), **dict(error.headers or {}))


async def _bad_parameter(_request: Request, error: Exception) -> JSONResponse:
    """FastAPI's 422 for a query parameter is 400 here, as OGC API - Features asks."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    return problem(
        400, "A parameter cannot be answered", first["msg"], parameter=str(first["loc"][-1])
    )


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(unexpected(error), 500, media_type=PROBLEM_MEDIA_TYPE)


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application leave as a problem document."""
    app.add_exception_handler(ScamAtlasError, _domain_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_parameter)
    app.add_exception_handler(Exception, _unexpected)
