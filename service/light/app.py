"""The ASGI application around FastAPI's: it answers hot reads itself and passes on the rest."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from geo.errors import NotFound, ScamAtlasError
from service.api.errors import PROBLEM_MEDIA_TYPE, problem_of, unexpected
from service.light.http import LightRequest, LightResponse, send_response
from service.light.items import LightItems, light_layer


class LightApp:
    """GET and HEAD of items and item; every fault leaves as the same problem documents."""

    def __init__(self, app: ASGIApp, items: LightItems, public_url: str | None) -> None:
        self._app = app
        self._items = items
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        try:
            target = light_layer(scope["path"])
        except NotFound:
            target = None
        if target is None:
            return await self._app(scope, receive, send)
        layer, item_id = target
        request = LightRequest(scope, scope["path"], self._public_url)
        try:
            if item_id is None:
                response = await self._items.items(request, layer)
            else:
                response = await self._items.item(request, layer, item_id)
        except ScamAtlasError as error:
            response = _problem(*problem_of(error))
        except Exception as error:
            response = _problem(unexpected(error), {})
        await send_response(request, response, send)


def _problem(content: dict[str, Any], headers: dict[str, str]) -> LightResponse:
    return LightResponse(
        content["status"],
        PROBLEM_MEDIA_TYPE.encode(),
        json.dumps(content, ensure_ascii=False).encode(),
        [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    )
