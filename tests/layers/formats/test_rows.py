"""Every layer in every format: the same rows, columns and values, opened by others' programs."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile

import geopandas
import pandas
import pyarrow.parquet as pq
import pytest
import shapely

from layers.catalog import DISPLACEMENT, HOTSPOTS, LAYERS, REPORTS, SOURCES
from layers.columns import ColumnType
from layers.formats.files import write_file
from layers.formats.model import (
    FLATGEOBUF,
    FORMATS,
    GEOJSONL,
    GEOJSONSEQ,
    GEOPACKAGE,
    GEOPARQUET,
    KML,
    XLSX,
)
from layers.formats.rows import wkt
from layers.formats.spool import FLAT, Spool
from layers.queries import select_features
from service.settings import PROJECT
from tests.layers.formats import reading

GDAL_FORMATS = [fmt for fmt in FORMATS if fmt is not GEOPARQUET]  # no wheel or Debian GDAL has it
OWN_READERS = [fmt for fmt in FORMATS if fmt not in (FLATGEOBUF, GEOPACKAGE, KML)]
ADDRESS = "https://atlas.example/layers/reports.csv?bbox=1,2,3,4&datetime=../2025"
every_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)


def of(formats):
    return pytest.mark.parametrize("fmt", formats, ids=lambda fmt: fmt.id)


@pytest.fixture(scope="module")
def features(engine):
    """The whole dossier as the database gives it."""
    with engine.connect() as connection:
        return {
            layer.id: list(connection.execute(select_features(layer)).scalars()) for layer in LAYERS
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory, features):
    """Every layer in every format."""
    folder = tmp_path_factory.mktemp("formats")
    for layer in LAYERS:
        for fmt in FORMATS:
            path = folder / f"{layer.id}.{fmt.extension}"
            write_file(layer, fmt, features[layer.id], path, address=ADDRESS)
    return folder


@every_layer
@of(GDAL_FORMATS)
def test_debians_gdal_reads_the_rows_and_places(layer, fmt, features, folder):
    rows, shapes = reading.with_ogr2ogr(layer, folder / f"{layer.id}.{fmt.extension}")
    assert rows == reading.expected(layer, features[layer.id])
    if fmt is XLSX:
        return
    for held, given in zip(shapes, reading.shapes(layer, features[layer.id]), strict=True):
        assert (held is None) == (given is None)
        assert held is None or shapely.equals_exact(held, given, tolerance=1e-9)


@every_layer
@of(GDAL_FORMATS)
def test_the_wheels_gdal_reads_the_rows(layer, fmt, features, folder):
    rows = reading.with_pyogrio(layer, folder / f"{layer.id}.{fmt.extension}")
    assert rows == reading.expected(layer, features[layer.id])


@every_layer
@of(OWN_READERS)
def test_the_formats_own_reader_reads_the_rows(layer, fmt, features, folder):
    rows = reading.with_own_reader(layer, folder / f"{layer.id}.{fmt.extension}")
    assert rows == reading.expected(layer, features[layer.id])


@every_layer
@of(FORMATS)
def test_columns_stand_in_the_order_of_the_catalogue(layer, fmt, folder):
    path = folder / f"{layer.id}.{fmt.extension}"
    if fmt is GEOPARQUET:
        names = pq.read_schema(path).names
    else:
        told = subprocess.run(
            ["ogrinfo", "-ro", "-so", path, layer.id], capture_output=True, text=True, check=True
        )
        assert "Warning" not in told.stderr
        names = re.findall(r"^(\w+): \w+(?:\(\w+\))? \(", told.stdout, re.MULTILINE)
    held = [name for name in names if name in layer.column_names]
    ours = [name for name in layer.column_names if not (fmt is KML and name == "name")]
    assert held == ours


@of([FLATGEOBUF, GEOPACKAGE, GEOPARQUET])
def test_geopandas_reads_the_places(fmt, features, folder):
    for layer in (HOTSPOTS, DISPLACEMENT):
        path = folder / f"{layer.id}.{fmt.extension}"
        read = geopandas.read_parquet if fmt is GEOPARQUET else geopandas.read_file
        frame = read(path).sort_values(layer.column_names[0])
        assert frame.crs.to_epsg() in (4326, None)
        assert frame.crs.equals("EPSG:4326", ignore_axis_order=True)
        assert list(frame.geometry) == reading.shapes(layer, features[layer.id])


def test_a_workbook_has_real_days_and_numbers_and_a_frozen_header(folder):
    frame = pandas.read_excel(folder / "reports.xlsx", sheet_name="reports")
    assert frame["possible_from"].dtype.kind == "M"
    assert frame["credibility"].dtype.kind == "i"
    with zipfile.ZipFile(folder / "reports.xlsx") as book:
        told = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in told
    assert "<f>" not in told
    assert "<hyperlink" not in told


@every_layer
def test_the_sheet_about_tells_licence_query_and_every_column(layer, folder):
    lines = reading.sheet(folder / f"{layer.id}.xlsx", "About")
    told = {line[0]: line[1] for line in lines}
    assert told["Asked for at"] == ADDRESS
    assert "creativecommons.org" in told["Licence"]
    assert "CC BY 4.0" in told["Attribution"]
    for column in layer.columns:
        assert told[column.name] == column.description


def test_a_geopackage_tells_what_it_is(folder):
    told = subprocess.run(
        ["ogrinfo", "-ro", "-so", folder / "reports.gpkg", "reports"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for words in (REPORTS.description, f"IDENTIFIER={REPORTS.title}", ADDRESS, "LICENSE="):
        assert words in told
    asked = "SELECT description FROM gpkg_data_columns WHERE column_name = 'summary'"
    frame = geopandas.read_file(folder / "reports.gpkg", sql=asked, sql_dialect="SQLITE")
    assert list(frame["description"]) == ["The claim in our words"]
    asked = "SELECT count(*) AS n FROM rtree_reports_geom"
    frame = geopandas.read_file(folder / "reports.gpkg", sql=asked, sql_dialect="SQLITE")
    assert frame["n"][0] > 0


@of([FLATGEOBUF, GEOPACKAGE])
def test_a_box_is_answered_from_the_index(fmt, features, folder):
    box = (98.0, 16.0, 99.0, 17.0)
    frame = geopandas.read_file(folder / f"reports.{fmt.extension}", bbox=box)
    inside = [
        shape.intersects(shapely.box(*box))
        for shape in reading.shapes(REPORTS, features["reports"])
    ]
    assert len(frame) == sum(inside) > 0


def test_parquet_keeps_lists_and_objects_with_their_days(folder):
    schema = pq.read_schema(folder / "hotspots.parquet")
    assert str(schema.field("names_other").type).startswith("list<")
    evidence = schema.field("evidence").type.value_type
    assert str(evidence.field("observed").type) == "date32[day]"
    assert [field.name for field in evidence] == [
        field.name
        for column in HOTSPOTS.columns
        if column.name == "evidence"
        for field in column.fields
    ]


@every_layer
def test_geojson_and_parquet_are_the_bytes_of_the_files_in_the_repository(layer, folder):
    for extension in ("geojson", "parquet"):
        kept = PROJECT / "data" / "processed" / f"{layer.id}.{extension}"
        assert (folder / kept.name).read_bytes() == kept.read_bytes()


def test_kml_has_the_time_in_which_a_claim_possibly_holds(tmp_path):
    def told(**days):
        path = tmp_path / "reports.kml"
        write_file(REPORTS, KML, [reading.a_feature(REPORTS, "one", **days)], path)
        text = path.read_text("utf-8")
        return re.findall(r"<TimeS(?:pan|tamp)>.*</TimeS(?:pan|tamp)>", text)

    first, last = {"possible_from": "2025-01-02"}, {"possible_to": "2025-03-04"}
    begin, end = "<begin>2025-01-02</begin>", "<end>2025-03-04</end>"
    assert told(**first, **last) == [f"<TimeSpan>{begin}{end}</TimeSpan>"]
    assert told(**first) == [f"<TimeSpan>{begin}</TimeSpan>"]
    assert told(**last) == [f"<TimeSpan>{end}</TimeSpan>"]
    assert told() == []
    one_day = told(possible_from="2025-01-02", possible_to="2025-01-02")
    assert one_day == ["<TimeStamp><when>2025-01-02</when></TimeStamp>"]


def test_kml_gives_a_state_the_day_whose_state_it_is(folder):
    text = (folder / "hotspots.kml").read_text("utf-8")
    assert text.count("<TimeStamp>") == text.count("<Placemark>") > 100


@every_layer
@of([fmt for fmt in GDAL_FORMATS if fmt not in (GEOJSONL, GEOJSONSEQ, XLSX)])
def test_gdal_opens_an_empty_selection(layer, fmt, tmp_path):
    path = tmp_path / f"{layer.id}.{fmt.extension}"
    write_file(layer, fmt, [], path)
    assert reading.with_ogr2ogr(layer, path) == ([], [])
    assert reading.with_pyogrio(layer, path) == []


@of([GEOJSONL, GEOJSONSEQ])
def test_an_empty_sequence_has_no_bytes(fmt, tmp_path):
    write_file(REPORTS, fmt, [], tmp_path / "empty")
    assert (tmp_path / "empty").read_bytes() == b""


@every_layer
def test_an_empty_selection_keeps_its_columns_in_parquet_and_excel(layer, tmp_path):
    write_file(layer, GEOPARQUET, [], tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.num_rows == 0
    assert table.column_names[: len(layer.columns)] == list(layer.column_names)
    write_file(layer, XLSX, [], tmp_path / "a.xlsx")
    # GDAL takes a sheet's only row for data, not for a header; spreadsheets and pandas do not.
    (header,) = reading.sheet(tmp_path / "a.xlsx", layer.id)
    assert header[: len(layer.columns)] == list(layer.column_names)


@of(GDAL_FORMATS)
def test_a_feature_without_a_place_is_a_row_like_others(fmt, tmp_path):
    given = [
        reading.a_feature(REPORTS, "a", geometry=reading.POINT),
        reading.a_feature(REPORTS, "b"),
    ]
    path = tmp_path / f"reports.{fmt.extension}"
    write_file(REPORTS, fmt, given, path)
    rows, shapes = reading.with_ogr2ogr(REPORTS, path)
    assert [row["report_id"] for row in rows] == ["a", "b"]
    if fmt is not XLSX:
        assert [shape is None or shape.is_empty for shape in shapes] == [False, True]


def test_a_feature_without_a_place_is_null_in_parquet(tmp_path):
    given = [
        reading.a_feature(REPORTS, "a", geometry=reading.POINT),
        reading.a_feature(REPORTS, "b"),
    ]
    write_file(REPORTS, GEOPARQUET, given, tmp_path / "reports.parquet")
    frame = geopandas.read_parquet(tmp_path / "reports.parquet")
    assert list(frame.geometry) == [shapely.Point(98.5291234, 16.7), None]


def test_parquet_gives_the_types_and_the_box_of_all_batches(tmp_path, monkeypatch):
    monkeypatch.setattr("layers.formats.spool.BATCH_ROWS", 1)
    monkeypatch.setattr("layers.formats.geoparquet.ROWS_PER_GROUP", 2)
    line = {"type": "LineString", "coordinates": [[90, 5], [98, 16]]}
    places = [reading.POINT, line, None]
    given = [reading.a_feature(DISPLACEMENT, str(n), geometry=g) for n, g in enumerate(places)]
    write_file(DISPLACEMENT, GEOPARQUET, given, tmp_path / "a.parquet")
    frame = geopandas.read_parquet(tmp_path / "a.parquet")
    assert list(frame["flow_id"]) == ["0", "1", "2"]
    assert pq.read_metadata(tmp_path / "a.parquet").num_row_groups == 2
    geo = pq.read_schema(tmp_path / "a.parquet").metadata[b"geo"].decode()
    assert '"geometry_types": ["LineString", "Point"]' in geo
    assert '"bbox": [90.0, 5.0, 98.5291234, 16.7]' in geo


def test_too_many_rows_for_a_sorted_flatgeobuf_are_written_unsorted(tmp_path, monkeypatch):
    monkeypatch.setattr("layers.formats.tables.FLATGEOBUF_INDEX_ROWS", 1)
    given = [reading.a_feature(REPORTS, key, geometry=reading.POINT) for key in ("a", "b")]
    write_file(REPORTS, FLATGEOBUF, given, tmp_path / "reports.fgb")
    rows, _ = reading.with_ogr2ogr(REPORTS, tmp_path / "reports.fgb")
    assert len(rows) == 2


@pytest.mark.parametrize(
    "text",
    [
        "POINT (98.5 16.7)",
        "LINESTRING (1 2, 3 4.5)",
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
        "MULTIPOINT (1 2, 3 4)",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((9 9, 8 9, 8 8, 9 9)))",
    ],
)
def test_every_simple_geometry_can_be_told_as_text_and_as_kml(text, tmp_path):
    given = shapely.from_wkt(text)
    geometry = shapely.geometry.mapping(given)
    feature = reading.a_feature(DISPLACEMENT, "a", geometry=geometry)
    assert shapely.from_wkt(wkt(json.loads(feature)["geometry"])) == given
    write_file(DISPLACEMENT, KML, [feature], tmp_path / "displacement.kml")
    _, (shape,) = reading.with_ogr2ogr(DISPLACEMENT, tmp_path / "displacement.kml")
    assert shapely.equals(shapely.force_2d(shape), given)


def test_the_spool_knows_how_many_have_no_place(tmp_path):
    spool = Spool.of(SOURCES, FLAT, [reading.a_feature(SOURCES, "a")], tmp_path / "spool")
    assert (spool.rows, spool.unplaced, spool.bounds) == (1, 1, None)


def test_every_column_type_has_a_place_in_each_format():
    kinds = {column.kind for layer in LAYERS for column in layer.columns}
    assert kinds == set(ColumnType)
