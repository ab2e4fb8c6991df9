"""Sharing: links and frames of a view, the map within another page, the online background."""

from __future__ import annotations

import base64
import re
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.browser

VIEW = "#map=7/16.6/98.6&from=2024-06-01&to=2025-05-31&site=kk-park"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TILES = "https://tile.openstreetmap.org/"


def menu(atlas):
    atlas.page.get_by_text("Menu", exact=False).first.click()
    return atlas.page.locator("#menu")


def share(atlas):
    menu(atlas).get_by_role("button", name="Share or embed").click()
    return atlas.page.get_by_role("dialog", name="Share this view")


def test_the_link_of_the_dialog_brings_the_view_back(atlas):
    before = atlas.open(VIEW).snapshot()
    link = share(atlas).get_by_label("Link to this view").input_value()
    again = atlas.open(link.removeprefix(f"{atlas.url}/")).snapshot()
    for part in ("hash", "sites", "counts"):
        assert again[part] == before[part]


def test_the_dialog_is_closed_by_key_and_gives_the_focus_back(atlas):
    dialog = share(atlas.open(VIEW))
    assert atlas.page.evaluate("document.activeElement.id") == "share-link"
    atlas.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert atlas.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_link_is_copied(atlas):
    atlas.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = share(atlas.open(VIEW))
    dialog.get_by_role("button", name="Copy the link").click()
    dialog.get_by_text("Copied").wait_for()
    copied = atlas.page.evaluate("navigator.clipboard.readText()")
    assert copied == dialog.get_by_label("Link to this view").input_value()


class Newspaper(BaseHTTPRequestHandler):
    """A page of another origin with one frame in it."""

    frame = ""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.frame.encode() if self.path == "/" else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def newspaper():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newspaper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_another_site_can_frame_the_map_with_that_code_and_not_the_whole_page(
    browser, atlas, newspaper
):
    dialog = share(atlas.open(VIEW))
    dialog.get_by_label("Size of the frame").select_option("small")
    code = dialog.get_by_label("Code for a frame").input_value()
    assert 'width="480"' in code
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    Newspaper.frame = code
    page.goto(newspaper)
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Whole map").wait_for()
    frame.locator("#timebar .window").wait_for()
    assert frame.locator("#asking").is_hidden()
    assert said == []
    Newspaper.frame = code.replace("?embed=1", "")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(newspaper)
    context.close()


def test_the_framed_map_leads_to_the_whole_map_at_its_view(atlas):
    atlas.open(f"?embed=1{VIEW}")
    atlas.page.locator("#timebar .window").focus()
    atlas.page.keyboard.press("ArrowLeft")
    moved = atlas.wait_for(lambda shown: shown["window"]["to"] < "2025-05-31").snapshot()
    link = atlas.page.get_by_role("link", name="Whole map")
    assert link.get_attribute("href") == f"{atlas.url}/{moved['hash']}"
    assert link.get_attribute("target") == "_blank"


def test_the_framed_map_keeps_the_panel_away_until_something_is_chosen(atlas):
    atlas.open("?embed=1#map=7/16.6/98.6")
    assert atlas.page.locator("#panel").is_hidden()
    atlas.go(VIEW)
    atlas.page.locator("#panel").get_by_role("heading", name="KK Park").wait_for()


def test_the_page_names_its_oembed_and_that_frames_the_map(atlas, client):
    atlas.open()
    link = atlas.page.locator('link[type="application/json+oembed"]')
    told = client.get(link.get_attribute("href")).json()
    address = unescape(re.search(r'src="([^"]+)"', told["html"])[1])
    shown = atlas.open(address.removeprefix(f"{atlas.url}/")).snapshot()
    assert shown["sites"]


def test_without_the_switch_nothing_foreign_is_asked_and_with_it_only_that_host(atlas):
    asked = []

    def answer(route):
        asked.append(route.request)
        route.fulfill(body=PIXEL, content_type="image/png")

    atlas.page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), answer)
    atlas.open("#map=7/16.6/98.6")
    assert asked == []
    switch = menu(atlas).get_by_label("Map images of OpenStreetMap")
    assert not switch.is_checked()
    assert "learns your address" in atlas.text("#background")
    atlas.forgiven = [f"foreign request: {TILES}"]
    with atlas.page.expect_request(f"{TILES}**"):
        switch.check()
    atlas.page.locator(".leaflet-tile-loaded").first.wait_for()
    assert all(request.url.startswith(TILES) for request in asked)
    assert all(request.resource_type == "image" for request in asked)
    # Which site asks is told, as the tile servers require; which view it shows is not.
    assert {request.headers.get("referer") for request in asked} == {f"{atlas.url}/"}
    assert atlas.page.locator(".attribution a").inner_text() == "© OpenStreetMap contributors"
    assert "osm" not in atlas.snapshot()["hash"]


def test_the_online_background_is_off_again_at_the_next_visit(atlas):
    atlas.page.context.route(
        f"{TILES}**", lambda route: route.fulfill(body=PIXEL, content_type="image/png")
    )
    atlas.forgiven = [f"foreign request: {TILES}"]
    atlas.open("#map=7/16.6/98.6")
    menu(atlas).get_by_label("Map images of OpenStreetMap").check()
    atlas.page.locator(".leaflet-tile-loaded").first.wait_for()
    atlas.faults.clear()
    atlas.reload()
    assert atlas.faults == []
    assert not atlas.page.locator("#osm").is_checked()
