from datetime import date
from pathlib import Path

import pytest

from geo.dates import EDTFInterval
from geo.dossier import DossierError, read_dossier
from geo.dossier.columns import TABLES
from geo.vocabulary import PlaceRole, Role
from tests.geo.dossier.broken_dossier import FILES, replace, rewrite


def test_cells_become_the_entities_they_stand_for(a_dossier, countries):
    dossier = read_dossier(a_dossier, countries=countries)
    kayin, kk_park, _ = dossier.sites
    assert (kk_park.lon, kk_park.lat, kk_park.precision_m) == (98.557, 16.631, 2500)
    assert kk_park.parent_site_id == "kayin"
    assert kk_park.admin2 is None
    assert kayin.names_other == ("ကရင်", "克伦邦")
    assert kayin.place_role is PlaceRole.CONTEXT
    protects = next(row for row in dossier.control if row.role is Role.PROTECTS)
    assert isinstance(protects.valid, EDTFInterval)
    assert protects.valid.text == "2021/.."
    assert protects.note is None


def test_a_cell_may_have_several_lines_where_it_is_prose(a_dossier, countries):
    report = read_dossier(a_dossier, countries=countries).reports[0]
    assert report.summary == "Some left,\nby bus."
    assert (report.people_min, report.people_max) == (50, 60)


def test_entities_come_in_the_order_of_their_ids(a_dossier, countries):
    dossier = read_dossier(a_dossier, countries=countries)
    assert [row.control_id for row in dossier.control] == ["kayin-army", "kk-park-bgf"]


def test_the_digest_does_not_see_the_order_of_rows_or_quoting(a_dossier, countries):
    before = read_dossier(a_dossier, countries=countries).sha256
    header, first, second = FILES["control"].splitlines()
    text = "\n".join([header, second, first.replace("opening", '"opening"')])
    (a_dossier / "control.csv").write_text(text, encoding="utf-8", newline="")
    assert read_dossier(a_dossier, countries=countries).sha256 == before


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_digest_sees_a_change_in_any_file(table, a_dossier, countries):
    before = read_dossier(a_dossier, countries=countries).sha256
    old, new = {
        "sources": ("An article", "Another article"),
        "sites": ("98.557", "98.558"),
        "actors": ("1962", "1948"),
        "reports": ("50,60", "50,61"),
        "control": ("2021/..", "2020/.."),
        "displacement": ("They came.", "They left."),
    }[table.name]
    replace(table.file, old, new)(a_dossier)
    assert read_dossier(a_dossier, countries=countries).sha256 != before


def test_files_with_a_header_and_no_rows_are_an_empty_dossier(a_dossier, countries):
    for table in TABLES:
        (a_dossier / table.file).write_text(",".join(table.names) + "\n", encoding="utf-8")
    dossier = read_dossier(a_dossier, countries=countries)
    assert dossier.reports == dossier.sites == dossier.sources == ()
    assert dossier.as_of == date(2025, 3, 31)


def test_a_dossier_without_a_descriptor_is_of_the_day_of_its_latest_source(a_dossier, countries):
    (a_dossier / "datapackage.json").unlink()
    assert read_dossier(a_dossier, countries=countries).as_of == date(2025, 3, 10)


def test_a_source_of_before_some_day_gives_a_dossier_no_day(a_dossier, countries):
    (a_dossier / "datapackage.json").unlink()
    replace("sources.csv", "2025-03-10", "../2025-03-10")(a_dossier)
    assert read_dossier(a_dossier, countries=countries).as_of == date(2025, 1, 1)


def test_a_dossier_of_no_day_is_refused(a_dossier, countries):
    (a_dossier / "datapackage.json").unlink()
    rewrite("sources.csv", lambda data: data.replace(b"2025-03-10", b"").replace(b"2025-02~", b""))(
        a_dossier
    )
    with pytest.raises(DossierError, match="the day of the dossier is not known"):
        read_dossier(a_dossier, countries=countries)


@pytest.mark.parametrize("created", ["2025-03-31", "2025-03-31T23:59:59Z"])
def test_the_day_of_a_dossier_is_that_of_its_descriptor(created, a_dossier, countries):
    replace("datapackage.json", "2025-03-31", created)(a_dossier)
    assert read_dossier(a_dossier, countries=countries).as_of == date(2025, 3, 31)


