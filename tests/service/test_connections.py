"""The few connections of hot reads: they queue, refuse, and never hand on a broken one."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from geo.errors import DatabaseUnavailable, QueryTooSlow, TooBusy
from layers.pages import Statement
from service.light.connections import Connections
from tests.waiting import wait_for

ONE = Statement("SELECT 1", ())
SLEEP = Statement("SELECT pg_sleep(0.4)", ())


def pool(
    url: str, size: int = 2, wait_s: float = 5, statement_timeout_s: float = 5, queue: int = 100
) -> Connections:
    return Connections(
        url, size=size, wait_s=wait_s, statement_timeout_s=statement_timeout_s, queue=queue
    )


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


def test_a_caller_beyond_the_queue_is_refused_at_once(database_url):
    async def ask():
        connections = pool(database_url, size=1, queue=2)
        at_work = [asyncio.create_task(connections.fetch(SLEEP)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(TooBusy):
            await connections.fetch(ONE)
        await asyncio.gather(*at_work)
        assert (await connections.fetch(ONE))[0][0] == 1
        await connections.close()

    wait_for(ask())


def test_those_who_gave_up_waiting_leave_room_in_the_queue(database_url):
    async def ask():
        connections = pool(database_url, size=1, queue=1, wait_s=0.05)
        busy = asyncio.create_task(connections.fetch(SLEEP))
        await asyncio.sleep(0.05)
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable, match="busy"):
                await connections.fetch(ONE)
            cancelled = asyncio.create_task(connections.fetch(ONE))
            await asyncio.sleep(0.01)
            cancelled.cancel()
            with pytest.raises(asyncio.CancelledError):
                await cancelled
        await busy
        await connections.close()

    wait_for(ask())


def test_a_database_that_is_away_is_not_asked_by_everybody(tmp_path):
    address = f"postgresql://nobody@/nothing?host={tmp_path}"

    async def ask():
        connections = pool(address, size=2)
        begun = [connections.fetch(ONE) for _ in range(50)]
        outcomes = await asyncio.gather(*begun, return_exceptions=True)
        assert connections.opened == 0
        return outcomes

    assert {type(outcome) for outcome in wait_for(ask())} == {DatabaseUnavailable}


def test_a_cancelled_statement_ends_in_the_database_too(database_url):
    at_work = Statement(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'"
        " AND state = 'active' AND pid <> pg_backend_pid()",
        (),
    )

    async def ask():
        connections = pool(database_url, size=2, statement_timeout_s=100)
        task = asyncio.create_task(connections.fetch(Statement("SELECT pg_sleep(60)", ())))
        await asyncio.sleep(0.2)
        assert (await connections.fetch(at_work))[0][0] == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(100):
            if (await connections.fetch(at_work))[0][0] == 0:
                break
            await asyncio.sleep(0.05)
        assert (await connections.fetch(at_work))[0][0] == 0
        await connections.close()

    wait_for(ask())


def test_a_server_that_does_not_answer_at_all_is_not_waited_for(database_url):
    """Its process is stopped, as by a machine that hangs; the socket stays open."""
    who = Statement("SELECT pg_backend_pid()", ())

    async def ask():
        connections = pool(database_url, size=1, statement_timeout_s=0.1)
        pid = (await connections.fetch(who))[0][0]
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(QueryTooSlow):
                await asyncio.wait_for(connections.fetch(ONE), 10)
        finally:
            os.kill(pid, signal.SIGCONT)
        assert (await connections.fetch(ONE))[0][0] == 1
        await connections.close()

    wait_for(ask())


def test_statements_of_many_kinds_are_not_all_kept(database_url):
    async def ask():
        connections = pool(database_url, size=1)
        for number in range(250):
            assert (await connections.fetch(Statement(f"SELECT {number}", ())))[0][0] == number
        kept = await connections.fetch(Statement("SELECT count(*) FROM pg_prepared_statements", ()))
        await connections.close()
        return kept[0][0]

    assert wait_for(ask()) <= 110


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
