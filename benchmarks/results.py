"""What a run has found so far, kept in a file after every row, and what it is held against."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.limits import Download
from benchmarks.load import Sample

OURS = "scam-atlas"
PGBENCH = "pgbench"
MEMORY_LIMIT_MB = 150
WRITES_PER_S = 20_000


@dataclass(frozen=True)
class Requirement:
    """Ours in one workload is to be at least `ratio` times a peer in the same or another one."""

    workload: str
    peer: str
    ratio: float
    theirs: str = ""

    @property
    def peer_workload(self) -> str:
        """The peer's workload that ours is held against."""
        return self.theirs or self.workload


REQUIRED = (
    Requirement("W1", "tipg", 120),
    Requirement("W1", "pygeoapi", 180),
    Requirement("W1", "pg_featureserv", 1),
    Requirement("W2", "tipg", 25),
    Requirement("W2", "pygeoapi", 35),
    Requirement("W2", "pg_featureserv", 6),
    Requirement("W3", "tipg", 20),
    Requirement("W3", "pygeoapi", 25),
    Requirement("W3", "pg_featureserv", 1.2),
    Requirement("W4", "tipg", 22),
    Requirement("W4", "pygeoapi", 24),
    Requirement("W4", "pg_featureserv", 3),
    Requirement("W5", "tipg", 500),
    Requirement("W5", "pygeoapi", 250),
    Requirement("W5", "pg_featureserv", 400),
    Requirement("W5", "pg_featureserv", 2.5, "W5key"),
    Requirement("W6z6", "tipg", 50),
    Requirement("W6z6", "martin", 20),
    Requirement("W6z10", "tipg", 1.4),
    Requirement("W6z10", "martin", 1),
    Requirement("W6z10lean", "tipg", 2.2, "W6z10"),
    Requirement("W6z10lean", "martin", 1.4, "W6z10"),
    Requirement("W7", "tipg", 30),
    Requirement("W7", "pygeoapi", 60),
    Requirement("W2", PGBENCH, 0.8),
    Requirement("NOT_MODIFIED", "bare", 0.7),
)


@dataclass
class Results:
    """Everything that the report is made of."""

    about: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    samples: dict[str, dict[str, list[Sample]]] = field(default_factory=dict)
    downloads: list[Download] = field(default_factory=list)
    writes: dict[str, float] = field(default_factory=dict)

    def add(self, workload: str, server: str, sample: Sample) -> None:
        """One more round of a row."""
        self.samples.setdefault(workload, {}).setdefault(server, []).append(sample)

    def rate(self, workload: str, server: str) -> float | None:
        """The median over the rounds of the answers a second; None where it was not asked."""
        samples = self.samples.get(workload, {}).get(server)
        return median(sample.per_second for sample in samples) if samples else None

    def ratio(self, needed: Requirement) -> float | None:
        """How many times the peer ours was."""
        ours = self.rate(needed.workload, OURS)
        theirs = self.rate(needed.peer_workload, needed.peer)
        return ours / theirs if ours is not None and theirs else None

    @property
    def most_memory_mb(self) -> float | None:
        """The most memory that this service had in any workload, downloads included."""
        ours = [
            sample.memory_mb
            for servers in self.samples.values()
            for name, samples in servers.items()
            if name.startswith(OURS)
            for sample in samples
        ]
        found = [mb for mb in (*ours, *(each.memory_mb for each in self.downloads)) if mb]
        return max(found, default=None)

    def save(self, path: Path) -> None:
        """Write all of it as JSON, in one step."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")
        new.replace(path)


def machine() -> str:
    """What the figures were taken on."""
    cores = f"{os.cpu_count()} cores"
    try:
        model = next(
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        )
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (OSError, StopIteration, ValueError):
        return cores
    return f"{cores}, {model}, {memory:.0f} GB of memory"
