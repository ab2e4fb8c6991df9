"""What the time map's page is told, its parts, and where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from xstatic.pkg import leaflet

from geo import vocabulary
from layers import symbology
from layers.catalog import ATTRIBUTION
from layers.eventgroups import event_groups
from web.catalogue import DEFAULT_LANGUAGE, catalogue, interface_texts, translated

MAP_NAME = "map_atlas"
HERE = Path(str(files("web")))
BASEMAP = HERE.parent / "data" / "basemap"

_BASEMAP_ATTRIBUTION = "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth"
MAP_ATTRIBUTION = f"{ATTRIBUTION}. Base map: {_BASEMAP_ATTRIBUTION}"

WHOLE_REPORTS = 5_000
"""Up to so many reports a browser is given them whole. Above, it is given columns of what they are
drawn and counted by, and the texts of a site's reports when the site is opened: 100,000 whole
reports are 96 MB of JSON, their columns 7 MB (docs/performance.md)."""

HELD_REPORTS = 250_000
"""Up to so many reports, and HELD_SITES sites, a browser holds all that it counts and draws. Above,
the service counts for it, and gives the states of one day."""
HELD_SITES = 50_000

BACKGROUND = {
    "host": "tile.openstreetmap.org",
    "tiles": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "copyright": "https://www.openstreetmap.org/copyright",
}
"""The online background that a reader may switch on; the only foreign host that is ever asked."""

_VOCABULARY: dict[str, type[vocabulary.Code]] = {
    "actor_kind": vocabulary.ActorKind,
    "cause": vocabulary.Cause,
    "certainty": vocabulary.Certainty,
    "credibility": vocabulary.Credibility,
    "event_kind": vocabulary.EventKind,
    "people_kind": vocabulary.PeopleKind,
    "place_role": vocabulary.PlaceRole,
    "reliability": vocabulary.Reliability,
    "role": vocabulary.Role,
    "site_kind": vocabulary.SiteKind,
    "source_kind": vocabulary.SourceKind,
}


@dataclass(frozen=True)
class MapConfig:
    """What the page is told; every root is a path on the own origin, without a slash at the end."""

    as_of: date
    first_day: date
    """First day that the time bar can reach."""
    last_day: date
    """Last day that the time bar can reach."""
    opening_day: date
    """Last day of the window first shown, which is 12 months long: that of the newest report."""
    version: str = "0"
    language: str = DEFAULT_LANGUAGE
    """The catalogue of texts that the page speaks."""
    title: str = "Scam Atlas"
    attribution: str = MAP_ATTRIBUTION
    api_root: str = "/ogc"
    layers_root: str = "/layers"
    figures_root: str = "/figures"
    static_root: str = "/static"
    map_root: str = "/map"
    method_url: str = "/method"
    docs_url: str = "/docs"
    reports: int = 0
    """How many reports there are."""
    sites: int = 0
    """How many sites there are."""
    held_reports: int = HELD_REPORTS
    """Above so many reports the service counts."""
    self_contained: bool = False
    """Whether the data stand in the page itself, which is one self-contained file."""
    embed: bool = False
    """Whether the page is shown in a frame of another: the map without what stands around it."""
    first_view: tuple[float, float, float] = (12.6, 105.0, 5.0)
    """Latitude, longitude and zoom that show the whole region on a wide screen."""
    first_view_narrow: tuple[float, float, float] = (16.2, 101.0, 5.0)
    """The same for a telephone: the mainland, where most reports are."""

    @property
    def by_columns(self) -> bool:
        """Whether reports are given as columns rather than whole."""
        return self.reports > WHOLE_REPORTS and not self.self_contained

    @property
    def by_server(self) -> bool:
        """Whether there is more than a browser holds: the service counts."""
        much = self.reports > self.held_reports or self.sites > HELD_SITES
        return much and not self.self_contained

    @property
    def reports_are(self) -> str:
        """How the page gets reports: whole, by columns, or only counted."""
        if self.by_server:
            return "counted"
        return "columns" if self.by_columns else "whole"

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> MapConfig:
        """The configuration from what `written` gave."""
        days = ("as_of", "first_day", "last_day", "opening_day")
        views = ("first_view", "first_view_narrow")
        return cls(
            **{
                **fields,
                **{name: date.fromisoformat(fields[name]) for name in days},
                **{name: tuple(fields[name]) for name in views},
            }
        )

    def written(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    def for_browser(self) -> dict[str, Any]:
        """Return what the ES modules read from the page."""
        return {
            "as_of": self.as_of.isoformat(),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            # The states of the data's own day are kept; those of others take the service a while.
            "opening_day": (self.as_of if self.by_server else self.opening_day).isoformat(),
            "version": self.version,
            "api_root": self.api_root,
            "layers_root": self.layers_root,
            "figures_root": self.figures_root,
            "static_root": self.static_root,
            "map_root": self.map_root,
            "reports": self.reports_are,
            "embed": self.embed,
            "self_contained": self.self_contained,
            "background": None if self.self_contained else BACKGROUND,
            "method_url": self.method_url,
            "title": self.title,
            "first_view": list(self.first_view),
            "first_view_narrow": list(self.first_view_narrow),
            "map_name": MAP_NAME,
            "texts": interface_texts(self.language),
            "symbols": translated(symbology.symbols(), self.language),
            "event_groups": event_groups(),
            "vocabulary": translated_vocabulary(self.language),
        }


def translated_vocabulary(language: str) -> dict[str, dict[str, str]]:
    """The meaning of each code of each list; in English where the language has none."""
    own = catalogue(language).get("vocabulary", {})
    return {
        name: {code.value: own.get(name, {}).get(code.value, code.meaning) for code in codes}
        for name, codes in _VOCABULARY.items()
    }


@dataclass(frozen=True)
class Page:
    """The parts of the page, each served at its own address."""

    html: str
    """`/`"""
    script: str
    """`/map.js`: Folium's script, which makes the Leaflet map"""
    style: str
    """`/map.css`: Folium's styles"""


def static_roots() -> Mapping[str, Path]:
    """Return the folder that each first part of a path below `static_root` is served from.

    The empty key is our own files, for every path that no other key claims.
    """
    return {"": HERE / "static", "leaflet": Path(leaflet.BASE_DIR), "basemap": BASEMAP}
