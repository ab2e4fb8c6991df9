"""A headless Chromium before the real service; every fault that it reports fails the test."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = [
    "--disable-background-networking",
    # The browser itself calls home; nothing but this machine has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
PATIENCE_S = 15.0


class Atlas:
    """The map in one tab, driven as a person would, and what it says that it draws."""

    def __init__(self, page: Page, site_url: str) -> None:
        self.page = page
        self.url = site_url
        self.faults: list[str] = []
        self.forgiven: list[str] = []
        """Parts of messages that this test provokes."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", self._on_request)

    def _on_console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.faults.append(f"foreign request: {request.url}")

    @property
    def unforgiven(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]

    def open(self, view: str = "") -> Atlas:
        """Open the map at the view that this part of an address names, and wait for it."""
        # An address that differs only after # would not be loaded again.
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/{view}")
        return self.wait_for(lambda shown: shown["ready"])

    def go(self, view: str) -> Atlas:
        """Go to another view of the map that is open, as the browser's own history does."""
        self.page.evaluate("view => { location.hash = view }", view)
        return self.wait_for(lambda shown: shown["ready"])

    def reload(self) -> Atlas:
        # The address follows a change of the state after a moment, as browsers want it.
        changed = "to=" in self.page.url
        self.wait_for(lambda shown: not changed or self.page.url.endswith(shown["hash"]))
        self.page.reload()
        return self.wait_for(lambda shown: shown["ready"])

    def snapshot(self) -> dict[str, Any]:
        # The policy forbids `eval`, so Playwright's own waiting does not work on this page.
        shown = self.page.evaluate("globalThis.scamAtlas?.snapshot() ?? {ready: false}")
        assert isinstance(shown, dict)
        return shown

    def wait_for(self, holds: Callable[[dict[str, Any]], bool]) -> Atlas:
        """Wait until the map is at rest and `holds` is true of it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            shown = self.snapshot()
            if shown["ready"] and holds(shown):
                # What is drawn and written follows the state within two frames.
                self.page.evaluate(
                    "new Promise(done => requestAnimationFrame("
                    "() => requestAnimationFrame(() => requestAnimationFrame(done))))"
                )
                if holds(self.snapshot()):
                    return self
            if time.monotonic() > deadline:
                told = {name: shown.get(name) for name in ("ready", "hash", "counts", "choice")}
                raise AssertionError(f"the map never came to that: {told}")
            self.page.wait_for_timeout(25)

    def click(self, drawn_id: str) -> None:
        """Click on a site or a flow where it is drawn."""
        place = self.page.evaluate("id => scamAtlas.whereIs(id)", drawn_id)
        assert place, f"{drawn_id} is not drawn"
        box = self.page.locator("#map_atlas").bounding_box()
        assert box
        self.page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            chromium_sandbox=False,
            args=ARGUMENTS,
        )
        yield chromium
        chromium.close()


def _in_tab(context: BrowserContext, site_url: str) -> Iterator[Atlas]:
    atlas = Atlas(context.new_page(), site_url)
    yield atlas
    context.close()
    assert atlas.unforgiven == []


@pytest.fixture
def atlas(browser: Browser, site_url: str) -> Iterator[Atlas]:
    """The map on a desk, 1400 by 900."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="en-GB", timezone_id="UTC"
    )
    yield from _in_tab(context, site_url)


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Atlas]:
    """The map on a telephone, 390 by 844, touched with a finger."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
    )
    yield from _in_tab(context, site_url)


@pytest.fixture(scope="module")
def open_tab(browser: Browser, site_url: str) -> Iterator[Atlas]:
    """A tab of 1400 by 900 that the tests of one file share."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="en-GB", timezone_id="UTC"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield Atlas(context.new_page(), site_url).open()
    context.close()


@pytest.fixture
def reader(open_tab: Atlas) -> Iterator[Atlas]:
    """The map that is open already, for tests that `go` to their view instead of opening one."""
    open_tab.page.mouse.move(5, 5)
    yield open_tab
    faults, open_tab.faults = open_tab.unforgiven, []
    assert faults == []
