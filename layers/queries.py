"""The SELECTs that answers are made of: every one is a statement that PostGIS turns into JSON text.

The body of each layer is layers/sql/<id>.sql; here it is filtered and written as GeoJSON (RFC 7946;
coordinates to a centimetre, in CRS84 unless another system is asked for). Pages of it are in
layers.listing, the prepared statements of hot reads in layers.pages, tiles in layers.tile_queries.
All values are bound.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    ColumnClause,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE
from sqlalchemy.sql.expression import TextClause

from geo.store.tables import PUBLISHED, report, site
from geo.vocabulary import Certainty
from layers.catalog import Layer, TimeSemantics
from layers.cql2 import filter_expression
from layers.crs import CRS, CRS84
from layers.queryables import queryables
from layers.selection import AS_STORED, EVERYTHING, ItemsFilter, View

UNKNOWN_AFTER_DAYS = 540
CONTEST_DAYS = 60
METRES_OF_A_DEGREE = 111_320.0


@cache
def layer_sql(layer_id: str) -> str:
    """The statement of a layer as it stands in its file."""
    return resources.files("layers").joinpath("sql", f"{layer_id}.sql").read_text("utf-8")


# Sites whose state is not kept, and the areas around them, which a state counts reports of.
_MISSING = """
    WITH missing AS MATERIALIZED (
        SELECT site_id, parent_site_id FROM atlas.site
        WHERE NOT EXISTS (SELECT FROM atlas.site_state AS kept WHERE kept.site_id = site.site_id)
    ),
    missing_and_around AS MATERIALIZED (
        SELECT site_id FROM missing
        UNION
        SELECT parent_site_id FROM missing WHERE parent_site_id IS NOT NULL
    )
"""
# The condition by which a state is worked out of some sites only: a join serves many of them.
_OF_SITES = re.compile(
    r"\(CAST\(:sites AS text\[\]\) IS NULL OR (\w+\.site_id) = ANY \(CAST\(:sites AS text\[\]\)\)\)"
)


@cache
def _missing_states(layer: Layer) -> str:
    """The states, on the day of the data, of sites whose state is not kept; SQL after _MISSING."""
    rules = re.sub(r"--.*", "", layer_sql(layer.id))  # what is said of :at is no parameter
    worked_out = rules.replace("CAST(:at AS date)", "CAST(NULL AS date)")
    worked_out = worked_out.replace("CAST(:certain AS boolean)", "false")
    worked_out = _OF_SITES.sub(r"\1 IN (SELECT site_id FROM missing_and_around)", worked_out)
    columns = ", ".join((*layer.column_names, "geom"))
    return (
        f"SELECT {columns} FROM ({worked_out}) AS worked_out "  # noqa: S608
        "WHERE site_id IN (SELECT site_id FROM missing)"
    )


@cache
def kept_states(layer: Layer) -> str:
    """The states on the day of the data: those kept, and those missing worked out."""
    columns = ", ".join((*layer.column_names, "geom"))
    return (
        f"{_MISSING} SELECT site_id AS id, {columns}, "  # noqa: S608
        "CAST('(,)' AS daterange) AS possible, CAST('(,)' AS daterange) AS certain "
        f"FROM (SELECT {columns} FROM atlas.site_state UNION ALL {_missing_states(layer)}) AS state"
    )


def keep_missing_states(layer: Layer) -> TextClause:
    """Keep the states that are missing."""
    columns = ", ".join((*layer.column_names, "geom"))
    sql = f"{_MISSING} INSERT INTO atlas.site_state ({columns}) {_missing_states(layer)}"
    return text(sql).bindparams(unknown_after_days=UNKNOWN_AFTER_DAYS, contest_days=CONTEST_DAYS)


def layer_body(
    layer: Layer,
    at: date | None = None,
    sites: Sequence[str] | None = None,
    claims: tuple[str, str] | None = None,
    instead: Mapping[str, str] | None = None,
    *,
    certainly: bool = False,
) -> Subquery:
    """The rows of a layer before any filter.

    at: the day of a state; None = the day of the data, whose states are kept (layers.states).
    sites: where a state is worked out, only that of these sites is whole; None = of all.
    claims: a table of claims, and the table that is read in its place.
    instead: tables that claims name, and what is read in their place.
    certainly: a state by what certainly held alone.
    """
    kept = layer.time is TimeSemantics.STATE and at is None and sites is None and not certainly
    sql = kept_states(layer) if kept else layer_sql(layer.id)
    for name, other in (instead or {}).items():
        sql = re.sub(rf"\bJOIN atlas\.{name} (USING|ON)\b", rf"JOIN {other} AS {name} \1", sql)
    if claims is not None:
        name, other = claims
        sql = re.sub(
            rf"^FROM atlas\.{name}\b( AS \w+)?",
            lambda found: f"FROM {other}{found[1] or f' AS {name}'}",
            sql,
            flags=re.MULTILINE,
        )
    body = text(sql)
    if layer.time is TimeSemantics.STATE:
        body = body.bindparams(
            bindparam("unknown_after_days", UNKNOWN_AFTER_DAYS),
            bindparam("contest_days", CONTEST_DAYS),
        )
        if not kept:
            body = body.bindparams(
                bindparam("at", at, Date),
                bindparam("sites", sites, ARRAY(Text)),
                bindparam("certain", certainly, Boolean),
            )
    names: list[ColumnClause[Any]] = [column(name) for name in layer.column_names]
    return body.columns(
        column("id", Text),
        column("geom", Geometry),
        column("possible", DATERANGE),
        column("certain", DATERANGE),
        *names,
    ).subquery("f")


def matches(layer: Layer, body: Subquery, asked: ItemsFilter) -> ColumnElement[bool]:
    """The condition of a filter. OGC's rule: what has no geometry or time matches any of them."""
    conditions: list[ColumnElement[bool]] = []
    if layer.geometry is not None:
        if asked.bbox is not None:
            conditions.append(or_(*(_in_box(body, part) for part in asked.bbox.parts)))
        if asked.shape is not None:
            shape = func.ST_GeomFromWKB(asked.shape.wkb, 4326)
            conditions.append(func.ST_Intersects(body.c.geom, shape))
    if asked.period is not None and layer.time is TimeSemantics.RANGE:
        conditions.append(_in_period(body, asked))
    if asked.condition is not None:
        conditions.append(filter_expression(asked.condition, queryables(layer, body)))
    return and_(true(), *conditions)


