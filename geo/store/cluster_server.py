"""The server of a private cluster: made, started, furnished and stopped.

Its processes hold a lock on a file of the home as long as one of them lives. So whether it runs
is asked of the kernel, never guessed from a process number that may belong to another by now.
Callers hold the home's start lock.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from geo.errors import ClusterError
from geo.store.cluster_home import Home, free_mb, is_free, no_space, open_lock, try_lock
from geo.store.cluster_programs import EXTENSIONS, Programs, choose_programs, run, spawn

NEEDED_MB = 160  # 70 for the files of a new cluster with PostGIS, the rest for its log of changes
PATIENCE_S = 60.0
PROC = Path("/proc")
PORT = 5432  # names the socket's file; nothing listens on TCP

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # needs more /dev/shm than a container has
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, YMD",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "error",
    "log_min_error_statement": "panic",  # what readers search for is not ours to keep
    "log_checkpoints": "off",
}
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class StillRecovering(ClusterError):
    """The server runs but does not answer yet; it is not to be stopped, or it would begin again."""


@dataclass(frozen=True)
class Postmaster:
    """What the server says of itself in postmaster.pid."""

    pid: int
    socket: Path
    ready: bool

    @classmethod
    def read(cls, home: Home) -> Postmaster | None:
        """None where there is no such file, or nothing in it. While it starts, it says less."""
        try:
            lines = os.fsdecode((home.data / "postmaster.pid").read_bytes()).split("\n")
            pid = abs(int(lines[0]))
        except (OSError, ValueError):
            return None
        lines += [""] * 8
        return cls(pid, Path(lines[4] or home.socket), lines[7].strip() == "ready")


def create(home: Home, *, durable: bool, hold: int) -> None:
    """Make the data folder, if there is none, under another name first.

    hold: the start lock's descriptor; initdb inherits it, so that where this program is killed the
    next one waits for the end of it. Raises ClusterError.
    """
    if home.version is not None:
        return
    if home.data.exists() and any(home.data.iterdir()):
        raise ClusterError(
            f"{home.data} holds files but is not a data folder of PostgreSQL: move it away."
        )
    programs = choose_programs(None)
    if home.half_made.exists():
        shutil.rmtree(home.half_made)
    if free_mb(home.folder) < NEEDED_MB:
        raise ClusterError(no_space(home.folder, NEEDED_MB))
    home.half_made.mkdir(mode=0o700)
    os.chown(home.half_made, home.account.uid, home.account.gid)
    _initdb(home, programs, durable=durable, hold=hold)
    home.half_made.rename(home.data)
    _sync(home.folder)  # or a power cut could bring the old name back, which is taken for half-made


def _initdb(home: Home, programs: Programs, *, durable: bool, hold: int) -> None:
    arguments = [programs.path("initdb"), "-D", str(home.half_made), "-U", "postgres"]
    arguments += ["--encoding=UTF8", "--data-checksums", "--no-instructions"]
    arguments += ["--auth-local=peer", "--auth-host=reject"]  # for who starts the server by hand
    arguments += [] if durable else ["--no-sync"]
    done = run([*arguments, "--locale=C.UTF-8"], home.account, (hold,))
    if done.returncode and "locale" in done.stderr:
        done = run([*arguments, "--locale=C"], home.account, (hold,))
    if done.returncode:
        raise ClusterError(_why(home, "initdb could not make a data folder", done.stderr))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def bring_up(home: Home, *, durable: bool) -> None:
    """Return once the server answers: attach to one that runs, else start one.

    Raises ClusterError, or StillRecovering after 60 s.
    """
    deadline = time.monotonic() + PATIENCE_S
    lock = open_lock(home.server_lock)
    try:
        while not try_lock(lock):
            if _answers(home):
                return
            if time.monotonic() > deadline:
                raise StillRecovering(
                    f"PostgreSQL in {home.folder} has not answered for {PATIENCE_S:.0f} s: see "
                    f"{home.log}, wait and start again, or end its processes."
                )
            time.sleep(0.02)
        _launch(home, choose_programs(home.version), durable=durable, lock=lock, deadline=deadline)
    finally:
        os.close(lock)


def _launch(home: Home, programs: Programs, *, durable: bool, lock: int, deadline: float) -> None:
    home.write_access_rules()
    home.make_socket_folder()
    settings = SETTINGS | ({} if durable else FOR_TESTS)
    settings |= {"unix_socket_directories": str(home.socket)}
    settings |= {"hba_file": str(home.hba), "ident_file": str(home.ident)}
    # On the command line they win over every file, so ALTER SYSTEM cannot open a TCP port.
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    stale = Postmaster.read(home)
    if (
        stale is None
    ):  # an empty file, as a power cut leaves it, would keep PostgreSQL from starting
        (home.data / "postmaster.pid").unlink(missing_ok=True)
    log = home.open_log()
    try:
        start = os.fstat(log).st_size
        process = spawn(
            [programs.path("postgres"), "-D", str(home.data), *options],
            home.account,
            log=log,
            hold=lock,
            # The lock was free, so this number is another process's by now: PostgreSQL takes it
            # for its launcher's and goes on, where it would refuse to start.
            env={"PG_GRANDPARENT_PID": str(stale.pid)} if stale else {},
        )
    finally:
        os.close(log)
    # Reaps the server when it ends, else its number would stay taken as long as this program runs.
    threading.Thread(target=process.wait, name="postgres", daemon=True).start()
    _await_ready(home, process, start, deadline)


def _await_ready(home: Home, process: subprocess.Popen[bytes], start: int, deadline: float) -> None:
    while process.poll() is None:
        now = Postmaster.read(home)
        if now and now.pid == process.pid and now.ready:
            return
        if time.monotonic() > deadline:
            raise StillRecovering(
                f"PostgreSQL in {home.folder} still recovers from a crash after "
                f"{PATIENCE_S:.0f} s and goes on doing so: wait, then start again."
            )
        time.sleep(0.005)
    with open(home.log, "rb") as file:
        file.seek(start)
        said = file.read().decode("utf-8", "replace")
    raise ClusterError(_why(home, "PostgreSQL could not start", said))


def _why(home: Home, what: str, said: str) -> str:
    """One sentence from what a program of PostgreSQL said before it gave up."""
    faults = re.findall(r"(?:FATAL|PANIC|error): +(.*)", said)
    full = "No space left on device" in said or "Disk quota exceeded" in said
    if full or (not faults and free_mb(home.folder) == 0):  # a full disk swallows the reason too
        return no_space(home.folder)
    hints = re.findall(r"HINT: +(.*)", said)
    reason = faults[-1] if faults else said.strip() or "it gave no reason"
    advice = hints[-1] if hints else f"see {home.log}"
    return f"{what} in {home.folder}: {reason}; {advice.rstrip('.')}."


def connect(home: Home, database: str, role: str = "postgres") -> psycopg.Connection:
    """Autocommitting connection to the running server. Raises psycopg.OperationalError."""
    return psycopg.connect(
        host=str(socket_folder(home)),
        port=PORT,
        dbname=database,
        user=role,
        autocommit=True,
        connect_timeout=10,
    )


def socket_folder(home: Home) -> Path:
    """Where the running server's socket is; where none runs, where the next one's will be."""
    found = Postmaster.read(home)
    # XDG_RUNTIME_DIR and TMPDIR may differ between two programs that share one home.
    return found.socket if found and not is_free(home.server_lock) else home.socket


def _answers(home: Home) -> bool:
    found = Postmaster.read(home)
    if not found or not found.ready:
        return False
    try:
        connect(home, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def furnish(home: Home) -> None:
    """Give the cluster its role and its database with the extensions. Raises ClusterError.

    The role owns its database and may make others, but is no superuser: whoever gets SQL past us
    reads no files and runs no programs.
    """
    try:
        with connect(home, "postgres") as admin:
            _make_role(admin)
            ready = admin.execute("SELECT 1 FROM pg_database WHERE datname = 'scam_atlas'")
            if not ready.fetchone():
                _extend(home, "template1")  # databases made from it, as tests do, have them too
                admin.execute("CREATE DATABASE scam_atlas OWNER scam_atlas")
        _extend(home, "scam_atlas")
    except psycopg.Error as error:
        raise ClusterError(_why(home, "The database could not be prepared", str(error))) from error


def _make_role(admin: psycopg.Connection) -> None:
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'scam_atlas'").fetchone():
        return
    admin.execute(
        "BEGIN; CREATE ROLE scam_atlas LOGIN CREATEDB;"
        # Its errors reach the program that caused them; in the log they would only pile up.
        "ALTER ROLE scam_atlas SET log_min_messages = 'log'; COMMIT"
    )


def _extend(home: Home, database: str) -> None:
    with connect(home, database) as admin:
        there = {name for (name,) in admin.execute("SELECT extname FROM pg_extension")}
        for name in EXTENSIONS:
            if name not in there:
                admin.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name)))


def stop(home: Home) -> None:
    """Stop the server, roll back what is open, and return once it is gone; none is as good.

    Raises ClusterError after 60 s.
    """
    deadline = time.monotonic() + PATIENCE_S
    told = None
    while not is_free(home.server_lock):
        found = Postmaster.read(home)
        if found and found.pid != told and _is_server(found.pid, home):
            os.kill(found.pid, signal.SIGINT)
            told = found.pid
        if time.monotonic() > deadline:
            raise ClusterError(
                f"PostgreSQL in {home.folder} did not stop within {PATIENCE_S:.0f} s: "
                f"see {home.log}, or end its processes."
            )
        time.sleep(0.01)


def _is_server(pid: int, home: Home) -> bool:
    """Whether the process is this home's server, not one that got the number of a dead one."""
    if PROC.exists():
        try:
            return os.fsencode(home.data) in (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return False
    # On macOS; there ps may write a path in an alphabet of its own.
    return "postgres -D " in run(["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]).stdout
