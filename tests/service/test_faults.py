"""What the service does while the database is away, slow or back again."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from geo.store.cluster import Cluster
from geo.store.database import open_engine, upgrade
from geo.store.writes import load_dossier
from layers.published import publish
from service.light.connections import AWAY_S
from service.settings import Settings
from tests.conftest import RunningService
from tests.service.asking import problem

ITEMS = "/ogc/collections/reports/items"


@pytest.fixture
def own_cluster(dossier) -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="scam-atlas-faults-"))
    home.chmod(0o755)
    with Cluster(home, durable=False) as cluster:
        upgrade(open_engine(cluster.url))
        load_dossier(open_engine(cluster.url), dossier, publish=publish)
        yield cluster
    shutil.rmtree(home)


def test_a_database_that_goes_and_comes_back_is_503_in_between(own_cluster):
    with RunningService(own_cluster.url) as service, httpx.Client(base_url=service.url) as client:
        assert client.get(ITEMS).status_code == 200
        own_cluster.stop()
        for path in (ITEMS, "/readyz", "/layers/reports.geojson", "/"):
            assert "database" in problem(client, path, 503)["title"].lower()
        assert client.get("/healthz").status_code == 200
        own_cluster.start()
        time.sleep(2 * AWAY_S)
        for path in (ITEMS, "/readyz", "/layers/reports.geojson", "/"):
            assert client.get(path).status_code == 200


PATHS = (
    f"{ITEMS}?bbox=98,16,99,17&datetime=2025-01-01/2025-06-30&limit=1000",
    f"{ITEMS}/kk-park-202503-un-hotspot",
    f"{ITEMS}?filter=credibility%3C3",
    "/ogc/collections",
)
CLIENTS = 12


def keep_asking(url: str, until: threading.Event) -> list[tuple[float, int]]:
    """When each answer came, and its status; 0 where none came."""
    seen = []
    with httpx.Client(base_url=url, timeout=15) as client:
        for path in itertools.cycle(PATHS):
            if until.is_set():
                return seen
            try:
                status = client.get(path).status_code
            except httpx.HTTPError:
                status = 0
            seen.append((time.monotonic(), status))
            if status != 200:
                time.sleep(0.05)
    raise AssertionError("paths are asked in a circle")


def test_under_load_a_database_that_restarts_gives_200_and_503_only(own_cluster):
    """The short form of `make soak`: many clients, and a stop and start in the middle."""
    done = threading.Event()
    with RunningService(own_cluster.url) as service, ThreadPoolExecutor(CLIENTS) as many:
        asking = [many.submit(keep_asking, service.url, done) for _ in range(CLIENTS)]
        try:
            time.sleep(1.5)
            own_cluster.stop()
            time.sleep(1)
            own_cluster.start()
            back = time.monotonic()
            time.sleep(4)
        finally:
            done.set()
        seen = [asked.result(30) for asked in asking]
        assert connections(own_cluster) <= 2 * Settings().pool_size + 10
        for path in PATHS:
            assert httpx.get(service.url + path, timeout=30).status_code == 200
    for one in seen:
        assert {status for _, status in one} <= {200, 503}
        assert {status for when, status in one if when < back} >= {503}
        assert 200 in {status for when, status in one if when > back}


def connections(cluster: Cluster) -> int:
    """How many the service holds."""
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'scam-atlas'"
    with open_engine(cluster.url).connect() as connection:
        return int(connection.execute(text(count)).scalar_one()) - 1


def test_a_statement_beyond_its_time_limit_is_503(database_url):
    slow = RunningService(database_url, statement_timeout_s=0.001)
    with slow as service, httpx.Client(base_url=service.url) as client:
        body = problem(client, "/layers/hotspots.geojson", 503)
        assert body["title"] in ("The answer took too long", "The database is not available")


def test_a_busy_pool_refuses_rather_than_hangs(database_url):
    """One connection, held by a download that nobody reads."""
    small = RunningService(database_url, pool_size=1, pool_timeout_s=0.3)
    with small as service, httpx.Client(timeout=5) as other:
        with httpx.stream("GET", f"{service.url}/layers/reports.geojson") as held:
            next(held.iter_raw(1))
            answers = {other.get(service.url + ITEMS).status_code for _ in range(3)}
        assert answers <= {200, 503}
        assert other.get(service.url + ITEMS).status_code == 200


def test_clients_that_go_away_leave_no_connection_in_use(database_url):
    with RunningService(database_url, pool_size=2, pool_timeout_s=1) as service:
        for _ in range(10):
            with httpx.stream("GET", f"{service.url}/layers/reports.geojson") as answer:
                next(answer.iter_raw(1))
        with httpx.Client(base_url=service.url) as client:
            assert client.get(ITEMS).status_code == 200
