"""The six files of a dossier and their columns: the one list that reading, checking, the
datapackage and the documents follow.

How a cell is read is said by its `Cell` kind; what it must be, by the entity that it becomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from geo.entities import Actor, Control, Displacement, Report, Site, Source
from geo.vocabulary import (
    Activity,
    ActorKind,
    Cause,
    Code,
    Credibility,
    EventKind,
    PeopleKind,
    PlaceRole,
    Reliability,
    Role,
    SiteKind,
    SourceKind,
)


class Cell(Enum):
    """How the text of a cell is read."""

    ID = auto()  # a slug
    TEXT = auto()  # one line
    PROSE = auto()  # may have several lines
    NAMES = auto()  # names with | between
    CODE = auto()  # a member of a code list
    DATE = auto()  # a single EDTF date
    EDTF = auto()  # an EDTF date or interval
    INTEGER = auto()
    DECIMAL = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the file, and how its cells are read.

    field: the entity's field where it has another name. codes: the code list of a CODE cell.
    refers_to: the file whose key the cell must be.
    """

    name: str
    cell: Cell
    description: str
    required: bool = False
    codes: type[Code] | None = None
    refers_to: str | None = None
    field: str = ""

    @property
    def into(self) -> str:
        """The entity's field that the cell fills."""
        return self.field or self.name


Entity = Source | Site | Actor | Report | Control | Displacement


