"""Who may connect to the private cluster, and as whom it runs."""

import os
import pwd
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from geo.store import cluster_programs
from geo.store.cluster import Cluster
from tests.geo.store.cluster.cluster_support import alive, by_root, query


def test_nothing_listens_on_tcp(home):
    with Cluster(home) as cluster:
        with psycopg.connect(cluster.url, dbname="postgres", user="postgres") as admin:
            admin.autocommit = True
            admin.execute("ALTER SYSTEM SET listen_addresses = '*'")
        cluster.stop()
        cluster.start()
        assert query(cluster, "SHOW listen_addresses") == ""
        open_files = Path(f"/proc/{cluster.status().pid}/fd").iterdir()
        sockets = set(re.findall(r"socket:\[(\d+)\]", " ".join(map(os.readlink, open_files))))
        tables = [Path("/proc/net/tcp").read_text(), Path("/proc/net/tcp6").read_text()]
        assert sockets.isdisjoint(line.split()[9] for each in tables for line in each.splitlines())
        assert sockets


@by_root
def test_the_server_does_not_run_as_root_and_others_reach_neither_data_nor_socket(home):
    with Cluster(home) as cluster:
        status = cluster.status()
        assert Path(f"/proc/{status.pid}").stat().st_uid == pwd.getpwnam("postgres").pw_uid
        for folder in (status.socket, home / "postgres"):
            assert folder.stat().st_mode & 0o777 == 0o700
            assert folder.stat().st_uid == pwd.getpwnam("postgres").pw_uid


@by_root
@pytest.mark.parametrize("role", ["scam_atlas", "postgres"])
def test_another_user_cannot_connect_even_if_the_sockets_folder_is_opened(home, role):
    def ask():
        command = [cluster_programs.choose_programs(None).path("psql"), "-h", str(socket.parent)]
        return subprocess.run(
            [*command, "-p", "5432", "-U", role, "-d", "scam_atlas", "-c", "SELECT 1"],
            user="nobody", group="nogroup", extra_groups=[], cwd="/", env={"LC_ALL": "C"},
            capture_output=True, text=True, check=False,
        ).stderr  # fmt: skip

    with Cluster(home) as cluster:
        socket = cluster.status().socket / ".s.PGSQL.5432"
        assert "Permission denied" in ask()
        socket.parent.chmod(0o755)
        socket.chmod(0o777)
        assert "Peer authentication failed" in ask()


@by_root
def test_a_user_who_is_not_root_runs_the_server_himself(empty, program):
    empty.mkdir()
    os.chown(empty, *pwd.getpwnam("nobody")[2:4])
    other = program(empty, "nobody")
    pid = int(other.heard().split()[1])
    assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert (empty / "postgres").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    other.leave()
    assert not alive(pid)
