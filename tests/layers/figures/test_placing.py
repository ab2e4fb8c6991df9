"""On the sheet: nothing lies on anything else, and what is drawn is explained."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from layers.figures.basemap import prepared
from layers.figures.canvas import Text, walk
from layers.figures.frames import FRAMES
from layers.figures.layout import laid_out
from layers.figures.mapsheet import map_sheet
from layers.figures.notes import map_notes
from layers.figures.projection import fitted_view
from layers.figures.request import FigureFormat
from tests.layers.figures.making import drawn_panel

FRAME_IDS = [frame.id for frame in FRAMES]


@pytest.fixture(scope="module")
def panels(framed):
    return {name: drawn_panel(content) for name, content in framed.items()}


@pytest.mark.parametrize("frame", FRAME_IDS)
def test_no_label_lies_on_another_on_a_symbol_or_on_a_border(frame, panels):
    panel, _ = panels[frame]
    placed = panel.placer.placed
    assert len(placed) > 5
    for one, other in combinations(placed, 2):
        assert not one.box.meets(other.box), (one.of, other.of)
    for label in placed:
        for symbol in panel.symbols:
            assert not label.box.meets(symbol.box), (label.of, symbol.first)
        assert label.box.within(panel.box)
    lines = shapely.STRtree([
        shapely.LineString(panel.view.on_paper(line, panel.box))
        for line in prepared(panel.view).borders
    ])  # fmt: skip
    for label in placed:
        if not label.of.startswith("arrow"):
            box = shapely.box(label.box.left, label.box.top, label.box.right, label.box.bottom)
            assert not len(lines.query(box, predicate="intersects")), label.of


@pytest.mark.parametrize("frame", FRAME_IDS)
def test_every_symbol_has_its_number_its_note_and_its_source(frame, panels, framed):
    panel, layout = panels[frame]
    content = framed[frame]
    assert not panel.unlabelled
    labelled = {label.of for label in panel.placer.placed}
    inside = {f"symbol {symbol.first}" for symbol in panel.symbols}
    assert inside <= labelled
    notes = map_notes(content, panel.symbols, panel.regions, panel.arrows, layout.factor)
    keys = [paragraph.key for paragraph in notes.paragraphs if paragraph.key]
    numbers = [
        str(symbol.first + offset)
        for symbol in panel.symbols
        for offset in range(len(symbol.sites))
    ] + [number for number, _ in panel.regions]
    assert numbers == [str(number + 1) for number in range(len(numbers))]
    moves = [f"M{a.first + offset}" for a in panel.arrows for offset in range(len(a.flows))]
    assert set(numbers) | set(moves) <= set(keys)
    listed = [key for key in keys if key in notes.numbers]
    assert set(notes.cited) == set(listed) == set(notes.numbers)
    for places in notes.cited.values():
        for cited_for in places.values():
            assert set(cited_for) <= set(numbers) | set(moves)


@pytest.mark.parametrize("frame", FRAME_IDS)
def test_the_scale_bar_is_right_where_the_sheet_says_so(frame, panels):
    """Against the geodesic, at the middle of the map; elsewhere to the error that is stated."""
    panel, _ = panels[frame]
    view, bar = panel.view, panel.bar
    length = bar.end[0] - bar.start[0]
    geod = Geod(ellps="WGS84")

    def ground(x, y):
        one = view.to_degrees(x - length * view.scale / 2, y)
        other = view.to_degrees(x + length * view.scale / 2, y)
        return geod.inv(*one, *other)[2]

    middle = ((view.west + view.east) / 2, (view.south + view.north) / 2)
    assert ground(*middle) == pytest.approx(bar.metres, rel=0.001)
    reach = length * view.scale / 2
    allowed = 0.01 if "1 %" in bar.remark else float(bar.remark.split("up to ")[1].split()[0]) / 100
    for x in np.linspace(view.west + reach, view.east - reach, 5):
        for y in np.linspace(view.south, view.north, 5):
            assert ground(x, y) == pytest.approx(bar.metres, rel=allowed)


@pytest.mark.parametrize("frame", FRAME_IDS)
def test_all_of_the_frame_is_on_the_sheet(frame, panels):
    panel, _ = panels[frame]
    box = next(item.box for item in FRAMES if item.id == frame)
    for lon in (box.west, (box.west + box.east) / 2, box.east):
        for lat in (box.south, box.north):
            x, y = panel.view.place(lon, lat, panel.box)
            assert panel.box.left - 0.3 <= x <= panel.box.right + 0.3
            assert panel.box.top - 0.3 <= y <= panel.box.bottom + 0.3


@pytest.mark.parametrize("size", ["a4", "a4-landscape", "slide", "half", "column", "a5"])
def test_the_legend_stays_within_its_strip(size, framed):
    content = framed["thai-border"]
    sized = replace(content, request=replace(content.request, size=size, format=FigureFormat.SVG))
    layout = laid_out(sized.request, sized.box)
    sized = replace(sized, view=fitted_view(sized.box, layout.map.width, layout.map.height))
    page = map_sheet(sized)[0]
    legend = next(mark for mark in page.root.marks if getattr(mark, "id", None) == "legend")
    texts = [mark for mark in walk(legend) if isinstance(mark, Text)]
    assert len(texts) > 10
    assert max(text.y for text in texts) <= layout.strip.bottom
    assert min(text.x for text in texts) >= layout.strip.left
