"""The pages that people open: the map, the method, how to use the API, and their files."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from service.api.parameters import known_parameters
from service.mapdata import MapData
from service.reader import ReaderDep
from service.sharing import is_embedded, map_headers
from service.version import VERSION
from web.bundle import Modules
from web.catalogue import language_or_default
from web.documents import api_page, markdown_page
from web.mapconfig import MAP_ATTRIBUTION, MapConfig, Page, static_roots


class MapPages:
    """The map's page in each language, for a tab and for a frame, made in another process."""

    def __init__(self) -> None:
        self._making = asyncio.Lock()
        self._made: dict[tuple[str, bool], tuple[MapConfig, Page]] = {}

    async def page(self, config: MapConfig) -> Page:
        """The page of that configuration. Raises RuntimeError where it cannot be made."""
        async with self._making:
            key = (config.language, config.embed)
            kept = self._made.get(key)
            if kept is None or kept[0] != config:
                kept = self._made[key] = (config, await _made(config))
            return kept[1]


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
    map_data: MapData = request.app.state.map_data
    return await pages.page(
        MapConfig(
            api_root="/ogc",
            layers_root="/layers",
            static_root="/static",
            as_of=as_of,
            first_day=oldest or as_of - timedelta(days=365),
            last_day=as_of,
            opening_day=newest or as_of,
            attribution=MAP_ATTRIBUTION,
            title="Scam Atlas",
            language=language_or_default(request.query_params.get("lang")),
            version=VERSION,
            reports=await map_data.reports_held(),
            sites=await reader.sites_held(),
            held_reports=request.app.state.map_held_reports,
            embed=is_embedded(request),
        )
    )


def _part(request: Request, text: str, media_type: str) -> Response:
    """A part of the page, or 304 where the browser holds it."""
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)


def install_pages(app: FastAPI, project: Path) -> None:
    """Add the pages and static files to the application."""
    app.state.map_pages = MapPages()

    async def map_html(request: Request, reader: ReaderDep) -> HTMLResponse:
        return HTMLResponse((await _map_page(request, reader)).html, headers=map_headers(request))

    modules = Modules(static_roots()[""] / "js", "main.js", "/static/js")

    async def map_script(request: Request, reader: ReaderDep) -> Response:
        return _part(request, (await _map_page(request, reader)).script, "text/javascript")

    async def map_style(request: Request, reader: ReaderDep) -> Response:
        return _part(request, (await _map_page(request, reader)).style, "text/css")

    async def map_modules(request: Request) -> Response:
        script = await asyncio.to_thread(modules.script)
        return _part(request, script, "text/javascript")

    def method() -> HTMLResponse:
        text = (project / "docs" / "method.md").read_text("utf-8")
        return HTMLResponse(markdown_page("Method", text))

    def api(request: Request) -> HTMLResponse:
        return HTMLResponse(api_page(str(request.base_url).rstrip("/")))

    def icon() -> FileResponse:
        return FileResponse(project / "web" / "static" / "icon.svg", media_type="image/svg+xml")

    app.add_api_route("/favicon.ico", icon, include_in_schema=False)
    for path, endpoint in (
        ("/map.js", map_script),
        ("/map.css", map_style),
        ("/atlas.js", map_modules),
    ):
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
