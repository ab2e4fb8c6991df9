"""Time on paper: small multiples, change, displacement, timeline."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import parse_qsl

import pytest
from lxml import etree
from pypdf import PdfReader

from layers.figures import books
from layers.figures.displacementsheet import matrix, periods
from layers.figures.drawing import draw
from layers.figures.request import FigureFormat
from tests.layers.figures.making import gathered_content
from tests.layers.figures.test_files import SVG, bare

KINDS = {
    "multiples": {"frame": "thai-border", "from": "2022-01-01", "to": "2026-01-01", "count": "6"},
    "change": {"frame": "shan", "compare": "2023-10-01", "at": "2025-03-10"},
    "displacement": {"frame": "myanmar", "from": "2023-01-01", "to": "2026-01-01"},
    "timeline": {"site": "kk-park", "at": "2026-01-01"},
    "actor": {"actor": "karen-bgf-kna", "at": "2026-01-01"},
}


@pytest.fixture(scope="module")
def contents(database_url):
    return {
        name: gathered_content(database_url, kind="timeline" if name == "actor" else name, **given)
        for name, given in KINDS.items()
    }


@pytest.mark.parametrize("name", list(KINDS))
def test_each_kind_is_a_sheet_with_notes_and_sources_in_every_format(name, contents):
    content = contents[name]
    pdf = PdfReader(io.BytesIO(draw(content, FigureFormat.PDF)), strict=True)
    text = bare("".join(page.extract_text() for page in pdf.pages))
    for number, source in enumerate(content.sources, start=1):
        if bare(f"[{number}]") in text:
            assert bare(source.publisher) in text
    assert "Sources" in text
    assert content.content_hash in text
    root = etree.fromstring(draw(content, FigureFormat.SVG))
    assert root.find(f"{SVG}title").text
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert draw(content, FigureFormat.PNG).startswith(b"\x89PNG")


def test_multiples_keep_one_frame_and_number_a_site_alike_on_all(contents):
    content = contents["multiples"]
    assert content.days[0].day == date(2022, 1, 1)
    root = etree.fromstring(draw(content, FigureFormat.SVG))
    maps = [g for g in root.iter(f"{SVG}g") if (g.get("id") or "").startswith("map-")]
    assert len(maps) == 6
    assert "Newly reported" in "".join(root.itertext())


def test_the_books_hold_every_site_once_at_each_date(contents):
    content = contents["multiples"]
    everyone = {site.site_id for day in content.days for site in day.sites}
    numbers = {site: str(index + 1) for index, site in enumerate(sorted(everyone))}
    moves = {flow.flow_id: f"M{index + 1}" for index, flow in enumerate(content.flows)}
    rows = dict(books.strip(content.days, content.flows, numbers, moves))
    for column in range(len(content.days)):
        held = [n for row, cells in rows.items() if row != books.MOVED for n in cells[column]]
        assert sorted(held) == sorted(numbers.values())
    assert rows[books.LATER][-1] == []


def test_a_change_is_named_by_both_states(contents):
    earlier, later = contents["change"].days
    before = {site.site_id: site.activity for site in earlier.sites}
    found = books.changes(earlier, later)
    assert {item.kind for item in found} >= {books.APPEARED, books.REDUCED, books.UNCHANGED}
    for item in found:
        if item.kind == books.UNCHANGED:
            assert before[item.site_id] == item.after.activity
        if item.kind == books.APPEARED:
            assert item.site_id not in before


def test_the_matrix_counts_every_claim_once(contents):
    flows = contents["displacement"].flows
    rows = matrix(flows)
    assert rows[-1][-1] == str(len(flows))
    inner = sum(int(cell) for row in rows[1:-1] for cell in row[1:-1] if cell)
    assert inner == len(flows)
    assert sum(count for _, count in periods(flows)) == len(flows)


def test_the_timeline_numbers_every_report_and_role(contents):
    content = contents["timeline"]
    assert len(content.reports) > 30
    assert content.control
    pdf = PdfReader(io.BytesIO(draw(content, FigureFormat.PDF)))
    text = bare("".join(page.extract_text() for page in pdf.pages))
    for report in content.reports:
        assert bare(report.summary) in text


def test_ranges_of_numbers_are_short():
    assert books.ranges(["1", "2", "3", "5", "7", "8"]) == "1–3, 5, 7, 8"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "timeline", "site": "kk-park"},
        {"kind": "displacement", "frame": "myanmar"},
        {"kind": "change", "frame": "shan", "compare": "2023-10-01"},
        {"kind": "map", "frame": "shan"},
    ],
    ids=lambda asked: asked["kind"],
)
def test_the_address_on_a_sheet_asked_for_without_a_day_gives_that_sheet(asked, database_url):
    content = gathered_content(database_url, **asked)
    path, _, query = content.address.partition("?")
    said = dict(parse_qsl(query))
    if "frame" in asked:
        said["frame"] = path.removeprefix("/figures/").partition(".")[0]
    again = gathered_content(database_url, **said)
    assert again.address == content.address
    assert again.content_hash == content.content_hash
    assert draw(again, FigureFormat.SVG) == draw(content, FigureFormat.SVG)
