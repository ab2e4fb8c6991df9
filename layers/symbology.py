"""How claims are drawn, on the web map and in print: colours, shapes, fills, opacities, labels.

The one place for each of them. What a code means is said in `geo.vocabulary`; here stands what it
looks like and, where a legend needs other words than the vocabulary's, those words. Everything is
"reported": a symbol shows a claim.

Activity is carried three times, so that it survives grey print and every common colour blindness:
by hue, by lightness (expanding darkest, reduced lightest of the filled ones) and by fill (full
with a plus, full, half, empty with a cross, empty).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from geo.vocabulary import Activity, Certainty, Credibility, PlaceRole, Role, SiteKind

Fill = Literal["full", "half", "empty"]
Mark = Literal["none", "plus", "cross"]
Shape = Literal["circle", "diamond", "square", "hexagon", "triangle", "label"]

INK = "#22262b"
"""Outlines and text on the map."""
PAPER = "#fdfcf9"
"""The halo round symbols and text, and the empty part of a symbol."""


@dataclass(frozen=True, slots=True)
class ActivityClass:
    """The look of a site by what is reported of its activity."""

    code: str
    label: str
    colour: str
    """Of the symbol."""
    tint: str
    """Of larger areas (bars, shares of a gathered symbol), where the unknown must not shout."""
    fill: Fill
    mark: Mark


ACTIVITY: tuple[ActivityClass, ...] = (
    ActivityClass(Activity.EXPANDING, "reported expanding", "#74104a", "#74104a", "full", "plus"),
    ActivityClass(Activity.ACTIVE, "reported active", "#cf3f1b", "#cf3f1b", "full", "none"),
    ActivityClass(Activity.REDUCED, "reported reduced", "#d69a00", "#d69a00", "half", "none"),
    ActivityClass(Activity.CLOSED, "reported closed", "#17617d", "#17617d", "empty", "cross"),
    ActivityClass(
        Activity.UNKNOWN, "not known at this date", "#6a7078", "#b4b9c0", "empty", "none"
    ),
)
"""In the order of the legend and of stacked bars, from growing to unknown."""


@dataclass(frozen=True, slots=True)
class AgeClass:
    """How strongly a state is drawn by the days since it was last observed."""

    max_age_days: int | None
    opacity: float
    label: str


CERTAINTY_BY_AGE: tuple[AgeClass, ...] = (
    AgeClass(90, 1.0, "observed within 90 days"),
    AgeClass(180, 0.78, "91 to 180 days before"),
    AgeClass(365, 0.58, "181 to 365 days before"),
    AgeClass(None, 0.4, "longer ago"),
)
"""First class whose `max_age_days` is not below the age; None takes the rest."""


@dataclass(frozen=True, slots=True)
class KindShape:
    """The outline of a site by its kind; `label` means text, never a pin."""

    code: str
    shape: Shape
    radius_px: float


KIND: tuple[KindShape, ...] = (
    KindShape(SiteKind.COMPOUND, "circle", 6.5),
    KindShape(SiteKind.ZONE, "diamond", 8.5),
    KindShape(SiteKind.TOWN, "square", 6.0),
    KindShape(SiteKind.CITY, "square", 7.0),
    KindShape(SiteKind.DISTRICT, "hexagon", 7.5),
    KindShape(SiteKind.ISLAND, "hexagon", 7.5),
    KindShape(SiteKind.SELF_ADMINISTERED_ZONE, "hexagon", 8.5),
    KindShape(SiteKind.RIVER_CROSSING, "triangle", 7.0),
    KindShape(SiteKind.STATE, "label", 0.0),
    KindShape(SiteKind.COUNTRY, "label", 0.0),
)

SHAPE_LABELS: dict[str, str] = {
    "circle": "compound",
    "diamond": "zone with several compounds",
    "square": "town or city",
    "hexagon": "district, island or self-administered zone",
    "triangle": "river or border crossing",
}

REGION_PRECISION_M = 100_000
"""From this radius on a place is a region: soft text, never a pin."""
CIRCLE_PRECISION_M = 30_000
"""Up to this radius the circle of precision is drawn for every site …"""
CIRCLE_ZOOM = 9
"""… from this zoom on (512 m a screen pixel on the Equator at zoom 8, 306 at zoom 9)."""


@dataclass(frozen=True, slots=True)
class PlaceStyle:
    """A place that is itself reported, or one shown for orientation."""

    code: str
    label: str
    colour: str | None
    radius_px: float | None


PLACE: tuple[PlaceStyle, ...] = (
    PlaceStyle(PlaceRole.HOTSPOT, "place of reported scam operations", None, None),
    PlaceStyle(PlaceRole.CONTEXT, "place for orientation only", "#7d838b", 3.5),
)


@dataclass(frozen=True, slots=True)
class FlowStyle:
    """The look of a displacement by the credibility of the claim (Admiralty number)."""

    code: int
    opacity: float
    dash: tuple[float, ...]


FLOW_COLOUR = "#3b3695"
FLOW_WIDTH_PX = 2.0
FLOW: tuple[FlowStyle, ...] = (
    FlowStyle(int(Credibility.CONFIRMED), 0.95, ()),
    FlowStyle(int(Credibility.PROBABLY_TRUE), 0.75, ()),
    FlowStyle(int(Credibility.POSSIBLY_TRUE), 0.5, ()),
    FlowStyle(int(Credibility.DOUBTFUL), 0.5, (6, 5)),
    FlowStyle(int(Credibility.IMPROBABLE), 0.4, (2, 5)),
    FlowStyle(int(Credibility.CANNOT_BE_JUDGED), 0.4, (2, 5)),
)


@dataclass(frozen=True, slots=True)
class RoleStyle:
    """The colour of a control bar by what the actor is said to do."""

    code: str
    colour: str


ROLE: tuple[RoleStyle, ...] = (
    RoleStyle(Role.CONTROLS_TERRITORY, "#332288"),
    RoleStyle(Role.PROTECTS, "#11703a"),
    RoleStyle(Role.OPERATES, "#882255"),
    RoleStyle(Role.OWNS_LAND, "#7a6a10"),
    RoleStyle(Role.INVESTS, "#a3621b"),
    RoleStyle(Role.CONTESTS, "#b93a4d"),
    RoleStyle(Role.POLICES, "#1d7a86"),
)
"""In the order in which roles are listed."""

CONTROL_CERTAINTY_LABELS: dict[str, str] = {
    Certainty.CERTAIN: "within what its source says",
    Certainty.POSSIBLE: "possible: its source does not say so of this day",
}


@dataclass(frozen=True, slots=True)
class RingStyle:
    """A ring round a symbol that says that claims differ."""

    code: Literal["contested", "disputed"]
    label: str
    colour: str
    dash: tuple[float, ...]


RINGS: tuple[RingStyle, ...] = (
    RingStyle("contested", "contested: reports of that time say otherwise", INK, ()),
    RingStyle("disputed", "control disputed between actors", "#332288", (3, 2.5)),
)


def symbols() -> dict[str, Any]:
    """Return all of the above as JSON-serialisable values, for the map and the API."""
    return {
        "ink": INK,
        "paper": PAPER,
        "activity": [asdict(item) for item in ACTIVITY],
        "age": [asdict(item) for item in CERTAINTY_BY_AGE],
        "kind": [asdict(item) for item in KIND],
        "shape_labels": SHAPE_LABELS,
        "region_precision_m": REGION_PRECISION_M,
        "circle_precision_m": CIRCLE_PRECISION_M,
        "circle_zoom": CIRCLE_ZOOM,
        "place": [asdict(item) for item in PLACE],
        "flow": {
            "label": "reported move of activity or people",
            "unknown_end_label": "where from or to is not known, or only the country or state",
            "colour": FLOW_COLOUR,
            "width_px": FLOW_WIDTH_PX,
            "by_credibility": [asdict(item) for item in FLOW],
        },
        "role": [asdict(item) for item in ROLE],
        "control_certainty": CONTROL_CERTAINTY_LABELS,
        "rings": [asdict(item) for item in RINGS],
    }
