"""Sources as BibTeX, RIS and CSL-JSON, for reference managers such as Zotero.

What a source says of itself goes into the fields that its kind of document has; who published it
stands whole, as the institution that it is. The grade of its reliability and its date as given
(EDTF) travel in the annotation, so that no vague date becomes exact unseen.
"""

from layers.bibliography.formats import (
    BIBLIOGRAPHIES,
    BIBTEX,
    CSL_JSON,
    RIS,
    BibliographyFormat,
    bibliography,
)
from layers.bibliography.reference import Reference

__all__ = [
    "BIBLIOGRAPHIES",
    "BIBTEX",
    "CSL_JSON",
    "RIS",
    "BibliographyFormat",
    "Reference",
    "bibliography",
]
