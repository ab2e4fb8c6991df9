"""Links of items and item: alternates, collection, queryables, next and previous page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from layers.catalog import Layer
from layers.encoders import Link
from layers.selection import PageRequest, Place
from service.api.negotiation import Media
from service.api.tokens import make_token
from service.light.http import LightRequest

PREFIX = "/ogc/collections/"
# Python's own client refuses lines over 64 kB, others sooner; the body has the links as well.
LONGEST_LINK_HEADER = 16_000
QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"


def own_links(
    request: LightRequest, media: Media, offered: Sequence[Media], asked: dict[str, str]
) -> list[Link]:
    """The address asked for, and the same in every other representation."""
    here = request.url
    links: list[Link] = [
        {"href": here, "rel": "self", "type": media.media_type, "title": "This document"}
    ]
    stem = _with(request, here, asked, "f")
    links += [
        {
            "href": stem + other.id,
            "rel": "alternate",
            "type": other.media_type,
            "title": other.title,
        }
        for other in offered
        if other is not media
    ]
    return links


def collection_links(request: LightRequest, layer: Layer) -> list[Link]:
    """The collection, and what can be asked of it."""
    href = f"{request.base}{PREFIX}{layer.id}"
    return [
        {"href": href, "rel": "collection", "type": "application/json", "title": layer.title},
        {
            "href": f"{href}/queryables",
            "rel": QUERYABLES_REL,
            "type": "application/schema+json",
            "title": "What can be asked of this layer",
        },
    ]


def turning_links(
    request: LightRequest,
    layer: Layer,
    media: Media,
    asked: dict[str, str],
    page: PageRequest,
    places: dict[str, Place],
) -> list[Link]:
    """Next and previous page; places: where each begins, by its relation."""
    if not places:
        return []
    titles = {"next": "The next page", "prev": "The page before"}
    stem = _with(request, request.url, asked, "token")
    return [
        {
            "href": stem + make_token(layer, page.sort, place),
            "rel": rel,
            "type": media.media_type,
            "title": titles[rel],
        }
        for rel, place in places.items()
    ]


def _with(request: LightRequest, here: str, asked: dict[str, str], name: str) -> str:
    """The address asked for, up to the value of that parameter, which comes last."""
    if name not in asked:
        return f"{here}{'&' if asked else '?'}{name}="
    query = urlencode({other: text for other, text in asked.items() if other != name})
    return f"{request.base}{quote(request.path)}?{query}{'&' if query else ''}{name}="


def link_header(links: Sequence[Link]) -> list[tuple[bytes, bytes]]:
    """The same as a Link header (RFC 8288), where clients can be trusted to read one so long."""
    text = ", ".join(f'<{x["href"]}>; rel="{x["rel"]}"; type="{x["type"]}"' for x in links)
    if len(text) > LONGEST_LINK_HEADER:
        return []
    return [(b"link", text.encode("latin-1", "replace"))]
