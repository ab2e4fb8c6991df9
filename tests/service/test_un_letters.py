"""What the two UN communications of 10 March 2025 say, as the API answers it.

One test for each row of the table in data/raw/README.md ("What the two UN letters say").
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.asking import features

MYANMAR_LETTER = "un-2025-03-10-al-oth-18-2025"
MALAYSIA_LETTER = "un-2025-03-10-al-mys-1-2025"


@pytest.fixture(scope="module")
def reports(client):
    return features(client, "reports")


@pytest.fixture(scope="module")
def control(client):
    return features(client, "control")


@pytest.fixture(scope="module")
def flows(client):
    return features(client, "displacement")


def rests_on(claim: dict[str, Any], letter: str) -> None:
    """The claim names the letter as its source, where in it, and how good both are."""
    assert claim["source_id"] == letter
    assert claim["source_kind"] == "un-communication"
    assert claim["source_published"] == "2025-03-10"
    assert "UN Special Procedures" in claim["source_publisher"]
    assert claim["locator"].strip()
    assert claim["reliability"] in list("ABCDEF")
    assert claim["credibility"] in range(1, 7)


def on_site(reports: dict[str, Any], site: str, letter: str) -> list[dict[str, Any]]:
    return [r for r in reports.values() if r["site_id"] == site and r["source_id"] == letter]


@pytest.mark.parametrize(
    "site", ["shwe-kokko", "myawaddy", "payathonzu", "kk-park", "kayin-thai-border"]
)
def test_the_letter_names_hotspots_in_kayin_state(reports, site):
    said = on_site(reports, site, MYANMAR_LETTER)
    assert any(report["activity_after"] in ("active", "expanding") for report in said)
    for report in said:
        rests_on(report, MYANMAR_LETTER)


def test_compounds_grew_where_the_border_guard_force_controls(reports, control):
    growth = reports["kayin-state-202503-un-expansion"]
    rests_on(growth, MYANMAR_LETTER)
    assert growth["event_kind"] == "expansion"
    claim = control["kayin-thai-border-karen-bgf-kna-controls-territory"]
    rests_on(claim, MYANMAR_LETTER)
    assert (claim["actor_id"], claim["role"]) == ("karen-bgf-kna", "controls-territory")


@pytest.mark.parametrize("site", ["kokang-saz", "wanhai", "tangyan", "mong-la"])
def test_centres_are_or_were_in_shan_state(reports, site):
    said = on_site(reports, site, MYANMAR_LETTER)
    assert said
    for report in said:
        rests_on(report, MYANMAR_LETTER)


def test_the_letter_calls_mong_la_administered_by_the_wa(control):
    claim = control["mong-la-uwsa-controls-territory"]
    rests_on(claim, MYANMAR_LETTER)
    assert (claim["actor_id"], claim["role"]) == ("uwsa", "controls-territory")


def test_fighting_since_late_2023_drove_it_south_to_the_thai_border(flows):
    said = [flow for flow in flows.values() if flow["source_id"] == MYANMAR_LETTER]
    south = {f["from_site_id"] for f in said if f["to_site_id"] == "kayin-thai-border"}
    assert south >= {"kokang-saz", "wanhai", "tangyan", "mong-la"}
    for flow in said:
        rests_on(flow, MYANMAR_LETTER)
        if flow["to_site_id"] == "kayin-thai-border":
            assert flow["cause"] == "armed-conflict"


def test_scamming_moves_into_empty_high_rises_as_in_yangon(reports, flows):
    rests_on(reports["yangon-20250310-un-highrise"], MYANMAR_LETTER)
    flow = flows["unknown-to-yangon-un"]
    rests_on(flow, MYANMAR_LETTER)
    assert (flow["from_site_id"], flow["to_site_id"]) == (None, "yangon")


@pytest.mark.parametrize(
    "report", ["kayin-state-202402-un-conscription", "shan-state-202402-un-conscription"]
)
def test_conscription_since_february_2024_feeds_recruitment(reports, report):
    rests_on(reports[report], MYANMAR_LETTER)
    assert reports[report]["possible_from"].startswith("2024-02")


def test_thousands_were_released_and_hundreds_were_already_in_thailand(reports, flows):
    release = reports["kayin-thai-border-202503-un-release"]
    rests_on(release, MYANMAR_LETTER)
    assert release["event_kind"] == "release"
    flow = flows["myanmar-to-thailand-un-release"]
    rests_on(flow, MYANMAR_LETTER)
    assert flow["cause"] == "release"


def test_freed_people_are_often_not_identified_as_trafficked(reports):
    rests_on(reports["kayin-thai-border-202503-un-screening"], MYANMAR_LETTER)


@pytest.mark.parametrize("site", ["malaysia", "langkawi", "johor"])
def test_the_letter_to_malaysia_names_langkawi_johor_and_no_single_place(reports, site):
    said = on_site(reports, site, MALAYSIA_LETTER)
    assert said
    for report in said:
        rests_on(report, MALAYSIA_LETTER)
