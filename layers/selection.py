"""What is asked of a layer: which features, in which order, from where on, and how given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from shapely.geometry.base import BaseGeometry

from geo.errors import InvalidFilter
from geo.vocabulary import Certainty
from layers.catalog import Layer
from layers.columns import CITATION, SOURCE
from layers.cql2 import Filter, Kind
from layers.crs import CRS, CRS84
from layers.filters import BBox, Period
from layers.queryables import queryable_kinds

SortValue: TypeAlias = str | int | bool | date | None
# Who says so, where, and how surely: no selection of properties leaves these out.
_EVIDENCE = frozenset(column.name for column in (*CITATION, *SOURCE)) | {"evidence", "datetime"}
_SORTABLE = (Kind.STRING, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE)
MAX_SORT_KEYS = 5


class InvalidSelection(InvalidFilter):
    """Properties or an order that the layer does not have."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class ItemsFilter:
    """Which features. shape: an area in CRS84, for boxes that were given in another system."""

    bbox: BBox | None = None
    period: Period | None = None
    certainty: Certainty = Certainty.POSSIBLE
    condition: Filter | None = None
    shape: BaseGeometry | None = None

    @property
    def at(self) -> date | None:
        """The day whose state `hotspots` shows: the end asked for; None = the day of the data."""
        return self.period.last if self.period else None

    @property
    def certainly(self) -> bool:
        """Whether only what certainly holds is asked for."""
        return self.certainty is Certainty.CERTAIN

    @property
    def plain(self) -> bool:
        """Whether box and possible days say it all."""
        return (
            self.condition is None
            and self.shape is None
            and (self.period is None or self.certainty is Certainty.POSSIBLE)
        )


EVERYTHING = ItemsFilter()


@dataclass(frozen=True, slots=True)
class SortKey:
    """One property to order by; features without it come last."""

    name: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after (or, backwards, before) the feature with these values.

    key: its place in the layer's own order, which decides between equal values.
    """

    key: int | str
    values: tuple[SortValue, ...] = ()
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """How features are given. columns: the properties, None = all."""

    crs: CRS = CRS84
    columns: tuple[str, ...] | None = None

    def of(self, layer: Layer) -> Layer:
        """The layer as it is given: with the chosen columns only."""
        if self.columns is None:
            return layer
        chosen = set(self.columns)
        return replace(layer, columns=tuple(c for c in layer.columns if c.name in chosen))


AS_STORED = View()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One page of features."""

    asked: ItemsFilter = EVERYTHING
    view: View = AS_STORED
    sort: tuple[SortKey, ...] = ()
    limit: int = field(default=1, kw_only=True)
    place: Place | None = None

    @property
    def plain(self) -> bool:
        """Whether stored features answer it, in their own order."""
        return self.asked.plain and self.view == AS_STORED and not self.sort


def parse_properties(layer: Layer, text: str) -> tuple[str, ...]:
    """The chosen columns of a layer, in its order, and those that say who reported it.

    Raises InvalidSelection.
    """
    names = {name.strip() for name in text.split(",")}
    unknown = names - set(layer.column_names) - {"", "*", "geometry"}
    if unknown:
        known = ", ".join(layer.column_names)
        raise InvalidSelection("properties", f"no {min(unknown)[:60]!r} there; known: {known}")
    if "*" in names:
        return layer.column_names
    kept = names | _EVIDENCE | {layer.column_names[0]}
    return tuple(name for name in layer.column_names if name in kept)


def sortable_names(layer: Layer) -> tuple[str, ...]:
    """The properties that features can be ordered by."""
    return tuple(name for name, kind in queryable_kinds(layer).items() if kind in _SORTABLE)


def parse_sort(layer: Layer, text: str) -> tuple[SortKey, ...]:
    """`a,-b`: by a, then by b from the greatest down. Raises InvalidSelection."""
    keys = []
    known = sortable_names(layer)
    for part in text.split(","):
        # A plus in an address is a blank once it is read.
        found = re.fullmatch(r"([+\- ]?)(\w{1,60})", part.rstrip())
        name = found[2] if found else part
        if found is None or name not in known:
            raise InvalidSelection(
                "sortby", f"cannot order by {part[:60]!r}; known: {', '.join(known)}"
            )
        keys.append(SortKey(name, found[1] == "-"))
    if len({key.name for key in keys}) < len(keys) or len(keys) > MAX_SORT_KEYS:
        raise InvalidSelection("sortby", f"at most {MAX_SORT_KEYS} properties, each once")
    return tuple(keys)
