"""The one way in which the application is served: by `scam-atlas serve` and by the tests."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import socket

import uvicorn
from starlette.types import ASGIApp

from service.protocol import ClientLimits, ClientProtocol, ServerConfig
from service.settings import Settings

# After this time a client that still has not taken its answer is left, and soon all others too.
_FAREWELL_S = 3
_SHUTDOWN_S = 6
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
# What the system takes from us for one client before that client takes any of it.
_UNSENT_BYTES = 256 * 1024
_TICKS_A_SECOND = 10
# Sockets of the database, files that are read, and what the interpreter holds.
_OTHER_FILES = 200


class Server(uvicorn.Server):
    """uvicorn's server, which also looks once a second for clients that do not go on."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Called before the first connection; what accepts them hands on its options to them."""
        for listener in sockets or ():
            with contextlib.suppress(AttributeError, OSError):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        await super().startup(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % _TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, ClientProtocol):
                    connection.watch(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers end that are under way; what a client does not take ends with it."""
        hurry = asyncio.get_running_loop().call_later(_FAREWELL_S, self._leave_clients)
        try:
            await super().shutdown(sockets)
        finally:
            hurry.cancel()

    def _leave_clients(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, ClientProtocol):
                connection.drop()


def _collect_seldom() -> None:
    """Look for cycles in memory less often: a page of rows makes none, but thousands of objects.

    What is there at the start stays, and need not be looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)


def make_server(app: ASGIApp, settings: Settings) -> Server:
    """A server of the application, ready to run on sockets."""
    _collect_seldom()
    _allow_open_files(settings.max_connections + _OTHER_FILES)
    limits = ClientLimits(
        connections=settings.max_connections,
        request_timeout_s=settings.request_timeout_s,
        reader_timeout_s=settings.reader_timeout_s,
    )
    config = ServerConfig(
        app,
        limits,
        loop="uvloop",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    return Server(config)


def _allow_open_files(number: int) -> None:
    """Raise the soft limit on open files to that, as far as the hard one allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= number:
        return
    wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
