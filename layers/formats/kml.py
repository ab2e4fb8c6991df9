"""KML 2.2: a Placemark a feature, typed by a Schema, with its time span where one is known.

GDAL's LIBKML keeps the whole document in memory (1.4 GB for 100,000 reports) and its KML driver
knows no time, so the few elements that we need are written here, as the rows come.

Google Earth shows a description as HTML, and without one the raw values too. So each feature has a
description whose text is escaped as HTML, and a balloon that shows only that. XML cannot hold most
control characters: they are shown as their pictures (U+2400 and on), noncharacters as U+FFFD.
"""

from __future__ import annotations

import html
import re
from typing import Any

from layers.catalog import ATTRIBUTION, LICENSE_URL, Layer
from layers.columns import ColumnType
from layers.formats.rows import Row, cell

_TYPES = {ColumnType.INTEGER: "int", ColumnType.BOOLEAN: "bool"}
_NAMES = ("name", "site_name", "title")
_TELLING = ("summary", "note")
_CITING = ("source_publisher", "source_title", "source_published", "source_url")
_NOT_PLAIN = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def xml_text(text: str) -> str:
    """Text between two tags; what XML 1.0 cannot hold is replaced by a sign that shows."""
    return _NOT_PLAIN.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    character = match.group()
    if character in _NAMED:
        return _NAMED[character]
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


class KmlEncoder:
    """One Document with one Folder, named like the layer."""

    def __init__(self, layer: Layer, address: str | None = None) -> None:
        self._layer = layer
        self._address = address

    def head(self) -> str:
        """The document's own words, its Style and its Schema."""
        layer = self._layer
        about = [layer.description, ATTRIBUTION, LICENSE_URL, self._address]
        fields = "".join(
            f'<SimpleField type="{_TYPES.get(column.kind, "string")}" name="{column.name}">'
            f"<displayName>{xml_text(column.description)}</displayName></SimpleField>\n"
            for column in layer.columns
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
            f"<name>{xml_text(layer.title)}</name>\n{_description(about)}\n"
            '<Style id="claim"><BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n'
            f'<Schema name="{layer.id}" id="{layer.id}">\n{fields}</Schema>\n'
            f"<Folder>\n<name>{layer.id}</name>\n"
        )

    def body(self, features: list[str]) -> str:
        """A Placemark a line."""
        return "".join(self._placemark(Row.parse(feature)) for feature in features)

    def tail(self) -> str:
        """Close what the head opened."""
        return "</Folder>\n</Document>\n</kml>\n"

    def _placemark(self, row: Row) -> str:
        told = row.properties
        lines = [told.get(name) for name in (*_TELLING, *_CITING)]
        return (
            f"<Placemark><name>{xml_text(_name(told))}</name>{_description(lines)}{_time(told)}"
            f"<styleUrl>#claim</styleUrl>{self._data(told)}{_geometry(row.geometry)}</Placemark>\n"
        )

    def _data(self, told: dict[str, Any]) -> str:
        values = ((column.name, cell(column, told[column.name])) for column in self._layer.columns)
        data = "".join(
            f'<SimpleData name="{name}">{xml_text(_written(value))}</SimpleData>'
            for name, value in values
            if value is not None
        )
        return (
            f'<ExtendedData><SchemaData schemaUrl="#{self._layer.id}">{data}'
            "</SchemaData></ExtendedData>"
        )


def _written(value: str | int | bool) -> str:
    # GDAL 3.6 reads every word as false, also "true"; a number is as valid, and all read it.
    return str(int(value)) if isinstance(value, bool) else str(value)


def _name(told: dict[str, Any]) -> str:
    for name in _NAMES:
        if name in told:
            return str(told[name])
    return f"{told.get('from_name') or 'unknown'} → {told.get('to_name') or 'unknown'}"


def _description(lines: list[str | None]) -> str:
    """HTML of plain lines: escaped once for HTML, once more for XML."""
    shown = "<br>".join(html.escape(line) for line in lines if line)
    return f"<description>{xml_text(shown)}</description>" if shown else ""


def _time(told: dict[str, Any]) -> str:
    """When the claim possibly holds; for a state the day whose state it is."""
    if day := told.get("datetime"):
        return f"<TimeStamp><when>{day}</when></TimeStamp>"
    first, last = told.get("possible_from"), told.get("possible_to")
    if first is None and last is None:
        return ""
    if first == last:
        return f"<TimeStamp><when>{first}</when></TimeStamp>"
    begin = f"<begin>{first}</begin>" if first else ""
    end = f"<end>{last}</end>" if last else ""
    return f"<TimeSpan>{begin}{end}</TimeSpan>"


def _geometry(geometry: dict[str, Any] | None) -> str:
    if geometry is None:
        return ""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind.startswith("Multi"):
        parts = ({"type": kind[5:], "coordinates": part} for part in coordinates)
        return f"<MultiGeometry>{''.join(map(_geometry, parts))}</MultiGeometry>"
    if kind == "Polygon":
        outer, *inner = (f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in coordinates)
        holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
    return f"<{kind}>{_coordinates([coordinates] if kind == 'Point' else coordinates)}</{kind}>"


def _coordinates(positions: list[list[float]]) -> str:
    text = " ".join(",".join(str(number) for number in position) for position in positions)
    return f"<coordinates>{text}</coordinates>"
