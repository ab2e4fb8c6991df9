"""Validators and versions: what a client may keep, and when it is told of something new."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.rows import dossier_rows
from geo.store.tables import report
from geo.store.writes import load_dossier, merge_rows
from layers.published import publish
from tests.conftest import RunningService

ITEMS = "/ogc/collections/reports/items"
ITEM = f"{ITEMS}/kk-park-202503-un-hotspot"


@pytest.fixture
def own_url(cluster, dossier):
    with scratch_database(cluster.url) as url:
        upgrade(open_engine(url))
        load_dossier(open_engine(url), dossier, publish=publish)
        yield url


@pytest.mark.parametrize("path", [ITEMS, ITEM, f"{ITEMS}?bbox=98,16,99,17&limit=3"])
def test_what_has_not_changed_is_304_without_a_body(client, path):
    first = client.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag


def test_a_validator_of_another_address_is_not_taken(client):
    etag = client.get(ITEMS).headers["etag"]
    other = client.get(f"{ITEMS}?limit=3", headers={"If-None-Match": etag})
    assert other.status_code == 200


def test_no_two_bodies_share_a_strong_validator(client):
    answers = [client.get(ITEMS, params={"limit": "1"}) for _ in range(20)]
    assert len({a.headers["etag"] for a in answers}) == 20


def test_a_validator_holds_in_another_process_of_the_same_data(database_url, site_url):
    """The address is part of it, so two services are asked by the same name."""
    names = {"Host": "atlas.example.org"}
    etag = httpx.get(f"{site_url}{ITEM}", headers=names).headers["etag"]
    with RunningService(database_url) as other:
        asked = httpx.get(f"{other.url}{ITEM}", headers={**names, "If-None-Match": etag})
    assert asked.status_code == 304


def test_a_load_is_known_at_once_by_a_running_service(own_url, dossier):
    with RunningService(own_url) as service, httpx.Client(base_url=service.url) as client:
        before = client.get(ITEM)
        assert client.get(ITEMS).json()["numberMatched"] == len(dossier.reports)
        reports = tuple(
            replace(r, summary="Another wording.") if r.report_id in ITEM else r
            for r in dossier.reports[1:]
        )
        load_dossier(
            open_engine(own_url), replace(dossier, sha256="9" * 64, reports=reports), None, publish
        )
        after = client.get(ITEM, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["properties"]["summary"] == "Another wording."
        assert client.get(ITEMS).json()["numberMatched"] == len(dossier.reports) - 1


@pytest.mark.parametrize("path", [ITEMS, ITEM])
def test_head_gives_the_headers_of_get_and_no_body(client, path):
    got, asked = client.get(path), client.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers["content-length"] == got.headers["content-length"]


def test_pages_keep_their_rows_while_others_are_added(own_url, dossier):
    """A walk through all pages, with a load in the middle: nothing twice, nothing old missing."""
    engine = open_engine(own_url)
    with RunningService(own_url) as service, httpx.Client(base_url=service.url) as client:
        seen, url, pages = [], f"{ITEMS}?limit=100", 0
        while url:
            body = client.get(url).json()
            seen += [feature["id"] for feature in body["features"]]
            url = next((x["href"] for x in body["links"] if x["rel"] == "next"), None)
            pages += 1
            if pages == 3:
                new = replace(dossier.reports[0], report_id="a-new-first-report")
                reports = (new, *dossier.reports)
                load_dossier(
                    engine, replace(dossier, sha256="8" * 64, reports=reports), None, publish
                )
    assert len(seen) == len(set(seen))
    assert {report.report_id for report in dossier.reports} <= set(seen)


def test_claims_that_are_added_reach_the_next_reader(own_url, dossier):
    engine = open_engine(own_url)
    rows = next(table for table in dossier_rows(dossier) if table.table == "report")
    first = rows.rows[0]
    names = [column.name for column in report.columns]
    added = list(first)
    added[names.index("report_id")] = "one-more"
    with RunningService(own_url) as service, httpx.Client(base_url=service.url) as client:
        before = client.get(ITEMS)
        merge_rows(engine, [replace(rows, rows=[tuple(added)])], publish=publish)
        after = client.get(ITEMS, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["numberMatched"] == before.json()["numberMatched"] + 1
        assert client.get(f"{ITEMS}/one-more").status_code == 200
