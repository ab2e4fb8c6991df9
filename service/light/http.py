"""Requests and responses of the light endpoints: only what they need of ASGI."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from starlette.types import Scope, Send

from service.api.errors import UnknownParameter
from service.security import HEADERS

COMPRESS_FROM_BYTES = 1000
_MAX_PARAMETERS = 50
_SECURITY = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


@dataclass(frozen=True, slots=True)
class LightRequest:
    """What a light endpoint is told of a request."""

    scope: Scope
    path: str
    public_url: str | None

    def header(self, name: bytes) -> str | None:
        """The first header of that (lower-case) name."""
        for key, value in self.scope["headers"]:
            if key == name:
                return str(value.decode("latin-1"))
        return None

    @property
    def base(self) -> str:
        """The address that links start with: the configured one, else the one asked for."""
        if self.public_url:
            return self.public_url
        host = self.header(b"host") or "{}:{}".format(*(self.scope.get("server") or ("", 0)))
        return f"{self.scope['scheme']}://{host}"

    @property
    def url(self) -> str:
        """The address of this very request."""
        query = self.scope["query_string"].decode("latin-1")
        return f"{self.base}{quote(self.path)}" + (f"?{query}" if query else "")

    def parameters(self, allowed: Iterable[str]) -> dict[str, str]:
        """The query parameters. Raises UnknownParameter for others, and for repeated ones."""
        query = self.scope["query_string"]
        if not query:
            return {}
        try:
            pairs = parse_qsl(
                query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MAX_PARAMETERS
            )
        except ValueError as error:
            raise UnknownParameter("", f"The query cannot be read: {error}") from error
        found = dict(pairs)
        for name, _ in pairs:
            if name not in allowed:
                known = ", ".join(sorted(allowed))
                raise UnknownParameter(
                    name[:100], f"Unknown parameter {name[:100]!r}; known here: {known}"
                )
        if len(found) < len(pairs):
            twice = next(n for n in found if sum(name == n for name, _ in pairs) > 1)
            raise UnknownParameter(twice, f"{twice} stands more than once; give it once")
        return found


@dataclass(slots=True)
class LightResponse:
    """A whole answer, ready to be sent."""

    status: int
    media_type: bytes
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


async def send_response(request: LightRequest, response: LightResponse, send: Send) -> None:
    """Send status, headers and body; compressed where the client takes that, empty for HEAD."""
    headers = [*_SECURITY, *response.headers]
    body = response.body
    if response.status != 304:
        headers.append((b"content-type", response.media_type))
        accepted = request.header(b"accept-encoding")
        if accepted and "gzip" in accepted and len(body) >= COMPRESS_FROM_BYTES:
            body = gzip.compress(body, compresslevel=4, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if request.scope["method"] == "HEAD" or response.status == 304:
        body = b""
    await send({"type": "http.response.body", "body": body})
