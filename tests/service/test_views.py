"""How features are given: coordinate systems, chosen properties, representations."""

from __future__ import annotations

import csv
import io
import json

import pytest
from pyproj import Transformer

from layers.catalog import LAYERS
from tests.service.asking import features, problem

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ITEMS = "/ogc/collections/reports/items"
KK_PARK = f"{ITEMS}/kk-park-202503-un-hotspot"
SPATIAL = [layer.id for layer in LAYERS if layer.geometry]


def flat(geometry) -> list[list[float]]:
    if geometry is None:
        return []
    positions = geometry["coordinates"]
    return [positions] if geometry["type"] == "Point" else positions


@pytest.mark.parametrize("layer", SPATIAL)
@pytest.mark.parametrize("code", [4326, 3857, 32647])
def test_coordinates_come_in_the_system_asked_for_and_in_its_axis_order(client, layer, code):
    path = f"/ogc/collections/{layer}/items"
    stored = client.get(path, params={"limit": "100"})
    asked = client.get(path, params={"limit": "100", "crs": f"{EPSG}{code}"})
    assert stored.headers["content-crs"] == f"<{CRS84}>"
    assert asked.headers["content-crs"] == f"<{EPSG}{code}>"
    back = Transformer.from_crs(code, "OGC:CRS84")  # in the order of the definitions
    pairs = list(zip(stored.json()["features"], asked.json()["features"], strict=True))
    assert pairs
    for before, after in pairs:
        assert before["id"] == after["id"]
        assert before["properties"] == after["properties"]
        for given, wanted in zip(flat(after["geometry"]), flat(before["geometry"]), strict=True):
            assert back.transform(*given) == pytest.approx(wanted, abs=1e-6)


def test_one_item_comes_in_the_system_asked_for(client):
    answer = client.get(KK_PARK, params={"crs": f"{EPSG}4326"})
    assert answer.headers["content-crs"] == f"<{EPSG}4326>"
    lat, lon = answer.json()["geometry"]["coordinates"]
    assert client.get(KK_PARK).json()["geometry"]["coordinates"] == [lon, lat]


@pytest.mark.parametrize("path", [ITEMS, KK_PARK])
def test_a_system_that_is_not_served_is_refused_by_name(client, path):
    body = problem(client, f"{path}?crs=http://www.opengis.net/def/crs/0/unsupported", 400)
    assert body["parameter"] == "crs"
    assert CRS84 in body["detail"]


@pytest.mark.parametrize(
    ("code", "box"),
    [
        (4326, "16,98,17,99"),
        (3857, "10909310,1804722.8,11020630,1920825"),
        (32647, "390000,1770000,500000,1885000"),
    ],
)
def test_a_box_in_another_system_is_the_same_place(client, code, box):
    asked = {"limit": "10000", "bbox": box, "bbox-crs": f"{EPSG}{code}"}
    found = client.get(ITEMS, params=asked).json()
    back = Transformer.from_crs("OGC:CRS84", code)
    inside = set()
    for feature in client.get(ITEMS, params={"limit": "10000"}).json()["features"]:
        first, second = back.transform(*feature["geometry"]["coordinates"])
        low_1, low_2, high_1, high_2 = map(float, box.split(","))
        if low_1 <= first <= high_1 and low_2 <= second <= high_2:
            inside.add(feature["id"])
    assert {feature["id"] for feature in found["features"]} == inside
    assert found["numberMatched"] == len(inside) > 50


def test_a_box_says_its_system_or_is_crs84(client):
    named = client.get(ITEMS, params={"bbox": "98,16,99,17", "bbox-crs": CRS84}).json()
    assert named["numberMatched"] == client.get(f"{ITEMS}?bbox=98,16,99,17").json()["numberMatched"]
    assert problem(client, f"{ITEMS}?bbox=1,2,3,4&bbox-crs=EPSG:1", 400)["parameter"] == "bbox-crs"


@pytest.mark.parametrize("code", [4326, 3857, 32647])
@pytest.mark.parametrize("box", ["-1e300,-1e300,1e300,1e300", "3e7,1,4e7,2"])
def test_a_box_outside_its_system_is_refused(client, code, box):
    assert problem(client, f"{ITEMS}?bbox={box}&bbox-crs={EPSG}{code}", 400)["parameter"] == "bbox"


