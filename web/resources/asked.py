"""What a page of features was asked, in words, and the same selection in other forms."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from layers.catalog import Layer
from web.parameters import parameter_named
from web.resources.addresses import Query, Site, asked_anew, with_query
from web.resources.values import text
from web.resources.words import crs_name, format_uses

_OF_THE_PAGE = frozenset(("limit", "token", "f"))
_PAGE_FORMATS = (("GeoJSON", "json"), ("GeoJSON text sequence", "geojsonseq"), ("CSV", "csv"))
_PAGE_SIZES = ("10", "100", "1000")
_EDGES = ("west", "south", "east", "north")


@dataclass(frozen=True)
class Download:
    """The same features in another form."""

    title: str
    address: str
    media_type: str = ""
    use: str = ""


def asked_in_words(query: Query) -> list[tuple[str, str, Markup]]:
    """Each parameter: its name, what it asks for, and the value."""
    return [(name, _label(name), _value(name, value)) for name, value in query if name != "f"]


def _label(name: str) -> str:
    known = parameter_named(name)
    return known.label if known else "The property"


def _value(name: str, value: str) -> Markup:
    if name == "bbox":
        numbers = value.split(",")
        if len(numbers) == len(_EDGES):
            pairs = zip(_EDGES, numbers, strict=True)
            return Markup(", ").join(
                Markup("%s %s") % (edge, text(number)) for edge, number in pairs
            )
    if name == "datetime" and value.count("/") == 1:
        first, last = (end if end not in ("", "..") else None for end in value.split("/"))
        start = Markup("from %s") % text(first) if first else Markup("from the beginning")
        return Markup("%s %s") % (start, Markup("to %s") % text(last) if last else "on")
    if name == "sortby":
        return Markup(", then ").join(_order(part) for part in value.split(","))
    if name in ("crs", "bbox-crs", "filter-crs"):
        return text(crs_name(value))
    if name == "token":
        return Markup("a later or earlier one, by a link")
    if name == "filter":
        return Markup("<code>%s</code>") % text(value)
    known = parameter_named(name)
    return text(value) if known else Markup("%s = %s") % (text(name), text(value))


def _order(part: str) -> Markup:
    name = part.lstrip("+-")
    return Markup("%s (%s)") % (text(name), "falling" if part.startswith("-") else "rising")


def selection_files(layer: Layer, query: Query, site: Site) -> list[Download]:
    """All features that match, not only this page, in every file format."""
    kept = [(name, value) for name, value in query if name not in _OF_THE_PAGE]
    return [
        Download(title, with_query(site.file(layer.id, extension), kept), media_type, use)
        for title, extension, media_type, use in format_uses()
    ]


def page_forms(address: str) -> list[Download]:
    """The same page in the forms that pages have."""
    return [Download(title, asked_anew(address, f=form)) for title, form in _PAGE_FORMATS]


def page_sizes(address: str) -> list[tuple[str, str]]:
    """The same selection from its start with more or fewer features a page."""
    return [(size, asked_anew(address, without=("token",), limit=size)) for size in _PAGE_SIZES]
