"""The schema: its migrations, and the rules that the database itself holds."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from geo import vocabulary
from geo.errors import InvalidFilter, SchemaOutdated, StoreError
from geo.store import database
from geo.store.database import (
    asked_errors,
    check_schema,
    database_url,
    head_revision,
    open_engine,
    scratch_database,
    store_errors,
    upgrade,
)
from geo.store.tables import SCHEMA, metadata
from tests.waiting import wait_for

SOURCE = (
    "INSERT INTO atlas.source (source_id, title, publisher, kind, possible, certain, language,"
    " reliability) VALUES ('s', 'T', 'P', 'news', '(,)', 'empty', 'en', 'A')"
)
SITE = (
    "INSERT INTO atlas.site (site_id, name, names_other, kind, place_role, country, geom,"
    " precision_m, location_basis, location_source_id)"
    " VALUES ('{id}', 'N', '{{}}', 'town', 'hotspot', 'MM', 'SRID=4326;POINT({lon} {lat})',"
    " {precision}, 'basis', 's')"
)
REPORT = (
    "INSERT INTO atlas.report (report_id, site_id, occurred, possible, certain, observed,"
    " event_kind, activity_after, summary, source_id, locator, credibility)"
    " VALUES ('r', 'a', '2024', '{possible}', '{certain}', '[2024-01-01,2024-01-02)',"
    " 'raid', 'active', 'S', {source}, {locator}, {credibility})"
)
FLOW = (
    "INSERT INTO atlas.displacement (flow_id, from_site_id, to_site_id, moved, possible, certain,"
    " summary, source_id, locator, credibility) VALUES ('f', {origin}, {to}, '2024',"
    " '[2024-01-01,2025-01-01)', 'empty', 'S', 's', 'p. 1', 1)"
)


def a_site(site_id="a", lon="98", lat="16", precision="100") -> str:
    return SITE.format(id=site_id, lon=lon, lat=lat, precision=precision)


def a_report(
    source="'s'", locator="'p. 1'", credibility="1", certain="empty",
    possible="[2024-01-01,2025-01-01)",
) -> str:  # fmt: skip
    return REPORT.format(
        source=source, locator=locator, credibility=credibility, certain=certain, possible=possible
    )


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))


def test_migrations_bring_an_empty_database_to_what_the_program_expects(empty_store):
    with empty_store.connect() as connection:
        check_schema(connection)
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
                "include_object": lambda _o, _n, kind, reflected, _c: (
                    not (kind == "index" and reflected)
                ),
                "version_table_schema": SCHEMA,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_or_at_the_same_time_does_no_harm(empty_url):
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(upgrade(open_engine(empty_url))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert done == [head_revision()] * 3


def test_a_database_of_a_newer_program_is_refused(empty_store):
    run(empty_store, "UPDATE atlas.alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaOutdated, match="newer"):
        upgrade(empty_store)


@pytest.mark.parametrize("url", ["mysql://x@y/z", "not an address"])
def test_an_address_of_no_postgresql_is_refused_with_the_form_it_should_have(url):
    with pytest.raises(StoreError, match="postgresql://user@host/database"):
        database_url(url, "psycopg")


def test_the_password_of_an_address_is_kept_for_the_driver():
    url = database_url("postgresql://me:se%20cret@host:5433/db", "asyncpg")
    assert url.password == "se cret"
    assert url.drivername == "postgresql+asyncpg"


def test_a_scratch_database_is_gone_when_it_is_left(cluster):
    with scratch_database(cluster.url) as url:
        run(open_engine(url), "CREATE TABLE x ()")
        name = url.split("?")[0].rsplit("/", 1)[1]
    with open_engine(cluster.url).connect() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name}
        ).scalar_one()
    assert found == 0


@pytest.mark.parametrize(
    ("constraint", "statements"),
    [
        ("null value", [SOURCE, a_site(), a_report(source="NULL")]),
        ("foreign key", [SOURCE, a_site(), a_report(source="'nobody'")]),
        ("report_has_a_locator", [SOURCE, a_site(), a_report(locator="' '")]),
        ("report_credibility_is_admiralty", [SOURCE, a_site(), a_report(credibility="7")]),
        ("report_certain_is_possible", [SOURCE, a_site(), a_report(certain="[2023-01-01,)")]),
        ("report_possible_is_not_empty", [SOURCE, a_site(), a_report(possible="empty")]),
        ("site_lies_on_earth", [SOURCE, a_site(lat="91")]),
        ("site_lies_on_earth", [SOURCE, a_site(lon="-181")]),
        ("site_precision_is_a_radius", [SOURCE, a_site(precision="0")]),
        ("site_id_is_a_slug", [SOURCE, a_site("Not a Slug")]),
        ("displacement_has_an_end", [SOURCE, FLOW.format(origin="NULL", to="NULL")]),
        ("displacement_goes_somewhere", [SOURCE, a_site(), FLOW.format(origin="'a'", to="'a'")]),
        ("source_reliability_is_admiralty", [SOURCE.replace("'A')", "'G')")]),
        ("source_kind_is_known", [SOURCE.replace("'news'", "'rumour'")]),
        ("foreign key", [SOURCE, a_site(), a_report(), "DELETE FROM atlas.source"]),
        ("foreign key", [SOURCE, a_site(), a_report(), "DELETE FROM atlas.site"]),
    ],
)  # fmt: skip
def test_the_database_itself_holds_the_rule(empty_store, constraint, statements):
    with pytest.raises(IntegrityError, match=constraint):
        run(empty_store, *statements)


def test_a_period_that_ends_before_it_starts_is_refused_by_the_database(empty_store):
    with pytest.raises(Exception, match="range lower bound"):
        run(empty_store, SOURCE, a_site(), a_report(possible="[2025-01-01,2024-01-01)"))


@pytest.mark.parametrize(
    ("table", "column", "codes"),
    [
        ("source", "kind", vocabulary.SourceKind),
        ("source", "reliability", vocabulary.Reliability),
        ("site", "kind", vocabulary.SiteKind),
        ("site", "place_role", vocabulary.PlaceRole),
        ("actor", "kind", vocabulary.ActorKind),
        ("report", "event_kind", vocabulary.EventKind),
        ("report", "activity_after", vocabulary.Activity),
        ("report", "people_kind", vocabulary.PeopleKind),
        ("control", "role", vocabulary.Role),
        ("displacement", "cause", vocabulary.Cause),
    ],
)
def test_the_code_lists_of_the_database_are_those_of_the_vocabulary(
    empty_store, table, column, codes
):
    query = text(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
        " AND conrelid = CAST(:table AS regclass) AND pg_get_constraintdef(oid) ~ :column"
    )
    with empty_store.connect() as connection:
        definitions = connection.execute(
            query, {"table": f"atlas.{table}", "column": rf"\({column} = ANY"}
        ).scalars()
        (definition,) = definitions
    assert set(definition.split("'")[1::2]) == {str(code) for code in codes}


def test_the_reading_service_cannot_write(database_url):
    """Its connections are read-only, whatever a statement says."""

    from geo.store.database import open_async_engine

    async def write() -> None:
        engine = open_async_engine(
            database_url, pool_size=1, pool_timeout_s=1, statement_timeout_s=5
        )
        try:
            async with engine.begin() as connection:
                await connection.execute(text("DELETE FROM atlas.revision"))
        finally:
            await engine.dispose()

    with pytest.raises((ProgrammingError, Exception), match="read-only"):
        wait_for(write())


def test_what_a_callers_filter_brings_about_is_the_filters_fault(engine):
    for statement in ("SELECT 1 / 0", "SELECT 2147483647 + 1", "SELECT no_such(1)"):
        refused = pytest.raises(InvalidFilter, match="filter: ")
        with engine.connect() as connection, refused, asked_errors():
            connection.execute(text(statement))


def test_the_same_fault_of_a_statement_of_ours_is_not_hidden(engine):
    with engine.connect() as connection, pytest.raises(DBAPIError), store_errors():
        connection.execute(text("SELECT 1 / 0"))
    with engine.connect() as connection, pytest.raises(DBAPIError), asked_errors():
        connection.execute(text("SELECT FROM WHERE"))


def test_the_files_of_the_migrations_are_in_the_order_that_they_name():
    scripts = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert scripts.get_current_head() == head_revision()
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")
