"""Pages of more than a thousand features, which are sent in pieces as they are."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from benchmarks import synthetic
from geo.store.database import scratch_database
from service.light.http import PIECE_BYTES, LongBody
from tests.conftest import RunningService

ITEMS = "/ogc/collections/reports/items"
REPORTS = 2_500


@pytest.fixture(scope="module")
def many(cluster):
    with scratch_database(cluster.url) as url:
        synthetic.load(url, 60, REPORTS)
        with RunningService(url) as service:
            yield service


@pytest.fixture
def asking(many):
    with httpx.Client(base_url=many.url, timeout=30) as client:
        yield client


def test_a_large_page_is_whole_and_says_its_length(asking):
    answer = asking.get(ITEMS, params={"limit": "10000"}, headers={"Accept-Encoding": "identity"})
    body = answer.json()
    assert len({feature["id"] for feature in body["features"]}) == REPORTS
    assert body["numberReturned"] == body["numberMatched"] == REPORTS
    assert int(answer.headers["content-length"]) == len(answer.content) > 4 * PIECE_BYTES


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_large_page_is_the_same_compressed(asking, coding):
    plain = asking.get(ITEMS, params={"limit": "2000"}).json()
    packed = asking.get(ITEMS, params={"limit": "2000"}, headers={"Accept-Encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert packed.json()["features"] == plain["features"]


def test_the_head_of_a_large_page_has_its_length_and_no_body(asking):
    head = asking.head(ITEMS, params={"limit": "2000"}, headers={"Accept-Encoding": "identity"})
    assert int(head.headers["content-length"]) > 1_000_000
    assert head.content == b""


def test_pages_hold_the_same_features_whatever_their_size(asking):
    def ids(limit):
        found, url = [], f"{ITEMS}?limit={limit}"
        while url:
            body = asking.get(url).json()
            found += [feature["id"] for feature in body["features"]]
            url = next((x["href"] for x in body["links"] if x["rel"] == "next"), None)
        return found

    assert ids(1001) == ids(700) == ids(10_000)


def test_many_large_pages_at_once_all_arrive(many):
    async def ask():
        async with httpx.AsyncClient(base_url=many.url, timeout=60) as client:
            return await asyncio.gather(
                *(client.get(ITEMS, params={"limit": "10000"}) for _ in range(8))
            )

    answers = asyncio.run(ask())
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.text[-200:] for answer in answers}) == 1


def test_a_long_body_lets_go_of_what_is_sent():
    parts = [b"x" * 1000 for _ in range(1000)]
    body = LongBody(parts)
    assert len(body) == 1_000_000
    pieces = list(body.pieces())
    assert b"".join(pieces) == b"x" * 1_000_000
    assert all(len(piece) <= PIECE_BYTES + 1000 for piece in pieces)
    assert parts == []
