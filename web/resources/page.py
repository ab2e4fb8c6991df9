"""The frame of every page: where it stands, its other forms, and what of the document is left."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from layers.catalog import ATTRIBUTION, LAYERS, LICENSE_URL, Layer
from web.rendering import TEMPLATES
from web.resources import contexts
from web.resources.addresses import Site, asked_anew, link_to, web_address
from web.resources.values import anything, label_of
from web.resources.words import link_group, rel_name

Document = Mapping[str, Any]
# Not characters of HTML, and half of a surrogate pair is none at all.
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# Controls of the direction of text; a title has no element that would end them.
_DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_TITLE = 120


class Kind(StrEnum):
    """Which resource a document is."""

    LANDING = "landing"
    CONFORMANCE = "conformance"
    COLLECTIONS = "collections"
    COLLECTION = "collection"
    QUERYABLES = "queryables"
    SCHEMA = "schema"
    ITEMS = "items"
    ITEM = "item"
    TILESETS = "tilesets"
    TILESET = "tileset"
    TILE_MATRIX_SETS = "tilematrixsets"
    TILE_MATRIX_SET = "tilematrixset"
    PROBLEM = "problem"


@dataclass(frozen=True)
class _Page:
    """How one kind of document becomes a page.

    known: the members that the template shows; the others are shown as they are.
    """

    template: str
    media_type: str
    known: frozenset[str]
    context: Callable[[Document, Layer | None, Site], dict[str, Any]]


def _page(
    template: str,
    known: str,
    context: Callable[[Document, Layer | None, Site], dict[str, Any]],
    media_type: str = "application/json",
) -> _Page:
    return _Page(f"resource_{template}.html", media_type, frozenset(known.split()), context)


_GEOJSON = "application/geo+json"
_SCHEMA = "application/schema+json"
_PAGES = {
    Kind.LANDING: _page("landing", "title description attribution links", contexts.landing),
    Kind.CONFORMANCE: _page("conformance", "conformsTo links", contexts.conformance),
    Kind.COLLECTIONS: _page("collections", "collections links", contexts.collections),
    Kind.COLLECTION: _page(
        "collection",
        "id title description attribution extent itemType crs storageCrs links",
        contexts.collection,
    ),
    Kind.QUERYABLES: _page(
        "properties", "$id title description properties links", contexts.properties, _SCHEMA
    ),
    Kind.SCHEMA: _page(
        "properties", "$id title description properties links", contexts.properties, _SCHEMA
    ),
    Kind.ITEMS: _page(
        "items",
        "type features links numberMatched numberReturned timeStamp",
        contexts.items,
        _GEOJSON,
    ),
    Kind.ITEM: _page("item", "type id geometry properties links", contexts.item, _GEOJSON),
    Kind.TILESETS: _page("tilesets", "title description tilesets links", contexts.tilesets),
    Kind.TILESET: _page(
        "tileset",
        "title description dataType crs tileMatrixSetURI tileMatrixSetLimits layers links",
        contexts.tileset,
    ),
    Kind.TILE_MATRIX_SETS: _page(
        "tilematrixsets", "tileMatrixSets links", contexts.tile_matrix_sets
    ),
    Kind.TILE_MATRIX_SET: _page(
        "tilematrixset",
        "id title description uri crs orderedAxes wellKnownScaleSet tileMatrices links",
        contexts.tile_matrix_set,
    ),
    Kind.PROBLEM: _page(
        "problem",
        "type title status detail parameter",
        contexts.problem,
        "application/problem+json",
    ),
}


def resource_page(kind: Kind, document: Document, *, base: str, layer: Layer | None = None) -> str:
    """The page of a resource.

    document: the JSON document of the same resource, `links` and all. base: the address of the
    service without a slash at the end. layer: the one that the resource belongs to, if any.
    """
    page, site = _PAGES[kind], Site(base)
    if layer is None and kind is Kind.COLLECTION:
        layer = next((known for known in LAYERS if known.id == document.get("id")), None)
    context = page.context(document, layer, site)
    address = _address(kind, document, layer, site)
    frame = {
        "document": document,
        "kind": kind.value,
        "layer": layer,
        "site": site,
        "root": site.root,
        "title": _title(context["heading"]),
        "trail": _trail(kind, context["heading"], layer, site),
        "links": _links(document.get("links")),
        "as_json": asked_anew(address, f="json") if address else None,
        "alternates": _alternates(page, document, address),
        "rest": [(label_of(n), value) for n, value in document.items() if n not in page.known],
        "attribution": ATTRIBUTION,
        "license_url": LICENSE_URL,
        "anything": anything,
        "label_of": label_of,
        "view_links": _links,
    }
    html = TEMPLATES.get_template(page.template).render(context | frame)
    return _NO_CHARACTER.sub("\ufffd", html)


def _title(heading: str) -> str:
    clean = _DIRECTION.sub("", heading)
    return clean if len(clean) <= _LONGEST_TITLE else f"{clean[: _LONGEST_TITLE - 1]}…"


def _address(kind: Kind, document: Document, layer: Layer | None, site: Site) -> str | None:
    """The address of the resource itself; None where a problem stands in its place."""
    if kind is Kind.PROBLEM:
        return None
    found = link_to(document, "self") or web_address(document.get("$id"))
    if found:
        return found
    below = site.collection(layer.id) if layer else site.ogc
    return {
        Kind.LANDING: site.ogc,
        Kind.CONFORMANCE: f"{site.ogc}/conformance",
        Kind.COLLECTIONS: f"{site.ogc}/collections",
        Kind.COLLECTION: below,
        Kind.QUERYABLES: f"{below}/queryables",
        Kind.SCHEMA: f"{below}/schema",
        Kind.ITEMS: f"{below}/items",
        Kind.TILESETS: f"{below}/tiles",
        Kind.TILE_MATRIX_SETS: f"{site.ogc}/tileMatrixSets",
    }.get(kind)


def _alternates(page: _Page, document: Document, address: str | None) -> list[tuple[str, str]]:
    """Media type and address of the other forms of the resource."""
    found = {page.media_type: asked_anew(address, f="json")} if address else {}
    for link in _links(document.get("links")):
        if link["rel"] == "alternate" and link["address"] and link["type"] != "text/html":
            found[link["type"]] = link["address"]
    return list(found.items())


def _links(links: object) -> list[dict[str, Any]]:
    """Every link of a document; `address` is None where a browser must not follow it."""
    given = [link for link in links if isinstance(link, Mapping)] if isinstance(links, list) else []
    return [
        {
            **link,
            "href": str(link.get("href", "")),
            "rel": str(link.get("rel", "")),
            "type": str(link.get("type", "")),
            "title": str(link.get("title") or rel_name(str(link.get("rel", "")))),
            "group": link_group(str(link.get("rel", ""))),
            "means": rel_name(str(link.get("rel", ""))),
            "address": None if link.get("templated") else web_address(link.get("href")),
        }
        for link in given
    ]


def _trail(
    kind: Kind, heading: str, layer: Layer | None, site: Site
) -> list[tuple[str, str | None]]:
    """The way to the page, from the map on; the last part is the page itself."""
    start: list[tuple[str, str | None]] = [("Scam Atlas", f"{site.root}/")]
    data = f"{site.root}/ogc"
    if kind is Kind.LANDING:
        return [*start, ("Data", None)]
    start.append(("Data", data))
    if kind in (Kind.CONFORMANCE, Kind.PROBLEM, Kind.TILE_MATRIX_SETS):
        return [*start, (heading, None)]
    if kind is Kind.TILE_MATRIX_SET:
        return [*start, ("Tile matrix sets", f"{data}/tileMatrixSets"), (heading, None)]
    if kind is Kind.COLLECTIONS:
        return [*start, ("Layers", None)]
    if layer is None:
        whole = [("Tiles", f"{data}/tiles")] if kind is Kind.TILESET else []
        return [*start, *whole, ("Tiles" if kind is Kind.TILESETS else heading, None)]
    own = f"{data}/collections/{layer.id}"
    start.append(("Layers", f"{data}/collections"))
    if kind is Kind.COLLECTION:
        return [*start, (layer.title, None)]
    start.append((layer.title, own))
    parent = {Kind.ITEM: ("Features", f"{own}/items"), Kind.TILESET: ("Tiles", f"{own}/tiles")}
    here = {
        Kind.ITEMS: "Features",
        Kind.TILESETS: "Tiles",
        Kind.QUERYABLES: "Queryables",
        Kind.SCHEMA: "Schema",
    }.get(kind, heading)
    return [*start, *([parent[kind]] if kind in parent else []), (here, None)]
