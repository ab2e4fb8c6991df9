"""The time bar's window: what moves it, what it says, what is drawn."""

from __future__ import annotations

import re

import pytest

from geo.dates import possible_days

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"
WINDOW = "#timebar .window"


def month_width(atlas):
    """Pixels of one month, on an axis that begins in 2017."""
    chart = atlas.page.locator("#timebar .chart").bounding_box()
    last = atlas.page.locator("#atlas-config").evaluate("e => JSON.parse(e.textContent).last_day")
    year, month_of_year = map(int, last.split("-")[:2])
    return chart["width"] / (12 * (year - 2017) + month_of_year)


def drag(atlas, selector, months):
    """Drag a part of the time bar by so many months, with the mouse."""
    handle = atlas.page.locator(selector).bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] * 0.8
    drag_to(atlas, x, x + months * month_width(atlas), y)


def drag_to(atlas, x, goal, y):
    mouse = atlas.page.mouse
    mouse.move(x, y)
    mouse.down()
    for step in range(1, 9):
        mouse.move(x + (goal - x) * step / 8, y)
    mouse.up()


def place_of(atlas, years_after_2017):
    """A place on the chart, beside the window, below the marks."""
    chart = atlas.page.locator("#timebar .chart").bounding_box()
    return chart["x"] + years_after_2017 * 12 * month_width(atlas), chart["y"] + 60


def numbers(atlas):
    return [int(number) for number in re.findall(r"\d+", atlas.text("#timebar .counts"))]


def window(shown):
    return (shown["window"]["from"], shown["window"]["to"])


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
    after = atlas.wait_for(lambda shown: window(shown) == ("2022-09-11", "2023-09-10")).snapshot()
    assert after["statesOf"] == "2023-09-10"
    assert after["sites"] != before["sites"]
    assert after["flows"] != before["flows"]
    assert numbers(atlas) != counted
    assert numbers(atlas) == [after["counts"][key] for key in ("running", "reports", "flows")]
    assert atlas.text("#timebar .date") == "10 September 2023"


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


def test_a_window_is_drawn_by_dragging_beside_it_and_a_press_brings_its_end_there(atlas):
    atlas.open(SPRING_2025)
    x, y = place_of(atlas, 2.04)
    goal, _ = place_of(atlas, 4.04)
    drag_to(atlas, x, goal, y)
    atlas.wait_for(lambda shown: window(shown) == ("2019-01-01", "2021-01-31"))
    atlas.page.mouse.click(*place_of(atlas, 7.04))
    atlas.wait_for(lambda shown: shown["window"]["to"] == "2024-01-31")
    assert atlas.snapshot()["window"]["from"] == "2022-01-01"


def test_the_bars_are_not_drawn_again_while_the_window_is_dragged(atlas):
    atlas.open(SPRING_2025)
    atlas.page.evaluate(
        """() => {
            const draw = CanvasRenderingContext2D.prototype.fillRect;
            globalThis.barsDrawn = 0;
            CanvasRenderingContext2D.prototype.fillRect = function (...given) {
                if (this.canvas.closest("#timebar")) globalThis.barsDrawn += 1;
                return draw.apply(this, given);
            };
        }"""
    )
    drag(atlas, WINDOW, -18)
    atlas.wait_for(lambda shown: shown["window"]["to"] == "2023-09-10")
    assert atlas.page.evaluate("barsDrawn") == 0
    atlas.page.get_by_role("button", name="Zoom in on time").click()
    atlas.wait_for(lambda shown: "axis=" in shown["hash"])
    assert atlas.page.evaluate("barsDrawn") > 0


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


def test_each_end_of_the_window_moves_by_key(atlas):
    before = atlas.open(SPRING_2025).snapshot()["window"]
    for end, other in (("from", "to"), ("to", "from")):
        atlas.page.focus(f"#timebar .grip-{end}")
        atlas.page.keyboard.press("ArrowRight")
        after = atlas.wait_for(
            lambda shown, end=end, before=before: shown["window"][end] > before[end]
        ).snapshot()["window"]
        assert after[other] == before[other]
        before = after


def test_dates_are_typed_as_iso_text_and_a_fault_is_explained(atlas):
    atlas.open(SPRING_2025)
    last = atlas.page.get_by_label("Last day of the window")
    last.fill("2024-11")
    last.press("Enter")
    atlas.wait_for(lambda shown: shown["statesOf"] == "2024-11-30")
    assert atlas.text("#timebar .date") == "30 November 2024"
    last.fill("30/11/2023")
    last.press("Enter")
    assert last.get_attribute("aria-invalid") == "true"
    fault = atlas.page.get_by_role("alert").filter(has_text="Write a date as 2025-03-10")
    assert fault.is_visible()
    assert atlas.snapshot()["window"]["to"] == "2024-11-30"
    first = atlas.page.get_by_label("First day of the window")
    first.fill("2025")
    first.press("Enter")
    atlas.wait_for(lambda shown: window(shown) == ("2025-01-01", "2025-01-01"))
    assert fault.is_hidden()
    assert last.input_value() == "2025-01-01"


