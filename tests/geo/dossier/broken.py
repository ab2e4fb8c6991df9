"""`BROKEN`: every way in which the tiny dossier is broken and refused.

Other tests (the store's, the command line's) run over it too:

    folder = write_dossier(tmp_path / "dossier")
    case.break_it(folder)
"""

from __future__ import annotations

from tests.geo.dossier.broken_cells import DATE_CASES, ID_CASES, NUMBER_CASES, TEXT_CASES
from tests.geo.dossier.broken_dossier import COUNTRIES, BrokenCase, Expected, write_dossier
from tests.geo.dossier.broken_files import COLUMN_CASES, FILE_CASES

__all__ = ["BROKEN", "COUNTRIES", "BrokenCase", "Expected", "write_dossier"]

BROKEN: list[BrokenCase] = [
    *FILE_CASES,
    *COLUMN_CASES,
    *TEXT_CASES,
    *ID_CASES,
    *DATE_CASES,
    *NUMBER_CASES,
]
