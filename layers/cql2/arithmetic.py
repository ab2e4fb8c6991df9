"""Arithmetic (OGC 21-065r2, clause 7.11): exact decimals, and never an error from the database.

What is constant is calculated here, so `x > 10 - 2*3` uses an index on x as `x > 4` does. With
properties PostgreSQL calculates in NUMERIC; where there is no result (division by zero, a root
of a negative number, a power beyond 300 digits) it is null. `/` is exact division, `div` drops
the fraction, `%` has the sign of the dividend.
"""

from __future__ import annotations

from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow

from sqlalchemy import Numeric, and_, case, cast, func, literal_column, null, or_

from layers.cql2.errors import InvalidCQL2
from layers.cql2.limits import MAX_POWERS
from layers.cql2.operands import SQL, Operand, number
from layers.cql2.queryables import Kind

_DIGITS = 300
_CONTEXT = Context(
    prec=40, Emax=_DIGITS, Emin=-2 * _DIGITS, traps=[DivisionByZero, InvalidOperation, Overflow]
)
_CALCULATED = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
    "%": _CONTEXT.remainder,
    "div": _CONTEXT.divide_int,
    "^": _CONTEXT.power,
}
_ZERO: SQL = literal_column("0")


def calculate(op: str, left: Operand, right: Operand) -> Operand:
    """The result of one operation on two numbers. Raises InvalidCQL2."""
    if isinstance(left.value, Decimal) and isinstance(right.value, Decimal):
        return number(_constant(op, left.value, right.value))
    if op in ("/", "%", "div") and right.value == 0:
        raise InvalidCQL2(f"{op} by zero")
    powers = max(left.powers, right.powers) + (op == "^")
    if powers > MAX_POWERS:
        raise InvalidCQL2(f"more than {MAX_POWERS} powers of properties lie inside each other")
    found = _in_sql(op, _numeric(left), _numeric(right))
    return Operand(Kind.NUMBER, found, powers=powers, calculated=True)


def _constant(op: str, left: Decimal, right: Decimal) -> Decimal:
    if op == "^" and right == 0:
        return Decimal(1)  # of 0 too, as in PostgreSQL
    try:
        found = _CALCULATED[op](left, right)
    except DecimalException as error:
        raise InvalidCQL2(f"{left:g} {op} {right:g} has no result") from error
    if not found.is_finite():
        raise InvalidCQL2(f"{left:g} {op} {right:g} has no result")
    return found if found.adjusted() >= -_DIGITS else Decimal(0)


def alike(*numbers: Operand) -> list[SQL]:
    """Numbers to compare: all in NUMERIC where one is calculated, which a double might not hold."""
    if any(each.calculated for each in numbers):
        return [cast(each.sql, Numeric) for each in numbers]
    return [each.sql for each in numbers]


def _numeric(operand: Operand) -> SQL:
    if isinstance(operand.value, Decimal) and abs(operand.value.adjusted()) > _DIGITS:
        raise InvalidCQL2(f"{operand.value:g} is too large or too small to calculate with")
    return cast(operand.sql, Numeric)


def _in_sql(op: str, left: SQL, right: SQL) -> SQL:
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / func.nullif(right, _ZERO, type_=Numeric)
        case "%":
            return func.mod(left, func.nullif(right, _ZERO), type_=Numeric)
        case "div":
            return func.div(left, func.nullif(right, _ZERO), type_=Numeric)
        case _:
            return _power(left, right)


def _power(base: SQL, exponent: SQL) -> SQL:
    size = func.abs(exponent) * func.abs(func.log(func.abs(func.nullif(base, _ZERO))))
    impossible = or_(
        and_(base == _ZERO, exponent < _ZERO),
        and_(base < _ZERO, exponent != func.trunc(exponent)),
        size > _DIGITS,
    )
    return case((impossible, null()), else_=func.power(base, exponent, type_=Numeric))
