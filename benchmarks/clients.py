"""Clients that keep asking and write down what happens to each request.

For the soak test, and for answers that take so long that wrk would count only some of them. Plain
HTTP/1.1 on a stream, a connection each, as little work as can be, since they share the machine
with what they test.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request. status: 0 where no whole answer came. Times are of the monotonic clock."""

    started: float
    ended: float
    status: int
    fault: str = ""
    size: int = 0


async def keep_asking(
    url: str, paths: list[str], until: float, patience_s: float, outcomes: list[Outcome]
) -> None:
    """Ask path after path until that time, on one connection as long as it holds."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 80
    stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    place = 0
    while time.monotonic() < until:
        path = paths[place % len(paths)]
        place += 1
        started = time.monotonic()
        try:
            async with asyncio.timeout(patience_s):
                if stream is None:
                    stream = await asyncio.open_connection(host, port, limit=_BUFFER)
                status, keep, size = await _exchange(*stream, host, path)
            fault = ""
        except TimeoutError:
            status, keep, size = 0, False, 0
            fault = f"no answer in {patience_s:g} s"
        except (OSError, EOFError, ValueError) as error:
            status, keep, size = 0, False, 0
            fault = f"{type(error).__name__}: {error}"
        if not keep and stream is not None:
            stream[1].close()
            stream = None
        outcomes.append(Outcome(started, time.monotonic(), status, fault, size))
    if stream is not None:
        stream[1].close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str
) -> tuple[int, bool, int]:
    """Status, whether the connection goes on, and size; the body is read and let go."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    size = len(head)
    if "content-length" in headers:
        size += len(await reader.readexactly(int(headers["content-length"])))
    elif headers.get("transfer-encoding") == "chunked":
        size += await _chunks(reader)
    else:
        raise ValueError(f"an answer without a length: {lines[0]}")
    return int(lines[0].split()[1]), headers.get("connection") != "close", size


async def _chunks(reader: asyncio.StreamReader) -> int:
    """Read a body that comes in chunks (RFC 9112, 7.1); gives its size."""
    total = 0
    while length := int((await reader.readline()).partition(b";")[0], 16):
        total += len(await reader.readexactly(length + 2)) - 2
    while (await reader.readline()).strip():
        pass  # fields behind the last chunk
    return total
