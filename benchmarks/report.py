"""The results as Markdown: what was to be shown, all rows, and how to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.data import PEERS_TABLE_NOTE
from benchmarks.load import CONNECTIONS, THREADS, Sample
from benchmarks.results import (
    MEMORY_LIMIT_MB,
    OURS,
    PGBENCH,
    REQUIRED,
    WRITES_PER_S,
    Requirement,
    Results,
)
from benchmarks.workloads import WORKLOADS

PEERS = ("tipg", "pygeoapi", "pg_featureserv", "martin")
FEW = 10 * CONNECTIONS
READING = (
    f"Load: wrk with {THREADS} threads and {CONNECTIONS} connections, no compression asked for, "
    "after a warm-up and once server and database rest. The same seeded requests for every "
    "server, in the same order. Servers take turns within a workload; all figures are medians "
    "over the rounds.",
    PEERS_TABLE_NOTE,
    "Ours and the Python peers are one worker each; the Go and Rust servers may use all cores. "
    f"Every server has at most {CONNECTIONS} connections to the database.",
    "W2 asks for reports whose possible days share one with the half-year. Of the peers it is "
    "asked as a filter on both columns, which is the same; `W2start` is their own `datetime`, on "
    "the first day alone (tipg: up to before the last day), which finds fewer.",
    "W5: ours follows `next` links from the first page to the middle row before the run, the "
    "peers use `offset`.",
    "Memory is the most that the server's processes had during the run, shared pages counted "
    "in each. Processor time is that of the server and of the database for one request.",
    "Answers that take long get a row of up to twice the length. Where even that holds fewer than "
    "five for each connection, clients of our own ask in place of wrk and wait for every answer, "
    "so that none is left out; the rate is all of them by the time of the last. wrk leaves out "
    f"what is under way at the end; rows with fewer than {FEW} answers are marked *few*.",
    "`floor` is plain FastAPI with asyncpg on the peers' table; `pgbench` is the statement of our "
    "W2, prepared, with one look-up of the parameters a statement; `bare` is a Starlette route "
    "that only says 304.",
)


def markdown(results: Results) -> str:
    """The whole report."""
    parts = [
        f"# Side by side, {results.about.get('date', '')}",
        _facts(results),
        "## What was to be shown",
        _summary(results),
        _others(results),
        "## All rows",
        *(_rows(results, each.id, each.title) for each in WORKLOADS),
        _missing(results),
        "## How to read it",
        "\n".join(f"- {line}" for line in READING),
        "## What was answered before any timing",
        _answers(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def number(value: float | None) -> str:
    """Three digits that count; nothing where nothing is known."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _facts(results: Results) -> str:
    lines = [f"- {name}: {value}" for name, value in results.about.items() if name != "date"]
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    lines.append(f"- servers: {versions}")
    lines += [f"- {name}: {note}" for name, note in results.notes.items() if note]
    return "\n".join(lines)


def _summary(results: Results) -> str:
    """The table of the ratios: each with what is required, and whether it is met."""
    rows = []
    for each in WORKLOADS:
        if each.id not in results.samples and each.id not in results.answers:
            continue
        cells = [_cell(results, [r for r in REQUIRED if (r.workload, r.peer) == (each.id, peer)])
                 for peer in PEERS]  # fmt: skip
        if any(cells):
            ours = number(results.rate(each.id, OURS))
            rows.append([f"{each.id} {each.title}", ours, *cells])
    return table(["workload", "ours, req/s", *(f"× {peer}" for peer in PEERS)], rows)


def _cell(results: Results, needed: list[Requirement]) -> str:
    return "; ".join(_verdict(results, each) for each in needed)


def _verdict(results: Results, needed: Requirement) -> str:
    ratio = results.ratio(needed)
    against = f" ({needed.theirs})" if needed.theirs else ""
    if ratio is None:
        return f"not measured (≥ {needed.ratio:g}){against}"
    met = "met" if ratio >= needed.ratio else "**not met**"
    return f"{number(ratio)} (≥ {needed.ratio:g}){against} {met}"


