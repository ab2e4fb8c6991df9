"""HTTP/1.1 on one socket: uvicorn's own, and what it leaves open to a hostile or absent client.

Limits on what is read before a request is known, clients that send or read too slowly, and the
end of a request's work when its client goes away. Nothing of it costs a good request more than an
addition: `watch` is called for every connection once a second instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import socket
import struct
import termios
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from service.api.errors import PROBLEM_MEDIA_TYPE
from service.light.app import CLIENT_GONE
from service.light.http import SEND_WHOLE
from service.security import OPEN_HEADERS, header_lines

MAX_URL_BYTES = 32 * 1024
MAX_HEADERS_BYTES = 16 * 1024
MAX_HEADERS = 100
MAX_PIPELINED = 32
_LINGER_S = 2.0
# A reader that takes less than this in its time is not reading.
_PROGRESS_BYTES = 64 * 1024


@dataclass(frozen=True)
class ClientLimits:
    """What one connection, and all together, may take."""

    connections: int
    request_timeout_s: float
    reader_timeout_s: float


class ServerConfig(uvicorn.Config):
    """uvicorn's settings and ours, where the protocol finds both."""

    def __init__(self, app: Any, limits: ClientLimits, **settings: Any) -> None:
        super().__init__(app, http=ClientProtocol, ws="none", **settings)
        self.limits = limits


