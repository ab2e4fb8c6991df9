"""What has changed between the rows of a pack and those that the same query finds now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from layers.catalog import Layer, TimeSemantics
from layers.pack.archive import InvalidPack, printable

Rows = Mapping[str, Mapping[str, Any]]
"""By id: properties of a feature, and its geometry under `geometry`."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property that says something else now."""

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that came, went or changed. fields: of a changed row, those that differ."""

    layer: str
    id: str
    change: Literal["added", "changed", "removed"]
    fields: tuple[FieldChange, ...] = ()

    def __str__(self) -> str:
        """A line for a person."""
        line = f"{self.change:<8} {self.layer} {printable(self.id)}"
        return f"{line}: {'; '.join(map(_told, self.fields))}" if self.fields else line


def rows_of(layer: Layer, features: Iterable[Mapping[str, Any]]) -> Rows:
    """Features (GeoJSON objects) by id; a state of a site also by its day. Raises InvalidPack."""
    found: dict[str, Mapping[str, Any]] = {}
    try:
        for feature in features:
            properties = dict(feature["properties"])
            key = str(feature["id"])
            if layer.time is TimeSemantics.STATE:
                key = f"{key} on {properties['datetime']}"
            found[key] = properties | {"geometry": feature["geometry"]}
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidPack(f"The rows of {layer.id} are none of this program: {error!r}") from error
    return found


def compare(layer: Layer, before: Rows, now: Rows) -> list[RowChange]:
    """The changes of one layer, by id."""
    changes = []
    for key in sorted({*before, *now}):
        if key not in before:
            changes.append(RowChange(layer.id, key, "added"))
        elif key not in now:
            changes.append(RowChange(layer.id, key, "removed"))
        elif fields := _differing(before[key], now[key]):
            changes.append(RowChange(layer.id, key, "changed", fields))
    return changes


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = [*now, *(name for name in before if name not in now)]
    return tuple(
        FieldChange(name, before.get(name), now.get(name))
        for name in names
        if before.get(name) != now.get(name)
    )


def _short(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False), 120)


def _told(field: FieldChange) -> str:
    """A field in a few words; of a list of claims, only those that differ."""
    if _claims(field.before) is None or _claims(field.now) is None:
        return f"{printable(field.name)}: {_short(field.before)} -> {_short(field.now)}"
    before, now = _claims(field.before) or {}, _claims(field.now) or {}
    parts = [f"+ {key}" for key in now if key not in before]
    parts += [f"- {key}" for key in before if key not in now]
    for key in now:
        if key in before and now[key] != before[key]:
            names = [fields.name for fields in _differing(before[key], now[key])]
            parts.append(f"{key} says other: {', '.join(names)}")
    return f"{printable(field.name)}: {printable('; '.join(parts) or 'in another order')}"


def _claims(value: Any) -> dict[str, Mapping[str, Any]] | None:
    """A list of nested claims by their ids; None where it is no such list."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    found = {str(each.get("report_id") or each.get("control_id")): each for each in value}
    return found if len(found) == len(value) else None
