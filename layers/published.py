"""Published features: the text of every feature, written when claims change, read as it is.

A layer's table `atlas.published_<id>` holds each feature's GeoJSON text beside the few columns
that a page, a box or a time needs. Reading it costs no join and no making of JSON;
docs/performance.md has the measurements behind it.
"""

from __future__ import annotations

import hashlib
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Float,
    Integer,
    Select,
    Subquery,
    Table,
    case,
    cast,
    column,
    delete,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import Insert, insert

from geo.store.tables import PUBLISHED, actor, control, displacement, publication, report, source
from layers.catalog import ACTORS, CONTROL, DISPLACEMENT, REPORTS, SOURCES, Layer
from layers.queries import feature_text, layer_body

# An event of up to half a year is found through its first day; longer ones are looked at apart.
SHORT_DAYS = 180

# What each layer's features are made of: the table with one row a feature, its key first, and the
# columns whose table changes the feature's text. None: few rows, all made anew at any change.
_PARTS: dict[str, tuple[Table, dict[str, tuple[str, ...]] | None]] = {
    REPORTS.id: (
        report,
        {"report": ("report_id",), "site": ("site_id",), "source": ("source_id",)},
    ),
    CONTROL.id: (
        control,
        {
            "control": ("control_id",),
            "site": ("site_id",),
            "actor": ("actor_id",),
            "source": ("source_id", "start_source_id", "end_source_id"),
        },
    ),
    DISPLACEMENT.id: (
        displacement,
        {
            "displacement": ("flow_id",),
            "site": ("from_site_id", "to_site_id"),
            "source": ("source_id",),
        },
    ),
    ACTORS.id: (actor, None),
    SOURCES.id: (source, None),
}
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
LAYERS = (REPORTS, CONTROL, DISPLACEMENT, ACTORS, SOURCES)
_touched = table("touched", column("entity"), column("id"))


def publish(connection: Connection) -> bool:
    """Bring the published features to what the claims now say; part of the load's transaction.

    Only features that a touched row is part of are made anew, and only those whose text changed
    are written. A layer that another program published, or none yet, is made anew as a whole;
    returns whether there was one.
    """
    held = dict(connection.execute(select(publication.c.layer, publication.c.signature)).all())
    outdated = [layer for layer in LAYERS if held.get(layer.id) != _signature(layer)]
    for layer in LAYERS:
        everything = layer in outdated
        connection.execute(_remove(layer, everything=everything))
        connection.execute(_write(layer, everything=everything))
    for layer in outdated:
        named = insert(publication).values(layer=layer.id, signature=_signature(layer))
        connection.execute(
            named.on_conflict_do_update(
                index_elements=[publication.c.layer],
                set_={"signature": named.excluded.signature},
            )
        )
    return bool(outdated)


@cache
def _signature(layer: Layer) -> str:
    """Stands for how the features of a layer are made: columns, texts, rules."""
    statement = str(_write(layer, everything=True).compile(dialect=_DIALECT))
    return hashlib.sha256(statement.encode()).hexdigest()


def _remove(layer: Layer, *, everything: bool) -> Delete:
    published = PUBLISHED[layer.id]
    claims, _ = _PARTS[layer.id]
    key = next(iter(claims.primary_key))
    gone = not_(select(key).where(key == published.c.id).exists())
    touched = select(_touched.c.id).where(_touched.c.entity == claims.name)
    statement = delete(published).where(gone)
    return statement if everything else statement.where(published.c.id.in_(touched))


def _affected(layer: Layer, *, everything: bool) -> Select[str]:
    """The ids of the features that a touched row is part of, or of all."""
    claims, parts = _PARTS[layer.id]
    key = next(iter(claims.primary_key))
    if parts is None or everything:
        return select(key)
    found = [
        select(key).where(
            claims.c[name].in_(select(_touched.c.id).where(_touched.c.entity == entity))
        )
        for entity, names in parts.items()
        for name in names
    ]
    return select(union(*found).subquery("affected").c[key.name])


def _write(layer: Layer, *, everything: bool) -> Insert:
    """One statement that makes the affected features anew and writes those that changed."""
    published = PUBLISHED[layer.id]
    body = layer_body(layer)
    affected = _affected(layer, everything=everything)
    made = select(*_columns(layer, body)).where(body.c.id.in_(affected)).order_by(body.c.id)
    names = [c.name for c in published.columns if c.name != "seq"]
    statement = insert(published).from_select(names, made)
    return statement.on_conflict_do_update(
        index_elements=[published.c.id],
        set_={name: statement.excluded[name] for name in names if name != "id"},
        where=or_(
            published.c.feature != statement.excluded.feature,
            published.c.first_day != statement.excluded.first_day,
            published.c.last_day != statement.excluded.last_day,
        ),
    )


def _columns(layer: Layer, body: Subquery) -> list[ColumnElement[object]]:
    """The columns of a published row, in the order of the table, without seq."""
    point = case((func.GeometryType(body.c.geom) == "POINT", body.c.geom))
    lon, lat = func.ST_X(point), func.ST_Y(point)
    first = func.coalesce(func.lower(body.c.possible), literal_column("'-infinity'::date"))
    last = func.coalesce(func.upper(body.c.possible) - 1, literal_column("'infinity'::date"))
    return [
        body.c.id,
        body.c.geom,
        cast(lon, Float),
        cast(lat, Float),
        cast(func.floor(lon * 2) * 1000 + func.floor(lat * 2), Integer),
        first,
        last,
        func.lower(body.c.certain),
        func.upper(body.c.certain) - 1,
        case(
            (or_(func.lower_inf(body.c.possible), func.upper_inf(body.c.possible)), True),
            else_=last - first > SHORT_DAYS,
        ),
        feature_text(layer, body),
    ]
