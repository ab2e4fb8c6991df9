"""Virtual environments of the peers: one each, with exactly the packages of a file of pins."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.progress import say
from benchmarks.servers import ServerError

_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")
_PYENV = "~/.pyenv/versions/3.*/bin/python3"


def make_environment(home: Path, name: str, pins: Path, *, least: tuple[int, int]) -> Path:
    """The Python of a virtual environment with exactly the pinned packages."""
    folder = home / "venv" / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:8]}"
    python = folder / "bin" / "python"
    done = folder / "complete"
    if done.exists():
        return python
    base = next(_pythons(least), None)
    if base is None:
        raise ServerError(f"{name}: no Python {least[0]}.{least[1]} or newer was found")
    say(f"installing {pinned(pins, name)} of {name} with {base}")
    for command in (
        [base, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check",
         "-r", str(pins)],
    ):  # fmt: skip
        outcome = run(command)
        if outcome.returncode:
            raise ServerError(f"{name} could not be installed: {outcome.stderr.strip()[-300:]}")
    done.touch()
    return python


def _pythons(least: tuple[int, int]) -> Iterator[str]:
    """Pythons of this machine that are new enough, also those that pyenv keeps off the path."""
    for name in (*_PYTHONS, *sorted(glob.glob(str(Path(_PYENV).expanduser())))):
        found = shutil.which(name)
        if found is None:
            continue
        told = run([found, "-c", "import sys, venv; print(*sys.version_info[:2])"])
        if told.returncode == 0 and tuple(map(int, told.stdout.split())) >= least:
            yield found


def pinned(pins: Path, package: str) -> str:
    """The version of a package in a file of pins."""
    found = re.search(rf"^{package}==(\S+)", pins.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else "unknown"


def run(
    command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and give what it said."""
    return subprocess.run(  # noqa: S603
        command, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
