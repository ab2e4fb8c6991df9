"""Which actor has which colour, by the rule of the web map (`actors.js`).

Those who are said to hold or protect the most sites, at whatever time, have a colour of their own;
everybody else takes that of the nearest actor above, or shares one. Persons have none: they take
their group's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.vocabulary import ActorKind
from layers import symbology
from layers.figures.claims import Site

_MOST_HOLDERS = 3


@dataclass(frozen=True, slots=True)
class ActorPalette:
    """Which actor has which colour. classes: id, name, colour; of: the class of each actor."""

    classes: tuple[tuple[str, str, str], ...] = ()
    of: tuple[tuple[str, str], ...] = ()

    def colour(self, key: str) -> str:
        """Of a class."""
        if key == "none":
            return symbology.NO_ACTOR.colour
        return next((c for k, _, c in self.classes if k == key), symbology.OTHER_ACTOR.colour)

    def label(self, key: str) -> str:
        """Of a class, for the legend."""
        if key in symbology.ACTOR_LABELS:
            return symbology.ACTOR_LABELS[key]
        return next((name for k, name, _ in self.classes if k == key), key)

    def holders(self, site: Site) -> tuple[tuple[str, ...], int | None]:
        """The classes of who is said to hold the site, else to protect it; days since said."""
        known = dict(self.of)
        for role in symbology.ACTOR_ROLES:
            claims = [item for item in site.control if item.role == role]
            if claims:
                keys = tuple(dict.fromkeys(known.get(item.actor_id, "other") for item in claims))
                ages = [(site.day - item.last_said).days for item in claims if item.last_said]
                return keys[:_MOST_HOLDERS], min(ages, default=10_000)
        return ("none",), None


def actor_palette(
    control: Sequence[Mapping[str, Any]], actors: Sequence[Mapping[str, Any]]
) -> ActorPalette:
    """The palette of all claims of control. control, actors: properties of those layers."""
    known = {item["actor_id"]: item for item in actors}
    sites: dict[str, set[str]] = {}
    for claim in control:
        if claim["role"] in symbology.ACTOR_ROLES:
            sites.setdefault(_group(claim["actor_id"], known), set()).add(claim["site_id"])
    ranked = sorted(sites, key=lambda actor: (-len(sites[actor]), actor))
    classes = tuple(
        (actor, str(known[actor]["name"]) if actor in known else actor, given.colour)
        for actor, given in zip(ranked, symbology.ACTORS, strict=False)
    )
    coloured = {actor for actor, _, _ in classes}
    held = sorted({claim["actor_id"] for claim in control})
    return ActorPalette(classes, tuple((a, _class_of(a, known, coloured)) for a in held))


def _group(actor: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    given = known.get(actor, {})
    above = given.get("parent_actor_id")
    return str(above) if given.get("kind") == ActorKind.PERSON and above else actor


def _class_of(actor: str, known: Mapping[str, Mapping[str, Any]], coloured: set[str]) -> str:
    seen: set[str] = set()
    at: str | None = actor
    while at and at not in seen:
        if at in coloured:
            return at
        seen.add(at)
        at = known.get(at, {}).get("parent_actor_id")
    return "other"
