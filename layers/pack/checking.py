"""Checks a pack against the data as they are now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import InvalidFilter, NotFound
from layers.catalog import LAYERS
from layers.figures.content import gather
from layers.figures.request import FigureRequest
from layers.pack.archive import InvalidPack, printable, unzipped
from layers.pack.comparing import RowChange, compare, rows_of
from layers.pack.manifest import Manifest, read_manifest
from layers.pack.selecting import gather_rows


@dataclass(frozen=True, slots=True)
class HeldPack:
    """A pack as it was made: its manifest and its features (GeoJSON objects) by layer."""

    manifest: Manifest
    features: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has changed. as_of, content_sha256: of the data now."""

    manifest: Manifest
    changes: tuple[RowChange, ...]
    as_of: date
    content_sha256: str


def read_pack(path: Path) -> HeldPack:
    """A pack from the disk, no more trusted than any file. Raises InvalidPack."""
    files = unzipped(path)
    manifest = read_manifest(files)
    found: dict[str, list[Any]] = {}
    for layer in LAYERS:
        text = files.get(f"data/{layer.id}.geojson")
        if text is None:
            continue
        try:
            features = json.loads(text)["features"]
            if not isinstance(features, list):
                raise TypeError(features)
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise InvalidPack(f"Its data/{layer.id}.geojson is no GeoJSON of rows") from error
        found[layer.id] = features
    return HeldPack(manifest, found)


async def check_pack(connection: AsyncConnection, held: HeldPack) -> Verdict:
    """Ask the pack's query again, and compare row by row.

    Raises InvalidPack where its query is none that a figure has, StoreError, and DatabaseErrors.
    """
    try:
        request = FigureRequest.parse(held.manifest.query)
        content = await gather(connection, request)
    except NotFound as error:
        raise InvalidPack(
            f"What the pack shows is no longer there: {printable(str(error))}"
        ) from error
    except InvalidFilter as error:
        raise InvalidPack(f"Its query cannot be asked: {printable(str(error))}") from error
    rows = dict((await gather_rows(connection, content)).by_layer)
    changes: list[RowChange] = []
    for layer in LAYERS:
        before = rows_of(layer, held.features.get(layer.id, []))
        now = rows_of(layer, [json.loads(text) for text in rows.get(layer.id, ())])
        changes += compare(layer, before, now)
    return Verdict(held.manifest, tuple(changes), content.as_of, content.content_hash)
