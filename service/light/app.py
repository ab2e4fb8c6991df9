"""The ASGI application around FastAPI's: it answers hot reads itself and passes on the rest."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from geo.errors import ScamAtlasError
from service.api.errors import PROBLEM_MEDIA_TYPE, problem_of, unexpected
from service.light.http import LightRequest, LightResponse, send_response

Handler = Callable[[LightRequest], Awaitable[LightResponse]]


class LightEndpoint(Protocol):
    """A family of paths that is answered below FastAPI."""

    def handler(self, path: str) -> Handler | None:
        """What answers GET and HEAD of that path; None where it is not one of this family."""


class LightApp:
    """GET and HEAD of hot reads; every fault leaves as the same problem documents."""

    def __init__(
        self, app: ASGIApp, endpoints: Sequence[LightEndpoint], public_url: str | None
    ) -> None:
        self._app = app
        self._endpoints = endpoints
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        handler = self._handler(scope["path"])
        if handler is None:
            return await self._app(scope, receive, send)
        request = LightRequest(scope, scope["path"], self._public_url)
        try:
            response = await handler(request)
        except ScamAtlasError as error:
            response = _problem(*problem_of(error))
        except Exception as error:
            response = _problem(unexpected(error), {})
        await send_response(request, response, send)

    def _handler(self, path: str) -> Handler | None:
        for endpoint in self._endpoints:
            handler = endpoint.handler(path)
            if handler is not None:
                return handler
        return None


def _problem(content: dict[str, Any], headers: dict[str, str]) -> LightResponse:
    return LightResponse(
        content["status"],
        PROBLEM_MEDIA_TYPE.encode(),
        json.dumps(content, ensure_ascii=False).encode(),
        [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    )
