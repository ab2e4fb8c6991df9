"""What every server reads: a private PostGIS, the synthetic set, and a table for the peers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from benchmarks import synthetic
from benchmarks.progress import say
from geo.store.cluster import Cluster
from geo.store.database import head_revision
from layers.catalog import REPORTS
from layers.queries import layer_body

DATABASE = "bench"
ROLE = "scam_atlas"
SITES = 20_000
PEERS_SCHEMA = "peers"
_ORDER = "floor(ST_X(geom) * 2), floor(ST_Y(geom) * 2), possible_from, id"
PEERS_TABLE = "reports"
# What the peers can use of these, they find themselves: a box, a start day, both, an overlap.
_INDEXES = (
    "CREATE INDEX ON peers.reports USING gist (geom)",
    "CREATE INDEX ON peers.reports (possible_from)",
    "CREATE INDEX ON peers.reports (possible_to)",
    "CREATE INDEX ON peers.reports USING gist (geom, possible_from)",
    "CREATE INDEX ON peers.reports USING gist (geom, possible_from, possible_to)",
    "CREATE INDEX ON peers.reports USING gist (daterange(possible_from, possible_to, '[]'))",
    "CREATE INDEX ON peers.reports USING gist (geom, daterange(possible_from, possible_to, '[]'))",
)
PEERS_TABLE_NOTE = (
    "The peers read `peers.reports`: an ordinary table with the columns of the layer `reports`, "
    "already joined, in the same order, with an integer primary key and indexes on "
    "geom; possible_from; possible_to; (geom, possible_from); (geom, possible_from, possible_to); "
    "the range of days; (geom, the range of days)."
)


@dataclass(frozen=True)
class Database:
    """The database while it runs. socket: the folder of its Unix socket."""

    url: str
    socket: str
    port: int
    pid: int
    reports: int

    @property
    def hostless_url(self) -> str:
        """The address with the socket's folder where a host stands, for drivers that want one."""
        folder = self.socket.replace("/", "%2F")
        return f"postgresql://{ROLE}@{folder}:{self.port}/{DATABASE}"

    @property
    def keywords(self) -> str:
        """The address as libpq's keywords and values."""
        return f"host={self.socket} port={self.port} user={ROLE} dbname={DATABASE}"

    def connect(self, role: str = ROLE) -> psycopg.Connection:
        """An autocommitting connection of ours."""
        return psycopg.connect(
            host=self.socket, port=self.port, dbname=DATABASE, user=role, autocommit=True
        )

    def places(self) -> list[tuple[float, float, int]]:
        """Longitude, latitude and number of reports of every site."""
        with self.connect() as connection:
            return connection.execute(
                "SELECT ST_X(geom), ST_Y(geom), count(*) "
                "FROM atlas.site JOIN atlas.report USING (site_id) GROUP BY site.site_id"
            ).fetchall()


@contextmanager
def running_database(home: Path, reports: int) -> Iterator[Database]:
    """The private cluster in `home` with `reports` reports loaded, made first where it is not."""
    say(f"database in {home}")
    with Cluster(home) as cluster:
        state = cluster.status()
        if state.pid is None:
            raise RuntimeError("PostgreSQL runs but does not say under which process number")
        url = make_url(cluster.url).set(database=DATABASE)
        database = Database(
            url=url.render_as_string(hide_password=False),
            socket=str(state.socket),
            port=int(str(url.query["port"])),
            pid=state.pid,
            reports=reports,
        )
        _fill(cluster, database)
        yield database


def _fill(cluster: Cluster, database: Database) -> None:
    stamp = _stamp(database.reports)
    if _held_stamp(cluster, database) != stamp:
        _recreate(cluster)
        say(f"loading {database.reports:,} reports (some minutes for a million)")
        seconds = synthetic.load(database.url, SITES, database.reports)
        say(f"loaded and published in {seconds:.0f} s; making the peers' table")
        _make_peers_table(database, stamp)
    _warm(database)


def _stamp(reports: int) -> str:
    """Stands for what is loaded and how: another program, or another number, loads anew."""
    sources = [Path(synthetic.__file__), Path(__file__)]
    text = "".join(path.read_text("utf-8") for path in sources)
    text += f"{reports} {head_revision()} {peers_table_sql()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _admin(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(cluster.url, autocommit=True)


def _held_stamp(cluster: Cluster, database: Database) -> str | None:
    with _admin(cluster) as admin:
        found = admin.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
    if found is None:
        return None
    with database.connect() as connection:
        try:
            row = connection.execute("SELECT stamp FROM peers.made").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None


def _recreate(cluster: Cluster) -> None:
    with _admin(cluster) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {DATABASE}")


def peers_table_sql() -> str:
    """The rows of the layer with all its columns, numbered from 1.

    They lie in the order in which ours do: by half degrees and days, as layers.published has it.
    """
    columns = ", ".join(REPORTS.column_names)
    return (
        f"SELECT (row_number() OVER (ORDER BY {_ORDER}))::int AS gid, {columns}, "  # noqa: S608
        f"geom::geometry(Point, 4326) AS geom FROM ({layer_body(REPORTS).element}) AS layer "
        f"ORDER BY {_ORDER}"
    )


def _make_peers_table(database: Database, stamp: str) -> None:
    with database.connect() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {PEERS_SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {PEERS_SCHEMA}")
        connection.execute(f"CREATE TABLE peers.reports AS {peers_table_sql()}")
        connection.execute("ALTER TABLE peers.reports ADD PRIMARY KEY (gid)")
        for statement in _INDEXES:
            connection.execute(statement)
        connection.execute("CREATE TABLE peers.made AS SELECT %s::text AS stamp", (stamp,))


def _warm(database: Database) -> None:
    """Statistics and visibility as after a quiet night, and every file read once."""
    with database.connect("postgres") as admin:
        admin.execute("VACUUM (ANALYZE)")
        admin.execute("SELECT sum(length(feature)) FROM atlas.published_reports")
        admin.execute("SELECT sum(length(summary)) FROM peers.reports")
        admin.execute("CHECKPOINT")
