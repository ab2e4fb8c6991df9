"""Report packs: read back by the programs that people use, and checked against changed data."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bibtexparser
import geopandas
import pandas
import pytest

from geo.store.database import open_async_engine, open_engine
from geo.store.writes import load_dossier
from layers.catalog import CONTROL, DISPLACEMENT, HOTSPOTS, REPORTS
from layers.columns import ColumnType
from layers.figures.content import gather
from layers.figures.request import FigureRequest
from layers.formats.delimited import unguarded
from layers.pack import archive
from layers.pack.archive import InvalidPack, zipped
from layers.pack.checking import HeldPack, check_pack, read_pack
from layers.pack.selecting import gather_rows
from layers.pack.writing import make_pack, manifest_of
from layers.published import publish

QUERY = {"frame": "myawaddy", "at": "2025-03-10", "format": "png", "dpi": "72"}
TABLES = {layer.id: layer for layer in (HOTSPOTS, REPORTS, CONTROL, DISPLACEMENT)}


def asking(url: str, work):
    """Run the work with a connection that reads."""

    async def run():
        engine = open_async_engine(url, pool_size=1, pool_timeout_s=10, statement_timeout_s=10)
        try:
            async with engine.connect() as connection:
                return await work(connection)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def packed(url: str, **query: str) -> bytes:
    async def work(connection):
        content = await gather(connection, FigureRequest.parse({**QUERY, **query}))
        return content, await gather_rows(connection, content)

    return make_pack(*asking(url, work), {"scam-atlas": "test"})


def checked(url: str, path: Path):
    held = read_pack(path)
    return asking(url, lambda connection: check_pack(connection, held))


def files_of(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as held:
        return {name: held.read(name) for name in held.namelist()}


@pytest.fixture(scope="module")
def pack(database_url) -> bytes:
    return packed(database_url)


@pytest.fixture(scope="module")
def files(pack) -> dict[str, bytes]:
    return files_of(pack)


def resealed(files: dict[str, bytes]) -> bytes:
    """A pack whose manifest fits its files, as a forger would make it."""
    held = {name: content for name, content in files.items() if name != "manifest.json"}
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in held.items()
    }
    return zipped({**held, "manifest.json": json.dumps(manifest).encode()})


def test_a_pack_holds_the_figure_and_all_that_it_rests_on(files):
    expected = {f"figure.{ending}" for ending in ("pdf", "svg", "png")}
    expected |= {f"data/{layer}.{e}" for layer in (*TABLES, "sources") for e in ("csv", "geojson")}
    expected |= {"sources.bib", "sources.ris", "sources.csl.json", "caption.txt", "alt.txt"}
    assert set(files) == expected | {"README.txt", "manifest.json", "SHA256SUMS"}
    assert files["figure.pdf"].startswith(b"%PDF-")
    assert files["figure.png"].startswith(b"\x89PNG")
    assert b"<svg" in files["figure.svg"][:500]
    assert len(files["alt.txt"].decode()) > 100
    assert "eported" in files["caption.txt"].decode()


def test_every_file_has_the_sum_that_the_pack_says(files):
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == expected, name


def test_the_readme_says_what_was_asked_of_which_data(files):
    text = files["README.txt"].decode()
    manifest = json.loads(files["manifest.json"])
    assert manifest["query"] == {"frame": "myawaddy", "datetime": "2025-03-10", "dpi": "72"}
    for told in ("frame = myawaddy", "datetime = 2025-03-10", manifest["data"]["sha256"]):
        assert told in text
    assert manifest["data"]["shown_sha256"] in text
    assert "scam-atlas test" in text


def test_the_same_query_makes_the_same_bytes(database_url, pack):
    assert packed(database_url) == pack
    with zipfile.ZipFile(io.BytesIO(pack)) as held:
        assert {info.date_time for info in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("layer", TABLES.values(), ids=list(TABLES))
def test_the_tables_open_in_pandas_with_the_right_types(files, layer):
    days = [column.name for column in layer.columns if column.kind is ColumnType.DATE]
    table = pandas.read_csv(io.BytesIO(files[f"data/{layer.id}.csv"]), parse_dates=days)
    assert len(table) == len(json.loads(files[f"data/{layer.id}.geojson"])["features"]) > 0
    for column in layer.columns:
        held = table[column.name]
        if column.kind is ColumnType.INTEGER:
            assert pandas.api.types.is_numeric_dtype(held) or held.isna().all(), column.name
        elif column.kind is ColumnType.BOOLEAN:
            assert held.dtype == bool, column.name
        elif column.kind is ColumnType.DATE:
            assert pandas.api.types.is_datetime64_any_dtype(held), column.name
        elif column.kind in (ColumnType.STRINGS, ColumnType.OBJECTS):
            assert held.map(json.loads).map(type).eq(list).all(), column.name


@pytest.mark.parametrize("layer", ["reports", "control", "displacement"])
def test_every_row_says_who_reported_it_where_and_how_surely(files, layer):
    table = pandas.read_csv(io.BytesIO(files[f"data/{layer}.csv"]))
    told = ["source_id", "source_title", "source_publisher", "locator", "reliability"]
    assert table[[*told, "credibility"]].notna().all(axis=None)
    assert set(table["reliability"]) <= set("ABCDEF")
    assert table["credibility"].between(1, 6).all()


def test_a_state_carries_the_reports_and_roles_that_have_rows_of_their_own(files):
    states = pandas.read_csv(io.BytesIO(files["data/hotspots.csv"]))
    for column, table, key in (
        ("evidence", "reports", "report_id"), ("control", "control", "control_id"),
    ):  # fmt: skip
        nested = {claim[key] for text in states[column] for claim in json.loads(text)}
        rows = set(pandas.read_csv(io.BytesIO(files[f"data/{table}.csv"]))[key])
        assert nested
        assert nested == rows


@pytest.mark.parametrize("layer", TABLES)
def test_the_places_open_in_geopandas_where_they_are(files, layer, tmp_path):
    (tmp_path / "rows.geojson").write_bytes(files[f"data/{layer}.geojson"])
    frame = geopandas.read_file(tmp_path / "rows.geojson")
    assert frame.crs.to_epsg() == 4326
    if layer == "displacement":
        assert set(frame.geom_type) <= {"LineString", "Point"}
    else:
        assert set(frame.geom_type) == {"Point"}
        assert frame.total_bounds[0] > 98 < frame.total_bounds[2] < 99
    (tmp_path / "rows.csv").write_bytes(files[f"data/{layer}.csv"])
    table = geopandas.read_file(tmp_path / "rows.csv")
    assert table.geometry.to_wkt().equals(frame.geometry.to_wkt())


def test_the_bibliography_holds_every_source_that_a_row_names(files):
    library = bibtexparser.parse_string(files["sources.bib"].decode())
    assert not library.failed_blocks
    cited = {entry.key for entry in library.entries}
    for layer in ("reports", "control", "displacement"):
        assert set(pandas.read_csv(io.BytesIO(files[f"data/{layer}.csv"]))["source_id"]) <= cited
    states = pandas.read_csv(io.BytesIO(files["data/hotspots.csv"]))
    assert set(states["location_source_id"]) <= cited
    assert cited == {
        unguarded(i) for i in pandas.read_csv(io.BytesIO(files["data/sources.csv"]))["source_id"]
    }


def test_nothing_has_changed_where_nothing_has(database_url, pack, tmp_path):
    (tmp_path / "pack.zip").write_bytes(pack)
    verdict = checked(database_url, tmp_path / "pack.zip")
    assert verdict.changes == ()
    assert verdict.content_sha256 == verdict.manifest.content_sha256


@pytest.mark.parametrize(
    "query",
    [
        {"at": "2025-11-30", "compare": "2025-01-01", "kind": "change"},
        {"dates": "2024-01-01,2025-01-01", "kind": "multiples"},
        {"kind": "displacement"},
        {"kind": "timeline", "site": "kk-park"},
        {},
    ],
    ids=lambda query: query.get("kind", "map"),
)
def test_a_pack_of_any_sheet_can_be_asked_for_again(database_url, query):
    given = {name: text for name, text in QUERY.items() if name != "at"} | query
    if "site" in query:
        del given["frame"]

    async def work(connection):
        content = await gather(connection, FigureRequest.parse(given))
        rows = await gather_rows(connection, content)
        features = {
            layer.id: [json.loads(text) for text in texts] for layer, texts in rows.layers()
        }
        return await check_pack(connection, HeldPack(manifest_of(content, {}), features))

    verdict = asking(database_url, work)
    assert verdict.changes == ()
    assert verdict.content_sha256 == verdict.manifest.content_sha256


def test_changed_facts_are_named_by_layer_id_and_field(
    empty_store, empty_url, dossier, pack, files, tmp_path
):
    shown = json.loads(files["data/reports.geojson"])["features"]
    corrected, withdrawn = shown[0]["id"], shown[1]["id"]
    gone = json.loads(files["data/displacement.geojson"])["features"][0]["id"]
    changed = replace(
        dossier,
        reports=tuple(
            replace(report, locator="p. 99, para. 7") if report.report_id == corrected else report
            for report in dossier.reports
            if report.report_id != withdrawn
        ),
        displacement=tuple(flow for flow in dossier.displacement if flow.flow_id != gone),
    )
    load_dossier(open_engine(empty_url), changed, publish=publish)
    (tmp_path / "pack.zip").write_bytes(pack)
    verdict = checked(empty_url, tmp_path / "pack.zip")
    found = {(change.layer, change.id): change for change in verdict.changes}
    locator = found["reports", corrected]
    assert [(field.name, field.now) for field in locator.fields] == [("locator", "p. 99, para. 7")]
    assert found["displacement", gone].change == "removed"
    assert found["reports", withdrawn].change == "removed"
    site = f"{shown[0]['properties']['site_id']} on 2025-03-10"
    assert f"{corrected} says other: locator" in str(found["hotspots", site])
    assert verdict.content_sha256 != verdict.manifest.content_sha256
    (tmp_path / "other.zip").write_bytes(packed(empty_url))
    assert checked(empty_url, tmp_path / "other.zip").changes == ()


def with_file(name: str, content: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda files: resealed({**files, name: content})


def with_manifest(change: Callable[[dict], object]) -> Callable[[dict[str, bytes]], bytes]:
    def made(files: dict[str, bytes]) -> bytes:
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        return zipped({**files, "manifest.json": json.dumps(manifest).encode()})

    return made


def twice(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO(zipped(files))
    with zipfile.ZipFile(held, "a") as added, pytest.warns(UserWarning, match="Duplicate"):
        added.writestr("manifest.json", b"{}")
    return held.getvalue()


def bomb(files: dict[str, bytes]) -> bytes:
    """200 MB of zeros in 200 kB, which says of itself that it is small."""
    made = bytearray(zipped({"data/reports.geojson": b"\0" * 200_000_000, **files}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = made.index(signature) + offset
        made[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(made)


def encrypted(files: dict[str, bytes]) -> bytes:
    made = bytearray(zipped(files))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.index(signature) + offset
        made[at] |= 1
    return bytes(made)


HOSTILE: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "nothing": lambda _: b"",
    "no zip": lambda _: b"%PDF-1.4 not a zip at all",
    "half": lambda files: zipped(files)[: len(zipped(files)) // 2],
    "without its directory": lambda files: zipped(files)[:-30],
    "empty zip": lambda _: zipped({}),
    "another zip": lambda _: zipped({"word/document.xml": b"<x/>"}),
    "a file twice": twice,
    "too many files": lambda files: zipped(files | {f"x{n}": b"" for n in range(100)}),
    "a bomb": bomb,
    "200 MB of blanks": lambda files: zipped({**files, "x": b" " * (archive.MAX_FILE_BYTES + 1)}),
    "encrypted": encrypted,
    "a file missing": lambda files: zipped({n: c for n, c in files.items() if n != "alt.txt"}),
    "a file more": lambda files: zipped({**files, "../../etc/passwd": b"root::0:0"}),
    "a file altered": lambda files: zipped({**files, "caption.txt": b"It is proven."}),
    "manifest no JSON": lambda files: zipped({**files, "manifest.json": b"{"}),
    "manifest deep": lambda files: zipped({**files, "manifest.json": b"[" * 100_000}),
    "manifest a list": lambda files: zipped({**files, "manifest.json": b"[]"}),
    "manifest of later": with_manifest(lambda m: m.update(pack=99)),
    "manifest without query": with_manifest(lambda m: m.pop("query")),
    "manifest with a number": with_manifest(lambda m: m.update(files=7)),
    "manifest with a bad day": with_manifest(lambda m: m["data"].update(as_of="soon")),
    "rows no JSON": with_file("data/reports.geojson", b"\xff\xfe"),
    "rows deep": with_file("data/reports.geojson", b'{"features":' + b"[" * 100_000),
    "rows no list": with_file("data/reports.geojson", b'{"features": "many"}'),
    "rows of numbers": with_file("data/reports.geojson", b'{"features": [1, 2]}'),
    "states without a day": with_file(
        "data/hotspots.geojson", b'{"features": [{"id": "a", "geometry": null, "properties": {}}]}'
    ),
    "a query of no figure": with_manifest(lambda m: m["query"].update(colour="red")),
    "a query too large": with_manifest(lambda m: m["query"].update(bbox="-180,-90,180,90")),
    "a query of a site that is not there": with_manifest(
        lambda m: m.update(query={"site": "no-such-site", "datetime": "2025-03-10"})
    ),
    "a query with control characters": with_manifest(
        lambda m: m["query"].update({"\x1b[2J": "\x1b]0;x\x07"})
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_sound_pack_is_refused_in_words(database_url, files, name, tmp_path):
    (tmp_path / "pack.zip").write_bytes(HOSTILE[name](files))
    with pytest.raises(InvalidPack) as caught:
        checked(database_url, tmp_path / "pack.zip")
    assert str(caught.value).isprintable()
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


def test_a_pack_that_is_not_there_is_refused_in_words(tmp_path):
    for path in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(InvalidPack, match="cannot be read"):
            read_pack(path)


def test_any_damage_is_noticed(pack, tmp_path):
    chance = random.Random(1)
    path = tmp_path / "pack.zip"
    for _ in range(60):
        damaged = bytearray(pack)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            held = read_pack(path)
        except InvalidPack:
            continue
        # Only what a zip says beside its files (times, comments) can have been hit.
        assert held.features == read_pack_of(pack, tmp_path).features


def read_pack_of(pack: bytes, folder: Path):
    (folder / "whole.zip").write_bytes(pack)
    return read_pack(folder / "whole.zip")


def test_what_a_forged_pack_says_cannot_steer_a_terminal(database_url, files, tmp_path):
    forged = json.loads(files["data/reports.geojson"])
    forged["features"][0]["id"] = "\x1b[2J\u202eevil"
    forged["features"][1]["properties"]["summary"] = "\x1b]0;title\x07\u202e"
    made = resealed({**files, "data/reports.geojson": json.dumps(forged).encode()})
    (tmp_path / "pack.zip").write_bytes(made)
    lines = [str(change) for change in checked(database_url, tmp_path / "pack.zip").changes]
    assert any("\\u001b[2J\\u202eevil" in line for line in lines)
    assert all(line.isprintable() for line in lines)
