"""Connections to the database, its migrations, and what its faults are called here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from geo.errors import (
    DatabaseUnavailable,
    InvalidFilter,
    QueryTooSlow,
    SchemaOutdated,
    StoreError,
)
from geo.store.tables import SCHEMA

_MIGRATIONS = Path(__file__).parent / "migrations"
_APPLICATION = "scam-atlas"
CONNECT_TIMEOUT_S = 5
_QUERY_CANCELED = "57014"
# SQLSTATE of an unknown schema, table or column: the database is not at this program's migration.
NOT_OUR_SCHEMA = frozenset(("3F000", "42P01", "42703"))
SCHEMA_ADVICE = "The database does not hold this program's schema: run `scam-atlas db upgrade`"
_NO_RESOURCES = "53"  # SQLSTATE class: disk full, out of memory, too many connections
# SQLSTATE classes of a server that goes, comes or does not let us in; each driver has names of
# its own for them, and for some of them none.
_NOT_REACHED = ("08", "57P", "28", "3D")
# And of what a caller's filter may bring about: a value out of range, a division by zero, a
# function or type that these operands do not have.
_DATA_EXCEPTION = "22"
_NOT_FOR_THESE = frozenset(("42704", "42883"))


def database_url(text_url: str, driver: str) -> URL:
    """The given address for one driver (psycopg or asyncpg); the caller's own driver is ignored.

    Raises StoreError where the text is no address of a PostgreSQL database.
    """
    try:
        url = make_url(text_url)
    except ArgumentError as error:
        raise StoreError(
            "The database address is not readable: write postgresql://user@host/database"
        ) from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreError(
            f"The database must be PostgreSQL, not {url.get_backend_name()}: "
            "write postgresql://user@host/database"
        )
    return url.set(drivername=f"postgresql+{driver}")


def open_engine(text_url: str) -> Engine:
    """An engine for long work in one thread: load, build, migrate."""
    return create_engine(
        database_url(text_url, "psycopg"),
        poolclass=NullPool,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": _APPLICATION},
    )


def open_async_engine(
    text_url: str, *, pool_size: int, pool_timeout_s: float, statement_timeout_s: float
) -> AsyncEngine:
    """An engine that only reads, for the service: bounded, and every statement has a time limit."""
    return create_async_engine(
        database_url(text_url, "asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout_s,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": statement_timeout_s + 1,
            # A plan for each filter: its values tell how many rows it leaves.
            "server_settings": {
                **_reading(statement_timeout_s),
                "plan_cache_mode": "force_custom_plan",
            },
        },
    )


async def raw_connection(text_url: str, statement_timeout_s: float) -> Any:
    """A connection of the driver itself, read-only; text comes as bytes of UTF-8, as it is sent."""
    url = database_url(text_url, "asyncpg")
    connection = await asyncpg.connect(
        host=url.query.get("host") or url.host,
        port=int(str(url.query.get("port") or url.port or 5432)),
        user=url.username,
        password=url.password,
        database=url.database,
        timeout=CONNECT_TIMEOUT_S,
        server_settings=_reading(statement_timeout_s),
    )
    await connection.set_type_codec(
        "text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
    )
    return connection


def _reading(statement_timeout_s: float) -> dict[str, str]:
    return {
        "application_name": _APPLICATION,
        "default_transaction_read_only": "on",
        "statement_timeout": str(int(statement_timeout_s * 1000)),
        "jit": "off",
    }


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn what the driver raises on a lost or refused connection into our own errors."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailable("All connections to the database are busy") from error
    except (DBAPIError, psycopg.Error) as error:
        translated = _translated(error)
        if translated is None:
            raise
        raise translated from error
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database cannot be reached: {_first_line(error)}"
        ) from error


@contextmanager
def asked_errors() -> Iterator[None]:
    """As store_errors, for a statement with a caller's filter in it: InvalidFilter for its faults.

    What can be known beforehand has been refused before; a division by what a column holds cannot.
    """
    try:
        with store_errors():
            yield
    except DBAPIError as error:
        if not is_fault_of_filter(getattr(error.orig, "sqlstate", None)):
            raise
        raise InvalidFilter(f"filter: it cannot be evaluated: {_first_line(error)}") from error


def is_fault_of_filter(sqlstate: str | None) -> bool:
    """Whether the database refused the values of a statement rather than the statement."""
    return sqlstate is not None and (
        sqlstate.startswith(_DATA_EXCEPTION) or sqlstate in _NOT_FOR_THESE
    )


def _translated(error: DBAPIError | psycopg.Error) -> StoreError | None:
    """Our own error for a lost connection or lacking resources; None for any other fault."""
    driver_error = error.orig if isinstance(error, DBAPIError) else error
    sqlstate = getattr(driver_error, "sqlstate", None) or ""
    if sqlstate == _QUERY_CANCELED:
        return QueryTooSlow("The database was stopped at the time limit")
    if sqlstate.startswith(_NO_RESOURCES):
        return DatabaseUnavailable(
            f"The database has no room left; what was under way is undone: {_first_line(error)}"
        )
    if sqlstate in NOT_OUR_SCHEMA:
        return SchemaOutdated(SCHEMA_ADVICE)
    lost = sqlstate.startswith(_NOT_REACHED) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    if lost or isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError):
        return DatabaseUnavailable(f"The database cannot be reached: {_first_line(error)}")
    return None


def _first_line(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def _revisions() -> list[str]:
    """The migrations that this program brings, oldest first: their files begin with a number."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted(path.name.partition("_")[0] for path in files)


