"""The time map's page, built by Folium, served without a line of inline script or style.

Folium writes its script and styles into the page. A strict Content-Security-Policy forbids that,
so the rendered page is taken apart: the markup goes out as `/`, the script as `/map.js`, the
styles as `/map.css`. What our ES modules need to know goes into one block of JSON, which is data
and not run. No stored text passes through here: the browser asks the public API for it and shows
it as text.

Rendering the same configuration twice gives the same bytes (Folium's own ids are random). The
service has it done by `python -m web.timemap`: Folium brings pandas along, and 80 MB of memory that
nothing else in a server needs.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from functools import cache

import folium
from branca.element import Figure, MacroElement
from folium.template import Template
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from web.catalogue import Language, catalogue, languages, translator
from web.mapconfig import HERE, MAP_NAME, MapConfig, Page


class LocalMap(folium.Map):
    """A Leaflet map with fixed ids and Leaflet from the own origin; nothing else is loaded."""

    NAME = MAP_NAME

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
            t=translator(config.language),
            language=Language(**catalogue(config.language)["language"]),
            languages=languages(),
            # Folium forbids zooming; a page that cannot be enlarged shuts readers out.
            head=Markup(_tidy(_VIEWPORT.sub("", _STYLE.sub("", _SCRIPT.sub("", head))))),  # noqa: S704
            map=Markup(_tidy(_CONFIG.sub("", body))),  # noqa: S704  # Folium's markup, no stored text
            data=Markup("\n".join(data)),  # noqa: S704  # escaped by tojson
        )
    )
    return Page(
        html=html,
        script=_tidy("\n".join(scripts)) + "\n",
        style=_tidy("\n".join(_STYLE.findall(head))) + "\n",
    )


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


def main() -> None:
    """Read a configuration (JSON) from standard input, write the page's parts (JSON)."""
    page = build_page(MapConfig.read(json.load(sys.stdin)))
    json.dump(asdict(page), sys.stdout)


if __name__ == "__main__":
    main()
