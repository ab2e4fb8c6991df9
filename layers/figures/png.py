"""A page as PNG, by PDFium from the page's PDF, so that both are one picture."""

from __future__ import annotations

import io

import pypdfium2
from PIL.PngImagePlugin import PngInfo

from layers.figures.canvas import Page
from layers.figures.pdf import About, write_pdf


def write_png(page: Page, about: About, dpi: int) -> bytes:
    """The file; its text chunks say what it shows to those who cannot see it."""
    document = pypdfium2.PdfDocument(write_pdf([page], about))
    try:
        drawn = document[0].render(scale=dpi / 72)
        image = drawn.to_pil().convert("RGB")
    finally:
        document.close()
    said = PngInfo()
    said.add_itxt("Title", about.title, lang=about.language)
    said.add_itxt("Description", about.description, lang=about.language)
    said.add_itxt("Comment", about.keywords, lang=about.language)
    said.add_text("Software", "Scam Atlas")
    held = io.BytesIO()
    image.save(held, "png", pnginfo=said, dpi=(dpi, dpi), compress_level=4)
    return held.getvalue()
