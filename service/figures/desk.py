"""Takes orders for figures: gives what is kept, else has it drawn, once for all who ask."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from service.figures.asked import AskedFigure
from service.figures.cache import FigureCache
from service.figures.jobs import FigureJob
from service.figures.pool import DrawingPool, PoolLimits
from service.figures.signature import drawing_signature
from service.settings import Settings


@dataclass(slots=True)
class _Flight:
    """A figure that is being made, and how many wait for it."""

    task: asyncio.Task[bytes]
    waiters: int = 0


class FigureDesk:
    """Makes each figure once for all who ask for it at the same time, and keeps it for a while."""

    def __init__(
        self, url: str, pool: DrawingPool, cache: FigureCache, statement_timeout_s: float
    ) -> None:
        self._url = url
        self._statement_timeout_s = statement_timeout_s
        self._pool = pool
        self._cache = cache
        self._flights: dict[str, _Flight] = {}

    async def validator(self, asked: AskedFigure, version: str) -> str:
        """Stands for what the figure is made of: the data, the program, and what is asked."""
        signature = await asyncio.to_thread(drawing_signature)
        made_of = f"{version} {signature} {asked.key}"
        return hashlib.sha256(made_of.encode()).hexdigest()[:20]

    async def file(self, asked: AskedFigure, validator: str) -> bytes:
        """The file of a figure, whose validator it was given.

        Raises TooBusy, FigureTooSlow, FigureNotDrawn, StoreError, and InvalidFilter or NotFound for
        what only the data show to be wrong.
        """
        kept = self._cache.get(validator)
        if kept is not None:
            return kept

        async def make() -> bytes:
            file = await self._made(asked)
            self._cache.put(validator, file)
            return file

        return await self._shared(validator, make)

    async def close(self) -> None:
        """End what is being made, and the processes."""
        for flight in self._flights.values():
            flight.task.cancel()
        await asyncio.gather(
            *(flight.task for flight in self._flights.values()), return_exceptions=True
        )
        await self._pool.close()

    async def _made(self, asked: AskedFigure) -> bytes:
        job = FigureJob(self._url, asked.request, asked.is_pack, self._statement_timeout_s)
        async with self._pool.place() as place:
            return await place.draw(job)

    async def _shared(self, key: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """What `make` makes, once for all who wait; left when the last of them goes away."""
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(make()))
            self._flights[key] = flight
            flight.task.add_done_callback(lambda _: self._land(key, flight))
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if not flight.waiters and not flight.task.done():
                self._land(key, flight)
                flight.task.cancel()

    def _land(self, key: str, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]


def open_desk(settings: Settings, database_url: str) -> FigureDesk:
    """A desk for the service; nothing is started before an order."""
    limits = PoolLimits(
        workers=settings.figure_processes,
        waiting=settings.figure_queue,
        time_limit_s=settings.figure_timeout_s,
        memory_mb=settings.figure_process_mb,
    )
    cache = FigureCache(settings.figure_cache_mb * 1_000_000)
    return FigureDesk(database_url, DrawingPool(limits), cache, settings.statement_timeout_s)
