"""Which representation of a resource is given: by `f=`, else by the Accept header (RFC 9110)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.formats.model import CSV, GEOJSON, GEOJSONSEQ
from service.api.errors import NotAcceptable, UnknownParameter


@dataclass(frozen=True, slots=True)
class Media:
    """One representation. id: its name for `f=`; also: other media types that ask for it."""

    id: str
    media_type: str
    title: str
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


JSON = Media("json", "application/json", "JSON")
HTML = Media("html", "text/html", "a page to read", ("application/xhtml+xml",))
GEOJSON_ITEMS = Media("json", GEOJSON.media_type, GEOJSON.title, ("application/json",))
SEQUENCE = Media(GEOJSONSEQ.id, GEOJSONSEQ.media_type, GEOJSONSEQ.title)
TABLE = Media(CSV.id, CSV.media_type, CSV.title)
SCHEMA = Media("json", "application/schema+json", "JSON Schema", ("application/json",))

RESOURCE_MEDIA = (JSON, HTML)
SCHEMA_MEDIA = (SCHEMA, HTML)
ITEMS_MEDIA = (GEOJSON_ITEMS, HTML, SEQUENCE, TABLE)
ITEM_MEDIA = (GEOJSON_ITEMS, HTML)


def choose(offered: Sequence[Media], f: str | None, accept: str | None) -> Media:
    """The representation asked for; the first offered where all are as welcome.

    Raises UnknownParameter, NotAcceptable.
    """
    if f is not None:
        for media in offered:
            if media.id == f:
                return media
        known = ", ".join(media.id for media in offered)
        raise UnknownParameter("f", f"f: {f[:40]!r} is not served here; the formats are {known}")
    if not accept or accept == "*/*":
        return offered[0]
    ranges = [_range(part) for part in accept.split(",")]
    welcome = [_welcome(media, ranges) for media in offered]
    best = max(welcome)
    if best <= 0:
        known = ", ".join(media.media_type for media in offered)
        raise NotAcceptable(f"Accept: none of what is asked for is served; it has {known}")
    return offered[welcome.index(best)]


def _range(text: str) -> tuple[str, float]:
    """A media range and how welcome it is; a weight that cannot be read counts as 1."""
    media_type, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_type, min(max(float(value), 0.0), 1.0)
            except ValueError:
                break
    return media_type, 1.0


def _welcome(media: Media, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most special range that fits; the media type's own name first."""
    found = (-1, 0.0)
    for media_type in (media.media_type, *media.also):
        family = media_type.split("/")[0] + "/*"
        for name, weight in ranges:
            special = (name == media_type) * 3 or (name == family) * 2 or (name == "*/*") * 1
            if special and special > found[0]:
                found = (special, weight)
    return found[1]
