"""Makes a pack: the sheet in every format, the rows, the bibliography, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from layers.bibliography import BIBLIOGRAPHIES, Reference, bibliography
from layers.catalog import SOURCES
from layers.figures.content import SheetContent
from layers.figures.drawing import draw
from layers.figures.request import FigureFormat, FigureKind
from layers.formats.model import CSV, GEOJSON
from layers.formats.text import text_chunks
from layers.pack.archive import sha256, zipped
from layers.pack.manifest import NAME, SUMS, Manifest
from layers.pack.selecting import PackRows
from layers.pack.words import alt_text, caption, readme

FIGURE = "figure"
DATA = "data"
_OPEN_START = (FigureKind.DISPLACEMENT, FigureKind.TIMELINE)


def make_pack(content: SheetContent, rows: PackRows, program: Mapping[str, str]) -> bytes:
    """The zip. program: what makes it, by name and version."""
    files = dict(_sheets(content)) | dict(_data(rows))
    references = [
        Reference.of_source(json.loads(text)["properties"])
        for layer, texts in rows.layers()
        if layer is SOURCES
        for text in texts
    ]
    for fmt in BIBLIOGRAPHIES:
        files[f"sources.{fmt.extension}"] = bibliography(fmt, references).encode()
    files["caption.txt"] = caption(content).encode()
    files["alt.txt"] = alt_text(content).encode()
    manifest = manifest_of(content, program)
    counts = {layer.id: len(texts) for layer, texts in rows.layers()}
    files = {"README.txt": readme(content, manifest, counts).encode(), **files}
    files[NAME] = manifest.written(files)
    files[SUMS] = "".join(f"{sha256(held)}  {name}\n" for name, held in files.items()).encode()
    return zipped(files)


def manifest_of(content: SheetContent, program: Mapping[str, str]) -> Manifest:
    """What was asked, its day always named, and of which data."""
    query = content.request.parameters()
    query.pop("format", None)
    if content.request.period is None and content.request.kind is not FigureKind.MULTIPLES:
        start = "../" if content.request.kind in _OPEN_START else ""
        query["datetime"] = f"{start}{content.at.isoformat()}"
    return Manifest(
        query=query,
        address=_pack_address(content.address),
        as_of=content.as_of,
        data_sha256=content.data_hash,
        content_sha256=content.content_hash,
        program=dict(program),
    )


def _pack_address(address: str) -> str:
    """Path and query of the pack instead of those of one of its sheets."""
    path, mark, query = address.partition("?")
    return f"{path.rpartition('.')[0]}.zip{mark}{query}"


def _sheets(content: SheetContent) -> Iterator[tuple[str, bytes]]:
    for fmt in (FigureFormat.PDF, FigureFormat.SVG, FigureFormat.PNG):
        yield f"{FIGURE}.{fmt.value}", draw(content, fmt)


def _data(rows: PackRows) -> Iterator[tuple[str, bytes]]:
    for layer, texts in rows.layers():
        for fmt in (CSV, GEOJSON):
            name = f"{DATA}/{layer.id}.{fmt.extension}"
            yield name, b"".join(text_chunks(layer, fmt, texts))
