"""The files are read back with other libraries than those that wrote them."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import numpy as np
import pytest
from lxml import etree
from PIL import Image
from pypdf import PdfReader
from pyproj import Geod

from layers.figures import words
from layers.figures.drawing import draw
from layers.figures.layout import laid_out
from layers.figures.request import FigureFormat
from tests.layers.figures.making import drawn_panel, gathered_content

SVG = "{http://www.w3.org/2000/svg}"


def bare(text: str) -> str:
    """Without blanks: lines break where the column ends."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def pdf(border_files) -> PdfReader:
    return PdfReader(io.BytesIO(border_files["pdf"]), strict=True)


@pytest.fixture(scope="module")
def pdf_text(pdf) -> str:
    return bare("".join(page.extract_text() for page in pdf.pages))


@pytest.fixture(scope="module")
def svg(border_files) -> etree._Element:
    return etree.fromstring(border_files["svg"])


def test_pdf_has_its_pages_and_says_what_it_is(pdf, border):
    assert len(pdf.pages) > 3
    assert pdf.metadata.title == "Reported scam compounds: Thai-Myanmar border, 10 March 2025"
    assert pdf.metadata.subject == words.alternative(border)
    assert border.content_hash in pdf.metadata["/Keywords"]
    assert "/CreationDate" not in pdf.metadata
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    for page in pdf.pages:
        assert [round(float(edge) / 72 * 25.4) for edge in page.mediabox[2:]] == [210, 297]


def test_pdf_is_tagged_and_its_map_has_a_text_for_who_cannot_see_it(pdf, border):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    elements = [item.get_object() for item in document["/K"]]
    figures = [item for item in elements if item["/S"] == "/Figure"]
    assert [item["/Alt"] for item in figures] == [words.alternative(border)]


def test_pdf_embeds_every_font(pdf):
    names = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(str(font["/BaseFont"]))
            assert "/FontFile2" in descendant["/FontDescriptor"]
            assert "/ToUnicode" in font.get_object()
    assert any("Myanmar" in name for name in names)
    assert all("+Noto" in name for name in names)


def test_pdf_text_is_text_in_every_script(pdf_text, border):
    assert bare(words.title(border)) in pdf_text
    assert bare(words.subtitle(border)) in pdf_text
    assert "မြဝတီမြို့နယ်" in pdf_text  # Myawaddy Township: shown in another order than written
    assert "แม่สอด" in pdf_text
    assert "KK园区" in pdf_text


def test_pdf_lists_every_source_with_its_address_and_every_site(pdf_text, pdf, border):
    for number, source in enumerate(border.sources, start=1):
        assert f"[{number}]{bare(source.publisher)}:{bare(source.title)}" in pdf_text, source
        assert bare(source.url or "") in pdf_text
    for site in border.days[-1].sites:
        assert bare(site.name) in pdf_text
    links = {
        annotation.get_object()["/A"]["/URI"]
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
    }
    assert len(links) >= len({source.url for source in border.sources if source.url}) * 0.9


@pytest.mark.parametrize("fmt", ["pdf", "svg"])
def test_a_sheet_says_date_hash_query_projection_and_attributions(fmt, pdf_text, svg, border):
    text = pdf_text if fmt == "pdf" else bare("".join(svg.itertext()))
    for said in (
        "Data of 22 November 2026, as of 10 March 2025",
        border.content_hash,
        f"/figures/thai-border.{fmt}?datetime=2025-03-10",
        "transverse Mercator, central meridian 98.5° E",
        "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth",
        "Scam Atlas dossier (CC BY 4.0)",
        "not a finding of fact",
    ):
        assert bare(said) in (text if fmt == "svg" else pdf_text.replace(".pdf?", f".{fmt}?")), said


def test_svg_has_title_desc_and_unique_ids(svg, border):
    assert svg.find(f"{SVG}title").text == words.title(border)
    assert svg.find(f"{SVG}desc").text == words.alternative(border)
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {"map", "symbols", "labels", "legend", "scale-bar", "north-arrow"} <= set(ids)
    assert svg.get("width") == "210mm"


