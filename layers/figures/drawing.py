"""From the content of a sheet to the bytes of a file: no database, no clock, no chance."""

from __future__ import annotations

from layers.figures.changesheet import change_sheet
from layers.figures.content import SheetContent
from layers.figures.displacementsheet import displacement_sheet
from layers.figures.fonts import prepared_for
from layers.figures.mapsheet import map_sheet
from layers.figures.multiples import multiples_sheet
from layers.figures.pdf import write_pdf
from layers.figures.png import write_png
from layers.figures.request import FigureFormat, FigureKind
from layers.figures.sheet import about
from layers.figures.svg import write_svg
from layers.figures.timelinesheet import timeline_sheet

_SHEETS = {
    FigureKind.MAP: map_sheet,
    FigureKind.CHANGE: change_sheet,
    FigureKind.DISPLACEMENT: displacement_sheet,
    FigureKind.TIMELINE: timeline_sheet,
    FigureKind.MULTIPLES: multiples_sheet,
}


def draw(content: SheetContent, fmt: FigureFormat | None = None) -> bytes:
    """The file in the format of the request, or in another one."""
    if fmt is not None and fmt != content.request.format:
        content = content.in_format(fmt)
    texts = [item.text for item in content.features]
    with prepared_for([*texts, content.request.title or "", content.place]):
        return _drawn(content)


def _drawn(content: SheetContent) -> bytes:
    pages = _SHEETS[content.request.kind](content)
    said = about(content)
    match content.request.format:
        case FigureFormat.PDF:
            return write_pdf(pages, said)
        case FigureFormat.SVG:
            return write_svg(pages[0], said)
        case FigureFormat.PNG:
            return write_png(pages[0], said, content.request.dpi)
