"""The only writes: rows into the tables, all of them or nothing.

`load_rows` makes the tables hold exactly the given rows, `merge_rows` adds and corrects and leaves
all others alone. Rows are compared first (geo.store.staging), so that one that did not change is
not touched, and what a row said before is kept in `atlas.revision`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError

from geo.errors import RowsRefused, StoreError
from geo.store import staging
from geo.store.database import check_schema, store_errors
from geo.store.rows import TableRows, dossier_rows
from geo.store.tables import CLAIM_TABLES, SCHEMA, load

if TYPE_CHECKING:
    from geo.dossier import Dossier

# Running services listen here, so that they know at once of another version of the data.
LOADED_CHANNEL = "scam_atlas_loaded"
Progress = Callable[[str, int], None]


class Publish(Protocol):
    """Makes what is kept beside the rows follow them."""

    def __call__(self, connection: Connection, /) -> bool:
        """In the load's transaction; tells whether something was made anew as a whole."""

    def settle(self, connection: Connection, /) -> None:
        """What can come after the load, in a transaction of its own."""


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('scam-atlas load'))")


@dataclass(frozen=True)
class TableChange:
    """What a load did to one table, in rows."""

    table: str
    added: int
    corrected: int
    withdrawn: int
    unchanged: int

    @property
    def touched(self) -> int:
        """Rows that were written or removed."""
        return self.added + self.corrected + self.withdrawn


@dataclass(frozen=True)
class LoadResult:
    """What a load did; `load_id` is None where nothing had changed and nothing was written.

    written: the tables of the schema that were written to. untidied: what went wrong in the tidying
    after a load that is kept; None = nothing.
    """

    load_id: int | None
    tables: tuple[TableChange, ...]
    written: tuple[str, ...] = ()
    untidied: str | None = None


def load_dossier(
    engine: Engine,
    dossier: Dossier,
    progress: Progress | None = None,
    publish: Publish | None = None,
) -> LoadResult:
    """Make the tables hold exactly this dossier; see load_rows."""
    rows = dossier_rows(dossier)
    return load_rows(
        engine,
        rows,
        as_of=dossier.as_of,
        sha256=dossier.sha256,
        progress=progress,
        publish=publish,
    )


def load_rows(
    engine: Engine,
    tables: Iterable[TableRows],
    *,
    as_of: date,
    sha256: str,
    progress: Progress | None = None,
    publish: Publish | None = None,
) -> LoadResult:
    """Make the tables hold exactly these rows, in one transaction.

    tables: every table of CLAIM_TABLES once. Rows that are not given any more are withdrawn; what
    they said stays in `atlas.revision`. Two loads at once run one after the other. progress is
    called with a table's name and its number of rows as each is done. publish is called at the
    end, in the same transaction, with the temporary tables of geo.store.staging. Raises
    RowsRefused, SchemaOutdated, DatabaseUnavailable.
    """
    with _loading(engine) as connection:
        held = _newest_load(connection)
        cursor = _cursor(connection)
        changes = _write(cursor, _in_order(tables), progress, withdraw=True)
        given = (as_of, sha256)
        # The same files can still give other rows, after a change of how dates are understood.
        changed = given != held or any(change.touched for change in changes)
        load_id, written = _finish(connection, given, publish, changed=changed)
    return tidy(engine, LoadResult(load_id, changes, written), publish)


def merge_rows(
    engine: Engine,
    tables: Iterable[TableRows],
    *,
    as_of: date | None = None,
    progress: Progress | None = None,
    publish: Publish | None = None,
) -> LoadResult:
    """Add these rows, or correct those that are held under the same id; all others stay.

    as_of: the day of the data from now on; None = as before. All of it is one transaction, as with
    load_rows; what it costs depends on the given rows, not on those held. The load is named by the
    hash of the load before and of the given rows. After a large merge, or many, `tidy` keeps
    reading fast. Raises RowsRefused, SchemaOutdated, DatabaseUnavailable, and StoreError where
    nothing is held and no day is given.
    """
    with _loading(engine) as connection:
        held = _newest_load(connection)
        day = as_of or (held[0] if held else None)
        if day is None:
            raise StoreError("Nothing is loaded yet: the day of the data (as_of) must be given")
        digest = hashlib.sha256(held[1].encode() if held else b"")
        cursor = _cursor(connection)
        changes = _write(cursor, _in_order(tables), progress, digest=digest)
        changed = held is None or day != held[0] or any(change.touched for change in changes)
        given = (day, digest.hexdigest())
        load_id, written = _finish(connection, given, publish, changed=changed)
    return LoadResult(load_id, changes, written)


