"""The claims of a sheet as plain values, read from the features that the API gives out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from geo.vocabulary import Activity, PlaceRole
from layers.symbology import KIND, REGION_PRECISION_M


@dataclass(frozen=True, slots=True)
class Source:
    """A document as a sheet cites it. published: EDTF."""

    source_id: str
    title: str
    publisher: str
    published: str | None
    url: str | None
    reliability: str

    @classmethod
    def read(cls, given: dict[str, Any]) -> Source:
        """From the citation of a claim."""
        return cls(
            given["source_id"],
            given["source_title"],
            given["source_publisher"],
            given["source_published"],
            given["source_url"],
            given["reliability"],
        )


class Claim(Protocol):
    """What every claim says of its source."""

    @property
    def source(self) -> Source:
        """The document."""

    @property
    def locator(self) -> str:
        """Where in it."""

    @property
    def credibility(self) -> int:
        """Admiralty grade of the claim."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one report says of a site. occurred: EDTF. decides: whether the state is its own."""

    report_id: str
    occurred: str
    event_kind: str
    activity_after: str
    summary: str
    decides: bool
    observed: date | None
    possible_from: date | None
    possible_to: date | None
    source: Source
    locator: str
    credibility: int

    @classmethod
    def read(cls, given: dict[str, Any]) -> Report:
        """From the evidence of a state, or a feature of `reports`."""
        properties = given.get("properties", given)
        return cls(
            properties["report_id"],
            properties["occurred"],
            properties["event_kind"],
            properties["activity_after"],
            properties["summary"],
            bool(properties.get("decides")),
            _day(properties.get("observed")),
            _day(properties.get("possible_from")),
            _day(properties.get("possible_to")),
            Source.read(properties),
            properties["locator"],
            properties["credibility"],
        )


@dataclass(frozen=True, slots=True)
class Holding:
    """A claim that an actor has a role at a site. valid: EDTF."""

    control_id: str
    actor_id: str
    actor_name: str
    actor_kind: str
    role: str
    valid: str
    certainty: str | None
    last_said: date | None
    possible_from: date | None
    possible_to: date | None
    certain_from: date | None
    certain_to: date | None
    site_name: str | None
    source: Source
    locator: str
    credibility: int

    @classmethod
    def read(cls, given: dict[str, Any]) -> Holding:
        """From the control of a state, or the properties of a feature of `control`."""
        return cls(
            given["control_id"],
            given["actor_id"],
            given["actor_name"],
            given["actor_kind"],
            given["role"],
            given["valid"],
            given.get("certainty"),
            _day(given.get("last_said")),
            _day(given["possible_from"]),
            _day(given["possible_to"]),
            _day(given["certain_from"]),
            _day(given["certain_to"]),
            given.get("site_name"),
            Source.read(given),
            given["locator"],
            given["credibility"],
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """A claim that activity or people moved. points: CRS84, both ends or the one known."""

    flow_id: str
    from_site_id: str | None
    from_name: str | None
    from_region: bool
    from_country: str | None
    to_site_id: str | None
    to_name: str | None
    to_region: bool
    to_country: str | None
    moved: str
    possible_from: date | None
    possible_to: date | None
    cause: str | None
    summary: str
    people_min: int | None
    people_max: int | None
    points: tuple[tuple[float, float], ...]
    source: Source
    locator: str
    credibility: int

    @classmethod
    def read(cls, feature: dict[str, Any]) -> Flow:
        """From a feature of `displacement`."""
        given = feature["properties"]
        found = feature["geometry"]["coordinates"]
        line = found if isinstance(found[0], list) else [found]
        return cls(
            given["flow_id"],
            given["from_site_id"],
            given["from_name"],
            is_region(given["from_kind"], given["from_precision_m"]),
            given["from_country"],
            given["to_site_id"],
            given["to_name"],
            is_region(given["to_kind"], given["to_precision_m"]),
            given["to_country"],
            given["moved"],
            _day(given["possible_from"]),
            _day(given["possible_to"]),
            given["cause"],
            given["summary"],
            given["people_min"],
            given["people_max"],
            tuple((lon, lat) for lon, lat in line),
            Source.read(given),
            given["locator"],
            given["credibility"],
        )


@dataclass(frozen=True, slots=True)
class Site:
    """The state of a site on a day, as reports up to it have it."""

    site_id: str
    name: str
    names_other: tuple[str, ...]
    kind: str
    context: bool
    country: str
    admin1: str | None
    parent_name: str | None
    lon: float
    lat: float
    precision_m: int
    location_basis: str
    located_by: str
    day: date
    activity: str
    last_known: str | None
    last_observed: date | None
    age_days: int | None
    contested: bool
    disputed: bool
    evidence: tuple[Report, ...]
    control: tuple[Holding, ...]
    reports_count: int
    first_reported: date | None

    @classmethod
    def read(cls, feature: dict[str, Any]) -> Site:
        """From a feature of `hotspots`."""
        given = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"]
        return cls(
            given["site_id"],
            given["name"],
            tuple(given["names_other"] or ()),
            given["kind"],
            given["place_role"] == PlaceRole.CONTEXT,
            given["country"],
            given["admin1"],
            given["parent_name"],
            lon,
            lat,
            given["precision_m"],
            given["location_basis"],
            given["location_source_publisher"],
            date.fromisoformat(given["datetime"]),
            given["activity"],
            given["last_known_activity"],
            _day(given["last_observed"]),
            given["age_days"],
            given["contested"],
            given["disputed"],
            tuple(Report.read(item) for item in given["evidence"] or ()),
            tuple(Holding.read(item) for item in given["control"] or ()),
            given["reports_count"],
            _day(given["first_reported"]),
        )

    @property
    def region(self) -> bool:
        """Whether it is so large or so vague that it is told as a text, never as a point."""
        return is_region(self.kind, self.precision_m)

    @property
    def spoken_of(self) -> bool:
        """Whether a report or a role speaks of it by the day; else nothing is drawn."""
        return bool(self.evidence or self.control)

    @property
    def running(self) -> bool:
        """Whether it is reported active or expanding."""
        return self.activity in (Activity.ACTIVE, Activity.EXPANDING)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim that its note cites."""
        return (*self.evidence, *self.control)


_LABELS = {item.code for item in KIND if item.shape == "label"}


def is_region(kind: str | None, precision_m: int | None) -> bool:
    """Whether a place is told as a text, never as a point."""
    return kind in _LABELS or (precision_m or 0) >= REGION_PRECISION_M


def cited_sources(claims: Iterable[Claim]) -> tuple[Source, ...]:
    """The documents of the claims, each once, by publisher and title."""
    found = {claim.source.source_id: claim.source for claim in claims}
    return tuple(
        sorted(found.values(), key=lambda s: (s.publisher.lower(), s.title.lower(), s.source_id))
    )


def in_order(sites: Sequence[Site]) -> list[Site]:
    """From north to south, as notes are numbered where the map gives no other order."""
    return sorted(sites, key=lambda site: (-site.lat, site.lon, site.site_id))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
