"""What a column of a layer is, and the groups of columns that several layers share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from geo import vocabulary as v


class ColumnType(StrEnum):
    """What a column holds; the names are those of JSON Schema, dates apart."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    URI = "uri"
    STRINGS = "array of string"
    OBJECTS = "array of object"


@dataclass(frozen=True)
class Column:
    """One property of a layer's features, present in each of them, null where not known.

    required: it is known of every feature, so it is never null.
    """

    name: str
    kind: ColumnType
    description: str
    codes: type[v.Code] | None = None
    unit: str | None = None
    fields: tuple[Column, ...] = ()
    required: bool = False

    @property
    def optional(self) -> Column:
        """The same column where it may be null."""
        return replace(self, required=False)

    def prefixed(self, prefix: str, of: str) -> Column:
        """The same column, told of a thing that may not be there: `title`, `start_source_title`."""
        description = f"{of}: {self.description}"
        return replace(self.optional, name=prefix + self.name, description=description)


def text(
    name: str, description: str, codes: type[v.Code] | None = None, *, required: bool = False
) -> Column:
    """A column of text, or of one code of a list."""
    return Column(name, ColumnType.STRING, description, codes, required=required)


def whole(
    name: str, description: str, unit: str | None = None, *, required: bool = False
) -> Column:
    """A column of whole numbers."""
    return Column(name, ColumnType.INTEGER, description, unit=unit, required=required)


def day(name: str, description: str, *, required: bool = False) -> Column:
    """A column of days."""
    return Column(name, ColumnType.DATE, description, required=required)


CREDIBILITY = Column(
    "credibility",
    ColumnType.INTEGER,
    "Admiralty grade of the claim, 1 confirmed to 5 improbable, 6 cannot be judged",
    v.Credibility,
    required=True,
)
LOCATOR = text("locator", "Where in the source the claim stands", required=True)
RELIABILITY = text(
    "reliability",
    "Admiralty grade of the source, A completely reliable to F",
    v.Reliability,
    required=True,
)
_SOURCE_TITLE = text("source_title", "Title of the source", required=True)
_SOURCE_PUBLISHER = text("source_publisher", "Who published the source", required=True)
_SOURCE_PUBLISHED = text("source_published", "When the source was published (EDTF)")
_SOURCE_URL = Column("source_url", ColumnType.URI, "Address of the source")

CITATION = (
    text("source_id", "Id of the source in the layer `sources`", required=True),
    _SOURCE_TITLE,
    _SOURCE_PUBLISHER,
    _SOURCE_PUBLISHED,
    _SOURCE_URL,
    RELIABILITY,
    LOCATOR,
    CREDIBILITY,
)
SOURCE = (
    CITATION[0],
    _SOURCE_TITLE,
    _SOURCE_PUBLISHER,
    text("source_kind", "What sort of document the source is", v.SourceKind, required=True),
    _SOURCE_PUBLISHED,
    _SOURCE_URL,
    text("source_language", "Language of the source (ISO 639)", required=True),
    RELIABILITY,
    LOCATOR,
    CREDIBILITY,
)
BOUNDS = (
    day("possible_from", "Earliest day on which it may hold; null = no limit is known"),
    day("possible_to", "Latest day on which it may hold; null = no limit is known"),
    day("certain_from", "First day on which it certainly holds; null = no day is certain"),
    day("certain_to", "Last day on which it certainly holds; null = no day is certain"),
)
PEOPLE = (
    whole("people_min", "Least number of people that the source gives; never add up over claims"),
    whole("people_max", "Greatest number of people that the source gives; never add up"),
)
PRECISION = whole(
    "precision_m", "Radius within which the place lies, around the point shown", "m", required=True
)
PLACE_ROLE = text(
    "place_role", "Hotspot, or a place given for orientation only", v.PlaceRole, required=True
)
SITE = (
    text("site_id", "Id of the site in the layer `hotspots`", required=True),
    text("site_name", "Name of the site", required=True),
    text("site_kind", "What sort of place the site is", v.SiteKind, required=True),
    PLACE_ROLE,
    text("country", "Country of the site (ISO 3166-1 alpha-2)", required=True),
    text("admin1", "First-level region of the site"),
    PRECISION,
    text("location_basis", "What the point of the site rests on", required=True),
)
