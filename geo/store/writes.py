"""The only writes: a dossier into the tables, all of it or nothing.

Rows are copied into temporary tables first and compared there, so that a row that did not change
is not touched, and what a row said before is kept in `atlas.revision`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import sql
from sqlalchemy import Connection, Engine, insert, text

from geo.store.database import check_schema, store_errors
from geo.store.rows import Row, TableRows, dossier_rows
from geo.store.tables import CLAIM_TABLES, PUBLISHED, SCHEMA, load

if TYPE_CHECKING:
    from geo.dossier import Dossier

# Running services listen here, so that they know at once of another version of the data.
LOADED_CHANNEL = "scam_atlas_loaded"
Progress = Callable[[str, int], None]
# Makes the published features follow the rows; tells whether it made a whole layer anew.
Publish = Callable[[Connection], bool]


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
    """What a load did; `load_id` is None where nothing had changed and nothing was written."""

    load_id: int | None
    tables: tuple[TableChange, ...]


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

    tables: every table of CLAIM_TABLES once, in that order. Rows that are not given any more are
    withdrawn; what they said stays in `atlas.revision`. Two loads at once run one after the other.
    progress is called with a table's name and its number of rows as each is done. publish is
    called at the end, in the same transaction; the temporary table `touched` (entity, id) then
    holds what was written or removed. Raises SchemaOutdated, DatabaseUnavailable.
    """
    with store_errors(), engine.begin() as connection:
        check_schema(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('scam-atlas load'))"))
        same_content = _newest_load(connection) == (as_of, sha256)
        with connection.begin_nested() as attempt:
            load_id = connection.execute(
                insert(load).values(as_of=as_of, sha256=sha256).returning(load.c.load_id)
            ).scalar_one()
            changes = _replace_rows(_cursor(connection), list(tables), load_id, progress)
            renewed = publish(connection) if publish else False
            # The same files can still give other rows, after a change of how dates are understood.
            if same_content and not renewed and not any(change.touched for change in changes):
                attempt.rollback()
                return LoadResult(None, changes)
            connection.execute(text(f"NOTIFY {LOADED_CHANNEL}"))
    if publish:
        _vacuum_published(engine)
    return LoadResult(load_id, changes)


def _vacuum_published(engine: Engine) -> None:
    """Let readers take what they need from the indexes alone, without a look at the rows."""
    with store_errors(), engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in PUBLISHED.values():
            connection.execute(text(f"VACUUM (ANALYZE) {table.fullname}"))


def _replace_rows(
    cursor: Any, staged: list[TableRows], load_id: int, progress: Progress | None
) -> tuple[TableChange, ...]:
    """Bring every table to what the rows say, and tell what that changed."""
    cursor.execute(
        'CREATE TEMP TABLE touched (entity text, id text COLLATE "C", change text) ON COMMIT DROP'
    )
    for rows in staged:
        _stage(cursor, rows)
    merged = []
    for rows in staged:
        merged.append(_merge(cursor, rows, load_id))
        if progress:
            progress(rows.table, len(rows.rows))
    withdrawn = {
        table.name: _withdraw(cursor, table.name, load_id) for table in reversed(CLAIM_TABLES)
    }
    for table in CLAIM_TABLES:
        cursor.execute(sql.SQL("ANALYZE {}").format(_table(table.name)))
    return tuple(
        TableChange(name, added, corrected, withdrawn[name], unchanged)
        for name, added, corrected, unchanged in merged
    )


def _newest_load(connection: Connection) -> tuple[Any, str] | None:
    newest = connection.execute(
        load.select().order_by(load.c.load_id.desc()).limit(1)
    ).one_or_none()
    return (newest.as_of, newest.sha256) if newest else None


