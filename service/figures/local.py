"""Figures and packs for one caller: the command line, and `figure` for Python programs.

`figure("kayin.pdf", frame="thai-border", at="2025-03-10")` writes what the command of that name
writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.store.database import asked_errors, check_schema, open_async_engine
from layers.figures.content import SheetContent, gather
from layers.figures.request import PARAMETERS, FigureFormat, FigureRequest
from layers.formats import FileNotMade
from layers.pack.checking import HeldPack, Verdict, check_pack
from layers.pack.selecting import PackRows, gather_rows
from service.commands.options import python_name
from service.commands.shared import prepared_database
from service.figures.asked import PACK
from service.figures.signature import versions
from service.settings import Settings

_T = TypeVar("_T")
PATIENCE_S = 60
"""Nobody else waits while a person's own command asks the database."""


def figure(out: str | Path | None = None, *, url: str | None = None, **asked: str | None) -> bytes:
    """A figure as bytes, also written to `out`; its ending is the format, else `format=`.

    asked: the parameters of layers.figures.request, `_` for `-`, and `from_` for `from`; `zip` as
    the format makes a pack. url: of the database; None = the one that the settings name, else the
    program's own. Raises InvalidFilter (its `parameter` at fault), StoreError, FileNotMade.
    """
    names = {python_name(name): name for name in PARAMETERS}
    given = {names.get(name, name): text for name, text in asked.items() if text is not None}
    if out is not None:
        given["format"] = Path(out).suffix.removeprefix(".").lower()
    make = figure_file
    if given.get("format") == PACK:
        make, given["format"] = pack_file, FigureFormat.PNG.value
    request = FigureRequest.parse(given)
    with contextlib.ExitStack() as stack:
        file = make(url or stack.enter_context(prepared_database(Settings())), request)
    if out is not None:
        write_whole(Path(out), file)
    return file


def figure_file(url: str, request: FigureRequest, timeout_s: float = PATIENCE_S) -> bytes:
    """The file of a figure, drawn in this process. timeout_s: of each statement."""
    from layers.figures.drawing import draw

    async def content() -> SheetContent:
        async with _connection(url, timeout_s) as connection:
            return await gather(connection, request)

    return draw(_run(content()), request.format)


def pack_file(url: str, request: FigureRequest, timeout_s: float = PATIENCE_S) -> bytes:
    """The pack of a figure, made in this process. timeout_s: of each statement."""
    from layers.pack.writing import make_pack

    async def gathered() -> tuple[SheetContent, PackRows]:
        async with _connection(url, timeout_s) as connection:
            content = await gather(connection, request)
            return content, await gather_rows(connection, content)

    return make_pack(*_run(gathered()), versions())


def checked_pack(url: str, held: HeldPack) -> Verdict:
    """What has changed since the pack was made. Raises InvalidPack, StoreError."""

    async def check() -> Verdict:
        async with _connection(url, PATIENCE_S) as connection:
            return await check_pack(connection, held)

    return _run(check())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before. Raises FileNotMade."""
    part = path.with_name(f".scam-atlas-{secrets.token_hex(6)}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise FileNotMade(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it to its end, also where the caller has an event loop of its own, as notebooks do."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@asynccontextmanager
async def _connection(url: str, timeout_s: float) -> AsyncIterator[AsyncConnection]:
    """A connection that reads. Raises StoreError, DatabaseUnavailable, SchemaOutdated."""
    engine = open_async_engine(
        url, pool_size=1, pool_timeout_s=timeout_s, statement_timeout_s=timeout_s
    )
    try:
        with asked_errors():
            async with engine.connect() as connection:
                await connection.run_sync(check_schema)
                yield connection
    finally:
        await engine.dispose()
