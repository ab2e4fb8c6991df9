"""Files made in a process of their own, so that a server goes on answering.

GDAL holds Python's interpreter lock while it sorts and indexes (4 seconds for a GeoPackage of a
million rows), and the libraries take more memory than the server itself. The child gets the
features on its standard input, a line each, and says on its standard error what went wrong.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from layers.catalog import Layer
from layers.formats.model import FileNotMade, Format, FormatLimit
from layers.formats.text import one_line

LIMIT_REACHED = 3
_CHUNK_CHARACTERS = 65_536
_PROJECT = Path(__file__).parents[2]


async def make_file(
    layer: Layer,
    fmt: Format,
    features: AsyncIterator[str],
    path: Path,
    *,
    address: str | None = None,
) -> None:
    """Write the features as a file of any format; what stood at `path` is replaced.

    As files.write_file, from features that come asynchronously; the caller closes them. When this
    is cancelled or `features` fails, the child is killed and leaves nothing. Raises FormatLimit,
    FileNotMade, and whatever `features` raises.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        part = Path(folder) / path.name
        child = await _start(layer, fmt, part, address)
        try:
            words = asyncio.create_task(_read(child.stderr))
            await _feed(child, features)
            fault, code = await words, await child.wait()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if code:
            raise (FormatLimit if code == LIMIT_REACHED else FileNotMade)(fault or f"exit {code}")
        part.replace(path)


async def _start(
    layer: Layer, fmt: Format, path: Path, address: str | None
) -> asyncio.subprocess.Process:
    paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "layers.formats",
        layer.id,
        fmt.id,
        str(path),
        ",".join(layer.column_names),
        *([address] if address is not None else []),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


async def _feed(child: asyncio.subprocess.Process, features: AsyncIterator[str]) -> None:
    """Send all features, or as many as the child takes before it gives up."""
    waiting: list[str] = []
    characters = 0
    async for feature in features:
        waiting.append(one_line(feature))
        characters += len(feature)
        if characters >= _CHUNK_CHARACTERS:
            if not await _sent(child, waiting):
                return
            waiting, characters = [], 0
    if await _sent(child, waiting) and child.stdin is not None:
        child.stdin.close()


async def _sent(child: asyncio.subprocess.Process, features: list[str]) -> bool:
    """Whether the child took them; if not, its exit code and words tell why."""
    if (pipe := child.stdin) is None:
        return False
    try:
        pipe.write("".join(f"{feature}\n" for feature in features).encode())
        await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


async def _read(stream: asyncio.StreamReader | None) -> str:
    if stream is None:
        return ""
    return (await stream.read()).decode(errors="replace").strip()
