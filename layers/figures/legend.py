"""The legend of what is on this sheet, and of nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geo.vocabulary import Activity
from layers import symbology
from layers.figures.arrows import Arrow, draw_arrow
from layers.figures.canvas import Box, Page, Pen
from layers.figures.claims import Flow
from layers.figures.flowing import Paragraph, Span, draw_lines, lines_of
from layers.figures.gathering import Symbol
from layers.figures.palette import ActorPalette
from layers.figures.request import FigureStyle
from layers.figures.symbols import (
    MM_PER_PX,
    Look,
    draw_gathered,
    draw_ring,
    draw_symbol,
    gathered_radius,
)

SIZE = 2.3
_ICON = 7.0
_ACTIVITY = {item.code: item for item in symbology.ACTIVITY}
_ORDER = {item.tint: place for place, item in enumerate(symbology.ACTIVITY)}
_SHAPE_SAMPLE = "#6a7078"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend. draw: puts its sample at a point."""

    label: str
    draw: Callable[[Page, float, float], None]


@dataclass(frozen=True, slots=True)
class Below:
    """What of the base map is on the sheet."""

    borders: bool = False
    regions: bool = False
    rivers: bool = False
    moei: bool = False
    beyond: bool = False


def entries(
    symbols: Sequence[Symbol],
    arrows: Sequence[Arrow],
    style: FigureStyle,
    palette: ActorPalette,
    factor: float,
    *,
    circles: bool,
    regions: bool,
    below: Below,
) -> list[Entry]:
    """The entries that the sheet needs, in the order of the symbology."""
    looks = [look for symbol in symbols for look in symbol.looks if look.keys != ("context",)]
    scale = MM_PER_PX * factor
    found: list[Entry] = []
    used = {site.activity for symbol in symbols for site in symbol.sites if not site.context}
    for item in symbology.ACTIVITY:
        if item.code in used:
            colour = item.colour if style is FigureStyle.ACTIVITY else _SHAPE_SAMPLE
            sample = Look("circle", 6.5 * scale, (colour,), "", item.fill, item.mark, 1.0)
            found.append(_sample(item.label, sample))
    if style is FigureStyle.ACTOR:
        found += _actors(looks, palette, scale)
    if any(look.stale for look in looks):
        unknown = _ACTIVITY[Activity.UNKNOWN]
        sample = Look(
            "circle", 5.5 * scale, (unknown.colour,), "", "empty", "none", 1.0, stale=True
        )
        found.append(_sample(symbology.STALE_LABEL, sample))
    found += _ages(looks, scale)
    found += _shapes(looks, scale)
    found += _rings(looks, scale)
    crowd = [symbol for symbol in symbols if len(symbol.sites) > 1]
    if crowd:
        found.append(Entry("several sites in one place: their number, rim by state",
                           lambda page, x, y: _crowd(page, x, y, factor)))  # fmt: skip
    if circles:
        found.append(Entry("radius within which the place lies", lambda page, x, y: page.circle(
            x, y, 1.7 * factor, None, circle_pen(factor))))  # fmt: skip
    found += _flows(arrows, factor)
    if any(look.keys == ("context",) for symbol in symbols for look in symbol.looks):
        place = next(item for item in symbology.PLACE if item.colour)
        sample = Look("square", 3.5 * scale, (place.colour or "",), "", "empty", "none", 1.0)
        found.append(_sample(place.label, sample))
    if regions:
        found.append(Entry("reports of a whole area", lambda page, x, y: page.text(
            x, y + 0.8 * factor, "Area", 2.3 * factor, symbology.LABELS["light"].region,
            bold=True, anchor="middle")))  # fmt: skip
    return found + _below(below, factor)


def circle_pen(factor: float) -> Pen:
    """The circle of the radius within which a place lies."""
    return Pen(symbology.INK, 0.18 * factor, (0.4 * factor, 0.8 * factor), 0.5)


def _sample(label: str, look: Look) -> Entry:
    return Entry(label, lambda page, x, y: draw_symbol(page, x, y, look))


def _actors(looks: Sequence[Look], palette: ActorPalette, scale: float) -> list[Entry]:
    used = {key for look in looks for key in look.keys}
    keys = [key for key, _, _ in palette.classes if key in used]
    keys += [key for key in ("other", "none") if key in used]
    return [
        _sample(
            palette.label(key),
            Look("circle", 6.5 * scale, (palette.colour(key),), "", "full", "none", 1.0),
        )
        for key in keys
    ]


def _ages(looks: Sequence[Look], scale: float) -> list[Entry]:
    """Only where ages differ: one age needs no key."""
    used = {look.opacity for look in looks if look.fill != "empty" or look.mark != "none"}
    if used <= {1.0}:
        return []
    ink = symbology.INK
    return [
        _sample(item.label, Look("circle", 4.5 * scale, (ink,), "", "full", "none", item.opacity))
        for item in symbology.CERTAINTY_BY_AGE
        if item.opacity in used
    ]


def _shapes(looks: Sequence[Look], scale: float) -> list[Entry]:
    used = {look.shape for look in looks}
    return [
        _sample(label, Look(shape, 6.0 * scale, (_SHAPE_SAMPLE,), "", "full", "none", 1.0))
        for shape, label in symbology.SHAPE_LABELS.items()
        if shape in used
    ]


