"""Contents of sheets for tests: real ones from the database, others made of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from geo.store.database import open_async_engine
from layers.figures.claims import Site, Source, cited_sources
from layers.figures.content import DayState, SheetContent, gather
from layers.figures.layout import Layout, laid_out
from layers.figures.mappanel import Panel
from layers.figures.mapsheet import map_panel
from layers.figures.request import FigureRequest
from layers.figures.sheet import first_page


def gathered_content(database_url: str, **given: str) -> SheetContent:
    """What the request of these texts shows."""
    return asyncio.run(_gather(database_url, FigureRequest.parse(given)))


async def _gather(database_url: str, request: FigureRequest) -> SheetContent:
    engine = open_async_engine(database_url, pool_size=1, pool_timeout_s=5, statement_timeout_s=30)
    try:
        async with engine.connect() as connection:
            return await gather(connection, request)
    finally:
        await engine.dispose()


def with_sites(content: SheetContent, *sites: Site) -> SheetContent:
    """The same sheet with other sites and no moves."""
    day = DayState(content.days[-1].day, sites, 0)
    return replace(content, days=(day,), flows=(), sources=_sources(sites))


def _sources(sites: tuple[Site, ...]) -> tuple[Source, ...]:
    return cited_sources([claim for site in sites for claim in site.claims])


def drawn_panel(content: SheetContent) -> tuple[Panel, Layout]:
    """The map of a sheet, drawn, so that what was placed can be looked at."""
    layout = laid_out(content.request, content.box)
    panel = map_panel(content, layout)
    panel.draw(first_page(content, layout))
    return panel, layout
