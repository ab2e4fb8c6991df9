"""Given rows in temporary tables: compared there with what is held, then written.

`stage_<table>` holds the given rows of a table, `touched` what becomes of them: one row for each
that is added, corrected or withdrawn, with what it said before. Rows that did not change are in
neither the log nor the disk's way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from psycopg import sql

from geo.errors import StoreError
from geo.store.rows import Row, TableRows
from geo.store.tables import CLAIM_TABLES, SCHEMA

_BLOCK = 256 * 1024  # characters sent at once
_SPECIAL = re.compile(r"[\\\n\r\t]")
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})

# Look-ups by key cost little where the table is in memory, which a planner made for spinning disks
# does not know; and a statement may sort and hash what a load brings without files for it.
_SETTINGS = "SET LOCAL random_page_cost = 1.1; SET LOCAL work_mem = '64MB'"
_TOUCHED = (
    'CREATE TEMP TABLE touched (entity text, id text COLLATE "C", change text, before jsonb) '
    "ON COMMIT DROP"
)


class Hash(Protocol):
    """What takes the bytes of the rows as they are sent."""

    def update(self, data: bytes, /) -> None: ...  # noqa: D102


def begin(cursor: Any) -> None:
    """Make `touched`, for this transaction."""
    cursor.execute(_SETTINGS)
    cursor.execute(_TOUCHED)


def stage(cursor: Any, rows: TableRows, digest: Hash | None = None) -> None:
    """Copy the rows of one table into `stage_<table>`. Raises StoreError on an id given twice."""
    if len({row[0] for row in rows.rows}) != len(rows.rows):
        raise StoreError(f"{rows.table}: an id is given twice")
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP").format(
            _staging(rows.table), _table(rows.table)
        )
    )
    columns = rows.columns or _columns_of(rows.table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        _staging(rows.table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    if digest:
        digest.update(f"{rows.table}\t{','.join(columns)}\n".encode())
    with cursor.copy(statement) as copy:
        for block in _blocks(rows.rows):
            copy.write(block)
            if digest:
                digest.update(block)
    cursor.execute(sql.SQL("ANALYZE {} ({})").format(_staging(rows.table), _key_of(rows.table)))


def _blocks(rows: Iterable[Row]) -> Iterator[bytes]:
    """The rows as COPY's text format has them, many at once."""
    lines: list[str] = []
    size = 0
    for row in rows:
        line = _line(row)
        lines.append(line)
        size += len(line)
        if size > _BLOCK:
            yield ("\n".join(lines) + "\n").encode()
            lines, size = [], 0
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def _line(row: Row) -> str:
    if _SPECIAL.search("".join([value for value in row if isinstance(value, str)])):
        row = tuple([v.translate(_ESCAPES) if isinstance(v, str) else v for v in row])
    return "\t".join([v if isinstance(v, str) else _cell(v) for v in row])


def _cell(value: int | list[str] | None) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, list):
        quoted = (entry.replace("\\", r"\\").replace('"', r"\"") for entry in value)
        return ("{" + ",".join(f'"{entry}"' for entry in quoted) + "}").translate(_ESCAPES)
    return str(value)