def _answer(status: str, title: str, detail: str, *headers: tuple[bytes, bytes]) -> bytes:
    """A whole answer of the server itself, before there is a request for the application."""
    number = int(status.split()[0])
    content = {"type": "about:blank", "title": title, "status": number, "detail": detail}
    body = json.dumps(content).encode()
    lines = [
        *OPEN_HEADERS,
        *headers,
        (b"cache-control", b"no-store"),
        (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    return b"HTTP/1.1 %s\r\n%s\r\n%s" % (status.encode(), header_lines(lines), body)


_UNREADABLE = _answer("400 Bad Request", "Not HTTP", "The request cannot be read as HTTP/1.1.")
_TOO_SLOW = _answer(
    "408 Request Timeout", "The request took too long", "It was not sent in the time there is."
)
_URL_TOO_LONG = _answer(
    "414 URI Too Long", "The address is too long", f"At most {MAX_URL_BYTES} bytes are read."
)
_HEAD_TOO_LARGE = _answer(
    "431 Request Header Fields Too Large",
    "The headers are too large",
    f"At most {MAX_HEADERS} headers and {MAX_HEADERS_BYTES} bytes of them are read.",
)
_FULL = _answer(
    "503 Service Unavailable",
    "Too much at once",
    "Too many clients are connected; please come back in a moment.",
    (b"retry-after", b"5"),
)


class _HeadTooLarge(Exception):
    """Ends the parser's work on a request that is not taken."""


class ClientProtocol(HttpToolsProtocol):
    """One connection of a client."""

    config: ServerConfig

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.limits = self.config.limits
        self._refused = False
        self._refusal = _UNREADABLE
        self._linger: asyncio.TimerHandle | None = None
        self._unread = 0  # bytes received since the last request was known
        self._resumed = 0  # how often the client has emptied our buffer
        self._running: RequestResponseCycle | None = None
        self._task: asyncio.Task[None] | None = None
        self._state: tuple[object, ...] = ()
        self._state_since = 0.0
        self._unsent = 0

    # What comes in

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new client; where there are too many, an idle one makes room or this one goes."""
        super().connection_made(transport)
        self._state_since = self.loop.time()
        if len(self.connections) <= self.limits.connections:
            return
        if not self._make_room():
            if len(self.connections) > 2 * self.limits.connections:
                transport.abort()
            else:
                self._refuse(_FULL)

    def data_received(self, data: bytes) -> None:
        """Bytes of requests; after a refusal they are read, so that it arrives, and dropped."""
        if self._refused:
            return
        self._unread += len(data)
        super().data_received(data)
        if self._unread > MAX_URL_BYTES and not self._refused:
            self._check_unfinished()

    def _check_unfinished(self) -> None:
        """Refuse a request whose head is too large already, though more of it is to come."""
        if self.scope is not None and "method" not in self.scope:
            if not self.headers and len(self.url) > MAX_URL_BYTES:
                self._refuse(_URL_TOO_LONG)
            elif self._unread > MAX_URL_BYTES + MAX_HEADERS_BYTES:
                self._refuse(_HEAD_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """A request is known; it is begun, unless it asks for too much."""
        unread, self._unread = self._unread, 0
        if unread > MAX_HEADERS_BYTES or len(self.headers) > MAX_HEADERS:
            self._check_head()
        if len(self.pipeline) >= MAX_PIPELINED:
            raise _HeadTooLarge
        self.scope[SEND_WHOLE] = self.send_whole  # type: ignore[literal-required]
        super().on_headers_complete()
        if self.pipeline:
            # Who does not read does not learn that the client is gone; uvicorn stops reading here.
            self.flow.resume_reading()

    def _check_head(self) -> None:
        size = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if len(self.url) > MAX_URL_BYTES:
            self._refusal = _URL_TOO_LONG
        elif len(self.headers) > MAX_HEADERS or size > MAX_HEADERS_BYTES:
            self._refusal = _HEAD_TOO_LARGE
        else:
            return
        raise _HeadTooLarge

    def send_400_response(self, _msg: str) -> None:
        """Refuse what the parser cannot read, or what we stopped it at."""
        self._refuse(self._refusal)

    def _unsupported_upgrade_warning(self) -> None:
        """An Upgrade that is not followed is allowed by HTTP, and no news."""

    def _refuse(self, answer: bytes) -> None:
        """Answer without the application, take nothing more, and close.

        The answer would be lost if the socket were closed while the client still sends.
        """
        if self._refused:
            return
        self._refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False  # what is under way is answered, and is the last
            return
        self._unset_keepalive_if_required()
        self.transport.write(answer)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._linger = self.loop.call_later(_LINGER_S, self.transport.abort)

    # The work on a request, and its end

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Callable[..., Any]) -> None:
        self._running = cycle
        self._task = task = self.loop.create_task(cycle.run_asgi(app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def send_whole(self, status: int, head: bytes, body: bytes) -> bool:
        """Write the whole answer to the request that is worked on, as one packet if it fits.

        head: header lines as HTTP has them, checked by the caller. False, with nothing written,
        where the client has not yet taken what was sent before.
        """
        cycle = self._running
        if cycle is None or cycle.response_started or self.flow.write_paused:
            return False
        if cycle.disconnected:
            return True
        parts = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (head, b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n", body)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self.transport.write(b"".join(parts))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone: what it asked for is no longer worked on."""
        super().connection_lost(exc)
        self.pipeline.clear()
        if self._linger is not None:
            self._linger.cancel()
        running, task = self._running, self._task
        if running is not None and task is not None and not running.response_complete:
            running.disconnected = True
            running.scope[CLIENT_GONE] = True  # type: ignore[literal-required]
            running.message_event.set()
            task.cancel()
        self._running = self._task = None

    # Clients that are slow

    def resume_writing(self) -> None:
        """The client has taken nearly all of what waited for it."""
        self._resumed += 1
        super().resume_writing()

    @property
    def idle_since(self) -> float | None:
        """Since when nothing has been asked here; None while there is work or a reader."""
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        return None if self.transport.get_write_buffer_size() else self._state_since

    def watch(self, now: float) -> None:
        """Called once a second: end the connection if its client does not go on."""
        waiting = self.transport.get_write_buffer_size()
        if waiting:
            self._watch_reader(now, waiting)
        elif self._refused:
            return
        elif self.cycle is None or self.cycle.response_complete:
            self._watch_sender(now)
        else:
            self._note(("working", id(self.cycle)), now)

    def _note(self, state: tuple[object, ...], now: float) -> bool:
        """Whether the connection was in this very state before."""
        if state == self._state:
            return True
        self._state, self._state_since = state, now
        return False

    def _watch_sender(self, now: float) -> None:
        """Kept alive between requests is uvicorn's to end; half a request, or none, is ours."""
        asking = self.timeout_keep_alive_task is None
        same = self._note(("asking" if asking else "idle", id(self.cycle)), now)
        if not (same and asking) or now - self._state_since < self.limits.request_timeout_s:
            return
        if self.scope is not None and "method" not in self.scope:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.abort()

    def _watch_reader(self, now: float, waiting: int) -> None:
        unsent = waiting + _in_kernel(self.transport)
        if not self._note(("sending", self._resumed), now):
            self._unsent = unsent
        elif unsent + _PROGRESS_BYTES <= self._unsent:
            self._unsent, self._state_since = unsent, now
        elif now - self._state_since >= self.limits.reader_timeout_s:
            self.drop()

    def drop(self) -> None:
        """Close without a farewell: what the system still holds for the client is let go too."""
        sock = self.transport.get_extra_info("socket")
        with contextlib.suppress(AttributeError, OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest, if there is one."""
        idle = [
            (since, connection)
            for connection in self.connections
            if connection is not self
            and isinstance(connection, ClientProtocol)
            and not connection._refused
            and (since := connection.idle_since) is not None
        ]
        if not idle:
            return False
        min(idle, key=lambda pair: pair[0])[1].transport.abort()
        return True


def _in_kernel(transport: asyncio.Transport) -> int:
    """Bytes that the system has taken from us and the client has not yet received."""
    sock = transport.get_extra_info("socket")
    try:
        held = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0\0\0\0")
    except (AttributeError, OSError):
        return 0
    return int(struct.unpack("i", held)[0])
