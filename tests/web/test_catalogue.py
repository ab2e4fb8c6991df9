"""The texts of the interface: one file a language, and none of it loose."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from layers import symbology
from web.catalogue import (
    DEFAULT_LANGUAGE,
    catalogue,
    labels,
    language_or_default,
    languages,
    translator,
)
from web.mapconfig import HERE, MapConfig, static_roots, translated_vocabulary
from web.timemap import build_page

CODES = [language.code for language in languages()]
OTHERS = [code for code in CODES if code != DEFAULT_LANGUAGE]
MODULES = sorted(static_roots()[""].rglob("*.js"))
TEMPLATES = [HERE / "templates" / "page.html"]
AREAS = {"time", "place", "reading", "asking", "table", "sharing", "page"}
_AREA = "|".join(sorted(AREAS))
KEY = re.compile(rf"""["'`]((?:{_AREA})\.[\w.]*)(["'`]|\$\{{)""")
PLURALS = {"zero", "one", "two", "few", "many", "other"}


def is_plural(value):
    return isinstance(value, dict) and "other" in value and set(value) <= PLURALS


def flat(texts, path=""):
    """Every text by its full key; a plural text is one."""
    found = {}
    for name, value in texts.items():
        key = f"{path}{name}"
        if isinstance(value, str) or is_plural(value):
            found[key] = value
        else:
            found |= flat(value, f"{key}.")
    return found


def interface(code):
    return flat({area: texts for area, texts in catalogue(code).items() if area in AREAS})


def places(text):
    """Names of the places in a text, of all its plural forms together."""
    forms = text.values() if isinstance(text, dict) else [text]
    return set().union(*(re.findall(r"\{(\w+)\}", form) for form in forms))


def keys_named():
    """Keys in our modules and the page's template: whole ones, and beginnings of computed ones."""
    whole, beginnings = {}, {}
    for path in [*MODULES, *TEMPLATES]:
        for key, end in KEY.findall(path.read_text("utf-8")):
            computed = end == "${" or key.endswith(("_", "."))
            (beginnings if computed else whole)[key] = path.name
    return whole, beginnings


def test_every_key_that_is_asked_for_is_in_the_catalogue():
    whole, beginnings = keys_named()
    known = interface(DEFAULT_LANGUAGE)
    assert {key: where for key, where in whole.items() if key not in known} == {}
    assert [
        (start, where)
        for start, where in beginnings.items()
        if not any(key.startswith(start) for key in known)
    ] == []
    assert len(whole) > 50


def test_no_text_of_the_catalogue_is_unused():
    whole, beginnings = keys_named()
    unused = [
        key
        for key in interface(DEFAULT_LANGUAGE)
        if key not in whole and not any(key.startswith(start) for start in beginnings)
    ]
    assert unused == []


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_says_which_language_it_is(code):
    assert catalogue(code)["language"]["code"] == code
    assert catalogue(code)["language"]["direction"] in {"ltr", "rtl"}
    assert catalogue(code)["language"]["name"]


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_keys_and_places(code):
    english, other = interface(DEFAULT_LANGUAGE), interface(code)
    assert set(other) == set(english)
    assert {key for key in english if places(english[key]) != places(other[key])} == set()
    assert {key for key in english if is_plural(english[key]) != is_plural(other[key])} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_a_meaning_for_each_code_and_symbol(code):
    english, other = translated_vocabulary(DEFAULT_LANGUAGE), catalogue(code)["vocabulary"]
    assert {name: set(codes) for name, codes in other.items()} == {
        name: set(codes) for name, codes in english.items()
    }
    assert set(catalogue(code)["symbols"]) == set(labels(symbology.symbols()))


@pytest.mark.parametrize("code", CODES)
def test_the_page_speaks_the_language(code):
    config = MapConfig(
        as_of=date(2026, 11, 22),
        first_day=date(2001, 1, 1),
        last_day=date(2026, 11, 22),
        opening_day=date(2026, 5, 5),
    )
    html = build_page(replace(config, language=code)).html
    assert f'<html lang="{code}" dir="{catalogue(code)["language"]["direction"]}">' in html
    assert translator(code)("page.skip") in html
    for language in languages():
        assert len(CODES) == 1 or f'href="?lang={language.code}"' in html


@pytest.mark.parametrize("nonsense", ["", "xx", "../en", "EN", "e n", None])
def test_a_language_that_is_not_there_is_english(nonsense):
    assert language_or_default(nonsense) == DEFAULT_LANGUAGE


def test_a_catalogue_that_is_not_there_is_an_error():
    with pytest.raises(LookupError, match="language 'xx'"):
        catalogue("xx")
    with pytest.raises(LookupError):
        catalogue("../texts/en")


def test_a_text_takes_values_for_its_places_and_leaves_others_as_they_are():
    t = translator(DEFAULT_LANGUAGE)
    assert t("page.print_as_of", day="1 May 2025") == "As of 1 May 2025."
    assert t("page.print_as_of") == "As of {day}."
