"""The commands, run as a user would."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from service.settings import PROJECT
from tests.geo.dossier.broken import BROKEN

COMMAND = [str(Path(sys.executable).parent / "scam-atlas")]


@pytest.fixture
def home() -> Iterator[Path]:
    memory = Path("/dev/shm")  # making a data folder again and again is what takes long
    roomy = memory.exists() and shutil.disk_usage(memory).free > 1_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="scam-atlas-cli-", dir=memory if roomy else None))
    folder.chmod(0o755)
    yield folder
    for serving in Serving.started:
        if not serving.process.stdout.closed:  # nobody has waited for its end
            serving.process.kill()
            serving.process.communicate()
    Serving.started.clear()
    subprocess.run([*COMMAND, "db", "stop"], env=environment(folder), capture_output=True)
    shutil.rmtree(folder)


def environment(home: Path, **more: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("SCAM_ATLAS_")}
    return {**inherited, "SCAM_ATLAS_HOME": str(home), **more}


def run(home: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(home, **env),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serving:
    """`scam-atlas serve` in a process of its own."""

    started: ClassVar[list[Serving]] = []

    def __init__(self, home: Path, *arguments: str, **env: str) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        port = self.url.rsplit(":", 1)[1]
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", port, *arguments],
            env=environment(home, **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(self)

    def wait_until_ready(self) -> None:
        started = time.monotonic()
        while time.monotonic() - started < 60:
            assert self.process.poll() is None, self.process.stdout.read()
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError("not ready within 60 seconds")

    def end(self, number: signal.Signals) -> str:
        self.process.send_signal(number)
        text, _ = self.process.communicate(timeout=30)
        return text


def postgres_runs(home: Path) -> bool:
    return "running  yes" in run(home, "db", "status").stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_prints_its_address_and_stops_all_that_it_started(home, number):
    serving = Serving(home)
    serving.wait_until_ready()
    assert "<html" in httpx.get(serving.url).text
    assert postgres_runs(home)
    text = serving.end(number)
    assert f"Scam Atlas is at {serving.url}" in text
    assert "Traceback" not in text
    assert not postgres_runs(home)


def test_the_second_start_makes_and_loads_nothing_again(home):
    first = Serving(home)
    first.wait_until_ready()
    first.end(signal.SIGINT)
    made = (home / "postgres" / "PG_VERSION").stat().st_ino
    second = Serving(home)
    second.wait_until_ready()
    assert (home / "postgres" / "PG_VERSION").stat().st_ino == made
    assert "Nothing has changed" in run(home, "load").stdout
    second.end(signal.SIGINT)


def test_two_programs_share_one_database_and_the_last_one_stops_it(home):
    one, two = Serving(home), Serving(home)
    one.wait_until_ready()
    two.wait_until_ready()
    one.end(signal.SIGINT)
    assert httpx.get(f"{two.url}/readyz").status_code == 200
    assert postgres_runs(home)
    two.end(signal.SIGINT)
    assert not postgres_runs(home)


def test_a_program_that_was_killed_does_not_hinder_the_next(home):
    killed = Serving(home)
    killed.wait_until_ready()
    killed.process.kill()
    killed.process.communicate()
    following = Serving(home)
    following.wait_until_ready()
    following.end(signal.SIGINT)
    assert not postgres_runs(home)


def test_a_given_database_is_used_and_none_is_started(home, cluster):
    from geo.store.database import scratch_database

    with scratch_database(cluster.url) as url:
        serving = Serving(home, SCAM_ATLAS_DATABASE_URL=url)
        serving.wait_until_ready()
        assert len(httpx.get(f"{serving.url}/layers/reports.geojson").json()["features"]) == 703
        serving.end(signal.SIGINT)
    assert list(home.iterdir()) == []
    told = run(home, "db", "stop", SCAM_ATLAS_DATABASE_URL=url)
    assert told.returncode == 1
    assert "SCAM_ATLAS_DATABASE_URL" in told.stderr


def test_a_port_in_use_is_told_in_one_sentence_before_anything_is_started(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run(home, "serve", "--port", str(taken.getsockname()[1]))
    assert told.returncode == 1
    assert "PORT=" in told.stderr
    assert "Traceback" not in told.stderr
    assert list(home.iterdir()) == []


def test_a_setting_that_cannot_be_read_is_named(home):
    told = run(home, "serve", SCAM_ATLAS_PORT="many")
    assert told.returncode == 1
    assert "SCAM_ATLAS_PORT" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "command",
    [[], ["serve"], ["load"], ["check"], ["build"], ["db"], ["db", "start"], ["db", "stop"]],
    ids=" ".join,
)
def test_help_says_what_the_command_does(home, command):
    told = run(home, *command, "--help", COLUMNS="100", NO_COLOR="1")
    assert told.returncode == 0
    assert len(re.sub(r"\W+", " ", told.stdout)) > 80


def test_check_counts_what_a_sound_dossier_holds_and_writes_nothing(home):
    told = run(home, "check")
    assert told.returncode == 0
    assert "703 reports" in told.stdout
    assert list(home.iterdir()) == []


def test_no_progress_bar_is_written_into_a_pipe(home):
    told = run(home, "load")
    assert told.returncode == 0
    assert "\x1b" not in told.stdout + told.stderr
    assert "\r" not in told.stdout + told.stderr
    assert re.search(r"report +703 added", told.stdout)


def test_a_broken_dossier_is_refused_with_its_place_and_leaves_the_data_as_they_were(
    home, tmp_path
):
    assert run(home, "load").returncode == 0
    broken = tmp_path / "raw"
    shutil.copytree(PROJECT / "data" / "raw", broken)
    sites = (broken / "sites.csv").read_text("utf-8").splitlines(keepends=True)
    sites[13] = sites[13].replace("MM", "Burma", 1) if ",MM," in sites[13] else "nonsense\n"
    (broken / "sites.csv").write_text("".join(sites), "utf-8")
    for command in ("check", "load"):
        told = run(home, command, str(broken))
        assert told.returncode == 1
        assert "sites.csv:14" in told.stderr
        assert "Traceback" not in told.stderr
    assert "Nothing has changed" in run(home, "load").stdout


def test_there_are_enough_kinds_of_broken_dossiers():
    assert len(BROKEN) >= 20


def test_stale_files_are_named_by_build_check(home, tmp_path):
    processed = tmp_path / "processed"
    shutil.copytree(PROJECT / "data" / "processed", processed)
    (processed / "reports.geojson").write_text("{}", "utf-8")
    told = run(home, "build", "--check", SCAM_ATLAS_PROCESSED_DIR=str(processed))
    assert told.returncode == 1
    assert "reports.geojson" in told.stderr
    assert "control" not in told.stderr
    assert (processed / "reports.geojson").read_text("utf-8") == "{}"
