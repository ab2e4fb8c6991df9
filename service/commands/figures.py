"""`scam-atlas figure` and `scam-atlas pack`: static maps as files, and their check years later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import InvalidFilter
from service.commands.options import BadOption, named_by_option, with_figure_options
from service.commands.shared import err, out, prepared_database
from service.settings import Settings

if TYPE_CHECKING:
    from layers.figures.request import FigureRequest

CHANGED = 3
"""Exit status of `pack --check` where the data behind the pack say something else now."""

OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="File to write, whole or not at all.")
]


def figure(out_file: OutOption = None, *, asked: dict[str, str]) -> None:
    """Draw a static map that a report can print and a lawyer can check.

    The ending of --out says the format: .pdf (all notes and sources), .svg or .png. The same
    options on the same data make the same bytes. Example:
    scam-atlas figure --frame thai-border --at 2025-03-10 --out kayin.pdf
    """
    from layers.figures.request import FigureFormat

    path = _given(out_file)
    ending = path.suffix.removeprefix(".").lower()
    if ending not in set(FigureFormat):
        known = ", ".join(f".{fmt}" for fmt in FigureFormat)
        hint = "; `scam-atlas pack` makes a .zip" if ending == "zip" else ""
        raise BadOption(f"--out '{path}': ends with one of {known}{hint}")
    from service.figures.local import figure_file

    _make(asked | {"format": ending}, figure_file, path)


def pack(
    out_file: OutOption = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", help="Pack to check: what has changed since in the data behind it"),
    ] = None,
    *,
    asked: dict[str, str],
) -> None:
    """Put a static map and all that it rests on into one zip; or check such a zip.

    A pack holds PDF, SVG and PNG, the rows behind them as CSV and GeoJSON, the sources for
    reference managers, caption and alternative text, the query, and the SHA-256 of every file.
    --check names every row that was added, changed or removed since; exit status 0 says that
    nothing has changed, 3 that something has, 1 that the pack cannot be checked.
    """
    if check is not None:
        if out_file is not None or asked:
            raise BadOption("--check: stands alone; the pack itself says what was asked")
        _check(check)
        return
    path = _given(out_file)
    if path.suffix.lower() != ".zip":
        raise BadOption(f"--out '{path}': a pack ends with .zip")
    from service.figures.local import pack_file

    _make(asked | {"format": "png"}, pack_file, path)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (figure, pack):
        app.command()(with_figure_options(command))


def _given(out_file: Path | None) -> Path:
    if out_file is None:
        raise BadOption("--out: say which file to write, such as --out kayin.pdf")
    if not out_file.parent.is_dir():
        raise BadOption(f"--out '{out_file}': there is no folder '{out_file.parent}'")
    if out_file.is_dir():
        raise BadOption(f"--out '{out_file}': is a folder")
    return out_file


def _make(asked: dict[str, str], make: Callable[[str, FigureRequest], bytes], path: Path) -> None:
    """Draw and write; what is wrong with the options is told before a database is started."""
    from layers.figures.request import FigureRequest
    from service.figures.local import write_whole

    try:
        request = FigureRequest.parse(asked)
        with prepared_database(Settings()) as url:
            file = make(url, request)
    except InvalidFilter as error:
        raise named_by_option(error, asked) from error
    write_whole(path, file)
    out.print(f"{path}: {len(file):,} bytes, SHA-256 {hashlib.sha256(file).hexdigest()}")


def _check(path: Path) -> None:
    from layers.pack.checking import read_pack
    from service.figures.local import checked_pack

    held = read_pack(path)
    with prepared_database(Settings()) as url:
        verdict = checked_pack(url, held)
    told = f"as of {verdict.manifest.as_of}, now as of {verdict.as_of}"
    if not verdict.changes:
        out.print(f"Nothing has changed in the data behind {path.name} ({told}).", markup=False)
        return
    for change in verdict.changes:
        out.print(str(change), markup=False)
    counts = Counter(change.change for change in verdict.changes)
    summary = ", ".join(f"{counts[kind]} {kind}" for kind in ("added", "changed", "removed"))
    err.print(f"The data behind {path.name} have changed: {summary} ({told}).", markup=False)
    raise typer.Exit(CHANGED)
