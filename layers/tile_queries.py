"""The statements that make vector tiles (Mapbox Vector Tile 2.1).

A place is brought into the tile once a site, not once a claim: the sites of a tile come from the
small table atlas.tile_site, their claims by the index on the site. So claims carry no shape of
their own, and writing them costs no spatial index; docs/performance.md has the measurements.

Each statement gives one row: the tile, and whether there was no room in it for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BindParameter,
    ColumnElement,
    Dialect,
    Float,
    Integer,
    Label,
    LargeBinary,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.types import NullType

from geo.store.tables import PUBLISHED, site, source, tile_site
from layers.catalog import DISPLACEMENT, HOTSPOTS, Layer
from layers.columns import Column, ColumnType
from layers.pages import Statement
from layers.queries import layer_body, matches
from layers.selection import EVERYTHING
from layers.tile_matrix_sets import WEB_MERCATOR_QUAD, Tile, TileMatrixSet
from layers.tiles import (
    BUFFER,
    EXTENT,
    MAX_FEATURES,
    MAX_SITES,
    TileRequest,
    count_columns,
    feature_columns,
)

_DIALECT: Dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
_HERE = "here"
_SOURCES = "sources"
# Tiles up to this matrix may show many claims; finer ones show few.
_MANY_TO = 11
_MVT = "mvt"


def prepared_statement(request: TileRequest) -> Statement | None:
    """The statement to be kept on each connection; None for a request whose text is its own."""
    everything = request.columns == request.layer.column_names
    if request.asked != EVERYTHING or not (request.columns is None or everything):
        return None
    if request.layer is HOTSPOTS and not request.counted:
        return None
    sql, names = _prepared(
        request.layer, request.grid, request.counted, everything, request.tile.matrix <= _MANY_TO
    )
    place = request.place
    return Statement(sql, tuple(place[name] for name in names))


@cache
def _prepared(
    layer: Layer, grid: TileMatrixSet, counted: bool, everything: bool, many: bool
) -> tuple[str, tuple[str, ...]]:
    """The text, and the names of its values in their order; many: for a tile of many claims."""
    columns = layer.column_names if everything else None
    some = TileRequest(layer, grid, Tile(0, 0, 0), columns=columns)
    if layer is DISPLACEMENT:
        statement = _counts(some) if counted else _features(some)
    else:
        statement = _kept_counts(some) if counted else _claims_or_counts(some, many)
    compiled = statement.compile(dialect=_DIALECT)
    return str(compiled), tuple(compiled.positiontup or ())


def select_sites_around(request: TileRequest) -> Select[str, str | None]:
    """The sites of a tile, and the areas that they are part of."""
    here = _shapes_here(request)
    found = select(here.c.key, site.c.parent_site_id)
    found = found.join_from(here, site, site.c.site_id == here.c.key)
    return found.params(request.place)


def select_features(
    request: TileRequest, sites: Sequence[str] | None = None
) -> Select[bytes, bool]:
    """A tile of the features that match; sites: as for layer_body."""
    return _features(request, sites).params(request.place)


def select_counts(request: TileRequest) -> Select[bytes, bool]:
    """A tile of the numbers of claims that match."""
    return _counts(request).params(request.place)


def _features(request: TileRequest, sites: Sequence[str] | None = None) -> Select[bytes, bool]:
    layer, asked = request.layer, request.asked
    here, body = (
        _shapes_here(request),
        layer_body(layer, asked.at, sites, certainly=asked.certainly),
    )
    found = (
        select(*_attributes(request, body), here.c.mvt)
        .join_from(here, body, body.c[_key(layer)] == here.c.key)
        .where(here.c.mvt.is_not(None), matches(layer, body, asked))
    )
    return _tile(layer, found, MAX_SITES if layer is HOTSPOTS else MAX_FEATURES)


def _counts(request: TileRequest) -> Select[bytes, bool]:
    layer, asked = request.layer, request.asked
    here, body = _shapes_here(request), layer_body(layer, asked.at, certainly=asked.certainly)
    *place, number = count_columns(layer, request.columns)
    by = [_attribute(column, body) for column in place]
    found = (
        select(*by, func.count().label(number.name), here.c.mvt)
        .join_from(here, body, body.c[_key(layer)] == here.c.key)
        .where(here.c.mvt.is_not(None), matches(layer, body, asked))
        .group_by(*(label.element for label in by), here.c.mvt)
    )
    return _tile(layer, found, MAX_SITES)


def _kept_counts(request: TileRequest) -> Select[bytes, bool]:
    here = _sites_here(request.grid).subquery()
    return _tile(request.layer, _kept(request, here), MAX_SITES)


def _claims_or_counts(request: TileRequest, many: bool) -> Select[bytes, bool]:
    """One of the two, by the kept numbers, so that a full tile is not made in vain."""
    layer = request.layer
    here = _sites_here(request.grid).cte(_HERE).prefix_with("MATERIALIZED")
    # The sources of many claims are hashed once, not looked up for each: the plan is made before
    # it is known which tile is asked for.
    sources = select(source).cte(_SOURCES).prefix_with("MATERIALIZED")
    instead = {site.name: _HERE} | ({source.name: _SOURCES} if many else {})
    body = layer_body(layer, instead=instead)
    claims = select(*_attributes(request, body), body.c.geom.label(_MVT))
    number = here.c[count_columns(layer)[-1].name]
    too_many = select(func.sum(number)).scalar_subquery() > _fixed(MAX_FEATURES)
    tile = case(
        (too_many, _encoded_from(layer, _kept(request, here)).scalar_subquery()),
        else_=_encoded_from(layer, claims).scalar_subquery(),
    )
    chosen = select(tile.label("tile"), false().label("cut")).add_cte(here)
    return chosen.add_cte(sources) if many else chosen


def _kept(request: TileRequest, here: CTE | Subquery) -> Select[Any]:
    """Sites with the numbers of claims that are kept at each load."""
    columns = count_columns(request.layer, request.columns)
    names = [column.name for column in columns]
    own = [name.removeprefix("site_") if name != "site_id" else name for name in names]
    found = select(
        *(here.c[of].label(name) for of, name in zip(own, names, strict=True)),
        here.c.geom.label(_MVT),
    )
    if request.layer is HOTSPOTS:  # a place is on the map before anybody has reported on it
        return found
    return found.where(here.c[names[-1]] > _fixed(0))


def _sites_here(grid: TileMatrixSet) -> Select[Any]:
    """The sites in a tile, with all that their claims show of them; geom is the tile's point."""
    left_out = ("geom", "geom_3857")
    shape = tile_site.c.geom_3857 if grid.srid == WEB_MERCATOR_QUAD.srid else tile_site.c.geom
    columns = [column for column in tile_site.c if column.name not in left_out]
    return select(*columns, _pixel(shape).label("geom")).where(_touches(shape, grid))


