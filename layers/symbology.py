"""How claims are drawn, on the web map and in print: colours, shapes, fills, opacities, labels.

The one place for each of them. What a code means is said in `geo.vocabulary`; here stands what it
looks like and, where a legend needs other words than the vocabulary's, those words. Everything is
"reported": a symbol shows a claim.

Activity is carried three times, so that it survives grey print and every common colour blindness:
by hue, by lightness (ten units of CIE L* or more from class to class) and by fill (full with a
plus, full, half, empty with a cross, empty). Actors are carried by colour alone, which is why only
a few have one. What each palette guarantees is held by tests/layers/test_symbology.py.

Every colour has two forms: on light paper, which print uses, and on dark. Darkness is turned round:
what stands out most from the light paper does so from the dark.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from geo.vocabulary import Activity, Certainty, Credibility, PlaceRole, Role, SiteKind
from layers.countrylabels import COUNTRY_LABELS

Scheme = Literal["light", "dark"]
Fill = Literal["full", "half", "empty"]
Mark = Literal["none", "plus", "cross"]
Shape = Literal["circle", "diamond", "square", "hexagon", "triangle", "label"]

INK, INK_DARK = "#22262b", "#f0ede6"
"""Outlines and text on the map."""
PAPER, PAPER_DARK = "#fdfcf9", "#181b20"
"""The halo round symbols and text, and the empty part of a symbol."""
CHOSEN, CHOSEN_DARK = "#0b57d0", "#7fb2ff"
"""The ring round what is chosen or pointed at."""


@dataclass(frozen=True, slots=True)
class ActivityClass:
    """The look of a site by what is reported of its activity."""

    code: str
    label: str
    fill: Fill
    mark: Mark
    colour: str
    """Of the symbol."""
    colour_dark: str
    faint: str | None = None
    faint_dark: str | None = None

    @property
    def tint(self) -> str:
        """Of larger areas (bars, shares of a gathered symbol): the unknown must not shout."""
        return self.faint or self.colour

    @property
    def tint_dark(self) -> str:
        """The same on dark."""
        return self.faint_dark or self.colour_dark


ACTIVITY: tuple[ActivityClass, ...] = (
    ActivityClass(
        Activity.EXPANDING, "reported expanding", "full", "plus",
        colour="#64042f", colour_dark="#fad5df",
    ),
    ActivityClass(
        Activity.ACTIVE, "reported active", "full", "none",
        colour="#c62a24", colour_dark="#f5835f",
    ),
    ActivityClass(
        Activity.REDUCED, "reported reduced", "half", "none",
        colour="#db910d", colour_dark="#91661f",
    ),
    ActivityClass(
        Activity.CLOSED, "reported closed", "empty", "cross",
        colour="#03527c", colour_dark="#7fc6fc",
    ),
    ActivityClass(
        Activity.UNKNOWN, "not known at this date", "empty", "none",
        colour="#80848c", colour_dark="#828992", faint="#b4b9c0", faint_dark="#4a5159",
    ),
)  # fmt: skip
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


STALE_LABEL = "not observed for long"
STALE_DASH = (2.2, 2.0)
"""The outline of a site whose last observation is too old to say anything of this date."""


@dataclass(frozen=True, slots=True)
class ActorColour:
    """One of the colours that go to the actors who are said to hold the most sites."""

    colour: str
    colour_dark: str


ACTORS: tuple[ActorColour, ...] = (
    ActorColour("#f62672", "#fb007f"),
    ActorColour("#588ade", "#95a3df"),
    ActorColour("#948b00", "#e0bf2e"),
    ActorColour("#004d3d", "#49bdb0"),
    ActorColour("#443a65", "#6373e6"),
    ActorColour("#4c310b", "#449b00"),
    ActorColour("#576e44", "#b7eca6"),
)
"""In the order in which they are given out. No actor has a colour of its own in the code: who holds
how many sites is data, and the order of that decides (`actors.js`)."""
OTHER_ACTOR = ActorColour("#8c9098", "#7c7d80")
NO_ACTOR = ActorColour("#80848c", "#828992")
ACTOR_ROLES = (Role.CONTROLS_TERRITORY, Role.PROTECTS)
"""Roles that colour a site by actor: who holds the territory, else who protects the place."""
ACTOR_LABELS = {
    "other": "another actor",
    "none": "no claim of control at this date",
}


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
    colour_dark: str | None
    radius_px: float | None


PLACE: tuple[PlaceStyle, ...] = (
    PlaceStyle(PlaceRole.HOTSPOT, "place of reported scam operations", None, None, None),
    PlaceStyle(PlaceRole.CONTEXT, "place for orientation only", "#7d838b", "#8b929b", 3.5),
)


@dataclass(frozen=True, slots=True)
class FlowStyle:
    """The look of a displacement by the credibility of the claim (Admiralty number)."""

    code: int
    opacity: float
    dash: tuple[float, ...]


FLOW_COLOUR, FLOW_COLOUR_DARK = "#3b3695", "#b3aaf2"
FLOW_WIDTH_PX = 1.8
"""Of the arrow of one claim; of n claims the width is this times the square root of n …"""
FLOW_WIDEST_PX = 8.0
"""… up to this."""
FLOW_REGION_ZOOM = 6.5
"""Below this zoom flows are bundled by region, from it on by the symbols at their ends …"""
FLOW_CLAIM_ZOOM = 9.0
"""… and from this on every claim is an arrow of its own."""
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
    colour_dark: str


ROLE: tuple[RoleStyle, ...] = (
    RoleStyle(Role.CONTROLS_TERRITORY, "#332288", "#a79df5"),
    RoleStyle(Role.PROTECTS, "#11703a", "#4fbf7d"),
    RoleStyle(Role.OPERATES, "#882255", "#e48cb9"),
    RoleStyle(Role.OWNS_LAND, "#7a6a10", "#c9b64a"),
    RoleStyle(Role.INVESTS, "#a3621b", "#e39a4f"),
    RoleStyle(Role.CONTESTS, "#b93a4d", "#f0808f"),
    RoleStyle(Role.POLICES, "#1d7a86", "#54c3d0"),
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
    colour_dark: str
    dash: tuple[float, ...]


RINGS: tuple[RingStyle, ...] = (
    RingStyle("contested", "contested: reports of that time say otherwise", INK, INK_DARK, ()),
    RingStyle("disputed", "control disputed between actors", "#332288", "#a79df5", (3, 2.5)),
)


@dataclass(frozen=True, slots=True)
class BasemapColours:
    """The map below the symbols: quiet, so that nothing on it competes with a claim."""

    beyond: str
    sea: str
    land: str
    coast: str
    border: str
    region: str
    river: str
    moei: str


BASEMAP: dict[Scheme, BasemapColours] = {
    "light": BasemapColours(
        beyond="#e9e6df", sea="#d9e4ea", land="#f6f3ec", coast="#a9bcc6",
        border="#8d8598", region="#d5cdc2", river="#a8c5d4", moei="#8fbdd3",
    ),
    "dark": BasemapColours(
        beyond="#10131a", sea="#151d26", land="#232a31", coast="#41525f",
        border="#837c91", region="#3b434c", river="#35505f", moei="#3f6c84",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelColours:
    """Names on the map, by what they name."""

    halo: str
    site: str
    context: str
    region: str
    country: str
    admin1: str
    place: str
    city: str
    dot: str


LABELS: dict[Scheme, LabelColours] = {
    "light": LabelColours(
        halo=f"{PAPER}e6", site=INK, context="#4c535c", region="#5a4a7a", country="#6f6a78",
        admin1="#74695c", place="#545b63", city="#474d55", dot="#7d838b",
    ),
    "dark": LabelColours(
        halo=f"{PAPER_DARK}e6", site=INK_DARK, context="#b9bec5", region="#c3b4ea",
        country="#a5a0b0", admin1="#a3998b", place="#a9afb7", city="#c0c5cb", dot="#8b929b",
    ),
}  # fmt: skip


def _drawn(item: Any, scheme: Scheme) -> dict[str, Any]:
    """The fields of a style in a scheme: `colour_dark` stands in for `colour`, and so on."""
    values = asdict(item)
    names = [field.name for field in fields(item) if not field.name.endswith("_dark")]
    if scheme == "light":
        return {name: values[name] for name in names}
    return {name: values.get(f"{name}_dark", values[name]) for name in names}


def _activity(item: ActivityClass, scheme: Scheme) -> dict[str, Any]:
    drawn = _drawn(item, scheme)
    del drawn["faint"]
    return {**drawn, "tint": item.tint_dark if scheme == "dark" else item.tint}


def symbols() -> dict[str, Any]:
    """Return all of the above as JSON-serialisable values, for the map and the API.

    Those of the light scheme, and under `dark` the same ones of the dark scheme.
    """
    return {**_symbols("light"), "dark": _symbols("dark")}


def ground(scheme: Scheme = "light") -> dict[str, Any]:
    """The part of `symbols` that the map below the claims needs."""
    return {
        "paper": PAPER if scheme == "light" else PAPER_DARK,
        "basemap": asdict(BASEMAP[scheme]),
        "labels": asdict(LABELS[scheme]),
        "countries": [asdict(item) for item in COUNTRY_LABELS],
    }


def _symbols(scheme: Scheme) -> dict[str, Any]:
    dark = scheme == "dark"
    return {
        **ground(scheme),
        "ink": INK_DARK if dark else INK,
        "chosen": CHOSEN_DARK if dark else CHOSEN,
        "activity": [_activity(item, scheme) for item in ACTIVITY],
        "stale": {"label": STALE_LABEL, "dash": STALE_DASH},
        "actors": {
            "roles": [role.value for role in ACTOR_ROLES],
            "colours": [_drawn(item, scheme)["colour"] for item in ACTORS],
            "other": _drawn(OTHER_ACTOR, scheme)["colour"],
            "none": _drawn(NO_ACTOR, scheme)["colour"],
            "labels": ACTOR_LABELS,
        },
        "age": [asdict(item) for item in CERTAINTY_BY_AGE],
        "kind": [asdict(item) for item in KIND],
        "shape_labels": SHAPE_LABELS,
        "region_precision_m": REGION_PRECISION_M,
        "circle_precision_m": CIRCLE_PRECISION_M,
        "circle_zoom": CIRCLE_ZOOM,
        "place": [_drawn(item, scheme) for item in PLACE],
        "flow": {
            "label": "reported move of activity or people",
            "unknown_end_label": "where from or to is not known, or only the country or state",
            "colour": FLOW_COLOUR_DARK if dark else FLOW_COLOUR,
            "width_px": FLOW_WIDTH_PX,
            "widest_px": FLOW_WIDEST_PX,
            "region_zoom": FLOW_REGION_ZOOM,
            "claim_zoom": FLOW_CLAIM_ZOOM,
            "by_credibility": [asdict(item) for item in FLOW],
        },
        "role": [_drawn(item, scheme) for item in ROLE],
        "control_certainty": CONTROL_CERTAINTY_LABELS,
        "rings": [_drawn(item, scheme) for item in RINGS],
    }
