"""The map as one file, opened from disk with the network off: the same map, and its time bar."""

from __future__ import annotations

import re

import pytest

from service.mapfile import config_of, write_map
from tests.browser.conftest import Atlas

# The file answers to the very tests of the map's time bar, with the `atlas` of this module.
from tests.browser.test_time import (  # noqa: F401
    test_a_window_is_drawn_by_dragging_beside_it_and_a_press_brings_its_end_there,
    test_arrow_keys_step_by_a_month_and_with_shift_by_a_year,
    test_dates_are_typed_as_iso_text_and_a_fault_is_explained,
    test_dragging_the_window_changes_what_is_drawn_and_the_counts_shown,
    test_one_date_in_place_of_a_window,
    test_play_advances_by_the_chosen_step_and_pauses,
    test_step_buttons_step_by_day_month_and_quarter,
    test_stretching_the_window_at_its_end_moves_the_date_shown,
    test_stretching_the_window_at_its_start_adds_reports_and_leaves_the_states,
    test_the_window_first_shown_is_the_year_up_to_the_newest_report,
)

pytestmark = pytest.mark.browser

KK_PARK = "#map=9/16.6/98.6&from=2025-01-01&to=2025-12-01&site=kk-park"


class MapFile(Atlas):
    """The file in a tab; every request but that for itself is a fault."""

    def open(self, view: str = "") -> Atlas:
        return super().open(f"map.html{view}")


@pytest.fixture(scope="module")
def folder(engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("file")
    write_map(engine, folder / "map.html", config_of(engine, language="en"))
    return folder


@pytest.fixture
def atlas(browser, folder):
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="en-GB", timezone_id="UTC", offline=True
    )
    atlas = MapFile(context.new_page(), folder.as_uri())
    yield atlas
    context.close()
    assert atlas.unforgiven == []


def test_it_shows_what_the_served_map_shows(atlas, browser, site_url):
    ours = atlas.open(KK_PARK).snapshot()
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    served = Atlas(context.new_page(), site_url).open(KK_PARK)
    theirs = served.snapshot()
    assert len(ours["sites"]) > 10
    for part in ("sites", "flows", "counts", "hash", "date", "statesOf"):
        assert ours[part] == theirs[part], part
    assert atlas.text("#panel") == served.text("#panel")
    context.close()


def test_nothing_in_it_leads_to_a_server_that_is_not_there(atlas):
    page = atlas.open().page
    assert page.locator('a[href^="/"], a[href^="?"], link[href^="/"]').count() == 0
    assert page.locator("#share").is_hidden()
    assert page.locator("#background").is_hidden()


def test_its_policy_lets_no_other_script_run(atlas, folder):
    text = (folder / "map.html").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    page = atlas.open().page
    atlas.forgiven = ["Content Security Policy"]
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "globalThis.foreign = true";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("globalThis.foreign") is None
    assert any("Content Security Policy" in fault for fault in atlas.faults)


def test_the_method_can_be_read_in_it(atlas):
    page = atlas.open("#map=7/16.6/98.6&page=method").page
    page.locator("#panel .method h2, #panel .method h3").first.wait_for()
    assert "Admiralty" in atlas.text("#panel .method")
