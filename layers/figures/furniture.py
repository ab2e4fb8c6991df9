"""What tells a reader of a map where he is: scale bar, north arrow, locator, edge, footer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from layers import symbology
from layers.figures.basemap import names, prepared
from layers.figures.canvas import Box, Ink, Page, Path, Pen, pieces
from layers.figures.fonts import text_width
from layers.figures.frames import FRAMES
from layers.figures.projection import View, fitted_view
from layers.filters import BBox

_INK, _PAPER = symbology.INK, symbology.PAPER
_STEPS = (1, 2, 5)
_LOCATOR_FRAME = next(frame for frame in FRAMES if frame.id == "south-east-asia")
_WORLD_PART = 0.12
"""A view whose extent is more than this share of the region needs a locator of more than it."""


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of whole kilometres. start, end: on paper. metres: on the ground."""

    metres: float
    start: tuple[float, float]
    end: tuple[float, float]
    remark: str


def scale_bar(view: View, paper: Box, factor: float) -> ScaleBar:
    """The bar for the middle of the map, as long as suits the paper; drawn in the lower left."""
    wanted = min(42.0 * factor, paper.width * 0.3) * view.scale
    power = 10.0 ** math.floor(math.log10(wanted))
    metres = max(step * power for step in _STEPS if step * power <= wanted)
    middle = ((view.west + view.east) / 2, (view.south + view.north) / 2)
    length = view.bar_metres(metres, *middle) / view.scale
    left, y = paper.left + 5.0 * factor, paper.bottom - 5.4 * factor
    error = view.worst_scale_error
    if error < 0.01:
        remark = "right to 1 % all over this map"
    else:
        remark = (
            f"right in the middle of this map; up to {math.ceil(error * 100)} % off at its edges"
        )
    return ScaleBar(metres, (left, y), (left + length, y), remark)


def draw_scale_bar(page: Page, bar: ScaleBar, factor: float) -> Box:
    """The bar with its lengths; returns the box that labels keep off."""
    (left, y), (right, _) = bar.start, bar.end
    height, size = 1.1 * factor, 2.0 * factor
    unit = "km" if bar.metres >= 1000 else "m"
    total = bar.metres / 1000 if unit == "km" else bar.metres
    remark_width = text_width(bar.remark, size * 0.8)
    box = Box(
        left - 2.6 * factor, y - 3.6 * factor,
        max(right + 6.5 * factor, left + remark_width + 2 * factor), y + 4.4 * factor,
    )  # fmt: skip
    page.rectangle(box, Ink(_PAPER, 0.86))
    quarter = (right - left) / 4
    for index in range(4):
        part = Box(left + index * quarter, y, left + (index + 1) * quarter, y + height)
        page.rectangle(part, Ink(_INK if index % 2 == 0 else _PAPER), Pen(_INK, 0.15))
    for share in (0.0, 0.5, 1.0):
        text = f"{total * share:g}" + (f" {unit}" if share == 1.0 else "")
        x = left + (right - left) * share
        page.text(x, y - 0.8 * factor, text, size, _INK, anchor="middle")
    page.text(left, y + height + 2.2 * factor, bar.remark, size * 0.8, "#4c535c")
    return box


def draw_north(page: Page, view: View, paper: Box, factor: float) -> Box:
    """An arrow to true north, as it lies where the arrow stands."""
    x, y = paper.right - 6.0 * factor, paper.top + 8.5 * factor
    lon, lat = view.degrees(x, y, paper)
    up_x, up_y = view.place(lon, min(lat + 0.01, 89.9), paper)
    length = math.hypot(up_x - x, up_y - y) or 1.0
    north = np.array([(up_x - x) / length, (up_y - y) / length])
    east = np.array([-north[1], north[0]])
    here, s = np.array([x, y]), factor
    tip, tail = here + north * 4.2 * s, here - north * 3.0 * s
    box = Box(x - 4.4 * s, y - 7.6 * s, x + 4.4 * s, y + 4.6 * s)
    page.circle(x, y - 1.5 * s, 5.6 * s, Ink(_PAPER, 0.8))
    notch = here - north * 1.5 * s
    page.area(np.array([tip, notch, tail + east * 2.1 * s]), Ink(_INK))
    page.area(np.array([tip, notch, tail - east * 2.1 * s]), Ink(_PAPER), Pen(_INK, 0.15))
    at = tip + north * 1.5 * s
    page.text(float(at[0]), float(at[1]) + 0.8 * s, "N", 2.5 * s, _INK, bold=True, anchor="middle")
    return box


