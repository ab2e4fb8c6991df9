"""One feature for people: what it is called, who says so, and all its properties in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from geo.vocabulary import Code, EventKind, Role
from layers import symbology
from layers.catalog import (
    ACTORS,
    CONTROL,
    DISPLACEMENT,
    HOTSPOTS,
    REPORTS,
    SOURCES,
    Layer,
)
from layers.columns import BOUNDS, SITE, SOURCE, ColumnType
from web.resources.addresses import Site, with_query
from web.resources.values import full, label_of, meanings, prose, text

Properties = Mapping[str, Any]
_SOURCE_NAMES = frozenset(column.name for column in SOURCE)
_PLACE_NAMES = frozenset(column.name for column in SITE) | {
    "name", "names_other", "kind", "admin2", "parent_site_id", "parent_name", "location_basis",
}  # fmt: skip
_TIME_NAMES = frozenset(column.name for column in BOUNDS) | {
    "occurred", "valid", "held_on", "moved", "published", "datetime", "last_observed", "age_days",
    "first_reported", "active_from", "active_to",
}  # fmt: skip
_ACTIVITY = {item.code: item.label for item in symbology.ACTIVITY}


@dataclass(frozen=True)
class Field:
    """One property of a feature, ready to be read."""

    name: str
    label: str
    meaning: Markup
    value: Markup
    wide: bool
    """Whether it is a table, which takes the whole width."""


@dataclass(frozen=True)
class Section:
    """Properties that belong together."""

    id: str
    title: str
    fields: list[Field]


def name_of(feature: Mapping[str, Any], layer: Layer | None) -> str:
    """What a person would call the feature."""
    properties = feature.get("properties") or {}
    named = _NAMED.get(layer.id) if layer else None
    found = named(properties) if named else None
    return found or str(feature.get("id") or "Feature")


def _event(said: Properties) -> str | None:
    what = _meaning(EventKind, said.get("event_kind"))
    return _phrase(said.get("site_name"), what)


def _holding(said: Properties) -> str | None:
    what = _meaning(Role, said.get("role"))
    who = said.get("actor_name")
    return _phrase(said.get("site_name"), f"{who} {what}" if who and what else who or what)


def _move(said: Properties) -> str | None:
    if "from_name" not in said and "to_name" not in said:
        return None
    unknown = "a place not known"
    return f"{said.get('from_name') or unknown} → {said.get('to_name') or unknown}"


def _phrase(place: object, what: object) -> str | None:
    if place and what:
        return f"{place}: {what}"
    return str(place or what) if place or what else None


def _meaning(codes: type[Code], code: object) -> str | None:
    return meanings(codes).get(str(code)) if code is not None else None


_NAMED: dict[str, Callable[[Properties], str | None]] = {
    HOTSPOTS.id: lambda said: said.get("name"),
    REPORTS.id: _event,
    CONTROL.id: _holding,
    DISPLACEMENT.id: _move,
    ACTORS.id: lambda said: said.get("name"),
    SOURCES.id: lambda said: said.get("title"),
}


def source_of(said: Properties, layer: Layer | None) -> Properties | None:
    """What names the source of a feature: its own properties, or the report that decides."""
    if any(said.get(name) for name in ("source_title", "source_publisher", "source_url")):
        return said if layer is None or layer.id != SOURCES.id else None
    evidence = said.get("evidence")
    first = evidence[0] if isinstance(evidence, list) and evidence else None
    return first if isinstance(first, Mapping) else None


def related(feature_id: object, layer: Layer | None, site: Site) -> list[tuple[str, str]]:
    """The claims of other layers that speak of the feature: title and address."""
    name, layers = _RELATED.get(layer.id, ("", ())) if layer is not None else ("", ())
    return [
        (other.title, with_query(site.items(other.id), [(name, str(feature_id))]))
        for other in layers
    ]


_RELATED: dict[str, tuple[str, tuple[Layer, ...]]] = {
    HOTSPOTS.id: ("site_id", (REPORTS, CONTROL)),
    ACTORS.id: ("actor_id", (CONTROL,)),
    SOURCES.id: ("source_id", (REPORTS, CONTROL, DISPLACEMENT)),
}


def said_by(said: Properties, layer: Layer | None) -> Markup:
    """Who reports it, before anything is read as a fact."""
    if layer is not None and layer.id == HOTSPOTS.id:
        return _state(said)
    if layer is not None and layer.id == SOURCES.id:
        return _by("Published by", said.get("publisher"), said.get("published"))
    word = "Described by" if layer is not None and layer.id == ACTORS.id else "Reported by"
    return _by(word, said.get("source_publisher"), said.get("source_published"))


def _by(word: str, publisher: object, published: object) -> Markup:
    who = text(publisher) if publisher else Markup("the source named below")
    when = Markup(", published %s") % text(published) if published else Markup("")
    return Markup("%s %s%s.") % (word, who, when)


def _state(site: Properties) -> Markup:
    """The state of a site in words: what is reported, when it was last observed, whether agreed."""
    day = site.get("datetime")
    label = _ACTIVITY.get(str(site.get("activity")), "reported, activity not known")
    said = Markup("As of %s: %s") % (text(day), label) if day else Markup("%s") % label
    if site.get("last_observed"):
        said += Markup("; last observed %s") % text(site["last_observed"])
    if site.get("contested"):
        said += Markup("; contested: reports of that time say otherwise")
    if site.get("disputed"):
        said += Markup("; control disputed between actors")
    return said + Markup(". This is what reports say, not a finding.")


def sections_of(said: Properties, layer: Layer | None, site: Site) -> list[Section]:
    """Every property, in sections: the claim, the time, the place, the source."""
    known = {column.name: column for column in layer.columns} if layer else {}
    order = [name for name in known if name in said] + [n for n in said if n not in known]
    groups: dict[str, list[Field]] = {}
    for name in order:
        column = known.get(name)
        meaning = prose(column.description) if column else Markup("")
        wide = column is not None and column.kind is ColumnType.OBJECTS and bool(said[name])
        field = Field(name, label_of(name), meaning, full(said[name], column, site), wide)
        groups.setdefault(_group(name, layer), []).append(field)
    titles = _titles(layer)
    return [Section(key, title, groups[key]) for key, title in titles.items() if key in groups]


def _titles(layer: Layer | None) -> dict[str, str]:
    first = {
        HOTSPOTS.id: "What is reported",
        ACTORS.id: "The actor",
        SOURCES.id: "The document",
    }.get(layer.id if layer else "", "The claim")
    return {"claim": first, "time": "The time", "place": "The place", "source": "The source"}


def _group(name: str, layer: Layer | None) -> str:
    if layer is not None and layer.id == SOURCES.id:
        return "time" if name in _TIME_NAMES else "claim"
    if name in _SOURCE_NAMES or name.startswith(("start_", "end_")):
        return "source"
    if name in _TIME_NAMES:
        return "time"
    of_place = name in _PLACE_NAMES or name.startswith(("from_", "to_", "location_"))
    if of_place and not (layer is not None and layer.id == ACTORS.id):
        return "place"
    return "claim"
