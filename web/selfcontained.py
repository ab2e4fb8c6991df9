"""The time map as one file: page, scripts, styles, base map and data, to be opened from disk.

It is made of the page that the service gives. Everything that the page would fetch is put into it;
its policy lets only these very scripts and styles run, by their hashes, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from web.bundle import bundle
from web.mapconfig import BASEMAP, HERE, MapConfig, Page, static_roots

BASEMAP_PARTS = (
    "land", "borders", "borders_detail", "rivers", "admin1", "moei", "places", "admin1_labels",
)  # fmt: skip
METHOD_ID = "atlas-method"
"""Where reading/methodview.js finds the method; its markup is rebuilt there, never run."""
_NOT_READ = re.compile(r"<script.*?</script>|<!--.*?-->|</?script[^>]*>", re.DOTALL | re.IGNORECASE)
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
_STYLESHEET = re.compile(r'<link rel="stylesheet" href="(?P<path>[^"]+)"(?P<media>[^>]*?)\s*/?>')
_ICON = re.compile(r'(<link rel="icon" [^>]*href=")([^"]+)"')
_SCRIPT = re.compile(r'<script(?P<type> type="module")? src="(?P<path>[^"]+)"></script>')
_CSS_URL = re.compile(r"url\((?!#)[^)]*\)")


def self_contained(page: Page, config: MapConfig, data: Mapping[str, str], method: str) -> str:
    """The file's text.

    page: made of that config. data: JSON by the names that api.js asks for. method: the page that
    explains claims and grades, as HTML.
    """
    scripts: list[str] = []
    styles: list[str] = []

    def style(found: re.Match[str]) -> str:
        text = _CSS_URL.sub("none", _text(page, config, found["path"]))
        styles.append(f"\n{text}")
        return f"<style{found['media']}>\n{text}</style>"

    def script(found: re.Match[str]) -> str:
        text = _harmless(_text(page, config, found["path"]))
        scripts.append(f"\n{text}\n")
        return f"<script{found['type'] or ''}>\n{text}\n</script>"

    blocks = {**data, **{f"basemap-{name}": _basemap(name) for name in BASEMAP_PARTS}}
    written = "\n".join(
        f'<script type="application/json" id="data-{name}">{_inert(text)}</script>'
        for name, text in blocks.items()
    )
    main = _MAIN.search(method)
    readable = _NOT_READ.sub("", main[0] if main else method)
    written += f'\n<script type="text/plain" id="{METHOD_ID}">{readable}</script>'
    html = _ICON.sub(lambda found: f'{found[1]}{_data_address(config, found[2])}"', page.html)
    html = _STYLESHEET.sub(style, html)
    html = _SCRIPT.sub(script, html)
    head, rest = html.split("<head>", 1)
    body, end = rest.rsplit('<script type="module">', 1)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, styles)}">'
    head = f'{head}<head>\n<meta charset="utf-8">\n{policy}'
    return f'{head}{body}{written}\n<script type="module">{end}'


def _policy(scripts: list[str], styles: list[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _text(page: Page, config: MapConfig, path: str) -> str:
    """What the service would answer at that path of the page."""
    if path in ("/map.js", "/map.css"):
        return page.script if path == "/map.js" else page.style
    if path == "/atlas.js":
        return bundle(HERE / "static" / "js", "main.js")
    within = path.removeprefix(f"{config.static_root}/")
    roots = static_roots()
    first, _, rest = within.partition("/")
    file = roots[first] / rest if first in roots else roots[""] / within
    return file.read_text("utf-8")


def _data_address(config: MapConfig, path: str) -> str:
    icon = (HERE / "static" / path.removeprefix(f"{config.static_root}/")).read_text("utf-8")
    return f"data:image/svg+xml,{quote(icon)}"


def _basemap(name: str) -> str:
    text = (BASEMAP / f"{name}.geojson").read_text("utf-8")
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


def _inert(text: str) -> str:
    """JSON in which no text can end the element that it stands in."""
    return text.replace("<", "\\u003c")


def _harmless(script: str) -> str:
    """A script in which no text of its own ends the element that it stands in."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
