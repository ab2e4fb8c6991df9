"""Figures that were drawn lately, so that a page that shows one to many draws it once."""

from __future__ import annotations

from collections import OrderedDict


class FigureCache:
    """Keeps files up to a number of bytes; those asked for longest ago go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._taken = 0
        self._files: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """The file of that key, if it is still there."""
        if key in self._files:
            self._files.move_to_end(key)
        return self._files.get(key)

    def put(self, key: str, file: bytes) -> None:
        """Keep a file; one of more than a quarter of the room is not kept."""
        if len(file) > self._most // 4 or key in self._files:
            return
        self._files[key] = file
        self._taken += len(file)
        while self._taken > self._most:
            _, gone = self._files.popitem(last=False)
            self._taken -= len(gone)

    def __len__(self) -> int:
        """Bytes that are kept."""
        return self._taken
