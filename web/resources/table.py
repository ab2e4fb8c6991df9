"""A page of features as the rows of a table: one string of markup a row, as there may be many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from markupsafe import Markup

from layers.catalog import Layer
from layers.columns import Column, ColumnType
from web.resources.addresses import Site, segment
from web.resources.values import NOT_KNOWN, meanings, place_text, record_layer, short

Feature = Mapping[str, Any]
Writer = Callable[[Any], str]
_LONG_TEXT = 40
_NULL = f"<td>{NOT_KNOWN}</td>"


def columns_of(features: Sequence[Mapping[str, Any]], layer: Layer | None) -> list[str]:
    """The properties that the features have: in the layer's order, then any others."""
    present = dict.fromkeys(name for one in features for name in one.get("properties") or {})
    known = layer.column_names if layer else ()
    if not features:
        return list(known)
    return [name for name in known if name in present] + [
        name for name in present if name not in known
    ]


def id_column(features: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str | None:
    """The property that only repeats the ids of the features, so that one column shows both."""
    if not names or not features or not names[0].endswith("_id"):
        return None
    same = all((one.get("properties") or {}).get(names[0]) == one.get("id") for one in features)
    return names[0] if same else None


def table_rows(
    features: Sequence[Feature], names: Sequence[str], layer: Layer | None, site: Site
) -> Iterator[Markup]:
    """The rows of the table, one a feature: its id, these properties, its place."""
    known = {column.name: column for column in layer.columns} if layer else {}
    writers = [(name, _writer(known.get(name), site)) for name in names]
    head = _head(layer, site)
    for number, feature in enumerate(features, start=1):
        said = feature.get("properties") or {}
        cells = "".join([write(said.get(name)) for name, write in writers])
        place = place_text(feature.get("geometry"))
        row = f'<tr id="row-{number}">{head(feature.get("id"))}{cells}<td>{place}</td></tr>'
        yield Markup(row)  # noqa: S704 - every part of it was escaped as it was written


def _head(layer: Layer | None, site: Site) -> Writer:
    """The id, as a link to the page of the feature."""
    items = escape(site.items(layer.id)) if layer else None

    def write(value: Any) -> str:
        shown = f"<bdi>{escape(str(value))}</bdi>"
        if items is None or value is None:
            return f'<th scope="row">{shown}</th>'
        return f'<th scope="row"><a href="{items}/{segment(value)}">{shown}</a></th>'

    return write


def _writer(column: Column | None, site: Site) -> Writer:
    """What writes the cells of a column."""
    if column is not None and column.codes is not None:
        return _codes(column, site)
    layer = record_layer(column.name) if column is not None else None
    plain = column is not None and column.kind in (ColumnType.STRING, ColumnType.DATE)
    items = escape(site.items(layer)) if layer else None

    def write(value: Any) -> str:
        if value is None:
            return _NULL
        if not plain or not isinstance(value, str):
            return _any(value, column, site)
        shown = f"<bdi>{escape(value)}</bdi>"
        if items is not None:
            shown = f'<a href="{items}/{segment(value)}">{shown}</a>'
        return _cell(shown, long=len(value) > _LONG_TEXT)

    return write


def _codes(column: Column, site: Site) -> Writer:
    assert column.codes is not None  # noqa: S101 - asked for such columns only
    written = {code: _cell(short(code, column, site)) for code in meanings(column.codes)}

    def write(value: Any) -> str:
        if value is None:
            return _NULL
        return written.get(str(value)) or _any(value, column, site)

    return write


def _any(value: Any, column: Column | None, site: Site) -> str:
    """A value of any other kind; a list of records folds away."""
    shown = short(value, column, site)
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        entries = "entry" if len(value) == 1 else "entries"
        return _cell(f"<details><summary>{len(value)} {entries}</summary>{shown}</details>")
    size = len(value) if isinstance(value, str) else len(str(value))
    return _cell(shown, long=size > _LONG_TEXT)


def _cell(shown: str, *, long: bool = False) -> str:
    return f'<td class="long"><div>{shown}</div></td>' if long else f"<td>{shown}</td>"
