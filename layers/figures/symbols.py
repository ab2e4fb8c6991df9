"""Symbols of sites on paper, as `layers.symbology` has them: a screen pixel is a fifth of a mm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from geo.vocabulary import Activity
from layers import symbology
from layers.figures.canvas import Ink, Page, Path, Pen, arc
from layers.figures.claims import Site
from layers.figures.palette import ActorPalette
from layers.figures.request import FigureStyle

MM_PER_PX = 0.2
_CORNERS = {"square": (4, 45.0), "diamond": (4, 0.0), "hexagon": (6, 0.0), "triangle": (3, -90.0)}
_ACTIVITY = {item.code: item for item in symbology.ACTIVITY}
_KIND = {item.code: item for item in symbology.KIND}
_CONTEXT = next(item for item in symbology.PLACE if item.colour)


@dataclass(frozen=True, slots=True)
class Look:
    """How one site is drawn. radius: millimetres. keys: classes of the legend that it shows."""

    shape: str
    radius: float
    colours: tuple[str, ...]
    tint: str
    fill: str
    mark: str
    opacity: float
    contested: bool = False
    disputed: bool = False
    stale: bool = False
    keys: tuple[str, ...] = ()

    @property
    def reach(self) -> float:
        """From the middle to the rim, rings included."""
        px = self.radius * 1.1 + 0.15
        if self.disputed:
            return px + (7.5 if self.contested else 4.5) * MM_PER_PX
        return px + (4 * MM_PER_PX if self.contested else 0.0)


def opacity_of(age: int | None) -> float:
    """How strongly a state of that age is drawn."""
    if age is None:
        return 1.0
    for item in symbology.CERTAINTY_BY_AGE:
        if item.max_age_days is None or age <= item.max_age_days:
            return item.opacity
    return 1.0


def look_of(site: Site, style: FigureStyle, palette: ActorPalette, factor: float) -> Look:
    """The look of a site."""
    scale = MM_PER_PX * factor
    if site.context:
        colour = _CONTEXT.colour or symbology.INK
        radius = (_CONTEXT.radius_px or 3.5) * scale
        tint = symbology.BASEMAP["light"].region
        return Look("square", radius, (colour,), tint, "empty", "none", 1.0, keys=("context",))
    activity, kind = _ACTIVITY[site.activity], _KIND[site.kind]
    unknown = site.activity == Activity.UNKNOWN
    colours: tuple[str, ...] = (activity.colour,)
    keys: tuple[str, ...] = (activity.code,)
    tint = activity.tint
    age = None if unknown else site.age_days
    if style is FigureStyle.ACTOR:
        keys, age = palette.holders(site)
        colours = tuple(palette.colour(key) for key in keys)
        tint = _ACTIVITY[Activity.UNKNOWN].tint if keys == ("none",) else colours[0]
    return Look(
        shape="circle" if kind.shape == "label" else kind.shape,
        radius=(kind.radius_px or 7.0) * (0.85 if unknown else 1.0) * scale,
        colours=colours,
        tint=tint,
        fill=activity.fill,
        mark=activity.mark,
        opacity=opacity_of(age),
        contested=site.contested,
        disputed=site.disputed,
        stale=unknown and bool(site.last_known),
        keys=keys,
    )


def outline(shape: str, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """The corners of a symbol, or points of its circle."""
    if shape not in _CORNERS:
        return arc(x, y, radius, 0, 2 * math.pi, 36)[:-1]
    count, turn = _CORNERS[shape]
    reach = radius * (1.25 if shape == "square" else 1.1)
    angles = [math.radians(turn + 360 / count * corner) for corner in range(count)]
    return [(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles]


def draw_symbol(page: Page, x: float, y: float, look: Look) -> None:
    """One site."""
    radius, paper = look.radius, symbology.PAPER
    corners = outline(look.shape, x, y, radius)
    page.area(corners, Ink(paper), Pen(paper, 0.8))
    px = radius / 6.5 if look.shape == "circle" else MM_PER_PX
    px = max(px, MM_PER_PX * 0.8)
    shape = shapely.Polygon(corners)
    count = len(look.colours)
    for index, colour in enumerate(look.colours):
        left = x - 2 * radius + 4 * radius * index / count if count > 1 else x - 2 * radius
        band = shapely.box(left, y - 2 * radius, left + 4 * radius / count, y + 2 * radius)
        part = shape.intersection(band) if count > 1 else shape
        if look.fill == "half":
            part = part.intersection(shapely.box(x - 9, y, x + 9, y + 9))
        if look.fill != "empty" and not part.is_empty:
            page.area(shapely.get_coordinates(part), Ink(colour, look.opacity))
        edge = shape.boundary.intersection(band) if count > 1 else shape.boundary
        width = (1.0 if look.fill == "full" else 1.7) * px
        dash = tuple(length * px for length in symbology.STALE_DASH) if look.stale else ()
        lines = tuple(shapely.get_coordinates(line) for line in shapely.get_parts(edge))
        page.add(Path(lines, False, None, Pen(colour, width, dash, look.opacity)))
    _mark(page, x, y, look, px)
    rings = [name for name in ("contested", "disputed") if getattr(look, name)]
    for name in rings:
        far = 7.5 if name == "disputed" and look.contested else 4.5 if name == "disputed" else 4.0
        draw_ring(page, x, y, radius + far * MM_PER_PX, name)


def _mark(page: Page, x: float, y: float, look: Look, px: float) -> None:
    arm = look.radius * 0.5
    if look.mark == "plus":
        pen = Pen(symbology.PAPER, 1.6 * px)
        page.line([(x - arm, y), (x + arm, y)], pen)
        page.line([(x, y - arm), (x, y + arm)], pen)
    elif look.mark == "cross":
        pen = Pen(look.colours[0], 1.6 * px, alpha=look.opacity)
        page.line([(x - arm, y - arm), (x + arm, y + arm)], pen)
        page.line([(x - arm, y + arm), (x + arm, y - arm)], pen)


def draw_ring(page: Page, x: float, y: float, radius: float, name: str) -> None:
    """The ring `contested` or `disputed`."""
    ring = next(item for item in symbology.RINGS if item.code == name)
    page.circle(x, y, radius, None, Pen(symbology.PAPER, 3 * MM_PER_PX))
    dash = tuple(length * MM_PER_PX for length in ring.dash)
    page.circle(x, y, radius, None, Pen(ring.colour, 1.3 * MM_PER_PX, dash))


def gathered_radius(count: int, factor: float) -> float:
    """Millimetres."""
    return (10 + min(6.0, math.sqrt(count) * 1.1)) * MM_PER_PX * factor * 0.9


def draw_gathered(
    page: Page, x: float, y: float, looks: Sequence[Look], order: Mapping[str, int], factor: float
) -> None:
    """Several sites in one symbol: their number, its rim parted by what they are coloured by."""
    radius = gathered_radius(len(looks), factor)
    page.circle(x, y, radius + 0.4 * factor, Ink(symbology.PAPER))
    shares: dict[str, list[float]] = {}
    for look in sorted(looks, key=lambda look: order.get(look.tint, 99)):
        shares.setdefault(look.tint, []).append(look.opacity)
    angle, width = -math.pi / 2, 4.5 * MM_PER_PX * factor * 0.9
    for tint, weights in shares.items():
        end = angle + 2 * math.pi * len(weights) / len(looks)
        pen = Pen(tint, width, alpha=round(sum(weights) / len(weights), 3))
        page.line(arc(x, y, radius - width / 2, angle, end, 40), pen)
        angle = end
    if any(look.contested for look in looks):
        draw_ring(page, x, y, radius + 4 * MM_PER_PX, "contested")
    if any(look.disputed for look in looks):
        draw_ring(page, x, y, radius + 7 * MM_PER_PX, "disputed")
    size = 2.35 * factor if len(looks) < 100 else 1.8 * factor
    page.text(x, y + size * 0.36, str(len(looks)), size, symbology.INK, bold=True, anchor="middle")


def gathered_reach(looks: Sequence[Look], factor: float) -> float:
    """From the middle of a symbol of several sites to its rim, rings included."""
    far = 7.5 if any(look.disputed for look in looks) else (
        4.5 if any(look.contested for look in looks) else 1.0
    )  # fmt: skip
    return gathered_radius(len(looks), factor) + far * MM_PER_PX + 0.2
