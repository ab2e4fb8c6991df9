"""CQL2 text to CQL2 JSON, by the library `cql2`.

Chosen by test: of 233 example predicates of the standard cql2 0.6.0 reads all, writes each as JSON
and reads that back to the same. pygeofilter 0.4.0 reads 136 (not `or not (...)`, `^`, `div`, nor
any temporal function), and of its own JSON of these 109 (not BBOX, nor ACCENTI), 87 unchanged.

The library takes twice as long for each level of parentheses around an error (22 levels: 9 s), so
every group is read by itself, with placeholders for the groups inside it. Strings become
placeholders too, as it knows no backslashes (cql2-text/escaping) and takes a time without a zone
for one in UTC; `.5` and exponents in WKT are rewritten for it (Annex B).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import cql2

from layers.cql2.errors import InvalidCQL2, shown
from layers.cql2.limits import (
    MAX_DEPTH,
    MAX_GROUPS,
    MAX_JSON_BRACKETS,
    MAX_OPERATORS,
    MAX_RUN,
    too_deep,
)
from layers.cql2.nodes import JSON

_TOKEN = re.compile(
    r"""(?P<space>\s++)
    |(?P<string>'(?:[^'\\]++|''|\\.)*+')
    |(?P<quoted>"(?:[^"]++|"")*+")
    |(?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
    |(?P<name>[^\s'"()<>=!+\-*/%^,.\d][^\s'"()<>=!+\-*/%^,]*+)
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)
    |(?P<symbol><>|<=|>=|!=|.)""",
    re.VERBOSE | re.DOTALL,
)
_GEOMETRIES = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
               "geometrycollection")  # fmt: skip
_NOT_FUNCTIONS = ("and", "or", "not", "like", "between", "is", "div")
_QUOTES = "'\""
_WKT_DEPTH = 4  # GEOMETRYCOLLECTION(MULTIPOLYGON(((
_MARK = "\ue000"  # begins the names of placeholders; a private character
_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "'": "'"}
_PLACE = re.compile(r"--> \d+:(\d+)")


@dataclass
class _Group:
    """What stands between two parentheses, as far as it is read."""

    kind: str  # top, group, list, array, call or wkt
    start: int
    name: str = ""  # of the function that a call is of
    pieces: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)  # where each piece begins in the group
    places: list[int] = field(default_factory=list)  # and where in the caller's text
    length: int = 0
    commas: int = 0
    operators: int = 0
    run: int = 0  # operators since the last AND or OR, which do not nest
    longest: int = 0
    before: str = ""  # the token before, in small letters, quotation marks kept

    def add(self, piece: str, place: int) -> None:
        self.pieces.append(piece)
        self.offsets.append(self.length)
        self.places.append(place)
        self.length += len(piece)

    def count(self, operators: int, run: int = 1) -> None:
        self.operators += operators
        self.run += run
        self.longest = max(self.longest, self.run)
        if self.operators > MAX_OPERATORS or self.run > MAX_RUN:
            most = MAX_OPERATORS if self.operators > MAX_OPERATORS else MAX_RUN
            raise InvalidCQL2(f"it has more than {most} operators in one place: use parentheses")

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def text_to_json(text: str) -> JSON:
    """The JSON that a filter in CQL2 text stands for. Raises InvalidCQL2 with the place."""
    return _TextReader(text).read()


class _TextReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._values: list[JSON] = []  # of the groups and strings that are read
        self._groups = 0
        self._pattern = False  # whether the next string is one of LIKE

    def read(self) -> JSON:
        stack = [_Group("top", 0)]
        for kind, token, place in self._tokens():
            if kind == "open":
                if len(stack) > MAX_DEPTH:
                    raise too_deep()
                stack.append(_Group(_kind_of_group(stack[-1]), place, stack[-1].before))
            elif kind == "close":
                if len(stack) == 1:
                    raise InvalidCQL2(f"the ')' at character {place + 1} closes nothing")
                self._close(stack.pop(), stack[-1], depth=_wkt_depth(stack))
            else:
                self._take(stack[-1], kind, token, place)
        if len(stack) > 1:
            raise InvalidCQL2(f"the '(' at character {stack[-1].start + 1} is not closed")
        return self._parse(stack[0])

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self._text):
            kind, found = str(match.lastgroup), match[0]
            if kind == "symbol" and found[0] in _QUOTES:
                raise InvalidCQL2(f"the {found} at character {match.start() + 1} is not closed")
            if _MARK in found and kind != "string":
                raise InvalidCQL2(f"there is no property {shown(found)}")
            yield kind, found, match.start()

    def _take(self, group: _Group, kind: str, token: str, place: int) -> None:
        if kind == "space":
            group.add(" ", place)
            return
        if kind == "comma":
            group.commas += 1
        elif kind in ("symbol", "name"):
            group.count(1)
            if token.lower() in ("and", "or"):
                group.run = 0
        elif kind == "number":
            token = _plain_number(token, in_wkt=group.kind == "wkt")
        elif kind == "string":
            token = self._placeholder(_unescaped(token, pattern=self._pattern))
        group.add(token, place)
        group.before = token.lower()
        self._pattern = group.before == "like" or (
            self._pattern and group.before in ("casei", "accenti")
        )

    def _close(self, group: _Group, outer: _Group, *, depth: int) -> None:
        """Put a group into the one around it: as text, or read and under a placeholder."""
        if group.kind in ("call", "wkt"):
            if group.kind == "wkt" and depth > _WKT_DEPTH:
                raise InvalidCQL2(f"the geometry at character {outer.start + 1} is nested too deep")
            outer.add("(", group.start)
            for piece, place in zip(group.pieces, group.places, strict=True):
                outer.add(piece, place)
            outer.add(")", group.start)
            outer.count(group.operators, group.longest)
        else:
            self._groups += 1
            if self._groups > MAX_GROUPS:
                raise InvalidCQL2(f"it has more than {MAX_GROUPS} pairs of parentheses")
            name = self._placeholder(self._values_of(group))
            outer.add(f"({name})" if group.kind == "list" else name, group.start)
        outer.before = ")"

    def _placeholder(self, value: JSON) -> str:
        """A property's name to stand for a value; blanks keep two of them from becoming one."""
        self._values.append(value)
        return f' "{_MARK}{len(self._values) - 1}" '

    def _values_of(self, group: _Group) -> JSON:
        """What a group stands for: one expression, or the items of a list or an array."""
        empty = not group.text.strip()
        if empty and group.kind != "list":
            return []
        if group.kind == "group" and not group.commas:
            return self._parse(group)
        call = _Group("call", group.start)
        call.add("f(", group.start)
        for piece, place in zip(group.pieces, group.places, strict=True):
            call.add(piece, place)
        call.add(")", group.start)
        found = self._parse(call)
        if empty or not isinstance(found, dict):
            raise InvalidCQL2(f"the list at character {group.start + 1} is empty")
        return found["args"]

    def _parse(self, group: _Group) -> JSON:
        """Let the library read a text whose groups are placeholders."""
        try:
            value: JSON = cql2.parse_text(group.text).to_json()
        except (cql2.ParseError, cql2.ValidationError) as error:
            raise self._unreadable(group, str(error)) from error
        except BaseException as error:
            # It raises bare Exceptions too, and a panic of Rust is none of Exception's kind.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                raise InvalidCQL2(f"it cannot be read: {shown(str(error))}") from error
            raise
        return self._filled(value)

    def _unreadable(self, group: _Group, message: str) -> InvalidCQL2:
        found = _PLACE.search(message)
        if found is None:
            return InvalidCQL2(f"it cannot be read: {shown(message)}")
        offset = int(found[1]) - 1
        if offset >= len(group.text.rstrip()):
            where = f"the part from character {group.start + 1}" if group.start else "it"
            return InvalidCQL2(f"{where} ends too early, or is empty")
        piece = bisect_right(group.offsets, offset) - 1
        place = group.places[piece] + offset - group.offsets[piece]
        rest = shown(self._text[place : place + 30])
        return InvalidCQL2(f"what stands at character {place + 1} cannot be read: {rest}")

    def _filled(self, value: JSON, depth: int = 0) -> JSON:
        """The same with the values of groups in the places of their placeholders."""
        if depth > MAX_JSON_BRACKETS:
            raise too_deep()
        match value:
            case {"property": str(name)} if name.startswith(_MARK):
                return self._values[int(name[1:])]
            case {"op": "in", "args": [tested, [{"property": str(name)}]]} if name[:1] == _MARK:
                items = self._values[int(name[1:])]
                return {"op": "in", "args": [self._filled(tested, depth + 2), items]}
            case dict():
                return {key: self._filled(part, depth + 1) for key, part in value.items()}
            case list():
                return [self._filled(part, depth + 1) for part in value]
        return value


def _kind_of_group(outer: _Group) -> str:
    """What a parenthesis opens, by the token before it."""
    before = outer.before
    if outer.kind == "wkt" or before.removesuffix("z") in _GEOMETRIES:
        return "wkt"
    if before == "z" and len(outer.pieces) > 1 and _word_before(outer) in _GEOMETRIES:
        return "wkt"
    if before == "in":
        return "list"
    if before and (before[0].isalpha() or before[0] in '_:"') and before not in _NOT_FUNCTIONS:
        return "call"
    if outer.kind == "call" and outer.name.startswith("a_") and before in ("", ","):
        return "array"
    return "group"


def _word_before(group: _Group) -> str:
    words = [piece.lower() for piece in group.pieces[-4:] if not piece.isspace()]
    return words[-2] if len(words) > 1 else ""


def _wkt_depth(stack: list[_Group]) -> int:
    return 1 + sum(group.kind == "wkt" for group in stack)


def _plain_number(token: str, *, in_wkt: bool) -> str:
    """A number as the library reads it: a digit before the point; in WKT no exponent."""
    if token.startswith("."):
        token = "0" + token
    if not in_wkt or "e" not in token.lower():
        return token
    number = Decimal(token)
    if abs(number.adjusted()) > 300:
        raise InvalidCQL2(f"the coordinate {shown(token)} is out of range")
    return format(number, "f")


def _unescaped(token: str, *, pattern: bool) -> str:
    """The value of a character literal; a pattern of LIKE keeps the escapes that are its own."""

    def replace(match: re.Match[str]) -> str:
        char = match[0][1]
        if char == "\\" and not pattern:
            return "\\"
        return _ESCAPES.get(char, match[0])

    return re.sub(r"''|\\.", replace, token[1:-1], flags=re.DOTALL)
