"""Files of every format, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from layers.catalog import Layer
from layers.formats.geoparquet import write_geoparquet
from layers.formats.model import FLATGEOBUF, GEOPACKAGE, GEOPARQUET, XLSX, FileNotMade, Format
from layers.formats.tables import write_flatgeobuf, write_geopackage
from layers.formats.text import text_chunks
from layers.formats.workbook import write_workbook

_WRITERS: dict[Format, Callable[[Layer, Iterable[str], Path, str | None], None]] = {
    FLATGEOBUF: write_flatgeobuf,
    GEOPACKAGE: write_geopackage,
    GEOPARQUET: write_geoparquet,
    XLSX: write_workbook,
}


def write_file(
    layer: Layer,
    fmt: Format,
    features: Iterable[str],
    path: Path,
    *,
    address: str | None = None,
) -> None:
    """Write the features (GeoJSON text, one each) as a file; what stood at `path` is replaced.

    address: where the same can be asked for again, for formats that can say so. Blocks, and GDAL
    holds the interpreter while it builds an index. Raises FormatLimit, FileNotMade, and whatever
    `features` raises; then nothing new is left in the folder.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            part = Path(folder) / f"{layer.id}.{fmt.extension}"
            if fmt.streams:
                with part.open("wb") as file:
                    file.writelines(text_chunks(layer, fmt, features, address=address))
            else:
                _WRITERS[fmt](layer, features, part, address)
            part.replace(path)
    except OSError as error:
        raise FileNotMade(f"{path.name} could not be written: {error}") from error
