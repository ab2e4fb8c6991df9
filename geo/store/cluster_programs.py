"""The PostgreSQL programs of this machine: found, chosen, run by an unprivileged account."""

from __future__ import annotations

import glob
import grp
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ClusterError

EXTENSIONS = ("postgis", "btree_gist", "unaccent", "pg_trgm")
FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",  # Homebrew does not link a versioned PostgreSQL into PATH
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Account:
    """An account of the operating system, by name and number."""

    name: str
    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """Whether this program runs as it already."""
        return self.uid == os.geteuid()

    def can_enter(self, folder: Path) -> bool:
        """Ask the kernel, as this account, whether files in `folder` can be reached."""
        return run([shutil.which("test") or "/bin/test", "-x", str(folder)], self).returncode == 0

    @classmethod
    def numbered(cls, uid: int) -> Account:
        """The account with this number. Raises ClusterError if it has no name."""
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise ClusterError(
                f"User number {uid} has no name on this system and PostgreSQL needs one: "
                "add the user to /etc/passwd, or run the program as another."
            ) from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @classmethod
    def named(cls, name: str) -> Account:
        """The account with this name. Raises ClusterError if there is none."""
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise ClusterError(
                f"There is no account {name} to run PostgreSQL as: add it, or name another."
            ) from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


def choose_account(wanted: str | None, data: Path) -> Account:
    """Account that the server runs as: the caller's own or, for root, an unprivileged one.

    wanted: a name, or None for the owner of `data` where it exists, else `postgres` or `nobody`.
    Raises ClusterError if the account is missing, is root, or does not own an existing `data`.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        account = Account.numbered(os.geteuid())
        if wanted not in (None, account.name):
            raise ClusterError(
                f"Only root can run PostgreSQL as {wanted}: leave the account out, or start as it."
            )
    elif wanted:
        account = Account.named(wanted)
    elif owner:
        account = Account.numbered(owner)
    else:
        account = _unprivileged()
    if account.uid == 0:
        raise ClusterError("PostgreSQL does not run as root: name an unprivileged account.")
    if owner not in (None, account.uid):
        raise ClusterError(
            f"{data} belongs to user number {owner}, not to {account.name} who runs PostgreSQL: "
            f"chown -R {account.name} it, or move it away and the dossier is loaded anew."
        )
    return account


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        try:
            return Account.named(name)
        except ClusterError:
            continue
    raise ClusterError("There is no account postgres or nobody to run PostgreSQL as: add one.")


@dataclass(frozen=True)
class Programs:
    """One installed PostgreSQL."""

    folder: Path
    major: str
    missing: tuple[str, ...]  # the EXTENSIONS that are not installed for it

    def path(self, name: str) -> str:
        """Path of one of its programs."""
        return str(self.folder / name)


def installed() -> list[Programs]:
    """Every PostgreSQL server found: the packages' folders newest first, then the one in PATH."""
    folders = [Path(found) for pattern in FOLDERS for found in glob.glob(pattern)]
    folders.sort(key=_numbers_in, reverse=True)
    found = [programs for folder in folders if (programs := _look_into(folder / "pg_config"))]
    in_path = shutil.which("pg_config")
    extra = _look_into(Path(in_path)) if in_path else None
    if extra and all(extra.folder.resolve() != each.folder.resolve() for each in found):
        found.append(extra)
    return found


def choose_programs(version: str | None) -> Programs:
    """PostgreSQL with PostGIS: of this major version, or the first found where that is None.

    Raises ClusterError if there is none, with the package that would help.
    """
    found = installed()
    if not found:
        raise ClusterError(
            "PostgreSQL is not installed: install it with PostGIS (Debian: apt-get install "
            f"postgresql-{version or '15'}-postgis-3; macOS: brew install postgresql@17 postgis), "
            "or set SCAM_ATLAS_DATABASE_URL."
        )
    fitting = [each for each in found if version in (None, each.major)]
    if not fitting:
        raise ClusterError(
            f"The data folder was made by PostgreSQL {version}, which is not installed: install "
            f"postgresql-{version}-postgis-3, or move the folder away and the dossier is loaded "
            "anew."
        )
    best = min(fitting, key=lambda each: bool(each.missing))
    if best.missing:
        raise ClusterError(
            f"PostgreSQL {best.major} in {best.folder} lacks {', '.join(best.missing)}: install "
            f"postgresql-{best.major}-postgis-3 and the contributed modules, or set "
            "SCAM_ATLAS_DATABASE_URL."
        )
    return best


def _look_into(pg_config: Path) -> Programs | None:
    """None where `pg_config` belongs to a client or a development package only."""
    try:
        answer = run([str(pg_config), "--bindir", "--sharedir", "--version"]).stdout.splitlines()
    except OSError:
        return None
    major = re.search(r"\d+", answer[2]) if len(answer) == 3 else None
    if major is None or not (Path(answer[0]) / "postgres").exists():
        return None
    extensions = Path(answer[1]) / "extension"
    missing = tuple(each for each in EXTENSIONS if not (extensions / f"{each}.control").exists())
    return Programs(Path(answer[0]), major[0], missing)


def _numbers_in(folder: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", str(folder)))


def run(
    arguments: list[str], account: Account | None = None, hold: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and give what it said.

    account: run as it, where that is not this program's own. hold: descriptors that it inherits.
    """
    other = None if account is None or account.is_self else account
    return subprocess.run(  # noqa: S603  no shell, and the arguments are ours
        arguments,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        stdin=subprocess.DEVNULL,
        env=environment(),
        pass_fds=hold,
        umask=0o077,
        user=other.uid if other else None,
        group=other.gid if other else None,
        extra_groups=_groups(other) if other else None,
    )


def spawn(
    arguments: list[str], account: Account, log: int, hold: int, env: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C in our terminal does not reach it."""
    other = None if account.is_self else account
    return subprocess.Popen(  # noqa: S603  no shell, and the arguments are ours
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=environment() | env,
        pass_fds=(hold,),
        start_new_session=True,
        umask=0o077,
        user=other.uid if other else None,
        group=other.gid if other else None,
        extra_groups=_groups(other) if other else None,
    )


def environment() -> dict[str, str]:
    """What PostgreSQL's programs see: no PG* of the caller's, no PROJ or GDAL folder of a venv."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _groups(account: Account) -> list[int]:
    return [each.gr_gid for each in grp.getgrall() if account.name in each.gr_mem]
