"""Pages in every order, forwards and backwards, while rows come in between."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from geo.store.database import open_engine, scratch_database, upgrade
from geo.store.writes import load_dossier
from layers.catalog import LAYERS
from layers.published import publish
from tests.conftest import RunningService
from tests.service.asking import problem

ITEMS = "/ogc/collections/reports/items"


def link(body, rel):
    return next((each["href"] for each in body["links"] if each["rel"] == rel), None)


def walk(client, url, rel):
    pages = []
    while url:
        body = client.get(url).json()
        pages.append([feature["id"] for feature in body["features"]])
        url = link(body, rel)
    return pages


def ids(pages):
    return [each for page in pages for each in page]


@pytest.mark.parametrize("layer", [layer.id for layer in LAYERS])
def test_the_way_back_is_the_way_there(client, layer):
    url = f"/ogc/collections/{layer}/items?limit=9"
    there = walk(client, url, "next")
    last, current = url, client.get(url).json()
    while next_url := link(current, "next"):
        last, current = next_url, client.get(next_url).json()
    back = walk(client, last, "prev")
    assert ids(reversed(back)) == ids(there)
    assert len(set(ids(there))) == len(ids(there))


def test_the_first_page_has_no_page_before_and_the_last_none_after(client):
    first = client.get(f"{ITEMS}?limit=9").json()
    assert link(first, "prev") is None
    second = client.get(link(first, "next")).json()
    again = client.get(link(second, "prev")).json()
    assert [f["id"] for f in again["features"]] == [f["id"] for f in first["features"]]
    assert link(client.get(f"{ITEMS}?limit=10000").json(), "next") is None


@pytest.mark.parametrize(
    ("layer", "sortby"),
    [
        ("reports", "country"),
        ("reports", "-possible_from,credibility"),
        ("reports", "people_min"),
        ("reports", "-people_max,site_name"),
        ("control", "actor_name,-possible_to"),
        ("hotspots", "-last_observed,name"),
        ("hotspots", "contested,-age_days"),
        ("sources", "+publisher,-published"),
        ("actors", "-name"),
    ],
)
def test_pages_in_an_order_hold_every_feature_once(client, layer, sortby):
    path = f"/ogc/collections/{layer}/items"
    asked = {"sortby": sortby, "limit": "10000"} if layer != "sources" else {"limit": "10000"}
    if layer == "sources":
        sortby = "publisher,-title"
        asked["sortby"] = sortby
    whole = client.get(path, params=asked).json()
    given = [feature["id"] for feature in whole["features"]]
    pages = walk(client, f"{path}?sortby={sortby}&limit=23", "next")
    assert ids(pages) == given
    last = f"{path}?sortby={sortby}&limit=23"
    body = client.get(last).json()
    while next_url := link(body, "next"):
        last, body = next_url, client.get(next_url).json()
    assert ids(reversed(walk(client, last, "prev"))) == given
    name = sortby.split(",")[0]
    values = [feature["properties"][name.lstrip("-+")] for feature in whole["features"]]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known, "features without the property come last"
    if not known or (isinstance(known[0], str) and not known[0][:4].isdigit()):
        return  # the order of names is the database's
    assert known == sorted(known, reverse=name.startswith("-"))


def test_what_cannot_be_ordered_by_is_refused_by_name(client):
    for text in ("nonsense", "geometry", "occurred,occurred", "", "summary;drop"):
        assert problem(client, f"{ITEMS}?sortby={text}", 400)["parameter"] == "sortby"


def test_a_token_of_another_order_layer_or_program_is_refused(client):
    token = link(client.get(f"{ITEMS}?limit=3").json(), "next").split("token=")[1]
    for url in (
        f"{ITEMS}?sortby=country&token={token}",
        f"/ogc/collections/control/items?token={token}",
        f"{ITEMS}?token=AAAA",
        f"{ITEMS}?token=%00",
        f"{ITEMS}?token=",
        f"{ITEMS}?token={'W1' * 5000}",
    ):
        assert problem(client, url, 400)["parameter"] == "token"


def test_a_link_keeps_what_was_asked(client):
    asked = "bbox=97,15,100,18&datetime=2023-01-01/..&properties=summary&sortby=-possible_from"
    body = client.get(f"{ITEMS}?{asked}&limit=5&event_kind=raid").json()
    seen = []
    for page in walk(client, link(body, "next"), "next"):
        seen += page
    every = client.get(f"{ITEMS}?{asked}&limit=10000&event_kind=raid").json()
    assert [f["id"] for f in body["features"]] + seen == [f["id"] for f in every["features"]]
    assert body["numberMatched"] == every["numberReturned"]


def test_rows_that_come_in_between_neither_repeat_nor_hide_others(cluster, dossier):
    with scratch_database(cluster.url) as url:
        engine = open_engine(url)
        upgrade(engine)
        some = replace(dossier, reports=dossier.reports[::2], sha256="a" * 64)
        load_dossier(engine, some, publish=publish)
        with RunningService(url) as service, httpx.Client(base_url=service.url) as client:
            first = client.get(f"{ITEMS}?limit=50").json()
            load_dossier(engine, dossier, publish=publish)
            pages = walk(client, link(first, "next"), "next")
            seen = [feature["id"] for feature in first["features"]] + ids(pages)
    assert len(set(seen)) == len(seen)
    assert {report.report_id for report in some.reports} <= set(seen)
