"""GeoJSON around the features' text that the database makes: pages, files and single items.

Features arrive as JSON text and are passed on as they are; nothing is parsed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypedDict

from layers.catalog import Layer

GEOJSON_MEDIA_TYPE = "application/geo+json"


class Link(TypedDict, total=False):
    """A link of RFC 8288 as OGC API writes it."""

    href: str
    rel: str
    type: str
    title: str


def compact(value: object) -> str:
    """JSON without blanks, non-ASCII as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def time_stamp() -> str:
    """The time of a response, RFC 3339 in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_json(features: str, *, matched: int, returned: int, links: list[Link]) -> str:
    """One page of a collection (OGC API - Features 7.16) around the text of its features."""
    head = {
        "type": "FeatureCollection",
        "timeStamp": time_stamp(),
        "numberMatched": matched,
        "numberReturned": returned,
        "links": links,
    }
    return f'{compact(head)[:-1]},"features":[{features}]}}'


def item_json(feature: str, links: list[Link]) -> str:
    """One feature with its links."""
    return f'{feature[:-1]},"links":{compact(links)}}}'


FILE_TAIL = "\n]}\n"


def geojson_file(layer: Layer, features: Iterable[str]) -> Iterator[str]:
    """A whole layer as a GeoJSON file: one feature a line, so that one fact is one line."""
    yield f'{{"type":"FeatureCollection","name":{compact(layer.id)},"features":['
    separator = "\n"
    for feature in features:
        yield separator + feature
        separator = ",\n"
    yield FILE_TAIL
