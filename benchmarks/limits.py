"""Limits to hold ours against: the database alone, and what a whole layer costs in memory."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.data import DATABASE, ROLE, Database
from benchmarks.load import CONNECTIONS, THREADS, LoadError
from benchmarks.processes import MemoryWatch
from benchmarks.workloads import Parameters, workload
from geo.store.cluster_programs import choose_programs
from geo.store.database import raw_connection
from layers.catalog import REPORTS
from layers.filters import BBox, Period
from layers.pages import Statement, page_statement

# Settings of a session that change how a statement is planned or run: pgbench gets the service's.
_SESSION = ("jit", "plan_cache_mode", "work_mem", "max_parallel_workers_per_gather", "enable_sort")
_CHUNK = 1 << 16


def statement_of(values: Parameters) -> Statement:
    """Exactly the statement that this service runs for W2."""
    west, south, east, north = values.bbox
    return page_statement(
        REPORTS,
        BBox(west, south, east, north),
        Period(values.first, values.last),
        limit=workload("W2").limit,
        after=0,
    )


def literal(value: object) -> str:
    """A bound value as the text that PostgreSQL reads."""
    if isinstance(value, list | tuple):
        return "{" + ",".join(literal(each) for each in value) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def script_of(sql: str, values: int, rows: int) -> str:
    """What pgbench runs: pick a row of parameters, then the statement with them."""
    names = ", ".join(f"p{place}" for place in range(1, values + 1))
    asked = re.sub(r"\$(\d+)", r":p\1", " ".join(sql.split()))
    return (
        f"\\set n random(1, {rows})\nSELECT {names} FROM peers.w2 WHERE n = :n \\gset\n{asked};\n"
    )


class DatabaseLimit:
    """W2 by pgbench: the same SQL, prepared, with the service's settings; no HTTP, no Python."""

    def __init__(self, database: Database, parameters: list[Parameters], folder: Path) -> None:
        self._database = database
        self._script = folder / "w2.sql"
        statements = [statement_of(each) for each in parameters]
        texts = {each.sql for each in statements}
        if len(texts) != 1:
            raise LoadError("W2 is more than one statement now: pgbench cannot run it as one")
        width = len(statements[0].values)
        with database.connect() as connection:
            connection.execute("DROP TABLE IF EXISTS peers.w2")
            columns = ", ".join(f"p{place} text" for place in range(1, width + 1))
            connection.execute(f"CREATE TABLE peers.w2 (n int PRIMARY KEY, {columns})")
            with connection.cursor().copy("COPY peers.w2 FROM STDIN") as copy:
                for number, each in enumerate(statements, 1):
                    copy.write_row([number, *(literal(value) for value in each.values)])
            connection.execute("VACUUM (ANALYZE) peers.w2")
        self._script.write_text(script_of(texts.pop(), width, len(statements)))
        self._options = asyncio.run(_session_options(database.url))

    def run(self, seconds: float) -> tuple[float, float]:
        """Statements a second, and the mean milliseconds of one. Raises LoadError."""
        program = choose_programs(None).path("pgbench")
        done = subprocess.run(  # noqa: S603
            [program, "-n", "-M", "prepared", "-f", str(self._script), "-c", str(CONNECTIONS),
             "-j", str(THREADS), "-T", str(max(1, round(seconds))), "-h", self._database.socket,
             "-p", str(self._database.port), "-U", ROLE, DATABASE],
            env=os.environ | {"PGOPTIONS": self._options},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return read_pgbench(done.stdout + done.stderr)


def read_pgbench(said: str) -> tuple[float, float]:
    """Statements a second and mean milliseconds from pgbench's last lines. Raises LoadError."""
    rate = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    latency = re.search(r"^latency average = ([\d.]+) ms", said, re.MULTILINE)
    if rate is None or latency is None:
        raise LoadError(f"pgbench gave no outcome: {said.strip()[-300:]}")
    return float(rate[1]), float(latency[1])


async def _session_options(url: str) -> str:
    connection = await raw_connection(url, 10)
    try:
        held = {name: await connection.fetchval(f"SHOW {name}") for name in _SESSION}
    finally:
        await connection.close()
    return " ".join(f"-c {name}={value.decode()}" for name, value in held.items())


@dataclass(frozen=True)
class Download:
    """A whole layer as one file: what came, how long it took, the most memory meanwhile."""

    path: str
    status: int
    megabytes: float
    seconds: float
    memory_mb: float | None


def download(url: str, path: str, pid: int | None) -> Download:
    """Take the whole file, as fast as it comes."""
    size, started = 0, time.monotonic()
    with (
        MemoryWatch(pid) as memory,
        urllib.request.urlopen(url + path, timeout=600) as response,  # noqa: S310
    ):
        while chunk := response.read(_CHUNK):
            size += len(chunk)
    seconds = time.monotonic() - started
    return Download(path, response.status, size / 1e6, seconds, memory.most_mb)