def test_svg_is_text_and_reaches_for_nothing(svg, border_files):
    assert len(svg.findall(f".//{SVG}text")) > 100
    assert not svg.findall(f".//{SVG}script")
    outside = re.findall(rb"url\((?!#|data:)[^)]*\)", border_files["svg"])
    assert not outside
    assert b"@font-face" in border_files["svg"]
    symbols = [
        group for group in svg.iter(f"{SVG}g") if (group.get("id") or "").startswith("symbol-")
    ]
    panel_titles = [group.find(f"{SVG}title").text for group in symbols]
    assert any("Myawaddy" in title for title in panel_titles)


def test_the_bar_in_the_svg_is_as_long_as_it_says(svg, border):
    group = next(g for g in svg.iter(f"{SVG}g") if g.get("id") == "scale-bar")
    parts = [path.get("d") for path in group.iter(f"{SVG}path")][1:5]
    xs = np.array([float(n) for d in parts for n in re.findall(r"[\d.]+", d)[0::2]])
    label = next(t.text for t in group.iter(f"{SVG}text") if t.text.endswith("km"))
    view = border.view
    half = (xs.max() - xs.min()) * view.scale / 2
    x, y = (view.west + view.east) / 2, (view.south + view.north) / 2
    ends = view.to_degrees(x - half, y), view.to_degrees(x + half, y)
    ground = Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2]
    assert ground == pytest.approx(float(label.split()[0]) * 1000, rel=0.01)


def test_png_has_its_size_dpi_and_text(border_files, border):
    image = Image.open(io.BytesIO(border_files["png"]))
    assert image.size == (1654, 2339)
    assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert image.text["Title"] == words.title(border)
    assert image.text["Description"] == words.alternative(border)
    assert border.content_hash in image.text["Comment"]
    colours = image.convert("RGB").resize((200, 283)).getcolors(60_000)
    assert len(colours) > 200


def test_png_and_svg_say_where_the_rest_of_the_notes_is(svg):
    text = bare("".join(svg.itertext()))
    assert bare("All numbered notes and sources: in the PDF of this figure") in text
    assert "/figures/thai-border.pdf?datetime=2025-03-10" in text


def test_the_same_content_is_the_same_bytes(border, border_files):
    for fmt in FigureFormat:
        assert draw(border, fmt) == border_files[fmt.value]


def test_the_same_bytes_in_another_process(border, border_files, tmp_path):
    import hashlib
    import pickle

    held = tmp_path / "content.pickle"
    held.write_bytes(pickle.dumps(border))
    program = (
        "import hashlib, pickle, sys; from layers.figures.drawing import draw;"
        "from layers.figures.request import FigureFormat;"
        f"content = pickle.load(open({str(held)!r}, 'rb'));"
        "print(*(hashlib.sha256(draw(content, f)).hexdigest() for f in FigureFormat))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin", "PYTHONPATH": "."},
    )  # fmt: skip
    here = [hashlib.sha256(border_files[fmt.value]).hexdigest() for fmt in FigureFormat]
    assert done.stdout.split() == here


def test_what_a_caller_writes_cannot_break_a_file(database_url):
    title = "</title><script>alert(1)</script> (%) \\ ]]> & \"quotes\" 'x'"
    content = gathered_content(database_url, frame="golden-triangle", title=title, at="2025-03-10")
    root = etree.fromstring(draw(content, FigureFormat.SVG))
    assert root.find(f"{SVG}title").text == title
    assert not root.findall(f".//{SVG}script")
    pdf = PdfReader(io.BytesIO(draw(content, FigureFormat.PDF)), strict=True)
    assert pdf.metadata.title == title
    assert bare(title) in bare(pdf.pages[0].extract_text())


@pytest.mark.parametrize("size", ["a5", "letter-landscape", "column", "half", "slide", "80x80"])
def test_every_paper_holds_title_map_and_footer(database_url, size):
    content = gathered_content(
        database_url, frame="golden-triangle", at="2025-03-10", size=size, format="svg"
    )
    panel, layout = drawn_panel(content)
    assert layout.map.width > 30
    assert layout.map.height > 20
    assert not panel.unlabelled
    root = etree.fromstring(draw(content))
    assert root.get("width") == f"{content.request.millimetres[0]:g}mm"
    laid = laid_out(content.request, content.box)
    for area in (laid.map, laid.strip, laid.header, laid.footer):
        assert area.within(laid.page)
