"""Clients that people use, against the running service: GDAL, OWSLib, geopandas."""

from __future__ import annotations

import io
import json
import os
import subprocess

import geopandas
import pandas
import pytest
from owslib.ogcapi.features import Features

from layers.catalog import LAYERS
from layers.formats import FORMATS
from tests.service.asking import features


def ogrinfo(site_url: str, *arguments: str) -> dict:
    """What GDAL reads of the service, as JSON; older releases without -json are asked in text."""
    command = ["ogrinfo", "-ro", f"OAPIF:{site_url}/ogc", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {"text": done.stdout, "errors": done.stderr}


def feature_count(text: str) -> int:
    (line,) = [line for line in text.splitlines() if line.startswith("Feature Count:")]
    return int(line.split(":")[1])


def test_gdal_lists_every_layer(site_url):
    text = ogrinfo(site_url)["text"]
    for layer in LAYERS:
        assert layer.title in text or layer.id in text, text


@pytest.mark.parametrize("layer", [layer.id for layer in LAYERS])
def test_gdal_counts_what_the_layer_holds(site_url, client, layer):
    text = ogrinfo(site_url, "-so", layer)["text"]
    assert feature_count(text) == len(features(client, layer))


def test_gdal_filters_by_a_box(site_url, client):
    text = ogrinfo(site_url, "-so", "-spat", "98", "16", "99", "17", "reports")["text"]
    assert feature_count(text) == len(features(client, "reports", bbox="98,16,99,17"))


def test_gdal_reads_every_feature_through_all_pages(site_url, tmp_path, client):
    out = tmp_path / "reports.geojson"
    subprocess.run(
        ["ogr2ogr", "-oo", "PAGE_SIZE=50", str(out), f"OAPIF:{site_url}/ogc", "reports"],
        check=True,
        timeout=120,
    )
    read = json.loads(out.read_text("utf-8"))["features"]
    assert {f["properties"]["report_id"] for f in read} == set(features(client, "reports"))


@pytest.mark.parametrize(
    ("condition", "asked"),
    [
        ("event_kind = 'raid'", {"event_kind": "raid"}),
        ("country = 'KH' AND credibility = 2", {"country": "KH", "credibility": "2"}),
    ],
)
def test_gdal_sends_attribute_filters_to_the_server(site_url, client, condition, asked):
    command = ["ogrinfo", "-ro", f"OAPIF:{site_url}/ogc", "-so", "-where", condition, "reports"]
    debug = {**os.environ, "CPL_DEBUG": "HTTP"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=debug)
    assert feature_count(done.stdout) == len(features(client, "reports", **asked)) > 0
    fetched = [line for line in done.stderr.splitlines() if "/items?" in line]
    for name, value in asked.items():
        assert any(f"{name}={value}" in line or f"{name}%22" in line for line in fetched), fetched


def test_owslib_reads_the_service(site_url, client):
    service = Features(f"{site_url}/ogc")
    assert service.feature_collections() == [layer.id for layer in LAYERS if layer.geometry]
    assert service.collection_items("sources", limit=1)["numberMatched"] == 560  # records
    assert service.conformance()["conformsTo"]
    assert service.collection("reports")["title"] == "Reports"
    assert "event_kind" in service.collection_queryables("reports")["properties"]
    page = service.collection_items("reports", bbox=[98, 16, 99, 17], limit=1000)
    assert page["numberReturned"] == len(features(client, "reports", bbox="98,16,99,17"))
    raids = service.collection_items("reports", filter="event_kind = 'raid'", limit=1000)
    assert {f["properties"]["event_kind"] for f in raids["features"]} == {"raid"}
    first = raids["features"][0]["id"]
    assert service.collection_item("reports", first)["id"] == first


@pytest.mark.parametrize("fmt", FORMATS, ids=lambda fmt: fmt.id)
def test_geopandas_reads_every_format(client, tmp_path, fmt):
    answer = client.get(f"/layers/reports.{fmt.extension}", params={"country": "KH"})
    path = tmp_path / f"reports.{fmt.extension}"
    path.write_bytes(answer.content)
    expected = features(client, "reports", country="KH")
    if fmt.id == "parquet":
        read = geopandas.read_parquet(path)
    elif fmt.id == "xlsx":
        read = pandas.read_excel(io.BytesIO(answer.content), sheet_name=0)
    else:
        read = geopandas.read_file(path)
    assert set(read["report_id"]) == set(expected)