def _others(results: Results) -> str:
    """The limits that are not ratios to peers."""
    pgbench = next(each for each in REQUIRED if each.peer == PGBENCH)
    bare = next(each for each in REQUIRED if each.peer == "bare")
    lines = [
        f"- W2 against pgbench with the same SQL: {_verdict(results, pgbench)}",
        f"- 304 against a bare Starlette response: {_verdict(results, bare)}",
        "- most memory of one worker of ours, MB: "
        + _below(results.most_memory_mb, MEMORY_LIMIT_MB),
    ]
    for each in results.downloads:
        lines.append(
            f"- whole layer `{each.path}`: {each.megabytes:,.0f} MB in {each.seconds:.1f} s "
            f"(status {each.status}), most memory {number(each.memory_mb)} MB"
        )
    if results.writes:
        lines += _writes(results.writes)
    return "\n".join(lines)


def _writes(writes: dict[str, float]) -> list[str]:
    rate = writes["reports_per_s"]
    met = "met" if rate >= WRITES_PER_S else "**not met**"
    sizes = {name: f"{value:,.0f} MB" for name, value in writes.items() if name.endswith("_mb")}
    return [
        f"- writes into the full table, committed with all that is kept beside them: "
        f"{rate:,.0f} reports a second (≥ {WRITES_PER_S:,}) {met}; {writes['reports']:,.0f} at "
        f"once, median of three; tidying afterwards {writes['tidying_s']:.1f} s",
        f"- disk: claims {sizes['claims_mb']} and {sizes['claims_indexes_mb']} of indexes; kept "
        f"beside them {sizes['beside_mb']} and {sizes['beside_indexes_mb']} of indexes",
    ]


def _below(value: float | None, limit: float) -> str:
    if value is None:
        return f"not measured (< {limit:g})"
    return f"{value:.0f} (< {limit:g}) {'met' if value < limit else '**not met**'}"


def _rows(results: Results, workload: str, title: str) -> str:
    servers = results.samples.get(workload)
    if not servers:
        return ""
    ours = results.rate(workload, OURS)
    rows = []
    for name in sorted(servers, key=lambda each: -(results.rate(workload, each) or 0)):
        samples = servers[name]
        rate = results.rate(workload, name)
        rows.append(
            [
                name,
                number(rate),
                *(number(_median(samples, key)) for key in ("p50_ms", "p99_ms")),
                number((_median(samples, "bytes_each") or 0) / 1e3 or None),
                number(max((s.memory_mb or 0 for s in samples), default=0) or None),
                *(number(_median(samples, key)) for key in ("server_cpu_ms", "database_cpu_ms")),
                number(ours / rate) if ours and rate else "",
                ", ".join(number(sample.per_second) for sample in samples),
                _marks(samples),
            ]
        )
    head = ["server", "req/s", "p50 ms", "p99 ms", "kB", "memory MB", "server CPU ms",
            "database CPU ms", "ours is ×", "rounds", "marks"]  # fmt: skip
    return f"### {workload}: {title}\n\n" + table(head, rows)


def _median(samples: list[Sample], name: str) -> float | None:
    values = [value for each in samples if (value := getattr(each, name)) is not None]
    return median(values) if values else None


def _marks(samples: list[Sample]) -> str:
    errors = sum(sample.errors for sample in samples)
    marks = [f"**{errors} ERRORS**"] if errors else []
    if min(sample.answers for sample in samples) < FEW:
        marks.append(f"*few* ({', '.join(str(sample.answers) for sample in samples)})")
    return " ".join(marks)


def _missing(results: Results) -> str:
    if not results.missing:
        return ""
    lines = [f"- **{name}**: {why}" for name, why in results.missing.items()]
    return "## Missing\n\n" + "\n".join(lines)


def _answers(results: Results) -> str:
    rows = [
        [workload, server, told]
        for workload, servers in results.answers.items()
        for server, told in servers.items()
    ]
    return table(["workload", "server", "answer"], rows)
