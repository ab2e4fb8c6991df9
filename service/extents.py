"""The extent of each layer, worked out once for each version of the data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

from layers.catalog import LAYERS, Layer, TimeSemantics
from layers.crs import CRS84
from service.light.version import VersionWatch
from service.reader import Reader

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and when the features of a layer may be. bbox: west, south, east, north in CRS84."""

    bbox: tuple[float, float, float, float] | None
    first: date | None
    last: date | None

    def document(self, layer: Layer) -> dict[str, Any]:
        """The member `extent` of a collection (OGC API - Features 7.13)."""
        extent: dict[str, Any] = {}
        if self.bbox is not None:
            bbox = [round(degrees, 6) for degrees in self.bbox]
            extent["spatial"] = {"bbox": [bbox], "crs": CRS84.uri}
        if layer.time is not TimeSemantics.NONE:
            interval = [f"{day}T00:00:00Z" if day else None for day in (self.first, self.last)]
            extent["temporal"] = {"interval": [interval], "trs": GREGORIAN}
        return extent


class Extents:
    """Keeps the extents of the version of the data that was asked last."""

    def __init__(self, reader: Reader, watch: VersionWatch) -> None:
        self._reader = reader
        self._watch = watch
        self._asking = asyncio.Lock()
        self._tag = ""
        self._known: dict[str, Extent] = {}

    async def all(self) -> dict[str, Extent]:
        """The extents by layer id. Raises DatabaseUnavailable, StoreError."""
        version = await self._watch.version()
        if self._tag != version.tag:
            async with self._asking:
                if self._tag != version.tag:
                    self._known = {layer.id: await self._read(layer) for layer in LAYERS}
                    self._tag = version.tag
        return self._known

    async def _read(self, layer: Layer) -> Extent:
        return Extent(*await self._reader.extent(layer))
