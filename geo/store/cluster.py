"""The private PostGIS: a PostgreSQL of this program's own, in a folder, behind a Unix socket.

The first program to use a home starts the server, others attach to it, the last one stops it.
Users are counted by a shared lock, which the kernel takes back from a program that is killed.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import platformdirs

from geo.errors import ClusterError
from geo.store import cluster_server as server
from geo.store.cluster_home import (
    Home,
    count_holders,
    held,
    is_free,
    open_lock,
    plainly,
    try_lock,
)

__all__ = ["Cluster", "ClusterError", "ClusterStatus", "default_home"]

OTHERS_S = 180.0  # for another program that makes the cluster on a slow disk


def default_home() -> Path:
    """Folder of the cluster where none is asked for.

    As root it is not under /root, which the account that runs the server could not enter.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/scam-atlas")
    return platformdirs.user_data_path("scam-atlas", appauthor=False)


@dataclass(frozen=True)
class ClusterStatus:
    """A cluster as it is now. Only `home` and `socket` are known where nothing was made yet."""

    home: Path
    running: bool
    pid: int | None
    version: str | None  # the major version that made the data folder
    users: int | None  # programs that use it; None where the system does not tell
    kept: bool  # whether it goes on when the last of them leaves
    socket: Path


class Cluster:
    """The cluster in one home folder; as a context, it is in use inside.

    account: who runs the server; see choose_account. durable: False trades safety from power cuts
    for speed, for tests. Every method raises ClusterError, in one sentence that says what to do.
    """

    def __init__(self, home: Path, *, account: str | None = None, durable: bool = True) -> None:
        self._folder = Path(home).expanduser().resolve()
        self._account = account
        self._durable = durable
        self._user: int | None = None  # descriptor that shares the users' lock
        self._pid = os.getpid()

    @property
    def url(self) -> str:
        """Where the database is, as a URL of libpq's that SQLAlchemy reads for any driver."""
        folder = quote(os.fsencode(server.socket_folder(self._home)), safe="")
        return f"postgresql://scam_atlas@/scam_atlas?host={folder}&port={server.PORT}"

    @property
    def _home(self) -> Home:
        with plainly(self._folder):
            return Home.of(self._folder, self._account)

    def start(self) -> None:
        """Use the cluster: make it, start it or attach to it; return once its database answers."""
        home = self._home
        with plainly(home.folder):
            home.prepare()
            with held(home.start_lock, OTHERS_S) as lock:
                user = self._join(home)
                try:
                    server.create(home, durable=self._durable, hold=lock)
                    server.bring_up(home, durable=self._durable)
                    server.furnish(home)
                except server.StillRecovering:
                    self._leave(user)
                    raise
                except BaseException:
                    self._leave(user, home)
                    raise

    def release(self) -> None:
        """Use the cluster no longer; the last user stops the server, unless it is to be kept."""
        user = self._user
        if user is None or self._pid != os.getpid():  # a fork's is its parent's to give back
            return
        home = self._home
        with plainly(home.folder), held(home.start_lock, OTHERS_S):
            self._leave(user, home)

    def keep(self) -> None:
        """Let the server run on when its last user leaves, until `stop`."""
        home = self._home
        with plainly(home.folder):
            home.prepare()
            home.keep.touch()

    def stop(self) -> None:
        """Stop the server now, even where other programs use it, and keep it no longer."""
        home = self._home
        if not home.folder.exists():
            return
        with plainly(home.folder), held(home.start_lock, OTHERS_S):
            home.keep.unlink(missing_ok=True)
            server.stop(home)

    def status(self) -> ClusterStatus:
        """How things stand; writes nothing and waits for nobody."""
        home = self._home
        with plainly(home.folder):
            running = not is_free(home.server_lock)
            found = server.Postmaster.read(home) if running else None
            return ClusterStatus(
                home=home.folder,
                running=running,
                pid=found.pid if found else None,
                version=home.version,
                users=count_holders(home.users_lock),
                kept=home.keep.exists(),
                socket=server.socket_folder(home),
            )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _join(self, home: Home) -> int:
        """Share the users' lock; under the start lock, under which nobody wants it alone."""
        if self._user is None:
            self._user = open_lock(home.users_lock)
            self._pid = os.getpid()
            try_lock(self._user, shared=True)
        return self._user

    def _leave(self, user: int, home: Home | None = None) -> None:
        """Give the users' lock back; where `home` is given and nobody else has it, stop."""
        self._user = None
        try:
            if home and try_lock(user) and not home.keep.exists():
                server.stop(home)
        finally:
            fcntl.flock(user, fcntl.LOCK_UN)  # a fork may still have it open
            os.close(user)
