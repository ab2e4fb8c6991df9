"""How fast reports are written into the full table, with everything that is kept beside them."""

from __future__ import annotations

from statistics import median

import psycopg
from sqlalchemy.engine import make_url

from benchmarks import synthetic
from benchmarks.data import DATABASE, SITES, Database
from benchmarks.progress import say

TIMES = 3
_COPY = f"{DATABASE}_writes"


def measure_writes(database: Database, reports: int) -> dict[str, float]:
    """Merge so many reports, three times over, into a copy of the full database.

    Gives the medians, and the megabytes of what is held and of what is kept beside it.
    """
    url = make_url(database.url)
    copy = url.set(database=_COPY).render_as_string(hide_password=False)
    elsewhere = url.set(database="postgres").render_as_string(hide_password=False)
    say(f"writes: {TIMES} times {reports:,} reports into a copy of the full table")
    with psycopg.connect(elsewhere, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {_COPY} WITH (FORCE)")
        # The other way, the usual one since PostgreSQL 15, writes all of it to the log as well.
        how = "STRATEGY FILE_COPY" if admin.info.server_version >= 150000 else ""
        admin.execute(f"CREATE DATABASE {_COPY} TEMPLATE {DATABASE} {how}")
        try:
            added = [synthetic.add(copy, SITES, reports) for _ in range(TIMES)]
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {_COPY} WITH (FORCE)")
    found = {
        "reports": float(reports),
        "reports_per_s": reports / median(each.seconds for each in added),
        "tidying_s": median(each.tidying_s for each in added),
    }
    for kind, (tables, indexes) in synthetic.disk(database.url).items():
        found |= {f"{kind}_mb": tables / 1e6, f"{kind}_indexes_mb": indexes / 1e6}
    say(f"writes: {found['reports_per_s']:,.0f} reports a second")
    return found
