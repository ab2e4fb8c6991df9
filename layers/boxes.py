"""Boxes given in another system than CRS84."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidBBox
from layers.cql2 import FilterCRS, InvalidCQL2, area
from layers.crs import CRS, CRS84
from layers.filters import BBox, box_numbers

if TYPE_CHECKING:
    from pyproj import Transformer

_WEB_MERCATOR = 3857
_WEB_MERCATOR_REACH = 20_037_508.35  # half the equator in its metres, rounded up


def parse_box(text: str, crs: CRS) -> tuple[BBox | None, BaseGeometry | None]:
    """The box in CRS84; or, where its edges are curved there, its shape. Raises InvalidBBox."""
    if crs == CRS84:
        return BBox.parse(text), None
    numbers = box_numbers(text)
    if crs.lat_first and not _must_be_lon_first(numbers, crs):
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    if crs.srid == CRS84.srid:
        return BBox.checked(*numbers), None
    if crs.srid == _WEB_MERCATOR:
        return BBox.checked(*_degrees(numbers)), None
    box = FilterCRS(crs.srid)
    try:
        return None, area({"bbox": list(numbers)}, box)
    except InvalidCQL2 as error:
        raise InvalidBBox(f"bbox: {str(error).removeprefix('filter: ')}") from error


def _must_be_lon_first(numbers: list[float], crs: CRS) -> bool:
    """Whether a box cannot have latitude first, as EPSG:4326 has it.

    Clients get this wrong, OGC's own test suite among them. Where the first number is no latitude
    there is only one way to read the box, so it is not refused.
    """
    return crs.degrees and any(abs(number) > 90 for number in numbers[0::2])


def _degrees(numbers: list[float]) -> list[float]:
    """Edges of web Mercator are edges of longitude and latitude. Raises InvalidBBox."""
    for number in numbers:
        # Beyond it, the library would go round the Earth once more.
        if abs(number) > _WEB_MERCATOR_REACH:
            raise InvalidBBox(f"bbox: {number:g} lies outside EPSG:{_WEB_MERCATOR}")
    lon, lat = _to_degrees().transform(numbers[0::2], numbers[1::2])
    return [lon[0], lat[0], lon[1], lat[1]]


@cache
def _to_degrees() -> Transformer:
    from pyproj import Transformer  # here, since it takes 20 MB and few ask for it

    return Transformer.from_crs(_WEB_MERCATOR, CRS84.srid, always_xy=True)
