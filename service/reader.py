"""Runs the SELECTs of layers.queries for the HTTP routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.errors import StoreError
from geo.store.database import asked_errors, check_schema, store_errors
from layers.catalog import Layer
from layers.listing import select_listed
from layers.queries import (
    select_days_reported,
    select_extent,
    select_features,
    select_item,
    select_newest_load,
    select_sites_held,
)
from layers.selection import AS_STORED, ItemsFilter, PageRequest, View


class Reader:
    """Reads from a pool of connections that cannot write; every fault is an error of geo.errors."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def listed(self, layer: Layer, page: PageRequest) -> list[dict[str, Any]]:
        """Rows of layers.listing.select_listed, features as bytes."""
        with asked_errors():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(select_listed(layer, page))).mappings().all()
        return [
            {**row, "feature": None if row["feature"] is None else row["feature"].encode()}
            for row in rows
        ]

    async def rows(self, statement: Executable) -> Sequence[Any]:
        """All rows of a statement of layers."""
        with asked_errors():
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).all()

    async def item(
        self, layer: Layer, item_id: str, asked: ItemsFilter, view: View
    ) -> bytes | None:
        """One feature's text; None where there is no such one."""
        row = await self._first(select_item(layer, item_id, asked, view))
        return None if row is None else str(row[0]).encode()

    async def extent(
        self, layer: Layer
    ) -> tuple[tuple[float, float, float, float] | None, date | None, date | None]:
        """West, south, east, north; first and last possible day."""
        row = await self._one(select_extent(layer))
        return None if row[0] is None else tuple(row[:4]), row[4], row[5]

    async def newest_load(self) -> tuple[date, str]:
        """As-of day and hash of the data. Raises StoreError before the first load."""
        row = await self._first(select_newest_load())
        if row is None:
            raise StoreError("No dossier has been loaded: run `scam-atlas load`")
        return row[0], row[1]

    async def days_reported(self) -> tuple[date | None, date | None]:
        """The first day of the oldest and of the newest report."""
        row = await self._one(select_days_reported())
        return row[0], row[1]

    async def sites_held(self) -> int:
        """How many sites there are."""
        return int((await self._one(select_sites_held()))[0])

    async def check_ready(self) -> None:
        """Raise DatabaseUnavailable, SchemaOutdated or StoreError unless all is right."""
        with store_errors():
            async with self._engine.connect() as connection:
                await connection.run_sync(check_schema)
        await self.newest_load()

    async def features(
        self, layer: Layer, asked: ItemsFilter, view: View = AS_STORED
    ) -> AsyncGenerator[str, None]:
        """Every feature that matches, streamed through a cursor of the database."""
        with asked_errors():
            async with self._engine.connect() as connection:
                result = await connection.stream(select_features(layer, asked, view))
                async for feature in result.scalars():
                    yield feature

    async def _one(self, statement: Executable) -> Any:
        with store_errors():
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).one()

    async def _first(self, statement: Executable) -> Any:
        with store_errors():
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).first()


def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    return reader


ReaderDep = Annotated[Reader, Depends(_reader)]
