"""Tables on a sheet: books of dates, matrix of moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.figures.canvas import Box, Ink, Page, Pen
from layers.figures.flowing import Paragraph, Span, draw_lines, lines_of
from layers.symbology import INK

_RULE = "#c4c0b6"
_SHADE = "#f3f0e9"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. shade: how strongly its ground is coloured, 0 to 1."""

    text: str
    bold: bool = False
    colour: str = INK
    shade: float = 0.0


def draw_table(
    page: Page,
    box: Box,
    rows: Sequence[Sequence[Cell]],
    first: float,
    size: float,
    shade: str = "#3b3695",
) -> float:
    """A table as wide as the box, its first column as given; returns where it ends.

    size: of the text, millimetres. Rows that find no room are left out; the last line says so.
    """
    if not rows:
        return box.top
    columns = len(rows[0]) - 1
    rest = (box.width - first) / max(columns, 1)
    y, pad = box.top, size * 0.45
    for number, row in enumerate(rows):
        widths = [first, *([rest] * columns)]
        made = [
            lines_of(_paragraph(cell, size), width - 2 * pad)
            for cell, width in zip(row, widths, strict=True)
        ]
        height = max(max(len(lines) for lines in made), 1) * size * 1.26 + 2 * pad * 0.7
        if y + height > box.bottom:
            left_out = len(rows) - number
            page.text(box.left, min(y + size, box.bottom), f"… and {left_out} more rows", size, INK)
            return y + size * 1.3
        if number == 0:
            page.rectangle(Box(box.left, y, box.right, y + height), Ink(_SHADE))
        x = box.left
        for cell, lines, width in zip(row, made, widths, strict=True):
            if cell.shade:
                ground = Box(x + 0.1, y + 0.1, x + width - 0.1, y + height - 0.1)
                page.rectangle(ground, Ink(shade, round(0.08 + 0.32 * cell.shade, 3)))
            inner = Box(x + pad, y + pad * 0.7, x + width - pad, y + height)
            draw_lines(page, lines, inner, _paragraph(cell, size))
            x += width
        y += height
        page.line([(box.left, y), (box.right, y)], Pen(_RULE, 0.12))
    return y


def _paragraph(cell: Cell, size: float) -> Paragraph:
    return Paragraph((Span(cell.text, bold=cell.bold, colour=cell.colour),), size)
