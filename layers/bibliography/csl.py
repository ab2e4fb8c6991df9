"""CSL-JSON 1.0.2: what citation processors and Zotero read."""

from __future__ import annotations

import json
from typing import Any

from layers.bibliography.dates import WrittenDate
from layers.bibliography.reference import CATALOGUE, Reference


def csl_json(references: list[Reference]) -> str:
    """An array with one item a source, in the order given; every item on a line."""
    items = (json.dumps(_item(reference), ensure_ascii=False) for reference in references)
    return "[\n" + ",\n".join(items) + "\n]\n"


def _item(reference: Reference) -> dict[str, Any]:
    kind = reference.type
    publisher = reference.publisher
    item: dict[str, Any] = {"id": reference.id, "type": kind.csl, "title": reference.title}
    if kind.in_publication:
        item["container-title"] = publisher
    else:
        item["author"] = [{"literal": publisher}]
        item["authority" if kind.csl == "legal_case" else "publisher"] = publisher
        item["genre"] = reference.kind.meaning
    if reference.number:
        item["number"] = reference.number
    if reference.published:
        item["issued"] = _issued(reference.published, reference.dates)
    if reference.url:
        item["URL"] = reference.url
    if reference.language:
        item["language"] = reference.language
    return item | {"source": CATALOGUE, "annote": reference.annotation}


def _issued(edtf: str, dates: tuple[WrittenDate | None, ...]) -> dict[str, Any]:
    """Date parts where every end has a year; else the text, which no processor makes exact."""
    if None in dates:
        return {"literal": edtf}
    known = [date for date in dates if date]
    issued: dict[str, Any] = {"date-parts": [_parts(date) for date in known]}
    if len(known) == 1 and known[0].season:
        issued["season"] = known[0].season
    if any(date.circa for date in known):
        issued["circa"] = True
    return issued


def _parts(date: WrittenDate) -> list[int]:
    return [part for part in (date.year, date.month, date.day) if part is not None]
