"""Landing page, collections, files, health, headers, pages."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import geopandas
import httpx
import pytest
import shapely
from geojson_pydantic import FeatureCollection

from layers.catalog import LAYERS
from service.security import HEADERS
from tests.conftest import RunningService
from tests.service.asking import features, problem

LAYER_IDS = [layer.id for layer in LAYERS]


def links_of(body, rel):
    return [link["href"] for link in body["links"] if link["rel"] == rel]


def test_the_landing_page_leads_to_everything(client):
    body = client.get("/ogc").json()
    for rel in ("self", "service-desc", "service-doc", "conformance", "data"):
        (href,) = links_of(body, rel)
        assert httpx.get(href).status_code == 200, rel


def test_only_conformance_classes_that_are_met_are_declared(client):
    declared = client.get("/ogc/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in declared


def test_every_layer_is_listed_with_an_extent_that_holds_its_features(client):
    listed = {c["id"]: c for c in client.get("/ogc/collections").json()["collections"]}
    assert list(listed) == LAYER_IDS
    for layer in LAYERS:
        alone = client.get(f"/ogc/collections/{layer.id}").json()
        assert alone["id"] == layer.id
        assert alone["extent"] == listed[layer.id]["extent"]
        body = httpx.get(links_of(alone, "items")[0], params={"limit": "10000"}).json()
        shapes = [f["geometry"] for f in body["features"] if f["geometry"]]
        if layer.geometry is None:
            assert not shapes
            assert "spatial" not in alone["extent"]
            continue
        box = shapely.box(*alone["extent"]["spatial"]["bbox"][0])
        assert all(box.covers(shapely.geometry.shape(shape)) for shape in shapes)


@pytest.mark.parametrize("layer", LAYERS, ids=LAYER_IDS)
def test_a_layer_file_holds_what_the_collection_holds(client, layer):
    answer = client.get(f"/layers/{layer.id}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    FeatureCollection.model_validate(answer.json())
    in_file = {f["id"]: f["properties"] for f in answer.json()["features"]}
    assert in_file == features(client, layer.id)


def test_geopandas_opens_a_layer_file(site_url):
    frame = geopandas.read_file(f"{site_url}/layers/reports.geojson")
    assert len(frame) == 703
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.notna().all()


def test_geopandas_opens_a_filtered_layer_file(site_url):
    url = f"{site_url}/layers/reports.geojson?bbox=98,16,99,17&datetime=2025-01-01/2025-03-31"
    frame = geopandas.read_file(url)
    assert 0 < len(frame) < 703
    assert frame.total_bounds[0] >= 98


def test_large_answers_are_compressed(client):
    answer = client.get("/layers/reports.geojson", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.num_bytes_downloaded) < len(answer.content) / 3


def test_the_service_says_that_it_is_alive_and_ready(client, dossier):
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready == {"status": "ready", "as_of": "2026-11-22", "sha256": dossier.sha256}


def test_without_a_database_it_is_alive_but_not_ready():
    nowhere = "postgresql://nobody@/none?host=/nonexistent"
    with RunningService(nowhere) as service, httpx.Client(base_url=service.url) as client:
        assert client.get("/healthz").status_code == 200
        assert "database" in problem(client, "/readyz", 503)["title"].lower()
        answer = client.get("/ogc/collections/reports/items")
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert client.get("/").status_code == 503


def test_before_the_first_migration_and_load_it_is_not_ready(empty_url):
    with RunningService(empty_url) as service, httpx.Client(base_url=service.url) as client:
        for path in (
            *("/readyz", "/", "/ogc/collections", "/ogc/collections/reports/items"),
            *("/ogc/collections/hotspots/items", "/layers/reports.geojson", "/layers/reports.gpkg"),
        ):
            assert "db upgrade" in problem(client, path, 503)["detail"], path


def test_before_the_first_load_it_is_not_ready(empty_store):
    url = empty_store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with RunningService(url) as service, httpx.Client(base_url=service.url) as client:
        assert "scam-atlas load" in problem(client, "/readyz", 503)["detail"]


@pytest.mark.parametrize("path", ["/", "/method", "/docs", "/ogc", "/nothing", "/static/nothing"])
def test_every_response_carries_the_security_headers(client, path):
    answer = client.get(path)
    for name, value in HEADERS.items():
        if (path, name) != ("/", "Content-Security-Policy"):  # the map's own: test_sharing
            assert answer.headers[name] == value, path
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("path", ["/method", "/docs"])
def test_the_pages_of_text_load_nothing_from_elsewhere(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert 'href="/static/css/document.css"' in answer.text
    assert client.get("/static/css/document.css").status_code == 200


def test_the_api_page_explains_every_property_of_every_layer(client):
    text = client.get("/docs").text
    for layer in LAYERS:
        for name in layer.column_names:
            assert f"<code>{name}</code>" in text, (layer.id, name)


def test_links_carry_the_public_address_where_one_is_set(database_url):
    with RunningService(database_url, public_url="https://atlas.example.org") as service:
        body = json.loads(httpx.get(f"{service.url}/ogc/collections/reports/items").text)
        for link in body["links"]:
            assert urlsplit(link["href"]).netloc == "atlas.example.org"


def test_other_methods_are_refused(client):
    answer = client.post("/ogc/collections/reports/items", json={})
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
