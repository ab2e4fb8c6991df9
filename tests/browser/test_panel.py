"""What is said of a chosen site or flow, and how text from many hands is shown."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"


def test_a_click_on_a_symbol_opens_its_panel_with_link_locator_and_grades(atlas):
    atlas.open("#map=7/17/97&from=2024-03-11&to=2025-03-10&reports=all")
    atlas.click("yangon")
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "yangon"})
    panel = atlas.page.locator("#panel")
    assert panel.locator("h2").inner_text() == "Yangon"
    assert panel.locator(".card").count() > 0
    for card in panel.locator(".card").all():
        assert card.locator(".locator").inner_text()
        grades = card.locator(".grades").inner_text()
        assert re.search(r"Reliability [A-F] – \w", grades)
        assert re.search(r"Credibility [1-6] – \w", grades)
    link = panel.locator(".card a").first
    assert link.get_attribute("href").startswith("http")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


def test_the_panel_says_the_state_in_careful_words(atlas):
    atlas.open(f"{SPRING_2025}&site=payathonzu")
    said = atlas.text("#panel .state")
    assert re.search(
        r"Reported active, last on 10 March 2025 \(the date shown\), by \d+ publishers?", said
    )
    assert "Contested: reports of that time differ" in atlas.text("#panel .contested")
    assert atlas.page.locator("#panel .side").count() == 2
    for side in atlas.page.locator("#panel .side").all():
        assert side.locator("details").count() > 0


def test_absence_of_reports_is_told_as_not_known(atlas):
    atlas.open("#map=8/23.7/98.8&from=2025-11-02&to=2026-11-01&site=laukkai")
    said = atlas.text("#panel .state")
    assert re.search(r"Not known at this date: no report on its activity for [\d,]+ days", said)
    assert "Last known: reported" in said


def test_who_controls_a_place_is_told_by_role_with_age_and_doubt(atlas):
    atlas.open(f"{SPRING_2025}&site=mong-la")
    controls = atlas.page.locator("#panel .controls")
    assert "disputed" in controls.locator("h3").inner_text()
    assert controls.get_by_role("heading", name="Controls the territory").count() == 1
    holders = controls.locator("[data-role='controls-territory']")
    assert holders.count() == 2
    for holder in holders.all():
        assert re.search(r"certain|possible", holder.inner_text())
        assert re.search(r"last said on|no source says so", holder.inner_text())
    holders.first.locator("summary").click()
    assert "Credibility" in holders.first.locator(".source").inner_text()


def test_precision_is_told_in_words_with_its_source(atlas):
    atlas.open(f"{SPRING_2025}&site=apollo-park")
    said = atlas.text("#panel-body")
    assert re.search(r"Somewhere within [\d.]+ km of the point shown", said)
    assert "Basis:" in said
    assert "Position from:" in said


def test_reports_are_those_of_the_window_until_all_are_asked_for(atlas):
    atlas.open(f"{SPRING_2025}&site=kk-park")
    panel = atlas.page.locator("#panel")
    seen, all_of_them = map(int, re.findall(r"\d+", atlas.text(".reports-count"))[:2])
    assert panel.locator(".card").count() == seen < all_of_them
    panel.get_by_label("show all").check()
    atlas.wait_for(lambda shown: "reports=all" in shown["hash"])
    assert panel.locator(".card").count() == all_of_them


def test_a_flow_opens_like_a_site_does(atlas):
    flow = "kokang-saz-to-kayin-thai-border-un"
    atlas.open(f"{SPRING_2025}&flow={flow}")
    said = atlas.text("#panel-body")
    assert "Kokang Self-Administered Zone →" in said
    assert "reported cause: armed conflict" in said
    assert "Between about October 2023 and March 2025" in said
    assert "AL OTH 18/2025" in said
    atlas.page.get_by_role("button", name="Open Kokang").click()
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "kokang-saz"})


def test_a_click_on_an_arrow_opens_its_claim(atlas):
    atlas.open("#map=6/17/99&from=2023-10-27&to=2024-06-30&off=sites,context,regions")
    atlas.click("kokang-saz-to-lao-pdr-2024")
    atlas.wait_for(lambda shown: (shown["choice"] or {}).get("kind") == "flow")


def test_a_site_can_be_chosen_with_the_keyboard_alone(atlas):
    atlas.open(SPRING_2025)
    atlas.page.keyboard.press("Tab")
    assert atlas.page.evaluate("document.activeElement.id") == "skip"
    atlas.page.keyboard.press("Enter")
    assert atlas.page.evaluate("document.activeElement.closest('#panel') !== null")
    atlas.page.keyboard.press("Tab")
    first = atlas.page.locator("#panel .row").first
    name = first.locator(".row-name").inner_text()
    assert first.evaluate("row => row === document.activeElement")
    atlas.page.keyboard.press("Enter")
    atlas.wait_for(lambda shown: shown["choice"] is not None)
    assert atlas.text("#panel h2") == name
    assert atlas.page.evaluate("document.activeElement.tagName") == "H2"


def test_a_site_that_no_report_names_by_the_date_says_so(atlas):
    atlas.open("#map=6/17/99&from=2017-01-01&to=2017-12-31&site=kk-park")
    assert "No report that names this place by this date" in atlas.text("#panel-body")


IN_WORDS = {
    ("2023-10-27", "event"): "27 October 2023",
    ("2023-10", "event"): "some time in October 2023",
    ("2023", "event"): "some time in 2023",
    ("2010~", "event"): "about 2010",
    ("2010?", "event"): "perhaps 2010",
    ("2010%", "event"): "perhaps about 2010",
    ("2023-10-28~", "event"): "about 28 October 2023",
    ("202X", "event"): "some time in the 2020s",
    ("2023-XX", "event"): "some time in 2023",
    ("2023-22", "event"): "some time in summer 2023",
    ("../2026-01-02", "event"): "by 2 January 2026",
    ("/2026-01-02", "event"): "by 2 January 2026",
    ("2021-02/..", "event"): "from February 2021, end not known",
    ("../..", "period"): "start and end not known",
    ("2026-01-31/2026-02-01", "event"): "between 31 January and 1 February 2026",
    ("2025-10/2026-01", "event"): "between October 2025 and January 2026",
    ("2023/2024", "event"): "between 2023 and 2024",
    ("2015/2023-10", "period"): "from 2015 to October 2023",
    ("../2023-10-27", "period"): "until 27 October 2023, start not known",
    ("", "event"): "date not known",
    ("nonsense", "event"): "nonsense",
}


def test_dates_are_put_into_words_as_open_as_they_are(atlas):
    said = atlas.open().page.evaluate(
        """async cases => {
            const { dateInWords } = await import("/static/js/edtf.js");
            return cases.map(([edtf, kind]) => dateInWords(edtf, kind));
        }""",
        [list(case) for case in IN_WORDS],
    )
    assert dict(zip(IN_WORDS, said, strict=True)) == IN_WORDS


HOSTILE = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script>${alert(3)}{{7*7}}'
    "\u202egnitirw desrever\u0007 ' \" ` \\"
)
LONG = "A" * 10_000


def hostile(route):
    """The service's own answer, with hostile text in every field that holds text."""
    answer = route.fetch()
    body = answer.json()
    codes = re.compile(
        r"_id$|^(kind|place_role|country|activity|role|certainty|reliability|datetime|valid|occurred"
        r"|moved|cause|event_kind|activity_after|last_.*|possible_.*|certain_.*|observed|.*_kind"
        r"|.*published|.*language|first_reported|held_on)$"
    )

    def spoil(value, name=""):
        if isinstance(value, dict):
            return {key: spoil(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [spoil(item, name) for item in value]
        if not isinstance(value, str) or codes.search(name):
            return value
        if name.endswith("url"):
            return "javascript:alert(document.domain)"
        return f"{HOSTILE} {LONG}" if name == "names_other" else HOSTILE

    for feature in body["features"]:
        feature["properties"] = spoil(feature["properties"])
    route.fulfill(response=answer, body=json.dumps(body))


@pytest.mark.parametrize(
    "choice",
    ["", "&site=mong-la", "&site=payathonzu", "&flow=kokang-saz-to-kayin-thai-border-un"],
)
def test_hostile_text_is_shown_as_text(atlas, choice):
    spoken = []
    atlas.page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
    atlas.page.route("**/layers/*.geojson*", hostile)
    atlas.open(f"{SPRING_2025}{choice}&reports=all")
    atlas.page.wait_for_timeout(300)
    panel = atlas.page.locator("#panel")
    assert "<img src=x onerror" in panel.inner_text()
    assert "${alert(3)}{{7*7}}" in panel.inner_text()
    assert panel.locator("img, script, iframe").count() == 0
    assert atlas.page.locator("[href^='javascript' i]").count() == 0
    assert spoken == []
    # Every run of stored text is its own island, so its override turns nothing else round.
    loose = panel.evaluate(
        """panel => {
            const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
            const loose = [];
            while (walker.nextNode()) {
                const { data, parentElement } = walker.currentNode;
                if (data.includes("\\u202e") && !parentElement.closest("bdi")) loose.push(data);
            }
            return loose;
        }"""
    )
    assert loose == []
    width = panel.evaluate("panel => panel.scrollWidth - panel.clientWidth")
    assert width <= 0


def test_no_link_leads_anywhere_but_to_the_web(atlas):
    addresses = atlas.open().page.evaluate(
        """async () => {
            const { webAddress } = await import("/static/js/dom.js");
            return ["https://example.org/a", "http://example.org", "javascript:alert(1)",
                    "JaVaScRiPt:alert(1)", "data:text/html,x", "//example.org", "", null,
                    "file:///etc/passwd"].map(webAddress);
        }"""
    )
    assert addresses == ["https://example.org/a", "http://example.org/"] + [None] * 7
