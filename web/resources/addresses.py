"""Addresses on a page: which may be links, and the same resource asked in another way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# Blanks and controls, which browsers leave out before they read an address.
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f]|\s")
Query = list[tuple[str, str]]


def web_address(text: object) -> str | None:
    """The address, if a browser may be sent there: http or https, with a host."""
    if not isinstance(text, str) or _NO_ADDRESS.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def query_of(address: str | None) -> Query:
    """The query parameters in an address, in their order."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True) if address else []


def asked_anew(address: str, *, without: Iterable[str] = (), **values: str) -> str:
    """The same address with some parameters left out and others set."""
    dropped = {*without, *values}
    kept = [(name, value) for name, value in query_of(address) if name not in dropped]
    return with_query(address, [*kept, *values.items()])


def with_query(address: str, query: Query) -> str:
    """The address with exactly these parameters."""
    parts = urlsplit(address)
    return urlunsplit(
        (*parts[:3], urlencode(query, quote_via=quote, safe="/,:", errors="replace"), "")
    )


def segment(name: object) -> str:
    """A name as one part of a path."""
    return quote(str(name), safe="", errors="replace")


class Site:
    """Addresses of this service, below the one that a reader came by."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.root = urlsplit(base).path
        """What our own paths start with in the page: empty, or the folder of a proxy."""

    @property
    def ogc(self) -> str:
        """The root of the OGC API."""
        return f"{self.base}/ogc"

    def collection(self, layer_id: str) -> str:
        """A layer."""
        return f"{self.ogc}/collections/{segment(layer_id)}"

    def items(self, layer_id: str) -> str:
        """The features of a layer."""
        return f"{self.collection(layer_id)}/items"

    def item(self, layer_id: str, item_id: object) -> str:
        """One feature."""
        return f"{self.items(layer_id)}/{segment(item_id)}"

    def file(self, layer_id: str, extension: str) -> str:
        """A layer as one file."""
        return f"{self.base}/layers/{segment(layer_id)}.{extension}"


def link_to(document: Mapping[str, object], rel: str) -> str | None:
    """The address of the first link of that kind that is one."""
    links = document.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == rel:
            return web_address(link.get("href"))
    return None
