"""Text formats, encoded as the rows come: a chunk of about 64 kB at a time, never the whole.

An encoder is a head, a body for some features, and a tail; it may keep what it needs between
bodies. All of them are UTF-8.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from typing import Protocol

from layers.catalog import Layer
from layers.encoders import geojson_file
from layers.formats.delimited import CsvEncoder
from layers.formats.kml import KmlEncoder
from layers.formats.model import CSV, GEOJSON, GEOJSONL, GEOJSONSEQ, KML, Format

CHUNK_CHARACTERS = 65_536
RECORD_SEPARATOR = "\x1e"


class Encoder(Protocol):
    """Writes one file of text."""

    def head(self) -> str:
        """What stands before the first feature."""

    def body(self, features: list[str]) -> str:
        """These features, which follow those of the call before."""

    def tail(self) -> str:
        """What stands after the last feature."""


def one_line(feature: str) -> str:
    """The same JSON on one line: a raw line break in JSON can only stand between tokens."""
    return feature.replace("\n", " ").replace("\r", " ")


class GeoJsonEncoder:
    """One FeatureCollection (RFC 7946) with a feature a line."""

    def __init__(self, layer: Layer) -> None:
        self._head, self._tail = geojson_file(layer, ())
        self._separator = "\n"

    def head(self) -> str:
        """Open the collection."""
        return self._head

    def body(self, features: list[str]) -> str:
        """Features with commas before all but the file's first."""
        before, self._separator = self._separator, ",\n"
        return before + ",\n".join(map(one_line, features))

    def tail(self) -> str:
        """Close the collection."""
        return self._tail


class SequenceEncoder:
    """A feature a line, each after a record separator (RFC 8142) or after nothing."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def head(self) -> str:
        """Nothing: a sequence has no head."""
        return ""

    def body(self, features: list[str]) -> str:
        """Each feature with its mark and line feed."""
        return "".join(f"{self._mark}{one_line(feature)}\n" for feature in features)

    def tail(self) -> str:
        """Nothing: a sequence just ends."""
        return ""


_ENCODERS: dict[Format, Callable[[Layer, str | None], Encoder]] = {
    GEOJSON: lambda layer, _address: GeoJsonEncoder(layer),
    GEOJSONL: lambda _layer, _address: SequenceEncoder(""),
    GEOJSONSEQ: lambda _layer, _address: SequenceEncoder(RECORD_SEPARATOR),
    CSV: lambda layer, _address: CsvEncoder(layer),
    KML: KmlEncoder,
}


class _Chunks:
    """Gathers features until they make a chunk; the head goes out with the first."""

    def __init__(self, layer: Layer, fmt: Format, address: str | None) -> None:
        self._encoder = _ENCODERS[fmt](layer, address)
        self._head = self._encoder.head()
        self._waiting: list[str] = []
        self._characters = 0

    def add(self, feature: str) -> bytes | None:
        self._waiting.append(feature)
        self._characters += len(feature)
        return self._take() if self._characters >= CHUNK_CHARACTERS else None

    def end(self) -> bytes:
        return self._take() + self._encoder.tail().encode()

    def _take(self) -> bytes:
        text = self._head + (self._encoder.body(self._waiting) if self._waiting else "")
        self._head, self._waiting, self._characters = "", [], 0
        return text.encode()


async def stream_text(
    layer: Layer, fmt: Format, features: AsyncIterator[str], *, address: str | None = None
) -> AsyncGenerator[bytes, None]:
    """A file of a format that streams, in chunks; the first comes after the first features.

    features: GeoJSON text, one feature each; the caller closes it. address: where the file can be
    asked for again, for formats that can say so. A fault of `features` passes through.
    """
    chunks = _Chunks(layer, fmt, address)
    async for feature in features:
        if (chunk := chunks.add(feature)) is not None:
            yield chunk
            # Rows already fetched and a fast client never wait: others must get a turn.
            await asyncio.sleep(0)
    yield chunks.end()


def text_chunks(
    layer: Layer, fmt: Format, features: Iterable[str], *, address: str | None = None
) -> Iterator[bytes]:
    """The same bytes from features that are at hand."""
    chunks = _Chunks(layer, fmt, address)
    for feature in features:
        if (chunk := chunks.add(feature)) is not None:
            yield chunk
    yield chunks.end()