def _in_period(body: Subquery, asked: ItemsFilter) -> ColumnElement[bool]:
    """Possibly: a possible day is asked for. Certainly: a certain day is, or all possible ones."""
    period = asked.period
    assert period is not None  # noqa: S101 - the caller looked
    days = func.daterange(cast(literal(period.first), Date), cast(literal(period.last), Date), "[]")
    if asked.certainty is Certainty.POSSIBLE:
        return body.c.possible.op("&&")(days)
    return or_(body.c.certain.op("&&")(days), body.c.possible.op("<@")(days))


def _in_box(body: Subquery, part: tuple[float, float, float, float]) -> ColumnElement[bool]:
    west, south, east, north = part
    corners = func.ST_MakeLine(func.ST_MakePoint(west, south), func.ST_MakePoint(east, north))
    # ST_MakeEnvelope makes a polygon of a box without area, which meets nothing; this a point.
    return func.ST_Intersects(body.c.geom, func.ST_SetSRID(func.ST_Envelope(corners), 4326))


def feature_text(layer: Layer, rows: FromClause, view: View = AS_STORED) -> ColumnElement[str]:
    """One feature as the text of a GeoJSON object, its coordinates in the CRS of the view."""
    names = layer.column_names if view.columns is None else view.columns
    properties = select(*(rows.c[name] for name in names)).correlate(rows).lateral("properties")
    as_json = select(func.row_to_json(properties.table_valued())).correlate(rows).scalar_subquery()
    return func.concat(
        '{"type":"Feature","id":',
        func.to_json(rows.c.id),
        ',"geometry":',
        func.coalesce(_geometry_text(rows, view.crs), "null"),
        ',"properties":',
        as_json,
        "}",
        type_=Text,
    )


def _geometry_text(rows: FromClause, crs: CRS) -> ColumnElement[str]:
    shape: ColumnElement[Any] = rows.c.geom
    if crs.srid != CRS84.srid:
        shape = func.ST_Transform(shape, crs.srid)
    if crs.lat_first:
        shape = func.ST_FlipCoordinates(shape)
    if crs == CRS84:
        return func.ST_AsGeoJSON(shape, crs.decimals)
    return func.ST_AsGeoJSON(shape, crs.decimals, 0)  # 0: no foreign member with the CRS


def select_features(
    layer: Layer, asked: ItemsFilter = EVERYTHING, view: View = AS_STORED
) -> Select[str]:
    """Every feature that matches, one text a row, by id: for whole layers, to be streamed."""
    body = layer_body(layer, asked.at, certainly=asked.certainly)
    return (
        select(feature_text(layer, body, view))
        .where(matches(layer, body, asked))
        .order_by(body.c.id)
    )


def select_item(
    layer: Layer, item_id: str, asked: ItemsFilter = EVERYTHING, view: View = AS_STORED
) -> Select[str]:
    """The one feature of that id, or no row."""
    body = layer_body(layer, asked.at, certainly=asked.certainly)
    return select(feature_text(layer, body, view)).where(body.c.id == item_id)


def select_extent(
    layer: Layer,
) -> Select[float | None, float | None, float | None, float | None, date | None, date | None]:
    """West, south, east, north (CRS84) and first and last possible day of a layer, null = open.

    The box is that of all sites, each with the radius within which it lies: no claim of a country
    ends at the point that stands for it.
    """
    box = _site_bounds() if layer.geometry is not None else [null()] * 4
    if layer.time is TimeSemantics.STATE:  # it is there from the first report on
        first = select(func.min(func.lower(report.c.observed))).scalar_subquery()
        return select(*box, first, cast(null(), Date))
    published = PUBLISHED[layer.id]
    days = select(
        func.nullif(func.min(published.c.first_day), literal_column("'-infinity'::date")).label(
            "first"
        ),
        func.nullif(func.max(published.c.last_day), literal_column("'infinity'::date")).label(
            "last"
        ),
    ).subquery("days")
    return select(*box, days.c.first, days.c.last)


def _site_bounds() -> list[ColumnElement[float | None]]:
    lon, lat = func.ST_X(site.c.geom), func.ST_Y(site.c.geom)
    north = site.c.precision_m / METRES_OF_A_DEGREE
    east = north / func.greatest(func.cos(func.radians(lat)), 0.01)
    bounds = (
        func.greatest(func.min(lon - east), -180.0),
        func.greatest(func.min(lat - north), -90.0),
        func.least(func.max(lon + east), 180.0),
        func.least(func.max(lat + north), 90.0),
    )
    return [select(bound).scalar_subquery() for bound in bounds]


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


def select_sites_held() -> TextClause:
    """How many sites there are."""
    return text("SELECT count(*) FROM atlas.site")