def head_revision() -> str:
    """The newest migration that this program brings."""
    revisions = _revisions()
    if not revisions:
        raise StoreError("This program brings no migrations: its installation is incomplete")
    return revisions[-1]


def current_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None before the first."""
    table = f"{SCHEMA}.alembic_version"
    if connection.scalar(text("SELECT to_regclass(:name)"), {"name": table}) is None:
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - our own name
    return None if found is None else str(found)


def upgrade(engine: Engine) -> str:
    """Bring the database to this program's schema, in one transaction; returns the revision.

    Two programs at once are let in one after the other. Raises DatabaseUnavailable, or StoreError
    where PostGIS is missing or the database is of a newer program.
    """
    with store_errors(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('scam-atlas migrate'))"))
        _require_postgis(connection)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        current, head = current_revision(connection), head_revision()
        _refuse_newer(current)
        if current != head:
            _migrate(connection)
        return head


def _migrate(connection: Connection) -> None:
    # Here, since a service that finds its schema needs none of Alembic's 10 MB.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check_schema(connection: Connection) -> None:
    """Raise SchemaOutdated unless the database holds exactly this program's schema."""
    current, head = current_revision(connection), head_revision()
    if current != head:
        raise SchemaOutdated(
            f"The database is at migration {current or 'none'}, this program needs {head}: "
            "run `scam-atlas db upgrade`"
        )


def _require_postgis(connection: Connection) -> None:
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))


def _refuse_newer(current: str | None) -> None:
    if current is not None and current not in _revisions():
        raise SchemaOutdated(
            f"The database is at migration {current}, which this program does not know: "
            "it belongs to a newer Scam Atlas; use that one"
        )


@contextmanager
def scratch_database(text_url: str) -> Iterator[str]:
    """The address of an empty database on the same server, dropped when it is left.

    Raises DatabaseUnavailable, or StoreError where the account may not create databases.
    """
    name = f"scam_atlas_scratch_{secrets.token_hex(6)}"
    engine = open_engine(text_url).execution_options(isolation_level="AUTOCOMMIT")
    with store_errors(), engine.connect() as connection:
        try:
            connection.execute(text(f"CREATE DATABASE {name}"))
        except ProgrammingError as error:
            raise StoreError(
                f"A scratch database cannot be made on this server: {_first_line(error)}"
            ) from error
    try:
        scratch = make_url(text_url).set(database=name)
        yield scratch.render_as_string(hide_password=False)
    finally:
        _drop(engine, name)


def _drop(engine: Engine, name: str) -> None:
    """Drop a database; where the server itself is tidying in it, as soon as it has gone."""
    for wait_s in (0.2, 0.5, 1.0, 2.0, None):
        try:
            with store_errors(), engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            return
        except ProgrammingError:
            if wait_s is None:
                raise
            time.sleep(wait_s)
