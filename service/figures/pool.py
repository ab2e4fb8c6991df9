"""Processes that draw figures, a few of them, started when there is work and ended after a while.

A figure takes a processor for a second and libraries of 100 MB; here the server neither waits for
the one nor loads the other. Every process is replaced after some figures or when it has grown, so
that no leak of a library adds up, and is killed when a figure takes too long.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from geo.errors import TooBusy
from service.figures.errors import FigureNotDrawn, FigureTooSlow
from service.figures.messages import ANSWER, JOB, MADE, REFUSED, Job, refused

_PROJECT = Path(__file__).parents[2]
_FAREWELL_S = 2
_FIRST_FACTOR = 3
# One thread is faster than many on a machine that also serves, and each takes memory.
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
_log = logging.getLogger("scam_atlas")


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """workers: processes at once. waiting: jobs that wait for one; more are refused.

    time_limit_s: for one job, beyond which its process is killed; the first job of a process, which
    loads libraries, fonts and base map, has three times as long. jobs_each, memory_mb: after how
    many jobs, or above what size, a process is replaced; most_memory_mb: what it can never take.
    idle_s: after how long without work it is ended.
    """

    workers: int = 2
    waiting: int = 8
    time_limit_s: float = 20
    jobs_each: int = 200
    memory_mb: int = 350
    most_memory_mb: int = 1500
    idle_s: float = 300


class _Worker:
    """One process, from the server's side."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self.child = child
        self.jobs = 0
        self.memory = 0
        self.idle_since = 0.0

    @classmethod
    async def start(cls, most_memory_mb: int) -> _Worker:
        paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service.figures.worker", str(most_memory_mb),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )  # fmt: skip
        return cls(child)

    async def run(self, job: bytes) -> tuple[bytes, bytes]:
        """How it went, and the bytes of it. Raises EOFError where the process is gone."""
        pipe, answers = self.child.stdin, self.child.stdout
        assert pipe is not None  # noqa: S101 - asked for at the start
        assert answers is not None  # noqa: S101
        try:
            pipe.write(JOB.pack(len(job)))
            pipe.write(job)
            await pipe.drain()
            how, self.memory, length = ANSWER.unpack(await answers.readexactly(ANSWER.size))
            self.jobs += 1
            return how, await answers.readexactly(length)
        except ConnectionError as error:
            raise EOFError from error

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.child.kill()
        await self.child.wait()

    async def end(self) -> None:
        """Let it go; one that does not go by itself is killed."""
        if self.child.stdin is not None:
            self.child.stdin.close()
        try:
            await asyncio.wait_for(self.child.wait(), _FAREWELL_S)
        except TimeoutError:
            await self.kill()


class DrawingPool:
    """Runs jobs in processes of their own, a bounded number at once and waiting."""

    def __init__(self, limits: PoolLimits) -> None:
        self._limits = limits
        self._room = asyncio.Semaphore(limits.workers)
        self._inside = 0
        self._idle: list[_Worker] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.TimerHandle | None = None
        self._closed = False

    @asynccontextmanager
    async def place(self) -> AsyncIterator[DrawingPlace]:
        """A place to draw one figure, when it is this caller's turn. Raises TooBusy."""
        if self._closed or self._inside >= self._limits.workers + self._limits.waiting:
            raise TooBusy("Too many figures are being drawn; please ask again in a moment")
        self._inside += 1
        try:
            async with self._room:
                yield DrawingPlace(self)
        finally:
            self._inside -= 1

    async def draw(self, job: Job) -> bytes:
        """Run a job, within a place. Raises FigureTooSlow, FigureNotDrawn, and what the job raises.

        Where this is cancelled, the process is killed.
        """
        worker = self._idle.pop() if self._idle else None
        limit_s = self._limits.time_limit_s * (1 if worker else _FIRST_FACTOR)
        try:
            # Starting is part of it, so that a machine that is overloaded refuses in time.
            async with asyncio.timeout(limit_s):
                if worker is None:
                    worker = await _Worker.start(self._limits.most_memory_mb)
                how, content = await worker.run(pickle.dumps(job))
        except TimeoutError as error:
            await self._kill(worker)
            raise FigureTooSlow(
                f"The figure was not ready after {limit_s:g} seconds; a smaller "
                "box, a lower dpi or fewer features may be"
            ) from error
        except (EOFError, OSError) as error:
            await self._kill(worker)
            _log.error("A process that draws ended before its figure was ready")
            raise FigureNotDrawn("The figure could not be drawn; it was logged") from error
        except BaseException:
            await asyncio.shield(self._kill(worker))
            raise
        self._release(worker)
        return _content(how, content)

    async def close(self) -> None:
        """End every process."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        workers, self._idle = self._idle, []
        await asyncio.gather(*(worker.end() for worker in workers), *self._ending)

    @property
    def pids(self) -> list[int]:
        """The processes that wait for work."""
        return [worker.child.pid for worker in self._idle]

    async def _kill(self, worker: _Worker | None) -> None:
        if worker is not None:
            await worker.kill()

    def _release(self, worker: _Worker) -> None:
        worn = worker.jobs >= self._limits.jobs_each
        if worn or worker.memory > self._limits.memory_mb * 1_000_000 or self._closed:
            self._end(worker)
            return
        loop = asyncio.get_running_loop()
        worker.idle_since = loop.time()
        self._idle.append(worker)
        if self._reaper is None:
            self._reaper = loop.call_later(self._limits.idle_s, self._reap)

    def _end(self, worker: _Worker) -> None:
        task = asyncio.get_running_loop().create_task(worker.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _reap(self) -> None:
        """End the processes that have had no work for long."""
        loop = asyncio.get_running_loop()
        self._reaper = None
        oldest = loop.time() - self._limits.idle_s
        for worker in [each for each in self._idle if each.idle_since <= oldest + 0.01]:
            self._idle.remove(worker)
            self._end(worker)
        if self._idle:
            first = min(worker.idle_since for worker in self._idle)
            self._reaper = loop.call_later(first - oldest, self._reap)


@dataclass(frozen=True, slots=True)
class DrawingPlace:
    """The right to draw, held by one caller at a time."""

    pool: DrawingPool

    async def draw(self, job: Job) -> bytes:
        """As DrawingPool.draw."""
        return await self.pool.draw(job)


def _content(how: bytes, content: bytes) -> bytes:
    """What was made. Raises what the process says instead."""
    if how == MADE:
        return content
    if how == REFUSED:
        raise refused(content)
    _log.error("A figure was not drawn: %s", content.decode(errors="replace"))
    raise FigureNotDrawn("The figure could not be drawn; it was logged")
