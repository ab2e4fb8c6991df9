"""The opaque texts of paging links: where in which order of which layer a page begins."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date

from geo.errors import InvalidToken
from layers.catalog import Layer
from layers.columns import ColumnType
from layers.encoders import compact
from layers.listing import is_published
from layers.selection import Place, SortKey, SortValue

_LONGEST = 8_000


def make_token(layer: Layer, sort: tuple[SortKey, ...], place: Place) -> str:
    """The text that read_token reads, safe in an address."""
    values = [value.isoformat() if isinstance(value, date) else value for value in place.values]
    parts = [layer.id, int(place.backwards), ",".join(map(str, sort)), place.key, values]
    return base64.urlsafe_b64encode(compact(parts).encode()).decode("ascii").rstrip("=")


def read_token(layer: Layer, sort: tuple[SortKey, ...], token: str) -> Place:
    """The place that make_token wrote, for the same layer and order. Raises InvalidToken."""
    try:
        if len(token) > _LONGEST:
            raise ValueError(token)
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        made_for, backwards, order, key, values = json.loads(text)
        if made_for != layer.id or order != ",".join(map(str, sort)) or len(values) != len(sort):
            raise InvalidToken(f"token: not one for this order of {layer.id}; follow the links")
        found = tuple(
            _value(layer, each.name, value) for each, value in zip(sort, values, strict=True)
        )
        return Place(_key(layer, key), found, backwards=bool(backwards))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise InvalidToken("token: not one of this service; follow the links") from error


def _key(layer: Layer, key: object) -> int | str:
    if is_published(layer):
        if type(key) is not int or not 0 < key < 2**63:
            raise ValueError(key)
        return key
    return _text(key)


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode()
    return value


def _value(layer: Layer, name: str, value: object) -> SortValue:
    """A value as its column holds it. Raises ValueError."""
    if value is None:
        return None
    kind = next(column.kind for column in layer.columns if column.name == name)
    if kind is ColumnType.DATE:
        return date.fromisoformat(_text(value))
    if kind is ColumnType.BOOLEAN and isinstance(value, bool):
        return value
    if kind is ColumnType.INTEGER and type(value) is int and abs(value) < 2**31:
        return value
    return _text(value)
