"""`scam-atlas figure` and `scam-atlas pack`, run as a user would."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from layers.figures.request import PARAMETERS
from service.cli import main
from service.commands.options import flags

COMMAND = [str(Path(sys.executable).parent / "scam-atlas")]
SMALL = ("--frame", "myawaddy", "--at", "2025-03-10", "--size", "a5", "--dpi", "72")


@pytest.fixture
def run(database_url, tmp_path):
    """Runs the command in an empty folder, with the real dossier in the database."""

    def command(*arguments: str, most_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
        def limit() -> None:
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env={**os.environ, "SCAM_ATLAS_DATABASE_URL": database_url, "COLUMNS": "200"},
            preexec_fn=limit,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return command


@pytest.fixture
def here(database_url, tmp_path, monkeypatch, capsys):
    """Runs the command in this process, which saves a second each; gives status and words."""
    held = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCAM_ATLAS_DATABASE_URL", database_url)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["scam-atlas", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, *capsys.readouterr()

    yield command
    for number, handler in held.items():
        signal.signal(number, handler)


def test_a_figure_is_the_same_by_command_http_and_python(run, client, tmp_path, database_url):
    from service.figures.local import figure

    told = run("figure", *SMALL, "--out", "sheet.pdf")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("sheet.pdf: ")
    written = (tmp_path / "sheet.pdf").read_bytes()
    asked = {"datetime": "2025-03-10", "size": "a5", "dpi": "72"}
    assert client.get("/figures/myawaddy.pdf", params=asked).content == written
    assert figure(url=database_url, format="pdf", frame="myawaddy", at="2025-03-10",
                  size="a5", dpi="72") == written  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.pdf"]


def test_a_pack_is_the_same_by_command_and_http_and_can_be_checked(run, client, tmp_path):
    told = run("pack", *SMALL, "--out", "pack.zip")
    assert told.returncode == 0, told.stderr
    asked = {"datetime": "2025-03-10", "size": "a5", "dpi": "72"}
    assert (
        client.get("/figures/myawaddy.zip", params=asked).content
        == (tmp_path / "pack.zip").read_bytes()
    )
    told = run("pack", "--check", "pack.zip")
    assert (told.returncode, told.stderr) == (0, "")
    assert "Nothing has changed" in told.stdout


def test_the_options_are_those_of_the_address(run, client, tmp_path):
    told = run(
        "figure", "--box=98.4,16.5,98.7,16.8", "--from", "2024-01-01", "--to", "2025-03-10",
        "--style", "actor", "--filter", "kind = 'compound'", "--only", "country=MM",
        "--title", "A <title> & more", "--size", "a5", "--out", "box.svg",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    asked = {
        "bbox": "98.4,16.5,98.7,16.8", "datetime": "2024-01-01/2025-03-10", "style": "actor",
        "filter": "kind = 'compound'", "country": "MM", "title": "A <title> & more", "size": "a5",
    }  # fmt: skip
    answer = client.get("/figures/figure.svg", params=asked)
    assert answer.content == (tmp_path / "box.svg").read_bytes()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--frame", "myawaddy"], "--out: say which file"),
        (["--frame", "myawaddy", "--out", "a.gif"], "--out 'a.gif': ends with one of .png"),
        (["--frame", "myawaddy", "--out", "a.zip"], "`scam-atlas pack`"),
        (["--frame", "myawaddy", "--out", "no/a.png"], "there is no folder 'no'"),
        (["--frame", "nowhere", "--out", "a.png"], "--frame 'nowhere': no frame"),
        (["--out", "a.png"], "--frame: give one of frame, bbox, site and actor"),
        (["--box", "1,2,3", "--out", "a.png"], "--box '1,2,3': bbox has 4 or 6 numbers"),
        ([*SMALL, "--dpi", "9999", "--out", "a.png"], "--dpi '9999': from 72 to 600"),
        (["--site", "kk-park", "--radius-km", "0", "--out", "a.png"], "--radius-km '0': from 1"),
        (["--site", "no-such-site", "--out", "a.png"], "There is no site 'no-such-site'"),
        ([*SMALL, "--only", "country", "--out", "a.png"], "--only 'country': write NAME=VALUE"),
        ([*SMALL, "--only", "colour=red", "--out", "a.png"], "--only colour=red: no such"),
        ([*SMALL, "--filter", "kind <", "--out", "a.png"], "--filter 'kind <': "),
        ([*SMALL, "--title", "", "--out", "a.png"], "--title '': 1 to 160 characters"),
    ],
)
def test_a_wrong_option_is_named_with_its_value_and_rule(here, tmp_path, options, words):
    status, _, told = here("figure", *options)
    assert status == 1
    assert words in told
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_no_half_one(run, tmp_path):
    (tmp_path / "sheet.svg").write_text("the old one")
    told = run("figure", *SMALL, "--out", "sheet.svg", most_bytes=4096)
    assert told.returncode == 1
    assert "sheet.svg cannot be written" in told.stderr
    assert "Traceback" not in told.stderr
    assert (tmp_path / "sheet.svg").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.svg"]


def test_a_pack_that_cannot_be_checked_is_told_in_words(here, tmp_path):
    (tmp_path / "pack.zip").write_bytes(b"not a zip")
    status, _, told = here("pack", "--check", "pack.zip")
    assert (status, "no zip" in told) == (1, True)
    status, _, told = here("pack", "--check", "pack.zip", "--frame", "myawaddy")
    assert (status, "--check: stands alone" in told) == (1, True)


def test_changed_data_are_told_by_exit_status_and_row(
    run, tmp_path, monkeypatch, empty_store, empty_url, dossier
):
    from dataclasses import replace

    from geo.store.writes import load_dossier
    from layers.published import publish

    assert run("pack", *SMALL, "--out", "pack.zip").returncode == 0
    changed = replace(
        dossier,
        sources=tuple(
            replace(source, title=f"{source.title} (corrected)") for source in dossier.sources
        ),
    )
    load_dossier(empty_store, changed, publish=publish)
    told = subprocess.run(
        [*COMMAND, "pack", "--check", "pack.zip"],
        cwd=tmp_path,
        env={**os.environ, "SCAM_ATLAS_DATABASE_URL": empty_url},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 3
    assert "source_title: " in told.stdout
    assert "(corrected)" in told.stdout
    assert "have changed: 0 added" in told.stderr


@pytest.mark.parametrize("command", ["figure", "pack"])
def test_help_names_every_parameter(here, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "200")
    status, told, _ = here(command, "--help")
    assert status == 0
    for name in PARAMETERS:
        if name != "format":
            assert flags(name)[0] in told
