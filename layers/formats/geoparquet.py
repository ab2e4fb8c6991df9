"""GeoParquet 1.1, typed by the catalogue; the same rows make the same bytes.

Lists stay lists and objects stay objects. Geometry is WKB; no `crs` is written, which the
specification defines as OGC:CRS84.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from layers.catalog import Layer
from layers.formats.spool import GEOMETRY, NESTED, Spool

ROWS_PER_GROUP = 50_000


def write_geoparquet(
    layer: Layer, features: Iterable[str], path: Path, _address: str | None
) -> None:
    """Write the features as one file of row groups; needs the folder of `path` for itself."""
    spool = Spool.of(layer, NESTED, features, path.with_suffix(".spool"))
    schema = spool.schema.with_metadata(_metadata(spool))
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for group in _groups(spool):
            writer.write_table(group.replace_schema_metadata(schema.metadata))
            del group  # before the next is gathered: two would be 100 MB


def _groups(spool: Spool) -> Iterator[Any]:
    """Tables of one row group each; one without rows if there are none."""
    waiting: list[Any] = []
    rows = 0
    for batch in spool.batches():
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_GROUP:
            yield pa.Table.from_batches(waiting, spool.schema)
            waiting, rows = [], 0
    if waiting or not spool.rows:
        yield pa.Table.from_batches(waiting, spool.schema)


def _metadata(spool: Spool) -> dict[str, str]:
    if spool.layer.geometry is None:
        return {}
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(spool.geometry_types)}
    if spool.bounds is not None:
        column["bbox"] = list(spool.bounds)
    told = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    return {"geo": json.dumps(told, sort_keys=True)}
