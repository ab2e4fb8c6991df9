"""Spatial functions (OGC 21-065r2, clauses 7.6 and 7.7), in the plane of degrees as PostGIS has it.

A BBOX whose west is greater than its east crosses 180 degrees and is two boxes.
"""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, LargeBinary, func

from layers.cql2.errors import InvalidCQL2
from layers.cql2.geometries import CRS84
from layers.cql2.operands import Operand, bound
from layers.cql2.operators import label
from layers.cql2.queryables import Kind

_FUNCTIONS = {
    "s_intersects": func.ST_Intersects,
    "s_equals": func.ST_Equals,
    "s_disjoint": func.ST_Disjoint,
    "s_touches": func.ST_Touches,
    "s_within": func.ST_Within,
    "s_overlaps": func.ST_Overlaps,
    "s_crosses": func.ST_Crosses,
    "s_contains": func.ST_Contains,
}
_OF_COLLECTIONS = ("s_intersects", "s_disjoint")


def geometry(shape: BaseGeometry) -> Operand:
    """A geometry literal, sent as well-known binary."""
    sql = func.ST_GeomFromWKB(bound(shapely.to_wkb(shape), LargeBinary()), CRS84.srid)
    return Operand(Kind.GEOMETRY, sql, shape)


def relate(op: str, left: Operand, right: Operand) -> ColumnElement[bool]:
    """Whether two geometries stand in that relation. Raises InvalidCQL2."""
    for operand in (left, right):
        if operand.kind is not Kind.GEOMETRY:
            raise InvalidCQL2(f"{label(op)} compares geometries, not a {operand.kind}")
        if isinstance(operand.value, shapely.GeometryCollection) and op not in _OF_COLLECTIONS:
            raise InvalidCQL2(f"{label(op)} takes no GEOMETRYCOLLECTION: write its parts singly")
    return _FUNCTIONS[op](left.sql, right.sql)