def _shapes_here(request: TileRequest) -> CTE:
    """The shapes in a tile, each brought into it once: (key, mvt)."""
    flows, grid = request.layer is DISPLACEMENT, request.grid
    held: Table = PUBLISHED[DISPLACEMENT.id] if flows else tile_site
    shape = held.c.geom_3857 if grid.srid == WEB_MERCATOR_QUAD.srid else held.c.geom
    inside = _clipped(shape, grid) if flows else _pixel(shape)
    found = select(held.c[_key(request.layer)].label("key"), inside.label(_MVT))
    return found.where(_touches(shape, grid)).cte(_HERE).prefix_with("MATERIALIZED")


def _key(layer: Layer) -> str:
    return "id" if layer is DISPLACEMENT else "site_id"


def _tile(layer: Layer, found: Select[Any], most: int) -> Select[bytes, bool]:
    cut: ColumnElement[bool] = func.count() > _fixed(most)
    return _encoded_from(layer, found.limit(_fixed(most + 1)), cut.label("cut"))


def _encoded_from(layer: Layer, rows: Select[Any], *others: Label[Any]) -> Select[Any]:
    """PostGIS takes the columns of the row as attributes, each under its name."""
    row, name, shape = (_word(word) for word in ("t", f"'{layer.id}'", f"'{_MVT}'"))
    tile = func.ST_AsMVT(row, name, _fixed(EXTENT), shape, type_=LargeBinary)
    return select(tile.label("tile"), *others).select_from(rows.subquery("t"))


def _number(name: str) -> BindParameter[float]:
    return bindparam(name, type_=Float)


def _fixed(number: int) -> ColumnElement[Any]:
    return _word(str(number))


def _word(sql: str) -> ColumnElement[Any]:
    return literal_column(sql)


def _envelope(grid: TileMatrixSet) -> ColumnElement[Any]:
    corners = (_number(name) for name in ("west", "south", "east", "north"))
    return func.ST_MakeEnvelope(*corners, _fixed(grid.srid))


def _touches(shape: ColumnElement[Any], grid: TileMatrixSet) -> ColumnElement[bool]:
    return shape.op("&&")(func.ST_Expand(_envelope(grid), _number("margin")))


def _pixel(point: ColumnElement[Any]) -> ColumnElement[Any]:
    """A point in units of the tile, y downwards: in half the time that ST_AsMVTGeom takes."""
    units = _fixed(EXTENT) / (_number("east") - _number("west"))
    x = func.round((func.ST_X(point) - _number("west")) * units)
    y = func.round((_number("north") - func.ST_Y(point)) * units)
    return func.ST_MakePoint(x, y, type_=NullType)


def _clipped(shape: ColumnElement[Any], grid: TileMatrixSet) -> ColumnElement[Any]:
    """A shape of any kind in units of the tile; a line shorter than one is a point, not nothing."""
    size = (_fixed(EXTENT), _fixed(BUFFER), _word("true"))
    line, start = (
        func.ST_AsMVTGeom(each, _envelope(grid), *size, type_=NullType)
        for each in (shape, func.ST_StartPoint(shape))
    )
    return func.coalesce(line, start)


def _attributes(request: TileRequest, body: Subquery) -> list[Label[Any]]:
    own = set(request.layer.column_names)
    return [
        _attribute(column, body) if column.name in own else _of_deciding(column, body)
        for column in feature_columns(request.layer, request.columns)
    ]


def _attribute(column: Column, body: Subquery) -> Label[Any]:
    """A value as tiles hold it: text, number or boolean; lists as the text of JSON."""
    value: ColumnElement[Any] = body.c[column.name]
    if column.kind is ColumnType.STRINGS:
        value = func.to_json(value)
    return value.label(column.name)


def _of_deciding(column: Column, body: Subquery) -> Label[Any]:
    """A value of the report that comes first in the evidence of a hotspot."""
    value = cast(body.c.evidence, JSON)[0][column.name].as_string()
    return cast(value, Integer() if column.kind is ColumnType.INTEGER else Text()).label(
        column.name
    )