@pytest.mark.parametrize(
    "text", [b"[]", b"null", b"\xff", b"", b"\xef\xbb\xbf{}", b"[" * 100_000, b'{"created": 5}']
)
def test_a_descriptor_that_says_nothing_is_refused(text, a_dossier, countries):
    (a_dossier / "datapackage.json").write_bytes(text)
    with pytest.raises(DossierError) as caught:
        read_dossier(a_dossier, countries=countries)
    assert [p.file for p in caught.value.problems] == ["datapackage.json"]


def test_a_descriptor_of_many_megabytes_is_not_read(a_dossier, countries):
    with (a_dossier / "datapackage.json").open("wb") as out:
        out.truncate(100_000_000)
    with pytest.raises(DossierError, match="at most 5 MB"):
        read_dossier(a_dossier, countries=countries)


def test_a_missing_folder_and_a_file_for_a_folder_are_said_so(tmp_path, countries):
    with pytest.raises(DossierError, match="no such folder"):
        read_dossier(tmp_path / "none", countries=countries)
    (tmp_path / "file").touch()
    with pytest.raises(DossierError, match="not a folder"):
        read_dossier(tmp_path / "file", countries=countries)


def test_a_file_that_may_not_be_read_is_said_so(a_dossier, countries, monkeypatch):
    def denied(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DossierError) as caught:
        read_dossier(a_dossier, countries=countries)
    assert {p.file for p in caught.value.problems} >= {"sites.csv", "datapackage.json"}
    assert {p.rule for p in caught.value.problems} == {"cannot be read: Permission denied"}


def test_progress_is_told_file_by_file(a_dossier, countries):
    told = []
    read_dossier(a_dossier, countries=countries, progress=lambda *step: told.append(step))
    assert told == [
        ("sources.csv", 2),
        ("sites.csv", 3),
        ("actors.csv", 2),
        ("reports.csv", 2),
        ("control.csv", 2),
        ("displacement.csv", 2),
    ]


def test_a_long_file_tells_of_every_thousand_rows(a_dossier, countries):
    row = "s-{},A title,A publisher,news,2025,,en,B\n"
    rows = "".join(row.format(number) for number in range(2_500))
    with (a_dossier / "sources.csv").open("a", encoding="utf-8", newline="") as out:
        out.write(rows)
    told = []
    read_dossier(a_dossier, countries=countries, progress=lambda *step: told.append(step))
    assert told[:3] == [("sources.csv", 1000), ("sources.csv", 2000), ("sources.csv", 2502)]


def test_a_country_without_an_outline_is_not_judged(a_dossier, countries):
    replace("sites.csv", "TH,Tak", "ID,Tak")(a_dossier)
    assert len(read_dossier(a_dossier, countries=countries).sites) == 3


def test_a_site_may_lie_outside_its_country_by_its_precision(a_dossier, countries):
    # 100.09° is 9.6 km inside Thailand, which starts at 100° in these tests.
    replace("sites.csv", "TH,Tak,,100.5", "MM,Tak,,100.09")(a_dossier)
    assert len(read_dossier(a_dossier, countries=countries).sites) == 3
    replace("sites.csv", "10000,town", "9000,town")(a_dossier)
    with pytest.raises(DossierError, match=r"9\.6 km outside MM"):
        read_dossier(a_dossier, countries=countries)


def test_a_date_counts_from_its_earliest_day(a_dossier, countries):
    # "About February" may be January; the source of 10 March could know of it.
    replace("reports.csv", "2025-03-10,statement", "2025-04~,statement")(a_dossier)
    assert len(read_dossier(a_dossier, countries=countries).reports) == 2


def test_a_role_may_end_after_the_dossiers_day(a_dossier, countries):
    replace("control.csv", "2021/..", "2021/2050")(a_dossier)
    assert len(read_dossier(a_dossier, countries=countries).control) == 2


def test_writing_of_the_region_keeps_its_zero_width_characters(a_dossier, countries):
    replace("sites.csv", "KK zone", "កេ\u200bខេ|က\u200dခ|ก\u200cข")(a_dossier)
    assert len(read_dossier(a_dossier, countries=countries).sites[1].names_other) == 3
