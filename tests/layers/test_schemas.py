"""The schemas say what features hold: checked against every feature, and against wrong ones."""

from __future__ import annotations

import copy

import pytest
from jsonschema import Draft202012Validator, ValidationError

from layers.catalog import HOTSPOTS, LAYERS, REPORTS, TimeSemantics
from layers.columns import ColumnType
from layers.cql2 import Kind
from layers.queryables import queryable_kinds
from layers.schemas import DIALECT, feature_schema, geojson_schema, queryables_schema

every_layer = pytest.mark.parametrize("layer", LAYERS, ids=[layer.id for layer in LAYERS])
URL = "https://atlas.example.org/ogc/collections/x/schema"


def checker(layer):
    return Draft202012Validator(
        geojson_schema(layer), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def all_features(client, layer):
    answer = client.get(f"/ogc/collections/{layer.id}/items", params={"limit": "10000"})
    assert answer.status_code == 200, answer.text[:500]
    found = answer.json()["features"]
    assert found
    return found


def names_with_role(layer, role):
    properties = feature_schema(layer, URL)["properties"]
    return [name for name, p in properties.items() if p.get("x-ogc-role") == role]


@every_layer
@pytest.mark.parametrize("made", [feature_schema, queryables_schema])
def test_a_schema_has_the_shape_that_parts_3_and_5_ask_for(layer, made):
    schema = made(layer, URL)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == URL
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert schema["title"] == layer.title
    for name, described in schema["properties"].items():
        assert described["title"], name
        if name == "geometry":
            assert described["format"].startswith("geometry-")
            assert not {"type", "$ref"} & set(described)
        else:
            assert isinstance(described["type"], str), name
            assert described["description"], name


@every_layer
def test_a_feature_has_exactly_the_properties_that_its_schema_names(client, layer):
    named = [name for name in feature_schema(layer, URL)["properties"] if name != "geometry"]
    for feature in all_features(client, layer):
        assert list(feature["properties"]) == named


@every_layer
def test_every_feature_of_the_service_is_what_its_schema_says(client, layer):
    check = checker(layer)
    for feature in all_features(client, layer):
        check.validate(feature)


@every_layer
def test_a_property_that_is_required_is_never_null_in_the_data(client, layer):
    required = feature_schema(layer, URL)["required"]
    for feature in all_features(client, layer):
        assert not [name for name in required if feature["properties"][name] is None]


WRONG = {
    ColumnType.STRING: 7,
    ColumnType.URI: 7,
    ColumnType.DATE: "yesterday",
    ColumnType.INTEGER: "7",
    ColumnType.BOOLEAN: "yes",
    ColumnType.STRINGS: [7],
    ColumnType.OBJECTS: [{}],
}


@every_layer
def test_a_changed_property_is_found(client, layer):
    check = checker(layer)
    feature = all_features(client, layer)[0]
    for column in layer.columns:
        for wrong in [WRONG[column.kind], *(["x", 99] if column.codes else [])]:
            changed = copy.deepcopy(feature)
            changed["properties"][column.name] = wrong
            with pytest.raises(ValidationError) as found:
                check.validate(changed)
            assert list(found.value.absolute_path)[:2] == ["properties", column.name]
        if column.required:
            changed["properties"][column.name] = None
            assert not check.is_valid(changed), column.name
        del changed["properties"][column.name]
        assert not check.is_valid(changed), column.name


@every_layer
def test_a_feature_with_a_further_property_or_another_geometry_is_found(client, layer):
    check = checker(layer)
    feature = all_features(client, layer)[0]
    assert not check.is_valid(feature | {"properties": feature["properties"] | {"more": 1}})
    polygon = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    assert not check.is_valid(feature | {"geometry": polygon})
    if layer.geometry:
        assert not check.is_valid(feature | {"geometry": None})


@every_layer
def test_the_first_property_is_the_id_of_the_feature(client, layer):
    (name,) = names_with_role(layer, "id")
    for feature in all_features(client, layer):
        assert feature["id"] == feature["properties"][name]


@every_layer
def test_the_time_of_a_feature_is_a_day_or_the_bounds_of_its_possible_days(layer):
    bounds = [names_with_role(layer, f"primary-interval-{end}") for end in ("start", "end")]
    instant = names_with_role(layer, "primary-instant")
    if layer.time is TimeSemantics.STATE:
        assert (bounds, instant) == ([[], []], ["datetime"])
    elif layer.time is TimeSemantics.RANGE:
        assert (bounds, instant) == ([["possible_from"], ["possible_to"]], [])
    else:
        assert (bounds, instant) == ([[], []], [])


@every_layer
def test_a_reference_is_the_id_of_a_feature_of_the_layer_that_it_names(client, layer):
    ids = {}
    for name in names_with_role(layer, "reference"):
        target = feature_schema(layer, URL)["properties"][name]["x-ogc-collectionId"]
        if target not in ids:
            (other,) = (other for other in LAYERS if other.id == target)
            ids[target] = {feature["id"] for feature in all_features(client, other)}
        said = {feature["properties"][name] for feature in all_features(client, layer)}
        assert said - {None} <= ids[target], name


def test_references_are_found_by_name_with_and_without_a_prefix():
    properties = feature_schema(HOTSPOTS, URL)["properties"]
    assert properties["parent_site_id"]["x-ogc-collectionId"] == "hotspots"
    assert properties["location_source_id"]["x-ogc-collectionId"] == "sources"
    assert feature_schema(REPORTS, URL)["properties"]["site_id"]["x-ogc-collectionId"] == "hotspots"


def test_codes_stand_with_their_meanings():
    properties = feature_schema(REPORTS, URL)["properties"]
    assert {"const": "raid", "title": "raid or arrests"} in properties["event_kind"]["oneOf"]
    assert {"const": 2, "title": "probably true"} in properties["credibility"]["oneOf"]


def test_units_stand_with_numbers():
    assert feature_schema(HOTSPOTS, URL)["properties"]["precision_m"]["x-ogc-unit"] == "m"
    assert feature_schema(HOTSPOTS, URL)["properties"]["age_days"]["x-ogc-unit"] == "d"


@every_layer
def test_the_queryables_are_those_that_a_filter_may_use(layer):
    kinds = queryable_kinds(layer)
    properties = queryables_schema(layer, URL)["properties"]
    assert list(properties) == list(kinds)
    for name, kind in kinds.items():
        described = properties[name]
        match kind:
            case Kind.DATE:
                assert (described["type"], described["format"]) == ("string", "date")
            case Kind.INTERVAL:
                assert (described["type"], described["format"]) == ("array", "interval-array")
            case Kind.STRINGS:
                assert described["items"] == {"type": "string"}
            case Kind.GEOMETRY:
                assert "type" not in described
            case _:
                assert described["type"] == kind
