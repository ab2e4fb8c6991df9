"""What a reader's browser does with the map: measured in headless Chromium, driven as by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

PATIENCE_MS = 180_000
SIZE = {"width": 1400, "height": 900}
# Noted in the page itself, from its first moment on; times are from the request of the page.
_WATCH = """
    globalThis.noted = {};
    const look = () => {
      const shown = globalThis.scamAtlas?.snapshot();
      const { noted } = globalThis;
      if (shown && !noted.symbols && shown.statesOf && Object.keys(shown.sites).length) {
        // Drawn in this frame: on the screen with the next.
        requestAnimationFrame(() => { noted.symbols ??= performance.now(); });
      }
      if (shown?.ready) noted.ready ??= performance.now();
      if (!noted.symbols || !noted.ready) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
_WEIGHT = """
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])
"""
_FRAMES = """
    (() => {
      const times = [];
      const note = (time) => {
        times.push(time);
        globalThis.framing = requestAnimationFrame(note);
      };
      globalThis.frames = times;
      globalThis.framing = requestAnimationFrame(note);
    })()
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening from a cold start: milliseconds after the request, bytes as they were sent."""

    symbols_ms: float
    ready_ms: float
    weight: dict[str, int]
    heap_mb: float


@dataclass(frozen=True, slots=True)
class Drag:
    """Milliseconds between frames while the window was dragged."""

    frames: list[float]

    def percentile(self, share: float) -> float:
        """The time that this share of the frames did not exceed."""
        ordered = sorted(self.frames)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.frames)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium that asks nothing but what it is told to."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            chromium_sandbox=False,
            args=["--disable-background-networking", "--enable-precise-memory-info"],
        )
        yield chromium
        chromium.close()


@contextmanager
def opened(chromium: Browser, url: str) -> Iterator[tuple[Page, Opening]]:
    """The map in a tab of its own with an empty cache, and how long it took."""
    context = chromium.new_context(viewport=SIZE, locale="en-GB", timezone_id="UTC")  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(url)
        waited = 0
        while not page.evaluate("Boolean(noted.symbols && noted.ready)"):
            page.wait_for_timeout(100)
            waited += 100
            if waited > PATIENCE_MS:
                raise TimeoutError(f"{url} was not ready within {PATIENCE_MS / 1000:.0f} s")
        noted = page.evaluate("noted")
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        yield page, Opening(noted["symbols"], noted["ready"], _weight(page), heap)
    finally:
        context.close()


def _weight(page: Page) -> dict[str, int]:
    """Bytes sent, by what they are for."""
    weight = {"page": 0, "scripts": 0, "styles": 0, "data": 0, "base map": 0}
    for name, encoded, _ in page.evaluate(_WEIGHT):
        weight[_kind(urlsplit(name).path)] += encoded
    return weight


def _kind(path: str) -> str:
    if "/basemap/" in path:
        return "base map"
    if path.endswith(".js"):
        return "scripts"
    if path.endswith(".css"):
        return "styles"
    return "data" if path.startswith(("/map/", "/layers/", "/ogc/")) else "page"


def drag(page: Page, times: int = 3) -> Drag:
    """Drag the window to and fro over three quarters of the axis, as a hand would."""
    grip = page.locator("#timebar .window").bounding_box()
    chart = page.locator("#timebar .chart").bounding_box()
    assert grip and chart, "the time bar is not there"  # noqa: S101, PT018
    y = grip["y"] + grip["height"] * 0.7
    start = grip["x"] + grip["width"] / 2
    end = max(chart["x"] + 20, start - chart["width"] * 0.75)
    page.mouse.move(start, y)
    page.mouse.down()
    page.mouse.move(start - 2, y)
    page.evaluate(_FRAMES)
    for _ in range(times):
        page.mouse.move(end, y, steps=90)
        page.mouse.move(start, y, steps=90)
    page.evaluate("cancelAnimationFrame(framing)")
    page.mouse.up()
    at = page.evaluate("frames")
    return Drag([later - one for one, later in pairwise(at)])
