"""Where the names of countries stand on a small map, and which countries the map is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountryLabel:
    """A point in CRS84 that reads well on a map of the region: no centre, and no place."""

    code: str
    """ISO 3166-1 alpha-2"""
    lon: float
    lat: float
    neighbour: bool = False
    """Whether its cities stand back behind those of the countries that the reports speak of."""


COUNTRY_LABELS: tuple[CountryLabel, ...] = (
    CountryLabel("MM", 95.9, 21.4),
    CountryLabel("TH", 101.6, 15.4),
    CountryLabel("LA", 102.6, 19.6),
    CountryLabel("KH", 105.0, 12.8),
    CountryLabel("VN", 108.2, 14.2),
    CountryLabel("MY", 102.3, 4.3),
    CountryLabel("PH", 122.4, 12.6),
    CountryLabel("CN", 103.5, 26.5, neighbour=True),
    CountryLabel("IN", 93.6, 25.6, neighbour=True),
    CountryLabel("ID", 101.8, -0.6, neighbour=True),
    CountryLabel("BD", 90.0, 24.2, neighbour=True),
    CountryLabel("BT", 90.4, 27.5, neighbour=True),
    CountryLabel("NP", 88.2, 27.6, neighbour=True),
    CountryLabel("TW", 121.0, 23.8, neighbour=True),
)
