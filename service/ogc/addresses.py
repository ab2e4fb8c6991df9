"""Addresses and links of a FastAPI request, as every resource of the OGC API writes them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from fastapi import Request

from layers.encoders import Link
from service.api.negotiation import Media

ROOT = "/ogc"
COLLECTIONS = f"{ROOT}/collections"


def base_of(request: Request) -> str:
    """The address that links start with: the configured one, else the one asked for."""
    public: str | None = request.app.state.public_url
    return public or str(request.base_url).rstrip("/")


def link(href: str, rel: str, media_type: str, title: str) -> Link:
    """One link of RFC 8288."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def own_links(request: Request, media: Media, offered: Sequence[Media]) -> list[Link]:
    """The address asked for, and the same in every other representation."""
    here = base_of(request) + quote(request.url.path)
    query = f"?{request.url.query}" if request.url.query else ""
    kept = urlencode([(k, v) for k, v in request.query_params.multi_items() if k != "f"])
    stem = f"{here}?{kept}{'&' if kept else ''}f="
    return [
        link(here + query, "self", media.media_type, "This document"),
        *(
            link(stem + other.id, "alternate", other.media_type, f"This as {other.title}")
            for other in offered
            if other is not media
        ),
    ]
