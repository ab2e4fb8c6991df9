"""Tiles that were made lately, kept in memory for the version of the data that they show."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

_OVERHEAD_BYTES = 500
# One tile takes at most this part of the cache, so that a few large ones do not drive out all.
_LARGEST_PART = 8


@dataclass(frozen=True, slots=True)
class MadeTile:
    """A tile, its validator, and the layers of which it could not show all."""

    body: bytes
    etag: str
    cut: tuple[str, ...] = ()


class TileCache:
    """At most `max_bytes`, the tiles asked for last; 0 keeps none."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._tag = ""
        self._tiles: OrderedDict[str, MadeTile] = OrderedDict()
        self.bytes_held = 0

    def get(self, tag: str, address: str) -> MadeTile | None:
        """The tile of that version of the data and address."""
        if tag != self._tag:
            return None
        found = self._tiles.get(address)
        if found is not None:
            self._tiles.move_to_end(address)
        return found

    def put(self, tag: str, address: str, tile: MadeTile) -> None:
        """Keep a tile; those of another version are forgotten."""
        if tag != self._tag:
            self._tiles.clear()
            self.bytes_held = 0
            self._tag = tag
        size = _size(address, tile)
        if size > self._max_bytes // _LARGEST_PART or address in self._tiles:
            return
        self._tiles[address] = tile
        self.bytes_held += size
        while self.bytes_held > self._max_bytes:
            self.bytes_held -= _size(*self._tiles.popitem(last=False))


def _size(address: str, tile: MadeTile) -> int:
    return len(tile.body) + len(address) + _OVERHEAD_BYTES
