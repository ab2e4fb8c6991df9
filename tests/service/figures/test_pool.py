from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InvalidFilter, InvalidValue, TooBusy
from service.figures.errors import FigureNotDrawn, FigureTooSlow
from service.figures.messages import Job
from service.figures.pool import DrawingPool, PoolLimits
from tests.service.figures.jobs import Die, Print, Refuse, Sleep, Take, Who


def with_pool(work: Callable[[DrawingPool], Awaitable[Any]], **limits: Any) -> Any:
    """Run the work with a pool of its own, which is closed after it."""

    async def run() -> Any:
        pool = DrawingPool(PoolLimits(**{"workers": 1, **limits}))
        try:
            return await asyncio.wait_for(work(pool), 30)
        finally:
            await pool.close()
            assert pool.pids == []

    return asyncio.run(run())


async def drawn(pool: DrawingPool, job: Job) -> bytes:
    async with pool.place() as place:
        return await place.draw(job)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def ends(pid: int, within_s: float = 10) -> bool:
    deadline = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    return not alive(pid)


async def mark_made(mark: Path) -> int:
    """The process that has begun with the job."""
    while not mark.exists() or not mark.read_text():
        await asyncio.sleep(0.02)
    return int(mark.read_text())


def test_figures_are_drawn_one_after_the_other_by_a_process_of_their_own():
    async def work(pool: DrawingPool) -> None:
        first, second = await drawn(pool, Who()), await drawn(pool, Who())
        assert first == second != str(os.getpid()).encode()
        assert pool.pids == [int(first)]

    with_pool(work)


def test_what_is_beyond_the_queue_is_refused_at_once_and_what_is_in_it_is_drawn():
    async def work(pool: DrawingPool) -> None:
        calls = [asyncio.create_task(drawn(pool, Sleep(0.2))) for _ in range(3)]
        await asyncio.sleep(0)
        began = time.monotonic()
        with pytest.raises(TooBusy, match="Too many figures"):
            await drawn(pool, Who())
        assert time.monotonic() - began < 0.1
        assert await asyncio.gather(*calls) == [b"slept"] * 3
        assert await drawn(pool, Who())

    with_pool(work, waiting=2)


def test_a_figure_that_takes_too_long_is_stopped_and_the_next_is_drawn(tmp_path):
    async def work(pool: DrawingPool) -> None:
        await drawn(pool, Who())  # started, so that the limit is for the figure alone
        began = time.monotonic()
        with pytest.raises(FigureTooSlow, match=r"after 1 seconds.*smaller"):
            await drawn(pool, Sleep(60, str(tmp_path / "mark")))
        assert time.monotonic() - began < 5
        assert await ends(await mark_made(tmp_path / "mark"))
        assert await drawn(pool, Sleep(0)) == b"slept"

    with_pool(work, time_limit_s=1)


def test_a_caller_who_goes_away_takes_the_work_along(tmp_path):
    async def work(pool: DrawingPool) -> None:
        call = asyncio.create_task(drawn(pool, Sleep(60, str(tmp_path / "mark"))))
        pid = await mark_made(tmp_path / "mark")
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await ends(pid)
        assert await drawn(pool, Sleep(0)) == b"slept"

    with_pool(work)


def test_a_process_that_crashes_fails_one_figure_only():
    async def work(pool: DrawingPool) -> None:
        before = int(await drawn(pool, Who()))
        with pytest.raises(FigureNotDrawn):
            await drawn(pool, Die())
        after = int(await drawn(pool, Who()))
        assert after != before

    with_pool(work)


def test_a_fault_of_ours_is_logged_and_not_told(caplog):
    async def work(pool: DrawingPool) -> None:
        with pytest.raises(FigureNotDrawn) as caught:
            await drawn(pool, Print(fail=True))
        assert "ZeroDivision" not in str(caught.value)
        assert "a fault of ours" in caplog.text

    with_pool(work)


def test_what_libraries_print_is_no_part_of_a_figure():
    async def work(pool: DrawingPool) -> None:
        assert await drawn(pool, Print()) == b"done"

    with_pool(work)


def test_a_refusal_keeps_the_name_of_its_parameter():
    async def work(pool: DrawingPool) -> None:
        with pytest.raises(InvalidFilter) as caught:
            await drawn(pool, Refuse("dpi"))
        assert caught.value.parameter == "dpi"
        with pytest.raises(InvalidValue, match="not so"):
            await drawn(pool, Refuse())

    with_pool(work)


def test_a_process_is_replaced_after_some_figures():
    async def work(pool: DrawingPool) -> None:
        pids = [int(await drawn(pool, Who())) for _ in range(4)]
        assert pids[0] == pids[1] != pids[2] == pids[3]
        assert await ends(pids[0])

    with_pool(work, jobs_each=2)


def test_a_process_that_has_grown_is_replaced():
    async def work(pool: DrawingPool) -> None:
        large = int(await drawn(pool, Take(150, keep=True)))
        assert int(await drawn(pool, Who())) != large
        assert await ends(large)

    with_pool(work, memory_mb=100)


def test_a_process_cannot_take_all_memory():
    async def work(pool: DrawingPool) -> None:
        with pytest.raises(FigureNotDrawn):
            await drawn(pool, Take(800))
        assert await drawn(pool, Take(50))

    with_pool(work, most_memory_mb=400)


def test_processes_without_work_end():
    async def work(pool: DrawingPool) -> None:
        pid = int(await drawn(pool, Who()))
        assert await ends(pid)
        assert pool.pids == []
        assert int(await drawn(pool, Who())) != pid

    with_pool(work, idle_s=0.1)


def test_a_closed_pool_leaves_no_process_and_takes_no_work():
    async def work(pool: DrawingPool) -> None:
        pid = int(await drawn(pool, Who()))
        await pool.close()
        assert not alive(pid)
        with pytest.raises(TooBusy):
            await drawn(pool, Who())

    with_pool(work)
