import time

import pytest

from geo.dossier import DossierError, Problem, read_dossier
from geo.dossier.columns import TABLES
from geo.dossier.problems import Problems
from tests.geo.dossier.broken import BROKEN
from tests.geo.dossier.broken_dossier import FILES, replace, rewrite

JUNK = [
    "",
    " ",
    "x" * 10_001,
    "-",
    "..",
    "../..",
    "/",
    "|",
    "0",
    "-1",
    "9" * 5000,
    "1e999",
    "inf",
    "2025-02-30",
    "9999",
    "0001~",
    "XXXX",
    "kk-park",
    "https://[",
    "http://",
    "\N{FULLWIDTH DIGIT ONE}",
    "\N{ARABIC-INDIC DIGIT ONE}",
    "\x00",
    "\x1b[31m",
    "\u2028",
    "\ufffe",
    "\N{COMBINING ACUTE ACCENT}",
    "👩‍👩‍👧",
    "'; DROP TABLE report; --",
    "<script>alert(1)</script>",
]


def problems_of(folder, countries):
    with pytest.raises(DossierError) as caught:
        read_dossier(folder, countries=countries)
    return caught.value.problems


def problems_if_any(folder, countries):
    try:
        read_dossier(folder, countries=countries)
    except DossierError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_broken_dossier_is_refused_for_what_is_wrong_with_it_and_nothing_else(
    case, a_dossier, countries
):
    case.break_it(a_dossier)
    found = problems_of(a_dossier, countries)
    assert [(p.file, p.line, p.column, p.suggestion) for p in found] == [
        (e.file, e.line, e.column, e.suggestion) for e in case.expect
    ], "\n".join(map(str, found))
    for problem, expected in zip(found, case.expect, strict=True):
        assert expected.rule in problem.rule


def test_every_way_to_break_a_dossier_has_a_name_of_its_own():
    names = [case.name for case in BROKEN]
    assert len(set(names)) == len(names) >= 25


def test_faults_of_every_file_are_told_in_one_go(a_dossier, countries):
    rewrite("sources.csv", lambda data: b"\xef\xbb\xbf" + data)(a_dossier)
    replace("sites.csv", "16.631,2500", "91,0")(a_dossier)
    replace("actors.csv", "state-armed-force", "army")(a_dossier)
    replace("reports.csv", "2025-03-10,statement", "10/03/2025,said")(a_dossier)
    replace("control.csv", "2021/..", "2021/2019")(a_dossier)
    (a_dossier / "displacement.csv").unlink()
    assert [(p.file, p.line, p.column) for p in problems_of(a_dossier, countries)] == [
        ("actors.csv", 2, "kind"),
        ("control.csv", 2, "valid"),
        ("displacement.csv", None, None),
        ("reports.csv", 2, "event_date"),
        ("reports.csv", 2, "event_kind"),
        ("sites.csv", 3, "lat"),
        ("sites.csv", 3, "precision_m"),
        ("sources.csv", 1, None),
    ]


def test_a_row_with_a_fault_still_counts_as_known(a_dossier, countries):
    replace("sites.csv", "16.631", "91")(a_dossier)
    assert {p.file for p in problems_of(a_dossier, countries)} == {"sites.csv"}


