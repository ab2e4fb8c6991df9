from __future__ import annotations

import asyncio
import itertools

import pytest

from geo.errors import TooBusy
from service.figures.asked import read_asked
from service.figures.cache import FigureCache
from service.figures.desk import FigureDesk
from service.figures.pool import DrawingPool, PoolLimits

ASKED = read_asked("myawaddy", "svg", {"datetime": "2025-03-10", "size": "a5"})


def with_desk(url: str, work, cache_bytes: int = 10_000_000, **limits: float) -> None:
    async def run() -> None:
        pool = DrawingPool(PoolLimits(**{"workers": 1, "waiting": 0, "time_limit_s": 60, **limits}))
        desk = FigureDesk(url, pool, FigureCache(cache_bytes), 20)
        try:
            await work(desk, pool)
        finally:
            await desk.close()

    asyncio.run(run())


def test_a_figure_is_kept_for_who_asks_next(database_url):
    async def work(desk, pool):
        drawn = await desk.file(ASKED, "a-validator")
        await pool.close()  # nothing more can be drawn
        assert await desk.file(ASKED, "a-validator") is drawn
        with pytest.raises(TooBusy):
            await desk.file(ASKED, "of-newer-data")

    with_desk(database_url, work)


def test_a_figure_is_made_once_for_all_and_left_when_nobody_waits(database_url):
    async def work(desk, pool):
        calls = [asyncio.create_task(desk.file(ASKED, "same")) for _ in range(3)]
        await asyncio.sleep(0.05)
        calls[0].cancel()
        assert await calls[1] is await calls[2]
        alone = asyncio.create_task(desk.file(ASKED, "other"))
        await asyncio.sleep(0.05)
        alone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await alone
        for _ in itertools.count():  # its place is free as soon as its process has gone
            try:
                assert await desk.file(ASKED, "third") == await calls[1]
                break
            except TooBusy:
                await asyncio.sleep(0.02)

    with_desk(database_url, work)


def test_the_validator_is_that_of_the_data_and_of_the_query(database_url):
    other = read_asked("myawaddy", "svg", {"datetime": "2025-03-11", "size": "a5"})
    same = read_asked("myawaddy", "svg", {"size": "A5", "at": "2025-03-10"})
    pdf = read_asked("myawaddy", "pdf", {"datetime": "2025-03-10", "size": "a5"})

    async def work(desk, pool):
        first = await desk.validator(ASKED, "1-abc")
        assert first == await desk.validator(same, "1-abc")
        others = [(other, "1-abc"), (pdf, "1-abc"), (ASKED, "2-abc")]
        assert len({first, *[await desk.validator(*each) for each in others]}) == 4

    with_desk(database_url, work)


def test_the_cache_holds_no_more_than_it_may_and_lets_go_of_the_oldest():
    cache = FigureCache(100)
    for number in range(10):
        cache.put(str(number), bytes(20))
        assert cache.get("0") is not None or number > 4
        assert len(cache) <= 100
    assert cache.get("9") is not None
    assert cache.get("4") is None
    cache.put("large", bytes(30))
    assert cache.get("large") is None
    assert len(FigureCache(0)) == 0


def test_the_figure_asked_for_lately_stays():
    cache = FigureCache(100)
    for number in range(12):
        cache.put(str(number), bytes(25))
        assert cache.get("0") is not None
