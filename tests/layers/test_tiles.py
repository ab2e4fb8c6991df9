"""Grids, attributes, and the numbers of claims that tiles of small scales show."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text

from geo.errors import NotFound
from geo.store.writes import load_dossier
from layers.published import publish
from layers.tile_matrix_sets import (
    TILE_MATRIX_SETS,
    WEB_MERCATOR_QUAD,
    WORLD_CRS84_QUAD,
    Tile,
    tile_matrix_set,
    union,
)
from layers.tile_queries import prepared_statement
from layers.tiles import TILED_LAYERS, TileRequest, count_columns, feature_columns

GRIDS = pytest.mark.parametrize("grid", TILE_MATRIX_SETS, ids=lambda grid: grid.id)
MERCATOR_EDGE_M = 20037508.3427892


@pytest.mark.parametrize(
    ("grid", "number", "scale", "cell", "width", "height"),
    [
        (WEB_MERCATOR_QUAD, 0, 559082264.028717, 156543.033928041, 1, 1),
        (WEB_MERCATOR_QUAD, 10, 545978.773465544, 152.874056570353, 1024, 1024),
        (WEB_MERCATOR_QUAD, 24, 33.3238997476529, 0.00933069192934280, 1 << 24, 1 << 24),
        (WORLD_CRS84_QUAD, 0, 279541132.014358, 0.703125, 2, 1),
        (WORLD_CRS84_QUAD, 9, 545978.773465544, 0.001373291015625, 1024, 512),
        (WORLD_CRS84_QUAD, 23, 33.3238997476529, 0.00000008381903171539, 1 << 24, 1 << 23),
    ],
)
def test_a_grid_is_the_registered_one(grid, number, scale, cell, width, height):
    matrix = grid.document()["tileMatrices"][number]
    assert matrix["id"] == str(number)
    assert matrix["scaleDenominator"] == pytest.approx(scale, rel=1e-9)
    assert matrix["cellSize"] == pytest.approx(cell, rel=1e-9)
    assert (matrix["matrixWidth"], matrix["matrixHeight"]) == (width, height)
    assert (matrix["tileWidth"], matrix["tileHeight"]) == (256, 256)


def test_the_first_tiles_cover_the_world():
    edge = MERCATOR_EDGE_M
    world = WEB_MERCATOR_QUAD.box(Tile(0, 0, 0))
    assert world == pytest.approx((-edge, -edge, edge, edge), rel=1e-12)
    assert WORLD_CRS84_QUAD.box(Tile(0, 0, 0)) == (-180, -90, 0, 90)
    assert WORLD_CRS84_QUAD.box(Tile(0, 0, 1)) == (0, -90, 180, 90)


@GRIDS
def test_rows_go_south_and_neighbours_share_an_edge(grid):
    west, south, east, north = grid.box(Tile(9, 100, 200))
    assert grid.box(Tile(9, 101, 200))[3] == pytest.approx(south)
    assert grid.box(Tile(9, 100, 201))[0] == pytest.approx(east)
    assert west < east
    assert south < north


@GRIDS
@pytest.mark.parametrize(
    ("matrix", "row", "column"),
    [("25", "0", "0"), ("0", "1", "0"), ("0", "0", "2"), ("3", "2147483647", "0"),
     ("-1", "0", "0"), ("a", "0", "0"), ("1", "0.5", "0"), ("1", "", "0"), ("1", "٣", "0")],
)  # fmt: skip
def test_a_tile_that_a_grid_does_not_have_is_not_found(grid, matrix, row, column):
    with pytest.raises(NotFound, match="tile"):
        grid.tile(matrix, row, column)


def test_an_unknown_grid_is_not_found_and_the_known_ones_are_named():
    with pytest.raises(NotFound, match="WebMercatorQuad, WorldCRS84Quad"):
        tile_matrix_set("Flat")


@GRIDS
def test_limits_hold_the_tiles_of_a_box_and_no_others(grid):
    limit = grid.limits((98.0, 15.0, 99.0, 17.0))[8]
    west, _, _, north = grid.box(Tile(8, limit.first_row, limit.first_column))
    _, south, east, _ = grid.box(Tile(8, limit.last_row, limit.last_column))
    degrees = 1 if grid is WORLD_CRS84_QUAD else MERCATOR_EDGE_M / 180
    size = grid.tile_size / 256
    assert west <= 98 * degrees < west + size
    assert east - size <= 99 * degrees < east
    assert north > south
    assert limit.hold(Tile(8, limit.first_row, limit.last_column))
    assert not limit.hold(Tile(8, limit.first_row - 1, limit.first_column))
    assert not limit.hold(Tile(8, limit.first_row, limit.last_column + 1))


@GRIDS
def test_limits_of_the_whole_world_are_the_whole_grid(grid):
    for limit, matrix in zip(
        grid.limits((-180, -90, 180, 90)), grid.document()["tileMatrices"], strict=True
    ):
        assert (limit.first_row, limit.last_row) == (0, matrix["matrixHeight"] - 1)
        assert (limit.first_column, limit.last_column) == (0, matrix["matrixWidth"] - 1)


def test_the_box_around_boxes():
    assert union([(1, 2, 3, 4), (0, 3, 2, 9)]) == (0, 2, 3, 9)
    assert union([]) is None


@pytest.mark.parametrize("layer", TILED_LAYERS, ids=lambda layer: layer.id)
def test_a_tile_of_features_says_who_reported_them_how_surely_and_how_exact_the_place_is(layer):
    names = {column.name for column in feature_columns(layer)}
    assert {"source_id", "reliability", "credibility"} <= names
    assert any(name.endswith("precision_m") for name in names)


@pytest.mark.parametrize("layer", TILED_LAYERS, ids=lambda layer: layer.id)
def test_a_number_of_claims_is_called_so(layer):
    assert count_columns(layer)[-1].name.endswith("_count")


def test_chosen_columns_leave_out_others_but_not_the_place():
    layer = TILED_LAYERS[1]
    names = [column.name for column in count_columns(layer, ("event_kind", "site_name"))]
    assert names == ["site_id", "site_name", "reports_count"]


@pytest.fixture
def store(empty_store, dossier):
    load_dossier(empty_store, dossier, publish=publish)
    return empty_store


def kept(engine) -> dict[str, tuple[int, int]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT site_id, reports_count, control_count FROM atlas.tile_site")
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def counted(dossier) -> dict[str, tuple[int, int]]:
    reports = Counter(report.site_id for report in dossier.reports)
    control = Counter(claim.site_id for claim in dossier.control)
    return {site.site_id: (reports[site.site_id], control[site.site_id]) for site in dossier.sites}


def test_each_site_is_kept_with_the_number_of_its_claims(store, dossier):
    assert kept(store) == counted(dossier)


def test_the_numbers_follow_claims_that_come_go_and_move(store, dossier):
    busy = Counter(report.site_id for report in dossier.reports).most_common(2)
    (first, _), (second, _) = busy
    moved = next(report for report in dossier.reports if report.site_id == first)
    gone = next(report for report in dossier.reports if report.site_id == second)
    changed = replace(
        dossier,
        sha256="c" * 64,
        reports=(
            *(
                replace(report, site_id=second) if report is moved else report
                for report in dossier.reports
                if report is not gone
            ),
            replace(moved, report_id="a-new-report"),
        ),
        control=dossier.control[1:],
    )
    load_dossier(store, changed, publish=publish)
    assert kept(store) == counted(changed)


def test_a_site_that_is_corrected_or_withdrawn_is_so_in_tiles(store, dossier):
    spare = replace(dossier.sites[0], site_id="a-spare-site", name="Spare")
    with_it = replace(dossier, sha256="d" * 64, sites=(*dossier.sites, spare))
    load_dossier(store, with_it, publish=publish)
    assert kept(store) == counted(with_it)
    renamed = replace(dossier.sites[0], name="Another name", lat=12.5)
    again = replace(dossier, sha256="e" * 64, sites=(renamed, *dossier.sites[1:]))
    load_dossier(store, again, publish=publish)
    assert kept(store) == counted(again)
    with store.connect() as connection:
        row = connection.execute(
            text(
                "SELECT name, ST_Y(geom), ST_Y(ST_Transform(geom_3857, 4326)) "
                "FROM atlas.tile_site WHERE site_id = :site_id"
            ),
            {"site_id": renamed.site_id},
        ).one()
    assert row[0] == "Another name"
    assert (row[1], row[2]) == pytest.approx((12.5, 12.5))


def test_a_database_published_by_an_older_program_is_brought_up(store, dossier):
    with store.begin() as connection:
        connection.execute(text("DELETE FROM atlas.publication WHERE layer = 'tile sites'"))
        connection.execute(text("UPDATE atlas.tile_site SET reports_count = 9999"))
        connection.execute(text("DELETE FROM atlas.tile_site WHERE control_count = 0"))
    assert load_dossier(store, dossier, publish=publish).load_id is not None
    assert kept(store) == counted(dossier)
    assert load_dossier(store, dossier, publish=publish).load_id is None


def test_a_place_near_the_pole_is_in_the_grid_of_degrees_and_not_in_that_of_mercator(store):
    """Web Mercator ends at 85.05 degrees."""
    layer = next(layer for layer in TILED_LAYERS if layer.id == "hotspots")
    with store.begin() as connection:
        connection.execute(
            text("UPDATE atlas.tile_site SET geom = ST_SetSRID(ST_MakePoint(12, 89.5), 4326)")
        )
        sizes = {}
        for grid in TILE_MATRIX_SETS:
            whole = Tile(0, 0, grid.columns - 1)
            statement = prepared_statement(TileRequest(layer, grid, whole))
            assert statement is not None
            sql = statement.sql
            for number, value in enumerate(statement.values, 1):
                sql = sql.replace(f"${number}::FLOAT", repr(value))
            sizes[grid.id] = len(connection.exec_driver_sql(sql).scalar_one())
    assert sizes["WebMercatorQuad"] == 0
    assert sizes["WorldCRS84Quad"] > 1000
