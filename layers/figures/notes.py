"""The numbered notes and the numbered source list that stand behind the symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from layers.figures import words
from layers.figures.arrows import Arrow
from layers.figures.claims import Claim, Flow, Holding, Report, Site, Source
from layers.figures.content import SheetContent
from layers.figures.flowing import Paragraph, Span
from layers.figures.gathering import Symbol
from layers.symbology import FLOW_COLOUR

_GREY = "#5a6068"
_LINK = "#1d4f91"
_SIZE = 2.3
"""Of notes, millimetres before the factor (6.5 points)."""


@dataclass
class Notes:
    """Collects what is cited for which note, and makes the paragraphs."""

    content: SheetContent
    factor: float
    paragraphs: list[Paragraph] = field(default_factory=list)
    cited: dict[str, dict[tuple[str, int], list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sources are numbered in the order of the content."""
        self.numbers = {
            source.source_id: index + 1 for index, source in enumerate(self.content.sources)
        }
        self.size = _SIZE * self.factor

    def heading(self, text: str, remark: str = "") -> None:
        """A heading, and what has to be said of what follows."""
        self.paragraphs.append(
            Paragraph((Span(text, bold=True),), self.size * 1.15, 0.2, heading=True)
        )
        if remark:
            self.paragraphs.append(Paragraph((Span(remark, colour=_GREY),), self.size, 0.5))

    def site(self, number: str, site: Site) -> None:
        """The note of one site."""
        spans = [
            Span(f"{number}  ", bold=True),
            Span(f"{site.name} ", bold=True),
            Span(f"{words.whereabouts(site)} ", colour=_GREY),
            Span(f"{words.state(site)} "),
        ]
        if site.contested:
            spans.append(Span("Reports of that time say otherwise. ", bold=True))
        if site.disputed:
            spans.append(Span("Control is disputed. ", bold=True))
        for item in site.evidence:
            spans.append(Span(f"{words.report(item)} "))
            spans.append(self._cite(item, number))
        for claims in _by_role(site.control):
            spans.append(Span(f"{words.holding(claims[0])} "))
            spans += [self._cite(claim, number) for claim in claims]
        self._add(spans, number)

    def pair(self, number: str, before: Site | None, after: Site | None) -> None:
        """The note of a site on two days: the evidence of the later, and what was before."""
        shown = after or before
        assert shown is not None  # noqa: S101 - a change is of something
        self.site(number, shown)
        if before is None or after is None or before.activity == after.activity:
            return
        spans = [Span(f"Before, on {words.long_day(before.day)}: {words.state(before)} ")]
        for item in before.evidence:
            if item.report_id not in {other.report_id for other in after.evidence}:
                spans.append(Span(f"{words.report(item)} "))
            spans.append(self._cite(item, number))
        last = self.paragraphs.pop()
        self.paragraphs.append(replace(last, spans=(*last.spans, *spans)))

    def flow(self, number: str, flow: Flow) -> None:
        """The note of one move."""
        spans = [
            Span(f"{number}  ", bold=True, colour=FLOW_COLOUR),
            Span(f"{words.route(flow)} ", bold=True),
            Span(f"{words.move(flow)} "),
            self._cite(flow, number),
        ]
        self._add(spans, number)

    def report(self, number: str, item: Report) -> None:
        """The note of a report of a timeline."""
        spans = [
            Span(f"{number}  ", bold=True),
            Span(f"{words.report(item)} "),
            self._cite(item, number),
        ]
        self._add(spans, number)

    def role(self, number: str, claims: Sequence[Holding], place: bool) -> None:
        """The note of a bar of a timeline."""
        where = f"{claims[0].site_name}: " if place and claims[0].site_name else ""
        spans = [Span(f"{number}  ", bold=True), Span(f"{where}{words.holding(claims[0])} ")]
        spans += [self._cite(claim, number) for claim in claims]
        self._add(spans, number)

    def sources(self) -> None:
        """The source list: every source that a note cites, and where."""
        self.heading("Sources", words.GRADES)
        for source in self.content.sources:
            if source.source_id in self.cited:
                self._source(source)

    def _source(self, source: Source) -> None:
        spans = [
            Span(f"[{self.numbers[source.source_id]}]  ", bold=True),
            Span(f"{words.source(source)} "),
        ]
        if source.url:
            link = source.url if source.url.startswith(("https://", "http://")) else None
            spans.append(Span(f"{source.url} ", colour=_LINK, link=link))
        places = [
            f"{locator} (credibility {credibility}; {_listed(numbers)})"
            for (locator, credibility), numbers in self.cited[source.source_id].items()
        ]
        spans.append(Span("Cited: " + "; ".join(places) + ".", colour=_GREY))
        self.paragraphs.append(
            Paragraph(tuple(spans), self.size, 0.35, 2.2 * self.factor, key=source.source_id)
        )

    def _cite(self, claim: Claim, number: str) -> Span:
        source = claim.source
        places = self.cited.setdefault(source.source_id, {})
        notes = places.setdefault((claim.locator, claim.credibility), [])
        if number not in notes:
            notes.append(number)
        grade = words.grade(source.reliability, claim.credibility)
        return Span(f"[{self.numbers[source.source_id]}, {claim.locator}, {grade}] ", colour=_GREY)

    def _add(self, spans: Sequence[Span], number: str) -> None:
        indent = 2.2 * self.factor
        self.paragraphs.append(Paragraph(tuple(spans), self.size, 0.35, indent, key=number))


def map_notes(
    content: SheetContent,
    symbols: Sequence[Symbol],
    regions: Sequence[tuple[str, Site]],
    arrows: Sequence[Arrow],
    factor: float,
    silent: Sequence[Symbol] = (),
) -> Notes:
    """The notes of a map and its sources. silent: symbols whose number found no room."""
    notes = Notes(content, factor)
    notes.heading("Notes", f"{words.unreported(content.days[-1])} {_silent(silent)}".strip())
    for symbol in symbols:
        for offset, site in enumerate(symbol.sites):
            notes.site(str(symbol.first + offset), site)
    if regions:
        notes.heading("Reports of whole areas, which name no single site")
        for number, site in regions:
            notes.site(number, site)
    if arrows:
        notes.heading("Moves")
        for arrow in arrows:
            for offset, flow in enumerate(arrow.flows):
                notes.flow(f"M{arrow.first + offset}", flow)
    if not symbols and not regions and not arrows:
        notes.paragraphs.append(
            Paragraph((Span("No report matches; nothing is drawn."),), notes.size)
        )
    notes.sources()
    return notes


def _silent(symbols: Sequence[Symbol]) -> str:
    if not symbols:
        return ""
    numbers = ", ".join(symbol.numbers for symbol in symbols)
    return f"Drawn without their number, for want of room: {numbers}."


def _by_role(control: Sequence[Holding]) -> list[list[Holding]]:
    """Claims that say the same of the same actor, together; the role first that says most."""
    found: dict[tuple[str, str], list[Holding]] = {}
    for item in control:
        found.setdefault((item.role, item.actor_id), []).append(item)
    return list(found.values())


def _listed(numbers: Sequence[str]) -> str:
    return f"note{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
