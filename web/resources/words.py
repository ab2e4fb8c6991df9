"""Readable names for what the standards call by an address or a short word."""

from __future__ import annotations

import re

from layers.formats import FORMATS

STANDARDS = {
    "ogcapi-common-1": "OGC API - Common, Part 1: Core",
    "ogcapi-common-2": "OGC API - Common, Part 2: Geospatial data",
    "ogcapi-features-1": "OGC API - Features, Part 1: Core",
    "ogcapi-features-2": "OGC API - Features, Part 2: Coordinate reference systems",
    "ogcapi-features-3": "OGC API - Features, Part 3: Filtering",
    "ogcapi-features-5": "OGC API - Features, Part 5: Schemas",
    "ogcapi-tiles-1": "OGC API - Tiles, Part 1: Core",
    "cql2": "Common Query Language (CQL2)",
    "tms": "Two Dimensional Tile Matrix Set",
}
_CLASSES = {
    "core": "core",
    "crs": "coordinate reference systems",
    "geojson": "GeoJSON",
    "html": "HTML pages",
    "json": "JSON",
    "mvt": "Mapbox vector tiles",
    "oas30": "OpenAPI 3.0",
    "queryables-query-parameters": "queryables as query parameters",
    "features-filter": "filtering of features",
    "cql2-text": "CQL2 as text",
    "cql2-json": "CQL2 as JSON",
    "basic-cql2": "basic CQL2",
    "tileset": "tile set",
    "tilesets-list": "list of tile sets",
    "geodata-tilesets": "tile sets of each layer",
    "dataset-tilesets": "tile sets of all layers together",
    "tilematrixset": "tile matrix set",
}
_CONFORMANCE = re.compile(r"https?://www\.opengis\.net/spec/([^/]+)/([^/]+)/conf/(.+)", re.ASCII)
_CRS = re.compile(r"https?://www\.opengis\.net/def/crs/EPSG/[^/]+/(\d+)", re.ASCII)
_CRS_NAMES = {
    "4326": "WGS 84: latitude, longitude (EPSG:4326)",
    "3857": "Web Mercator, metres (EPSG:3857)",
    "32647": "WGS 84 / UTM zone 47N, metres (EPSG:32647)",
}
_RELS = {
    "alternate": "the same in another form",
    "collection": "the layer it belongs to",
    "conformance": "the standards that are met",
    "data": "the layers",
    "describedby": "what describes it",
    "enclosure": "a file",
    "item": "one of it",
    "items": "the features",
    "license": "the licence",
    "next": "the next page",
    "prev": "the page before",
    "related": "related",
    "root": "the start",
    "self": "this resource",
    "service-desc": "description for programs",
    "service-doc": "description for people",
    "up": "what it is part of",
    "queryables": "what a filter may ask",
    "schema": "the schema of the features",
    "tilesets-vector": "vector tiles",
    "tiling-scheme": "the tile matrix set",
    "tiling-schemes": "the tile matrix sets",
}
LINK_GROUPS = {
    "See it": ("related",),
    "The data": ("data", "items", "enclosure"),
    "Tiles": ("tilesets-vector", "tiling-schemes"),
    "For programs": ("service-desc", "service-doc", "conformance"),
}
"""The links of the landing page by what they are for, as the ends of their relations."""
FORMAT_USES = {
    "geojson": "What web maps and most programs read. Compressed on its way to about a sixth.",
    "geojsonl": "One feature a line, to read piece by piece. As large as GeoJSON.",
    "geojsonseq": "The same as RFC 8142 writes it, for programs that read a stream.",
    "csv": "Rows and columns for a spreadsheet. About half of GeoJSON.",
    "fgb": "Opens at once in QGIS and can be read by parts. Three quarters of GeoJSON.",
    "parquet": "For analysis with pandas, DuckDB or Arrow. The smallest: a sixth of GeoJSON.",
    "gpkg": "A database in one file, for QGIS and GDAL. Four fifths of GeoJSON.",
    "kml": "For Google Earth and telephones. The largest: twice GeoJSON.",
    "xlsx": "For Excel and LibreOffice. A quarter of GeoJSON.",
}
"""What each file format is for, and its size beside GeoJSON (measured on the layer `reports`)."""


def conformance_groups(addresses: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Conformance classes by standard: its name, and each class with its address."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for address in addresses:
        found = _CONFORMANCE.fullmatch(address)
        if found is None:
            groups.setdefault("Other", []).append((address, address))
            continue
        standard, version, name = found.groups()
        title = f"{STANDARDS.get(standard, standard)} (version {version})"
        groups.setdefault(title, []).append((_class_name(name), address))
    return list(groups.items())


def _class_name(name: str) -> str:
    if name in _CLASSES:
        return _CLASSES[name]
    last = name.rsplit("/", 1)[-1]
    return _CLASSES.get(last, last.replace("_", "-").replace("-", " "))


def crs_name(address: str) -> str:
    """What people call a coordinate reference system; the address itself where it is not known."""
    if address.endswith("/CRS84"):
        return "WGS 84: longitude, latitude (CRS84)"
    found = _CRS.fullmatch(address)
    if found is None:
        return address
    return _CRS_NAMES.get(found[1], f"EPSG:{found[1]}")


def rel_name(rel: str) -> str:
    """What a link's relation means; the relation itself where it is not known."""
    return _RELS.get(_last(rel), rel)


def link_group(rel: str) -> str | None:
    """The group of LINK_GROUPS that a link belongs to."""
    return next((title for title, rels in LINK_GROUPS.items() if _last(rel) in rels), None)


def _last(rel: str) -> str:
    """The word at the end of a relation that is written as an address."""
    return rel.rstrip("/").rsplit("/", 1)[-1]


def format_uses() -> list[tuple[str, str, str, str]]:
    """Title, file ending, media type and use of every file format."""
    return [(fmt.title, fmt.extension, fmt.media_type, FORMAT_USES[fmt.id]) for fmt in FORMATS]
