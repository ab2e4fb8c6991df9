"""The documents of the OGC API beside items: landing page, conformance, collections."""

from __future__ import annotations

from typing import Any

from layers.catalog import ATTRIBUTION, LICENSE_URL, Layer
from layers.crs import CRS84
from layers.encoders import Link
from layers.formats import FORMATS
from service.api.negotiation import HTML, ITEMS_MEDIA, JSON, SCHEMA
from service.extents import Extent
from service.light.links import QUERYABLES_REL
from service.ogc.addresses import COLLECTIONS, ROOT, link

TITLE = "Scam Atlas"
DESCRIPTION = (
    "Dated, sourced claims about reported scam compounds in South-East Asia: who said what, when, "
    "and how surely."
)
FEATURES = "http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}"
COMMON = "http://www.opengis.net/spec/ogcapi-common-{part}/1.0/conf/{name}"
_COMMON_CORE = ("core", "landing-page", "json", "html", "oas30")
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/{name}"
OPENAPI_MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA_REL = "http://www.opengis.net/def/rel/ogc/1.0/schema"
CONFORMANCE = (
    *(COMMON.format(part=1, name=name) for name in _COMMON_CORE),
    *(COMMON.format(part=2, name=name) for name in ("collections", "json", "html")),
    *(FEATURES.format(part=1, name=name) for name in ("core", "geojson", "html", "oas30")),
    FEATURES.format(part=2, name="crs"),
    *(
        FEATURES.format(part=3, name=name)
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        CQL2.format(name=name)
        for name in (
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
            "case-insensitive-comparison", "accent-insensitive-comparison",
            "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions",
            "temporal-functions", "array-functions", "property-property", "arithmetic",
        )
    ),
)  # fmt: skip


def landing_page(base: str, own: list[Link], tiles: list[Link]) -> dict[str, Any]:
    """Where everything else is."""
    root = base + ROOT
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "attribution": ATTRIBUTION,
        "links": [
            *own,
            link(f"{root}/api", "service-desc", OPENAPI_MEDIA_TYPE, "This API (OpenAPI 3.0)"),
            link(f"{base}/docs", "service-doc", HTML.media_type, "How to use this API"),
            link(f"{root}/conformance", "conformance", JSON.media_type, "Conformance classes"),
            link(f"{root}/collections", "data", JSON.media_type, "The layers"),
            *tiles,
            link(f"{base}/", "related", HTML.media_type, "The map"),
            link(f"{base}/method", "related", HTML.media_type, "How claims and grades are meant"),
            link(LICENSE_URL, "license", HTML.media_type, "CC BY 4.0"),
        ],
    }


def conformance(conforms_to: tuple[str, ...], own: list[Link]) -> dict[str, Any]:
    """The conformance classes that are really met."""
    return {"links": own, "conformsTo": list(conforms_to)}


def collection(
    base: str, layer: Layer, extent: Extent, crs: tuple[str, ...], own: list[Link]
) -> dict[str, Any]:
    """One layer with its extent and links."""
    document: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title,
        "description": layer.description,
        "attribution": ATTRIBUTION,
        "extent": extent.document(layer),
        # What has no place is a record, as OGC API - Records calls it; both are asked alike.
        "itemType": "feature" if layer.geometry else "record",
    }
    if layer.geometry is not None:
        document |= {"crs": list(crs), "storageCrs": CRS84.uri}
    return document | {"links": [*own, *_layer_links(base, layer)]}


def _layer_links(base: str, layer: Layer) -> list[Link]:
    here = f"{base}{COLLECTIONS}/{layer.id}"
    links = [
        link(f"{here}/items?f={media.id}", "items", media.media_type, f"Features: {media.title}")
        for media in ITEMS_MEDIA
    ]
    links += [
        link(f"{here}/queryables", QUERYABLES_REL, SCHEMA.media_type, "What can be asked"),
        link(f"{here}/schema", SCHEMA_REL, SCHEMA.media_type, "What a feature holds"),
        *(
            link(
                f"{base}/layers/{layer.id}.{fmt.extension}",
                "enclosure",
                fmt.media_type,
                f"All of it as {fmt.title}",
            )
            for fmt in FORMATS
        ),
    ]
    return [*links, link(LICENSE_URL, "license", HTML.media_type, "CC BY 4.0")]
