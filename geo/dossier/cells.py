"""One cell to a value: what any text must be, and how each kind of cell is read.

Every function raises BadCell, which says what the cell breaks and what may have been meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from geo.dates import EDTF, EDTFDate, EDTFInterval, parse_edtf
from geo.dossier.columns import Cell, Column
from geo.dossier.problems import Nearest
from geo.entities import SLUG, SLUG_LENGTH, SLUG_RULE
from geo.errors import InvalidEDTF, InvalidValue
from geo.vocabulary import Code

MAX_CHARACTERS = 10_000
MAX_PEOPLE = 1_000_000_000

# Spreadsheet programs run a cell that starts so as a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"[=+@\t\uff1d\uff0b\uff20\uff0d]|-(?![0-9]+(?:\.[0-9]+)?$)")
# Control characters but the line feed, line and paragraph separators, and what reorders or
# hides text: bidi controls, invisible operators, byte order marks, tags. Zero-width joiners,
# non-joiners and spaces are part of Burmese, Khmer and Thai writing.
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,11})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,15})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[ ,.'_\u00a0\u202f][0-9]{3})+")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_LOOSE = re.compile(r"(\d{4})([./-])(\d{1,2})(?:\2(\d{1,2}))?")

Value = str | int | float | EDTF | tuple[str, ...] | None


class BadCell(InvalidValue):
    """What a cell breaks, and what may have been meant."""

    def __init__(self, rule: str, suggestion: str | None = None) -> None:
        """suggestion: None where nothing better than the rule can be said."""
        super().__init__(rule)
        self.rule = rule
        self.suggestion = suggestion


def read_cell(text: str, column: Column, nearest: Nearest) -> Value:
    """The value of a cell; None where it is empty. Raises BadCell."""
    check_text(text, column)
    if text == "":
        if column.required:
            raise BadCell("must not be empty")
        return () if column.cell is Cell.NAMES else None
    if column.codes is not None:
        members = _members(column.codes)
        if text not in members:
            codes = ", ".join(members)
            raise BadCell(f"not in the list: {codes}", nearest(text, frozenset(members)))
        return members[text]
    if column.refers_to:
        return text  # held against the ids that there are, by geo.dossier.links
    return _READERS[column.cell](text)


@cache
def _members(codes: type[Code]) -> dict[str, Code]:
    return {code.value: code for code in codes}


def check_text(text: str, column: Column) -> None:
    """What holds for every cell, whatever it means. Raises BadCell."""
    if len(text) > MAX_CHARACTERS:
        raise BadCell(f"{len(text)} characters: a cell has at most {MAX_CHARACTERS}")
    if _FORMULA.match(text):
        rule = "a spreadsheet formula: no cell but a number starts with = + - @ or a tab"
        raise BadCell(rule, repr(text.lstrip("=+-@\t＝＋＠－")) if len(text) < 80 else None)
    if text != text.strip():
        raise BadCell("blanks at the start or end", repr(text.strip()))
    if text.isascii() and text.isprintable():
        return
    if hidden := _HIDDEN.search(text):
        name = unicodedata.name(hidden[0], "control character")
        raise BadCell(
            f"holds U+{ord(hidden[0]):04X} ({name}) at character {hidden.start() + 1}",
            repr(_HIDDEN.sub("", text)) if len(text) < 80 else None,
        )
    if "\ufffd" in text:
        raise BadCell("holds U+FFFD: a character was lost when the file was converted")
    if "\n" in text and column.cell is not Cell.PROSE:
        raise BadCell("a line break: this cell has one line")
    if not unicodedata.is_normalized("NFC", text):
        raise BadCell("not in Unicode form NFC", repr(unicodedata.normalize("NFC", text)))


def _slug(text: str) -> str:
    if len(text) > SLUG_LENGTH or not SLUG.fullmatch(text):
        slug = "-".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", text).lower()))
        raise BadCell(f"an id is made of {SLUG_RULE}", slug[:SLUG_LENGTH].strip("-") or None)
    return text


def _names(text: str) -> tuple[str, ...]:
    names = text.split("|")
    clean = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if any(not name.strip() for name in names):
        raise BadCell("an empty name between two |", repr("|".join(clean)))
    if any(name != name.strip() for name in names):
        raise BadCell("blanks around a |", repr("|".join(clean)))
    if len(clean) < len(names):
        raise BadCell("the same name twice", repr("|".join(clean)))
    return clean


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        plain = re.sub(r"[^0-9-]", "", text) if _THOUSANDS.fullmatch(text) else None
        if re.fullmatch(r"[0-9]+\.0+", text):
            plain = text.split(".")[0]
        raise BadCell("a whole number is written in digits only, as 2500", plain)
    if abs(number := int(text)) > MAX_PEOPLE:
        raise BadCell(f"a number of at most {MAX_PEOPLE}")
    return number


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        comma = text.replace(",", ".", 1)
        raise BadCell(
            "a number is written in digits with a point, as 98.5251: no comma, thousands mark or "
            "exponent",
            comma if comma != text and _DECIMAL.fullmatch(comma) else None,
        )
    return float(text)


def _edtf(text: str) -> EDTF:
    try:
        return parse_edtf(text)
    except InvalidEDTF as error:
        # The cell itself stands before the rule in every message.
        rule = str(error).removeprefix(repr(text)).removeprefix(":").strip()
        raise BadCell(rule, _other_date(text)) from error


def _date(text: str) -> EDTFDate:
    date = _edtf(text)
    if isinstance(date, EDTFInterval):
        raise BadCell("one date, not an interval")
    return date


def _other_date(text: str) -> str | None:
    """The EDTF date that was likely meant."""
    guess = None
    if match := _DAY_FIRST.fullmatch(text):
        day, month = int(match[1]), int(match[3])
        # 3/4/2023 may be March or April: only what can be one thing is suggested.
        guess = f"{match[4]}-{month:02d}-{day:02d}" if day > 12 or match[2] == "." else None
    elif match := _LOOSE.fullmatch(text):
        guess = f"{match[1]}-{int(match[3]):02d}" + (f"-{int(match[4]):02d}" if match[4] else "")
    elif text.count("/") == 1:
        start, end = text.split("/")
        guess = f"{end}/{start}"
    try:
        return str(parse_edtf(guess).text) if guess else None
    except InvalidEDTF:
        return None


_READERS: dict[Cell, Callable[[str], Value]] = {
    Cell.ID: _slug,
    Cell.TEXT: str,
    Cell.PROSE: str,
    Cell.NAMES: _names,
    Cell.DATE: _date,
    Cell.EDTF: _edtf,
    Cell.INTEGER: _integer,
    Cell.DECIMAL: _decimal,
}