@dataclass(frozen=True, slots=True)
class Table:
    """One file: rows of one kind of entity, the first column is its key."""

    name: str
    entity: type[Entity]
    title: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The file's name in the folder."""
        return f"{self.name}.csv"

    @property
    def key(self) -> str:
        """The column that holds the id."""
        return self.columns[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """The header, in order."""
        return tuple(column.name for column in self.columns)


def _id(name: str, description: str) -> Column:
    return Column(name, Cell.ID, description, required=True)


def _ref(name: str, table: str, description: str, *, required: bool = False) -> Column:
    return Column(name, Cell.ID, description, required, refers_to=table)


def _code(name: str, codes: type[Code], description: str, *, required: bool = True) -> Column:
    return Column(name, Cell.CODE, description, required, codes=codes)


_PEOPLE_MIN = Column("people_min", Cell.INTEGER, "Least number of people; empty = not said.")
_PEOPLE_MAX = Column("people_max", Cell.INTEGER, "Greatest number of people; empty = not said.")
_SOURCE = _ref("source_id", "sources", "The source that says so.", required=True)
_LOCATOR = Column("locator", Cell.TEXT, "Where in the source it stands.", required=True)
_CREDIBILITY = _code("credibility", Credibility, "How credible the claim is (Admiralty number).")
_SUMMARY = Column("summary", Cell.PROSE, "What the source says, in our words.", required=True)
_NOTE = Column("note", Cell.PROSE, "What a reader should know beside it.")

SOURCES = Table(
    "sources",
    Source,
    "Published documents",
    (
        _id("source_id", "Stable id of the source."),
        Column("title", Cell.TEXT, "Title, or what the document is.", required=True),
        Column("publisher", Cell.TEXT, "Who published it.", required=True),
        _code("kind", SourceKind, "What sort of document it is."),
        Column("published", Cell.EDTF, "When it was published (EDTF level 1)."),
        Column("url", Cell.TEXT, "Its address; empty = none known."),
        Column("language", Cell.TEXT, "ISO 639 code of its language.", required=True),
        _code("reliability", Reliability, "How reliable the source is (Admiralty letter)."),
    ),
)
SITES = Table(
    "sites",
    Site,
    "Places that reports speak of",
    (
        _id("site_id", "Stable id of the site."),
        Column("name", Cell.TEXT, "Name.", required=True),
        Column("names_other", Cell.NAMES, "Other spellings and local scripts, with | between."),
        _code("kind", SiteKind, "What sort of place it is."),
        _code("place_role", PlaceRole, "Whether reports speak of scam operations here."),
        Column("country", Cell.TEXT, "ISO 3166-1 alpha-2 code.", required=True),
        Column("admin1", Cell.TEXT, "State, region or province."),
        Column("admin2", Cell.TEXT, "District or township."),
        Column("lon", Cell.DECIMAL, "Longitude, degrees (CRS84).", required=True),
        Column("lat", Cell.DECIMAL, "Latitude, degrees (CRS84).", required=True),
        Column(
            "precision_m",
            Cell.INTEGER,
            "Radius in metres within which the place lies.",
            required=True,
        ),
        Column("location_basis", Cell.PROSE, "Where the point comes from.", required=True),
        _ref("location_source_id", "sources", "The source of the point.", required=True),
        _ref("parent_site_id", "sites", "The site that this one lies in."),
        _NOTE,
    ),
)
ACTORS = Table(
    "actors",
    Actor,
    "Armed groups, companies, networks, authorities and named leaders",
    (
        _id("actor_id", "Stable id of the actor."),
        Column("name", Cell.TEXT, "Name.", required=True),
        Column("names_other", Cell.NAMES, "Other names, with | between."),
        _code("kind", ActorKind, "What sort of actor it is."),
        _ref("parent_actor_id", "actors", "The actor that this one belongs to."),
        Column("country", Cell.TEXT, "ISO 3166-1 alpha-2 code."),
        Column("active_from", Cell.DATE, "When it began (EDTF date)."),
        Column("active_to", Cell.DATE, "When it ended (EDTF date)."),
        _NOTE,
        _ref("source_id", "sources", "The source of this row.", required=True),
    ),
)
REPORTS = Table(
    "reports",
    Report,
    "Dated claims about one site each",
    (
        _id("report_id", "Stable id of the report."),
        _ref("site_id", "sites", "The site it speaks of.", required=True),
        Column(
            "event_date",
            Cell.EDTF,
            "When it happened (EDTF level 1).",
            required=True,
            field="occurred",
        ),
        _code("event_kind", EventKind, "What is said to have happened."),
        _code("activity_after", Activity, "What the claim says of the activity afterwards."),
        _SUMMARY,
        _PEOPLE_MIN,
        _PEOPLE_MAX,
        _code("people_kind", PeopleKind, "Whom the number counts.", required=False),
        _SOURCE,
        _LOCATOR,
        _CREDIBILITY,
    ),
)
CONTROL = Table(
    "control",
    Control,
    "Claims that an actor has a role at a site over a period",
    (
        _id("control_id", "Stable id of the claim."),
        _ref("site_id", "sites", "The site.", required=True),
        _ref("actor_id", "actors", "The actor.", required=True),
        _code("role", Role, "What the actor is said to do there."),
        Column("valid", Cell.EDTF, "The period; .. = that end is not known.", required=True),
        Column("held_on", Cell.EDTF, "When the source says it is held; empty = on publication."),
        _SOURCE,
        _LOCATOR,
        _ref("start_source_id", "sources", "Who dates the start, where it is another source."),
        _ref("end_source_id", "sources", "Who dates the end, where it is another source."),
        _CREDIBILITY,
        _NOTE,
    ),
)
DISPLACEMENT = Table(
    "displacement",
    Displacement,
    "Claims that activity or people moved",
    (
        _id("flow_id", "Stable id of the claim."),
        _ref("from_site_id", "sites", "Where from; empty = not known."),
        _ref("to_site_id", "sites", "Where to; empty = not known."),
        Column("moved", Cell.EDTF, "When (EDTF level 1).", required=True),
        _code("cause", Cause, "The reason that the source gives.", required=False),
        _SUMMARY,
        _PEOPLE_MIN,
        _PEOPLE_MAX,
        _SOURCE,
        _LOCATOR,
        _CREDIBILITY,
    ),
)
TABLES = (SOURCES, SITES, ACTORS, REPORTS, CONTROL, DISPLACEMENT)