def test_one_date_in_place_of_a_window(atlas):
    before = atlas.open(SPRING_2025).snapshot()
    modes = atlas.page.get_by_role("group", name="A window of time, or one date")
    modes.get_by_role("radio", name="One date").check()
    shown = atlas.wait_for(lambda shown: "time=day" in shown["hash"]).snapshot()
    assert window(shown) == ("2025-03-10", "2025-03-10")
    assert shown["sites"] == before["sites"], "the states are those of the day either way"
    assert shown["counts"]["reports"] < before["counts"]["reports"]
    assert atlas.page.locator(WINDOW).is_hidden()
    slider = atlas.page.get_by_role("slider", name="The date shown")
    slider.press("ArrowLeft")
    atlas.wait_for(lambda shown: window(shown) == ("2025-02-10", "2025-02-10"))
    assert slider.get_attribute("aria-valuetext") == "10 February 2025"
    atlas.page.mouse.click(*place_of(atlas, 5.04))
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] < "2022-02").snapshot()
    assert shown["window"]["from"] == shown["window"]["to"]
    atlas.reload().wait_for(lambda again: window(again) == window(shown))
    modes.get_by_role("radio", name="Window").check()
    atlas.wait_for(lambda shown: shown["window"]["from"] < "2021-02")


def test_play_advances_by_the_chosen_step_and_pauses(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_label("Speed of play").select_option("½×")
    atlas.page.get_by_label("Step", exact=True).select_option("by quarter")
    atlas.page.get_by_role("button", name="Play").click()
    atlas.page.locator("#timebar .date", has_text="10 June 2025").wait_for()
    atlas.page.get_by_role("button", name="Pause").click()
    stopped = atlas.wait_for(lambda shown: not shown["playing"]).snapshot()
    quarters = {"2025-06-10": "2024-06-11", "2025-09-10": "2024-09-11"}
    assert quarters[stopped["window"]["to"]] == stopped["window"]["from"]
    atlas.page.wait_for_timeout(2000)
    assert atlas.snapshot()["window"] == stopped["window"]


def test_play_at_the_end_begins_anew_at_the_start_of_the_axis(atlas):
    atlas.open("#map=6/17/99&from=2025-11-23&to=2026-11-22")  # 22 November 2026 ends the axis
    atlas.page.get_by_role("button", name="Play").click()
    atlas.wait_for(lambda shown: shown["window"]["from"] < "2017-03")
    atlas.page.get_by_role("button", name="Pause").click()


def test_step_buttons_step_by_day_month_and_quarter(atlas):
    atlas.open(SPRING_2025)
    step = atlas.page.get_by_label("Step", exact=True)
    for unit, on in (("month", "2025-04-10"), ("quarter", "2025-06-10"), ("day", "2025-03-11")):
        step.select_option(f"by {unit}")
        atlas.page.get_by_role("button", name=f"One {unit} on").click()
        atlas.wait_for(lambda shown, on=on: shown["window"]["to"] == on)
        atlas.page.get_by_role("button", name=f"One {unit} back").click()
        atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-03-10")


def test_fit_to_data_shows_all_that_the_filters_leave_and_back_undoes_it(atlas, dossier):
    atlas.open(SPRING_2025 + "&f.country=MY")
    left = atlas.page.evaluate("scamAtlas.snapshot().counts.reports")
    atlas.page.get_by_role("button", name="Fit to data").click()
    shown = atlas.wait_for(lambda shown: shown["window"]["from"] < "2020").snapshot()
    malaysian = {site.site_id for site in dossier.sites if site.country == "MY"}
    reports = [report for report in dossier.reports if report.site_id in malaysian]
    assert shown["counts"]["reports"] == len(reports) > left
    first = min(days.first for r in reports if (days := possible_days(r.occurred)).first)
    assert shown["window"]["from"] == first.isoformat()
    atlas.page.go_back()
    atlas.wait_for(lambda shown: window(shown) == ("2024-03-11", "2025-03-10"))


def test_a_change_is_told_to_a_screen_reader_in_one_sentence(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="One month back").click()
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] == "2025-02-10").snapshot()
    live = atlas.page.locator("#live").filter(has_text="10 February 2025: ")
    live.wait_for(state="attached")
    running = shown["counts"]["running"]
    assert f"{running} sites reported active or expanding" in live.inner_text()
