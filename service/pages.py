"""The pages that people open: the map, the method, how to use the API, and their files."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from layers.catalog import ATTRIBUTION
from service.api.parameters import known_parameters
from service.reader import ReaderDep
from service.version import VERSION
from web.documents import api_page, markdown_page
from web.mapconfig import MapConfig, Page, static_roots

_CACHE_SHORTLY = {"Cache-Control": "no-cache"}
_BASEMAP_ATTRIBUTION = "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth"


class MapPages:
    """The map's page, made in a process of its own and kept for the newest configuration."""

    def __init__(self) -> None:
        self._making = asyncio.Lock()
        self._config: MapConfig | None = None
        self._page: Page | None = None

    async def page(self, config: MapConfig) -> Page:
        """The page of that configuration. Raises RuntimeError where it cannot be made."""
        async with self._making:
            if self._page is None or self._config != config:
                self._page, self._config = await _made(config), config
            return self._page


async def _made(config: MapConfig) -> Page:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "web.timemap",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    try:
        made, _ = await child.communicate(json.dumps(config.written()).encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise RuntimeError(f"The map's page was not made: exit code {child.returncode}")
    return Page(**json.loads(made))


async def _map_page(request: Request, reader: ReaderDep) -> Page:
    """The map for the data that the database holds now."""
    as_of, _sha256 = await reader.newest_load()
    oldest, newest = await reader.days_reported()
    pages: MapPages = request.app.state.map_pages
    return await pages.page(
        MapConfig(
            api_root="/ogc",
            layers_root="/layers",
            static_root="/static",
            as_of=as_of,
            first_day=oldest or as_of - timedelta(days=365),
            last_day=as_of,
            opening_day=newest or as_of,
            attribution=f"{ATTRIBUTION}. Base map: {_BASEMAP_ATTRIBUTION}",
            title="Scam Atlas",
            version=VERSION,
        )
    )


def install_pages(app: FastAPI, project: Path) -> None:
    """Add the pages and static files to the application."""
    app.state.map_pages = MapPages()

    async def map_html(request: Request, reader: ReaderDep) -> HTMLResponse:
        return HTMLResponse((await _map_page(request, reader)).html, headers=_CACHE_SHORTLY)

    async def map_script(request: Request, reader: ReaderDep) -> Response:
        page = await _map_page(request, reader)
        return Response(page.script, media_type="text/javascript", headers=_CACHE_SHORTLY)

    async def map_style(request: Request, reader: ReaderDep) -> Response:
        page = await _map_page(request, reader)
        return Response(page.style, media_type="text/css", headers=_CACHE_SHORTLY)

    def method() -> HTMLResponse:
        text = (project / "docs" / "method.md").read_text("utf-8")
        return HTMLResponse(markdown_page("Method", text))

    def api(request: Request) -> HTMLResponse:
        return HTMLResponse(api_page(str(request.base_url).rstrip("/")))

    def icon() -> FileResponse:
        return FileResponse(project / "web" / "static" / "icon.svg", media_type="image/svg+xml")

    app.add_api_route("/favicon.ico", icon, include_in_schema=False)
    for path, endpoint in (("/map.js", map_script), ("/map.css", map_style)):
        app.add_api_route(path, endpoint, include_in_schema=False)
    for path, page, summary in (
        ("/", map_html, "The map"),
        ("/method", method, "Claims, grades, dates: how to read what is shown"),
        ("/docs", api, "How to use this API"),
    ):
        app.add_api_route(
            path,
            page,
            summary=summary,
            tags=["Pages"],
            response_class=HTMLResponse,
            dependencies=[] if path == "/" else [known_parameters()],
        )
    for name, folder in sorted(static_roots().items(), reverse=True):
        path = f"/static/{name}" if name else "/static"
        app.mount(path, StaticFiles(directory=folder), name=path)
