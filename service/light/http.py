"""Requests and responses of the light endpoints: only what they need of ASGI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, quote

from starlette.types import Scope, Send

from service.api.errors import UnknownParameter
from service.compression import COMPRESS_FROM_BYTES, best_encoding, compressed, is_compressible
from service.limits import LargeTurn
from service.security import RawHeaders, header_lines, headers_of, lines_of

_MAX_PARAMETERS = 100
PIECE_BYTES = 256 * 1024
# In the scope of a request to our own server: writes a whole answer (service.protocol).
SEND_WHOLE = "scam_atlas.send_whole"


_SHORT_PATH = 200
_quoted = lru_cache(maxsize=2_000)(quote)


class LightRequest:
    """What a light endpoint is told of a request."""

    __slots__ = ("headers", "path", "public_url", "scope")

    def __init__(self, scope: Scope, path: str, public_url: str | None) -> None:
        self.scope = scope
        self.path = path
        self.public_url = public_url
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

    def header(self, name: bytes) -> str | None:
        """The header of that (lower-case) name; the last where it stands several times."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

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
        path = self.path
        quoted = _quoted(path) if len(path) <= _SHORT_PATH else quote(path)
        return f"{self.base}{quoted}" + (f"?{query}" if query else "")

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


class LongBody:
    """A body of many parts that are joined only as they are sent, and let go of with that.

    parts are taken as they are, one after the other, and the list is emptied.
    """

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._size = sum(map(len, parts))
        self._parts.reverse()

    def __len__(self) -> int:
        """Bytes in all."""
        return self._size

    def pieces(self) -> Iterator[bytes]:
        """The body in pieces of PIECE_BYTES or a part more."""
        while self._parts:
            piece, size = [], 0
            while self._parts and size < PIECE_BYTES:
                piece.append(self._parts.pop())
                size += len(piece[-1])
            yield b"".join(piece)


@dataclass(slots=True)
class LightResponse:
    """A whole answer, ready to be sent."""

    status: int
    media_type: bytes
    body: bytes | LongBody
    headers: RawHeaders = field(default_factory=list)
    turn: LargeTurn | None = None
    """Whose end lets the next large answer be made; this one ends it once it is sent."""


def encoding_for(request: LightRequest) -> str | None:
    """The coding in which send_response sends a body to this client; part of an ETag."""
    return best_encoding(request.headers.get(b"accept-encoding"))


async def send_response(request: LightRequest, response: LightResponse, send: Send) -> None:
    """Send status, headers and body; compressed where the client takes that, empty for HEAD.

    A large body is handed over in pieces, each when the client has taken those before it; a small
    answer goes to our own server as one piece of bytes, which saves it half of its work.
    """
    headers, body = response.headers, response.body
    if response.status == 304:
        body = b""
    else:
        headers = [*headers, (b"content-type", response.media_type)]
        if len(body) >= COMPRESS_FROM_BYTES:
            encoding = encoding_for(request)
            if encoding is not None and _gains(response.media_type):
                whole = body if isinstance(body, bytes) else b"".join(body.pieces())
                body = await compressed(encoding, whole)
                headers.append((b"content-encoding", encoding.encode()))
        headers.append((b"content-length", b"%d" % len(body)))
        if request.scope["method"] == "HEAD":
            body = b""
    send_whole = request.scope.get(SEND_WHOLE)
    if send_whole is not None and isinstance(body, bytes) and len(body) <= PIECE_BYTES:
        head = lines_of(request.path) + header_lines(headers)
        if send_whole(response.status, head, body):
            return
    headers = [*headers_of(request.path), *headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    for piece in _pieces(body):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _pieces(body: bytes | LongBody) -> Iterator[bytes | memoryview]:
    if isinstance(body, LongBody):
        yield from body.pieces()
        return
    whole = memoryview(body)
    for start in range(0, len(whole), PIECE_BYTES):
        yield whole[start : start + PIECE_BYTES]


@lru_cache(maxsize=64)
def _gains(media_type: bytes) -> bool:
    return is_compressible(media_type.decode("latin-1"))