def _rings(looks: Sequence[Look], scale: float) -> list[Entry]:
    found = []
    for ring in symbology.RINGS:
        if any(getattr(look, ring.code) for look in looks):
            found.append(Entry(ring.label, _ring(ring.code, scale)))
    return found


def _ring(code: str, scale: float) -> Callable[[Page, float, float], None]:
    return lambda page, x, y: draw_ring(page, x, y, 8 * scale, code)


def _crowd(page: Page, x: float, y: float, factor: float) -> None:
    looks = [
        Look("circle", 1.0, (item.colour,), item.tint, item.fill, item.mark, 1.0)
        for item in (_ACTIVITY[Activity.ACTIVE], _ACTIVITY[Activity.CLOSED])
    ]
    small = factor * 1.9 / gathered_radius(2, factor) * factor
    draw_gathered(page, x, y, looks, _ORDER, min(small, factor))


def _flows(arrows: Sequence[Arrow], factor: float) -> list[Entry]:
    if not arrows:
        return []
    found = [Entry("reported move of activity or people", _arrow(arrows[0].flows[:1], factor))]
    if any(len(arrow.flows) > 1 for arrow in arrows):
        most = max((arrow.flows for arrow in arrows), key=len)[:4]
        found.append(Entry("the wider, the more claims", _arrow(most, factor)))
    if any(any(arrow.fades) for arrow in arrows):
        faded = _arrow(arrows[0].flows[:1], factor, fades=(False, True))
        found.append(Entry("from or to where is not known, or only the region", faded))
    return found


def _arrow(
    flows: Sequence[Flow], factor: float, fades: tuple[bool, bool] = (False, False)
) -> Callable[[Page, float, float], None]:
    def draw(page: Page, x: float, y: float) -> None:
        half = 2.6 * factor
        line = np.column_stack([np.linspace(x - half, x + half, 12), np.full(12, y)])
        draw_arrow(page, Arrow(list(flows), line, fades))

    return draw


def _below(below: Below, factor: float) -> list[Entry]:
    ground = symbology.BASEMAP["light"]
    rows = (
        (below.borders, "border between countries", Pen(ground.border, 0.3 * factor)),
        (below.regions, "border of a region",
         Pen(ground.region, 0.2 * factor, (0.8 * factor, 0.8 * factor))),
        (below.rivers, "river", Pen(ground.river, 0.3 * factor)),
        (below.moei, "Moei (Thaungyin), as the border has it", Pen(ground.moei, 0.9 * factor)),
    )  # fmt: skip
    found = [Entry(label, _stroke(pen, factor)) for shown, label, pen in rows if shown]
    if below.beyond:
        found.append(Entry("beyond the base map", _patch(ground.beyond, factor)))
    return found


def _stroke(pen: Pen, factor: float) -> Callable[[Page, float, float], None]:
    half = 2.4 * factor
    return lambda page, x, y: page.line([(x - half, y), (x + half, y)], pen)


def _patch(colour: str, factor: float) -> Callable[[Page, float, float], None]:
    from layers.figures.canvas import Ink

    half = 1.2 * factor
    return lambda page, x, y: page.rectangle(
        Box(x - 2 * half, y - half, x + 2 * half, y + half), Ink(colour), Pen("#c9c4b8", 0.1)
    )


def fitted_legend(
    page: Page, box: Box, given: Sequence[Entry], columns: int, factor: float
) -> float:
    """The legend, as small and in as many columns as the box asks for; returns where it ends."""
    tries = [(columns, 1.0), (columns, 0.88), (columns + 1, 0.88), (columns + 1, 0.76),
             (columns + 1, 0.66), (columns + 2, 0.6), (columns + 2, 0.5)]  # fmt: skip
    for count, share in tries:
        if draw_legend(Page(1.0, 1.0), box, given, count, factor * share) <= box.bottom:
            break
    return draw_legend(page, box, given, count, factor * share)


def draw_legend(page: Page, box: Box, given: Sequence[Entry], columns: int, factor: float) -> float:
    """The legend from the top of a box; returns where it ends."""
    if not given:
        return box.top
    size, icon = SIZE * factor, _ICON * factor
    gap = 3.0 * factor
    width = (box.width - gap * (columns - 1)) / columns
    made = [
        (entry, lines_of(Paragraph((Span(entry.label),), size), width - icon)) for entry in given
    ]
    rows = math.ceil(len(made) / columns)
    lowest = box.top
    for column in range(columns):
        y = box.top
        left = box.left + column * (width + gap)
        for entry, lines in made[column * rows : (column + 1) * rows]:
            height = max(len(lines) * size * 1.26, 3.7 * factor)
            entry.draw(page, left + icon / 2 - 0.6 * factor, y + height / 2)
            top = y + (height - len(lines) * size * 1.26) / 2
            paragraph = Paragraph((Span(entry.label),), size)
            draw_lines(page, lines, Box(left + icon, top, left + width, box.bottom), paragraph)
            y += height + 0.35 * factor
        lowest = max(lowest, y)
    return lowest
