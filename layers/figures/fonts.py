"""The fonts of a sheet: which one draws a character, how wide a text is, what is embedded.

They come with two PyPI packages of Noto fonts (SIL Open Font License), so that a sheet looks the
same on every machine. Noto Sans Thai draws Latin too; Chinese, kana and what the others do not
have (Vietnamese letters, arrows) comes from Noto Sans SC.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import uharfbuzz as hb
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from layers.figures.basemap import local_characters

BOLD_WEIGHT = 640


@dataclass(frozen=True, slots=True)
class Face:
    """One font in one weight. shaped: whether its script needs more than glyphs side by side."""

    id: str
    family: str
    package: str
    path: str
    weight: int = 400
    shaped: bool = True
    large: bool = False

    def read(self) -> TTFont:
        """The variable font as the package has it."""
        place = files(self.package).joinpath("fonts", "ofl", self.path)
        # Lazily, a large font is subset in a tenth of the time; a small one cannot be instanced so.
        return TTFont(io.BytesIO(place.read_bytes()), lazy=self.large)


_SEA, _CJK = "justmytype_intl_sea", "justmytype_intl_cjk"
REGULAR = Face(
    "sans", "Noto Sans Thai", _SEA, "notosansthai/NotoSansThai[wdth,wght].ttf", shaped=False
)
BOLD = Face(
    "bold", "Noto Sans Thai", _SEA, REGULAR.path, weight=BOLD_WEIGHT, shaped=False
)  # fmt: skip
THAI = Face("thai", "Noto Sans Thai", _SEA, REGULAR.path)
MYANMAR = Face("mymr", "Noto Sans Myanmar", _SEA, "notosansmyanmar/NotoSansMyanmar[wdth,wght].ttf")
LAO = Face("laoo", "Noto Sans Lao", _SEA, "notosanslao/NotoSansLao[wdth,wght].ttf")
KHMER = Face("khmr", "Noto Sans Khmer", _SEA, "notosanskhmer/NotoSansKhmer[wdth,wght].ttf")
CHINESE = Face(
    "hans", "Noto Sans SC", _CJK, "notosanssc/NotoSansSC[wght].ttf", shaped=False, large=True
)
FACES = (REGULAR, BOLD, THAI, MYANMAR, LAO, KHMER, CHINESE)
_SCRIPTS = (
    (0x0E00, 0x0E80, THAI),
    (0x0E80, 0x0F00, LAO),
    (0x1000, 0x10A0, MYANMAR),
    (0x1780, 0x1800, KHMER),
    (0x19E0, 0x1A00, KHMER),
    (0xAA60, 0xAA80, MYANMAR),
    (0x2E80, 0xA000, CHINESE),
    (0xF900, 0xFB00, CHINESE),
    (0xFF00, 0xFFF0, CHINESE),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one face draws."""

    face: Face
    text: str


@cache
def _characters(face: Face) -> frozenset[int]:
    return frozenset(face.read().getBestCmap())


@lru_cache(maxsize=4096)
def runs(text: str, bold: bool = False) -> tuple[Run, ...]:
    """The text in stretches of one face each, in its order; a word is not torn between faces."""
    base = BOLD if bold else REGULAR
    found: list[Run] = []
    for word in _words(text):
        for run in _word_runs(word, base):
            if found and found[-1].face == run.face:
                found[-1] = Run(run.face, found[-1].text + run.text)
            else:
                found.append(run)
    return tuple(found)


def _words(text: str) -> Iterable[str]:
    start = 0
    for index, letter in enumerate(text):
        if letter == " ":
            yield text[start:index]
            yield " "
            start = index + 1
    yield text[start:]


def _word_runs(word: str, base: Face) -> Iterable[Run]:
    """One face for the Latin letters of a word: the large one where the base lacks a letter."""
    known = _characters(base)
    if word.isascii() or (known.issuperset(map(ord, word)) and max(word, default="") < "\u0e00"):
        if word:
            yield Run(base, word)
        return
    plain = [letter for letter in word if _of_script(ord(letter)) is None]
    face = base if all(ord(letter) in known for letter in plain) else CHINESE
    start, current = 0, None
    for index, letter in enumerate(word):
        wanted = _of_script(ord(letter)) or (
            base if ord(letter) in known and ord(letter) > 0x2000 else face
        )
        if wanted is not current and index > start and current is not None:
            yield Run(current, word[start:index])
            start = index
        current = wanted
    if current is not None:
        yield Run(current, word[start:])


def _of_script(code: int) -> Face | None:
    for first, end, face in _SCRIPTS:
        if first <= code < end:
            return face
    return None


def drawable(text: str) -> str:
    """The text with characters that no face has, or that control direction, taken out."""
    if text.isascii() and text.isprintable():
        return text
    known = _known()
    return "".join(
        letter for letter in text
        if letter.isprintable() and (_of_script(ord(letter)) or ord(letter) in known)
    )  # fmt: skip


@cache
def _known() -> frozenset[int]:
    return _characters(REGULAR) | _characters(CHINESE)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a text. step, right, up: advance and offset in ems.

    text: what it stands for; of several glyphs for one cluster of letters the first has them all.
    """

    id: int
    text: str
    step: float
    right: float = 0.0
    up: float = 0.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of a font, in its units."""

    ascent: int
    descent: int
    box: tuple[int, int, int, int]


