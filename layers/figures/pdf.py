"""Pages as a PDF: text as text, fonts embedded, tagged, the same bytes for the same pages.

Written here, since no library at hand did all of it: matplotlib 3.11 and ReportLab 5.1 were tried
with Burmese; the first repeats letters where text is copied, the second draws them in the wrong
place. docs/figures.md tells more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from layers.figures import fonts
from layers.figures.canvas import Circle, Group, Mark, Page, Path, Pen, Text
from layers.figures.pdffonts import EmbeddedFont
from layers.figures.pdfobjects import File, Name, Raw, Ref, number, numbers

MM = 72 / 25.4
HALO = 0.26
"""Width of the halo as a share of the size of the text."""
_ROUND = 0.5522847498
"""How far the handles of a curve reach that makes a quarter of a circle."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    title: str
    description: str
    keywords: str
    language: str = "en"


def write_pdf(pages: Sequence[Page], about: About) -> bytes:
    """The file."""
    file = File()
    catalog, tree = file.reserve(), file.reserve()
    structure = _Structure(file, tree)
    resources = _Resources(file)
    parent = file.reserve()
    kids = [
        _page(file, page, index, parent, resources, structure, about)
        for index, page in enumerate(pages)
    ]
    file.add({"Type": Name("Pages"), "Kids": kids, "Count": len(kids)}, parent)
    resources.write()
    structure.write()
    described = file.plain_stream(_xmp(about), {"Type": Name("Metadata"), "Subtype": Name("XML")})
    file.add(
        {
            "Type": Name("Catalog"),
            "Pages": parent,
            "Lang": about.language,
            "MarkInfo": {"Marked": True},
            "StructTreeRoot": tree,
            "ViewerPreferences": {"DisplayDocTitle": True},
            "Metadata": described,
        },
        catalog,
    )
    info = file.add(
        {
            "Title": about.title,
            "Author": "Scam Atlas",
            "Subject": about.description,
            "Keywords": about.keywords,
            "Creator": "Scam Atlas",
        }
    )
    return file.bytes(catalog, info)


def _xmp(about: About) -> bytes:
    """The same as XML, for archives."""
    title, text = escape(about.title), escape(about.description)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt>'
        "</dc:description><dc:creator><rdf:Seq><rdf:li>Scam Atlas</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{escape(about.language)}</rdf:li></rdf:Bag></dc:language>"
        f"<pdf:Keywords>{escape(about.keywords)}</pdf:Keywords>"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    ).encode()


class _Structure:
    """The tags: a figure with its alternative text, and paragraphs of text."""

    def __init__(self, file: File, tree: Ref) -> None:
        self._file = file
        self._tree = tree
        self._document = file.reserve()
        self._elements: list[Ref] = []
        self._of_page: list[list[Ref]] = []

    def page(self) -> None:
        """What follows stands on a further page."""
        self._of_page.append([])

    def element(self, page: Ref, kind: str, alternative: str | None) -> int:
        """A new element; returns the number that marks its content."""
        marks = self._of_page[-1]
        given: dict[str, object] = {
            "Type": Name("StructElem"),
            "S": Name(kind),
            "P": self._document,
            "Pg": page,
            "K": len(marks),
        }
        if alternative is not None:
            given["Alt"] = alternative
        ref = self._file.add(given)
        self._elements.append(ref)
        marks.append(ref)
        return len(marks) - 1

    def write(self) -> None:
        """The tree, and its index by page."""
        self._file.add(
            {
                "Type": Name("StructElem"), "S": Name("Document"),
                "P": self._tree, "K": self._elements,
            },
            self._document,
        )  # fmt: skip
        index: list[object] = []
        for place, marks in enumerate(self._of_page):
            index += [place, marks]
        self._file.add(
            {
                "Type": Name("StructTreeRoot"),
                "K": [self._document],
                "ParentTree": self._file.add({"Nums": index}),
                "ParentTreeNextKey": len(self._of_page),
            },
            self._tree,
        )


