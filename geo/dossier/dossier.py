"""A folder of files to a Dossier, or to every problem that it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from geo.countries import CountryIndex
from geo.dates import EDTFDate
from geo.dossier.columns import (
    ACTORS,
    CONTROL,
    DISPLACEMENT,
    REPORTS,
    SITES,
    SOURCES,
    TABLES,
    Table,
)
from geo.dossier.datapackage import FILE, read_created
from geo.dossier.links import (
    check_dates,
    check_parents,
    check_points,
    check_references,
    known_ids,
)
from geo.dossier.problems import DossierError, Nearest, Problem, Problems
from geo.dossier.readers import Progress, Sheet, read_sheet
from geo.dossier.validation import Checked, check_rows
from geo.entities import Actor, Control, Displacement, Report, Site, Source


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole dossier, valid. Each tuple is in the order of its ids.

    as_of: the day to which it was researched. sha256: of `as_of` and the cells of all rows in
    the order of their ids and of the column list, so that the order of rows in the files, their
    quoting and the rest of the folder leave it as it is.
    """

    as_of: date
    sources: tuple[Source, ...]
    sites: tuple[Site, ...]
    actors: tuple[Actor, ...]
    reports: tuple[Report, ...]
    control: tuple[Control, ...]
    displacement: tuple[Displacement, ...]
    sha256: str


def read_dossier(
    folder: Path, *, countries: CountryIndex, progress: Progress | None = None
) -> Dossier:
    """Read and check a dossier folder; nothing is written.

    A file that holds its header and no rows is allowed. progress: called with a file's name and
    the number of rows read so far. Raises DossierError with every problem of every file.
    """
    if not folder.is_dir():
        rule = "no such folder" if not folder.exists() else "not a folder"
        raise DossierError([Problem(str(folder), None, None, None, rule)])
    problems, nearest = Problems(), Nearest()
    created = read_created(folder, problems)
    sheets = [read_sheet(folder, table, problems, nearest, progress) for table in TABLES]
    ids = {sheet.table.name: known_ids(sheet, problems) for sheet in sheets}
    checked = {sheet.table.name: check_rows(sheet, problems, nearest) for sheet in sheets}
    as_of = created or _latest_publication(checked[SOURCES.name])
    if as_of is None and not problems.found:
        rule = "the day of the dossier is not known: no `created`, and no source is dated"
        problems(Problem(FILE, None, "created", None, rule))
    for sheet in sheets:
        check_references(sheet, ids, problems, nearest)
        check_parents(sheet, problems)
    check_points(checked[SITES.name], countries, problems)
    check_dates(checked, created, problems)
    if as_of is None or problems.found:
        raise DossierError(problems.found)
    return Dossier(
        as_of,
        _of(Source, SOURCES, checked),
        _of(Site, SITES, checked),
        _of(Actor, ACTORS, checked),
        _of(Report, REPORTS, checked),
        _of(Control, CONTROL, checked),
        _of(Displacement, DISPLACEMENT, checked),
        _digest(as_of, sheets),
    )


def _latest_publication(sources: Iterable[Checked]) -> date | None:
    """The latest of the earliest days on which a source may have been published."""
    days = []
    for row in sources:
        published = row.entity.published if isinstance(row.entity, Source) else None
        if published is not None:
            first = published if isinstance(published, EDTFDate) else published.start
            if first:
                days.append(first.earliest)
    return max(days, default=None)


_E = TypeVar("_E")


def _of(kind: type[_E], table: Table, checked: Mapping[str, list[Checked]]) -> tuple[_E, ...]:
    """The entities of one file in the order of their ids."""
    rows = sorted(checked[table.name], key=lambda row: row.row.cells[table.key])
    return tuple(row.entity for row in rows if isinstance(row.entity, kind))


def _digest(as_of: date, sheets: Iterable[Sheet]) -> str:
    content: dict[str, Any] = {"as_of": as_of.isoformat()}
    for sheet in sheets:
        names = sheet.table.names
        rows = ([row.cells[name] for name in names] for row in sheet.rows)
        content[sheet.table.name] = sorted(rows)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
