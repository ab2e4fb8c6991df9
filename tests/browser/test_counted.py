"""With too many reports for a browser, the service counts, and the page says the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Atlas
from tests.conftest import RunningService

WINDOW = "from=2024-02-01&to=2025-01-31"
SITE = "kk-park"


@pytest.fixture(scope="module")
def tabs(browser: Browser, database_url: str, site_url: str) -> Iterator[tuple[Atlas, Atlas]]:
    """The same data twice: held by the page, and counted by the service."""
    with RunningService(database_url, map_held_reports=0) as service:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
        held, counted = Atlas(context.new_page(), site_url), Atlas(context.new_page(), service.url)
        yield held, counted
        context.close()
    assert held.unforgiven == counted.unforgiven == []


def both(tabs: tuple[Atlas, Atlas], view: str) -> tuple[Atlas, Atlas]:
    held, counted = tabs
    return held.open(f"#{view}"), counted.open(f"#{view}")


def bars(atlas: Atlas) -> list[str]:
    """What the bars say that they count, from left to right."""
    box = atlas.page.locator(".chart").bounding_box()
    said = []
    for step in range(7):
        x = box["x"] + box["width"] * (step + 0.5) / 7
        atlas.page.mouse.move(x, box["y"] + box["height"] - 30)
        readout = atlas.page.locator(".readout")
        said.append(readout.inner_text() if readout.is_visible() else "")
    return said


@pytest.mark.parametrize(
    "view",
    [
        WINDOW,
        "from=2025-03-10&to=2025-03-10&bars=kind",
        f"{WINDOW}&f.country=MM&f.event=raid,operating",
        f"{WINDOW}&f.credibility=2&q=scam",
    ],
)
def test_sites_bars_and_numbers_are_those_of_the_whole_data(tabs, view):
    held, counted = both(tabs, view)
    assert held.snapshot()["counts"] == counted.snapshot()["counts"]
    assert held.text(".counts") == counted.text(".counts")
    rows = "#panel [data-site]"
    assert held.page.locator(rows).all_inner_texts() == counted.page.locator(rows).all_inner_texts()
    said = bars(held)
    assert any(said)
    assert said == bars(counted)


def test_no_document_of_all_reports_is_fetched(tabs):
    _, counted = tabs
    asked: list[str] = []
    counted.page.on("request", lambda request: asked.append(request.url))
    counted.open(f"#{WINDOW}")
    assert any("/map/counts.json" in url for url in asked)
    whole = ("/layers/reports", "/map/reports.json", "/map/timelines.json")
    assert not [url for url in asked if any(part in url for part in whole)]


def test_a_site_that_is_opened_tells_all_that_is_said_of_it(tabs):
    held, counted = both(tabs, f"{WINDOW}&site={SITE}")
    counted.page.locator("#panel .reports article").first.wait_for()
    for part in ("state", "controls", "reports"):
        assert held.text(f"#panel .{part}") == counted.text(f"#panel .{part}")


def test_what_cannot_be_listed_is_said(tabs):
    held, counted = both(tabs, f"{WINDOW}&table=reports")
    rows = held.snapshot()["table"]["rows"]
    assert counted.text("#table caption").startswith(f"{rows:,} reports on sites in view")
    assert "too many reports to list" in counted.text("#table")
    assert "the service counts them" in counted.text("#panel")


def test_a_condition_that_the_service_cannot_count_by_is_named(tabs):
    _, counted = tabs
    counted.open(f"#{WINDOW}&f.publishers=1")
    assert "leave out of account: Only what two publishers report" in counted.text("#panel")
