"""The OpenAPI documents: valid, complete, and true of what the service does."""

from __future__ import annotations

import json

import pytest
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from layers.catalog import LAYERS
from layers.cql2 import FilterLang
from layers.filters import DEFAULT_LIMIT, MAX_LIMIT
from layers.formats import FORMATS
from service.api.negotiation import ITEMS_MEDIA
from service.api.parameters import (
    FILE_PARAMETERS,
    ITEM_PARAMETERS,
    ITEMS_PARAMETERS,
    TILE_PARAMETERS,
    with_queryables,
)
from tests.conftest import RunningService
from tests.service.asking import problem

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=[layer.id for layer in LAYERS])


# A tile of each grid with some of the places.
TILES = {
    "WebMercatorQuad": {"tileMatrix": ["6"], "tileRow": ["28"], "tileCol": ["49"]},
    "WorldCRS84Quad": {"tileMatrix": ["6"], "tileRow": ["25"], "tileCol": ["98"]},
}


@pytest.fixture(scope="module")
def api(client):
    return client.get("/ogc/api").json()


@pytest.fixture(scope="module")
def site(client):
    return client.get("/openapi.json").json()


# What a path cannot be asked without, though each of these may be left out.
NEEDED = {"/figures/figure.{figureFormat}": {"bbox": "98.4,16.5,98.7,16.8"}}


def resolved(document, value):
    if "$ref" in value:
        for part in value["$ref"].removeprefix("#/").split("/"):
            document = document[part]
        return document
    return value


def parameters(document, path):
    given = document["paths"][path]["get"].get("parameters", [])
    return {p["name"]: p for p in (resolved(document, ref) for ref in given)}


def callable_paths(document, client):
    """Each path with values for its path parameters, and the path as it is described."""
    some = {
        layer.id: client.get(f"/ogc/collections/{layer.id}/items?limit=1").json()["features"][0]
        for layer in LAYERS
    }
    for path in document["paths"]:
        layer_id = path.split("/")[3] if path.startswith("/ogc/collections/") else ""
        values = {
            # Every format is asked for in tests/service/test_downloads.py.
            "extension": [] if path.startswith("/layers/sources.") else ["geojson"],
            "featureId": [some[layer_id]["id"]] if layer_id in some else [],
            # Every frame and format is drawn in tests/service/figures and tests/layers/figures.
            "frame": ["myawaddy"],
            "figureFormat": ["svg", "zip"],
            **TILES.get(path.split("/{tileMatrix}")[0].rsplit("/", 1)[-1], {}),
        }
        filled = [path]
        for name, parameter in parameters(document, path).items():
            if parameter["in"] == "path":
                choices = values.get(name) or parameter["schema"]["enum"]
                filled = [p.replace(f"{{{name}}}", value) for p in filled for value in choices]
        for one in filled:
            yield path, one


def check_described(document, path, answer):
    """The status, the media type, and for JSON what it holds, stand in the document."""
    described = document["paths"][path]["get"]["responses"]
    where = (path, answer.request.url)
    assert str(answer.status_code) in described, where
    response = resolved(document, described[str(answer.status_code)])
    media_type = answer.headers["content-type"].replace("; charset=utf-8", "")
    assert media_type in response["content"], where
    if media_type.split(";")[0].endswith(("/json", "+json")):
        registry = Registry().with_resource(
            "urn:document", Resource.from_contents(document, DRAFT202012)
        )
        schema = response["content"][media_type]["schema"]
        if "$ref" in schema:
            schema = {"$ref": "urn:document" + schema["$ref"]}
        OAS30Validator(schema, registry=registry).validate(answer.json())


@pytest.mark.parametrize("path", ["/ogc/api", "/openapi.json"])
def test_the_document_is_valid_openapi_3_0(client, path):
    document = client.get(path).json()
    assert document["openapi"].startswith("3.0.")
    OpenAPIV30SpecValidator(document).validate()


