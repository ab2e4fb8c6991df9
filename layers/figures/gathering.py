"""Sites whose symbols would lie on one another become one symbol; every symbol gets its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from layers.figures.canvas import Box
from layers.figures.claims import Site
from layers.figures.palette import ActorPalette
from layers.figures.projection import View
from layers.figures.request import FigureStyle
from layers.figures.symbols import Look, gathered_reach, look_of

# Millimetres within which two symbols would lie on one another: two gathered ones, one, none.
_BOTH, _ONE, _NEITHER = 4.8, 4.1, 2.3
_ROOM = 110.0
"""Square millimetres that a symbol and its number need; with less, more sites are gathered."""
_NAME_ROOM = 260.0
"""And that it needs with its name."""


@dataclass(slots=True)
class Symbol:
    """One symbol on the sheet. first: the number of its first note; its others follow.

    of: how many sites it stands for on other maps of the sheet, where these are more.
    """

    x: float
    y: float
    sites: list[Site]
    looks: list[Look] = field(default_factory=list)
    reach: float = 0.0
    first: int = 0
    of: int = 0

    @property
    def lead(self) -> Site:
        """The site whose name says best where this is."""
        return max(self.sites, key=lambda site: (_importance(site), site.site_id))

    @property
    def numbers(self) -> str:
        """`7`, or `7–11` for several sites."""
        last = self.first + max(self.of, len(self.sites)) - 1
        return str(self.first) if last == self.first else f"{self.first}–{last}"

    @property
    def box(self) -> Box:
        """What labels keep off."""
        r = self.reach
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


def _importance(site: Site) -> int:
    area = 100 if site.kind in ("town", "city") else 0
    return area + min(90, site.reports_count) + (20 if site.running else 0)


def gathered(
    sites: Sequence[Site],
    view: View,
    paper: Box,
    style: FigureStyle,
    palette: ActorPalette,
    factor: float,
) -> list[Symbol]:
    """The symbols of sites that are points, numbered from 1 as one reads: down, then right."""
    spread, symbols = 1.0, _symbols(sites, view, paper, factor)
    while len(symbols) * _ROOM * factor**2 > paper.width * paper.height and len(symbols) > 1:
        spread *= 1.3
        symbols = _symbols(sites, view, paper, factor * spread)
    for symbol in symbols:
        symbol.sites.sort(key=lambda site: (-site.lat, site.lon, site.site_id))
        symbol.looks = [look_of(site, style, palette, factor) for site in symbol.sites]
        one = len(symbol.looks) == 1
        symbol.reach = symbol.looks[0].reach if one else gathered_reach(symbol.looks, factor)
    return numbered(symbols)


def crowded(symbols: Sequence[Symbol], paper: Box, factor: float) -> bool:
    """Whether there are so many symbols that only their numbers have room."""
    return len(symbols) * _NAME_ROOM * factor**2 > paper.width * paper.height


def _symbols(sites: Sequence[Site], view: View, paper: Box, factor: float) -> list[Symbol]:
    stacks: dict[tuple[float, float], list[Site]] = {}
    for site in sorted(sites, key=lambda site: site.site_id):
        stacks.setdefault((round(site.lon, 5), round(site.lat, 5)), []).append(site)
    symbols: list[Symbol] = []
    grid: dict[tuple[int, int], list[Symbol]] = {}
    for members in sorted(stacks.values(), key=lambda found: (-len(found), found[0].site_id)):
        x, y = view.place(members[0].lon, members[0].lat, paper)
        near = _nearest(grid, x, y, len(members) > 1, factor)
        if near is None:
            near = Symbol(x, y, [])
            symbols.append(near)
            grid.setdefault(_cell(x, y, factor), []).append(near)
        near.sites += members
    return symbols


def numbered(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In bands from the top down, within a band from left to right."""
    found = sorted(symbols, key=lambda symbol: (math.floor(symbol.y / 12.0), symbol.x, symbol.y))
    number = 1
    for symbol in found:
        symbol.first = number
        number += len(symbol.sites)
    return found


def _cell(x: float, y: float, factor: float) -> tuple[int, int]:
    return math.floor(x / (_BOTH * factor)), math.floor(y / (_BOTH * factor))


def _nearest(
    grid: dict[tuple[int, int], list[Symbol]], x: float, y: float, many: bool, factor: float
) -> Symbol | None:
    best, distance = None, math.inf
    column, row = _cell(x, y, factor)
    for right in (-1, 0, 1):
        for down in (-1, 0, 1):
            for other in grid.get((column + right, row + down), ()):
                apart = math.hypot(other.x - x, other.y - y)
                crowd = len(other.sites) > 1
                limit = _BOTH if many and crowd else _ONE if many or crowd else _NEITHER
                if apart < limit * factor and apart < distance:
                    best, distance = other, apart
    return best
