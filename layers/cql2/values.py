"""Values written as plain text, as in `?people_min=20`, read by the kind of their property."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from layers.cql2.errors import InvalidCQL2, shown
from layers.cql2.limits import check_size
from layers.cql2.nodes import Array, Boolean, Call, Instant, Node, Number, Property, String
from layers.cql2.queryables import Kind

# Whole numbers up to here, of either sign, are read exactly by every program that knows JSON.
MAX_WHOLE = 999_999_999_999_999
_WHOLE = re.compile(rf"-?[0-9]{{1,{len(str(MAX_WHOLE))}}}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def equals_node(name: str, kind: Kind, text: str) -> Node:
    """`name = text`, or `A_CONTAINS(name, (text))`. Raises InvalidCQL2, naming the property."""
    try:
        check_size(text)
        if kind is Kind.STRINGS:
            return Call("a_contains", (Property(name), Array((String(text),))))
        return Call("=", (Property(name), _value(kind, text)))
    except (ValueError, InvalidCQL2) as error:
        raise InvalidCQL2(f"{shown(text)} is no {kind}", name) from error


def _value(kind: Kind, text: str) -> Node:
    if kind is Kind.STRING:
        return String(text)
    if kind is Kind.INTEGER and _WHOLE.fullmatch(text):
        return Number(Decimal(text))
    if kind is Kind.BOOLEAN and text in ("true", "false"):
        return Boolean(text == "true")
    if kind is Kind.DATE and _DAY.fullmatch(text):
        return Instant(date.fromisoformat(text))
    raise ValueError(text)
