"""How far a point lies from a country: the outlines that locations are held against.

Outlines are generalised, so "outside by a few hundred metres" says nothing near a border or a
coast. The one rule built on this (geo.dossier.links) allows each site its own precision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import cos, radians
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# One degree of a great circle on a sphere of the Earth's mean radius (6 371 008.8 m).
METRES_PER_DEGREE = 111_195.08


class CountryIndex:
    """Outlines of countries by ISO 3166-1 alpha-2 code, in CRS84."""

    def __init__(self, outlines: Mapping[str, BaseGeometry]) -> None:
        """outlines: country code -> polygon or multipolygon, lon and lat in degrees."""
        self._outlines = dict(outlines)
        shapely.prepare(list(self._outlines.values()))

    @classmethod
    def load(cls, path: Path) -> CountryIndex:
        """Read a GeoJSON FeatureCollection whose features have a property `iso_a2`.

        Several features of one country are joined. Raises OSError, or ValueError where the file
        is not such a collection.
        """
        parts: dict[str, list[BaseGeometry]] = {}
        try:
            for feature in json.loads(path.read_bytes())["features"]:
                outline = shapely.from_geojson(json.dumps(feature["geometry"]))
                parts.setdefault(feature["properties"]["iso_a2"], []).append(outline)
        except (KeyError, TypeError, shapely.GEOSException) as error:
            raise ValueError(f"{path} is not a GeoJSON collection of countries") from error
        return cls({code: shapely.union_all(outlines) for code, outlines in parts.items()})

    def knows(self, country: str) -> bool:
        """Whether there is an outline; a country without one is not judged."""
        return country in self._outlines

    def at(self, lon: float, lat: float) -> str | None:
        """The country in which the point lies, None at sea or outside all outlines."""
        point = shapely.Point(lon, lat)
        return next((code for code, area in self._outlines.items() if area.covers(point)), None)

    def distance_m(self, country: str, lon: float, lat: float) -> float:
        """Metres from the point to the nearest part of the country; 0 inside and on its edge.

        lon, lat: CRS84 degrees. Longitudes are shrunk by the cosine of the point's latitude and
        degrees counted as on a sphere. Against the WGS 84 geodesic that is right to 1% up to
        100 km and to 5% up to 1 000 km between latitudes 35° S and 35° N. Outlines are not
        followed over the 180th meridian. Raises KeyError where `knows(country)` is false.
        """
        outline = self._outlines[country]
        point = shapely.Point(lon, lat)
        if outline.covers(point):
            return 0.0
        shrink = np.array([cos(radians(lat)), 1.0])
        near = shapely.transform(outline, lambda degrees: degrees * shrink)
        here = shapely.transform(point, lambda degrees: degrees * shrink)
        return float(near.distance(here)) * METRES_PER_DEGREE
