"""Before the timing: one request of each row is looked at, and held against our own answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.answers import Answer, ask
from benchmarks.results import OURS
from benchmarks.servers import Server
from benchmarks.workloads import Parameters, Workload, fill

LOOKED_AT = 200


@dataclass(frozen=True)
class Checked:
    """One row's first answer. seconds: how long a warm one took."""

    answer: Answer
    seconds: float

    @property
    def usable(self) -> bool:
        """Whether it makes sense to time it."""
        return self.answer.status in (200, 304)


def check(
    server: Server, asked: Workload, values: Parameters, next_paths: dict[int, str]
) -> Checked:
    """Ask twice, the second time with the clock."""
    url = server.url + fill(server.templates[asked.id], asked, values, next_paths)
    first = ask(url)
    headers = {}
    if asked.id == "NOT_MODIFIED" and first.etag:
        headers["If-None-Match"] = first.etag
    elif first.status != 200:
        return Checked(first, 0.0)
    started = time.monotonic()
    answer = ask(url, headers)
    return Checked(answer, time.monotonic() - started)


def compared(answer: Answer, ours: Answer | None) -> str:
    """In words how an answer agrees with ours."""
    if ours is None or answer.fault:
        return ""
    told = []
    if answer.ids and ours.ids:
        both = len(answer.ids & ours.ids)
        others = len(answer.ids) - both
        same = answer.ids == ours.ids
        told.append("the same reports" if same else f"{both} of ours, {others} others")
    if answer.matched is not None and ours.matched is not None:
        told.append("the same count" if answer.matched == ours.matched else "ANOTHER COUNT")
    return "".join(f"; {words}" for words in told)


def whole_box(server: Server, asked: Workload, parameters: list[Parameters]) -> Parameters:
    """The first parameters whose box holds some features, but not more than a page has."""
    if server.name != OURS or asked.id not in server.templates:
        return parameters[0]
    for values in parameters[:LOOKED_AT]:
        matched = ask(server.url + fill(server.templates[asked.id], asked, values)).matched
        if matched and matched <= asked.limit:
            return values
    return parameters[0]
