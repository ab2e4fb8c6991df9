"""Query parameters as the routes take them: known ones only, each once, parsed and typed."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from geo.entities import check_slug
from geo.errors import InvalidEntity, InvalidToken, NotFound
from layers.catalog import Layer, layer_by_id
from layers.cql2 import CRS84, Filter, FilterCRS, FilterLang, parse_filter
from layers.filters import DEFAULT_LIMIT, MAX_LIMIT, BBox, Period, parse_limit
from layers.queries import ItemsFilter
from service.api.errors import UnknownParameter

CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
FORMATS = {"json": "JSON or GeoJSON"}

BBoxText = Annotated[
    str | None,
    Query(
        alias="bbox",
        description="west,south,east,north in degrees (CRS84); features without a place match",
        examples=["98,16,99,17"],
    ),
]
DatetimeText = Annotated[
    str | None,
    Query(
        alias="datetime",
        description=(
            "A day, or an interval A/B with .. for an open end. Features that possibly hold "
            "within it match; undated ones match. `hotspots` shows the state at its end."
        ),
        examples=["2025-03-10", "2023-10-27/2024-06-30"],
    ),
]
LimitText = Annotated[
    str | None,
    Query(
        alias="limit",
        description=f"Features a page; {DEFAULT_LIMIT} by default, at most {MAX_LIMIT}",
        examples=["100"],
    ),
]
TokenText = Annotated[
    str | None, Query(alias="token", description="Where a page starts; comes with `next` links")
]
FormatText = Annotated[
    str | None, Query(alias="f", description="json; the same as the Accept header")
]


def check_format(text: str | None) -> None:
    """Raise UnknownParameter for a format that is not served."""
    if text is not None and text not in FORMATS:
        raise UnknownParameter("f", f"f: {text[:40]!r} is not served; the formats are json")


def known_parameters(*names: str) -> Any:
    """A dependency that refuses parameters which the resource does not have, and repeated ones."""
    allowed = frozenset((*names, "f"))

    def check(request: Request, f: FormatText = None) -> None:
        for name, count in Counter(key for key, _ in request.query_params.multi_items()).items():
            if name not in allowed:
                known = ", ".join(sorted(allowed))
                raise UnknownParameter(
                    name[:100], f"Unknown parameter {name[:100]!r}; known here: {known}"
                )
            if count > 1:
                raise UnknownParameter(name, f"{name} stands {count} times; give it once")
        check_format(f)

    return Depends(check)


FilterText = Annotated[
    str | None,
    Query(
        alias="filter",
        description="A CQL2 filter over the queryables of the layer",
        examples=["event_kind = 'raid' AND credibility <= 2"],
    ),
]
FilterLangText = Annotated[
    str | None, Query(alias="filter-lang", description="cql2-text (the default) or cql2-json")
]
FilterCRSText = Annotated[
    str | None,
    Query(alias="filter-crs", description="CRS of the coordinates in the filter; CRS84 if none"),
]
FILTER_PARAMETERS = ("bbox", "datetime", "filter", "filter-lang", "filter-crs")
_FILTER_CRS = {
    CRS84_URI: CRS84,
    "http://www.opengis.net/def/crs/EPSG/0/4326": FilterCRS(4326, lat_first=True),
    "http://www.opengis.net/def/crs/EPSG/0/3857": FilterCRS(3857),
    "http://www.opengis.net/def/crs/EPSG/0/32647": FilterCRS(32647),
}


def read_items_filter(asked: Mapping[str, str]) -> ItemsFilter:
    """Box, time and CQL2 filter of a request. Raises InvalidFilter, its parameter named."""
    return ItemsFilter(
        bbox=BBox.parse(asked["bbox"]) if "bbox" in asked else None,
        period=Period.parse(asked["datetime"]) if "datetime" in asked else None,
        condition=_read_condition(asked),
    )


def _read_condition(asked: Mapping[str, str]) -> Filter | None:
    lang_text = asked.get("filter-lang", FilterLang.TEXT)
    if lang_text not in set(FilterLang):
        known = ", ".join(FilterLang)
        raise UnknownParameter("filter-lang", f"filter-lang: the languages are {known}")
    crs_text = asked.get("filter-crs", CRS84_URI)
    if crs_text not in _FILTER_CRS:
        raise UnknownParameter(
            "filter-crs", f"filter-crs: the systems are {', '.join(_FILTER_CRS)}"
        )
    if "filter" not in asked:
        return None
    return parse_filter(asked["filter"], FilterLang(lang_text), crs=_FILTER_CRS[crs_text])


def items_filter(
    bbox: BBoxText = None,
    datetime: DatetimeText = None,
    filter: FilterText = None,
    filter_lang: FilterLangText = None,
    filter_crs: FilterCRSText = None,
) -> ItemsFilter:
    """The same, for FastAPI's routes."""
    given = {
        "bbox": bbox,
        "datetime": datetime,
        "filter": filter,
        "filter-lang": filter_lang,
        "filter-crs": filter_crs,
    }
    return read_items_filter({k: v for k, v in given.items() if v is not None})


def time_filter(datetime: DatetimeText = None) -> ItemsFilter:
    """Only the time of a request."""
    return ItemsFilter(period=Period.parse(datetime) if datetime is not None else None)


def page_limit(limit: LimitText = None) -> int:
    """Features a page. Raises InvalidLimit."""
    return parse_limit(limit) if limit is not None else DEFAULT_LIMIT


def page_after(request: Request, token: TokenText = None) -> str | None:
    """The id after which a page starts. Raises InvalidToken."""
    if token is None:
        return None
    layer_id = request.path_params["layer_id"]
    try:
        made_for, after = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))
    except (ValueError, TypeError, UnicodeEncodeError, binascii.Error) as error:
        raise InvalidToken("token: not one of this service; follow the next links") from error
    if made_for != layer_id or not isinstance(after, str) or "\0" in after:
        raise InvalidToken(f"token: not one for {layer_id}; follow the next links")
    return after


def page_token(layer: Layer, after: str) -> str:
    """The opaque text that page_after reads."""
    return base64.urlsafe_b64encode(json.dumps([layer.id, after]).encode()).decode("ascii")


def path_layer(layer_id: str) -> Layer:
    """The layer that the path names. Raises NotFound."""
    return layer_by_id(layer_id)


def path_feature_id(feature_id: str) -> str:
    """The feature id that the path names. Raises NotFound where it is no id at all."""
    try:
        check_slug("feature_id", feature_id)
    except InvalidEntity as error:
        raise NotFound(f"There is no feature {feature_id[:100]!r}: {error}") from error
    return feature_id


FeatureIdDep = Annotated[str, Depends(path_feature_id)]
LayerDep = Annotated[Layer, Depends(path_layer)]
ItemsFilterDep = Annotated[ItemsFilter, Depends(items_filter)]
TimeFilterDep = Annotated[ItemsFilter, Depends(time_filter)]
LimitDep = Annotated[int, Depends(page_limit)]
AfterDep = Annotated[str | None, Depends(page_after)]
