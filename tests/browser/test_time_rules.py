"""The time bar's rules, asked of its own modules: counts, marks, control, spans, typed dates."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

LIMITS = "{ firstDay: parseDay('2000-01-01'), lastDay: parseDay('2026-11-22') }"


@pytest.fixture(scope="module")
def modules(browser, site_url):
    """Evaluates an expression over the exports of the time bar's modules."""
    page = browser.new_page()
    page.goto(f"{site_url}/healthz")
    names = ["days", "time/axis", "time/bins", "time/control", "time/marks", "time/spans"]
    imports = ", ".join(f"import('{site_url}/static/js/{name}.js')" for name in names)

    def ask(body: str, given: object = None):
        known = (
            "parseDay, isoDay, Bins, toMarks, RULE, stretches, disputedDays, typedDay, showing,"
            " shifted, usualAxis, zoomed, following, startsOf, unitOf, lengthOf"
        )
        return page.evaluate(
            f"""async given => {{
                const all = Object.assign({{}}, ...await Promise.all([{imports}]));
                const {{ {known} }} = all;
                const limits = {LIMITS};
                const day = parseDay;
                const dated = ({{ from, to, ...claim }}) => ({{
                    claim: {{ credibility: 2, ...claim }},
                    from: day(from) ?? -Infinity, to: day(to) ?? Infinity,
                }});
                {body}
            }}""",
            given,
        )

    yield ask
    page.close()


def test_a_report_counts_as_one_however_vague_its_date(modules):
    counts = modules(
        """
        const reports = [
            dated({ from: "2025-02-05", to: "2025-02-05" }),
            dated({ from: "2024-01-01", to: "2024-12-31" }),
            dated({ to: "2026-01-02" }),
            dated({ from: "2021-05-01" }),
            dated({ from: "2026-01-01", to: "2027-12-31" }),
            dated({}),
        ];
        const bins = new Bins(reports, limits, 1, () => 0);
        const count = (from, to) => bins.count(0, day(from), day(to));
        return {
            all: count("2000-01-01", "2026-11-23"),
            exact: count("2025-02-05", "2025-02-06"),
            tenth_of_a_year: count("2024-01-01", "2024-02-06"),
            by: count("2026-01-02", "2026-01-03"),
            onwards: count("2021-05-01", "2021-05-02"),
        };
        """
    )
    assert counts["all"] == pytest.approx(5), "the one without any date has no place on the axis"
    assert counts["exact"] == pytest.approx(1)
    assert counts["tenth_of_a_year"] == pytest.approx(36 / 366)
    assert counts["by"] == pytest.approx(1 + 1 / 326), "with its share of the one of 2026"
    assert counts["onwards"] == pytest.approx(1)


def test_a_hundred_thousand_reports_are_counted_once_and_asked_at_once(modules):
    took = modules(
        """
        const span = limits.lastDay - limits.firstDay;
        const reports = Array.from({ length: 100_000 }, (_, n) => {
            const from = limits.firstDay + (n * 7919) % (span - 40);
            return { claim: { kind: n % 7 }, from, to: from + n % 40 };
        });
        const began = performance.now();
        const bins = new Bins(reports, limits, 7, ({ kind }) => kind);
        const built = performance.now() - began;
        const axis = { first: limits.firstDay, last: limits.lastDay };
        const starts = startsOf(axis, "day");
        const then = performance.now();
        const bars = bins.bars(starts);
        return { built, asked: performance.now() - then, bars: bars.length };
        """
    )
    assert took["bars"] > 9000
    assert took["built"] < 500
    assert took["asked"] < 100


MARKED = [
    ({"event_kind": "infrastructure-cut"}, True),
    ({"event_kind": "sanction"}, True),
    ({"event_kind": "sanction", "credibility": 4}, False),
    ({"event_kind": "sanction", "from": "2025-01-01", "to": "2025-03-31"}, False),
    ({"event_kind": "sanction", "from": None}, False),
    ({"event_kind": "raid", "people_min": 1000}, True),
    ({"event_kind": "raid", "people_max": 2000}, True),
    ({"event_kind": "raid", "people_min": 999, "people_max": 2000}, False),
    ({"event_kind": "raid"}, False),
    ({"event_kind": "statement", "people_min": 50_000}, False),
]


@pytest.mark.parametrize(("claim", "marked"), MARKED)
def test_marks_follow_one_rule(modules, claim, marked):
    given = {"from": "2025-02-05", "to": "2025-02-05"} | claim
    assert (modules("return toMarks([dated(given)]).length", given) == 1) is marked


def test_reports_of_one_kind_within_a_week_are_one_mark(modules):
    marks = modules(
        """
        const on = (event_kind, from) => dated({ event_kind, from, to: from });
        return toMarks([
            on("infrastructure-cut", "2025-02-05"), on("infrastructure-cut", "2025-02-11"),
            on("infrastructure-cut", "2025-02-12"), on("sanction", "2025-02-06"),
        ]).map(({ kind, from, reports }) => [kind, isoDay(from), reports.length]);
        """
    )
    assert marks == [
        ["infrastructure-cut", "2025-02-05", 2],
        ["sanction", "2025-02-06", 1],
        ["infrastructure-cut", "2025-02-12", 1],
    ]


