"""Temporal functions; the tables of clause 7.8.2 of OGC 21-065r2 on days and on moments."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from geo.store.database import open_engine
from layers.cql2 import FilterLang, InvalidCQL2, parse_filter
from tests.layers.cql2.places import Find, asked

# Ends of `valid`: a 2024-01-01 to 01-31, b .. to 02-29, c 01-31 to .., e all days, f none.
_DAYS = [
    ("T_INTERSECTS(valid, INTERVAL('2024-02-01','..'))", "bce"),
    ("T_INTERSECTS(valid, INTERVAL('..','2023-12-31'))", "be"),
    ("T_INTERSECTS(valid, INTERVAL('2024-01-31','2024-01-31'))", "abce"),
    ("T_INTERSECTS(valid, INTERVAL('..','..'))", "abce"),
    ("T_INTERSECTS(valid, DATE('2024-03-01'))", "ce"),
    ("T_INTERSECTS(DATE('2024-03-01'), valid)", "ce"),
    ("NOT T_INTERSECTS(valid, DATE('2024-03-01'))", "ab"),
    ("T_DISJOINT(valid, DATE('2024-03-01'))", "ab"),
    ("NOT T_DISJOINT(valid, DATE('2024-03-01'))", "ce"),
    ("T_AFTER(valid, DATE('2024-01-30'))", "c"),
    ("T_AFTER(valid, DATE('2024-01-31'))", ""),
    ("T_BEFORE(valid, DATE('2024-03-01'))", "ab"),
    ("T_BEFORE(valid, DATE('2024-02-29'))", "a"),
    ("T_BEFORE(DATE('2024-01-30'), valid)", "c"),
    ("NOT T_BEFORE(valid, DATE('2024-03-01'))", "ce"),
    ("T_EQUALS(valid, INTERVAL('2024-01-01','2024-01-31'))", "a"),
    ("T_EQUALS(valid, INTERVAL('..','2024-02-29'))", "b"),
    ("T_EQUALS(valid, INTERVAL('..','..'))", "e"),
    ("T_EQUALS(valid, valid)", "abce"),
    ("T_CONTAINS(valid, INTERVAL('2024-01-02','2024-01-30'))", "abe"),
    ("T_CONTAINS(valid, INTERVAL('2024-01-01','2024-01-30'))", "be"),
    ("T_DURING(valid, INTERVAL('2023-12-31','2024-02-01'))", "a"),
    ("T_DURING(valid, INTERVAL('2024-01-01','2024-02-01'))", ""),
    ("T_DURING(valid, INTERVAL('..','2024-02-01'))", "a"),
    ("T_STARTS(valid, INTERVAL('2024-01-01','2024-02-01'))", "a"),
    ("T_STARTS(valid, INTERVAL('..','2024-03-01'))", "b"),
    ("T_STARTEDBY(valid, INTERVAL('2024-01-01','2024-01-02'))", "a"),
    ("T_STARTEDBY(valid, INTERVAL('2024-01-31','2024-03-02'))", "c"),
    ("T_FINISHES(valid, INTERVAL('2023-01-01','2024-01-31'))", "a"),
    ("T_FINISHES(valid, INTERVAL('2023-01-01','..'))", "c"),
    ("T_FINISHEDBY(valid, INTERVAL('2024-01-02','2024-01-31'))", "a"),
    ("T_FINISHEDBY(valid, INTERVAL('2024-02-28','..'))", "ce"),
    ("T_MEETS(valid, INTERVAL('2024-01-31','..'))", "a"),
    ("T_MEETS(valid, INTERVAL('2024-02-01','..'))", ""),
    ("T_METBY(valid, INTERVAL('2023-01-01','2024-01-01'))", "a"),
    ("T_METBY(valid, INTERVAL('..','2024-01-31'))", "c"),
    ("T_OVERLAPS(valid, INTERVAL('2024-01-15','2024-03-15'))", "ab"),
    ("T_OVERLAPS(valid, INTERVAL('2024-01-31','2024-03-15'))", "b"),
    ("T_OVERLAPPEDBY(valid, INTERVAL('2023-01-01','2024-01-15'))", "a"),
    ("T_OVERLAPPEDBY(valid, INTERVAL('..','2024-02-15'))", "c"),
    ("T_AFTER(seen, DATE('2024-01-10'))", "bc"),
    ("T_BEFORE(seen, DATE('2024-01-10'))", "ef"),
    ("T_EQUALS(seen, DATE('2024-01-10'))", "a"),
    ("T_EQUALS(seen, INTERVAL('2024-01-10','2024-01-10'))", "a"),
    ("T_EQUALS(seen, INTERVAL('2024-01-10','2024-01-11'))", ""),
    ("T_INTERSECTS(seen, INTERVAL('2024-01-10','2024-01-31'))", "ac"),
    ("T_DISJOINT(seen, INTERVAL('2024-01-10','2024-01-31'))", "bef"),
    ("T_INTERSECTS(seen, valid)", "abce"),
    ("T_DISJOINT(valid, seen)", ""),
    ("T_INTERSECTS(INTERVAL(seen, '..'), DATE('2024-01-10'))", "aef"),
    ("T_INTERSECTS(INTERVAL(seen, '2024-01-20'), INTERVAL('2024-01-15','2024-01-31'))", "aef"),
    ("T_INTERSECTS(INTERVAL('..','2024-01-01'), INTERVAL('2024-01-01','..'))", "abcdef"),
]

# began to ended: a 01-10T12 to 01-20T12, b without end, c 01-20T12 to 02-01T00, e one moment,
# f 01-01T00 to 01-10T12; span the same, but b .. to 02-29T23:59:59.5, half-open for b and c,
# e all time, f empty.
_MOMENTS = [
    ("T_AFTER(began, TIMESTAMP('2024-01-10T12:00:00Z'))", "bc"),
    ("T_BEFORE(began, TIMESTAMP('2024-01-10T12:00:00Z'))", "ef"),
    ("T_EQUALS(began, TIMESTAMP('2024-01-10T12:00:00Z'))", "a"),
    ("T_DISJOINT(began, TIMESTAMP('2024-01-10T12:00:00Z'))", "bcef"),
    ("T_INTERSECTS(began, INTERVAL('2024-01-10T12:00:00Z','2024-01-20T12:00:00Z'))", "ac"),
    ("T_INTERSECTS(INTERVAL(began, ended), TIMESTAMP('2024-01-10T12:00:00Z'))", "af"),
    ("NOT T_INTERSECTS(INTERVAL(began, ended), TIMESTAMP('2024-01-10T12:00:00Z'))", "ce"),
    ("T_BEFORE(INTERVAL(began, ended), TIMESTAMP('2025-01-01T00:00:00Z'))", "acef"),
    ("T_AFTER(INTERVAL(began, ended), TIMESTAMP('2024-01-01T00:00:00Z'))", "ac"),
    ("T_AFTER(INTERVAL(began, '..'), TIMESTAMP('2024-01-01T00:00:00Z'))", "abc"),
    ("T_MEETS(INTERVAL(began, ended), INTERVAL('2024-01-20T12:00:00Z','..'))", "a"),
    ("T_METBY(INTERVAL(began, ended), INTERVAL('..','2024-01-20T12:00:00Z'))", "c"),
    ("T_STARTS(INTERVAL(began, ended), INTERVAL('2024-01-10T12:00:00Z','..'))", "a"),
    ("T_EQUALS(INTERVAL(began, ended), span)", "a"),
    ("T_INTERSECTS(span, TIMESTAMP('2024-02-01T00:00:00Z'))", "be"),
    ("T_INTERSECTS(span, TIMESTAMP('2024-01-31T23:59:59.999999Z'))", "bce"),
    ("T_INTERSECTS(span, INTERVAL('..','..'))", "abce"),
    ("T_BEFORE(span, TIMESTAMP('2024-02-01T00:00:00Z'))", "ac"),
    ("T_EQUALS(span, INTERVAL('2024-01-10T12:00:00Z','2024-01-20T12:00:00Z'))", "a"),
    ("T_EQUALS(span, INTERVAL('2024-01-20T12:00:00Z','2024-01-31T23:59:59.999999Z'))", "c"),
    ("T_FINISHEDBY(span, INTERVAL('2024-01-25T00:00:00Z','2024-01-31T23:59:59.999999Z'))", "c"),
    ("T_CONTAINS(span, INTERVAL('2024-01-11T00:00:00Z','2024-01-12T00:00:00Z'))", "abe"),
    ("T_MEETS(span, INTERVAL('2024-01-20T12:00:00Z','..'))", "a"),
    ("T_OVERLAPS(span, INTERVAL('2024-01-12T00:00:00Z','2024-03-01T00:00:00Z'))", "ab"),
]

_MIXED = [
    ("T_INTERSECTS(valid, TIMESTAMP('2024-01-31T23:59:59Z'))", "abce"),
    ("T_INTERSECTS(valid, TIMESTAMP('2024-03-01T00:00:00Z'))", "ce"),
    ("T_BEFORE(valid, TIMESTAMP('2024-02-01T00:00:00Z'))", "a"),
    ("T_BEFORE(valid, TIMESTAMP('2024-01-31T23:59:59Z'))", ""),
    ("T_AFTER(valid, TIMESTAMP('2024-01-30T23:59:59Z'))", "c"),
    ("T_INTERSECTS(began, DATE('2024-02-29'))", "b"),
    ("T_INTERSECTS(INTERVAL(began, ended), DATE('2024-01-20'))", "ac"),
    ("T_INTERSECTS(span, valid)", "abce"),
    ("T_EQUALS(seen, began)", ""),
    ("T_EQUALS(seen, INTERVAL('2024-01-10T00:00:00Z','2024-01-10T23:59:59.999999Z'))", "a"),
    ("T_CONTAINS(valid, INTERVAL(began, ended))", "ae"),
    ("T_DURING(INTERVAL(began, ended), valid)", "ae"),
    ("T_STARTEDBY(valid, INTERVAL('2024-01-01T00:00:00Z','2024-01-05T00:00:00Z'))", "a"),
    ("T_FINISHES(INTERVAL('2024-01-05T00:00:00Z','2024-01-31T23:59:59.999999Z'), valid)", "a"),
    ("T_CONTAINS(valid, INTERVAL('9999-12-31T00:00:00Z','9999-12-31T23:59:59Z'))", "ce"),
    ("T_EQUALS(DATE('9999-12-31'), TIMESTAMP('9999-12-31T00:00:00Z'))", ""),
]


@pytest.mark.parametrize(("predicate", "ids"), _DAYS + _MOMENTS + _MIXED)
def test_temporal_functions(find: Find, predicate: str, ids: str) -> None:
    assert find(predicate) == ids


@pytest.mark.parametrize(
    "function",
    ["T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS", "T_METBY",
     "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"],
)  # fmt: skip
def test_functions_of_intervals_take_no_instant(function: str) -> None:
    for instant in ("seen", "DATE('2024-01-01')", "TIMESTAMP('2024-01-01T00:00:00Z')"):
        with pytest.raises(InvalidCQL2, match=f"{function} compares intervals, not instants"):
            asked(f"{function}(valid, {instant})")
        with pytest.raises(InvalidCQL2, match="not instants"):
            asked(f"{function}({instant}, valid)")


@pytest.mark.parametrize(
    ("operand", "message"),
    [
        ("'2024-01-01'", "not a string: write DATE"),
        ("name", "not a string"),
        ("people", "not a integer"),
        ("geom", "not a geometry"),
        ("DATE('2024-02-30')", "no day of the calendar"),
        ("DATE('0000-01-01')", "no day of the calendar"),
        ("DATE('10000-01-01')", "is not a date"),
        ("DATE('2024-1-1')", "is not a date"),
        ("DATE('２０２４-01-01')", "is not a date"),
        ("DATE(seen)", "no expression of CQL2"),
        ("TIMESTAMP('2024-01-01')", "is not a timestamp"),
        ("TIMESTAMP('2024-01-01T00:00:00')", "is not a timestamp"),
        ("TIMESTAMP('2024-01-01T00:00:00+07:00')", "is not a timestamp"),
        ("TIMESTAMP('2024-01-01T24:00:00Z')", "no time of the calendar"),
        ("TIMESTAMP('2024-01-01T00:00:60Z')", "no time of the calendar"),
        ("TIMESTAMP('2024-01-01T00:00:00.1234567Z')", "at most six decimals"),
        ("INTERVAL('2024-01-02','2024-01-01')", "ends .2024-01-01. before it starts"),
        ("INTERVAL('2024-01-01','2024-01-02T00:00:00Z')", "from date to date"),
        ("INTERVAL(seen, began)", "this one has a date and a timestamp"),
        ("INTERVAL(seen, '2024-01-02T00:00:00Z')", "this one has a date and a timestamp"),
        ("INTERVAL(name, '..')", "this one has a string"),
        ("INTERVAL(valid, '..')", "this one has a interval"),
        ("INTERVAL('x', '..')", "is not a timestamp"),
        ("INTERVAL('', '..')", "is not a timestamp"),
        ("INTERVAL(1, '..')", "an end of an INTERVAL"),
        ("INTERVAL('..')", "no expression"),
    ],
)
def test_a_wrong_time_is_refused(operand: str, message: str) -> None:
    with pytest.raises(InvalidCQL2, match=message):
        asked(f"T_INTERSECTS(valid, {operand})")


def test_json_may_write_timestamps_with_small_letters() -> None:
    small, large = (
        parse_filter(json.dumps({"op": "t_after", "args": [{"property": "began"}, {
            "timestamp": moment}]}), FilterLang.JSON)
        for moment in ("2024-01-01t00:00:00.5z", "2024-01-01T00:00:00.500000Z")
    )  # fmt: skip
    assert small == large


@pytest.mark.parametrize("function", ["T_INTERSECTS", "T_BEFORE", "T_AFTER"])
def test_an_index_on_a_range_serves(places_url: str, function: str) -> None:
    statement = asked(f"{function}(valid, INTERVAL('2024-02-01','2024-02-02'))")
    with open_engine(places_url).connect() as connection:
        connection.execute(text("CREATE INDEX ON places USING gist (valid)"))
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.execute(text(f"EXPLAIN {compiled}".replace(":", r"\:"))).scalars().all()
        connection.rollback()
    assert any("Index Cond" in line for line in plan)
    assert not any("Filter" in line for line in plan)
