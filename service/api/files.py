"""Whole layers as files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from layers.encoders import GEOJSON_MEDIA_TYPE, geojson_stream
from service.api.parameters import ItemsFilterDep, LayerDep, known_parameters
from service.reader import ReaderDep

router = APIRouter(prefix="/layers", tags=["Files"])


@router.get(
    "/{layer_id}.geojson",
    dependencies=[known_parameters("bbox", "datetime")],
    summary="A layer as one GeoJSON file",
)
async def geojson_file(
    layer: LayerDep, reader: ReaderDep, asked: ItemsFilterDep
) -> StreamingResponse:
    """All features of a layer that match, in one file."""
    # The first row is fetched before the status line is sent, so that a fault is still an error.
    features = reader.features(layer, asked)
    stream = geojson_stream(layer, features)
    first = await anext(stream)

    async def body() -> AsyncIterator[str]:
        # A client that goes away ends both generators, and with them the connection's use.
        async with aclosing(features), aclosing(stream):
            yield first
            async for chunk in stream:
                yield chunk

    headers = {"Content-Disposition": f'inline; filename="{layer.id}.geojson"'}
    return StreamingResponse(body(), media_type=GEOJSON_MEDIA_TYPE, headers=headers)
