"""The process that draws: `python -m service.figures.worker`, one job after the other.

Started by service.figures.pool, it ends when its standard input does.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import traceback
from typing import BinaryIO

from geo.errors import ScamAtlasError
from service.figures.messages import ANSWER, FAILED, JOB, MADE, REFUSED, Job, refusal

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
NICENESS = 10
"""The server and its database go first."""


def main(arguments: list[str]) -> int:
    """Draw until there is nothing more to do. arguments: the most memory it may take, in MB."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends us
    most = int(arguments[0]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    jobs, answers = sys.stdin.buffer, _answers()
    while head := jobs.read(JOB.size):
        (length,) = JOB.unpack(head)
        how, content = _run(jobs.read(length))
        answers.write(ANSWER.pack(how, _memory_taken(), len(content)))
        answers.write(content)
        answers.flush()
    return 0


def _answers() -> BinaryIO:
    """The pipe of standard output for answers alone; what a library prints goes to the log."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def _run(pickled: bytes) -> tuple[bytes, bytes]:
    try:
        job: Job = pickle.loads(pickled)  # noqa: S301 - from our own server
        return MADE, job.run()
    except ScamAtlasError as error:
        told = refusal(error)
        return (REFUSED, told) if told else (FAILED, str(error).encode())
    except MemoryError:
        return FAILED, b"It would take more memory than it may"
    except Exception:
        return FAILED, traceback.format_exc().encode(errors="replace")


def _memory_taken() -> int:
    """Bytes of real memory, what is shared with other processes included."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * _PAGE_BYTES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
