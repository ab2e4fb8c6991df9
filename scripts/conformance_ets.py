"""Run OGC's executable test suites against a freshly started service.

Usage: python scripts/conformance_ets.py [--features JAR] [--tiles JAR] [--report FOLDER]

JAR is the all-in-one jar of the suite, as OGC offers it for download; it needs Java 17. The
outcome is printed as a table; each suite's own report stays in FOLDER. The exit code is 1 where a
test failed, or was skipped though it could run (CANNOT_RUN has the reasons that are none of ours).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import httpx

from scripts.fresh_service import running_service

PROJECT = Path(__file__).resolve().parent.parent
TILED_LAYER = "reports"
TILE_MATRIX = "8"
# The suite asks for boxes in Europe and at the poles, where the atlas has nothing; layers without
# geometry have no box to ask for.
CANNOT_RUN = ("No features were returned for collection", "has no spatial extent")
MATRIX_SETS = ("WebMercatorQuad", "WorldCRS84Quad")


@dataclass(frozen=True)
class Outcome:
    """One test of a suite: PASS, FAIL or SKIP, and why."""

    suite: str
    name: str
    status: str
    reason: str


def run_suite(suite: str, jar: Path, properties: dict[str, str], folder: Path) -> list[Outcome]:
    """Run one suite; its report goes into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = folder / "asked.xml"
    entries = "".join(f'<entry key="{key}">{value}</entry>' for key, value in properties.items())
    # Without the DOCTYPE that Java's own form has: its DTD cannot be had offline.
    asked.write_text(f'<?xml version="1.0" encoding="UTF-8"?><properties>{entries}</properties>')
    java = shutil.which("java")
    if java is None:
        sys.exit("The suites need Java 17: there is no `java` here")
    command = [java, "-jar", str(jar), "-o", str(folder), str(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    (folder / "output.txt").write_text(done.stdout + done.stderr)
    results = sorted(
        folder.glob("testng/*/testng-results.xml"), key=lambda path: path.stat().st_mtime
    )
    if not results:
        sys.exit(f"{jar.name} made no report; what it said is in {folder / 'output.txt'}")
    return list(_outcomes(suite, results[-1]))


def _outcomes(suite: str, results: Path) -> Iterator[Outcome]:
    for test in ElementTree.parse(results).getroot().iter("test-method"):  # noqa: S314 - our own run
        if test.get("is-config") != "true":
            message = test.find(".//message")
            reason = (message.text or "").strip() if message is not None else ""
            name = test.get("signature", "").split("(")[0]
            yield Outcome(suite, name, test.get("status", ""), reason)


def tile_properties(url: str, matrix_set: str) -> dict[str, str]:
    """Where the tiles are, and which of them must be there, from the service's own metadata."""
    here = f"{url}/ogc/collections/{TILED_LAYER}/tiles/{matrix_set}"
    described = httpx.get(here, params={"f": "json"}).json()
    limits = next(
        each for each in described["tileMatrixSetLimits"] if each["tileMatrix"] == TILE_MATRIX
    )
    return {
        "iut": f"{url}/ogc",
        "noofcollections": "-1",
        "urltemplatefortiles": here + "/{tileMatrix}/{tileRow}/{tileCol}",
        "tilematrixsetdefinitionuri": described["tileMatrixSetURI"],
        "tilematrix": TILE_MATRIX,
        "mintilerow": str(limits["minTileRow"]),
        "maxtilerow": str(limits["maxTileRow"]),
        "mintilecol": str(limits["minTileCol"]),
        "maxtilecol": str(limits["maxTileCol"]),
    }


def table(outcomes: list[Outcome]) -> str:
    """The outcome as Markdown: numbers by suite, then everything that did not pass."""
    lines = ["| suite | passed | failed | skipped |", "| --- | --- | --- | --- |"]
    for suite in dict.fromkeys(each.suite for each in outcomes):
        counted = Counter(each.status for each in outcomes if each.suite == suite)
        lines.append(f"| {suite} | {counted['PASS']} | {counted['FAIL']} | {counted['SKIP']} |")
    for each in outcomes:
        if each.status != "PASS":
            lines.append(f"\n{each.status} {each.suite} {each.name}\n    {each.reason[:600]}")
    return "\n".join(lines)


def main() -> int:
    """Run the suites that were given; returns the exit code."""
    parser = argparse.ArgumentParser(description="Run OGC's executable test suites.")
    parser.add_argument("--features", type=Path, help="jar of ets-ogcapi-features10")
    parser.add_argument("--tiles", type=Path, help="jar of ets-ogcapi-tiles10")
    parser.add_argument("--report", type=Path, default=PROJECT / "conformance-report")
    asked = parser.parse_args()
    outcomes: list[Outcome] = []
    with running_service() as url:
        if asked.features:
            whole = {"iut": f"{url}/ogc", "noofcollections": "-1"}
            outcomes += run_suite("features", asked.features, whole, asked.report / "features")
        if asked.tiles:
            for name in MATRIX_SETS:
                suite = f"tiles {name}"
                folder = asked.report / f"tiles-{name}"
                outcomes += run_suite(suite, asked.tiles, tile_properties(url, name), folder)
    told = table(outcomes)
    (asked.report / "outcome.md").write_text(told + "\n")
    print(told)
    return 0 if outcomes and all(map(_is_right, outcomes)) else 1


def _is_right(outcome: Outcome) -> bool:
    skipped = outcome.status == "SKIP" and any(why in outcome.reason for why in CANNOT_RUN)
    return skipped or outcome.status == "PASS"


if __name__ == "__main__":
    sys.exit(main())
