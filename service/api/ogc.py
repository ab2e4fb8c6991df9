"""OGC API - Features Part 1 at /ogc: landing page, conformance, collections, items, item."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from layers.catalog import ATTRIBUTION, LAYERS, LICENSE_URL, Layer, TimeSemantics
from layers.encoders import GEOJSON_MEDIA_TYPE, Link, item_json, page_json
from service.api.parameters import (
    CRS84_URI,
    FILTER_PARAMETERS,
    AfterDep,
    FeatureIdDep,
    ItemsFilterDep,
    LayerDep,
    LimitDep,
    TimeFilterDep,
    known_parameters,
    page_token,
)
from service.reader import Reader, ReaderDep

GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
ROOT = "/ogc"
OPENAPI_MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"
JSON_MEDIA_TYPE = "application/json"

router = APIRouter(prefix=ROOT, tags=["OGC API - Features"])


def _base(request: Request) -> str:
    """The address that links start with: the configured one, else the one asked for."""
    public: str | None = request.app.state.public_url
    return public or str(request.base_url).rstrip("/")


def _link(href: str, rel: str, media_type: str, title: str) -> Link:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def _self_link(request: Request, media_type: str) -> Link:
    query = f"?{request.url.query}" if request.url.query else ""
    href = f"{_base(request)}{quote(request.url.path)}{query}"
    return _link(href, "self", media_type, "This document")


def _items_link(request: Request, layer: Layer) -> Link:
    href = f"{_base(request)}{ROOT}/collections/{layer.id}/items"
    return _link(href, "items", GEOJSON_MEDIA_TYPE, f"{layer.title} as GeoJSON")


def _collection_link(request: Request, layer: Layer, rel: str) -> Link:
    href = f"{_base(request)}{ROOT}/collections/{layer.id}"
    return _link(href, rel, JSON_MEDIA_TYPE, layer.title)


@router.get("", dependencies=[known_parameters()], summary="Landing page")
async def landing_page(request: Request) -> JSONResponse:
    """Where everything else is."""
    base = _base(request)
    links = [
        _self_link(request, JSON_MEDIA_TYPE),
        _link(f"{base}/openapi.json", "service-desc", OPENAPI_MEDIA_TYPE, "OpenAPI document"),
        _link(f"{base}/docs", "service-doc", "text/html", "How to use this API"),
        _link(f"{base}{ROOT}/conformance", "conformance", JSON_MEDIA_TYPE, "Conformance classes"),
        _link(f"{base}{ROOT}/collections", "data", JSON_MEDIA_TYPE, "The layers"),
        _link(f"{base}/", "related", "text/html", "The map"),
    ]
    description = "Dated, sourced claims about reported scam compounds in South-East Asia."
    return JSONResponse(
        {
            "title": "Scam Atlas",
            "description": description,
            "attribution": ATTRIBUTION,
            "links": links,
        }
    )


@router.get("/conformance", dependencies=[known_parameters()], summary="Conformance classes")
async def conformance() -> JSONResponse:
    """The conformance classes that are really met."""
    return JSONResponse({"conformsTo": CONFORMANCE})


@router.get("/collections", dependencies=[known_parameters()], summary="The layers")
async def collections(request: Request, reader: ReaderDep) -> JSONResponse:
    """Every layer with its extent and links."""
    described = [await _collection(request, reader, layer) for layer in LAYERS]
    links = [_self_link(request, JSON_MEDIA_TYPE)]
    return JSONResponse({"links": links, "collections": described})


@router.get("/collections/{layer_id}", dependencies=[known_parameters()], summary="One layer")
async def collection(request: Request, layer: LayerDep, reader: ReaderDep) -> JSONResponse:
    """One layer with its extent and links."""
    return JSONResponse(await _collection(request, reader, layer))


async def _collection(request: Request, reader: Reader, layer: Layer) -> dict[str, Any]:
    box, first, last = await reader.extent(layer)
    extent: dict[str, Any] = {}
    if box is not None:
        extent["spatial"] = {"bbox": [_bbox_of(json.loads(box))], "crs": CRS84_URI}
    if layer.time is TimeSemantics.RANGE:
        interval = [day and day.isoformat() + "T00:00:00Z" for day in (first, last)]
        extent["temporal"] = {"interval": [interval], "trs": GREGORIAN}
    links = [
        _collection_link(request, layer, "self"),
        _items_link(request, layer),
        _link(
            f"{_base(request)}/layers/{layer.id}.geojson",
            "enclosure",
            GEOJSON_MEDIA_TYPE,
            f"{layer.title}, all of it as one file",
        ),
        _link(LICENSE_URL, "license", "text/html", "CC BY 4.0"),
    ]
    return {
        "id": layer.id,
        "title": layer.title,
        "description": layer.description,
        "attribution": ATTRIBUTION,
        "extent": extent,
        "itemType": "feature",
        "crs": [CRS84_URI],
        "links": links,
    }


def _bbox_of(shape: dict[str, Any]) -> list[float]:
    """The corners of the box; a box that is only a point or a line comes as one."""
    positions: list[Any] = shape["coordinates"]
    if shape["type"] == "Point":
        positions = [positions]
    elif shape["type"] == "Polygon":
        positions = positions[0]
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    return [min(lons), min(lats), max(lons), max(lats)]


@router.get(
    "/collections/{layer_id}/items",
    dependencies=[known_parameters(*FILTER_PARAMETERS, "limit", "token")],
    summary="Features of a layer",
)
async def items(
    request: Request,
    layer: LayerDep,
    reader: ReaderDep,
    asked: ItemsFilterDep,
    limit: LimitDep,
    after: AfterDep,
) -> Response:
    """One page of features; follow the `next` link until there is none."""
    features, returned, matched, last = await reader.page(layer, asked, limit, after)
    links = [
        _self_link(request, GEOJSON_MEDIA_TYPE),
        _collection_link(request, layer, "collection"),
    ]
    if last is not None:
        links.append(_next_link(request, layer, last))
    body = page_json(features, matched=matched, returned=returned, links=links)
    headers = {"Link": ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"' for link in links)}
    return Response(body, media_type=GEOJSON_MEDIA_TYPE, headers=headers)


def _next_link(request: Request, layer: Layer, last: str) -> Link:
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "token"]
    query = urlencode([*kept, ("token", page_token(layer, last))])
    href = f"{_base(request)}{ROOT}/collections/{layer.id}/items?{query}"
    return _link(href, "next", GEOJSON_MEDIA_TYPE, "The next page")


@router.get(
    "/collections/{layer_id}/items/{feature_id}",
    dependencies=[known_parameters("datetime")],
    summary="One feature",
)
async def item(
    request: Request,
    layer: LayerDep,
    feature_id: FeatureIdDep,
    reader: ReaderDep,
    asked: TimeFilterDep,
) -> Response:
    """One feature by its id; `datetime` matters for `hotspots` only."""
    feature = await reader.item(layer, feature_id, asked)
    links = [
        _self_link(request, GEOJSON_MEDIA_TYPE),
        _collection_link(request, layer, "collection"),
    ]
    return Response(item_json(feature, links), media_type=GEOJSON_MEDIA_TYPE)
