"""One map on a sheet: base map, circles, arrows, symbols, labels, and what finds its way round."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers import symbology
from layers.countrylabels import COUNTRY_LABELS
from layers.figures import furniture
from layers.figures.arrows import Arrow, draw_arrow
from layers.figures.basemap import Basemap, names, prepared
from layers.figures.canvas import Box, Ink, Page, Path, Pen, Points, pieces
from layers.figures.claims import Site
from layers.figures.gathering import Symbol, crowded
from layers.figures.legend import Below, circle_pen
from layers.figures.naming import area_name, listing, short_name, site_label
from layers.figures.placing import Label, Line, Placed, Placer, Words, draw_label
from layers.figures.projection import View
from layers.figures.request import Labels
from layers.figures.symbols import Look, draw_gathered, draw_symbol
from layers.figures.words import country

_GROUND = symbology.BASEMAP["light"]
_NAMES = symbology.LABELS["light"]
_ORDER = {item.tint: place for place, item in enumerate(symbology.ACTIVITY)}
# Metres a millimetre below which places of a rank (1 to 5) are named.
_RANK_SCALE = (math.inf, math.inf, 16_000.0, 7_000.0, 2_900.0, 1_500.0)
_MOST_TOWNS = 70
# Metres a millimetre below which regions are named; Myanmar has few and large ones.
_ADMIN1_SCALE, _ADMIN1_SCALE_MM = 3_400.0, 12_000.0
_RIVER_SCALE = {1: math.inf, 2: math.inf, 3: 30_000.0, 4: 15_000.0, 5: 9_000.0, 6: 5_000.0}
_SMALL_RIVER_SCALE = 3_000.0
FAR, LISTED, FARTHEST = 13.0, 32.0, 46.0
"""Millimetres to which a name, a list of names, and at last a bare number may move away."""


@dataclass
class Panel:
    """What one map shows. regions: areas that are told as a text, with their numbers.

    titles: what is written after the name of a site. small: one of several maps. bare: a map for
    orientation beside something else, whose symbols have no note. before: earlier looks of sites.
    """

    view: View
    box: Box
    factor: float
    symbols: Sequence[Symbol]
    arrows: Sequence[Arrow] = ()
    regions: Sequence[tuple[str, Site]] = ()
    labels: Labels = Labels.BOTH
    titles: dict[str, str] = field(default_factory=dict)
    small: bool = False
    bare: bool = False
    circles: bool = False
    before: dict[str, Look] = field(default_factory=dict)
    placer: Placer = field(init=False)
    below: Below = field(init=False)
    unlabelled: list[Symbol] = field(default_factory=list)

    def draw(self, page: Page) -> None:
        """All of it, from the bottom up."""
        with page.group("figure" if not self.small else None, figure=not self.small):
            self._draw(page)

    def _draw(self, page: Page) -> None:
        base = prepared(self.view)
        self._borders = [self.view.on_paper(line, self.box) for line in base.borders]
        self.placer = Placer(self.box.grown(-0.6), self._borders, [a.line for a in self.arrows])
        with page.group("map" if not self.small else None, clip=self.box):
            self._basemap(page, base)
            self._circles(page)
            for arrow in self.arrows:
                with page.group(None if self.small else f"move-{arrow.first}"):
                    draw_arrow(page, arrow)
        self._furniture(page)
        self._reserve()
        self._label_symbols()
        self._label_arrows()
        self._label_regions()
        if not self.small:
            self._label_countries(base)
            self._label_towns(page)
            self._label_admin1()
        with page.group("symbols" if not self.small else None, clip=self.box):
            for symbol in sorted(self.symbols, key=_weight):
                self._symbol(page, symbol)
        with page.group("labels" if not self.small else None):
            for placed in self.placer.placed:
                draw_label(page, placed)
        page.rectangle(self.box, None, Pen(symbology.INK, 0.25))

    def _flat(self, lines: Sequence[Points]) -> tuple[Points, ...]:
        return pieces([self.view.on_paper(line, self.box) for line in lines])

    def _basemap(self, page: Page, base: Basemap) -> None:
        f = self.factor * (0.6 if self.small else 1.0)
        page.rectangle(self.box, Ink(_GROUND.sea if base.whole else _GROUND.beyond))
        if base.covered and not base.whole:
            page.add(Path(self._flat(base.covered), True, Ink(_GROUND.sea), None))
        for rings in base.land:
            page.add(Path(self._flat(rings), True, Ink(_GROUND.land), None))
        self._stroke(page, base.coast, Pen(_GROUND.coast, 0.16 * f))
        rivers = [line for rank, line in base.rivers if self._river_shown(rank)]
        regions = base.regions if self.view.scale < 16_000 else ()
        dash = (0.8 * f, 0.8 * f)
        self._stroke(page, regions, Pen(_GROUND.region, 0.2 * f, dash))
        self._stroke(page, rivers, Pen(_GROUND.river, 0.26 * f))
        moei = base.moei if self.view.scale < 5_000 else ()
        # The river is the border here: it lies below the line.
        self._stroke(page, moei, Pen(_GROUND.moei, 0.8 * f))
        self._stroke(page, base.borders, Pen(_GROUND.border, 0.28 * f))
        self.below = Below(
            borders=bool(base.borders),
            regions=bool(regions),
            rivers=bool(rivers),
            moei=bool(moei),
            beyond=not base.whole,
        )

    def _river_shown(self, rank: int) -> bool:
        return self.view.scale < _RIVER_SCALE.get(rank, _SMALL_RIVER_SCALE)

    def _stroke(self, page: Page, lines: Sequence[Points], pen: Pen) -> None:
        if lines:
            page.add(Path(self._flat(lines), False, None, pen))

    def _circles(self, page: Page) -> None:
        """The radius within which a place lies, where it is larger than the symbol."""
        drawn = set()
        for symbol in self.symbols:
            for site in symbol.sites:
                radius = site.precision_m / self.view.scale
                key = (round(site.lon, 5), round(site.lat, 5), site.precision_m)
                vague = site.precision_m > symbology.CIRCLE_PRECISION_M
                if vague or radius < symbol.reach + 0.2 or key in drawn:
                    continue
                drawn.add(key)
                x, y = self.view.place(site.lon, site.lat, self.box)
                page.circle(x, y, radius, None, circle_pen(self.factor))
        self.circles = bool(drawn)

    def _furniture(self, page: Page) -> None:
        if self.small:
            return
        f = self.factor
        self.bar = furniture.scale_bar(self.view, self.box, f)
        with page.group("scale-bar", "Scale bar"):
            self.placer.reserve(furniture.draw_scale_bar(page, self.bar, f))
        if self.bare:
            return
        with page.group("north-arrow", "North"):
            self.placer.reserve(furniture.draw_north(page, self.view, self.box, f))
        inset = self._inset()
        furniture.draw_locator(page, self.view, inset, f)
        self.placer.reserve(inset.grown(0.6))

    def _inset(self) -> Box:
        """The corner with the fewest symbols; the scale bar and the arrow have theirs."""
        corners = [furniture.locator_box(self.box, self.factor, c) for c in (
            "top left", "bottom right"
        )]  # fmt: skip
        taken = [symbol.box.grown(4) for symbol in self.symbols]
        points = np.vstack([np.empty((0, 2)), *self._borders, *(a.line for a in self.arrows)])

        def crowded(box: Box) -> tuple[int, int]:
            x, y = points[:, 0], points[:, 1]
            within = (x > box.left) & (x < box.right) & (y > box.top) & (y < box.bottom)
            return sum(symbol.meets(box) for symbol in taken), int(within.sum())

        return min(corners, key=crowded)

    def _reserve(self) -> None:
        for symbol in self.symbols:
            self.placer.reserve(symbol.box)
        for arrow in self.arrows:
            x, y = arrow.line[-1]
            self.placer.reserve(Box(x - 0.9, y - 0.9, x + 0.9, y + 0.9))

    def _label_symbols(self) -> None:
        """The most spoken of first; whoever finds no room for its name keeps its number."""
        order = sorted(self.symbols, key=_turn)
        bare = self.small or crowded(self.symbols, self.box, self.factor)
        left = []
        for symbol in order:
            if not self._in_box(symbol):
                continue
            label = site_label(symbol, self.labels, self.factor, self.titles, bare, self.bare)
            self._reserve_before(symbol)
            if not bare and self._listed(symbol):
                continue
            far = (5.0 if bare else FAR) * self.factor
            tries = (label, Label(label.lines[:1])) if len(label.lines) > 1 else (label,)
            if not any(self._beside(symbol, wording, far) for wording in tries):
                left.append(symbol)
        for symbol in left:
            label = site_label(symbol, self.labels, self.factor, {}, True)
            at, far = (symbol.x, symbol.y, symbol.reach), FARTHEST * self.factor
            of = f"symbol {symbol.first}"
            if not (
                self.placer.beside(of, label, *at, far)
                or self.placer.somewhere(of, label, *at, far)
            ):
                self.unlabelled.append(symbol)

    def _reserve_before(self, symbol: Symbol) -> None:
        earlier = self.before.get(symbol.sites[0].site_id) if len(symbol.sites) == 1 else None
        if earlier:
            right = symbol.x - symbol.reach
            self.placer.reserve(
                Box(right - 2 * earlier.radius, symbol.y - earlier.radius, right,
                    symbol.y + earlier.radius)
            )  # fmt: skip

    def _listed(self, symbol: Symbol) -> bool:
        """Several sites of one symbol by their names, where there is room for them."""
        label = None if self.small else listing(symbol, self.labels, self.factor, self.titles)
        return label is not None and self._beside(symbol, label, LISTED * self.factor) is not None

    def _beside(self, symbol: Symbol, label: Label, far: float) -> Placed | None:
        of = f"symbol {symbol.first}"
        return self.placer.beside(of, label, symbol.x, symbol.y, symbol.reach, far)

    def _in_box(self, symbol: Symbol) -> bool:
        # What lies on the very edge is in: a hundredth of a millimetre is no distance.
        edge = self.box.grown(0.01)
        return edge.left <= symbol.x <= edge.right and edge.top <= symbol.y <= edge.bottom

    def _label_arrows(self) -> None:
        size = 1.9 * self.factor
        for arrow in self.arrows:
            words = Words(arrow.numbers, bold=True, colour=symbology.FLOW_COLOUR)
            label = Label((Line((words,), size),))
            if self.small:
                continue
            of = f"arrow {arrow.first}"
            if self.placer.on(of, label, _along(arrow.line)) is None:
                self.placer.on(of, label, _along(arrow.line), borders=False)

    def _label_regions(self) -> None:
        size = 2.3 * self.factor
        for number, site in self.regions:
            x, y = self._region_point(site)
            words = (
                Words(number, bold=True, colour=_NAMES.region),
                Words(f" {area_name(site)}", colour=_NAMES.region),
            )
            label = Label((Line(words, size),))
            self.placer.on(f"region {number}", label, _around(x, y, 40 * self.factor))

    def _region_point(self, site: Site) -> tuple[float, float]:
        for item in COUNTRY_LABELS:
            if site.kind == "country" and item.code == site.country and (
                self.view.shows(item.lon, item.lat)
            ):  # fmt: skip
                return self.view.place(item.lon, item.lat, self.box)
        return self.view.place(site.lon, site.lat, self.box)

    def _label_countries(self, base: Basemap) -> None:
        size = (3.0 if self.view.scale > 6_000 else 3.6) * self.factor
        told = {country(site.country) for _, site in self.regions if site.kind == "country"}
        for name, shape in base.countries:
            if name in told or shapely.is_empty(shape):
                continue
            line = Line((Words(name.upper(), colour=_NAMES.country),), size, 0.5 * self.factor)
            label = Label((line,))
            self.placer.on(f"country {name}", label, self._within(shape, label))

    def _within(self, shape: BaseGeometry, label: Label) -> Iterator[tuple[float, float]]:
        """Points at which the label lies wholly within a country, the widest part first."""
        flat = shapely.transform(shape, lambda given: self.view.on_paper(given, self.box))
        parts = [part for part in shapely.get_parts(flat) if part.geom_type == "Polygon"]
        if not parts:
            return
        largest = max(parts, key=lambda part: part.area)
        middle = shapely.point_on_surface(largest)
        shapely.prepare(largest)
        left, top, right, bottom = largest.bounds
        half_x, half_y = label.width / 2 + 0.5, label.height / 2 + 0.5
        grid = [
            (float(x), float(y))
            for x in np.linspace(left + half_x, right - half_x, 14)
            for y in np.linspace(top + half_y, bottom - half_y, 14)
        ]
        grid.sort(key=lambda at: (round(math.hypot(at[0] - middle.x, at[1] - middle.y), 3), at))
        for x, y in grid:
            area = shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
            if largest.contains(area):
                yield x, y

    def _label_towns(self, page: Page) -> None:
        """Towns for orientation, where there is room beside them."""
        size, dot = 1.95 * self.factor, 0.38 * self.factor
        told = {site.name.lower() for symbol in self.symbols for site in symbol.sites}
        count = 0
        for name, local, code, rank, lon, lat in furniture.town_names(self.view):
            neighbour = code in _NEIGHBOURS
            if self.view.scale >= _RANK_SCALE[min(5, rank + neighbour)] or count >= _MOST_TOWNS:
                continue
            x, y = self.view.place(lon, lat, self.box)
            at = Box(x - dot, y - dot, x + dot, y + dot)
            if name.lower() in told or not self.placer.free(at, borders=False):
                continue
            label = _town_label(name, local, rank, size, self.labels)
            if self.placer.beside(f"town {name}", label, x, y, dot + 0.1, dot + 0.2) is None:
                continue
            page.circle(x, y, dot, Ink(_NAMES.dot))
            self.placer.reserve(at)
            count += 1

    def _label_admin1(self) -> None:
        size = 2.0 * self.factor
        told = {site.name.lower().removesuffix(" state") for _, site in self.regions}
        for place in names("admin1_labels"):
            limit = _ADMIN1_SCALE_MM if place.country == "MM" else _ADMIN1_SCALE
            shown = self.view.scale < limit and self.view.shows(place.lon, place.lat)
            if not shown or place.name.lower() in told:
                continue
            x, y = self.view.place(place.lon, place.lat, self.box)
            words = Words(place.name.upper(), colour=_NAMES.admin1)
            label = Label((Line((words,), size, 0.3 * self.factor),))
            self.placer.on(f"admin1 {place.name}", label, _around(x, y, 7 * self.factor))

    def _symbol(self, page: Page, symbol: Symbol) -> None:
        names_of = ", ".join(short_name(site.name) for site in symbol.sites[:40])
        with page.group(f"symbol-{symbol.first}" if not self.small else None,
                        f"{symbol.numbers} {names_of}" if not self.small else None):  # fmt: skip
            if len(symbol.looks) == 1:
                earlier = self.before.get(symbol.sites[0].site_id)
                if earlier:
                    off = symbol.looks[0].radius + earlier.radius * 0.7
                    draw_symbol(page, symbol.x - off, symbol.y, earlier)
                draw_symbol(page, symbol.x, symbol.y, symbol.looks[0])
            else:
                draw_gathered(page, symbol.x, symbol.y, symbol.looks, _ORDER, self.factor)


_NEIGHBOURS = {item.code for item in COUNTRY_LABELS if item.neighbour}


def _town_label(name: str, local: str | None, rank: int, size: float, labels: Labels) -> Label:
    colour = _NAMES.city if rank <= 1 else _NAMES.place
    grown = size * (1.12 if rank <= 1 else 1.0)
    latin = Line((Words(short_name(name), colour=colour),), grown)
    if not local or labels is Labels.LATIN:
        return Label((latin,))
    written = Line((Words(short_name(local), colour=colour),), grown * 0.92)
    return Label((written,)) if labels is Labels.LOCAL else Label((latin, written))


def _weight(symbol: Symbol) -> tuple[int, int]:
    """What lies on top: many, then running ones, then the rest, then places for orientation."""
    site = symbol.sites[0]
    if len(symbol.sites) > 1:
        return 3, symbol.first
    if site.context:
        return 0, symbol.first
    return (2 if site.running else 1), symbol.first


def _turn(symbol: Symbol) -> tuple[bool, int, int]:
    """Lists last, since they may stand furthest away; then by how much is said."""
    spoken_of = sum(site.reports_count + (30 if site.running else 0) for site in symbol.sites)
    return len(symbol.sites) > 1, -spoken_of, symbol.first


def _along(line: Points) -> Iterator[tuple[float, float]]:
    """Points on an arrow and beside it, from its middle outwards."""
    count = len(line) - 1
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
        index = max(1, min(count, round(share * count)))
        x, y = line[index]
        dx, dy = line[index] - line[index - 1]
        away = math.hypot(dx, dy) or 1.0
        for off in (0.0, 1.8, -1.8, 3.2, -3.2):
            yield float(x - dy / away * off), float(y + dx / away * off)


def _around(x: float, y: float, far: float) -> Iterator[tuple[float, float]]:
    """A point, and rings of points about it."""
    yield x, y
    distance = 3.0
    while distance <= far:
        for step in range(12):
            angle = math.radians(90 + step * 30)
            yield x + distance * math.cos(angle), y + distance * math.sin(angle) * 0.8
        distance += 3.0
