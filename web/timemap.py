"""The time map's page, built by Folium, served without a line of inline script or style.

Folium writes its script and styles into the page. A strict Content-Security-Policy forbids that,
so the rendered page is taken apart: the markup goes out as `/`, the script as `/map.js`, the
styles as `/map.css`. What our ES modules need to know goes into one block of JSON, which is data
and not run. No stored text passes through here: the browser asks the public API for it and shows
it as text.

Rendering the same configuration twice gives the same bytes (Folium's own ids are random).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from xstatic.pkg import leaflet

from geo import vocabulary
from layers import symbology

HERE = Path(str(files("web")))
BASEMAP = HERE.parent / "data" / "basemap"

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
    title: str = "Scam Atlas"
    subtitle: str = "Reported scam compounds in South-East Asia: who said what, when, how surely"
    attribution: str = (
        "Base map © OpenStreetMap contributors (ODbL), GeoNames (CC BY 4.0), Natural Earth. "
        "Dossier CC BY 4.0."
    )
    api_root: str = "/ogc"
    layers_root: str = "/layers"
    static_root: str = "/static"
    method_url: str = "/method"
    docs_url: str = "/docs"
    first_view: tuple[float, float, float] = (12.6, 105.0, 5.0)
    """Latitude, longitude and zoom that show the whole region on a wide screen."""
    first_view_narrow: tuple[float, float, float] = (16.2, 101.0, 5.0)
    """The same for a telephone: the mainland, where most reports are."""

    def for_browser(self) -> dict[str, Any]:
        """Return what the ES modules read from the page."""
        return {
            "as_of": self.as_of.isoformat(),
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "opening_day": self.opening_day.isoformat(),
            "version": self.version,
            "api_root": self.api_root,
            "layers_root": self.layers_root,
            "static_root": self.static_root,
            "first_view": list(self.first_view),
            "first_view_narrow": list(self.first_view_narrow),
            "map_name": LocalMap.NAME,
            "symbols": symbology.symbols(),
            "vocabulary": {
                name: {code.value: code.meaning for code in codes}
                for name, codes in _VOCABULARY.items()
            },
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


class LocalMap(folium.Map):
    """A Leaflet map with fixed ids and Leaflet from the own origin; nothing else is loaded."""

    NAME = "map_atlas"

    def __init__(self, config: MapConfig) -> None:
        super().__init__(
            location=config.first_view[:2],
            tiles=None,
            control_scale=True,
            zoom_control="topright",
            attribution_control=False,  # ours is always visible and needs no markup in a string
            zoom_snap=0.25,
            zoom_delta=0.75,
            wheel_px_per_zoom_level=90,
        )
        # Not arguments: Folium passes them to its tile layer only, and takes whole zooms only.
        self.options |= {"zoom": config.first_view[2], "minZoom": 3, "maxZoom": 14}
        self._id = self.NAME.removeprefix("map_")
        # Instance attributes: folium.Map's own lists belong to every map of the process.
        self.default_js = [("leaflet", f"{config.static_root}/leaflet/leaflet.js")]
        self.default_css = [("leaflet_css", f"{config.static_root}/leaflet/leaflet.css")]


class AtlasModules(MacroElement):
    """Hands the configuration to our ES module as a block of JSON."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="application/json" id="atlas-config">{{ this.config|tojson }}</script>
        {% endmacro %}
        """
    )

    def __init__(self, config: MapConfig) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is not annotated
        self._name, self._id = "AtlasModules", "atlas"
        self.config = config.for_browser()


_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_VIEWPORT = re.compile(r'<meta name="viewport".*?/>', re.DOTALL)
_CONFIG = re.compile(r'<script type="application/json".*?</script>', re.DOTALL)


def build_page(config: MapConfig) -> Page:
    """Build the page of the time map and take it apart into markup, script and styles."""
    figure = Figure()
    chart = LocalMap(config)
    figure.add_child(chart)
    chart.add_child(AtlasModules(config))
    figure.render()
    head, body = figure.header.render(), figure.html.render()
    scripts = [*_SCRIPT.findall(head), figure.script.render()]
    data = _CONFIG.findall(body)
    html = (
        _templates()
        .get_template("page.html")
        .render(
            config=config,
            # Folium forbids zooming; a page that cannot be enlarged shuts readers out.
            head=Markup(_tidy(_VIEWPORT.sub("", _STYLE.sub("", _SCRIPT.sub("", head))))),  # noqa: S704
            map=Markup(_tidy(_CONFIG.sub("", body))),  # noqa: S704  # Folium's markup, no stored text
            data=Markup("\n".join(data)),  # noqa: S704  # escaped by tojson
            modules=_modules(),
        )
    )
    return Page(
        html=html,
        script=_tidy("\n".join(scripts)) + "\n",
        style=_tidy("\n".join(_STYLE.findall(head))) + "\n",
    )


def static_roots() -> Mapping[str, Path]:
    """Return the folder that each first part of a path below `static_root` is served from.

    The empty key is our own files, for every path that no other key claims.
    """
    return {"": HERE / "static", "leaflet": Path(leaflet.BASE_DIR), "basemap": BASEMAP}


def _tidy(text: str) -> str:
    """Drop Folium's indentation and empty lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _modules() -> tuple[str, ...]:
    """Names of our modules, so that the browser need not discover them one after the other."""
    return tuple(sorted(path.name for path in (HERE / "static" / "js").glob("*.js")))
