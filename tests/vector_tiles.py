"""Real vector tiles: asked of a service, and read by GDAL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import httpx
import pyogrio
from shapely.geometry.base import BaseGeometry

from layers.tile_matrix_sets import Tile, TileMatrixSet

MVT = "application/vnd.mapbox-vector-tile"
EXTENT = 4096


def read_tile(content: bytes) -> dict[str, list[tuple[dict[str, Any], BaseGeometry]]]:
    """By layer, each feature's attributes (those it has) and its shape: 0 to 4096, y upwards."""
    if not content:
        return {}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tile.mvt"
        path.write_bytes(content)
        for name, _ in pyogrio.list_layers(path):
            frame = pyogrio.read_dataframe(path, layer=name, CLIP="NO")
            shapes = list(frame.geometry)
            rows = frame.drop(columns=["geometry", "mvt_id"]).to_dict("records")
            found[name] = [
                ({key: value for key, value in row.items() if value == value}, shape)
                for row, shape in zip(rows, shapes, strict=True)
            ]
    return found


def lies_in_tile(point: BaseGeometry) -> bool:
    """Whether a point is the tile's own, and not of the edge that it shares with others."""
    return 0 <= point.x < EXTENT and 0 < point.y <= EXTENT


def placed(grid: TileMatrixSet, tile: Tile, point: BaseGeometry) -> tuple[float, float]:
    """A point of a tile in the units of the grid."""
    west, south, east, north = grid.box(tile)
    return (
        west + point.x / EXTENT * (east - west),
        south + point.y / EXTENT * (north - south),
    )


def address(layer: str | None, grid: TileMatrixSet, tile: Tile) -> str:
    home = f"/ogc/collections/{layer}" if layer else "/ogc"
    return f"{home}/tiles/{grid.id}/{tile.matrix}/{tile.row}/{tile.column}"


def tile_at(grid: TileMatrixSet, matrix: int, lon: float, lat: float) -> Tile:
    limit = grid.limit((lon, lat, lon, lat), matrix)
    return Tile(matrix, limit.first_row, limit.first_column)


def get_tile(client: httpx.Client, layer: str | None, grid: TileMatrixSet, tile: Tile, **params):
    answer = client.get(address(layer, grid, tile), params=params)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == MVT
    return read_tile(answer.content)
