"""The least that a Starlette route can do: give 304 where the client's tag is the current one."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TAG = '"bench"'


async def _static(request: Request) -> Response:
    unchanged = request.headers.get("if-none-match") == TAG
    return Response(b"" if unchanged else b"{}", 304 if unchanged else 200, {"ETag": TAG})


app = Starlette(routes=[Route("/static", _static)])
