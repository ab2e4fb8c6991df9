"""Names, summaries and links come from many hands: whatever they hold is shown as text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geo.dossier import Dossier, read_dossier
from geo.dossier.columns import TABLES
from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.writes import load_dossier
from layers.published import publish
from tests.browser.conftest import Atlas
from tests.conftest import RunningService

pytestmark = pytest.mark.browser

MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>${alert(3)}{{7*7}}\' " ` \\'
LONG = "ယ" + "A" * 9_990
OVERRIDE = "\u202egnitirw desrever\u0007"
ADDRESS = "https://example.org/\"><script>alert(4)</script>?a={b}&c='"
VIEW = "#map=9/16.7/98.5&from=2024-03-11&to=2025-03-10&reports=all"

HELD_BACK = {"name": MARKUP, "names_other": f"<b>other</b>{MARKUP}|{LONG[:5000]}", "note": MARKUP}
SITE = {
    "kind": "compound",
    "place_role": "hotspot",
    "country": "MM",
    "admin1": MARKUP,
    "admin2": MARKUP,
    "lat": "16.7",
    "precision_m": "5000",
    "location_basis": MARKUP,
    "location_source_id": "hostile",
}
CLAIM = {"source_id": "hostile", "locator": MARKUP, "credibility": "3"}
REPORT = {"event_kind": "statement", "summary": f"{MARKUP}\n{LONG[:9000]}", **CLAIM}
ROWS: dict[str, list[dict[str, str]]] = {
    "sources": [
        {
            "source_id": "hostile",
            "title": MARKUP,
            "publisher": MARKUP,
            "kind": "news",
            "published": "2025-03-10",
            "url": ADDRESS,
            "language": "my",
            "reliability": "E",
        }
    ],
    "sites": [
        {"site_id": "marked", "lon": "98.5", **SITE, **HELD_BACK, "parent_site_id": "long"},
        {"site_id": "long", "lon": "98.3", **SITE, "name": LONG, "kind": "zone"},
        {"site_id": "turned", "lon": "98.5", **SITE, "name": "turned"},
    ],
    "actors": [
        {
            "actor_id": "marked",
            **HELD_BACK,
            "kind": "company",
            "parent_actor_id": "long",
            "source_id": "hostile",
        },
        {"actor_id": "long", "name": LONG, "kind": "company", "source_id": "hostile"},
    ],
    "reports": [
        {
            "report_id": f"{site}-{activity}",
            "site_id": site,
            "event_date": date,
            "activity_after": activity,
            **REPORT,
        }
        for site in ("marked", "long", "turned")
        for activity, date in (("active", "2025-03-01"), ("closed", "2025-02-20"))
    ],
    "control": [
        {
            "control_id": f"{site}-{actor}",
            "site_id": site,
            "actor_id": actor,
            "role": "protects",
            "valid": "../..",
            "start_source_id": "",
            "note": MARKUP,
            **CLAIM,
        }
        for site, actor in (("marked", "marked"), ("marked", "long"), ("long", "marked"))
    ],
    "displacement": [
        {
            "flow_id": f"move-{number}",
            "from_site_id": "marked",
            "to_site_id": "long",
            "moved": f"2025-02-{number:02}",
            "summary": f"{MARKUP} {LONG[:9000]}",
            **CLAIM,
        }
        for number in (1, 2)
    ],
}


def hostile_dossier(folder: Path, countries) -> Dossier:
    """What validation lets through, and beside it what it would refuse: hidden characters."""
    for table in TABLES:
        with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(ROWS[table.name])
    dossier = read_dossier(folder, countries=countries)
    return replace(
        dossier,
        sites=tuple(
            replace(site, name=f"{OVERRIDE} {MARKUP}") if site.site_id == "turned" else site
            for site in dossier.sites
        ),
        reports=tuple(
            replace(report, summary=f"{OVERRIDE} {MARKUP}", locator=OVERRIDE)
            if report.site_id == "turned"
            else report
            for report in dossier.reports
        ),
    )


@pytest.fixture(scope="module")
def hostile_url(cluster, countries, tmp_path_factory) -> Iterator[str]:
    """The real service before a database that was loaded with hostile text."""
    dossier = hostile_dossier(tmp_path_factory.mktemp("hostile"), countries)
    with scratch_database(cluster.url) as url:
        upgrade(open_engine(url))
        load_dossier(open_engine(url), dossier, publish=publish)
        with RunningService(url) as service:
            yield service.url


@pytest.fixture(scope="module")
def hostile(browser, hostile_url) -> Iterator[Atlas]:
    """The map of that service in one tab, which notes every dialog."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    atlas = Atlas(context.new_page(), hostile_url)
    atlas.page.on("dialog", lambda dialog: (atlas.faults.append("a dialog"), dialog.dismiss()))
    atlas.open(VIEW)
    yield atlas
    context.close()


