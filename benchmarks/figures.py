"""Static maps under load: how fast, at whose cost, and in how much memory: `make bench-figures`.

What must hold, of the Thai-border frame once warm: a PNG sheet in at most 1.5 s, a PDF in at most
2 s. Ten callers at once leave `/ogc/collections/reports/items` at least half of its speed, measured
in turns. Over 500 figures the server stays below 150 MB, and no process that draws grows without
end.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.clients import Outcome, keep_asking
from benchmarks.processes import PROC, family
from benchmarks.progress import say
from benchmarks.report import number, table
from benchmarks.servers import Command, Server
from layers.figures.frames import FRAMES

ITEMS = "/ogc/collections/reports/items?limit=100"
READERS = 4
CALLERS = 10
PATIENCE_S = 60.0
AT_ONCE_S = 0.05
"""So long a client begins requests: one, since every figure takes longer."""
AT = "2025-03-10"
LIMITS_S = {"png": 1.5, "pdf": 2.0}
KEPT = 0.5
SERVER_MB = 150.0
DRAWING_MB = 500.0
FORMATS = ("png", "pdf", "svg")


@dataclass(frozen=True)
class Memory:
    """Most memory seen, in millions of bytes: of the server itself, of one process that draws."""

    server: float
    drawing: float


def serving(home: Path) -> Server:
    """The service with the dossier, keeping no figure: each that is asked for is drawn.

    It is loaded by a process before: what is measured is serving.
    """
    environment = {"SCAM_ATLAS_HOME": str(home), "SCAM_ATLAS_FIGURE_CACHE_MB": "0"}
    program = str(Path(sys.executable).parent / "scam-atlas")
    subprocess.run([program, "load"], env=os.environ | environment, check=True)  # noqa: S603
    command = [program, "serve", "--no-load", "--port"]
    return Server(
        "scam-atlas",
        "",
        {},
        "/readyz",
        command=lambda port: Command([*command, str(port)], environment),
    )


def address(frame: str, ending: str, **query: str) -> str:
    """Path and query of a figure."""
    return f"/figures/{frame}.{ending}?{urlencode({'datetime': AT, **query})}"


def never_the_same() -> Iterator[str]:
    """Paths of the Thai-border frame that no two callers share."""
    for turn in itertools.count():
        yield address("thai-border", FORMATS[turn % 3], title=f"Figure {turn}")


async def asked(url: str, paths: list[str]) -> list[Outcome]:
    """Each path once, one after the other."""
    found: list[Outcome] = []
    for path in paths:
        one: list[Outcome] = []
        await keep_asking(url, [path], time.monotonic() + AT_ONCE_S, PATIENCE_S, one)
        found += one
    return found


async def speeds(url: str, times: int) -> dict[str, list[float]]:
    """Seconds of each figure of the Thai-border frame, warm, by format."""
    found = {}
    for ending in FORMATS:
        paths = [address("thai-border", ending)] * (times + 2)
        outcomes = await asked(url, paths)
        assert all(each.status == 200 for each in outcomes), outcomes  # noqa: S101
        found[ending] = [each.ended - each.started for each in outcomes[2:]]
    return found


async def reading(url: str, seconds: float) -> float:
    """Answers a second of items, to a few clients."""
    outcomes: list[Outcome] = []
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(keep_asking(url, [ITEMS], until, PATIENCE_S, outcomes) for _ in range(READERS))
    )
    return sum(each.status == 200 for each in outcomes) / seconds


async def reading_beside_figures(url: str, seconds: float) -> tuple[float, Counter[int]]:
    """The same while ten callers ask for figures; and how these were answered."""
    until = time.monotonic() + seconds
    paths = never_the_same()
    drawn: list[Outcome] = []

    async def call() -> None:
        while time.monotonic() < until:
            await keep_asking(url, [next(paths)], time.monotonic() + AT_ONCE_S, PATIENCE_S, drawn)

    callers = [asyncio.create_task(call()) for _ in range(CALLERS)]
    await asyncio.sleep(0.5)  # until the processes draw
    rate = await reading(url, until - time.monotonic())
    await asyncio.gather(*callers)
    return rate, Counter(each.status for each in drawn)


async def many(url: str, pid: int, count: int) -> tuple[Memory, Counter[int]]:
    """Draw that many figures of every frame and format, four at a time, and watch the memory."""
    kinds = itertools.product([frame.id for frame in FRAMES], FORMATS)
    waiting = list(itertools.islice(itertools.cycle(kinds), count))
    seen = Memory(0.0, 0.0)
    statuses: Counter[int] = Counter()

    async def call() -> None:
        nonlocal seen
        while waiting:
            frame, ending = waiting.pop()
            query = {"title": f"Figure {len(waiting)}", "dpi": "100"}
            for outcome in await asked(url, [address(frame, ending, **query)]):
                statuses[outcome.status] += 1
            now = taken(pid)
            seen = Memory(max(seen.server, now.server), max(seen.drawing, now.drawing))

    await asyncio.gather(*(call() for _ in range(4)))
    return seen, statuses


def taken(pid: int) -> Memory:
    """The memory now of the server, and of the largest process that draws."""
    drawing = [_resident_mb(each) for each in family(pid) if _draws(each)]
    return Memory(_resident_mb(pid), max(drawing, default=0.0))


def _draws(pid: int) -> bool:
    try:
        return b"service.figures.worker" in (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def _resident_mb(pid: int) -> float:
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return 0.0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0][1]) * 1024 / 1e6 if lines else 0.0


def main() -> int:
    """Exit status 1 where a rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__)
    parser.add_argument("--times", type=int, default=10, help="Figures of each format")
    parser.add_argument("--rounds", type=int, default=3, help="Turns with and without figures")
    parser.add_argument("--seconds", type=float, default=10.0, help="Of each turn")
    parser.add_argument("--figures", type=int, default=500, help="Of the run that watches memory")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scam-atlas-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = serving(home)
        server.start(home)
        try:
            faults = measure(server, given)
        finally:
            server.stop()
    for fault in faults:
        print(f"BROKEN: {fault}")
    if not faults:
        print("Nothing is broken.")
    return 1 if faults else 0


