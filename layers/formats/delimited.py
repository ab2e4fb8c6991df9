"""CSV (RFC 4180, UTF-8, CRLF, with a header) that a spreadsheet cannot run as a program.

Spreadsheets take a cell that begins with = + - @, a tab or a line break for a formula, or drop
what stands before one. Such a text gets one apostrophe in front, the spreadsheets' own mark for
text. So that nothing is lost, texts that already look so marked get one more: a reader who takes
one apostrophe off every cell that matches `MARKED` has the texts as they were. Numbers, days and
booleans are never touched. Null is an empty cell.
"""

from __future__ import annotations

import csv
import io
import re

from layers.catalog import Layer
from layers.formats.rows import Cell, Row, place_cells, place_columns

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
MARKED = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text as a spreadsheet will show it and not run it."""
    return "'" + text if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if MARKED.match(text) else text


class CsvEncoder:
    """The layer's columns in their order, then those of the geometry."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def head(self) -> str:
        """The names of the columns."""
        return _lines([[*self._layer.column_names, *place_columns(self._layer)]])

    def body(self, features: list[str]) -> str:
        """A line a feature."""
        return _lines([self._line(Row.parse(feature)) for feature in features])

    def tail(self) -> str:
        """Nothing: a table just ends."""
        return ""

    def _line(self, row: Row) -> list[object]:
        cells: list[object] = [_written(value) for value in row.cells(self._layer)]
        return cells + place_cells(self._layer, row.geometry)


def _written(value: Cell) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value


def _lines(rows: list[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
