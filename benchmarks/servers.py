"""Servers under load: how each is started, where it answers, and the processes that it is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.data import Database
from benchmarks.processes import listener_pid
from benchmarks.workloads import TEMPLATES, read_templates
from service.settings import PROJECT, Settings

# Settings with which every cache of whole answers is off: what is compared is how one is made.
NO_CACHES = {"tile_cache_mb": "0"}
START_S = 60
PATIENCE_S = 10


class ServerError(Exception):
    """A server that cannot be had, with the reason in one sentence."""


@dataclass(frozen=True)
class Command:
    """What starts a server."""

    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = PROJECT


@dataclass
class Server:
    """One server of the comparison.

    command: given a port, what starts it; None where it runs already, at `url`. ready: the path
    that answers once it can be asked.
    """

    name: str
    version: str
    templates: dict[str, str]
    ready: str
    command: Callable[[int], Command] | None = None
    url: str = ""
    note: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """The process at the root of its family; None where it cannot be seen."""
        if self._process is not None:
            return self._process.pid
        port = int(self.url.rpartition(":")[2].split("/")[0])
        return listener_pid(port)

    @property
    def has_ended(self) -> bool:
        """Whether it was started here and has ended by itself since."""
        return self._process is not None and self._process.poll() is not None

    def start(self, logs: Path) -> None:
        """Start it, if it is not running, and return once it answers. Raises ServerError."""
        if self.command is None or (self._process is not None and not self.has_ended):
            return
        self.stop()
        port = free_port()
        command = self.command(port)
        log = logs / f"{self.name}.log"
        with open(log, "ab") as file:
            self._process = subprocess.Popen(  # noqa: S603
                command.arguments,
                env=os.environ | command.environment,
                cwd=command.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.url = f"http://127.0.0.1:{port}"
        try:
            self._await_ready(log)
        except ServerError:
            self.stop()
            raise

    def _await_ready(self, log: Path) -> None:
        assert self._process is not None  # noqa: S101 - just started
        deadline = time.monotonic() + START_S
        why = "it did not answer"
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerError(f"{self.name} ended at its start: see {log}")
            try:
                with urllib.request.urlopen(self.url + self.ready, timeout=START_S) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.HTTPError) as error:
                why = str(error)
            time.sleep(0.1)
        raise ServerError(f"{self.name} was not ready within {START_S} s ({why}): see {log}")

    def stop(self) -> None:
        """End what was started here, gently first."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(PATIENCE_S)
                return
            except ProcessLookupError:
                process.wait()
                return
            except subprocess.TimeoutExpired:
                continue


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def uvicorn_command(python: Path, app: str, port: int, environment: dict[str, str]) -> Command:
    """One worker of uvicorn with its fastest loop and parser, without an access log."""
    arguments = [str(python), "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)]
    arguments += ["--workers", "1", "--loop", "uvloop", "--http", "httptools"]
    return Command([*arguments, "--no-access-log", "--log-level", "warning"], environment)


def scam_atlas(database: Database, *, caches: bool) -> Server:
    """Ours as a user starts it, one worker; with and without its cache of answers."""
    environment = {"SCAM_ATLAS_DATABASE_URL": database.url}
    note = ""
    if not caches:
        environment |= {f"SCAM_ATLAS_{name.upper()}": value for name, value in NO_CACHES.items()}
        unknown = NO_CACHES.keys() - Settings.model_fields.keys()
        note = f"CACHES MAY BE ON: no setting {', '.join(sorted(unknown))}" if unknown else ""

    def command(port: int) -> Command:
        program = Path(sys.executable).with_name("scam-atlas")
        return Command([str(program), "serve", "--no-load", "--port", str(port)], environment)

    templates = read_templates(TEMPLATES / "scam-atlas.txt")
    if caches:
        templates = {name: path for name, path in templates.items() if name.startswith("W6")}
    name = "scam-atlas, cache on" if caches else "scam-atlas"
    return Server(name, _own_version(), templates, "/readyz", command, note=note)


def _own_version() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return f"git {done.stdout.strip()}" if done.returncode == 0 else "of this folder"


def floor(database: Database) -> Server:
    """FastAPI and asyncpg, plainly, in the same environment as this service."""

    def command(port: int) -> Command:
        environment = {"BENCH_DATABASE": database.url}
        return uvicorn_command(Path(sys.executable), "benchmarks.floor:app", port, environment)

    templates = read_templates(TEMPLATES / "floor.txt")
    return Server("floor", "FastAPI + asyncpg", templates, "/items?limit=1", command)


def bare(_database: Database) -> Server:
    """A Starlette route that says 304, in the same environment as this service."""

    def command(port: int) -> Command:
        return uvicorn_command(Path(sys.executable), "benchmarks.bare:app", port, {})

    return Server("bare", "Starlette", read_templates(TEMPLATES / "bare.txt"), "/static", command)


def external(text: str) -> Server:
    """A server that runs already: `name=url:templates-file`. Raises ServerError."""
    name, equals, rest = text.partition("=")
    url, colon, file = rest.rpartition(":")
    if not equals or not colon or not url.startswith("http"):
        raise ServerError(f"PEER is name=http://host:port:templates-file, not {text!r}")
    try:
        templates = read_templates(Path(file))
    except (OSError, ValueError) as error:
        raise ServerError(f"{name}: {error}") from error
    note = "runs outside this benchmark: its settings are not known here"
    return Server(name, "", templates, "", url=url.rstrip("/"), note=note)
