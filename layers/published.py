"""Published features: the text of every feature, written when claims change, read as it is.

A layer's table `atlas.published_<id>` holds each feature's GeoJSON text beside the few columns
that a page, a box or a time needs. Reading it costs no join and no making of JSON;
docs/performance.md has the measurements behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Float,
    Integer,
    Select,
    Subquery,
    Table,
    Text,
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
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from geo.store.staging import staging_name
from geo.store.tables import (
    PUBLISHED,
    actor,
    control,
    displacement,
    metadata,
    publication,
    report,
    source,
)
from layers.catalog import ACTORS, CONTROL, DISPLACEMENT, REPORTS, SOURCES, Layer
from layers.queries import feature_text, layer_body
from layers.states import forget_changed_states, keep_states
from layers.tile_sites import renew_sites

# An event of up to half a year is found through its first day; longer ones are looked at apart.
SHORT_DAYS = 180


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the features of a layer are made of.

    claims: the table with one row a feature, its key first. named: the columns by which another
    table's row is part of the feature. counted: tables of claims that the feature counts, and the
    column by which they name it.
    """

    claims: Table
    named: Mapping[str, tuple[str, ...]]
    counted: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Column[str]:
        return next(iter(self.claims.primary_key))


_PARTS: dict[str, _Parts] = {
    REPORTS.id: _Parts(report, {"site": ("site_id",), "source": ("source_id",)}),
    CONTROL.id: _Parts(
        control,
        {
            "site": ("site_id",),
            "actor": ("actor_id",),
            "source": ("source_id", "start_source_id", "end_source_id"),
        },
    ),
    DISPLACEMENT.id: _Parts(
        displacement, {"site": ("from_site_id", "to_site_id"), "source": ("source_id",)}
    ),
    ACTORS.id: _Parts(
        actor,
        {"actor": ("parent_actor_id",), "source": ("source_id",)},
        {"control": "actor_id"},
    ),
    SOURCES.id: _Parts(
        source, {}, {"report": "source_id", "control": "source_id", "displacement": "source_id"}
    ),
}
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
LAYERS = (REPORTS, CONTROL, DISPLACEMENT, ACTORS, SOURCES)
_touched = table(
    "touched",
    column("entity", Text),
    column("id", Text),
    column("change", Text),
    column("before", JSONB),
)


class _Publishing:
    """Brings all that is kept beside the claims to what they now say."""

    def __call__(self, connection: Connection) -> bool:
        """What is part of the load's transaction: features, sites of tiles.

        Only features that a touched row is part of are made anew, and only those whose text changed
        are written. A layer that another program published, or none yet, is made anew as a whole;
        returns whether there was one. States that a touched row may have changed are taken away.
        """
        renewed = _publish_features(connection)
        sites_renewed = renew_sites(connection)
        forget_changed_states(connection)
        return renewed or sites_renewed

    def settle(self, connection: Connection) -> None:
        """What follows when the load is committed: states, which are worked out until then."""
        keep_states(connection)


publish = _Publishing()


def _publish_features(connection: Connection) -> bool:
    held = dict(connection.execute(select(publication.c.layer, publication.c.signature)).all())
    outdated = [layer for layer in LAYERS if held.get(layer.id) != _signature(layer)]
    touched = set(connection.execute(_TOUCHED).scalars())
    for layer in LAYERS:
        if layer in outdated:
            connection.execute(_remove(layer, everything=True))
            connection.execute(_write_all(layer))
        elif touched & _entities(layer):
            connection.execute(_remove(layer, everything=False))
            connection.execute(_write_changed(layer))
            connection.execute(_write_added(layer))
    for layer in outdated:
        named = insert(publication).values(layer=layer.id, signature=_signature(layer))
        connection.execute(
            named.on_conflict_do_update(
                index_elements=[publication.c.layer],
                set_={"signature": named.excluded.signature},
            )
        )
    return bool(outdated)


_TOUCHED = select(_touched.c.entity).distinct()


def _entities(layer: Layer) -> set[str]:
    """The tables whose rows can change a feature of the layer."""
    parts = _PARTS[layer.id]
    return {parts.claims.name, *parts.named, *parts.counted}


@cache
def _signature(layer: Layer) -> str:
    """Stands for how the features of a layer are made: columns, texts, rules."""
    statement = str(_write_all(layer).compile(dialect=_DIALECT))
    return hashlib.sha256(statement.encode()).hexdigest()


