"""A timeline of one site or actor: reports, interventions, who is said to do what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from geo.vocabulary import EventKind, Role
from layers import symbology
from layers.figures import legend, words
from layers.figures.canvas import Box, Ink, Page, Pen
from layers.figures.claims import Holding, Report
from layers.figures.content import SheetContent
from layers.figures.flowing import columns_of
from layers.figures.fonts import text_width
from layers.figures.layout import Layout, laid_out
from layers.figures.mappanel import Panel
from layers.figures.mapsheet import placed_claims
from layers.figures.naming import short_name
from layers.figures.notes import Notes
from layers.figures.sheet import GREY, first_page, with_notes
from layers.figures.symbols import MM_PER_PX, Look, draw_symbol

INTERVENTIONS = (
    EventKind.RAID, EventKind.RELEASE, EventKind.DEMOLITION, EventKind.INFRASTRUCTURE_CUT,
    EventKind.SANCTION, EventKind.CONFLICT,
)  # fmt: skip
"""What is done to a site, in lanes of their own."""
OTHER = "what is said of the activity"
_INK = symbology.INK
_ROLES = {item.code: item for item in symbology.ROLE}
_ACTIVITY = {item.code: item for item in symbology.ACTIVITY}
_MOST_BARS = 26
Sampler: TypeAlias = Callable[[Page, float, float], None]


@dataclass(frozen=True, slots=True)
class Axis:
    """Days along the paper."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date | None, otherwise: float) -> float:
        """Where a day lies; days beyond either end lie at it."""
        if day is None:
            return otherwise
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Bar:
    """Claims that say the same of one actor (and one site): one bar."""

    number: str
    label: str
    role: str
    claims: tuple[Holding, ...]


def timeline_sheet(content: SheetContent) -> list[Page]:
    """All pages of it."""
    layout = laid_out(content.request, content.box)
    f = layout.factor
    page = first_page(content, layout)
    reports = sorted(content.reports, key=lambda r: (r.possible_from or date.min, r.report_id))
    numbers = {report.report_id: str(index + 1) for index, report in enumerate(reports)}
    bars = bars_of(content.control, len(reports), place=content.subject is None)
    area = layout.strip
    if content.view is not None:
        area = Box(area.left, area.top, layout.map.left - 4 * f, area.bottom)
        _small_map(page, content, layout)
    axis, top = _axis(area, reports, content, f)
    y = _lanes(page, axis, reports, numbers, area, top, f)
    y = _bars(page, axis, bars, Box(area.left, y, area.right, layout.strip.bottom), f)
    if content.view is not None:
        side = Box(
            layout.map.left, layout.map.bottom + 3 * f, layout.strip.right, layout.strip.bottom
        )
        y = max(y, _legend(page, side, reports, bars, 1, f))
    else:
        below = Box(layout.strip.left, y + 2 * f, layout.strip.right, layout.strip.bottom)
        y = _legend(page, below, reports, bars, max(2, round(below.width / (46 * f))), f)
    _grid(page, axis, top, f)
    rest = Box(layout.strip.left, y + 2 * f, layout.strip.right, layout.strip.bottom)
    free = columns_of(rest, max(1, round(rest.width / (92 * f))), 5 * f)
    notes = _notes(content, reports, numbers, bars, f)
    return with_notes(content, layout, page, free, notes.paragraphs)


def bars_of(control: Sequence[Holding], after: int, *, place: bool) -> list[Bar]:
    """One bar for each role of an actor (at a site), in the order of the roles, then of time."""
    found: dict[tuple[str, str, str], list[Holding]] = {}
    for item in control:
        where = item.site_name or "" if place else ""
        found.setdefault((item.role, item.actor_name, where), []).append(item)
    order = {item.code: index for index, item in enumerate(symbology.ROLE)}
    keys = sorted(
        found,
        key=lambda key: (
            order.get(key[0], 99), min(c.possible_from or date.min for c in found[key]), key,
        ),
    )  # fmt: skip
    return [
        Bar(str(after + index + 1), key[2] or key[1], key[0], tuple(found[key]))
        for index, key in enumerate(keys)
    ]


