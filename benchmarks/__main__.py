"""Runs the benchmark: `make bench`, or `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks import peer_servers, servers
from benchmarks.data import Database, running_database
from benchmarks.load import CONNECTIONS, LoadError, require_wrk, wrk_version
from benchmarks.progress import say
from benchmarks.report import markdown
from benchmarks.results import Results, machine
from benchmarks.rounds import Run
from benchmarks.servers import Server, ServerError
from benchmarks.workloads import WORKLOADS
from benchmarks.writes import measure_writes
from geo.errors import ScamAtlasError

RESULTS = Path(__file__).parent / "results"
SERVERS = ("scam-atlas", "cached", "floor", "bare", "pgbench", "tipg", "pygeoapi",
           "pg_featureserv", "martin")  # fmt: skip


def options() -> argparse.Namespace:
    """From the command line; each has a variable of the environment for `make`."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="This service and its peers side by side, on the same PostGIS and data.",
    )
    env = os.environ.get
    parser.add_argument(
        "--home",
        type=Path,
        default=Path(env("BENCH_HOME") or ".bench"),
        help="folder of database, environments and logs (BENCH_HOME; .bench)",
    )
    parser.add_argument("--reports", type=int, default=int(env("REPORTS") or 1_000_000))
    parser.add_argument("--rounds", type=int, default=int(env("ROUNDS") or 3))
    parser.add_argument(
        "--seconds",
        type=float,
        default=float(env("SECONDS_A_ROW") or 6),
        help="of each row (SECONDS_A_ROW; 6)",
    )
    parser.add_argument(
        "--workloads",
        default=env("WORKLOADS") or "",
        help=f"some of {','.join(each.id for each in WORKLOADS)}",
    )
    parser.add_argument(
        "--servers", default=env("SERVERS") or "", help=f"some of {','.join(SERVERS)}"
    )
    parser.add_argument(
        "--martin",
        type=Path,
        default=_path(env("MARTIN")),
        help="a martin that is there; without it, `cargo install` makes one",
    )
    parser.add_argument(
        "--pg-featureserv",
        type=Path,
        default=_path(env("PG_FEATURESERV")),
        help="a pg_featureserv that is there",
    )
    parser.add_argument(
        "--peer",
        action="append",
        metavar="NAME=URL:TEMPLATES",
        default=(env("PEER") or "").split(),
        help="a server that runs already (PEER, several parted by blanks)",
    )
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument(
        "--writes",
        type=int,
        default=int(env("WRITES") or 50_000),
        help="reports written into the full table, timed; 0 = none",
    )
    parser.add_argument(
        "--no-downloads", action="store_true", help="do not take the whole layer as files"
    )
    parser.add_argument(
        "--database-only",
        action="store_true",
        help="make the database, say where it is, keep it until Enter is pressed",
    )
    return parser.parse_args()  # fmt: skip


def _path(text: str | None) -> Path | None:
    return Path(text).resolve() if text else None


def gather(asked: argparse.Namespace, database: Database, results: Results) -> list[Server]:
    """Every server that can be had; why others cannot is noted."""
    home = asked.home
    makers: dict[str, Callable[[], Server]] = {
        "scam-atlas": lambda: servers.scam_atlas(database, caches=False),
        "cached": lambda: servers.scam_atlas(database, caches=True),
        "floor": lambda: servers.floor(database),
        "bare": lambda: servers.bare(database),
        "tipg": lambda: peer_servers.tipg(home, database),
        "pygeoapi": lambda: peer_servers.pygeoapi(home, database),
        "pg_featureserv": lambda: _given(asked.pg_featureserv, database),
        "martin": lambda: peer_servers.martin(home, database, asked.martin),
    }
    for text in asked.peer:
        makers[text.partition("=")[0]] = partial(servers.external, text)
    wanted = asked.servers.split(",") if asked.servers else list(makers)
    found = []
    for name, make in makers.items():
        if name not in wanted:
            continue
        try:
            found.append(make())
        except (ServerError, OSError) as error:
            say(f"{name} is missing: {error}")
            results.missing[name] = str(error)
    return found


