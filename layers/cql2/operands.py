"""Operands of a filter as typed SQL: properties through the queryables, literals as bound values.

Each literal is cast to its type in SQL, which asyncpg needs to know how to send it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from layers.cql2.queryables import Kind

SQL: TypeAlias = ColumnElement[Any]
MOMENT = DateTime(timezone=True)
_ICU = "und-x-icu"
BIGGEST = 2**63  # beyond what BIGINT holds

# Letters that Unicode does not take apart, their stroke or missing dot being part of them.
_STROKED = "øØđĐłŁħĦŧŦƀɃǥǤɨƗɉɈɍɌƶƵıðÐ"
_PLAIN = "oOdDlLhHtTbBgGiIjJrRzZidD"
# Marks above and below Latin, Greek, Cyrillic: not the vowels of Burmese or Thai, nor dakuten.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"


@dataclass(frozen=True)
class Operand:
    """An expression and what it yields.

    value: what it always yields, where that is known. calculated: whether arithmetic made it.
    powers: how many `^` of properties lie inside each other in it.
    """

    kind: Kind
    sql: SQL
    value: object = None
    calculated: bool = False
    powers: int = 0


def bound(value: object, sql_type: TypeEngine[Any]) -> SQL:
    """A value as a parameter of that type."""
    return cast(literal(value, sql_type), sql_type)


def string(value: str) -> Operand:
    """A character literal."""
    return Operand(Kind.STRING, bound(value, Text()), value)


def boolean(value: bool) -> Operand:
    """A boolean literal."""
    return Operand(Kind.BOOLEAN, bound(value, Boolean()), value)


def number(value: Decimal) -> Operand:
    """A numeric literal; whole numbers stay such, so that an index on integers serves them."""
    if value == value.to_integral_value() and abs(value) < BIGGEST:
        return Operand(Kind.NUMBER, bound(int(value), BigInteger()), value)
    return Operand(Kind.NUMBER, bound(value, Numeric()), value)


def day(value: date) -> Operand:
    """A date literal."""
    return Operand(Kind.DATE, bound(value, Date()), value)


def moment(value: date) -> Operand:
    """A timestamp literal."""
    return Operand(Kind.TIMESTAMP, bound(value, MOMENT), value)


def folded(text: SQL, folds: frozenset[str]) -> SQL:
    """A string under CASEI, ACCENTI or both (OGC 21-065r2, clauses 7.4 and 7.5).

    No extension is needed. `unaccent` takes 1 µs for a name with accents and this 12 to 18, but an
    outside server may lack it, and it rewrites ½, © and ß too. Plain ASCII, most of what is stored,
    has no accents and the simplest of cases: 0.2 to 0.5 µs.
    """
    plain, full = text, text
    if "accenti" in folds:
        full = _without_accents(full)
    if "casei" in folds:
        plain = func.lower(text.collate(_ICU))
        full = _without_case(func.normalize(full, literal_column("NFC")))
    return case((func.octet_length(text) == func.char_length(text), plain), else_=full)


def _without_case(text: SQL) -> SQL:
    """Full case folding by the three mappings of ICU; only the final sigma is left to do.

    Of all characters of Unicode 15 it differs from CaseFolding.txt in ı, which it takes for i.
    """
    for mapping in (func.lower, func.upper, func.lower):
        text = mapping(text.collate(_ICU))
    return func.translate(text, "ς", "σ", type_=Text)


def _without_accents(text: SQL) -> SQL:
    """Decomposed, marks taken out, composed again, so that `_` still matches one letter."""
    apart = func.normalize(text, literal_column("NFD"))
    bare = func.regexp_replace(apart, _MARKS, "", "g")
    return func.translate(func.normalize(bare, literal_column("NFC")), _STROKED, _PLAIN, type_=Text)
