"""The only reader of the environment: every setting has the prefix SCAM_ATLAS_."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.store.cluster import default_home

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
    pool_size: int = Field(default=8, ge=1, le=100, description="Database connections")
    pool_timeout_s: float = Field(
        default=5.0, gt=0, description="Longest wait for a connection before 503"
    )
    statement_timeout_s: float = Field(
        default=10.0, gt=0, description="Longest time for one statement before 503"
    )

    @property
    def basemap_dir(self) -> Path:
        """The offline base map; its country polygons also check where sites lie."""
        return PROJECT / "data" / "basemap"
