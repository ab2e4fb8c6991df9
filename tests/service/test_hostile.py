"""Requests made to harm: each is refused soon and clearly, and others are served meanwhile."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import RunningService
from tests.service.wire import ask, closes_within, connect, get, parse, read_all, send_all

ITEMS = "/ogc/collections/reports/items"
ITEM = f"{ITEMS}/kk-park-202503-un-hotspot"
SOON_S = 10  # a bound against hanging; the aim is two seconds
DEEP = 10_000


@contextmanager
def another_client_is_served(url: str) -> Iterator[None]:
    """Somebody else asks all the while, and is answered each time."""
    stop = threading.Event()
    failures: list[str] = []

    def go_on() -> None:
        with httpx.Client(base_url=url, timeout=SOON_S) as client:
            while not stop.is_set():
                try:
                    answer = client.get(ITEM)
                    if answer.status_code != 200:
                        failures.append(answer.text)
                except httpx.HTTPError as error:
                    failures.append(repr(error))
                time.sleep(0.01)

    other = threading.Thread(target=go_on)
    other.start()
    try:
        yield
    finally:
        stop.set()
        other.join(2 * SOON_S)
    assert not other.is_alive()
    assert not failures


def refused(url: str, request: bytes, *statuses: int) -> dict[str, object]:
    """The problem document that those bytes are answered with, soon."""
    begun = time.monotonic()
    with another_client_is_served(url):
        answer = ask(url, request)
    assert time.monotonic() - begun < SOON_S
    assert answer.status in statuses, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in answer.headers
    body: dict[str, object] = answer.json()
    assert body["status"] == answer.status
    return body


def deep_json() -> str:
    return '{"op":"not","args":[' * DEEP + "true" + "]}" * DEEP


@pytest.mark.parametrize(
    "query",
    [
        f"filter={'(' * DEEP}credibility=1{')' * DEEP}",
        f"filter={'NOT%20' * 5_000}credibility=1",
        f"filter={quote('credibility=1' + ' OR a=1' * 2_000)}",
        "filter=" + quote(" AND ".join(["summary LIKE '%a%b%c%d%'"] * 60)),
        "filter=summary%20LIKE%20'" + "%25a" * 3_000 + "'",
        "filter-lang=cql2-json&filter=" + "[" * DEEP,
        "filter=" + quote("S_INTERSECTS(geometry,POINT(1e999 NaN))"),
        "filter=%00",
        "filter=summary='%ff%fe'&filter-lang=cql2-json",
        "bbox=NaN,NaN,NaN,NaN",
        "bbox=-inf,-inf,inf,inf",
        "bbox=1e400,0,1,1",
        "bbox=" + "1," * 5_000 + "1",
        "datetime=0000-01-01",
        "datetime=10000-01-01/..",
        "datetime=0000-00-00T00:00:00Z/9999-99-99",
        "datetime=" + "9" * 10_000,
        "limit=" + "9" * 10_000,
        "limit=-1",
        "limit=%D9%A1",
        "limit=1e9",
        "token=" + "A" * 20_000,
        "token=%00",
        "&".join(f"p{number}=1" for number in range(1_000)),
        "&".join(["limit=1"] * 1_000),
        "&" * 10_000 + "x",
        "%00=1",
        "f=%ff",
        "f=" + "j" * 10_000,
    ],
    ids=lambda query: query[:40],
)
@pytest.mark.parametrize("path", [ITEMS, "/layers/reports.geojson"])
def test_a_query_that_cannot_be_answered_is_400(site_url, path, query):
    body = refused(site_url, get(f"{path}?{query}"), 400)
    assert len(str(body["detail"])) < 2_000


def test_json_nested_ten_thousand_deep_is_too_long_an_address(site_url):
    refused(site_url, get(f"{ITEMS}?filter-lang=cql2-json&filter={quote(deep_json())}"), 414)


def test_a_filter_of_five_megabytes_is_too_long_an_address(site_url):
    refused(site_url, get(f"{ITEMS}?filter={'a' * 5_000_000}"), 414)


def test_a_hundred_megabytes_in_one_header_are_refused(site_url):
    refused(site_url, get(ITEMS, "X-Large: " + "a" * 100_000_000), 431)


def test_endless_headers_are_refused(site_url):
    refused(site_url, get(ITEMS, *(f"X-{number}: 1" for number in range(2_000_000))), 431)


@pytest.mark.parametrize(
    "headers",
    [
        ["Cookie: " + "a" * 20_000],
        [f"X-{number}: 1" for number in range(200)],
        ["Accept: " + "text/html," * 5_000],
        ["Accept-Encoding: " + "gzip;q=0.1," * 5_000],
        ["If-None-Match: " + '"a",' * 10_000],
    ],
    ids=lambda headers: headers[0][:20],
)
def test_large_headers_and_many_are_refused(site_url, headers):
    refused(site_url, get(ITEMS, *headers), 431)


@pytest.mark.parametrize(
    "host",
    ["[::1", "a b", "<script>", "a:99999999", "a/b?c#d", "user@host", '"', "\xff", "a," * 50],
)
@pytest.mark.parametrize("path", [ITEM, "/ogc/collections", "/docs", "/layers/reports.geojson"])
def test_a_host_that_is_none_is_refused(site_url, path, host):
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    assert "Host" in str(refused(site_url, request.encode("latin-1"), 400)["detail"])


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/%00/items",
        "/ogc/collections/%ff%fe/items",
        f"{ITEMS}/%00",
        f"{ITEMS}/%ff",
        f"{ITEMS}/" + "a" * 20_000,
        f"{ITEMS}/..%2f..%2f..%2fetc%2fpasswd",
        "/layers/%00.geojson",
        "/layers/reports.%00",
        "/static/%00",
        "/static/%ff",
        "/static/..%2f..%2fpyproject.toml",
        "/static/" + "a/" * 5_000,
        "/static/" + "a" * 5_000,
        "/%00",
        "//evil.example/ogc",
        "/" * 10_000,
    ],
    ids=lambda path: path[:40],
)
def test_a_path_that_names_nothing_is_404(site_url, path):
    refused(site_url, get(path), 404)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\0" * 100_000,
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_not_http_is_400(site_url, request_bytes):
    refused(site_url, request_bytes, 400)


def test_garbage_behind_a_request_does_not_spoil_its_answer(site_url):
    with another_client_is_served(site_url), connect(site_url) as sock:
        send_all(
            sock, get(ITEM).replace(b"Connection: close\r\n", b"") + b"\0garbage\r\n\r\n" * 100
        )
        received = read_all(sock)
    answer = parse(received)
    assert answer.status == 200
    assert json.loads(answer.body[: int(answer.headers["content-length"])])["type"] == "Feature"


def test_thousands_of_requests_at_once_on_one_connection_are_not_all_taken(site_url):
    one = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with another_client_is_served(site_url), connect(site_url) as sock:
        send_all(sock, one * 5_000)
        received = read_all(sock)
    assert 1 <= received.count(b"HTTP/1.1 200") <= 100


@pytest.mark.parametrize("path", [ITEM, "/ogc", "/layers/reports.geojson"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_body_is_not_taken(site_url, path, method):
    answer = httpx.request(method, site_url + path, content=b"a" * 1_000_000)
    assert answer.status_code == 413
    chunked = httpx.request(method, site_url + path, content=iter([b"a" * 10_000] * 10))
    assert chunked.status_code == 413


def test_a_body_of_a_hundred_megabytes_is_not_kept(site_url):
    with another_client_is_served(site_url):
        answer = httpx.post(site_url + ITEMS, content=b"a" * 100_000_000, timeout=SOON_S)
    assert answer.status_code == 405


@pytest.mark.parametrize("wanted", ["websocket", "h2c"])
def test_an_upgrade_is_not_followed(site_url, wanted):
    headers = [f"Upgrade: {wanted}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXA="]
    request = get(ITEM, *headers).replace(b"Connection: close", b"Connection: Upgrade")
    assert ask(site_url, request, 2).status == 200


def test_storms_of_patterns_leave_others_served(site_url):
    pattern = quote(" OR ".join(f"CASEI(summary) LIKE CASEI('%{n}%z%')" for n in range(12)))

    def one(_: int) -> int:
        return httpx.get(f"{site_url}{ITEMS}?filter={pattern}", timeout=SOON_S).status_code

    with another_client_is_served(site_url), ThreadPoolExecutor(16) as many:
        statuses = set(many.map(one, range(64)))
    assert statuses <= {200, 503}


@pytest.fixture(scope="module")
def impatient_url(database_url):
    """The service with little patience for its clients."""
    settings = {"request_timeout_s": 1, "reader_timeout_s": 1, "max_connections": 20}
    with RunningService(database_url, **settings) as service:
        yield service.url


def test_a_client_that_says_nothing_is_left(impatient_url):
    with another_client_is_served(impatient_url), connect(impatient_url) as sock:
        assert closes_within(sock, SOON_S)


def test_a_request_that_comes_byte_by_byte_is_not_waited_for(impatient_url):
    with another_client_is_served(impatient_url), connect(impatient_url, 0.2) as sock:
        begun, received = time.monotonic(), b""
        for byte in get(ITEM + "?" + "x" * 1_000):
            send_all(sock, bytes([byte]))
            received += read_all(sock)
            if received or time.monotonic() - begun > SOON_S:
                break
    assert parse(received).status == 408


def test_a_reader_that_stops_is_dropped(impatient_url):
    one = get(f"{ITEMS}?limit=1000").replace(b"Connection: close\r\n", b"")
    with another_client_is_served(impatient_url), connect(impatient_url, window=4096) as sock:
        send_all(sock, one * 20)
        time.sleep(4)
        assert closes_within(sock, SOON_S)


def test_many_idle_clients_make_room_for_others(impatient_url):
    with another_client_is_served(impatient_url):
        idle = [connect(impatient_url) for _ in range(60)]
        for sock in idle:
            sock.close()


def test_half_closed_connections_are_ended(impatient_url):
    with connect(impatient_url) as sock:
        send_all(sock, b"GET / HTTP/1.1\r\nHost: a\r\n")
        sock.shutdown(1)
        assert closes_within(sock, SOON_S)


def test_a_reader_that_stops_does_not_keep_the_service_from_ending(database_url):
    with RunningService(database_url) as service:
        sock = connect(service.url, window=4096)
        send_all(sock, get("/layers/reports.geojson"))
        assert sock.recv(100)
    assert closes_within(sock, SOON_S)
    sock.close()
