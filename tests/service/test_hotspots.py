"""The state of sites on a day, on the real dossier: what DESIGN section 1 promises."""

from __future__ import annotations

from datetime import date

import pytest

from geo.dates import parse_edtf, possible_days
from tests.service.asking import features


def on_day(client, day: str):
    return features(client, "hotspots", datetime=day)


@pytest.fixture(scope="module")
def march_2025(client):
    return on_day(client, "2025-03-10")


def actors(site, *roles: str) -> set[str]:
    return {claim["actor_id"] for claim in site["control"] if claim["role"] in roles}


def test_laukkai_is_reported_active_before_the_offensive_of_october_2023(client):
    assert on_day(client, "2023-09-01")["laukkai"]["activity"] in ("active", "expanding")


@pytest.mark.parametrize("site", ["kokang-saz", "wanhai", "tangyan", "mong-la"])
def test_the_shan_sites_are_reported_reduced_in_march_2025(march_2025, site):
    assert march_2025[site]["activity"] == "reduced"


@pytest.mark.parametrize("site", ["shwe-kokko", "kk-park", "myawaddy", "payathonzu"])
def test_the_kayin_sites_are_reported_active_in_march_2025(march_2025, site):
    assert march_2025[site]["activity"] in ("active", "expanding")


def test_payathonzu_is_contested_and_lists_both_sides(march_2025):
    site = march_2025["payathonzu"]
    assert site["contested"] is True
    said = {report["activity_after"] for report in site["evidence"]}
    assert said & {"active", "expanding"}
    assert said & {"reduced", "closed"}
    assert [report["decides"] for report in site["evidence"]].count(True) == 1
    assert site["evidence"][0]["activity_after"] == site["activity"]


@pytest.mark.parametrize("site", ["shwe-kokko", "kk-park", "kayin-thai-border"])
def test_the_border_guard_force_is_among_those_who_control(march_2025, site):
    assert "karen-bgf-kna" in actors(march_2025[site], "controls-territory", "protects")


def test_the_control_of_mong_la_is_disputed_between_the_wa_army_and_the_ndaa(march_2025):
    site = march_2025["mong-la"]
    assert site["disputed"] is True
    assert {"uwsa", "ndaa"} <= actors(site, "controls-territory")


def test_nothing_is_called_active_that_no_report_has_touched_for_540_days(client):
    states = on_day(client, "2026-11-01").values()
    assert any(site["activity"] in ("active", "expanding") for site in states)
    for site in states:
        if site["activity"] != "unknown":
            assert site["age_days"] <= 540
        elif site["last_observed"]:
            assert site["age_days"] > 540


def test_what_was_last_known_stays_beside_an_unknown_activity(client):
    decayed = [
        site
        for site in on_day(client, "2026-11-01").values()
        if site["activity"] == "unknown" and site["last_observed"]
    ]
    assert decayed
    assert all(site["last_known_activity"] != "unknown" for site in decayed)
    assert not any(site["contested"] for site in decayed)


def test_a_site_is_not_shown_before_its_first_report(client):
    early = on_day(client, "2018-01-01")
    late = on_day(client, "2026-11-01")
    assert set(early) < set(late)
    for site in early.values():
        assert site["first_reported"] is None or site["first_reported"] <= "2018-01-01"


def test_an_interval_asks_for_the_state_at_its_end(client, march_2025):
    assert on_day(client, "2020-01-01/2025-03-10") == march_2025


def test_without_a_date_the_state_is_that_of_the_day_of_the_data(client, dossier):
    states = features(client, "hotspots")
    assert {site["datetime"] for site in states.values()} == {dossier.as_of.isoformat()}


def test_every_state_names_reports_with_source_locator_and_grades(march_2025):
    for site_id, site in march_2025.items():
        assert site["location_source_title"], site_id
        assert site["reports_count"] == 0 or site["evidence"], site_id
        for claim in [*site["evidence"], *site["control"]]:
            assert claim["source_title"], site_id
            assert claim["source_publisher"], site_id
            assert claim["locator"], site_id
            assert claim["reliability"] in "ABCDEF", site_id
            assert 1 <= claim["credibility"] <= 6, site_id


def test_a_claim_of_control_says_when_a_source_last_said_so(march_2025):
    for site in march_2025.values():
        for claim in site["control"]:
            if claim["last_said"] is not None:
                assert claim["last_said"] <= "2025-03-10"
                age = date(2025, 3, 10) - date.fromisoformat(claim["last_said"])
                assert claim["last_said_age_days"] == age.days
            if claim["certainty"] == "certain":
                assert claim["certain_from"] <= "2025-03-10" <= claim["certain_to"]


def test_places_for_orientation_are_told_apart_from_hotspots(march_2025):
    role = {site_id: site["place_role"] for site_id, site in march_2025.items()}
    for context in ("mae-sot", "malaysia", "myanmar", "kayin-state", "three-pagodas-pass"):
        assert role.get(context, "context") == "context"
    for hotspot in ("kk-park", "shwe-kokko", "johor", "langkawi", "kokang-saz"):
        assert role[hotspot] == "hotspot"


def test_no_bar_of_control_starts_or_ends_on_a_day_that_no_source_gives(client, dossier):
    """Every bound comes from the period given, the day spoken of, or the actor's own dates."""
    published = {source.source_id: source.published for source in dossier.sources}
    actors = {actor.actor_id: actor for actor in dossier.actors}
    claims = {claim.control_id: claim for claim in dossier.control}
    shown = features(client, "control")
    assert set(shown) == set(claims)
    for control_id, bar in shown.items():
        claim = claims[control_id]
        actor = actors[claim.actor_id]
        given = [claim.valid, claim.held_on or published[claim.source_id]]
        given += [actor.active_from, actor.active_to]
        days = {day for edtf in given if edtf for day in _bounds(edtf)}
        for name in ("possible_from", "possible_to", "certain_from", "certain_to"):
            assert bar[name] is None or bar[name] in days, (control_id, name)


def _bounds(edtf) -> set[str]:
    ends = edtf.text.split("/")
    ranges = [possible_days(parse_edtf(end)) for end in ends if end not in ("", "..")]
    return {day.isoformat() for days in ranges for day in (days.first, days.last) if day}


def test_the_flow_from_kokang_to_the_thai_border_lies_in_the_months_of_the_offensive(client):
    flows = features(client, "displacement", datetime="2023-10-27/2024-06-30")
    ends = {(flow["from_site_id"], flow["to_site_id"]) for flow in flows.values()}
    assert ("kokang-saz", "kayin-thai-border") in ends


def test_a_certain_state_rests_on_what_certainly_held_alone(client):
    asked = {"datetime": "2024-06-30"}
    possible = features(client, "hotspots", **asked)
    certain = features(client, "hotspots", **asked, certainty="certain")
    assert set(certain) <= set(possible)
    fewer = 0
    for site_id, state in certain.items():
        assert state["reports_count"] <= possible[site_id]["reports_count"]
        assert {role["certainty"] for role in state["control"]} <= {"certain"}
        fewer += len(state["control"]) < len(possible[site_id]["control"])
    assert fewer > 10


def test_the_day_of_the_data_is_the_same_named_or_not(client):
    unnamed = features(client, "hotspots")
    day = next(iter(unnamed.values()))["datetime"]
    assert features(client, "hotspots", datetime=day) == unnamed
