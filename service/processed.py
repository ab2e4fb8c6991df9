"""data/processed: every layer as GeoJSON and GeoParquet, made anew from the database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from geo.store.database import store_errors
from layers.catalog import LAYERS
from layers.formats import FORMATS
from layers.formats.files import write_file
from layers.queries import select_features

_FORMATS = [fmt for fmt in FORMATS if fmt.id in ("geojson", "parquet")]


def write_processed(engine: Engine, folder: Path) -> list[str]:
    """Rewrite the folder's layer files; each appears whole or not at all. Returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    with _made(engine, beside=folder) as made:
        for path in made:
            path.replace(folder / path.name)
        return [path.name for path in made]


def stale_files(engine: Engine, folder: Path) -> list[str]:
    """Names of layer files that are missing or hold other bytes than the database now gives."""
    with _made(engine) as made:
        return [path.name for path in made if not _same(path, folder / path.name)]


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


@contextmanager
def _made(engine: Engine, beside: Path | None = None) -> Iterator[list[Path]]:
    """The files, in a temporary folder on the same disk as where they go."""
    parent = beside.parent if beside else None
    with tempfile.TemporaryDirectory(dir=parent, prefix=".scam-atlas-build-") as name:
        yield list(_make(engine, Path(name)))


def _make(engine: Engine, folder: Path) -> Iterator[Path]:
    with store_errors(), engine.connect() as connection:
        for layer in LAYERS:
            features = list(connection.execute(select_features(layer)).scalars())
            for fmt in _FORMATS:
                path = folder / f"{layer.id}.{fmt.extension}"
                write_file(layer, fmt, features, path)
                yield path
