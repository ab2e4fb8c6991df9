"""EDTF level 1 text, and the days on which a claim possibly and certainly holds."""

from datetime import date

import pytest

from geo.dates import (
    DayRange,
    certain_days,
    held_days,
    observed_days,
    parse_edtf,
    possible_days,
    said_days,
)
from geo.errors import InvalidEDTF

ALWAYS = DayRange(None, None)


def days(first: str | None, last: str | None) -> DayRange:
    return DayRange(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
    )


def possible(text: str) -> DayRange:
    return possible_days(parse_edtf(text))


def certain(text: str) -> DayRange | None:
    return certain_days(parse_edtf(text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-10-27", "2023-10-27", "2023-10-27"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2023-XX", "2023-01-01", "2023-12-31"),
        ("2023-10-XX", "2023-10-01", "2023-10-31"),
        ("2023-XX-XX", "2023-01-01", "2023-12-31"),
        ("2023-21", "2023-03-01", "2023-05-31"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_may_be_any_day_of_the_span_it_names(text, first, last):
    assert possible(text) == days(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-10-27~", "2023-10-24", "2023-10-30"),
        ("2023-03-02?", "2023-02-27", "2023-03-05"),
        ("2023-10~", "2023-09-01", "2023-11-30"),
        ("2023-01%", "2022-12-01", "2023-02-28"),
        ("2010~", "2009-01-01", "2011-12-31"),
        ("202X~", "2019-01-01", "2030-12-31"),
        ("0001~", "0001-01-01", "0002-12-31"),
        ("9999-12~", "9999-11-01", "9999-12-31"),
    ],
)
def test_a_qualifier_widens_by_three_days_one_month_or_one_year(text, first, last):
    assert possible(text) == days(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-10/2024-04", "2023-10-01", "2024-04-30"),
        ("2010~/..", "2009-01-01", None),
        ("../2024-01", None, "2024-01-31"),
        ("/2024-01", None, "2024-01-31"),
        ("2024-02/", "2024-02-01", None),
        ("../..", None, None),
    ],
)
def test_an_interval_is_possible_from_its_earliest_start_to_its_latest_end(text, first, last):
    assert possible(text) == days(first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-10-27", days("2023-10-27", "2023-10-27")),
        ("2023-10", None),
        ("2023-10-27~", None),
        ("2023-10/2024-04", days("2023-10-31", "2024-04-01")),
        ("2023-10-27/2024-01-05", days("2023-10-27", "2024-01-05")),
        ("2023-10/2023-10", None),
        ("2024-02-01/..", days("2024-02-01", "2024-02-01")),
        ("2024-02/..", None),
        ("../2024-01-05", days("2024-01-05", "2024-01-05")),
        ("../..", None),
    ],
)
def test_certain_is_what_holds_whatever_the_truth_of_the_uncertain_ends(text, expected):
    assert certain(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("27/10/2023", "interval"),
        ("27.10.2023", "write YYYY-MM-DD"),
        ("2023-1-5", "two digits"),
        ("2023-13", "no month 13"),
        ("2023-25", "no month 25"),
        ("2023-02-30", "no day 30"),
        ("2023-02-29", "no day 29"),
        ("202X-05", "from the right"),
        ("2023-XX-05", "from the right"),
        ("0000", "0001 to 9999"),
        ("-0500", "0001 to 9999"),
        ("Y12023", "0001 to 9999"),
        ("2023-10-27T10:00:00Z", "time of day"),
        (" 2023", "blanks"),
        ("about 2023", "EDTF"),
        ("2023~~", "EDTF"),
        ("2024-01/2023-12", "ends before it starts"),
        ("2023/2024/2025", "no interval"),
        ("٢٠٢٣", "EDTF"),
        ("2023-10-27\n", "blanks"),
    ],
)
def test_other_text_is_refused_with_the_reason(text, reason):
    with pytest.raises(InvalidEDTF, match=reason):
        parse_edtf(text)


def test_a_role_without_known_ends_is_certain_on_the_day_its_source_speaks_of():
    possible, certain = held_days(parse_edtf("../.."), parse_edtf("2025-05-05"), ALWAYS)
    assert possible == ALWAYS
    assert certain == days("2025-05-05", "2025-05-05")


def test_a_role_is_certain_between_its_known_start_and_what_its_source_speaks_of():
    _, certain = held_days(parse_edtf("2017-02/.."), parse_edtf("2025-05-05"), ALWAYS)
    assert certain == days("2017-02-28", "2025-05-05")


def test_a_role_is_certain_between_what_its_source_speaks_of_and_its_known_end():
    _, certain = held_days(parse_edtf("../2024-01"), parse_edtf("2023-11-20"), ALWAYS)
    assert certain == days("2023-11-20", "2024-01-01")


def test_a_role_is_possible_only_within_its_actors_own_days_where_an_end_is_not_known():
    active = days("2010-08-20", "2024-01-31")
    possible, certain = held_days(parse_edtf("../.."), parse_edtf("2025-05-05"), active)
    assert possible == active
    assert certain is None


def test_a_known_end_wins_over_its_actors_own_days():
    active = days("2010-08-20", None)
    possible, _ = held_days(parse_edtf("2009-01-01/.."), None, active)
    assert possible == days("2009-01-01", None)
    possible, _ = held_days(parse_edtf("../2009-01-01"), None, active)
    assert possible == days(None, "2009-01-01")


def test_a_role_that_was_held_some_time_before_a_day_is_not_certain_on_that_day():
    _, certain = held_days(parse_edtf("../.."), parse_edtf("../2025-11-20"), ALWAYS)
    assert certain is None


def test_a_role_said_to_be_held_in_a_month_is_said_from_its_first_day():
    _, certain = held_days(parse_edtf("../.."), parse_edtf("2024-03"), ALWAYS)
    assert certain is None
    assert said_days(certain, parse_edtf("2024-03")) == days("2024-03-01", "2024-03-01")
    assert said_days(None, None) is None


@pytest.mark.parametrize(
    ("occurred", "published", "first", "last"),
    [
        ("2025-03-10", "2025-04-01", "2025-03-10", "2025-03-10"),
        ("2025", "2025-04-01", "2025-01-01", "2025-01-01"),
        ("2023-10/2024-04", "2025", "2023-10-01", "2024-04-01"),
        ("2021-02/..", "2024-05-06", "2021-02-01", "2024-05-06"),
        ("2021-02/..", None, "2021-02-01", "2021-02-01"),
        ("../2026-01-02", "2026-01-05", "2026-01-02", "2026-01-02"),
    ],
)
def test_a_report_observes_from_its_earliest_day_to_what_is_sure_of_its_end(
    occurred, published, first, last
):
    told = parse_edtf(published) if published else None
    assert observed_days(parse_edtf(occurred), told) == days(first, last)


def test_a_report_without_any_known_end_observes_no_day():
    assert observed_days(parse_edtf("../.."), parse_edtf("2024")) is None


def test_ranges_that_share_one_day_overlap():
    assert days("2024-01-01", "2024-01-31").overlaps(days("2024-01-31", None))
    assert not days("2024-01-01", "2024-01-31").overlaps(days("2024-02-01", None))
