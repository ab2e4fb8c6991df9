"""Whole layers and selections of them as files, in every format of layers.formats."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from geo.errors import NotFound, TooBusy
from layers.catalog import Layer
from layers.formats import FORMATS, Format, make_file, stream_text
from layers.selection import ItemsFilter, View
from service.api.parameters import (
    FILE_PARAMETERS,
    KnownCRSDep,
    LayerDep,
    given_parameters,
    read_items_filter,
    read_view,
    with_queryables,
)
from service.leftovers import PREFIX
from service.reader import Reader, ReaderDep

router = APIRouter(prefix="/layers", tags=["Files"])

# A file that is not text takes a processor for seconds: few at once, and a short queue.
FILES_AT_ONCE = 2
FILES_WAITING = 8


class FileQueue:
    """Lets a few files be made at once and refuses more than a few that wait."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(FILES_AT_ONCE)
        self._inside = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place to make one file. Raises TooBusy."""
        if self._inside >= FILES_AT_ONCE + FILES_WAITING:
            raise TooBusy("Too many files are being made; please ask again in a moment")
        self._inside += 1
        try:
            async with self._room:
                yield
        finally:
            self._inside -= 1


def path_format(extension: str) -> Format:
    """The format that the path's ending names. Raises NotFound."""
    for known in FORMATS:
        if known.extension == extension:
            return known
    endings = ", ".join(known.extension for known in FORMATS)
    raise NotFound(f"There is no format {extension[:40]!r}; the endings are {endings}")


@router.get(
    "/{layer_id}.{extension}",
    summary="A layer, or what of it matches, as one file",
    response_class=Response,
)
async def layer_file(
    request: Request,
    layer: LayerDep,
    fmt: Annotated[Format, Depends(path_format)],
    reader: ReaderDep,
    known: KnownCRSDep,
) -> Response:
    """All features of a layer that match, in one file of the format that the ending names."""
    given = given_parameters(request, with_queryables(layer, FILE_PARAMETERS))
    asked = read_items_filter(layer, given, known)
    shown = read_view(layer, given, known)
    if fmt.streams:
        return await _streamed(layer, fmt, reader, asked, shown, str(request.url))
    async with request.app.state.files.place():
        return await _made(layer, fmt, reader, asked, shown, str(request.url))


def _disposition(layer: Layer, fmt: Format) -> str:
    kind = "inline" if fmt.id == "geojson" else "attachment"
    return f'{kind}; filename="{layer.id}.{fmt.extension}"'


async def _streamed(
    layer: Layer, fmt: Format, reader: Reader, asked: ItemsFilter, shown: View, address: str
) -> StreamingResponse:
    """Rows are sent as they come, and never all held."""
    features = reader.features(layer, asked, shown)
    stream = stream_text(shown.of(layer), fmt, features, address=address)
    # The first rows are fetched before the status line is sent, so that a fault is still an error.
    first = await anext(stream)

    async def body() -> AsyncIterator[bytes]:
        # A client that goes away ends both generators, and with them the connection's use.
        async with aclosing(features), aclosing(stream):
            yield first
            async for chunk in stream:
                yield chunk

    headers = {"Content-Disposition": _disposition(layer, fmt)}
    return StreamingResponse(body(), media_type=fmt.media_type, headers=headers)


async def _made(
    layer: Layer, fmt: Format, reader: Reader, asked: ItemsFilter, shown: View, address: str
) -> FileResponse:
    """A temporary file, removed when it has been sent; parts of it may be asked for (Range)."""
    folder = tempfile.TemporaryDirectory(prefix=PREFIX)
    try:
        path = Path(folder.name) / f"{layer.id}.{fmt.extension}"
        async with aclosing(reader.features(layer, asked, shown)) as features:
            await make_file(shown.of(layer), fmt, features, path, address=address)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        media_type=fmt.media_type,
        headers={"Content-Disposition": _disposition(layer, fmt)},
        background=BackgroundTask(folder.cleanup),
    )
