"""The parts that every sheet has: title, footer, further pages with notes and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from layers.catalog import ATTRIBUTION as DOSSIER
from layers.figures import basemap, words
from layers.figures.canvas import Box, Ink, Mark, Page, Pen
from layers.figures.content import SheetContent
from layers.figures.flowing import Flow, Paragraph, Span, columns_of, draw_lines, lines_of
from layers.figures.fonts import drawable, text_width
from layers.figures.furniture import scale_words
from layers.figures.layout import Layout
from layers.figures.pdf import About
from layers.figures.request import FigureFormat
from layers.symbology import INK, PAPER

GREY = "#4c535c"
MAX_PAGES = 200


def first_page(content: SheetContent, layout: Layout) -> Page:
    """The page with its title, subtitle and footer."""
    page = Page(layout.page.width, layout.page.height)
    page.rectangle(layout.page, Ink("#ffffff"))
    with page.group("heading"):
        _header(page, content, layout)
    with page.group("footer"):
        footer(page, content, layout)
    return page


def _header(page: Page, content: SheetContent, layout: Layout) -> None:
    box, f = layout.header, layout.factor
    text = drawable(words.title(content))
    size = 5.2 * f
    width = text_width(text, size, bold=True)
    lines = [text]
    if width > box.width:
        size = max(size * box.width / width, 3.6 * f)
    if text_width(text, size, bold=True) > box.width:
        paragraph = Paragraph((Span(text, bold=True),), size)
        lines = ["".join(p.text for p in line) for line in lines_of(paragraph, box.width)][:2]
    y = box.top + size * 0.85
    for line in lines:
        page.text(box.left, y, line, size, INK, bold=True)
        y += size * 1.12
    paragraph = Paragraph((Span(words.subtitle(content), colour=GREY),), 2.75 * f)
    top = y - size * 1.12 + 2.0 * f
    room = int((box.bottom - top) / (paragraph.size * 1.26))
    found = lines_of(paragraph, box.width)
    while len(found) > max(room, 1) and paragraph.size > 1.9 * f:
        paragraph = Paragraph(paragraph.spans, paragraph.size * 0.94)
        room = int((box.bottom - top) / (paragraph.size * 1.26))
        found = lines_of(paragraph, box.width)
    draw_lines(page, found[: max(room, 1)], Box(box.left, top, box.right, box.bottom), paragraph)


def footer_lines(content: SheetContent) -> list[str]:
    """What makes a sheet checkable: date, hash, address, projection, attributions."""
    lines = [
        f"Data of {words.long_day(content.as_of)}, as of {words.long_day(content.at)}. "
        f"Data shown, SHA-256: {content.content_hash}",
        f"The same query: {content.address}",
    ]
    about_map = f"{basemap.ATTRIBUTION}. {DOSSIER}."
    if content.view is not None:
        name = content.view.projection.name
        about_map = (
            f"Projection: {name}; {scale_words(content.view)}. {about_map} "
            "Borders and names are no statement on sovereignty."
        )
    return [*lines, about_map]


def footer(page: Page, content: SheetContent, layout: Layout) -> None:
    """The footer, as small as it has to be."""
    box, f = layout.footer, layout.factor
    page.line([(box.left, box.top), (box.right, box.top)], Pen(INK, 0.15))
    size = 1.95 * f
    while True:
        paragraphs = [Paragraph((Span(line, colour=GREY),), size) for line in footer_lines(content)]
        made = [(item, lines_of(item, box.width)) for item in paragraphs]
        height = sum(len(lines) for _, lines in made) * size * 1.26
        if height <= box.height - 0.8 * f or size < 1.1 * f:
            break
        size *= 0.95
    y = box.top + 0.8 * f
    for item, lines in made:
        y = draw_lines(page, lines, Box(box.left, y, box.right, box.bottom), item)


def about(content: SheetContent) -> About:
    """What the file says of itself."""
    return About(
        title=words.title(content),
        description=words.alternative(content),
        keywords=(
            f"data of {content.as_of.isoformat()}; as of {content.at.isoformat()}; "
            f"sha256 {content.content_hash}; query {content.address}"
        ),
    )


def with_notes(
    content: SheetContent,
    layout: Layout,
    page: Page,
    free: Sequence[Box],
    paragraphs: Sequence[Paragraph],
) -> list[Page]:
    """All pages: the notes begin in the free columns of the first, and go on as far as needed.

    A PNG and an SVG have one page: what is not on it is said there.
    """
    pages = [page]
    several = content.request.format is FigureFormat.PDF
    free = [box for box in free if box.height > 9.0 * layout.factor]
    if not several:
        free = _with_pointer(page, content, layout, free, paragraphs)

    def columns() -> Iterator[tuple[Page, Box]]:
        for box in free:
            yield page, box
        while several and len(pages) < MAX_PAGES:
            further = Page(layout.page.width, layout.page.height)
            pages.append(further)
            for box in _further_columns(layout):
                yield further, box

    if free or several:
        Flow(columns()).put(paragraphs)
    for number, further in enumerate(pages[1:], start=2):
        _running_head(further, content, layout, number, len(pages))
    if len(pages) > 1:
        f = layout.factor
        text = f"Page 1 of {len(pages)}: notes and sources follow"
        page.text(
            layout.footer.right, layout.footer.top - 0.8 * f, text, 2.0 * f, GREY, anchor="end",
            halo=PAPER,
        )  # fmt: skip
    return pages


def _with_pointer(
    page: Page, content: SheetContent, layout: Layout, free: list[Box],
    paragraphs: Sequence[Paragraph],
) -> list[Box]:  # fmt: skip
    """Where not all notes fit on the only page, the plain statement of where the rest is."""
    if _all_fit(free, paragraphs):
        return free
    f = layout.factor
    pdf = content.address.replace(f".{content.request.format.value}", ".pdf", 1)
    text = f"All numbered notes and sources: in the PDF of this figure, {pdf}"
    paragraph = Paragraph((Span(text, bold=True, colour=GREY),), 2.0 * f)
    if not free:
        box = layout.strip
        lines = lines_of(paragraph, box.width)
        while len(lines) * paragraph.size * 1.26 > 6.0 * f and paragraph.size > 1.1 * f:
            paragraph = replace(paragraph, size=paragraph.size * 0.92)
            lines = lines_of(paragraph, box.width)
        top = box.bottom - len(lines) * paragraph.size * 1.26
        draw_lines(page, lines, Box(box.left, top, box.right, box.bottom), paragraph)
        return []
    last = free[-1]
    lines = lines_of(paragraph, last.width)
    top = last.bottom - len(lines) * paragraph.size * 1.26
    draw_lines(page, lines, Box(last.left, top, last.right, last.bottom), paragraph)
    return [*free[:-1], Box(last.left, last.top, last.right, top - 0.8 * f)]


def _all_fit(free: Sequence[Box], paragraphs: Sequence[Paragraph]) -> bool:
    if not free:
        return not paragraphs
    trial = Page(1.0, 1.0)
    return Flow(iter([(trial, box) for box in free])).put(paragraphs) == len(paragraphs)


def _further_columns(layout: Layout) -> list[Box]:
    f = layout.factor
    box = Box(
        layout.header.left, layout.header.top + 8.0 * f,
        layout.header.right, layout.footer.bottom - 4.5 * f,
    )  # fmt: skip
    count = max(1, min(4, round(box.width / (92.0 * f))))
    return columns_of(box, count, 5.0 * f)


def _running_head(
    page: Page, content: SheetContent, layout: Layout, number: int, count: int
) -> None:
    f, box = layout.factor, layout.header
    page.root.marks.insert(0, _paper(layout))
    size = 3.0 * f
    title = drawable(words.title(content))
    width = text_width(title, size, bold=True)
    size = min(size, size * box.width / width)
    page.text(box.left, box.top + size, title, size, INK, bold=True)
    page.line([(box.left, box.top + 5.2 * f), (box.right, box.top + 5.2 * f)], Pen(INK, 0.15))
    y = layout.footer.bottom
    text = f"Data shown, SHA-256: {content.content_hash}"
    small = min(1.9 * f, 1.9 * f * 0.8 * box.width / text_width(text, 1.9 * f))
    page.text(box.left, y, text, small, GREY)
    page.text(box.right, y, f"Page {number} of {count}", 1.9 * f, GREY, anchor="end")


def _paper(layout: Layout) -> Mark:
    blank = Page(layout.page.width, layout.page.height)
    blank.rectangle(layout.page, Ink("#ffffff"))
    return blank.root.marks[0]