class _Resources:
    """Fonts and degrees of transparency, shared by all pages."""

    def __init__(self, file: File) -> None:
        self._file = file
        self.ref = file.reserve()
        self._fonts: dict[str, EmbeddedFont] = {}
        self._alphas: dict[float, str] = {}

    def font(self, font: fonts.StaticFont) -> EmbeddedFont:
        """The font in the file."""
        if font.digest not in self._fonts:
            name = f"F{len(self._fonts) + 1}"
            self._fonts[font.digest] = EmbeddedFont(font, name, self._file.reserve())
        return self._fonts[font.digest]

    def alpha(self, value: float) -> str:
        """The operator that sets a transparency."""
        value = round(value, 3)
        name = self._alphas.setdefault(value, f"A{len(self._alphas) + 1}")
        return f"/{name} gs"

    def write(self) -> None:
        """All of them."""
        for font in self._fonts.values():
            font.write(self._file)
        self._file.add(
            {
                "Font": {font.name: font.ref for font in self._fonts.values()},
                "ExtGState": {
                    name: {"ca": value, "CA": value} for value, name in self._alphas.items()
                },
            },
            self.ref,
        )


def _page(
    file: File,
    page: Page,
    index: int,
    parent: Ref,
    resources: _Resources,
    structure: _Structure,
    about: About,
) -> Ref:
    ref = file.reserve()
    structure.page()
    content = _Content(page, resources)
    for mark in page.root.marks:
        drawing = isinstance(mark, Group) and mark.figure
        is_text = isinstance(mark, Text) or (isinstance(mark, Group) and not mark.figure)
        if drawing or is_text:
            kind = "Figure" if drawing else "P"
            place = structure.element(ref, kind, about.description if drawing else None)
            content.put(f"/{kind} <</MCID {place}>> BDC")
        else:
            content.put("/Artifact BMC")
        content.mark(mark)
        content.put("EMC")
    file.add(
        {
            "Type": Name("Page"),
            "Parent": parent,
            "MediaBox": [0, 0, page.width * MM, page.height * MM],
            "Resources": resources.ref,
            "Contents": file.stream(content.bytes()),
            "Group": {"S": Name("Transparency"), "CS": Name("DeviceRGB")},
            "Tabs": Name("S"),
            "StructParents": index,
            "Annots": [file.add(link) for link in content.links],
        },
        ref,
    )
    return ref


