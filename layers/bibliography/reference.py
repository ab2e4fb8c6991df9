"""One source as a reference: what it is, and how each bibliography calls that sort of document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.vocabulary import Reliability, SourceKind
from layers.bibliography.dates import WrittenDate, written_dates

CATALOGUE = "Scam Atlas"
# Letters of UN special procedures: kind of letter, addressee, number/year.
_LETTER = re.compile(r"\b(?:AL|UA|OL|JAL|JUA|JOL) [A-Z]{2,5} \d+/\d{4}\b")
_KINDS = {kind.value: kind for kind in SourceKind}
_GRADES = {grade.value: grade for grade in Reliability}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


@dataclass(frozen=True, slots=True)
class DocumentType:
    """How bibliographies call a kind of source.

    csl, ris, bibtex: the type in each. in_publication: the publisher is the paper it stands in,
    not its author.
    """

    csl: str
    ris: str
    bibtex: str
    in_publication: bool = False


_REPORT = DocumentType("report", "RPRT", "techreport")
_PAGE = DocumentType("webpage", "ELEC", "online")
_PAPER = DocumentType("document", "GOVDOC", "misc")
_TYPES: dict[SourceKind, DocumentType] = {
    SourceKind.UN_COMMUNICATION: _REPORT,
    SourceKind.UN_REPORT: _REPORT,
    SourceKind.GOVERNMENT: _PAGE,
    SourceKind.SANCTIONS_NOTICE: _PAGE,
    SourceKind.COURT: DocumentType("legal_case", "CASE", "misc"),
    SourceKind.NGO_REPORT: _REPORT,
    SourceKind.RESEARCH: _REPORT,
    SourceKind.NEWS: DocumentType("article-newspaper", "NEWS", "article", in_publication=True),
    SourceKind.REFERENCE: DocumentType("entry-encyclopedia", "ENCYC", "incollection", True),
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A source as it is cited. published: EDTF text. language: ISO 639."""

    id: str
    kind: SourceKind
    title: str
    publisher: str
    published: str | None
    url: str | None
    language: str | None
    reliability: Reliability

    @classmethod
    def of_source(cls, properties: Mapping[str, Any]) -> Reference:
        """From the properties of a feature of the layer `sources`."""
        return cls._of(properties, "")

    @classmethod
    def of_claim(cls, properties: Mapping[str, Any]) -> Reference:
        """From what a report, a claim of control or a displacement says of its source."""
        return cls._of(properties, "source_")

    @classmethod
    def _of(cls, told: Mapping[str, Any], prefix: str) -> Reference:
        url = told.get(f"{prefix}url")
        return cls(
            id=told["source_id"],
            kind=_KINDS[told[f"{prefix}kind"]],
            title=one_line(told[f"{prefix}title"]),
            publisher=one_line(told[f"{prefix}publisher"]),
            published=told.get(f"{prefix}published"),
            url=url or None,
            language=told.get(f"{prefix}language"),
            reliability=_GRADES[told["reliability"]],
        )

    @property
    def type(self) -> DocumentType:
        """How bibliographies call it; what a government says on paper is no web page."""
        known = _TYPES[self.kind]
        return _PAPER if known is _PAGE and self.url is None else known

    @property
    def dates(self) -> tuple[WrittenDate | None, ...]:
        """The date of publication, or both ends of an interval."""
        return written_dates(self.published)

    @property
    def number(self) -> str | None:
        """The number of a UN communication, as its title gives it."""
        found = _LETTER.search(self.title) if self.kind is SourceKind.UN_COMMUNICATION else None
        return found[0] if found else None

    @property
    def annotation(self) -> str:
        """What no field of a bibliography holds: grade, date as given, where it is catalogued."""
        grade = self.reliability
        published = f"Published {self.published} (EDTF)" if self.published else "Date not known"
        return (
            f"{published}. Reliability of the source: {grade.value}, {grade.meaning} (Admiralty "
            f"grade by {CATALOGUE}). {CATALOGUE} source id: {self.id}"
        )


def one_line(text: str) -> str:
    """The text without line breaks and control characters, which would end a field."""
    return _CONTROL.sub(" ", text).strip()
