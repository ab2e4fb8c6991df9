"""How a value of a property is shown: as escaped text with its meaning, unit or link.

Stored text is isolated in <bdi>, so that a right-to-left override in it ends where it ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from geo.vocabulary import Code
from layers.columns import BOUNDS, SOURCE, Column, ColumnType
from web.resources.addresses import Site, web_address

NOT_KNOWN = Markup('<span class="none">–</span>')
_EMPTY = Markup("")
# Where a word begins within a name such as `matrixWidth`.
_HUMP = re.compile(r"([a-z])([A-Z])(?=[a-z])")
_SPELLED = {"crs": "CRS", "uri": "URI", "url": "URL"}
_LONG_CELL = 36
_CITED = ("source_id", "source_title", "source_publisher", "source_kind", "source_published",
          "source_url", "source_language", "reliability", "locator", "credibility")  # fmt: skip
_BOUNDS = tuple(column.name for column in BOUNDS)
# Which layer an id is of, by the end of the column's name.
_RECORDS = {
    "site_id": "hotspots",
    "report_id": "reports",
    "control_id": "control",
    "flow_id": "displacement",
    "actor_id": "actors",
    "source_id": "sources",
}


def text(value: object) -> Markup:
    """Stored text."""
    return Markup("<bdi>%s</bdi>") % value


@cache
def prose(words: str) -> Markup:
    """A sentence of ours, its `names` in backquotes set as code."""
    parts = words.split("`")
    return _joined(
        Markup("<code>%s</code>") % part if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def plain(value: object) -> Markup:
    """A value of no known kind, as JSON writes it where it is not text."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return linked(value, value)
    return Markup("<code>%s</code>") % json.dumps(value, ensure_ascii=False)


def anything(value: Any) -> Markup:
    """Any JSON as nested lists."""
    if isinstance(value, Mapping):
        pairs = (
            Markup("<div><dt>%s</dt><dd>%s</dd></div>") % (text(name), anything(part))
            for name, part in value.items()
        )
        return Markup('<dl class="json">%s</dl>') % _joined(pairs)
    if isinstance(value, list) and any(isinstance(part, (Mapping, list)) for part in value):
        entries = (Markup("<li>%s</li>") % anything(part) for part in value)
        return Markup("<ol>%s</ol>") % _joined(entries)
    if isinstance(value, list):
        return Markup(", ").join(plain(part) for part in value)
    return plain(value)


def linked(address: object, shown: object, *, rel: str = "noopener") -> Markup:
    """A link where the address is one of the web, else only the text."""
    found = web_address(address)
    if found is None:
        return text(shown)
    return Markup('<a href="%s" rel="%s"><bdi>%s</bdi></a>') % (found, rel, shown)


@cache
def meanings(codes: type[Code]) -> dict[str, str]:
    """The meaning of each code of a list."""
    return {code.value: code.meaning for code in codes}


def label_of(name: str) -> str:
    """The name of a property as words: `people_min` is "People min"."""
    words = _HUMP.sub(lambda found: f"{found[1]} {found[2].lower()}", name).replace("_", " ")
    spelled = " ".join(_SPELLED.get(word, word) for word in words.split())
    return spelled[:1].upper() + spelled[1:]


def record_layer(name: str) -> str | None:
    """The layer that an id in a property of that name is of."""
    if not name.endswith("_id"):
        return None
    return next((layer for ending, layer in _RECORDS.items() if name.endswith(ending)), None)


def short(value: Any, column: Column | None, site: Site) -> Markup:
    """A value for a cell of a table: brief, its meaning where one points."""
    if value is None:
        return NOT_KNOWN
    if column is not None and column.codes is not None:
        meaning = meanings(column.codes).get(str(value))
        if meaning is None:
            return text(value)
        return Markup('<abbr title="%s">%s</abbr>') % (meaning, value)
    return _any(value, column, site)


def full(value: Any, column: Column | None, site: Site) -> Markup:
    """A value for the page of one feature: in words."""
    if value is not None and column is not None and column.codes is not None:
        meaning = meanings(column.codes).get(str(value))
        if meaning is not None:
            return Markup('%s <code class="code">%s</code>') % (meaning, value)
    return _any(value, column, site)


def _any(value: Any, column: Column | None, site: Site) -> Markup:
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return escape("yes" if value else "no")
    if isinstance(value, (int, float)):
        unit = column.unit if column is not None else None
        return Markup("%s&nbsp;%s") % (value, unit) if unit else escape(value)
    if isinstance(value, str):
        return _text(value, column, site)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return Markup(", ").join(text(part) for part in value) if value else NOT_KNOWN
    if isinstance(value, list) and all(isinstance(part, Mapping) for part in value):
        if not value:
            return NOT_KNOWN
        fields = column.fields if column is not None else ()
        name = column.name if column is not None else "entries"
        return records(value, fields, site, caption=label_of(name))
    return plain(value)


