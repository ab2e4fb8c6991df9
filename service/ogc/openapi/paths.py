"""Every path of the site but those of tiles, each with its one operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from layers.catalog import HOTSPOTS, LAYERS, REPORTS, Layer
from layers.formats import FORMATS
from layers.schemas import Schema
from service.api.negotiation import (
    ITEM_MEDIA,
    ITEMS_MEDIA,
    JSON,
    SCHEMA_MEDIA,
    Media,
)
from service.api.parameters import (
    FILE_PARAMETERS,
    FILTER_PARAMETERS,
    ITEM_PARAMETERS,
    ITEMS_PARAMETERS,
    STATES_PARAMETERS,
)
from service.ogc.addresses import COLLECTIONS, ROOT
from service.ogc.openapi.media import OPENAPI_MEDIA
from service.ogc.openapi.operation import Operation, document
from service.ogc.openapi.parameters import (
    EXTENSION,
    FEATURE_ID,
    format_parameter,
    parameter_refs,
)
from service.ogc.openapi.responses import (
    NOT_ACCEPTABLE,
    UNCHANGED,
    content,
    page,
    responses,
)
from service.ogc.openapi.schemas import feature_name, features_name, file_name, ref

TAGS = {
    "Capabilities": "What there is, and how it is asked",
    "Features": "The features of the layers",
    "Tiles": "The layers as vector tiles",
    "Files": "Whole layers, or what of them matches, as files",
    "Figures": "Static maps that a report can print, and packs of all that they rest on",
    "Map": "What the map of this service holds at once",
    "Pages": "Pages to read",
    "Health": "Whether the service can answer",
}


def operations() -> Iterator[Operation]:
    """All of them but the tiles, which service.ogc.openapi.tiles has."""
    yield from _pages()
    yield document(ROOT, "getLandingPage", "Landing page", "LandingPage")
    yield document(f"{ROOT}/conformance", "getConformance", "Conformance classes", "Conformance")
    yield document(f"{ROOT}/api", "getApi", "This API", "OpenApi", offered=OPENAPI_MEDIA)
    yield document(COLLECTIONS, "getCollections", "The layers", "Collections")
    for layer in LAYERS:
        yield from _of_layer(layer)
    for layer in LAYERS:
        yield _file(layer)


def _pages() -> Iterator[Operation]:
    for path, name, summary in (
        ("/", "getMap", "The map"),
        ("/method", "getMethod", "How claims, grades and dates are meant"),
        ("/docs", "getDocs", "How to use this API"),
    ):
        yield Operation(path, name, "Pages", summary, responses(summary, page()))
    for path, name, summary in (
        ("/map/timelines.json", "getTimelines", "The states of all sites on all days"),
        ("/map/reports.json", "getReportColumns", "All reports as columns, without their texts"),
    ):
        answer = responses(summary, content((JSON,), {"type": "object"}))
        yield Operation(path, name, "Map", summary, answer)
    yield from _counted()
    for path, name, summary, schema in (
        ("/healthz", "getHealth", "The program is alive", "Alive"),
        ("/readyz", "getReadiness", "Database, schema and data are there", "Ready"),
    ):
        answer = responses(summary, content((JSON,), ref(schema)))
        yield Operation(path, name, "Health", summary, answer)
    yield Operation(
        "/openapi.json",
        "getOpenApi",
        "Capabilities",
        "This API, its paths from the root of the site",
        responses("The OpenAPI document", content((JSON,), ref("OpenApi"))),
    )


def _counted() -> Iterator[Operation]:
    """What the map asks where there are more reports than a browser holds."""
    for path, name, summary, layer, parameters in (
        ("histogram", "getHistogram", "Reports by month and day", REPORTS, FILTER_PARAMETERS),
        ("counts", "getCounts", "Reports by site", REPORTS, FILTER_PARAMETERS),
        ("states", "getStates", "States of one day as rows", HOTSPOTS, STATES_PARAMETERS),
    ):
        answer = responses(summary, content((JSON,), {"type": "object"}), headers=("ETag",))
        asked = parameter_refs(parameters, layer)
        yield Operation(f"/map/{path}.json", name, "Map", summary, answer, tuple(asked))


def _of_layer(layer: Layer) -> Iterator[Operation]:
    here = f"{COLLECTIONS}/{layer.id}"
    title = layer.title.lower()
    yield document(here, f"{layer.id}.getCollection", f"The layer {title}", "Collection")
    yield document(
        f"{here}/queryables",
        f"{layer.id}.getQueryables",
        f"What can be asked of {title}",
        "JsonSchema",
        offered=SCHEMA_MEDIA,
    )
    yield document(
        f"{here}/schema",
        f"{layer.id}.getSchema",
        f"What a feature of {title} holds",
        "JsonSchema",
        offered=SCHEMA_MEDIA,
    )
    yield _features(
        layer, f"{here}/items", "getFeatures", f"Features of {title}", ITEMS_PARAMETERS, ITEMS_MEDIA
    )
    yield _features(
        layer,
        f"{here}/items/{{{FEATURE_ID}}}",
        "getFeature",
        f"One feature of {title}",
        ITEM_PARAMETERS,
        ITEM_MEDIA,
    )


def _features(
    layer: Layer,
    path: str,
    name: str,
    summary: str,
    parameters: tuple[str, ...],
    offered: tuple[Media, ...],
) -> Operation:
    """Items or one item: the same headers, and parameters that the service lists."""
    one = name == "getFeature"
    schema = ref(feature_name(layer) if one else features_name(layer))
    chosen = [other for other in parameters if other != "f"]
    return Operation(
        path,
        f"{layer.id}.{name}",
        "Features",
        summary,
        responses(
            summary,
            content(offered, schema),
            *(UNCHANGED, NOT_ACCEPTABLE),
            *([404] if one else []),
            headers=("ETag", "Link", "Content-Crs"),
        ),
        (
            *(parameter_refs([FEATURE_ID]) if one else ()),
            *parameter_refs(chosen, layer, queryables=not one),
            format_parameter(offered),
        ),
    )


def _file(layer: Layer) -> Operation:
    summary = f"{layer.title}, or what of it matches, as one file"
    media: Mapping[str, Schema] = {
        fmt.media_type: ref(file_name(layer)) if fmt.id == "geojson" else _bytes(fmt.streams)
        for fmt in FORMATS
    }
    return Operation(
        f"/layers/{layer.id}.{{{EXTENSION}}}",
        f"{layer.id}.getFile",
        "Files",
        summary,
        responses(summary, media, 404, 507),
        (
            *parameter_refs([EXTENSION]),
            *parameter_refs(FILE_PARAMETERS, layer, queryables=True),
        ),
    )


def _bytes(text: bool) -> Schema:
    return {"type": "string"} if text else {"type": "string", "format": "binary"}
