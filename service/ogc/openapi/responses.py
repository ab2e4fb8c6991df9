"""The responses: 200 with what a resource offers, and every status that may come instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from layers.schemas import Schema
from service.api.errors import PROBLEM_MEDIA_TYPE, STATUS
from service.api.negotiation import HTML, Media
from service.ogc.openapi.schemas import ref

# What may come from every resource beside its own answer.
ALWAYS = (400, 408, 413, 414, 429, 431, 500, 503)
UNCHANGED = 304
NOT_ACCEPTABLE = 406
# The server itself sends these, before there is a request for the application (service.protocol).
_OF_THE_SERVER = {
    408: "The request took too long to be sent",
    414: "The address is too long",
    431: "The headers are too large",
    500: "An error of ours, which was logged",
}


def _titles() -> dict[int, str]:
    """What each status may mean, from the one table of errors."""
    titles: dict[int, list[str]] = {status: [title] for status, title in _OF_THE_SERVER.items()}
    for _, status, title in STATUS:
        known = titles.setdefault(status, [])
        known += [] if title in known else [title]
    return {status: "; ".join(titles[status]) for status in sorted(titles)}


_WAITS = (429, 503)
_HEADERS: Mapping[str, Schema] = {
    "ETag": {
        "description": "Stands for this answer; send it back with If-None-Match",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The links of the document (RFC 8288)",
        "schema": {"type": "string"},
    },
    "Content-Crs": {
        "description": "The system of the coordinates, its URI in angle brackets",
        "schema": {"type": "string", "pattern": "^<[^>]+>$"},
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def header_components() -> dict[str, Schema]:
    """The headers that responses name."""
    return dict(_HEADERS)


def problem_components() -> dict[str, Schema]:
    """One response for each status that is not an answer."""
    unchanged = {"description": "Nothing has changed since the answer that If-None-Match names"}
    return {str(UNCHANGED): unchanged} | {
        str(status): {
            "description": title,
            **({"headers": _header_refs(("Retry-After",))} if status in _WAITS else {}),
            "content": {PROBLEM_MEDIA_TYPE: {"schema": ref("Problem")}},
        }
        for status, title in _titles().items()
    }


def responses(
    description: str,
    content: Mapping[str, Schema],
    *also: int,
    headers: Iterable[str] = (),
) -> Schema:
    """200 with one of these media types; also: statuses beside those of every resource."""
    found: Schema = {
        "description": description,
        "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
    }
    if headers:
        found["headers"] = _header_refs(headers)
    others = sorted({*ALWAYS, *also})
    return {"200": found} | {
        str(status): {"$ref": f"#/components/responses/{status}"} for status in others
    }


def content(offered: Sequence[Media], schema: Schema) -> dict[str, Schema]:
    """Each representation with its schema; schema: that of plain JSON."""
    return {media.media_type: _shape(media, schema) for media in offered}


def _shape(media: Media, schema: Schema) -> Schema:
    if media.id == "json":
        return schema
    return {"type": "object" if media.media_type.endswith("+json") else "string"}


def page() -> dict[str, Schema]:
    """Only a page to read."""
    return content((HTML,), {})


def _header_refs(names: Iterable[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
