"""Items and single items of a layer: the hot reads of OGC API - Features."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from geo.entities import SLUG
from geo.errors import InvalidToken, NotFound
from layers.catalog import Layer, TimeSemantics, layer_by_id
from layers.encoders import GEOJSON_MEDIA_TYPE, Link, compact, time_stamp
from layers.filters import DEFAULT_LIMIT, Period, parse_limit
from layers.pages import COUNT_LIMIT, item_statement, page_statement
from layers.queries import ItemsFilter
from service.api.parameters import FILTER_PARAMETERS, check_format, read_items_filter
from service.light.connections import Connections
from service.light.http import LightRequest, LightResponse
from service.light.version import Version, VersionWatch
from service.reader import Reader

PREFIX = "/ogc/collections/"
ITEMS_PARAMETERS = frozenset((*FILTER_PARAMETERS, "limit", "token", "f"))
ITEM_PARAMETERS = frozenset(("datetime", "f"))
_GEOJSON = GEOJSON_MEDIA_TYPE.encode()
_CACHE = (b"cache-control", b"public, no-cache")
_VARY = (b"vary", b"Accept, Accept-Encoding")


class LightItems:
    """Answers `/ogc/collections/{layer}/items` and `…/items/{id}` of published layers."""

    def __init__(self, connections: Connections, watch: VersionWatch, reader: Reader) -> None:
        self._connections = connections
        self._reader = reader
        self._watch = watch

    def handler(self, path: str) -> Callable[[LightRequest], Awaitable[LightResponse]] | None:
        """What answers that path; None for any other."""
        try:
            target = light_layer(path)
        except NotFound:
            return None
        if target is None:
            return None
        layer, item_id = target
        if item_id is None:
            return lambda request: self.items(request, layer)
        return lambda request: self.item(request, layer, item_id)

    async def items(self, request: LightRequest, layer: Layer) -> LightResponse:
        """One page of features."""
        asked = request.parameters(ITEMS_PARAMETERS)
        check_format(asked.get("f"))
        chosen = read_items_filter(asked)
        limit = parse_limit(asked["limit"]) if "limit" in asked else DEFAULT_LIMIT
        after = read_token(layer, asked["token"]) if "token" in asked else 0
        version = await self._watch.version()
        unchanged = _not_modified(request, version)
        if unchanged:
            return unchanged
        rows = await self._rows(layer, chosen, limit, after)
        return self._page(request, layer, asked, rows, limit, version)

    async def _rows(
        self, layer: Layer, chosen: ItemsFilter, limit: int, after: int
    ) -> Sequence[Mapping[str, Any]]:
        """Rows of (matched, seq, feature): prepared for box and time, made for a CQL2 filter."""
        if chosen.condition is not None:
            return await self._reader.filtered_page(layer, chosen, limit, after)
        period = None if layer.time is TimeSemantics.NONE else chosen.period
        return await self._connections.fetch(
            page_statement(layer, chosen.bbox, period, limit=limit, after=after)
        )

    def _page(
        self,
        request: LightRequest,
        layer: Layer,
        asked: dict[str, str],
        rows: Sequence[Mapping[str, Any]],
        limit: int,
        version: Version,
    ) -> LightResponse:
        matched = rows[0]["matched"] if rows else None
        if matched is None:  # nothing was asked that leaves a feature of this layer out
            matched = version.counts[layer.id]
        features = [row["feature"] for row in rows if row["feature"] is not None]
        links: list[Link] = [
            {"href": request.url, "rel": "self", "type": GEOJSON_MEDIA_TYPE, "title": "This page"},
            collection_link(request, layer),
        ]
        if len(features) > limit:
            features.pop()
            links.append(_next_link(request, layer, asked, rows[limit - 1]["seq"]))
        head: dict[str, object] = {"type": "FeatureCollection", "timeStamp": time_stamp()}
        if matched is not None and matched <= COUNT_LIMIT:
            head["numberMatched"] = matched
        head |= {"numberReturned": len(features), "links": links}
        start = compact(head)[:-1].encode()
        body = b"".join((start, b',"features":[', b",".join(features), b"]}"))
        return LightResponse(200, _GEOJSON, body, _headers(request, version, links))

    async def item(self, request: LightRequest, layer: Layer, item_id: str) -> LightResponse:
        """One feature."""
        asked = request.parameters(ITEM_PARAMETERS)
        check_format(asked.get("f"))
        if "datetime" in asked:
            Period.parse(asked["datetime"])
        if not SLUG.fullmatch(item_id):
            raise NotFound(f"There is no feature {item_id[:100]!r} in {layer.id}")
        version = await self._watch.version()
        unchanged = _not_modified(request, version)
        if unchanged:
            return unchanged
        rows = await self._connections.fetch(item_statement(layer, item_id))
        if not rows:
            raise NotFound(f"There is no feature {item_id[:100]!r} in {layer.id}")
        links: list[Link] = [
            {"href": request.url, "rel": "self", "type": GEOJSON_MEDIA_TYPE, "title": "This item"},
            collection_link(request, layer),
        ]
        body = b"".join((rows[0]["feature"][:-1], b',"links":', compact(links).encode(), b"}"))
        return LightResponse(200, _GEOJSON, body, _headers(request, version, links))


def light_layer(path: str) -> tuple[Layer, str | None] | None:
    """The layer and item id of a path that is answered here; None for any other."""
    if not path.startswith(PREFIX):
        return None
    parts = path[len(PREFIX) :].split("/", 2)
    if len(parts) < 2 or parts[1] != "items" or parts[-1] == "":
        return None
    layer = layer_by_id(parts[0])
    if layer.time is TimeSemantics.STATE:
        return None
    return layer, parts[2] if len(parts) == 3 else None


def collection_link(request: LightRequest, layer: Layer) -> Link:
    """The link from features to their collection."""
    href = f"{request.base}{PREFIX}{layer.id}"
    return {"href": href, "rel": "collection", "type": "application/json", "title": layer.title}


def _next_link(request: LightRequest, layer: Layer, asked: dict[str, str], seq: int) -> Link:
    query = urlencode({**asked, "token": make_token(layer, seq)})
    href = f"{request.base}{quote(request.path)}?{query}"
    return {"href": href, "rel": "next", "type": GEOJSON_MEDIA_TYPE, "title": "The next page"}


def make_token(layer: Layer, seq: int) -> str:
    """The opaque text of a place in the order of pages."""
    return base64.urlsafe_b64encode(f"{layer.id}:{seq}".encode()).decode("ascii").rstrip("=")


def read_token(layer: Layer, token: str) -> int:
    """The place that make_token wrote. Raises InvalidToken."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        made_for, _, seq = text.decode("ascii").partition(":")
        place = int(seq)
    except (ValueError, binascii.Error) as error:
        raise InvalidToken("token: not one of this service; follow the next links") from error
    if made_for != layer.id or not 0 < place < 2**63:
        raise InvalidToken(f"token: not one for {layer.id}; follow the next links")
    return place


