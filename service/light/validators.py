"""What every light answer says of keeping it, and whether a client holds it already."""

from __future__ import annotations

from service.light.http import LightRequest

CACHE = (b"cache-control", b"public, no-cache")
VARY = (b"vary", b"Accept, Accept-Encoding")


def held_validator(request: LightRequest, stem: str) -> bytes | None:
    """The client's validator, where this version of the data made it for this very address.

    stem: how validators of that version and address begin, the quotation mark included.
    """
    for tag in (request.header(b"if-none-match") or "").split(","):
        tag = tag.strip().removeprefix("W/")
        if tag.startswith(stem):
            return tag.encode("latin-1")
    return None
