"""Headers that keep a browser from running or loading anything that is not ours."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}


def policy(wider: Mapping[str, str] | None = None) -> str:
    """The Content-Security-Policy; `wider` are directives that one page has in place of others."""
    directives = _POLICY | dict(wider or {})
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


CONTENT_SECURITY_POLICY = policy()
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# The data are public and no answer depends on who asks: any page may read them, without cookies.
OPEN_TO_READ = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, ETag, Content-Crs, Content-Disposition, Retry-After, Allow, OGC-NumberMatched, "
        "OGC-NumberReturned"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
_OPEN_PATHS = ("/ogc", "/layers/", "/map/", "/oembed", "/openapi.json")
# A figure opened by its own address carries its styles and fonts with it, and runs nothing.
_FIGURES = "/figures/"
_POLICY_OF_FIGURES = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
RawHeaders = list[tuple[bytes, bytes]]


def raw_headers(headers: Mapping[str, str]) -> RawHeaders:
    """Headers as ASGI has them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


def header_lines(headers: RawHeaders) -> bytes:
    """Headers as HTTP has them. Raises ValueError where one would end its line."""
    parts: list[bytes] = []
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
    lines = b"".join(parts)
    if not lines.count(b"\n") == lines.count(b"\r") == len(headers) or b"\0" in lines:
        raise ValueError("A header would end before its line does")
    return lines


_RAW = raw_headers(HEADERS)
OPEN_HEADERS = [*_RAW, *raw_headers(OPEN_TO_READ)]
_CLOSED_HEADERS = [*_RAW, (b"cross-origin-resource-policy", b"same-origin")]

_OPEN_LINES, _CLOSED_LINES = header_lines(OPEN_HEADERS), header_lines(_CLOSED_HEADERS)
_FIGURE_HEADERS = raw_headers(
    {**HEADERS, **OPEN_TO_READ, "Content-Security-Policy": _POLICY_OF_FIGURES}
)
_FIGURE_LINES = header_lines(_FIGURE_HEADERS)


def headers_of(path: str) -> RawHeaders:
    """The headers of every answer of that path, errors too; not to be changed."""
    if path.startswith(_FIGURES):
        return _FIGURE_HEADERS
    return OPEN_HEADERS if path.startswith(_OPEN_PATHS) else _CLOSED_HEADERS


def lines_of(path: str) -> bytes:
    """The same as HTTP has them."""
    if path.startswith(_FIGURES):
        return _FIGURE_LINES
    return _OPEN_LINES if path.startswith(_OPEN_PATHS) else _CLOSED_LINES


class SecurityHeaders:
    """ASGI middleware that adds them to every response, and says how long it may be kept.

    What a response says itself holds: the map's page has a policy of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the headers with its response."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        added = headers_of(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                names = {name.lower() for name, _ in given}
                own = [pair for pair in added if pair[0] not in names]
                if not any(name == b"cache-control" for name, _ in given):
                    kept = b"no-store" if message["status"] >= 400 else b"no-cache"
                    given = [*given, (b"cache-control", kept)]
                message = {**message, "headers": [*own, *given]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
