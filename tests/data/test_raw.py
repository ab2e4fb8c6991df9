import csv
import json
import time
from datetime import date
from pathlib import Path

import pytest

from geo.countries import CountryIndex
from geo.dossier import read_dossier
from geo.dossier.columns import TABLES
from geo.dossier.datapackage import datapackage, datapackage_text
from geo.vocabulary import PlaceRole, SiteKind

DATA = Path(__file__).parents[2] / "data"
RESEARCHED_TO = date(2026, 11, 22)


@pytest.fixture(scope="module")
def countries():
    return CountryIndex.load(DATA / "basemap" / "countries.geojson")


@pytest.fixture(scope="module")
def dossier(countries):
    return read_dossier(DATA / "raw", countries=countries)


def test_the_dossier_is_valid_and_whole(dossier):
    assert dossier.as_of == RESEARCHED_TO
    assert len(dossier.sources) == 560
    assert len(dossier.sites) == 193
    assert len(dossier.actors) == 137
    assert len(dossier.reports) == 703
    assert len(dossier.control) == 239
    assert len(dossier.displacement) == 100


def test_the_dossier_is_read_well_under_two_seconds(countries):
    started = time.perf_counter()
    read_dossier(DATA / "raw", countries=countries)
    assert time.perf_counter() - started < 1.5


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_stand_in_the_order_of_their_ids(table):
    with (DATA / "raw" / table.file).open(encoding="utf-8", newline="") as file:
        ids = [row[0] for row in list(csv.reader(file))[1:]]
    assert ids == sorted(ids)


def test_the_descriptor_is_that_of_the_code(countries):
    text = (DATA / "raw" / "datapackage.json").read_text(encoding="utf-8")
    assert json.loads(text) == datapackage(RESEARCHED_TO)
    assert text == datapackage_text(RESEARCHED_TO)


def test_the_descriptor_names_every_column_in_its_order():
    for table, resource in zip(TABLES, datapackage(RESEARCHED_TO)["resources"], strict=True):
        with (DATA / "raw" / table.file).open(encoding="utf-8") as file:
            header = file.readline().rstrip("\n").split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert resource["schema"]["primaryKey"] == header[:1]


def test_what_the_un_letters_name_is_a_hotspot(dossier):
    named = {
        "shwe-kokko", "myawaddy", "payathonzu", "kk-park", "kayin-thai-border", "kokang-saz",
        "wanhai", "tangyan", "mong-la", "yangon", "langkawi", "johor",
    }  # fmt: skip
    role = {site.site_id: site.place_role for site in dossier.sites}
    assert {role[name] for name in named} == {PlaceRole.HOTSPOT}


def test_countries_states_and_crossings_are_context_but_for_johor(dossier):
    wide = {SiteKind.COUNTRY, SiteKind.STATE, SiteKind.RIVER_CROSSING}
    hotspots = {
        site.site_id
        for site in dossier.sites
        if site.kind in wide and site.place_role is PlaceRole.HOTSPOT
    }
    assert hotspots == {"johor"}


def test_no_place_is_a_hotspot_that_no_report_speaks_of(dossier):
    reported = {report.site_id for report in dossier.reports}
    hotspots = {s.site_id for s in dossier.sites if s.place_role is PlaceRole.HOTSPOT}
    assert hotspots <= reported


def test_every_source_is_used(dossier):
    used = {row.source_id for row in (*dossier.reports, *dossier.control, *dossier.displacement)}
    used |= {actor.source_id for actor in dossier.actors}
    used |= {site.location_source_id for site in dossier.sites}
    used |= {row.start_source_id for row in dossier.control}
    used |= {row.end_source_id for row in dossier.control}
    assert {source.source_id for source in dossier.sources} <= used


def test_every_context_place_that_is_not_so_by_kind_is_explained(dossier):
    readme = (DATA / "raw" / "README.md").read_text(encoding="utf-8")
    wide = {SiteKind.COUNTRY, SiteKind.STATE, SiteKind.RIVER_CROSSING}
    chosen = [
        site.site_id
        for site in dossier.sites
        if site.place_role is PlaceRole.CONTEXT and site.kind not in wide
    ]
    assert [name for name in chosen if f"`{name}`" not in readme] == []
