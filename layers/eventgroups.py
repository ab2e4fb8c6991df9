"""Kinds of event taken together where there is no room for each: the bars of the time bar.

The colours are Okabe and Ito's (jfly.uni-koeln.de/color, 2008), which stay apart under every common
colour blindness; the grey is that of what is not known in `layers.symbology`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from geo.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Kinds of event that are drawn alike. Its name is in the catalogue of texts."""

    code: str
    colour: str
    kinds: tuple[EventKind, ...]


EVENT_GROUPS: tuple[EventGroup, ...] = (
    EventGroup(
        "running",
        "#d55e00",
        (EventKind.ESTABLISHED, EventKind.OPERATING, EventKind.EXPANSION, EventKind.RESUMPTION),
    ),
    EventGroup("moves", "#e69f00", (EventKind.RELOCATION_IN, EventKind.RELOCATION_OUT)),
    EventGroup("enforcement", "#0072b2", (EventKind.RAID, EventKind.CLOSURE, EventKind.DEMOLITION)),
    EventGroup("release", "#56b4e9", (EventKind.RELEASE,)),
    EventGroup("pressure", "#009e73", (EventKind.SANCTION, EventKind.INFRASTRUCTURE_CUT)),
    EventGroup("conflict", "#cc79a7", (EventKind.CONFLICT,)),
    EventGroup("statement", "#b4b9c0", (EventKind.STATEMENT,)),
)
"""In the order of stacked bars, from below."""


def event_groups() -> list[dict[str, Any]]:
    """The groups as JSON-serialisable values."""
    return [asdict(group) for group in EVENT_GROUPS]
