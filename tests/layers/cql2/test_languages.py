"""Text and JSON are one: what text becomes, and that JSON reads back as the same tree."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers.cql2 import FilterLang, parse_filter

X = {"property": "x"}


@pytest.mark.parametrize(
    ("predicate", "tree"),
    [
        ("x = 1", {"op": "=", "args": [X, 1]}),
        ("x=-1.5", {"op": "=", "args": [X, -1.5]}),
        ("x = 1e3", {"op": "=", "args": [X, 1000]}),
        ("x <> 'O''Neill'", {"op": "<>", "args": [X, "O'Neill"]}),
        ("x <> '\u3000 \t'", {"op": "<>", "args": [X, "\u3000 \t"]}),
        ("x IS NULL", {"op": "isNull", "args": [X]}),
        ("x IS NOT NULL", {"op": "not", "args": [{"op": "isNull", "args": [X]}]}),
        ("x IN (1, 2)", {"op": "in", "args": [X, [1, 2]]}),
        ("x in('a')", {"op": "in", "args": [X, ["a"]]}),
        ("x BETWEEN 1 AND 2", {"op": "between", "args": [X, 1, 2]}),
        ("x like 'a%'", {"op": "like", "args": [X, "a%"]}),
        (r"x like 'a\%\\\''", {"op": "like", "args": [X, "a\\%\\\\'"]}),
        (r"x like casei('a\\')", {"op": "like", "args": [X, {"op": "casei", "args": ["a\\\\"]}]}),
        (r"x = 'a\\'", {"op": "=", "args": [X, "a\\"]}),
        ("T_FINISHEDBY(x, INTERVAL('2024-01-01', '..'))",
         {"op": "t_finishedBy", "args": [X, {"interval": ["2024-01-01", ".."]}]}),
        ("t_meets(x, interval(a, '2024-01-01T00:00:00.5Z'))",
         {"op": "t_meets", "args": [X, {"interval": [{"property": "a"},
                                                     "2024-01-01T00:00:00.500000Z"]}]}),
        ("x = DATE('2024-01-01')", {"op": "=", "args": [X, {"date": "2024-01-01"}]}),
        ("x = TIMESTAMP('2024-01-01T00:00:00Z')",
         {"op": "=", "args": [X, {"timestamp": "2024-01-01T00:00:00Z"}]}),
        ("S_WITHIN(x, BBOX(1,2,3,4))", {"op": "s_within", "args": [X, {"bbox": [1, 2, 3, 4]}]}),
        ("S_EQUALS(x, POINT(1 2))",
         {"op": "s_equals", "args": [X, {"type": "Point", "coordinates": [1, 2]}]}),
        ("A_CONTAINEDBY(x, ('a', 'b'))", {"op": "a_containedBy", "args": [X, ["a", "b"]]}),
        ("x = (1 + 2) * 3",
         {"op": "=", "args": [X, {"op": "*", "args": [{"op": "+", "args": [1, 2]}, 3]}]}),
        ("x = 7 DIV 2", {"op": "=", "args": [X, {"op": "div", "args": [7, 2]}]}),
        ("a = 1 OR b = 2 AND NOT c = 3",
         {"op": "or", "args": [
             {"op": "=", "args": [{"property": "a"}, 1]},
             {"op": "and", "args": [
                 {"op": "=", "args": [{"property": "b"}, 2]},
                 {"op": "not", "args": [{"op": "=", "args": [{"property": "c"}, 3]}]}]}]}),
        ("(a = 1 OR b = 2) AND c = 3",
         {"op": "and", "args": [
             {"op": "or", "args": [{"op": "=", "args": [{"property": "a"}, 1]},
                                   {"op": "=", "args": [{"property": "b"}, 2]}]},
             {"op": "=", "args": [{"property": "c"}, 3]}]}),
        ('"date" = 1', {"op": "=", "args": [{"property": "date"}, 1]}),
        ('"a ""b"" (c" = 1', {"op": "=", "args": [{"property": 'a "b" (c'}, 1]}),
        ("ünï_x:y.z = 1", {"op": "=", "args": [{"property": "ünï_x:y.z"}, 1]}),
        ("x = ')('", {"op": "=", "args": [X, ")("]}),
        ("x = '\ue0000'", {"op": "=", "args": [X, "\ue0000"]}),
        ("true", True),
    ],
)  # fmt: skip
def test_text_becomes_json(predicate: str, tree: Any) -> None:
    parsed = parse_filter(predicate, FilterLang.TEXT)
    assert parsed.to_json() == tree
    assert parse_filter(json.dumps(tree), FilterLang.JSON) == parsed


@pytest.mark.parametrize("name", ["T_FINISHEDBY", "t_finishedBy", "t_finishedby"])
def test_names_of_operators_are_read_in_any_case(name: str) -> None:
    value = {"op": name, "args": [X, {"interval": ["..", ".."]}]}
    parsed = parse_filter(json.dumps(value), FilterLang.JSON)
    assert parsed.to_json() == {**value, "op": "t_finishedBy"}


def test_numbers_are_those_of_doubles_in_both_languages() -> None:
    by_text = parse_filter("x = 9007199254740993", FilterLang.TEXT)
    value = '{"op": "=", "args": [{"property": "x"}, 9007199254740993]}'
    assert parse_filter(value, FilterLang.JSON) == by_text
