"""What the panel says of a chosen site or move."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"


def test_a_click_on_a_symbol_opens_its_panel_with_link_locator_and_grades(reader):
    reader.go("#map=7/17/97&from=2024-03-11&to=2025-03-10&reports=all")
    reader.click("yangon")
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "yangon"})
    panel = reader.page.locator("#panel")
    assert panel.locator("h2").inner_text() == "Yangon"
    assert panel.locator(".card").count() > 0
    for card in panel.locator(".card").all():
        assert card.locator(".locator").inner_text()
        assert re.match(r"[A-F][1-6]", card.locator(".grade").inner_text())
        assert re.search(r"\w+ · \w+", card.locator(".grade-words").inner_text())
    link = panel.locator(".card a").first
    assert link.get_attribute("href").startswith("http")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


def test_the_panel_says_the_state_in_careful_words(reader):
    reader.go(f"{SPRING_2025}&site=payathonzu")
    said = reader.text("#panel .state")
    assert re.search(
        r"Reported active by \d+ publishers?, last on 10 March 2025 \(the date shown\)\.", said
    )
    assert "Contested: reports of that time differ" in reader.text("#panel .contested")
    assert reader.page.locator("#panel .side").count() == 2
    for side in reader.page.locator("#panel .side").all():
        said = side.locator(".evidence").first
        assert re.search(r"\d{4}, \w.* · [A-F][1-6]", said.inner_text().splitlines()[0])
        said.locator("summary").click()
        assert said.locator(".locator").inner_text()


def test_absence_of_reports_is_told_as_not_known(reader):
    reader.go("#map=8/23.7/98.8&from=2025-11-02&to=2026-11-01&site=laukkai")
    said = reader.text("#panel .state")
    assert re.search(r"Not known at this date: no report on its activity for [\d,]+ days", said)
    assert "Last known: reported" in said


def test_who_controls_a_place_is_told_by_role_with_age_and_doubt(reader):
    reader.go(f"{SPRING_2025}&site=mong-la")
    controls = reader.page.locator("#panel .controls")
    assert "disputed" in controls.locator("h3").inner_text()
    assert controls.get_by_role("heading", name="Controls the territory").count() == 1
    holders = controls.locator("[data-role='controls-territory']")
    assert holders.count() == 2
    for holder in holders.all():
        assert re.search(r"certain|possible", holder.inner_text())
        assert re.search(r"last said on|no source says so", holder.inner_text())
    holders.first.get_by_text("Who says so").click()
    assert re.match(r"[A-F][1-6]", holders.first.locator(".source .grade").inner_text())


def test_precision_is_told_in_words_with_its_source(reader):
    reader.go(f"{SPRING_2025}&site=apollo-park")
    said = reader.text("#panel-body")
    assert re.search(r"Somewhere within [\d.]+ km of the point shown", said)
    assert "Basis:" in said
    assert "Position from:" in said


def test_reports_are_those_of_the_window_until_all_are_asked_for(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    panel = reader.page.locator("#panel")
    seen, all_of_them = map(int, re.findall(r"\d+", reader.text(".reports-count"))[:2])
    assert panel.locator(".card").count() == seen < all_of_them
    panel.get_by_label("show all").check()
    reader.wait_for(lambda shown: "reports=all" in shown["hash"])
    assert panel.locator(".card").count() == all_of_them


def test_a_flow_opens_like_a_site_does(reader):
    flow = "kokang-saz-to-kayin-thai-border-un"
    reader.go(f"{SPRING_2025}&flow={flow}")
    said = reader.text("#panel-body")
    assert "Kokang Self-Administered Zone →" in said
    assert "reported cause: armed conflict" in said
    assert "Between about October 2023 and March 2025" in said
    assert "AL OTH 18/2025" in said
    reader.page.get_by_role("button", name="Open Kokang").click()
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "kokang-saz"})


def test_a_click_on_an_arrow_opens_its_claim(reader):
    reader.go("#map=6/17/99&from=2023-10-27&to=2024-06-30&off=sites,context,regions")
    reader.click("kokang-saz-to-lao-pdr-2024")
    reader.wait_for(lambda shown: (shown["choice"] or {}).get("kind") == "flow")


def test_a_site_can_be_chosen_with_the_keyboard_alone(atlas):
    atlas.open(SPRING_2025)
    atlas.page.keyboard.press("Tab")
    assert atlas.page.evaluate("document.activeElement.id") == "skip"
    atlas.page.keyboard.press("Enter")
    assert atlas.page.evaluate("document.activeElement.closest('#panel') !== null")
    first = atlas.page.locator("#panel .row").first
    name = first.locator(".row-name").inner_text()
    for _ in range(4):  # past what can be done with the whole list: link, citation, download
        atlas.page.keyboard.press("Tab")
    assert first.evaluate("row => row === document.activeElement")
    atlas.page.keyboard.press("Enter")
    atlas.wait_for(lambda shown: shown["choice"] is not None)
    assert atlas.text("#panel h2") == name
    assert atlas.page.evaluate("document.activeElement.tagName") == "H2"


def test_a_site_that_no_report_names_by_the_date_says_so(reader):
    reader.go("#map=6/17/99&from=2017-01-01&to=2017-12-31&site=kk-park")
    assert "No report that names this place by this date" in reader.text("#panel-body")


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


def test_dates_are_put_into_words_as_open_as_they_are(reader):
    said = reader.page.evaluate(
        """async cases => {
            const { speak } = await import("/static/js/text.js");
            speak(JSON.parse(document.getElementById("atlas-config").textContent).texts);
            const { dateInWords } = await import("/static/js/edtf.js");
            return cases.map(([edtf, kind]) => dateInWords(edtf, kind));
        }""",
        [list(case) for case in IN_WORDS],
    )
    assert dict(zip(IN_WORDS, said, strict=True)) == IN_WORDS
