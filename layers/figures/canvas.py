"""What a page holds, as plain marks in millimetres from its top left corner, y downwards.

Sheets are laid out onto a `Page`; `pdf` and `svg` write it. So both hold the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""Rows of x and y."""
Anchor = Literal["start", "middle", "end"]
POINT_MM = 25.4 / 72
"""A typographic point in millimetres."""
ASCENT, DESCENT = 0.76, 0.24
"""Of a line of text, as shares of its size: for boxes round labels."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn. width, dash: millimetres."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    alpha: float = 1.0
    cap: Literal["butt", "round"] = "butt"


@dataclass(frozen=True, slots=True)
class Ink:
    """How an area is filled."""

    colour: str
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Path:
    """Lines or areas of straight pieces; a hole is a piece of its own (even-odd rule)."""

    pieces: tuple[Points, ...]
    closed: bool
    fill: Ink | None
    pen: Pen | None


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: Ink | None
    pen: Pen | None


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text. y: of its baseline. size: millimetres. halo: the colour round it."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    bold: bool = False
    anchor: Anchor = "start"
    halo: str | None = None
    link: str | None = None
    spacing: float = 0.0


@dataclass(slots=True)
class Group:
    """Marks that belong together. id, title: for SVG. clip: x, y, width, height.

    figure: whether it is the picture that the alternative text is of.
    """

    marks: list[Mark] = field(default_factory=list)
    id: str | None = None
    title: str | None = None
    clip: tuple[float, float, float, float] | None = None
    figure: bool = False


Mark: TypeAlias = Path | Circle | Text | Group


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Millimetres."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Millimetres."""
        return self.bottom - self.top

    def meets(self, other: Box) -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Whether it lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    def grown(self, by: float) -> Box:
        """Larger on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


class Page:
    """One page of a sheet."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.root = Group()
        self._open = [self.root]

    def add(self, *marks: Mark) -> None:
        """Put marks on top of what is there."""
        self._open[-1].marks.extend(marks)

    @contextmanager
    def group(
        self,
        group_id: str | None = None,
        title: str | None = None,
        clip: Box | None = None,
        *,
        figure: bool = False,
    ) -> Iterator[None]:
        """What is added within belongs together."""
        area = (clip.left, clip.top, clip.width, clip.height) if clip else None
        made = Group(id=group_id, title=title, clip=area, figure=figure)
        self._open[-1].marks.append(made)
        self._open.append(made)
        try:
            yield
        finally:
            self._open.pop()

    def line(self, points: Iterable[tuple[float, float]] | Points, pen: Pen) -> None:
        """A line through points."""
        self.add(Path((_array(points),), False, None, pen))

    def area(
        self,
        points: Iterable[tuple[float, float]] | Points,
        fill: Ink | None,
        pen: Pen | None = None,
    ) -> None:
        """A polygon."""
        self.add(Path((_array(points),), True, fill, pen))

    def rectangle(self, box: Box, fill: Ink | None, pen: Pen | None = None) -> None:
        """A rectangle."""
        self.area(
            [
                (box.left, box.top),
                (box.right, box.top),
                (box.right, box.bottom),
                (box.left, box.bottom),
            ],
            fill,
            pen,
        )

    def circle(
        self, x: float, y: float, radius: float, fill: Ink | None, pen: Pen | None = None
    ) -> None:
        """A circle."""
        self.add(Circle(x, y, radius, fill, pen))

    def text(self, x: float, y: float, text: str, size: float, colour: str, **how: object) -> None:
        """A line of text; how: the other fields of Text."""
        if text:
            self.add(Text(x, y, text, size, colour, **how))  # type: ignore[arg-type]


def _array(points: Iterable[tuple[float, float]] | Points) -> Points:
    return np.asarray(points if isinstance(points, np.ndarray) else list(points), dtype=float)


def walk(group: Group) -> Iterator[Mark]:
    """Every mark but the groups, in the order of drawing."""
    for mark in group.marks:
        if isinstance(mark, Group):
            yield from walk(mark)
        else:
            yield mark


def arc(
    x: float, y: float, radius: float, start: float, end: float, steps: int = 32
) -> list[tuple[float, float]]:
    """Points of an arc; angles in radians, clockwise from the right."""
    return [
        (
            x + radius * math.cos(start + (end - start) * step / steps),
            y + radius * math.sin(start + (end - start) * step / steps),
        )
        for step in range(steps + 1)
    ]


def pieces(lines: Sequence[Points]) -> tuple[Points, ...]:
    """Lines of at least two points each."""
    return tuple(line for line in lines if len(line) > 1)
