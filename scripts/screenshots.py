"""Pictures of every view of the map, from a fresh service with the dossier: `make screenshots`.

Each view is an address, so the same pictures can be made again. They go to `docs/images/map`, with
256 colours, which is enough for a map and keeps each below 250 kB.
"""

from __future__ import annotations

import io
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.fresh_service import running_service

FOLDER = Path(__file__).parent.parent / "docs" / "images" / "map"
MOST_BYTES = 250_000
WIDEST = 1600
PATIENCE_S = 180.0

SPRING_2025 = "#map=7/16.7/98.5&from=2024-03-11&to=2025-03-10"
MAE_SOT = "#map=10/16.75/98.5&from=2025-01-01&to=2025-01-31"
KOKANG = "#map=6/20/99&from=2023-10-27&to=2024-12-31"


@dataclass(frozen=True)
class View:
    """One picture: an address of the map and the screen it is seen on."""

    name: str
    address: str
    width: int = 1400
    height: int = 900
    scheme: Literal["light", "dark"] = "light"
    phone: bool = False
    paper: bool = False
    press: tuple[str, ...] = ()
    """Names of buttons pressed before, one after the other."""
    type: str = ""
    """Words written into the search."""


VIEWS = (
    View("region", ""),
    View("site", f"{SPRING_2025}&site=kk-park"),
    View("contested", f"{SPRING_2025}&site=payathonzu"),
    View("move", f"{KOKANG}&flow=kokang-saz-to-kayin-thai-border-un"),
    View("actor", f"{SPRING_2025}&colour=actor&actor=dkba"),
    View("gathered", "#map=10/16.69/98.51&from=2024-03-11&to=2025-03-10&place=myawaddy"),
    View("method", f"{SPRING_2025}&page=method"),
    View("table", f"{SPRING_2025}&table=sites/-reports"),
    View("filters", SPRING_2025, press=("Filters",)),
    View("search", SPRING_2025, type="kk园"),
    View("compare", "#map=8/16.7/98.5&from=2025-07-01&to=2025-12-31&compare=2025-09-01"),
    View("swipe", "#map=6/14/103&from=2025-01-01&to=2025-12-31&compare=2024-06-30&swipe=55"),
    View("dark", f"{SPRING_2025}&site=kk-park", scheme="dark"),
    View("phone", SPRING_2025, 360, 740, phone=True),
    View("phone-site", f"{SPRING_2025}&site=kk-park", 360, 740, phone=True),
    View("phone-table", f"{SPRING_2025}&table=sites", 360, 740, phone=True, scheme="dark"),
    View("wide", f"{SPRING_2025}&site=kk-park", 2560, 1440),
    View("embed", f"?embed=1{SPRING_2025}", 800, 500),
    View("print", SPRING_2025, 1080, 760, paper=True),
    View("language", f"?lang=fr{SPRING_2025}&site=kk-park"),
    View("task-1-mae-sot", f"{MAE_SOT}&table=control//protects"),
    View("task-2-kokang", f"{KOKANG}&table=moves//kokang"),
    View(
        "task-3-kk-park",
        "#map=11/16.63/98.55&from=2025-09-01&to=2025-12-31&site=kk-park&compare=2025-09-01",
    ),
    View("task-4-dkba", "#map=7.5/16.2/98.5&from=2022-01-01&to=2026-11-22&f.actor=dkba&actor=dkba"),
    View(
        "task-5-malaysia", "#map=6/4.2/108&from=2025-01-01&to=2025-12-31&table=reports&f.country=MY"
    ),
)


def _wait(page: Page) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate("globalThis.scamAtlas?.snapshot().ready ?? false"):
        if time.monotonic() > deadline:
            sys.exit(f"The map did not come to rest: {page.url}")
        page.wait_for_timeout(100)
    page.wait_for_timeout(700)  # what is written beside the map follows a moment later


def picture(browser: Browser, site: str, view: View) -> bytes:
    """The view as PNG."""
    screen: dict[str, Any] = {"has_touch": True, "is_mobile": True} if view.phone else {}
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
        device_scale_factor=2 if view.phone else 1,
        **screen,
    )
    context.set_default_timeout(1000 * PATIENCE_S)
    page = context.new_page()
    page.goto(f"{site}/{view.address}")
    _wait(page)
    for name in view.press:
        page.get_by_role("button", name=name, exact=True).click()
    if view.type:
        page.get_by_role("combobox").first.fill(view.type)
    if view.press or view.type:
        _wait(page)
    if view.paper:
        page.emulate_media(media="print")
        _wait(page)
    taken = page.screenshot()
    context.close()
    return taken


def small(png: bytes) -> bytes:
    """The picture with 256 colours; fewer where it would still be too large."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > WIDEST:
        image.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        # Not the usual median cut, which gives the few pixels of the symbols to their neighbours.
        reduced = image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def main() -> None:
    """Make the pictures whose names are given, or all."""
    asked = set(sys.argv[1:])
    unknown = asked - {view.name for view in VIEWS}
    if unknown:
        sys.exit(f"No view is called {', '.join(sorted(unknown))}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_service() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            chromium_sandbox=False,
        )
        for view in VIEWS:
            if not asked or view.name in asked:
                path = FOLDER / f"{view.name}.png"
                path.write_bytes(small(picture(browser, site, view)))
                print(f"{path.name}: {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
