"""What a server costs while it runs, read from /proc: memory and processor time of its processes.

Where there is no /proc (macOS), nothing is known and the cells of the table stay empty.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

PROC = Path("/proc")
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
SAMPLE_S = 0.1
_LISTENING = "0A"


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for parent in found:
        try:
            threads = list((PROC / str(parent) / "task").iterdir())
            for thread in threads:
                found += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return found


def memory_mb(pid: int) -> float | None:
    """Resident memory of the family, in millions of bytes."""
    total = 0
    for each in family(pid):
        try:
            status = (PROC / str(each) / "status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) * 1024
    return total / 1e6 if total else None


def processor_ms(pid: int) -> float:
    """Time that the family has had the processor, with that of its children that have ended."""
    ticks = 0
    for each in family(pid):
        try:
            fields = (PROC / str(each) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
        if each == pid:
            ticks += int(fields[13]) + int(fields[14])
    return ticks * TICK_MS


def wait_idle(pids: list[int], longest_s: float = 90.0) -> bool:
    """Wait until the families rest: a server goes on with requests whose client has left."""
    deadline = time.monotonic() + longest_s
    step_s = 0.3
    while time.monotonic() < deadline:
        before = sum(processor_ms(pid) for pid in pids)
        time.sleep(step_s)
        if sum(processor_ms(pid) for pid in pids) - before <= 2 * TICK_MS:
            return True
    return False


def listener_pid(port: int) -> int | None:
    """The process that listens on that TCP port, as far as this user may see."""
    sockets = _listening_sockets(port)
    for folder in PROC.glob("[0-9]*/fd"):
        try:
            held = {os.readlink(descriptor) for descriptor in folder.iterdir()}
        except OSError:
            continue
        if held & sockets:
            return int(folder.parent.name)
    return None


def _listening_sockets(port: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


class MemoryWatch:
    """As a context: the most memory that a family had inside it."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most_mb: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        if self._pid is None:
            return
        while True:
            now = memory_mb(self._pid)
            if now is not None:
                self.most_mb = max(now, self.most_mb or 0.0)
            if self._over.wait(SAMPLE_S):
                return