def _given(program: Path | None, database: Database) -> Server:
    if program is None:
        raise ServerError("pg_featureserv: no PG_FEATURESERV=path was given")
    return peer_servers.pg_featureserv(program, database)


def about(database: Database, asked: argparse.Namespace) -> dict[str, str]:
    """Machine, versions and settings of this run."""
    with database.connect() as connection:
        row = connection.execute("SELECT version(), postgis_full_version()").fetchone()
        buffers = connection.execute("SHOW shared_buffers").fetchone()
    assert row is not None and buffers is not None  # noqa: S101, PT018 - one row each, always
    postgis = row[1].split(" ")[0].partition("=")[2].strip('"')
    return {
        "date": date.today().isoformat(),
        "data": f"{database.reports:,} reports (seeded, benchmarks/synthetic.py)",
        "rounds": f"{asked.rounds}, {asked.seconds:g} s a row",
        "machine": machine(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "database": f"{row[0].split(' (')[0]}, PostGIS {postgis}, shared_buffers {buffers[0]}, "
        "one private cluster, Unix socket",
        "load": f"{wrk_version()}, {CONNECTIONS} connections, on the same machine",
    }


def main() -> int:
    """Make what is missing, measure, and write what was found, also when it is broken off."""
    asked = options()
    asked.home = asked.home.resolve()
    known = {each.id for each in WORKLOADS}
    wanted = set(asked.workloads.split(",")) if asked.workloads else known
    if wanted - known:
        print(f"There is no workload {', '.join(sorted(wanted - known))}", file=sys.stderr)
        return 2
    results = Results()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends servers and database too
    try:
        require_wrk()
        with running_database(asked.home / "cluster", asked.reports) as database:
            if asked.database_only:
                print(f"DATABASE_URL={database.url}\nDATABASE_URL={database.hostless_url}")
                input("Enter ends it. ")
                return 0
            results.about = about(database, asked)
            _measure(asked, database, results, wanted)
    except (LoadError, ScamAtlasError) as error:
        print(f"{error}\n(BENCH_HOME names the folder: {asked.home})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("broken off: what was measured is kept")
        return 130
    finally:
        if results.samples:
            _write(asked, results)
    return 0


def _measure(
    asked: argparse.Namespace, database: Database, results: Results, wanted: set[str]
) -> None:
    if asked.writes:
        results.writes = measure_writes(database, asked.writes)
    run = Run(
        database=database,
        servers=gather(asked, database, results),
        workloads=[each for each in WORKLOADS if each.id in wanted],
        results=results,
        folder=asked.home / "run",
        keep=lambda: _keep(asked, results),
        pgbench=not asked.servers or "pgbench" in asked.servers.split(","),
    )
    try:
        run.prepare()
        run.tell_length(asked.rounds, asked.seconds)
        for number in range(1, asked.rounds + 1):
            run.round(number, asked.rounds, asked.seconds)
        if not asked.no_downloads:
            run.downloads()
    finally:
        run.close()


def _name(asked: argparse.Namespace) -> str:
    suffix = "" if asked.reports == 1_000_000 else f"-{asked.reports}"
    return f"{date.today().isoformat()}{suffix}"


def _keep(asked: argparse.Namespace, results: Results) -> None:
    asked.results.mkdir(parents=True, exist_ok=True)
    results.save(asked.results / f"{_name(asked)}.json")


def _write(asked: argparse.Namespace, results: Results) -> None:
    _keep(asked, results)
    text = markdown(results)
    path = asked.results / f"{_name(asked)}.md"
    path.write_text(text, "utf-8")
    print(text)
    say(f"written to {path}")


if __name__ == "__main__":
    sys.exit(main())
