"""Figures over HTTP: what is drawn, what is kept, and what is refused."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import httpx
import pypdf
import pytest
from lxml import etree
from PIL import Image

from service.settings import PROJECT
from tests.conftest import RunningService
from tests.service.asking import problem

SHEET = "/figures/myawaddy.{}?datetime=2025-03-10&dpi=72&size=a5"
HEAVY = (
    "matplotlib",
    "fontTools",
    "uharfbuzz",
    "pypdfium2",
    "PIL",
    "reportlab",
    "pandas",
    "pyproj",
)


@pytest.fixture(scope="module")
def drawn(client) -> dict[str, httpx.Response]:
    """The same figure in every format."""
    answers = {ending: client.get(SHEET.format(ending)) for ending in ("png", "svg", "pdf", "zip")}
    for ending, answer in answers.items():
        assert answer.status_code == 200, (ending, answer.text[:500])
    return answers


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
        ("pdf", "application/pdf"),
        ("zip", "application/zip"),
    ],
)
def test_a_figure_says_what_it_is_and_how_it_is_called(drawn, ending, media_type):
    headers = drawn[ending].headers
    assert headers["content-type"] == media_type
    kind = "attachment" if ending == "zip" else "inline"
    name = f"scam-atlas-myawaddy-2025-03-10.{ending}"
    assert headers["content-disposition"] == f'{kind}; filename="{name}"'
    assert headers["cache-control"] == "public, no-cache"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"


def test_the_files_open_as_what_they_say(drawn):
    with Image.open(io.BytesIO(drawn["png"].content)) as picture:
        assert picture.size == pytest.approx((148 / 25.4 * 72, 210 / 25.4 * 72), abs=1)
    assert etree.fromstring(drawn["svg"].content).tag.endswith("}svg")
    assert "Myawaddy" in pypdf.PdfReader(io.BytesIO(drawn["pdf"].content)).pages[0].extract_text()
    with zipfile.ZipFile(io.BytesIO(drawn["zip"].content)) as pack:
        assert pack.testzip() is None
        assert pack.read("figure.png") == drawn["png"].content
        assert pack.read("figure.svg") == drawn["svg"].content
        assert pack.read("figure.pdf") == drawn["pdf"].content


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "zip"])
def test_who_holds_a_figure_is_told_so_without_another(client, drawn, ending):
    etag = drawn[ending].headers["etag"]
    assert etag.startswith('"')
    held = client.get(SHEET.format(ending), headers={"If-None-Match": etag})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", etag)
    other = client.get(SHEET.format(ending), headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert other.content == drawn[ending].content


def test_another_query_has_another_validator_and_another_order_has_not(client, drawn):
    same = client.get("/figures/myawaddy.png?size=a5&dpi=72&datetime=2025-03-10")
    assert same.headers["etag"] == drawn["png"].headers["etag"]
    other = client.get("/figures/myawaddy.png?size=a5&dpi=73&datetime=2025-03-10")
    assert other.headers["etag"] != drawn["png"].headers["etag"]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "zip"])
def test_head_says_what_get_says(client, drawn, ending):
    answer = client.head(SHEET.format(ending))
    assert answer.content == b""
    for name in ("content-type", "etag", "content-disposition", "content-length"):
        assert answer.headers.get(name) == drawn[ending].headers.get(name), name


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("dpi=9000", "dpi"),
        ("dpi=600&size=600x600", "dpi"),
        ("size=1x1", "size"),
        ("size=a99", "size"),
        ("datetime=2025-13-01", "datetime"),
        ("at=yesterday", "at"),
        ("at=2025-01-01&datetime=2025-01-01", "at"),
        ("kind=pie", "kind"),
        ("kind=change", "compare"),
        ("style=rainbow", "style"),
        ("title=", "title"),
        ("title=" + "x" * 161, "title"),
        ("title=a%0Ab", "title"),
        ("filter=nonsense%20%3C", "filter"),
        ("filter=colour%20%3D%20'red'", "filter"),
        ("certainty=maybe", "certainty"),
        ("dates=2025-01-01", "dates"),
        ("bbox=98,16,99,17", "bbox"),
        ("site=kk-park", "site"),
        ("format=png", "format"),
        ("colour=red", "colour"),
        ("dpi=72&dpi=100", "dpi"),
    ],
)
def test_a_problem_names_the_parameter_at_fault(client, query, parameter):
    assert problem(client, f"/figures/myawaddy.png?{query}", 400)["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "frame"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=-180,-80,180,80", "bbox"),
        ("bbox=98,16,98,16", "bbox"),
        ("site=KK%20Park", "site"),
        ("site=kk-park&radius=0", "radius"),
        ("site=kk-park&radius=1e9", "radius"),
        ("actor=karen-bgf", "actor"),
    ],
)
def test_a_place_that_cannot_be_drawn_is_named(client, query, parameter):
    assert problem(client, f"/figures/figure.png?{query}", 400)["parameter"] == parameter


def test_what_is_not_there_is_404_and_says_what_is(client):
    assert "thai-border" in problem(client, "/figures/nowhere.png", 404)["detail"]
    assert "pdf" in problem(client, "/figures/myawaddy.gif", 404)["detail"]
    assert "no-such-site" in problem(client, "/figures/figure.png?site=no-such-site", 404)["detail"]


def test_a_box_and_a_site_are_drawn_too(client):
    for query in ("bbox=98.4,16.5,98.7,16.8", "site=kk-park&radius=10"):
        answer = client.get(f"/figures/figure.svg?{query}&at=2025-03-10&size=a5")
        assert answer.status_code == 200, answer.text[:300]


@pytest.mark.parametrize(
    "text",
    [
        "</title><script>alert(1)</script>",
        "]]><svg onload=alert(1)>",
        "&lt;b&gt; &amp; \"quoted\" 'single'",
        r"(paren \) /JS (app.alert(1)) endobj",
        "𝕬 ខ្មែរ မြန်မာ 中文 ‮evil",
        "{{7*7}} ${x} %s %n",
    ],
)
def test_nothing_that_a_caller_writes_becomes_markup(client, text):
    asked = {"title": text, "datetime": "2025-03-10", "dpi": "72", "size": "a5"}
    svg = client.get("/figures/myawaddy.svg", params=asked)
    if not text.isprintable():
        assert svg.json()["parameter"] == "title"
        return
    assert svg.status_code == 200, svg.text[:300]
    root = etree.fromstring(svg.content)
    tags = {etree.QName(element).localname for element in root.iter("*")}
    assert not tags & {"script", "foreignObject", "iframe", "object", "embed", "animate", "set"}
    assert not [
        name for element in root.iter("*") for name in element.attrib if name.startswith("on")
    ]
    pdf = client.get("/figures/myawaddy.pdf", params=asked)
    reader = pypdf.PdfReader(io.BytesIO(pdf.content), strict=True)
    assert not {"/OpenAction", "/AA", "/Names"} & set(reader.trailer["/Root"])
    assert reader.metadata.title == text
    assert all(
        annotation.get_object()["/A"]["/S"] == "/URI"
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation.get_object()
    )


def test_a_figure_by_its_own_address_may_carry_styles_and_run_nothing(drawn):
    policy = drawn["svg"].headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy


def test_a_full_queue_answers_503_and_says_when_to_come_back(database_url):
    with RunningService(
        database_url, figure_processes=1, figure_queue=1, figure_timeout_s=120
    ) as service:
        together = threading.Barrier(8)

        def ask(number: int) -> httpx.Response:
            together.wait()
            return httpx.get(
                f"{service.url}/figures/myawaddy.png?dpi={72 + number}&size=a5", timeout=60
            )

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(ask, range(8)))
        refused = [answer for answer in answers if answer.status_code == 503]
        assert len(refused) == 6
        assert [answer.status_code for answer in answers].count(200) == 2
        for answer in refused:
            assert int(answer.headers["retry-after"]) > 0
            assert "figures" in answer.json()["detail"]
        assert ask_one(service, "myawaddy.png?dpi=99&size=a5").status_code == 200


def ask_one(service: RunningService, address: str) -> httpx.Response:
    return httpx.get(f"{service.url}/figures/{address}", timeout=120)


def test_many_who_ask_for_the_same_figure_are_given_one(database_url):
    with RunningService(
        database_url, figure_processes=1, figure_queue=0, figure_timeout_s=120
    ) as service:
        with ThreadPoolExecutor(8) as threads:
            answers = list(
                threads.map(lambda _: ask_one(service, "myawaddy.png?dpi=72&size=a5"), range(8))
            )
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1


def test_a_figure_that_takes_too_long_is_stopped(database_url):
    with RunningService(database_url, figure_timeout_s=0.05) as service:
        answer = ask_one(service, "south-east-asia.pdf")
        assert answer.status_code == 503
        assert answer.json()["title"] == "The figure took too long"
        assert answer.headers["retry-after"]
        assert httpx.get(f"{service.url}/healthz").status_code == 200


def test_a_database_that_is_away_is_told_as_everywhere(cluster):
    from geo.store.database import open_engine, scratch_database, upgrade

    with scratch_database(cluster.url) as url:
        upgrade(open_engine(url))
        with RunningService(url) as service:
            answer = ask_one(service, "myawaddy.png?size=a5")
            assert answer.status_code == 503
            assert "scam-atlas load" in answer.json()["detail"]


def test_the_server_itself_loads_nothing_that_draws():
    code = (
        "import sys, service.app, service.figures.desk;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_the_sources_come_for_reference_managers(client):
    for ending, first in (("bib", "@"), ("ris", "TY  - "), ("csl.json", "[")):
        answer = client.get(f"/layers/sources.{ending}", params={"kind": "un-communication"})
        assert answer.status_code == 200, answer.text
        assert answer.text.startswith(first)
        assert answer.text.count("AL OTH 18/2025") >= 1
        assert "Irrawaddy" not in answer.text
    assert problem(client, "/layers/sources.bib?kind=gossip", 400)["parameter"] == "kind"
    assert problem(client, "/layers/sources.ris?colour=red", 400)["parameter"] == "colour"
