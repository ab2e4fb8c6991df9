"""Filters made to hurt: each is refused at once, and nothing but InvalidCQL2 is ever raised."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection

from layers.cql2 import FilterLang, InvalidCQL2, text
from layers.cql2.limits import MAX_DEPTH, MAX_NODES, MAX_WILDCARDS
from layers.cql2.operators import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDS,
    LOGICAL,
    SPATIAL,
    TEMPORAL,
)
from tests.layers.cql2.places import asked

LONG = 5_000_000
DEEP = 10_000


def nested_json(op: str, depth: int, inner: str = "true") -> str:
    return f'{{"op":"{op}","args":[' * depth + inner + "]}" * depth


TEXTS: dict[str, Callable[[int], str]] = {
    "groups": lambda n: "(" * n + "people=1" + ")" * n,
    "open": lambda n: "(" * n,
    "closed": lambda n: ")" * n,
    "error inside": lambda n: "(" * n + "people=" + ")" * n,
    "error in lists": lambda n: "people in (" * n + "+" + ")" * n,
    "not": lambda n: "not " * n + "people=1",
    "not groups": lambda n: "not (" * n + "people=1" + ")" * n,
    "minus": lambda n: "people=" + "-" * n + "1",
    "plus": lambda n: "people=" + "+".join(["people"] * n),
    "power": lambda n: "people=" + "^".join(["9"] * n),
    "comparisons": lambda n: "=".join(["people"] * n),
    "functions": lambda n: "casei(" * n + "name" + ")" * n + "='x'",
    "unknown functions": lambda n: "f(" * n + ")" * n,
    "geometry": lambda n: "s_intersects(geom,POLYGON" + "(" * n + "1 2" + ")" * n + ")",
    "collections": lambda n: "s_intersects(geom," + "GEOMETRYCOLLECTION(" * n + ")" * n + ")",
    "boxes": lambda n: "bbox(" * n,
    "quotes": lambda n: "'" * n,
    "names": lambda n: '"' * n,
    "backslashes": lambda n: "name='" + "\\" * n + "'",
    "blanks": lambda n: " " * n,
    "word": lambda n: "x" * n,
    "number": lambda n: "people=" + "9" * n,
    "points": lambda n: "people=1" + "." * n,
    "string": lambda n: "name='" + "x" * n + "'",
    "or": lambda n: " or ".join(["people=1"] * n),
    "list": lambda n: "people in (" + ",".join(["1"] * n) + ")",
    "pairs": lambda n: "people in (" + ",".join(["(1)"] * n) + ")",
    "line": lambda n: "s_intersects(geom,LINESTRING(" + ",".join(["1 2"] * n) + "))",
    "wildcards": lambda n: "name like '" + "%a" * n + "'",
    "patterns": lambda n: " and ".join(["name like '%a%'"] * n),
    "control": lambda n: "\a" * n,
    "marks": lambda n: "\u0301" * n,
}


@pytest.mark.parametrize("size", [20, 1_000, DEEP, LONG])
@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_is_answered_at_once(kind: str, size: int) -> None:
    assert_quick(TEXTS[kind](size), FilterLang.TEXT)


JSONS: dict[str, Callable[[int], str]] = {
    "not": lambda n: nested_json("not", n),
    "arrays": lambda n: "[" * n + "]" * n,
    "open arrays": lambda n: "[" * n,
    "open objects": lambda n: '{"op":' * n,
    "casei": lambda n: nested_json("casei", n, '"x"'),
    "interval": lambda n: '{"interval":[' * n + "1" + "]}" * n,
    "collection": lambda n: '{"type":"GeometryCollection","geometries":[' * n + "]}" * n,
    "string": lambda n: '"' + "x" * n + '"',
    "brackets in a string": lambda n: '"' + "[" * n + '"',
    "quotes": lambda n: '"' * n,
    "escapes": lambda n: '"' + "\\" * n,
    "number": lambda n: "9" * n,
    "list": lambda n: '{"op":"in","args":[{"property":"people"},[' + ",".join(["1"] * n) + "]]}",
    "or": lambda n: '{"op":"or","args":[' + ",".join(["true"] * n) + "]}",
}


@pytest.mark.parametrize("size", [20, 1_000, DEEP, LONG])
@pytest.mark.parametrize("kind", JSONS)
def test_hostile_json_is_answered_at_once(kind: str, size: int) -> None:
    assert_quick(JSONS[kind](size), FilterLang.JSON)


def assert_quick(filter_text: str, lang: FilterLang) -> None:
    """Read or refused within a second, and with a short message."""
    started = time.perf_counter()
    message = ""
    try:
        asked(filter_text, lang)
    except InvalidCQL2 as error:
        message = str(error)
    assert time.perf_counter() - started < 1
    assert len(message) < 400


@pytest.mark.parametrize(
    ("predicate", "message"),
    [
        ("(" * DEEP, f"nested more than {MAX_DEPTH} deep"),
        (" " * LONG, "characters, at most 65536"),
        ("people in (" + ",".join("1" * (MAX_NODES + 1)) + ")", f"more than {MAX_NODES}"),
        ("name like '" + "%" * (MAX_WILDCARDS + 1) + "'", f"more than {MAX_WILDCARDS} wildcards"),
        ("(1)" * 1001, "pairs of parentheses"),
        ("people=" + "+".join(["1"] * 3000), "operators in one place"),
    ],
)
def test_a_limit_is_told(predicate: str, message: str) -> None:
    with pytest.raises(InvalidCQL2, match=message):
        asked(predicate)


@pytest.mark.parametrize(
    "predicate",
    [
        "(" * (MAX_DEPTH - 1) + "people = 7" + ")" * (MAX_DEPTH - 1),
        "not (" * (MAX_DEPTH - 2) + "people = 7" + ")" * (MAX_DEPTH - 2),
        "people = 6" + " + 1 - 1" * (MAX_DEPTH // 2 - 2) + " + 1",
        "share / 2 / 2 > 1" + " and (people + 0) % 9 = 7" * 400,
        "people in (" + ",".join(map(str, range(7, 4000))) + ")",
        "people = 7" + " or people = 7" * 600,
        "casei(" * (MAX_DEPTH - 2) + "name" + ")" * (MAX_DEPTH - 2) + " like 'straße%' or people=7",
    ],
)
def test_what_is_just_within_the_limits_is_answered(connection: Connection, predicate: str) -> None:
    """On a stack as deep as a request has under FastAPI, some 150 frames."""

    def below(frames: int) -> list[str]:
        if frames:
            return below(frames - 1)
        return list(connection.scalars(asked(predicate)).all())

    assert "c" in below(150)


def test_a_small_stack_holds_the_largest_filter() -> None:
    """The parser recurses in C; what it cannot hold would end the whole process."""
    answers: list[str] = []
    chains = [
        part * n
        for part in (
            " + 1",
            " ^ 1",
            " = 1",
            " <> people",
            " like people",
            " and true",
            " or people=1 and true",
        )
        for n in (60, 127, 330, 660, 990)
    ]
    calls = ["casei(name = " * n + "name" + ")" * n + " = 'x'" for n in (30, 31)]
    prefixes = ["not " * n for n in (60, 127, 128)] + ["people = " + "-" * n for n in (60, 127)]
    texts = [f"people = 1{chain}" for chain in chains] + calls + [f"{each}1" for each in prefixes]

    def parse() -> None:
        for each in texts:
            try:
                asked(each)
                answers.append("")
            except InvalidCQL2 as error:
                answers.append(str(error))

    previous = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=parse)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(previous)
    assert len(answers) == len(texts)


PIECES = (
    "( ) , ' \" '' \\ \\' = <> < > <= >= != + - * / % ^ div and or not in like between is null "
    "true false people name active seen began valid span tags geom nothing 'x' 'a%' '..' 1 0 -1 "
    "1e5 .5 1e999 DATE('2024-01-01') DATE('x') TIMESTAMP('2024-01-01T00:00:00Z') "
    "INTERVAL('2024-01-01', INTERVAL(began,ended) POINT(1@2) POINT(1 BBOX(1,2,3,4) POLYGON(( "
    "S_INTERSECTS( T_AFTER( T_MEETS( casei( accenti( A_CONTAINS( f( ; -- /* \ue000 "
    '"\ue0000" \u0301 ı \U0001f600 \x07 \x85'
)  # @ stands for a blank


class PanicException(BaseException):
    """What PyO3 raises when Rust code panics."""


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (PanicException("index out of bounds"), InvalidCQL2),
        (Exception("a bare one"), InvalidCQL2),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_fault_of_the_parser_is_the_filter_s(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, expected: type[BaseException]
) -> None:
    def parse_text(_: str) -> None:
        raise raised

    monkeypatch.setattr(text.cql2, "parse_text", parse_text)
    with pytest.raises(expected):
        asked("people = 1")


def test_random_text_raises_nothing_else(connection: Connection) -> None:
    chance = random.Random(21065)
    started, answered = time.perf_counter(), 0
    for _ in range(8_000):
        joined = chance.choice(("", " "))
        written = joined.join(chance.choices(PIECES.split(" "), k=chance.randint(1, 12))).replace(
            "@", " "
        )
        try:
            statement = asked(written)
        except InvalidCQL2:
            continue
        connection.scalars(statement).all()
        answered += 1
    assert time.perf_counter() - started < 30
    assert answered > 5


def test_random_characters_raise_nothing_else() -> None:
    chance = random.Random(21066)
    for _ in range(3_000):
        written = "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0x11000))))
                       for _ in range(chance.randint(0, 40)))  # fmt: skip
        for lang in FilterLang:
            with suppress(InvalidCQL2):
                asked(written, lang)


def test_random_trees_raise_nothing_else(connection: Connection) -> None:
    """Whatever is well typed also runs: the database itself never fails on a filter."""
    chance, answered = random.Random(21067), 0
    for number in range(3_000):
        tree = random_predicate(chance, 4) if number % 2 else random_value(chance, 4)
        try:
            statement = asked(json.dumps(tree), FilterLang.JSON)
        except InvalidCQL2:
            continue
        connection.scalars(statement).all()
        answered += 1
    assert answered > 600


def random_value(chance: random.Random, depth: int) -> Any:
    """A tree that is mostly wrong."""
    kind = chance.randrange(8 if depth else 5)
    if kind == 0:
        return chance.choice(
            [None, True, False, 0, -1, 1e308, 1e-308, 2**70, "x", "%", "\\", "2024-01-01", ".."]
        )
    if kind == 1:
        return {"property": chance.choice(NAMES)}
    if kind == 2:
        return {chance.choice(("date", "timestamp", "bbox", "type", "op", "args")): chance.choice(
            ("2024-01-01", "2024-01-01T00:00:00Z", [1, 2, 3, 4], [], None))}  # fmt: skip
    if kind == 3:
        return chance.choice(SHAPES)
    if kind == 4:
        return {"interval": [chance.choice(ENDS), chance.choice(ENDS)]}
    if kind == 5:
        return [random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    parts = [random_value(chance, depth - 1) for _ in range(chance.choice((1, 2, 2, 2, 3)))]
    return {"op": chance.choice(OPERATORS), "args": parts}


def random_number(chance: random.Random, depth: int) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice([{"property": "people"}, {"property": "share"}, 0, 2, -3, 0.5, 1e18])
    parts = [random_number(chance, depth - 1) for _ in range(2)]
    return {"op": chance.choice(ARITHMETIC), "args": parts}


def random_time(chance: random.Random) -> Any:
    if chance.random() < 0.5:
        return {"property": chance.choice(("seen", "began", "ended", "valid", "span"))}
    return {"interval": [chance.choice(ENDS), chance.choice(ENDS)]}


def random_predicate(chance: random.Random, depth: int) -> Any:
    """A tree that is mostly right."""
    kind = chance.randrange(6 if depth else 5)
    if kind == 0:
        parts = [random_number(chance, depth) for _ in range(2)]
        return {"op": chance.choice(COMPARISONS), "args": parts}
    if kind == 1:
        op = chance.choice(TEMPORAL)
        return {"op": op, "args": [random_time(chance), random_time(chance)]}
    if kind == 2:
        op = chance.choice(SPATIAL)
        return {"op": op, "args": [{"property": "geom"}, chance.choice(SHAPES)]}
    if kind == 3:
        text = "".join(chance.choices("ab%_\\'é", k=4))
        return {"op": "like", "args": [{"op": "casei", "args": [{"property": "name"}]}, text]}
    if kind == 4:
        return {"op": "in", "args": [random_number(chance, depth), [
            random_number(chance, depth) for _ in range(3)]]}  # fmt: skip
    op = chance.choice(("and", "or", "not", "isNull"))
    count = 1 if op in ("not", "isNull") else 2
    return {"op": op, "args": [random_predicate(chance, depth - 1) for _ in range(count)]}


NAMES = ["people", "share", "name", "active", "seen", "began", "valid", "span", "tags", "geom", "q"]
ENDS: list[Any] = ["..", "2024-01-01", "2024-03-01", "2024-01-01T00:00:00Z", {"property": "seen"},
                   {"property": "began"}, {"property": "ended"}, "0001-01-01", "9999-12-31",
                   "9999-12-31T23:59:59.999999Z"]  # fmt: skip
SHAPES = [
    {"bbox": [98, 16, 99, 17]},
    {"bbox": [179, -5, -179, 5]},
    {"bbox": [98, 16, 98, 16]},
    {"type": "Point", "coordinates": [98.5, 16.5]},
    {"type": "LineString", "coordinates": [[98, 16], [99, 17]]},
    {"type": "LineString", "coordinates": [[98, 16], [98, 16]]},
    {"type": "MultiPoint", "coordinates": [[98, 16], [98, 16]]},
    {"type": "Polygon", "coordinates": [[[98, 16], [99, 16], [99, 17], [98, 16]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
]
OPERATORS = (*LOGICAL, *COMPARISONS, *ARITHMETIC, *FOLDS, *SPATIAL, *TEMPORAL, *ARRAYS, "like",
             "between", "in", "isNull")  # fmt: skip
