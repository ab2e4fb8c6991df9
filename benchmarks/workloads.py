"""What is asked: the workloads, the seeded parameters of their requests, and paths for a server.

A server's paths are a file in benchmarks/templates: on each line a workload, a tab, and a path in
which {bbox} {from} {to} {limit} {offset} {after} {id} {key} {z} {x} {y} {next} stand for the
parameters, {columns} for the names of all properties and {lean} for those that a map needs. A
workload without a line is not asked of that server.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.synthetic import DAYS, FIRST_DAY, HUBS
from layers.catalog import REPORTS
from layers.tiles import feature_columns

SEED = 77
REQUESTS = 2_000
PAGES = 20  # pages asked for in W5, one behind the other
PAGE = 100
FAR_ZOOM, NEAR_ZOOM = 6, 10
# A near tile of ours shows all claims up to 10,000 of them, and counts where there are more, while
# others cut: only tiles in which every server shows the same are compared.
NEAR_CLAIMS = range(500, 9_001)
TEMPLATES = Path(__file__).parent / "templates"
# The columns that our tiles carry where none are asked for; the peers' lean tiles carry the same.
LEAN = tuple(column.name for column in feature_columns(REPORTS))
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Workload:
    """One row of the table. zoom: of tiles. many: answers are large, so fewer are compared."""

    id: str
    title: str
    limit: int = 0
    zoom: int = 0

    @property
    def is_tile(self) -> bool:
        """Whether it asks for vector tiles."""
        return self.zoom > 0


WORKLOADS = (
    Workload("W1", "first page, limit=10", 10),
    Workload("W2", "box of 2°×2° and six months (overlap), limit=1000", 1_000),
    Workload("W2start", "the same by the first day alone, as the peers' `datetime` has it", 1_000),
    Workload("W3", "one item", 1),
    Workload("W4", "first page, limit=10000", 10_000),
    Workload("W5", "page at the middle row, limit=100 (next links; peers: offset)", PAGE),
    Workload("W5key", "the same page by a filter on the key", PAGE),
    Workload("W7", "count of W2 (numberMatched, limit=1)", 1),
    Workload("NOT_MODIFIED", "W1 with If-None-Match: 304"),
    Workload("W6z6", "tile at zoom 6", zoom=FAR_ZOOM),
    Workload("W6z10", "tile at zoom 10, all columns", zoom=NEAR_ZOOM),
    Workload("W6z10lean", "tile at zoom 10, the columns that the map needs", zoom=NEAR_ZOOM),
)


def workload(name: str) -> Workload:
    """The workload of that id. Raises KeyError."""
    return {each.id: each for each in WORKLOADS}[name]


@dataclass(frozen=True)
class Parameters:
    """The values of one request. key: the peers' integer key of the item `id`."""

    west: float
    south: float
    first: date
    last: date
    key: int
    offset: int
    tiles: dict[int, tuple[int, int]]

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Two degrees wide and high, CRS84."""
        return self.west, self.south, round(self.west + 2, 4), round(self.south + 2, 4)


def make_parameters(
    reports: int, count: int = REQUESTS, near_tiles: Sequence[tuple[int, int]] = ()
) -> list[Parameters]:
    """Boxes around the hubs of the synthetic set, half-years, items, rows and tiles: seeded.

    near_tiles: the tiles of NEAR_ZOOM to choose from; without, those at the places of the boxes.
    """
    random = np.random.default_rng(SEED)
    made = []
    for place in range(count):
        lon, lat = HUBS[random.integers(0, len(HUBS))] + random.uniform(-0.3, 0.3, 2)
        lat = max(float(lat), 1.0)
        first = FIRST_DAY + timedelta(int(random.integers(0, DAYS - 182)))
        made.append(
            Parameters(
                west=round(float(lon) - 1, 4),
                south=round(lat - 1, 4),
                first=first,
                last=first + timedelta(182),
                key=int(random.integers(1, reports + 1)),
                offset=reports // 2 + PAGE * (place % PAGES),
                tiles={
                    FAR_ZOOM: tile_of(float(lon), lat, FAR_ZOOM),
                    NEAR_ZOOM: near_tiles[int(random.integers(0, len(near_tiles)))]
                    if near_tiles
                    else tile_of(float(lon), lat, NEAR_ZOOM),
                },
            )
        )
    return made


def comparable_tiles(
    places: Iterable[tuple[float, float, int]], zoom: int = NEAR_ZOOM
) -> list[tuple[int, int]]:
    """The tiles with a number of claims in NEAR_CLAIMS; places: lon, lat, claims."""
    claims: Counter[tuple[int, int]] = Counter()
    for lon, lat, number in places:
        claims[tile_of(lon, lat, zoom)] += number
    return sorted(tile for tile, number in claims.items() if number in NEAR_CLAIMS)


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row in WebMercatorQuad of the tile that holds the point."""
    side = 1 << zoom
    northing = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * side), int((1 - northing) / 2 * side)


def read_templates(path: Path) -> dict[str, str]:
    """Workload to path template. Raises ValueError for a line that is neither, nor a comment."""
    known = {each.id for each in WORKLOADS}
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, template = line.partition("\t")
        if not tab or name not in known or not template.startswith(("/", "{next}")):
            raise ValueError(f"{path}, line {number}: not `workload<TAB>/path` of {sorted(known)}")
        found[name] = template.strip()
    return found


def fill(
    template: str, asked: Workload, values: Parameters, next_paths: dict[int, str] | None = None
) -> str:
    """The path of one request. next_paths: row to the path of our page that begins after it."""
    column, row = values.tiles.get(asked.zoom, (0, 0))
    names = {
        "bbox": ",".join(f"{number:.4f}" for number in values.bbox),
        "from": values.first.isoformat(),
        "to": values.last.isoformat(),
        "limit": str(asked.limit),
        "offset": str(values.offset),
        "after": str(values.offset),
        "id": f"r-{values.key - 1:08d}",
        "key": str(values.key),
        "z": str(asked.zoom),
        "x": str(column),
        "y": str(row),
        "columns": ",".join(REPORTS.column_names),
        "lean": ",".join(LEAN),
        "next": (next_paths or {}).get(values.offset, ""),
    }
    return _PLACE.sub(lambda found: names[found[1]], template)


def shuffled(paths: list[str], seed: int) -> list[str]:
    """The same paths in another order: each round asks in its own, every server in the same."""
    order = np.random.default_rng(seed).permutation(len(paths))
    return [paths[place] for place in order]
