"""Which version of the data the database holds, known without asking at each request."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.errors import DatabaseUnavailable, StoreError
from geo.store.database import raw_connection
from geo.store.writes import LOADED_CHANNEL
from layers.pages import Statement
from layers.published import LAYERS
from layers.queries import select_version
from service.light.connections import AWAY_S, Connections, translated


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the data. tag: short text that stands for it in an ETag."""

    tag: str
    as_of: date
    counts: dict[str, int]


class VersionWatch:
    """Keeps the current version in memory; a load elsewhere is told by the database (NOTIFY).

    While nobody is listening (at the start, after a lost connection) every request asks anew, so
    an old version is never taken for the current one.
    """

    def __init__(self, url: str, connections: Connections, statement_timeout_s: float) -> None:
        self._url = url
        self._connections = connections
        self._statement_timeout_s = statement_timeout_s
        self._listener: Any = None
        self._starting = asyncio.Lock()
        self._away_until = 0.0
        self._away_because = ""
        self.current: Version | None = None

    async def version(self) -> Version:
        """The current version. Raises DatabaseUnavailable, or StoreError before the first load."""
        if self.current is not None:
            return self.current
        async with self._starting:
            if self.current is None:
                if self._listener is None:
                    self._check_away()
                    await self._listen()
                # Asked after LISTEN has begun: a load in between is told by a notification.
                self.current = await self._ask()
            return self.current

    async def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            with contextlib.suppress(Exception):  # it may be gone already
                await listener.close(timeout=1)

    async def _listen(self) -> None:
        listener = None
        try:
            listener = await raw_connection(self._url, self._statement_timeout_s)
            listener.add_termination_listener(self._lost)
            await listener.add_listener(LOADED_CHANNEL, self._changed)
        except BaseException as error:
            if listener is not None:
                listener.terminate()
            fault = translated(error)
            if isinstance(fault, DatabaseUnavailable):
                self._away_until = asyncio.get_running_loop().time() + AWAY_S
                self._away_because = str(fault)
            raise fault from error
        self._listener = listener

    def _check_away(self) -> None:
        """Those that waited while another found the database away do not each ask it again."""
        if asyncio.get_running_loop().time() < self._away_until:
            raise DatabaseUnavailable(self._away_because)

    def _changed(self, *_: object) -> None:
        self.current = None

    def _lost(self, _connection: object) -> None:
        self._listener = None
        self.current = None

    async def _ask(self) -> Version:
        ids = tuple(layer.id for layer in LAYERS)
        rows = await self._connections.fetch(Statement(select_version(ids), ()))
        if not rows:
            raise StoreError("No dossier has been loaded: run `scam-atlas load`")
        load_id, as_of, sha256, *counts = rows[0]
        tag = f"{load_id}-{sha256[:12].decode()}"
        return Version(tag, as_of, dict(zip(ids, counts, strict=True)))
