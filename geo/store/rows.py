"""Entities to the rows of their tables: here the day ranges of geo.dates are worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geo.dates import (
    EDTF,
    DayRange,
    certain_days,
    held_days,
    observed_days,
    possible_days,
    said_days,
)

if TYPE_CHECKING:
    from geo.dossier import Dossier
    from geo.entities import Actor, Control, Displacement, Report, Site, Source

Value = str | int | list[str] | None
Row = tuple[Value, ...]
EMPTY_RANGE = "empty"
UNDATED = DayRange(None, None)


@dataclass(frozen=True)
class TableRows:
    """All rows of one table, as COPY takes them; `columns` in the order of each row."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


def range_text(days: DayRange | None) -> str:
    """PostgreSQL's text for a closed range of days, in its canonical half-open form."""
    if days is None:
        return EMPTY_RANGE
    first = days.first.isoformat() if days.first else ""
    if days.last is None:
        return f"[{first},)" if first else "(,)"
    # PostgreSQL's dates go past year 9999, Python's do not.
    after = "10000-01-01" if days.last == date.max else (days.last + timedelta(1)).isoformat()
    return f"[{first},{after})" if first else f"(,{after})"


def dossier_rows(dossier: Dossier) -> Iterator[TableRows]:
    """The rows of every table, in the order in which they may be written."""
    published = {source.source_id: source.published for source in dossier.sources}
    active = {actor.actor_id: _active_days(actor) for actor in dossier.actors}
    yield _table("source", [_source(source) for source in dossier.sources])
    yield _table("site", [_site(site) for site in dossier.sites])
    yield _table("actor", [_actor(actor, active[actor.actor_id]) for actor in dossier.actors])
    yield _table(
        "report", [_report(report, published[report.source_id]) for report in dossier.reports]
    )
    yield _table(
        "control",
        [
            _control(control, published[control.source_id], active[control.actor_id])
            for control in dossier.control
        ],
    )
    yield _table("displacement", [_displacement(flow) for flow in dossier.displacement])


def _table(name: str, rows: list[Mapping[str, Value]]) -> TableRows:
    columns = tuple(rows[0]) if rows else ()
    return TableRows(name, columns, [tuple(row.values()) for row in rows])


def _text(edtf: EDTF | None) -> str | None:
    return edtf.text if edtf else None


def _active_days(actor: Actor) -> DayRange:
    return DayRange(
        actor.active_from.earliest if actor.active_from else None,
        actor.active_to.latest if actor.active_to else None,
    )


def _source(source: Source) -> Mapping[str, Value]:
    return {
        "source_id": source.source_id,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "published": _text(source.published),
        "possible": range_text(possible_days(source.published) if source.published else UNDATED),
        "certain": range_text(certain_days(source.published) if source.published else None),
        "url": source.url,
        "language": source.language,
        "reliability": source.reliability,
    }


def _site(site: Site) -> Mapping[str, Value]:
    return {
        "site_id": site.site_id,
        "name": site.name,
        "names_other": list(site.names_other),
        "kind": site.kind,
        "place_role": site.place_role,
        "country": site.country,
        "admin1": site.admin1,
        "admin2": site.admin2,
        "geom": f"SRID=4326;POINT({site.lon!r} {site.lat!r})",
        "precision_m": site.precision_m,
        "location_basis": site.location_basis,
        "location_source_id": site.location_source_id,
        "parent_site_id": site.parent_site_id,
        "note": site.note,
    }


def _actor(actor: Actor, active: DayRange) -> Mapping[str, Value]:
    return {
        "actor_id": actor.actor_id,
        "name": actor.name,
        "names_other": list(actor.names_other),
        "kind": actor.kind,
        "parent_actor_id": actor.parent_actor_id,
        "country": actor.country,
        "active_from": _text(actor.active_from),
        "active_to": _text(actor.active_to),
        "possible": range_text(active),
        "note": actor.note,
        "source_id": actor.source_id,
    }


def _report(report: Report, published: EDTF | None) -> Mapping[str, Value]:
    return {
        "report_id": report.report_id,
        "site_id": report.site_id,
        "occurred": report.occurred.text,
        "possible": range_text(possible_days(report.occurred)),
        "certain": range_text(certain_days(report.occurred)),
        "observed": range_text(observed_days(report.occurred, published)),
        "event_kind": report.event_kind,
        "activity_after": report.activity_after,
        "summary": report.summary,
        "people_min": report.people_min,
        "people_max": report.people_max,
        "people_kind": report.people_kind,
        "source_id": report.source_id,
        "locator": report.locator,
        "credibility": int(report.credibility),
    }


def _control(control: Control, published: EDTF | None, active: DayRange) -> Mapping[str, Value]:
    held_on = control.held_on or published
    possible, certain = held_days(control.valid, held_on, active)
    return {
        "control_id": control.control_id,
        "site_id": control.site_id,
        "actor_id": control.actor_id,
        "role": control.role,
        "valid": control.valid.text,
        "held_on": _text(control.held_on),
        "possible": range_text(possible),
        "certain": range_text(certain),
        "said": range_text(said_days(certain, held_on)),
        "source_id": control.source_id,
        "locator": control.locator,
        "start_source_id": control.start_source_id,
        "end_source_id": control.end_source_id,
        "credibility": int(control.credibility),
        "note": control.note,
    }


def _displacement(flow: Displacement) -> Mapping[str, Value]:
    return {
        "flow_id": flow.flow_id,
        "from_site_id": flow.from_site_id,
        "to_site_id": flow.to_site_id,
        "moved": flow.moved.text,
        "possible": range_text(possible_days(flow.moved)),
        "certain": range_text(certain_days(flow.moved)),
        "cause": flow.cause,
        "summary": flow.summary,
        "people_min": flow.people_min,
        "people_max": flow.people_max,
        "source_id": flow.source_id,
        "locator": flow.locator,
        "credibility": int(flow.credibility),
    }
