"""Part 1: GeoJSON, HTML and OpenAPI 3.0, and the choice between them."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from geojson_pydantic import Feature, FeatureCollection
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.service.conformance.asking import (
    GEOJSON,
    OPENAPI,
    PROBLEM,
    documents,
    every_layer,
    get,
    items_path,
    links,
)

ITEMS = {
    "json": GEOJSON,
    "geojsonseq": "application/geo+json-seq",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
DOCUMENTS = documents()


def one_item(client, layer_id):
    feature_id = get(client, items_path(layer_id), limit="1").json()["features"][0]["id"]
    return f"{items_path(layer_id)}/{feature_id}"


class Page(HTMLParser):
    """The text of a page, where its links lead, and whether it says that it is HTML 5."""

    def __init__(self, url, text):
        super().__init__()
        self.url, self.text, self.hrefs, self.declared, self.lang = url, "", set(), "", None
        self.feed(text)

    def handle_decl(self, decl):
        self.declared = decl.lower()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "a" and "href" in given:
            self.hrefs.add(urljoin(self.url, given["href"]))

    def handle_data(self, data):
        self.text += data


def page_of(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(str(answer.url), answer.text)


# GeoJSON


@every_layer
def test_geojson_definition_by_accept_and_by_f(client, layer_id):
    for path in (items_path(layer_id), one_item(client, layer_id)):
        for answer in (
            client.get(path),
            client.get(path, params={"f": "json"}),
            client.get(path, headers={"Accept": GEOJSON}),
            client.get(path, headers={"Accept": "application/json"}),
            client.get(path, headers={"Accept": "text/html;q=0.5, application/geo+json"}),
            client.get(path, headers={"Accept": "text/html"}, params={"f": "json"}),
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"] == GEOJSON


@pytest.mark.parametrize("path", DOCUMENTS)
def test_geojson_definition_other_resources_are_json(client, path):
    schema = path.endswith(("queryables", "schema"))
    expected = "application/schema+json" if schema else "application/json"
    for answer in (client.get(path), client.get(path, params={"f": "json"})):
        assert answer.headers["content-type"] == expected


@every_layer
def test_geojson_content_is_rfc_7946(client, layer_id):
    body = get(client, items_path(layer_id), limit="200").json()
    FeatureCollection.model_validate(body)
    assert "crs" not in body
    one = get(client, one_item(client, layer_id)).json()
    Feature.model_validate(one)
    assert one["links"]
    assert one["id"] == links(one, "self")[0]["href"].rsplit("/", 1)[1]


@every_layer
def test_items_come_in_every_encoding_by_accept_and_by_f(client, layer_id):
    path = items_path(layer_id)
    for name, media_type in ITEMS.items():
        plain = media_type.split(";")[0]
        for answer in (
            client.get(path, params={"f": name, "limit": "3"}),
            client.get(path, params={"limit": "3"}, headers={"Accept": plain}),
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize("path", [*DOCUMENTS, "/ogc/collections/reports/items", "/ogc/api"])
def test_what_is_not_served_is_406_and_an_unknown_f_is_400(client, path):
    answer = client.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == PROBLEM
    answer = client.get(path, params={"f": "png"})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "f"


@pytest.mark.parametrize("path", [*DOCUMENTS, "/ogc/collections/reports/items", "/ogc/api"])
def test_a_cache_is_told_that_the_encoding_follows_accept(client, path):
    assert "accept" in client.get(path).headers["vary"].lower().split(", ")


# HTML


@pytest.mark.parametrize("path", [*DOCUMENTS, "/ogc/api"])
def test_html_definition_every_resource_is_a_page_too(client, path):
    page = page_of(client, path)
    assert page.declared == "doctype html"
    assert page.lang == "en"
    assert Page(path, client.get(path, params={"f": "html"}).text).text == page.text


@every_layer
def test_html_definition_items_and_item_are_pages_too(client, layer_id):
    for path in (items_path(layer_id), one_item(client, layer_id)):
        assert page_of(client, path).declared == "doctype html"


def hrefs_of(body):
    """Where a document leads, but for its own other forms and what is only a pattern."""
    found = {
        link["href"]
        for link in body["links"]
        if link["rel"] not in ("self", "alternate") and not link.get("templated")
    }
    for part in body.get("collections", []):
        found |= {link["href"] for link in part["links"] if link["rel"] == "self"}
    return found


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if not path.endswith(("queryables", "schema"))]
)
def test_html_content_every_link_of_the_document_can_be_followed(client, path):
    assert hrefs_of(get(client, path).json()) - page_of(client, path).hrefs == set()


@every_layer
def test_html_content_every_link_of_items_and_item_can_be_followed(client, layer_id):
    for path in (f"{items_path(layer_id)}?limit=5", one_item(client, layer_id)):
        body = client.get(path).json()
        # A page leads to pages: the next one is that of the same form.
        expected = hrefs_of(body) - {link["href"] for link in links(body, "next")}
        page = page_of(client, path)
        assert expected - page.hrefs == set()
        if links(body, "next"):
            assert any("token=" in href for href in page.hrefs)


@every_layer
def test_html_content_a_collection_says_all_that_its_document_says(client, layer_id):
    body = get(client, f"/ogc/collections/{layer_id}").json()
    text = page_of(client, f"/ogc/collections/{layer_id}").text
    for name in ("title", "description", "attribution"):
        assert body[name] in text
    for system in body.get("crs", []):
        assert system in text


@every_layer
@pytest.mark.parametrize("what", ["queryables", "schema"])
def test_html_content_a_schema_says_every_property(client, layer_id, what):
    path = f"/ogc/collections/{layer_id}/{what}"
    text = page_of(client, path).text
    for name in get(client, path).json()["properties"]:
        assert name in text


@every_layer
def test_html_content_a_feature_says_every_value(client, layer_id):
    path = one_item(client, layer_id)
    text = " ".join(page_of(client, path).text.split())
    for name, value in get(client, path).json()["properties"].items():
        if isinstance(value, str) and not value.startswith("http"):
            assert " ".join(value.split()) in text, name


@every_layer
def test_html_content_items_name_every_feature(client, layer_id):
    path = f"{items_path(layer_id)}?limit=20"
    hrefs = page_of(client, path).hrefs
    for feature in client.get(path).json()["features"]:
        assert any(href.split("?")[0].endswith(f"/items/{feature['id']}") for href in hrefs)


def test_html_content_the_conformance_classes_are_all_named(client):
    text = page_of(client, "/ogc/conformance").text
    for uri in get(client, "/ogc/conformance").json()["conformsTo"]:
        assert uri in text


# OpenAPI 3.0


def test_oas30_definition_1_json_and_a_page(client):
    body = get(client, "/ogc").json()
    assert [link["type"] for link in links(body, "service-desc")] == [OPENAPI]
    assert [link["type"] for link in links(body, "service-doc")] == ["text/html"]


def test_oas30_definition_2_the_document_is_valid(client):
    document = get(client, "/ogc/api").json()
    assert document["openapi"].startswith("3.0")
    OpenAPIV30SpecValidator(document).validate()


def test_oas30_completeness_and_exceptions_codes(client):
    """What the service may answer stands with each operation; tests/service/test_openapi.py calls
    every path and compares."""
    for path, item in get(client, "/ogc/api").json()["paths"].items():
        described = set(item["get"]["responses"])
        assert {"200", "400", "429", "500", "503"} <= described, path
        if path.startswith("/collections/"):
            assert "406" in described, path
        if path.endswith("{featureId}"):
            assert {"304", "404"} <= described, path


def test_oas30_security_nothing_is_closed(client):
    document = get(client, "/ogc/api").json()
    assert "security" not in document
    assert "securitySchemes" not in document["components"]
