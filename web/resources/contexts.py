"""What the template of each kind of resource is given; each needs a `heading`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalog import LAYERS, REPORTS, Layer
from layers.columns import Column
from layers.formats import FORMATS
from web.parameters import parameter_named
from web.resources import asked, examples, features, table
from web.resources.addresses import Site, asked_anew, link_to, query_of
from web.resources.mapdata import SmallMap, small_map
from web.resources.values import citation, days, meanings, place_text, prose
from web.resources.words import LINK_GROUPS, conformance_groups, crs_name, format_uses

Document = Mapping[str, Any]
Context = dict[str, Any]
_LAYERS = {layer.id: layer for layer in LAYERS}
_CRS84 = "/CRS84"


def landing(document: Document, _layer: Layer | None, site: Site) -> Context:
    """The start."""
    return {
        "heading": str(document.get("title") or "Scam Atlas"),
        "first_examples": examples.examples_of(REPORTS, site)[:2],
        "formats": len(FORMATS),
        "layers": LAYERS,
        "link_groups": LINK_GROUPS,
    }


def conformance(document: Document, _layer: Layer | None, _site: Site) -> Context:
    """Conformance classes by standard."""
    named = [str(address) for address in document.get("conformsTo") or []]
    return {"heading": "Standards that are met", "standards": conformance_groups(named)}


def collections(document: Document, _layer: Layer | None, _site: Site) -> Context:
    """The layers."""
    described = [_described(one) for one in document.get("collections") or []]
    return {"heading": "Layers", "described": described}


_IN_THE_TABLE = frozenset(("id", "title", "description", "extent", "links"))


def _described(document: Document) -> Context:
    extent = document.get("extent") or {}
    return {
        "document": document,
        "layer": _LAYERS.get(str(document.get("id"))),
        "boxes": (extent.get("spatial") or {}).get("bbox") or [],
        "intervals": [
            tuple(_day(end) for end in interval)
            for interval in (extent.get("temporal") or {}).get("interval") or []
        ],
        "rest": {key: value for key, value in document.items() if key not in _IN_THE_TABLE},
    }


def _day(end: object) -> str | None:
    """The day of a time that is only a day."""
    return str(end).removesuffix("T00:00:00Z") if end is not None else None


def collection(document: Document, layer: Layer | None, site: Site) -> Context:
    """One layer: what it holds, what its columns mean, and how to get it."""
    systems = [str(address) for address in document.get("crs") or []]
    return _described(document) | {
        "heading": str(document.get("title") or document.get("id") or "Layer"),
        "systems": [(crs_name(address), address) for address in systems],
        "columns": layer.columns if layer else (),
        "meanings": meanings,
        "prose": prose,
        "examples": examples.examples_of(layer, site) if layer else [],
        "files": [
            (title, site.file(layer.id, extension), media_type, use)
            for title, extension, media_type, use in format_uses()
        ]
        if layer
        else [],
        "extent_rest": _extent_rest(document.get("extent") or {}),
    }


def _extent_rest(extent: Mapping[str, Any]) -> Context:
    """What an extent says besides its boxes and intervals, such as their systems."""
    shown = ("bbox", "interval")
    return {
        part: {name: value for name, value in said.items() if name not in shown}
        for part, said in extent.items()
        if isinstance(said, Mapping)
    }


def properties(document: Document, layer: Layer | None, site: Site) -> Context:
    """Queryables and schema: one row a property."""
    given = document.get("properties") or {}
    of = layer.title if layer else document.get("title") or "All layers"
    filters = examples.filter_of(layer) if layer else None
    return {
        "heading": f"{of}: properties",
        "rows": [_property(str(name), said, layer) for name, said in given.items()],
        "example_filter": filters,
        "filter_address": examples.filter_address(layer, site) if layer else None,
    }


_PROPERTY_MEMBERS = frozenset(
    [
        "title",
        "description",
        "type",
        "format",
        "enum",
        "x-ogc-role",
        "x-ogc-unit",
        "x-ogc-collectionId",
    ]
)


def _property(name: str, said: object, layer: Layer | None) -> Context:
    members: Mapping[str, Any] = said if isinstance(said, Mapping) else {"schema": said}
    codes = _codes(members)
    column: Column | None = None
    if layer is not None:
        column = next((one for one in layer.columns if one.name == name), None)
    known = meanings(column.codes) if column is not None and column.codes is not None else {}
    kinds = members.get("type")
    return {
        "name": name,
        "title": members.get("title"),
        "type": " or ".join(map(str, kinds)) if isinstance(kinds, list) else kinds,
        "format": members.get("format"),
        "meaning": prose(str(members.get("description") or (column and column.description) or "")),
        "codes": [(code, title or known.get(str(code), "")) for code, title in codes],
        "role": members.get("x-ogc-role"),
        "of_layer": members.get("x-ogc-collectionId"),
        "unit": members.get("x-ogc-unit"),
        "rest": {
            key: value
            for key, value in members.items()
            if key not in _PROPERTY_MEMBERS and not (key == "oneOf" and codes)
        },
    }


def _codes(members: Mapping[str, Any]) -> list[tuple[object, str]]:
    """The codes that a schema allows, by `enum` or as constants with titles."""
    choices = members.get("oneOf")
    if isinstance(choices, list) and all(
        isinstance(one, Mapping) and not one.keys() - {"const", "title"} for one in choices
    ):
        return [(one.get("const"), str(one.get("title") or "")) for one in choices]
    listed = members.get("enum")
    return [(code, "") for code in listed] if isinstance(listed, list) else []


def items(document: Document, layer: Layer | None, site: Site) -> Context:
    """A page of features."""
    found = document.get("features") or []
    address = link_to(document, "self") or (site.items(layer.id) if layer else None)
    query = query_of(address)
    names = table.columns_of(found, layer)
    id_name = table.id_column(found, names)
    if id_name is not None:
        names = names[1:]
    titles = [features.name_of(feature, layer) for feature in found]
    return {
        "heading": f"{layer.title}: features" if layer else "Features",
        "asked": asked.asked_in_words(query),
        "id_name": id_name,
        "names": names,
        "rows": table.table_rows(found, names, layer, site),
        "files": asked.selection_files(layer, query, site) if layer else [],
        "forms": asked.page_forms(address) if address else [],
        "sizes": asked.page_sizes(address) if address else [],
        "prev": _as_page(link_to(document, "prev")),
        "next": _as_page(link_to(document, "next")),
        **_map_context(small_map(found, layer, site.root, titles), query, address),
    }


def _as_page(address: str | None) -> str | None:
    """The same address, but never to another form than a page."""
    if address is None or "f" not in dict(query_of(address)):
        return address
    return asked_anew(address, f="html")


def _map_context(found: SmallMap | None, query: list[tuple[str, str]], address: object) -> Context:
    """The map, only of coordinates that are degrees of longitude and latitude."""
    crs = dict(query).get("crs")
    if crs is not None and not crs.endswith(_CRS84):
        with_map = asked_anew(str(address), without=("crs", "token")) if address else None
        return {"map": None, "map_elsewhere": with_map}
    return {"map": found, "map_elsewhere": None}


def item(document: Document, layer: Layer | None, site: Site) -> Context:
    """One feature with its sources."""
    said = document.get("properties") or {}
    heading = features.name_of(document, layer)
    address = link_to(document, "self")
    source = features.source_of(said, layer)
    dated = any(name in said for name in ("possible_from", "certain_from"))
    return {
        "heading": heading,
        "said_by": features.said_by(said, layer),
        "sections": features.sections_of(said, layer, site),
        "citation": citation(source, site) if source is not None else None,
        "summary": source.get("summary") if source is not None else None,
        "summary_label": "The claim, in our words" if source is said else "The report it rests on",
        "dated": said.get(layer.time_column) if layer and layer.time_column else None,
        "days": days(said) if dated else None,
        "related": features.related(document.get("id"), layer, site),
        "place": place_text(document.get("geometry")),
        **_map_context(
            small_map([document], layer, site.root, [heading]), query_of(address), address
        ),
    }


def tilesets(document: Document, layer: Layer | None, _site: Site) -> Context:
    """The tile sets of a layer, or of all of them together."""
    of = f"{layer.title}: tiles" if layer else "Tiles of all layers"
    return {"heading": str(document.get("title") or of), "crs_name": crs_name}


def tileset(document: Document, _layer: Layer | None, _site: Site) -> Context:
    """One tile set."""
    return {"heading": str(document.get("title") or "Tile set"), "crs_name": crs_name}


def tile_matrix_sets(_document: Document, _layer: Layer | None, _site: Site) -> Context:
    """The grids that tiles lie on."""
    return {"heading": "Tile matrix sets"}


def tile_matrix_set(document: Document, _layer: Layer | None, _site: Site) -> Context:
    """One grid."""
    heading = document.get("title") or document.get("id") or "Tile matrix set"
    return {"heading": str(heading), "crs_name": crs_name}


_HELP = {
    400: "One of the values in the address cannot be answered. Change it and ask again.",
    404: "There is nothing at this address. The layers start at the links below.",
    405: "This address can be read (GET, HEAD), not written.",
    406: "No form of the answer fits the Accept header. Ask with f=json or f=html.",
    429: "Too many requests came at once. Wait a few seconds and ask again.",
    500: "The fault is ours and was logged. The same request may go wrong again.",
    503: "The service or its database is busy. Wait a few seconds and ask again.",
}


def problem(document: Document, _layer: Layer | None, _site: Site) -> Context:
    """What went wrong, and what to do."""
    status = document.get("status")
    name = str(document.get("parameter") or "")
    known = parameter_named(name)
    return {
        "heading": str(document.get("title") or "The request cannot be answered"),
        "help": _HELP.get(status) if isinstance(status, int) else None,
        "parameter": name,
        "parameter_meaning": prose(known.meaning) if known else None,
        "parameter_example": known.example if known else None,
        "layers": LAYERS,
    }
