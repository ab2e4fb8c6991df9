"""The process that makes one file: `python -m layers.formats LAYER FORMAT PATH COLUMNS [ADDRESS]`.

Started by layers.formats.apart; reads features from standard input, a line each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from geo.errors import ScamAtlasError
from layers.catalog import layer_by_id
from layers.formats.apart import LIMIT_REACHED
from layers.formats.files import write_file
from layers.formats.model import FileNotMade, FormatLimit, format_named
from layers.selection import View


def _features() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode()


def main(arguments: list[str]) -> int:
    """Make the file; the exit code says how it went, standard error why."""
    layer_id, format_id, path, columns, *address = arguments
    fmt = format_named(format_id)
    try:
        if fmt is None:
            raise FileNotMade(f"There is no format {format_id!r}")
        write_file(
            View(columns=tuple(columns.split(","))).of(layer_by_id(layer_id)),
            fmt,
            _features(),
            Path(path),
            address=address[0] if address else None,
        )
    except ScamAtlasError as error:
        sys.stderr.write(str(error))
        return LIMIT_REACHED if isinstance(error, FormatLimit) else 1
    return 0


if __name__ == "__main__":
    os.nice(5)  # the server goes first
    sys.exit(main(sys.argv[1:]))
