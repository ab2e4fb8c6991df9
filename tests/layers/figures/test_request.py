"""What can be asked of a figure, and what is refused."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from geo.errors import InvalidFilter
from layers.figures.frames import FRAMES, box_around
from layers.figures.request import (
    MAX_MULTIPLES,
    SIZES,
    FigureFormat,
    FigureKind,
    FigureRequest,
    multiple_dates,
)

FULL = {
    "frame": "thai-border", "datetime": "2024-01-01/2025-03-10", "style": "actor",
    "filter": "country = 'MM' AND reports_count > 2", "kind": "map", "format": "png",
    "size": "a5-landscape", "dpi": "300", "title": "A <title> & more", "labels": "latin",
    "certainty": "certain", "country": "MM",
}  # fmt: skip


def test_nine_frames_are_named():
    assert len(FRAMES) == 9
    assert len({frame.id for frame in FRAMES}) == 9


def test_a_request_comes_back_from_its_own_parameters():
    request = FigureRequest.parse(FULL)
    assert FigureRequest.parse(request.parameters()) == request


@pytest.mark.parametrize("frame", [frame.id for frame in FRAMES])
def test_the_address_names_frame_and_format(frame):
    request = FigureRequest.parse({"frame": frame, "at": "2025-03-10", "format": "svg"})
    assert request.address() == f"/figures/{frame}.svg?datetime=2025-03-10"


def test_one_day_and_a_window_are_told_apart():
    day = FigureRequest.parse({"frame": "shan", "at": "2025-03-10"})
    window = FigureRequest.parse({"frame": "shan", "from": "2024-01-01", "to": "2025-03-10"})
    assert day.at == window.at == date(2025, 3, 10)
    assert window.period.first == date(2024, 1, 1)


def test_multiples_spread_evenly_and_hold_both_ends():
    given = {"frame": "shan", "kind": "multiples", "from": "2022-01-01", "to": "2026-01-01"}
    days = multiple_dates(FigureRequest.parse({**given, "count": "5"}))
    assert days[0] == date(2022, 1, 1)
    assert days[-1] == date(2026, 1, 1)
    steps = [(b - a).days for a, b in pairwise(days)]
    assert max(steps) - min(steps) <= 1


def test_every_paper_size_and_any_millimetres():
    for size, millimetres in SIZES.items():
        assert FigureRequest.parse({"frame": "shan", "size": size}).millimetres == millimetres
    own = FigureRequest.parse({"frame": "shan", "size": "120.5x90"})
    assert own.millimetres == (120.5, 90.0)


@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        ("frame", {}),
        ("frame", {"frame": "atlantis"}),
        ("frame", {"frame": "shan", "bbox": "1,2,3,4"}),
        ("bbox", {"bbox": "1,2,3"}),
        ("bbox", {"bbox": "0,0,150,10"}),
        ("bbox", {"bbox": "0,80,10,89"}),
        ("bbox", {"bbox": "0,0,0.001,0.001"}),
        ("site", {"site": "../etc"}),
        ("radius", {"site": "kk-park", "radius": "1e9"}),
        ("radius", {"site": "kk-park", "radius": "0"}),
        ("at", {"frame": "shan", "at": "2025-02-30"}),
        ("from", {"frame": "shan", "from": "2025-02-01", "to": "2025-01-01"}),
        ("at", {"frame": "shan", "datetime": "2025-01-01", "at": "2025-01-01"}),
        ("datetime", {"frame": "shan", "datetime": "soon"}),
        ("size", {"frame": "shan", "size": "a0"}),
        ("size", {"frame": "shan", "size": "10x10"}),
        ("size", {"frame": "shan", "size": "9000x9000"}),
        ("dpi", {"frame": "shan", "dpi": "5000"}),
        ("dpi", {"frame": "shan", "dpi": "600", "size": "600x600", "format": "png"}),
        ("title", {"frame": "shan", "title": "x" * 161}),
        ("title", {"frame": "shan", "title": "two\nlines"}),
        ("title", {"frame": "shan", "title": "turned \u202e round"}),
        ("kind", {"frame": "shan", "kind": "poster"}),
        ("kind", {"frame": "shan", "kind": "timeline"}),
        ("actor", {"actor": "someone"}),
        ("compare", {"frame": "shan", "kind": "change", "at": "2025-01-01"}),
        ("compare", {"frame": "shan", "compare": "2024-01-01"}),
        ("compare", {"frame": "shan", "kind": "change", "at": "2025-01-01",
                     "compare": "2025-01-01"}),
        ("dates", {"frame": "shan", "kind": "multiples"}),
        ("dates", {"frame": "shan", "kind": "multiples", "dates": "2025-01-01"}),
        ("dates", {"frame": "shan", "kind": "multiples", "dates": "2025-01-01,2024-01-01"}),
        ("count", {"frame": "shan", "kind": "multiples", "count": str(MAX_MULTIPLES + 1),
                   "from": "2020-01-01", "to": "2025-01-01"}),
        ("filter", {"frame": "shan", "filter": "country ="}),
        ("country", {"frame": "shan", "nothing": "1"}),
        ("style", {"frame": "shan", "style": "loud"}),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_by_name(parameter, given):
    with pytest.raises(InvalidFilter) as refused:
        FigureRequest.parse(given)
    if "nothing" in given:
        parameter = "nothing"
    assert refused.value.parameter == parameter
    assert str(refused.value).startswith(parameter)


def test_a_box_round_a_place_may_cross_180_degrees():
    box = box_around(179.5, -17.0, 100_000)
    assert box.west > 178
    assert box.east < -179
    assert len(box.parts) == 2


def test_formats_have_media_types():
    assert FigureFormat.SVG.media_type == "image/svg+xml"
    assert {kind.value for kind in FigureKind} == {
        "map", "multiples", "change", "displacement", "timeline"
    }  # fmt: skip
