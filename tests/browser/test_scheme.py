"""Light and dark, languages, and paper."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=7/16.7/98.5&from=2024-03-11&to=2025-03-10"


def ground(atlas):
    """The brightness of the page's own ground, 0 to 255."""
    red, green, blue = map(
        int,
        re.findall(r"\d+", atlas.page.evaluate("getComputedStyle(document.body).backgroundColor"))[
            :3
        ],
    )
    return (red + green + blue) / 3


def drawn_ground(atlas):
    """The mean brightness of the middle of what the base map has drawn."""
    atlas.forgiven = ["willReadFrequently"]
    return atlas.page.evaluate(
        """() => {
            const canvas = document.querySelector(".leaflet-atlas-basemap-pane canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d")
                .getImageData(width / 2 - 50, height / 2 - 50, 100, 100);
            return data.reduce((sum, value, n) => sum + (n % 4 < 3 ? value : 0), 0) / 30_000;
        }"""
    )


def choose(atlas, label):
    atlas.page.locator("#menu summary").click()
    atlas.page.get_by_label(label, exact=True).check()
    atlas.page.keyboard.press("Escape")


def test_the_page_follows_the_system(atlas):
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open(SPRING_2025)
    assert ground(atlas) < 60
    atlas.page.emulate_media(color_scheme="light")
    assert ground(atlas) > 200


def test_the_reader_chooses_and_the_browser_remembers(atlas):
    atlas.page.emulate_media(color_scheme="light")
    atlas.open(SPRING_2025)
    choose(atlas, "Dark")
    assert ground(atlas) < 60
    atlas.reload()
    assert ground(atlas) < 60
    choose(atlas, "As the system has it")
    assert ground(atlas) > 200
    assert atlas.page.evaluate("localStorage.length") == 0


def test_the_map_itself_is_drawn_anew(atlas):
    atlas.page.emulate_media(color_scheme="light")
    atlas.open(SPRING_2025)
    assert drawn_ground(atlas) > 180
    choose(atlas, "Dark")
    atlas.wait_for(lambda _: True)
    assert drawn_ground(atlas) < 90


def test_the_menu_closes_with_escape_and_gives_the_keyboard_back(atlas):
    atlas.open(SPRING_2025)
    summary = atlas.page.locator("#menu summary")
    summary.focus()
    atlas.page.keyboard.press("Enter")
    assert atlas.page.get_by_label("Dark", exact=True).is_visible()
    atlas.page.keyboard.press("Tab")
    atlas.page.keyboard.press("Escape")
    assert atlas.page.get_by_label("Dark", exact=True).is_hidden()
    assert summary.evaluate("summary => summary === document.activeElement")


def test_motion_stops_for_those_who_ask(atlas):
    atlas.page.emulate_media(reduced_motion="reduce")
    atlas.open(SPRING_2025)
    moving = atlas.page.evaluate(
        """[...document.querySelectorAll("body *")].filter((element) => {
            const { transitionDuration, animationName } = getComputedStyle(element);
            return parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).length"""
    )
    assert moving == 0


def test_paper_has_map_legend_date_sources_and_address(atlas):
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open(SPRING_2025)
    before = atlas.snapshot()
    atlas.page.emulate_media(media="print", color_scheme="dark")
    atlas.wait_for(lambda shown: shown["sites"])
    assert drawn_ground(atlas) > 180
    assert "As of 10 March 2025." in atlas.text("#printed-head")
    assert "11 March 2024 to 10 March 2025" in atlas.text("#printed-head")
    assert atlas.page.locator("#legend").get_by_text("Reported active", exact=True).is_visible()
    assert "OpenStreetMap" in atlas.text(".attribution")
    sources = atlas.page.locator("#printed-foot li")
    assert sources.count() > 20
    assert re.search(r"\(.*\d{4}.*\)\. http", sources.first.inner_text())
    assert before["hash"].split("&")[1] in atlas.text(".printed-address")
    for gone in ("#timebar", ".top-tools", ".leaflet-control-zoom", "#panel"):
        assert atlas.page.locator(gone).is_hidden(), gone
    atlas.page.emulate_media(media="screen", color_scheme="dark")
    atlas.wait_for(lambda shown: shown["view"] == before["view"])
    assert atlas.page.locator("#printed-foot").is_hidden()
    assert ground(atlas) < 60


def test_paper_has_the_open_site_and_the_whole_table(atlas):
    atlas.open(f"{SPRING_2025}&site=kk-park&table=reports")
    total = atlas.snapshot()["table"]["rows"]
    atlas.page.emulate_media(media="print")
    atlas.wait_for(lambda shown: shown["sites"])
    assert atlas.page.locator("#panel h2").inner_text() == "KK Park"
    assert atlas.page.locator("#table tbody tr").count() == total > 50


def test_the_map_fits_its_sheet_and_is_not_cut_off(atlas):
    atlas.open(SPRING_2025)
    pdf = atlas.page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    pages = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert pages
    assert all(float(width) > float(height) for width, height in pages)