def test_a_box_that_can_only_have_longitude_first_is_read_so(client):
    """98 is no latitude; 16,98 is read as EPSG:4326 has it, and 98,16 as most clients send it."""
    right = client.get(f"{ITEMS}?bbox=16,98,17,99&bbox-crs={EPSG}4326").json()
    swapped = client.get(f"{ITEMS}?bbox=98,16,99,17&bbox-crs={EPSG}4326").json()
    assert right["numberMatched"] == swapped["numberMatched"] > 50
    wrong = problem(client, f"{ITEMS}?bbox=98,160,99,170&bbox-crs={EPSG}4326", 400)
    assert wrong["parameter"] == "bbox"


@pytest.mark.parametrize("layer", [layer.id for layer in LAYERS])
def test_chosen_properties_come_with_those_that_say_who_reported_it(client, layer):
    columns = client.get(f"/ogc/collections/{layer}/items?limit=1").json()["features"][0]
    chosen = list(columns["properties"])[2]
    path = f"/ogc/collections/{layer}/items?limit=5&properties={chosen}"
    for feature in client.get(path).json()["features"]:
        given = feature["properties"]
        assert chosen in given
        assert len(given) < len(columns["properties"])
        whole = client.get(f"/ogc/collections/{layer}/items/{feature['id']}").json()
        assert given == {name: whole["properties"][name] for name in given}
        assert feature["geometry"] == whole["geometry"]
        for evidence in ("source_id", "locator", "credibility", "reliability", "evidence"):
            assert (evidence in given) == (evidence in columns["properties"])


def test_an_unknown_property_is_refused_by_name(client):
    body = problem(client, f"{ITEMS}?properties=summary,nonsense", 400)
    assert body["parameter"] == "properties"
    assert "nonsense" in body["detail"]


def test_a_file_holds_the_chosen_properties_only(client):
    answer = client.get("/layers/reports.csv", params={"properties": "summary", "country": "KH"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows
    assert "summary" in rows[0]
    assert "source_publisher" in rows[0]
    assert "event_kind" not in rows[0]
    book = client.get("/layers/reports.xlsx", params={"properties": "summary", "country": "KH"})
    assert book.status_code == 200


def test_a_page_comes_as_text_sequence_and_as_table(client):
    page = client.get(ITEMS, params={"limit": "7"}).json()["features"]
    sequence = client.get(ITEMS, params={"limit": "7", "f": "geojsonseq"})
    assert sequence.headers["content-type"] == "application/geo+json-seq"
    texts = sequence.text.split("\x1e")
    assert texts[0] == ""
    assert [json.loads(text) for text in texts[1:]] == page
    table = client.get(ITEMS, params={"limit": "7"}, headers={"Accept": "text/csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["report_id"] for row in rows] == [feature["id"] for feature in page]
    assert 'rel="next"; type="text/csv"' in table.headers["link"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", "application/geo+json"),
        ("application/geo+json, application/json;q=0.9", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/csv;q=0.5, text/html;q=0.4", "text/csv"),
        ("text/*", "text/html"),
        ("*/*, application/geo+json;q=0", "text/html"),
    ],
)
def test_the_accept_header_chooses_the_representation(client, accept, given):
    answer = client.get(ITEMS, params={"limit": "1"}, headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == given


def test_what_is_not_served_is_406_and_an_unknown_f_is_400(client):
    answer = client.get(ITEMS, headers={"Accept": "application/gml+xml"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem(client, f"{ITEMS}?f=gml", 400)["parameter"] == "f"


def test_two_representations_of_one_address_share_no_validator(client):
    answers = [client.get(ITEMS, headers={"Accept": kind}) for kind in ("*/*", "text/html")]
    assert answers[0].headers["vary"] == "Accept, Accept-Encoding"
    etag = answers[0].headers["etag"]
    again = client.get(ITEMS, headers={"Accept": "text/html", "If-None-Match": etag})
    assert again.status_code == 200


def test_certain_is_a_part_of_possible(client):
    period = {"datetime": "2024-01-01/2024-06-30"}
    possible = features(client, "reports", **period)
    certain = features(client, "reports", **period, certainty="certain")
    assert set(certain) < set(possible)
    for each in certain.values():
        whole = (each["possible_from"] or "") >= "2024-01-01" and (
            each["possible_to"] or "9"
        ) <= "2024-06-30"
        some = each["certain_from"] and (
            each["certain_from"] <= "2024-06-30" and each["certain_to"] >= "2024-01-01"
        )
        assert whole or some
    assert problem(client, f"{ITEMS}?certainty=sure", 400)["parameter"] == "certainty"
