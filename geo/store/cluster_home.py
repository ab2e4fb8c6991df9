"""The folder of a private cluster: who may use it, its locks, and the way to its socket."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ClusterError
from geo.store.cluster_programs import Account, choose_account

# A socket's path holds at most 103 bytes on macOS and 107 on Linux, "/.s.PGSQL.5432" included.
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")
# libpq and PostgreSQL split lists of sockets at commas and give the others a meaning too.
NOT_IN_A_SOCKET_PATH = frozenset(',:"\\')
LARGEST_LOG = 1_000_000


@dataclass(frozen=True)
class Home:
    """A cluster's folder and the account that its server runs as."""

    folder: Path
    account: Account

    @classmethod
    def of(cls, folder: Path, account: str | None) -> Home:
        """The home in `folder`, which need not exist yet. Raises ClusterError (choose_account)."""
        return cls(folder, choose_account(account, folder / "postgres"))

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder; it is there only once it is complete."""
        return self.folder / "postgres"

    @property
    def half_made(self) -> Path:
        """Where a data folder is made before it is renamed."""
        return self.folder / "postgres.new"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log" / "postgres.log"

    @property
    def hba(self) -> Path:
        """Who may connect."""
        return self.folder / "pg_hba.conf"

    @property
    def ident(self) -> Path:
        """Which account of the system is which role."""
        return self.folder / "pg_ident.conf"

    @property
    def keep(self) -> Path:
        """Marker: the server goes on when its last user leaves."""
        return self.folder / "keep"

    @property
    def start_lock(self) -> Path:
        """Held while the cluster is made, started or stopped."""
        return self.folder / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by the programs that use the cluster."""
        return self.folder / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the server and each of its processes; free once the last of them is gone."""
        return self.folder / "server.lock"

    @property
    def socket(self) -> Path:
        """Folder of the socket: in the home, or a private one elsewhere where that cannot be."""
        inside = self.folder / "run"
        if _can_hold_a_socket(inside):
            return inside
        base = Path(tempfile.gettempdir())
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if runtime and self.account.is_self and os.access(runtime, os.W_OK | os.X_OK):
            base = Path(runtime)
        name = "scam-atlas-" + hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        if not _can_hold_a_socket(base / name):
            base = Path("/tmp")  # noqa: S108  the folder in it is ours alone, and checked
        return base / name

    @property
    def version(self) -> str | None:
        """Major version of the PostgreSQL that made the data folder."""
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except OSError:
            return None

    def prepare(self) -> None:
        """Make the folder where it is missing, and check that it is ours and the account's to use.

        Raises ClusterError, or OSError where the file system refuses.
        """
        _make(self.folder, 0o700 if self.account.is_self else 0o755)
        found = self.folder.stat()
        if found.st_uid != os.geteuid():
            raise ClusterError(
                f"{self.folder} belongs to user number {found.st_uid}: start the program as that "
                "user, or set SCAM_ATLAS_HOME to a folder of your own."
            )
        if found.st_mode & 0o022:
            raise ClusterError(
                f"Other users can write to {self.folder}: chmod go-w it, so that nobody can "
                "change who may connect."
            )
        if not self.account.is_self:
            self._check_way()
        self.log.parent.mkdir(mode=0o755, exist_ok=True)

    def _check_way(self) -> None:
        if self.account.can_enter(self.folder):
            return
        way = [*reversed(self.folder.parents), self.folder]
        closed = next(each for each in way if not self.account.can_enter(each))
        raise ClusterError(
            f"The account {self.account.name}, which runs PostgreSQL, may not enter {closed}: "
            "chmod o+x it, or set SCAM_ATLAS_HOME to a folder that every user can reach."
        )

    def write_access_rules(self) -> None:
        """Let in only the account that starts the program and the server's own, asked by `peer`."""
        names = {Account.numbered(os.geteuid()).name, self.account.name}
        quoted = ['"' + name.replace('"', '""') + '"' for name in sorted(names)]
        roles = ("scam_atlas", "postgres")
        _write(self.ident, [f"scam_atlas {name} {role}" for name in quoted for role in roles])
        _write(
            self.hba, ["local all scam_atlas,postgres peer map=scam_atlas", "local all all reject"]
        )

    def make_socket_folder(self) -> None:
        """Make the socket's folder. Raises ClusterError if somebody else made one in its place."""
        folder = self.socket
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        ours = found.st_uid in (os.geteuid(), self.account.uid)
        if not stat.S_ISDIR(found.st_mode) or not ours or found.st_mode & 0o077:
            raise ClusterError(
                f"{folder}, where the socket belongs, is not a private folder of "
                f"{self.account.name}: remove it."
            )
        if found.st_uid != self.account.uid:
            os.chown(folder, self.account.uid, self.account.gid)
        for left in folder.glob(".s.PGSQL.*"):
            left.unlink()

    def open_log(self) -> int:
        """Descriptor that appends to the log; a large one is set aside first, over the last."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        return os.open(self.log, flags, 0o644)


@contextmanager
def plainly(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses in a home into a ClusterError that says what to do."""
    try:
        yield
    except OSError as error:
        raise ClusterError(_sentence(error, folder)) from error