def _small_map(page: Page, content: SheetContent, layout: Layout) -> None:
    view = content.view
    assert view is not None  # noqa: S101 - the caller looked
    symbols, _, _ = placed_claims(content, view, layout)
    subject = content.request.site
    own = [s for s in symbols if any(site.site_id == subject for site in s.sites)]
    for symbol in own:
        symbol.sites = [site for site in symbol.sites if site.site_id == subject]
        symbol.looks = symbol.looks[:1]
        symbol.of = 0
    Panel(view, layout.map, layout.factor * 0.8, own, bare=True).draw(page)


def _axis(
    area: Box, reports: Sequence[Report], content: SheetContent, f: float
) -> tuple[Axis, float]:
    known = [report.possible_from for report in reports if report.possible_from]
    # From the first day that a claim is sure of: what is only possible may reach back for decades.
    known += [claim.certain_from for claim in content.control if claim.certain_from]
    period = content.request.period
    last = content.at
    first = period.first if period and period.first and period.first != period.last else None
    first = first or min([*known, last - timedelta(days=365)])
    first = max(first, date(max(last.year - 25, 1), 1, 1))
    axis = Axis(date(first.year, 1, 1), last, area.left + 40 * f, area.right - 2 * f)
    return axis, area.top + 4.5 * f


def _grid(page: Page, axis: Axis, top: float, f: float) -> None:
    """Years along the top, as many as there is room for."""
    years = range(axis.first.year, axis.last.year + 1)
    room = (axis.right - axis.left) / max(len(years), 1)
    step = next((n for n in (1, 2, 5, 10) if room * n > 7 * f), 10)
    for year in years:
        x = axis.x(date(year, 1, 1), axis.left)
        page.line([(x, top - 0.8 * f), (x, top + 0.4 * f)], Pen(GREY, 0.15))
        if (year - axis.first.year) % step == 0:
            page.text(x + 0.4 * f, top - 1.2 * f, str(year), 2.1 * f, GREY)
    page.line([(axis.left, top), (axis.right, top)], Pen(_INK, 0.15))


def _lanes(
    page: Page, axis: Axis, reports: Sequence[Report], numbers: dict[str, str],
    area: Box, top: float, f: float,
) -> float:  # fmt: skip
    """Reports at the days that they speak of: activity first, each intervention below."""
    y = top + 1.5 * f
    lanes: list[tuple[str, list[Report]]] = [
        (OTHER, [r for r in reports if r.event_kind not in INTERVENTIONS])
    ]
    lanes += [
        (kind.meaning, [r for r in reports if r.event_kind == kind]) for kind in INTERVENTIONS
    ]
    for label, members in lanes:
        if not members:
            continue
        with page.group(None, label):
            y = _lane(page, axis, label, members, numbers, area, y, f)
        page.line([(area.left, y), (area.right, y)], Pen("#d9d5cb", 0.12))
        y += 0.8 * f
    return y


