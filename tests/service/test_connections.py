"""The few connections of hot reads: they queue, refuse, and never hand on a broken one."""

from __future__ import annotations

import asyncio

import pytest

from geo.errors import DatabaseUnavailable, QueryTooSlow
from layers.pages import Statement
from service.light.connections import Connections
from tests.waiting import wait_for

ONE = Statement("SELECT 1", ())
SLEEP = Statement("SELECT pg_sleep(0.4)", ())


def pool(url: str, size: int = 2, wait_s: float = 5, statement_timeout_s: float = 5) -> Connections:
    return Connections(url, size=size, wait_s=wait_s, statement_timeout_s=statement_timeout_s)


def test_more_callers_than_connections_are_served_one_after_the_other(database_url):
    async def ask():
        connections = pool(database_url)
        rows = await asyncio.gather(*(connections.fetch(ONE) for _ in range(50)))
        opened = connections.opened
        await connections.close()
        return rows, opened

    rows, opened = wait_for(ask())
    assert [row[0][0] for row in rows] == [1] * 50
    assert opened == 2


def test_a_caller_that_waits_too_long_is_refused(database_url):
    async def ask():
        connections = pool(database_url, size=1, wait_s=0.1)
        busy = asyncio.create_task(connections.fetch(SLEEP))
        await asyncio.sleep(0.05)
        with pytest.raises(DatabaseUnavailable, match="busy"):
            await connections.fetch(ONE)
        await busy
        assert (await connections.fetch(ONE))[0][0] == 1
        await connections.close()

    wait_for(ask())


def test_a_statement_at_its_limit_is_stopped_and_its_connection_replaced(database_url):
    async def ask():
        connections = pool(database_url, size=1, statement_timeout_s=0.1)
        with pytest.raises(QueryTooSlow):
            await connections.fetch(SLEEP)
        assert (await connections.fetch(ONE))[0][0] == 1
        assert connections.opened == 1
        await connections.close()

    wait_for(ask())


def test_a_cancelled_caller_leaves_its_place_to_the_next(database_url):
    async def ask():
        connections = pool(database_url, size=1)
        for _ in range(5):
            task = asyncio.create_task(connections.fetch(SLEEP))
            await asyncio.sleep(0.02)
            waiting = asyncio.create_task(connections.fetch(ONE))
            await asyncio.sleep(0.02)
            task.cancel()
            assert (await waiting)[0][0] == 1
        assert connections.opened == 1
        await connections.close()

    wait_for(ask())


def test_connections_cut_by_the_server_are_replaced_unseen(database_url):
    kill = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name = 'scam-atlas' AND query = 'SELECT 1'"
    )

    async def ask():
        connections = pool(database_url, size=3)
        await asyncio.gather(*(connections.fetch(SLEEP) for _ in range(3)))
        await asyncio.gather(*(connections.fetch(ONE) for _ in range(3)))
        other = pool(database_url, size=1)
        await other.fetch(Statement(kill, ()))
        rows = await asyncio.gather(*(connections.fetch(ONE) for _ in range(6)))
        await connections.close()
        await other.close()
        return rows

    assert [row[0][0] for row in wait_for(ask())] == [1] * 6
