"""The time bar: what it moves, says and draws."""

from __future__ import annotations

import re

import pytest

from geo.dates import possible_days

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"
WINDOW = "#timebar .window"


def drag(atlas, selector, months):
    """Drag a part of the time bar by so many months, with the mouse."""
    page = atlas.page
    handle = page.locator(selector).bounding_box()
    chart = page.locator("#timebar .chart").bounding_box()
    last = page.locator("#atlas-config").evaluate("e => JSON.parse(e.textContent).last_day")
    year, month_of_year = map(int, last.split("-")[:2])
    month = chart["width"] / (12 * (year - 2017) + month_of_year)  # the axis begins in 2017
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + months * month * step / 8, y)
    page.mouse.up()


def numbers(atlas):
    return [int(number) for number in re.findall(r"\d+", atlas.text("#timebar .counts"))]


def test_the_window_first_shown_is_the_year_up_to_the_newest_report(atlas, dossier):
    shown = atlas.open().snapshot()
    newest = max(
        day.first for report in dossier.reports if (day := possible_days(report.occurred)).first
    )
    assert shown["window"]["to"] == newest.isoformat()
    assert atlas.text("#timebar .length") == "1 year"


def test_dragging_the_window_changes_what_is_drawn_and_the_counts_shown(atlas):
    before = atlas.open(SPRING_2025).snapshot()
    counted = numbers(atlas)
    drag(atlas, WINDOW, -18)
    after = atlas.wait_for(lambda shown: shown["window"]["to"] == "2023-09-10").snapshot()
    assert after["window"]["from"] == "2022-09-11"
    assert after["statesOf"] == "2023-09-10"
    assert after["sites"] != before["sites"]
    assert after["flows"] != before["flows"]
    assert numbers(atlas) != counted
    assert numbers(atlas) == [after["counts"][key] for key in ("running", "reports", "flows")]
    assert "10 September 2023" in atlas.text("#timebar .date")


def test_stretching_the_window_at_its_start_adds_reports_and_leaves_the_states(atlas):
    before = atlas.open(SPRING_2025).snapshot()
    drag(atlas, "#timebar .grip-from", -24)
    after = atlas.wait_for(lambda shown: shown["window"]["from"] < "2023").snapshot()
    assert after["window"]["to"] == "2025-03-10"
    assert after["counts"]["reports"] > before["counts"]["reports"]
    assert after["sites"] == before["sites"]


def test_stretching_the_window_at_its_end_moves_the_date_shown(atlas):
    atlas.open(SPRING_2025)
    drag(atlas, "#timebar .grip-to", 6)
    after = atlas.wait_for(lambda shown: shown["window"]["to"] > "2025-08").snapshot()
    assert after["window"]["from"] == "2024-03-11"
    assert after["statesOf"] == after["window"]["to"]


def test_arrow_keys_step_by_a_month_and_with_shift_by_a_year(atlas):
    before = atlas.open(SPRING_2025).snapshot()
    atlas.page.focus(WINDOW)
    atlas.page.keyboard.press("ArrowLeft")
    month = atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-02-10").snapshot()
    assert month["sites"] != before["sites"]
    assert month["counts"]["reports"] != before["counts"]["reports"]
    atlas.page.keyboard.press("Shift+ArrowLeft")
    atlas.wait_for(lambda shown: shown["window"]["to"] == "2024-02-10")
    said = atlas.page.locator(WINDOW).get_attribute("aria-valuetext")
    assert said == "11 February 2023 to 10 February 2024, 1 year"


def test_the_window_stops_at_the_ends_of_the_axis(atlas):
    atlas.open(SPRING_2025)
    atlas.page.focus(WINDOW)
    for key, end in (("End", "to"), ("Home", "from")):
        atlas.page.keyboard.press(key)
        name = {"to": "last_day", "from": "first_day"}[end]
        limit = atlas.page.locator("#atlas-config").evaluate(
            "(e, name) => JSON.parse(e.textContent)[name]", name
        )
        atlas.wait_for(lambda shown, end=end, limit=limit: shown["window"][end] == limit)


