"""Spatial functions and geometry literals; clauses 7.6 and 7.7 of OGC 21-065r2."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Connection

from layers.cql2 import FilterCRS, FilterLang, InvalidCQL2, filter_expression, parse_filter
from tests.layers.cql2.places import PLACES, QUERYABLES, Find, asked


@pytest.mark.parametrize(
    ("predicate", "ids"),
    [
        ("S_INTERSECTS(geom, BBOX(98,16,99,17))", "acf"),
        ("S_INTERSECTS(BBOX(98,16,99,17), geom)", "acf"),
        ("S_INTERSECTS(geom, BBOX(-180,-90,180,90))", "abcef"),
        ("S_INTERSECTS(geom, BBOX(98,16,-5,99,17,5))", "acf"),
        ("S_INTERSECTS(geom, BBOX(98.5,16.5,98.5,16.5))", "acf"),
        ("S_INTERSECTS(geom, BBOX(98.5,16,98.5,16.2))", "f"),
        ("S_INTERSECTS(geom, BBOX(179,-5,-179,5))", "e"),
        ("S_INTERSECTS(geom, BBOX(170,0,100,20))", "acef"),
        ("S_INTERSECTS(geom, BBOX(180,-1,-180,1))", "e"),
        ("S_INTERSECTS(geom, POINT(98.5 16.5))", "acf"),
        ("S_INTERSECTS(geom, POINT Z(98.5 16.5 3))", "acf"),
        ("S_INTERSECTS(geom, point(98.5 16.5 3))", "acf"),
        ("S_INTERSECTS(geom, POINT(9.85e1 1.65E+1))", "acf"),
        ("S_INTERSECTS(geom, MULTIPOINT((108.2 16), (179 0)))", "be"),
        ("S_INTERSECTS(geom, MULTIPOINT(108.2 16, 179 .0))", "be"),
        ("S_INTERSECTS(geom, LINESTRING(108 16, 109 16))", "b"),
        ("S_INTERSECTS(geom, MULTILINESTRING((108 16, 109 16), (0 0, 1 1)))", "b"),
        ("S_INTERSECTS(geom, POLYGON((98 16, 99 16, 99 16.4, 98 16)))", "cf"),
        ("S_INTERSECTS(geom, POLYGON((90 0,120 0,120 30,90 30,90 0),(98 15,100 15,100 18,98 18,"
         "98 15)))", "bcf"),
        ("S_INTERSECTS(geom, MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((179 0,180 0,180 1,179 0))))", "e"),
        ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(108.2 16), LINESTRING(179 0, 180 0)))", "be"),
        ("S_DISJOINT(geom, BBOX(98,16,99,17))", "be"),
        ("NOT S_INTERSECTS(geom, BBOX(98,16,99,17))", "be"),
        ("S_EQUALS(geom, POINT(98.5 16.5))", "a"),
        ("S_EQUALS(geom, BBOX(98,16,99,17))", "f"),
        ("S_EQUALS(geom, LINESTRING(99 17, 98 16))", "c"),
        ("S_WITHIN(geom, BBOX(98,16,99,17))", "acf"),
        ("S_WITHIN(geom, POLYGON((97 15,100 15,100 18,97 18,97 15)))", "acf"),
        ("S_CONTAINS(geom, POINT(98.5 16.5))", "acf"),
        ("S_CONTAINS(geom, POINT(98 16))", ""),
        ("S_CONTAINS(BBOX(178,-1,180,1), geom)", "e"),
        ("S_TOUCHES(geom, POINT(98 16))", "cf"),
        ("S_TOUCHES(geom, BBOX(99,17,100,18))", "cf"),
        ("S_CROSSES(geom, LINESTRING(97 18, 100 15))", "cf"),
        ("S_CROSSES(geom, BBOX(98.5,16,100,18))", "c"),
        ("S_OVERLAPS(geom, BBOX(98.5,16,100,18))", "f"),
        ("S_INTERSECTS(geom, geom)", "abcef"),
        ("S_INTERSECTS(POINT(1 2), BBOX(0,0,3,3))", "abcdef"),
        ("S_INTERSECTS(geom, BBOX(98,16,99,17)) and not S_EQUALS(geom, POINT(98.5 16.5))", "cf"),
    ],
)  # fmt: skip
def test_spatial_functions(find: Find, predicate: str, ids: str) -> None:
    assert find(predicate) == ids


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ("POINT(90 180)", "latitude is 180, outside -90 to 90"),
        ("POINT(1000000 1)", "longitude is 1e"),
        ("BBOX(0,0,181,1)", "longitude is 181"),
        ("BBOX(0,-91,1,1)", "latitude is -91"),
        ("BBOX(0,2,1,1)", "south of a BBOX"),
        ("BBOX(1,2,3)", "four or six numbers"),
        ("BBOX(1,2,3,people)", "four or six numbers"),
        ("LINESTRING(0 0)", "less than 2 points"),
        ("POLYGON((0 0,1 0,1 1))", "less than 4 points"),
        ("POLYGON((0 0,1 0,1 1,0 1))", "does not end where it starts"),
        ("POLYGON((0 0,1 1,1 0,0 1,0 0))", "not valid: Self-intersection"),
        ("POLYGON((0 0,1 0,1 1,0 0),(5 5,6 5,6 6,5 5))", "not valid: Hole lies outside"),
        ("POINT EMPTY", "cannot be read"),
        ("POINT(1)", "filter"),
        ("POINT(nan 1)", "cannot be read"),
        ("POINT(1e999 1)", "out of range"),
        ("GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2)))", "GEOMETRYCOLLECTION"),
        ("CIRCULARSTRING(1 2, 3 4, 5 6)", "cannot be read"),
        ("name", "S_INTERSECTS compares geometries, not a string"),
        ("'POINT(1 2)'", "S_INTERSECTS compares geometries, not a string"),
        ("seen", "S_INTERSECTS compares geometries, not a date"),
    ],
)
def test_a_wrong_geometry_is_refused(geometry: str, message: str) -> None:
    with pytest.raises(InvalidCQL2, match=message):
        asked(f"S_INTERSECTS(geom, {geometry})")


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": None},
        {"type": "Point", "coordinates": [1, "2"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [[1, 2]]},
        {"type": "Point", "coordinates": [1, 2], "crs": "EPSG:3857"},
        {"type": "Point", "coordinates": {"property": "people"}},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [1, 2]},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": 1, "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "GeometryCollection", "geometries": [1]},
        {"type": "GeometryCollection", "geometries": [{"property": "geom"}]},
        {"bbox": "1,2,3,4"},
        {"bbox": [1, 2, 3, None]},
        {"bbox": [1, 2, 3, 4], "extra": 1},
    ],
)
def test_a_wrong_geometry_of_json_is_refused(geometry: object) -> None:
    with pytest.raises(InvalidCQL2):
        parse_filter(
            json.dumps({"op": "s_intersects", "args": [{"property": "geom"}, geometry]}),
            FilterLang.JSON,
        )


def test_only_intersection_and_disjointness_are_asked_of_a_collection() -> None:
    with pytest.raises(InvalidCQL2, match="S_WITHIN takes no GEOMETRYCOLLECTION"):
        asked("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(1 2), BBOX(0,0,1,1)))".replace(
            "BBOX(0,0,1,1)", "POINT(1 1)"))  # fmt: skip


@pytest.mark.parametrize(
    ("crs", "geometry"),
    [
        (FilterCRS(4326), "BBOX(98,16,99,17)"),
        (FilterCRS(4326, lat_first=True), "BBOX(16,98,17,99)"),
        (FilterCRS(4326, lat_first=True), "POLYGON((16 98,16 99,17 99,17 98,16 98))"),
        (FilterCRS(3857), "BBOX(10909310,1804722,11020630,1921230)"),
        (FilterCRS(32647), "BBOX(390000,1768000,500000,1880000)"),
    ],
)
def test_coordinates_are_read_in_their_crs(
    connection: Connection, crs: FilterCRS, geometry: str
) -> None:
    parsed = parse_filter(f"S_INTERSECTS(geom, {geometry})", FilterLang.TEXT, crs=crs)
    statement = PLACES.select().where(filter_expression(parsed, QUERYABLES)).order_by(PLACES.c.id)
    assert [row.id for row in connection.execute(statement)] == ["a", "c", "f"]


def test_the_whole_world_of_web_mercator_is_within_the_range() -> None:
    parse_filter(
        "S_INTERSECTS(geom, BBOX(-20037508.342789244,-20037508.342789244,"
        "20037508.342789244,20037508.342789244))",
        FilterLang.TEXT,
        crs=FilterCRS(3857),
    )


@pytest.mark.parametrize(
    ("crs", "geometry"),
    [
        (FilterCRS(3857), "POINT(1e20 0)"),
        (FilterCRS(32647), "POINT(1e12 1e12)"),
        (FilterCRS(32647), "BBOX(500000,0,400000,10)"),
        (FilterCRS(999999), "POINT(1 2)"),
        (FilterCRS(4326, lat_first=True), "POINT(98 16)"),
    ],
)
def test_coordinates_outside_their_crs_are_refused(crs: FilterCRS, geometry: str) -> None:
    with pytest.raises(InvalidCQL2):
        parse_filter(f"S_INTERSECTS(geom, {geometry})", FilterLang.TEXT, crs=crs)
