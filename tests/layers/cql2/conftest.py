"""The table of places.py in a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.store.cluster import Cluster
from geo.store.database import open_async_engine, open_engine, scratch_database
from layers.cql2 import FilterLang
from tests.layers.cql2.places import PLACES, ROWS, Find, as_json, asked


@pytest.fixture(scope="session")
def places_url(cluster: Cluster) -> Iterator[str]:
    with scratch_database(cluster.url) as url:
        with open_engine(url).begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
            PLACES.create(connection)
            connection.exec_driver_sql(ROWS.replace("%", "%%"))
        yield url


@pytest.fixture(scope="session")
def connection(places_url: str) -> Iterator[Connection]:
    engine = open_engine(places_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def service_engine(places_url: str) -> Iterator[tuple[AsyncEngine, asyncio.Runner]]:
    """The engine that the service has, with asyncpg, and a loop to run it in."""
    with asyncio.Runner() as runner:
        engine = open_async_engine(places_url, pool_size=1, pool_timeout_s=5, statement_timeout_s=9)
        yield engine, runner
        runner.run(engine.dispose())


@pytest.fixture(scope="session")
def find(connection: Connection, service_engine: tuple[AsyncEngine, asyncio.Runner]) -> Find:
    """The ids that a filter selects, in one word; the same as JSON and by the other driver."""
    engine, runner = service_engine

    async def by_asyncpg(statement: Select[tuple[str]]) -> str:
        async with engine.connect() as async_connection:
            return "".join((await async_connection.scalars(statement)).all())

    def found(filter_text: str) -> str:
        by_text = "".join(connection.scalars(asked(filter_text)).all())
        in_json = asked(as_json(filter_text), FilterLang.JSON)
        assert "".join(connection.scalars(in_json).all()) == by_text
        assert runner.run(by_asyncpg(asked(filter_text))) == by_text
        return by_text

    return found
