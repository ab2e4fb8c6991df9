"""data/processed: the layers as files, made from the dossier and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas
import pandas
import pyarrow.parquet as pq
import pytest
import shapely
from geojson_pydantic import FeatureCollection

from geo.store.writes import load_dossier
from layers.catalog import LAYERS, REPORTS
from layers.columns import ColumnType
from service.processed import stale_files, write_processed
from service.settings import PROJECT

PROCESSED = PROJECT / "data" / "processed"


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_a_geojson_file_is_rfc_7946_with_a_feature_a_line_in_order(layer):
    text = (PROCESSED / f"{layer.id}.geojson").read_text("utf-8")
    FeatureCollection.model_validate_json(text)
    lines = text.splitlines()[1:-1]
    features = [json.loads(line.removesuffix(",")) for line in lines]
    assert features == json.loads(text)["features"]
    assert [f["id"] for f in features] == sorted(f["id"] for f in features)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_coordinates_have_at_most_seven_decimals_and_lie_on_earth(layer):
    for feature in json.loads((PROCESSED / f"{layer.id}.geojson").read_text("utf-8"))["features"]:
        if feature["geometry"] is None:
            assert layer.geometry is None
            continue
        for lon, lat in shapely.get_coordinates(shapely.geometry.shape(feature["geometry"])):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert round(lon, 7) == lon
            assert round(lat, 7) == lat


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_the_geoparquet_file_holds_the_rows_columns_and_types_of_the_layer(layer):
    path = PROCESSED / f"{layer.id}.parquet"
    features = json.loads((PROCESSED / f"{layer.id}.geojson").read_text("utf-8"))["features"]
    if layer.geometry:
        frame = geopandas.read_parquet(path)
        assert frame.crs.to_string() == "OGC:CRS84"
        expected = [shapely.geometry.shape(f["geometry"]) for f in features]
        assert all(frame.geometry.to_numpy() == expected)
    else:
        frame = pandas.read_parquet(path)
    assert list(frame.columns)[: len(layer.columns)] == list(layer.column_names)
    schema = pq.read_schema(path)
    for column in layer.columns:
        if column.kind is ColumnType.DATE:
            assert str(schema.field(column.name).type) == "date32[day]"
        if column.kind is ColumnType.STRING:
            expected = [f["properties"][column.name] for f in features]
            held = frame[column.name].astype(object)
            assert held.where(held.notna(), None).tolist() == expected


def test_the_same_dossier_makes_the_same_bytes(engine, tmp_path):
    for folder in ("one", "two"):
        write_processed(engine, tmp_path / folder)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_committed_files_show_what_the_dossier_says(engine):
    assert stale_files(engine, PROCESSED) == []


def test_a_changed_fact_is_a_changed_line_and_makes_the_files_stale(empty_store, dossier, tmp_path):
    load_dossier(empty_store, dossier)
    write_processed(empty_store, tmp_path)
    before = (tmp_path / "reports.geojson").read_text("utf-8").splitlines()
    changed = replace(dossier.reports[7], people_max=99_999)
    reports = (*dossier.reports[:7], changed, *dossier.reports[8:])
    load_dossier(empty_store, replace(dossier, sha256="a" * 64, reports=reports))
    assert set(stale_files(empty_store, tmp_path)) == {"reports.geojson", "reports.parquet"}
    write_processed(empty_store, tmp_path)
    after = (tmp_path / "reports.geojson").read_text("utf-8").splitlines()
    different = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(different) == 1
    assert changed.report_id in different[0]


def test_a_missing_file_is_stale(engine, tmp_path):
    write_processed(engine, tmp_path)
    (tmp_path / f"{REPORTS.id}.geojson").unlink()
    assert stale_files(engine, tmp_path) == ["reports.geojson"]
