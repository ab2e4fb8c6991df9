"""A file is there whole or not at all, wherever it fails; and memory stays bounded."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys

import pytest

from geo.errors import DatabaseUnavailable
from layers.catalog import REPORTS
from layers.formats import __main__ as child
from layers.formats import apart, make_file, stream_text, text
from layers.formats.files import write_file
from layers.formats.model import (
    CSV,
    FLATGEOBUF,
    FORMATS,
    GEOJSON,
    GEOJSONSEQ,
    GEOPACKAGE,
    GEOPARQUET,
    KML,
    XLSX,
    FileNotMade,
    FormatLimit,
    format_named,
)
from layers.formats.tables import FLATGEOBUF_INDEX_ROWS
from service.settings import PROJECT
from tests.layers.formats import reading

MANY = 5_000
# XLSX is written row by row, slower than the rest; FlatGeobuf is sorted up to its own limit.
MEASURED = [
    *((fmt, 50_000 if fmt is XLSX else 200_000) for fmt in FORMATS),
    (FLATGEOBUF, FLATGEOBUF_INDEX_ROWS),
]


def of(formats):
    return pytest.mark.parametrize("fmt", formats, ids=lambda fmt: fmt.id)


def features(count):
    for n in range(count):
        yield reading.a_feature(REPORTS, f"r{n:07}", geometry=reading.POINT, summary=f"Claim {n}")


def failing(count):
    yield from features(count)
    raise DatabaseUnavailable("the database went away")


async def arriving(given):
    for feature in given:
        yield feature


@of(FORMATS)
@pytest.mark.parametrize("count", [0, MANY])
def test_a_fault_of_the_database_leaves_no_file(fmt, count, tmp_path):
    with pytest.raises(DatabaseUnavailable):
        write_file(REPORTS, fmt, failing(count), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@of(FORMATS)
def test_a_fault_leaves_the_file_that_was_there(fmt, tmp_path):
    (tmp_path / "a").write_text("before")
    with pytest.raises(DatabaseUnavailable):
        write_file(REPORTS, fmt, failing(10), tmp_path / "a")
    assert (tmp_path / "a").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


SCRIPT = """
import resource, sys
from pathlib import Path
from geo.errors import ScamAtlasError
from layers.catalog import REPORTS
from layers.formats.files import write_file
from layers.formats.model import FileNotMade, format_named
from tests.layers.formats.test_faults import features

path, fmt = Path(sys.argv[1]), format_named(sys.argv[2])
write_file(REPORTS, fmt, features(2000), path)
whole = path.stat().st_size
path.unlink()
for part in (0.01, 0.5, 0.9, 0.97, 0.999):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(whole * part), resource.RLIM_INFINITY))
    try:
        write_file(REPORTS, fmt, features(2000), path)
    except FileNotMade:
        pass
    else:
        sys.exit(f"{part} of the file was taken for the whole")
    if left := list(path.parent.iterdir()):
        sys.exit(f"{part} of the file left {left}")
"""


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@of(FORMATS)
def test_a_full_disk_is_told_and_leaves_no_file(fmt, tmp_path):
    done = run(SCRIPT, str(tmp_path / "a"), fmt.id)
    assert done.returncode == 0, done.stderr


MEMORY = """
import sys
from pathlib import Path
from layers.catalog import REPORTS
from layers.formats.files import write_file
from layers.formats.model import format_named
from tests.layers.formats.test_faults import long_features

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024

