"""Compression of answers: which coding a client takes best, whole bodies, and streams.

The levels are quick ones: a page of 1,000 features is made smaller in the time that it takes to
read it from the database, not in a multiple of it (docs/performance.md has the figures).
"""

from __future__ import annotations

import asyncio
import zlib
from functools import lru_cache
from typing import Protocol

import brotli
import zstandard
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# In the order in which we choose among those that a client takes equally gladly.
ENCODINGS = ("zstd", "br", "gzip")
COMPRESS_FROM_BYTES = 1000
# A larger body is compressed in a thread, so that others are answered meanwhile.
IN_THREAD_FROM_BYTES = 128 * 1024
_ZSTD_LEVEL = 3
_BROTLI_QUALITY = 4
_GZIP_LEVEL = 4
_GZIP_FRAME = 16 + zlib.MAX_WBITS
_LONGEST_HEADER_KEPT = 200
# Binary formats of files (Parquet, XLSX, GeoPackage) are compressed inside; only these gain.
_TEXTUAL = ("text/", "application/json", "application/xml", "application/javascript")
_TEXTUAL_ENDINGS = ("+json", "+json-seq", "+xml")
_ALSO = ("application/vnd.mapbox-vector-tile",)


def best_encoding(accepted: bytes | None) -> str | None:
    """The coding to use for an Accept-Encoding header; None to send the body as it is."""
    if not accepted:
        return None
    if len(accepted) > _LONGEST_HEADER_KEPT:
        return _choose(accepted)
    return _choose_and_keep(accepted)


def _choose(accepted: bytes) -> str | None:
    wishes = dict(_wish(part) for part in accepted.decode("latin-1").lower().split(","))
    if "x-gzip" in wishes:
        wishes.setdefault("gzip", wishes["x-gzip"])
    others = wishes.get("*", 0.0)
    best, most = None, wishes.get("identity", 0.0)
    for encoding in ENCODINGS:
        wish = wishes.get(encoding, others)
        if wish > 0 and (wish > most or (best is None and wish == most)):
            best, most = encoding, wish
    return best


_choose_and_keep = lru_cache(maxsize=256)(_choose)


def _wish(part: str) -> tuple[str, float]:
    """A coding and its quality value; one that cannot be read counts as a refusal."""
    coding, *parameters = part.split(";")
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
    return coding.strip(), quality if 0 <= quality <= 1 else 0.0


def is_compressible(media_type: str) -> bool:
    """Whether a body of that type becomes smaller."""
    bare = media_type.partition(";")[0].strip().lower()
    return bare.startswith(_TEXTUAL) or bare.endswith(_TEXTUAL_ENDINGS) or bare in _ALSO


def compress(encoding: str, body: bytes) -> bytes:
    """The whole body in that coding; the same body gives the same bytes."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FRAME)
    return packer.compress(body) + packer.flush()


async def compressed(encoding: str, body: bytes) -> bytes:
    """The same, beside the event loop where the body is large."""
    if len(body) < IN_THREAD_FROM_BYTES:
        return compress(encoding, body)
    return await asyncio.get_running_loop().run_in_executor(None, compress, encoding, body)


class Packer(Protocol):
    """Compresses a stream piece by piece."""

    def piece(self, data: bytes) -> bytes:
        """What can be sent now; nothing of `data` is held back."""

    def end(self, data: bytes) -> bytes:
        """The last piece."""


class _Zstd:
    def __init__(self) -> None:
        self._packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()

    def piece(self, data: bytes) -> bytes:
        if not data:
            return b""
        packed = self._packer.compress(data)
        return packed + self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self, data: bytes) -> bytes:
        return self._packer.compress(data) + self._packer.flush()


class _Brotli:
    def __init__(self) -> None:
        self._packer = brotli.Compressor(quality=_BROTLI_QUALITY)

    def piece(self, data: bytes) -> bytes:
        if not data:
            return b""
        return bytes(self._packer.process(data) + self._packer.flush())

    def end(self, data: bytes) -> bytes:
        return bytes(self._packer.process(data) + self._packer.finish())


class _Gzip:
    def __init__(self) -> None:
        self._packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FRAME)

    def piece(self, data: bytes) -> bytes:
        if not data:
            return b""
        return self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def end(self, data: bytes) -> bytes:
        return self._packer.compress(data) + self._packer.flush()


def packer(encoding: str) -> Packer:
    """A new stream in that coding."""
    kinds: dict[str, type[Packer]] = {"zstd": _Zstd, "br": _Brotli, "gzip": _Gzip}
    return kinds[encoding]()


class Compression:
    """ASGI middleware that compresses what gains by it, piece by piece where it is streamed.

    A part of a file (Range) is sent as it is. An ETag names the coding as well, so that two
    codings of one answer are never taken for each other.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        encoding = None
        if b"range" not in headers:
            encoding = best_encoding(headers.get(b"accept-encoding"))
        answer = _Answer(encoding, send)
        held = headers.get(b"if-none-match")
        if encoding and held:
            bare = held.replace(f'-{encoding}"'.encode(), b'"')
            if bare != held:
                answer.client_holds_coded = True
                kept = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
                scope = {**scope, "headers": [*kept, (b"if-none-match", bare)]}
        await self.app(scope, receive, answer.send)


class _Answer:
    """One answer on its way out."""

    def __init__(self, encoding: str | None, send: Send) -> None:
        self.client_holds_coded = False
        self._encoding = encoding
        self._send = send
        self._start: Message | None = None
        self._packer: Packer | None = None

    async def send(self, message: Message) -> None:
        """Take a message of the application, and send what becomes of it."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._first(start, message)
        elif self._packer is not None:
            await self._piece(self._packer, message)
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        if start["status"] == 304:
            headers.add_vary_header("Accept-Encoding")
            if self.client_holds_coded:
                self._name_coding(headers)
        elif is_compressible(headers.get("content-type", "")):
            headers.add_vary_header("Accept-Encoding")
            partial = start["status"] == 206 or "content-encoding" in headers
            if self._encoding is not None and not partial:
                # Held back until the first piece shows whether it is worth it.
                self._start = start
                return
        await self._send(start)

    async def _first(self, start: Message, message: Message) -> None:
        assert self._encoding is not None  # noqa: S101 - only then is the start held back
        body, more = message.get("body", b""), message.get("more_body", False)
        headers = MutableHeaders(raw=start["headers"])
        if not more and len(body) < COMPRESS_FROM_BYTES:
            await self._send(start)
            await self._send(message)
            return
        headers["Content-Encoding"] = self._encoding
        self._name_coding(headers)
        del headers["Accept-Ranges"]
        if more:
            del headers["Content-Length"]
            self._packer = packer(self._encoding)
            await self._send(start)
            await self._piece(self._packer, message)
            return
        packed = await compressed(self._encoding, body)
        headers["Content-Length"] = str(len(packed))
        await self._send(start)
        await self._send({**message, "body": packed})

    async def _piece(self, stream: Packer, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        packed = stream.piece(body) if more else stream.end(body)
        if packed or not more:
            await self._send({**message, "body": packed})

    def _name_coding(self, headers: MutableHeaders) -> None:
        etag = headers.get("etag")
        if etag is not None and etag.endswith('"'):
            headers["etag"] = f'{etag[:-1]}-{self._encoding}"'
