"""What the service does while the database is away, slow or back again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from geo.store.cluster import Cluster
from geo.store.database import open_engine, upgrade
from geo.store.writes import load_dossier
from layers.published import publish
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
        for path in (ITEMS, "/readyz", "/layers/reports.geojson", "/"):
            assert client.get(path).status_code == 200


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
