"""Reported moves as curved arrows on paper; an end that is not known fades out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from layers import symbology
from layers.figures.canvas import Box, Ink, Page, Pen, Points
from layers.figures.claims import Flow
from layers.figures.gathering import Symbol
from layers.figures.projection import View
from layers.figures.symbols import MM_PER_PX

_STEPS = 28
_STUB = 9.0
_GAP = 1.2
_FADES = 10
_FLOW = {item.code: item for item in symbology.FLOW}


@dataclass(frozen=True, slots=True)
class End:
    """Where an arrow begins or ends, and how far it stays off."""

    x: float
    y: float
    gap: float


@dataclass(slots=True)
class Arrow:
    """The moves between the same two symbols, in one arrow. first: number of its first note."""

    flows: list[Flow]
    line: Points
    fades: tuple[bool, bool]
    first: int = 0

    @property
    def numbers(self) -> str:
        """`M3`, or `M3–M5`."""
        last = self.first + len(self.flows) - 1
        return f"M{self.first}" if last == self.first else f"M{self.first}–M{last}"

    @property
    def width(self) -> float:
        """Millimetres: with the square root of the number of claims."""
        px = symbology.FLOW_WIDTH_PX * math.sqrt(len(self.flows))
        return min(px, symbology.FLOW_WIDEST_PX) * MM_PER_PX

    @property
    def style(self) -> symbology.FlowStyle:
        """That of its best graded claim."""
        return _FLOW[min(flow.credibility for flow in self.flows)]


def laid_out_arrows(
    flows: Sequence[Flow], symbols: Sequence[Symbol], view: View, paper: Box, factor: float
) -> list[Arrow]:
    """One arrow for all moves between two symbols, numbered in the order of the first move."""
    ends = {
        site.site_id: End(symbol.x, symbol.y, symbol.reach + 0.4)
        for symbol in symbols
        for site in symbol.sites
    }
    bundles: dict[tuple[End | None, End | None], list[Flow]] = {}
    for flow in flows:
        start, end = _ends(flow, ends, view, paper)
        bundles.setdefault((start, end), []).append(flow)
    stubs: dict[End, int] = {}
    arrows = []
    for pair, members in bundles.items():
        line, unknown = _line(*pair, stubs, factor)
        fades = (
            unknown[0] or all(flow.from_region for flow in members),
            unknown[1] or all(flow.to_region for flow in members),
        )
        arrows.append(Arrow(members, line, fades))
    number = 1
    for arrow in arrows:
        arrow.first = number
        number += len(arrow.flows)
    return arrows


def _ends(
    flow: Flow, symbols: Mapping[str, End], view: View, paper: Box
) -> tuple[End | None, End | None]:
    points = [End(*view.place(lon, lat, paper), _GAP) for lon, lat in flow.points]
    start = symbols.get(flow.from_site_id or "", points[0]) if flow.from_site_id else None
    end = symbols.get(flow.to_site_id or "", points[-1]) if flow.to_site_id else None
    return start, end


def _line(
    start: End | None, end: End | None, stubs: dict[End, int], factor: float
) -> tuple[Points, tuple[bool, bool]]:
    if start is not None and end is not None:
        if math.hypot(end.x - start.x, end.y - start.y) > start.gap + end.gap + 1.2:
            return _arc(start, end, 0.16), (False, False)
        return _loop(start), (False, False)
    known = start or end
    assert known is not None  # noqa: S101 - the database holds that one end is known
    # Where it is not known no direction means anything: stubs of one point spread like a fan.
    rank = stubs[known] = stubs.get(known, -1) + 1
    angle = math.radians(-50 + 40 * rank)
    length = _STUB * factor + known.gap
    far = End(known.x + length * math.cos(angle), known.y + length * math.sin(angle), 0.0)
    if known is start:
        return _arc(known, far, 0.12), (False, True)
    return _arc(far, known, 0.12), (True, False)


def _arc(start: End, end: End, bend: float) -> Points:
    dx, dy = end.x - start.x, end.y - start.y
    x, y = (start.x + end.x) / 2 + dy * bend, (start.y + end.y) / 2 - dx * bend
    t = np.linspace(0.0, 1.0, _STEPS + 1)
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    line = np.column_stack([a * start.x + b * x + c * end.x, a * start.y + b * y + c * end.y])
    return _cut(_cut(line, start)[::-1], end)[::-1]


def _cut(line: Points, end: End) -> Points:
    """The line from where it leaves the rim of its first point."""
    away = np.hypot(line[:, 0] - end.x, line[:, 1] - end.y)
    outside = np.flatnonzero(away >= end.gap)
    first = int(outside[0]) if len(outside) else 0
    if first < 1:
        return line
    share = (end.gap - away[first - 1]) / ((away[first] - away[first - 1]) or 1.0)
    rim = line[first - 1] + share * (line[first] - line[first - 1])
    return np.vstack([rim, line[first:]])


def _loop(start: End) -> Points:
    """A petal beside the symbol: a move within one point."""
    radius, turn = 1.8, math.pi
    x, y = start.x + (start.gap + radius - 0.4) * math.cos(turn), start.y
    angles = turn + math.pi * (1.15 + np.linspace(0, 1.7, _STEPS))
    return np.column_stack([x + radius * np.cos(angles), y + radius * np.sin(angles)])


def draw_arrow(page: Page, arrow: Arrow) -> None:
    """The arrow, with a light edge that parts it from what lies below."""
    line, width, style = arrow.line, arrow.width, arrow.style
    if len(line) < 2:
        return
    last, before = line[-1], line[max(0, len(line) - 4)]
    angle = math.atan2(last[1] - before[1], last[0] - before[0])
    head = 1.0 + width * 2.0
    neck = last - head * 0.7 * np.array([math.cos(angle), math.sin(angle)])
    body = [point for point in line if math.hypot(*(point - last)) > head]
    body_line = np.array([*body, neck]) if body else np.array([line[0], neck])
    dash = tuple(length * MM_PER_PX for length in style.dash)
    for piece, strength in _faded(body_line, arrow.fades):
        page.line(piece, Pen(symbology.PAPER, width + 0.5, alpha=0.7 * style.opacity * strength))
    for piece, strength in _faded(body_line, arrow.fades):
        alpha = round(style.opacity * strength, 3)
        page.line(piece, Pen(symbology.FLOW_COLOUR, width, dash, alpha))
    wings = [
        tuple(last + head * np.array([math.cos(angle + turn), math.sin(angle + turn)]))
        for turn in (math.pi - 0.42, math.pi + 0.42)
    ]
    alpha = style.opacity * (0.35 if arrow.fades[1] else 1.0)
    page.area([tuple(last), *wings], Ink(symbology.FLOW_COLOUR, round(alpha, 3)))


def _faded(line: Points, fades: tuple[bool, bool]) -> list[tuple[Points, float]]:
    """The line in pieces with the strength of each; one piece where no end is unknown."""
    if not any(fades):
        return [(line, 1.0)]
    cuts = np.linspace(0, len(line) - 1, min(_FADES, len(line) - 1) + 1).astype(int)
    found = []
    for first, end in pairwise(cuts.tolist()):
        middle = (first + end) / 2 / max(len(line) - 1, 1)
        strength = 1.0
        if fades[0]:
            strength = min(strength, middle / 0.6)
        if fades[1]:
            strength = min(strength, (1 - middle) / 0.6)
        found.append((line[first : end + 1], max(0.06, round(strength, 3))))
    return found
