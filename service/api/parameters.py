"""Query parameters: which ones a resource has, and what their texts ask for.

Every resource refuses parameters that it does not have, and repeated ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request

from geo.entities import check_slug
from geo.errors import InvalidEntity, NotFound
from geo.vocabulary import Certainty
from layers.boxes import parse_box
from layers.catalog import Layer, layer_by_id
from layers.cql2 import (
    Filter,
    FilterCRS,
    FilterLang,
    InvalidCQL2,
    Kind,
    all_of,
    equals,
    parse_filter,
)
from layers.crs import CRS84, KnownCRS
from layers.filters import DEFAULT_LIMIT, Period, parse_limit
from layers.queryables import queryable_codes, queryable_kinds
from layers.selection import (
    ItemsFilter,
    PageRequest,
    View,
    parse_properties,
    parse_sort,
)
from service.api.errors import UnknownParameter
from service.api.tokens import read_token

FILTER_PARAMETERS = (
    "bbox", "bbox-crs", "datetime", "certainty", "filter", "filter-lang", "filter-crs",
)  # fmt: skip
ITEMS_PARAMETERS = (*FILTER_PARAMETERS, "crs", "properties", "sortby", "limit", "token", "f")
ITEM_PARAMETERS = ("datetime", "certainty", "crs", "properties", "f")
FILE_PARAMETERS = (*FILTER_PARAMETERS, "properties")
TILE_PARAMETERS = (
    "datetime", "certainty", "filter", "filter-lang", "filter-crs", "properties", "f",
)  # fmt: skip
STATES_PARAMETERS = ("bbox", "datetime")
_UNASKABLE = (Kind.GEOMETRY, Kind.INTERVAL)


@cache
def queryable_parameters(layer: Layer) -> dict[str, Kind]:
    """The properties that a parameter of their name asks for, and what each holds."""
    return {
        name: kind
        for name, kind in queryable_kinds(layer).items()
        if kind not in _UNASKABLE and name not in ITEMS_PARAMETERS
    }


@cache
def with_queryables(layer: Layer, names: tuple[str, ...]) -> frozenset[str]:
    """Those parameters and one for each queryable."""
    return frozenset((*names, *queryable_parameters(layer)))


def read_items_filter(layer: Layer, asked: Mapping[str, str], known: KnownCRS) -> ItemsFilter:
    """Box, time, filter and queryables of a request. Raises InvalidFilter, which names one."""
    if not asked:
        return ItemsFilter()
    box_crs = known.find("bbox-crs", asked["bbox-crs"]) if "bbox-crs" in asked else CRS84
    bbox, shape = parse_box(asked["bbox"], box_crs) if "bbox" in asked else (None, None)
    return ItemsFilter(
        bbox=bbox,
        shape=shape,
        period=Period.parse(asked["datetime"]) if "datetime" in asked else None,
        certainty=_read_certainty(asked),
        condition=_read_condition(layer, asked, known),
    )


def read_view(layer: Layer, asked: Mapping[str, str], known: KnownCRS) -> View:
    """How features are to be given. Raises InvalidFilter."""
    columns = parse_properties(layer, asked["properties"]) if "properties" in asked else None
    return View(known.find("crs", asked["crs"]) if "crs" in asked else CRS84, columns)


def read_page(layer: Layer, asked: Mapping[str, str], known: KnownCRS) -> PageRequest:
    """A page of items. Raises InvalidFilter, its parameter named."""
    sort = parse_sort(layer, asked["sortby"]) if "sortby" in asked else ()
    return PageRequest(
        read_items_filter(layer, asked, known),
        read_view(layer, asked, known),
        sort,
        limit=parse_limit(asked["limit"]) if "limit" in asked else DEFAULT_LIMIT,
        place=read_token(layer, sort, asked["token"]) if "token" in asked else None,
    )


def _read_certainty(asked: Mapping[str, str]) -> Certainty:
    text = asked.get("certainty", Certainty.POSSIBLE)
    for known in Certainty:
        if text == known:
            return known
    raise UnknownParameter("certainty", f"certainty: one of {', '.join(Certainty)}")


def _read_condition(layer: Layer, asked: Mapping[str, str], known: KnownCRS) -> Filter | None:
    """The CQL2 filter, and what is asked of queryables by their names: all have to be true."""
    askable = queryable_parameters(layer)
    found = [
        _equals(layer, name, askable[name], text) for name, text in asked.items() if name in askable
    ]
    lang = asked.get("filter-lang", FilterLang.TEXT)
    if lang not in set(FilterLang):
        raise UnknownParameter("filter-lang", f"filter-lang: one of {', '.join(FilterLang)}")
    crs = known.find("filter-crs", asked["filter-crs"]) if "filter-crs" in asked else CRS84
    if "filter" in asked:
        axes = FilterCRS(crs.srid, lat_first=crs.lat_first)
        found.append(parse_filter(asked["filter"], FilterLang(lang), crs=axes))
    return all_of(found) if found else None


def _equals(layer: Layer, name: str, kind: Kind, text: str) -> Filter:
    codes = queryable_codes(layer, name)
    if codes and text not in codes:
        raise InvalidCQL2(f"no {text[:60]!r}; the codes are {', '.join(codes)}", name)
    return equals(name, kind, text)


def given_parameters(request: Request, allowed: Collection[str]) -> dict[str, str]:
    """The query parameters. Raises UnknownParameter for others, and for repeated ones."""
    given = request.query_params.multi_items()
    for name, count in Counter(key for key, _ in given).items():
        if name not in allowed:
            known = (
                f"known here: {', '.join(sorted(allowed))}" if allowed else "there are none here"
            )
            raise UnknownParameter(name[:100], f"Unknown parameter {name[:100]!r}; {known}")
        if count > 1:
            raise UnknownParameter(name, f"{name} stands {count} times; give it once")
    return dict(given)


def known_parameters(*names: str) -> Any:
    """A dependency that refuses parameters which the resource does not have, and repeated ones."""

    def check(request: Request) -> None:
        given_parameters(request, names)

    return Depends(check)


def path_layer(layer_id: str) -> Layer:
    """The layer that the path names. Raises NotFound."""
    return layer_by_id(layer_id)


def check_feature_id(feature_id: str) -> str:
    """The feature id that the path names. Raises NotFound where it is no id at all."""
    try:
        check_slug("feature_id", feature_id)
    except InvalidEntity as error:
        raise NotFound(f"There is no feature {feature_id[:100]!r}: {error}") from error
    return feature_id


def _known_crs(request: Request) -> KnownCRS:
    known: KnownCRS = request.app.state.crs
    return known


LayerDep = Annotated[Layer, Depends(path_layer)]
KnownCRSDep = Annotated[KnownCRS, Depends(_known_crs)]