def test_a_role_is_strong_where_it_is_certain_and_fades_where_only_possible(modules):
    looks = modules(
        """
        const look = (claim) => stretches(dated(claim), limits)
            .map(({ look, from, to }) => [look, isoDay(from), isoDay(to)]);
        return [
            look({ certain_from: "2023-02-28", certain_to: "2023-02-28" }),
            look({ from: "2020-02-17", to: "2022-05-08",
                   certain_from: "2020-02-17", certain_to: "2022-05-08" }),
            look({ from: "2025-10-01", certain_from: null, certain_to: null }),
            look({ from: "1990-01-01", to: "1999-01-01" }),
        ];
        """
    )
    assert looks == [
        [
            ["before", "2000-01-01", "2023-02-27"],
            ["certain", "2023-02-28", "2023-02-28"],
            ["after", "2023-03-01", "2026-11-22"],
        ],
        [["certain", "2020-02-17", "2022-05-08"]],
        [["possible", "2025-10-01", "2026-11-22"]],
        [],
    ]


def test_control_is_disputed_as_the_method_says(modules):
    days = modules(
        """
        const actors = new Map([["son", { parent_actor_id: "father" }], ["father", {}]]);
        const holds = (actor_id, from, to, role = "controls-territory") =>
            dated({ actor_id, role, from, to });
        const days = (...controls) => disputedDays(controls, actors)
            .map(({ from, to }) => [isoDay(from), isoDay(to)]);
        return {
            rivals: days(holds("son", "2020-01-01", "2022-12-31"),
                         holds("other", "2022-01-01", "2024-12-31")),
            kin: days(holds("son", "2020-01-01", "2022-12-31"),
                      holds("father", "2022-01-01", "2024-12-31")),
            one_after_another: days(holds("son", "2020-01-01", "2021-12-31"),
                                    holds("other", "2022-01-01", "2024-12-31")),
            contested: days(holds("other", "2023-04-01", "2023-04-11", "contests"),
                            holds("third", "2023-04-05", "2023-04-20", "contests")),
            guards: days(holds("son", "2020-01-01", "2022-12-31", "protects"),
                         holds("other", "2020-01-01", "2022-12-31", "protects")),
        };
        """
    )
    assert days == {
        "rivals": [["2022-01-01", "2022-12-31"]],
        "kin": [],
        "one_after_another": [],
        "contested": [["2023-04-01", "2023-04-20"]],
        "guards": [],
    }


TYPED = [
    ("2025-03-10", "2025-03-10", "2025-03-10"),
    ("2025-3-9", "2025-03-09", "2025-03-09"),
    (" 2025-02 ", "2025-02-01", "2025-02-28"),
    ("2024", "2024-01-01", "2024-12-31"),
    ("2025-02-30", None, None),
    ("2025-13", None, None),
    ("10/03/2025", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "first", "last"), TYPED)
def test_dates_are_typed_as_iso_text_to_the_day_month_or_year(modules, text, first, last):
    read = modules(
        """return ["from", "to"].map((end) => typedDay(given, end))
            .map((found) => found === null ? null : isoDay(found))""",
        text,
    )
    assert read == [first, last]


SHOWN = [
    (["2024-06-01", "2024-06-01"], ["2024-01-01", "2024-12-30"], "within: it stays"),
    (["2025-02-05", "2025-02-05"], ["2024-02-07", "2025-02-05"], "later: it ends with the report"),
    (["2023-06-01", "2023-06-10"], ["2022-06-11", "2023-06-10"], "earlier: it ends with it too"),
    (["2020-01-01", "2022-12-31"], ["2022-01-01", "2022-12-31"], "longer: it ends with its end"),
    ([None, "2023-01-02"], ["2022-01-03", "2023-01-02"], "open start: it ends with the known end"),
    (["2025-05-01", None], ["2024-05-02", "2025-05-01"], "open end: it ends with the known start"),
]


@pytest.mark.parametrize(("claim", "window", "why"), SHOWN)
def test_the_window_ends_with_a_report_that_it_did_not_hold(modules, claim, window, why):
    moved = modules(
        """
        const window = { from: day("2024-01-01"), to: day("2024-12-30") };
        const { from, to } = showing(window, dated({ from: given[0], to: given[1] }), limits);
        return [isoDay(from), isoDay(to)];
        """,
        claim,
    )
    assert moved == window, why


def test_the_usual_axis_leaves_only_few_reports_before_it(modules):
    first = modules(
        """
        const reports = Array.from({ length: 100 }, (_, n) => n < 2
            ? dated({ from: "2003-05-01", to: "2003-05-01" })
            : dated({ from: "2017-03-06", to: "2017-03-06" }));
        const whole = { first: limits.firstDay, last: limits.lastDay };
        return isoDay(usualAxis(reports, whole).first);
        """
    )
    assert first == "2017-01-01"