def _text(value: str, column: Column | None, site: Site) -> Markup:
    if column is None:
        return plain(value)
    if column.kind is ColumnType.URI:
        return linked(value, value, rel="external noopener noreferrer")
    layer = record_layer(column.name)
    return linked(site.item(layer, value), value) if layer else text(value)


def records(
    rows: Sequence[Mapping[str, Any]], fields: Sequence[Column], site: Site, *, caption: str
) -> Markup:
    """A list of objects as a table; what is said of days and of the source is one cell each."""
    present = list(dict.fromkeys(name for row in rows for name in row))
    known = {column.name: column for column in fields}
    dated = any(name in present for name in _BOUNDS)
    cited = any(name in present for name in _CITED)
    joined = {*(_BOUNDS if dated else ()), *(_CITED if cited else ())}
    own = [name for name in present if name not in joined]
    heads = [Markup('<th scope="col">%s</th>') % label_of(name) for name in own]
    heads += [Markup('<th scope="col">Days</th>')] if dated else []
    heads += [Markup('<th scope="col">Source</th>')] if cited else []
    body = []
    for row in rows:
        cells = [full(row.get(name), known.get(name), site) for name in own]
        cells += [Markup('<span class="days">%s</span>') % days(row)] if dated else []
        cells += [citation(row, site)] if cited else []
        body.append(Markup("<tr>%s</tr>") % _joined(_cell(cell) for cell in cells))
    return Markup(
        '<div class="scroll" role="region" aria-label="%s" tabindex="0"><table class="records">'
        '<caption class="unseen">%s</caption><thead><tr>%s</tr></thead><tbody>%s</tbody>'
        "</table></div>"
    ) % (caption, caption, _joined(heads), _joined(body))


def _cell(content: Markup) -> Markup:
    kind = "wide" if len(content.striptags()) > _LONG_CELL else "brief"
    return Markup('<td class="%s">%s</td>') % (kind, content)


def _joined(parts: Iterable[Markup]) -> Markup:
    return _EMPTY.join(parts)


def place_text(geometry: object) -> Markup:
    """Coordinates as text."""
    if not isinstance(geometry, Mapping):
        return NOT_KNOWN
    coordinates = geometry.get("coordinates")
    return Markup("%s <code>%s</code>") % (geometry.get("type"), str(coordinates))


def days(claim: Mapping[str, Any]) -> Markup:
    """The possible and the certain days of a claim."""
    possible = _between(claim.get("possible_from"), claim.get("possible_to"), "no limit is known")
    certain = _between(claim.get("certain_from"), claim.get("certain_to"), "on no day")
    return Markup("possible: %s<br>certain: %s") % (possible, certain)


def _between(first: object, last: object, neither: str) -> Markup:
    if first is None and last is None:
        return escape(neither)
    if first == last:
        return text(first)
    if first is None:
        return Markup("up to %s") % text(last)
    if last is None:
        return Markup("from %s on") % text(first)
    return Markup("%s to %s") % (text(first), text(last))


def citation(claim: Mapping[str, Any], site: Site) -> Markup:
    """Who says it, in what, where in it, and how both are graded."""
    lines = [Markup("<cite>%s</cite>") % _source_title(claim)]
    document = [
        _said(claim, name, words, site)
        for name, words in _DOCUMENT.items()
        if claim.get(name) is not None
    ]
    lines += [Markup(", ").join(document)] if document else []
    lines += [
        _said(claim, name, words, site)
        for name, words in _GRADED.items()
        if claim.get(name) is not None
    ]
    shown = (Markup("<span>%s</span>") % line for line in lines)
    return Markup('<span class="citation">%s</span>') % _joined(shown)


_DOCUMENT = {
    "source_publisher": Markup("%s"),
    "source_kind": Markup("%s"),
    "source_published": Markup("published %s"),
    "source_language": Markup("language: %s"),
}
_GRADED = {
    "locator": Markup("where in it: %s"),
    "reliability": Markup("reliability of the source: %s"),
    "credibility": Markup("credibility of the claim: %s"),
    "source_id": Markup("record of the source: %s"),
}


def _said(claim: Mapping[str, Any], name: str, words: Markup, site: Site) -> Markup:
    return words % full(claim[name], SOURCE_COLUMNS[name], site)


def _source_title(claim: Mapping[str, Any]) -> Markup:
    title, address = claim.get("source_title"), claim.get("source_url")
    shown = title if title is not None else (address or "source without a title")
    found = linked(address, shown, rel="external noopener noreferrer")
    if address is not None and web_address(address) is None and title is not None:
        return Markup("%s (%s)") % (found, text(address))
    return found


SOURCE_COLUMNS = {column.name: column for column in SOURCE}
