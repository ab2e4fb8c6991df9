"""What changed between dates, kept like books: every site of a sheet is in one place of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo.vocabulary import Activity
from layers.figures.claims import Flow, Site
from layers.figures.content import DayState

APPEARED = "newly reported: no report before, one now"
GONE = "reported closed since"
RESUMED = "reported active again, or growing"
REDUCED = "reported reduced since"
UNKNOWN = "no longer known: nothing new for long"
MOVED = "moves that may fall between the dates"
LATER = "first reported later"
UNCHANGED = "same reported state"

ROWS = (APPEARED, RESUMED, REDUCED, GONE, MOVED, UNKNOWN, LATER, UNCHANGED)
"""In the order of the strip."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the state of one site differs between two days. before, after: None = not reported."""

    site_id: str
    before: Site | None
    after: Site | None
    kind: str


def change(site_id: str, before: Site | None, after: Site | None) -> Change:
    """The change of one site."""
    return Change(site_id, before, after, _kind(before, after))


def _kind(before: Site | None, after: Site | None) -> str:
    if after is None:
        return LATER if before is None else UNKNOWN
    if before is None:
        return APPEARED
    if before.activity == after.activity:
        return UNCHANGED
    if after.activity == Activity.CLOSED:
        return GONE
    if after.activity == Activity.REDUCED:
        return REDUCED
    if after.activity == Activity.UNKNOWN:
        return UNKNOWN
    return RESUMED


def changes(earlier: DayState, later: DayState) -> list[Change]:
    """Of every site that either day has."""
    before = {site.site_id: site for site in earlier.sites}
    after = {site.site_id: site for site in later.sites}
    return [
        change(site_id, before.get(site_id), after.get(site_id))
        for site_id in sorted(before.keys() | after.keys())
    ]


def flows_between(flows: Sequence[Flow], first: date | None, last: date) -> list[Flow]:
    """Moves that may have happened after the first day and up to the last."""
    return [
        flow
        for flow in flows
        if (flow.possible_from is None or flow.possible_from <= last)
        and (first is None or flow.possible_to is None or flow.possible_to > first)
    ]


def strip(
    days: Sequence[DayState],
    flows: Sequence[Flow],
    numbers: Mapping[str, str],
    flow_numbers: Mapping[str, str],
) -> list[tuple[str, list[list[str]]]]:
    """For each row of the books, the note numbers of each day; the first day opens the books."""
    everyone = {site.site_id for day in days for site in day.sites}
    columns: list[dict[str, list[str]]] = []
    for index, day in enumerate(days):
        earlier = days[index - 1] if index else DayState(day.day, (), 0)
        found: dict[str, list[str]] = {row: [] for row in ROWS}
        for item in changes(earlier, day):
            found[item.kind].append(item.site_id)
        present = {site.site_id for site in day.sites} | set(found[UNKNOWN])
        found[LATER] = sorted(everyone - present)
        columns.append(
            {row: sorted((numbers[site] for site in sites), key=_order)
             for row, sites in found.items()}
        )  # fmt: skip
        moved = flows_between(flows, earlier.day, day.day) if index else []
        columns[-1][MOVED] = [flow_numbers[flow.flow_id] for flow in moved]
    return [(row, [column[row] for column in columns]) for row in ROWS]


def _order(number: str) -> int:
    return int("".join(letter for letter in number if letter.isdigit()) or 0)


def ranges(numbers: Sequence[str]) -> str:
    """`1–4, 7`: note numbers in few letters."""
    found: list[list[str]] = []
    for number in numbers:
        if found and _order(number) == _order(found[-1][-1]) + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(_run(run) for run in found)


def _run(run: Sequence[str]) -> str:
    return ", ".join(run) if len(run) < 3 else f"{run[0]}–{run[-1]}"