class StaticFont:
    """A face at its weight, ready to be measured, drawn and embedded."""

    def __init__(self, face: Face, data: bytes) -> None:
        self.face = face
        self.data = data
        self.digest = hashlib.sha256(data).hexdigest()[:12]
        font = TTFont(io.BytesIO(data), lazy=True)
        head, order, widths = font["head"], font.getGlyphOrder(), font["hmtx"].metrics
        self.upem: int = head.unitsPerEm
        self.metrics = Metrics(
            font["hhea"].ascent, font["hhea"].descent, (head.xMin, head.yMin, head.xMax, head.yMax)
        )
        self._widths = [widths[name][0] / self.upem for name in order]
        places = {name: place for place, name in enumerate(order)}
        self._glyphs = {code: places[name] for code, name in font.getBestCmap().items()}
        self._advances = {code: self._widths[place] for code, place in self._glyphs.items()}
        self._shaper = hb.Font(hb.Face(data))
        self._outlines: dict[int, list[tuple[str, tuple[float, ...]]]] = {}

    def advance(self, glyph: int) -> float:
        """Of a glyph, in ems."""
        return float(self._widths[glyph])

    def width(self, text: str) -> float:
        """Of the text, in ems."""
        if self.face.shaped:
            return sum(glyph.step for glyph in self.shape(text))
        advances, missing = self._advances, self._widths[0]
        return float(sum(advances.get(ord(letter), missing) for letter in text))

    def shape(self, text: str) -> list[Glyph]:
        """The glyphs of a text from left to right."""
        if not self.face.shaped:
            found = [(self._glyphs.get(ord(letter), 0), letter) for letter in text]
            return [Glyph(glyph, letter, self._widths[glyph]) for glyph, letter in found]
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._shaper, buffer)
        scale = 1 / self.upem
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        texts = {
            start: text[start:end]
            for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
        }
        return [
            Glyph(
                info.codepoint,
                texts.pop(info.cluster, ""),
                place.x_advance * scale,
                place.x_offset * scale,
                place.y_offset * scale,
            )
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def outline(self, glyph: int) -> list[tuple[str, tuple[float, ...]]]:
        """The outline of a glyph in font units: m, l, c, h as PDF has them."""
        known = self._outlines.get(glyph)
        if known is None:
            known = self._outlines[glyph] = _drawn(self._shaper, glyph)
        return known


def _drawn(font: hb.Font, glyph: int) -> list[tuple[str, tuple[float, ...]]]:
    found: list[tuple[str, tuple[float, ...]]] = []
    here = [0.0, 0.0]

    def move(x: float, y: float, _: object) -> None:
        found.append(("m", (x, y)))
        here[:] = x, y

    def line(x: float, y: float, _: object) -> None:
        found.append(("l", (x, y)))
        here[:] = x, y

    def curve(*given: Any) -> None:
        found.append(("c", tuple(given[:6])))
        here[:] = given[4:6]

    def quadratic(cx: float, cy: float, x: float, y: float, _: object) -> None:
        first = [start + 2 / 3 * (by - start) for start, by in zip(here, (cx, cy), strict=True)]
        second = [end + 2 / 3 * (by - end) for end, by in zip((x, y), (cx, cy), strict=True)]
        found.append(("c", (*first, *second, x, y)))
        here[:] = x, y

    pen = hb.DrawFuncs()
    pen.set_move_to_func(move)
    pen.set_line_to_func(line)
    pen.set_cubic_to_func(curve)
    pen.set_quadratic_to_func(quadratic)
    pen.set_close_path_func(lambda _: found.append(("h", ())))
    font.draw_glyph(glyph, pen, None)
    return found


_letters: ContextVar[frozenset[int]] = ContextVar("letters", default=frozenset())


@contextmanager
def prepared_for(texts: Iterable[str]) -> Iterator[None]:
    """Within it the large fonts hold the letters of these texts, beside those of the base map.

    What they hold depends on the texts alone, never on what was drawn before.
    """
    wanted: set[str] = set()
    for text in texts:
        wanted.update(text)
    known = _characters(CHINESE) - _characters(REGULAR)
    token = _letters.set(known.intersection(map(ord, wanted)))
    try:
        yield
    finally:
        _letters.reset(token)


def static_font(face: Face) -> StaticFont:
    """The face at its weight; of a large one, the part that is prepared for."""
    return (
        _part_font(face, local_characters() | _letters.get()) if face.large else _whole_font(face)
    )


@cache
def _whole_font(face: Face) -> StaticFont:
    font = face.read()
    axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    instance = instantiateVariableFont(font, axes | _weight(face), inplace=True)
    return StaticFont(face, _written(instance))


@lru_cache(maxsize=8)
def _part_font(face: Face, characters: frozenset[int]) -> StaticFont:
    font = face.read()
    _keep(font, characters | _LATIN, features=[])
    instance = instantiateVariableFont(font, _weight(face), inplace=True)
    return StaticFont(face, _written(instance))


# For words of which the base font lacks a letter.
_LATIN = frozenset(
    (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2050), *range(0x2190, 0x2194))
)


def _weight(face: Face) -> dict[str, float]:
    return {"wght": float(face.weight)}


def embedded(face: Face, text: str) -> bytes:
    """A WOFF2 font with what the text needs, to be part of a file."""
    font = TTFont(io.BytesIO(static_font(face).data))
    _keep(font, {ord(letter) for letter in text}, features=["*"])
    font.flavor = "woff2"
    return _written(font)


def _keep(font: TTFont, characters: Iterable[int], features: list[str]) -> None:
    options = subset.Options(
        layout_features=features, hinting=False, notdef_outline=True, recalc_timestamp=False,
        drop_tables=["DSIG", "STAT", "MVAR", "HVAR", "VVAR", "vmtx", "vhea", "BASE",
                     *([] if features else ["GSUB", "GPOS", "GDEF"])],
    )  # fmt: skip
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def _written(font: Any) -> bytes:
    font.recalcTimestamp = False  # the clock is no part of a figure
    held = io.BytesIO()
    font.save(held)
    return held.getvalue()


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in the unit of its size."""
    return size * sum(static_font(run.face).width(run.text) for run in runs(text, bold))
