"""The floor: what plain FastAPI with asyncpg does on the peers' table when PostGIS makes the text.

Nothing is stored ready, nothing prepared by hand: the usual way to write such a service.
Run by uvicorn; BENCH_DATABASE is the address of the database.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import asyncpg
from fastapi import FastAPI, Response

from layers.catalog import REPORTS

CONNECTIONS = 8
_FEATURE = (
    """'{"type":"Feature","id":' || gid || ',"geometry":' || ST_AsGeoJSON(geom, 7) """
    """|| ',"properties":' || (to_jsonb(r) - 'geom' - 'gid')::text || '}'"""
)
_BOX = "geom && ST_MakeEnvelope($1, $2, $3, $4, 4326)"
_DAYS = "daterange(possible_from, possible_to, '[]') && daterange($5::date, $6::date, '[]')"
_TILE = f"""
    SELECT ST_AsMVT(t, 'reports') FROM (
        SELECT gid, {", ".join(REPORTS.column_names)},
            ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3)) AS geom
        FROM peers.reports
        WHERE geom && ST_Transform(ST_TileEnvelope($1, $2, $3), 4326)
        LIMIT 10000
    ) AS t
"""  # noqa: S608


def _collection(rows: str) -> str:
    return f"""
        SELECT '{{"type":"FeatureCollection","features":['
            || coalesce(string_agg({_FEATURE}, ','), '')
            || '],"numberReturned":' || count(*) || '}}'
        FROM ({rows}) AS r
    """  # noqa: S608


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    address = os.environ["BENCH_DATABASE"]
    async with asyncpg.create_pool(address, min_size=1, max_size=CONNECTIONS) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_lifespan)


async def _value(sql: str, *values: object) -> Any:
    async with app.state.pool.acquire() as connection:
        return await connection.fetchval(sql, *values)


async def _geojson(rows: str, *values: object) -> Response:
    return Response(await _value(_collection(rows), *values), media_type="application/geo+json")


@app.get("/items")
async def items(
    limit: int = 10,
    bbox: str | None = None,
    first: date | None = None,
    last: date | None = None,
    offset: int = 0,
    after: int = 0,
) -> Response:
    """A page; with a box and days, what lies in it and possibly holds within them."""
    if bbox is not None:
        corners = [float(corner) for corner in bbox.split(",")]
        rows = f"SELECT * FROM peers.reports WHERE {_BOX} AND {_DAYS} ORDER BY gid LIMIT $7"  # noqa: S608
        return await _geojson(rows, *corners, first, last, limit)
    rows = "SELECT * FROM peers.reports WHERE gid > $1 ORDER BY gid LIMIT $2 OFFSET $3"
    return await _geojson(rows, after, limit, offset)


@app.get("/items/{key}")
async def item(key: int) -> Response:
    """One feature."""
    sql = f"SELECT {_FEATURE} FROM peers.reports AS r WHERE gid = $1"  # noqa: S608
    return Response(await _value(sql, key), media_type="application/geo+json")


@app.get("/count")
async def count(bbox: str, first: date, last: date) -> Response:
    """How many there are in a box and within days."""
    corners = [float(corner) for corner in bbox.split(",")]
    sql = f"SELECT count(*) FROM peers.reports WHERE {_BOX} AND {_DAYS}"  # noqa: S608
    matched = await _value(sql, *corners, first, last)
    return Response(f'{{"numberMatched":{matched}}}', media_type="application/json")


@app.get("/tiles/{z}/{x}/{y}")
async def tile(z: int, x: int, y: int) -> Response:
    """A vector tile with all columns of at most 10,000 points."""
    return Response(await _value(_TILE, z, x, y), media_type="application/vnd.mapbox-vector-tile")
