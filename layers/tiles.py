"""Vector tiles: what a tile of a layer shows, and which attributes it carries.

At small scales a tile shows each site with the number of claims on it (each pair of sites, for
displacement), at larger ones each claim. A tile with more than MAX_FEATURES claims shows the
numbers as well, so that none is left out unsaid. layers.tile_queries has the statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.catalog import CONTROL, DISPLACEMENT, HOTSPOTS, LAYERS, REPORTS, Layer
from layers.columns import Column, whole
from layers.selection import EVERYTHING, ItemsFilter
from layers.tile_matrix_sets import Tile, TileMatrixSet

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# Units of a tile's side, and how far beyond it shapes go on, so that symbols are not cut there.
EXTENT = 4096
BUFFER = 64
MAX_FEATURES = 10_000
MAX_SITES = 50_000
TILED_LAYERS = tuple(layer for layer in LAYERS if layer.geometry is not None)

# The columns that a map needs; who says so, and how surely, is always among them.
_LEAN = {
    HOTSPOTS.id: (
        "site_id", "name", "kind", "place_role", "precision_m", "datetime", "activity",
        "last_observed", "age_days", "contested", "disputed", "reports_count",
    ),
    REPORTS.id: (
        "report_id", "site_id", "site_name", "site_kind", "precision_m", "possible_from",
        "possible_to", "event_kind", "activity_after", "source_id", "reliability", "credibility",
    ),
    CONTROL.id: (
        "control_id", "site_id", "site_name", "site_kind", "precision_m", "actor_id", "actor_name",
        "role", "possible_from", "possible_to", "source_id", "reliability", "credibility",
    ),
    DISPLACEMENT.id: (
        "flow_id", "from_site_id", "from_name", "from_precision_m", "to_site_id", "to_name",
        "to_precision_m", "possible_from", "possible_to", "cause", "source_id", "reliability",
        "credibility",
    ),
}  # fmt: skip
# Of the report that a hotspot's state rests on: a map has no use for the whole list.
_DECIDING = ("report_id", "source_id", "reliability", "credibility")
# What claims are counted by, and the attribute with their number.
_COUNTED_BY = {
    HOTSPOTS.id: ("site_id", "name", "kind", "place_role", "precision_m"),
    REPORTS.id: ("site_id", "site_name", "site_kind", "place_role", "precision_m"),
    CONTROL.id: ("site_id", "site_name", "site_kind", "place_role", "precision_m"),
    DISPLACEMENT.id: (
        "from_site_id", "from_name", "from_precision_m", "to_site_id", "to_name", "to_precision_m",
    ),
}  # fmt: skip
_NUMBERS = {
    HOTSPOTS.id: whole("reports_count", "Reports on the site; not events, nor people"),
    REPORTS.id: whole("reports_count", "Reports on the site; not events, nor people"),
    CONTROL.id: whole("control_count", "Claims that an actor has a role at the site"),
    DISPLACEMENT.id: whole("displacement_count", "Claims of a move between the two sites"),
}


@dataclass(frozen=True, slots=True)
class TileRequest:
    """What a tile of one layer is to show. columns: None = those that a map needs."""

    layer: Layer
    grid: TileMatrixSet
    tile: Tile
    asked: ItemsFilter = EVERYTHING
    columns: tuple[str, ...] | None = None

    @property
    def counted(self) -> bool:
        """Whether numbers of claims are shown, not each claim.

        A hotspot is one feature a site anyway; its state is left out where nothing is asked.
        """
        small = self.tile.matrix <= self.grid.counts_to
        plain = self.asked == EVERYTHING and self.columns is None
        return small and (self.layer is not HOTSPOTS or plain)

    @property
    def place(self) -> dict[str, float]:
        """Where the tile lies, as the statements take it."""
        west, south, east, north = self.grid.box(self.tile)
        margin = (east - west) * BUFFER / EXTENT
        return {"west": west, "south": south, "east": east, "north": north, "margin": margin}


def feature_columns(layer: Layer, columns: Sequence[str] | None = None) -> tuple[Column, ...]:
    """The attributes of a tile that shows each feature; columns: None = those a map needs."""
    names = _LEAN[layer.id] if columns is None else columns
    found = tuple(column for column in layer.columns if column.name in names)
    if layer is HOTSPOTS and columns is None:
        evidence = next(column for column in layer.columns if column.name == "evidence")
        found += tuple(field for field in evidence.fields if field.name in _DECIDING)
    return found


def count_columns(layer: Layer, columns: Sequence[str] | None = None) -> tuple[Column, ...]:
    """The attributes of a tile that shows numbers of claims, the number last.

    columns: of those that tell of the place, only these are given; its id always is.
    """
    place = [
        column
        for column in layer.columns
        if column.name in _COUNTED_BY[layer.id]
        and (columns is None or column.name in columns or column.name.endswith("_id"))
    ]
    return (*place, _NUMBERS[layer.id])
