"""The report says what was measured, what was required, and what is missing."""

from __future__ import annotations

import json

from benchmarks.clients import Outcome
from benchmarks.load import Sample
from benchmarks.report import markdown, number, table
from benchmarks.results import OURS, PGBENCH, Results
from benchmarks.soak import Held, Soak


def sample(per_second: float, *, errors: int = 0, memory_mb: float = 90) -> Sample:
    return Sample(round(per_second * 6), 6, per_second, 1, 2, 3, 1000, errors, memory_mb)


def measured(ours: float, tipg: float, **more: float) -> Results:
    results = Results(about={"date": "2026-11-22"}, versions={OURS: "git 1", "tipg": "1.6.1"})
    results.add("W3", OURS, sample(ours, **more))
    results.add("W3", "tipg", sample(tipg))
    return results


def test_a_ratio_stands_beside_what_is_required():
    assert "25 (≥ 20) met" in markdown(measured(10_000, 400))
    assert "10 (≥ 20) **not met**" in markdown(measured(4_000, 400))


def test_what_was_not_measured_is_said():
    text = markdown(measured(10_000, 400))
    assert "not measured (≥ 1.2)" in text


def test_the_median_of_the_rounds_counts():
    results = measured(100, 5)
    results.add("W3", OURS, sample(300))
    results.add("W3", OURS, sample(200))
    assert results.rate("W3", OURS) == 200


def test_a_row_with_errors_is_marked():
    results = measured(100, 5)
    results.add("W3", "tipg", sample(5, errors=7))
    assert "**7 ERRORS**" in markdown(results)


def test_a_row_of_few_answers_is_marked():
    assert "*few* (6)" in markdown(measured(100, 1))


def test_the_most_memory_of_ours_is_held_against_the_limit():
    assert "90 (< 150) met" in markdown(measured(100, 5))
    assert "170 (< 150) **not met**" in markdown(measured(100, 5, memory_mb=170))


def test_a_missing_server_is_named_with_the_reason():
    results = measured(100, 5)
    results.missing["martin"] = "no cargo"
    assert "- **martin**: no cargo" in markdown(results)


def test_the_limit_of_the_database_is_a_row_like_the_others():
    results = Results()
    results.add("W2", OURS, sample(850))
    results.add("W2", PGBENCH, Sample(6000, 6, 1000, 8, 8, 8, 0, 0))
    assert "0.85 (≥ 0.8) met" in markdown(results)


def test_results_are_kept_as_json(tmp_path):
    measured(100, 5).save(tmp_path / "run.json")
    kept = json.loads((tmp_path / "run.json").read_text())
    assert kept["samples"]["W3"]["tipg"][0]["per_second"] == 5


def test_tables_are_markdown_and_numbers_short():
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert [number(x) for x in (12345.6, 12.345, 0.01234, None)] == ["12,346", "12.3", "0.0123", ""]


def soaked(*, back_at_speed: float = 31.0, status: int = 503, left: int = 9) -> Soak:
    """100 answers a second but while the database is away, from second 20 to 30."""
    at = [n / 100 for n in range(2000)] + [
        back_at_speed + n / 100 for n in range(int((60 - back_at_speed) * 100))
    ]
    outcomes = [Outcome(time, time + 0.001, 200) for time in at]
    outcomes.append(Outcome(25, 25.1, status, "" if status else "cut"))
    return Soak(outcomes, 0, 20, 30, 60, Held(9, 20, 90.0), Held(left, 20, 90.0))


def test_a_soak_without_a_fault_is_whole():
    assert soaked().faults() == []


def test_any_other_status_breaks_a_soak():
    assert soaked(status=500).faults() == ["1 × status 500"]
    assert soaked(status=0).faults() == ["1 × cut"]


def test_a_slow_return_breaks_a_soak():
    assert any("full speed" in fault for fault in soaked(back_at_speed=37).faults())


def test_a_connection_left_over_breaks_a_soak():
    assert soaked(left=10).faults() == ["connections to the database are left over"]
