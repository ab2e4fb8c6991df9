"""The HTTP application, made from settings and a database that is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from geo.store.database import open_async_engine
from layers.crs import KnownCRS
from service import sharing
from service.api import bibliographies, files, health
from service.api.problems import install_error_handlers
from service.compression import Compression
from service.extents import Extents
from service.figures.desk import open_desk
from service.figures.routes import router as figures_router
from service.leftovers import remove_leftovers
from service.light.app import LightApp
from service.light.connections import Connections
from service.light.items import LightItems
from service.light.tiles import LightTiles
from service.light.version import VersionWatch
from service.limits import RateLimit, Room
from service.mapcounts import MapCounts
from service.mapcounts import router as mapcounts_router
from service.mapdata import MapData
from service.mapdata import router as mapdata_router
from service.ogc import routes, tiles
from service.ogc.openapi.routes import router as openapi_router
from service.pages import install_pages
from service.reader import Reader
from service.security import SecurityHeaders
from service.settings import PROJECT, Settings
from service.version import VERSION

# With the time limit of their statements, refusals of filtered pages come within two seconds.
FILTER_WAIT_S = 0.4


def create_app(settings: Settings, database_url: str) -> ASGIApp:
    """The application. No connection is opened before the first request needs one."""
    connections = Connections(
        database_url,
        size=settings.pool_size,
        wait_s=settings.pool_timeout_s,
        queue=settings.pool_queue,
        statement_timeout_s=settings.statement_timeout_s,
    )
    watch = VersionWatch(database_url, connections, settings.statement_timeout_s)
    engine = open_async_engine(
        database_url,
        pool_size=settings.pool_size,
        pool_timeout_s=settings.pool_timeout_s,
        statement_timeout_s=settings.statement_timeout_s,
    )
    filter_engine = open_async_engine(
        database_url,
        pool_size=max(1, settings.pool_size // 2),
        pool_timeout_s=min(FILTER_WAIT_S, settings.pool_timeout_s),
        statement_timeout_s=min(settings.filter_timeout_s, settings.statement_timeout_s),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(remove_leftovers)
        yield
        await map_data.close()
        await desk.close()
        await watch.close()
        await connections.close()
        await engine.dispose()
        await filter_engine.dispose()

    app = FastAPI(
        title="Scam Atlas",
        version=VERSION,
        summary="Dated, sourced claims about reported scam compounds in South-East Asia",
        license_info={"name": "Apache-2.0 (code), CC BY 4.0 (data)"},
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # service.ogc.openapi describes the light endpoints as well
        lifespan=lifespan,
        redirect_slashes=False,
    )
    reader = Reader(engine)
    app.state.reader = reader
    app.state.files = files.FileQueue()
    app.state.public_url = settings.public_url
    app.state.crs = known = KnownCRS(settings.crs)
    app.state.extents = extents = Extents(reader, watch)
    app.state.version_watch = watch
    app.state.figures = desk = open_desk(settings, database_url)
    app.state.room = room = Room(settings.max_requests, settings.max_sending_mb * 1_000_000)
    app.state.map_data = map_data = MapData(database_url, watch)
    app.state.map_counts = MapCounts(reader, watch)
    app.state.map_held_reports = settings.map_held_reports
    for router in (
        routes.router,
        tiles.router,
        openapi_router,
        bibliographies.router,
        files.router,
        figures_router,
        mapdata_router,
        mapcounts_router,
        sharing.router,
        health.router,
    ):
        app.include_router(router)
    install_pages(app, PROJECT)
    install_error_handlers(app)
    # A filter may make the database read a whole layer: its pages have connections of their own,
    # so that no number of them keeps others waiting.
    filtered = Reader(filter_engine)
    return LightApp(
        # Around the application, not within it: its own answer to a fault passes them as well.
        Compression(SecurityHeaders(app)),
        [
            LightItems(connections, watch, filtered, known),
            LightTiles(
                connections,
                watch,
                filtered,
                known,
                extents,
                cache_bytes=settings.tile_cache_mb * 1_000_000,
            ),
        ],
        settings.public_url,
        routes=app.routes,
        room=room,
        rate=RateLimit(settings.rate_per_s, settings.rate_burst) if settings.rate_per_s else None,
    )
