"""The list of file formats, and what can go wrong with a file.

ScamAtlasError
├── InvalidValue
│   └── FormatLimit    more rows than the format can hold
└── FileNotMade        disk full, or the library gave up
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import InvalidValue, ScamAtlasError


class FormatLimit(InvalidValue):
    """The selection does not fit into the format; a smaller one, or another format, does."""


class FileNotMade(ScamAtlasError):
    """The file could not be written whole, so there is none: disk full, a library's fault."""


@dataclass(frozen=True)
class Format:
    """One file format. Every format holds every layer, also those without geometry.

    streams: text that can be sent while the rows come; otherwise it is made as a file first.
    aliases: further names for `f=`.
    """

    id: str
    title: str
    extension: str
    media_type: str
    streams: bool
    aliases: tuple[str, ...] = ()


GEOJSON = Format(
    "geojson", "GeoJSON", "geojson", "application/geo+json", streams=True, aliases=("json",)
)
GEOJSONL = Format(
    "geojsonl",
    "GeoJSON, one feature a line",
    "geojsonl",
    "application/x-ndjson",
    streams=True,
    aliases=("ndjson", "jsonl"),
)
GEOJSONSEQ = Format(
    "geojsonseq",
    "GeoJSON text sequence",
    "geojsons",
    "application/geo+json-seq",
    streams=True,
    aliases=("json-seq", "geojsons"),
)
CSV = Format("csv", "CSV table", "csv", "text/csv", streams=True)
KML = Format("kml", "KML", "kml", "application/vnd.google-earth.kml+xml", streams=True)
FLATGEOBUF = Format(
    "fgb", "FlatGeobuf", "fgb", "application/flatgeobuf", streams=False, aliases=("flatgeobuf",)
)
GEOPARQUET = Format(
    "parquet",
    "GeoParquet",
    "parquet",
    "application/vnd.apache.parquet",
    streams=False,
    aliases=("geoparquet",),
)
GEOPACKAGE = Format(
    "gpkg",
    "GeoPackage",
    "gpkg",
    "application/geopackage+sqlite3",
    streams=False,
    aliases=("geopackage",),
)
XLSX = Format(
    "xlsx",
    "Excel workbook",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    streams=False,
    aliases=("excel",),
)

FORMATS = (GEOJSON, GEOJSONL, GEOJSONSEQ, CSV, FLATGEOBUF, GEOPARQUET, GEOPACKAGE, KML, XLSX)


def format_named(name: str) -> Format | None:
    """The format of that id or alias, in any case of letters."""
    wanted = name.lower()
    for known in FORMATS:
        if wanted == known.id or wanted in known.aliases:
            return known
    return None
