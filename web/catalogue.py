"""The texts of the map's interface: one JSON file in `web/texts` for each language."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT_LANGUAGE = "en"
_TEXTS = files("web") / "texts"


@cache
def catalogue(language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return the texts of a language, by area and key. Raises LookupError where there are none."""
    file = _TEXTS / f"{language}.json"
    if not language.isalpha() or not file.is_file():
        raise LookupError(f"There is no catalogue of texts for the language {language!r}.")
    texts: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return texts
