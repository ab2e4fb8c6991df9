"""Layers as files over HTTP, opened by the programs that people use."""

from __future__ import annotations

import io
import json

import geopandas
import httpx
import pandas
import pytest

from layers.catalog import LAYERS
from layers.formats import FORMATS
from tests.service.asking import features, problem

ASKED = {"datetime": "2025-01-01/2025-03-31", "filter": "country = 'MM'"}


@pytest.mark.parametrize("fmt", FORMATS, ids=lambda fmt: fmt.id)
def test_every_format_holds_what_the_selection_holds(client, fmt, tmp_path):
    answer = client.get(f"/layers/reports.{fmt.extension}", params=ASKED, timeout=60)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"].split(";")[0] == fmt.media_type
    assert f'filename="reports.{fmt.extension}"' in answer.headers["content-disposition"]
    path = tmp_path / f"reports.{fmt.extension}"
    path.write_bytes(answer.content)
    expected = set(features(client, "reports", **ASKED))
    assert set(_ids(fmt.id, path)) == expected
    assert len(expected) > 20


def _ids(fmt: str, path) -> list[str]:
    if fmt == "geojsonseq":
        records = path.read_text("utf-8").split("\x1e")[1:]
        return [json.loads(record)["id"] for record in records]
    if fmt == "csv":
        return list(pandas.read_csv(path)["report_id"])
    if fmt == "xlsx":
        return list(pandas.read_excel(path)["report_id"])
    if fmt == "parquet":
        return list(geopandas.read_parquet(path)["report_id"])
    return list(geopandas.read_file(path)["report_id"])


@pytest.mark.parametrize("layer", [layer.id for layer in LAYERS])
def test_every_layer_is_a_table(client, layer):
    table = pandas.read_csv(io.BytesIO(client.get(f"/layers/{layer}.csv").content))
    assert list(table.iloc[:, 0]) or layer
    assert len(table) == len(features(client, layer))


def test_a_part_of_a_file_can_be_asked_for(client):
    whole = client.get("/layers/displacement.fgb").content
    part = client.get("/layers/displacement.fgb", headers={"Range": "bytes=8-99"})
    assert part.status_code == 206
    assert part.content == whole[8:100]


def test_an_unknown_ending_is_404_and_names_those_there_are(client):
    assert "gpkg" in problem(client, "/layers/reports.shp", 404)["detail"]


def test_the_service_answers_while_files_are_made(site_url):
    with httpx.Client(base_url=site_url, timeout=60) as client:
        answers = [client.get(f"/layers/reports.{ending}") for ending in ("xlsx", "gpkg", "kml")]
        assert {answer.status_code for answer in answers} == {200}
        assert client.get("/healthz").status_code == 200
