"""What vector tiles are made from: places in web Mercator, and the number of claims on each site.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Web Mercator ends at 85.0511 degrees of latitude; what lies beyond has an empty shape there.
MERCATOR = """
    geometry(Geometry, 3857) GENERATED ALWAYS AS (
        ST_Transform(ST_ClipByBox2D(geom, ST_MakeEnvelope(-200, -85.06, 200, 85.06, 4326)), 3857)
    ) STORED
"""

# One row a site: the columns that its claims show, and what a tile of a small scale shows in place
# of each of them.
# Room in each page, so that a number that grows does not touch the indexes.
SITES = f"""
CREATE TABLE atlas.tile_site (
    site_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    place_role text NOT NULL,
    country text NOT NULL,
    admin1 text,
    precision_m integer NOT NULL,
    location_basis text NOT NULL,
    reports_count integer NOT NULL,
    control_count integer NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    geom_3857 {MERCATOR}
) WITH (fillfactor = 75);
CREATE INDEX tile_site_geom ON atlas.tile_site USING gist (geom);
CREATE INDEX tile_site_geom_3857 ON atlas.tile_site USING gist (geom_3857);
"""

FLOWS = f"""
ALTER TABLE atlas.published_displacement ADD COLUMN geom_3857 {MERCATOR};
CREATE INDEX published_displacement_geom_3857
    ON atlas.published_displacement USING gist (geom_3857);
"""


# What tiles show of reports stands in the index by which they find the reports of a site.
REPORTS = """
DROP INDEX atlas.report_site_observed;
CREATE INDEX report_site_observed ON atlas.report (site_id, lower(observed))
    INCLUDE (report_id, possible, event_kind, activity_after, source_id, credibility);
"""


def upgrade() -> None:
    op.execute(REPORTS)
    op.execute(SITES)
    op.execute(FLOWS)


def downgrade() -> None:
    op.drop_column("published_displacement", "geom_3857", schema="atlas")
    op.drop_table("tile_site", schema="atlas")
    op.execute(
        "DROP INDEX atlas.report_site_observed;"
        "CREATE INDEX report_site_observed ON atlas.report (site_id, lower(observed))"
    )
