"""What is true of every route: methods, headers of safety and of sharing, what may be kept."""

from __future__ import annotations

import httpx
import pytest

from service.security import HEADERS
from tests.conftest import RunningService

ITEMS = "/ogc/collections/reports/items"
DATA = [
    "/ogc",
    "/ogc/conformance",
    "/ogc/collections",
    "/ogc/collections/reports",
    ITEMS,
    f"{ITEMS}/kk-park-202503-un-hotspot",
    "/ogc/collections/hotspots/items",
    "/layers/reports.geojson",
    "/layers/displacement.kml",
    "/openapi.json",
]
PAGES = ["/", "/docs", "/method", "/healthz", "/readyz", "/static/css/atlas.css", "/map.js"]
FAULTS = [
    "/ogc/collections/none",
    "/ogc/collections/none/items",
    f"{ITEMS}?limit=no",
    f"{ITEMS}/none",
    "/layers/none.csv",
    "/ogc/nothing",
]
READING = {"GET", "HEAD", "OPTIONS"}


def allowed(answer: httpx.Response) -> set[str]:
    return {method.strip() for method in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("path", [*DATA, *PAGES])
def test_head_answers_as_get_does_without_a_body(client, path):
    got, asked = client.get(path, timeout=30), client.head(path, timeout=30)
    assert got.status_code == asked.status_code == 200
    assert asked.content == b""
    for name in ("content-type", "cache-control", "vary", "content-disposition", "content-crs"):
        assert asked.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("path", [*DATA, *PAGES])
def test_options_tells_what_is_allowed(client, path):
    answer = client.options(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert allowed(answer) == READING


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", [*DATA, *PAGES])
def test_another_method_is_405_and_told_the_right_ones(client, path, method):
    answer = client.request(method, path)
    if answer.status_code == 400:
        assert method == "BREW"  # no method of HTTP at all
        return
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert allowed(answer) == READING


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_a_path_that_does_not_exist_is_404_for_every_method(client, method):
    assert client.request(method, "/ogc/nothing").status_code == 404


@pytest.mark.parametrize("path", [*DATA, *FAULTS])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_any_page_may_read_the_data(client, path, method):
    answer = client.request(method, path, headers={"Origin": "https://example.org"}, timeout=30)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    exposed = answer.headers["access-control-expose-headers"]
    for name in ("Link", "ETag", "Content-Crs", "Retry-After", "Content-Disposition"):
        assert name in exposed
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/ogc", ITEMS, "/layers/reports.geojson"])
def test_a_browser_that_asks_first_is_told_yes(client, path):
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = client.options(path, headers=asked)
    assert answer.status_code == 200
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "*"
    assert int(answer.headers["access-control-max-age"]) > 0


@pytest.mark.parametrize("path", ["/", "/docs", "/static/css/atlas.css"])
def test_our_own_pages_are_not_for_other_sites(client, path):
    answer = client.get(path)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", [*DATA, *PAGES, *FAULTS, "/nothing"])
def test_every_answer_says_what_a_browser_may_do_with_it(client, path):
    answer = client.get(path, timeout=30)
    for name, value in HEADERS.items():
        if (path, name) != ("/", "Content-Security-Policy"):  # the map's own: test_sharing
            assert answer.headers[name] == value
    assert answer.headers["cache-control"]
    if answer.status_code >= 400:
        assert answer.headers["cache-control"] == "no-store"


def test_a_fault_of_ours_keeps_its_headers(empty_url):
    """Without a schema every route fails."""
    with RunningService(empty_url) as service, httpx.Client(base_url=service.url) as client:
        for path in (ITEMS, "/readyz", "/"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            for name, value in HEADERS.items():
                assert answer.headers[name] == value


@pytest.mark.parametrize("path", ["/static/css/atlas.css", "/favicon.ico", "/static/js/main.js"])
def test_static_files_are_asked_for_again_and_not_sent_again(client, path):
    first = client.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == (304 if path.startswith("/static") else 200)
