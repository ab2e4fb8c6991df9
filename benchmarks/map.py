"""The map's speed in a browser: `make bench-map`, or `python -m benchmarks.map --help`.

Opens the map from a cold start, weighs what it loads, and drags its window of time: with the
dossier, and with 20,000 sites and 100,000 reports. Writes a table with the machine.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks import synthetic
from benchmarks.mapbrowser import Drag, Opening, browser, drag, opened
from benchmarks.progress import say
from benchmarks.report import number, table
from benchmarks.results import machine
from benchmarks.servers import Command, Server
from geo.countries import CountryIndex
from geo.dossier import read_dossier
from geo.store.cluster import Cluster
from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.writes import load_dossier
from layers.published import publish
from service.settings import PROJECT

RESULTS = Path(__file__).parent / "results"
SITES, REPORTS = 20_000, 100_000
OPENING_MS = 1_500
WEIGHT_BYTES = 600_000
DOSSIER, SYNTHETIC = "dossier", "synthetic"
_READING = """\
Times are from the request of the page, medians of the cold starts. *Symbols* is the first frame
with sites on the screen, *ready* the moment at which all data are there and drawn. Frames are the
times between them while the window is dragged to and fro over three quarters of the axis by mouse.\
"""
FRAME_MS = {DOSSIER: 33.0, SYNTHETIC: 50.0}


@dataclass(frozen=True)
class Found:
    """What one set of data gave."""

    name: str
    openings: list[Opening]
    drags: list[Drag]

    @property
    def frame_ms(self) -> float:
        """95th percentile over all drags."""
        return Drag([ms for each in self.drags for ms in each.frames]).percentile(0.95)


def main() -> int:
    """Measure; 1 where a figure is above what it is held to."""
    asked = _options()
    found = []
    with Cluster(asked.home.resolve()) as cluster:
        for name in (DOSSIER, SYNTHETIC):
            if name in asked.data:
                with _served(cluster.url, name, asked) as url:
                    found.append(_measure(name, url, asked))
    text = report(found, asked)
    asked.results.mkdir(parents=True, exist_ok=True)
    file = asked.results / f"map-{date.today().isoformat()}.md"
    file.write_text(text, "utf-8")
    print(text)
    say(f"written to {file}")
    return int(any(fault for each in found for fault in faults(each)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".bench-map"), help="folder of databases")
    parser.add_argument("--data", nargs="+", default=[DOSSIER, SYNTHETIC])
    parser.add_argument("--openings", type=int, default=5, help="cold starts")
    parser.add_argument("--drags", type=int, default=3)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


@contextmanager
def _served(cluster_url: str, name: str, asked: argparse.Namespace) -> Iterator[str]:
    """The address of the program itself, in a process of its own, with that data."""
    with scratch_database(cluster_url) as url:
        say(f"loading: {name}")
        if name == DOSSIER:
            upgrade(open_engine(url))
            countries = CountryIndex.load(PROJECT / "data" / "basemap" / "countries.geojson")
            dossier = read_dossier(PROJECT / "data" / "raw", countries=countries)
            load_dossier(open_engine(url), dossier, publish=publish)
        else:
            synthetic.load(url, asked.sites, asked.reports)
        program = str(Path(sys.executable).parent / "scam-atlas")
        server = Server(
            f"map-{name}",
            "",
            {},
            "/readyz",
            lambda port: Command(
                [program, "serve", "--no-load", "--port", str(port)],
                {"SCAM_ATLAS_DATABASE_URL": url},
            ),
        )
        server.start(asked.home.resolve())
        try:
            yield server.url
        finally:
            server.stop()


def _measure(name: str, url: str, asked: argparse.Namespace) -> Found:
    openings, drags = [], []
    with browser() as chromium:
        # The first visitor after a load waits until the timelines are made; told apart.
        with opened(chromium, url) as (_, first):
            say(f"{name}: first visitor {first.ready_ms:,.0f} ms")
        for _ in range(asked.openings):
            with opened(chromium, url) as (page, opening):
                openings.append(opening)
                if len(drags) < asked.drags:
                    page.wait_for_timeout(500)
                    drags.append(drag(page))
    return Found(name, [first, *openings], drags)


def faults(found: Found) -> list[str]:
    """What is above what it is held to."""
    later = found.openings[1:]
    told = []
    if found.frame_ms > FRAME_MS[found.name]:
        told.append(f"frames while dragged: {found.frame_ms:.0f} ms")
    if found.name == DOSSIER:
        if median(opening.ready_ms for opening in later) > OPENING_MS:
            told.append("first useful picture")
        if own_bytes(later[0]) > WEIGHT_BYTES:
            told.append("weight of the page")
    return told


def own_bytes(opening: Opening) -> int:
    """What is sent before the base map."""
    return sum(size for kind, size in opening.weight.items() if kind != "base map")


def report(found: Iterable[Found], asked: argparse.Namespace) -> str:
    """The results as Markdown."""
    found = list(found)
    facts = {
        "date": date.today().isoformat(),
        "machine": machine(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "browser": "headless Chromium, 1400 × 900, empty cache at every opening; server, database "
        "and browser on the same machine",
        "data": f"the dossier; {asked.sites:,} sites with {asked.reports:,} reports (seeded, "
        "benchmarks/synthetic.py)",
    }
    head = ["", *(each.name for each in found), "held to"]
    listed = "\n".join(f"- {name}: {fact}" for name, fact in facts.items())
    parts = ["# Speed of the map in a browser", listed, table(head, _rows(found)), _READING]
    return "\n\n".join(parts) + "\n"


def _rows(found: list[Found]) -> Iterator[list[str]]:
    def row(name: str, cell: object, held: str = "") -> list[str]:
        assert callable(cell)  # noqa: S101
        return [name, *(cell(each) for each in found), held]

    def middle(name: str) -> object:
        return lambda each: number(median(getattr(o, name) for o in each.openings[1:]))

    yield row("symbols, ms", middle("symbols_ms"))
    yield row("ready, ms", middle("ready_ms"), f"dossier {OPENING_MS:,}")
    yield row("first visitor after a load, ms", lambda each: number(each.openings[0].ready_ms))
    for kind in found[0].openings[-1].weight if found else ():
        yield row(f"{kind}, kB", lambda each, kind=kind: _kb(each.openings[-1].weight[kind]))
    yield row(
        "all but the base map, kB",
        lambda each: _kb(own_bytes(each.openings[-1])),
        f"dossier {WEIGHT_BYTES // 1000}",
    )
    yield row("memory of the page, MB", middle("heap_mb"))
    yield row("frame, median, ms", lambda each: number(median(d.middle for d in each.drags)))
    held = ", ".join(f"{name} {ms:.0f}" for name, ms in FRAME_MS.items())
    yield row("frame, 95 %, ms", lambda each: number(each.frame_ms), held)
    yield row("frame, longest, ms", lambda each: number(max(max(d.frames) for d in each.drags)))


def _kb(size: int) -> str:
    return f"{size / 1000:,.1f}"


if __name__ == "__main__":
    sys.exit(main())
