"""Fonts within a PDF: the glyphs that are used, and which text each of them stands for.

Every pair of a glyph and the text it stands for has a code of its own. So a search finds, and a
reader copies, what was written, also where a script shows letters in another order than it writes
them (Burmese, Khmer) or one glyph stands for several.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from fontTools import subset
from fontTools.ttLib import TTFont

from layers.figures.fonts import Glyph, StaticFont
from layers.figures.pdfobjects import File, Name, Raw, Ref

_SYMBOLIC = 4
_KEPT = {"glyf", "loca", "head", "hhea", "hmtx", "maxp"}
_BLOCK = 100
"""Most entries of one block of a ToUnicode map (Adobe Technical Note 5411)."""


@dataclass
class EmbeddedFont:
    """One font of the file. codes: of each glyph with its text, from 1 in the order of use."""

    font: StaticFont
    name: str
    ref: Ref
    codes: dict[tuple[int, str], int] = field(default_factory=dict)

    def code(self, glyph: Glyph) -> int:
        """The code that draws a glyph and means its text."""
        key = (glyph.id, glyph.text)
        if key not in self.codes:
            self.codes[key] = len(self.codes) + 1
        return self.codes[key]

    def write(self, file: File) -> None:
        """All objects of the font."""
        label = f"{_tag(self.font.digest)}+{self.font.face.family.replace(' ', '')}"
        label += "-Bold" if self.font.face.weight > 400 else ""
        data, places = self._subset()
        metrics = self.font.metrics
        scale = 1000 / self.font.upem
        descriptor = file.add(
            {
                "Type": Name("FontDescriptor"),
                "FontName": Name(label),
                "Flags": _SYMBOLIC,
                "FontBBox": [round(edge * scale) for edge in metrics.box],
                "ItalicAngle": 0,
                "Ascent": round(metrics.ascent * scale),
                "Descent": round(metrics.descent * scale),
                "CapHeight": round(metrics.ascent * scale * 0.7),
                "StemV": 80 if self.font.face.weight <= 400 else 130,
                "FontFile2": file.stream(data, {"Length1": len(data)}),
            }
        )
        glyphs = [glyph for glyph, _ in self.codes]
        to_glyph = b"\0\0" + b"".join(places[glyph].to_bytes(2, "big") for glyph in glyphs)
        widths = " ".join(f"{self.font.advance(glyph) * 1000:.1f}" for glyph in glyphs)
        descendant = file.add(
            {
                "Type": Name("Font"),
                "Subtype": Name("CIDFontType2"),
                "BaseFont": Name(label),
                "CIDSystemInfo": {
                    "Registry": Raw("(Adobe)"), "Ordering": Raw("(Identity)"), "Supplement": 0
                },
                "FontDescriptor": descriptor,
                "DW": 1000,
                "W": Raw(f"[1 [{widths}]]"),
                "CIDToGIDMap": file.stream(to_glyph),
            }
        )  # fmt: skip
        file.add(
            {
                "Type": Name("Font"),
                "Subtype": Name("Type0"),
                "BaseFont": Name(label),
                "Encoding": Name("Identity-H"),
                "DescendantFonts": [descendant],
                "ToUnicode": file.stream(self._meanings()),
            },
            self.ref,
        )

    def _subset(self) -> tuple[bytes, dict[int, int]]:
        """A TrueType file with the glyphs used, and the new place of each."""
        font = TTFont(io.BytesIO(self.font.data))
        for tag in ("GSUB", "GPOS", "GDEF"):  # reading them takes longer than all the rest
            if tag in font:
                del font[tag]
        wanted = sorted({glyph for glyph, _ in self.codes} | {0})
        options = subset.Options(
            layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False,
            glyph_names=False, drop_tables=[tag for tag in font.keys() if tag not in _KEPT],  # noqa: SIM118
        )  # fmt: skip
        names = {glyph: font.getGlyphName(glyph) for glyph in wanted}
        subsetter = subset.Subsetter(options)
        subsetter.populate(gids=wanted)
        subsetter.subset(font)
        font.recalcTimestamp = False
        held = io.BytesIO()
        font.save(held)
        order = {name: place for place, name in enumerate(font.getGlyphOrder())}
        return held.getvalue(), {glyph: order[name] for glyph, name in names.items()}

    def _meanings(self) -> bytes:
        """The ToUnicode map."""
        rows = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self.codes.items()
        ]
        blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
        body = "\n".join(
            f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode()


def _tag(digest: str) -> str:
    """Six letters that mark a part of a font (ISO 32000, 9.9.2)."""
    return "".join(chr(ord("A") + int(letter, 16)) for letter in digest[:6])
