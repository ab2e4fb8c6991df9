"""A few raw connections with prepared statements; they queue callers and refuse, not collapse.

A connection is left without a reset, so nothing here keeps state in a session, and one on which
anything went wrong (an error, a caller that was cancelled) is closed rather than used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import Any

import asyncpg

from geo.errors import (
    DatabaseUnavailable,
    InvalidFilter,
    QueryTooSlow,
    SchemaOutdated,
    TooBusy,
)
from geo.store.database import (
    CONNECT_TIMEOUT_S,
    NOT_OUR_SCHEMA,
    SCHEMA_ADVICE,
    is_fault_of_filter,
    raw_connection,
)
from layers.pages import Statement

_log = logging.getLogger("scam_atlas")
_STATEMENTS_KEPT = 100
# A server that does not keep its own time limit does not answer at all.
_GRACE_S = 1.0
# How long a database that could not be reached is taken to be away without asking again.
AWAY_S = 0.2


class Connection:
    """One connection and the statements that it has prepared, the oldest forgotten first."""

    def __init__(self, raw: Any, patience_s: float) -> None:
        self.raw = raw
        self._patience_s = patience_s
        self._prepared: dict[str, Any] = {}

    async def fetch(self, statement: Statement) -> list[Any]:
        """All rows. Raises DatabaseUnavailable, QueryTooSlow."""
        try:
            prepared = self._prepared.get(statement.sql)
            if prepared is None:
                prepared = await self._prepare(statement.sql)
            rows: list[Any] = await prepared.fetch(*statement.values, timeout=self._patience_s)
        except TimeoutError as error:
            raise QueryTooSlow("The database does not answer") from error
        return rows

    async def _prepare(self, sql: str) -> Any:
        prepared = await self.raw.prepare(sql, timeout=self._patience_s)
        if len(self._prepared) >= _STATEMENTS_KEPT:
            del self._prepared[next(iter(self._prepared))]
        self._prepared[sql] = prepared
        return prepared


class Connections:
    """At most `size` connections, opened when first needed.

    At most `queue` callers wait for one, each no longer than `wait_s`; others are refused at once.
    After a connection could not be opened, callers are told so for a moment without another try,
    so that a database that is away or starting is not asked by all of them.
    """

    def __init__(
        self,
        url: str,
        *,
        size: int,
        wait_s: float,
        statement_timeout_s: float,
        queue: int = 128,
    ) -> None:
        self._url = url
        self._size = size
        self._wait_s = wait_s
        self._queue = queue
        self._statement_timeout_s = statement_timeout_s
        self._away_until = 0.0
        self._away_because = ""
        self._free: deque[Connection] = deque()
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._ending: set[asyncio.Task[None]] = set()
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
        except asyncio.CancelledError:
            self._end(connection)
            raise
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
        if self._ending:
            await asyncio.wait(self._ending, timeout=1)
        while self._free:
            self._open -= 1
            await self._free.pop().raw.close(timeout=1)

    async def _acquire(self) -> Connection:
        if self._open < self._size:
            return await self._connect()
        if len(self._waiting) >= self._queue:
            raise TooBusy("Too many requests wait for the database; please ask again in a moment")
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Connection | None] = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(self._wait_s, self._expire, turn)
        try:
            given = await turn
        except asyncio.CancelledError:
            self._pass_on(turn)
            raise
        finally:
            timer.cancel()
        return given if given is not None else await self._connect()

    def _expire(self, turn: asyncio.Future[Connection | None]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            turn.set_exception(DatabaseUnavailable("All connections to the database are busy"))

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        if loop.time() < self._away_until:
            self._open_refused()
            raise DatabaseUnavailable(self._away_because)
        self._open += 1
        try:
            raw = await asyncio.wait_for(
                raw_connection(self._url, self._statement_timeout_s), CONNECT_TIMEOUT_S
            )
        except BaseException as error:
            self._open -= 1
            fault = translated(error)
            if isinstance(fault, DatabaseUnavailable):
                self._away_until = loop.time() + AWAY_S
                self._away_because = str(fault)
            self._open_refused()
            raise fault from error
        self._away_until = 0.0
        return Connection(raw, self._statement_timeout_s + _GRACE_S)

    def _open_refused(self) -> None:
        """While others are open, those that wait are served by them; else the next may try."""
        if self._open == 0:
            self._wake_one(None)

    def _give_back(self, connection: Connection) -> None:
        if connection.raw.is_closed():
            self._discard(connection)
        elif not self._wake_one(connection):
            self._free.append(connection)

    def _discard(self, connection: Connection) -> None:
        self._open -= 1
        connection.raw.terminate()
        self._wake_one(None)

    def _end(self, connection: Connection) -> None:
        """Discard it once its statement has been cancelled: the driver asks the server for that
        on another connection, and would not if this one were cut now.
        """
        ending = asyncio.get_running_loop().create_task(self._close_gently(connection))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _close_gently(self, connection: Connection) -> None:
        try:
            await connection.raw.close(timeout=CONNECT_TIMEOUT_S)
        except Exception:
            _log.debug("A cancelled statement's connection was cut", exc_info=True)
        finally:
            self._discard(connection)

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
        if turn.cancelled():
            with contextlib.suppress(ValueError):  # its turn may have come and gone
                self._waiting.remove(turn)
        elif turn.exception() is None:
            connection = turn.result()
            if connection is None:
                self._wake_one(None)
            else:
                self._give_back(connection)


def translated(error: BaseException) -> BaseException:
    """Our own error for a lost connection or a time limit; any other fault as it is."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return QueryTooSlow("The database was stopped at the time limit")
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate in NOT_OUR_SCHEMA:
        return SchemaOutdated(SCHEMA_ADVICE)
    if is_fault_of_filter(sqlstate) and not isinstance(error, asyncpg.InterfaceError):
        return InvalidFilter(f"filter: it cannot be evaluated: {error}")
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
