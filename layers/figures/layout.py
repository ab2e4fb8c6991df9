"""Where the parts of a sheet stand on the paper. Millimetres from the top left corner.

It depends on the request alone, never on the data: the frame of a figure is the same at every
date, so that two sheets can be laid side by side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.figures.canvas import Box
from layers.figures.projection import extent
from layers.figures.request import FigureKind, FigureRequest, multiple_dates
from layers.filters import BBox

_FACTORS = {"a5": 0.86, "a5-landscape": 0.86, "column": 0.8, "half": 0.84, "slide": 1.4}
MIN_STRIP = {"column": 52.0}
"""Least height below a map for the legend and the beginning of the notes, before the factor."""
MIN_BESIDE = 110.0
"""Least width within the margins at which legend and notes may stand beside the map."""
TIMELINE_MAP = (58.0, 58.0)


@dataclass(frozen=True, slots=True)
class Layout:
    """The areas of a first page. beside: legend and notes stand right of the map, not below.

    factor: by which sizes of text and symbols differ from those of A4.
    """

    page: Box
    header: Box
    map: Box
    strip: Box
    footer: Box
    beside: bool
    factor: float
    panels: tuple[Box, ...] = ()


def factor_of(request: FigureRequest) -> float:
    """How large text and symbols are against those of A4."""
    if request.size in _FACTORS:
        return _FACTORS[request.size]
    width, height = request.millimetres
    return max(0.78, min(1.4, math.sqrt(width * height) / 250.0))


def map_box(request: FigureRequest, box: BBox) -> Box:
    """The area of the map, or of one of several maps."""
    found = laid_out(request, box)
    return found.panels[0] if found.panels else found.map


def laid_out(request: FigureRequest, box: BBox | None) -> Layout:
    """The layout of the first page. box: the frame in degrees, for the shape of the map."""
    width, height = request.millimetres
    f = factor_of(request)
    margin = 10 * f
    page = Box(0, 0, width, height)
    header = Box(margin, margin, width - margin, margin + 17.0 * f)
    footer = Box(margin, height - margin - 11.5 * f, width - margin, height - margin)
    inner = Box(margin, header.bottom + 1.0 * f, width - margin, footer.top - 2.5 * f)
    if request.kind is FigureKind.TIMELINE:
        side = TIMELINE_MAP[0] * f
        small = Box(inner.right - side, inner.top, inner.right, inner.top + side)
        return Layout(page, header, small, inner, footer, False, f)
    shape = _shape(box)
    if request.kind is FigureKind.MULTIPLES:
        return _multiples(request, page, header, inner, footer, shape, f)
    below, beside = _below(request, inner, shape, f), _beside(request, inner, f)
    # A column beside the map needs a paper that is wide enough for two.
    choice = (below, beside) if inner.width >= MIN_BESIDE else (below,)
    chosen = max(choice, key=lambda areas: _scale(areas[0], shape))
    return Layout(page, header, *chosen, footer, chosen is beside, f)


def _scale(area: Box, shape: float) -> float:
    """How wide the frame comes out in an area."""
    return min(area.width, area.height * shape)


def _below(request: FigureRequest, inner: Box, shape: float, f: float) -> tuple[Box, Box]:
    """The map, and the strip below it. Wide frames leave the strip what they do not need."""
    least = min(MIN_STRIP.get(request.size, 56.0) * f, 0.45 * inner.height)
    if request.kind is FigureKind.DISPLACEMENT:
        least = 0.45 * inner.height
    most = inner.height - least
    tall = min(max(inner.width / shape * 1.06, 0.4 * inner.height), most)
    area = Box(inner.left, inner.top, inner.right, inner.top + tall)
    return area, Box(inner.left, area.bottom + 3 * f, inner.right, inner.bottom)


def _beside(request: FigureRequest, inner: Box, f: float) -> tuple[Box, Box]:
    """The map, and the column right of it."""
    column = max(54.0 * f, 0.24 * inner.width)
    if request.kind is FigureKind.DISPLACEMENT:
        column = max(column, 0.4 * inner.width)
    area = Box(inner.left, inner.top, inner.right - column - 4 * f, inner.bottom)
    return area, Box(area.right + 4 * f, inner.top, inner.right, inner.bottom)


def _shape(box: BBox | None) -> float:
    """Width by height of the frame as projected."""
    if box is None:
        return 1.0
    _, (west, south, east, north) = extent(box)
    return (east - west) / max(north - south, 1.0)


def _multiples(
    request: FigureRequest, page: Box, header: Box, inner: Box, footer: Box, shape: float, f: float
) -> Layout:
    """Maps in a grid that makes them as large as they can be, the strip of books below."""
    count = len(multiple_dates(request))
    strip_height = (78.0 if inner.height < inner.width else 88.0) * f
    area = Box(inner.left, inner.top, inner.right, inner.bottom - strip_height)
    gap, caption = 2.5 * f, 5.0 * f
    best: tuple[float, int] = (0.0, 1)
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        width = (area.width - gap * (columns - 1)) / columns
        height = (area.height - gap * (rows - 1)) / rows - caption
        scale = min(width, height * shape) if height > 0 else 0.0
        best = max(best, (scale, columns), key=lambda item: item[0])
    columns = best[1]
    rows = math.ceil(count / columns)
    width = (area.width - gap * (columns - 1)) / columns
    height = (area.height - gap * (rows - 1)) / rows - caption
    panels = []
    for index in range(count):
        left = area.left + (index % columns) * (width + gap)
        top = area.top + (index // columns) * (height + caption + gap) + caption
        panels.append(Box(left, top, left + width, top + height))
    strip = Box(inner.left, area.bottom + 3 * f, inner.right, inner.bottom)
    return Layout(page, header, area, strip, footer, False, f, tuple(panels))
