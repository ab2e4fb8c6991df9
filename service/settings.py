"""The only reader of the environment: every setting has the prefix SCAM_ATLAS_."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.store.cluster import default_home
from layers.crs import DEFAULT_CODES, epsg
from web.mapconfig import HELD_REPORTS

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Built once by the command line, or by a test, and passed in."""

    model_config = SettingsConfigDict(env_prefix="SCAM_ATLAS_", extra="ignore", frozen=True)

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL with PostGIS to use; without it a private one is started",
    )
    home: Path = Field(
        default_factory=default_home, description="Where the private PostgreSQL keeps its data"
    )
    raw_dir: Path = Field(default=PROJECT / "data" / "raw", description="The dossier to load")
    processed_dir: Path = Field(
        default=PROJECT / "data" / "processed", description="Where `build` writes the layers"
    )
    host: str = Field(default="127.0.0.1", description="Address to serve on")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to serve on")
    public_url: str | None = Field(
        default=None,
        pattern="^https?://[^/]+(/.*[^/])?$",
        description="The address that links carry, where a proxy stands in front",
    )
    crs: tuple[int, ...] = Field(
        default=tuple(DEFAULT_CODES),
        description="EPSG codes of the systems that features can be asked for in, beside CRS84",
    )
    pool_size: int = Field(default=8, ge=1, le=100, description="Database connections")
    pool_timeout_s: float = Field(
        default=5.0, gt=0, description="Longest wait for a connection before 503"
    )
    statement_timeout_s: float = Field(
        default=10.0, gt=0, description="Longest time for one statement before 503"
    )
    filter_timeout_s: float = Field(
        default=1.5, gt=0, description="Longest time for a page that a filter leaves, before 503"
    )
    pool_queue: int = Field(
        default=128, ge=0, description="Requests that wait for a connection; more are 503 at once"
    )
    max_requests: int = Field(
        default=256, ge=1, description="Requests answered at once; more are 503"
    )
    max_connections: int = Field(
        default=800, ge=2, description="Open connections of clients; idle ones make room"
    )
    max_sending_mb: int = Field(
        default=128, ge=1, description="Large answers that clients have not taken yet, in MB"
    )
    tile_cache_mb: int = Field(
        default=16, ge=0, description="Vector tiles kept in memory, in MB; 0 for none"
    )
    map_held_reports: int = Field(
        default=HELD_REPORTS,
        ge=0,
        description="Reports up to which the map holds them all; above, it asks for counts",
    )
    figure_processes: int = Field(
        default=2, ge=1, le=32, description="Processes that draw figures, started when asked for"
    )
    figure_queue: int = Field(
        default=8, ge=0, description="Figures that wait for a process; more are 503 at once"
    )
    figure_timeout_s: float = Field(
        default=20.0, gt=0, description="Longest time to draw one figure before 503"
    )
    figure_process_mb: int = Field(
        default=400, ge=100, description="Size from which a process that draws is replaced, in MB"
    )
    figure_cache_mb: int = Field(
        default=10, ge=0, description="Figures kept in memory, in MB; 0 for none"
    )
    keep_alive_s: float = Field(
        default=15, gt=0, description="How long an idle connection of a client stays open"
    )
    request_timeout_s: float = Field(
        default=10, gt=0, description="Longest time for a client to send a request"
    )
    reader_timeout_s: float = Field(
        default=20, gt=0, description="Time in which a client must take 64 kB of its answer"
    )
    rate_per_s: float | None = Field(
        default=None, gt=0, description="Requests a second for one client; no limit if not set"
    )
    rate_burst: int = Field(
        default=100, ge=1, description="Requests that one client may send at once, under rate_per_s"
    )
    trusted_proxies: str | None = Field(
        default=None,
        description="Addresses of proxies whose X-Forwarded-For and -Proto are believed",
    )

    @field_validator("crs")
    @classmethod
    def _known_codes(cls, codes: tuple[int, ...]) -> tuple[int, ...]:
        for code in codes:
            epsg(code)
        return codes

    @property
    def basemap_dir(self) -> Path:
        """The offline base map; its country polygons also check where sites lie."""
        return PROJECT / "data" / "basemap"