def no_space(folder: Path, needed_mb: int = 100) -> str:
    """Say that the disk of this home is full."""
    return (
        f"There is no space left on the disk of {folder} ({free_mb(folder)} MB free, "
        f"{needed_mb} MB needed): free some, or set SCAM_ATLAS_HOME to another disk."
    )


def free_mb(folder: Path) -> int:
    """Space that is left on the folder's file system, in millions of bytes."""
    return shutil.disk_usage(folder).free // 1_000_000


def _sentence(error: OSError, folder: Path) -> str:
    where = error.filename or folder
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(folder)
    if error.errno == errno.EROFS:
        return f"{where} is on a read-only file system: set SCAM_ATLAS_HOME to another folder."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This user may not use {where}: set SCAM_ATLAS_HOME to a folder of your own."
    return f"{where} cannot be used ({error.strerror}): set SCAM_ATLAS_HOME to another folder."


def open_lock(path: Path) -> int:
    """Descriptor of a lock file, which is made where it is missing."""
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if nobody holds it against us."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def held(path: Path, seconds: float) -> Iterator[int]:
    """Hold the lock; give its descriptor. Raises ClusterError if others keep it for `seconds`."""
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + seconds
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"Another program has been starting or stopping PostgreSQL in {path.parent} "
                    f"for {seconds:.0f} s: wait for it, or end it."
                )
            time.sleep(0.01)
        yield descriptor
    finally:
        os.close(descriptor)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock. Writes nothing: a lock file that is missing is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    try:
        return try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def count_holders(path: Path) -> int | None:
    """How many programs share the lock, or None where the system does not tell (no /proc)."""
    try:
        inode = str(path.stat().st_ino)
        lines = Path("/proc/locks").read_text().splitlines()
    except OSError:
        return None
    held_now = [line.split() for line in lines if " FLOCK " in line and "->" not in line]
    return sum(inode == fields[5].rpartition(":")[2] for fields in held_now)


def _can_hold_a_socket(folder: Path) -> bool:
    text = str(folder)
    fits = len(os.fsencode(text)) <= LONGEST_SOCKET_FOLDER
    return fits and text.isprintable() and NOT_IN_A_SOCKET_PATH.isdisjoint(text)


def _make(folder: Path, mode: int) -> None:
    """Make a folder and its parents with this mode, whatever the umask; leave existing ones be."""
    for each in [*reversed(folder.parents), folder]:
        try:
            each.mkdir()
        except FileExistsError:
            continue
        each.chmod(mode)


def _write(path: Path, lines: list[str]) -> None:
    """Replace the file in one step, so that a server never reads half of it."""
    text = "\n".join(lines) + "\n"
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(new, "x", encoding="utf-8") as file:
        file.write(text)
    new.chmod(0o644)
    new.replace(path)
