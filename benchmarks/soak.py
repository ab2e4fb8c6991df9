"""64 clients ask for a minute while the database is stopped and started: `make soak`.

What must hold: only 200 and 503 come back, nobody waits long, no connection to the database is
left over, and the service is at full speed within 5 seconds of the database's return.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.clients import Outcome, keep_asking
from benchmarks.data import ROLE, running_database
from benchmarks.processes import PROC, memory_mb
from benchmarks.progress import say
from benchmarks.report import table
from benchmarks.servers import Server, scam_atlas
from benchmarks.workloads import fill, make_parameters, workload
from geo.store.cluster import Cluster

CLIENTS = 64
PATIENCE_S = 20.0  # longer than any limit of the service: an answer after it is a hang
FULL = 0.8  # of the speed before counts as full
LASTING = 0.6  # of it is held to the end: less strict, as a whole minute sees the machine's moods
RETURN_S = 5.0
SETTLE_S = 3.0


@dataclass(frozen=True)
class Held:
    """What the service holds: connections to the database, open files, memory."""

    connections: int
    files: int
    memory_mb: float | None


@dataclass(frozen=True)
class Soak:
    """What came of it. Times are of the monotonic clock; stopped to back: the database away."""

    outcomes: list[Outcome]
    began: float
    stopped: float
    back: float
    ended: float
    before: Held
    after: Held

    def rate(self, start: float, end: float) -> float:
        """Answers of status 200 a second between two times."""
        good = sum(each.status == 200 and start <= each.ended < end for each in self.outcomes)
        return good / (end - start)

    @property
    def usual(self) -> float:
        """The speed before the stop, its first two seconds apart."""
        return self.rate(min(self.began + 2, self.stopped - 1), self.stopped)

    @property
    def full_after(self) -> float | None:
        """Seconds from the database's return to the first second at full speed; None = never."""
        step = 0.25
        start = self.back
        while start + 1 <= self.ended:
            if self.rate(start, start + 1) >= FULL * self.usual:
                return start - self.back
            start += step
        return None

    @property
    def lasting(self) -> float:
        """The speed from 5 s after the return to the end."""
        return self.rate(self.back + RETURN_S, self.ended)

    def faults(self) -> list[str]:
        """Every rule that was broken, in a sentence each."""
        found = []
        others = Counter(
            each.fault or f"status {each.status}"
            for each in self.outcomes
            if each.status not in (200, 503)
        )
        found += [f"{count} × {what}" for what, count in others.most_common(10)]
        if self.full_after is None or self.full_after > RETURN_S:
            found.append(f"not at full speed within {RETURN_S:g} s of the database's return")
        if self.lasting < LASTING * self.usual:
            found.append(f"{self.lasting:.0f} req/s in the end, {self.usual:.0f} before")
        if self.after.connections > self.before.connections:
            found.append("connections to the database are left over")
        if self.after.files > self.before.files:
            found.append("open files or sockets are left over")
        return found


def held(server: Server, socket: str, port: int) -> Held:
    """Count what the service holds, from the outside."""
    with psycopg.connect(host=socket, port=port, dbname="postgres", user=ROLE) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scam-atlas'"
        ).fetchone()
    pid = server.pid
    files = len(list((PROC / str(pid) / "fd").iterdir())) if pid and PROC.exists() else 0
    return Held(row[0] if row else 0, files, memory_mb(pid) if pid else None)


async def attack(
    server: Server, home: Path, paths: list[str], seconds: float
) -> tuple[list[Outcome], float, float, float]:
    """Run the clients, stop the database after a third, start it after a half."""
    outcomes: list[Outcome] = []
    began = time.monotonic()
    until = began + seconds
    step = len(paths) // CLIENTS
    clients = [
        asyncio.create_task(
            keep_asking(
                server.url, paths[n * step :] + paths[: n * step], until, PATIENCE_S, outcomes
            )
        )
        for n in range(CLIENTS)
    ]
    await asyncio.sleep(seconds / 3)
    say("the database is stopped")
    stopped = time.monotonic()
    await asyncio.to_thread(Cluster(home).stop)
    await asyncio.sleep(max(0.0, began + seconds / 2 - time.monotonic()))
    await asyncio.to_thread(_start_again, home)
    back = time.monotonic()
    say("the database is back")
    await asyncio.gather(*clients)
    return outcomes, began, stopped, back


def _start_again(home: Path) -> None:
    again = Cluster(home)
    again.start()
    again.keep()
    again.release()


def soak(home: Path, reports: int, seconds: float) -> Soak:
    """Load, serve, attack, and look at what is left."""
    logs = home / "run"
    logs.mkdir(parents=True, exist_ok=True)
    cluster = home / "soak"
    with running_database(cluster, reports) as database:
        server = scam_atlas(database, caches=False)
        asked = workload("W2")
        paths = [fill(server.templates["W2"], asked, each) for each in make_parameters(reports)]
        server.start(logs)
        try:
            say("warming up")
            asyncio.run(_warm_up(server, paths))
            time.sleep(SETTLE_S)
            before = held(server, database.socket, database.port)
            say(f"{CLIENTS} clients for {seconds:g} s")
            outcomes, began, stopped, back = asyncio.run(attack(server, cluster, paths, seconds))
            ended = began + seconds
            time.sleep(SETTLE_S)
            after = held(server, database.socket, database.port)
        finally:
            server.stop()
            Cluster(cluster).stop()
    return Soak(outcomes, began, stopped, back, ended, before, after)


async def _warm_up(server: Server, paths: list[str]) -> None:
    """Until every connection that the service may open is open."""
    until = time.monotonic() + SETTLE_S
    ignored: list[Outcome] = []
    await asyncio.gather(
        *(keep_asking(server.url, paths, until, PATIENCE_S, ignored) for _ in range(CLIENTS))
    )


def told(result: Soak) -> str:
    """The table."""
    spans = (
        ("before", result.began, result.stopped),
        ("database away", result.stopped, result.back),
        (f"first {RETURN_S:g} s after", result.back, result.back + RETURN_S),
        ("until the end", result.back + RETURN_S, result.ended + PATIENCE_S),
    )
    rows = []
    for name, start, end in spans:
        within = [each for each in result.outcomes if start <= each.ended < end]
        statuses = Counter(each.status for each in within)
        others = sum(count for status, count in statuses.items() if status not in (200, 503))
        slowest = max((each.ended - each.started for each in within), default=0.0)
        seconds = min(end, result.ended) - start
        rows.append(
            [name, f"{seconds:.1f}", str(statuses[200]), str(statuses[503]), str(others),
             f"{statuses[200] / seconds:.0f}", f"{slowest:.2f}"]
        )  # fmt: skip
    head = ("", "seconds", "200", "503", "others", "200 a second", "slowest, s")
    after = result.full_after
    seconds_after = [result.back + number for number in range(10)]
    lines = [
        "200 in each second after the return: "
        + ", ".join(str(round(result.rate(start, start + 1))) for start in seconds_after),
        f"Full speed {'never' if after is None else f'{after:.2f} s'} after the return.",
        f"Held before: {result.before}; after: {result.after}.",
    ]
    return table(head, rows) + "\n\n" + "\n".join(lines)


def main() -> int:
    """Exit status 1 where a rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    home = Path(os.environ.get("BENCH_HOME") or ".bench")
    parser.add_argument("--home", type=Path, default=home)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    result = soak(asked.home.resolve(), asked.reports, asked.seconds)
    print(told(result))
    faults = result.faults()
    for fault in faults:
        print(f"BROKEN: {fault}")
    if not faults:
        print("Nothing is broken.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
