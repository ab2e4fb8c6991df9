"""One measurement: a server is asked for prepared paths, and what that cost is read beside it.

wrk asks. It leaves out what is under way at the end, which for answers of seconds is most of them:
of such a row every answer is waited for, by clients of our own.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.clients import Outcome, keep_asking
from benchmarks.processes import MemoryWatch, processor_ms, wait_idle

THREADS = 2
CONNECTIONS = 8
TIMEOUT_S = 60
WARM_S = 1.0
SCRIPT = Path(__file__).with_name("wrk.lua")
_MARK = "BENCH "


class LoadError(Exception):
    """The load could not be made, or its outcome not be read."""


@dataclass(frozen=True)
class Sample:
    """One run of wrk. Times in milliseconds, memory in millions of bytes, None = not known."""

    answers: int
    seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    bytes_each: float
    errors: int
    memory_mb: float | None = None
    server_cpu_ms: float | None = None
    database_cpu_ms: float | None = None

    def record(self) -> dict[str, object]:
        """As it stands in the JSON file."""
        return asdict(self)


def require_wrk() -> str:
    """Where wrk is. Raises LoadError with the way to get it."""
    found = shutil.which("wrk")
    if found is None:
        raise LoadError(
            "wrk is missing: `apt-get install wrk` (Debian, Ubuntu) or `brew install wrk`"
        )
    return found


def wrk_version() -> str:
    """As wrk tells it; it leaves with an error status when it does."""
    said = subprocess.run(  # noqa: S603
        [require_wrk(), "-v"], capture_output=True, text=True, check=False
    )
    words = (said.stdout + said.stderr).split()
    return f"wrk {words[1]}" if len(words) > 1 else "wrk"


def read_outcome(said: str) -> Sample:
    """What the script wrote at the end of a run. Raises LoadError."""
    line = next((line for line in said.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise LoadError(f"wrk gave no outcome: {said.strip()[-300:]}")
    told = json.loads(line.removeprefix(_MARK))
    seconds = told["microseconds"] / 1e6
    answers = told["answers"]
    return Sample(
        answers=answers,
        seconds=seconds,
        per_second=(answers - told["not_200"]) / seconds,
        p50_ms=told["p50_us"] / 1e3,
        p99_ms=told["p99_us"] / 1e3,
        max_ms=told["max_us"] / 1e3,
        bytes_each=told["bytes"] / answers if answers else 0.0,
        errors=told["not_200"] + told["socket_errors"] + told["timeouts"],
    )


def run_wrk(url: str, paths: Path, seconds: float, header: str = "") -> Sample:
    """Ask for the paths of the file for so long, eight requests under way at any time."""
    command = [require_wrk(), f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"]
    command += ["--timeout", f"{TIMEOUT_S}s", "--latency", "-s", str(SCRIPT), url]
    surroundings = os.environ | {"BENCH_PATHS": str(paths), "BENCH_HEADER": header}
    done = subprocess.run(  # noqa: S603
        command, env=surroundings, capture_output=True, text=True, check=False
    )
    return read_outcome(done.stdout + done.stderr)


def run_to_the_last(url: str, paths: Path, seconds: float) -> Sample:
    """Begin requests for so long, eight under way at any time, and wait for every answer."""
    outcomes: list[Outcome] = []
    asked = paths.read_text().split()
    share = max(1, len(asked) // CONNECTIONS)
    started = time.monotonic()

    async def everybody() -> None:
        turns = [asked[n * share :] + asked[: n * share] for n in range(CONNECTIONS)]
        until = started + seconds
        await asyncio.gather(
            *(keep_asking(url, turn, until, TIMEOUT_S, outcomes) for turn in turns)
        )

    asyncio.run(everybody())
    return sample_of(outcomes, started)


def sample_of(outcomes: list[Outcome], started: float) -> Sample:
    """What clients of our own have written down, as one row."""
    good = [each for each in outcomes if each.status == 200]
    took = sorted((each.ended - each.started) * 1e3 for each in good) or [0.0]
    elapsed = max((each.ended for each in outcomes), default=started) - started
    return Sample(
        answers=len(outcomes),
        seconds=elapsed,
        per_second=len(good) / elapsed if elapsed else 0.0,
        p50_ms=took[len(took) // 2],
        p99_ms=took[int(len(took) * 0.99)],
        max_ms=took[-1],
        bytes_each=sum(each.size for each in good) / max(len(good), 1),
        errors=len(outcomes) - len(good),
    )


def measure(
    url: str,
    paths: Path,
    seconds: float,
    *,
    server: int | None,
    database: int,
    header: str = "",
    slow: bool = False,
) -> Sample:
    """Warm up, wait until all is quiet, run, and wait again, so that rows do not spoil each other.

    server, database: the processes whose memory and processor time are told. slow: wait for every
    answer.
    """
    watched = [pid for pid in (server, database) if pid is not None]
    if not slow:
        run_wrk(url, paths, WARM_S, header)
    wait_idle(watched)
    before = [processor_ms(pid) for pid in watched]
    with MemoryWatch(server) as memory:
        sample = (
            run_to_the_last(url, paths, seconds) if slow else run_wrk(url, paths, seconds, header)
        )
        wait_idle(watched)
    spent = [processor_ms(pid) - start for pid, start in zip(watched, before, strict=True)]
    # What was under way at the end of wrk is worked on as well.
    made = sample.answers + (0 if slow else CONNECTIONS)
    each = [ms / made for ms in spent]
    told = asdict(sample) | {"memory_mb": memory.most_mb, "database_cpu_ms": each[-1]}
    if server is not None:
        told["server_cpu_ms"] = each[0]
    return Sample(**told)
