"""Pages of resources: all that the document holds, as text, and a link for every link."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import httpx
import pytest

from layers import symbology
from layers.catalog import LAYERS, Layer, layer_by_id
from layers.columns import ColumnType
from layers.formats import FORMATS
from layers.schemas import feature_schema, queryables_schema
from tests.web.pages import Page
from web.mapconfig import static_roots
from web.resources import Kind, resource_page
from web.resources.examples import FILTERS

BASE = "https://atlas.example"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "${alert(1)} {{ 7*7 }} {% raw %}",
    "javascript:alert(1)",
    "\u202eevil\u202c \u2066left open",
    "N" * 10_000,
    "\x00\x08\ud800 half",
)
ANY_LINKS = [
    {"href": f"{BASE}/ogc/here?x=1", "rel": "self", "type": "application/json", "title": "Here"},
    {"href": f"{BASE}/ogc/here?f=html", "rel": "alternate", "type": "text/html", "title": "Page"},
    {"href": f"{BASE}/a?b=1&c=2", "rel": "http://www.opengis.net/def/rel/ogc/1.0/schema"},
]
TILES_LINK = {
    "href": BASE + "/ogc/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
    "rel": "item",
    "type": "application/vnd.mapbox-vector-tile",
    "templated": True,
    "title": "Tiles",
}
DOCUMENTS: dict[Kind, dict[str, Any]] = {
    Kind.LANDING: {"title": "Atlas", "description": "What it is", "attribution": "By us"},
    Kind.CONFORMANCE: {
        "conformsTo": [
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
            "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
            "https://elsewhere.example/conf/own",
        ]
    },
    Kind.QUERYABLES: {"$id": f"{BASE}/q", "properties": {"kind": {"type": "string"}}},
    Kind.SCHEMA: {"$id": f"{BASE}/s", "properties": {"geometry": {"format": "geometry-point"}}},
    Kind.TILESETS: {
        "tilesets": [
            {"title": "Web", "dataType": "vector", "crs": "c-r-s", "links": [TILES_LINK]},
        ]
    },
    Kind.TILESET: {
        "title": "Web tiles",
        "dataType": "vector",
        "tileMatrixSetLimits": [
            {"tileMatrix": "7", "minTileRow": 1, "maxTileRow": 62, "minTileCol": 3}
        ],
        "layers": [{"id": "reports", "minDataZoom": 4, "propertiesSchema": {"type": "object"}}],
        "centerPoint": {"coordinates": [98.5, 16.7], "tileMatrix": "9"},
    },
    Kind.TILE_MATRIX_SETS: {
        "tileMatrixSets": [{"id": "WebMercatorQuad", "uri": f"{BASE}/tms", "links": ANY_LINKS}]
    },
    Kind.TILE_MATRIX_SET: {
        "id": "WebMercatorQuad",
        "crs": f"{BASE}/3857",
        "orderedAxes": ["X", "Y"],
        "tileMatrices": [
            {"id": "0", "scaleDenominator": 559082264.0287178, "pointOfOrigin": [-1.5, 2.5]}
        ],
    },
    Kind.PROBLEM: {
        "type": "about:blank",
        "title": "A parameter cannot be answered",
        "status": 400,
        "detail": "bbox has 4 or 6 numbers, not 2",
        "parameter": "bbox",
    },
    Kind.COLLECTIONS: {
        "collections": [
            {
                "id": "reports",
                "title": "Reports",
                "description": "Dated claims",
                "extent": {
                    "spatial": {"bbox": [[96.1, 1.4, 123.9, 24.1]]},
                    "temporal": {"interval": [["2001-01-01T00:00:00Z", None]]},
                },
                "itemType": "feature",
                "links": ANY_LINKS,
            }
        ]
    },
    Kind.COLLECTION: {
        "id": "reports",
        "title": "Reports",
        "description": "Dated claims",
        "extent": {"spatial": {"bbox": [[96.1, 1.4, 123.9, 24.1]], "crs": "the system"}},
        "crs": ["http://www.opengis.net/def/crs/EPSG/0/32647"],
        "storageCrs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    },
}
with_links = pytest.mark.parametrize("kind", [k for k in DOCUMENTS if k is not Kind.PROBLEM])


def a_feature(layer: Layer, value: str | None = None, **properties: Any) -> dict[str, Any]:
    """A feature with every property; `value` is in each that can hold text."""
    said: dict[str, Any] = {}
    for column in layer.columns:
        if column.kind is ColumnType.OBJECTS:
            said[column.name] = [{part.name: value or f"<{part.name}>" for part in column.fields}]
        elif column.kind is ColumnType.STRINGS:
            said[column.name] = [value or f"<{column.name}>"]
        else:
            said[column.name] = value or f"<{column.name}>"
    point = {"type": "Point", "coordinates": [98.5, 16.7]} if layer.geometry else None
    return {
        "type": "Feature",
        "id": value or "an-id",
        "geometry": point,
        "properties": said | properties,
        "links": ANY_LINKS,
    }


def a_page(layer: Layer, *features: dict[str, Any], query: str = "", **more: Any) -> Page:
    document = {
        "type": "FeatureCollection",
        "timeStamp": "2026-11-22T09:00:00Z",
        "numberMatched": 703,
        "numberReturned": len(features),
        "links": [{"href": f"{BASE}/ogc/collections/{layer.id}/items{query}", "rel": "self"}],
        "features": list(features),
        **more,
    }
    return Page(resource_page(Kind.ITEMS, document, base=BASE, layer=layer))


def an_item(layer: Layer, feature: dict[str, Any]) -> Page:
    return Page(resource_page(Kind.ITEM, feature, base=BASE, layer=layer))


def scalars(value: Any) -> list[Any]:
    """Everything in a document that is no list, object or link."""
    if isinstance(value, dict):
        return [part for name, one in value.items() if name != "links" for part in scalars(one)]
    if isinstance(value, list):
        return [part for one in value for part in scalars(one)]
    return [value]


each_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
each_kind = pytest.mark.parametrize("kind", list(DOCUMENTS))


@each_kind
def test_everything_in_the_document_stands_on_the_page(kind):
    page = Page(resource_page(kind, DOCUMENTS[kind], base=BASE))
    for value in scalars(DOCUMENTS[kind]):
        if value in ("about:blank", None) or str(value).endswith("T00:00:00Z"):
            continue
        assert str(value) in page.text, value


@with_links
def test_every_link_of_the_document_is_a_link_of_the_page(kind):
    page = Page(resource_page(kind, DOCUMENTS[kind] | {"links": ANY_LINKS}, base=BASE))
    for link in ANY_LINKS:
        found = page.all("a", href=link["href"], rel=link["rel"])
        assert found, link
        assert found[-1].attributes.get("type") == link.get("type")
        assert not link.get("title") or found[-1].text.strip() == link["title"]


def test_an_address_with_places_to_fill_is_text_to_copy():
    page = Page(resource_page(Kind.TILESETS, DOCUMENTS[Kind.TILESETS], base=BASE))
    assert TILES_LINK["href"] in page.text
    assert TILES_LINK["href"] not in page.hrefs


@each_kind
def test_every_page_has_its_landmarks(kind):
    page = Page(resource_page(kind, DOCUMENTS[kind], base=BASE))
    assert page.all("html", lang="en")
    assert page.all("meta", name="viewport")
    for tag in ("title", "header", "main", "footer", "h1"):
        assert len(page.all(tag)) == 1, tag
    assert page.all("nav", **{"aria-label": "Where this page stands"})
    assert f"{BASE}/method".removeprefix(BASE) in page.hrefs
    ids = [element.attributes["id"] for element in _with_id(page.root)]
    assert len(ids) == len(set(ids))
    labels = [part for e in _all(page.root) for part in [e.attributes.get("aria-labelledby")]]
    assert {label for label in labels if label} <= set(ids)
    for table in page.all("table"):
        assert table.all("caption")
        assert all(th.attributes.get("scope") in ("col", "row") for th in table.all("th"))


def _all(element):
    return [element, *(found for child in element.children for found in _all(child))]


def _with_id(element):
    return [found for found in _all(element) if found.attributes.get("id")]


@with_links
def test_every_page_tells_where_its_json_is(kind):
    page = Page(resource_page(kind, DOCUMENTS[kind] | {"links": ANY_LINKS}, base=BASE))
    [shown] = page.all("a", **{"class": "as-json"})
    assert shown.text == "This page as JSON"
    assert shown.attributes["href"] == f"{BASE}/ogc/here?x=1&f=json"
    [hidden] = page.all("link", rel="alternate")
    assert hidden.attributes["href"] == shown.attributes["href"]


def test_a_problem_has_no_json_to_lead_to():
    page = Page(resource_page(Kind.PROBLEM, DOCUMENTS[Kind.PROBLEM], base=BASE))
    assert page.all("a", **{"class": "as-json"}) == []


def test_a_problem_explains_the_parameter_at_fault():
    page = Page(resource_page(Kind.PROBLEM, DOCUMENTS[Kind.PROBLEM], base=BASE))
    assert "bbox=98,16,99,17" in page.text


@each_layer
def test_an_item_shows_every_property_with_its_meaning(layer):
    page = an_item(layer, a_feature(layer))
    for column in layer.columns:
        assert column.name in page.text
        assert column.description.replace("`", "") in page.text
        for part in column.fields:
            assert f"<{part.name}>" in page.text
        assert column.fields or f"<{column.name}>" in page.text


@each_layer
def test_a_row_shows_every_property(layer):
    page = a_page(layer, a_feature(layer, report_id="other"))
    for column in layer.columns:
        assert any(head.text == column.name for head in page.all("th")), column.name
        for part in column.fields:
            assert f"<{part.name}>" in page.text
        assert column.fields or f"<{column.name}>" in page.text or column.name == "report_id"


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@each_layer
def test_hostile_text_in_every_field_stays_text(layer, hostile):
    feature = a_feature(layer, hostile)
    rows = [a_page(layer, feature, feature), an_item(layer, feature)]
    shown = hostile.replace("\x00", "\ufffd").replace("\x08", "\ufffd").replace("\ud800", "\ufffd")
    for page in rows:
        _is_harmless(page)
        assert shown in page.text


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@each_kind
def test_hostile_text_in_every_document_stays_text(kind, hostile):
    def spoil(value):
        if isinstance(value, dict):
            return {name: spoil(part) for name, part in value.items()} | {hostile: hostile}
        if isinstance(value, list):
            return [spoil(part) for part in value]
        return hostile if isinstance(value, str) else value

    links = [*ANY_LINKS, {"href": hostile, "rel": hostile, "type": hostile, "title": hostile}]
    document = spoil(DOCUMENTS[kind]) | {"links": links}
    _is_harmless(Page(resource_page(kind, document, base=BASE)))


def _is_harmless(page: Page) -> None:
    assert page.all("img") == []
    own = f"{BASE}/static/".removeprefix(BASE)
    for script in page.all("script"):
        source = script.attributes.get("src")
        assert source is None or source.startswith(own)
        assert source is not None or script.attributes["type"] == "application/json"
    for element in _all(page.root):
        names = element.attributes
        assert not [name for name in names if name.startswith("on") or name == "style"]
        for name in ("href", "src"):
            address = names.get(name)
            assert address is None or address.startswith(("https://", "http://", "/")), address


def test_text_of_both_directions_is_isolated():
    layer = layer_by_id("actors")
    page = an_item(layer, a_feature(layer, name="\u202eoverridden"))
    [heading] = page.all("h1")
    assert [child.tag for child in heading.children] == ["bdi"]
    [title] = page.all("title")
    assert "\u202e" not in title.text


def test_only_addresses_of_the_web_are_links():
    layer = layer_by_id("sources")
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//no.scheme",
        "https:",
        " https://x.y",
    ):
        page = an_item(layer, a_feature(layer, url=address))
        assert address in page.text
        assert address not in page.hrefs
    page = an_item(layer, a_feature(layer, url="https://source.example/a?b=1&c=2"))
    assert "https://source.example/a?b=1&c=2" in page.hrefs


def test_the_source_of_a_claim_is_told_before_the_claim():
    layer = layer_by_id("reports")
    feature = a_feature(
        layer,
        source_publisher="The Star",
        source_title="Ring cut off",
        source_url="https://star.example/1",
        reliability="B",
        credibility=2,
        locator="paragraph 4",
    )
    page = an_item(layer, feature)
    assert page.text.index("Reported by The Star") < page.text.index("The claim")
    [source] = page.all("section", **{"class": "source"})
    for said in ("Ring cut off", "usually reliable", "probably true", "paragraph 4"):
        assert said in source.text
    assert source.all("a", href="https://star.example/1")
    assert source.all("a", href=f"{BASE}/ogc/collections/sources/items/%3Csource_id%3E")


@pytest.mark.parametrize(
    ("layer_id", "name", "others"),
    [
        ("sources", "source_id", ("reports", "control", "displacement")),
        ("hotspots", "site_id", ("reports", "control")),
        ("actors", "actor_id", ("control",)),
    ],
)
def test_a_record_leads_to_the_claims_that_speak_of_it(client, layer_id, name, others):
    document = client.get(f"/ogc/collections/{layer_id}/items", params={"limit": "1"}).json()
    [feature] = document["features"]
    page = an_item(layer_by_id(layer_id), feature)
    [line] = page.all("p", **{"class": "related"})
    paths = [str(a.attributes["href"]).removeprefix(BASE) for a in line.all("a")]
    assert paths == [f"/ogc/collections/{one}/items?{name}={feature['id']}" for one in others]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        assert all(f["properties"][name] == feature["id"] for f in answer.json()["features"])


def test_vague_dates_are_told_as_possible_and_certain_days():
    layer = layer_by_id("displacement")
    days = {
        "moved": "2022~",
        "possible_from": "2021-01-01",
        "possible_to": "2023-12-31",
        "certain_from": None,
        "certain_to": None,
    }
    page = an_item(layer, a_feature(layer, **days))
    assert "possible: 2021-01-01 to 2023-12-31" in page.text
    assert "certain: on no day" in page.text
    assert "as the source gives it: 2022~" in page.text


def test_the_state_of_a_site_is_called_reported():
    layer = layer_by_id("hotspots")
    said = {"activity": "closed", "datetime": "2025-03-10", "contested": True}
    page = an_item(layer, a_feature(layer, **said))
    assert "As of 2025-03-10: reported closed" in page.text
    assert "contested: reports of that time say otherwise" in page.text


def test_codes_are_told_with_their_meanings():
    layer = layer_by_id("reports")
    page = a_page(layer, a_feature(layer, event_kind="raid"))
    [code] = page.all("abbr", title="raid or arrests")
    assert code.text == "raid"


def test_what_was_asked_is_told_in_words():
    query = (
        "?bbox=98,16,99,17&datetime=2025-01-01/..&filter=credibility%20%3C%3D%202&country=MM"
        "&sortby=-occurred,site_id&certainty=certain&f=html"
    )
    page = a_page(layer_by_id("reports"), query=query)
    for said in (
        "west 98, south 16, east 99, north 17",
        "from 2025-01-01 on",
        "credibility <= 2",
        "country = MM",
        "occurred (falling), then site_id (rising)",
        "certain",
    ):
        assert said in page.text


def test_the_same_selection_is_offered_in_every_format():
    query = "?limit=5&token=abc&f=html&country=MM&datetime=2025-01-01/.."
    page = a_page(layer_by_id("reports"), query=query)
    for fmt in FORMATS:
        address = f"{BASE}/layers/reports.{fmt.extension}?country=MM&datetime=2025-01-01/.."
        assert address in page.hrefs
    for form in ("json", "geojsonseq", "csv"):
        kept = "?limit=5&token=abc&country=MM&datetime=2025-01-01/.."
        assert f"{BASE}/ogc/collections/reports/items{kept}&f={form}" in page.hrefs


def test_pages_are_turned_in_both_directions_and_stay_pages():
    items = f"{BASE}/ogc/collections/reports/items"
    links = [
        {"href": f"{items}?f=json&token=a", "rel": "next", "type": "application/geo+json"},
        {"href": f"{items}?token=b", "rel": "prev", "type": "application/geo+json"},
    ]
    page = a_page(layer_by_id("reports"), a_feature(layer_by_id("reports")), links=links)
    [forward, *_] = page.all("a", rel="next")
    [back, *_] = page.all("a", rel="prev")
    assert forward.attributes["href"] == f"{items}?token=a&f=html"
    assert back.attributes["href"] == f"{items}?token=b"


def test_no_feature_is_told_as_such():
    page = a_page(layer_by_id("reports"))
    assert "No feature matches." in page.text
    assert page.map is None


def test_only_the_properties_that_came_are_columns():
    feature = a_feature(layer_by_id("reports"))
    feature["properties"] = {"occurred": "2025", "unheard_of": "new"}
    page = a_page(layer_by_id("reports"), feature)
    heads = [head.text for head in page.all("th", scope="col")]
    assert heads[:4] == ["Feature", "occurred", "unheard_of", "geometry"]


def test_the_map_is_told_place_precision_and_row():
    layer = layer_by_id("hotspots")
    plain, exact = a_feature(layer), a_feature(layer, precision_m=500, activity="active")
    plain["geometry"] = None
    told = a_page(layer, plain, exact).map
    [place] = told["features"]
    assert (place["row"], place["at"], place["precision"]) == (2, [[98.5, 16.7]], [500])
    [active] = [look for look in symbology.ACTIVITY if look.code == "active"]
    assert place["colour"] == active.colour


def test_the_map_draws_a_move_from_one_end_to_the_other():
    layer = layer_by_id("displacement")
    move = a_feature(layer, from_precision_m=100, to_precision_m=None)
    move["geometry"] = {"type": "LineString", "coordinates": [[98, 16], [104, 11]]}
    [place] = an_item(layer, move).map["features"]
    assert (place["at"], place["precision"]) == ([[98, 16], [104, 11]], [100, None])


@pytest.mark.parametrize("layer_id", ["actors", "sources"])
def test_without_a_place_there_is_no_map(layer_id):
    layer = layer_by_id(layer_id)
    page = an_item(layer, a_feature(layer))
    assert page.map is None
    assert page.all("script") == []


def test_coordinates_of_another_system_are_not_drawn():
    layer = layer_by_id("reports")
    query = "?crs=http://www.opengis.net/def/crs/EPSG/0/4326"
    page = a_page(layer, a_feature(layer), query=query)
    assert page.map is None
    assert f"{BASE}/ogc/collections/reports/items" in page.hrefs


def test_every_file_that_a_page_asks_for_is_there():
    layer = layer_by_id("reports")
    page = a_page(layer, a_feature(layer))
    asked = [link.attributes["href"] for link in page.all("link", rel="stylesheet")]
    asked += [one.attributes["src"] for one in page.all("script") if "src" in one.attributes]
    roots = static_roots()
    for path in [path.removeprefix("/static/") for path in asked]:
        first, _, rest = path.partition("/")
        assert (roots[first] / rest if first in roots else roots[""] / path).is_file(), path
    module = roots[""] / "js" / "resources" / "smallmap.js"
    for name in re.findall(r'from "([^"]+)"', module.read_text("utf-8")):
        assert (module.parent / name).is_file(), name


def test_behind_a_proxy_own_paths_start_with_its_folder():
    html = resource_page(Kind.LANDING, DOCUMENTS[Kind.LANDING], base="https://host.example/atlas")
    page = Page(html)
    sheets = [link.attributes["href"] for link in page.all("link", rel="stylesheet")]
    assert sheets == ["/atlas/static/css/document.css", "/atlas/static/css/resource.css"]
    assert "/atlas/ogc" in page.hrefs


@each_layer
def test_a_collection_explains_every_field_and_code(layer):
    document = DOCUMENTS[Kind.COLLECTION] | {"id": layer.id}
    page = Page(resource_page(Kind.COLLECTION, document, base=BASE, layer=layer))
    for column in layer.columns:
        [row] = page.all("tr", id=f"field-{column.name}")
        assert column.description.replace("`", "") in row.text
        for code in column.codes or ():
            assert code.value in row.text
            assert code.meaning in row.text
        for part in column.fields:
            assert part.name in row.text


@each_layer
def test_a_collection_has_requests_to_copy_for_every_program(layer):
    document = DOCUMENTS[Kind.COLLECTION] | {"id": layer.id}
    page = Page(resource_page(Kind.COLLECTION, document, base=BASE, layer=layer))
    for program in ("curl", "geopandas", "httpx", "qgis", "r", "gdal"):
        [example] = page.all("section", id=f"example-{program}")
        assert BASE in example.text
    for fmt in FORMATS:
        assert f"{BASE}/layers/{layer.id}.{fmt.extension}" in page.hrefs


@pytest.mark.parametrize(
    ("kind", "schema"), [(Kind.QUERYABLES, queryables_schema), (Kind.SCHEMA, feature_schema)]
)
@each_layer
def test_schemas_are_shown_whole(layer, kind, schema):
    document = schema(layer, f"{BASE}/ogc/collections/{layer.id}/{kind}")
    page = Page(resource_page(kind, document, base=BASE, layer=layer))
    for name, said in document["properties"].items():
        [row] = page.all("tr", id=f"field-{name}")
        for value in scalars(said):
            told = value if isinstance(value, str) else json.dumps(value)
            assert told in row.text or told.replace("`", "") in row.text, value
    if kind is Kind.QUERYABLES:
        assert FILTERS[layer.id] in page.text


@each_layer
def test_every_filter_to_copy_finds_something(client: httpx.Client, layer):
    answer = client.get(
        f"/ogc/collections/{layer.id}/items", params={"filter": FILTERS[layer.id], "f": "json"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["features"]


@pytest.fixture(scope="module")
def examples(client: httpx.Client) -> dict[str, dict[str, str]]:
    """The lines to copy of each layer's page, by program, as the service gives them."""
    found = {}
    for layer in LAYERS:
        page = Page(client.get(f"/ogc/collections/{layer.id}", params={"f": "html"}).text)
        sections = page.all("section", **{"class": "example"})
        found[layer.id] = {
            str(one.attributes["id"]).removeprefix("example-"): one.all("code")[0].text
            for one in sections
        }
    return found


@each_layer
def test_the_lines_for_curl_work_as_copied(examples, layer, tmp_path):
    for line in examples[layer.id]["curl"].splitlines():
        done = subprocess.run(
            ["bash", "-c", line.replace("curl ", "curl --fail --silent --show-error ", 1)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, (line, done.stderr)
        assert "-o " in line or json.loads(done.stdout)["features"]
    assert (tmp_path / f"{layer.id}.csv").read_text("utf-8").count("\n") > 1


@pytest.mark.parametrize(("program", "name"), [("geopandas", None), ("httpx", "features")])
@each_layer
def test_the_lines_for_python_work_as_copied(examples, layer, program, name):
    names: dict[str, Any] = {}
    exec(examples[layer.id][program], names)
    assert len(names[name or layer.id]) > 0


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not here")
@pytest.mark.parametrize("layer", [LAYERS[0], LAYERS[1]], ids=lambda layer: layer.id)
def test_the_lines_for_gdal_work_as_copied(examples, layer, tmp_path):
    for line in examples[layer.id]["gdal"].splitlines():
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, (line, done.stderr)
    assert (tmp_path / f"{layer.id}.gpkg").stat().st_size > 0
