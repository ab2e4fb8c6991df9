"""Routes of the OGC API beside items: each makes its document and gives it as asked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from layers.catalog import LAYERS
from layers.schemas import feature_schema, queryables_schema
from service.api.negotiation import JSON, RESOURCE_MEDIA, SCHEMA_MEDIA
from service.api.parameters import KnownCRSDep, LayerDep, known_parameters
from service.extents import Extents
from service.ogc import resources
from service.ogc.addresses import COLLECTIONS, ROOT, base_of, link, own_links
from service.ogc.answers import answer, media_of
from service.ogc.tiles import TILES_CONFORMANCE, dataset_tile_links, tile_links
from web.resources import Kind

router = APIRouter(prefix=ROOT, tags=["OGC API"], dependencies=[known_parameters("f")])


def _extents(request: Request) -> Extents:
    extents: Extents = request.app.state.extents
    return extents


ExtentsDep = Annotated[Extents, Depends(_extents)]


@router.get("", summary="Landing page")
@router.get("/", include_in_schema=False)
async def landing_page(request: Request) -> Response:
    """Where everything else is."""
    media = media_of(request)
    own = own_links(request, media, RESOURCE_MEDIA)
    document = resources.landing_page(base_of(request), own, dataset_tile_links(base_of(request)))
    return answer(request, media, Kind.LANDING, document)


@router.get("/conformance", summary="Conformance classes")
async def conformance(request: Request) -> Response:
    """The conformance classes that are really met."""
    media = media_of(request)
    own = own_links(request, media, RESOURCE_MEDIA)
    document = resources.conformance((*resources.CONFORMANCE, *TILES_CONFORMANCE), own)
    return answer(request, media, Kind.CONFORMANCE, document)


@router.get("/collections", summary="The layers")
async def collections(request: Request, extents: ExtentsDep, crs: KnownCRSDep) -> Response:
    """Every layer with its extent and links."""
    media = media_of(request)
    base, known = base_of(request), await extents.all()
    described = []
    for layer in LAYERS:
        here = f"{base}{COLLECTIONS}/{layer.id}"
        own = [link(here, "self", JSON.media_type, layer.title)]
        described.append(
            resources.collection(
                base, layer, known[layer.id], crs.uris, own + tile_links(base, layer)
            )
        )
    document: dict[str, Any] = {
        "links": own_links(request, media, RESOURCE_MEDIA),
        "crs": list(crs.uris),
        "collections": described,
    }
    return answer(request, media, Kind.COLLECTIONS, document)


@router.get("/collections/{layer_id}", summary="One layer")
async def collection(
    request: Request, layer: LayerDep, extents: ExtentsDep, crs: KnownCRSDep
) -> Response:
    """One layer with its extent and links."""
    media = media_of(request)
    base = base_of(request)
    own = own_links(request, media, RESOURCE_MEDIA) + tile_links(base, layer)
    extent = (await extents.all())[layer.id]
    document = resources.collection(base, layer, extent, crs.uris, own)
    return answer(request, media, Kind.COLLECTION, document, layer)


@router.get("/collections/{layer_id}/queryables", summary="What can be asked of a layer")
async def queryables(request: Request, layer: LayerDep) -> Response:
    """JSON Schema of the properties that filters may use."""
    media = media_of(request, SCHEMA_MEDIA)
    url = f"{base_of(request)}{COLLECTIONS}/{layer.id}/queryables"
    return answer(request, media, Kind.QUERYABLES, queryables_schema(layer, url), layer)


@router.get("/collections/{layer_id}/schema", summary="What a feature of a layer holds")
async def schema(request: Request, layer: LayerDep) -> Response:
    """JSON Schema of a layer's features."""
    media = media_of(request, SCHEMA_MEDIA)
    url = f"{base_of(request)}{COLLECTIONS}/{layer.id}/schema"
    return answer(request, media, Kind.SCHEMA, feature_schema(layer, url), layer)
