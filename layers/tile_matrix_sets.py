"""The grids that vector tiles lie on: two tile matrix sets that OGC has registered.

After OGC 17-083r4 (Two Dimensional Tile Matrix Set), annex D. Rows count from the north.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.errors import NotFound

TILE_PIXELS = 256
_REGISTRY = "http://www.opengis.net/def/tilematrixset/OGC/1.0/"
_SCALE_SETS = "http://www.opengis.net/def/wkss/OGC/1.0/"
_EARTH_RADIUS_M = 6378137.0
_METRES_A_DEGREE = math.pi * _EARTH_RADIUS_M / 180
_PIXEL_M = 0.00028  # the standard's size of a pixel of a screen
_MERCATOR_EDGE_M = math.pi * _EARTH_RADIUS_M
_MERCATOR_LAT = math.degrees(math.atan(math.sinh(math.pi)))

Box = tuple[float, float, float, float]


def union(boxes: Sequence[Box]) -> Box | None:
    """The box around several; None where there is none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


@dataclass(frozen=True)
class Tile:
    """One tile of a grid. matrix: the zoom level."""

    matrix: int
    row: int
    column: int


@dataclass(frozen=True)
class Limits:
    """The rows and columns of one matrix that can hold something, both ends included."""

    matrix: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def hold(self, tile: Tile) -> bool:
        """Whether the tile is one of them."""
        return (
            self.first_row <= tile.row <= self.last_row
            and self.first_column <= tile.column <= self.last_column
        )

    def document(self) -> dict[str, Any]:
        """As OGC 17-083r4 writes it."""
        return {
            "tileMatrix": str(self.matrix),
            "minTileRow": self.first_row,
            "maxTileRow": self.last_row,
            "minTileCol": self.first_column,
            "maxTileCol": self.last_column,
        }


@dataclass(frozen=True)
class TileMatrixSet:
    """A pyramid of square tiles, each matrix twice as fine as the one before.

    srid: of the coordinates, x first. west, north: the corner where tiles begin. tile_size: the
    side of a tile of matrix 0, in units of the system; columns: how many matrix 0 has (one row).
    counts_to: the last matrix whose tiles show the number of claims on each site, not each claim.
    """

    id: str
    title: str
    crs: str
    srid: int
    axes: tuple[str, str]
    scale_set: str
    west: float
    north: float
    tile_size: float
    columns: int
    metres_a_unit: float
    matrices: int
    counts_to: int

    @property
    def uri(self) -> str:
        """The name under which OGC has registered it."""
        return _REGISTRY + self.id

    def tile(self, matrix: str, row: str, column: str) -> Tile:
        """The tile of these parts of an address. Raises NotFound where the grid has no such one."""
        parts = (matrix, row, column)
        if not all(part.isascii() and part.isdigit() and len(part) <= 10 for part in parts):
            raise NotFound(f"tileMatrix, tileRow and tileCol are whole numbers: {self._range()}")
        found = Tile(int(matrix), int(row), int(column))
        if found.matrix >= self.matrices:
            raise NotFound(f"There is no tileMatrix {matrix[:10]} in {self.id}: {self._range()}")
        rows, columns = 1 << found.matrix, self.columns << found.matrix
        if found.row >= rows:
            raise NotFound(f"tileRow {row} lies outside 0 to {rows - 1} of tileMatrix {matrix}")
        if found.column >= columns:
            raise NotFound(f"tileCol {column} lies outside 0 to {columns - 1} of that tileMatrix")
        return found

    def _range(self) -> str:
        return f"the matrices are 0 to {self.matrices - 1}"

    def box(self, tile: Tile) -> Box:
        """West, south, east and north of a tile, in the units of the system."""
        size = self.tile_size / (1 << tile.matrix)
        west, north = self.west + tile.column * size, self.north - tile.row * size
        return west, north - size, west + size, north

    def limits(self, bbox: Box) -> list[Limits]:
        """The tiles of each matrix that touch a box of degrees (CRS84)."""
        return [self.limit(bbox, matrix) for matrix in range(self.matrices)]

    def limit(self, bbox: Box, matrix: int) -> Limits:
        """The same of one matrix."""
        west, south = self._place(bbox[0], bbox[1])
        east, north = self._place(bbox[2], bbox[3])
        size = self.tile_size / (1 << matrix)
        rows, columns = 1 << matrix, self.columns << matrix
        return Limits(
            matrix,
            _inside((self.north - north) / size, rows),
            _inside((self.north - south) / size, rows),
            _inside((west - self.west) / size, columns),
            _inside((east - self.west) / size, columns),
        )

    def _place(self, lon: float, lat: float) -> tuple[float, float]:
        if self.srid == 4326:
            return lon, lat
        lat = math.radians(min(max(lat, -_MERCATOR_LAT), _MERCATOR_LAT))
        return lon * _METRES_A_DEGREE, math.asinh(math.tan(lat)) * _EARTH_RADIUS_M

    def document(self) -> dict[str, Any]:
        """The definition as OGC 17-083r4 writes it in JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "uri": self.uri,
            "crs": self.crs,
            "orderedAxes": list(self.axes),
            "wellKnownScaleSet": _SCALE_SETS + self.scale_set,
            "tileMatrices": [self._matrix(number) for number in range(self.matrices)],
        }

    def _matrix(self, number: int) -> dict[str, Any]:
        cell = self.tile_size / TILE_PIXELS / (1 << number)
        return {
            "id": str(number),
            "scaleDenominator": cell * self.metres_a_unit / _PIXEL_M,
            "cellSize": cell,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [self.west, self.north],
            "tileWidth": TILE_PIXELS,
            "tileHeight": TILE_PIXELS,
            "matrixWidth": self.columns << number,
            "matrixHeight": 1 << number,
        }


def _inside(place: float, count: int) -> int:
    return min(max(math.floor(place), 0), count - 1)


WEB_MERCATOR_QUAD = TileMatrixSet(
    id="WebMercatorQuad",
    title="Google Maps Compatible for the World",
    crs="http://www.opengis.net/def/crs/EPSG/0/3857",
    srid=3857,
    axes=("X", "Y"),
    scale_set="GoogleMapsCompatible",
    west=-_MERCATOR_EDGE_M,
    north=_MERCATOR_EDGE_M,
    tile_size=2 * _MERCATOR_EDGE_M,
    columns=1,
    metres_a_unit=1.0,
    matrices=25,
    counts_to=7,
)
# A tile of it is as wide as one of web Mercator of the next matrix.
WORLD_CRS84_QUAD = TileMatrixSet(
    id="WorldCRS84Quad",
    title="CRS84 for the World",
    crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    srid=4326,
    axes=("Lon", "Lat"),
    scale_set="GoogleCRS84Quad",
    west=-180.0,
    north=90.0,
    tile_size=180.0,
    columns=2,
    metres_a_unit=_METRES_A_DEGREE,
    matrices=24,
    counts_to=6,
)
TILE_MATRIX_SETS = (WEB_MERCATOR_QUAD, WORLD_CRS84_QUAD)


def tile_matrix_set(tms_id: str) -> TileMatrixSet:
    """The tile matrix set of that id. Raises NotFound."""
    for known in TILE_MATRIX_SETS:
        if known.id == tms_id:
            return known
    ids = ", ".join(known.id for known in TILE_MATRIX_SETS)
    raise NotFound(f"There is no tile matrix set {tms_id[:60]!r}; there are {ids}")