def _ids(entity: str, *changes: str) -> Select[str]:
    """The ids of touched rows of a table, of all changes or of those named."""
    found = select(_touched.c.id).where(_touched.c.entity == entity)
    return found.where(_touched.c.change.in_(changes)) if changes else found


def _remove(layer: Layer, *, everything: bool) -> Delete:
    published, parts = PUBLISHED[layer.id], _PARTS[layer.id]
    if everything:
        gone = not_(select(parts.key).where(parts.key == published.c.id).exists())
        return delete(published).where(gone)
    return delete(published).where(published.c.id.in_(_ids(parts.claims.name, "withdrawn")))


def _affected(layer: Layer) -> Select[str]:
    """The ids of features, held before, whose text a touched row may have changed.

    What has only been added is part of no feature held before, but is counted by some.
    """
    parts = _PARTS[layer.id]
    found: list[Select[Any]] = [_ids(parts.claims.name, "corrected")]
    found += [
        select(parts.key).where(parts.claims.c[name].in_(_ids(entity, "corrected")))
        for entity, names in parts.named.items()
        for name in names
    ]
    for entity, name in parts.counted.items():
        given = table(
            staging_name(entity),
            *(column(c.name) for c in metadata.tables[f"atlas.{entity}"].columns),
        )
        key = next(iter(given.c))
        found.append(select(given.c[name]).where(key.in_(_ids(entity))))
        found.append(
            select(_touched.c.before.op("->>")(name)).where(
                _touched.c.entity == entity, _touched.c.before.is_not(None)
            )
        )
    return select(union(*found).subquery("affected").c[0])


def _names(layer: Layer) -> list[str]:
    published = PUBLISHED[layer.id]
    return [c.name for c in published.columns if c.name != "seq" and c.computed is None]


def _write_all(layer: Layer) -> Insert:
    """One statement that makes every feature anew and writes those that changed."""
    body = layer_body(layer)
    # What is near in place and time lies together, so that a box is read from few blocks of the
    # disk. Sorted before the texts are made: with them the rows would not fit into memory.
    order = (_cell(body), func.lower(body.c.possible), body.c.id)
    in_order = select(body).order_by(*order).offset(0).subquery("f")
    return _upsert(layer, select(*_columns(layer, in_order)))


def _write_changed(layer: Layer) -> Insert:
    """One statement that makes the affected features anew and writes those that changed."""
    body = layer_body(layer)
    made = select(*_columns(layer, body)).where(body.c.id.in_(_affected(layer)))
    return _upsert(layer, made.where(body.c.id.not_in(_ids(_PARTS[layer.id].claims.name, "added"))))


def _upsert(layer: Layer, made: Select[*tuple[Any, ...]]) -> Insert:
    published, names = PUBLISHED[layer.id], _names(layer)
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


def _write_added(layer: Layer) -> Insert:
    """One statement that makes the added features, from the rows as they were given."""
    claims = _PARTS[layer.id].claims.name
    body = layer_body(layer, claims=(claims, staging_name(claims)))
    made = select(*_columns(layer, body)).where(body.c.id.in_(_ids(claims, "added")))
    return insert(PUBLISHED[layer.id]).from_select(_names(layer), made)


def _columns(layer: Layer, body: Subquery) -> list[ColumnElement[object]]:
    """The columns of a published row, in the order of the table, without seq."""
    lon, lat = _position(body)
    first = func.coalesce(func.lower(body.c.possible), literal_column("'-infinity'::date"))
    last = func.coalesce(func.upper(body.c.possible) - 1, literal_column("'infinity'::date"))
    return [
        body.c.id,
        body.c.geom,
        cast(lon, Float),
        cast(lat, Float),
        _cell(body),
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


def _position(body: Subquery) -> tuple[ColumnElement[float], ColumnElement[float]]:
    """Longitude and latitude of a single point, else null."""
    point = case((func.GeometryType(body.c.geom) == "POINT", body.c.geom))
    return func.ST_X(point), func.ST_Y(point)


def _cell(body: Subquery) -> ColumnElement[int]:
    """The number of the half degree in which a single point lies."""
    lon, lat = _position(body)
    return cast(func.floor(lon * 2) * 1000 + func.floor(lat * 2), Integer)
