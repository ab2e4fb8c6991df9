"""What the conformance tests share: the layers, links of documents, pages followed to the end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import pytest

from layers.catalog import LAYERS, TimeSemantics

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
UNSUPPORTED = "http://www.opengis.net/def/crs/0/unsupported"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
PROBLEM = "application/problem+json"
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
JSON = {"Accept": "application/json"}

IDS = [layer.id for layer in LAYERS]
SPATIAL = [layer.id for layer in LAYERS if layer.geometry]
TIMED = [layer.id for layer in LAYERS if layer.time is TimeSemantics.RANGE]
every_layer = pytest.mark.parametrize("layer_id", IDS)
spatial_layers = pytest.mark.parametrize("layer_id", SPATIAL)
timed_layers = pytest.mark.parametrize("layer_id", TIMED)


def documents() -> list[str]:
    """Every resource of the API that is one document, items and single items left out."""
    paths = ["/ogc", "/ogc/conformance", "/ogc/collections"]
    for layer_id in IDS:
        here = f"/ogc/collections/{layer_id}"
        paths += [here, f"{here}/queryables", f"{here}/schema"]
    return paths


def items_path(layer_id: str) -> str:
    return f"/ogc/collections/{layer_id}/items"


def links(body: Any, rel: str) -> list[dict[str, Any]]:
    return [link for link in body["links"] if link["rel"] == rel]


def get(client: httpx.Client, url: str, /, **params: str) -> httpx.Response:
    """An answer that is 200."""
    answer = client.get(url, params=params, headers=JSON) if params else client.get(url)
    assert answer.status_code == 200, (str(answer.request.url), answer.text[:400])
    return answer


def pages(client: httpx.Client, layer_id: str, /, **params: str) -> Iterator[dict[str, Any]]:
    """Every page, by the links `next`."""
    body = get(client, items_path(layer_id), **{"limit": "1000", **params}).json()
    yield body
    while following := links(body, "next"):
        body = get(client, following[0]["href"]).json()
        yield body


def everything(client: httpx.Client, layer_id: str, /, **params: str) -> list[dict[str, Any]]:
    """Every feature that matches."""
    return [feature for page in pages(client, layer_id, **params) for feature in page["features"]]


@cache
def whole_layer(client: httpx.Client, layer_id: str) -> list[dict[str, Any]]:
    """Every feature of a layer, asked for once."""
    return everything(client, layer_id)


def count(client: httpx.Client, layer_id: str, /, **params: str) -> int:
    """How many features match."""
    body = get(client, items_path(layer_id), **{"limit": "1", **params}).json()
    matched: int = body["numberMatched"]
    return matched


def ids(client: httpx.Client, layer_id: str, /, **params: str) -> set[str]:
    """The ids of all that matches; none stands on two pages."""
    found = [feature["id"] for feature in everything(client, layer_id, **params)]
    assert len(found) == len(set(found))
    return set(found)


def refused(client: httpx.Client, url: str, parameter: str, /, **params: str) -> dict[str, Any]:
    """The problem document of a request that is answered with 400 and names the parameter."""
    answer = client.get(url, params=params)
    assert answer.status_code == 400, (str(answer.request.url), answer.text[:300])
    assert answer.headers["content-type"] == PROBLEM
    body: dict[str, Any] = answer.json()
    assert body["status"] == 400
    assert body["title"]
    assert body["detail"]
    assert body["parameter"] == parameter
    return body