@pytest.mark.parametrize("accept", [OPENAPI, "application/json", "*/*"])
def test_the_api_definition_comes_with_its_media_type(client, accept):
    answer = client.get("/ogc/api", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == OPENAPI


def test_the_api_definition_is_also_a_page(client):
    for answer in (
        client.get("/ogc/api?f=html"),
        client.get("/ogc/api", headers={"Accept": "text/html"}),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")


def test_the_api_definition_refuses_what_it_does_not_know(client):
    assert problem(client, "/ogc/api?f=yaml", 400)["parameter"] == "f"
    assert problem(client, "/ogc/api?colour=red", 400)["parameter"] == "colour"
    assert client.get("/ogc/api", headers={"Accept": "image/png"}).status_code == 406


def test_the_landing_page_leads_to_the_definition(client):
    links = client.get("/ogc", headers={"Accept": "application/json"}).json()["links"]
    (link,) = [link for link in links if link["rel"] == "service-desc"]
    assert link["type"] == OPENAPI
    assert client.get(link["href"], headers={"Accept": link["type"]}).status_code == 200


def test_both_documents_describe_the_same_addresses(api, site, site_url):
    def addresses(document):
        root = document["servers"][0]["url"]
        return {
            item.get("servers", [{"url": root}])[0]["url"] + path: item["get"]["operationId"]
            for path, item in document["paths"].items()
        }

    of_site = addresses(site)
    assert of_site.pop(f"{site_url}/") == "getMap"
    # The root of the OGC API has no slash at its end; as a path of OpenAPI it is one.
    of_site[f"{site_url}/ogc/"] = of_site.pop(f"{site_url}/ogc")
    assert addresses(api) == of_site


def test_the_root_of_the_api_answers_with_and_without_a_slash(client):
    assert client.get("/ogc").status_code == client.get("/ogc/").status_code == 200


def test_paths_begin_at_the_root_of_the_api_as_the_test_suite_reads_them(api, site_url):
    assert api["servers"] == [{"url": f"{site_url}/ogc"}]
    for path in ("/", "/conformance", "/api", "/collections"):
        assert path in api["paths"]
    for layer in LAYERS:
        assert f"/collections/{layer.id}/items" in api["paths"]
        assert f"/collections/{layer.id}/items/{{featureId}}" in api["paths"]


def test_the_servers_are_those_of_the_public_address(database_url):
    with RunningService(database_url, public_url="https://atlas.example.org") as service:
        import httpx

        document = httpx.get(f"{service.url}/ogc/api").json()
        assert document["servers"] == [{"url": "https://atlas.example.org/ogc"}]


def test_every_operation_has_a_name_of_its_own_and_an_answer(api):
    operations = [item["get"] for item in api["paths"].values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert "200" in operation["responses"]
        assert operation["tags"][0] in [tag["name"] for tag in api["tags"]]


@every_layer
def test_the_parameters_are_those_that_the_service_reads(site, layer):
    items = f"/ogc/collections/{layer.id}/items"
    one = f"{items}/{{featureId}}"
    file = f"/layers/{layer.id}.{{extension}}"
    assert set(parameters(site, items)) == with_queryables(layer, ITEMS_PARAMETERS)
    assert set(parameters(site, one)) == {*ITEM_PARAMETERS, "featureId"}
    assert set(parameters(site, file)) == {*with_queryables(layer, FILE_PARAMETERS), "extension"}


@every_layer
def test_bbox_datetime_and_limit_are_written_as_the_test_suite_reads_them(api, layer):
    """OGC's suite compares these literally (check-list 5.0)."""
    given = parameters(api, f"/collections/{layer.id}/items")
    for name in ("bbox", "datetime", "limit"):
        assert given[name]["in"] == "query"
        assert given[name]["required"] is False
        assert given[name]["style"] == "form"
        assert given[name]["explode"] is False
    assert given["bbox"]["schema"] == {
        "type": "array",
        "minItems": 4,
        "maxItems": 6,
        "items": {"type": "number"},
    }
    assert given["datetime"]["schema"]["type"] == "string"
    assert given["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_LIMIT,
        "default": DEFAULT_LIMIT,
    }


@every_layer
def test_choices_are_listed_with_their_default(api, layer):
    given = parameters(api, f"/collections/{layer.id}/items")
    assert given["filter-lang"]["schema"]["enum"] == list(FilterLang)
    assert given["filter-lang"]["schema"]["default"] == "cql2-text"
    assert given["certainty"]["schema"]["enum"] == ["possible", "certain"]
    assert given["certainty"]["schema"]["default"] == "possible"
    assert given["f"]["schema"]["enum"] == [media.id for media in ITEMS_MEDIA]
    for name in ("crs", "bbox-crs", "filter-crs"):
        schema = given[name]["schema"]
        assert (
            schema["default"] == schema["enum"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        )
        assert "http://www.opengis.net/def/crs/EPSG/0/32647" in schema["enum"]


@every_layer
def test_every_choice_of_a_parameter_is_answered(client, site, layer):
    path = f"/ogc/collections/{layer.id}/items"
    for name, parameter in parameters(site, path).items():
        schema = parameter["schema"]
        if schema["type"] == "array" and "enum" in schema["items"]:
            schema = schema["items"]
        for value in schema.get("enum", []):
            answer = client.get(path, params={name: str(value), "limit": "1"})
            assert answer.status_code == 200, (name, value, answer.text[:300])
            check_described(site, path, answer)


@every_layer
def test_every_example_of_a_parameter_is_answered(client, site, layer):
    path = f"/ogc/collections/{layer.id}/items"
    examples = {
        name: parameter.get("example", parameter["schema"].get("example"))
        for name, parameter in parameters(site, path).items()
    }
    for name in ("bbox", "datetime", "filter", "sortby", "properties", "limit"):
        example = examples[name]
        text = ",".join(map(str, example)) if isinstance(example, list) else str(example)
        answer = client.get(path, params={name: text})
        assert answer.status_code == 200, (name, text, answer.text[:300])


def test_every_path_answers_as_it_is_described(client, site):
    for path, one in callable_paths(site, client):
        given = parameters(site, path)
        formats = given["f"]["schema"]["enum"] if "f" in given else [None]
        for name in formats:
            answer = client.get(one, params={"f": name} if name else NEEDED.get(path, {}))
            assert answer.status_code == 200, (one, name, answer.text[:300])
            check_described(site, path, answer)


def test_every_path_refuses_an_unknown_parameter_as_it_is_described(client, site):
    for path, one in callable_paths(site, client):
        if path == "/":  # the map keeps what it shows in its address
            continue
        answer = client.get(one, params={"colour": "red"})
        assert answer.status_code == 400, one
        check_described(site, path, answer)


def test_what_is_not_there_is_described(client, site):
    path = "/ogc/collections/reports/items/{featureId}"
    answer = client.get("/ogc/collections/reports/items/no-such-report")
    assert answer.status_code == 404
    check_described(site, path, answer)


def test_tiles_are_named_as_their_standard_asks(api):
    """OGC 20-057, table 11: the ends of the names tell what an operation is for."""
    names = [item["get"]["operationId"] for item in api["paths"].values()]
    for kind in ("collection", "dataset"):
        for end in ("getTileSetsList", "getTileSet", "getTile"):
            assert any(name.endswith(f"{kind}.vector.{end}") for name in names)


@every_layer
def test_the_parameters_of_tiles_are_those_that_the_service_reads(site, layer):
    path = (
        f"/ogc/collections/{layer.id}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    )
    if layer.geometry is None:
        assert path not in site["paths"]
        return
    given = parameters(site, path)
    in_path = {"tileMatrix": "string", "tileRow": "integer", "tileCol": "integer"}
    assert set(given) == {*with_queryables(layer, TILE_PARAMETERS), *in_path}
    for name, kind in in_path.items():
        assert given[name]["schema"]["type"] == kind
    assert given["tileRow"]["schema"]["minimum"] == given["tileCol"]["schema"]["minimum"] == 0


def test_files_have_their_own_media_types(client, site):
    described = site["paths"]["/layers/reports.{extension}"]["get"]["responses"]["200"]["content"]
    assert set(described) == {fmt.media_type for fmt in FORMATS}


def test_the_document_names_its_licence_and_where_to_read_on(api, site_url):
    assert api["info"]["license"]["url"].startswith("https://creativecommons.org/")
    assert "contact" not in api["info"]
    assert api["externalDocs"]["url"] == f"{site_url}/docs"


def test_nothing_of_the_document_is_written_twice_into_it(api):
    """Components that nothing refers to would be left-overs."""
    text = json.dumps(api["paths"]) + json.dumps(api["components"])
    for kind, components in api["components"].items():
        for name in components:
            assert f'"#/components/{kind}/{name}"' in text, (kind, name)
