"""Runs the SELECTs of layers.queries for the HTTP routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.errors import NotFound, StoreError
from geo.store.database import check_schema, store_errors
from layers.catalog import Layer
from layers.queries import (
    ItemsFilter,
    select_days_reported,
    select_extent,
    select_features,
    select_filtered_page,
    select_item,
    select_newest_load,
    select_page,
)


class Reader:
    """Reads from a pool of connections that cannot write; every fault is an error of geo.errors."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(
        self, layer: Layer, asked: ItemsFilter, limit: int, after: str | None
    ) -> tuple[str, int, int, str | None]:
        """Features' text, number returned, number matched, id to go on after (None = last)."""
        row = await self._one(select_page(layer, asked, limit=limit, after=after))
        return row[0] or "", row[1], row[2], row[3]

    async def filtered_page(
        self, layer: Layer, asked: ItemsFilter, limit: int, after: int
    ) -> list[dict[str, Any]]:
        """Rows of a page that a filter leaves, as the hot reads have them: features as bytes."""
        statement = select_filtered_page(layer, asked, limit=limit, after=after)
        with store_errors():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(statement)).mappings().all()
        return [
            {**row, "feature": None if row["feature"] is None else row["feature"].encode()}
            for row in rows
        ]

    async def item(self, layer: Layer, item_id: str, asked: ItemsFilter) -> str:
        """One feature's text. Raises NotFound."""
        row = await self._first(select_item(layer, item_id, asked))
        if row is None:
            raise NotFound(f"There is no feature {item_id[:100]!r} in {layer.id}")
        return str(row[0])

    async def extent(self, layer: Layer) -> tuple[str | None, date | None, date | None]:
        """Box as GeoJSON text, first and last possible day."""
        row = await self._one(select_extent(layer))
        return row[0], row[1], row[2]

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

    async def check_ready(self) -> None:
        """Raise DatabaseUnavailable, SchemaOutdated or StoreError unless all is right."""
        with store_errors():
            async with self._engine.connect() as connection:
                await connection.run_sync(check_schema)
        await self.newest_load()

    async def features(self, layer: Layer, asked: ItemsFilter) -> AsyncGenerator[str, None]:
        """Every feature that matches, streamed through a cursor of the database."""
        with store_errors():
            async with self._engine.connect() as connection:
                result = await connection.stream(select_features(layer, asked))
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
