"""Filters: what they leave, what is counted beside each choice, and the way back to everything."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.browser

YEAR_2025 = "#map=5/14/103&from=2025-01-01&to=2025-12-31"
IN_2025 = {"datetime": "2025-01-01/2025-12-31"}
AT_2025 = {"datetime": "2025-12-31"}


def features(atlas, layer, filter_="", **params):
    """What the API says, asked as an outsider would."""
    asked = params | ({"filter": filter_} if filter_ else {})
    answer = httpx.get(f"{atlas.url}/layers/{layer}.geojson", params=asked)
    assert answer.status_code == 200, answer.text
    return [item["properties"] for item in answer.json()["features"]]


def open_filters(atlas):
    atlas.page.get_by_role("button", name="Filters").click()
    atlas.page.get_by_role("heading", name="Filters", exact=True).wait_for()
    return rested(atlas)


def rested(atlas):
    return atlas.wait_for(lambda shown: not shown["counting"]).snapshot()


def row(atlas, list_, label):
    facet = atlas.page.locator(f"#sheet-filters [data-list={list_}]")
    if facet.evaluate("element => element.matches('details:not([open])')"):
        facet.locator("summary").click()
    found = facet.locator(".choice", has_text=label).first
    if found.is_hidden():
        facet.locator(".facet-more").click()
    return found


def counts_beside(choice):
    sites, reports = (
        int(cell.inner_text().split()[0].replace(",", "")) for cell in choice.locator(".n").all()
    )
    return sites, reports


def choose(atlas, list_, label):
    row(atlas, list_, label).click()
    return rested(atlas)


def test_filters_combine_and_leave_what_the_api_says(atlas):
    atlas.open(YEAR_2025)
    open_filters(atlas)
    choose(atlas, "country", "Cambodia")
    choose(atlas, "country", "Myanmar")
    choose(atlas, "event", "raid or arrests")
    shown = choose(atlas, "credibility", "2 or better")
    asked = "country IN ('KH','MM') AND event_kind = 'raid' AND credibility <= 2"
    told = features(atlas, "reports", asked, **IN_2025)
    assert shown["counts"]["reports"] == len(told) > 10
    assert set(shown["filters"]) == {"country", "event", "credibility"}
    left = {
        item["site_id"]
        for item in features(atlas, "reports", asked, datetime="../2025-12-31")
        if item["place_role"] == "hotspot"
    }
    assert shown["counts"]["known"] == len(left)
    assert set(shown["sites"]) <= left | {item["site_id"] for item in told}


CHOICES = [
    ("country", "Malaysia"),
    ("region", "Kayin State"),
    ("kind", "zone"),
    ("activity", "reported reduced"),
    ("event", "people released or rescued"),
    ("role", "protects or guards"),
    ("actor", "Myanmar military"),
    ("source", "government"),
    ("credibility", "1: confirmed"),
    ("reliability", "A: completely"),
    ("publishers", "Only what two publishers report"),
]


@pytest.mark.parametrize(
    ("on", "choices"),
    [("", CHOICES), ("&f.publishers=1&f.window=1", CHOICES[:-1:3]), ("&f.event=raid", CHOICES[:3])],
)
def test_the_counts_beside_a_choice_are_what_choosing_it_leaves(atlas, on, choices):
    atlas.open(YEAR_2025 + on)
    open_filters(atlas)
    some = 0
    for list_, label in choices:
        choice = row(atlas, list_, label)
        promised = counts_beside(choice)
        choice.click()
        counts = rested(atlas)["counts"]
        assert promised == (counts["known"], counts["reports"]), label
        some += sum(promised) > 0
        undo = row(atlas, list_, "Any") if list_ in {"credibility", "reliability"} else choice
        undo.click()
        rested(atlas)
    assert some > len(choices) / 2


def test_an_actor_and_its_role_leave_sites_where_a_claim_of_the_day_says_so(atlas):
    shown = atlas.open(f"{YEAR_2025}&f.actor=dkba&f.role=protects").snapshot()
    asked = "actor_id = 'dkba' AND role = 'protects' AND place_role = 'hotspot'"
    held = features(atlas, "control", asked, **AT_2025)
    assert shown["counts"]["known"] == len({claim["site_id"] for claim in held}) > 0
    flows = {flow["flow_id"]: flow for flow in features(atlas, "displacement")}
    anytime = features(atlas, "control", "actor_id = 'dkba' AND role = 'protects'")
    places = {claim["site_id"] for claim in anytime}
    for flow in shown["flows"]:
        assert places & {flows[flow]["from_site_id"], flows[flow]["to_site_id"]}, flow


def test_those_who_belong_to_an_actor_can_be_meant_too(atlas):
    alone = atlas.open(f"{YEAR_2025}&f.actor=karen-bgf-kna").snapshot()["counts"]
    open_filters(atlas)
    group = row(atlas, "actor", "Border Guard Force")
    atlas.page.get_by_label("Also those who belong to a chosen actor").check()
    counts = rested(atlas)["counts"]
    parents = {actor["actor_id"]: actor["parent_actor_id"] for actor in features(atlas, "actors")}

    def belongs(actor):
        return actor == "karen-bgf-kna" or (actor is not None and belongs(parents[actor]))

    held = {
        claim["site_id"]
        for claim in features(atlas, "control", "place_role = 'hotspot'", **AT_2025)
        if belongs(claim["actor_id"])
    }
    reported = {site["site_id"] for site in features(atlas, "hotspots", **AT_2025)}
    assert counts["known"] == len(held & reported) > alone["known"]
    assert counts_beside(group) == (counts["known"], counts["reports"])


def test_words_are_looked_for_in_every_claim(atlas):
    atlas.open(YEAR_2025)
    open_filters(atlas)
    atlas.page.get_by_label("Words in the claim").fill("power  CUT")
    shown = atlas.wait_for(lambda shown: shown["q"] == "power CUT").snapshot()
    told = features(atlas, "reports", **IN_2025)
    names = ("summary", "site_name", "source_title", "source_publisher")
    texts = (" ".join(claim[name] for name in names).lower() for claim in told)
    holding = [text for text in texts if "power" in text and "cut" in text]
    assert shown["counts"]["reports"] == len(holding) > 0


def test_what_two_publishers_report_is_told_by_two_that_do_not_print_one_agency(atlas):
    shown = atlas.open(f"{YEAR_2025}&f.publishers=1").snapshot()
    told = features(atlas, "reports")
    by_then = {item["report_id"] for item in features(atlas, "reports", datetime="../2025-12-31")}

    def origin(claim):
        return claim["source_publisher"].split(" via ")[0].split(" with wires")[0].strip().lower()

    publishers: dict[str, set[str]] = {}
    for claim in told:
        if claim["place_role"] == "hotspot" and claim["report_id"] in by_then:
            publishers.setdefault(claim["site_id"], set()).add(origin(claim))
    two = {site for site, names in publishers.items() if len(names) > 1}
    assert shown["counts"]["known"] == len(two)
    ends = ("possible_from", "possible_to")
    days = [
        tuple(claim[end] or never for end, never in zip(ends, "09", strict=True)) for claim in told
    ]
    key = [(claim["site_id"], claim["event_kind"]) for claim in told]
    alike = {
        one["report_id"]
        for at, one in enumerate(told)
        for other, second in enumerate(told)
        if key[at] == key[other]
        and origin(one) != origin(second)
        and days[at][0] <= days[other][1]
        and days[other][0] <= days[at][1]
    }
    in_window = {claim["report_id"] for claim in features(atlas, "reports", **IN_2025)}
    assert shown["counts"]["reports"] == len(alike & in_window) > 0


def test_the_list_the_bars_and_the_table_show_what_is_left(atlas):
    atlas.open(f"{YEAR_2025}&f.country=LA&table=reports")
    shown = atlas.snapshot()
    assert 0 < shown["counts"]["reports"] < 60
    names = atlas.page.locator("#panel .row .row-name").all_inner_texts()
    assert names
    countries = {site["name"] for site in features(atlas, "hotspots", "country = 'LA'", **AT_2025)}
    assert set(names[: shown["counts"]["known"]]) <= countries
    assert f"{shown['counts']['reports']} reports" in atlas.text("#timebar")


def test_chips_say_what_is_on_and_take_it_off_and_one_click_brings_everything_back(atlas):
    everything = atlas.open(YEAR_2025).snapshot()["counts"]
    atlas.open(f"{YEAR_2025}&f.country=KH,MM&f.event=raid&f.reliability=B&q=police")
    chips = atlas.page.locator("#chips .chip")
    assert chips.all_inner_texts() == [
        "Words: police\n×",
        "Country: Cambodia\n×",
        "Country: Myanmar\n×",
        "Event: raid or arrests\n×",
        "Reliability of the source: B or better: usually reliable\n×",
    ]
    assert atlas.text("#filter-switch .badge") == "5"
    chips.filter(has_text="Cambodia").click()
    shown = atlas.wait_for(lambda shown: shown["filters"]["country"] == ["MM"]).snapshot()
    assert shown["counts"]["reports"] < everything["reports"]
    assert atlas.page.evaluate("document.activeElement.className") == "chip"
    atlas.page.locator("#chips").get_by_role("button", name="Show everything").click()
    shown = atlas.wait_for(lambda shown: not shown["filters"] and not shown["q"]).snapshot()
    assert shown["counts"] == everything
    assert atlas.page.locator("#chips").is_hidden()
    atlas.page.go_back()
    atlas.wait_for(lambda shown: shown["filters"].get("country") == ["MM"])


def test_the_address_brings_the_filters_back(atlas):
    atlas.open(YEAR_2025)
    open_filters(atlas)
    choose(atlas, "region", "Kayin State")
    choose(atlas, "event", "fighting")
    before = choose(atlas, "window", "Only sites with a report in the window")
    assert "&f.region=MM%2FKayin%20State&f.event=conflict&f.window=1" in before["hash"]
    after = atlas.open(before["hash"]).snapshot()
    assert after["filters"] == before["filters"]
    assert after["counts"] == before["counts"]


@pytest.mark.parametrize(
    "nonsense",
    ["f.country=%", "f.credibility=9&f.reliability=Z", "f.kind=%00,,castle&compare=never"],
)
def test_filters_that_make_no_sense_leave_a_map_that_works(atlas, nonsense):
    atlas.open(f"{YEAR_2025}&{nonsense}")
    open_filters(atlas)
    clear = atlas.page.locator("#sheet-filters .clear")
    if clear.is_enabled():
        clear.click()
    assert rested(atlas)["counts"]["reports"] > 200


def test_the_keyboard_alone_filters_and_comes_back_to_its_button(atlas):
    atlas.open(YEAR_2025)
    keys = atlas.page.keyboard
    atlas.page.locator("#filter-switch").focus()
    keys.press("Enter")
    rested(atlas)
    assert atlas.page.evaluate("document.activeElement.textContent") == "Filters"
    box = row(atlas, "country", "Laos").locator("input")
    for _ in range(20):
        keys.press("Tab")
        if box.evaluate("element => element === document.activeElement"):
            break
    keys.press("Space")
    atlas.wait_for(lambda shown: shown["filters"] == {"country": ["LA"]})
    assert box.evaluate("element => element === document.activeElement")
    keys.press("Escape")
    assert atlas.page.locator("#sheet-filters").is_hidden()
    assert atlas.page.evaluate("document.activeElement.id") == "filter-switch"


def test_on_a_small_phone_the_sheet_fits_and_hides_nothing_when_closed(phone):
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open(f"{YEAR_2025}&f.country=KH&f.event=raid,release&f.source=news")
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 360
    phone.page.locator("#filter-switch").tap()
    rested(phone)
    sheet = phone.page.locator("#sheet-filters").bounding_box()
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= 360
    for choice in phone.page.locator("#sheet-filters .choice:visible, #chips .chip").all():
        assert choice.bounding_box()["height"] >= 24
    phone.page.locator("#sheet-filters").get_by_role("button", name="Close").tap()
    assert phone.page.locator("#sheet-filters").is_hidden()
    assert phone.page.locator("#map_atlas").bounding_box()["height"] > 250


@pytest.mark.parametrize(
    ("layer", "counted", "on"),
    [
        ("reports", "reports", "f.country=KH&f.event=raid,release&f.credibility=2"),
        (
            "reports",
            "reports",
            "f.region=MM%2FKayin%20State&f.source=news&f.reliability=B&q=police",
        ),
        ("reports", "reports", "f.actor=dkba&f.publishers=1"),
        ("displacement", "flows", "f.country=TH&f.event=raid"),
        ("displacement", "flows", "f.region=MM%2FShan%20State&q=moved"),
        ("hotspots", "known", "f.country=MM&f.activity=active,expanding"),
        ("hotspots", "known", "f.event=demolition&f.kind=compound&f.window=1"),
    ],
)
def test_the_api_is_asked_for_exactly_what_the_map_shows(atlas, layer, counted, on):
    shown = atlas.open(f"{YEAR_2025}&{on}").snapshot()
    query = atlas.page.evaluate("layer => scamAtlas.query(layer)", layer)
    assert query["unsaid"] == []
    answer = httpx.get(f"{atlas.url}/layers/{layer}.geojson?{query['query']}")
    assert answer.status_code == 200, answer.text
    found = [item["properties"] for item in answer.json()["features"]]
    if layer == "hotspots":
        found = [site for site in found if site["place_role"] == "hotspot"]
    assert shown["counts"][counted] == len(found) > 0
