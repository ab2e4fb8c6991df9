"""CQL2 (21-065r2) over HTTP, on every queryable of every layer.

The standard's own example data are `make conformance`; how each operator works is in
tests/layers/cql2.
"""

from __future__ import annotations

import json

import pytest

from tests.service.conformance.asking import (
    count,
    every_layer,
    get,
    ids,
    items_path,
    refused,
    whole_layer,
)
from tests.service.conformance.test_filtering import a_value, queryables

COMPARED = {"string", "integer", "boolean"}


def comparable(client, layer_id):
    """Name, type and a value of each queryable that `=` can compare."""
    features = whole_layer(client, layer_id)
    for name, described in queryables(client, layer_id)["properties"].items():
        if described.get("type") in COMPARED:
            value = a_value(features, name)
            if value is not None:
                yield name, described, value


def literal(described, value):
    if described.get("format") == "date":
        return f"DATE('{value}')"
    if isinstance(value, bool):
        return json.dumps(value)
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


@every_layer
def test_basic_cql2_every_queryable_has_a_type_and_one_is_scalar(client, layer_id):
    described = queryables(client, layer_id)["properties"].values()
    assert all("type" in one or one["format"].startswith("geometry-") for one in described)
    assert any(one.get("type") in COMPARED for one in described)


@every_layer
def test_basic_cql2_comparisons_part_what_has_a_value_in_two(client, layer_id):
    features = whole_layer(client, layer_id)
    ordered = set()
    for name, described, value in comparable(client, layer_id):
        with_value = sum(f["properties"][name] is not None for f in features)
        text = literal(described, value)
        pairs = [("=", "<>")]
        sort = (described["type"], described.get("format"))
        if described["type"] != "boolean" and sort not in ordered:
            ordered.add(sort)  # one property of each type stands for the others
            pairs += [(">", "<="), ("<", ">=")]
        for one, other in pairs:
            left, right = f"{name} {one} {text}", f"{name} {other} {text}"
            counts = [count(client, layer_id, filter=asked) for asked in (left, right)]
            assert sum(counts) == with_value, (name, one)
            assert count(client, layer_id, filter=f"{left} AND {right}") == 0, (name, one)


@every_layer
def test_basic_cql2_is_null_in_any_case_of_letters(client, layer_id):
    features = whole_layer(client, layer_id)
    for name, described in queryables(client, layer_id)["properties"].items():
        if described.get("type") in COMPARED:
            null = sum(f["properties"][name] is None for f in features)
            assert count(client, layer_id, filter=f"{name} IS NULL") == null, name
            rest = count(client, layer_id, filter=f"{name} is not null")
            assert rest == len(features) - null, name


@every_layer
def test_basic_cql2_true_leaves_all_and_false_none(client, layer_id):
    assert ids(client, layer_id, filter="true") == ids(client, layer_id)
    assert ids(client, layer_id, filter="false") == set()


@every_layer
def test_basic_cql2_a_null_is_neither_equal_nor_not_equal(client, layer_id):
    features = whole_layer(client, layer_id)
    for name, described, value in comparable(client, layer_id):
        null = {f["id"] for f in features if f["properties"][name] is None}
        if null:
            text = f"{name} = {literal(described, value)}"
            assert not null & ids(client, layer_id, filter=text)
            assert not null & ids(client, layer_id, filter=f"NOT ({text})")


@every_layer
def test_basic_cql2_a_literal_of_another_type_is_400(client, layer_id):
    for name, described, _ in comparable(client, layer_id):
        wrong = "7" if described["type"] == "string" else "'seven'"
        refused(client, items_path(layer_id), "filter", filter=f"{name} = {wrong}")


@every_layer
def test_cql2_json_says_the_same_as_text(client, layer_id):
    for name, described, value in comparable(client, layer_id):
        operand = {"date": value} if described.get("format") == "date" else value
        as_json = json.dumps({"op": "=", "args": [{"property": name}, operand]})
        asked = {"filter": as_json, "filter-lang": "cql2-json"}
        text = f"{name} = {literal(described, value)}"
        same = count(client, layer_id, filter=text)
        assert same == count(client, layer_id, **asked) > 0, name


