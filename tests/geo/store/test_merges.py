"""Merging rows: what is given is added or corrected, all else stays as it was."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text

from geo.dossier import Dossier
from geo.errors import RowsRefused, SchemaOutdated, StoreError
from geo.store.database import open_engine
from geo.store.rows import TableRows, dossier_rows
from geo.store.tables import CLAIM_TABLES
from geo.store.writes import load_dossier, merge_rows, tidy
from layers.published import LAYERS, publish
from layers.queries import select_features

REPORT_COLUMNS = next(t for t in CLAIM_TABLES if t.name == "report").columns.keys()


def rows(engine: Engine, statement: str) -> list:
    with engine.connect() as connection:
        return list(connection.execute(text(statement)))


def given(dossier: Dossier, **tables: tuple) -> list[TableRows]:
    """Rows as a load would have them, of these entities only."""
    kept = {"sources": (), "sites": (), "actors": (), "reports": (), "control": ()} | tables
    all_rows = {t.table: t for t in dossier_rows(dossier)}
    keys = {
        "source": {e.source_id for e in kept["sources"]},
        "report": {e.report_id for e in kept["reports"]},
        "site": {e.site_id for e in kept["sites"]},
        "control": {e.control_id for e in kept["control"]},
    }
    changed = {t.table: t for t in dossier_rows(_with(dossier, **tables))}
    return [
        replace(changed[name], rows=[row for row in changed[name].rows if row[0] in ids])
        for name, ids in keys.items()
        if ids and name in all_rows
    ]


def _with(dossier: Dossier, **tables: tuple) -> Dossier:
    """The dossier in which these entities stand for those of the same id, or beside the others."""
    changed = {}
    for name, entities in tables.items():
        id_of = {"sources": "source_id", "sites": "site_id", "reports": "report_id"}.get(
            name, "control_id"
        )
        by_id = {getattr(e, id_of): e for e in (*getattr(dossier, name), *entities)}
        changed[name] = tuple(by_id.values())
    return replace(dossier, **changed)


def new_report(dossier: Dossier, number: int = 1, **fields):
    return replace(dossier.reports[0], report_id=f"a-new-report-{number}", **fields)


def state(engine: Engine) -> dict[str, list[str]]:
    """All that the schema holds, a row as one text, but for when it was loaded."""
    names = [t.name for t in CLAIM_TABLES] + [f"published_{layer.id}" for layer in LAYERS]
    found = {
        name: [row for (row,) in rows(engine, f"SELECT CAST(t AS text) FROM atlas.{name} AS t")]
        for name in (*names, "tile_site", "revision")
    }
    found["load"] = rows(engine, "SELECT as_of, sha256 FROM atlas.load ORDER BY load_id")
    return {name: sorted(held) for name, held in found.items()}


def published(engine: Engine) -> dict[str, list[str]]:
    """What is kept beside the claims; without the places of features in the order of pages."""
    held = {name: texts for name, texts in state(engine).items() if name.startswith("published")}
    found = {name: sorted(row.partition(",")[2] for row in texts) for name, texts in held.items()}
    return found | {"tile_site": state(engine)["tile_site"]}


def features(engine: Engine, layer) -> list[str]:
    return [f for (f,) in rows(engine, f"SELECT feature FROM atlas.published_{layer.id}")]


def live(engine: Engine, layer) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select_features(layer)).scalars())


@pytest.fixture
def store(empty_store, dossier):
    load_dossier(empty_store, dossier, publish=publish)
    return empty_store


def test_a_merge_adds_what_is_new_and_leaves_all_others_alone(store, dossier):
    before = state(store)
    result = merge_rows(store, given(dossier, reports=(new_report(dossier),)), publish=publish)
    after = state(store)
    assert [change.added for change in result.tables] == [0, 0, 0, 1, 0, 0]
    assert sum(change.touched for change in result.tables) == 1
    for name in ("report", "published_reports"):
        (new,) = set(after[name]) - set(before[name])
        assert "a-new-report-1" in new
        assert set(before[name]) < set(after[name])
    for name in ("source", "site", "actor", "control", "displacement", "published_control"):
        assert after[name] == before[name]


def test_a_merge_corrects_what_is_held_and_keeps_what_it_said(store, dossier):
    old = dossier.reports[0]
    new = replace(old, summary="Another wording: \\ \t and a\nnew line.")
    result = merge_rows(store, given(dossier, reports=(new, dossier.reports[1])), publish=publish)
    change = result.tables[3]
    assert (change.added, change.corrected, change.unchanged) == (0, 1, 1)
    ((row_id, kind, before),) = rows(store, "SELECT row_id, change, before FROM atlas.revision")
    assert (row_id, kind, before["summary"]) == (old.report_id, "corrected", old.summary)
    held = f"SELECT summary FROM atlas.report WHERE report_id = '{old.report_id}'"
    assert rows(store, held) == [(new.summary,)]


def test_a_merge_of_what_is_held_already_writes_nothing(store, dossier):
    before = state(store)
    result = merge_rows(store, dossier_rows(dossier), publish=publish)
    assert result.load_id is None
    assert result.written == ()
    assert state(store) == before


def merges(dossier: Dossier) -> dict[str, list[TableRows]]:
    """Merges of every sort, by what they do."""
    source, site, report = dossier.sources[0], dossier.sites[0], dossier.reports[0]
    claim = dossier.control[0]
    elsewhere = next(s.site_id for s in dossier.sites if s.site_id != report.site_id)
    other = next(s.source_id for s in dossier.sources if s.source_id != report.source_id)
    new_site = replace(site, site_id="a-new-site", parent_site_id=site.site_id)
    new_source = replace(source, source_id="a-new-source")
    return {
        "many reports added": given(
            dossier, reports=tuple(new_report(dossier, n) for n in range(50))
        ),
        "a report moved to another site": given(
            dossier, reports=(replace(report, site_id=elsewhere),)
        ),
        "a report that rests on another source": given(
            dossier, reports=(replace(report, source_id=other),)
        ),
        "a source renamed": given(dossier, sources=(replace(source, title="Another title"),)),
        "a site renamed": given(dossier, sites=(replace(site, name="Another name"),)),
        "control added": given(dossier, control=(replace(claim, control_id="a-new-claim"),)),
        "a site, a source and a report on them added": given(
            dossier,
            sites=(new_site,),
            sources=(new_source,),
            reports=(new_report(dossier, site_id="a-new-site", source_id="a-new-source"),),
        ),
        "added and corrected at once": given(
            dossier,
            reports=(new_report(dossier), replace(report, summary="Another wording.")),
            sources=(replace(source, publisher="Another publisher"),),
        ),
    }


@pytest.mark.parametrize("kind", [
    "many reports added", "a report moved to another site", "a report that rests on another source",
    "a source renamed", "a site renamed", "control added",
    "a site, a source and a report on them added", "added and corrected at once",
])  # fmt: skip
def test_what_a_merge_publishes_is_what_publishing_all_anew_would(store, dossier, kind):
    before = published(store)
    merge_rows(store, merges(dossier)[kind], publish=publish)
    merged = published(store)
    assert merged != before
    with store.begin() as connection:
        for name in (*merged, "publication"):
            connection.execute(text(f"DELETE FROM atlas.{name}"))
    merge_rows(store, [], publish=publish)
    assert published(store) == merged


def test_published_features_that_nothing_touches_are_not_written_again(store, dossier):
    versions = "SELECT id, xmin::text, ctid::text FROM atlas.published_reports"
    before = set(rows(store, versions))
    merge_rows(
        store,
        given(dossier, reports=(replace(dossier.reports[0], summary="Another wording."),)),
        publish=publish,
    )
    assert len(before - set(rows(store, versions))) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"site_id": "no-such-site"}, "foreign key.*no-such-site"),
        ({"source_id": "no-such-source"}, "foreign key.*no-such-source"),
        ({"summary": " "}, "report_has_a_summary"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_all_others(store, dossier, fields, told):
    (good,) = given(dossier, reports=(new_report(dossier),))
    values = dict(zip(good.columns, good.rows[0], strict=True))
    bad = tuple((values | {"report_id": "a-bad-report"} | fields).values())
    before = state(store)
    with pytest.raises(RowsRefused, match=told) as refused:
        merge_rows(store, [replace(good, rows=[*good.rows, bad])], publish=publish)
    assert "\n" not in str(refused.value)
    assert state(store) == before


def test_an_id_given_twice_is_refused(store, dossier):
    (reports,) = given(dossier, reports=(new_report(dossier),))
    with pytest.raises(StoreError, match="given twice"):
        merge_rows(store, [replace(reports, rows=reports.rows * 2)], publish=publish)


def test_merges_at_once_run_one_after_the_other(store, dossier):
    def merge(number: int) -> None:
        reports = tuple(new_report(dossier, n) for n in range(number, number + 10))
        merge_rows(store, given(dossier, reports=reports), publish=publish)

    threads = [threading.Thread(target=merge, args=(n * 10,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert rows(store, "SELECT count(*) FROM atlas.report WHERE report_id LIKE 'a-new-%'") == [
        (40,)
    ]
    assert rows(store, "SELECT count(*) FROM atlas.load") == [(5,)]
    for layer in LAYERS:
        assert sorted(features(store, layer)) == sorted(live(store, layer)), layer.id


def test_the_same_rows_merged_into_the_same_data_have_the_same_hash(empty_store, dossier):
    def hashes() -> list:
        return rows(empty_store, "SELECT sha256 FROM atlas.load ORDER BY load_id DESC LIMIT 1")

    merged = []
    for number in (1, 1, 2):
        load_dossier(empty_store, dossier)
        merge_rows(empty_store, given(dossier, reports=(new_report(dossier, number),)))
        merged += hashes()
    assert merged[0] == merged[1] != merged[2]
    assert (dossier.sha256,) not in merged


def test_a_merge_keeps_the_day_of_the_data_unless_another_is_given(store, dossier):
    merge_rows(store, given(dossier, reports=(new_report(dossier),)))
    merge_rows(store, [], as_of=date(2030, 1, 1))
    days = "SELECT as_of FROM atlas.load ORDER BY load_id"
    assert rows(store, days) == [(dossier.as_of,), (dossier.as_of,), (date(2030, 1, 1),)]


def test_the_first_rows_of_all_need_a_day(empty_store, dossier):
    with pytest.raises(StoreError, match="as_of"):
        merge_rows(empty_store, dossier_rows(dossier))
    merge_rows(empty_store, dossier_rows(dossier), as_of=dossier.as_of, publish=publish)
    assert sorted(features(empty_store, LAYERS[0])) == sorted(live(empty_store, LAYERS[0]))


def test_a_database_without_the_schema_is_refused(empty_url, dossier):
    with pytest.raises(SchemaOutdated, match="db upgrade"):
        merge_rows(open_engine(empty_url), dossier_rows(dossier), as_of=dossier.as_of)


def test_a_load_is_kept_when_the_tidying_after_it_fails(store, dossier):
    result = merge_rows(store, given(dossier, reports=(new_report(dossier),)), publish=publish)
    assert {"report", "published_reports", "load"} <= set(result.written)
    assert tidy(store, result).untidied is None
    gone = replace(result, written=("no_such_table",))
    told = tidy(store, gone).untidied
    assert told is not None
    assert told.startswith("The load is kept; only the tidying")
    nowhere = open_engine("postgresql://nobody@/none?host=/nonexistent")
    assert "is kept" in (tidy(nowhere, result).untidied or "")
