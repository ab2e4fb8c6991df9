"""What servers answer, looked at once before any timing: nobody is timed for a wrong answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

PATIENCE_S = 60
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MVT_LAYER, _MVT_FEATURE = 3, 2


@dataclass(frozen=True)
class Answer:
    """One answer. ids: the reports in it, None where it is no collection of features."""

    status: int
    size: int
    etag: str | None = None
    matched: int | None = None
    returned: int | None = None
    ids: frozenset[str] | None = None
    next_path: str | None = None
    fault: str = ""

    def told(self) -> str:
        """In a few words."""
        if self.fault:
            return f"{self.status or 'no answer'}: {self.fault}"
        words = [f"{self.status}", f"{self.size:,} bytes"]
        if self.returned is not None:
            words.append(f"{self.returned:,} features")
        if self.matched is not None:
            words.append(f"numberMatched {self.matched:,}")
        return ", ".join(words)


def ask(url: str, headers: dict[str, str] | None = None) -> Answer:
    """Ask once. A refused or broken answer is told, not raised."""
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310
            body, status = response.read(), response.status
            etag, kind = response.headers.get("ETag"), response.headers.get_content_type()
    except urllib.error.HTTPError as error:
        said = error.read(300).decode("utf-8", "replace")
        fault = "" if error.code == 304 else said or error.reason
        return Answer(error.code, len(said), fault=" ".join(str(fault).split())[:200])
    except OSError as error:
        return Answer(0, 0, fault=str(error))
    if "json" in kind:
        return _of_json(status, body, etag)
    count = sum(1 for _ in tile_features(body)) if "tile" in kind or "protobuf" in kind else None
    return Answer(status, len(body), etag, returned=count)


def _of_json(status: int, body: bytes, etag: str | None) -> Answer:
    document = json.loads(body)
    features = document.get("features")
    following = [x["href"] for x in document.get("links", ()) if x.get("rel") == "next"]
    return Answer(
        status,
        len(body),
        etag,
        matched=document.get("numberMatched"),
        returned=None if features is None else len(features),
        ids=None if features is None else frozenset(_report_id(each) for each in features),
        next_path=path_of(following[0]) if following else None,
    )


def _report_id(feature: dict[str, dict[str, str]]) -> str:
    return feature["properties"]["report_id"]


def path_of(url: str, **parameters: str) -> str:
    """Path and query of an address, with some parameters set to other values."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | parameters
    return parts.path + (f"?{urlencode(query)}" if query else "")


def follow(url: str, path: str, row: int, step: int = 10_000) -> str:
    """The path of the page that begins after `row` features, by our `next` links alone."""
    while row:
        limit = min(row, step)
        answer = ask(url + path_of(path, limit=str(limit)))
        if answer.next_path is None or answer.returned != limit:
            raise ValueError(f"no next page at row {row} before the end: {answer.told()}")
        path, row = answer.next_path, row - limit
    return path


def tile_features(body: bytes) -> Iterator[bytes]:
    """The features of a Mapbox vector tile, each as its bytes (specification 2.1, section 4)."""
    for layer in _fields(body, _MVT_LAYER):
        yield from _fields(layer, _MVT_FEATURE)


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
        elif kind == _BYTES:
            length, at = _varint(message, at)
            if number == wanted:
                yield message[at : at + length]
            at += length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"no vector tile: wire type {kind}")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
