"""What the map holds at once, made once for each version of the data and kept compressed.

The states of 20,000 sites over ten years take the database some ten seconds: a request waits for
a moment and is then told to come again, while the work goes on.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from geo.store.database import raw_connection
from layers.aggregates import select_whole_histogram
from layers.catalog import REPORTS
from layers.timelines import PLANNING, select_report_columns, select_timelines
from service.api.negotiation import JSON
from service.api.parameters import known_parameters
from service.compression import best_encoding, packer
from service.light.connections import translated
from service.light.version import VersionWatch
from service.version import VERSION

router = APIRouter(prefix="/map", tags=["Map"])
_PLAIN = [known_parameters()]

_DIALECT = dialect()  # type: ignore[no-untyped-call]
MAKING_S = 300.0
"""Longest time that making one document may take."""
PATIENCE_S = 10.0
"""How long a request waits for it, before it is told to come again."""
AGAIN_S = 2
_SENT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """JSON, compressed. tag: stands for its content in an ETag."""

    tag: str
    packed: bytes


class MapDocument:
    """One document of the newest version of the data."""

    def __init__(self, database_url: str, watch: VersionWatch, statement: ClauseElement) -> None:
        """statement: gives the document as rows of bytes."""
        self._database_url = database_url
        self._watch = watch
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - a statement is nothing else
        self._sql = str(compiled)
        self._values = [compiled.params[name] for name in compiled.positiontup or ()]
        signature = f"{VERSION} {self._sql} {self._values}"
        self._signature = hashlib.sha256(signature.encode()).hexdigest()[:8]
        self._kept: Document | None = None
        self._making: tuple[str, asyncio.Task[Document]] | None = None

    async def tag(self) -> str:
        """What stands for the document of the data as they are now."""
        return f"{(await self._watch.version()).tag}-{self._signature}"

    async def document(self) -> Document | None:
        """The document; None while it is being made. Raises what the database raises."""
        tag = await self.tag()
        if self._kept is not None and self._kept.tag == tag:
            return self._kept
        if self._making is None or self._making[0] != tag or self._making[1].done():
            self._making = (tag, asyncio.create_task(self._make(tag)))
        try:
            # Who goes away or is sent away leaves the work to the next one.
            self._kept = await asyncio.wait_for(asyncio.shield(self._making[1]), PATIENCE_S)
        except TimeoutError:
            return None
        return self._kept

    async def close(self) -> None:
        """Give up what is being made."""
        if self._making is not None:
            self._making[1].cancel()
            await asyncio.gather(self._making[1], return_exceptions=True)

    async def _make(self, tag: str) -> Document:
        # In pieces, each compressed as it comes: the whole text is never in this process, which
        # it would make ten times as large.
        pack, packed = packer("zstd"), bytearray()
        try:
            connection = await raw_connection(self._database_url, MAKING_S)
            try:
                async with connection.transaction():
                    for setting in PLANNING:
                        await connection.execute(setting)
                    async for row in connection.cursor(self._sql, *self._values, prefetch=1):
                        packed += await asyncio.to_thread(pack.piece, row[0])
            finally:
                await connection.close(timeout=5)
        except Exception as error:
            raise translated(error) from error
        packed += pack.end(b"")
        return Document(tag, bytes(packed))


class MapData:
    """The documents of the map by name."""

    def __init__(self, database_url: str, watch: VersionWatch) -> None:
        self._watch = watch
        self.documents = {
            "timelines": MapDocument(database_url, watch, select_timelines(in_pieces=True)),
            "reports": MapDocument(database_url, watch, select_report_columns(in_pieces=True)),
            "histogram": MapDocument(database_url, watch, select_whole_histogram()),
        }

    async def reports_held(self) -> int:
        """How many reports the data hold."""
        return (await self._watch.version()).counts[REPORTS.id]

    async def close(self) -> None:
        """Give up what is being made."""
        for document in self.documents.values():
            await document.close()


@router.get("/timelines.json", dependencies=_PLAIN, summary="The states of all sites on all days")
async def timelines(request: Request) -> Response:
    """Sites, and stretches of days on which their state is the same (docs/map-data.md)."""
    return await answered(request, "timelines")


@router.get("/reports.json", dependencies=_PLAIN, summary="All reports as columns, no texts")
async def reports(request: Request) -> Response:
    """What a map of very many reports counts and draws by; docs/map-data.md explains it."""
    return await answered(request, "reports")


async def answered(request: Request, name: str) -> Response:
    """The document of that name; 202 while it is being made."""
    held: MapDocument = request.app.state.map_data.documents[name]
    etag = f'"{await held.tag()}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if etag in (request.headers.get("if-none-match") or ""):
        return Response(status_code=304, headers=headers)
    document = await held.document()
    if document is None:
        answer = {"status": "The document is being made; please ask again in a moment"}
        return JSONResponse(answer, 202, {"Retry-After": str(AGAIN_S), "Cache-Control": "no-store"})
    headers["ETag"] = f'"{document.tag}"'
    accepted = request.headers.get("accept-encoding", "").encode("latin-1")
    if best_encoding(accepted) == "zstd":
        headers |= {"Content-Encoding": "zstd", "ETag": f'"{document.tag}-zstd"'}
        return Response(document.packed, headers=headers, media_type=JSON.media_type)
    return StreamingResponse(_unpacked(document), headers=headers, media_type=JSON.media_type)


def _unpacked(document: Document) -> Iterator[bytes]:
    """The text piece by piece, for clients that do not take it as it is kept."""
    return zstandard.ZstdDecompressor().read_to_iter(document.packed, write_size=_SENT_BYTES)
