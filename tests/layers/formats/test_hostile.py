"""Text that would break, run or hide something comes through each format, or shows its escape."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from openpyxl.utils.escape import unescape

from layers.catalog import HOTSPOTS, REPORTS
from layers.formats import workbook
from layers.formats.delimited import guarded, unguarded
from layers.formats.files import write_file
from layers.formats.kml import xml_text
from layers.formats.model import CSV, FORMATS, GEOPARQUET, KML, XLSX, FormatLimit
from tests.layers.formats import reading

HOSTILE = {
    "formula": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1+1",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "wide formula": "＝1+1",
    "marked": "'=1+1",
    "apostrophe": "'Ndrangheta",
    "cdata": "a ]]> b <![CDATA[ c",
    "markup": "<script>alert(1)</script> & &amp; &#x41;",
    "quotes": '"a", \'b\'; ""',
    "lines": "one\ntwo\n\nthree",
    "comma": "a,b;c|d",
    "right to left": "abc\u202egnp.exe\u202c",
    "emoji": "👩‍👩‍👧 🇲🇲",
    "burmese": "ရွှေကုက္ကိုလ် KK ပန်းခြံ",
    "long": "x" * 10_000,
    "blanks": "  two before and after  ",
    "number": "0012",
    "excel escape": "_x0041_ and _x000D_",
    "entity": "&lt;",
    "backslash": "C:\\n \\u0041 \\",
    "null word": "null",
    "day": "2025-01-02",
}
CONTROLS = {
    "bell": "a\x07b",
    "escape": "a\x1b[31mb",
    "carriage": "a\rb",
    "record separator": "a\x1eb",
    "noncharacter": "a\uffffb",
    "delete": "a\x7fb",
}


def of(formats):
    return pytest.mark.parametrize("fmt", formats, ids=lambda fmt: fmt.id)


def written(fmt, texts, tmp_path):
    path = tmp_path / f"reports.{fmt.extension}"
    given = [
        reading.a_feature(REPORTS, key, geometry=reading.POINT, site_name=text, summary=text)
        for key, text in texts.items()
    ]
    write_file(REPORTS, fmt, given, path)
    return path


def held(rows):
    return {row["report_id"]: row["summary"] for row in rows}


@of(FORMATS)
def test_hostile_text_comes_through(fmt, tmp_path):
    path = written(fmt, HOSTILE, tmp_path)
    if fmt in (GEOPARQUET, CSV, XLSX):
        told = held(reading.with_own_reader(REPORTS, path))
        assert {
            key: unescape(text) if fmt is XLSX else text for key, text in told.items()
        } == HOSTILE
    if fmt is not GEOPARQUET:
        assert as_gdal_gives(fmt, held(reading.with_ogr2ogr(REPORTS, path)[0])) == HOSTILE
        assert as_gdal_gives(fmt, held(reading.with_pyogrio(REPORTS, path))) == HOSTILE


def as_gdal_gives(fmt, told):
    """GDAL's reader of KML takes blanks off the ends."""
    if fmt is KML:
        return {**told, "blanks": f"  {told['blanks'].strip()}  "}
    return unescaped(fmt, told)


def unescaped(fmt, told):
    """What Excel shows: openpyxl and GDAL leave its escapes as they stand."""
    return {key: unescape(text) if fmt is XLSX else text for key, text in told.items()}


@of([fmt for fmt in FORMATS if fmt not in (KML, XLSX)])
def test_control_characters_come_through(fmt, tmp_path):
    path = written(fmt, CONTROLS, tmp_path)
    own = fmt in (GEOPARQUET, CSV)  # GDAL's reader of CSV takes a carriage return for a line feed
    read = reading.with_own_reader if own else reading.with_pyogrio
    assert held(read(REPORTS, path)) == CONTROLS


def test_control_characters_show_as_pictures_in_kml(tmp_path):
    path = written(KML, CONTROLS, tmp_path)
    ElementTree.parse(path)
    shown = {
        "bell": "a␇b",
        "escape": "a␛[31mb",
        "carriage": "a\rb",
        "record separator": "a␞b",
        "noncharacter": "a\ufffdb",
        "delete": "a\x7fb",
    }
    rows, _ = reading.with_ogr2ogr(REPORTS, path)
    assert held(rows) == shown