def _url_hash(request: LightRequest) -> str:
    encoding = b"g" if "gzip" in (request.header(b"accept-encoding") or "") else b""
    key = request.url.encode() + b"\0" + encoding
    return hashlib.blake2b(key, digest_size=8).hexdigest()


def _etag(request: LightRequest, version: Version) -> str:
    """A strong validator: version, address and the moment at which this very body was made."""
    return f'"{version.tag}.{_url_hash(request)}.{time.time_ns():x}"'


def _not_modified(request: LightRequest, version: Version) -> LightResponse | None:
    """304 where the client holds an answer of this address that this version of the data made."""
    held = request.header(b"if-none-match")
    if held is None:
        return None
    current = f'"{version.tag}.{_url_hash(request)}.'
    for tag in held.split(","):
        tag = tag.strip().removeprefix("W/")
        if tag.startswith(current):
            headers = [(b"etag", tag.encode("latin-1")), _CACHE, _VARY]
            return LightResponse(304, _GEOJSON, b"", headers)
    return None


def _headers(
    request: LightRequest, version: Version, links: list[Link]
) -> list[tuple[bytes, bytes]]:
    link = ", ".join(f'<{x["href"]}>; rel="{x["rel"]}"; type="{x["type"]}"' for x in links)
    return [
        (b"etag", _etag(request, version).encode()),
        (b"link", link.encode("latin-1", "replace")),
        _CACHE,
        _VARY,
    ]
