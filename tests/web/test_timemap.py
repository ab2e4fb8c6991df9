"""The page: what Folium makes of it, taken apart so that a strict policy lets it pass."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import folium
import pytest

from geo import vocabulary
from web.mapconfig import MapConfig, static_roots
from web.timemap import LocalMap, build_page

CONFIG = MapConfig(
    as_of=date(2026, 11, 22),
    first_day=date(2001, 1, 1),
    last_day=date(2026, 11, 22),
    opening_day=date(2026, 5, 5),
)
OWN_FILES = sorted(
    path
    for path in static_roots()[""].rglob("*")
    if path.suffix in {".js", ".css", ".svg"} and path.is_file()
)
MODULES = [path for path in OWN_FILES if path.suffix == ".js"]
A_WEB_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
RISKY = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|bindPopup|bindTooltip"
)
# The online background is asked only when a reader switches it on (tests/browser/test_sharing.py).
ONLINE = {"https://tile.openstreetmap.org", "https://www.openstreetmap.org"}
ALLOWED_ADDRESSES = {"http://www.w3.org"}


class Markup(HTMLParser):
    """Elements of a page: name, attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.script_text: list[tuple[dict[str, str | None], str]] = []
        self._open: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = dict(attrs) if tag == "script" else None

    def handle_endtag(self, _tag):
        self._open = None

    def handle_data(self, data):
        if self._open is not None and data.strip():
            self.script_text.append((self._open, data))


def configuration(html):
    [(_, text)] = [
        (attributes, text)
        for attributes, text in Markup(html).script_text
        if attributes.get("id") == "atlas-config"
    ]
    return json.loads(text)


def test_two_renders_give_the_same_bytes():
    assert build_page(CONFIG) == build_page(replace(CONFIG))


@pytest.mark.parametrize("part", ["html", "script", "style"])
def test_the_page_names_no_foreign_address(part):
    found = set(A_WEB_ADDRESS.findall(getattr(build_page(CONFIG), part)))
    assert found <= ALLOWED_ADDRESSES | (ONLINE if part == "html" else set())


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_our_files_name_no_foreign_address(path: Path):
    found = set(A_WEB_ADDRESS.findall(path.read_text("utf-8")))
    assert found <= ALLOWED_ADDRESSES


def test_no_script_of_the_page_is_inline_but_the_block_of_data():
    inline = Markup(build_page(CONFIG).html).script_text
    assert [attributes["type"] for attributes, _ in inline] == ["application/json"]


def test_no_element_of_the_page_carries_style_or_handlers():
    for tag, attributes in Markup(build_page(CONFIG).html).elements:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_foliums_script_and_styles_go_out_as_files():
    page = build_page(CONFIG)
    assert f"var {LocalMap.NAME} = L.map(" in page.script
    assert f"#{LocalMap.NAME}" in page.style
    assert "<" not in page.script
    assert "<" not in page.style


def test_the_page_can_be_enlarged():
    [viewport] = [
        attributes["content"]
        for tag, attributes in Markup(build_page(CONFIG).html).elements
        if tag == "meta" and attributes.get("name") == "viewport"
    ]
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport


def test_every_file_that_the_page_asks_for_is_there():
    asked = [
        attributes.get("src") or attributes.get("href")
        for tag, attributes in Markup(build_page(CONFIG).html).elements
        if tag in {"script", "link"} and (attributes.get("src") or attributes.get("href"))
    ]
    static = [path.removeprefix("/static/") for path in asked if path.startswith("/static/")]
    others = {path.partition("?")[0] for path in asked if not path.startswith("/static/")}
    assert others == {"/map.js", "/map.css", "/atlas.js", "/oembed"}
    assert "leaflet/leaflet.js" in static
    roots = static_roots()
    for path in static:
        first, _, rest = path.partition("/")
        served = roots[first] / rest if first in roots else roots[""] / path
        assert served.is_file(), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_module_that_a_module_imports_is_there(path: Path):
    imported = re.findall(r'from "\./([^"]+)"', path.read_text("utf-8"))
    assert [name for name in imported if not (path.parent / name).is_file()] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_turns_text_into_markup_or_code(path: Path):
    text = path.read_text("utf-8")
    assert RISKY.findall(text) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_stays_short_enough_to_read(path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_making_the_page_leaves_foliums_own_lists_alone():
    before = [list(folium.Map.default_js), list(folium.Map.default_css)]
    build_page(CONFIG)
    assert [folium.Map.default_js, folium.Map.default_css] == before
    assert any("jsdelivr" in address for _, address in folium.Map.default_js)


def test_hostile_words_in_the_configuration_stay_text():
    hostile = '</script><script>alert(1)</script>"${alert(1)}'
    page = build_page(replace(CONFIG, title=hostile, attribution=hostile, version=hostile))
    assert "<script>alert" not in page.html
    assert configuration(page.html)["version"] == hostile
    assert all("alert" not in text for text in (page.script, page.style))


def test_the_browser_is_told_days_roots_and_every_meaning():
    told = configuration(build_page(replace(CONFIG, layers_root="/elsewhere")).html)
    assert told["layers_root"] == "/elsewhere"
    assert (told["first_day"], told["last_day"]) == ("2001-01-01", "2026-11-22")
    assert told["opening_day"] == "2026-05-05"
    assert told["vocabulary"]["reliability"]["B"] == "usually reliable"
    assert told["vocabulary"]["credibility"]["2"] == "probably true"
    assert set(told["vocabulary"]["role"]) == {role.value for role in vocabulary.Role}
