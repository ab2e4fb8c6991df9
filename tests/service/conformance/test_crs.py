"""OGC API - Features Part 2 (18-058r1): coordinate reference systems by reference."""

from __future__ import annotations

import numpy
import pytest
import shapely
from pyproj import CRS, Transformer

from tests.service.conformance.asking import (
    CRS84,
    EPSG,
    GEOJSON,
    UNSUPPORTED,
    every_layer,
    everything,
    get,
    ids,
    items_path,
    refused,
    spatial_layers,
    whole_layer,
)

SYSTEMS = (CRS84, f"{EPSG}4326", f"{EPSG}3857", f"{EPSG}32647")
# A centimetre at the equator, in degrees.
TOLERANCE = 1e-7
every_system = pytest.mark.parametrize("uri", SYSTEMS)


def definition(uri):
    return CRS("OGC:CRS84") if uri == CRS84 else CRS.from_epsg(uri.rsplit("/", 1)[1])


def to_crs84(uri):
    """In the order of the axes of the definition, which is what the standard asks for."""
    return Transformer.from_crs(definition(uri), definition(CRS84))


def positions(feature):
    return shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))


@spatial_layers
def test_crs_uri_the_collection_lists_uris(client, layer_id):
    collection = get(client, f"/ogc/collections/{layer_id}").json()
    for uri in [*collection["crs"], collection["storageCrs"]]:
        assert uri == "#/crs" or uri.startswith("http://www.opengis.net/def/crs/")
    if "#/crs" in collection["crs"]:
        assert get(client, "/ogc/collections").json()["crs"]


@spatial_layers
def test_default_crs_and_storage_crs_are_in_the_list(client, layer_id):
    collection = get(client, f"/ogc/collections/{layer_id}").json()
    listed = collection["crs"]
    if "#/crs" in listed:
        listed = [*listed, *get(client, "/ogc/collections").json()["crs"]]
    assert collection["storageCrs"] in listed
    assert set(SYSTEMS) <= set(listed)


def test_default_crs_the_global_list_begins_with_it(client):
    assert get(client, "/ogc/collections").json().get("crs", [CRS84])[0] == CRS84


@every_layer
@every_system
def test_crs_parameter_and_header(client, layer_id, uri):
    path = items_path(layer_id)
    feature_id = get(client, path, limit="1").json()["features"][0]["id"]
    for one in (path, f"{path}/{feature_id}"):
        answer = get(client, one, crs=uri)
        assert answer.headers["content-crs"] == f"<{uri}>"
        assert answer.headers["content-type"] == GEOJSON
        assert answer.json()["type"] in ("FeatureCollection", "Feature")


@every_layer
def test_crs_parameter_default(client, layer_id):
    path = items_path(layer_id)
    body = get(client, path, limit="5")
    assert body.headers["content-crs"] == f"<{CRS84}>"
    assert get(client, path, limit="5", crs=CRS84).json()["features"] == body.json()["features"]


@every_layer
@pytest.mark.parametrize("wrong", [UNSUPPORTED, f"{EPSG}99999", "", "EPSG", f"{EPSG}4326 ", "4326"])
def test_crs_parameter_invalid(client, layer_id, wrong):
    path = items_path(layer_id)
    feature_id = get(client, path, limit="1").json()["features"][0]["id"]
    refused(client, path, "crs", crs=wrong)
    refused(client, f"{path}/{feature_id}", "crs", crs=wrong)


@spatial_layers
@every_system
def test_crs_parameter_transform_back_it_is_the_same_place(client, layer_id, uri):
    in_crs84 = whole_layer(client, layer_id)
    in_other = everything(client, layer_id, crs=uri)
    assert [f["id"] for f in in_other] == [f["id"] for f in in_crs84]
    back = to_crs84(uri)
    for here, there in zip(in_crs84, in_other, strict=True):
        assert here["properties"] == there["properties"]
        x, y = positions(there).T
        lon, lat = back.transform(x, y)
        numpy.testing.assert_allclose(numpy.array([lon, lat]).T, positions(here), atol=TOLERANCE)


def test_crs_parameter_transform_follows_the_order_of_the_axes(client):
    path = f"{items_path('hotspots')}/kk-park"
    lon, lat = get(client, path).json()["geometry"]["coordinates"]
    assert get(client, path, crs=f"{EPSG}4326").json()["geometry"]["coordinates"] == [lat, lon]


@spatial_layers
def test_crs_parameter_holds_for_every_page(client, layer_id):
    whole = everything(client, layer_id, crs=f"{EPSG}3857")
    assert everything(client, layer_id, crs=f"{EPSG}3857", limit="40") == whole


BOX = (98.0, 16.0, 99.0, 17.0)


def box_in(uri):
    """A box of that system around a box of degrees, so that it holds at least the same places."""
    here = Transformer.from_crs(definition(CRS84), definition(uri))
    edge = numpy.linspace(0, 1, 21)
    west, south, east, north = BOX
    lon = numpy.concatenate([west + edge * (east - west)] * 2 + [edge * 0 + west, edge * 0 + east])
    lat = numpy.concatenate(
        [edge * 0 + south, edge * 0 + north] + [south + edge * (north - south)] * 2
    )
    x, y = here.transform(lon, lat)
    return x.min(), y.min(), x.max(), y.max()


@spatial_layers
@every_system
def test_bbox_crs_parameter_what_touches_the_box_in_its_own_system(client, layer_id, uri):
    box = box_in(uri)
    expected = {
        feature["id"]
        for feature in everything(client, layer_id, crs=uri)
        if shapely.geometry.shape(feature["geometry"]).intersects(shapely.box(*box))
    }
    text = ",".join(f"{number:.9f}" for number in box)
    found = ids(client, layer_id, **{"bbox": text, "bbox-crs": uri})
    # A line between two places is straight in one system and bent in the other.
    assert found == expected if layer_id != "displacement" else len(found ^ expected) <= 3
    assert ids(client, layer_id, bbox="98,16,99,17") <= found


@every_layer
def test_bbox_crs_parameter_default(client, layer_id):
    plain = ids(client, layer_id, bbox="98,16,99,17")
    assert ids(client, layer_id, **{"bbox": "98,16,99,17", "bbox-crs": CRS84}) == plain
    assert ids(client, layer_id, **{"bbox": "16,98,17,99", "bbox-crs": f"{EPSG}4326"}) == plain


@every_layer
@pytest.mark.parametrize("wrong", [UNSUPPORTED, f"{EPSG}99999", ""])
def test_bbox_crs_parameter_invalid(client, layer_id, wrong):
    refused(client, items_path(layer_id), "bbox-crs", **{"bbox": "1,2,3,4", "bbox-crs": wrong})
    refused(client, items_path(layer_id), "bbox-crs", **{"bbox-crs": wrong})
