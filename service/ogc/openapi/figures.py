"""The paths of static maps, and of the sources as a bibliography."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geo.entities import SLUG, SLUG_LENGTH
from layers.bibliography import BIBLIOGRAPHIES
from layers.catalog import HOTSPOTS, SOURCES
from layers.figures import request as figures
from layers.figures.frames import FRAMES
from layers.schemas import Schema
from service.api.parameters import FILE_PARAMETERS
from service.figures.asked import ANY_PLACE, ENDINGS, media_type, query_parameters
from service.ogc.openapi.operation import Operation
from service.ogc.openapi.parameters import parameter_refs
from service.ogc.openapi.responses import UNCHANGED, responses

TAG = "Figures"
FRAME, FORMAT = "frame", "figureFormat"
# These are said of the features already, in the same words.
_SHARED = ("bbox", "datetime", "certainty", "filter", "filter-lang")


def figure_operations() -> Iterator[Operation]:
    """Figures of the named frames, and of any other place."""
    yield _figure(FRAME, "getFigure", "A static map of a named frame, or the pack of it")
    yield _figure(
        None,
        "getFigureOfPlace",
        "A static map of a box, a site or an actor, one of which has to be named; or its pack",
    )


def bibliography_operations() -> Iterator[Operation]:
    """The sources for reference managers."""
    for fmt in BIBLIOGRAPHIES:
        summary = f"Sources, or what of them matches, as {fmt.title}"
        # An array or text: what a reader of references makes of it is not for a schema.
        schema: Schema = {"type": "array", "items": {"type": "object"}}
        content = {fmt.media_type: schema if fmt.media_type.endswith("json") else _text()}
        yield Operation(
            f"/layers/{SOURCES.id}.{fmt.extension}",
            f"{SOURCES.id}.getBibliography.{fmt.id}",
            "Files",
            summary,
            responses(summary, content),
            tuple(parameter_refs(FILE_PARAMETERS, SOURCES, queryables=True)),
        )


def figure_components() -> dict[str, Schema]:
    """The parameters that only figures have."""
    found = {
        _key(name): {
            "name": name,
            "in": "query",
            "required": False,
            "style": "form",
            "explode": False,
            "description": figures.PARAMETERS[name],
            "schema": schema,
        }
        for name, schema in _schemas().items()
    }
    frames = {"type": "string", "enum": [frame.id for frame in FRAMES]}
    titles = "; ".join(f"{frame.id} = {frame.title}" for frame in FRAMES)
    formats = {"type": "string", "enum": [str(ending) for ending in ENDINGS]}
    return found | {
        _key(FRAME): _in_path(FRAME, frames, f"The frame: {titles}"),
        _key(FORMAT): _in_path(
            FORMAT, formats, "The format; zip = the figure in each, with all that it rests on"
        ),
    }


def _figure(frame: str | None, name: str, summary: str) -> Operation:
    place = f"{{{frame}}}" if frame else ANY_PLACE
    binary: Schema = {"type": "string", "format": "binary"}
    content = {
        media_type(ending): _text() if ending == figures.FigureFormat.SVG else binary
        for ending in ENDINGS
    }
    in_path = [FRAME, FORMAT] if frame else [FORMAT]
    return Operation(
        f"/figures/{place}.{{{FORMAT}}}",
        name,
        TAG,
        summary,
        responses(summary, content, UNCHANGED, 404, headers=("ETag",)),
        (*_refs(in_path), *_refs(query_parameters(named=frame is not None))),
    )


def _refs(names: Iterable[str]) -> Iterator[Schema]:
    for name in names:
        if name in _SHARED and name != "filter":
            key = name
        elif name in (FRAME, FORMAT) or (name in figures.PARAMETERS and name != "filter"):
            key = _key(name)
        else:
            key = f"{HOTSPOTS.id}.{name}"
        yield {"$ref": f"#/components/parameters/{key}"}


def _key(name: str) -> str:
    return f"figure.{name}"


def _schemas() -> dict[str, Schema]:
    day: Schema = {"type": "string", "format": "date"}
    slug: Schema = {"type": "string", "pattern": f"^{SLUG.pattern}$", "maxLength": SLUG_LENGTH}
    usual = figures.FigureRequest()
    return {
        "kind": _choice(figures.FigureKind, usual.kind),
        "site": slug,
        "radius": {
            "type": "number",
            "minimum": figures.MIN_RADIUS_KM,
            "maximum": figures.MAX_RADIUS_KM,
            "default": figures.DEFAULT_RADIUS_KM,
        },
        "actor": slug,
        "at": day,
        "from": day,
        "to": day,
        "dates": {"type": "array", "minItems": 2, "maxItems": figures.MAX_MULTIPLES, "items": day},
        "count": {
            "type": "integer",
            "minimum": 2,
            "maximum": figures.MAX_MULTIPLES,
            "default": figures.DEFAULT_MULTIPLES,
        },
        "compare": day,
        "style": _choice(figures.FigureStyle, usual.style),
        "size": {"type": "string", "default": usual.size, "example": "210x148"},
        "dpi": {
            "type": "integer",
            "minimum": figures.MIN_DPI,
            "maximum": figures.MAX_DPI,
            "default": figures.DEFAULT_DPI,
        },
        "title": {"type": "string", "minLength": 1, "maxLength": figures.MAX_TITLE},
        "labels": _choice(figures.Labels, usual.labels),
    }


def _choice(of: Iterable[str], default: str) -> Schema:
    return {"type": "string", "enum": [str(choice) for choice in of], "default": str(default)}


def _in_path(name: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
    }


def _text() -> Schema:
    return {"type": "string"}
