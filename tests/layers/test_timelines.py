"""Timelines: on every day they tell what the layer `hotspots` tells."""

from __future__ import annotations

import bisect
import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from layers.catalog import CONTROL, HOTSPOTS, REPORTS
from layers.filters import Period
from layers.queries import select_features
from layers.selection import ItemsFilter
from layers.timelines import PLANNING, select_report_columns, select_timelines

EPOCH = date(1970, 1, 1)


def document(engine, statement) -> dict:
    with engine.connect() as connection:
        for setting in PLANNING:
            connection.execute(text(setting))
        return json.loads(connection.execute(statement).scalar_one())


def features(engine, layer, day: date | None = None) -> dict[str, dict]:
    asked = ItemsFilter(period=Period(day, day)) if day else ItemsFilter()
    with engine.connect() as connection:
        found = connection.execute(select_features(layer, asked)).scalars()
        return {feature["id"]: feature for feature in map(json.loads, found)}


@pytest.fixture(scope="module")
def timelines(engine) -> dict:
    return document(engine, select_timelines())


@pytest.fixture(scope="module")
def claims(engine) -> dict[str, dict]:
    return {**features(engine, REPORTS), **features(engine, CONTROL)}


def spans(timelines) -> dict[int, range]:
    """Which stretches are those of each site, by its place in the list."""
    sites = timelines["stretches"]["site"]
    return {
        site: range(bisect.bisect_left(sites, site), bisect.bisect_right(sites, site))
        for site in set(sites)
    }


def states(timelines, claims, day: date) -> dict[str, dict]:
    """The states of a day, read from the document as docs/map-data.md tells."""
    number = (day - EPOCH).days
    at = {}
    for site, span in spans(timelines).items():
        found = bisect.bisect_right(timelines["stretches"]["day"], number, span.start, span.stop)
        if found > span.start:
            at[timelines["sites"][site]["site_id"]] = found - 1
    counts = timelines["stretches"]["reports_count"]
    return {
        site["site_id"]: {
            **site,
            **_state(timelines, claims, at[site["site_id"]], number),
            "parent_reports_count": counts[at[parent]] if parent in at else 0,
        }
        for site in timelines["sites"]
        if site["site_id"] in at
        for parent in [site["parent_site_id"]]
    }


def _state(timelines, claims, at: int, number: int) -> dict:
    told = {name: column[at] for name, column in timelines["stretches"].items()}
    codes = [*timelines["activities"], None]

    def code(place):
        return codes[-1 if place is None else place]

    def iso(day):
        return None if day is None else (EPOCH + timedelta(min(day, number))).isoformat()

    def age(day):
        return None if day is None else number - min(day, number)

    evidence = [
        {
            **claims[timelines["reports"][report]]["properties"],
            "observed": iso(last),
            "decides": place == 0 and told["last_known"] is not None,
        }
        for place, (report, last) in enumerate(_parts(told["evidence"], 2))
    ]
    control = [
        {
            **claims[timelines["control"][claim]]["properties"],
            "certainty": "certain" if certain else "possible",
            "last_said": iso(said),
            "last_said_age_days": age(said),
        }
        for claim, certain, said in _parts(told["control"], 3)
    ]
    return {
        "datetime": (EPOCH + timedelta(number)).isoformat(),
        "activity": code(told["activity"]),
        "last_known_activity": code(told["last_known"]),
        "last_observed": iso(told["last_observed"]),
        "age_days": age(told["last_observed"]),
        "contested": bool(told["contested"]),
        "disputed": bool(told["disputed"]),
        "first_reported": iso(told["first_reported"]),
        **{name: told[name] for name in ("reports_count", "sources_count", "publishers_count")},
        "evidence": evidence,
        "control": control,
    }


def _parts(flat: list, size: int) -> list[list]:
    return [flat[start : start + size] for start in range(0, len(flat), size)]


def expected(engine, day: date) -> dict[str, dict]:
    """The layer's own answer; the place of a point is told apart."""
    return {
        site_id: {**feature["properties"], "point": feature["geometry"]["coordinates"]}
        for site_id, feature in features(engine, HOTSPOTS, day).items()
    }


def shortened(answer: dict, like: dict) -> dict:
    """Claims beside a state with the fields that the layer gives them."""
    for name in ("evidence", "control"):
        answer[name] = [
            {key: item[key] for key in wanted}
            for item, wanted in zip(answer[name], like[name], strict=True)
        ]
    return answer


def days_to_look_at(timelines) -> list[date]:
    """Days of change, the day before and the day after them, and some between, over all years."""
    changes = sorted(set(timelines["stretches"]["day"]))
    changes = [day for day in changes if day > -20_000]
    picked = changes[:: max(1, len(changes) // 12)]
    around = {day + step for day in picked for step in (-1, 0, 1)}
    between = {(one + other) // 2 for one, other in pairwise(picked)}
    return [EPOCH + timedelta(day) for day in sorted(around | between | {changes[-1]})]


def test_on_every_day_each_property_is_that_of_the_layer(engine, timelines, claims):
    days = days_to_look_at(timelines)
    assert len(days) > 40
    for day in days:
        wanted, found = expected(engine, day), states(timelines, claims, day)
        assert found.keys() == wanted.keys(), day
        for site_id, state in found.items():
            assert shortened(state, wanted[site_id]) == wanted[site_id], (day, site_id)


def test_the_document_tells_no_stretch_twice(timelines):
    columns = timelines["stretches"]
    names = [name for name in columns if name not in ("day",)]
    rows = list(zip(*(map(str, columns[name]) for name in names), strict=True))
    assert all(one != other for one, other in pairwise(rows))
    pairs = list(zip(columns["site"], columns["day"], strict=True))
    assert pairs == sorted(set(pairs))


def test_columns_of_reports_are_those_of_the_layer(engine, claims):
    columns = document(engine, select_report_columns())
    for at, report_id in enumerate(columns["report_id"]):
        wanted = claims[report_id]["properties"]
        source_id, publisher, kind, reliability = columns["sources"][columns["source"][at]]
        site = columns["sites"][columns["site"][at]]
        days = [
            None if day is None else (EPOCH + timedelta(day)).isoformat()
            for day in (columns["possible_from"][at], columns["possible_to"][at])
        ]
        assert {
            "site_id": site["site_id"],
            "site_name": site["name"],
            "country": site["country"],
            "source_id": source_id,
            "source_publisher": publisher,
            "source_kind": kind,
            "reliability": reliability,
            "possible_from": days[0],
            "possible_to": days[1],
            "activity_after": columns["activities"][columns["activity_after"][at]],
            "event_kind": columns["event_kinds"][columns["event_kind"][at]],
            "credibility": columns["credibility"][at],
        }.items() <= wanted.items()
    assert len(columns["report_id"]) == len(features(engine, REPORTS))
