"""How Alembic runs here: on a connection that the caller opened, for our own schema only."""

from __future__ import annotations

from typing import Any

from alembic import context

from geo.store.tables import SCHEMA, metadata


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return name == SCHEMA if kind == "schema" else True


def _migrate() -> None:
    if context.is_offline_mode():
        raise SystemExit("Migrations run on a database only: give one with SCAM_ATLAS_DATABASE_URL")
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        include_schemas=True,
        include_name=_ours,
        version_table_schema=SCHEMA,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_migrate()
