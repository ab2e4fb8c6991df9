"""What breaks: killed servers, stale files, full and read-only disks."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest

from geo.errors import StoreError
from geo.store import cluster_home, cluster_programs, cluster_server
from geo.store.cluster import Cluster, ClusterError
from tests.geo.store.cluster.cluster_support import (
    ROOT,
    alive,
    by_root,
    change,
    give_cluster,
    kill_server,
    query,
    small_disk,
    until,
)


def test_committed_data_survive_a_killed_server(home):
    cluster = Cluster(home)
    cluster.start()
    change(cluster, "CREATE TABLE t AS SELECT 7 AS n")
    pid = kill_server(cluster)
    until(lambda: not alive(pid))
    cluster.start()
    assert query(cluster, "SELECT n FROM t") == 7
    cluster.release()


@pytest.mark.parametrize("content", ["pid", ""], ids=["number of another process", "empty"])
def test_a_stale_pid_file_does_not_keep_the_server_from_starting(home, content):
    cluster = Cluster(home)
    cluster.start()
    left = (home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[1]
    pid = kill_server(cluster)
    until(lambda: not cluster.status().running)
    owner = cluster_home.Home.of(home, None).account
    with subprocess.Popen(["sleep", "60"], user=owner.uid if ROOT else None) as bystander:
        text = f"{bystander.pid}\n{left}" if content else ""
        (home / "postgres" / "postmaster.pid").write_text(text)
        lock = home / "run" / ".s.PGSQL.5432.lock"
        lock.write_text(f"{bystander.pid}\n")
        cluster.start()
        assert cluster.status().pid not in (pid, bystander.pid)
        cluster.release()
        assert bystander.poll() is None
        bystander.kill()


def test_only_the_server_itself_is_told_to_stop(home):
    with Cluster(home) as cluster, subprocess.Popen(["sleep", "60"]) as bystander:
        ours = cluster_home.Home.of(home, None)
        assert cluster_server._is_server(cluster.status().pid, ours)
        assert not cluster_server._is_server(bystander.pid, ours)
        bystander.kill()
        bystander.wait()
        assert not cluster_server._is_server(bystander.pid, ours)


def test_start_waits_for_what_a_killed_server_left_running(home):
    cluster = Cluster(home)
    cluster.start()
    work = "DO 'BEGIN FOR i IN 1..100000000 LOOP END LOOP; END'"
    find = "SELECT min(pid) FROM pg_stat_activity WHERE query LIKE 'DO%'"
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(change, cluster, work)
        until(lambda: query(cluster, find))
        orphan = query(cluster, find)
        kill_server(cluster)
        assert cluster.status().running
        assert alive(orphan)
        cluster.start()
        assert not alive(orphan)
        with suppress(psycopg.OperationalError):
            busy.result()
    cluster.release()


def test_a_server_that_somebody_started_by_hand_is_not_joined_by_a_second(home):
    account = cluster_home.Home.of(home, None).account
    programs = cluster_programs.choose_programs(None)
    socket = home.parent / "by hand"
    socket.mkdir()
    os.chown(socket, account.uid, account.gid)
    command = [programs.path("postgres"), "-D", str(home / "postgres"), "-h", "", "-k", str(socket)]
    with (home.parent / "log").open("w") as log:
        by_hand = subprocess.Popen(
            command, stderr=log, user=account.uid if ROOT else None, group=account.gid, cwd="/"
        )
    until((socket / ".s.PGSQL.5432").is_socket)
    with pytest.raises(ClusterError, match=r"could not start .* still in use"):
        Cluster(home).start()
    by_hand.send_signal(signal.SIGINT)
    by_hand.wait()


def test_a_server_that_recovers_for_too_long_is_not_stopped(home, monkeypatch):
    monkeypatch.setattr(cluster_server, "PATIENCE_S", -1.0)
    cluster = Cluster(home)
    with pytest.raises(ClusterError, match="still recovers"):
        cluster.start()
    monkeypatch.undo()
    with cluster:
        assert query(cluster, "SELECT 1") == 1


def test_a_server_that_holds_its_folder_but_neither_answers_nor_stops_is_told(home, monkeypatch):
    cluster = Cluster(home)
    cluster.start()
    pid = cluster.status().pid
    os.kill(pid, signal.SIGSTOP)
    try:
        monkeypatch.setattr(cluster_server, "PATIENCE_S", 0.2)
        with pytest.raises(ClusterError, match="did not stop"):
            cluster.stop()
        monkeypatch.setattr(cluster_server, "_answers", lambda _home: False)
        with pytest.raises(ClusterError, match="not answered"):
            Cluster(home).start()
    finally:
        os.kill(pid, signal.SIGCONT)
        monkeypatch.undo()
        cluster.stop()


def test_a_broken_data_folder_is_told_in_the_servers_own_words(home):
    (home / "postgres" / "global" / "pg_control").write_bytes(b"x")
    with pytest.raises(ClusterError, match=r"could not start in .*pg_control"):
        Cluster(home).start()
    assert not Cluster(home).status().running


def test_a_database_that_cannot_be_prepared_leaves_no_server_behind(home, monkeypatch):
    monkeypatch.setattr(cluster_server, "EXTENSIONS", ("no_such_thing",))
    with pytest.raises(ClusterError, match=r"could not be prepared .*no_such_thing"):
        Cluster(home).start()
    assert not Cluster(home).status().running


def test_a_large_log_is_set_aside_at_start_and_errors_of_clients_stay_out_of_it(home):
    log = home / "log" / "postgres.log"
    log.parent.mkdir()
    log.write_text("x" * 1_000_001)
    with Cluster(home) as cluster, suppress(psycopg.Error):
        query(cluster, "SELECT 'a name that a reader searched for'::int")
    assert log.stat().st_size < 10_000
    assert "searched for" not in log.read_text()
    assert log.with_suffix(".log.1").stat().st_size == 1_000_001


@by_root
def test_a_disk_without_room_for_a_cluster_is_refused_before_one_is_made(empty):
    with small_disk(empty, 30):
        with pytest.raises(ClusterError, match=r"no space left .*\((31|30) MB free, 160 MB needed"):
            Cluster(empty).start()
        assert not (empty / "postgres.new").exists()


@by_root
def test_initdb_on_a_disk_that_fills_up_is_told_as_such(empty, monkeypatch):
    monkeypatch.setattr(cluster_server, "NEEDED_MB", 0)
    with small_disk(empty, 20), pytest.raises(ClusterError, match="no space left"):
        Cluster(empty).start()


@by_root
def test_a_full_disk_is_told_at_start_and_harms_nothing(empty, made):
    with small_disk(empty, 250):
        give_cluster(empty / "home", made)
        cluster = Cluster(empty / "home")
        fill = empty / "fill"
        with fill.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"0" * 4096)
        for _ in range(2):
            with pytest.raises(ClusterError, match=r"no space left .*\(0 MB free"):
                cluster.start()
        fill.unlink()
        with cluster:
            assert query(cluster, "SELECT 1") == 1


@by_root
def test_a_read_only_home_is_told_as_such_and_can_be_looked_at(empty, made):
    with small_disk(empty, 250):
        give_cluster(empty / "home", made)
        subprocess.run(["mount", "-o", "remount,ro", str(empty)], check=True)
        for home in (empty / "home", empty / "new"):
            with pytest.raises(ClusterError, match="read-only file system"):
                Cluster(home).start()
        assert not Cluster(empty / "home").status().running
        subprocess.run(["mount", "-o", "remount,rw", str(empty)], check=True)


def test_every_fault_is_a_store_error():
    assert issubclass(ClusterError, StoreError)