def _cursor(connection: Connection) -> Any:
    """The driver's own cursor, inside SQLAlchemy's transaction: COPY is not in SQLAlchemy."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None  # noqa: S101 - the connection is open here
    return driver_connection.cursor()


def _columns_of(name: str) -> tuple[str, ...]:
    table = next(table for table in CLAIM_TABLES if table.name == name)
    return tuple(column.name for column in table.columns)


def _key_of(name: str) -> sql.Identifier:
    return sql.Identifier(_columns_of(name)[0])


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def _staging(name: str) -> sql.Identifier:
    return sql.Identifier(f"stage_{name}")


def _stage(cursor: Any, rows: TableRows) -> None:
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP").format(
            _staging(rows.table), _table(rows.table)
        )
    )
    columns = rows.columns or _columns_of(rows.table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        _staging(rows.table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for row in rows.rows:
            copy.write_row(_plain(row))


def _plain(row: Row) -> Row:
    """Code list members as plain strings: the driver knows no enumerations."""
    return tuple(str(value) if isinstance(value, str) else value for value in row)


_KEEP_BEFORE = sql.SQL(
    "INSERT INTO atlas.revision (load_id, entity, row_id, change, before) "
    "SELECT %s, %s, held.{key}, 'corrected', to_jsonb(held) "
    "FROM {table} AS held JOIN {staging} AS given USING ({key}) "
    "WHERE ({held}) IS DISTINCT FROM ({given})"
)
_UPSERT = sql.SQL(
    "WITH written AS (INSERT INTO {table} AS held ({columns}) SELECT {columns} FROM {staging} "
    "ON CONFLICT ({key}) DO UPDATE SET {assignments} "
    "WHERE ({held}) IS DISTINCT FROM ({excluded}) "
    "RETURNING held.{key}, (xmax = 0) AS added) "
    "INSERT INTO touched "
    "SELECT %s, {key}, CASE WHEN added THEN 'added' ELSE 'corrected' END FROM written"
)
_COUNT = (
    "SELECT count(*) FILTER (WHERE change = 'added'), count(*) FILTER (WHERE change = 'corrected') "
    "FROM touched WHERE entity = %s"
)
_WITHDRAW = sql.SQL(
    "WITH gone AS (DELETE FROM {table} AS held "
    "WHERE NOT EXISTS (SELECT FROM {staging} AS given WHERE given.{key} = held.{key}) "
    "RETURNING held.*), "
    "noted AS (INSERT INTO touched SELECT %s, gone.{key}, 'withdrawn' FROM gone) "
    "INSERT INTO atlas.revision (load_id, entity, row_id, change, before) "
    "SELECT %s, %s, gone.{key}, 'withdrawn', to_jsonb(gone) FROM gone"
)


def _merge(cursor: Any, rows: TableRows, load_id: int) -> tuple[str, int, int, int]:
    """Rows added, corrected and unchanged in one table; what corrected rows said is kept."""
    name, columns = rows.table, [sql.Identifier(column) for column in _columns_of(rows.table)]

    def listed(prefix: str | None = None) -> sql.Composed:
        parts = [sql.SQL(f"{prefix}.{{}}").format(c) if prefix else c for c in columns]
        return sql.SQL(", ").join(parts)

    places = {"table": _table(name), "staging": _staging(name), "key": _key_of(name)}
    held, given, excluded = listed("held"), listed("given"), listed("excluded")
    cursor.execute(_KEEP_BEFORE.format(**places, held=held, given=given), (load_id, name))
    assignments = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(column) for column in columns[1:]
    )
    cursor.execute(
        _UPSERT.format(
            **places, columns=listed(), assignments=assignments, held=held, excluded=excluded
        ),
        (name,),
    )
    added, corrected = cursor.execute(_COUNT, (name,)).fetchone()
    return name, added, corrected, len(rows.rows) - added - corrected


def _withdraw(cursor: Any, name: str, load_id: int) -> int:
    places = {"table": _table(name), "staging": _staging(name), "key": _key_of(name)}
    cursor.execute(_WITHDRAW.format(**places), (name, load_id, name))
    return int(cursor.rowcount)
