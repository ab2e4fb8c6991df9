"""GeoJSON around the features' text that the database makes: pages, files and single items.

Features arrive as JSON text and are passed on as they are; nothing is parsed here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring
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


def links_json(links: Iterable[Link]) -> str:
    """The array of links as `compact` would write it, in a fifth of the time."""
    parts = [
        f'{{"href":{encode_basestring(link["href"])},"rel":"{link["rel"]}",'
        f'"type":"{link["type"]}","title":{encode_basestring(link["title"])}}}'
        for link in links
    ]
    return f"[{','.join(parts)}]"


def time_stamp() -> str:
    """The time of a response, RFC 3339 in UTC."""
    return _written(int(time.time()))


@lru_cache(maxsize=1)
def _written(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FILE_TAIL = "\n]}\n"


def geojson_file(layer: Layer, features: Iterable[str]) -> Iterator[str]:
    """A whole layer as a GeoJSON file: one feature a line, so that one fact is one line."""
    yield f'{{"type":"FeatureCollection","name":{compact(layer.id)},"features":['
    separator = "\n"
    for feature in features:
        yield separator + feature
        separator = ",\n"
    yield FILE_TAIL
