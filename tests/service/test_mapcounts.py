"""What the map asks where the data are many: counts and states, held against the layers."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.service.asking import features, problem

EPOCH = date(1970, 1, 1)
ASKED = [
    {},
    {"datetime": "2024-02-01/2025-01-31"},
    {"datetime": "2025-03-10"},
    {"datetime": "../2023-12-31", "filter": "event_kind IN ('raid','operating')"},
    {"bbox": "98,16,99,17.5", "filter": "credibility <= 2 AND country = 'MM'"},
    {"filter": "activity_after = 'closed' AND reliability IN ('A','B')"},
    {"filter": "report_id = ''"},
]


def number(day: str | None) -> int | None:
    return None if day is None else (date.fromisoformat(day) - EPOCH).days


@pytest.mark.parametrize("asked", ASKED)
def test_counts_are_those_of_the_layer(client, asked):
    found = client.get("/map/counts.json", params=asked).json()
    wanted = Counter(report["site_id"] for report in features(client, "reports", **asked).values())
    assert found["sites"] == dict(wanted)
    assert found["reports"] == wanted.total()


def months_of(report: dict, told: dict) -> Counter:
    """The share of each month in a report, spread evenly over its days within the years told."""
    first, last = (
        min(max(number(day), told["first_day"]), told["last_day"])
        for day in (
            report["possible_from"] or report["possible_to"],
            report["possible_to"] or report["possible_from"],
        )
    )
    days = [EPOCH + timedelta(day) for day in range(first, last + 1)]
    counted = Counter(day.year * 12 + day.month - 1 - told["first_month"] for day in days)
    return Counter({month: count / len(days) for month, count in counted.items()})


@pytest.mark.parametrize("asked", ASKED)
def test_a_histogram_spreads_the_reports_of_the_layer_over_their_months(client, asked):
    told = client.get("/map/histogram.json", params=asked).json()
    reports = features(client, "reports", **asked).values()
    assert told["reports"] == len(reports)
    dated = [r for r in reports if r["possible_from"] or r["possible_to"]]
    for list_name, column in (("activity", "activity_after"), ("event_kind", "event_kind")):
        wanted: dict[str, Counter] = {}
        for report in dated:
            wanted.setdefault(report[column], Counter()).update(months_of(report, told))
        assert told[list_name].keys() == wanted.keys()
        for code, months in told[list_name].items():
            expected = [wanted[code][month] for month in range(len(months))]
            assert months == pytest.approx(expected, abs=1e-5)
            assert sum(months) == pytest.approx(sum(expected), abs=1e-4)
    for name, column in (("opens", "possible_from"), ("closes", "possible_to")):
        days = Counter(number(report[column]) for report in reports)
        assert dict(told[name]) == dict(days)


@pytest.mark.parametrize(
    "asked", [{}, {"datetime": "2024-07-01"}, {"datetime": "2025-11-01", "bbox": "98,16,99,17.5"}]
)
def test_states_are_those_of_the_layer(client, asked):
    told = client.get("/map/states.json", params=asked).json()
    found = {
        row["site_id"]: row
        for row in (dict(zip(told["columns"], r, strict=True)) for r in told["sites"])
    }
    wanted = features(client, "hotspots", **asked)
    assert wanted.keys() <= found.keys() if "bbox" in asked else wanted.keys() == found.keys()
    assert wanted
    for site_id, state in wanted.items():
        row = {name: value for name, value in found[site_id].items() if name != "point"}
        assert row == {name: state[name] for name in row}


@pytest.mark.parametrize(
    "path",
    [
        "/map/histogram.json",
        "/map/histogram.json?filter=credibility=1",
        "/map/counts.json?bbox=98,16,99,17",
        "/map/states.json",
    ],
)
def test_what_has_not_changed_is_304(client, path):
    etag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    bare = client.get(path, headers={"Accept-Encoding": "identity"})
    assert bare.json() == client.get(path).json()


@pytest.mark.parametrize(
    "query",
    [
        "counts.json?bbox=1,2,3",
        "counts.json?datetime=yesterday",
        "counts.json?filter=1%3D1;DROP TABLE atlas.report",
        "counts.json?filter=password%20IS%20NULL",
        "counts.json?limit=3",
        "counts.json?datetime=2024-01-01&datetime=2025-01-01",
        "histogram.json?filter='",
        "histogram.json?country=MM",
        "states.json?filter=kind%20IS%20NULL",
        "states.json?bbox=NaN,0,1,1",
        "timelines.json?bbox=1,2,3,4",
    ],
)
def test_what_cannot_be_asked_is_a_problem(client, query):
    problem(client, f"/map/{query}", 400)
