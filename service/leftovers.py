"""Temporary folders of downloads that a killed service could not remove."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "scam-atlas-file-"
_DAY_S = 24 * 60 * 60


def remove_leftovers(older_than_s: float = _DAY_S) -> list[str]:
    """Remove this account's folders of that age and return their names.

    Another service may be at work in a younger one. A file that is still being sent from an older
    one goes on being sent: what is open stays until it is closed.
    """
    removed = []
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            seen = folder.lstat()
        except OSError:
            continue
        if seen.st_uid != os.getuid() or time.time() - seen.st_mtime < older_than_s:
            continue
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    return removed
