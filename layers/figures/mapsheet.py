"""The sheet of one map at one date."""

from __future__ import annotations

from layers.figures import legend
from layers.figures.arrows import Arrow, laid_out_arrows
from layers.figures.canvas import Box, Page
from layers.figures.claims import Site, in_order
from layers.figures.content import SheetContent
from layers.figures.flowing import columns_of
from layers.figures.gathering import Symbol, gathered
from layers.figures.layout import Layout, laid_out
from layers.figures.mappanel import Panel
from layers.figures.notes import map_notes
from layers.figures.projection import View
from layers.figures.sheet import first_page, with_notes


def map_sheet(content: SheetContent) -> list[Page]:
    """All pages of it."""
    layout = laid_out(content.request, content.box)
    page = first_page(content, layout)
    panel = map_panel(content, layout)
    panel.draw(page)
    free = draw_strip(page, panel, content, layout)
    notes = map_notes(
        content, panel.symbols, panel.regions, panel.arrows, layout.factor, panel.unlabelled
    )
    return with_notes(content, layout, page, free, notes.paragraphs)


def map_panel(content: SheetContent, layout: Layout) -> Panel:
    """What the map of the last day shows."""
    view = content.view
    assert view is not None  # noqa: S101 - a map has a frame
    symbols, regions, arrows = placed_claims(content, view, layout)
    return Panel(view, layout.map, layout.factor, symbols, arrows, regions, content.request.labels)


def placed_claims(
    content: SheetContent, view: View, layout: Layout
) -> tuple[list[Symbol], list[tuple[str, Site]], list[Arrow]]:
    """Symbols, numbered areas, arrows of the last day."""
    day, style = content.days[-1], content.request.style
    points = [site for site in day.sites if not site.region]
    symbols = gathered(points, view, layout.map, style, content.palette, layout.factor)
    regions = [
        (str(len(points) + index + 1), site)
        for index, site in enumerate(in_order([site for site in day.sites if site.region]))
    ]
    arrows = laid_out_arrows(content.flows, symbols, view, layout.map, layout.factor)
    return symbols, regions, arrows


def above_pointer(strip: Box, f: float) -> Box:
    """The strip without the room for the line that says where the notes are."""
    return Box(strip.left, strip.top, strip.right, strip.bottom - 6.5 * f)


def draw_strip(page: Page, panel: Panel, content: SheetContent, layout: Layout) -> list[Box]:
    """The legend below or beside the map; returns the columns that it leaves free."""
    f, strip = layout.factor, layout.strip
    given = legend.entries(
        panel.symbols,
        panel.arrows,
        content.request.style,
        content.palette,
        f,
        circles=panel.circles,
        regions=bool(panel.regions),
        below=panel.below,
    )
    count = 1 if layout.beside else max(1, round(strip.width / (48.0 * f)))
    with page.group("legend", "Legend"):
        end = legend.fitted_legend(page, above_pointer(strip, f), given, count, f)
    rest = Box(strip.left, end + 2.5 * f, strip.right, strip.bottom)
    if rest.height < 9.0 * f:
        return []
    columns = 1 if layout.beside else max(1, min(4, round(rest.width / (92.0 * f))))
    return columns_of(rest, columns, 5.0 * f)
