"""Kept states: what is answered from them is what would be worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from geo.store.rows import dossier_rows
from geo.store.writes import load_dossier, merge_rows, tidy
from layers.catalog import HOTSPOTS
from layers.published import publish
from layers.queries import feature_text, layer_body, select_features


def held(engine, statement: str) -> list:
    with engine.connect() as connection:
        return list(connection.execute(text(statement)))


def shown(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select_features(HOTSPOTS)).scalars())


def worked_out(engine) -> list[str]:
    """The states of the day of the data by the rules themselves."""
    ((day,),) = held(engine, "SELECT as_of FROM atlas.load ORDER BY load_id DESC LIMIT 1")
    body = layer_body(HOTSPOTS, day)
    statement = select(feature_text(HOTSPOTS, body)).order_by(body.c.id)
    with engine.connect() as connection:
        return list(connection.execute(statement).scalars())


def kept(engine) -> dict[str, str]:
    """Which version of a row is kept for each site."""
    rows = held(engine, "SELECT site_id, CONCAT(xmin, ctid) FROM atlas.site_state")
    return dict(map(tuple, rows))


def of_report(dossier, report):
    """The one row of a report that stands for the one held, or beside them."""
    others = tuple(r for r in dossier.reports if r.report_id != report.report_id)
    rows = list(dossier_rows(replace(dossier, reports=(*others, report))))
    return [replace(t, rows=t.rows[-1:]) for t in rows if t.table == "report"]


@pytest.fixture
def store(empty_store, dossier):
    load_dossier(empty_store, dossier, publish=publish)
    return empty_store


def test_after_a_load_every_state_is_kept_as_the_rules_work_it_out(store):
    assert len(kept(store)) == len(shown(store)) > 100
    assert shown(store) == worked_out(store)


@pytest.mark.parametrize("fields", [
    {"activity_after": "closed"}, {"report_id": "a-new-report"}, {"site_id": "laukkai"},
])  # fmt: skip
def test_a_merge_takes_away_the_states_it_changes_and_no_others(store, dossier, fields):
    report = next(r for r in dossier.reports if r.site_id == "kk-park")
    before = kept(store)
    result = merge_rows(store, of_report(dossier, replace(report, **fields)), publish=publish)
    missing = before.keys() - kept(store).keys()
    assert {"kk-park" if "report_id" not in fields else report.site_id} <= missing
    assert len(missing) < len(before) / 4
    assert shown(store) == worked_out(store)
    tidy(store, result, publish)
    after = kept(store)
    assert after.keys() == before.keys()
    assert {site for site in after if after[site] != before[site]} == missing
    assert shown(store) == worked_out(store)


def test_a_report_of_an_area_changes_the_states_of_the_sites_in_it(store, dossier):
    parents = {s.parent_site_id for s in dossier.sites}
    report = next(r for r in dossier.reports if r.site_id in parents)
    new = replace(report, report_id="a-new-report")
    merge_rows(store, of_report(dossier, new), publish=publish)
    assert shown(store) == worked_out(store)


@pytest.mark.parametrize("days", [-400, 1, 600])
def test_on_another_day_of_the_data_all_states_are_others(store, dossier, days):
    later = dossier.as_of + timedelta(days)
    result = merge_rows(store, [], as_of=later, publish=publish)
    assert kept(store) == {}
    assert shown(store) == worked_out(store)
    tidy(store, result, publish)
    assert set(held(store, "SELECT DISTINCT datetime FROM atlas.site_state")) == {(later,)}
    assert shown(store) == worked_out(store)


def test_names_that_change_are_seen_in_the_states(store, dossier):
    sources = tuple(replace(s, title=f"{s.title} (again)") for s in dossier.sources)
    actors = tuple(replace(a, name=f"{a.name} (again)") for a in dossier.actors)
    renamed = replace(dossier, sha256="a" * 64, sources=sources, actors=actors)
    load_dossier(store, renamed, publish=publish)
    assert shown(store) == worked_out(store)
    assert all("(again)" in feature for feature in shown(store))


def test_states_that_another_program_kept_are_worked_out_anew(store, dossier):
    with store.begin() as connection:
        connection.execute(text("UPDATE atlas.site_state SET activity = 'expanding'"))
        connection.execute(text("UPDATE atlas.publication SET signature = 'of another program'"))
    load_dossier(store, dossier, publish=publish)
    assert shown(store) == worked_out(store)
