"""CQL2, the Common Query Language (OGC 21-065r2), as bound SQL over an allow-list of queryables.

Text (read by the library `cql2`, see `text`) and JSON become one tree (`nodes`, `reading`), and
that becomes one SQLAlchemy condition (`predicates`). Names reach SQL only through the queryables,
every literal is a bound value, and nothing is handed to a parser before its size is known.

    parsed = parse_filter("name LIKE 'A%' AND people > 10", FilterLang.TEXT)
    select(...).where(filter_expression(parsed, queryables))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement

from layers.cql2.errors import InvalidCQL2
from layers.cql2.geometries import CRS84, FilterCRS
from layers.cql2.geometries import read_shape as area
from layers.cql2.limits import check_size
from layers.cql2.nodes import JSON, Call, Node, to_json
from layers.cql2.predicates import Translator
from layers.cql2.queryables import Kind, Queryable
from layers.cql2.reading import Reader, load_json
from layers.cql2.text import text_to_json
from layers.cql2.values import equals_node

__all__ = [
    "CRS84",
    "Filter",
    "FilterCRS",
    "FilterLang",
    "InvalidCQL2",
    "Kind",
    "Queryable",
    "all_of",
    "area",
    "equals",
    "filter_expression",
    "parse_filter",
]


class FilterLang(StrEnum):
    """The languages that `filter-lang` names (OGC 19-079r2)."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that is well formed; whether a layer can answer it is not yet known."""

    root: Node

    def to_json(self) -> JSON:
        """The same filter as CQL2 JSON, its coordinates as they were given."""
        return to_json(self.root)


def parse_filter(text: str, lang: FilterLang, *, crs: FilterCRS = CRS84) -> Filter:
    """Read a filter in either language; crs: of the coordinates in it.

    Raises InvalidCQL2, within milliseconds whatever the text.
    """
    check_size(text)
    value = text_to_json(text) if lang is FilterLang.TEXT else load_json(text)
    return Filter(Reader(crs).read(value))


def filter_expression(parsed: Filter, queryables: Mapping[str, Queryable]) -> ColumnElement[bool]:
    """The filter as a condition on the rows that the queryables' expressions are of.

    Raises InvalidCQL2 for unknown properties and for types that do not fit.
    """
    return Translator(queryables).condition(parsed.root)


def equals(name: str, kind: Kind, text: str) -> Filter:
    """The filter that a property has the value written in text; a list, that it holds it.

    Raises InvalidCQL2 where the text is no value of that kind.
    """
    return Filter(equals_node(name, kind, text))


def all_of(filters: Sequence[Filter]) -> Filter:
    """The filter that all of these (one or more) are true."""
    if len(filters) == 1:
        return filters[0]
    return Filter(Call("and", tuple(each.root for each in filters)))
