"""The sites as vector tiles read them: what their claims show of them, and how many there are.

Kept at the end of a load, by what it changed: counting the claims of each touched site anew would
cost a large part of the time that writing reports takes.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text

from geo.store.tables import publication

# Stands for this table in atlas.publication, beside the layers.
PUBLICATION = "tile sites"

_SHOWN = "name, kind, place_role, country, admin1, precision_m, location_basis, geom"
_NAMES = _SHOWN.split(", ")

_REMOVE = """
    DELETE FROM atlas.tile_site WHERE site_id IN (
        SELECT id FROM touched WHERE entity = 'site' AND change = 'withdrawn'
    )
"""
_DESCRIBE = f"""
    INSERT INTO atlas.tile_site (site_id, {_SHOWN}, reports_count, control_count)
    SELECT site_id, {_SHOWN}, 0, 0 FROM atlas.site
    WHERE site_id IN (SELECT id FROM touched WHERE entity = 'site' AND change <> 'withdrawn')
    ON CONFLICT (site_id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _NAMES)}
"""  # noqa: S608
# A corrected claim goes from the site that it named before to the one that it names now.
_COUNT = """
    WITH moved (site_id, reports, control) AS (
        SELECT given.site_id, 1, 0
        FROM touched JOIN stage_report AS given ON given.report_id = touched.id
        WHERE touched.entity = 'report' AND touched.change <> 'withdrawn'
        UNION ALL
        SELECT before ->> 'site_id', -1, 0 FROM touched
        WHERE entity = 'report' AND before IS NOT NULL
        UNION ALL
        SELECT given.site_id, 0, 1
        FROM touched JOIN stage_control AS given ON given.control_id = touched.id
        WHERE touched.entity = 'control' AND touched.change <> 'withdrawn'
        UNION ALL
        SELECT before ->> 'site_id', 0, -1 FROM touched
        WHERE entity = 'control' AND before IS NOT NULL
    ),
    change AS (
        SELECT site_id, sum(reports) AS reports, sum(control) AS control
        FROM moved
        GROUP BY site_id
        HAVING sum(reports) <> 0 OR sum(control) <> 0
    )
    UPDATE atlas.tile_site AS held
    SET reports_count = reports_count + change.reports,
        control_count = control_count + change.control
    FROM change
    WHERE held.site_id = change.site_id
"""
_ALL = f"""
    INSERT INTO atlas.tile_site (site_id, {_SHOWN}, reports_count, control_count)
    SELECT site_id, {_SHOWN}, coalesce(reports.n, 0), coalesce(control.n, 0)
    FROM atlas.site
    LEFT JOIN (SELECT site_id, count(*) AS n FROM atlas.report GROUP BY site_id) AS reports
        USING (site_id)
    LEFT JOIN (SELECT site_id, count(*) AS n FROM atlas.control GROUP BY site_id) AS control
        USING (site_id)
"""  # noqa: S608


def renew_sites(connection: Connection) -> bool:
    """Bring the table to what the claims now say; part of the load's transaction.

    Returns whether all of it was made anew, because another program had made it, or none yet.
    """
    signature = hashlib.sha256(_ALL.encode()).hexdigest()
    held = publication.select().where(publication.c.layer == PUBLICATION)
    row = connection.execute(held).one_or_none()
    if row is not None and row.signature == signature:
        for statement in (_REMOVE, _DESCRIBE, _COUNT):
            connection.execute(text(statement))
        return False
    connection.execute(text("DELETE FROM atlas.tile_site"))
    connection.execute(text(_ALL))
    connection.execute(text("ANALYZE atlas.tile_site"))
    connection.execute(publication.delete().where(publication.c.layer == PUBLICATION))
    connection.execute(publication.insert().values(layer=PUBLICATION, signature=signature))
    return True
