"""Reading on: grades, actors, rival claims, the method; citing, and taking away what is shown."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import parse_qsl, urlsplit

import bibtexparser
import httpx
import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"
FLOW = "kokang-saz-to-kayin-thai-border-un"


def unfold(within, label) -> None:
    """Open a folded part, if the test before has not."""
    summary = within.get_by_text(label, exact=True)
    if summary.evaluate("summary => !summary.parentElement.open"):
        summary.click()


def copied(reader) -> str:
    reader.page.locator("#panel .copy[data-done='yes']").first.wait_for()
    return reader.page.evaluate("navigator.clipboard.readText()")


def downloaded(reader, link) -> str:
    with reader.page.expect_download() as started:
        link.click()
    return started.value.path().read_text("utf-8")


def test_grades_are_spelt_out_for_who_points_at_them_or_comes_by_keyboard(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    grades = reader.page.locator(".card .grades").first
    tip, code = grades.get_by_role("tooltip"), grades.locator(".grade")
    assert tip.is_hidden()
    code.hover()
    assert re.search(r"Reliability [A-F] – \w", tip.inner_text())
    assert re.search(r"Credibility [1-6] – \w", tip.inner_text())
    reader.page.mouse.move(5, 5)
    assert tip.is_hidden()
    code.focus()
    assert tip.is_visible()
    reader.page.keyboard.press("Escape")
    assert tip.is_hidden()
    described = reader.page.locator(f"#{code.get_attribute('aria-describedby')}")
    assert "Reliability" in described.text_content()


def test_names_stand_in_all_scripts_each_in_its_language(reader):
    reader.go(f"{SPRING_2025}&site=mong-la")
    names = reader.page.locator("#panel .in-scripts bdi")
    assert {name.get_attribute("lang") for name in names.all()} == {"my", "zh"}


def test_an_actor_opens_with_what_belongs_to_it_and_its_roles_over_time(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    reader.page.locator("#panel .controls .name-link").get_by_text(
        "Karen National Army"
    ).first.click()
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "actor", "id": "karen-bgf-kna"})
    panel = reader.page.locator("#panel")
    assert "Karen National Army" in panel.locator("h2").inner_text()
    assert "OFAC designation" in panel.locator(".about").inner_text()
    assert "Treasury" in panel.locator(".about .source-title").inner_text()
    assert "Saw Chit Thu" in panel.locator(".family").inner_text()
    kk_park = panel.locator(".lane-item[data-site='kk-park'][data-role='controls-territory']")
    assert "start and end not known" in kk_park.inner_text()
    assert kk_park.locator(".bar.is-possible.fades-in.fades-out").count() == 1
    possible = kk_park.locator(".bar.is-possible").bounding_box()
    certain = kk_park.locator(".bar.is-certain").bounding_box()
    assert certain["width"] < possible["width"]
    panel.locator(".family").get_by_role("button", name="Saw Chit Thu").click()
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "actor", "id": "saw-chit-thu"})
    assert "sanctions" in panel.locator(".about").inner_text()
    assert "Said to belong to" in panel.locator(".family").inner_text()


def test_the_panel_goes_back_and_forward_through_what_was_opened(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    trail = reader.page.locator("#panel .trail")
    assert trail.get_by_role("button", name="Back").is_disabled()
    reader.page.locator("#panel .controls .name-link").first.click()
    reader.wait_for(lambda shown: shown["choice"]["kind"] == "actor")
    actor = reader.text("#panel h2")
    trail.get_by_role("button", name="Back").click()
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "kk-park"})
    assert reader.text("#panel h2") == "KK Park"
    assert reader.page.evaluate("document.activeElement.tagName") == "H2"
    trail.get_by_role("button", name="Forward").click()
    reader.wait_for(lambda shown: shown["choice"]["kind"] == "actor")
    assert reader.text("#panel h2") == actor
    trail.get_by_role("button", name="All sites in view").click()
    reader.wait_for(lambda shown: shown["choice"] is None)
    assert "Sites in view" in reader.text("#panel h2")


def test_a_move_shows_other_claims_of_the_same_places(reader):
    reader.go(f"{SPRING_2025}&flow={FLOW}")
    rivals = reader.page.locator("#panel .rivals")
    assert "From Kokang Self-Administered Zone to elsewhere" in rivals.inner_text()
    row = rivals.locator("[data-flow='kokang-saz-to-lao-pdr-2024']")
    assert re.search(r"by 22 April 2024 · .* · B3", row.inner_text())
    row.click()
    reader.wait_for(lambda shown: shown["choice"]["id"] == "kokang-saz-to-lao-pdr-2024")


def test_a_report_moves_the_window_only_when_asked(reader):
    reader.go(f"{SPRING_2025}&site=kk-park&reports=all")
    card = reader.page.locator("#panel .card").last
    before = reader.snapshot()["window"]
    card.locator(".source-title").hover()
    assert reader.snapshot()["window"] == before
    card.get_by_role("button", name="Move the window here").click()
    reader.wait_for(lambda shown: shown["window"]["to"] < before["to"])
    reader.page.go_back()
    reader.wait_for(lambda shown: shown["window"] == before)


def test_the_method_is_read_inside_the_map(reader):
    reader.go(SPRING_2025)
    reader.page.locator("#panel").get_by_role("button", name="the method").click()
    reader.wait_for(lambda shown: "page=method" in shown["hash"])
    reader.page.get_by_role("heading", name="Claims, not facts").wait_for()
    method = reader.page.locator("#panel .method")
    assert "Absence is neither closure nor activity" in method.inner_text()
    assert method.locator("table").count() >= 2
    reader.page.go_back()
    reader.wait_for(lambda shown: shown["choice"] is None)


def test_the_pages_own_link_to_the_method_opens_it_beside_the_map(reader):
    reader.go(SPRING_2025)
    reader.page.get_by_role("link", name="Method", exact=True).click()
    reader.wait_for(lambda shown: shown["choice"] == {"kind": "page", "id": "method"})
    reader.page.get_by_role("heading", name="Displacement").wait_for()


def test_the_keyboard_stays_where_it_is_when_the_panel_is_written_anew(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    reader.page.locator("#panel .card .grade").nth(1).focus()
    reader.page.evaluate("location.hash = location.hash.replace('2025-03-10', '2025-03-09')")
    reader.wait_for(lambda shown: shown["window"]["to"] == "2025-03-09")
    assert reader.page.evaluate("document.activeElement.className").startswith("grade")


def test_what_the_browser_does_not_let_us_copy_is_there_to_copy_by_hand(reader):
    reader.go(f"{SPRING_2025}&flow={FLOW}")
    reader.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    reader.page.get_by_role("button", name="Copy link").click()
    field = reader.page.locator("#panel .by-hand")
    field.wait_for()
    reader.page.evaluate("() => { delete navigator.clipboard.writeText; }")
    assert field.input_value().endswith(f"flow={FLOW}")
    assert field.evaluate("field => field.selectionEnd === field.value.length")
    assert "copy the selected text" in reader.page.locator("#panel [role=status]").inner_text()


def test_a_claim_is_copied_as_text_and_as_bibtex(reader):
    reader.go(f"{SPRING_2025}&flow={FLOW}")
    unfold(reader.page.locator("#panel .card"), "Cite")
    cited = reader.page.locator("#panel .citation").first
    cited.get_by_role("button", name="Copy text").click()
    text = copied(reader)
    for part in (
        "Kokang Self-Administered Zone",
        "AL OTH 18/2025",
        "Reliability B",
        "Credibility 2",
        "data of 22 November 2026",
        f"flow={FLOW}",
    ):
        assert part in text
    reader.page.locator(".copy:not([data-done])").first.wait_for()
    reader.page.locator("#panel .citation").last.get_by_role("button", name="BibTeX").click()
    reader.page.locator("#panel .citation").last.locator(".copy[data-done='yes']").wait_for()
    library = bibtexparser.parse_string(copied(reader))
    assert not library.failed_blocks
    (entry,) = library.entries
    assert entry.fields_dict["title"].value.startswith("{Communication AL OTH 18/2025")
    assert entry.fields_dict["date"].value == "2025-03-10"


def test_a_state_is_copied_with_its_sources_and_as_a_link(reader):
    reader.go(f"{SPRING_2025}&site=payathonzu")
    tools = reader.page.locator("#panel .panel-body > .tools")
    tools.get_by_role("button", name="Copy link").click()
    link = copied(reader)
    assert link == reader.url + "/" + reader.snapshot()["hash"]
    reader.page.locator(".copy:not([data-done])").first.wait_for()
    unfold(tools, "Cite")
    tools.get_by_role("button", name="Copy BibTeX").click()
    reader.page.locator(".citation .copy[data-done='yes']").wait_for()
    library = bibtexparser.parse_string(reader.page.evaluate("navigator.clipboard.readText()"))
    assert not library.failed_blocks
    state, *sources = library.entries
    assert state.key.startswith("scam-atlas-payathonzu")
    assert "Reported active by" in state.fields_dict["annotation"].value
    assert len(sources) == len({source.key for source in sources}) > 3


def test_a_sites_reports_are_downloaded_through_the_public_api(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    seen = int(re.search(r"\d+", reader.text(".reports-count"))[0])
    tools = reader.page.locator("#panel .panel-body > .tools")
    unfold(tools, "Download")
    link = tools.get_by_role("link", name="Its reports in the window as CSV")
    assert link.get_attribute("href").startswith("/layers/reports.csv?site_id=kk-park&datetime=")
    rows = list(csv.DictReader(io.StringIO(downloaded(reader, link))))
    assert len(rows) == seen
    for row in rows:
        assert row["site_id"] == "kk-park"
        for name in ("source_title", "source_publisher", "reliability", "credibility", "locator"):
            assert row[name], name


def test_what_is_in_view_is_downloaded_with_the_filters(reader):
    reader.go("#map=8/16.7/98.6&from=2024-03-11&to=2025-03-10&f.event=raid")
    tools = reader.page.locator("#panel .panel-body > .tools")
    unfold(tools, "Download")
    link = tools.get_by_label("Reports in view, in the window as GeoJSON")
    features = json.loads(downloaded(reader, link))["features"]
    assert features
    for feature in features:
        assert feature["properties"]["event_kind"] == "raid"
        assert feature["properties"]["source_title"]
        lon, lat = feature["geometry"]["coordinates"]
        assert 94 < lon < 103
        assert 14 < lat < 19


def test_what_the_api_cannot_say_is_made_from_the_loaded_claims(reader):
    shown = reader.go(
        "#map=4/12/105&from=2016-11-23&to=2026-11-22&f.role=controls-territory,protects,operates,polices,owns-land,invests,contests"
    ).snapshot()
    tools = reader.page.locator("#panel .panel-body > .tools")
    unfold(tools, "Download")
    as_csv = tools.get_by_role("button", name="Reports in view, in the window as CSV")
    rows = list(csv.DictReader(io.StringIO(downloaded(reader, as_csv), newline="")))
    assert len(rows) == shown["counts"]["reports"]
    assert all(row["source_title"] and row["reliability"] and row["locator"] for row in rows)
    as_geojson = tools.get_by_role("button", name="Reports in view, in the window as GeoJSON")
    reports = json.loads(downloaded(reader, as_geojson))["features"]
    assert {report["id"] for report in reports} == {row["report_id"] for row in rows}
    assert {report["geometry"]["type"] for report in reports} == {"Point"}


def test_a_sheet_of_the_site_and_its_timeline_can_be_printed_from_here(reader):
    reader.go(f"{SPRING_2025}&site=kk-park")
    panel = reader.page.locator("#panel")
    unfold(panel, "Download")
    for name, starts in (
        ("Sheet to print, 30 km around (ZIP: report pack) as PDF", b"%PDF"),
        ("Timeline sheet to print (ZIP: report pack) as SVG", b"<?xml"),
    ):
        address = panel.get_by_role("link", name=name).get_attribute("href")
        answer = httpx.get(f"{reader.url}{address}", timeout=120)
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(starts)


def test_the_sheet_of_the_view_has_its_window_its_filters_and_its_colours(reader):
    reader.go(f"{SPRING_2025}&colour=actor&f.country=TH")
    panel = reader.page.locator("#panel")
    unfold(panel, "Download")
    name = "Sheet to print of this view (ZIP: report pack) as PDF"
    address = panel.get_by_role("link", name=name).get_attribute("href")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["datetime"] == "2024-03-11/2025-03-10"
    assert asked["style"] == "actor"
    assert asked["filter"] == "country IN ('TH')"
    answer = httpx.get(f"{reader.url}{address}", timeout=120)
    assert answer.status_code == 200, answer.text
