"""A row to an entity, or to every problem that the row has.

A cell that cannot be read is stood in for by a harmless value, so that what the entity demands
of the other cells is still asked; the entity itself is then thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.dates import parse_edtf
from geo.dossier.cells import BadCell, Value, read_cell
from geo.dossier.columns import Cell, Column, Entity, Table
from geo.dossier.problems import Nearest, Problem, Problems
from geo.dossier.readers import Row, Sheet
from geo.errors import InvalidEntity

_HARMLESS: Mapping[Cell, Value] = {
    Cell.ID: "x",
    Cell.TEXT: "x",
    Cell.PROSE: "x",
    Cell.EDTF: parse_edtf("2000"),
    Cell.INTEGER: 1,
    Cell.DECIMAL: 0.0,
}
_HARMLESS_TEXT = {"country": "MM", "language": "en", "url": "https://example.org"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A row and the entity it became; None where the row has a problem."""

    row: Row
    entity: Entity | None


def check_rows(sheet: Sheet, problems: Problems, nearest: Nearest) -> list[Checked]:
    """Every row of a sheet as an entity; rows with problems too, so that their ids are known."""
    checked = []
    for row in sheet.rows:
        if problems.full(row.file):
            sheet.complete = False
            break
        checked.append(Checked(row, _entity(row, sheet, problems, nearest)))
    return checked


def problem_at(row: Row, column: str, rule: str, suggestion: str | None = None) -> Problem:
    """A problem of one cell."""
    line = row.line_of(column)
    return Problem(row.file, line, column, row.cells[column], rule, suggestion)


def _entity(row: Row, sheet: Sheet, problems: Problems, nearest: Nearest) -> Entity | None:
    """The row's entity, None where a cell or the whole is wrong."""
    values: dict[str, Any] = {}
    bad = set()
    for column in sheet.table.columns:
        if column.name in sheet.missing:
            values[column.into] = _harmless(column)  # the header's problem says it
            bad.add(column.into)
            continue
        try:
            values[column.into] = read_cell(row.cells[column.name], column, nearest)
        except BadCell as error:
            problems(problem_at(row, column.name, error.rule, error.suggestion))
            values[column.into] = _harmless(column)
            bad.add(column.into)
    if "names_other" in values and values["name"] in values["names_other"]:
        others = [name for name in values["names_other"] if name != values["name"]]
        rule = "repeats the name: only other names stand here"
        problems(problem_at(row, "names_other", rule, repr("|".join(others))))
        bad.add("names_other")
    entity = _built(row, sheet.table, values, bad, problems)
    return None if bad else entity


def _built(
    row: Row, table: Table, values: dict[str, Any], bad: set[str], problems: Problems
) -> Entity | None:
    """The entity; each field that it refuses is reported and stood in for, until none is left."""
    columns = {column.into: column for column in table.columns}
    while True:
        try:
            return table.entity(**values)
        except InvalidEntity as error:
            column = columns[error.field]
            if column.into in bad:
                return None  # nothing harmless fits here, and the field has been reported
            suggestion = _swapped(values) if column.name == "lat" else None
            problems(problem_at(row, column.name, str(error), suggestion))
            values[column.into] = _harmless(column)
            bad.add(column.into)


def _swapped(values: Mapping[str, Any]) -> str | None:
    """What a latitude that is none says when it is a longitude, and the longitude a latitude."""
    lon, lat = values["lon"], values["lat"]
    if abs(lon) <= 90 and abs(lat) <= 180:
        return f"lon {lat}, lat {lon}: the two swapped"
    return None


def _harmless(column: Column) -> Value:
    """A value that no rule for the other cells refuses."""
    if column.codes is not None:
        return next(iter(column.codes))
    if column.refers_to:
        return "y"  # not the "x" of an id: nothing is its own parent
    if column.name in _HARMLESS_TEXT:
        return _HARMLESS_TEXT[column.name]
    if column.cell is Cell.NAMES:
        return ()
    return _HARMLESS[column.cell] if column.required else None
