"""Items and single items of a layer: the hot reads of OGC API - Features."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.errors import NotFound
from layers.catalog import Layer, TimeSemantics, layer_by_id
from layers.crs import KnownCRS
from layers.encoders import Link, compact, links_json, time_stamp
from layers.formats.model import CSV, GEOJSONSEQ
from layers.formats.text import text_chunks
from layers.listing import is_published
from layers.pages import COUNT_LIMIT, item_statement, page_statement
from layers.selection import AS_STORED, ItemsFilter, PageRequest, Place, View
from service.api.negotiation import (
    HTML,
    ITEM_MEDIA,
    ITEMS_MEDIA,
    SEQUENCE,
    TABLE,
    Media,
    choose,
)
from service.api.parameters import (
    ITEM_PARAMETERS,
    ITEMS_PARAMETERS,
    check_feature_id,
    read_items_filter,
    read_page,
    read_view,
    with_queryables,
)
from service.light.connections import Connections
from service.light.http import LightRequest, LightResponse, LongBody, encoding_for
from service.light.links import PREFIX, collection_links, link_header, own_links, turning_links
from service.light.validators import CACHE, VARY, held_validator
from service.light.version import Version, VersionWatch
from service.limits import LargeTurns
from service.reader import Reader
from web.resources import Kind, resource_page

_ITEM_PARAMETERS = frozenset(ITEM_PARAMETERS)
LARGE_PAGE = 1_000
LARGE_PAGES_AT_ONCE = 2
# So long others wait for a client to take its large page, and no longer.
SLOW_CLIENT_S = 0.1
LONGEST_HTML = 1_000  # features on a page that people read
Rows = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Found:
    """The features of one page, how many match in all, and where the pages beside it begin."""

    features: list[bytes]
    matched: int | None
    places: dict[str, Place]


class LightItems:
    """Answers `/ogc/collections/{layer}/items` and `…/items/{id}`."""

    def __init__(
        self, connections: Connections, watch: VersionWatch, reader: Reader, known: KnownCRS
    ) -> None:
        self._connections = connections
        self._reader = reader
        self._watch = watch
        self._known = known
        self._large = LargeTurns(LARGE_PAGES_AT_ONCE, SLOW_CLIENT_S)

    def handler(self, path: str) -> Callable[[LightRequest], Awaitable[LightResponse]] | None:
        """What answers that path; None for any other."""
        target = light_layer(path)
        if target is None:
            return None
        layer, item_id = target
        if item_id is None:
            return lambda request: self.items(request, layer)
        return lambda request: self.item(request, layer, item_id)

    async def items(self, request: LightRequest, layer: Layer) -> LightResponse:
        """One page of features."""
        asked = request.parameters(with_queryables(layer, ITEMS_PARAMETERS))
        media = choose(ITEMS_MEDIA, asked.get("f"), request.header(b"accept"))
        page = read_page(layer, asked, self._known)
        if media is HTML and page.limit > LONGEST_HTML:
            page = replace(page, limit=LONGEST_HTML)
        version = await self._watch.version()
        unchanged = _not_modified(request, version, media)
        if unchanged:
            return unchanged
        page = replace(page, asked=_of_the_day(layer, page.asked, version))
        if page.limit <= LARGE_PAGE:
            return await self._page(request, layer, media, asked, page, version)
        # A large page is some 10 MB: few are in memory at once, the others wait their turn.
        turn = await self._large.begin()
        try:
            response = await self._page(request, layer, media, asked, page, version)
        except BaseException:
            turn.end()
            raise
        turn.ready()
        response.turn = turn
        return response

    async def _page(
        self,
        request: LightRequest,
        layer: Layer,
        media: Media,
        asked: dict[str, str],
        page: PageRequest,
        version: Version,
    ) -> LightResponse:
        found = await self._found(layer, page, version)
        links = [
            *own_links(request, media, ITEMS_MEDIA, asked),
            *collection_links(request, layer),
            *turning_links(request, layer, media, asked, page, found.places),
        ]
        body = await _items_body(request, layer, media, page.view, found, links)
        return LightResponse(
            200,
            media.content_type.encode(),
            body,
            _headers(request, version, media, page.view, links),
        )

    async def _found(self, layer: Layer, page: PageRequest, version: Version) -> Found:
        """Prepared statements for box and time; a statement of its own for all else."""
        if page.plain and is_published(layer):
            place = page.place
            period = None if layer.time is TimeSemantics.NONE else page.asked.period
            statement = page_statement(
                layer,
                page.asked.bbox,
                period,
                limit=page.limit,
                after=int(place.key) if place else 0,
                backwards=place is not None and place.backwards,
            )
            found = _gathered(await self._connections.fetch(statement), page, "seq")
        else:
            found = _gathered(await self._reader.listed(layer, page), page, "key")
        if found.matched is None:  # nothing was asked that leaves a feature of this layer out
            found.matched = version.counts.get(layer.id)
        return found

    async def item(self, request: LightRequest, layer: Layer, item_id: str) -> LightResponse:
        """One feature."""
        asked = request.parameters(_ITEM_PARAMETERS)
        media = choose(ITEM_MEDIA, asked.get("f"), request.header(b"accept"))
        view = read_view(layer, asked, self._known)
        chosen = read_items_filter(layer, asked, self._known)
        check_feature_id(item_id)
        version = await self._watch.version()
        unchanged = _not_modified(request, version, media)
        if unchanged:
            return unchanged
        if view == AS_STORED and is_published(layer):
            rows = await self._connections.fetch(item_statement(layer, item_id))
            feature = rows[0]["feature"] if rows else None
        else:
            of_the_day = _of_the_day(layer, chosen, version)
            feature = await self._reader.item(layer, item_id, of_the_day, view)
        if feature is None:
            raise NotFound(f"There is no feature {item_id[:100]!r} in {layer.id}")
        links = [
            *own_links(request, media, ITEM_MEDIA, asked),
            *collection_links(request, layer),
        ]
        body = b"".join((feature[:-1], b',"links":', links_json(links).encode(), b"}"))
        if media is HTML:
            body = _html(Kind.ITEM, body, request, layer)
        return LightResponse(
            200, media.content_type.encode(), body, _headers(request, version, media, view, links)
        )


def light_layer(path: str) -> tuple[Layer, str | None] | None:
    """The layer and item id of a path that is answered here; None for any other."""
    if not path.startswith(PREFIX):
        return None
    parts = path[len(PREFIX) :].split("/", 2)
    if len(parts) < 2 or parts[1] != "items" or parts[-1] == "":
        return None
    try:
        layer = layer_by_id(parts[0])
    except NotFound:
        return None
    return layer, parts[2] if len(parts) == 3 else None


def _of_the_day(layer: Layer, asked: ItemsFilter, version: Version) -> ItemsFilter:
    """The states of the day of the data are kept; those of any other day are worked out."""
    if layer.time is TimeSemantics.STATE and asked.at == version.as_of:
        return replace(asked, period=None)
    return asked


def _gathered(rows: Rows, page: PageRequest, key: str) -> Found:
    """The features in their order; the row beyond the limit only tells that there are more."""
    matched = rows[0]["matched"] if rows else None
    rows = [row for row in rows if row[key] is not None]
    more, rows = len(rows) > page.limit, rows[: page.limit]
    backwards = page.place is not None and page.place.backwards
    if backwards:
        rows.reverse()
    names = [f"sort_{number}" for number in range(len(page.sort))]
    places = {}
    if rows and (more or backwards):
        last = rows[-1]
        places["next"] = Place(last[key], tuple(last[name] for name in names))
    if rows and (more if backwards else page.place is not None):
        first = rows[0]
        places["prev"] = Place(first[key], tuple(first[name] for name in names), backwards=True)
    return Found([row["feature"] for row in rows], matched, places)


async def _items_body(
    request: LightRequest,
    layer: Layer,
    media: Media,
    view: View,
    found: Found,
    links: list[Link],
) -> bytes | LongBody:
    if media is SEQUENCE or media is TABLE:
        fmt = GEOJSONSEQ if media is SEQUENCE else CSV
        texts = (feature.decode() for feature in found.features)
        return b"".join(text_chunks(view.of(layer), fmt, texts))
    head: dict[str, object] = {"type": "FeatureCollection", "timeStamp": time_stamp()}
    if found.matched is not None and found.matched <= COUNT_LIMIT:
        head["numberMatched"] = found.matched
    head["numberReturned"] = len(found.features)
    start = f'{compact(head)[:-1]},"links":{links_json(links)},"features":['
    if media is not HTML and len(found.features) > LARGE_PAGE:
        return LongBody(list(_parted(start.encode(), found.features)))
    body = b"".join((start.encode(), b",".join(found.features), b"]}"))
    if media is not HTML:
        return body
    # A long page takes a processor for a while, and others shall not wait for it.
    return await asyncio.to_thread(_html, Kind.ITEMS, body, request, view.of(layer))


def _parted(start: bytes, features: list[bytes]) -> Iterator[bytes]:
    """The parts of a page, so that nothing has to be copied that is there."""
    before = start
    for feature in features:
        yield before
        yield feature
        before = b","
    yield b"]}"


def _html(kind: Kind, document: bytes, request: LightRequest, layer: Layer) -> bytes:
    return resource_page(kind, json.loads(document), base=request.base, layer=layer).encode()


def _url_hash(request: LightRequest, media: Media) -> str:
    coding = (encoding_for(request) or "").encode()
    key = b"\0".join((request.url.encode(), media.id.encode(), coding))
    return hashlib.blake2b(key, digest_size=8).hexdigest()


def _etag(request: LightRequest, version: Version, media: Media) -> str:
    """A strong validator: version, address and the moment at which this very body was made."""
    return f'"{version.tag}.{_url_hash(request, media)}.{time.time_ns():x}"'


def _not_modified(request: LightRequest, version: Version, media: Media) -> LightResponse | None:
    """304 where the client holds an answer of this address that this version of the data made."""
    if b"if-none-match" not in request.headers:
        return None
    held = held_validator(request, f'"{version.tag}.{_url_hash(request, media)}.')
    if held is None:
        return None
    return LightResponse(304, media.content_type.encode(), b"", [(b"etag", held), CACHE, VARY])


def _headers(
    request: LightRequest, version: Version, media: Media, view: View, links: list[Link]
) -> list[tuple[bytes, bytes]]:
    return [
        (b"etag", _etag(request, version, media).encode()),
        *link_header(links),
        (b"content-crs", f"<{view.crs.uri}>".encode()),
        CACHE,
        VARY,
    ]
