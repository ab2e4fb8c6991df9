"""What is no filter, or none of this layer, is refused with its place, name and rule."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Connection

from geo.errors import InvalidFilter
from layers.cql2 import FilterCRS, FilterLang, InvalidCQL2, parse_filter
from tests.layers.cql2.places import Find, asked


@pytest.mark.parametrize(
    ("predicate", "message"),
    [
        ("THIS IS NOT A FILTER", r"what stands at character 6 cannot be read: 'IS NOT A FILTER'"),
        ("", "ends too early, or is empty"),
        ("   ", "ends too early, or is empty"),
        ("people = 1 and", "ends too early"),
        ("people = 1 and (active = true or)", r"the part from character 16 ends too early"),
        ("people = 1 and (active == true)", r"character 25 cannot be read: '= true\)'"),
        ("people = (1", r"the '\(' at character 10 is not closed"),
        ("people = 1)", r"the '\)' at character 11 closes nothing"),
        ("name = 'abc", "the ' at character 8 is not closed"),
        (r"name = 'abc\'", "the ' at character 8 is not closed"),
        ('"name = 1', 'the " at character 1 is not closed'),
        ("people = 1; DROP TABLE places", "character 11 cannot be read"),
        ("name = 'a' 'b'", "cannot be read"),
        ("('a')('b')", "cannot be read"),
        ("'a'(1) = 1", "cannot be read"),
        ("people IN ()", "the list at character 11 is empty"),
        ("people = ()", "a list is no value"),
        ("name ILIKE 'x'", "cannot be read"),
        ("name LIKE 'a' ESCAPE 'b'", "cannot be read"),
        ("peple = 1", "there is no property 'peple' to filter by; did you mean people"),
        ("peple = 1", "Known are: active, began, ended, geom, id, name, people"),
        ('"no such" = 1', "there is no property 'no such'"),
        ("people.x = 1", "there is no property 'people.x'"),
        ("places.people = 1", "there is no property 'places.people'"),
        ("PEOPLE = 1", "there is no property 'PEOPLE'"),
        ("pg_sleep(10) = 1", "there is no operator or function 'pg_sleep'"),
        ("S_INTERSECT(geom, geom)", "'S_INTERSECT'; did you mean S_INTERSECTS"),
        ("S_DWITHIN(geom, POINT(1 2), 10, 'm')", "'S_DWITHIN'; did you mean S_WITHIN"),
        ("S_INTERSECTS(geom)", "S_INTERSECTS takes 2 operands, not 1"),
        ("T_AFTER(seen, seen, seen)", "T_AFTER takes 2 operands, not 3"),
        ("CASEI(name, name) = 'x'", "CASEI takes 1 operands, not 2"),
        ("people = 'abc'", "= compares a integer with a string"),
        ("name = 1", "= compares a string with a number"),
        ("active = 'true'", "= compares a boolean with a string"),
        ("active = 1", "= compares a boolean with a number"),
        ("seen = '2024-01-01'", "= compares a date with a string"),
        ("seen = TIMESTAMP('2024-01-01T00:00:00Z')", "= compares a date with a timestamp"),
        ("seen = began", "= compares a date with a timestamp"),
        ("people > true", "> compares a integer with a boolean"),
        ("name < people", "< compares a string with a integer"),
        ("geom = POINT(1 2)", "= compares no geometry: use S_INTERSECTS"),
        ("valid = INTERVAL('2024-01-01','..')", "compares no interval: use T_INTERSECTS"),
        ("seen = INTERVAL('2024-01-01','..')", "an INTERVAL is no value to compare"),
        ("people LIKE '1%'", "LIKE compares strings, not a integer"),
        ("name LIKE name", "LIKE takes a character literal"),
        ("name LIKE 1", "LIKE takes a character literal"),
        (r"name LIKE 'a\\\'", "is not closed"),
        ("name BETWEEN 'a' AND 'b'", "BETWEEN compares numbers or dates, not a string"),
        ("people BETWEEN 1 AND 'b'", "BETWEEN compares a integer with a string"),
        ("people IN (1, 'b')", "IN compares a integer with a string"),
        ("people IN (1, null)", "null is no value to compare with: write IS NULL"),
        ("people = NULL", "null is no value to compare with: write IS NULL"),
        ("people + 'a' = 1", r"\+ calculates with numbers, not a string"),
        ("seen + 1 = seen", r"\+ calculates with numbers, not a date"),
        ("-name = 1", r"\* calculates with numbers, not a string"),
        ("CASEI(people) = 'x'", "CASEI takes a string, not a integer"),
        ("ACCENTI(active) = 'x'", "ACCENTI takes a string, not a boolean"),
        ("people", "the property 'people' is no condition"),
        ("active", "a property alone is no condition: write active = true"),
        ("active AND people = 1", "write active = true"),
        ("NOT people", "is no condition"),
        ("people + 1", r"\+ is no condition"),
        ("1", "the number 1.* is no condition"),
        ("'x'", "the string 'x' is no condition"),
        ("POINT(1 2)", "a geometry is no condition"),
        ("(1, 2)", "a list is no condition"),
        ("INTERVAL('..','..')", "an INTERVAL is no condition"),
        ("people = 1 = true", "= is no value to compare"),
        ("(people = 1) = true", "= is no value to compare"),
        ("people < 2 < 3", "< is no value to compare"),
        ("people = 1e999", "larger than a double"),
        ("name = '\0'", r"U\+0000"),
        ("name = '\ud800'", r"U\+D800 is half of a surrogate pair"),
        ('"\ue0000" = 1', "there is no property"),
        ("\ue0001 = 1", "there is no property"),
        ("people ^ people ^ people ^ people ^ people = 1", "more than 3 powers"),
    ],
)
def test_a_wrong_filter_is_refused(predicate: str, message: str) -> None:
    with pytest.raises(InvalidCQL2, match=message) as caught:
        asked(predicate)
    assert isinstance(caught.value, InvalidFilter)
    assert caught.value.parameter == "filter"
    assert str(caught.value).startswith("filter: ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{", "it is not JSON"),
        ("", "it is not JSON"),
        ("{'op': 1}", "it is not JSON"),
        ("NaN", "NaN is not a number"),
        ('{"op": "=", "args": [{"property": "people"}, Infinity]}', "Infinity is not a number"),
        ('{"op": "=", "args": [{"property": "people"}, 1e999]}', "larger than a double"),
        ("9" * 400, "larger than a double"),
        ("9" * 5000, "larger than a double"),
        ('{"op": "not", "args": [true], "op": "and"}', "a member twice"),
        ("null", "write IS NULL"),
        ("[]", "a list is no condition"),
        ("{}", "{}' is no expression"),
        ('"x"', "no condition"),
        ('{"op": "="}', "no expression"),
        ('{"op": "=", "args": 1}', "no expression"),
        ('{"op": 1, "args": []}', "no expression"),
        ('{"op": "=", "args": [1]}', "= takes 2 operands, not 1"),
        ('{"op": "and", "args": [true]}', "AND takes at least 2 operands, not 1"),
        ('{"op": "not", "args": [true, true]}', "NOT takes 1 operands, not 2"),
        ('{"op": "eq", "args": [1, 1]}', "there is no operator or function 'eq'"),
        ('{"op": "ilike", "args": [1, 1]}', "did you mean LIKE"),
        ('{"op": "=", "args": [1, 1], "x": 1}', "no expression"),
        ('{"property": 1}', "no expression"),
        ('{"op": "isNull", "args": [{"property": "x", "y": 1}]}', "no expression"),
        ('{"op": "in", "args": [{"property": "people"}, 1]}', "IN takes a list"),
        ('{"op": "=", "args": [{"property": "people"}, [1]]}', "a list is no value"),
        ('{"op": "=", "args": [{"property": "seen"}, {"date": 1}]}', "no expression"),
        ('{"op": "a_equals", "args": [{"property": "tags"}, [["x"]]]}', "a list is no value"),
        ('{"op": "=", "args": [{"property": "seen"}, {"date": "x"}]}', "is not a date"),
        ('{"op": "t_after", "args": [{"property": "seen"}, {"interval": ["..", 1]}]}',
         "an end of an INTERVAL"),
        ('{"op": "t_after", "args": [{"property": "seen"}, {"interval": [".."]}]}',
         "no expression"),
        ('{"op": "t_after", "args": [{"property": "seen"}, {"interval": ["..", null]}]}', "null"),
        ('{"op": "=", "args": [{"property": "name"}, "\\u0000"]}', r"U\+0000"),
        ('{"op": "=", "args": [{"property": "name"}, "\\ud800"]}', r"U\+D800"),
        ('{"op": "=", "args": [{"property": "na\\u0000me"}, "x"]}', r"U\+0000"),
        ('{"op": "like", "args": [{"property": "name"}, "a\\\\"]}', "escapes nothing"),
    ],
)  # fmt: skip
def test_wrong_json_is_refused(value: str, message: str) -> None:
    with pytest.raises(InvalidCQL2, match=message):
        asked(value, FilterLang.JSON)


def test_an_unknown_crs_names_its_own_parameter() -> None:
    with pytest.raises(InvalidCQL2, match="filter-crs: there is no CRS EPSG:999999") as caught:
        parse_filter("S_INTERSECTS(geom, POINT(1 2))", FilterLang.TEXT, crs=FilterCRS(999999))
    assert caught.value.parameter == "filter-crs"


INJECTIONS = [
    "'; DROP TABLE places; --",
    "' OR '1'='1",
    "\\'; DROP TABLE places; --",
    "$1",
    ":param",
    "%(name)s",
    "%s",
    "{}",
    "\u2019 OR 1=1",
    "x')) UNION SELECT version() --",
    "\\",
    "a\\' OR true --",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_string_is_only_ever_a_value(find: Find, connection: Connection, value: str) -> None:
    quoted = "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    assert find(f"name = {quoted}") == ""
    assert find(f"CASEI(ACCENTI(name)) = CASEI(ACCENTI({quoted})) OR name IN ({quoted})") == ""
    assert find(f"A_CONTAINS(tags, ({quoted}))") == ""
    for predicate in (f"name = {quoted}", f"name < {quoted} or name in ({quoted}, {quoted})"):
        assert value not in str(asked(predicate).compile(connection))
    found = asked(json.dumps({"op": "=", "args": [value, value]}), FilterLang.JSON)
    assert len(connection.scalars(found).all()) == 6


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_name_only_ever_looks_up_a_property(value: str) -> None:
    for node in ({"property": value}, {"op": value, "args": [1]}, {"date": value}):
        with pytest.raises(InvalidCQL2):
            asked(json.dumps({"op": "=", "args": [node, 1]}), FilterLang.JSON)
    with pytest.raises(InvalidCQL2):
        asked('"' + value.replace('"', '""') + '" = 1')
