"""Whether the program is alive, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.api.parameters import known_parameters
from service.reader import ReaderDep

router = APIRouter(tags=["Health"], dependencies=[known_parameters()])


@router.get("/healthz", summary="The program is alive")
async def healthz() -> JSONResponse:
    """Answers as long as the program runs, whatever the database does."""
    return JSONResponse({"status": "alive"})


@router.get("/readyz", summary="Database, schema and data are there")
async def readyz(reader: ReaderDep) -> JSONResponse:
    """Answers 200 if the database is reached, its schema is right and a dossier is loaded."""
    await reader.check_ready()
    as_of, sha256 = await reader.newest_load()
    return JSONResponse({"status": "ready", "as_of": as_of.isoformat(), "sha256": sha256})
