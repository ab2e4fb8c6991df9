"""A client that goes away takes its work with it: the statement ends, its connection is free."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.conftest import RunningService
from tests.service.wire import connect, get, send_all

ITEMS = "/ogc/collections/reports/items"
PATIENCE_S = 10
AT_WORK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'scam-atlas' AND state = 'active' AND wait_event_type = 'Lock'"
)


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Every statement on features waits, as a very slow one would."""
    with engine.connect() as connection, connection.begin():
        for table in ("published_reports", "report"):
            connection.execute(text(f"LOCK TABLE atlas.{table} IN ACCESS EXCLUSIVE MODE"))
        yield


def at_work(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(AT_WORK).scalar_one())


def becomes(engine: Engine, number: int) -> bool:
    """Whether so many statements of the service come to be at work, in good time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if at_work(engine) == number:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def patient(database_url):
    settings = {"statement_timeout_s": 60, "filter_timeout_s": 60, "pool_size": 4}
    with RunningService(database_url, **settings) as service:
        assert httpx.get(service.url + ITEMS).status_code == 200
        yield service


@pytest.mark.parametrize(
    "path",
    [
        f"{ITEMS}/kk-park-202503-un-hotspot",
        f"{ITEMS}?limit=1000",
        f"{ITEMS}?filter=credibility%3D1",
        "/layers/reports.geojson",
        "/layers/reports.parquet",
    ],
)
def test_a_statement_ends_when_its_client_goes_away(patient, engine, path, caplog):
    with locked(engine):
        clients = [connect(patient.url) for _ in range(2)]
        for client in clients:
            send_all(client, get(path))
        assert becomes(engine, 2)
        for client in clients:
            client.close()
        assert becomes(engine, 0)
    assert not caplog.records
    for _ in range(5):
        assert httpx.get(patient.url + ITEMS).status_code == 200
    assert httpx.get(patient.url + path, timeout=3 * PATIENCE_S).status_code == 200


def test_requests_behind_it_on_the_same_connection_end_too(patient, engine):
    one = get(ITEMS).replace(b"Connection: close\r\n", b"")
    with locked(engine):
        with connect(patient.url) as client:
            send_all(client, one * 3)
            assert becomes(engine, 1)
        assert becomes(engine, 0)
    assert httpx.get(patient.url + ITEMS).status_code == 200


def test_a_download_that_is_left_in_the_middle_frees_its_connection(patient, engine):
    for _ in range(12):
        with connect(patient.url, window=4096) as client:
            send_all(client, get("/layers/reports.geojson"))
            client.recv(1000)
    assert httpx.get(f"{patient.url}/layers/reports.csv", timeout=PATIENCE_S).status_code == 200
