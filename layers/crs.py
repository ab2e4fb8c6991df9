"""Coordinate reference systems by their OGC URIs, with the axis order of their definitions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.errors import InvalidFilter

_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


class UnknownCRS(InvalidFilter):
    """A coordinate reference system that is not served; `parameter` names who asked for it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class CRS:
    """One system that features can be asked for in.

    lat_first: whether latitude or northing comes first, as in EPSG:4326. degrees: whether its
    coordinates are degrees; else they are metres or the like.
    """

    uri: str
    srid: int
    lat_first: bool = False
    degrees: bool = True

    @property
    def decimals(self) -> int:
        """Decimals that hold a centimetre."""
        return 7 if self.degrees else 2


CRS84 = CRS("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326)


# What the EPSG registry says of the systems that are offered unless the settings say otherwise:
# latitude first, degrees. Others are looked up by pyproj, which takes 20 MB of memory.
DEFAULT_CODES = {4326: (True, True), 3857: (False, False), 32647: (False, False)}


@cache
def epsg(code: int) -> CRS:
    """The system of an EPSG code. Raises ValueError for a code without one."""
    lat_first, degrees = DEFAULT_CODES.get(code) or look_up(code)
    return CRS(f"{_EPSG}{code}", code, lat_first=lat_first, degrees=degrees)


def look_up(code: int) -> tuple[bool, bool]:
    """Whether latitude comes first, and whether the unit is the degree. Raises ValueError."""
    from pyproj import CRS as Definition
    from pyproj.exceptions import CRSError

    try:
        definition = Definition.from_epsg(code)
    except CRSError as error:
        raise ValueError(f"there is no coordinate reference system EPSG:{code}") from error
    first = definition.axis_info[0].direction.lower() if definition.axis_info else "east"
    return first in ("north", "south"), definition.is_geographic


class KnownCRS:
    """The systems that one service offers: CRS84 and those of an allow-list of EPSG codes."""

    def __init__(self, codes: tuple[int, ...]) -> None:
        offered = (CRS84, *(epsg(code) for code in dict.fromkeys(codes)))
        self._by_uri = {system.uri: system for system in offered}

    @property
    def uris(self) -> tuple[str, ...]:
        """Their URIs, CRS84 first."""
        return tuple(self._by_uri)

    def find(self, parameter: str, uri: str) -> CRS:
        """The system of that URI, or of the short form `EPSG:4326`. Raises UnknownCRS."""
        found = self._by_uri.get(uri.replace("EPSG:", _EPSG, 1) if uri.startswith("EPSG:") else uri)
        if found is None:
            known = ", ".join(self.uris)
            raise UnknownCRS(parameter, f"{parameter}: no {uri[:100]!r} here; known: {known}")
        return found
