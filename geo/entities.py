"""Source, Site, Actor, Report, Control, Displacement: frozen, and valid once built.

Rules that need one entity only are checked here; rules between entities (a source that exists, a
parent without a circle, a point inside its country) by geo.dossier.validation, and both again by
the constraints of the database. Every `*_id` is a slug; every date is EDTF text, parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from urllib.parse import urlsplit

from geo.dates import EDTF, EDTFDate
from geo.errors import InvalidEntity
from geo.vocabulary import (
    Activity,
    ActorKind,
    Cause,
    Credibility,
    EventKind,
    PeopleKind,
    PlaceRole,
    Reliability,
    Role,
    SiteKind,
    SourceKind,
)

SLUG = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
SLUG_RULE = "lower-case letters and digits, with - or -- between, at most 80 characters"
SLUG_LENGTH = 80
COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
# No place on Earth is known less exactly than "somewhere on it".
MAX_PRECISION_M = 20_000_000
MAX_PEOPLE = 1_000_000_000


def check_slug(field: str, value: str) -> None:
    """Raise InvalidEntity unless the value is a stable id."""
    if len(value) > SLUG_LENGTH or not SLUG.fullmatch(value):
        raise InvalidEntity(field, f"an id is made of {SLUG_RULE}")


def _check_text(field: str, value: str) -> None:
    if not value.strip():
        raise InvalidEntity(field, "must not be empty")


def _check_country(value: str | None) -> None:
    if value is not None and not COUNTRY.fullmatch(value):
        raise InvalidEntity("country", "a country is two capital letters (ISO 3166-1 alpha-2)")


def _check_people(least: int | None, most: int | None) -> None:
    for field, people in (("people_min", least), ("people_max", most)):
        if people is not None and not 0 <= people <= MAX_PEOPLE:
            raise InvalidEntity(
                field, f"a number of people is not negative, and at most {MAX_PEOPLE}"
            )
    if least is not None and most is not None and least > most:
        raise InvalidEntity("people_max", f"people_max is less than people_min ({least})")


@dataclass(frozen=True, slots=True)
class Source:
    """A document that somebody published."""

    source_id: str
    title: str
    publisher: str
    kind: SourceKind
    published: EDTF | None
    url: str | None
    language: str
    reliability: Reliability

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("source_id", self.source_id)
        _check_text("title", self.title)
        _check_text("publisher", self.publisher)
        if not LANGUAGE.fullmatch(self.language):
            raise InvalidEntity("language", "a language is an ISO 639 code such as en or my")
        if self.url is not None:
            try:
                parts = urlsplit(self.url)
            except ValueError as error:
                raise InvalidEntity("url", f"not an address: {error}") from error
            if any(character.isspace() for character in self.url):
                raise InvalidEntity("url", "an address has no blanks")
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise InvalidEntity("url", "an address starts with http:// or https://")


@dataclass(frozen=True, slots=True)
class Site:
    """A place that reports speak of.

    lon, lat: CRS84 degrees. precision_m: radius in metres within which the place lies.
    """

    site_id: str
    name: str
    names_other: tuple[str, ...]
    kind: SiteKind
    place_role: PlaceRole
    country: str
    admin1: str | None
    admin2: str | None
    lon: float
    lat: float
    precision_m: int
    location_basis: str
    location_source_id: str
    parent_site_id: str | None
    note: str | None

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("site_id", self.site_id)
        _check_text("name", self.name)
        _check_text("location_basis", self.location_basis)
        _check_country(self.country)
        if not isfinite(self.lon) or not -180 <= self.lon <= 180:
            raise InvalidEntity("lon", "a longitude is a number from -180 to 180 degrees")
        if not isfinite(self.lat) or not -90 <= self.lat <= 90:
            raise InvalidEntity("lat", "a latitude is a number from -90 to 90 degrees")
        if not 0 < self.precision_m <= MAX_PRECISION_M:
            raise InvalidEntity(
                "precision_m", f"a radius in metres, above 0 and up to {MAX_PRECISION_M}"
            )
        if self.parent_site_id == self.site_id:
            raise InvalidEntity("parent_site_id", "a site is not its own parent")


@dataclass(frozen=True, slots=True)
class Actor:
    """An armed group, company, network, government body, or a leader whom a notice names."""

    actor_id: str
    name: str
    names_other: tuple[str, ...]
    kind: ActorKind
    parent_actor_id: str | None
    country: str | None
    active_from: EDTFDate | None
    active_to: EDTFDate | None
    note: str | None
    source_id: str

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("actor_id", self.actor_id)
        _check_text("name", self.name)
        _check_country(self.country)
        if self.parent_actor_id == self.actor_id:
            raise InvalidEntity("parent_actor_id", "an actor is not its own parent")
        if (
            self.active_from
            and self.active_to
            and self.active_to.latest < self.active_from.earliest
        ):
            raise InvalidEntity("active_to", "active_to lies before active_from")


@dataclass(frozen=True, slots=True)
class Report:
    """One dated claim about one site."""

    report_id: str
    site_id: str
    occurred: EDTF
    event_kind: EventKind
    activity_after: Activity
    summary: str
    people_min: int | None
    people_max: int | None
    people_kind: PeopleKind | None
    source_id: str
    locator: str
    credibility: Credibility

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("report_id", self.report_id)
        _check_text("summary", self.summary)
        _check_text("locator", self.locator)
        _check_people(self.people_min, self.people_max)


@dataclass(frozen=True, slots=True)
class Control:
    """A claim that an actor has a role at a site over a period.

    held_on: when the source itself says that the role is held; None = when it was published.
    start_source_id, end_source_id: who dates that end, where it is another source.
    """

    control_id: str
    site_id: str
    actor_id: str
    role: Role
    valid: EDTF
    held_on: EDTF | None
    source_id: str
    locator: str
    start_source_id: str | None
    end_source_id: str | None
    credibility: Credibility
    note: str | None

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("control_id", self.control_id)
        _check_text("locator", self.locator)


@dataclass(frozen=True, slots=True)
class Displacement:
    """A claim that activity or people moved; one of its two ends may be unknown."""

    flow_id: str
    from_site_id: str | None
    to_site_id: str | None
    moved: EDTF
    cause: Cause | None
    summary: str
    people_min: int | None
    people_max: int | None
    source_id: str
    locator: str
    credibility: Credibility

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        check_slug("flow_id", self.flow_id)
        _check_text("summary", self.summary)
        _check_text("locator", self.locator)
        _check_people(self.people_min, self.people_max)
        if self.from_site_id is None and self.to_site_id is None:
            raise InvalidEntity("to_site_id", "a displacement has at least one known end")
        if self.from_site_id == self.to_site_id:
            raise InvalidEntity("to_site_id", "a displacement does not end where it starts")
