"""One document, given as JSON or as a page, as the request asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from layers.catalog import Layer
from service.api.negotiation import HTML, RESOURCE_MEDIA, Media, choose
from service.ogc.addresses import base_of
from web.resources import Kind, resource_page

_HEADERS = {"Cache-Control": "public, no-cache", "Vary": "Accept, Accept-Encoding"}


def media_of(request: Request, offered: Sequence[Media] = RESOURCE_MEDIA) -> Media:
    """The representation that the request asks for. Raises UnknownParameter, NotAcceptable."""
    return choose(offered, request.query_params.get("f"), request.headers.get("accept"))


def answer(
    request: Request,
    media: Media,
    kind: Kind,
    document: dict[str, Any],
    layer: Layer | None = None,
) -> Response:
    """The document in that representation."""
    if media is HTML:
        page = resource_page(kind, document, base=base_of(request), layer=layer)
        return HTMLResponse(page, headers=_HEADERS)
    return JSONResponse(document, media_type=media.media_type, headers=_HEADERS)
