"""The map in the pages of others: who may frame it, and oEmbed (https://oembed.com)."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from geo.errors import NotFound
from service.api.errors import UnknownParameter
from service.api.parameters import given_parameters
from service.ogc.addresses import base_of
from service.security import policy
from web.catalogue import DEFAULT_LANGUAGE, catalogue, language_or_default
from web.mapconfig import BACKGROUND

router = APIRouter(tags=["Pages"])

PATH = "/oembed"
PARAMETERS = ("url", "format", "maxwidth", "maxheight")
SIZE = (800, 600)
LEAST = 200
MOST = 10_000
CACHE_S = 86_400
# What a view in an address may hold: nothing that could end an attribute.
_VIEW = re.compile(r"[A-Za-z0-9=&%/.,:~_+@-]{0,4000}")


def is_embedded(request: Request) -> bool:
    """Whether the map is asked for as part of another page."""
    return request.query_params.get("embed") == "1"


def map_headers(request: Request) -> dict[str, str]:
    """Headers of the map's page: who may frame it, whose images it may show, where oEmbed is."""
    wider = {"img-src": f"'self' data: https://{BACKGROUND['host']}"}
    headers = {"Cache-Control": "no-cache"}
    if is_embedded(request):
        wider["frame-ancestors"] = "*"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    address = f"{base_of(request)}{PATH}?{urlencode({'format': 'json', 'url': _address(request)})}"
    return headers | {
        "Content-Security-Policy": policy(wider),
        "Link": f'<{address}>; rel="alternate"; type="application/json+oembed"',
    }


def _address(request: Request) -> str:
    language = language_or_default(request.query_params.get("lang"))
    query = "" if language == DEFAULT_LANGUAGE else f"?lang={language}"
    return f"{base_of(request)}/{query}"


@router.get(PATH, summary="How the map is put into another page (oEmbed 1.0)")
async def oembed(request: Request) -> JSONResponse:
    """A frame with the view that `url` shows, no larger than `maxwidth` and `maxheight` pixels."""
    given = given_parameters(request, PARAMETERS)
    if given.get("format", "json") != "json":
        return JSONResponse({"detail": "format: only json is served"}, 501)
    if "url" not in given:
        raise UnknownParameter("url", "url: give the address of the map")
    language, view = _read(given["url"], base_of(request))
    width, height = (
        min(_pixels(given, name), size)
        for name, size in zip(("maxwidth", "maxheight"), SIZE, strict=True)
    )
    return JSONResponse(
        _document(base_of(request), language, view, width, height),
        headers={"Cache-Control": f"public, max-age={CACHE_S}"},
    )


def _read(url: str, base: str) -> tuple[str, str]:
    """Language and view of an address of the map. Raises NotFound for any other."""
    parts = urlsplit(url if len(url) <= 8_000 else "")
    ours = urlsplit(base)
    host = (parts.scheme, parts.netloc)
    here = host in (("", ""), (ours.scheme, ours.netloc))
    root = {f"{ours.path}/", ours.path or "/", "/"} if host == ("", "") else {f"{ours.path}/"}
    if not here or parts.path not in root | ({ours.path} if host != ("", "") else set()):
        raise NotFound("url: that is no address of this map")
    if not _VIEW.fullmatch(parts.fragment):
        raise NotFound("url: that view cannot be read")
    asked = parse_qs(parts.query)
    return language_or_default(asked.get("lang", [None])[0]), parts.fragment


def _pixels(given: dict[str, str], name: str) -> int:
    text = given.get(name, str(MOST))
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < LEAST:
        raise UnknownParameter(name, f"{name}: give at least {LEAST} pixels")
    return int(text)


def _document(base: str, language: str, view: str, width: int, height: int) -> dict[str, Any]:
    query = {"embed": "1"} | ({} if language == DEFAULT_LANGUAGE else {"lang": language})
    address = f"{base}/?{urlencode(query)}" + (
        f"#{quote(view, safe='=&%/.,:~_+@-')}" if view else ""
    )
    title = catalogue(language)["sharing"]["frame_title"]
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Scam Atlas",
        "provider_url": f"{base}/",
        "cache_age": CACHE_S,
        "width": width,
        "height": height,
        "html": (
            f'<iframe src="{escape(address)}" width="{width}" height="{height}" '
            f'title="{escape(title)}" loading="lazy" style="border:0"></iframe>'
        ),
    }