def measure(server: Server, given: argparse.Namespace) -> list[str]:
    """Print what was measured; returns every rule that was broken."""
    faults = []
    say("one after the other")
    rows = []
    for ending, seconds in asyncio.run(speeds(server.url, given.times)).items():
        middle, limit = statistics.median(seconds), LIMITS_S.get(ending)
        rows.append(
            [ending, number(min(seconds)), number(middle), number(max(seconds)), number(limit)]
        )
        if limit is not None and middle > limit:
            faults.append(f"a {ending} takes {middle:.2f} s, at most {limit:g} is asked")
    print(table(("Thai border, warm", "least, s", "median, s", "most, s", "asked, s"), rows))
    say("ten callers at once, in turns with none")
    alone, beside, statuses = [], [], Counter[int]()
    for _ in range(given.rounds):
        alone.append(asyncio.run(reading(server.url, given.seconds)))
        rate, answered = asyncio.run(reading_beside_figures(server.url, given.seconds))
        beside.append(rate)
        statuses += answered
    kept = statistics.median(beside) / statistics.median(alone)
    print(
        f"\nItems a second: {number(statistics.median(alone))} alone, "
        f"{number(statistics.median(beside))} beside {CALLERS} callers ({kept:.0%}); these were "
        f"answered {dict(statuses)}."
    )
    if kept < KEPT:
        faults.append(f"items keep {kept:.0%} of their speed, at least {KEPT:.0%} is asked")
    if set(statuses) - {200, 503}:
        faults.append(f"figures were answered {dict(statuses)}")
    say(f"{given.figures} figures")
    assert server.pid is not None  # noqa: S101 - started here
    began = time.monotonic()
    most, statuses = asyncio.run(many(server.url, server.pid, given.figures))
    print(
        f"\n{given.figures} figures of every frame and format in {time.monotonic() - began:.0f} s: "
        f"at most {number(most.server)} MB for the server, {number(most.drawing)} MB for a "
        f"process that draws; answered {dict(statuses)}."
    )
    if set(statuses) != {200}:
        faults.append(f"figures one after the other were answered {dict(statuses)}")
    if most.server > SERVER_MB:
        faults.append(f"the server took {most.server:.0f} MB, at most {SERVER_MB:g} is asked")
    if most.drawing > DRAWING_MB:
        faults.append(f"a process took {most.drawing:.0f} MB, at most {DRAWING_MB:g} is asked")
    return faults


if __name__ == "__main__":
    sys.exit(main())
