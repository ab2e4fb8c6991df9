"""A service that waits for its database, so that a busy machine is not taken for a fault."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import RunningService


@pytest.fixture(scope="session")
def client(database_url: str) -> Iterator[httpx.Client]:
    with (
        RunningService(database_url, filter_timeout_s=30.0, statement_timeout_s=30.0) as service,
        httpx.Client(base_url=service.url, timeout=60.0) as http,
    ):
        yield http
