"""The only SELECTs: every answer is one statement that PostGIS turns into JSON text.

The body of each layer is layers/sql/<id>.sql; here it is filtered, paged and written as GeoJSON
(RFC 7946, CRS84, at most 7 decimals). All values are bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import DATERANGE, aggregate_order_by
from sqlalchemy.sql.expression import TextClause

from geo.store.tables import PUBLISHED
from layers.catalog import Layer, TimeSemantics
from layers.cql2 import Filter, filter_expression
from layers.filters import BBox, Period
from layers.queryables import queryables

UNKNOWN_AFTER_DAYS = 540
CONTEST_DAYS = 60
COORDINATE_DECIMALS = 7


@dataclass(frozen=True, slots=True)
class ItemsFilter:
    """What of a layer is asked for."""

    bbox: BBox | None = None
    period: Period | None = None
    condition: Filter | None = None

    @property
    def at(self) -> date | None:
        """The day whose state `hotspots` shows: the end asked for; None = the day of the data."""
        return self.period.last if self.period else None


EVERYTHING = ItemsFilter()


@cache
def _layer_sql(layer_id: str) -> str:
    return resources.files("layers").joinpath("sql", f"{layer_id}.sql").read_text("utf-8")


def layer_body(layer: Layer, at: date | None = None) -> Subquery:
    """The rows of a layer before any filter."""
    body = text(_layer_sql(layer.id))
    if layer.time is TimeSemantics.STATE:
        body = body.bindparams(
            bindparam("at", at, Date),
            bindparam("unknown_after_days", UNKNOWN_AFTER_DAYS),
            bindparam("contest_days", CONTEST_DAYS),
        )
    names: list[ColumnClause[Any]] = [column(name) for name in layer.column_names]
    return body.columns(
        column("id", Text),
        column("geom", Geometry),
        column("possible", DATERANGE),
        column("certain", DATERANGE),
        *names,
    ).subquery("f")


def _matches(layer: Layer, body: Subquery, asked: ItemsFilter) -> ColumnElement[bool]:
    """OGC's rules: a feature without geometry or time matches every box or time."""
    conditions: list[ColumnElement[bool]] = [true()]
    if asked.bbox is not None and layer.geometry is not None:
        conditions.append(or_(*(_in_box(body, part) for part in asked.bbox.parts)))
    if asked.period is not None and layer.time is TimeSemantics.RANGE:
        days = func.daterange(
            cast(literal(asked.period.first), Date), cast(literal(asked.period.last), Date), "[]"
        )
        conditions.append(body.c.possible.op("&&")(days))
    if asked.condition is not None:
        conditions.append(filter_expression(asked.condition, queryables(layer, body)))
    return and_(*conditions)


def _in_box(body: Subquery, part: tuple[float, float, float, float]) -> ColumnElement[bool]:
    return func.ST_Intersects(body.c.geom, func.ST_MakeEnvelope(*part, 4326))


def feature_text(layer: Layer, rows: FromClause) -> ColumnElement[str]:
    """One feature as the text of a GeoJSON object."""
    properties = (
        select(*(rows.c[name] for name in layer.column_names)).correlate(rows).lateral("properties")
    )
    as_json = select(func.row_to_json(properties.table_valued())).correlate(rows).scalar_subquery()
    return func.concat(
        '{"type":"Feature","id":',
        func.to_json(rows.c.id),
        ',"geometry":',
        func.coalesce(func.ST_AsGeoJSON(rows.c.geom, COORDINATE_DECIMALS), "null"),
        ',"properties":',
        as_json,
        "}",
        type_=Text,
    )


