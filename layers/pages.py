"""The statements of hot reads over published features: a page, a count, one feature.

They are texts, prepared once on each connection; a request chooses one by which parameters it has.
All names come from the catalogue; every value is bound. docs/performance.md tells why each looks
as it does. Each page statement gives rows of (matched, seq, feature): how many features match in
all, and those of the page in order; a page without features is one row with nulls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import floor

from layers.catalog import Layer
from layers.filters import BBox, Period
from layers.published import SHORT_DAYS

# More cells than this, and a walk over the whole index is no slower.
MAX_CELLS = 2_000
# A number of matching features is counted up to here, and left out above (OGC allows it).
COUNT_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with $1, $2 …, and the values for them."""

    sql: str
    values: tuple[object, ...]


def page_statement(
    layer: Layer,
    bbox: BBox | None,
    period: Period | None,
    *,
    limit: int,
    after: int,
    backwards: bool = False,
) -> Statement:
    """One page of `limit` features and one more, which tells whether there is a further page.

    after: the seq that the page before ended with, 0 for the first. backwards: the features before
    that seq, the nearest first.
    """
    if layer.geometry is None:
        bbox = None
    if bbox is None and period is None:
        return Statement(_plain_page(layer.id, backwards), (after, limit + 1))
    values: list[object] = [after, limit + 1]
    conditions = ["true"]
    if bbox is not None:
        points = layer.geometry == "Point"
        conditions = (_box_conditions if points else _shape_conditions)(bbox, values)
    parts = _time_parts(period, values) if period else ["true"]
    sql = _filtered_page(layer.id, tuple(conditions), tuple(parts), backwards)
    return Statement(sql, tuple(values))


def item_statement(layer: Layer, item_id: str) -> Statement:
    """The feature of that id, or no row."""
    return Statement(_item(layer.id), (item_id,))


@cache
def _item(layer_id: str) -> str:
    return f"SELECT feature FROM atlas.published_{layer_id} WHERE id = $1"  # noqa: S608


@cache
def _plain_page(layer_id: str, backwards: bool) -> str:
    beyond, order = _direction(backwards)
    return (
        f"SELECT NULL::bigint AS matched, seq, feature FROM atlas.published_{layer_id} "  # noqa: S608
        f"WHERE seq {beyond} $1 ORDER BY seq {order} LIMIT $2"
    )


def _direction(backwards: bool) -> tuple[str, str]:
    return ("<", "DESC") if backwards else (">", "ASC")


@cache
def _filtered_page(
    layer_id: str, boxes: tuple[str, ...], times: tuple[str, ...], backwards: bool
) -> str:
    """Ids by an index-only scan first, then the texts of one page: never more texts than shown."""
    beyond, order = _direction(backwards)
    table = f"atlas.published_{layer_id}"
    hits = " UNION ALL ".join(
        f"SELECT seq FROM {table} WHERE {box} AND {time}"  # noqa: S608
        for box in boxes
        for time in times
    )
    return f"""
        WITH hit AS MATERIALIZED ({hits}),
        matched AS (SELECT count(*) AS n FROM (SELECT FROM hit LIMIT {COUNT_LIMIT + 1}) AS counted),
        page AS (SELECT seq FROM hit WHERE seq {beyond} $1 ORDER BY seq {order} LIMIT $2)
        SELECT matched.n AS matched, shown.seq, shown.feature
        FROM matched
        LEFT JOIN (
            SELECT seq, feature FROM page JOIN {table} USING (seq)
        ) AS shown ON true
        ORDER BY shown.seq {order}
    """  # noqa: S608


def _bound(values: list[object], value: object, kind: str) -> str:
    values.append(value)
    return f"${len(values)}::{kind}"


def _box_conditions(bbox: BBox, values: list[object]) -> list[str]:
    """One condition for each part of the box; published points have lon, lat and a cell."""
    conditions = []
    for west, south, east, north in bbox.parts:
        columns = range(floor(west * 2), floor(east * 2) + 1)
        rows = range(floor(south * 2), floor(north * 2) + 1)
        inside = (
            f"lon BETWEEN {_bound(values, west, 'float8')} AND {_bound(values, east, 'float8')} "
            f"AND lat BETWEEN {_bound(values, south, 'float8')} "
            f"AND {_bound(values, north, 'float8')}"
        )
        if len(columns) * len(rows) <= MAX_CELLS:
            cells = [column * 1000 + row for column in columns for row in rows]
            inside = f"cell = ANY ({_bound(values, cells, 'int[]')}) AND {inside}"
        conditions.append(inside)
    return conditions


def _shape_conditions(bbox: BBox, values: list[object]) -> list[str]:
    """The box for layers whose geometries are not all points: by the index on the geometry."""
    # ST_MakeEnvelope makes a polygon of a box without area, which meets nothing; this a point.
    envelope = "ST_Envelope(ST_MakeLine(ST_MakePoint({}, {}), ST_MakePoint({}, {})))"
    envelopes = [
        envelope.format(*(_bound(values, corner, "float8") for corner in part))
        for part in bbox.parts
    ]
    within = " OR ".join(f"ST_Intersects(geom, ST_SetSRID({each}, 4326))" for each in envelopes)
    return [f"({within})"]


def _time_parts(period: Period, values: list[object]) -> list[str]:
    """Features whose possible days share one with the period, both closed.

    Short ones begin at most SHORT_DAYS before it, so the index narrows them from both sides.
    """
    first = _bound(values, period.first or date.min, "date")
    last = _bound(values, period.last or date.max, "date")
    overlap = f"first_day <= {last} AND last_day >= {first}"
    if period.first is None:
        return [overlap]
    earliest = f"first_day >= {first} - {SHORT_DAYS}"
    return [f"long = false AND {earliest} AND {overlap}", f"long = true AND {overlap}"]