_ANY_HELD = sql.SQL("SELECT EXISTS (SELECT FROM {staging} JOIN {table} USING ({key}))")
_ALL_ARE_NEW = sql.SQL("INSERT INTO touched SELECT %s, {key}, 'added' FROM {staging}")
_COMPARE = sql.SQL(
    "INSERT INTO touched "
    "SELECT %s, {key}, CASE WHEN held.{key} IS NULL THEN 'added' ELSE 'corrected' END, "
    "CASE WHEN held.{key} IS NOT NULL THEN to_jsonb(held) END "
    "FROM {staging} AS given LEFT JOIN {table} AS held USING ({key}) "
    "WHERE held.{key} IS NULL OR ({held}) IS DISTINCT FROM ({given})"
)
_COUNT = (
    "SELECT count(*) FILTER (WHERE change = 'added'), count(*) FILTER (WHERE change = 'corrected') "
    "FROM touched WHERE entity = %s"
)
# What is said of one site lies together, since it is read together: {order}.
_ADD_ALL = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}{order}")
_ADD = sql.SQL(
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} AS given "
    "WHERE {key} IN (SELECT id FROM touched WHERE entity = %s AND change = 'added'){order}"
)
_CORRECT = sql.SQL(
    "UPDATE {table} AS held SET ({columns}) = ROW ({given}) "
    "FROM {staging} AS given JOIN touched ON touched.id = given.{key} "
    "WHERE touched.entity = %s AND touched.change = 'corrected' AND held.{key} = given.{key}"
)
_WITHDRAW = sql.SQL(
    "WITH gone AS (DELETE FROM {table} AS held "
    "WHERE NOT EXISTS (SELECT FROM {staging} AS given WHERE given.{key} = held.{key}) "
    "RETURNING held.*) "
    "INSERT INTO touched SELECT %s, gone.{key}, 'withdrawn', to_jsonb(gone) FROM gone"
)
_KEEP_BEFORE = (
    "INSERT INTO atlas.revision (load_id, entity, row_id, change, before) "
    "SELECT %s, entity, id, change, before FROM touched WHERE before IS NOT NULL"
)


def write(cursor: Any, rows: TableRows) -> tuple[int, int]:
    """Add and correct what the staged rows of one table say; how many of either."""
    name = rows.table
    columns = [sql.Identifier(column) for column in _columns_of(name)]

    def listed(prefix: str) -> sql.Composed:
        return sql.SQL(", ").join(sql.SQL(f"{prefix}{{}}").format(c) for c in columns)

    places = _places(name) | {
        "columns": listed(""), "held": listed("held."), "given": listed("given."),
        "order": sql.SQL(" ORDER BY site_id" if "site_id" in _columns_of(name)[1:] else ""),
    }  # fmt: skip
    any_held = cursor.execute(_ANY_HELD.format(**places)).fetchone()[0]
    cursor.execute((_COMPARE if any_held else _ALL_ARE_NEW).format(**places), (name,))
    added, corrected = cursor.execute(_COUNT, (name,)).fetchone()
    if added == len(rows.rows):
        cursor.execute(_ADD_ALL.format(**places))
    elif added:
        cursor.execute(_ADD.format(**places), (name,))
    if corrected:
        cursor.execute(_CORRECT.format(**places), (name,))
    return added, corrected


def withdraw(cursor: Any, name: str) -> int:
    """Remove the rows of a table that were not given; how many."""
    cursor.execute(_WITHDRAW.format(**_places(name)), (name,))
    return int(cursor.rowcount)


def keep_before(cursor: Any, load_id: int) -> None:
    """Keep what corrected and withdrawn rows said, in `atlas.revision`."""
    cursor.execute(_KEEP_BEFORE, (load_id,))


def analyze(cursor: Any, names: Iterable[str]) -> None:
    """Let the planner know what tables hold that were filled just now."""
    for name in names:
        cursor.execute(sql.SQL("ANALYZE {}").format(_table(name)))
    cursor.execute("ANALYZE touched (entity, id, change)")


def _places(name: str) -> dict[str, sql.Composable]:
    return {"table": _table(name), "staging": _staging(name), "key": _key_of(name)}


def _columns_of(name: str) -> tuple[str, ...]:
    table = next(table for table in CLAIM_TABLES if table.name == name)
    return tuple(column.name for column in table.columns)


def _key_of(name: str) -> sql.Identifier:
    return sql.Identifier(_columns_of(name)[0])


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def _staging(name: str) -> sql.Identifier:
    return sql.Identifier(staging_name(name))


def staging_name(table: str) -> str:
    """The temporary table with the given rows of a table, while a load is under way."""
    return f"stage_{table}"
