"""The ASGI application around FastAPI's: it answers hot reads itself and passes on the rest.

Every request comes through here first, so here stand the limits: how many are inside, how often
one client may ask, no bodies, a Host that can be part of an address.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import InvalidValue, NotFound, ScamAtlasError
from service.api.errors import BodyNotTaken, problem, problem_of, unexpected
from service.api.problems import problem_body
from service.light.http import LightRequest, LightResponse, send_response
from service.limits import LARGE_BYTES, RateLimit, Room
from service.security import PREFLIGHT, raw_headers

# The server puts this into the scope of a request whose client went away, and cancels its task.
CLIENT_GONE = "scam_atlas.client_gone"
READING = ("GET", "HEAD")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ALIVE = "/healthz"
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_HOSTS_REMEMBERED = 100
_log = logging.getLogger("scam_atlas")

Handler = Callable[[LightRequest], Awaitable[LightResponse]]


class LightEndpoint(Protocol):
    """A family of paths that is answered below FastAPI."""

    def handler(self, path: str) -> Handler | None:
        """What answers GET and HEAD of that path; None where it is not one of this family."""


class LightApp:
    """GET and HEAD of hot reads; every fault leaves as the same problem documents.

    app: what answers all other paths; routes: what it knows.
    """

    def __init__(
        self,
        app: ASGIApp,
        endpoints: Sequence[LightEndpoint],
        public_url: str | None,
        *,
        routes: Sequence[BaseRoute],
        room: Room,
        rate: RateLimit | None = None,
    ) -> None:
        self._app = app
        self._endpoints = endpoints
        self._public_url = public_url
        self._routes = routes
        self._room = room
        self._rate = rate
        self._hosts: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = LightRequest(scope, scope["path"], self._public_url)
        try:
            self._admit(request)
        except ScamAtlasError as error:
            return await send_response(request, _refused(request, error), send)
        try:
            await self._answer(request, receive, send)
        except asyncio.CancelledError:
            if CLIENT_GONE not in scope:
                raise
        finally:
            self._room.leave()

    def _admit(self, request: LightRequest) -> None:
        """Count the request in. Raises what it is refused with."""
        headers = request.headers
        host = headers.get(b"host")
        if host is not None and host not in self._hosts:
            if not _HOST.fullmatch(host):
                raise InvalidValue("Host: it is no name or address of a server")
            if len(self._hosts) < _HOSTS_REMEMBERED:
                self._hosts.add(host)
        if self._rate is not None:
            self._rate.take((request.scope.get("client") or ("",))[0])
        if request.path == _ALIVE:
            self._room.inside += 1
        else:
            self._room.enter()

    async def _answer(self, request: LightRequest, receive: Receive, send: Send) -> None:
        scope = request.scope
        handler = self._handler(request.path)
        if scope["method"] not in READING:
            return await self._other_method(request, handler, receive, send)
        if _has_body(request):
            response = _refused(request, BodyNotTaken("A request that reads has no body"))
        elif handler is None:
            return await self._pass_on(scope, receive, send)
        else:
            response = await _handled(handler, request)
        try:
            await self._send(request, response, send)
        finally:
            if response.turn is not None:
                response.turn.end()

    async def _send(self, request: LightRequest, response: LightResponse, send: Send) -> None:
        size = len(response.body)
        if size < LARGE_BYTES:
            return await send_response(request, response, send)
        try:
            self._room.begin_sending(size)
        except ScamAtlasError as error:
            return await send_response(request, _refused(request, error), send)
        try:
            await send_response(request, response, send)
        finally:
            self._room.end_sending(size)

    async def _other_method(
        self, request: LightRequest, handler: Handler | None, receive: Receive, send: Send
    ) -> None:
        allowed = ["GET"] if handler is not None else self._allowed(request.scope)
        if request.scope["method"] in allowed:
            return await self._app(request.scope, receive, send)
        if "GET" in allowed:
            allowed.insert(1, "HEAD")
        allow = [(b"allow", ", ".join((*allowed, "OPTIONS")).encode())]
        if not allowed:
            response = _refused(request, NotFound("There is nothing at this address"))
        elif request.scope["method"] == "OPTIONS":
            preflight = b"access-control-request-method" in request.headers
            extra = raw_headers(PREFLIGHT) if preflight else []
            response = LightResponse(200, b"text/plain", b"", [*allow, *extra])
        else:
            detail = f"Allowed here: {', '.join(allowed)}"
            response = _problem(request, problem(405, "Method not allowed", detail), {})
            response.headers += allow
        await send_response(request, response, send)

    def _allowed(self, scope: Scope) -> list[str]:
        """The methods that the routes have for this path, HEAD and OPTIONS left out."""
        found = []
        for method in _METHODS:
            asked = {**scope, "method": method}
            for route in self._routes:
                if method != "GET" and isinstance(route, Mount):
                    continue
                if route.matches(dict(asked))[0] is Match.FULL:
                    found.append(method)
                    break
        return found

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(receive, send)
        if scope["method"] == "HEAD":
            exchange = _HeadExchange(receive, send)
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            # Its answer, where there was still one to give, has been given; the server cuts short
            # what has begun, so that nobody takes it for whole.
            if exchange.begun and not exchange.ended:
                _log.error("An answer broke off", exc_info=error)
            elif not exchange.begun:
                raise

    def _handler(self, path: str) -> Handler | None:
        for endpoint in self._endpoints:
            handler = endpoint.handler(path)
            if handler is not None:
                return handler
        return None


class _Exchange:
    """Notes how far an answer of the application has come."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive = receive
        self.begun = False
        self.ended = False
        self._send = send

    async def send(self, message: Message) -> None:
        """Pass it on."""
        self.begun = True
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)


class _HeadExchange(_Exchange):
    """HEAD answered by what answers GET: its headers, and the end of the work for a body."""

    def __init__(self, receive: Receive, send: Send) -> None:
        super().__init__(receive, send)
        self.receive = self._receive_until_answered
        self._receive = receive
        self._answered = asyncio.Event()
        self._first = True

    async def _receive_until_answered(self) -> Message:
        if self._first:
            self._first = False
            return await self._receive()
        await self._answered.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass the headers on, and of the body nothing."""
        if message["type"] == "http.response.start":
            return await super().send(message)
        if not self.ended:
            await super().send({"type": "http.response.body", "body": b""})
            self._answered.set()


async def _handled(handler: Handler, request: LightRequest) -> LightResponse:
    try:
        return await handler(request)
    except ScamAtlasError as error:
        return _refused(request, error)
    except Exception as error:
        return _problem(request, unexpected(error), {})


def _has_body(request: LightRequest) -> bool:
    headers = request.headers
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def _refused(request: LightRequest, error: ScamAtlasError) -> LightResponse:
    return _problem(request, *problem_of(error))


def _problem(
    request: LightRequest, content: dict[str, Any], headers: dict[str, str]
) -> LightResponse:
    media_type, body = problem_body(content, request.header(b"accept"), request.base)
    extra = [(b"cache-control", b"no-store"), (b"vary", b"Accept"), *raw_headers(headers)]
    return LightResponse(content["status"], media_type.encode(), body, extra)
