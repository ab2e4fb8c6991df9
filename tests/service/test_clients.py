"""GDAL's OGC API - Features driver against the running service."""

from __future__ import annotations

import json
import subprocess

import pytest

from layers.catalog import LAYERS
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