def test_control_characters_come_through_excels_own_escape(tmp_path):
    path = written(XLSX, CONTROLS, tmp_path)
    told = held(reading.with_own_reader(REPORTS, path))
    assert told["bell"] == "a_x0007_b"
    assert {key: unescape(text) for key, text in told.items()} == CONTROLS


def test_xml_text_leaves_nothing_that_xml_cannot_hold():
    every = "".join(map(chr, [*range(1, 0x300), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1F600]))
    read = ElementTree.fromstring(f"<a>{xml_text(every)}</a>").text
    assert len(read) == len(every)
    kept = [new for old, new in zip(every, read, strict=True) if old == new]
    assert len(every) - len(kept) == 28 + 4  # control characters but tab and line breaks; the rest


def test_what_google_earth_shows_as_html_is_escaped_for_html(tmp_path):
    text = written(KML, {"markup": HOSTILE["markup"]}, tmp_path).read_text("utf-8")
    root = ElementTree.fromstring(text)
    kml = {"": "http://www.opengis.net/kml/2.2"}
    description = root.find(".//Placemark/description", kml).text
    assert "<script" not in description
    assert "&lt;script&gt;" in description
    assert root.find(".//BalloonStyle/text", kml).text == "$[description]"


@pytest.mark.parametrize("text", [*HOSTILE.values(), *CONTROLS.values(), "", "'", "''=x", "''x"])
def test_a_guarded_text_can_be_had_back(text):
    assert unguarded(guarded(text)) == text
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", guarded(text))


def test_csv_guards_texts_and_leaves_numbers_and_places(tmp_path):
    place = {"type": "Point", "coordinates": [-98.5, -16.7]}
    given = reading.a_feature(
        REPORTS, "a", geometry=place, summary="=1+1", people_min=-5, possible_from="2025-01-02"
    )
    write_file(REPORTS, CSV, [given], tmp_path / "a.csv")
    line = (tmp_path / "a.csv").read_text("utf-8").splitlines()[1]
    assert ",'=1+1," in line
    assert ",-5," in line
    assert ",2025-01-02," in line
    assert line.endswith(",-98.5,-16.7,POINT (-98.5 -16.7)")


def test_csv_is_utf_8_with_crlf(tmp_path):
    path = written(CSV, {"burmese": HOSTILE["burmese"]}, tmp_path)
    content = path.read_bytes()
    assert content.decode("utf-8")
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_excel_cuts_a_long_cell_where_one_sees_it(tmp_path):
    texts = {"fits": "😀" * 16_383 + "x", "long": "😀" * 16_384, "longer": "x" * 40_000}
    path = written(XLSX, texts, tmp_path)
    told = held(reading.with_own_reader(REPORTS, path))
    assert told["fits"] == texts["fits"]
    for key in ("long", "longer"):
        assert len(told[key].encode("utf-16-le")) // 2 <= 32_767
        assert told[key].endswith(
            f"[cut: {len(texts[key])} characters in all; the other formats have the whole]"
        )
    about = {line[0]: line[1] for line in reading.sheet(path, "About")}
    # site_name and summary of two features
    assert about["Cells cut at 32,767 characters"].startswith("4 ")


def test_excel_keeps_days_before_its_calendar_as_text(tmp_path):
    days = {
        "possible_from": "0001-01-01",
        "possible_to": "1900-02-28",
        "certain_from": "1900-03-01",
    }
    given = reading.a_feature(REPORTS, "a", **days)
    write_file(REPORTS, XLSX, [given], tmp_path / "reports.xlsx")
    header, line = reading.sheet(tmp_path / "reports.xlsx", "reports")
    told = dict(zip(header, line, strict=True))
    assert told["possible_from"] == "0001-01-01"
    assert told["possible_to"] == "1900-02-28"
    assert told["certain_from"].isoformat() == "1900-03-01"


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    given = [reading.a_feature(HOTSPOTS, str(n)) for n in range(3)]
    write_file(HOTSPOTS, XLSX, given[:2], tmp_path / "fits.xlsx")
    with pytest.raises(FormatLimit, match="2 features"):
        write_file(HOTSPOTS, XLSX, given, tmp_path / "more.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["fits.xlsx"]
