"""What commands share: where they write, and the database that they use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from geo.store.cluster import Cluster
from geo.store.database import open_engine, upgrade
from service.settings import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database: the given one, else the private cluster while in use."""
    if settings.database_url:
        yield settings.database_url
        return
    with Cluster(settings.home) as cluster:
        yield cluster.url


@contextmanager
def prepared_database(settings: Settings) -> Iterator[str]:
    """The same for a command that only reads; a private one has this program's schema first."""
    with database(settings) as url:
        if settings.database_url is None:
            upgrade(open_engine(url))
        yield url
