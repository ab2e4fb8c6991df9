"""How a frame is laid flat: the projection made for it, and where a place comes to lie on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod, Proj, Transformer

from layers.figures.canvas import Box, Points
from layers.filters import BBox

GEOD = Geod(ellps="WGS84")
LARGE_M = 1_200_000.0
"""From this extent on areas are kept true; below it angles, where lengths differ by little."""
LOCAL_M = 150_000.0
EDGE_STEPS = 24


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection by its PROJ text, with its name in words."""

    proj: str
    name: str


@dataclass(frozen=True, slots=True)
class View:
    """What a rectangle of paper shows: the projection, and its edges in the projection's metres.

    scale: metres a millimetre. The northern edge is `north`, y of paper runs down from it.
    """

    projection: Projection
    west: float
    south: float
    east: float
    north: float
    scale: float

    @property
    def _transform(self) -> Transformer:
        return _transformer(self.projection.proj)

    def to_metres(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
        """CRS84 degrees to metres of the projection; not finite beyond its reach."""
        x, y = self._transform.transform(lon, lat)
        return np.column_stack([x, y])

    def to_degrees(self, x: float, y: float) -> tuple[float, float]:
        """Metres of the projection to longitude and latitude."""
        lon, lat = self._transform.transform(x, y, direction="INVERSE")
        return float(lon), float(lat)

    def on_paper(self, metres: Points, box: Box) -> Points:
        """Metres to millimetres within the box of paper that the view fills."""
        x = box.left + (metres[:, 0] - self.west) / self.scale
        y = box.top + (self.north - metres[:, 1]) / self.scale
        return np.column_stack([x, y])

    def place(self, lon: float, lat: float, box: Box) -> tuple[float, float]:
        """A point on paper."""
        found = self.on_paper(self.to_metres(np.array([lon]), np.array([lat])), box)[0]
        return float(found[0]), float(found[1])

    def degrees(self, x: float, y: float, box: Box) -> tuple[float, float]:
        """Longitude and latitude of a point on paper."""
        return self.to_degrees(
            self.west + (x - box.left) * self.scale, self.north - (y - box.top) * self.scale
        )

    def shows(self, lon: float, lat: float) -> bool:
        """Whether a place lies within, its edge included."""
        x, y = self.to_metres(np.array([lon]), np.array([lat]))[0]
        edge = 0.001 * self.scale  # a thousandth of a millimetre: what lies on the edge is shown
        return bool(
            self.west - edge <= x <= self.east + edge
            and self.south - edge <= y <= self.north + edge
        )

    def lonlat_box(self) -> BBox:
        """The smallest box of degrees that holds the view; it may cross 180 degrees."""
        xs = np.linspace(self.west, self.east, EDGE_STEPS)
        ys = np.linspace(self.south, self.north, EDGE_STEPS)
        rim = np.array(
            [(x, y) for x in xs for y in (self.south, self.north)]
            + [(x, y) for y in ys for x in (self.west, self.east)]
        )
        lon, lat = self._transform.transform(rim[:, 0], rim[:, 1], direction="INVERSE")
        middle, _ = self.to_degrees((self.west + self.east) / 2, (self.south + self.north) / 2)
        turned = (np.asarray(lon) - middle + 180.0) % 360.0 - 180.0
        west, east = middle + float(turned.min()), middle + float(turned.max())
        return BBox(
            _wrapped(west), max(float(np.min(lat)), -90.0),
            _wrapped(east), min(float(np.max(lat)), 90.0),
        )  # fmt: skip

    def bar_metres(self, length_m: float, x: float, y: float) -> float:
        """How long a west-east line of so many metres on the ground is on the map, in its metres.

        x, y: the middle of the line, metres of the projection.
        """
        # Found by halving the error: the projections used are smooth, three steps are enough.
        drawn = length_m
        for _ in range(4):
            one, other = self.to_degrees(x - drawn / 2, y), self.to_degrees(x + drawn / 2, y)
            ground = GEOD.inv(*one, *other)[2]
            drawn *= length_m / ground
        return drawn

    @property
    def worst_scale_error(self) -> float:
        """The greatest share by which lengths on the sheet differ from those at its middle."""
        xs, ys = np.meshgrid(
            np.linspace(self.west, self.east, 9), np.linspace(self.south, self.north, 9)
        )
        lon, lat = self._transform.transform(xs.ravel(), ys.ravel(), direction="INVERSE")
        factors = Proj(self.projection.proj).get_factors(np.asarray(lon), np.asarray(lat))
        lengths = np.concatenate([factors.tissot_semimajor, factors.tissot_semiminor])
        middle = float(np.asarray(factors.parallel_scale)[len(lon) // 2])
        return float(np.max(np.abs(lengths / middle - 1.0)))


@lru_cache(maxsize=64)
def _transformer(proj: str) -> Transformer:
    return Transformer.from_crs("OGC:CRS84", CRS.from_proj4(proj), always_xy=True)


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0 if not -180.0 <= lon <= 180.0 else lon


def chosen_projection(box: BBox) -> Projection:
    """The projection for a box: its kind by the extent, its centre that of the box."""
    width = (box.east - box.west) % 360.0
    lon = round(_wrapped(box.west + width / 2), 2)
    lat = round((box.south + box.north) / 2, 2)
    extent = max(
        width * 111_320.0 * math.cos(math.radians(lat)), (box.north - box.south) * 110_574.0
    )
    # Written to two decimals: the name on the sheet is the whole truth about the projection.
    ends = "+datum=WGS84 +units=m +no_defs"
    if extent >= LARGE_M:
        return Projection(
            f"+proj=laea +lat_0={lat:g} +lon_0={lon:g} {ends}",
            f"Lambert azimuthal equal-area, centre {_degrees(lat, 'NS')}, {_degrees(lon, 'EW')}",
        )
    if extent >= LOCAL_M:
        return Projection(
            f"+proj=tmerc +lat_0={lat:g} +lon_0={lon:g} +k=1 {ends}",
            f"transverse Mercator, central meridian {_degrees(lon, 'EW')}",
        )
    return Projection(
        f"+proj=aeqd +lat_0={lat:g} +lon_0={lon:g} {ends}",
        f"azimuthal equidistant, centre {_degrees(lat, 'NS')}, {_degrees(lon, 'EW')}",
    )


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):g}° {sides[0] if value >= 0 else sides[1]}"


def extent(box: BBox) -> tuple[Projection, tuple[float, float, float, float]]:
    """The projection for a box, and the box's west, south, east and north edge in its metres."""
    projection = chosen_projection(box)
    width = (box.east - box.west) % 360.0
    lons = box.west + width * np.linspace(0, 1, EDGE_STEPS)
    lats = np.linspace(box.south, box.north, EDGE_STEPS)
    rim = [(lon, lat) for lon in lons for lat in (box.south, box.north)]
    rim += [(lon, lat) for lat in lats for lon in (box.west, box.west + width)]
    lon, lat = (np.array(side) for side in zip(*rim, strict=True))
    x, y = _transformer(projection.proj).transform(lon, lat)
    return projection, (float(min(x)), float(min(y)), float(max(x)), float(max(y)))


def fitted_view(box: BBox, width_mm: float, height_mm: float) -> View:
    """The view that shows all of a box of degrees on paper of that shape, and what lies around."""
    projection, (west, south, east, north) = extent(box)
    x, y = (west + east) / 2, (south + north) / 2
    scale = max((east - west) / width_mm, (north - south) / height_mm)
    right, up = scale * width_mm / 2, scale * height_mm / 2
    return View(projection, x - right, y - up, x + right, y + up, scale)
