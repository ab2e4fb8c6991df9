"""The states of sites on the day of the data: kept once worked out, until a claim changes them.

A load takes away the states that it may have changed, in its own transaction; a site without one is
worked out whenever it is asked for. After the load they are worked out again, and kept.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, text

from geo.store.tables import publication
from layers.catalog import HOTSPOTS
from layers.queries import keep_missing_states

# Stands for the states in atlas.publication, beside the layers.
PUBLICATION = "states"

# A state shows its site's claims, the number of its parent's reports, and names of sources, sites
# and actors; what has only been added of the latter is in no state yet.
_CHANGED = """
    WITH affected AS (
        SELECT given.site_id FROM stage_report AS given
        JOIN touched ON touched.id = given.report_id WHERE touched.entity = 'report'
        UNION
        SELECT given.site_id FROM stage_control AS given
        JOIN touched ON touched.id = given.control_id WHERE touched.entity = 'control'
        UNION
        SELECT before ->> 'site_id' FROM touched
        WHERE entity IN ('report', 'control') AND before IS NOT NULL
    )
    DELETE FROM atlas.site_state AS kept
    WHERE kept.site_id IN (SELECT site_id FROM affected)
        OR kept.parent_site_id IN (SELECT site_id FROM affected)
        OR kept.datetime <> (SELECT as_of FROM atlas.load ORDER BY load_id DESC LIMIT 1)
        OR EXISTS (
            SELECT FROM touched WHERE entity IN ('site', 'source', 'actor') AND change <> 'added'
        )
"""


def forget_changed_states(connection: Connection) -> None:
    """Take away the states that may be others now; part of the load's transaction."""
    by_us = select_signature(connection) == signature()
    connection.execute(text(_CHANGED if by_us else "DELETE FROM atlas.site_state"))
    if not by_us:
        connection.execute(publication.delete().where(publication.c.layer == PUBLICATION))
        connection.execute(publication.insert().values(layer=PUBLICATION, signature=signature()))


def keep_states(connection: Connection) -> None:
    """Work out the states that are missing, and keep them."""
    connection.execute(text("SET LOCAL work_mem = '64MB'"))
    if connection.execute(keep_missing_states(HOTSPOTS)).rowcount:
        connection.execute(text("ANALYZE atlas.site_state"))


def select_signature(connection: Connection) -> str | None:
    """By which statement the kept states were made."""
    found = publication.select().where(publication.c.layer == PUBLICATION)
    row = connection.execute(found).one_or_none()
    return row.signature if row else None


def signature() -> str:
    """Stands for how a state is worked out: rules, settings, columns."""
    statement = keep_missing_states(HOTSPOTS).compile()
    return hashlib.sha256(f"{statement} {sorted(statement.params.items())}".encode()).hexdigest()
