"""Which names of a site stand on a map, and how long they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from layers.figures.claims import Site
from layers.figures.fonts import drawable
from layers.figures.gathering import Symbol
from layers.figures.placing import Label, Line, Words
from layers.figures.request import Labels
from layers.symbology import INK, LABELS

LONGEST = 34
MOST_LISTED = 30
"""Sites of one symbol that are listed beside it by name."""
_SCRIPTS = {
    "MM": ((0x1000, 0x10A0), (0x3400, 0xA000)),  # Kokang and Wa write Chinese
    "TH": ((0x0E00, 0x0E80),),
    "LA": ((0x0E80, 0x0F00),),
    "KH": ((0x1780, 0x1800),),
    "CN": ((0x3400, 0xA000),),
    "TW": ((0x3400, 0xA000),),
}
_QUIET = LABELS["light"].context


def short_name(name: str) -> str:
    """A name for a map: one line, not too long, nothing that turns the text round."""
    clean = drawable(name).strip()
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1].rstrip()}…"


def local_name(site: Site) -> str | None:
    """The name in a script of the country; None where it writes Latin, or none is known."""
    for first, end in _SCRIPTS.get(site.country, ()):
        for name in site.names_other:
            if any(first <= ord(letter) < end for letter in name):
                return name
    return None


def area_name(site: Site) -> str:
    """The name of an area that is told as a text."""
    name = short_name(site.name)
    return name if name.endswith(")") else f"{name} (area)"


def site_label(
    symbol: Symbol,
    labels: Labels,
    factor: float,
    titles: Mapping[str, str],
    bare: bool,
    unnumbered: bool = False,
) -> Label:
    """Number, name and local name of a symbol; bare: the number alone.

    titles: what is written after the name of a site.
    """
    size = 2.35 * factor
    number = Words("" if unnumbered else symbol.numbers, bold=True)
    if bare:
        return Label((Line((number,), size * 0.9),))
    lead = symbol.lead
    more = len(symbol.sites) - 1
    local = local_name(lead) if labels is not Labels.LATIN else None
    shown = local if labels is Labels.LOCAL and local else lead.name
    tail = (f" +{more}" if more else "") + titles.get(lead.site_id, "")
    colour = _QUIET if lead.context else INK
    first = Line((number, Words(f" {short_name(shown)}{tail}", colour=colour)), size)
    if local is None or shown == local:
        return Label((first,))
    return Label((first, Line((Words(short_name(local), colour=_QUIET),), size * 0.88)))


def listing(
    symbol: Symbol, labels: Labels, factor: float, titles: Mapping[str, str]
) -> Label | None:
    """The sites of one symbol, line by line, each with its own symbol; None for too many."""
    if not 1 < len(symbol.sites) <= MOST_LISTED:
        return None
    size = 2.15 * factor
    lines = []
    for index, (site, look) in enumerate(zip(symbol.sites, symbol.looks, strict=True)):
        local = local_name(site) if labels is Labels.LOCAL else None
        small = replace(look, radius=look.radius * 0.62, contested=False, disputed=False)
        words = (
            Words(str(symbol.first + index), bold=True),
            Words(
                f"  {short_name(local or site.name)}{titles.get(site.site_id, '')}",
                colour=_QUIET if site.context else INK,
            ),
        )
        lines.append(Line(words, size, look=small))
    return Label(tuple(lines), leading=1.22)
