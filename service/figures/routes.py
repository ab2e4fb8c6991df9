"""`/figures/{frame}.{png|svg|pdf|zip}`: static maps, and packs of all that they rest on."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from service.api.parameters import given_parameters
from service.figures.asked import ANY_PLACE, AskedFigure, query_parameters, read_asked
from service.figures.desk import FigureDesk
from service.light.version import VersionWatch
from service.limits import LARGE_BYTES, Room

router = APIRouter(prefix="/figures", tags=["Figures"])

_CACHE = "public, no-cache"
_PIECE_BYTES = 256 * 1024


@router.get(
    "/{name}.{ending}",
    summary="A static map of what is reported, or a pack of all that it rests on",
    response_class=Response,
)
async def figure(request: Request, name: str, ending: str) -> Response:
    """One sheet as PNG, SVG or PDF, or the pack of it.

    Its validator stands for the data, the program and the query, so a client that holds the figure
    is told so without drawing it again.
    """
    given = given_parameters(request, query_parameters(named=name != ANY_PLACE))
    asked = read_asked(name, ending, given)
    desk: FigureDesk = request.app.state.figures
    watch: VersionWatch = request.app.state.version_watch
    validator = await desk.validator(asked, (await watch.version()).tag)
    held = _held(request, validator)
    if held is not None:
        return Response(status_code=304, headers={"ETag": held, "Cache-Control": _CACHE})
    file = await desk.file(asked, validator)
    # Hashing takes the processor a while: 10 ms for a pack of 10 MB.
    summed = await asyncio.to_thread(lambda: hashlib.sha256(file).hexdigest())
    headers = {
        "ETag": f'"{validator}-{summed[:16]}"',
        "Cache-Control": _CACHE,
        "Content-Disposition": f'{_disposition(asked)}; filename="{asked.filename}"',
    }
    return _FileResponse(request.app.state.room, file, asked.media_type, headers)


def _disposition(asked: AskedFigure) -> str:
    return "attachment" if asked.is_pack else "inline"


def _held(request: Request, validator: str) -> str | None:
    """The client's validator, where the same data, program and query made it."""
    for tag in request.headers.get("if-none-match", "").split(","):
        bare = tag.strip().removeprefix("W/")
        if bare.startswith(f'"{validator}-') and bare.endswith('"'):
            return bare
    return None


class _FileResponse(StreamingResponse):
    """A file that goes out in pieces, as fast as the client takes them."""

    def __init__(self, room: Room, file: bytes, media_type: str, headers: dict[str, str]) -> None:
        sized = headers | {"Content-Length": str(len(file))}
        super().__init__(_pieces(file), media_type=media_type, headers=sized)
        self._room = room
        self._size = len(file)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises TooBusy where too much waits for slow clients already."""
        if self._size < LARGE_BYTES:
            return await super().__call__(scope, receive, send)
        self._room.begin_sending(self._size)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._room.end_sending(self._size)


async def _pieces(file: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(file), _PIECE_BYTES):
        yield file[start : start + _PIECE_BYTES]
