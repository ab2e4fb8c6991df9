"""RIS, as reference managers import it: tags of two letters, CRLF, UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from layers.bibliography.dates import WrittenDate
from layers.bibliography.reference import CATALOGUE, Reference

_SEASONS = ("spring", "summer", "autumn", "winter")


def ris(references: list[Reference]) -> str:
    """One record a source, in the order given."""
    return "".join(_record(reference) for reference in references)


def _record(reference: Reference) -> str:
    lines = "".join(f"{tag}  - {value}\r\n" for tag, value in _tags(reference))
    return f"{lines}ER  - \r\n\r\n"


def _tags(reference: Reference) -> Iterator[tuple[str, str]]:
    kind = reference.type
    yield "TY", kind.ris
    yield "ID", reference.id
    yield "TI", reference.title
    # A comma parts family and given names; an institution with one is told as publisher only.
    if not kind.in_publication and "," not in reference.publisher:
        yield "AU", reference.publisher
    yield ("T2" if kind.in_publication else "PB"), reference.publisher
    if kind.ris == "RPRT":
        yield "M3", reference.kind.meaning
    if reference.number:
        yield "SN", reference.number
    first = next((known for known in reference.dates if known), None)
    if first:
        yield "PY", f"{first.year:04}"
        yield "DA", _day(reference, first)
    if reference.url:
        yield "UR", reference.url
    if reference.language:
        yield "LA", reference.language
    yield "DB", CATALOGUE
    yield "N1", reference.annotation


def _day(reference: Reference, first: WrittenDate) -> str:
    """YYYY/MM/DD/other; what is not known is left empty, what is vague is told as other."""
    other = []
    if first.season:
        other.append(_SEASONS[first.season - 1])
    if first.circa:
        other.append("circa")
    if len(reference.dates) > 1:
        other.append(f"interval {reference.published}".replace("/", " to "))
    month = f"{first.month:02}" if first.month else ""
    day = f"{first.day:02}" if first.day else ""
    return f"{first.year:04}/{month}/{day}/{', '.join(other)}"
