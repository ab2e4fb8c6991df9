"""The gallery: every frame at one date, three sheet kinds and a pack, and small pictures of them.

`make figures` writes the sheets to build/figures and the small pictures, which docs/figures.md
shows, to docs/images/figures.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from geo.countries import CountryIndex
from geo.dossier import read_dossier
from geo.store.cluster import Cluster
from geo.store.database import open_engine, upgrade
from geo.store.writes import load_dossier
from layers.figures.frames import FRAMES
from layers.published import publish
from service.figures.local import figure
from service.settings import Settings

AT = "2025-03-10"
SHEETS: dict[str, dict[str, str]] = {
    **{frame.id: {"frame": frame.id, "at": AT} for frame in FRAMES},
    "multiples": {
        "kind": "multiples", "frame": "thai-border", "size": "a4-landscape",
        "dates": "2023-01-01,2024-01-01,2025-01-01,2025-03-10,2025-11-01,2026-04-01",
    },
    "change": {
        "kind": "change", "frame": "thai-border", "compare": "2025-01-01", "at": "2025-12-31",
    },
    "displacement": {
        "kind": "displacement", "frame": "south-east-asia", "from": "2023-01-01",
        "to": "2025-12-31",
    },
    "timeline": {"kind": "timeline", "site": "kk-park"},
}  # fmt: skip
PACK = {"frame": "thai-border", "at": AT}
SMALL_PIXELS = 1100
COLOURS = 256


@contextmanager
def loaded_database(settings: Settings) -> Iterator[str]:
    """A database of its own with the dossier, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="scam-atlas-figures-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with Cluster(home, durable=False) as cluster:
            countries = CountryIndex.load(settings.basemap_dir / "countries.geojson")
            upgrade(open_engine(cluster.url))
            dossier = read_dossier(settings.raw_dir, countries=countries)
            load_dossier(open_engine(cluster.url), dossier, publish=publish)
            yield cluster.url


def small(png: bytes) -> bytes:
    """The picture with its longer side shortened and few colours, for a page of documentation."""
    with Image.open(io.BytesIO(png)) as picture:
        picture.thumbnail((SMALL_PIXELS, SMALL_PIXELS), Image.Resampling.LANCZOS)
        held = io.BytesIO()
        # Not the usual median cut, which gives the few pixels of the symbols to their neighbours.
        reduced = picture.convert("RGB").quantize(
            COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        reduced.save(held, "png", optimize=True)
        return held.getvalue()


def main() -> int:
    """Draw them all, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SHEET", help=", ".join([*SHEETS, "pack"]))
    parser.add_argument("--out", type=Path, default=Path("build/figures"))
    parser.add_argument("--gallery", type=Path, default=Path("docs/images/figures"))
    parser.add_argument("--url", help="A database that holds the dossier; else one of its own")
    given = parser.parse_args()
    for folder in (given.out, given.gallery):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = given.names or [*SHEETS, "pack"]
    if given.url:
        draw_all(given.url, wanted, given.out, given.gallery)
    else:
        with loaded_database(Settings()) as url:
            draw_all(url, wanted, given.out, given.gallery)
    return 0


def draw_all(url: str, wanted: list[str], out: Path, gallery: Path) -> None:
    """Write each sheet as PNG, PDF and SVG with its small picture, and the pack."""
    for name in wanted:
        if name == "pack":
            figure(out / "pack.zip", url=url, **PACK)
            print(out / "pack.zip", flush=True)
            continue
        for ending in ("png", "pdf", "svg"):
            made = figure(out / f"{name}.{ending}", url=url, **_named(SHEETS[name]))
            print(out / f"{name}.{ending}", flush=True)
            if ending == "png":
                (gallery / f"{name}.png").write_bytes(small(made))


def _named(asked: dict[str, str]) -> dict[str, str]:
    """The parameters as arguments of Python: `from` is a word of the language."""
    return {"from_" if name == "from" else name: text for name, text in asked.items()}


if __name__ == "__main__":
    sys.exit(main())
