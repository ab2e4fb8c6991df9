"""Labels that overlap neither each other, nor symbols, nor borders: tried place by place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely import STRtree

from layers.figures.canvas import ASCENT, DESCENT, Box, Page, Pen, Points
from layers.figures.fonts import text_width
from layers.figures.symbols import Look, draw_symbol
from layers.symbology import INK, PAPER

_CELL = 8.0
LEADING = 1.12


@dataclass(frozen=True, slots=True)
class Words:
    """One piece of a line of a label."""

    text: str
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label. size: millimetres. look: the symbol that stands before it."""

    words: tuple[Words, ...]
    size: float
    spacing: float = 0.0
    look: Look | None = None

    @property
    def indent(self) -> float:
        """Room for the symbol."""
        return self.size * 1.75 if self.look else 0.0

    @property
    def width(self) -> float:
        """Millimetres."""
        return self.indent + sum(
            text_width(part.text, self.size, part.bold) + self.spacing * len(part.text)
            for part in self.words
        )


@dataclass(frozen=True, slots=True)
class Label:
    """What is written beside a symbol, line below line. leading: of line to line, in sizes."""

    lines: tuple[Line, ...]
    leading: float = LEADING

    @property
    def width(self) -> float:
        """Millimetres."""
        return max(line.width for line in self.lines)

    @property
    def height(self) -> float:
        """Millimetres."""
        rest = sum(line.size * self.leading for line in self.lines[1:])
        return self.lines[0].size * (ASCENT + DESCENT) + rest


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that found room. of: what it names. leader: a line from there to it."""

    of: str
    label: Label
    box: Box
    align: str
    leader: tuple[tuple[float, float], tuple[float, float]] | None


class Placer:
    """What of a map is taken, and what was placed on it."""

    def __init__(self, area: Box, lines: Sequence[Points], soft: Sequence[Points] = ()) -> None:
        """area: labels stay within. lines: borders, millimetres on paper.

        soft: lines that are crossed where there is no other room: arrows.
        """
        self.area = area
        self.placed: list[Placed] = []
        self._cells: dict[tuple[int, int], list[Box]] = {}
        self._leaders: list[shapely.LineString] = []
        self._lines = [shapely.LineString(line) for line in lines if len(line) > 1]
        self._tree = STRtree(self._lines)
        self._soft = STRtree([shapely.LineString(line) for line in soft if len(line) > 1])

    def reserve(self, box: Box) -> None:
        """Keep an area free of labels."""
        for cell in _cells(box):
            self._cells.setdefault(cell, []).append(box)

    def free(self, box: Box, borders: bool = True) -> bool:
        """Whether nothing is there; borders: whether a border counts as something."""
        if not box.within(self.area):
            return False
        for cell in _cells(box):
            for other in self._cells.get(cell, ()):
                if box.meets(other):
                    return False
        shape = shapely.box(box.left, box.top, box.right, box.bottom)
        if any(leader.intersects(shape) for leader in self._leaders):
            return False
        return not borders or not len(self._tree.query(shape, predicate="intersects"))

    def beside(
        self, of: str, label: Label, x: float, y: float, reach: float, far: float
    ) -> Placed | None:
        """Beside a symbol; where there is no room, up to `far` mm away with a line to it."""
        return self._try(of, label, (x, y, reach), far, soft=False) or self._try(
            of, label, (x, y, reach), far, soft=True
        )

    def somewhere(
        self, of: str, label: Label, x: float, y: float, reach: float, far: float
    ) -> Placed | None:
        """As `beside`, but its line may run over other things: better than no number at all."""
        return self._try(of, label, (x, y, reach), far, soft=True, over=True)

    def _try(
        self, of: str, label: Label, at: tuple[float, float, float], far: float, *, soft: bool,
        over: bool = False,
    ) -> Placed | None:  # fmt: skip
        x, y, reach = at
        for box, align, distance in _spots(label, x, y, reach, far):
            if not self.free(box) or not (soft or self._off_arrows(box)):
                continue
            leader = _leader(x, y, reach, box) if distance > reach + 1.5 else None
            if leader and not over and not self._clear(leader, x, y, reach):
                continue
            return self.put(Placed(of, label, box, align, leader))
        return None

    def _off_arrows(self, box: Box) -> bool:
        shape = shapely.box(box.left, box.top, box.right, box.bottom)
        return not len(self._soft.query(shape, predicate="intersects"))

    def on(
        self, of: str, label: Label, spots: Iterable[tuple[float, float]], borders: bool = True
    ) -> Placed | None:
        """With its middle on the first of these points where there is room."""
        width, height = label.width, label.height
        for x, y in spots:
            box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if self.free(box, borders):
                return self.put(Placed(of, label, box, "middle", None))
        return None

    def put(self, placed: Placed) -> Placed:
        """Take the place."""
        self.placed.append(placed)
        self.reserve(placed.box)
        if placed.leader:
            self._leaders.append(shapely.LineString(placed.leader))
        return placed

    def _clear(
        self, leader: tuple[tuple[float, float], tuple[float, float]], x: float, y: float, r: float
    ) -> bool:
        """Whether a leader runs over no label, symbol or other leader but its own."""
        line = shapely.LineString(leader)
        if any(line.intersects(other) for other in self._leaders):
            return False
        (x1, y1), (x2, y2) = leader
        reach = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        for cell in _cells(reach):
            for box in self._cells.get(cell, ()):
                own = box.left <= x <= box.right and box.top <= y <= box.bottom and (
                    box.width <= 2 * r + 0.5
                )  # fmt: skip
                if not own and line.intersects(
                    shapely.box(box.left, box.top, box.right, box.bottom)
                ):
                    return False
        return True


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(math.floor(box.left / _CELL), math.floor(box.right / _CELL) + 1):
        for row in range(math.floor(box.top / _CELL), math.floor(box.bottom / _CELL) + 1):
            yield column, row


def _spots(
    label: Label, x: float, y: float, reach: float, far: float
) -> Iterator[tuple[Box, str, float]]:
    """Places from the best to the worst: right, left, corners, above, below; then further off."""
    width, height = label.width, label.height
    gap = reach + 0.5
    middle = y - height / 2
    near = 0.72 * gap
    yield Box(x + gap, middle, x + gap + width, middle + height), "start", gap
    yield Box(x - gap - width, middle, x - gap, middle + height), "end", gap
    yield Box(x + near, y - near - height, x + near + width, y - near), "start", gap
    yield Box(x + near, y + near, x + near + width, y + near + height), "start", gap
    yield Box(x - near - width, y - near - height, x - near, y - near), "end", gap
    yield Box(x - near - width, y + near, x - near, y + near + height), "end", gap
    yield Box(x - width / 2, y - gap - height, x + width / 2, y - gap), "middle", gap
    yield Box(x - width / 2, y + gap, x + width / 2, y + gap + height), "middle", gap
    distance = reach + 2.5
    while distance <= far:
        for step in range(16):
            # Sideways first: a label to the right or the left is the easiest to follow.
            turn = (step + 1) // 2 * (1 if step % 2 else -1)
            angle = math.radians(turn * 22.5)
            tip_x, tip_y = x + distance * math.cos(angle), y + distance * math.sin(angle)
            if math.cos(angle) > 0.3:
                box = Box(tip_x, tip_y - height / 2, tip_x + width, tip_y + height / 2)
                yield box, "start", distance
            elif math.cos(angle) < -0.3:
                box = Box(tip_x - width, tip_y - height / 2, tip_x, tip_y + height / 2)
                yield box, "end", distance
            else:
                top = tip_y if math.sin(angle) > 0 else tip_y - height
                yield (
                    Box(tip_x - width / 2, top, tip_x + width / 2, top + height),
                    "middle",
                    distance,
                )
        distance += 2.2


def _leader(
    x: float, y: float, reach: float, box: Box
) -> tuple[tuple[float, float], tuple[float, float]]:
    """From the rim of a symbol to the nearest point of a box, and a little short of it."""
    to_x = min(max(x, box.left - 0.3), box.right + 0.3)
    to_y = min(max(y, box.top - 0.1), box.bottom + 0.1)
    if box.left - 0.3 in (to_x,) or to_x == box.right + 0.3:
        to_y = min(max(y, box.top + box.height * 0.3), box.bottom - box.height * 0.3)
    away = math.hypot(to_x - x, to_y - y) or 1.0
    start = (x + (to_x - x) / away * reach, y + (to_y - y) / away * reach)
    return start, (to_x, to_y)


def draw_label(page: Page, placed: Placed, halo: str = PAPER) -> None:
    """A label, and the line to what it names."""
    if placed.leader:
        page.line(placed.leader, Pen(PAPER, 0.5, alpha=0.8))
        page.line(placed.leader, Pen(INK, 0.14))
    baseline = placed.box.top + placed.label.lines[0].size * ASCENT
    for index, line in enumerate(placed.label.lines):
        if index:
            baseline += line.size * placed.label.leading
        left = {
            "start": placed.box.left,
            "end": placed.box.right - line.width,
            "middle": (placed.box.left + placed.box.right - line.width) / 2,
        }[placed.align]
        if line.look:
            draw_symbol(page, left + line.size * 0.65, baseline - line.size * 0.34, line.look)
            left += line.indent
        for part in line.words:
            page.text(
                left, baseline, part.text, line.size, part.colour,
                bold=part.bold, halo=halo, spacing=line.spacing,
            )  # fmt: skip
            left += text_width(part.text, line.size, part.bold) + line.spacing * len(part.text)
