"""Loading a dossier: all or nothing, unchanged rows untouched, nothing once held is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geo.countries import CountryIndex
from geo.dossier import Dossier, DossierError, read_dossier
from geo.errors import DatabaseUnavailable, SchemaOutdated
from geo.store.cluster import Cluster
from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.tables import CLAIM_TABLES
from geo.store.writes import load_dossier
from tests.geo.dossier.broken import BROKEN, COUNTRIES, write_dossier


def count(engine: Engine, table: str) -> int:
    return rows(engine, f"SELECT count(*) FROM atlas.{table}")[0][0]


def rows(engine: Engine, statement: str) -> list:
    with engine.connect() as connection:
        return list(connection.execute(text(statement)))


def fingerprint(engine: Engine) -> list:
    """Which row versions each table holds: it changes whenever a row is written."""
    return [
        rows(engine, f"SELECT ctid::text, xmin::text FROM atlas.{t.name}") for t in CLAIM_TABLES
    ]


def corrected(dossier: Dossier, sha256: str, **tables: tuple) -> Dossier:
    return replace(dossier, sha256=sha256 * 64, **tables)


def test_a_load_holds_exactly_the_dossier(empty_store, dossier):
    result = load_dossier(empty_store, dossier)
    given = (dossier.sources, dossier.sites, dossier.actors)
    given += (dossier.reports, dossier.control, dossier.displacement)
    assert [change.added for change in result.tables] == [len(entities) for entities in given]
    assert [count(empty_store, table.name) for table in CLAIM_TABLES] == [
        len(entities) for entities in given
    ]


def test_loading_the_same_dossier_again_touches_no_row(empty_store, dossier):
    load_dossier(empty_store, dossier)
    before = fingerprint(empty_store)
    result = load_dossier(empty_store, dossier)
    assert result.load_id is None
    assert fingerprint(empty_store) == before
    assert count(empty_store, "load") == 1


def test_the_same_files_are_written_again_when_they_mean_other_days(
    empty_store, dossier, monkeypatch
):
    load_dossier(empty_store, dossier)
    monkeypatch.setattr("geo.store.rows.certain_days", lambda _edtf: None)
    result = load_dossier(empty_store, dossier)
    assert result.load_id is not None
    assert result.tables[3].corrected > 0


def test_unchanged_rows_stay_untouched_when_one_row_changes(empty_store, dossier):
    load_dossier(empty_store, dossier)
    before = set(map(tuple, fingerprint(empty_store)[3]))
    first = replace(dossier.reports[0], summary="Another wording of the same claim.")
    result = load_dossier(
        empty_store, corrected(dossier, "c", reports=(first, *dossier.reports[1:]))
    )
    assert [change.corrected for change in result.tables] == [0, 0, 0, 1, 0, 0]
    assert len(before - set(map(tuple, fingerprint(empty_store)[3]))) == 1


def test_what_a_corrected_row_said_before_is_kept(empty_store, dossier):
    load_dossier(empty_store, dossier)
    old = dossier.reports[0]
    new = replace(old, summary="Another wording of the same claim.")
    load_dossier(empty_store, corrected(dossier, "c", reports=(new, *dossier.reports[1:])))
    ((entity, row_id, change, before),) = rows(
        empty_store, "SELECT entity, row_id, change, before FROM atlas.revision"
    )
    assert (entity, row_id, change) == ("report", old.report_id, "corrected")
    assert before["summary"] == old.summary


def test_a_row_that_left_the_dossier_is_withdrawn_and_kept(empty_store, dossier):
    load_dossier(empty_store, dossier)
    gone = dossier.reports[-1]
    result = load_dossier(empty_store, corrected(dossier, "d", reports=dossier.reports[:-1]))
    assert result.tables[3].withdrawn == 1
    assert count(empty_store, "report") == len(dossier.reports) - 1
    ((row_id, change),) = rows(empty_store, "SELECT row_id, change FROM atlas.revision")
    assert (row_id, change) == (gone.report_id, "withdrawn")


def test_a_load_that_breaks_a_rule_of_the_database_changes_nothing(empty_store, dossier):
    load_dossier(empty_store, dossier)
    before = fingerprint(empty_store)
    # Sites that reports still speak of: the reader of files would refuse this dossier.
    with pytest.raises(Exception, match="foreign key"):
        load_dossier(empty_store, corrected(dossier, "e", sites=dossier.sites[:5]))
    assert fingerprint(empty_store) == before
    assert count(empty_store, "load") == 1
    assert count(empty_store, "revision") == 0


def test_a_load_cut_off_in_the_middle_changes_nothing(empty_store, dossier):
    load_dossier(empty_store, dossier)
    before = fingerprint(empty_store)

    def cut(table: str, _rows: int) -> None:
        if table == "control":
            kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"  # noqa: E501
            rows(empty_store, kill)

    first = replace(dossier.reports[0], summary="Another wording.")
    with pytest.raises(DatabaseUnavailable):
        load_dossier(
            empty_store, corrected(dossier, "f", reports=(first, *dossier.reports[1:])), cut
        )
    assert fingerprint(empty_store) == before


def test_two_loads_at_once_run_one_after_the_other(empty_store, dossier):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(load_dossier(empty_store, dossier)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(result.load_id is None for result in results) == [False, True, True, True]
    assert count(empty_store, "load") == 1


def test_a_database_without_the_schema_is_refused(empty_url, dossier):
    with pytest.raises(SchemaOutdated, match="db upgrade"):
        load_dossier(open_engine(empty_url), dossier)


def test_a_database_that_is_not_there_is_told_in_one_sentence(dossier):
    engine = open_engine("postgresql://nobody@/none?host=/nonexistent")
    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as told:
        load_dossier(engine, dossier)
    assert "\n" not in str(told.value)


def test_a_load_on_a_full_disk_is_told_as_such_and_changes_nothing(dossier):
    folder = Path(tempfile.mkdtemp(prefix="scam-atlas-full-"))
    folder.chmod(0o755)
    size = "size=260m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", folder], check=True)
    try:
        with Cluster(folder / "home", durable=False) as cluster:
            engine = open_engine(cluster.url)
            upgrade(engine)
            load_dossier(engine, dossier)
            before = fingerprint(engine)
            fill = shutil.disk_usage(folder).free
            (folder / "filling").write_bytes(bytes(fill))
            reworded = tuple(replace(r, summary=r.summary * 9) for r in dossier.reports)
            with pytest.raises(DatabaseUnavailable, match="no room left"):
                load_dossier(engine, corrected(dossier, "9", reports=reworded))
            (folder / "filling").unlink()
            assert fingerprint(engine) == before
            assert load_dossier(engine, corrected(dossier, "9", reports=reworded)).load_id
    finally:
        subprocess.run(["umount", folder], check=True)
        folder.rmdir()


@pytest.fixture(scope="module")
def loaded_store(cluster, dossier):
    with scratch_database(cluster.url) as url:
        engine = open_engine(url)
        upgrade(engine)
        load_dossier(engine, dossier)
        yield engine


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_broken_dossier_leaves_the_database_as_it_was(loaded_store, case, tmp_path):
    (tmp_path / "countries.geojson").write_text(json.dumps(COUNTRIES), encoding="utf-8")
    countries = CountryIndex.load(tmp_path / "countries.geojson")
    folder = write_dossier(tmp_path / "dossier")
    case.break_it(folder)
    before = fingerprint(loaded_store)
    with pytest.raises(DossierError) as refused:
        load_dossier(loaded_store, read_dossier(folder, countries=countries))
    assert refused.value.problems
    assert fingerprint(loaded_store) == before
    assert count(loaded_store, "load") == 1
