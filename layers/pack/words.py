"""The texts of a pack: caption, alternative text, and the README that says what is what."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

from layers.bibliography import BIBLIOGRAPHIES
from layers.catalog import ATTRIBUTION, LICENSE_URL, layer_by_id
from layers.figures import words
from layers.figures.content import SheetContent
from layers.pack.manifest import Manifest

BASE_MAP = "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth"
_WIDTH = 92
_COLUMN = 36
_FILES = (
    ("figure.pdf", "the sheet to print, its notes and sources on further pages"),
    ("figure.svg", "the sheet to edit; text is text"),
    ("figure.png", "the sheet as a picture"),
    ("caption.txt", "what stands below it in a report"),
    ("alt.txt", "what it shows, for those who cannot see it"),
    ("manifest.json, SHA256SUMS", "query, versions and the checksum of every file"),
)


def caption(content: SheetContent) -> str:
    """What stands below the figure in a report, in one paragraph."""
    publishers = len({source.publisher for source in content.sources})
    rests = (
        f"Rests on {words.counted(len(content.sources), 'source')} of "
        f"{words.counted(publishers, 'publisher')}, listed with the figure."
        if content.sources
        else "No report speaks of this place and time."
    )
    return (
        f"{words.title(content)}. {words.subtitle(content)} {rests} Scam Atlas, data as of "
        f"{words.long_day(content.as_of)}, content {content.content_hash[:12]}. "
        f"Base map: {BASE_MAP}.\n"
    )


def alt_text(content: SheetContent) -> str:
    """What the figure shows, for those who cannot see it."""
    return f"{words.alternative(content)}\n"


def readme(content: SheetContent, manifest: Manifest, counts: Mapping[str, int]) -> str:
    """What is in the pack, what was asked, and how to check both. counts: rows by layer."""
    query = "".join(f"  {name} = {text}\n" for name, text in manifest.query.items())
    program = "".join(f"  {name} {version}\n" for name, version in manifest.program.items())
    rows = "".join(
        f"  data/{layer_id}.csv, .geojson".ljust(_COLUMN)
        + f"{number} rows: {layer_by_id(layer_id).title.lower()}\n"
        for layer_id, number in counts.items()
    )
    named = ", ".join(f"sources.{fmt.extension} ({fmt.title})" for fmt in BIBLIOGRAPHIES)
    return "\n".join(
        (
            f"{words.title(content)}\n{'=' * min(len(words.title(content)), _WIDTH)}\n",
            _said(caption(content)),
            "What is in here\n---------------\n"
            + "".join(f"  {name}".ljust(_COLUMN) + f"{told}\n" for name, told in _FILES)
            + rows
            + f"  {named}\n",
            _said(
                "Every row names its source, where in it the claim stands (locator), how reliable "
                "the source is (A to F) and how credible the claim (1 to 6, Admiralty grades). In "
                "hotspots the columns `evidence` and `control` hold the claims that a state rests "
                "on, as JSON; reports and control hold the same claims a row each. A cell of the "
                "CSV that begins with an apostrophe before = + - or @ is text that a spreadsheet "
                "would else run."
            ),
            f"The query\n---------\n{query}  {manifest.address}\n",
            "The data\n--------\n"
            f"  as of {manifest.as_of.isoformat()}\n"
            f"  all data loaded, SHA-256 {manifest.data_sha256}\n"
            f"  the data shown, SHA-256  {manifest.content_sha256}\n",
            f"Made with\n---------\n{program}",
            "To check it\n-----------\n"
            "  sha256sum -c SHA256SUMS            the files are as they were made\n"
            "  scam-atlas pack --check FILE.zip   what has changed since in the data behind it\n",
            _said(
                f"Data: {ATTRIBUTION}, {LICENSE_URL}. Base map: {BASE_MAP}. Reported is not "
                "proven: a symbol is what a source says, and its note says which."
            ),
        )
    )


def _said(text: str) -> str:
    return fill(text.strip(), _WIDTH) + "\n"