path, fmt, rows = Path(sys.argv[1]), format_named(sys.argv[2]), int(sys.argv[3])
write_file(REPORTS, fmt, long_features(10), path)
before = peak()
write_file(REPORTS, fmt, long_features(rows), path)
print(peak() - before)
"""


def long_features(count):
    """As long as those of the dossier, and each another."""
    names = ("site_name", "summary", "source_title", "locator", "source_url")
    told = dict.fromkeys(names, "Words of claim 7777777 " * 5)
    model = reading.a_feature(REPORTS, "7777777", geometry=reading.POINT, **told)
    for n in range(count):
        yield model.replace("7777777", f"{n:07}").replace("98.5291234", str(92 + n % 1800 / 100))


@pytest.mark.parametrize(("fmt", "rows"), MEASURED, ids=lambda told: getattr(told, "id", None))
def test_memory_stays_bounded(fmt, rows, tmp_path):
    done = run(MEMORY, str(tmp_path / "a"), fmt.id, str(rows))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 150, "MB"


@of([fmt for fmt in FORMATS if fmt.streams])
def test_a_stream_is_the_file_in_small_chunks(fmt, tmp_path):
    async def streamed():
        stream = stream_text(REPORTS, fmt, arriving(features(MANY)), address="http://a/?b&c")
        return [chunk async for chunk in stream]

    chunks = asyncio.run(streamed())
    write_file(REPORTS, fmt, features(MANY), tmp_path / "a", address="http://a/?b&c")
    assert b"".join(chunks) == (tmp_path / "a").read_bytes()
    assert len(chunks) > 10
    assert max(map(len, chunks)) < 4 * text.CHUNK_CHARACTERS


@of([fmt for fmt in FORMATS if fmt.streams])
def test_a_stream_says_nothing_before_the_first_row_is_there(fmt):
    async def first():
        return await anext(stream_text(REPORTS, fmt, arriving(failing(0))))

    with pytest.raises(DatabaseUnavailable):
        asyncio.run(first())


def test_others_get_a_turn_while_a_stream_is_encoded():
    turns = 0

    async def other():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def both():
        task = asyncio.create_task(other())
        chunks = [chunk async for chunk in stream_text(REPORTS, CSV, arriving(features(MANY)))]
        task.cancel()
        return len(chunks)

    assert asyncio.run(both()) - 1 <= turns


def test_json_over_several_lines_becomes_a_line(tmp_path):
    given = json.dumps(json.loads(next(features(1))), indent=1).replace("\n", "\r\n")
    for fmt in (GEOJSON, GEOJSONSEQ):
        write_file(REPORTS, fmt, [given], tmp_path / f"a.{fmt.extension}")
        rows = reading.with_own_reader(REPORTS, tmp_path / f"a.{fmt.extension}")
        assert rows == reading.expected(REPORTS, [given])
    assert (tmp_path / "a.geojsons").read_bytes().count(b"\n") == 1


@of([CSV, FLATGEOBUF, GEOPACKAGE, GEOPARQUET, KML, XLSX])
def test_a_process_apart_makes_the_same_file(fmt, tmp_path):
    path = tmp_path / f"reports.{fmt.extension}"
    given = list(features(MANY))
    asyncio.run(make_file(REPORTS, fmt, arriving(given), path, address="http://a/?b"))
    read = reading.with_own_reader if fmt is GEOPARQUET else reading.with_pyogrio
    assert read(REPORTS, path) == reading.expected(REPORTS, given)
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_apart_ends_with_a_fault_of_the_database(tmp_path):
    with pytest.raises(DatabaseUnavailable):
        asyncio.run(make_file(REPORTS, GEOPACKAGE, arriving(failing(MANY)), tmp_path / "a"))
    assert list(tmp_path.iterdir()) == []


def test_a_process_apart_ends_when_nobody_waits_for_it(tmp_path, monkeypatch):
    started = []

    async def start(*arguments):
        started.append(await original(*arguments))
        return started[0]

    original = apart._start
    monkeypatch.setattr(apart, "_start", start)

    async def endless():
        while True:
            for feature in features(1000):
                yield feature
            await asyncio.sleep(0)

    async def given_up():
        async with asyncio.timeout(1):
            await make_file(REPORTS, GEOPACKAGE, endless(), tmp_path / "a")

    with pytest.raises(TimeoutError):
        asyncio.run(given_up())
    assert started[0].returncode == -9
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_apart_says_is_raised(tmp_path, monkeypatch):
    def saying(words, code):
        async def start(*_):
            script = f"import sys; sys.stderr.write({words!r}); sys.exit({code})"
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                script,
                stdin=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )

        monkeypatch.setattr(apart, "_start", start)
        asyncio.run(make_file(REPORTS, XLSX, arriving(features(MANY)), tmp_path / "a"))

    with pytest.raises(FormatLimit, match="too many"):
        saying("too many", apart.LIMIT_REACHED)
    with pytest.raises(FileNotMade, match="disk"):
        saying("the disk is full", 1)
    with pytest.raises(FileNotMade, match="exit 9"):
        saying("", 9)
    assert list(tmp_path.iterdir()) == []


def test_the_process_says_by_its_exit_code_what_went_wrong(tmp_path, monkeypatch, capsys):
    def told(*arguments, rows=3):
        lines = "".join(f"{feature}\n" for feature in features(rows)).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
        return child.main([*arguments]), capsys.readouterr().err

    path = str(tmp_path / "a")
    every = ",".join(REPORTS.column_names)
    assert told("reports", "xlsx", path, every, "http://a") == (0, "")
    monkeypatch.setattr("layers.formats.workbook.MAX_ROWS", 3)
    assert told("reports", "xlsx", path, every)[0] == apart.LIMIT_REACHED
    assert told("reports", "dwg", path, every)[0] == 1
    assert told("victims", "csv", path, every)[0] == 1
    code, words = told("reports", "csv", str(tmp_path / "no" / "folder"), every)
    assert code == 1
    assert "could not be written" in words


def test_a_format_is_found_by_its_names():
    assert format_named("GeoPackage") is GEOPACKAGE
    assert format_named("csv") is CSV
    assert format_named("dwg") is None
    names = [name for fmt in FORMATS for name in (fmt.id, *fmt.aliases)]
    assert len(names) == len(set(names))


def test_the_package_loads_no_library_that_only_files_need():
    script = "import sys, layers.formats; print(*sys.modules)"
    loaded = set(run(script).stdout.split())
    assert loaded & {"pyarrow", "pyogrio", "xlsxwriter", "shapely", "numpy"} == set()
