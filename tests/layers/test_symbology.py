"""Symbols must tell every code apart, on the screen, in grey print and for every eye."""

from __future__ import annotations

import itertools
import json

import pytest

from geo import vocabulary
from layers import symbology

LAND = "#f6f3ec"
# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    ]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour, matrix):
    red, green, blue = (
        min(
            1,
            max(0, sum(factor * value for factor, value in zip(row, linear(colour), strict=True))),
        )
        for row in matrix
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (
        value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z)
    )
    return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))


@pytest.mark.parametrize(
    ("styles", "codes"),
    [
        (symbology.ACTIVITY, vocabulary.Activity),
        (symbology.KIND, vocabulary.SiteKind),
        (symbology.PLACE, vocabulary.PlaceRole),
        (symbology.ROLE, vocabulary.Role),
    ],
    ids=["activity", "kind", "place", "role"],
)
def test_every_code_has_one_style(styles, codes):
    assert sorted(style.code for style in styles) == sorted(code.value for code in codes)


def test_every_credibility_has_a_style_of_flow_and_none_is_bolder_than_a_better_one():
    assert [style.code for style in symbology.FLOW] == [1, 2, 3, 4, 5, 6]
    opacities = [style.opacity for style in symbology.FLOW]
    assert opacities == sorted(opacities, reverse=True)


@pytest.mark.parametrize("matrix", BLINDNESS.values(), ids=BLINDNESS)
def test_activity_colours_differ_for_every_eye(matrix):
    for one, other in itertools.combinations(symbology.ACTIVITY, 2):
        first, second = lab(one.colour, matrix), lab(other.colour, matrix)
        distance = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5
        assert distance > 14 or (one.fill, one.mark) != (other.fill, other.mark), (one, other)


def test_activities_are_told_apart_in_grey_by_fill_mark_or_lightness():
    for one, other in itertools.combinations(symbology.ACTIVITY, 2):
        differs_in_form = (one.fill, one.mark) != (other.fill, other.mark)
        assert differs_in_form or contrast(one.colour, other.colour) > 1.5, (one, other)


def test_symbols_stand_out_from_the_land():
    for item in symbology.ACTIVITY:
        least = 2.2 if item.fill == "half" else 3
        assert contrast(item.colour, LAND) >= least, item


def test_a_legend_never_says_that_something_is_only_that_it_is_reported():
    for item in symbology.ACTIVITY:
        assert item.label.startswith("reported") or item.code == vocabulary.Activity.UNKNOWN


def test_states_fade_with_age_and_never_vanish():
    opacities = [item.opacity for item in symbology.CERTAINTY_BY_AGE]
    assert opacities == sorted(opacities, reverse=True)
    assert opacities[-1] >= 0.35
    ages = [item.max_age_days for item in symbology.CERTAINTY_BY_AGE]
    assert ages[-1] is None
    assert ages[:-1] == sorted(age for age in ages if age is not None)


def test_the_symbols_can_be_sent_as_json():
    assert json.loads(json.dumps(symbology.symbols()))["activity"][0]["code"] == "expanding"
