"""`scam-atlas map`: the time map of what a database holds, as one file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from geo.errors import StoreError
from geo.store.database import store_errors
from layers.catalog import ACTORS, CONTROL, DISPLACEMENT, REPORTS, SOURCES, Layer
from layers.formats import FileNotMade
from layers.queries import select_days_reported, select_features, select_newest_load
from layers.timelines import PLANNING, select_timelines
from service.settings import PROJECT
from service.version import VERSION
from web.documents import markdown_page
from web.mapconfig import MAP_ATTRIBUTION, MapConfig
from web.selfcontained import self_contained

LAYERS = (REPORTS, CONTROL, DISPLACEMENT, ACTORS, SOURCES)


def check_place(out: Path) -> None:
    """Raise FileNotMade where no file can be written, before any long work."""
    if out.is_dir():
        raise FileNotMade(f"{out} is a folder: name a file, for example {out / 'map.html'}")
    if not out.parent.is_dir():
        raise FileNotMade(f"There is no folder {out.parent}: make it first")
    if not os.access(out.parent, os.W_OK):
        raise FileNotMade(f"Nothing can be written into {out.parent}")


def write_map(engine: Engine, out: Path, config: MapConfig) -> int:
    """Write the file, whole or not at all; returns its bytes. Raises FileNotMade."""
    # Only this command needs Folium, and the pandas that it brings; nor does it draw figures.
    from service.figures.local import write_whole
    from web.timemap import build_page

    with store_errors(), engine.connect() as connection:
        data = {f"layer-{layer.id}": _collection(connection, layer) for layer in LAYERS}
        for setting in PLANNING:
            connection.execute(text(setting))
        data["map-timelines"] = connection.execute(select_timelines()).scalar_one()
    method = markdown_page("Method", (PROJECT / "docs" / "method.md").read_text("utf-8"))
    content = self_contained(build_page(config), config, data, method).encode()
    write_whole(out, content)
    return len(content)


def config_of(engine: Engine, *, language: str) -> MapConfig:
    """What the page is told of the data that the database holds. Raises StoreError."""
    with store_errors(), engine.connect() as connection:
        load = connection.execute(select_newest_load()).first()
        oldest, newest = connection.execute(select_days_reported()).one()
    if load is None:
        raise StoreError("No dossier has been loaded: run `scam-atlas load`")
    as_of = load[0]
    return MapConfig(
        as_of=as_of,
        first_day=oldest or as_of - timedelta(days=365),
        last_day=as_of,
        opening_day=newest or as_of,
        attribution=MAP_ATTRIBUTION,
        language=language,
        version=VERSION,
        self_contained=True,
    )


def _collection(connection: Connection, layer: Layer) -> str:
    features = connection.execute(select_features(layer)).scalars()
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
