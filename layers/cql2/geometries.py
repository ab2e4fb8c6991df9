"""Geometry literals: checked, brought to CRS84, made into shapes that PostGIS takes as they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from layers.cql2.errors import InvalidCQL2
from layers.cql2.nodes import JSON

if TYPE_CHECKING:
    from pyproj import Transformer

_DEPTHS = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
    "MultiPolygon": 3,
}  # fmt: skip
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
_EDGE_PARTS = 16  # a box of another CRS has curved edges in CRS84
_RETURNING = 1e-6  # of a coordinate may be lost on the way to CRS84 and back
_LARGEST = 1e9  # no coordinate of any system on Earth is larger, and sums of these do not overflow
_ROUNDING = 1e-9  # degrees by which a transformation may miss the edge of the world


@dataclass(frozen=True)
class FilterCRS:
    """The CRS that coordinates of a filter are in (OGC 19-079r2, filter-crs).

    lat_first: whether latitude or northing comes first, as the CRS's own definition has it.
    """

    srid: int
    lat_first: bool = False


CRS84 = FilterCRS(4326)


def read_shape(value: dict[str, JSON], crs: FilterCRS) -> BaseGeometry:
    """A GeoJSON geometry or `{"bbox": [...]}` as a valid shape in CRS84, heights left out.

    Raises InvalidCQL2.
    """
    if "bbox" in value:
        found = _box(value["bbox"], crs)
    else:
        _check_geojson(value)
        found = _to_crs84(shapely.force_2d(shape(value)), crs)
    if not found.is_valid:
        reason = shapely.is_valid_reason(found)
        raise InvalidCQL2(f"a {found.geom_type.upper()} of it is not valid: {reason}")
    return found


def _check_geojson(value: dict[str, JSON], *, inside: bool = False) -> None:
    """RFC 7946 with the limits of OGC 21-065r2: nothing empty, no collection in a collection."""
    kind = value.get("type")
    if kind == "GeometryCollection" and not inside:
        parts = value.get("geometries")
        if not isinstance(parts, list) or not parts or "coordinates" in value:
            raise InvalidCQL2("a GEOMETRYCOLLECTION has at least one geometry")
        for part in parts:
            if not isinstance(part, dict):
                raise InvalidCQL2("a part of a GEOMETRYCOLLECTION is no geometry")
            _check_geojson(part, inside=True)
    elif isinstance(kind, str) and kind in _DEPTHS and set(value) == {"type", "coordinates"}:
        _check_coordinates(kind, value["coordinates"], _DEPTHS[kind])
    else:
        raise InvalidCQL2(f"it has a geometry that is none of {', '.join(_DEPTHS)}")


def _check_coordinates(kind: str, value: JSON, depth: int) -> None:
    if not isinstance(value, list) or not value:
        raise InvalidCQL2(f"the coordinates of a {kind.upper()} are missing or empty")
    if depth == 0:
        if len(value) not in (2, 3) or not all(_is_coordinate(each) for each in value):
            raise InvalidCQL2(f"a position of a {kind.upper()} is not two or three numbers")
        return
    if depth == 1 and len(value) < _LEAST.get(kind, 1):
        raise InvalidCQL2(f"a line or ring of a {kind.upper()} has less than {_LEAST[kind]} points")
    for part in value:
        _check_coordinates(kind, part, depth - 1)
    if depth == 1 and "Polygon" in kind and value[0] != value[-1]:
        raise InvalidCQL2(f"a ring of a {kind.upper()} does not end where it starts")


def _is_coordinate(value: JSON) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= _LARGEST
    )


def _box(value: JSON, crs: FilterCRS) -> BaseGeometry:
    right = isinstance(value, list) and len(value) in (4, 6) and all(map(_is_coordinate, value))
    if not right or not isinstance(value, list):
        raise InvalidCQL2("a BBOX has four or six numbers")
    numbers: list[Any] = list(value)
    first, second = numbers[:2], numbers[len(numbers) // 2 :][:2]
    if crs.lat_first:
        first.reverse()
        second.reverse()
    (west, south), (east, north) = first, second
    if south > north:
        raise InvalidCQL2(f"the south of a BBOX ({south:g}) lies above its north ({north:g})")
    if crs.srid != CRS84.srid:
        if west > east:
            raise InvalidCQL2(f"the west of a BBOX ({west:g}) lies behind its east ({east:g})")
        edges = shapely.segmentize(_envelope(west, south, east, north), _step(numbers))
        return _to_crs84(edges, FilterCRS(crs.srid))
    for corner in (shapely.Point(west, south), shapely.Point(east, north)):
        _check_range(corner)
    if west <= east:
        return _envelope(west, south, east, north)
    parts = [_envelope(west, south, 180.0, north), _envelope(-180.0, south, east, north)]
    return shapely.union_all(parts)


def _step(numbers: list[float]) -> float:
    half = len(numbers) // 2
    widest = max(abs(numbers[half] - numbers[0]), abs(numbers[half + 1] - numbers[1]))
    return widest / _EDGE_PARTS or 1.0


def _envelope(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A box; where it has no area, the line or point that is left of it."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return box(west, south, east, north)


def _to_crs84(geometry: BaseGeometry, crs: FilterCRS) -> BaseGeometry:
    if crs.lat_first:
        geometry = shapely.transform(geometry, lambda pairs: pairs[:, ::-1])
    if crs.srid != CRS84.srid:
        transformer = _transformer(crs.srid)
        geometry = shapely.transform(geometry, lambda pairs: _degrees(transformer, pairs))
    _check_range(geometry)
    return geometry


def _degrees(transformer: Transformer, pairs: Any) -> Any:
    """Coordinates in CRS84; those that do not come back from there lie outside their CRS."""
    lon, lat = transformer.transform(pairs[:, 0], pairs[:, 1])
    again = transformer.transform(lon, lat, direction="INVERSE")
    for given, back in zip(pairs.T, again, strict=True):
        lost = given[~(abs(back - given) <= _RETURNING * (1 + abs(given)))]
        if lost.size:
            raise InvalidCQL2(f"a coordinate is {lost[0]:g}, outside the CRS of the filter")
    for axis, most in ((lon, 180.0), (lat, 90.0)):
        over = (abs(axis) > most) & (abs(axis) < most + _ROUNDING)
        axis[over] = axis[over].round()
    return list(zip(lon, lat, strict=True))


@cache
def _transformer(srid: int) -> Transformer:
    # Here, since it takes 20 MB and most filters are in CRS84.
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        return Transformer.from_crs(srid, CRS84.srid, always_xy=True)
    except CRSError as error:
        raise InvalidCQL2(f"there is no CRS EPSG:{srid}", "filter-crs") from error


def _check_range(geometry: BaseGeometry) -> None:
    lon, lat = shapely.get_coordinates(geometry).T
    for name, values, most in (("longitude", lon, 180), ("latitude", lat, 90)):
        wrong = values[~(abs(values) <= most)]
        if wrong.size:
            raise InvalidCQL2(f"a {name} is {wrong[0]:g}, outside -{most} to {most} degrees")
