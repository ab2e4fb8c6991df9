"""Sheets of the real dossier, gathered once."""

from __future__ import annotations

import pytest

from layers.figures.content import SheetContent
from layers.figures.drawing import draw
from layers.figures.frames import FRAMES
from layers.figures.request import FigureFormat
from tests.layers.figures.making import gathered_content


@pytest.fixture(scope="session")
def border(database_url: str) -> SheetContent:
    """The Thai-Myanmar border on 10 March 2025."""
    return gathered_content(database_url, frame="thai-border", at="2025-03-10")


@pytest.fixture(scope="session")
def framed(database_url: str) -> dict[str, SheetContent]:
    """Every named frame on that day."""
    return {
        frame.id: gathered_content(database_url, frame=frame.id, at="2025-03-10")
        for frame in FRAMES
    }


@pytest.fixture(scope="session")
def border_files(border: SheetContent) -> dict[str, bytes]:
    """The same sheet in each format."""
    return {fmt.value: draw(border, fmt) for fmt in FigureFormat}
