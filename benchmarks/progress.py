"""Lines that tell how far a long run is; results go to stdout, these do not."""

from __future__ import annotations

import sys
import time

_STARTED = time.monotonic()


def say(what: str) -> None:
    """One line on stderr, with the minutes and seconds since the start."""
    minutes, seconds = divmod(int(time.monotonic() - _STARTED), 60)
    print(f"[{minutes:02d}:{seconds:02d}] {what}", file=sys.stderr, flush=True)
