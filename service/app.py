"""The HTTP application, made from settings and a database that is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from geo.store.database import open_async_engine
from service.api import files, health, ogc
from service.api.errors import install_error_handlers
from service.light.app import LightApp
from service.light.connections import Connections
from service.light.items import LightItems
from service.light.version import VersionWatch
from service.pages import install_pages
from service.reader import Reader
from service.security import SecurityHeaders
from service.settings import PROJECT, Settings
from service.version import VERSION

_COMPRESS_FROM_BYTES = 1000


def create_app(settings: Settings, database_url: str) -> ASGIApp:
    """The application. No connection is opened before the first request needs one."""
    connections = Connections(
        database_url,
        size=settings.pool_size,
        wait_s=settings.pool_timeout_s,
        statement_timeout_s=settings.statement_timeout_s,
    )
    watch = VersionWatch(database_url, connections, settings.statement_timeout_s)
    engine = open_async_engine(
        database_url,
        pool_size=settings.pool_size,
        pool_timeout_s=settings.pool_timeout_s,
        statement_timeout_s=settings.statement_timeout_s,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await watch.close()
        await connections.close()
        await engine.dispose()

    app = FastAPI(
        title="Scam Atlas",
        version=VERSION,
        summary="Dated, sourced claims about reported scam compounds in South-East Asia",
        license_info={"name": "Apache-2.0 (code), CC BY 4.0 (data)"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    reader = Reader(engine)
    app.state.reader = reader
    app.state.files = files.FileQueue()
    app.state.public_url = settings.public_url
    for router in (ogc.router, files.router, health.router):
        app.include_router(router)
    install_pages(app, PROJECT)
    install_error_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESS_FROM_BYTES)
    app.add_middleware(SecurityHeaders)
    return LightApp(app, [LightItems(connections, watch, reader)], settings.public_url)