# Every run of stored text is its own island, and shows what it hides.
LOOSE = """panel => {
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    const loose = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (/[\\u202a-\\u202e\\u2066-\\u2069\\u0007]/.test(data)) loose.push(data);
        if (data.includes("onerror") && !parentElement.closest("bdi")) loose.push(data);
    }
    return loose;
}"""


VIEWS = {
    "the list": "",
    "a site": "&site=marked",
    "a site with a long name": "&site=long",
    "a site with an override": "&site=turned",
    "sites that share a point": "&place=marked",
    "a move": "&flow=move-1",
    "an actor": "&actor=marked",
    "an actor with a long name": "&actor=long",
}


def shown(atlas: Atlas, view: str) -> Atlas:
    """The panel of that view, with nothing folded, in the page that is open already."""
    atlas.page.evaluate("view => { location.hash = view }", VIEW + view)
    chosen = dict([view.removeprefix("&").split("=")]) if view else {}
    expected = next(({"kind": kind, "id": id_} for kind, id_ in chosen.items()), None)
    atlas.wait_for(lambda shown: shown["choice"] == expected)
    panel = atlas.page.locator("#panel")
    if atlas.page.locator(".sheet-handle[aria-expanded='false']").is_visible():
        atlas.page.locator(".sheet-handle").click()
    panel.evaluate(
        "panel => panel.querySelectorAll('details').forEach(item => { item.open = true })"
    )
    return atlas.wait_for(lambda shown: shown["ready"])


@pytest.fixture(params=[(1280, 800), (360, 740)], ids=["desk", "phone"])
def screen(request, hostile) -> Atlas:
    width, height = request.param
    hostile.page.set_viewport_size({"width": width, "height": height})
    return hostile


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_hostile_text_is_shown_as_text_and_keeps_its_place(screen, view):
    shown(screen, view)
    panel = screen.page.locator("#panel")
    text = panel.evaluate("panel => panel.textContent")
    assert "<img src=x onerror" in text
    assert "${alert(3)}{{7*7}}" in text
    assert panel.locator("img, script, iframe, object, style").count() == 0
    assert panel.evaluate(LOOSE) == []
    for link in panel.locator("a").evaluate_all("links => links.map(link => link.href)"):
        assert re.match("https?://", link)
    assert panel.locator("a.out:not([rel='noopener noreferrer'])").count() == 0
    assert screen.faults == []
    width = screen.page.viewport_size["width"]
    assert screen.page.evaluate("document.documentElement.scrollWidth") == width
    body = screen.page.locator("#panel-body")
    assert body.evaluate("body => body.scrollWidth - body.clientWidth") <= 0
    assert body.locator("h2").bounding_box()["height"] < 300
    tallest = "items => Math.max(0, ...items.map(item => item.offsetHeight))"
    assert body.locator(".row, .tools > button").evaluate_all(tallest) < 120