class _Content:
    """The operators that draw one page. PDF counts points from the bottom left."""

    def __init__(self, page: Page, resources: _Resources) -> None:
        self._height = page.height
        self._resources = resources
        self._parts: list[str] = []
        self.links: list[dict[str, object]] = []

    def put(self, operators: str) -> None:
        self._parts.append(operators)

    def bytes(self) -> bytes:
        return "\n".join(self._parts).encode("latin-1")

    def mark(self, mark: Mark) -> None:
        if isinstance(mark, Group):
            self._group(mark)
        elif isinstance(mark, Text):
            self._text(mark)
        else:
            self._shape(mark)

    def _group(self, group: Group) -> None:
        if group.clip:
            x, y, width, height = group.clip
            edges = (x * MM, (self._height - y - height) * MM, width * MM, height * MM)
            self.put(f"q {numbers(edges)} re W n")
        for mark in group.marks:
            self.mark(mark)
        if group.clip:
            self.put("Q")

    def _shape(self, mark: Path | Circle) -> None:
        how = ["q"]
        alphas = [paint.alpha for paint in (mark.fill, mark.pen) if paint]
        if mark.fill and mark.pen and mark.fill.alpha != mark.pen.alpha:
            self._shape(_only(mark, fill=True))
            self._shape(_only(mark, fill=False))
            return
        if alphas and alphas[0] < 1:
            how.append(self._resources.alpha(alphas[0]))
        if mark.fill:
            how.append(f"{_rgb(mark.fill.colour)} rg")
        if mark.pen:
            how.append(_pen(mark.pen))
        paint = {(1, 1): "B*", (1, 0): "f*", (0, 1): "S", (0, 0): "n"}[
            bool(mark.fill), bool(mark.pen)
        ]
        outline = self._circle(mark) if isinstance(mark, Circle) else self._pieces(mark)
        self.put(f"{' '.join(how)}\n{outline} {paint} Q")

    def _pieces(self, path: Path) -> str:
        parts = []
        for points in path.pieces:
            turned = points * (MM, -MM) + (0, self._height * MM)
            (x, y), *rest = turned.tolist()
            parts.append(f"{x:.2f} {y:.2f} m")
            parts.append(" ".join(f"{x:.2f} {y:.2f} l" for x, y in rest))
            if path.closed:
                parts.append("h")
        return " ".join(parts)

    def _circle(self, circle: Circle) -> str:
        x, y, r = circle.x * MM, (self._height - circle.y) * MM, circle.radius * MM
        k = _ROUND * r
        curves = (
            (x + r, y + k, x + k, y + r, x, y + r), (x - k, y + r, x - r, y + k, x - r, y),
            (x - r, y - k, x - k, y - r, x, y - r), (x + k, y - r, x + r, y - k, x + r, y),
        )  # fmt: skip
        drawn = " ".join(f"{numbers(curve)} c" for curve in curves)
        return f"{numbers((x + r, y))} m {drawn} h"

    def _text(self, mark: Text) -> None:
        width = fonts.text_width(mark.text, mark.size, mark.bold)
        width += mark.spacing * len(mark.text)
        left = mark.x - {"start": 0.0, "middle": width / 2, "end": width}[mark.anchor]
        x, y, size = left * MM, (self._height - mark.y) * MM, mark.size * MM
        shaped = [
            (font, font.shape(run.text))
            for run in fonts.runs(mark.text, mark.bold)
            for font in [fonts.static_font(run.face)]
        ]
        if mark.halo:
            self._halo(mark, shaped, x, y, size)
        self.put(f"{_rgb(mark.colour)} rg BT")
        at = x
        for font, glyphs in shaped:
            at = self._run(font, glyphs, at, y, size, mark.spacing * MM)
        self.put("ET")
        if mark.link:
            box = (x, y - size * 0.2, x + width * MM, y + size * 0.8)
            self.links.append(_link(mark.link, box))

    def _run(
        self, font: fonts.StaticFont, glyphs: Sequence[fonts.Glyph], x: float, y: float,
        size: float, spacing: float,
    ) -> float:  # fmt: skip
        """Glyphs of one font from a point on; returns where they end."""
        embedded = self._resources.font(font)
        shown: list[str] = []
        start, raised = x, 0.0
        parts = [f"/{embedded.name} {number(size)} Tf"]

        def flush() -> None:
            if shown:
                at = f"1 0 0 1 {number(start)} {number(y + raised * size)} Tm"
                parts.append(f"{at} [{''.join(shown)}] TJ")
                shown.clear()

        pen = x
        for glyph in glyphs:
            if glyph.up != raised:
                flush()
                raised, start, pen = glyph.up, x, x
            elif not shown:
                start = pen = x
            wanted = x + glyph.right * size
            if abs(wanted - pen) > 0.002 * size:
                shown.append(f"{(pen - wanted) / size * 1000:.0f}")
            shown.append(f"<{embedded.code(glyph):04X}>")
            pen = wanted + font.advance(glyph.id) * size
            x += glyph.step * size + spacing * len(glyph.text)
        flush()
        self.put(" ".join(parts))
        return x

    def _halo(
        self,
        mark: Text,
        shaped: Iterable[tuple[fonts.StaticFont, Sequence[fonts.Glyph]]],
        x: float,
        y: float,
        size: float,
    ) -> None:
        """Round the letters, as outlines: drawn as text they would be read twice."""
        self.put(f"q {_pen(Pen(mark.halo or '', HALO * mark.size, cap='round'))}")
        for font, glyphs in shaped:
            for glyph in glyphs:
                outline = _outline(font, glyph, x, y, size)
                if outline:
                    self.put(f"{outline} S")
                x += glyph.step * size + mark.spacing * MM * len(glyph.text)
        self.put("Q")


def _only(mark: Path | Circle, *, fill: bool) -> Path | Circle:
    return replace(mark, pen=None) if fill else replace(mark, fill=None)


def _rgb(colour: str) -> str:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in parts)


def _pen(pen: Pen) -> str:
    cap = 1 if pen.cap == "round" else 0
    dash = numbers(length * MM for length in pen.dash)
    width = max(pen.width * MM, 0.05)
    return f"{_rgb(pen.colour)} RG {width:.3f} w 1 j {cap} J [{dash}] 0 d"


def _outline(font: fonts.StaticFont, glyph: fonts.Glyph, x: float, y: float, size: float) -> str:
    scale = size / font.upem
    x, y = x + glyph.right * size, y + glyph.up * size
    parts = []
    for command, places in font.outline(glyph.id):
        turned = [
            number((y if index % 2 else x) + place * scale) for index, place in enumerate(places)
        ]
        parts.append(" ".join([*turned, command]))
    return " ".join(parts)


def _link(address: str, box: tuple[float, float, float, float]) -> dict[str, object]:
    # An address is ASCII once it is percent-encoded; brackets would end the text.
    safe = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in "()\\" else
        "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in address
    )  # fmt: skip
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Link"),
        "Rect": [round(edge, 2) for edge in box],
        "Border": [0, 0, 0],
        "F": 4,
        "Contents": address,
        "A": {"S": Name("URI"), "URI": Raw(f"({safe})")},
    }
