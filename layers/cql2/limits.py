"""How large a filter may be, checked before any parser sees it.

Each limit is far above what people and programs ask, and low enough that a filter at the limit is
refused or answered in milliseconds: a tree of this depth fits the stacks of every program on its
way (the parser in Rust, SQLAlchemy's compiler, PostgreSQL).
"""

from __future__ import annotations

import re

from layers.cql2.errors import InvalidCQL2

MAX_CHARACTERS = 65_536
MAX_DEPTH = 32  # operators and functions inside each other
MAX_JSON_BRACKETS = 2 * MAX_DEPTH + 8  # an operator takes two, the coordinates of a geometry six
MAX_NODES = 5_000  # operators, properties and literals together
MAX_GROUPS = 1_000  # pairs of parentheses in text
MAX_OPERATORS = 2_000  # and names, outside parentheses
MAX_RUN = 4 * MAX_DEPTH  # of them without AND or OR between; a stack of 512 KB holds them
MAX_WILDCARDS = 50  # in all patterns together
MAX_POWERS = 3  # of properties, inside each other: each repeats its operands three times

_JSON_MARKS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def check_size(text: str) -> None:
    """Refuse what is too long or cannot be text in the database. Raises InvalidCQL2."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidCQL2(f"it has {len(text)} characters, at most {MAX_CHARACTERS} are read")
    if "\0" in text:
        raise InvalidCQL2("the character U+0000 cannot stand in it")
    check_encodable(text)


def check_encodable(text: str) -> None:
    """Refuse half of a surrogate pair, which is no character. Raises InvalidCQL2."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidCQL2(
            f"U+{ord(text[error.start]):04X} is half of a surrogate pair, no character"
        ) from error


def check_json_depth(text: str) -> None:
    """Refuse JSON whose brackets lie too deep, strings left out. Raises InvalidCQL2."""
    depth = 0
    for match in _JSON_MARKS.finditer(text):
        mark = match[0][0]
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_JSON_BRACKETS:
            raise too_deep()


def too_deep() -> InvalidCQL2:
    """The error for a filter that is nested too deeply."""
    return InvalidCQL2(f"it is nested more than {MAX_DEPTH} deep")
