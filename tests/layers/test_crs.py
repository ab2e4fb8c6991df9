"""Coordinate reference systems: what is said of them without a look at the registry is right."""

from __future__ import annotations

import pytest

from layers.crs import CRS84, DEFAULT_CODES, KnownCRS, UnknownCRS, epsg, look_up


@pytest.mark.parametrize("code", DEFAULT_CODES)
def test_the_default_systems_are_what_the_registry_says(code):
    assert DEFAULT_CODES[code] == look_up(code)


def test_any_other_code_is_looked_up():
    assert epsg(32648).lat_first is False
    assert epsg(4258).lat_first is True
    with pytest.raises(ValueError, match="EPSG:1"):
        epsg(1)


def test_a_service_knows_those_of_its_list_and_crs84_first():
    known = KnownCRS((3857, 32648))
    assert known.uris[0] == CRS84.uri
    assert known.find("crs", "EPSG:32648").srid == 32648
    for unknown in ("EPSG:4326", "3857", "", "EPSG:EPSG:3857"):
        with pytest.raises(UnknownCRS):
            known.find("crs", unknown)
