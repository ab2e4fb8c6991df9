"""The rounds: within each, every workload asks every server in turn.

A server runs only while workloads that it takes part in are asked, features first and tiles then:
fewer connections are open at once, and none keeps the memory of what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.answers import ask, follow, path_of
from benchmarks.data import Database
from benchmarks.limits import DatabaseLimit, download
from benchmarks.load import CONNECTIONS, LoadError, Sample, measure
from benchmarks.progress import say
from benchmarks.results import OURS, PGBENCH, Results
from benchmarks.servers import Server, ServerError
from benchmarks.verify import Checked, check, compared, whole_box
from benchmarks.workloads import (
    PAGE,
    PAGES,
    Parameters,
    Workload,
    comparable_tiles,
    fill,
    make_parameters,
    shuffled,
    workload,
)

BATCHES = 5  # answers of each connection that a row should have
LONGEST = 2  # times the usual length of a row
AROUND_S = 3.0  # of warm-up and rest for each row
FILES = ("geojson", "csv")


class Run:
    """One benchmark: prepare, rounds, downloads, close."""

    def __init__(
        self,
        *,
        database: Database,
        servers: list[Server],
        workloads: list[Workload],
        results: Results,
        folder: Path,
        keep: Callable[[], None],
        pgbench: bool,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = database
        self._servers = servers
        self._workloads = workloads
        self._results = results
        self._folder = folder
        self._keep = keep
        tiles = comparable_tiles(database.places())
        self._parameters = make_parameters(database.reports, near_tiles=tiles)
        self._next_paths: dict[int, str] = {}
        self._checked: dict[tuple[str, str], Checked] = {}
        self._limit: DatabaseLimit | None = None
        self._with_pgbench = pgbench
        results.versions = {server.name: server.version for server in servers}
        results.notes = {server.name: server.note for server in servers}

    def prepare(self) -> None:
        """Start each server once and look at its answers; drop what cannot be asked."""
        for phase in self._phases():
            with self._running(phase):
                for asked in phase:
                    self._check(asked)
        if self._with_pgbench and workload("W2") in self._workloads:
            try:
                self._limit = DatabaseLimit(self._database, self._parameters, self._folder)
            except LoadError as error:
                self._results.missing[PGBENCH] = str(error)
        self._keep()

    def tell_length(self, rounds: int, seconds: float) -> None:
        """Say how long it will take."""
        rows = [self._seconds(key, seconds) for key, found in self._checked.items() if found.usable]
        one = sum(row + AROUND_S for row in rows) + (seconds if self._limit else 0)
        say(f"{len(rows)} rows, {rounds} round(s) of about {one / 60:.1f} min: "
            f"{rounds * one / 60:.0f} min in all")  # fmt: skip

    def round(self, number: int, rounds: int, seconds: float) -> None:
        """Ask every server everything, in turn."""
        for phase in self._phases():
            with self._running(phase):
                for asked in phase:
                    self._row(asked, number, rounds, seconds)

    def downloads(self) -> None:
        """Take the whole layer from ours, in the formats that are sent as the rows come."""
        ours = next((each for each in self._servers if each.name == OURS), None)
        if ours is None:
            return
        ours.start(self._folder)
        for extension in FILES:
            path = f"/layers/reports.{extension}"
            say(f"whole layer: {path}")
            try:
                self._results.downloads.append(download(ours.url, path, ours.pid))
            except OSError as error:
                self._results.missing[path] = str(error)
        ours.stop()
        self._keep()

    def close(self) -> None:
        """End every server that was started here."""
        for server in self._servers:
            server.stop()

    def _phases(self) -> Iterable[list[Workload]]:
        tiles = [each for each in self._workloads if each.is_tile]
        features = [each for each in self._workloads if not each.is_tile]
        return [phase for phase in (features, tiles) if phase]

    @contextmanager
    def _running(self, phase: list[Workload]) -> Iterator[None]:
        """The servers of these workloads run inside; one that does not start is left out."""
        needed = [s for s in self._servers if any(each.id in s.templates for each in phase)]
        try:
            for server in needed:
                try:
                    server.start(self._folder)
                except ServerError as error:
                    say(f"{server.name} is missing: {error}")
                    self._results.missing[server.name] = str(error)
                    self._servers.remove(server)
            yield
        finally:
            for server in needed:
                server.stop()

    def _taking_part(self, asked: Workload) -> list[Server]:
        return [server for server in self._servers if asked.id in server.templates]

    def _check(self, asked: Workload) -> None:
        """Ours comes first: the others are held against it."""
        ours = None
        values = self._parameters[0]
        for server in self._taking_part(asked):
            if server.name == OURS:
                if asked.id == "W5":
                    self._read_next_paths(server)
                if asked.id in ("W2", "W7"):
                    values = whole_box(server, workload("W2"), self._parameters)
            found = check(server, asked, values, self._next_paths)
            told = found.answer.told() + compared(found.answer, ours)
            if server.name == OURS:
                ours = found.answer
            say(f"{asked.id:10} {server.name:18} {told}, {found.seconds * 1e3:.0f} ms")
            self._checked[asked.id, server.name] = found
            self._results.answers.setdefault(asked.id, {})[server.name] = told
            if not found.usable:
                self._results.missing[f"{server.name}, {asked.id}"] = told

    def _read_next_paths(self, server: Server) -> None:
        """Where our `next` links lead from the middle row on."""
        first = fill(server.templates["W1"], workload("W1"), self._parameters[0])
        row = self._database.reports // 2
        try:
            path = path_of(follow(server.url, first, row), limit=str(PAGE))
            for place in range(PAGES):
                self._next_paths[row + PAGE * place] = path
                path = ask(server.url + path).next_path or path
        except ValueError as error:
            say(f"W5: {error}")

    def _seconds(self, key: tuple[str, str], seconds: float) -> float:
        """Long answers get a longer run, so that there are some to count."""
        return min(max(seconds, self._wished(key)), LONGEST * seconds)

    def _wished(self, key: tuple[str, str]) -> float:
        return BATCHES * CONNECTIONS * self._checked[key].seconds

    def _row(self, asked: Workload, number: int, rounds: int, seconds: float) -> None:
        taking_part = self._taking_part(asked)
        shift = number % len(taking_part) if taking_part else 0
        for server in taking_part[shift:] + taking_part[:shift]:
            found = self._checked.get((asked.id, server.name))
            if found is None or not found.usable:
                continue
            length = self._seconds((asked.id, server.name), seconds)
            where = f"{server.name}, {asked.id}, round {number}"
            try:
                if server.has_ended:
                    self._results.missing[where] = "had ended by itself before, and was started"
                server.start(self._folder)
                sample = self._measure(server, asked, number, length)
            except (LoadError, ServerError, OSError) as error:
                say(f"{where}: {error}")
                self._results.missing[where] = str(error)
                continue
            self._note(asked.id, server.name, sample, f"round {number}/{rounds}")
        if asked.id == "W2" and self._limit is not None:
            rate, latency = self._limit.run(seconds)
            sample = Sample(round(rate * seconds), seconds, rate, latency, latency, latency, 0, 0)
            self._note("W2", PGBENCH, sample, f"round {number}/{rounds}")

    def _measure(self, server: Server, asked: Workload, number: int, seconds: float) -> Sample:
        template = server.templates[asked.id]
        paths = [fill(template, asked, each, self._next_paths) for each in self._parameters]
        file = self._folder / "paths.txt"
        header = ""
        if asked.id == "NOT_MODIFIED":
            header = f"If-None-Match: {ask(server.url + paths[0]).etag}"
        file.write_text("\n".join(shuffled(paths, number)) + "\n")
        return measure(
            server.url, file, seconds,
            server=server.pid, database=self._database.pid, header=header,
            slow=self._wished((asked.id, server.name)) > seconds,
        )  # fmt: skip

    def _note(self, asked: str, server: str, sample: Sample, where: str) -> None:
        self._results.add(asked, server, sample)
        self._keep()
        errors = f", {sample.errors} ERRORS" if sample.errors else ""
        memory = f", {sample.memory_mb:.0f} MB" if sample.memory_mb else ""
        say(f"{where} {asked:12} {server:22} {sample.per_second:10,.1f} req/s, "
            f"p50 {sample.p50_ms:.1f} ms, p99 {sample.p99_ms:.1f} ms{memory}{errors}")  # fmt: skip


__all__ = ["Parameters", "Run"]
