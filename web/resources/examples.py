"""Requests to copy, for each layer and each program that people use."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from layers.catalog import Layer, TimeSemantics
from web.resources.addresses import Site

BOX = "98,16,99,17"
"""Around Myawaddy and Mae Sot, where most reports are."""
# A filter for each layer, over columns that it has; a test reads each of them as CQL2.
FILTERS = {
    "hotspots": "activity = 'active' AND reports_count >= 2",
    "reports": "event_kind = 'raid' AND credibility <= 2",
    "control": "role = 'protects' AND credibility <= 2",
    "displacement": "cause = 'raid'",
    "actors": "kind = 'company'",
    "sources": "kind = 'un-communication'",
}


@dataclass(frozen=True)
class Example:
    """Lines to copy; `steps` are for programs that are used by hand."""

    id: str
    title: str
    note: str
    code: str
    language: str
    steps: tuple[str, ...] = ()


def filter_of(layer: Layer) -> str:
    """A filter that finds something in the layer."""
    return FILTERS.get(layer.id, f"{layer.columns[0].name} IS NOT NULL")


def _selection(layer: Layer) -> str:
    """Box and time as the layer can be asked for them."""
    box = f"bbox={BOX}&" if layer.geometry else ""
    times = {
        TimeSemantics.STATE: "datetime=2025-03-10",
        TimeSemantics.RANGE: "datetime=2025-01-01/..",
        TimeSemantics.NONE: "",
    }
    return f"{box}{times[layer.time]}".rstrip("&")


def examples_of(layer: Layer, site: Site) -> list[Example]:
    """Requests for one layer, each with the real address."""
    return [
        _curl(layer, site),
        _geopandas(layer, site),
        _httpx(layer, site),
        _qgis(layer, site),
        _r(layer, site),
        _gdal(layer, site),
    ]


def _curl(layer: Layer, site: Site) -> Example:
    items, selection = site.items(layer.id), _selection(layer)
    first = f"{selection}&limit=10" if selection else "limit=10"
    code = (
        f"curl '{items}?{first}'\n"
        f"curl --get '{items}' --data-urlencode \"filter={filter_of(layer)}\"\n"
        f"curl --compressed -o {layer.id}.csv '{site.file(layer.id, 'csv')}'"
    )
    note = "The first page of a selection, a filter, and the whole layer as a table."
    return Example("curl", "curl", note, code, "sh")


def _geopandas(layer: Layer, site: Site) -> Example:
    selection = _selection(layer)
    address = site.file(layer.id, "geojson") + (f"?{selection}" if selection else "")
    code = f'import geopandas\n\n{layer.id} = geopandas.read_file(\n    "{address}"\n)'
    note = "What matches, as a GeoDataFrame."
    return Example("geopandas", "Python, with geopandas", note, code, "python")


def _httpx(layer: Layer, site: Site) -> Example:
    code = f"""import httpx

url = "{site.items(layer.id)}"
params = {{"filter": "{filter_of(layer)}", "limit": 1000}}
features = []
while url:
    page = httpx.get(url, params=params).raise_for_status().json()
    features += page["features"]
    url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    params = None  # they stand in the next link already"""
    return Example("httpx", "Python, with httpx", "Every page of a filter.", code, "python")


def _qgis(layer: Layer, site: Site) -> Example:
    return Example(
        "qgis",
        "QGIS",
        "The address of the service:",
        site.ogc,
        "text",
        steps=(
            "Choose Layer, Add Layer, Add WFS / OGC API - Features Layer.",
            "Choose New, give a name, and paste the address above as the URL.",
            "Set Version to OGC API - Features, and choose OK, then Connect.",
            f"Choose {layer.title} in the list, then Add.",
            "Filters set in QGIS (the layer's Filter, or the extent of the map) are answered "
            "here; only what matches is sent.",
        ),
    )


def _r(layer: Layer, site: Site) -> Example:
    selection = _selection(layer)
    address = site.file(layer.id, "geojson") + (f"?{selection}" if selection else "")
    code = (
        "library(sf)\n\n"
        f'{layer.id} <- read_sf("{address}")\n'
        "# or page by page, by GDAL's driver for OGC API - Features:\n"
        f'{layer.id} <- read_sf("OAPIF:{site.ogc}", layer = "{layer.id}")'
    )
    return Example("r", "R, with sf", "What matches, as a data frame with geometry.", code, "r")


def _gdal(layer: Layer, site: Site) -> Example:
    box = f" -spat {BOX.replace(',', ' ')}" if layer.geometry else ""
    code = (
        f"ogrinfo -so 'OAPIF:{site.ogc}' {layer.id}\n"
        f"ogr2ogr {layer.id}.gpkg 'OAPIF:{site.ogc}' {layer.id}{box} "
        f'-where "{_gdal_where(layer)}"'
    )
    note = "What the layer holds, and a part of it as a GeoPackage."
    return Example("gdal", "GDAL", note, code, "sh")


def _gdal_where(layer: Layer) -> str:
    """The first condition only: a filter that GDAL passes on as it stands."""
    return filter_of(layer).split(" AND ")[0]


def filter_address(layer: Layer, site: Site) -> str:
    """The filter of the layer as an address to open."""
    return f"{site.items(layer.id)}?filter={quote(filter_of(layer))}"
