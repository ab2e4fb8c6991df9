"""A few raw connections with prepared statements; they queue callers and refuse, not collapse.

A connection is left without a reset, so nothing here keeps state in a session, and one on which
anything went wrong (an error, a caller that was cancelled) is closed rather than used again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import asyncpg

from geo.errors import DatabaseUnavailable, QueryTooSlow, SchemaOutdated
from geo.store.database import (
    CONNECT_TIMEOUT_S,
    NOT_OUR_SCHEMA,
    SCHEMA_ADVICE,
    raw_connection,
)
from layers.pages import Statement


class Connection:
    """One connection and the statements that it has prepared."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._prepared: dict[str, Any] = {}

    async def fetch(self, statement: Statement) -> list[Any]:
        """All rows. Raises DatabaseUnavailable, QueryTooSlow."""
        prepared = self._prepared.get(statement.sql)
        if prepared is None:
            prepared = await self.raw.prepare(statement.sql)
            self._prepared[statement.sql] = prepared
        rows: list[Any] = await prepared.fetch(*statement.values)
        return rows


class Connections:
    """At most `size` connections, opened when first needed."""

    def __init__(self, url: str, *, size: int, wait_s: float, statement_timeout_s: float) -> None:
        self._url = url
        self._size = size
        self._wait_s = wait_s
        self._statement_timeout_s = statement_timeout_s
        self._free: deque[Connection] = deque()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._open = 0

    @property
    def opened(self) -> int:
        """How many connections are open now."""
        return self._open

    async def fetch(self, statement: Statement) -> list[Any]:
        """All rows of one statement. Raises DatabaseUnavailable, QueryTooSlow."""
        reused = bool(self._free)
        try:
            return await self._fetch(statement)
        except DatabaseUnavailable:
            # One that waited may have been lost meanwhile; what is only read can be asked again.
            if not reused:
                raise
        self._drop_free()
        return await self._fetch(statement)

    async def _fetch(self, statement: Statement) -> list[Any]:
        connection = self._free.pop() if self._free else await self._acquire()
        try:
            rows = await connection.fetch(statement)
        except BaseException as error:
            self._discard(connection)
            raise translated(error) from error
        self._give_back(connection)
        return rows

    def _drop_free(self) -> None:
        while self._free:
            self._discard(self._free.pop())

    async def close(self) -> None:
        """Close all that is free; what is in use is closed by its user's end."""
        while self._free:
            self._open -= 1
            await self._free.pop().raw.close(timeout=1)

    async def _acquire(self) -> Connection:
        if self._open < self._size:
            return await self._connect()
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            given = await asyncio.wait_for(turn, self._wait_s)
        except TimeoutError as error:
            raise DatabaseUnavailable("All connections to the database are busy") from error
        except asyncio.CancelledError:
            self._pass_on(turn)
            raise
        return given if given is not None else await self._connect()

    async def _connect(self) -> Connection:
        self._open += 1
        try:
            raw = await asyncio.wait_for(
                raw_connection(self._url, self._statement_timeout_s), CONNECT_TIMEOUT_S
            )
        except BaseException as error:
            self._open -= 1
            self._wake_one(None)
            raise translated(error) from error
        return Connection(raw)

    def _give_back(self, connection: Connection) -> None:
        if connection.raw.is_closed():
            self._discard(connection)
        elif not self._wake_one(connection):
            self._free.append(connection)

    def _discard(self, connection: Connection) -> None:
        self._open -= 1
        connection.raw.terminate()
        self._wake_one(None)

    def _wake_one(self, connection: Connection | None) -> bool:
        """Give the connection, or leave to open one, to the caller that waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    def _pass_on(self, turn: asyncio.Future[Connection | None]) -> None:
        """What a cancelled caller had already been given goes to the next."""
        if turn.done() and not turn.cancelled():
            connection = turn.result()
            if connection is None:
                self._wake_one(None)
            else:
                self._give_back(connection)


def translated(error: BaseException) -> BaseException:
    """Our own error for a lost connection or a time limit; any other fault as it is."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return QueryTooSlow("The database was stopped at the time limit")
    if getattr(error, "sqlstate", None) in NOT_OUR_SCHEMA:
        return SchemaOutdated(SCHEMA_ADVICE)
    lost = (
        OSError,
        TimeoutError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,  # what the driver says of a connection cut in mid-statement
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
        asyncpg.InsufficientResourcesError,
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
    )
    if isinstance(error, lost):
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return DatabaseUnavailable(f"The database cannot be reached: {first_line}")
    return error
