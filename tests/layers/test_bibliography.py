from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON

from geo.vocabulary import Reliability, SourceKind
from layers.bibliography import BIBTEX, CSL_JSON, RIS, Reference, bibliography

PROJECT = Path(__file__).parents[2]
LETTER = Reference(
    id="un-2025-03-10-al-mys-1-2025",
    kind=SourceKind.UN_COMMUNICATION,
    title="Communication AL MYS 1/2025 to Malaysia",
    publisher="UN Special Procedures (contemporary slavery; trafficking in persons)",
    published="2025-03-10",
    url=None,
    language="en",
    reliability=Reliability.B,
)
NEWS = Reference(
    id="paper-2024",
    kind=SourceKind.NEWS,
    title="KK Park",
    publisher="The Irrawaddy",
    published="2024-02",
    url="https://example.org/a?b={c}&d=1%20_2",
    language="my",
    reliability=Reliability.C,
)
HOSTILE = (
    r"50% & $14 bn_{or} \end{document} ~#1^ “စစ်ကိုင်း” 诈骗 @misc{x, title={y}} "
    "\r\nER  - \nTY  - BOOK\n<script>"
)


@pytest.fixture(scope="module")
def sources() -> list[Reference]:
    """Every source of the dossier."""
    features = json.loads((PROJECT / "data/processed/sources.geojson").read_text("utf-8"))
    return [Reference.of_source(feature["properties"]) for feature in features["features"]]


def entry(reference: Reference) -> dict[str, str]:
    """The fields of its one BibTeX entry, as an independent library reads them, and its type."""
    library = bibtexparser.parse_string(bibliography(BIBTEX, [reference]))
    assert not library.failed_blocks
    (found,) = library.entries
    return {field.key: field.value for field in found.fields} | {"TYPE": found.entry_type}


def record(reference: Reference) -> dict[str, object]:
    (found,) = rispy.loads(bibliography(RIS, [reference]))
    return dict(found)


def item(reference: Reference) -> dict[str, object]:
    (found,) = json.loads(bibliography(CSL_JSON, [reference]))
    return dict(found)


def test_every_source_of_the_dossier_is_one_entry_of_each_format(sources):
    ids = sorted(source.id for source in sources)
    library = bibtexparser.parse_string(bibliography(BIBTEX, sources))
    assert not library.failed_blocks
    assert [found.key for found in library.entries] == ids
    assert [found["id"] for found in rispy.loads(bibliography(RIS, sources))] == ids
    assert [found["id"] for found in json.loads(bibliography(CSL_JSON, sources))] == ids


def test_every_source_carries_its_grade_in_each_format(sources):
    for source in sources:
        grade = f"Reliability of the source: {source.reliability}"
        assert grade in item(source)["annote"]
    text = bibliography(RIS, sources)
    assert text.count("Reliability of the source: ") == len(sources)
    assert bibliography(BIBTEX, sources).count("Reliability of the source: ") == len(sources)


def test_a_processor_of_styles_renders_every_source(sources):
    items = CiteProcJSON(json.loads(bibliography(CSL_JSON, sources)))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    made = CitationStylesBibliography(style, items, formatters.plain)
    for source in sources:
        made.register(Citation([CitationItem(source.id)]))
    rendered = [str(line) for line in made.bibliography()]
    assert len(rendered) == len(sources)
    assert any("UN Special Procedures" in line and "2025" in line for line in rendered)


def test_a_letter_of_un_special_procedures_is_a_numbered_report_of_its_institution():
    bib = entry(LETTER)
    assert bib["TYPE"] == "techreport"
    assert bib["author"] == bib["institution"] == f"{{{LETTER.publisher}}}"
    assert bib["number"] == "AL MYS 1/2025"
    assert record(LETTER)["type_of_reference"] == "RPRT"
    assert record(LETTER)["authors"] == [LETTER.publisher]
    csl = item(LETTER)
    assert csl["type"] == "report"
    assert csl["author"] == [{"literal": LETTER.publisher}]
    assert csl["number"] == "AL MYS 1/2025"