def select_page(
    layer: Layer, asked: ItemsFilter, *, limit: int, after: str | None = None
) -> Select[str | None, int, int, str | None]:
    """One page: the features' text joined by commas, how many, how many match in all, last id.

    after: the id that the page before ended with; pages go by id, so that rows which come in
    between are neither repeated nor make others be left out. The last id is null on the last page.
    """
    body = layer_body(layer, asked.at)
    matched = select(body).where(_matches(layer, body, asked)).cte("matched")
    following = matched.c.id > after if after is not None else true()
    page = select(matched).where(following).order_by(matched.c.id).limit(limit + 1).subquery("page")
    numbered = select(
        page.c.id,
        func.row_number().over(order_by=page.c.id).label("place"),
        feature_text(layer, page).label("feature"),
    ).subquery("numbered")
    shown = numbered.c.place <= limit
    separator: ColumnElement[str] = literal_column("','")
    return select(
        func.string_agg(numbered.c.feature, aggregate_order_by(separator, numbered.c.place)).filter(
            shown
        ),
        func.count().filter(shown),
        select(func.count()).select_from(matched).scalar_subquery(),
        case((func.count() > limit, func.max(numbered.c.id).filter(shown))),
    ).select_from(numbered)


def select_filtered_page(
    layer: Layer, asked: ItemsFilter, *, limit: int, after: int
) -> Select[int, int | None, str | None]:
    """A page of published features that a filter leaves, as layers.pages gives its rows."""
    published = PUBLISHED[layer.id]
    body = layer_body(layer)
    hit = (
        select(published.c.seq)
        .join_from(body, published, published.c.id == body.c.id)
        .where(_matches(layer, body, asked))
        .cte("hit")
    )
    matched = select(func.count().label("n")).select_from(hit).cte("matched")
    page = select(hit.c.seq).where(hit.c.seq > after).order_by(hit.c.seq).limit(limit + 1)
    shown = (
        select(published.c.seq, published.c.feature)
        .where(published.c.seq.in_(page.scalar_subquery()))
        .subquery("shown")
    )
    return (
        select(matched.c.n.label("matched"), shown.c.seq, shown.c.feature)
        .join_from(matched, shown, true(), isouter=True)
        .order_by(shown.c.seq)
    )


def select_features(layer: Layer, asked: ItemsFilter = EVERYTHING) -> Select[str]:
    """Every feature that matches, one text a row, by id: for whole layers, to be streamed."""
    body = layer_body(layer, asked.at)
    return select(feature_text(layer, body)).where(_matches(layer, body, asked)).order_by(body.c.id)


def select_item(layer: Layer, item_id: str, asked: ItemsFilter = EVERYTHING) -> Select[str]:
    """The one feature of that id, or no row."""
    body = layer_body(layer, asked.at)
    return select(feature_text(layer, body)).where(body.c.id == item_id)


def select_extent(layer: Layer) -> Select[str | None, date | None, date | None]:
    """The box of a layer as GeoJSON text, and its first and last possible day, null = open."""
    body = layer_body(layer)
    return select(
        func.ST_AsGeoJSON(func.ST_Extent(body.c.geom), COORDINATE_DECIMALS),
        _bound(func.lower(body.c.possible), func.bool_or(func.lower_inf(body.c.possible)), "min"),
        _bound(func.upper(body.c.possible), func.bool_or(func.upper_inf(body.c.possible)), "max"),
    )


def _bound(
    bounds: ColumnElement[date], unbounded: ColumnElement[bool], which: str
) -> ColumnElement[date | None]:
    extreme = func.min(bounds) if which == "min" else func.max(bounds) - 1
    return case((unbounded, None), else_=extreme)


def select_newest_load() -> TextClause:
    """As-of day and content hash of what the database holds now; no row before the first load."""
    return text("SELECT as_of, sha256 FROM atlas.load ORDER BY load_id DESC LIMIT 1")


def select_version(layer_ids: tuple[str, ...]) -> str:
    """The newest load (id, as-of day, hash), and the number of published features of each layer."""
    counts = [f"(SELECT count(*) FROM atlas.published_{layer_id})" for layer_id in layer_ids]  # noqa: S608
    columns = ", ".join(["load_id", "as_of", "sha256", *counts])
    return f"SELECT {columns} FROM atlas.load ORDER BY load_id DESC LIMIT 1"  # noqa: S608


def select_days_reported() -> TextClause:
    """The first day of the oldest and of the newest report: where the time bar begins and opens."""
    return text("SELECT min(lower(observed)), max(lower(observed)) FROM atlas.report")
