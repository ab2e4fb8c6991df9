"""Seeded synthetic claims in our own tables: sites around border towns, reports over ten years.

Usage: python -m benchmarks.synthetic DATABASE_URL [--sites N] [--reports N] [--add N]
The same arguments make the same rows. With --add that many more reports are merged into the full
table, timed apart: the figure for writes. --reports 0 leaves the table as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import text

from geo import vocabulary as v
from geo.dates import certain_days, observed_days, parse_edtf, possible_days
from geo.store.database import open_engine, upgrade
from geo.store.rows import Row, TableRows, range_text
from geo.store.tables import CLAIM_TABLES
from geo.store.writes import load_rows, merge_rows, tidy
from layers.published import publish

SEED = 20261122
SOURCES = 4_000
FIRST_DAY = date(2015, 1, 1)
DAYS = 3_650
AS_OF = date(2026, 11, 22)
# Border towns around which sites gather: lon, lat in degrees (CRS84), rounded positions.
HUBS = np.array(
    [
        (98.5, 16.7), (98.5, 16.8), (98.8, 23.7), (98.4, 15.3), (100.1, 20.4), (99.0, 21.6),
        (101.7, 3.1), (100.4, 6.5), (103.5, 10.6), (102.6, 13.7), (106.1, 11.1), (104.1, 10.6),
        (107.9, 21.5), (102.6, 18.0), (105.2, 15.1), (97.9, 24.0), (92.4, 20.9), (120.6, 15.2),
        (121.0, 14.5), (103.8, 1.5), (115.2, 4.8), (116.1, 6.0), (104.9, 11.6), (96.2, 16.8),
    ]
)  # fmt: skip

WORDS = (
    "reported", "police", "border", "compound", "workers", "held", "released", "crossing", "river",
    "road", "phone", "guards", "family", "group", "moved", "night", "market", "hotel", "officials",
)  # fmt: skip


def _names(table: str) -> tuple[str, ...]:
    found = next(t for t in CLAIM_TABLES if t.name == table)
    return tuple(column.name for column in found.columns)


def _rows(table: str, rows: list[Row]) -> TableRows:
    return TableRows(table, _names(table), rows)


def _sources() -> list[Row]:
    return [
        (f"src-{i:05d}", f"Synthetic article {i}", f"Paper {i % 300}", "news", "2024-01-01",
         "[2024-01-01,2024-01-02)", "[2024-01-01,2024-01-02)", f"https://example.org/{i}", "en",
         "ABCD"[i % 4])
        for i in range(SOURCES)
    ]  # fmt: skip


def _sites(count: int, random: np.random.Generator) -> list[Row]:
    hub = random.integers(0, len(HUBS), count)
    spread = np.where(random.random(count) < 0.6, 0.08, 0.6)
    points = HUBS[hub] + random.normal(0, 1, (count, 2)) * spread[:, None]
    lon, lat = points[:, 0].clip(92, 127), points[:, 1].clip(0, 29)
    kinds = list(v.SiteKind)
    return [
        (f"site-{i:06d}", f"Site {i}", "{}", kinds[i % 4], "hotspot", "MM", "Region", None,
         f"SRID=4326;POINT({lon[i]:.6f} {lat[i]:.6f})", 2_000, "synthetic", "src-00000", None, None)
        for i in range(count)
    ]  # fmt: skip


def _reports(first: int, count: int, sites: int, random: np.random.Generator) -> Iterator[Row]:
    """Numbered reports; half of them of one day, most of the others of up to half a year."""
    site = random.integers(0, sites, count)
    start = (DAYS * random.beta(2.2, 1.1, count)).astype(int)
    lasts = np.where(random.random(count) < 0.5, 0, random.exponential(40, count)).astype(int)
    words = random.integers(0, len(WORDS), (count, 16))
    pick = random.integers(0, 1 << 30, count)
    kinds, states = [str(k) for k in v.EventKind], [str(a) for a in v.Activity]
    for i in range(count):
        begin = FIRST_DAY + timedelta(int(start[i]))
        end = begin + timedelta(int(lasts[i]))
        occurred = begin.isoformat() if begin == end else f"{begin}/{end}"
        edtf, chosen = parse_edtf(occurred), int(pick[i])
        yield (
            f"r-{first + i:08d}", f"site-{site[i]:06d}", occurred, range_text(possible_days(edtf)),
            range_text(certain_days(edtf)), range_text(observed_days(edtf, None)),
            kinds[chosen % len(kinds)], states[chosen % len(states)],
            " ".join([WORDS[w] for w in words[i]]).capitalize() + ".",
            chosen % 90 + 1, chosen % 90 + 30, "workers", f"src-{chosen % SOURCES:05d}",
            f"paragraph {chosen % 9 + 1}", chosen % 5 + 1,
        )  # fmt: skip


def tables(sites: int, reports: int) -> list[TableRows]:
    """All tables."""
    random = np.random.default_rng(SEED)
    given = [_rows("source", _sources()), _rows("site", _sites(sites, random)), _rows("actor", [])]
    rows = list(_reports(0, reports, sites, random))
    return [*given, _rows("report", rows), _rows("control", []), _rows("displacement", [])]


def load(url: str, sites: int, reports: int) -> float:
    """Load the rows and publish them; returns the seconds that the database took."""
    engine = open_engine(url)
    upgrade(engine)
    given = tables(sites, reports)
    name = hashlib.sha256(f"{SEED} {sites} {reports}".encode()).hexdigest()
    started = time.monotonic()
    load_rows(engine, given, as_of=AS_OF, sha256=name, publish=publish)
    return time.monotonic() - started


@dataclass(frozen=True)
class Added:
    """A merge of new reports: until it is committed and told to services, and the tidying after."""

    reports: int
    seconds: float
    tidying_s: float


def add(url: str, sites: int, count: int) -> Added:
    """Merge so many new reports, features included, into what the database holds."""
    engine = open_engine(url)
    upgrade(engine)
    with engine.connect() as connection:
        first = connection.execute(text("SELECT count(*) FROM atlas.report")).scalar_one()
    rows = _rows("report", list(_reports(first, count, sites, np.random.default_rng(first))))
    started = time.monotonic()
    result = merge_rows(engine, [rows], publish=publish)
    merged = time.monotonic()
    tidy(engine, result, publish)
    return Added(count, merged - started, time.monotonic() - merged)


_DISK = """
    SELECT CAST(sum(pg_table_size(c.oid)) AS bigint), CAST(sum(pg_indexes_size(c.oid)) AS bigint)
    FROM pg_class AS c
    WHERE c.relnamespace = CAST('atlas' AS regnamespace) AND c.relkind = 'r' AND c.relname ~ :names
