"""The texts of the map's interface: one JSON file in `web/texts` for each language.

A file has a block `language` (BCP 47 code, its own name, direction) and areas of texts. A text
holds places such as `{count}`; one with plural forms is an object by CLDR category. English is
the file that the others are held against. Code lists and symbols say their English meaning where
they are defined, so only a translation has the areas `vocabulary` and `symbols`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT_LANGUAGE = "en"
_TEXTS = files("web") / "texts"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Language:
    """A language that there is a catalogue for."""

    code: str
    """BCP 47"""
    name: str
    """its own name for itself"""
    direction: str
    """`ltr` or `rtl`"""


@cache
def catalogue(language: str = DEFAULT_LANGUAGE) -> Mapping[str, Any]:
    """Return the texts of a language, by area and key. Raises LookupError where there are none."""
    file = _TEXTS / f"{language}.json"
    if not language.isalpha() or not language.isascii() or not file.is_file():
        raise LookupError(f"There is no catalogue of texts for the language {language!r}.")
    texts: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return texts


def interface_texts(language: str) -> dict[str, Any]:
    """Return what the browser's `t` reads: all but the meanings of codes and symbols."""
    return {
        area: texts
        for area, texts in catalogue(language).items()
        if area not in ("vocabulary", "symbols")
    }


def labels(value: Any, name: str = "") -> Iterator[str]:
    """Every label within a description of symbols: texts below a name that says `label`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from labels(item, key if "label" not in name else name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from labels(item, name)
    elif isinstance(value, str) and "label" in name and not value.startswith("#"):
        yield value  # colours of labels are no texts


def translated(value: Any, language: str) -> Any:
    """Return a description of symbols with its labels in a language, English where it has none."""
    own: dict[str, str] = catalogue(language).get("symbols", {})
    return _with_labels(value, own)


def _with_labels(value: Any, own: Mapping[str, str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {
            key: _with_labels(item, own, key if "label" not in name else name)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_with_labels(item, own, name) for item in value]
    return own.get(value, value) if isinstance(value, str) and "label" in name else value


@cache
def languages() -> tuple[Language, ...]:
    """Return every language that has a catalogue: English first, then by code."""
    codes = sorted(
        (file.name.removesuffix(".json") for file in _TEXTS.iterdir() if _is_catalogue(file.name)),
        key=lambda code: (code != DEFAULT_LANGUAGE, code),
    )
    return tuple(Language(**catalogue(code)["language"]) for code in codes)


def _is_catalogue(name: str) -> bool:
    return name.endswith(".json")


def language_or_default(code: str | None) -> str:
    """Return the language asked for, or English where there is no catalogue of it."""
    known = {language.code for language in languages()}
    return code if code in known else DEFAULT_LANGUAGE


def translator(language: str) -> Callable[..., str]:
    """Return a function that gives the text of a key such as `page.skip`, its places filled.

    For templates, which need no plural forms. Raises KeyError for a key that is not there.
    """
    texts = catalogue(language)

    def t(key: str, **values: str) -> str:
        found: Any = texts
        for part in key.split("."):
            found = found[part]
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), found)

    return t