def test_cql2_text_escaping(client):
    get(client, items_path("reports"), filter="summary = 'it''s'")
    get(client, items_path("reports"), filter="summary LIKE '%it''s%'")
    get(client, items_path("reports"), filter="summary = 'a\tb\nc'")
    refused(client, items_path("reports"), "filter", filter="summary = 'it's'")
    refused(client, items_path("reports"), "filter", filter="summary = 'a\x00b'")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("S_INTERSECTS(geometry, BBOX(-180,-90,180,90))", 200),
        ("S_INTERSECTS(geometry, POINT(7.02 49.92))", 200),
        ("S_INTERSECTS(geometry, POINT(90 180))", 400),
        ("S_INTERSECTS(geometry, BBOX(150,-90,-150,90))", 200),
        ("S_WITHIN(geometry, POLYGON((98 16, 99 16, 99 17, 98 17, 98 16)))", 200),
        ("S_INTERSECTS(country, POINT(7 49))", 400),
    ],
)
@pytest.mark.parametrize("layer_id", ["hotspots", "reports", "control", "displacement"])
def test_basic_spatial_functions(client, layer_id, text, status):
    if "country" in text and layer_id == "displacement":
        text = text.replace("country", "from_country")
    answer = client.get(items_path(layer_id), params={"filter": text, "limit": "1"})
    assert answer.status_code == status, answer.text[:300]


TEMPORAL = (
    "T_AFTER", "T_BEFORE", "T_CONTAINS", "T_DISJOINT", "T_DURING", "T_EQUALS", "T_FINISHEDBY",
    "T_FINISHES", "T_INTERSECTS", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS",
    "T_STARTEDBY", "T_STARTS",
)  # fmt: skip
INTERVALS = {
    "reports": "occurred",
    "control": "valid",
    "displacement": "moved",
    "sources": "published",
}


@pytest.mark.parametrize("function", TEMPORAL)
@pytest.mark.parametrize(("layer_id", "name"), INTERVALS.items())
def test_temporal_functions_over_the_interval_of_a_layer(client, layer_id, name, function):
    for other in (
        "INTERVAL('2024-01-01', '2025-06-30')",
        "INTERVAL('..', '2025-06-30')",
        "INTERVAL('2024-01-01', '..')",
    ):
        get(client, items_path(layer_id), filter=f"{function}({name}, {other})", limit="1")


@pytest.mark.parametrize(
    "function", ["T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS"]
)
def test_temporal_functions_over_a_day(client, function):
    for other in ("DATE('2025-03-10')", "INTERVAL('2025-03-01', '2025-03-31')"):
        text = f"{function}(possible_from, {other})"
        get(client, items_path("reports"), filter=text, limit="1")


@pytest.mark.parametrize(("layer_id", "name"), INTERVALS.items())
def test_temporal_functions_intersects_is_what_datetime_asks(client, layer_id, name):
    """`datetime` also lets undated features through; the filter does not."""
    dated = ids(client, layer_id, datetime="2024-01-01/2024-12-31")
    text = f"T_INTERSECTS({name}, INTERVAL('2024-01-01', '2024-12-31'))"
    undated = {
        f["id"]
        for f in whole_layer(client, layer_id)
        if f["properties"]["possible_from"] is None and f["properties"]["possible_to"] is None
    }
    assert ids(client, layer_id, filter=text) - undated == dated - undated
    start = "T_INTERSECTS(INTERVAL(possible_from, possible_to), DATE('2024-06-01'))"
    assert ids(client, layer_id, filter=start) <= ids(client, layer_id, datetime="2024-06-01")


@pytest.mark.parametrize(
    "text",
    [
        "event_kind LIKE 'ra%'",
        "event_kind NOT LIKE 'ra%'",
        "credibility BETWEEN 2 AND 3",
        "event_kind IN ('raid', 'closure')",
        "CASEI(site_name) = CASEI('KK PARK')",
        "ACCENTI(site_name) = ACCENTI('KK Pärk')",
        "people_min + 1 > people_max - 1",
        "NOT (credibility = 1 OR credibility = 2) AND reliability = 'A'",
    ],
)
def test_what_desktop_clients_send_is_answered(client, text):
    get(client, items_path("reports"), filter=text, limit="1")


@pytest.mark.parametrize(
    "text",
    [
        "1 = 1); DROP TABLE atlas.report; --",
        "event_kind = 'raid' OR 1=1 --",
        "event_kind = 'raid' UNION SELECT 1",
        "pg_sleep(10) = 1",
        "(" * 5_000,
        "NOT " * 4_000 + "true",
    ],
)
def test_fragments_of_sql_and_depth_are_400(client, text):
    answer = client.get(items_path("reports"), params={"filter": text})
    assert answer.status_code == 400, answer.text[:300]
