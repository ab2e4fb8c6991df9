"""XLSX: a sheet of data and a sheet that explains it, written row by row.

Text is always text: never a formula, number or link. Days are real days from 1 March 1900 on;
earlier ones are ISO text, because Excel's calendar does not have them. A cell holds 32,767
characters: longer text is cut where one sees it, and the sheet "About" counts the cuts. A sheet
holds 1,048,576 rows: more is refused (FormatLimit).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from layers.catalog import ATTRIBUTION, LICENSE_URL, Layer
from layers.columns import ColumnType
from layers.formats.model import FileNotMade, FormatLimit
from layers.formats.rows import Row, place_cells, place_columns

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
CUT_MARK = " … [cut: {} characters in all; the other formats have the whole]"
_FIRST_DAY = "1900-03-01"
_WIDTHS = {ColumnType.INTEGER: 10, ColumnType.BOOLEAN: 10, ColumnType.DATE: 12}
_TEXT_WIDTH = 24


def write_workbook(layer: Layer, features: Iterable[str], path: Path, address: str | None) -> None:
    """Write both sheets; needs the folder of `path` for its temporary files."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.use_zip64()
    try:
        data = _DataSheet(book, layer)
        for feature in features:
            data.add(Row.parse(feature))
        _write_about(book, layer, data, address)
    except BaseException:
        _abandon(book)
        raise
    try:
        book.close()
    except XlsxWriterException as error:
        raise FileNotMade(f"{path.name} could not be written: {error}") from error


def _abandon(book: Any) -> None:
    """Close what the sheets have open, without making a file of it."""
    for sheet in book.worksheets():
        sheet.row_data_fh.close()
    book.fileclosed = True


def shortened(text: str) -> str:
    """The text if a cell holds it (Excel counts UTF-16 units), else its start and a mark."""
    units = len(text.encode("utf-16-le")) // 2
    if units <= MAX_CELL:
        return text
    mark = CUT_MARK.format(len(text))
    kept = text.encode("utf-16-le")[: 2 * (MAX_CELL - len(mark))]
    return kept.decode("utf-16-le", errors="ignore") + mark


class _DataSheet:
    """The sheet named like the layer: header frozen, a row a feature."""

    def __init__(self, book: Any, layer: Layer) -> None:
        self._layer = layer
        self._sheet = book.add_worksheet(layer.id)
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.rows = 0
        self.cuts = 0
        bold = book.add_format({"bold": True})
        for index, column in enumerate(layer.columns):
            self._sheet.set_column(index, index, _WIDTHS.get(column.kind, _TEXT_WIDTH))
        for index, name in enumerate((*layer.column_names, *place_columns(layer))):
            self._sheet.write_string(0, index, name, bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, row: Row) -> None:
        """Write the next row. Raises FormatLimit."""
        self.rows += 1
        if self.rows >= MAX_ROWS:
            raise FormatLimit(
                f"An Excel sheet holds {MAX_ROWS - 1:,} features and a header; ask for less, or "
                "for another format"
            )
        cells = [*row.cells(self._layer), *place_cells(self._layer, row.geometry)]
        for index, value in enumerate(cells):
            if value is not None:
                self._write(index, value)

    def _write(self, index: int, value: str | float | bool) -> None:
        columns = self._layer.columns
        if isinstance(value, bool):
            self._sheet.write_boolean(self.rows, index, value)
        elif isinstance(value, int | float):
            self._sheet.write_number(self.rows, index, value)
        elif index < len(columns) and columns[index].kind is ColumnType.DATE:
            self._write_day(index, value)
        else:
            held = shortened(value)
            self.cuts += held is not value
            self._sheet.write_string(self.rows, index, held)

    def _write_day(self, index: int, text: str) -> None:
        if text < _FIRST_DAY:
            self._sheet.write_string(self.rows, index, text)
        else:
            self._sheet.write_datetime(self.rows, index, date.fromisoformat(text), self._day)


def _write_about(book: Any, layer: Layer, data: _DataSheet, address: str | None) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, _TEXT_WIDTH)
    sheet.set_column(1, 3, 60)
    cut = f"{data.cuts} (each says so at its end)" if data.cuts else "none"
    lines: list[tuple[str | None, ...]] = [
        ("Layer", layer.title),
        ("What it is", layer.description),
        ("Rows", str(data.rows)),
        ("Asked for at", address),
        ("Attribution", ATTRIBUTION),
        ("Licence", LICENSE_URL),
        ("Lists", "are JSON text in one cell"),
        ("Days before 1900-03-01", "are text, because Excel's calendar does not have them"),
        (f"Cells cut at {MAX_CELL:,} characters", cut),
        (),
        ("Column", "Meaning", "Type", "Unit"),
        *((c.name, c.description, c.kind.value, c.unit) for c in layer.columns),
        *((name, meaning, kind, unit) for name, meaning, kind, unit in _places(layer)),
    ]
    for row, line in enumerate(lines):
        for index, value in enumerate(line):
            if value:
                sheet.write_string(row, index, shortened(value))


def _places(layer: Layer) -> list[tuple[str, str, str, str | None]]:
    told = {
        "lon": ("Longitude (WGS 84)", "number", "degrees"),
        "lat": ("Latitude (WGS 84)", "number", "degrees"),
        "WKT": ("Geometry as well-known text, longitude first (WGS 84)", "string", None),
    }
    return [(name, *told[name]) for name in place_columns(layer)]
