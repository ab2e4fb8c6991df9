"""The operators and functions of CQL2 that are answered, by their names in CQL2 JSON."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from layers.cql2.errors import InvalidCQL2, shown

LOGICAL = ("and", "or", "not")
COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
FOLDS = ("casei", "accenti")
SPATIAL = (
    "s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses",
    "s_contains",
)  # fmt: skip
TEMPORAL = (
    "t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy",
    "t_finishes", "t_intersects", "t_meets", "t_metBy", "t_overlappedBy", "t_overlaps",
    "t_startedBy", "t_starts",
)  # fmt: skip
ARRAYS = ("a_equals", "a_contains", "a_containedBy", "a_overlaps")
PREDICATES = frozenset(
    (*LOGICAL, *COMPARISONS, *SPATIAL, *TEMPORAL, *ARRAYS, "like", "between", "in", "isNull")
)


@dataclass(frozen=True)
class Operator:
    """One operator: its name in CQL2 JSON and how many operands it takes."""

    name: str
    least: int
    most: int | None

    @property
    def label(self) -> str:
        """Its name as it is written in CQL2 text."""
        return "IS NULL" if self.name == "isNull" else self.name.upper()

    def check_count(self, count: int) -> None:
        """Raise InvalidCQL2 unless it takes that many operands."""
        if count < self.least or (self.most is not None and count > self.most):
            takes = f"{self.least}" if self.most else f"at least {self.least}"
            raise InvalidCQL2(f"{self.label} takes {takes} operands, not {count}")


_COUNTS = {"and": (2, None), "or": (2, None), "not": (1, 1), "between": (3, 3), "isNull": (1, 1)}
_OPERATORS = {
    name.lower(): Operator(name, *_COUNTS.get(name, (1, 1) if name in FOLDS else (2, 2)))
    for name in sorted(PREDICATES | set(ARITHMETIC) | set(FOLDS))
}


def operator_named(name: str) -> Operator:
    """The operator of that name, in any case. Raises InvalidCQL2."""
    found = _OPERATORS.get(name.lower())
    if found is None:
        near = difflib.get_close_matches(name.lower()[:60], _OPERATORS, 1)
        hint = f"; did you mean {_OPERATORS[near[0]].label}?" if near else ""
        raise InvalidCQL2(f"there is no operator or function {shown(name)}{hint}")
    return found


def label(name: str) -> str:
    """How messages call an operator of the tree."""
    return _OPERATORS[name.lower()].label
