"""The list of layers: what each holds, how it is asked in time, and what its columns mean.

The API's collections and schemas, the data files, the map and the documents read it. The SELECT
of a layer is layers/sql/<id>.sql and yields `id`, `geom`, `possible`, `certain` and every column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo import vocabulary as v
from geo.errors import NotFound
from layers.columns import (
    BOUNDS,
    CITATION,
    CREDIBILITY,
    LOCATOR,
    PEOPLE,
    PLACE_ROLE,
    PRECISION,
    SITE,
    SOURCE,
    Column,
    ColumnType,
    day,
    text,
    whole,
)


class TimeSemantics(StrEnum):
    """What `datetime` asks of a layer."""

    STATE = "state of each site on the day asked for (the end of an interval)"
    RANGE = "features that possibly hold within the time asked for"
    NONE = "features have no time: all match"


@dataclass(frozen=True)
class Layer:
    """One layer: a collection of the API, a data file, a part of the map.

    geometry: GeoJSON type of its features in CRS84, "Geometry" where they differ, None for none.
    time_column: the column with the EDTF text of when it holds; in a filter it stands for the
    possible range of days.
    """

    id: str
    title: str
    description: str
    geometry: str | None
    time: TimeSemantics
    columns: tuple[Column, ...]
    time_column: str | None = None

    def __hash__(self) -> int:
        """Of the id alone: what is kept by layer is looked up at every request."""
        return hash(self.id)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the properties, in their order in every output."""
        return tuple(column.name for column in self.columns)


ATTRIBUTION = "Scam Atlas dossier (CC BY 4.0); each claim by the source named with it"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"

_EVIDENCE = (
    text("report_id", "Id of the report in the layer `reports`", required=True),
    text("occurred", "Date as given (EDTF)", required=True),
    day("observed", "The day on which it observed, as seen from the day asked for", required=True),
    text("event_kind", "What is said to have happened", v.EventKind, required=True),
    text("activity_after", "What is said of the activity", v.Activity, required=True),
    text("summary", "The claim in our words", required=True),
    Column(
        "decides", ColumnType.BOOLEAN, "Whether the state shown is this report's", required=True
    ),
    *CITATION,
)
_HOLDING = (
    text("control_id", "Id of the claim in the layer `control`", required=True),
    text("actor_id", "Id of the actor", required=True),
    text("actor_name", "Name of the actor", required=True),
    text("actor_kind", "What sort of actor it is", v.ActorKind, required=True),
    text("role", "What the actor is said to do at the site", v.Role, required=True),
    text("valid", "Period as given (EDTF)", required=True),
    text("held_on", "When the source says that the role is held (EDTF); null = when published"),
    text(
        "certainty", "Whether it certainly or possibly holds on the day", v.Certainty, required=True
    ),
    day("last_said", "The last day up to the one asked for on which a source says so"),
    whole("last_said_age_days", "Age of that on the day asked for", "d"),
    *BOUNDS,
    text("note", "Remark on the claim"),
    *CITATION,
)

HOTSPOTS = Layer(
    id="hotspots",
    title="Reported hotspots",
    description=(
        "What reports up to a day say of each site: activity, how long ago it was observed, "
        "whether reports contradict each other, and who is said to control it. Derived from "
        "claims by the rule in the method; never a finding of fact."
    ),
    geometry="Point",
    time=TimeSemantics.STATE,
    columns=(
        text("site_id", "Id of the site", required=True),
        text("name", "Name of the site", required=True),
        Column("names_other", ColumnType.STRINGS, "Other spellings and scripts", required=True),
        text("kind", "What sort of place it is", v.SiteKind, required=True),
        PLACE_ROLE,
        text("country", "Country (ISO 3166-1 alpha-2)", required=True),
        text("admin1", "First-level region"),
        text("admin2", "Second-level region"),
        text("parent_site_id", "Id of the site that this one is part of"),
        text("parent_name", "Name of the site that this one is part of"),
        PRECISION,
        text("location_basis", "What the point rests on", required=True),
        text("location_source_id", "Id of the source of the point", required=True),
        text("location_source_title", "Title of the source of the point", required=True),
        text("location_source_publisher", "Publisher of the source of the point", required=True),
        Column("location_source_url", ColumnType.URI, "Address of the source of the point"),
        text("note", "Remark on the site"),
        day("datetime", "The day whose state this is", required=True),
        text(
            "activity",
            "Activity as last reported; unknown where no report says, or none for long",
            v.Activity,
            required=True,
        ),
        text("last_known_activity", "Activity as last reported, however long ago", v.Activity),
        day("last_observed", "Day of the observation that this rests on"),
        whole("age_days", "Age of that observation on the day asked for", "d"),
        Column(
            "contested",
            ColumnType.BOOLEAN,
            "Whether reports of the weeks before that observation say otherwise",
            required=True,
        ),
        Column(
            "evidence",
            ColumnType.OBJECTS,
            "The reports that the state rests on and those that contradict it",
            fields=_EVIDENCE,
            required=True,
        ),
        Column(
            "control",
            ColumnType.OBJECTS,
            "Who is said to have which role on that day, each with its source",
            fields=_HOLDING,
            required=True,
        ),
        Column(
            "disputed",
            ColumnType.BOOLEAN,
            "Whether more than one actor is said to control the territory, or control is contested",
            required=True,
        ),
        day("first_reported", "Earliest day of a report"),
        whole("reports_count", "Reports on this site up to the day", required=True),
        whole("sources_count", "Sources of these reports", required=True),
        whole("publishers_count", "Distinct publishers of these sources", required=True),
        whole(
            "parent_reports_count",
            "Reports on the area around that name no single site",
            required=True,
        ),
    ),
)