def test_news_stands_in_its_paper_and_a_statement_on_the_web_is_a_page():
    bib = entry(NEWS)
    assert (bib["TYPE"], bib["journal"], "author" in bib) == (
        "article", "{The Irrawaddy}", False,
    )  # fmt: skip
    assert record(NEWS)["type_of_reference"] == "NEWS"
    assert (item(NEWS)["type"], item(NEWS)["container-title"]) == (
        "article-newspaper", "The Irrawaddy",
    )  # fmt: skip
    statement = replace(NEWS, kind=SourceKind.GOVERNMENT)
    assert entry(statement)["TYPE"] == "online"
    assert item(statement)["type"] == "webpage"
    assert record(statement)["type_of_reference"] == "ELEC"
    on_paper = replace(statement, url=None)
    assert item(on_paper)["type"] == "document"


def test_every_kind_of_source_has_a_type_in_each_format():
    for kind in SourceKind:
        source = replace(NEWS, kind=kind)
        assert entry(source)["TYPE"]
        assert re.fullmatch("[A-Z]+", str(record(source)["type_of_reference"]))
        assert item(source)["type"]


def test_an_institution_with_a_comma_is_not_taken_for_a_person():
    source = replace(LETTER, publisher="US DOJ, EDNY")
    assert entry(source)["author"] == "{US DOJ, EDNY}"
    assert "authors" not in record(source)
    assert record(source)["publisher"] == "US DOJ, EDNY"
    assert item(source)["author"] == [{"literal": "US DOJ, EDNY"}]


@pytest.mark.parametrize(
    ("edtf", "csl", "ris"),
    [
        ("2025-03-10", {"date-parts": [[2025, 3, 10]]}, "2025/03/10/"),
        ("2024-02", {"date-parts": [[2024, 2]]}, "2024/02//"),
        ("2024", {"date-parts": [[2024]]}, "2024///"),
        ("2024-XX", {"date-parts": [[2024]]}, "2024///"),
        ("2025-12~", {"date-parts": [[2025, 12]], "circa": True}, "2025/12//circa"),
        ("2025?", {"date-parts": [[2025]], "circa": True}, "2025///circa"),
        ("2023-22", {"date-parts": [[2023]], "season": 2}, "2023///summer"),
        (
            "2023-10/2024-04-02",
            {"date-parts": [[2023, 10], [2024, 4, 2]]},
            "2023/10//interval 2023-10 to 2024-04-02",
        ),
        ("2023-10/..", {"literal": "2023-10/.."}, "2023/10//interval 2023-10 to .."),
        ("202X", {"literal": "202X"}, None),
    ],
)
def test_a_vague_date_stays_as_vague_as_it_was_given(edtf, csl, ris):
    source = replace(NEWS, published=edtf)
    assert item(source)["issued"] == csl
    assert record(source).get("date") == ris
    assert entry(source)["date"] == edtf


def test_a_source_without_a_date_gets_none():
    source = replace(NEWS, published=None)
    assert not {"date", "year", "month"} & set(entry(source))
    assert not {"date", "year"} & set(record(source))
    assert "issued" not in item(source)


def test_what_a_source_says_cannot_break_out_of_its_field():
    source = Reference.of_source(
        {
            "source_id": "hostile",
            "kind": "research",
            "title": HOSTILE,
            "publisher": HOSTILE,
            "published": None,
            "url": NEWS.url,
            "language": "en",
            "reliability": "F",
        }
    )
    library = bibtexparser.parse_string(bibliography(BIBTEX, [source, NEWS]))
    assert not library.failed_blocks
    assert [found.key for found in library.entries] == ["hostile", "paper-2024"]
    title = library.entries[0].fields_dict["title"].value
    assert r"\end" not in title.replace(r"\textbackslash{}end", "")
    assert title.count("{") == title.count("}")
    assert r"50\% \& \$14 bn\_\textbraceleft{}or" in title
    assert library.entries[0].fields_dict["url"].value == (
        "https://example.org/a?b=%7Bc%7D&d=1%20_2"
    )
    records = rispy.loads(bibliography(RIS, [source, NEWS]))
    assert [found["id"] for found in records] == ["hostile", "paper-2024"]
    assert records[0]["title"].endswith("ER - TY - BOOK <script>")
    assert item(source)["title"] == " ".join(HOSTILE.split())


def test_the_same_sources_in_any_order_make_the_same_text(sources):
    for fmt in (BIBTEX, RIS, CSL_JSON):
        assert bibliography(fmt, sources) == bibliography(fmt, [*reversed(sources), sources[0]])