def test_a_long_name_can_be_read_whole_on_request(hostile):
    hostile.open(f"{VIEW}&site=long")
    panel = hostile.page.locator("#panel")
    assert len(panel.locator("h2").inner_text()) < 200
    panel.get_by_text("Show all 9,991 characters").first.click()
    assert LONG in panel.locator(".whole[open] p").first.inner_text()


def test_an_override_is_made_visible(hostile):
    hostile.open(f"{VIEW}&site=turned")
    heading = hostile.page.locator("#panel h2")
    assert heading.inner_text().startswith("U+202E")
    assert "gnitirw desrever" in heading.inner_text()
    assert "\u202e" not in hostile.page.locator("#live").text_content()


def test_what_is_copied_and_downloaded_holds_no_hidden_characters(hostile):
    made = hostile.page.evaluate(
        """async () => {
            const { plainText } = await import("/static/js/dom.js");
            const { toCsv } = await import("/static/js/reading/csv.js");
            const cells = ["=1+1", "'=1", "-5", "a\\"b,c", "＝x", "plain", null, 3, ["x"]];
            return [plainText("a\\u202eb\\u0007\\nc"), toCsv(cells.map((cell) => ({ cell })))];
        }"""
    )
    assert made[0] == "ab c"
    rows = [row[0] if row else "" for row in csv.reader(made[1].splitlines())][1:]
    assert rows == ["'=1+1", "''=1", "'-5", 'a"b,c', "'＝x", "plain", "", "3", '["x"]']


def hostile_answer(route):
    """The service's own answer, with an address that no database of ours would take."""
    answer = route.fetch()
    body = answer.json()
    for feature in body["features"]:
        for name in feature["properties"]:
            if name.endswith("url"):
                feature["properties"][name] = "javascript:alert(document.domain)"
    route.fulfill(response=answer, body=json.dumps(body))


def test_an_address_that_is_none_of_the_web_is_no_link(hostile):
    hostile.page.route("**/layers/*.geojson*", hostile_answer)
    hostile.open(f"{VIEW}&site=marked")
    hostile.page.unroute("**/layers/*.geojson*")
    assert hostile.page.locator("#panel .card").count() > 0
    assert hostile.page.locator("#panel .card a.out").count() == 0
    assert hostile.page.locator("[href^='javascript' i]").count() == 0


def test_no_link_leads_anywhere_but_to_the_web(hostile):
    addresses = hostile.page.evaluate(
        """async () => {
            const { webAddress } = await import("/static/js/dom.js");
            return ["https://example.org/a", "http://example.org", "javascript:alert(1)",
                    "JaVaScRiPt:alert(1)", "data:text/html,x", "//example.org", "", null,
                    "file:///etc/passwd"].map(webAddress);
        }"""
    )
    assert addresses == ["https://example.org/a", "http://example.org/"] + [None] * 7


def test_the_method_is_built_anew_from_text(hostile):
    built = hostile.page.evaluate(
        """async () => {
            const { rebuilt } = await import("/static/js/reading/methodview.js");
            const page = `<main><h1>Method</h1><h2 onclick="alert(1)">A</h2>
                <p style="color:red">b <a href="javascript:alert(2)">c</a>
                <a href="/docs">d</a><img src=x onerror="alert(3)"><script>alert(4)<\\/script></p>
                <svg onload="alert(5)"><text>e</text></svg></main>`;
            const holder = document.createElement("div");
            holder.append(...rebuilt(page));
            return [holder.innerHTML.replace(/\\s+/g, " ").trim()];
        }"""
    )
    assert re.fullmatch(
        r'<h3>A</h3> <p>b <span>c</span> <a href="http://127[^"]+/docs" target="_blank" '
        r'rel="noopener noreferrer">d</a></p>',
        built[0],
    )
    # Handlers in a document that is only parsed never run; the policy speaks of them even so.
    assert all("The action has been blocked" in fault for fault in hostile.faults)
    hostile.faults.clear()
