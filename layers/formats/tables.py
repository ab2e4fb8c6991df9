"""GeoPackage and FlatGeobuf, written by GDAL from Arrow batches.

Columns are flat: lists are JSON text, marked as JSON where the format can say so. FlatGeobuf knows
no plain day and gives midnight. Features without geometry are rows like others; a layer that has
none is an attribute table in GeoPackage, features with null geometry in FlatGeobuf.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyogrio.errors import (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
from pyogrio.raw import open_arrow, write_arrow

from layers.catalog import ATTRIBUTION, LICENSE_URL, Layer
from layers.formats.model import FileNotMade
from layers.formats.spool import FLAT, GEOMETRY, Spool

# To sort, GDAL takes up to 100 MB and some 100 bytes a feature: beyond this, more than we allow.
FLATGEOBUF_INDEX_ROWS = 100_000
_GDAL_FAULTS = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)


def write_geopackage(
    layer: Layer, features: Iterable[str], path: Path, address: str | None
) -> None:
    """One table named like the layer, in EPSG:4326, with an R-tree and the columns' meanings."""
    spool = Spool.of(layer, FLAT, features, path.with_suffix(".spool"))
    options = {"IDENTIFIER": layer.title, "DESCRIPTION": layer.description}
    if layer.geometry is not None:
        options |= {"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"}
    _write(spool, path, "GPKG", options, address)
    _check_geopackage(spool, path)


# GDAL says nothing when the disk is full at the very end, so each file is looked at again.


def _check_geopackage(spool: Spool, path: Path) -> None:
    """Count rows and index entries. Raises FileNotMade."""
    asked = [(spool.layer.id, spool.rows)]
    if spool.layer.geometry is not None:
        asked.append((f"rtree_{spool.layer.id}_geom_rowid", spool.rows - spool.unplaced))
    with closing(sqlite3.connect(path)) as written:
        for table, expected in asked:
            try:
                held = written.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
            except sqlite3.Error as error:
                raise FileNotMade(f"{path.name} could not be written: {error}") from error
            if held != expected:
                raise FileNotMade(f"{path.name} could not be written: {table} has {held} rows")


def write_flatgeobuf(
    layer: Layer, features: Iterable[str], path: Path, address: str | None
) -> None:
    """One file with the packed R-tree, unless a feature has no place or there are too many."""
    spool = Spool.of(layer, FLAT, features, path.with_suffix(".spool"))
    indexed = 0 < spool.rows <= FLATGEOBUF_INDEX_ROWS and not spool.unplaced
    options = {
        "SPATIAL_INDEX": "YES" if indexed else "NO",
        "TITLE": layer.title,
        "DESCRIPTION": layer.description,
        "TEMPORARY_DIR": str(path.parent),
    }
    _write(spool, path, "FlatGeobuf", options, address)
    _check_flatgeobuf(spool, path)


def _check_flatgeobuf(spool: Spool, path: Path) -> None:
    """Read one column to the end, 0.2 s for a million rows. Raises OSError, FileNotMade."""
    columns = [spool.layer.column_names[0]]
    with open_arrow(path, columns=columns, read_geometry=False, use_pyarrow=True) as (_, batches):
        held = sum(batch.num_rows for batch in batches)
    if held != spool.rows:
        raise FileNotMade(f"{path.name} could not be written: it has {held} rows")


def _write(
    spool: Spool, path: Path, driver: str, options: dict[str, str], address: str | None
) -> None:
    layer = spool.layer
    told = {"ATTRIBUTION": ATTRIBUTION, "LICENSE": LICENSE_URL}
    if address is not None:
        told["SOURCE"] = address
    place: dict[str, Any] = {}
    if layer.geometry is not None:
        kind = "Unknown" if layer.geometry == "Geometry" else layer.geometry
        place = {"geometry_name": GEOMETRY, "geometry_type": kind, "crs": "EPSG:4326"}
    # Batches come through Python, so that other threads get the interpreter between them.
    rows = pa.RecordBatchReader.from_batches(spool.schema, spool.batches())
    try:
        write_arrow(
            rows,
            path,
            layer=layer.id,
            driver=driver,
            # GDAL 3.6, which Debian 12 and QGIS there use, warns about newer versions.
            dataset_options={"VERSION": "1.3"} if driver == "GPKG" else {},
            layer_options=options,
            layer_metadata=told,
            **place,
        )
    except _GDAL_FAULTS as error:
        raise FileNotMade(f"{path.name} could not be written: {error}") from error
