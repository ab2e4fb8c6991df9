"""What the tests of the private cluster share: another program, SQL, disks, patience."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

ROOT = os.geteuid() == 0
USER = Path(__file__).with_name("cluster_user.py")
by_root = pytest.mark.skipif(not ROOT, reason="only root can become somebody else or mount")


class Program:
    """Another program that uses the cluster (cluster_user.py)."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(USER), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def heard(self):
        return self.process.stdout.readline().strip()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def leave(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def end(self):
        self.kill()
        with suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()


def give_cluster(home, made):
    home.mkdir()
    subprocess.run(["cp", "-a", str(made), str(home / "postgres")], check=True)


def query(cluster, statement):
    with psycopg.connect(cluster.url) as connection:
        return connection.execute(statement).fetchone()[0]


def change(cluster, statement):
    with psycopg.connect(cluster.url) as connection:
        connection.execute(statement)


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def alive(pid):
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())  # a zombie's is empty
    except OSError:
        return False


def kill_server(cluster):
    pid = cluster.status().pid
    os.kill(pid, signal.SIGKILL)
    return pid


@contextmanager
def small_disk(folder, megabytes):
    folder.mkdir()
    size = f"size={megabytes}m,mode=755"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=False)
    if done.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
