"""How tests read a page: a parser that fails on markup that is not well formed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset(("meta", "link", "br", "img", "input", "hr"))
# Text directly in these is only the blanks between their children.
ONLY_ELEMENTS = frozenset(("ul", "ol", "dl", "table", "thead", "tbody", "tr"))


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    parent: Element | None = None

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of that name with those attributes, in their order."""
        found = [
            child
            for child in self.children
            if child.tag == tag
            and all(child.attributes.get(name) == value for name, value in attributes.items())
        ]
        # Document order, parents before their children.
        ordered: list[Element] = []
        for child in self.children:
            if child in found:
                ordered.append(child)
            ordered += child.all(tag, **attributes)
        return ordered

    @property
    def text(self) -> str:
        return "".join(self.texts)


class Page(HTMLParser):
    """A page as a tree; `text` is what a reader sees, scripts left out."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#root", {})
        self._open = [self.root]
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{element.tag}> stays open" for element in self._open[1:]]
        assert self.faults == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"an attribute stands twice in <{tag}>: {names}")
        element = Element(tag, dict(attrs), parent=self._open[-1])
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1].tag}>")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open[-1].tag in ONLY_ELEMENTS and data.strip():
            self.faults.append(f"text in <{self._open[-1].tag}>: {data[:40]!r}")
        hidden = any(element.tag in ("script", "style") for element in self._open)
        for element in self._open[1 if not hidden else -1 :]:
            element.texts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return self.root.all(tag, **attributes)

    @property
    def text(self) -> str:
        [body] = self.all("body")
        return body.text

    @property
    def hrefs(self) -> list[str]:
        return [str(a.attributes["href"]) for a in self.all("a")]

    @property
    def map(self) -> Any:
        """What the small map is told; None where there is none."""
        found = self.all("script", type="application/json")
        return json.loads(found[0].text) if found else None