def _lane(
    page: Page, axis: Axis, label: str, members: Sequence[Report], numbers: dict[str, str],
    area: Box, top: float, f: float,
) -> float:  # fmt: skip
    page.text(area.left, top + 3.0 * f, words.capital(label), 2.2 * f, _INK)
    size, row_height = 1.8 * f, 3.2 * f
    ends: list[float] = []
    for report in members:
        x = axis.x(report.possible_from, axis.left)
        far = axis.x(report.possible_to, axis.right)
        width = max(far - x, 1.6 * f) + text_width(numbers[report.report_id], size) + 2.4 * f
        row = next((i for i, end in enumerate(ends) if end < x - 0.4 * f), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = x + width
        y = top + row_height * (row + 0.6)
        if far - x > 1.2 * f:
            page.line([(x, y), (far, y)], Pen(GREY, 0.5 * f, alpha=0.35))
        given = _ACTIVITY[report.activity_after]
        look = Look("circle", 5.0 * MM_PER_PX * f, (given.colour,), given.tint, given.fill,
                    given.mark, 1.0)  # fmt: skip
        draw_symbol(page, x, y, look)
        page.text(
            max(far, x + 1.2 * f) + 0.5 * f, y + 0.6 * f, numbers[report.report_id], size, _INK
        )
    return top + row_height * max(len(ends), 1) + 0.9 * f


def _bars(page: Page, axis: Axis, bars: Sequence[Bar], box: Box, f: float) -> float:
    """Pale where a role is possible, full where a source says so; an open end has no edge."""
    y = box.top
    if bars:
        page.text(box.left, y + 2.6 * f, "Who is said to do what", 2.4 * f, _INK, bold=True)
        y += 4.4 * f
    row = 3.4 * f
    shown = bars[:_MOST_BARS]
    for bar in shown:
        if y + row > box.bottom:
            break
        colour = _ROLES[bar.role].colour
        page.text(box.left, y + 2.3 * f, _cut(bar.label, 33 * f, 2.0 * f), 2.0 * f, _INK)
        with page.group(None, f"{bar.label} {words.meaning(Role, bar.role)}"):
            for claim in bar.claims:
                _bar(page, axis, claim, y, colour, f)
        page.text(
            axis.left - 1.0 * f, y + 2.3 * f, bar.number, 1.9 * f, _INK, bold=True, anchor="end"
        )
        y += row
    left_out = len(bars) - len(shown)
    if left_out > 0:
        text = f"… and {words.counted(left_out, 'more row')} in the notes"
        page.text(box.left, y + 2.2 * f, text, 2.0 * f, GREY)
        y += row
    return y


def _cut(label: str, width: float, size: float) -> str:
    """As much of a label as there is room for."""
    text = short_name(label)
    while len(text) > 4 and text_width(text, size) > width:
        text = f"{text[:-2].rstrip()}…"
    return text


def _bar(page: Page, axis: Axis, claim: Holding, y: float, colour: str, f: float) -> None:
    left, right = axis.x(claim.possible_from, axis.left), axis.x(claim.possible_to, axis.right)
    if right > left:
        page.rectangle(Box(left, y + 0.9 * f, right, y + 2.3 * f), Ink(colour, 0.2))
    if claim.certain_from is None:
        return
    first, last = axis.x(claim.certain_from, axis.left), axis.x(claim.certain_to, axis.right)
    last = max(last, first + 0.5 * f)
    page.rectangle(Box(first, y + 0.6 * f, last, y + 2.6 * f), Ink(colour))


def _legend(
    page: Page, box: Box, reports: Sequence[Report], bars: Sequence[Bar], columns: int, f: float
) -> float:
    used = {report.activity_after for report in reports}
    found = [
        legend.Entry(item.label, _sample(item, f)) for item in symbology.ACTIVITY
        if item.code in used
    ]  # fmt: skip
    roles = {bar.role for bar in bars}
    for item in symbology.ROLE:
        if item.code in roles:
            meaning = f"said: {words.meaning(Role, item.code)}"
            found.append(legend.Entry(meaning, _patch(item.colour, 1.0, f)))
    if bars:
        pale = "pale: possible; full: within what its source says"
        found.append(legend.Entry(pale, _patch(_ROLES[bars[0].role].colour, 0.2, f)))
    if any(r.possible_to != r.possible_from for r in reports):
        found.append(legend.Entry("line: the days on which it may have been", _line(f)))
    with page.group("legend", "Legend"):
        return legend.draw_legend(page, box, found, columns, f)


def _sample(item: symbology.ActivityClass, f: float) -> Sampler:
    look = Look("circle", 5.0 * MM_PER_PX * f, (item.colour,), item.tint, item.fill, item.mark, 1.0)
    return lambda page, x, y: draw_symbol(page, x, y, look)


def _patch(colour: str, alpha: float, f: float) -> Sampler:
    return lambda page, x, y: page.rectangle(
        Box(x - 2 * f, y - 0.9 * f, x + 2 * f, y + 0.9 * f), Ink(colour, alpha)
    )


def _line(f: float) -> Sampler:
    return lambda page, x, y: page.line(
        [(x - 2 * f, y), (x + 2 * f, y)], Pen(GREY, 0.5 * f, alpha=0.35)
    )


def _notes(
    content: SheetContent, reports: Sequence[Report], numbers: dict[str, str],
    bars: Sequence[Bar], f: float,
) -> Notes:  # fmt: skip
    notes = Notes(content, f)
    if reports:
        notes.heading("Reports")
        for report in reports:
            notes.report(numbers[report.report_id], report)
    if bars:
        notes.heading("Who is said to do what")
        for bar in bars:
            notes.role(bar.number, bar.claims, place=content.subject is None)
    notes.sources()
    return notes
