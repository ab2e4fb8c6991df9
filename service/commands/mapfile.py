"""`scam-atlas map`: the time map as one file that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.errors import ScamAtlasError
from geo.store.database import open_engine
from service.commands.options import BadOption
from service.commands.shared import out, prepared_database
from service.settings import Settings

OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="File to write, whole or not at all.")
]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of the interface.")]


def map_file(out_file: OutOption = None, language: LanguageOption = "en") -> None:
    """Write the time map as one file, which opens from disk without any network.

    It holds the claims that the database holds, the base map and the scripts. Example:
    scam-atlas map --out map.html
    """
    # Folium and the pandas that it brings take a second; no other command needs them.
    from service.mapfile import check_place, config_of, write_map
    from web.catalogue import catalogue

    if out_file is None:
        raise BadOption("--out: say which file to write, such as --out map.html")
    try:
        catalogue(language)
    except LookupError as error:
        raise ScamAtlasError(f"--lang: {error}") from error
    check_place(out_file)
    with prepared_database(Settings()) as url:
        engine = open_engine(url)
        size = write_map(engine, out_file, config_of(engine, language=language))
    out.print(f"{out_file} ({size / 1e6:.1f} MB) opens in a browser and needs no network.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("map")(map_file)