REPORTS = Layer(
    id="reports",
    title="Reports",
    description="Dated claims about one site each: what happened, who says so, and where.",
    geometry="Point",
    time=TimeSemantics.RANGE,
    time_column="occurred",
    columns=(
        text("report_id", "Id of the report", required=True),
        *SITE,
        text("occurred", "Date as given (EDTF)", required=True),
        *BOUNDS,
        text("event_kind", "What is said to have happened", v.EventKind, required=True),
        text("activity_after", "What is said of the activity after it", v.Activity, required=True),
        text("summary", "The claim in our words", required=True),
        *PEOPLE,
        text("people_kind", "Whom the number counts", v.PeopleKind),
        *SOURCE,
    ),
)


def _other_source(prefix: str, of: str) -> tuple[Column, ...]:
    return tuple(column.prefixed(prefix, of) for column in CITATION[:5])


CONTROL = Layer(
    id="control",
    title="Control",
    description="Claims that an actor has a role at a site over a period.",
    geometry="Point",
    time=TimeSemantics.RANGE,
    time_column="valid",
    columns=(
        text("control_id", "Id of the claim", required=True),
        *SITE,
        text("actor_id", "Id of the actor", required=True),
        text("actor_name", "Name of the actor", required=True),
        text("actor_kind", "What sort of actor it is", v.ActorKind, required=True),
        text("role", "What the actor is said to do at the site", v.Role, required=True),
        text("valid", "Period as given (EDTF); .. = that end is not known", required=True),
        text("held_on", "When the source says that the role is held (EDTF); null = when published"),
        *BOUNDS,
        text("note", "Remark on the claim"),
        *_other_source("start_", "Where another source dates the start"),
        *_other_source("end_", "Where another source dates the end"),
        *SOURCE,
    ),
)

DISPLACEMENT = Layer(
    id="displacement",
    title="Displacement",
    description=(
        "Claims that activity or people moved. A line from one site to the other; where one end "
        "is unknown, or both have the same point, the point of the known end."
    ),
    geometry="Geometry",
    time=TimeSemantics.RANGE,
    time_column="moved",
    columns=(
        text("flow_id", "Id of the claim", required=True),
        text("from_site_id", "Id of the site left; null = unknown"),
        text("from_name", "Name of the site left"),
        text("from_kind", "What sort of place it is", v.SiteKind),
        text("from_country", "Country of the site left (ISO 3166-1 alpha-2)"),
        whole("from_precision_m", "Radius within which the site left lies", "m"),
        text("to_site_id", "Id of the site reached; null = unknown"),
        text("to_name", "Name of the site reached"),
        text("to_kind", "What sort of place it is", v.SiteKind),
        text("to_country", "Country of the site reached (ISO 3166-1 alpha-2)"),
        whole("to_precision_m", "Radius within which the site reached lies", "m"),
        text("moved", "Date as given (EDTF)", required=True),
        *BOUNDS,
        text("cause", "Cause that the source gives; null = none given", v.Cause),
        text("summary", "The claim in our words", required=True),
        *PEOPLE,
        *SOURCE,
    ),
)

ACTORS = Layer(
    id="actors",
    title="Actors",
    description="Armed groups, companies, networks, authorities and leaders named by notices.",
    geometry=None,
    time=TimeSemantics.NONE,
    columns=(
        text("actor_id", "Id of the actor", required=True),
        text("name", "Name", required=True),
        Column("names_other", ColumnType.STRINGS, "Other names and scripts", required=True),
        text("kind", "What sort of actor it is", v.ActorKind, required=True),
        text("parent_actor_id", "Id of the actor that this one belongs to"),
        text("parent_name", "Name of the actor that this one belongs to"),
        text("country", "Country (ISO 3166-1 alpha-2)"),
        text("active_from", "Since when it exists (EDTF)"),
        text("active_to", "Until when it existed (EDTF)"),
        text("note", "Remark"),
        whole("controls_count", "Claims in the layer `control` that name it", required=True),
        *SOURCE[:-2],
        LOCATOR.optional,
        CREDIBILITY.optional,
    ),
)

SOURCES = Layer(
    id="sources",
    title="Sources",
    description="The published documents that every claim rests on.",
    geometry=None,
    time=TimeSemantics.RANGE,
    time_column="published",
    columns=(
        text("source_id", "Id of the source", required=True),
        text("title", "Title", required=True),
        text("publisher", "Publisher", required=True),
        text("kind", "What sort of document it is", v.SourceKind, required=True),
        text("published", "Date of publication (EDTF)"),
        *BOUNDS,
        Column("url", ColumnType.URI, "Address"),
        text("language", "Language (ISO 639)", required=True),
        SOURCE[7],
        whole("reports_count", "Reports that rest on it", required=True),
        whole("control_count", "Claims of control that rest on it", required=True),
        whole("displacement_count", "Claims of displacement that rest on it", required=True),
    ),
)

LAYERS = (HOTSPOTS, REPORTS, CONTROL, DISPLACEMENT, ACTORS, SOURCES)


def layer_by_id(layer_id: str) -> Layer:
    """The layer of that id. Raises NotFound."""
    for layer in LAYERS:
        if layer.id == layer_id:
            return layer
    known = ", ".join(layer.id for layer in LAYERS)
    raise NotFound(f"There is no layer {layer_id!r}; the layers are {known}")
