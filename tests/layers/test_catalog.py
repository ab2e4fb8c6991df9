"""The list of layers: what the API, the files and the pages are made from."""

from __future__ import annotations

import pytest

from geo.errors import NotFound
from layers.catalog import LAYERS, TimeSemantics, layer_by_id
from layers.columns import ColumnType
from layers.queries import select_features

SOURCE = {"source_id", "source_title", "source_publisher", "source_published", "source_url"}
EVIDENCE = SOURCE | {"reliability", "locator", "credibility"}


def test_an_unknown_layer_is_told_with_those_there_are():
    with pytest.raises(NotFound, match="hotspots, reports, control, displacement, actors, sources"):
        layer_by_id("nothing")


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_no_column_stands_twice_and_each_is_explained(layer):
    assert len(set(layer.column_names)) == len(layer.columns)
    for column in layer.columns:
        assert len(column.description) > 3
        assert (column.kind is ColumnType.OBJECTS) == bool(column.fields)


@pytest.mark.parametrize("layer_id", ["reports", "control", "displacement", "actors"])
def test_every_claim_carries_its_source_locator_and_grades(layer_id):
    assert set(layer_by_id(layer_id).column_names) >= EVIDENCE


def test_the_state_of_a_site_carries_the_list_of_its_sources():
    columns = {column.name: column for column in layer_by_id("hotspots").columns}
    for name in ("evidence", "control"):
        assert {field.name for field in columns[name].fields} >= EVIDENCE


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_values_are_of_the_type_and_code_list_that_the_catalogue_says(layer, engine):
    import json

    python = {
        ColumnType.STRING: str,
        ColumnType.URI: str,
        ColumnType.DATE: str,
        ColumnType.INTEGER: int,
        ColumnType.BOOLEAN: bool,
        ColumnType.STRINGS: list,
        ColumnType.OBJECTS: list,
    }

    def check(columns, values):
        assert list(values) == [column.name for column in columns]
        for column in columns:
            value = values[column.name]
            if value is None:
                continue
            assert type(value) is python[column.kind], column.name
            if column.codes:
                assert str(value) in set(column.codes), column.name
            if column.kind is ColumnType.OBJECTS:
                for row in value:
                    check(column.fields, row)

    with engine.connect() as connection:
        for feature in connection.execute(select_features(layer)).scalars():
            check(layer.columns, json.loads(feature)["properties"])


@pytest.mark.parametrize(
    "layer", [x for x in LAYERS if x.time is TimeSemantics.RANGE], ids=lambda layer: layer.id
)
def test_a_layer_in_time_says_what_is_possible_and_what_is_certain(layer):
    wanted = {"possible_from", "possible_to", "certain_from", "certain_to"}
    assert set(layer.column_names) >= wanted
