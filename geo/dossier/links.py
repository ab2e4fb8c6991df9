"""What holds between rows: ids used once, ids that exist, parents without a circle, points in
their country, and no claim older than what it stands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from geo.countries import CountryIndex
from geo.dates import EDTF, EDTFDate, possible_days
from geo.dossier.cells import BadCell, check_text
from geo.dossier.columns import ACTORS, SITES, TABLES, Column, Entity
from geo.dossier.problems import Nearest, Problems
from geo.dossier.readers import Row, Sheet
from geo.dossier.validation import Checked, problem_at
from geo.entities import Control, Displacement, Report, Site, Source


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one file and the line of each. complete: whether no row went unread."""

    lines: Mapping[str, int]
    names: frozenset[str]
    complete: bool


def known_ids(sheet: Sheet, problems: Problems) -> Ids:
    """The ids of a sheet; an id used twice is reported where it comes again."""
    key = sheet.table.key
    lines: dict[str, int] = {}
    if key in sheet.missing:
        return Ids(lines, frozenset(), complete=False)
    for row in sheet.rows:
        name, line = row.cells[key], row.line_of(key)
        if name in lines:
            rule = f"the id is already used on line {lines[name]}"
            problems(problem_at(row, key, rule))
        elif name:
            lines[name] = line
    return Ids(lines, frozenset(lines), sheet.complete)


def check_references(
    sheet: Sheet, ids: Mapping[str, Ids], problems: Problems, nearest: Nearest
) -> None:
    """Every id that a sheet speaks of exists; an unknown one comes with the nearest known id."""
    for column in sheet.table.columns:
        if not column.refers_to or column.name in sheet.missing:
            continue
        known = ids[column.refers_to]
        if not known.complete:
            continue
        for row in sheet.rows:
            name = row.cells[column.name]
            if name and name not in known.names and _readable(name, column):
                rule = f"no such id in {column.refers_to}.csv"
                problems(problem_at(row, column.name, rule, nearest(name, known.names)))


def _readable(text: str, column: Column) -> bool:
    """Whether nothing else has been said of the cell already."""
    try:
        check_text(text, column)
    except BadCell:
        return False
    return True


def check_parents(sheet: Sheet, problems: Problems) -> None:
    """No site or actor lies within itself by way of its parents: one problem a circle."""
    column = {SITES.name: "parent_site_id", ACTORS.name: "parent_actor_id"}.get(sheet.table.name)
    if column is None or {column, sheet.table.key} & sheet.missing:
        return
    rows = {row.cells[sheet.table.key]: row for row in reversed(sheet.rows)}
    parents = {name: row.cells[column] for name, row in rows.items()}
    seen: set[str] = set()
    for start in parents:
        path: list[str] = []
        name = start
        while name in parents and name not in seen:
            seen.add(name)
            path.append(name)
            name = parents[name]
        # One step back to itself is the entity's own rule.
        if name in path and parents[name] != name:
            circle = path[path.index(name) :]
            first = min(circle, key=lambda member: rows[member].line)
            at = circle.index(first)
            way = " → ".join(_shortened([*circle[at:], *circle[:at], first]))
            problems(problem_at(rows[first], column, f"the parents run in a circle: {way}"))


def _shortened(names: list[str]) -> list[str]:
    return names if len(names) <= 10 else [*names[:5], "…", *names[-4:]]


def check_points(sites: list[Checked], countries: CountryIndex, problems: Problems) -> None:
    """A site lies in its country, or outside by no more than its precision."""
    for checked in sites:
        row, site = checked.row, checked.entity
        if not isinstance(site, Site) or not countries.knows(site.country):
            continue
        away = countries.distance_m(site.country, site.lon, site.lat)
        if away <= site.precision_m:
            continue
        rule = (
            f"the point (lon {site.lon}, lat {site.lat}) lies {max(away / 1000, 0.1):,.1f} km "
            f"outside {site.country}, farther than its precision_m ({site.precision_m} m)"
        )
        problems(problem_at(row, "lon", rule, _other_place(site, countries)))


def _other_place(site: Site, countries: CountryIndex) -> str | None:
    """What would put the point into its country."""
    swappable = abs(site.lon) <= 90
    if swappable and countries.distance_m(site.country, site.lat, site.lon) <= site.precision_m:
        return f"lon {site.lat}, lat {site.lon}: the two swapped"
    there = countries.at(site.lon, site.lat)
    return f"country {there}" if there else None


def check_dates(
    checked: Mapping[str, list[Checked]], as_of: date | None, problems: Problems
) -> None:
    """Nothing is dated after the dossier's day, nor after the source that says it.

    What counts is the earliest day that a date allows: "2025~" in a source of February 2025 may
    well be January.
    """
    published: dict[str, EDTF | None] = {}
    for row, entity in _entities(checked):
        if isinstance(entity, Source):
            published[entity.source_id] = entity.published
        if isinstance(entity, Control):
            _check_ends(row, entity, problems)
        for column, told, source_id in _dates(entity):
            day = _first_day(told)
            if day is None:
                continue
            if as_of and day > as_of:
                rule = f"lies after {as_of}, the day to which the dossier was researched"
                problems(problem_at(row, column, rule))
                continue
            out = published.get(source_id) if source_id else None
            latest = possible_days(out).last if out else None
            if out and latest and day > latest:
                rule = f"lies after its source {source_id} was published ({out.text})"
                problems(problem_at(row, column, rule))


def _dates(entity: Entity) -> Iterator[tuple[str, EDTF | None, str | None]]:
    """Each date of an entity: its column, the date, the source that gives it."""
    match entity:
        case Source():
            yield "published", entity.published, None
        case Report():
            yield "event_date", entity.occurred, entity.source_id
        case Displacement():
            yield "moved", entity.moved, entity.source_id
        case Control():
            # The end of a role may lie ahead (a lease); its start and its being held may not.
            start, _ = _ends(entity.valid)
            yield "valid", start, entity.start_source_id or entity.source_id
            yield "held_on", entity.held_on, entity.source_id


def _check_ends(row: Row, control: Control, problems: Problems) -> None:
    """A source of the start or the end needs a start or an end that is known."""
    start, end = _ends(control.valid)
    for column, source_id, known, which in (
        ("start_source_id", control.start_source_id, start, "start"),
        ("end_source_id", control.end_source_id, end, "end"),
    ):
        if source_id and known is None:
            rule = f"dates a {which}, but valid ({control.valid.text}) has no known {which}"
            problems(problem_at(row, column, rule.replace("a end", "an end")))


def _ends(edtf: EDTF) -> tuple[EDTFDate | None, EDTFDate | None]:
    return (edtf, edtf) if isinstance(edtf, EDTFDate) else (edtf.start, edtf.end)


def _first_day(edtf: EDTF | None) -> date | None:
    """The earliest day that the date allows; of its end where the start is not known."""
    if edtf is None:
        return None
    start, end = _ends(edtf)
    known = start or end
    return known.earliest if known else None


def _entities(checked: Mapping[str, list[Checked]]) -> Iterator[tuple[Row, Entity]]:
    """The rows that became entities, sources first."""
    for table in TABLES:
        for row in checked[table.name]:
            if row.entity is not None:
                yield row.row, row.entity
