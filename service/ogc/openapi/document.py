"""The two views of the description: from the root of the OGC API, and from that of the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layers.catalog import LICENSE_URL
from layers.schemas import Schema
from service.ogc.addresses import ROOT
from service.ogc.openapi.figures import (
    bibliography_operations,
    figure_components,
    figure_operations,
)
from service.ogc.openapi.operation import Operation
from service.ogc.openapi.parameters import parameter_components
from service.ogc.openapi.paths import TAGS, operations
from service.ogc.openapi.responses import header_components, problem_components
from service.ogc.openapi.schemas import SCHEMAS
from service.ogc.openapi.tiles import tile_operations
from service.ogc.resources import DESCRIPTION, TITLE
from service.version import VERSION

OPENAPI_VERSION = "3.0.3"


def openapi_document(base: str, *, crs: Sequence[str]) -> dict[str, Any]:
    """The description whose server is the root of the OGC API.

    Paths outside it name their server themselves. The map, at `/` of the site, is left out: here
    `/` is the landing page. base: the service's address, no slash at its end. crs: URIs, CRS84
    first.
    """
    paths: Schema = {}
    for operation in _all():
        inside = operation.path == ROOT or operation.path.startswith(f"{ROOT}/")
        if inside:
            paths[operation.path.removeprefix(ROOT) or "/"] = operation.path_item
        elif operation.path != "/":
            paths[operation.path] = {"servers": [_server(base)], **operation.path_item}
    return _document(base, _server(base + ROOT), paths, crs)


def site_document(base: str, *, crs: Sequence[str]) -> dict[str, Any]:
    """The description whose server is the site: every path as it is. As for openapi_document."""
    paths = {operation.path: operation.path_item for operation in _all()}
    return _document(base, _server(base), paths, crs)


def _all() -> list[Operation]:
    return [
        *operations(),
        *tile_operations(),
        *bibliography_operations(),
        *figure_operations(),
    ]


def _server(url: str) -> Schema:
    return {"url": url}


def _document(base: str, server: Schema, paths: Schema, crs: Sequence[str]) -> dict[str, Any]:
    return {
        "openapi": OPENAPI_VERSION,
        "info": {
            "title": TITLE,
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "CC BY 4.0 (the data)", "url": LICENSE_URL},
        },
        "externalDocs": {"description": "How to use this API", "url": f"{base}/docs"},
        "servers": [server],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "parameters": parameter_components(crs) | figure_components(),
            "headers": header_components(),
            "responses": problem_components(),
        },
    }
