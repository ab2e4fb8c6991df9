"""Problems as they leave the service: as a document (RFC 9457), or for a browser as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from geo.errors import ScamAtlasError
from service.api.errors import (
    PROBLEM_MEDIA_TYPE,
    NotAcceptable,
    problem,
    problem_of,
    unexpected,
)
from service.api.negotiation import HTML, Media, choose
from web.resources import Kind, resource_page

_PROBLEM = Media(
    "json", PROBLEM_MEDIA_TYPE, "Problem", ("application/json", "application/geo+json")
)


def problem_body(content: dict[str, Any], accept: str | None, base: str) -> tuple[str, bytes]:
    """Content type and body; a page only for those who would rather have one."""
    if _for_a_reader(accept):
        page = resource_page(Kind.PROBLEM, content, base=base)
        return HTML.content_type, page.encode(errors="replace")
    return PROBLEM_MEDIA_TYPE, json.dumps(content, ensure_ascii=False).encode(errors="replace")


def _for_a_reader(accept: str | None) -> bool:
    try:
        return choose((_PROBLEM, HTML), None, accept) is HTML
    except NotAcceptable:
        return False


def _answer(
    request: Request, content: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    public: str | None = getattr(request.app.state, "public_url", None)
    base = public or str(request.base_url).rstrip("/")
    media_type, body = problem_body(content, request.headers.get("accept"), base)
    return Response(body, content["status"], dict(headers or {}), media_type)


async def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ScamAtlasError)  # noqa: S101 - registered for this class only
    return _answer(request, *problem_of(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    titles = {404: "Not found", 405: "Method not allowed"}
    title = titles.get(error.status_code, "The request cannot be answered")
    return _answer(request, problem(error.status_code, title, str(error.detail)), error.headers)


async def _bad_parameter(request: Request, error: Exception) -> Response:
    """FastAPI's 422 for a query parameter is 400 here, as OGC API - Features asks."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    title, name = "A parameter cannot be answered", str(first["loc"][-1])
    return _answer(request, problem(400, title, first["msg"], parameter=name))


async def _unexpected(request: Request, error: Exception) -> Response:
    return _answer(request, unexpected(error))


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application leave as a problem document."""
    app.add_exception_handler(ScamAtlasError, _domain_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_parameter)
    app.add_exception_handler(Exception, _unexpected)
