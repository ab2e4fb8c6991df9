"""Symbols must tell every code apart, on the screen, in grey print and for every eye."""

from __future__ import annotations

import itertools
import json

import pytest

from geo import vocabulary
from layers import symbology
from tests.layers.colours import EYES, contrast, difference, lab

SCHEMES = ("light", "dark")
ACTIVITY_APART = 15
"""Least CIEDE2000 between two classes of activity, whoever looks: far more than is just seen."""
ACTORS_APART = 12
"""The same between two actors: there are more of them, and their names stand in tip and panel."""
GREY_APART = 9
"""Least difference of CIE L* between two classes of activity, for grey print."""


def symbols(scheme):
    found = symbology.symbols()
    return found["dark"] if scheme == "dark" else found


def actor_colours(scheme):
    actors = symbols(scheme)["actors"]
    return [*actors["colours"], actors["other"]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_yardstick_measures_as_published(one, other, expected):
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


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


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_activity_colours_are_told_apart_by_every_eye(eyes, scheme):
    for one, other in itertools.combinations(symbols(scheme)["activity"], 2):
        apart = difference(lab(one["colour"], eyes), lab(other["colour"], eyes))
        assert apart >= ACTIVITY_APART, (one["code"], other["code"], apart)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_actor_colours_are_told_apart_by_every_eye(eyes, scheme):
    for one, other in itertools.combinations(actor_colours(scheme), 2):
        apart = difference(lab(one, eyes), lab(other, eyes))
        assert apart >= ACTORS_APART, (one, other, apart)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_activities_are_told_apart_in_grey(scheme):
    lightness = sorted(lab(item["colour"])[0] for item in symbols(scheme)["activity"])
    assert min(b - a for a, b in itertools.pairwise(lightness)) >= GREY_APART


def test_activities_are_told_apart_by_form_too_where_one_of_them_is_not_full():
    forms = [(item.fill, item.mark) for item in symbology.ACTIVITY]
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_symbols_stand_out_from_the_land(scheme):
    drawn = symbols(scheme)
    land = drawn["basemap"]["land"]
    for item in drawn["activity"]:
        least = 2.2 if item["fill"] == "half" else 3
        assert contrast(item["colour"], land) >= least, item
    for colour in [*actor_colours(scheme), drawn["flow"]["colour"]]:
        assert contrast(colour, land) >= 2.8, colour


@pytest.mark.parametrize("scheme", SCHEMES)
def test_names_on_the_map_can_be_read(scheme):
    drawn = symbols(scheme)
    halo = drawn["labels"]["halo"][:7]
    for hand in ("site", "context", "region", "country", "admin1", "place", "city"):
        assert contrast(drawn["labels"][hand], halo) >= 4.5, hand


def test_both_schemes_say_the_same_in_other_colours():
    light, dark = symbols("light"), symbols("dark")
    assert set(light) - {"dark"} == set(dark)
    assert [item["label"] for item in light["activity"]] == [
        item["label"] for item in dark["activity"]
    ]
    assert not {item["colour"] for item in light["activity"]} & {
        item["colour"] for item in dark["activity"]
    }


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
