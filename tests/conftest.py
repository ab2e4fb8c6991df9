"""What many tests share: a real PostGIS, the real dossier in it, and the real service before it."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from geo.countries import CountryIndex
from geo.dossier import Dossier, read_dossier
from geo.store.cluster import Cluster
from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.writes import load_dossier
from layers.published import publish
from service.app import create_app
from service.server import make_server
from service.settings import PROJECT, Settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: an open browser keeps an event loop in the main thread."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # Not pytest's own folder: PostgreSQL's account could not go into it when root runs the tests.
    home = Path(tempfile.mkdtemp(prefix="scam-atlas-tests-"))
    home.chmod(0o755)
    with Cluster(home, durable=False) as running:
        yield running
    shutil.rmtree(home)


@pytest.fixture
def empty_url(cluster: Cluster) -> Iterator[str]:
    """A database of its own for one test, without a schema."""
    with scratch_database(cluster.url) as url:
        yield url


@pytest.fixture
def empty_store(empty_url: str) -> Engine:
    """A database of its own for one test, migrated and empty."""
    engine = open_engine(empty_url)
    upgrade(engine)
    return engine


@pytest.fixture(scope="session")
def countries() -> CountryIndex:
    return CountryIndex.load(PROJECT / "data" / "basemap" / "countries.geojson")


@pytest.fixture(scope="session")
def dossier(countries: CountryIndex) -> Dossier:
    return read_dossier(PROJECT / "data" / "raw", countries=countries)


@pytest.fixture(scope="session")
def database_url(cluster: Cluster, dossier: Dossier) -> Iterator[str]:
    """The real dossier, loaded once; tests only read it."""
    with scratch_database(cluster.url) as url:
        upgrade(open_engine(url))
        load_dossier(open_engine(url), dossier, publish=publish)
        yield url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Engine:
    return open_engine(database_url)


class RunningService:
    """The real application behind a real socket on 127.0.0.1."""

    def __init__(self, database_url: str, **settings: object) -> None:
        given = Settings(**settings)
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = make_server(create_app(given, database_url), given)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def __enter__(self) -> RunningService:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the service did not start within 10 seconds"
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(15)
        self._socket.close()
        assert not self._thread.is_alive(), "the service did not stop within 15 seconds"


@pytest.fixture(scope="session")
def site_url(database_url: str) -> Iterator[str]:
    # A figure is drawn in a second or two; many tests at once on a small machine make it a minute.
    with RunningService(database_url, figure_timeout_s=120) as service:
        yield service.url


@pytest.fixture(scope="session")
def client(site_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site_url, timeout=120) as http:
        yield http
