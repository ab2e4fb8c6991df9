"""How much the service takes on: what is beyond it is refused at once, and clearly."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from geo.errors import TooBusy
from service.api.errors import TooManyRequests
from service.limits import LargeTurns, RateLimit, Room
from tests.conftest import RunningService
from tests.service.asking import problem
from tests.service.test_cancelling import becomes, locked
from tests.service.wire import ask, connect, get, send_all
from tests.waiting import eventually, wait_for

ITEMS = "/ogc/collections/reports/items"


def refused(client):
    try:
        return client.get(ITEMS, timeout=0.5).status_code == 503
    except httpx.TimeoutException:
        return False


def test_a_full_room_refuses_until_somebody_leaves():
    room = Room(requests=2, sending_bytes=100)
    room.enter()
    room.enter()
    with pytest.raises(TooBusy):
        room.enter()
    room.leave()
    room.enter()


def test_one_large_answer_is_always_let_out_and_more_only_where_they_fit():
    room = Room(requests=2, sending_bytes=100)
    room.begin_sending(1_000)
    with pytest.raises(TooBusy):
        room.begin_sending(1)
    room.end_sending(1_000)
    room.begin_sending(60)
    room.begin_sending(40)
    with pytest.raises(TooBusy):
        room.begin_sending(1)


def test_a_large_answer_waits_until_one_before_it_is_sent():
    async def told():
        turns = LargeTurns(at_once=1, patience_s=60)
        first = await turns.begin()
        second = asyncio.ensure_future(turns.begin())
        first.ready()
        await asyncio.sleep(0)
        waited = not second.done()
        first.end()
        first.end()  # ends nobody else's turn
        third = asyncio.ensure_future(turns.begin())
        await second
        await asyncio.sleep(0)
        return waited, third.done()

    assert wait_for(told()) == (True, False)


def test_a_client_that_does_not_take_its_large_answer_keeps_no_other_waiting():
    async def told():
        turns = LargeTurns(at_once=1, patience_s=0.01)
        (await turns.begin()).ready()
        await asyncio.wait_for(turns.begin(), 15)

    wait_for(told())


def test_a_client_may_ask_in_a_burst_and_then_at_its_rate():
    rate = RateLimit(per_s=2, burst=3)
    for _ in range(3):
        rate.take("192.0.2.1", now=100)
    with pytest.raises(TooManyRequests) as refused:
        rate.take("192.0.2.1", now=100)
    assert refused.value.retry_after_s == pytest.approx(0.5)
    rate.take("192.0.2.1", now=100.5)
    with pytest.raises(TooManyRequests):
        rate.take("192.0.2.1", now=100.6)
    for _ in range(3):
        rate.take("192.0.2.1", now=200)


def test_clients_do_not_share_a_bucket_but_networks_of_one_client_do():
    rate = RateLimit(per_s=1, burst=1)
    rate.take("192.0.2.1", now=0)
    rate.take("192.0.2.2", now=0)
    rate.take("2001:db8::1", now=0)
    rate.take("2001:db8:0:1::1", now=0)
    with pytest.raises(TooManyRequests):
        rate.take("2001:db8::ffff", now=0)
    rate.take("::ffff:192.0.2.9", now=0)
    rate.take("::ffff:192.0.2.8", now=0)
    rate.take("no:address", now=0)


def test_clients_that_have_long_not_asked_are_forgotten():
    rate = RateLimit(per_s=0.001, burst=1)
    rate.take("192.0.2.1", now=0)
    for number in range(10_000):
        rate.take(f"198.51.{number // 256}.{number % 256}", now=1)
    rate.take("192.0.2.1", now=2)
    assert len(rate._buckets) <= 10_000


def test_a_client_that_asks_too_often_is_429_with_the_time_to_wait(database_url):
    limited = RunningService(database_url, rate_per_s=0.5, rate_burst=3)
    with limited as service, httpx.Client(base_url=service.url) as client:
        for path in ("/ogc", ITEMS, "/healthz"):
            assert client.get(path).status_code == 200
        for path in ("/ogc", ITEMS, "/healthz"):
            body = problem(client, path, 429)
            assert body["title"] == "Too many requests"
        answer = client.get("/ogc")
        assert 1 <= int(answer.headers["retry-after"]) <= 2
        assert answer.headers["access-control-allow-origin"] == "*"


def test_behind_a_trusted_proxy_each_client_has_its_own_rate(database_url):
    settings = {"rate_per_s": 0.1, "rate_burst": 1, "trusted_proxies": "127.0.0.1"}
    proxied = RunningService(database_url, **settings)
    with proxied as service, httpx.Client(base_url=service.url) as client:
        statuses = [
            client.get("/ogc/conformance", headers={"X-Forwarded-For": address}).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
    assert statuses == [200, 200, 429]


def test_a_client_cannot_name_itself_without_a_proxy(database_url):
    limited = RunningService(database_url, rate_per_s=0.1, rate_burst=1)
    with limited as service, httpx.Client(base_url=service.url) as client:
        client.get("/ogc/conformance", headers={"X-Forwarded-For": "192.0.2.1"})
        answer = client.get("/ogc/conformance", headers={"X-Forwarded-For": "192.0.2.2"})
        assert answer.status_code == 429


def test_more_requests_than_there_is_room_for_are_503_at_once(database_url, engine):
    small = RunningService(database_url, max_requests=3, pool_size=2, statement_timeout_s=30)
    with small as service, httpx.Client(base_url=service.url) as client:
        assert client.get(ITEMS).status_code == 200
        with locked(engine):
            inside = [connect(service.url) for _ in range(3)]
            for sock in inside:
                send_all(sock, get(ITEMS))
            assert becomes(engine, 2)
            assert eventually(lambda: refused(client))  # the third has come in as well
            assert problem(client, ITEMS, 503)["title"] == "Too much at once"
            assert client.get(ITEMS).headers["retry-after"]
            assert client.get("/healthz").status_code == 200
            for sock in inside:
                sock.close()
            assert becomes(engine, 0)
        assert client.get(ITEMS).status_code == 200


def test_more_waiting_for_the_database_than_its_queue_holds_are_503_at_once(database_url, engine):
    small = RunningService(database_url, pool_size=1, pool_queue=1, statement_timeout_s=30)
    with small as service, httpx.Client(base_url=service.url, timeout=3) as client:
        assert client.get(ITEMS).status_code == 200
        with locked(engine):
            inside = [connect(service.url) for _ in range(2)]
            for sock in inside:
                send_all(sock, get(ITEMS))
            assert becomes(engine, 1)
            assert "wait" in problem(client, ITEMS, 503)["detail"]
            for sock in inside:
                sock.close()


def test_large_answers_that_nobody_takes_are_not_piled_up(database_url):
    small = RunningService(database_url, max_sending_mb=1)
    with small as service, httpx.Client(base_url=service.url) as client:
        slow = [connect(service.url, window=4096) for _ in range(12)]
        for sock in slow:
            send_all(sock, get(f"{ITEMS}?limit=1000"))
        statuses = {client.get(f"{ITEMS}?limit=1000").status_code for _ in range(20)}
        assert 503 in statuses
        assert client.get(f"{ITEMS}?limit=5").status_code == 200
        for sock in slow:
            sock.close()


def test_when_all_places_are_taken_an_idle_client_makes_room(database_url):
    with RunningService(database_url, max_connections=5, keep_alive_s=60) as service:
        idle = [httpx.Client(base_url=service.url) for _ in range(5)]
        assert {client.get("/healthz").status_code for client in idle} == {200}
        assert httpx.get(f"{service.url}/healthz").status_code == 200
        for client in idle:
            client.close()


def test_when_all_are_at_work_the_next_is_503(database_url, engine):
    settings = {"max_connections": 2, "statement_timeout_s": 30}
    with RunningService(database_url, **settings) as service:
        assert httpx.get(service.url + ITEMS).status_code == 200
        with locked(engine):
            busy = [connect(service.url) for _ in range(2)]
            for sock in busy:
                send_all(sock, get(ITEMS))
            assert becomes(engine, 2)
            answer = ask(service.url, get(ITEMS))
            assert (answer.status, answer.headers["retry-after"]) == (503, "5")
            for sock in busy:
                sock.close()


def test_sixty_four_clients_at_once_are_all_served(site_url):
    def one(number: int) -> int:
        path = ITEMS if number % 2 else "/ogc/collections"
        return httpx.get(site_url + path, timeout=30).status_code

    with ThreadPoolExecutor(64) as many:
        assert set(many.map(one, range(128))) <= {200, 503}
        assert set(many.map(one, range(1, 129, 2))) == {200}
