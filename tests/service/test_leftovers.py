"""What a killed service left in the folder for temporary files."""

from __future__ import annotations

import os
import tempfile
import time

from service.leftovers import PREFIX, remove_leftovers


def test_old_folders_of_downloads_are_removed_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    long_ago = time.time() - 2 * 24 * 60 * 60
    for name in (f"{PREFIX}old", f"{PREFIX}young", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "reports.xlsx").write_text("half of it")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "other")
    for name in (f"{PREFIX}old", "other"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    os.utime(tmp_path / f"{PREFIX}link", (long_ago, long_ago), follow_symlinks=False)
    assert remove_leftovers() == [f"{PREFIX}old"]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{PREFIX}young", f"{PREFIX}link", "other"}