"""


def disk(url: str) -> dict[str, tuple[int, int]]:
    """Bytes of tables and of indexes: of the claims, and of what is kept beside them."""
    kinds = {"claims": "^(source|site|actor|report|control|displacement)$", "beside": "^(pub|tile)"}
    with open_engine(url).connect() as connection:
        return {
            kind: (row[0], row[1])
            for kind, names in kinds.items()
            for row in connection.execute(text(_DISK), {"names": names})
        }


def _tell_disk(url: str) -> None:
    for kind, (table, indexes) in disk(url).items():
        print(f"  {kind}: tables {table / 1e6:,.0f} MB, indexes {indexes / 1e6:,.0f} MB")


def main() -> None:
    """Read the command line and load."""
    parser = argparse.ArgumentParser(description="Load seeded synthetic claims.")
    parser.add_argument("url", help="address of an empty PostgreSQL database with PostGIS")
    parser.add_argument("--sites", type=int, default=20_000)
    parser.add_argument("--reports", type=int, default=1_000_000, help="0: only --add")
    parser.add_argument("--add", type=int, default=0)
    asked = parser.parse_args()
    if asked.reports:
        seconds = load(asked.url, asked.sites, asked.reports)
        print(f"{asked.reports} reports on {asked.sites} sites in {seconds:.1f} s")
        _tell_disk(asked.url)
    if asked.add:
        added = add(asked.url, asked.sites, asked.add)
        print(
            f"{added.reports} more into the full table in {added.seconds:.2f} s: "
            f"{added.reports / added.seconds:,.0f} a second; tidying {added.tidying_s:.1f} s"
        )
        _tell_disk(asked.url)


if __name__ == "__main__":
    main()
