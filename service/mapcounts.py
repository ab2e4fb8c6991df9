"""What the map asks where there are more reports than a browser holds: counts and states.

Answers are texts that the database makes. Few are worked out at once, and the last ones are kept
compressed until the data change.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import zstandard
from fastapi import APIRouter, Request, Response
from sqlalchemy import Select

from geo.errors import TooBusy
from layers.aggregates import select_counts, select_histogram, select_sites_in, select_states
from layers.catalog import HOTSPOTS, REPORTS
from service.api.negotiation import JSON
from service.api.parameters import (
    FILTER_PARAMETERS,
    STATES_PARAMETERS,
    KnownCRSDep,
    given_parameters,
    read_items_filter,
)
from service.compression import best_encoding, compress
from service.light.version import VersionWatch
from service.mapdata import answered
from service.reader import Reader
from service.version import VERSION

router = APIRouter(prefix="/map", tags=["Map"])

_AT_ONCE = 2
_WAIT_S = 5.0


class MapCounts:
    """Works answers out, and keeps the last ones. kept_bytes: how much of them, compressed."""

    def __init__(self, reader: Reader, watch: VersionWatch, kept_bytes: int = 8_000_000) -> None:
        self.reader = reader
        self.watch = watch
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def tag(self, request: Request) -> str:
        """What stands for the answer to this request in an ETag."""
        asked = f"{VERSION} {request.url.path}?{request.url.query}"
        version = await self.watch.version()
        return f"{version.tag}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"

    def kept(self, tag: str) -> bytes | None:
        """The answer of that tag, compressed by zstd."""
        if tag in self._kept:
            self._kept.move_to_end(tag)
        return self._kept.get(tag)

    def keep(self, tag: str, packed: bytes) -> None:
        """Keep an answer, and as many before it as there is room for."""
        self._kept[tag] = packed
        while sum(map(len, self._kept.values())) > self._kept_bytes:
            self._kept.popitem(last=False)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn with the database. Raises TooBusy."""
        try:
            await asyncio.wait_for(self._turns.acquire(), _WAIT_S)
        except TimeoutError as error:
            raise TooBusy("The counts of others are being made; please ask again") from error
        try:
            yield
        finally:
            self._turns.release()

    async def text(self, statement: Select[Any]) -> bytes:
        """The one text that a statement gives."""
        return str((await self.reader.rows(statement))[0][0]).encode()


@router.get("/histogram.json", summary="How many reports there are by month, and by day")
async def histogram(request: Request, crs: KnownCRSDep) -> Response:
    """Reports by month and class, and how many begin and end by day (docs/map-data.md)."""
    given = given_parameters(request, FILTER_PARAMETERS)
    asked = read_items_filter(REPORTS, given, crs)
    if not given:
        return await answered(request, "histogram")
    return await _counted(request, select_histogram(asked))


@router.get("/counts.json", summary="How many reports each site has")
async def counts(request: Request, crs: KnownCRSDep) -> Response:
    """The number of reports that match, in all and by site."""
    asked = read_items_filter(REPORTS, given_parameters(request, FILTER_PARAMETERS), crs)
    return await _counted(request, select_counts(asked))


@router.get("/states.json", summary="The states of the sites on one day, as rows")
async def states(request: Request, crs: KnownCRSDep) -> Response:
    """What the map draws of the sites in a box on a day; all sites without a box."""
    asked = read_items_filter(HOTSPOTS, given_parameters(request, STATES_PARAMETERS), crs)
    held: MapCounts = request.app.state.map_counts
    at: date | None = asked.at
    if at == (await held.watch.version()).as_of:
        at = None  # the states of this day are kept
    sites = None
    if asked.bbox is not None:
        sites = [row[0] for row in await held.reader.rows(select_sites_in(asked.bbox))]
    return await _counted(request, select_states(at, sites))


async def _counted(request: Request, statement: Select[Any]) -> Response:
    held: MapCounts = request.app.state.map_counts
    tag = await held.tag(request)
    headers = {"ETag": f'"{tag}"', "Cache-Control": "public, no-cache"}
    if f'"{tag}"' in (request.headers.get("if-none-match") or ""):
        return Response(status_code=304, headers=headers)
    packed = held.kept(tag)
    if packed is None:
        async with held.turn():
            text = await held.text(statement)
        packed = await asyncio.to_thread(compress, "zstd", text)
        held.keep(tag, packed)
    accepted = request.headers.get("accept-encoding", "").encode("latin-1")
    if best_encoding(accepted) == "zstd":
        headers |= {"Content-Encoding": "zstd", "ETag": f'"{tag}-zstd"'}
        return Response(packed, headers=headers, media_type=JSON.media_type)
    body = await asyncio.to_thread(zstandard.decompress, packed)
    return Response(body, headers=headers, media_type=JSON.media_type)