def locator_box(paper: Box, factor: float, corner: str) -> Box:
    """The area of the inset: a corner of the map."""
    side = min(27.0 * factor, paper.width * 0.24, paper.height * 0.24)
    inset = 2.0 * factor
    left = paper.left + inset if "left" in corner else paper.right - inset - side
    top = paper.top + inset if "top" in corner else paper.bottom - inset - side
    return Box(left, top, left + side, top + side)


def draw_locator(page: Page, view: View, box: Box, factor: float) -> None:
    """Where the map lies in the region, or in a wider part of the Earth."""
    around = _around(view)
    inset = fitted_view(around, box.width, box.height)
    ground = symbology.BASEMAP["light"]
    with page.group("locator", "Where the map lies", clip=box):
        page.rectangle(box, Ink(ground.sea))
        below = prepared(inset)
        for rings in below.land:
            page.add(Path(tuple(inset.on_paper(ring, box) for ring in rings), True,
                          Ink("#e4dfd3"), Pen(ground.coast, 0.08)))  # fmt: skip
        page.add(Path(pieces([inset.on_paper(line, box) for line in below.borders]), False, None,
                      Pen(ground.border, 0.12)))  # fmt: skip
        rim = _rim(view)
        lon, lat = zip(*rim, strict=True)
        outline = inset.on_paper(inset.to_metres(np.array(lon), np.array(lat)), box)
        small = float(np.ptp(outline[:, 0])) < 2.2
        if small:
            x, y = outline.mean(axis=0)
            page.circle(
                float(x), float(y), 1.1 * factor, Ink("#c62a24", 0.25), Pen("#c62a24", 0.35)
            )
        else:
            page.area(outline, Ink("#c62a24", 0.12), Pen("#c62a24", 0.3))
    page.rectangle(box, None, Pen(_INK, 0.2))


def _around(view: View) -> BBox:
    """The region, unless the view is of another part of the Earth or most of it."""
    box, region = view.lonlat_box(), _LOCATOR_FRAME.box
    inside = box.west < box.east and (
        region.west <= box.west and box.east <= region.east
        and region.south <= box.south and box.north <= region.north
    )  # fmt: skip
    width = (box.east - box.west) % 360.0
    if inside and width < 0.7 * (region.east - region.west):
        return region
    grow = max(0.75 * width, 12.0)
    grow = min(grow, (150.0 - width) / 2) if width < 150 else 0.0
    south, north = max(box.south - grow, -70.0), min(box.north + grow, 75.0)
    west, east = box.west - grow, box.east + grow
    return BBox(
        west if west >= -180 else west + 360, south, east if east <= 180 else east - 360, north
    )


def _rim(view: View, steps: int = 12) -> list[tuple[float, float]]:
    """The edge of a view in degrees."""
    xs = np.linspace(view.west, view.east, steps)
    ys = np.linspace(view.south, view.north, steps)
    around = (
        [(x, view.north) for x in xs] + [(view.east, y) for y in ys[::-1]]
        + [(x, view.south) for x in xs[::-1]] + [(view.west, y) for y in ys]
    )  # fmt: skip
    return [view.to_degrees(x, y) for x, y in around]


def scale_words(view: View) -> str:
    """`1 : 1,800,000`, rounded to two figures."""
    number = view.scale * 1000
    digits = 10 ** (math.floor(math.log10(number)) - 1)
    return f"1 : {round(number / digits) * digits:,.0f}"


def town_names(view: View) -> list[tuple[str, str | None, str, int, float, float]]:
    """Places for orientation in the view: name, local name, country, rank, longitude, latitude."""
    box = view.lonlat_box()
    return [
        (place.name, place.local, place.country, place.rank, place.lon, place.lat)
        for place in names("places")
        if any(w <= place.lon <= e and s <= place.lat <= n for w, s, e, n in box.parts)
    ]
