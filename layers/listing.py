"""Pages that the prepared statements of layers.pages do not answer: any filter, order and view.

Pages go by keyset: the values of the sort keys, then a key that no two features share (`seq` of a
published feature; the id where a layer is worked out at each request). Nulls come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Label,
    Select,
    Subquery,
    Text,
    UnaryExpression,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.types import TypeEngine

from geo.store.tables import PUBLISHED
from layers.catalog import Layer, TimeSemantics
from layers.columns import ColumnType
from layers.pages import COUNT_LIMIT
from layers.queries import feature_text, layer_body, matches
from layers.selection import AS_STORED, EVERYTHING, PageRequest, Place, SortKey, SortValue

_TYPES: dict[ColumnType, type[TypeEngine[Any]]] = {
    ColumnType.INTEGER: Integer,
    ColumnType.BOOLEAN: Boolean,
    ColumnType.DATE: Date,
}


def is_published(layer: Layer) -> bool:
    """Whether the features of a layer are stored; else they are worked out at each request."""
    return layer.time is not TimeSemantics.STATE


def select_listed(layer: Layer, page: PageRequest) -> Select[Any]:
    """Rows of (matched, key, feature, sort values): one more than the limit tells of a next page.

    matched is null where nothing is asked that leaves a feature out. A page without features is
    one row with a null key. Backwards, the rows come in reverse order.
    """
    hit = _published_hits(layer, page) if is_published(layer) else _state_hits(layer, page)
    names = [_sort_name(place) for place in range(len(page.sort))]
    backwards = page.place is not None and page.place.backwards
    order = _order(hit, page.sort, backwards)
    chosen = select(hit).order_by(*order).limit(page.limit + 1)
    if page.place is not None:
        chosen = chosen.where(_after(layer, hit, page.sort, page.place))
    rows = _with_features(layer, page, chosen.cte("page"))
    matched = _matched(layer, page, hit)
    return (
        select(matched.c.n.label("matched"), *(rows.c[n] for n in ("key", "feature", *names)))
        .join_from(matched, rows, true(), isouter=True)
        .order_by(*_order(rows, page.sort, backwards))
    )


def _matched(layer: Layer, page: PageRequest, hit: CTE) -> Subquery:
    if page.asked == EVERYTHING and is_published(layer):
        return select(cast(null(), Integer).label("n")).subquery("matched")
    counted = select(hit.c.key).limit(COUNT_LIMIT + 1).subquery("counted")
    return select(func.count().label("n")).select_from(counted).subquery("matched")


def _sort_name(place: int) -> str:
    return f"sort_{place}"


def _sorted_by(layer: Layer, body: Subquery, sort: Sequence[SortKey]) -> list[Label[Any]]:
    return [
        cast(body.c[key.name], _column_type(layer, key.name)).label(_sort_name(place))
        for place, key in enumerate(sort)
    ]


def _column_type(layer: Layer, name: str) -> type[TypeEngine[Any]]:
    return next(_TYPES.get(c.kind, Text) for c in layer.columns if c.name == name)


def _published_hits(layer: Layer, page: PageRequest) -> CTE:
    published = PUBLISHED[layer.id]
    body = layer_body(layer)
    return (
        select(published.c.seq.label("key"), *_sorted_by(layer, body, page.sort))
        .join_from(body, published, published.c.id == body.c.id)
        .where(matches(layer, body, page.asked))
        .cte("hit")
    )


def _state_hits(layer: Layer, page: PageRequest) -> CTE:
    body = layer_body(layer, page.asked.at, certainly=page.asked.certainly)
    return (
        select(body.c.id.label("key"), *_sorted_by(layer, body, page.sort), body)
        .where(matches(layer, body, page.asked))
        .cte("hit")
    )


def _with_features(layer: Layer, page: PageRequest, chosen: CTE) -> Subquery:
    """The rows of the page, each with the text of its feature."""
    names = [chosen.c.key, *(chosen.c[_sort_name(place)] for place in range(len(page.sort)))]
    if not is_published(layer):
        return select(*names, feature_text(layer, chosen, page.view).label("feature")).subquery(
            "shown"
        )
    published = PUBLISHED[layer.id]
    shown = select(*names).join_from(chosen, published, published.c.seq == chosen.c.key)
    if page.view == AS_STORED:
        return shown.add_columns(published.c.feature).subquery("shown")
    body = layer_body(layer)
    return (
        shown.join(body, body.c.id == published.c.id)
        .add_columns(feature_text(layer, body, page.view).label("feature"))
        .subquery("shown")
    )


def _order(
    rows: CTE | Subquery, sort: Sequence[SortKey], backwards: bool
) -> list[UnaryExpression[Any]]:
    order = []
    for place, key in enumerate(sort):
        value = rows.c[_sort_name(place)]
        falling = value.desc() if key.descending != backwards else value.asc()
        order.append(falling.nulls_first() if backwards else falling.nulls_last())
    return [*order, rows.c.key.desc() if backwards else rows.c.key.asc()]


def _after(layer: Layer, hit: CTE, sort: Sequence[SortKey], place: Place) -> ColumnElement[bool]:
    """Rows that come after the place in the order (or before it, backwards)."""
    found: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for number, (key, value) in enumerate(zip(sort, place.values, strict=True)):
        column = hit.c[_sort_name(number)]
        given = cast(literal(value), _column_type(layer, key.name))
        found.append(and_(*same, _beyond(column, value, given, key, place.backwards)))
        same.append(column.is_not_distinct_from(given))
    last = hit.c.key < place.key if place.backwards else hit.c.key > place.key
    return or_(*found, and_(*same, last))


def _beyond(
    column: ColumnElement[Any],
    value: SortValue,
    given: ColumnElement[Any],
    key: SortKey,
    backwards: bool,
) -> ColumnElement[bool]:
    if value is None:
        return column.is_not(None) if backwards else false()
    past = column < given if key.descending != backwards else column > given
    return past if backwards else or_(past, column.is_(None))
