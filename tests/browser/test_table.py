"""The table twin: all that is in view as rows, in step with the map."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

BORDER_2025 = "#map=9/16.7/98.5&from=2024-03-11&to=2025-03-10"


def names(atlas):
    return atlas.page.locator("#table tbody .table-open").all_inner_texts()


def rows_of(atlas):
    return atlas.snapshot()["table"]["rows"]


def column(atlas, name):
    return atlas.page.locator("#table thead").get_by_role("columnheader", name=name, exact=True)


def test_the_button_opens_it_and_brings_the_keyboard_there(atlas):
    atlas.open(BORDER_2025)
    switch = atlas.page.get_by_role("button", name="Table", exact=True)
    assert switch.get_attribute("aria-expanded") == "false"
    switch.click()
    atlas.wait_for(lambda shown: shown["table"])
    assert switch.get_attribute("aria-expanded") == "true"
    assert atlas.page.evaluate("document.activeElement.textContent") == "Table of what is in view"
    atlas.page.keyboard.press("Escape")
    atlas.wait_for(lambda shown: shown["table"] is None)
    assert atlas.page.evaluate("document.activeElement.id") == "table-switch"


def test_a_screen_reader_finds_a_table_with_caption_headings_and_named_rows(atlas):
    atlas.open(f"{BORDER_2025}&table=sites")
    table = atlas.page.get_by_role("table")
    caption = table.locator("caption").inner_text()
    count = int(re.match(r"\d+", caption)[0])
    assert "sites in view, as reported by 10 March 2025" in caption
    assert "Sorted by Place, ascending." in caption
    assert count == rows_of(atlas) == table.get_by_role("rowheader").count()
    assert column(atlas, "Place").get_attribute("aria-sort") == "ascending"
    assert table.locator("[aria-sort]").count() == 1


def test_it_holds_the_sites_that_the_map_shows_and_follows_it(atlas):
    atlas.open(f"{BORDER_2025}&table=sites")
    near = set(names(atlas))
    assert "KK Park" in near
    assert "Yangon" not in near
    atlas.page.locator("#map_atlas").focus()
    atlas.page.keyboard.press("Shift+Minus")  # three steps at once
    atlas.wait_for(lambda shown: shown["view"]["zoom"] < 7 and shown["table"]["rows"] > len(near))
    wide = rows_of(atlas)
    atlas.page.locator("#legend").get_by_label("Places for orientation").uncheck()
    atlas.wait_for(lambda shown: shown["table"]["rows"] < wide)


def test_it_follows_the_window_of_time(atlas):
    atlas.open(f"{BORDER_2025}&table=reports")
    before = rows_of(atlas)
    atlas.open("#map=8/16.7/98.5&from=2025-03-01&to=2025-03-10&table=reports")
    assert 0 < rows_of(atlas) < before
    assert "1 March 2025 to 10 March 2025" in atlas.text("#table caption")


def test_a_column_sorts_up_and_down_by_its_button_and_says_so(atlas):
    atlas.open(f"{BORDER_2025}&table=sites")
    button = atlas.page.locator("#table thead").get_by_role("button", name="Reports", exact=True)
    button.focus()
    atlas.page.keyboard.press("Enter")
    heading = column(atlas, "Reports")
    assert heading.get_attribute("aria-sort") == "ascending"
    atlas.page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    counts = atlas.page.locator("#table td[data-column='reports']").all_inner_texts()
    assert list(map(int, counts)) == sorted(map(int, counts), reverse=True)
    assert int(counts[0]) > 1
    assert "Sorted by Reports, descending." in atlas.text("#live")
    assert button.evaluate("button => button === document.activeElement")


def test_dates_sort_by_their_days_not_by_their_words(atlas):
    atlas.open(f"{BORDER_2025}&table=sites/observed")
    days = atlas.page.evaluate(
        """async () => [...document.querySelectorAll("#table td[data-column='observed']")]
            .map((cell) => Date.parse(`${cell.textContent} UTC`)).filter(Number.isFinite)"""
    )
    assert len(days) > 5
    assert days == sorted(days)


def test_words_narrow_it_whatever_their_accents(atlas):
    atlas.open(f"{BORDER_2025}&table=sites")
    everything = rows_of(atlas)
    atlas.page.get_by_label("Find in the table").fill("kk párk")
    atlas.wait_for(lambda shown: shown["table"]["rows"] < everything)
    assert "KK Park" in names(atlas)
    assert "Only those with “kk párk”." in atlas.text("#live")
    atlas.page.get_by_label("Find in the table").fill("no such words")
    atlas.wait_for(lambda shown: shown["table"]["rows"] == 0)
    assert "Nothing of this kind is in view" in atlas.text(".table-foot")


def test_a_row_opens_the_panel_and_stays_marked(atlas):
    atlas.open(f"{BORDER_2025}&table=sites")
    row = atlas.page.locator("#table").get_by_role("button", name="KK Park", exact=True)
    row.focus()
    atlas.page.keyboard.press("Enter")
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "kk-park"})
    assert atlas.text("#panel h2") == "KK Park"
    assert row.get_attribute("aria-current") == "true"
    assert row.evaluate("row => row === document.activeElement")


def test_a_move_opens_from_its_row(atlas):
    atlas.open("#map=6/20/99&from=2023-10-27&to=2024-06-30&table=moves//kokang")
    flow = atlas.page.locator("#table tr[data-key='kokang-saz-to-kayin-thai-border-un']")
    assert "AL OTH 18/2025" in flow.locator("[data-column='source']").inner_text()
    flow.locator(".table-open").click()
    atlas.wait_for(lambda shown: (shown["choice"] or {}).get("kind") == "flow")


@pytest.mark.parametrize("kind", ["reports", "moves", "control"])
def test_every_claim_carries_its_source_locator_and_grades(atlas, kind):
    atlas.open(f"#map=6/17/99&from=2024-03-11&to=2025-03-10&table={kind}")
    rows = atlas.page.locator("#table tbody tr")
    assert rows.count() > 5
    for row in rows.all()[:8]:
        assert len(row.locator("[data-column='source']").inner_text()) > 10
        assert row.locator("[data-column='locator']").inner_text()
        assert re.match(r"[A-F] \w", row.locator("[data-column='reliability']").inner_text())
        assert re.match(r"[1-6] \w", row.locator("[data-column='credibility']").inner_text())


def test_a_long_table_has_pages(atlas):
    atlas.open("#map=5/14/104&from=2022-01-01&to=2026-05-05&table=reports")
    total = rows_of(atlas)
    assert total > 100
    assert atlas.page.locator("#table tbody tr").count() == 50
    first = names(atlas)
    following = atlas.page.get_by_role("button", name="Next page")
    following.focus()
    atlas.page.keyboard.press("Enter")
    assert atlas.text(".table-foot p") == f"Rows 51 to 100 of {total:,}"
    assert atlas.text("#live") == f"Rows 51 to 100 of {total:,}"
    assert names(atlas) != first
    assert following.evaluate("button => button === document.activeElement")


def test_the_address_holds_it(atlas):
    atlas.open(f"{BORDER_2025}&table=reports/-credibility/raid%2Farrests")
    asked = atlas.snapshot()["table"]
    assert (asked["of"], asked["sort"], asked["find"]) == (
        "reports",
        "-credibility",
        "raid/arrests",
    )
    assert "table=reports/-credibility/raid%2Farrests" in atlas.snapshot()["hash"]
    assert atlas.page.get_by_label("Find in the table").input_value() == "raid/arrests"


@pytest.mark.parametrize("nonsense", ["table=x", "table=", "table=sites/nothing/", "table=sites/-"])
def test_nonsense_in_the_address_still_shows_the_map(atlas, nonsense):
    assert atlas.open(f"{BORDER_2025}&{nonsense}").snapshot()["sites"]


def test_twenty_thousand_sites_are_sorted_and_shown_at_once(atlas):
    took = atlas.open(f"{BORDER_2025}&table=sites").page.evaluate(
        """async () => {
            const { KINDS, select } = await import("/static/js/tablerows.js");
            const { Words } = await import("/static/js/words.js");
            const words = { siteKind: (k) => k, activity: (a) => a };
            const sites = new Map(Array.from({ length: 20000 }, (_, n) => [`s${n}`, {
                site_id: `s${n}`, name: `Site ${(n * 7919) % 20000}`, kind: "compound",
                country: "MM", admin1: "Kayin", activity: "active", control: [] }]));
            const context = { sites, words, reportsOf: new Map() };
            const shown = new Set(sites.keys());
            const start = performance.now();
            const rows = select(KINDS.sites, context, shown, { sort: "-place", find: "" });
            return { ms: performance.now() - start, first: rows[0].name, rows: rows.length };
        }"""
    )
    assert (took["rows"], took["first"]) == (20000, "Site 19999")
    assert took["ms"] < 1000


def test_on_a_telephone_a_row_gives_way_to_the_panel(phone):
    phone.open(f"{BORDER_2025}&table=sites")
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    phone.page.locator("#table").get_by_role("button", name="KK Park", exact=True).tap()
    phone.wait_for(lambda shown: shown["choice"] and shown["table"] is None)
    assert phone.page.locator("#panel h2").is_visible()
    phone.page.go_back()
    phone.wait_for(lambda shown: shown["choice"] is None)
