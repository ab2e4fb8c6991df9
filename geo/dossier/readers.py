"""A file to rows that know their file, line and column.

What stands in a file as a whole is judged here: its size, bytes, line ends, header and quoting.
Reading goes on after a fault wherever the rest still means something, so that one run names all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from geo.dossier.columns import TABLES, Table
from geo.dossier.problems import Nearest, Problem, Problems

MAX_BYTES = 50_000_000
MAX_ROWS = 100_000

_BOM = b"\xef\xbb\xbf"
_PROGRESS_EVERY = 1_000

Progress = Callable[[str, int], None]


class _Reader(Protocol):
    """What csv.reader gives: rows, and the number of physical lines taken so far."""

    line_num: int

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the cells by column name, and where they stand.

    line: the physical line on which the row starts.
    """

    file: str
    line: int
    cells: dict[str, str]

    def line_of(self, column: str) -> int:
        """The physical line on which that cell starts (a quoted cell may hold line breaks)."""
        before = takewhile(lambda cell: cell[0] != column, self.cells.items())
        return self.line + sum(text.count("\n") for _, text in before)


@dataclass(slots=True)
class Sheet:
    """What could be read of one file.

    missing: columns that it does not have. complete: whether every row was understood; ids
    that are not found in an incomplete sheet may stand in what was not.
    """

    table: Table
    rows: list[Row] = field(default_factory=list)
    missing: frozenset[str] = frozenset()
    complete: bool = True


def read_sheet(
    folder: Path, table: Table, problem: Problems, nearest: Nearest, progress: Progress | None
) -> Sheet:
    """Read one file of the folder; faults go to `problem`, never raised."""
    sheet = Sheet(table)
    data = _bytes(folder / table.file, problem)
    if data is None:
        sheet.complete = False
        return sheet
    if not data:
        problem(_whole(table.file, "an empty file: the first line names the columns"))
        sheet.complete = False
        return sheet
    lines = io.StringIO(_text(table.file, data, problem), newline="\n")
    reader = csv.reader(lines, strict=True)
    header = _header(reader, sheet, problem, nearest)
    if header is None:
        sheet.complete = False
        return sheet
    for row in _rows(reader, header, sheet, problem):
        sheet.rows.append(row)
        if progress and len(sheet.rows) % _PROGRESS_EVERY == 0:
            progress(table.file, len(sheet.rows))
    if progress:
        progress(table.file, len(sheet.rows))
    return sheet


def _whole(file: str, rule: str, suggestion: str | None = None) -> Problem:
    return Problem(file, None, None, None, rule, suggestion)


def _bytes(path: Path, problem: Problems) -> bytes | None:
    """The file's content; None where there is none to read. Never more than MAX_BYTES."""
    try:
        if not path.exists():
            problem(_whole(path.name, "the file is missing", _file_like(path)))
            return None
        if not path.is_file():
            problem(_whole(path.name, "not a regular file"))
            return None
        with path.open("rb") as file:
            size = path.stat().st_size
            data = file.read(MAX_BYTES + 1) if size <= MAX_BYTES else b""
    except OSError as error:
        problem(_whole(path.name, f"cannot be read: {error.strerror or error}"))
        return None
    if max(size, len(data)) > MAX_BYTES:
        rule = f"larger than {MAX_BYTES // 1_000_000} MB: not read"
        problem(_whole(path.name, rule))
        return None
    return data


def _file_like(path: Path) -> str | None:
    """A file of nearly that name, which is not another one of the dossier."""
    due = {table.file for table in TABLES}
    names = {entry.name for entry in path.parent.iterdir() if entry.is_file()}
    return Nearest()(path.name, frozenset(names - due))


