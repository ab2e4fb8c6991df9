"""What is refused before a server is started, each in a sentence that says what to do."""

import errno
import os
import pwd
import re
import shutil
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from geo.store import cluster, cluster_home, cluster_programs, cluster_server
from geo.store.cluster import Cluster, ClusterError, default_home
from tests.geo.store.cluster.cluster_support import ROOT, by_root

NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Pretend that only these versions of PostgreSQL are installed; none to begin with."""
    monkeypatch.setattr(cluster_programs, "FOLDERS", (f"{tmp_path}/*/bin",))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))

    def install(version, *extensions, server=True, in_path=False):
        folder = tmp_path / version / ("linked" if in_path else "bin")
        share = tmp_path / version / "share" / "extension"
        folder.mkdir(parents=True)
        share.mkdir(parents=True)
        config = folder / "pg_config"
        config.write_text(
            f"#!/bin/sh\necho {folder}; echo {share.parent}; echo PostgreSQL {version}.3\n"
        )
        config.chmod(0o755)
        if server:
            (folder / "postgres").touch()
        for name in extensions:
            (share / f"{name}.control").touch()
        if in_path:
            monkeypatch.setenv("PATH", str(folder))

    install.folder = tmp_path
    return install


ALL = cluster_programs.EXTENSIONS


def test_the_newest_postgresql_with_all_extensions_is_chosen(packages):
    packages("9", *ALL)
    packages("16", *ALL)
    packages("17", "btree_gist")
    assert cluster_programs.choose_programs(None).major == "16"


def test_a_data_folder_gets_the_version_that_made_it(packages):
    packages("14", *ALL)
    packages("16", *ALL)
    assert cluster_programs.choose_programs("14").major == "14"


def test_postgresql_is_found_through_pg_config_in_path_after_the_packages(packages):
    packages("18", *ALL, in_path=True)
    packages("15", *ALL)
    assert [each.major for each in cluster_programs.installed()] == ["15", "18"]


def test_a_client_without_a_server_does_not_count(packages, empty):
    packages("15", *ALL, server=False)
    (packages.folder / "16" / "bin").mkdir(parents=True)
    with pytest.raises(ClusterError, match=r"not installed: install it with PostGIS .*apt-get"):
        Cluster(empty).start()
    assert not (empty / "postgres.new").exists()


def test_postgresql_without_postgis_names_what_is_lacking(packages, empty):
    packages("15", "btree_gist", "unaccent", "pg_trgm")
    with pytest.raises(ClusterError, match=r"lacks postgis: install postgresql-15-postgis-3"):
        Cluster(empty).start()


def test_a_data_folder_of_a_version_that_is_not_installed_names_its_package(home):
    (home / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        ClusterError, match=r"by PostgreSQL 14, .* install postgresql-14-postgis-3, or move"
    ):
        Cluster(home).start()
    assert (home / "postgres" / "base").exists()


def test_files_that_are_no_data_folder_are_left_alone(empty):
    (empty / "postgres").mkdir(parents=True)
    kept = empty / "postgres" / "thesis.txt"
    kept.touch()
    os.chown(kept.parent, cluster_home.Home.of(empty / "x", None).account.uid, -1)
    with pytest.raises(ClusterError, match=r"not a data folder of PostgreSQL: move it away"):
        Cluster(empty).start()
    assert kept.exists()


def test_a_home_that_is_a_file_is_told_as_such(empty):
    empty.parent.joinpath("file").touch()
    with pytest.raises(ClusterError, match=r"file.* cannot be used \(Not a directory\)"):
        Cluster(empty.parent / "file" / "home").start()


def test_what_the_system_forbids_even_to_the_owner_is_told_as_such(empty):
    with pytest.raises(ClusterError, match=r"may not use x: set"), cluster_home.plainly(empty):
        raise PermissionError(errno.EPERM, "Operation not permitted", "x")


def test_a_disk_that_fills_while_the_folder_is_made_is_told_as_such(empty):
    empty.mkdir()
    with pytest.raises(ClusterError, match=r"no space left"), cluster_home.plainly(empty):
        Path("/dev/full").write_text("x")


def test_a_home_that_others_can_write_to_is_refused(empty):
    empty.mkdir()
    empty.chmod(0o777)
    with pytest.raises(ClusterError, match=r"chmod go-w"):
        Cluster(empty).start()
    empty.chmod(0o755)


@by_root
def test_a_home_of_another_user_is_refused(empty):
    empty.mkdir()
    os.chown(empty, NOBODY.pw_uid, NOBODY.pw_gid)
    with pytest.raises(ClusterError, match=rf"belongs to user number {NOBODY.pw_uid}"):
        Cluster(empty).start()
    os.chown(empty, 0, 0)


@by_root
def test_a_parent_folder_that_the_server_may_not_enter_is_named(empty):
    empty.parent.chmod(0o700)
    with pytest.raises(ClusterError, match=rf"may not enter {re.escape(str(empty.parent))}: chmod"):
        Cluster(empty).start()


@by_root
def test_a_user_without_rights_to_the_home_is_told_so(empty, program):
    empty.mkdir()
    assert program(empty, "nobody").heard().startswith(f"failed {empty} belongs to user number 0")
    inside = empty / "mine"
    assert program(inside, "nobody").heard().startswith(f"failed This user may not use {inside}")


def test_a_start_that_another_program_never_ends_is_waited_for_no_longer(empty, monkeypatch):
    monkeypatch.setattr(cluster, "OTHERS_S", 0.05)
    empty.mkdir()
    with (
        cluster_home.held(empty / "start.lock", 0),
        pytest.raises(ClusterError, match=r"Another program has been starting"),
    ):
        Cluster(empty).start()


def test_the_default_home_is_one_that_the_server_can_enter(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_home() == Path("/var/lib/scam-atlas")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_home().name == "scam-atlas"
    assert default_home().is_relative_to(Path.home())


# --- The account


@by_root
def test_root_hands_the_server_to_postgres_or_to_nobody(empty, monkeypatch):
    choose = cluster_programs.choose_account
    assert choose(None, empty).name == "postgres"
    assert choose("nobody", empty).name == "nobody"
    known = pwd.getpwnam
    monkeypatch.setattr(pwd, "getpwnam", lambda name: known(name if name == "nobody" else "?"))
    assert choose(None, empty).name == "nobody"
    monkeypatch.setattr(pwd, "getpwnam", lambda _: known("?"))
    with pytest.raises(ClusterError, match=r"no account postgres or nobody"):
        choose(None, empty)


@by_root
def test_the_owner_of_the_data_goes_on_running_them(empty):
    empty.mkdir()
    os.chown(empty, NOBODY.pw_uid, -1)
    assert cluster_programs.choose_account(None, empty).name == "nobody"
    with pytest.raises(ClusterError, match=r"chown -R postgres it"):
        cluster_programs.choose_account("postgres", empty)
    os.chown(empty, 4_000_000, -1)
    with pytest.raises(ClusterError, match=r"4000000 has no name"):
        cluster_programs.choose_account(None, empty)
    os.chown(empty, 0, 0)


def test_who_is_not_root_runs_the_server_in_a_folder_closed_to_others(empty, monkeypatch):
    mine = cluster_programs.Account.numbered(os.geteuid())
    cluster_home.Home(empty, mine).prepare()
    assert empty.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY.pw_uid)
    assert cluster_programs.choose_account(None, empty / "postgres").name == "nobody"


def test_an_account_that_cannot_run_the_server_is_refused(empty, monkeypatch):
    if ROOT:
        with pytest.raises(ClusterError, match=r"does not run as root"):
            Cluster(empty, account="root").start()
        with pytest.raises(ClusterError, match=r"no account nemo"):
            Cluster(empty, account="nemo").start()
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY.pw_uid)
    with pytest.raises(ClusterError, match=r"Only root can run PostgreSQL as postgres"):
        Cluster(empty, account="postgres").start()


# --- The socket's folder


@pytest.fixture
def temporary(monkeypatch):
    """The folder for temporary files; pytest's own has too long a name for sockets."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def far(empty, temporary, monkeypatch):
    """A home whose path is too long for a socket, and no XDG_RUNTIME_DIR."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return cluster_home.Home.of(empty / ("long" * 60), None)


def test_a_long_home_has_its_socket_in_the_folder_for_temporary_files(far, temporary, monkeypatch):
    assert far.socket.parent == temporary
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / ("long" * 60)))
    assert far.socket.parent == Path("/tmp")


def test_a_user_who_has_one_has_the_socket_in_the_runtime_folder(far, temporary, monkeypatch):
    runtime = Path(tempfile.mkdtemp(dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    mine = cluster_home.Home(far.folder, cluster_programs.Account.numbered(os.geteuid()))
    assert mine.socket.parent == runtime
    runtime.rmdir()
    assert mine.socket.parent == temporary


@by_root
@pytest.mark.parametrize("plant", ["another's folder", "an open folder", "a link", "a file"])
def test_a_socket_folder_that_somebody_planted_is_refused(far, plant, temporary):
    if plant == "a link":
        (temporary / "elsewhere").mkdir(mode=0o700)
        far.socket.symlink_to(temporary / "elsewhere")
    elif plant == "a file":
        far.socket.touch(0o600)
    else:
        far.socket.mkdir(mode=0o700)
    if plant == "another's folder":
        os.chown(far.socket, NOBODY.pw_uid, NOBODY.pw_gid)
    if plant == "an open folder":
        far.socket.chmod(0o755)
    with pytest.raises(ClusterError, match=r"is not a private folder of .*: remove it"):
        far.make_socket_folder()


def test_a_socket_folder_of_our_own_is_used_again_and_emptied_of_what_is_stale(far):
    far.make_socket_folder()
    (far.socket / ".s.PGSQL.5432.lock").touch()
    far.make_socket_folder()
    assert list(far.socket.iterdir()) == []
    assert far.socket.stat().st_uid == far.account.uid


# --- Where a system differs


def test_a_system_without_the_locale_gets_plain_c(empty, monkeypatch):
    run = cluster_server.run
    asked = []

    def without_utf8(arguments, *rest):
        asked.append(arguments[-1])
        changed = [each.replace("C.UTF-8", "xx_XX.UTF-8") for each in arguments]
        return run(changed, *rest)

    monkeypatch.setattr(cluster_server, "run", without_utf8)
    with Cluster(empty, durable=False):
        assert asked == ["--locale=C.UTF-8", "--locale=C"]


def test_a_server_is_known_by_ps_where_there_is_no_proc(empty, monkeypatch):
    pretend = {"7": "/opt/postgresql@17/bin/postgres -D /Users/x/y -c port=5432", "8": "vim"}
    monkeypatch.setattr(cluster_server, "PROC", empty / "proc")
    monkeypatch.setattr(
        cluster_server, "run", lambda ps: CompletedProcess(ps, 0, pretend.get(ps[-1], ""))
    )
    home = cluster_home.Home.of(empty, None)
    assert [cluster_server._is_server(pid, home) for pid in (7, 8, 9)] == [True, False, False]


def test_users_are_not_counted_where_the_system_does_not_tell(empty):
    assert cluster_home.count_holders(empty / "no such lock") is None


def test_names_of_accounts_are_quoted_in_the_map(empty, monkeypatch):
    empty.mkdir()
    odd = cluster_programs.Account('an "odd" name', os.geteuid(), os.getegid())
    monkeypatch.setattr(cluster_programs.Account, "numbered", lambda _: odd)
    cluster_home.Home(empty, odd).write_access_rules()
    assert 'scam_atlas "an ""odd"" name" scam_atlas' in (empty / "pg_ident.conf").read_text()
    assert "trust" not in (empty / "pg_hba.conf").read_text()
