"""Routes of the descriptions: /ogc/api for OGC clients, /openapi.json for all others."""

from __future__ import annotations

import json
from functools import lru_cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from service.api.negotiation import HTML, JSON
from service.api.parameters import KnownCRSDep, known_parameters
from service.ogc.addresses import ROOT, base_of
from service.ogc.answers import media_of
from service.ogc.openapi.document import openapi_document, site_document
from service.ogc.openapi.media import OPENAPI, OPENAPI_MEDIA
from web.documents import api_page

router = APIRouter(include_in_schema=False)
_HEADERS = {"Cache-Control": "public, no-cache", "Vary": "Accept, Accept-Encoding"}


# Few addresses are asked under; the size keeps invented Host headers from filling the memory.
@lru_cache(maxsize=4)
def _body(base: str, crs: tuple[str, ...], *, of_site: bool) -> bytes:
    make = site_document if of_site else openapi_document
    return json.dumps(make(base, crs=crs), ensure_ascii=False).encode()


@router.get(f"{ROOT}/api", dependencies=[known_parameters("f")])
async def api(request: Request, crs: KnownCRSDep) -> Response:
    """The API as OpenAPI 3.0, or as a page to read."""
    base = base_of(request)
    if media_of(request, OPENAPI_MEDIA) is HTML:
        return HTMLResponse(api_page(base), headers=_HEADERS)
    body = _body(base, crs.uris, of_site=False)
    return Response(body, media_type=OPENAPI.media_type, headers=_HEADERS)


@router.get("/openapi.json", dependencies=[known_parameters()])
async def site(request: Request, crs: KnownCRSDep) -> Response:
    """The same, with every path from the root of the site."""
    media_of(request, (JSON,))
    body = _body(base_of(request), crs.uris, of_site=True)
    return Response(body, media_type=JSON.media_type, headers=_HEADERS)
