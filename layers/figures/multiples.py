"""Small multiples: the same frame at several dates, and the books of what changed."""

from __future__ import annotations

from dataclasses import replace

from layers.figures import books, furniture, legend, words
from layers.figures.arrows import laid_out_arrows
from layers.figures.canvas import Box, Page
from layers.figures.claims import Site, in_order
from layers.figures.content import DayState, SheetContent
from layers.figures.fonts import text_width
from layers.figures.gathering import Symbol, gathered
from layers.figures.layout import Layout, laid_out
from layers.figures.mappanel import Panel
from layers.figures.notes import Notes
from layers.figures.projection import View
from layers.figures.sheet import GREY, first_page, with_notes
from layers.figures.symbols import gathered_reach, look_of
from layers.figures.tables import Cell, draw_table
from layers.symbology import INK

_SMALLER = 0.78
"""Symbols of a small map against those of a large one."""


def multiples_sheet(content: SheetContent) -> list[Page]:
    """All pages of it."""
    layout = laid_out(content.request, content.box)
    view = content.view
    assert view is not None  # noqa: S101 - a map has a frame
    page = first_page(content, layout)
    factor = layout.factor * _SMALLER
    everyone = everyone_last(content.days)
    points = [site for site in everyone if not site.region]
    whole = gathered(points, view, layout.panels[0], content.request.style, content.palette, factor)
    numbers = note_numbers(whole, [site for site in everyone if site.region])
    moves = {flow.flow_id: f"M{index + 1}" for index, flow in enumerate(content.flows)}
    panels = []
    for index, (day, box) in enumerate(zip(content.days, layout.panels, strict=True)):
        symbols = shown_on(whole, day, layout.panels[0], box, content, factor)
        earlier = content.days[index - 1].day if index else None
        flows = books.flows_between(content.flows, earlier, day.day) if index else []
        arrows = laid_out_arrows(flows, symbols, view, box, factor)
        panel = Panel(view, box, factor, symbols, arrows, (), content.request.labels, small=True)
        with page.group(f"map-{day.day.isoformat()}", words.long_day(day.day), figure=True):
            panel.draw(page)
            if index == 0:
                _bar(page, view, box, factor)
        _caption(page, day, box, layout)
        panels.append(panel)
    free = _strip(page, content, layout, panels, numbers, moves)
    notes = _notes(content, numbers, moves, everyone, layout.factor)
    return with_notes(content, layout, page, free, notes.paragraphs)


def everyone_last(days: tuple[DayState, ...]) -> list[Site]:
    """Every site of any of the days, in its last state of these."""
    return list({site.site_id: site for day in days for site in day.sites}.values())


def note_numbers(symbols: list[Symbol], areas: list[Site]) -> dict[str, str]:
    """The note of each site: points by their symbols, areas after them."""
    found = {
        site.site_id: str(symbol.first + offset)
        for symbol in symbols
        for offset, site in enumerate(symbol.sites)
    }
    count = len(found)
    for index, site in enumerate(in_order(areas)):
        found[site.site_id] = str(count + index + 1)
    return found


def shown_on(
    symbols: list[Symbol], day: DayState, at: Box, box: Box, content: SheetContent, factor: float
) -> list[Symbol]:
    """The symbols as they are on a day, moved from one panel to another."""
    states = {site.site_id: site for site in day.sites}
    found = []
    for symbol in symbols:
        sites = [states[site.site_id] for site in symbol.sites if site.site_id in states]
        if not sites:
            continue
        style, palette = content.request.style, content.palette
        looks = [look_of(site, style, palette, factor) for site in sites]
        reach = looks[0].reach if len(looks) == 1 else gathered_reach(looks, factor)
        found.append(
            replace(
                symbol,
                x=symbol.x - at.left + box.left,
                y=symbol.y - at.top + box.top,
                sites=sites,
                looks=looks,
                reach=reach,
                of=len(symbol.sites),
            )
        )
    return found


def _bar(page: Page, view: View, box: Box, factor: float) -> None:
    furniture.draw_scale_bar(page, furniture.scale_bar(view, box, factor), factor)


def _caption(page: Page, day: DayState, box: Box, layout: Layout) -> None:
    """The date, and beside it as many words on the sites as the panel is wide."""
    f, date_size, size = layout.factor, 3.1 * layout.factor, 2.3 * layout.factor
    running = sum(site.running for site in day.sites)
    sites = words.counted(len(day.sites), "site")
    for date, said in (
        (words.long_day(day.day), f"{sites}, {running} reported active"),
        (words.short_day(day.day), f"{sites}, {running} reported active"),
        (words.short_day(day.day), sites),
        (words.short_day(day.day), ""),
    ):
        width = text_width(date, date_size, bold=True) + text_width(said, size) + 2 * f
        if width <= box.width:
            break
    page.text(box.left, box.top - 1.2 * f, date, date_size, INK, bold=True)
    page.text(box.right, box.top - 1.2 * f, said, size, GREY, anchor="end")


def _strip(
    page: Page,
    content: SheetContent,
    layout: Layout,
    panels: list[Panel],
    numbers: dict[str, str],
    moves: dict[str, str],
) -> list[Box]:
    """Legend, and the books with a column for each date."""
    f, strip = layout.factor, layout.strip
    unique = {id(symbol): symbol for panel in panels for symbol in panel.symbols}
    given = legend.entries(
        list(unique.values()),
        [arrow for panel in panels for arrow in panel.arrows],
        content.request.style,
        content.palette,
        f * 0.9,
        circles=any(panel.circles for panel in panels),
        regions=False,
        below=legend.Below(borders=panels[0].below.borders, beyond=panels[0].below.beyond),
    )
    wide = strip.width > 1.25 * strip.height * 2.2
    columns = max(2, round(strip.width / (42.0 * f)))
    with page.group("legend", "Legend"):
        end = legend.draw_legend(page, strip, given, columns + wide, f * (0.8 if wide else 0.9))
    size = (1.85 if wide else 1.95) * f
    head = [Cell("Books: note numbers", bold=True)]
    head += [Cell(words.short_day(day.day), bold=True) for day in content.days]
    rows = [head]
    for row, cells in books.strip(content.days, content.flows, numbers, moves):
        if any(cells):
            rows.append(
                [Cell(words.capital(row))]
                + [Cell(f"{len(cell)}: {books.ranges(cell)}" if cell else "–") for cell in cells]
            )
    with page.group("books", "Books of what changed"):
        box = Box(strip.left, end + 1.5 * f, strip.right, strip.bottom)
        first = min(34.0 * f, strip.width * 0.24)
        bottom = draw_table(page, box, rows, first, size)
    rest = Box(strip.left, bottom + 2.0 * f, strip.right, strip.bottom)
    return [] if rest.height < 12 * f else [rest]


def _notes(
    content: SheetContent,
    numbers: dict[str, str],
    moves: dict[str, str],
    everyone: list[Site],
    factor: float,
) -> Notes:
    notes = Notes(content, factor)
    last = words.long_day(content.days[-1].day)
    notes.heading("Notes", f"States as of {last}, or the last date on which the site is shown.")
    for site in sorted(everyone, key=lambda site: int(numbers[site.site_id])):
        notes.site(numbers[site.site_id], site)
    if content.flows:
        notes.heading("Moves")
        for flow in content.flows:
            notes.flow(moves[flow.flow_id], flow)
    notes.sources()
    return notes
