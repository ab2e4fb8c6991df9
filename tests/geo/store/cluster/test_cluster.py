"""From nothing to PostGIS and back, alone and with others: real servers, programs and kill -9."""

import os
import shutil
import signal
import tempfile

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from geo.store import cluster_programs
from geo.store.cluster import Cluster
from tests.geo.store.cluster.cluster_support import alive, change, give_cluster, query, until
from tests.waiting import wait_for


def test_a_new_home_gets_postgis_and_a_role_that_is_no_superuser(empty):
    with Cluster(empty) as cluster:
        assert query(cluster, "SELECT ST_AsText(ST_Point(98.5, 16.7))") == "POINT(98.5 16.7)"
        assert query(cluster, "SELECT current_user") == "scam_atlas"
        assert query(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = user") is False
        found = query(cluster, "SELECT array_agg(extname::text) FROM pg_extension")
        assert {"postgis", "btree_gist", "unaccent", "pg_trgm"} <= set(found)
        assert query(cluster, "SHOW data_checksums") == "on"
        assert query(cluster, "SHOW server_encoding") == "UTF8"
        assert query(cluster, "SHOW fsync") == "on"
        change(cluster, "CREATE TABLE public.ours ()")
    assert not cluster.status().running


def test_databases_that_the_role_makes_have_the_extensions_too(home):
    with Cluster(home) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE another")
        with psycopg.connect(cluster.url, dbname="another") as connection:
            assert connection.execute("SELECT ST_SRID(ST_Point(0, 0, 4326))").fetchone() == (4326,)


def test_data_outlive_the_server(home):
    with Cluster(home) as cluster:
        change(cluster, "CREATE TABLE t AS SELECT 7 AS n")
    with Cluster(home) as cluster:
        assert query(cluster, "SELECT n FROM t") == 7


def test_status_of_a_home_that_is_not_there_makes_nothing(empty):
    status = Cluster(empty).status()
    assert (status.running, status.pid, status.version) == (False, None, None)
    Cluster(empty).stop()
    assert not empty.exists()


def test_status_names_the_server_the_version_and_the_users(home, program):
    with Cluster(home) as cluster:
        assert int(program(home).heard().split()[1]) == cluster.status().pid
        status = cluster.status()
        assert status.running
        assert status.version == cluster_programs.installed()[0].major
        assert status.users == 2
        assert (status.socket / ".s.PGSQL.5432").is_socket()


@pytest.mark.parametrize(
    "name",
    ["Käfig 'of' \"claims\" $HOME `id` %41 \\ 報告", "a,b", "long" * 60],
    ids=["odd", "comma", "long"],
)
def test_any_path_works_with_both_drivers(empty, made, name):
    home = empty / name
    empty.mkdir()
    give_cluster(home, made)
    with Cluster(home) as cluster:
        url = make_url(cluster.url)
        with create_engine(
            url.set(drivername="postgresql+psycopg"), poolclass=NullPool
        ).connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1

        async def ask():
            engine = create_async_engine(
                url.set(drivername="postgresql+asyncpg"), poolclass=NullPool
            )
            async with engine.connect() as connection:
                return await connection.scalar(text("SELECT 1"))

        assert wait_for(ask()) == 1
    shutil.rmtree(cluster.status().socket)


def test_what_the_callers_environment_says_of_postgresql_changes_nothing(home, monkeypatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/x", "PGUSER": "x", "PGDATABASE": "x"}.items():
        monkeypatch.setenv(name, value)
    with Cluster(home) as cluster:
        assert query(cluster, "SELECT 1") == 1


def test_programs_with_other_runtime_folders_attach_to_the_same_socket(
    empty, made, tmp_path, monkeypatch
):
    home = empty / ("long" * 60)
    empty.mkdir()
    give_cluster(home, made)
    with Cluster(home) as cluster:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with Cluster(home) as other:
            assert other.url == cluster.url

    monkeypatch.undo()
    shutil.rmtree(cluster.status().socket)


def test_the_last_user_stops_the_server(home, program):
    cluster = Cluster(home)
    cluster.start()
    other = program(home)
    other.heard()
    cluster.release()
    assert cluster.status().running
    other.leave()
    assert not cluster.status().running
    assert cluster.status().users == 0


def test_a_kept_server_goes_on_until_it_is_stopped(home):
    cluster = Cluster(home)
    cluster.start()
    cluster.keep()
    cluster.release()
    assert cluster.status().running
    assert cluster.status().kept
    cluster.stop()
    assert not cluster.status().running
    with cluster:
        pass
    assert not cluster.status().running


def test_stop_ends_the_server_under_its_users_who_can_start_it_again(home):
    cluster = Cluster(home)
    cluster.start()
    with psycopg.connect(cluster.url) as connection:
        Cluster(home).stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    cluster.start()
    assert query(cluster, "SELECT 1") == 1
    cluster.release()
    cluster.release()
    assert not cluster.status().running


def test_two_programs_that_start_at_once_make_one_cluster(empty, program):
    first, second = program(empty), program(empty)
    assert first.heard() == second.heard() == f"ready {Cluster(empty).status().pid}"


def test_the_next_program_attaches_after_a_killed_one_and_the_server_stops_with_it(home, program):
    killed = program(home)
    pid = int(killed.heard().split()[1])
    killed.kill()
    cluster = Cluster(home)
    assert alive(pid)
    assert cluster.status().users == 0
    with cluster:
        assert cluster.status().pid == pid
    assert not cluster.status().running


def test_a_program_killed_while_initdb_runs_leaves_nothing_that_harms(empty, program):
    killed = program(empty)
    until((empty / "postgres.new" / "PG_VERSION").exists)
    killed.kill()
    assert not (empty / "postgres").exists()
    with Cluster(empty, durable=False) as cluster:
        assert query(cluster, "SELECT 1") == 1
    assert not (empty / "postgres.new").exists()


def test_a_program_killed_before_the_database_is_made_leaves_that_to_the_next(home):
    cluster = Cluster(home)
    with cluster, psycopg.connect(cluster.url, dbname="postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE scam_atlas")
    with cluster:
        assert query(cluster, "SELECT postgis_lib_version()")


def test_ctrl_c_in_the_programs_terminal_does_not_reach_the_server(home, program):
    other = program(home)
    other.heard()
    os.killpg(other.process.pid, signal.SIGINT)
    assert other.heard() == "interrupted"
    assert query(Cluster(home), "SELECT 1") == 1


def test_a_forked_child_does_not_give_its_parents_use_back(home, program):
    other = program(home)
    other.heard()
    other.say("fork")
    assert other.heard() == "forked"
    assert Cluster(home).status().running
    other.leave()
    assert not Cluster(home).status().running
