"""The list of bibliography formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from layers.bibliography.bibtex import bibtex
from layers.bibliography.csl import csl_json
from layers.bibliography.reference import Reference
from layers.bibliography.ris import ris


@dataclass(frozen=True, slots=True)
class BibliographyFormat:
    """One format of bibliographies; all are UTF-8 text. extension: without the leading dot."""

    id: str
    title: str
    extension: str
    media_type: str
    write: Callable[[list[Reference]], str] = field(repr=False)


BIBTEX = BibliographyFormat("bibtex", "BibTeX", "bib", "application/x-bibtex", bibtex)
RIS = BibliographyFormat("ris", "RIS", "ris", "application/x-research-info-systems", ris)
CSL_JSON = BibliographyFormat(
    "csl", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl_json
)
BIBLIOGRAPHIES = (BIBTEX, RIS, CSL_JSON)


def bibliography(fmt: BibliographyFormat, references: Iterable[Reference]) -> str:
    """The sources in that format, each once, by id."""
    by_id = {reference.id: reference for reference in references}
    return fmt.write([by_id[key] for key in sorted(by_id)])
