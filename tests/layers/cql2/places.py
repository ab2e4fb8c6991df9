"""A table of six rows with every kind of column, asked in both languages and by both drivers."""

from __future__ import annotations

import json
from collections.abc import Callable

from geoalchemy2 import Geometry
from sqlalchemy import Column, Integer, MetaData, Select, Table, Text, select
from sqlalchemy import types as sql_types
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE

from layers.cql2 import FilterLang, Kind, Queryable, filter_expression, parse_filter

PLACES = Table(
    "places",
    MetaData(),
    Column("id", Text),
    Column("name", Text),
    Column("people", Integer),
    Column("share", sql_types.Double),
    Column("active", sql_types.Boolean),
    Column("seen", sql_types.Date),
    Column("began", sql_types.DateTime(timezone=True)),
    Column("ended", sql_types.DateTime(timezone=True)),
    Column("valid", DATERANGE),
    Column("span", TSTZRANGE),
    Column("tags", ARRAY(Text)),
    Column("geom", Geometry(srid=4326, spatial_index=False)),
)
ROWS = r"""
INSERT INTO places VALUES
('a', 'Myawaddy', 100, 0.5, true, '2024-01-10', '2024-01-10 12:00Z', '2024-01-20 12:00Z',
    '[2024-01-01,2024-01-31]', '[2024-01-10 12:00Z,2024-01-20 12:00Z]', '{x,y}',
    'SRID=4326;POINT(98.5 16.5)'),
('b', 'Đà Nẵng', 0, -0.25, false, '2024-02-29', '2024-02-29 23:59:59.5Z', NULL,
    '(,2024-02-29]', '(,2024-02-29 23:59:59.5Z)', '{}',
    'SRID=4326;POINT(108.2 16)'),
('c', E'Straße 100%_\\', 7, 1e300, true, '2024-01-31', '2024-01-20 12:00Z', '2024-02-01 00:00Z',
    '[2024-01-31,)', '[2024-01-20 12:00Z,2024-02-01 00:00Z)', '{y}',
    'SRID=4326;LINESTRING(98 16, 99 17)'),
('d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
('e', E'myawaddy "O''Neill"', -5, 0, false, '1999-12-31', '1999-12-31 00:00Z', '1999-12-31 00:00Z',
    '(,)', '(,)', '{x,y,z}',
    'SRID=4326;POLYGON((178 -1, 180 -1, 180 1, 178 1, 178 -1))'),
('f', E'tab\tbell\x07', 2, 2, true, '2024-01-01', '2024-01-01 00:00Z', '2024-01-10 12:00Z',
    'empty', 'empty', '{"a b"}',
    'SRID=4326;POLYGON((98 16, 99 16, 99 17, 98 17, 98 16))')
"""
_OTHER_KINDS = {"people": Kind.INTEGER, "share": Kind.NUMBER, "active": Kind.BOOLEAN,
                "seen": Kind.DATE, "began": Kind.TIMESTAMP, "ended": Kind.TIMESTAMP,
                "valid": Kind.INTERVAL, "span": Kind.INTERVAL, "tags": Kind.STRINGS,
                "geom": Kind.GEOMETRY}  # fmt: skip
QUERYABLES = {
    column.name: Queryable(column.name, _OTHER_KINDS.get(column.name, Kind.STRING), column)
    for column in PLACES.columns
}
Find = Callable[[str], str]


def asked(filter_text: str, lang: FilterLang = FilterLang.TEXT) -> Select[tuple[str]]:
    """The rows that a filter selects."""
    condition = filter_expression(parse_filter(filter_text, lang), QUERYABLES)
    return select(PLACES.c.id).where(condition).order_by(PLACES.c.id)


def as_json(filter_text: str) -> str:
    return json.dumps(parse_filter(filter_text, FilterLang.TEXT).to_json())
