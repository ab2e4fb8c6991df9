"""The sources, or what of them matches, for reference managers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from layers.bibliography import BIBLIOGRAPHIES, BibliographyFormat, Reference, bibliography
from layers.catalog import SOURCES
from service.api.parameters import (
    FILE_PARAMETERS,
    KnownCRSDep,
    given_parameters,
    read_items_filter,
    read_view,
    with_queryables,
)
from service.reader import ReaderDep

router = APIRouter(prefix="/layers", tags=["Files"])


def _of(fmt: BibliographyFormat) -> Callable[..., Awaitable[Response]]:
    async def sources(request: Request, reader: ReaderDep, known: KnownCRSDep) -> Response:
        given = given_parameters(request, with_queryables(SOURCES, FILE_PARAMETERS))
        read_view(SOURCES, given, known)  # a reference needs what it needs; a wrong name is told
        asked = read_items_filter(SOURCES, given, known)
        texts = [text async for text in reader.features(SOURCES, asked)]
        name = f"{SOURCES.id}.{fmt.extension}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        body = await asyncio.to_thread(_written, fmt, texts)
        return Response(body, media_type=fmt.media_type, headers=headers)

    return sources


def _written(fmt: BibliographyFormat, texts: list[str]) -> bytes:
    references = (Reference.of_source(json.loads(text)["properties"]) for text in texts)
    return bibliography(fmt, references).encode()


for _fmt in BIBLIOGRAPHIES:
    router.add_api_route(
        f"/{SOURCES.id}.{_fmt.extension}",
        _of(_fmt),
        summary=f"Sources, or what of them matches, as {_fmt.title}",
        response_class=Response,
    )
