import json

import pytest

from geo.countries import CountryIndex
from tests.geo.dossier.broken_dossier import COUNTRIES, write_dossier


@pytest.fixture(scope="session")
def countries(tmp_path_factory):
    path = tmp_path_factory.mktemp("basemap") / "countries.geojson"
    path.write_text(json.dumps(COUNTRIES), encoding="utf-8")
    return CountryIndex.load(path)


@pytest.fixture
def a_dossier(tmp_path):
    return write_dossier(tmp_path / "dossier")
