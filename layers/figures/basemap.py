"""The base map of a view: land, borders, regions, rivers, places, from data/basemap.

Read once a process; projected, cut and simplified once a view.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from layers.figures.canvas import Points
from layers.figures.projection import View

FOLDER = Path(str(files("layers"))).parent / "data" / "basemap"
ATTRIBUTION = "Base map: © OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth"
COVERED = (40.0, -35.0, 170.0, 60.0)
"""West, south, east, north of what the base map holds."""
DETAIL_SCALE = 3200.0
"""Metres a millimetre from which on the detailed borders are drawn (1 : 3.2 million)."""
SIMPLIFIED_MM = 0.05
_PAD_MM = 1.0
_DETAILED = {("CN", "MM"), ("KH", "TH"), ("KH", "VN"), ("LA", "MM"), ("LA", "TH"), ("MM", "TH")}


@dataclass(frozen=True)
class Lines:
    """Geometries of one file in CRS84, with their properties, and an index on them."""

    shapes: NDArray[Any]
    properties: tuple[dict[str, Any], ...]
    tree: STRtree


@dataclass(frozen=True, slots=True)
class Name:
    """A name for orientation. rank: 1 capitals and the greatest cities, 5 the least."""

    name: str
    local: str | None
    country: str
    rank: int
    lon: float
    lat: float


@dataclass(frozen=True)
class Basemap:
    """What is drawn below the claims, in metres of the view's projection.

    whole: whether the base map covers all of the view; where not, `covered` is what it does.
    """

    whole: bool

    covered: tuple[Points, ...]
    land: tuple[tuple[Points, ...], ...]
    coast: tuple[Points, ...]
    borders: tuple[Points, ...]
    regions: tuple[Points, ...]
    rivers: tuple[tuple[int, Points], ...]
    moei: tuple[Points, ...]
    countries: tuple[tuple[str, BaseGeometry], ...]


@cache
def _lines(name: str) -> Lines:
    features = json.loads((FOLDER / f"{name}.geojson").read_text("utf-8"))["features"]
    shapes = shapely.from_geojson([json.dumps(item["geometry"]) for item in features])
    parts, places = shapely.get_parts(shapes, return_index=True)
    properties = tuple(features[place]["properties"] for place in places)
    return Lines(parts, properties, STRtree(parts))


@cache
def names(kind: str) -> tuple[Name, ...]:
    """`places` or `admin1_labels`, the greatest first."""
    features = json.loads((FOLDER / f"{kind}.geojson").read_text("utf-8"))["features"]
    found = [
        Name(
            given["name"],
            given.get("name_local"),
            given["country"],
            given.get("rank", 3),
            *item["geometry"]["coordinates"],
        )
        for item in features
        for given in [item["properties"]]
    ]
    return tuple(sorted(found, key=lambda item: item.rank))


@cache
def local_characters() -> frozenset[int]:
    """Every character of a local name that is not Latin: what the Chinese font is cut down to."""
    return frozenset(
        ord(letter)
        for place in names("places")
        for letter in place.local or ""
        if ord(letter) > 127
    )


@lru_cache(maxsize=24)
def prepared(view: View) -> Basemap:
    """The base map of a view."""
    window = shapely.box(
        view.west - _PAD_MM * view.scale, view.south - _PAD_MM * view.scale,
        view.east + _PAD_MM * view.scale, view.north + _PAD_MM * view.scale,
    )  # fmt: skip
    detailed = view.scale < DETAIL_SCALE
    land = [shape for shape, _ in _cut(view, window, "land")]
    borders = [
        shape for shape, given in _cut(view, window, "borders")
        if not (detailed and (given["a"], given["b"]) in _DETAILED)
    ]  # fmt: skip
    if detailed:
        borders += [shape for shape, _ in _cut(view, window, "borders_detail")]
    inside = shapely.buffer(window, -view.scale / 2)  # the cut itself is no coast
    covered = _cut_shape(view, window, shapely.segmentize(shapely.box(*COVERED), 1.0))
    return Basemap(
        whole=covered is not None and covered.area > 0.9999 * window.area,
        covered=tuple(ring for part in _polygons(covered) for ring in _rings(part)),
        land=tuple(_rings(part) for shape in land for part in _polygons(shape)),
        coast=tuple(
            line for shape in land for line in _line_parts(
                shapely.intersection(shapely.boundary(shape), inside)
            )
        ),
        borders=tuple(line for shape in borders for line in _line_parts(shape)),
        regions=tuple(
            line for shape, _ in _cut(view, window, "admin1") for line in _line_parts(shape)
        ),
        rivers=tuple(
            (given["scalerank"], line)
            for shape, given in _cut(view, window, "rivers")
            for line in _line_parts(shape)
        ),
        moei=tuple(line for shape, _ in _cut(view, window, "moei") for line in _line_parts(shape)),
        countries=_countries(view, window, land),
    )  # fmt: skip


def _cut(view: View, window: BaseGeometry, name: str) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    """The shapes of a file that reach into the view, in its metres, simplified for its scale."""
    held = _lines(name)
    found = []
    for part in _degree_windows(view):
        for place in np.sort(held.tree.query(part)):
            # Cut in degrees first: far away a projection may turn a shape inside out.
            near = shapely.clip_by_rect(held.shapes[place], *part.bounds)
            shape = _cut_shape(view, window, near)
            if shape is not None:
                found.append((shape, held.properties[place]))
    return found


def _degree_windows(view: View) -> list[BaseGeometry]:
    """The view's box in degrees with some room, in two where it crosses 180 degrees."""
    box = view.lonlat_box()
    room = 0.05 * (box.north - box.south) + 0.01
    return [
        shapely.box(west - room, south - room, east + room, north + room)
        for west, south, east, north in box.parts
    ]


def _cut_shape(view: View, window: BaseGeometry, shape: BaseGeometry) -> BaseGeometry | None:
    if shapely.is_empty(shape):
        return None
    flat = shapely.transform(shape, lambda given: view.to_metres(given[:, 0], given[:, 1]))
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        return None
    flat = shapely.simplify(flat, SIMPLIFIED_MM * view.scale, preserve_topology=False)
    if shapely.get_dimensions(flat) == 2 and not shapely.is_valid(flat):
        flat = shapely.make_valid(flat)
    flat = shapely.clip_by_rect(flat, *window.bounds)
    return None if shapely.is_empty(flat) else flat


def _countries(
    view: View, window: BaseGeometry, land: list[BaseGeometry]
) -> tuple[tuple[str, BaseGeometry], ...]:
    """The part of each country's land that the view shows, roughly: for where its name stands."""
    ground = shapely.unary_union(shapely.simplify(np.array(land), view.scale)) if land else None
    found: dict[str, list[BaseGeometry]] = {}
    for shape, given in _cut(view, window, "countries"):
        if ground is not None:
            rough = shapely.buffer(shapely.simplify(shape, view.scale), 0)
            found.setdefault(given["name"], []).append(shapely.intersection(rough, ground))
    return tuple((name, shapely.unary_union(parts)) for name, parts in sorted(found.items()))


def _polygons(shape: BaseGeometry | None) -> list[BaseGeometry]:
    if shape is None:
        return []
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def _rings(polygon: BaseGeometry) -> tuple[Points, ...]:
    return tuple(shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon))


def _line_parts(shape: BaseGeometry) -> list[Points]:
    parts = shapely.get_parts(shape)
    if any(part.geom_type == "GeometryCollection" for part in parts):
        parts = shapely.get_parts(parts)
    return [shapely.get_coordinates(part) for part in parts if "LineString" in part.geom_type]
