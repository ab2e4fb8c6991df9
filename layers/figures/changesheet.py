"""A map of what differs between two days: earlier state behind, later state before it."""

from __future__ import annotations

from dataclasses import replace

from geo.vocabulary import Activity
from layers import symbology
from layers.figures import books, legend, words
from layers.figures.arrows import Arrow, laid_out_arrows
from layers.figures.canvas import Box, Ink, Page
from layers.figures.claims import in_order
from layers.figures.content import SheetContent
from layers.figures.flowing import Paragraph, Span, columns_of
from layers.figures.gathering import gathered
from layers.figures.layout import laid_out
from layers.figures.mappanel import Panel
from layers.figures.mapsheet import above_pointer
from layers.figures.multiples import everyone_last, note_numbers
from layers.figures.notes import Notes
from layers.figures.sheet import first_page, with_notes
from layers.figures.symbols import Look, draw_symbol, look_of

_MARKS = {
    books.APPEARED: "new",
    books.RESUMED: "active again or growing",
    books.REDUCED: "reduced",
    books.GONE: "closed",
    books.UNKNOWN: "no longer known",
}
"""What is written after the name of a site that changed."""
_UNCHANGED_OPACITY = 0.35


def change_sheet(content: SheetContent) -> list[Page]:
    """All pages of it."""
    layout = laid_out(content.request, content.box)
    view, f = content.view, layout.factor
    assert view is not None  # noqa: S101 - a map has a frame
    page = first_page(content, layout)
    earlier, later = content.days
    found = {item.site_id: item for item in books.changes(earlier, later)}
    everyone = everyone_last(content.days)
    points = [site for site in everyone if not site.region]
    symbols = gathered(points, view, layout.map, content.request.style, content.palette, f)
    for symbol in symbols:
        symbol.looks = [
            replace(look, opacity=_UNCHANGED_OPACITY)
            if found[site.site_id].kind == books.UNCHANGED else look
            for site, look in zip(symbol.sites, symbol.looks, strict=True)
        ]  # fmt: skip
    arrows = laid_out_arrows(content.flows, symbols, view, layout.map, f)
    areas = [site for site in everyone if site.region]
    numbers = note_numbers(symbols, areas)
    regions = [(numbers[site.site_id], site) for site in in_order(areas)]
    titles = {
        item.site_id: f": {_MARKS[item.kind]}" for item in found.values() if item.kind in _MARKS
    }
    panel = Panel(view, layout.map, f, symbols, arrows, regions, content.request.labels, titles)
    panel.before = {
        site_id: look_of(item.before, content.request.style, content.palette, f * 0.8)
        for site_id, item in found.items()
        if item.before is not None and item.kind in _MARKS
    }
    panel.draw(page)
    free = _strip(page, content, layout.strip, panel, f, beside=layout.beside)
    notes = _notes(content, found, numbers, arrows, f)
    return with_notes(content, layout, page, free, notes.paragraphs)


def _strip(
    page: Page, content: SheetContent, strip: Box, panel: Panel, f: float, *, beside: bool
) -> list[Box]:
    changed = _entry(panel, f, words.short_day(content.days[0].day))
    given = [
        *changed,
        *legend.entries(
            panel.symbols, panel.arrows, content.request.style, content.palette, f,
            circles=panel.circles, regions=bool(panel.regions), below=panel.below,
        ),
    ]  # fmt: skip
    # Faded is unchanged here, and no sign of age.
    ages = {item.label for item in symbology.CERTAINTY_BY_AGE}
    given = [entry for entry in given if entry.label not in ages]
    count = 1 if beside else max(1, round(strip.width / (48.0 * f)))
    with page.group("legend", "Legend"):
        end = legend.fitted_legend(page, above_pointer(strip, f), given, count, f)
    rest = Box(strip.left, end + 2.5 * f, strip.right, strip.bottom)
    if rest.height < 9.0 * f:
        return []
    return columns_of(rest, 1 if beside else max(1, round(rest.width / (92.0 * f))), 5.0 * f)


def _entry(panel: Panel, f: float, day: str) -> list[legend.Entry]:
    if not panel.symbols:
        return []
    known = {item.code: item for item in symbology.ACTIVITY}
    after, closed = known[Activity.ACTIVE], known[Activity.CLOSED]

    def faded(page: Page, x: float, y: float) -> None:
        page.circle(x, y, 1.3 * f, Ink(after.colour, _UNCHANGED_OPACITY), None)

    found = [legend.Entry("faded: same reported state on both dates", faded)]
    if panel.before:
        earlier = Look("circle", 1.0 * f, (after.colour,), "", "full", "none", 1.0)
        later = Look("circle", 1.25 * f, (closed.colour,), "", "empty", "cross", 1.0)

        def pair(page: Page, x: float, y: float) -> None:
            draw_symbol(page, x - 1.2 * f, y, earlier)
            draw_symbol(page, x + 0.6 * f, y, later)

        found.append(legend.Entry(f"small, at the left: as reported up to {day}", pair))
    return found


def _notes(
    content: SheetContent,
    found: dict[str, books.Change],
    numbers: dict[str, str],
    arrows: list[Arrow],
    f: float,
) -> Notes:
    notes = Notes(content, f)
    earlier, later = (words.long_day(day.day) for day in content.days)
    notes.heading("What differs", f"State by reports up to {earlier}, then by those up to {later}.")
    for kind in books.ROWS:
        members = [numbers[item.site_id] for item in found.values() if item.kind == kind]
        if members:
            listed = books.ranges(sorted(members, key=int))
            spans = (Span(f"{words.capital(kind)}: ", bold=True), Span(f"{listed}."))
            notes.paragraphs.append(Paragraph(spans, notes.size, 0.3))
    notes.heading("Notes", words.unreported(content.days[-1]))
    for item in sorted(found.values(), key=lambda item: int(numbers[item.site_id])):
        notes.pair(numbers[item.site_id], item.before, item.after)
    if content.flows:
        notes.heading("Moves")
        for arrow in arrows:
            for offset, flow in enumerate(arrow.flows):
                notes.flow(f"M{arrow.first + offset}", flow)
    notes.sources()
    return notes
