"""The tables as this program sees them. Their history, and every constraint, is in migrations/.

Geometry is EPSG:4326 with x = longitude (CRS84 order). Of each date the EDTF text is kept as
given; the day ranges beside it are computed by geo.dates when a row is written.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB

SCHEMA = "atlas"

metadata = MetaData(schema=SCHEMA)

_MERCATOR = (
    "st_transform(st_clipbybox2d(geom, st_makeenvelope(-200, -85.06, 200, 85.06, 4326)), 3857)"
)


def _required(name: str, *args: object) -> Column[str]:
    return Column(name, Text, *args, nullable=False)  # type: ignore[arg-type]


def _reference(name: str, target: str, *, nullable: bool = False) -> Column[str]:
    return Column(
        name, Text, ForeignKey(f"{SCHEMA}.{target}", ondelete="RESTRICT"), nullable=nullable
    )


source = Table(
    "source",
    metadata,
    Column("source_id", Text, primary_key=True),
    _required("title"),
    _required("publisher"),
    _required("kind"),
    Column("published", Text),
    Column("possible", DATERANGE, nullable=False),
    Column("certain", DATERANGE, nullable=False),
    Column("url", Text),
    _required("language"),
    _required("reliability"),
)

site = Table(
    "site",
    metadata,
    Column("site_id", Text, primary_key=True),
    _required("name"),
    Column("names_other", ARRAY(Text), nullable=False),
    _required("kind"),
    _required("place_role"),
    _required("country"),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("precision_m", Integer, nullable=False),
    _required("location_basis"),
    _reference("location_source_id", "source.source_id"),
    _reference("parent_site_id", "site.site_id", nullable=True),
    Column("note", Text),
)

actor = Table(
    "actor",
    metadata,
    Column("actor_id", Text, primary_key=True),
    _required("name"),
    Column("names_other", ARRAY(Text), nullable=False),
    _required("kind"),
    _reference("parent_actor_id", "actor.actor_id", nullable=True),
    Column("country", Text),
    Column("active_from", Text),
    Column("active_to", Text),
    Column("possible", DATERANGE, nullable=False),
    Column("note", Text),
    _reference("source_id", "source.source_id"),
)

report = Table(
    "report",
    metadata,
    Column("report_id", Text, primary_key=True),
    _reference("site_id", "site.site_id"),
    _required("occurred"),
    Column("possible", DATERANGE, nullable=False),
    Column("certain", DATERANGE, nullable=False),
    Column("observed", DATERANGE, nullable=False),
    _required("event_kind"),
    _required("activity_after"),
    _required("summary"),
    Column("people_min", Integer),
    Column("people_max", Integer),
    Column("people_kind", Text),
    _reference("source_id", "source.source_id"),
    _required("locator"),
    Column("credibility", SmallInteger, nullable=False),
)

control = Table(
    "control",
    metadata,
    Column("control_id", Text, primary_key=True),
    _reference("site_id", "site.site_id"),
    _reference("actor_id", "actor.actor_id"),
    _required("role"),
    _required("valid"),
    Column("held_on", Text),
    Column("possible", DATERANGE, nullable=False),
    Column("certain", DATERANGE, nullable=False),
    Column("said", DATERANGE, nullable=False),
    _reference("source_id", "source.source_id"),
    _required("locator"),
    _reference("start_source_id", "source.source_id", nullable=True),
    _reference("end_source_id", "source.source_id", nullable=True),
    Column("credibility", SmallInteger, nullable=False),
    Column("note", Text),
)

displacement = Table(
    "displacement",
    metadata,
    Column("flow_id", Text, primary_key=True),
    _reference("from_site_id", "site.site_id", nullable=True),
    _reference("to_site_id", "site.site_id", nullable=True),
    _required("moved"),
    Column("possible", DATERANGE, nullable=False),
    Column("certain", DATERANGE, nullable=False),
    Column("cause", Text),
    _required("summary"),
    Column("people_min", Integer),
    Column("people_max", Integer),
    _reference("source_id", "source.source_id"),
    _required("locator"),
    Column("credibility", SmallInteger, nullable=False),
)

load = Table(
    "load",
    metadata,
    Column("load_id", Integer, Identity(always=True), primary_key=True),
    Column("loaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("as_of", Date, nullable=False),
    _required("sha256"),
)

revision = Table(
    "revision",
    metadata,
    Column("revision_id", BigInteger, Identity(always=True), primary_key=True),
    Column("load_id", Integer, ForeignKey(f"{SCHEMA}.load.load_id"), nullable=False),
    _required("entity"),
    _required("row_id"),
    _required("change"),
    Column("before", JSONB, nullable=False),
)


def _mercator() -> Column[object]:
    shape = Geometry("GEOMETRY", srid=3857, spatial_index=False)
    return Column("geom_3857", shape, Computed(_MERCATOR, persisted=True))


def _published(layer: str) -> Table:
    """The finished features of one layer, written when claims change, read as they are.

    seq is the order of pages. first_day and last_day are the possible range, an unknown end being
    an infinite day; long tells whether it is longer than a short event (layers.published).
    """
    return Table(
        f"published_{layer}",
        metadata,
        Column("seq", BigInteger, Identity(), primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False)),
        Column("lon", Double),
        Column("lat", Double),
        Column("cell", Integer),
        Column("first_day", Date, nullable=False),
        Column("last_day", Date, nullable=False),
        Column("certain_first", Date),
        Column("certain_last", Date),
        Column("long", Boolean, nullable=False),
        _required("feature"),
    )


PUBLISHED = {
    layer: _published(layer)
    for layer in ("reports", "control", "displacement", "actors", "sources")
}

# Shapes in web Mercator (EPSG:3857) are worked out by the database; they are empty near the poles.
PUBLISHED["displacement"].append_column(_mercator())

tile_site = Table(
    "tile_site",
    metadata,
    Column("site_id", Text, primary_key=True),
    _required("name"),
    _required("kind"),
    _required("place_role"),
    _required("country"),
    Column("admin1", Text),
    Column("precision_m", Integer, nullable=False),
    _required("location_basis"),
    Column("reports_count", Integer, nullable=False),
    Column("control_count", Integer, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    _mercator(),
)

# The layer `hotspots` on the day of the data; a site without a row is worked out when asked for.
site_state = Table(
    "site_state",
    metadata,
    Column("site_id", Text, primary_key=True),
    _required("name"),
    Column("names_other", ARRAY(Text), nullable=False),
    _required("kind"),
    _required("place_role"),
    _required("country"),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("parent_site_id", Text),
    Column("parent_name", Text),
    Column("precision_m", Integer, nullable=False),
    _required("location_basis"),
    _required("location_source_id"),
    _required("location_source_title"),
    _required("location_source_publisher"),
    Column("location_source_url", Text),
    Column("note", Text),
    Column("datetime", Date, nullable=False),
    _required("activity"),
    Column("last_known_activity", Text),
    Column("last_observed", Date),
    Column("age_days", Integer),
    Column("contested", Boolean, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("control", JSON, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("first_reported", Date),
    Column("reports_count", BigInteger, nullable=False),
    Column("sources_count", BigInteger, nullable=False),
    Column("publishers_count", BigInteger, nullable=False),
    Column("parent_reports_count", BigInteger, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("layer", Text, primary_key=True),
    _required("signature"),
)

# In the order in which rows may be written; deletions go the other way round.
CLAIM_TABLES = (source, site, actor, report, control, displacement)
