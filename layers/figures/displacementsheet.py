"""The sheet of reported moves: their map, their number by period, and a matrix from/to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from layers import symbology
from layers.figures import words
from layers.figures.arrows import Arrow
from layers.figures.canvas import Box, Ink, Page, Pen
from layers.figures.claims import Flow
from layers.figures.content import SheetContent
from layers.figures.fonts import text_width
from layers.figures.layout import laid_out
from layers.figures.mappanel import Panel
from layers.figures.mapsheet import draw_strip, placed_claims
from layers.figures.notes import Notes
from layers.figures.sheet import GREY, first_page, with_notes
from layers.figures.tables import Cell, draw_table

UNKNOWN = "not known"
_MOST = 9
"""Most rows or columns of the matrix; with more places it is by country."""


def displacement_sheet(content: SheetContent) -> list[Page]:
    """All pages of it."""
    layout = laid_out(content.request, content.box)
    view, f = content.view, layout.factor
    assert view is not None  # noqa: S101 - a map has a frame
    page = first_page(content, layout)
    symbols, regions, arrows = placed_claims(content, view, layout)
    ends = {end for flow in content.flows for end in (flow.from_site_id, flow.to_site_id)}
    # Only places that a move speaks of: the sheet is about moves.
    symbols = [s for s in symbols if any(site.site_id in ends for site in s.sites)]
    regions = [(number, site) for number, site in regions if site.site_id in ends]
    panel = Panel(view, layout.map, f, symbols, arrows, regions, content.request.labels)
    panel.draw(page)
    free = draw_strip(page, panel, content, layout)
    if free:
        whole = Box(free[0].left, free[0].top, free[-1].right, free[0].bottom)
        rest = _tables(page, content.flows, whole, f)
        free = [rest] if rest.height > 12 * f else []
    return with_notes(content, layout, page, free, _notes(content, arrows, panel, f).paragraphs)


def _notes(content: SheetContent, arrows: Sequence[Arrow], panel: Panel, f: float) -> Notes:
    notes = Notes(content, f)
    notes.heading("Moves", "Several claims may speak of one move; numbers of people never add up.")
    for arrow in arrows:
        for offset, flow in enumerate(arrow.flows):
            notes.flow(f"M{arrow.first + offset}", flow)
    notes.heading("Places")
    for symbol in panel.symbols:
        for offset, site in enumerate(symbol.sites):
            notes.site(str(symbol.first + offset), site)
    for number, site in panel.regions:
        notes.site(number, site)
    notes.sources()
    return notes


def _tables(page: Page, flows: Sequence[Flow], box: Box, f: float) -> Box:
    """Periods, then the matrix; returns what is left of the box."""
    if not flows:
        return box
    with page.group("periods", "Claims by period"):
        top = draw_periods(page, flows, Box(box.left, box.top, box.right, box.top + 17 * f), f)
    rows = matrix(flows)
    most = max((int(cell) for row in rows[1:] for cell in row[1:-1] if cell), default=1)
    cells = [
        [
            Cell(
                text,
                bold=number == 0 or place == 0,
                shade=int(text) / most if number and 0 < place < len(row) - 1 and text else 0.0,
            )
            for place, text in enumerate(row)
        ]
        for number, row in enumerate(rows)
    ]
    with page.group("matrix", "Claims from place to place"):
        area = Box(box.left, top + 2 * f, box.right, box.bottom)
        first = min(30 * f, box.width * 0.24)
        end = draw_table(page, area, cells, first, _fitting(rows, box.width - first, f))
    return Box(box.left, end + 2 * f, box.right, box.bottom)


def _fitting(rows: Sequence[Sequence[str]], width: float, f: float) -> float:
    """The size of text at which no word of a head is torn."""
    size, room = 2.0 * f, width / max(len(rows[0]) - 1, 1)
    longest = max(text_width(word, 1.0, bold=True) for head in rows[0][1:] for word in head.split())
    return min(size, max(1.3 * f, room / (longest + 1.0)))


def matrix(flows: Sequence[Flow]) -> list[list[str]]:
    """Claims from (rows) and to (columns), with their sums; by country where places are many."""
    places = {name for flow in flows for name in (flow.from_name, flow.to_name)}
    by_place = len(places) <= _MOST
    pairs = Counter(
        (
            (flow.from_name if by_place else words.country(flow.from_country)) or UNKNOWN,
            (flow.to_name if by_place else words.country(flow.to_country)) or UNKNOWN,
        )
        for flow in flows
    )
    starts = _ranked(Counter({key: 0 for key, _ in pairs}), pairs, 0)
    ends = _ranked(Counter({key: 0 for _, key in pairs}), pairs, 1)
    rows = [["from \\ to", *ends, "all"]]
    for start in starts:
        row = [pairs[start, end] for end in ends]
        rows.append([start, *(str(n) if n else "" for n in row), str(sum(row))])
    sums = [sum(pairs[start, end] for start in starts) for end in ends]
    rows.append(["all", *(str(n) for n in sums), str(sum(sums))])
    return rows


def _ranked(names: Counter[str], pairs: Counter[tuple[str, str]], side: int) -> list[str]:
    for pair, count in pairs.items():
        names[pair[side]] += count
    return sorted(names, key=lambda name: (name == UNKNOWN, -names[name], name))


def periods(flows: Sequence[Flow]) -> list[tuple[str, int]]:
    """Claims by half-year of their earliest possible day, without gaps; the undated last."""
    dated = [flow.possible_from for flow in flows if flow.possible_from]
    counts = Counter(_half(day) for day in dated)
    found: list[tuple[str, int]] = []
    if dated:
        half, last = _half(min(dated)), _half(max(dated))
        while half <= last:
            label = f"{half[0]}" if half[1] == 0 else ""
            found.append((label, counts[half]))
            half = (half[0], 1) if half[1] == 0 else (half[0] + 1, 0)
    undated = len(flows) - len(dated)
    return [*found, ("no date", undated)] if undated else found


def _half(day: date) -> tuple[int, int]:
    return day.year, int(day.month > 6)


def draw_periods(page: Page, flows: Sequence[Flow], box: Box, f: float) -> float:
    """Bars by half-year; returns where they end."""
    size = 2.0 * f
    page.text(box.left, box.top + size, "Claims by half-year of their earliest possible day",
              size, GREY)  # fmt: skip
    bars = periods(flows)
    most = max(count for _, count in bars)
    base, top = box.bottom - 3.2 * f, box.top + 5.2 * f
    width = min(box.width / len(bars), 9.0 * f)
    page.line([(box.left, base), (box.left + width * len(bars), base)], Pen(symbology.INK, 0.15))
    labelled = -1.0
    for index, (label, count) in enumerate(bars):
        left = box.left + index * width
        height = (base - top) * count / most
        if count:
            page.rectangle(
                Box(left + width * 0.12, base - height, left + width * 0.88, base),
                Ink(symbology.FLOW_COLOUR, 0.8),
            )
            page.text(left + width / 2, base - height - 0.5 * f, str(count), size * 0.9,
                      symbology.INK, anchor="middle")  # fmt: skip
        if label and left >= labelled:
            page.text(left, base + 2.4 * f, label, size * 0.9, GREY)
            labelled = left + text_width(label, size * 0.9) + 1.0 * f
    return box.bottom