@pytest.mark.parametrize("end", ["from", "to"])
def test_each_end_of_the_window_moves_by_key(atlas, end):
    before = atlas.open(SPRING_2025).snapshot()["window"]
    atlas.page.focus(f"#timebar .grip-{end}")
    atlas.page.keyboard.press("ArrowRight")
    other = "to" if end == "from" else "from"
    after = atlas.wait_for(lambda shown: shown["window"][end] > before[end]).snapshot()["window"]
    assert after[other] == before[other]


def test_a_typed_date_is_shown(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_label("Last day of the window").fill("2024-11-05")
    atlas.wait_for(lambda shown: shown["statesOf"] == "2024-11-05")
    assert atlas.text("#timebar .date") == "5 November 2024"


def test_a_press_beside_the_window_brings_its_end_there(atlas):
    atlas.open(SPRING_2025)
    chart = atlas.page.locator("#timebar .chart").bounding_box()
    atlas.page.mouse.click(chart["x"] + chart["width"] * 0.3, chart["y"] + 20)
    atlas.wait_for(lambda shown: shown["window"]["to"][:4] == "2019")


def test_play_advances_and_pauses(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="Play").click()
    atlas.wait_for(lambda shown: shown["window"]["to"] >= "2025-05-10")
    atlas.page.get_by_role("button", name="Pause").click()
    atlas.wait_for(lambda shown: not shown["playing"])
    stopped = atlas.snapshot()
    atlas.page.wait_for_timeout(1500)
    assert atlas.snapshot()["window"] == stopped["window"]
    assert stopped["window"]["from"] > "2024-03-11"


def test_play_at_the_end_begins_anew_at_the_start_of_the_axis(atlas):
    atlas.open("#map=6/17/99&from=2025-11-23&to=2026-11-22")  # 22 November 2026 ends the axis
    atlas.page.get_by_role("button", name="Play").click()
    atlas.wait_for(lambda shown: shown["window"]["from"] < "2017-03")
    atlas.page.get_by_role("button", name="Pause").click()


def test_step_buttons_step_by_a_month(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="One month on").click()
    atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-04-10")
    atlas.page.get_by_role("button", name="One month back").click()
    atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-03-10")


def test_earlier_years_can_be_seen(atlas):
    atlas.open(SPRING_2025)
    narrow = atlas.page.locator(WINDOW).bounding_box()["width"]
    atlas.page.get_by_role("button", name="Earlier years").click()
    atlas.page.get_by_role("button", name="From 2017").wait_for()
    assert atlas.page.locator(WINDOW).bounding_box()["width"] < narrow


def test_a_change_is_told_to_a_screen_reader_in_one_sentence(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="One month back").click()
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-02-10").snapshot()
    atlas.page.wait_for_timeout(1000)
    said = atlas.text("#live")
    assert said.startswith("10 February 2025: ")
    assert f"{shown['counts']['running']} sites reported active or expanding" in said


def test_a_slow_answer_neither_empties_the_map_nor_comes_after_a_newer_one(atlas):
    slow = re.compile(r"hotspots\.geojson\?datetime=2025-02-10")
    atlas.open(SPRING_2025)
    before = atlas.snapshot()["sites"]

    def late(route):
        atlas.page.wait_for_timeout(700)
        route.continue_()

    atlas.page.route(slow, late)
    back = atlas.page.get_by_role("button", name="One month back")
    back.click()
    assert atlas.page.evaluate("scamAtlas.snapshot().sites") == before
    back.click()
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-01-10").snapshot()
    assert shown["statesOf"] == "2025-01-10"


def test_bars_add_up_to_the_number_of_reports(atlas):
    atlas.open()
    total, reports = atlas.page.evaluate(
        """async () => {
            const { monthlyShares } = await import("/static/js/histogram.js");
            const { Records } = await import("/static/js/records.js");
            const { parseDay } = await import("/static/js/days.js");
            const answer = await (await fetch("/layers/reports.geojson")).json();
            const records = new Records();
            records.setReports(answer.features);
            const axis = { first: parseDay("1990-01-01"), last: parseDay("2030-12-31") };
            const codes = ["expanding", "active", "reduced", "closed", "unknown"];
            const { bars } = monthlyShares(records.reports, axis, codes);
            return [bars.flat().reduce((sum, share) => sum + share), answer.features.length];
        }"""
    )
    assert total == pytest.approx(reports)