def test_ids_that_may_stand_in_an_unread_row_are_not_called_unknown(a_dossier, countries):
    replace("sources.csv", "news-1,An article", 'news-1,"An "article')(a_dossier)
    assert {p.file for p in problems_of(a_dossier, countries)} == {"sources.csv"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_junk_in_any_cell_is_refused_or_accepted_but_never_a_crash(table, a_dossier, countries):
    header, *rows = FILES[table.name].replace('"Some left,\nby bus."', "Some left").splitlines()
    first = rows[0].split(",")
    for at, _ in enumerate(first):
        for junk in JUNK:
            cells = [*first[:at], '"' + junk.replace('"', '""') + '"', *first[at + 1 :]]
            text = "\n".join([header, ",".join(cells), *rows[1:], ""])
            (a_dossier / table.file).write_text(text, encoding="utf-8", newline="")
            for problem in problems_if_any(a_dossier, countries):
                assert problem.rule
                assert str(problem).isprintable()


@pytest.mark.parametrize("junk", JUNK)
def test_junk_for_a_column_name_is_refused(junk, a_dossier, countries):
    replace("sites.csv", "admin2", '"' + junk.replace('"', '""') + '"')(a_dossier)
    found = problems_of(a_dossier, countries)
    assert {p.file for p in found} == {"sites.csv"}
    assert all(str(p).isprintable() for p in found)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_file_cut_off_anywhere_is_never_a_crash(table, a_dossier, countries):
    whole = FILES[table.name].encode()
    for end in range(0, len(whole), 7):
        (a_dossier / table.file).write_bytes(whole[:end])
        problems_if_any(a_dossier, countries)


def test_a_file_too_large_is_refused_unread_and_at_once(a_dossier, countries):
    with (a_dossier / "reports.csv").open("wb") as out:
        out.truncate(1_000_000_000)
    started = time.perf_counter()
    (problem,) = problems_of(a_dossier, countries)
    assert time.perf_counter() - started < 1
    assert problem.rule == "larger than 50 MB: not read"


def test_wrong_ids_without_number_are_told_within_seconds(a_dossier, countries):
    row = "kk-park-{0},kk-prak-{0},2025-02,release,unknown,Some.,,,,news-1,opening,2\n"
    header = FILES["reports"].splitlines(keepends=True)[0]
    rows = [row.format(number) for number in range(20_000)]
    (a_dossier / "reports.csv").write_text(header + "".join(rows), encoding="utf-8", newline="")
    started = time.perf_counter()
    found = problems_of(a_dossier, countries)
    assert time.perf_counter() - started < 5
    assert len(found) == 5_001
    assert found[0].rule == "more than 5000 problems: the rest of the file is not listed"


@pytest.mark.parametrize("row", ["too,few\n", "s-{},T,P,news,2025,,en,Z\n"])
def test_a_file_of_nothing_but_faults_is_not_read_to_its_end(row, a_dossier, countries):
    with (a_dossier / "sources.csv").open("a", encoding="utf-8", newline="") as out:
        out.write("".join(row.format(number) for number in range(6_000)))
    assert len(problems_of(a_dossier, countries)) == 5_001


def test_two_bad_ends_of_a_movement_are_two_faults_and_no_third(a_dossier, countries):
    replace("displacement.csv", "kk-park,mae-sot", "kk-park ,mae-sot ")(a_dossier)
    found = problems_of(a_dossier, countries)
    assert [(p.column, p.rule) for p in found] == [
        ("from_site_id", "blanks at the start or end"),
        ("to_site_id", "blanks at the start or end"),
    ]


def test_a_large_circle_of_parents_is_one_problem_and_short(a_dossier, countries):
    row = "s-{},n,,town,hotspot,MM,,,96.5,15,10,b,news-1,s-{},\n"
    with (a_dossier / "sites.csv").open("a", encoding="utf-8", newline="") as out:
        out.write("".join(row.format(number, (number + 1) % 500) for number in range(500)))
    (problem,) = problems_of(a_dossier, countries)
    assert problem.line == 5
    assert problem.rule == (
        "the parents run in a circle: s-0 → s-1 → s-2 → s-3 → s-4 → … → s-497 → s-498 → s-499 → s-0"
    )


def test_more_rows_than_any_dossier_has_are_not_read(a_dossier, countries, monkeypatch):
    monkeypatch.setattr("geo.dossier.readers.MAX_ROWS", 1)
    assert [(p.line, p.rule) for p in problems_of(a_dossier, countries)][:1] == [
        (3, "more than 1 rows")
    ]


def test_a_cell_larger_than_any_reader_takes_is_refused(a_dossier, countries):
    replace("reports.csv", "The letter names it.", "x" * 200_000)(a_dossier)
    (problem,) = problems_of(a_dossier, countries)
    assert problem.line == 2
    assert problem.rule == "a cell too large to read: a quotation mark may be left open"


def test_an_error_names_all_problems_up_to_200_and_counts_the_rest():
    problems = [Problem("sites.csv", line, "lat", "91", "no", None) for line in range(2, 302)]
    lines = str(DossierError(problems)).splitlines()
    assert lines[0] == "the dossier has 300 problems:"
    assert lines[1] == "sites.csv:2: lat = '91': no"
    assert lines[-1] == "and 100 more"
    assert len(lines) == 202


def test_a_problem_reads_as_one_line_whatever_its_value_holds():
    problem = Problem("sites.csv", 14, "name", "a\x1b[2J\u202eb" + "x" * 100, "no", "y")
    assert str(problem) == (
        f"sites.csv:14: name = 'a\\x1b[2J\\u202eb{'x' * 73}…': no (did you mean y?)"
    )


def test_problems_of_one_file_do_not_crowd_out_those_of_another():
    problems = Problems(most=2)
    for _ in range(5):
        problems(Problem("sites.csv", 2, None, None, "no"))
    problems(Problem("actors.csv", 2, None, None, "no"))
    assert [p.file for p in problems.found] == ["sites.csv"] * 3 + ["actors.csv"]
    assert problems.full("sites.csv")
    assert not problems.full("actors.csv")
