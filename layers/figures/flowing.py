"""Running text in columns, from page to page: notes and sources."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from layers.figures.canvas import Box, Page
from layers.figures.fonts import drawable, text_width
from layers.symbology import INK

LEADING = 1.26


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph in one hand."""

    text: str
    bold: bool = False
    colour: str = INK
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that is broken into lines. size: millimetres; after: space below, in lines.

    key: what it is about; a heading stays with what follows.
    """

    spans: tuple[Span, ...]
    size: float
    after: float = 0.35
    indent: float = 0.0
    heading: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    span: Span
    width: float


_LineOf = list[_Piece]


def lines_of(paragraph: Paragraph, width: float) -> list[_LineOf]:
    """The paragraph in lines no wider than that."""
    lines: list[_LineOf] = [[]]
    used, room = 0.0, width
    for word, span in _words(paragraph.spans):
        for part in _fitting(word, span, paragraph.size, width - paragraph.indent):
            length = text_width(part, paragraph.size, span.bold)
            if used and used + text_width(part.rstrip(), paragraph.size, span.bold) > room:
                lines.append([])
                used, room = 0.0, width - paragraph.indent
                if not part.strip():
                    continue
            lines[-1].append(_Piece(part, span, length))
            used += length
    return lines


def _words(spans: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Words, each with the blank after it."""
    for span in spans:
        text, start = drawable(span.text), 0
        for index, letter in enumerate(text):
            if letter == " ":
                yield text[start : index + 1], span
                start = index + 1
        if start < len(text):
            yield text[start:], span


def _fitting(word: str, span: Span, size: float, width: float) -> Iterator[str]:
    """A word, in parts where it alone is wider than a line: an address, a text without blanks."""
    if text_width(word, size, span.bold) <= width:
        yield word
        return
    part = ""
    for letter in word:
        mark = unicodedata.category(letter).startswith("M")
        if part and not mark and text_width(part + letter, size, span.bold) > width:
            yield part
            part = ""
        part += letter
    yield part


def height_of(paragraph: Paragraph, width: float) -> float:
    """Of its lines, without the space after it."""
    return len(lines_of(paragraph, width)) * paragraph.size * LEADING


def draw_lines(page: Page, lines: Sequence[_LineOf], box: Box, paragraph: Paragraph) -> float:
    """Draw lines from the top of a box; returns where they end."""
    y = box.top
    for number, line in enumerate(lines):
        baseline = y + paragraph.size * 0.98
        x = box.left + (paragraph.indent if number else 0.0)
        for text, span, width in _joined(line):
            page.text(
                x, baseline, text, paragraph.size, span.colour, bold=span.bold, link=span.link
            )
            x += width
        y += paragraph.size * LEADING
    return y


def _joined(line: _LineOf) -> Iterator[tuple[str, Span, float]]:
    """Neighbouring pieces of one hand as one text."""
    text, width, span = "", 0.0, None
    for piece in line:
        if span is not None and piece.span is not span:
            yield text, span, width
            text, width = "", 0.0
        text, width, span = text + piece.text, width + piece.width, piece.span
    if span is not None:
        yield text, span, width


class Flow:
    """Puts paragraphs into one column after the other."""

    def __init__(self, columns: Iterator[tuple[Page, Box]]) -> None:
        """columns: where text may stand, in order; it ends where no more paper is given."""
        self._columns = columns
        self._page, self._box = next(columns)
        self._y = self._box.top
        self.full = False

    def put(self, paragraphs: Sequence[Paragraph]) -> int:
        """How many of the paragraphs found a place; the last of them perhaps only in part."""
        for number, paragraph in enumerate(paragraphs):
            rest = lines_of(paragraph, self._box.width)
            if paragraph.heading and not self._room(paragraph, 4) and not self._next():
                return number
            while rest:
                fitting = int((self._box.bottom - self._y) / (paragraph.size * LEADING) + 1e-6)
                if fitting < min(2, len(rest)):
                    width = self._box.width
                    if not self._next():
                        return number
                    if self._box.width != width:
                        rest = lines_of(_remaining(paragraph, rest), self._box.width)
                    continue
                top = Box(self._box.left, self._y, self._box.right, self._box.bottom)
                self._y = draw_lines(self._page, rest[:fitting], top, paragraph)
                rest = rest[fitting:]
            self._y += paragraph.after * paragraph.size * LEADING
        return len(paragraphs)

    def _room(self, paragraph: Paragraph, lines: int) -> bool:
        return self._box.bottom - self._y >= lines * paragraph.size * LEADING

    def _next(self) -> bool:
        found = next(self._columns, None)
        if found is None:
            self.full = True
            return False
        self._page, self._box = found
        self._y = self._box.top
        return True


def _remaining(paragraph: Paragraph, lines: Sequence[_LineOf]) -> Paragraph:
    """What is left of a paragraph, to be broken anew for a column of another width."""
    spans = tuple(replace(piece.span, text=piece.text) for line in lines for piece in line)
    return replace(paragraph, spans=spans)


def columns_of(box: Box, count: int, gap: float) -> list[Box]:
    """Columns of equal width."""
    width = (box.width - gap * (count - 1)) / count
    return [
        Box(box.left + index * (width + gap), box.top,
            box.left + index * (width + gap) + width, box.bottom)
        for index in range(count)
    ]  # fmt: skip


PageMaker = Callable[[], tuple[Page, Box]]
"""A further page, and the area for text on it."""