@contextmanager
def _loading(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else loads; rules of the database are told as RowsRefused."""
    try:
        with store_errors(), engine.begin() as connection:
            check_schema(connection)
            connection.execute(_ONE_AT_A_TIME)
            yield connection
    except (psycopg.IntegrityError, psycopg.DataError) as error:
        told = [error.diag.message_primary, error.diag.message_detail]
        reason = "; ".join(part[:300] for part in told if part)
        message = f"Nothing was written, a rule of the database forbids it: {reason}"
        raise RowsRefused(message) from error


def _in_order(tables: Iterable[TableRows]) -> list[TableRows]:
    """All tables in the order in which they may be written, those not given without rows."""
    given = {rows.table: rows for rows in tables}
    return [given.get(table.name, TableRows(table.name, (), [])) for table in CLAIM_TABLES]


def _write(
    cursor: Any,
    tables: list[TableRows],
    progress: Progress | None,
    *,
    withdraw: bool = False,
    digest: staging.Hash | None = None,
) -> tuple[TableChange, ...]:
    """Bring every table to what the rows say, and tell what that changed."""
    staging.begin(cursor)
    for rows in tables:
        staging.stage(cursor, rows, digest)
    changes = []
    for rows in tables:
        added, corrected = staging.write(cursor, rows) if rows.rows else (0, 0)
        unchanged = len(rows.rows) - added - corrected
        changes.append(TableChange(rows.table, added, corrected, 0, unchanged))
        if progress:
            progress(rows.table, len(rows.rows))
    if withdraw:
        gone = {rows.table: staging.withdraw(cursor, rows.table) for rows in reversed(tables)}
        changes = [replace(change, withdrawn=gone[change.table]) for change in changes]
    # A merge leaves this to the tidying: the tables were there before, the plans are no others.
    staging.analyze(cursor, [c.table for c in changes if withdraw and c.touched])
    return tuple(changes)


def _finish(
    connection: Connection, given: tuple[date, str], publish: Publish | None, *, changed: bool
) -> tuple[int | None, tuple[str, ...]]:
    """Publish, and name the load if there is anything new; its id, and which tables it wrote."""
    load_id = _name(connection, given) if changed else None
    renewed = publish(connection) if publish else False
    if load_id is None:
        if not renewed:
            return None, ()
        load_id = _name(connection, given)
    connection.execute(text(f"NOTIFY {LOADED_CHANNEL}"))
    return load_id, tuple(connection.execute(_WRITTEN, {"schema": SCHEMA}).scalars())


def _name(connection: Connection, given: tuple[date, str]) -> int:
    """Write down that there was a load, and what the rows said that it replaced."""
    as_of, sha256 = given
    load_id: int = connection.execute(
        insert(load).values(as_of=as_of, sha256=sha256).returning(load.c.load_id)
    ).scalar_one()
    staging.keep_before(_cursor(connection), load_id)
    return load_id


_WRITTEN = text(
    "SELECT relname FROM pg_stat_xact_user_tables "
    "WHERE schemaname = :schema AND n_tup_ins + n_tup_upd + n_tup_del > 0"
)


def tidy(engine: Engine, result: LoadResult, publish: Publish | None = None) -> LoadResult:
    """Make reading fast again after a load; the load is kept whatever happens.

    Readers then take what they need from the indexes alone, and find what publish leaves for
    later. The result says what went wrong.
    """
    try:
        if publish:
            with store_errors(), engine.begin() as connection:
                connection.execute(_ONE_AT_A_TIME)
                publish.settle(connection)
        with store_errors(), engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in result.written:
                connection.execute(text(f'VACUUM (ANALYZE) {SCHEMA}."{name}"'))
    except (StoreError, DBAPIError) as error:
        reason = str(error).partition("\n")[0]
        return replace(
            result,
            untidied="The load is kept; only the tidying after it failed, and reading may "
            f"be slower until the next load: {reason}",
        )
    return result


def _newest_load(connection: Connection) -> tuple[date, str] | None:
    newest = connection.execute(
        load.select().order_by(load.c.load_id.desc()).limit(1)
    ).one_or_none()
    return (newest.as_of, newest.sha256) if newest else None


def _cursor(connection: Connection) -> Any:
    """The driver's own cursor, inside SQLAlchemy's transaction: COPY is not in SQLAlchemy."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None  # noqa: S101 - the connection is open here
    return driver_connection.cursor()
