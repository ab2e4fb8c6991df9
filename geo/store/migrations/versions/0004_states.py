"""States of sites on the day of the data, kept; and indexes that no answer is found by, dropped.

Published points are found by their cell and days, and layers without a place by neither; the days
of reports are asked of the published features. They cost a quarter of the time of writing a report.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

POINTLESS = ("reports", "control", "actors", "sources")

# One row a site, as the layer `hotspots` shows it. A site whose row is missing is worked out at
# each request, until it is kept again.
STATES = """
CREATE TABLE atlas.site_state (
    site_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    names_other text[] NOT NULL,
    kind text NOT NULL,
    place_role text NOT NULL,
    country text NOT NULL,
    admin1 text,
    admin2 text,
    parent_site_id text,
    parent_name text,
    precision_m integer NOT NULL,
    location_basis text NOT NULL,
    location_source_id text NOT NULL,
    location_source_title text NOT NULL,
    location_source_publisher text NOT NULL,
    location_source_url text,
    note text,
    datetime date NOT NULL,
    activity text NOT NULL,
    last_known_activity text,
    last_observed date,
    age_days integer,
    contested boolean NOT NULL,
    evidence json NOT NULL,
    control json NOT NULL,
    disputed boolean NOT NULL,
    first_reported date,
    reports_count bigint NOT NULL,
    sources_count bigint NOT NULL,
    publishers_count bigint NOT NULL,
    parent_reports_count bigint NOT NULL,
    geom geometry(Point, 4326) NOT NULL
)
"""


def upgrade() -> None:
    for layer in POINTLESS:
        op.execute(f"DROP INDEX atlas.published_{layer}_geom")
    op.execute("DROP INDEX atlas.report_possible_gist")
    op.execute(STATES)


def downgrade() -> None:
    op.drop_table("site_state", schema="atlas")
    op.execute("CREATE INDEX report_possible_gist ON atlas.report USING gist (possible)")
    for layer in POINTLESS:
        op.execute(
            f"CREATE INDEX published_{layer}_geom ON atlas.published_{layer} USING gist (geom)"
        )