def _text(file: str, data: bytes, problem: Problems) -> str:
    """The file as text whose lines end with a line feed, whatever it took to get there."""
    if data.startswith(_BOM):
        rule = "starts with a byte order mark: save it as UTF-8 without one"
        problem(Problem(file, 1, None, None, rule, "'UTF-8', not 'UTF-8 with BOM'"))
        data = data[len(_BOM) :]
    if (at := data.find(b"\0")) >= 0:
        problem(Problem(file, _line(data, at), None, None, "holds a NUL byte"))
        data = data.replace(b"\0", b"")
    if (at := data.find(b"\r")) >= 0:
        count = data.count(b"\r")
        rule = f"a carriage return: lines end with \\n alone ({count} such in this file)"
        suggestion = "'LF' line ends, not 'CRLF'" if data[at : at + 2] == b"\r\n" else None
        problem(Problem(file, _line(data, at), None, None, rule, suggestion))
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        rule = (
            f"not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start} "
            f"(byte {error.start - line_start + 1} of its line)"
        )
        problem(Problem(file, _line(data, error.start), None, None, rule))
        return data.decode(errors="replace")


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


# What csv says (CPython, strict) against what to tell a person.
_QUOTING = (
    (re.compile("unexpected end of data"), "a quotation mark is opened here and never closed"),
    (re.compile("field larger"), "a cell too large to read: a quotation mark may be left open"),
    (re.compile("expected after"), 'text after a closing quotation mark: write "" for a quote'),
)


def _quoting(error: csv.Error) -> str:
    text = str(error)
    return next((rule for pattern, rule in _QUOTING if pattern.search(text)), f"not CSV: {text}")


def _header(
    reader: _Reader, sheet: Sheet, problem: Problems, nearest: Nearest
) -> list[str | None] | None:
    """The column that each position of a row fills; None where rows cannot be read at all.

    A name that is nearly a missing one is reported, and read as that one.
    """
    table = sheet.table
    try:
        names = next(reader, [])
    except csv.Error as error:
        problem(Problem(table.file, 1, None, None, _quoting(error)))
        return None
    missing = [name for name in table.names if name not in names]
    if len(missing) == len(table.names):
        rule = f"the first line is not the header: {','.join(table.names)}"
        problem(Problem(table.file, 1, None, ",".join(names)[:200], rule))
        return None
    header: list[str | None] = []
    for name in names:
        # Few names are missing, so even "lattitude" is taken for "lat".
        meant = name if name in table.names else nearest(name, frozenset(missing), likeness=0.5)
        if meant != name:
            suggestion = meant or nearest(name, frozenset(table.names))
            problem(Problem(table.file, 1, name, None, "no such column", suggestion))
            if meant:
                missing.remove(meant)
        elif name in header:
            problem(Problem(table.file, 1, name, None, "the column appears twice"))
            meant = None
        header.append(meant)
    for name in missing:
        problem(Problem(table.file, 1, name, None, "the column is missing"))
    order = [name for name in header if name]
    if not missing and order != list(table.names):
        first = next(got for got, due in zip(order, table.names, strict=True) if got != due)
        rule = f"the columns stand in another order; due: {','.join(table.names)}"
        problem(Problem(table.file, 1, first, None, rule))
    sheet.missing = frozenset(missing)
    return header


def _rows(
    reader: _Reader, header: list[str | None], sheet: Sheet, problem: Problems
) -> Iterator[Row]:
    """The rows below the header that have the right number of cells."""
    file = sheet.table.file
    count = 0
    while not problem.full(file):
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            sheet.complete = False
            problem(Problem(file, line, None, None, _quoting(error)))
            if "field larger" in str(error):
                return
            continue
        count += 1
        if count > MAX_ROWS:
            sheet.complete = False
            problem(Problem(file, line, None, None, f"more than {MAX_ROWS} rows"))
            return
        if not cells:
            problem(Problem(file, line, None, None, "an empty line"))
        elif len(cells) != len(header):
            sheet.complete = False
            many = "few" if len(cells) < len(header) else "many"
            rule = f"too {many} cells: {len(cells)} where the header has {len(header)}"
            problem(Problem(file, line, None, None, rule))
        else:
            yield Row(
                file, line, {name: cell for name, cell in zip(header, cells, strict=True) if name}
            )
