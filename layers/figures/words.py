"""The sentences of a sheet. Everything is reported; nothing simply is."""

from __future__ import annotations

import re
from datetime import date

from geo.vocabulary import (
    Activity,
    Cause,
    Code,
    Credibility,
    EventKind,
    Reliability,
    Role,
    SiteKind,
)
from layers import symbology
from layers.figures.claims import Flow, Holding, Report, Site, Source
from layers.figures.content import DayState, SheetContent
from layers.figures.request import FigureKind, FigureStyle

COUNTRIES = {
    "BD": "Bangladesh", "BN": "Brunei", "BT": "Bhutan", "CN": "China", "ID": "Indonesia",
    "IN": "India", "KH": "Cambodia", "LA": "Laos", "MM": "Myanmar", "MY": "Malaysia",
    "NP": "Nepal", "PH": "Philippines", "SG": "Singapore", "TH": "Thailand", "TL": "Timor-Leste",
    "TW": "Taiwan", "VN": "Vietnam",
}  # fmt: skip
"""Countries of the region by code; others are written as their code."""
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([?~%]?)")
ACTIVITY = {item.code: item.label for item in symbology.ACTIVITY}
CAREFUL = "Each symbol and arrow is what the numbered sources report, not a finding of fact."


def long_day(day: date) -> str:
    """`10 March 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`10 Mar 2025`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def edtf(text: str | None) -> str:
    """An EDTF date in words; what it does not read is given as it stands."""
    if not text:
        return "date not known"
    if "/" in text:
        first, last = text.split("/", 1)
        if first in ("", "..") and last in ("", ".."):
            return "period not known"
        if first in ("", ".."):
            return f"until {edtf(last)}"
        if last in ("", ".."):
            return f"since {edtf(first)}"
        return f"{edtf(first)} to {edtf(last)}"
    found = _DATE.fullmatch(text)
    if found is None:
        return text
    year, month, day, doubt = found.groups()
    words = year
    if month and 1 <= int(month) <= 12:
        words = f"{_MONTHS[int(month) - 1]} {year}"
        if day:
            words = f"{int(day)} {words}"
    elif month:
        return text
    prefix = {"~": "about ", "?": "perhaps ", "%": "perhaps about ", "": ""}[doubt]
    return prefix + words


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 site`, `12 sites`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def meaning(codes: type[Code], code: str) -> str:
    """What a code says; an unknown one is given as it stands."""
    return next((item.meaning for item in codes if item == code), code)


def country(code: str | None) -> str:
    """The name of a country."""
    return COUNTRIES.get(code or "", code or "")


def kind(site: Site) -> str:
    """`compound`, without the explanation after the colon."""
    return meaning(SiteKind, site.kind).split(":")[0]


def capital(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]


def kilometres(metres: float) -> str:
    """`500 m`, `2.5 km`."""
    return f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:g} km"


def default_title(content: SheetContent) -> str:
    """The title made from the query."""
    place, at = content.place, long_day(content.at)
    match content.request.kind:
        case FigureKind.MULTIPLES:
            days = content.days
            return (
                f"Reported scam compounds: {place}, {long_day(days[0].day)} to "
                f"{long_day(days[-1].day)}"
            )
        case FigureKind.CHANGE:
            return f"Change in what is reported: {place}, {long_day(content.days[0].day)} to {at}"
        case FigureKind.DISPLACEMENT:
            return f"Reported displacement: {place}, {_window(content)}"
        case FigureKind.TIMELINE:
            return f"What is reported of {content.subject.name if content.subject else place}"
        case _:
            return f"Reported scam compounds: {place}, {at}"


def _window(content: SheetContent) -> str:
    first, last = content.window
    return f"{short_day(first)} to {short_day(last)}" if first else f"up to {short_day(last)}"


def title(content: SheetContent) -> str:
    """The title of the sheet."""
    return content.request.title or default_title(content)


def subtitle(content: SheetContent) -> str:
    """What the sheet shows, from the query, in careful words."""
    parts = [_what(content)]
    if content.request.style is FigureStyle.ACTOR and content.request.kind is FigureKind.MAP:
        parts.append("Colour: who is reported to hold the territory, else to protect the place.")
    asked = filter_words(content)
    if asked:
        parts.append(asked)
    parts.append(CAREFUL)
    return " ".join(parts)


def _what(content: SheetContent) -> str:
    at = long_day(content.at)
    match content.request.kind:
        case FigureKind.MULTIPLES:
            return "Sites as reports up to each date have them; same frame, scale and legend."
        case FigureKind.CHANGE:
            return (
                f"How the reported state of each site on {at} differs from that on "
                f"{long_day(content.days[0].day)}."
            )
        case FigureKind.DISPLACEMENT:
            return (
                f"Moves of activity or people reported for {_window(content)}: "
                f"{counted(len(content.flows), 'claim')}."
            )
        case FigureKind.TIMELINE:
            reports = f"{counted(len(content.reports), 'report')} and " if content.subject else ""
            return (
                f"{capital(reports + counted(len(content.control), 'claim'))} of control, "
                f"by the date that each speaks of, up to {at}."
            )
    day = content.days[-1]
    running = sum(site.running for site in day.sites)
    flows = f"moves reported for {_window(content)}"
    return (
        f"Sites as reports up to {at} have them: {counted(len(day.sites), 'site')}, {running} of "
        f"them last reported active or expanding; {flows}: {len(content.flows)}."
    )


def filter_words(content: SheetContent) -> str:
    """The filter of the request, as it was asked."""
    request = content.request
    asked = [f"{name} = {text}" for name, text in request.queryables]
    if request.filter_text:
        asked.append(request.filter_text)
    words = f"Only sites with {' and '.join(asked)}." if asked else ""
    if request.certainty == "certain":
        words += " Only what certainly holds is counted."
    return words.strip()


def state(site: Site) -> str:
    """The state of a site in one careful sentence."""
    if not site.reports_count:
        return "No report up to this date; only claims of control."
    if site.last_observed is None:
        return "Reported; nothing is said of the activity."
    day = long_day(site.last_observed)
    age = counted(site.age_days or 0, "day")
    if site.activity == Activity.UNKNOWN:
        last = ACTIVITY.get(site.last_known or "", "not known")
        return f"Not known at this date: {last} on {day}, {age} before, and nothing since."
    publishers = {
        item.source.publisher for item in site.evidence if item.activity_after == site.activity
    }
    by = f" by {counted(len(publishers), 'publisher')}" if publishers else ""
    ago = "this day" if not site.age_days else f"{age} before"
    return f"{capital(ACTIVITY[site.activity])}{by}, last observed {day} ({ago})."


def whereabouts(site: Site) -> str:
    """What and where a site is, and how exactly its point is known."""
    names = ", ".join(site.names_other[:3])
    where = ", ".join(filter(None, (site.admin1, country(site.country))))
    exact = f"within {kilometres(site.precision_m)} of the point" if site.precision_m else (
        "precision of the point not known"
    )  # fmt: skip
    said = "; ".join(filter(None, (names, kind(site), where, exact)))
    return f"({said})"


def report(item: Report) -> str:
    """One report, in the words of the dossier."""
    return f"{capital(meaning(EventKind, item.event_kind))}, {edtf(item.occurred)}: {item.summary}"


def holding(item: Holding) -> str:
    """Who is said to have which role, and whether the source says so of this day."""
    said = f"{item.actor_name} {meaning(Role, item.role)}, it is reported"
    when = f" ({edtf(item.valid)})" if item.valid not in ("../..", "..") else ""
    if item.last_said:
        when += f", last said of {long_day(item.last_said)}"
    return f"{said}{when}"


def grade(reliability: str, credibility: int) -> str:
    """`B2`."""
    return f"{reliability}{credibility}"


def route(flow: Flow) -> str:
    """`Laukkai → a place not known`."""
    unknown = "a place not known"
    return f"{flow.from_name or unknown} → {flow.to_name or unknown}"


def people(flow: Flow) -> str:
    """The number of people that a source gives."""
    low, high = flow.people_min, flow.people_max
    if low is None and high is None:
        return ""
    if low == high:
        return f"{low:,} people"
    if high is None:
        return f"at least {low:,} people"
    if low is None:
        return f"up to {high:,} people"
    return f"{low:,} to {high:,} people"


def move(flow: Flow) -> str:
    """A move in one sentence, after its route."""
    cause = meaning(Cause, flow.cause) if flow.cause else ""
    facts = ", ".join(filter(None, (edtf(flow.moved), people(flow), cause)))
    return f"({facts}): {flow.summary}"


def source(item: Source) -> str:
    """A document as the source list names it, without its address."""
    published = f" Published {edtf(item.published)}." if item.published else " Not dated."
    reliable = meaning(Reliability, item.reliability)
    return (
        f"{item.publisher}: {item.title}.{published} Reliability {item.reliability} ({reliable})."
    )


GRADES = (
    "Grades: the letter is the reliability of the source (A completely reliable to E unreliable, "
    "F cannot be judged), the figure the credibility of the claim ("
    + ", ".join(f"{item} {item.meaning}" for item in Credibility)
    + ")."
)


def unreported(day: DayState) -> str:
    """What is not drawn, and why."""
    if not day.unreported:
        return ""
    one = day.unreported == 1
    return (
        f"{counted(day.unreported, 'site')} of the dossier in this frame "
        f"{'is' if one else 'are'} not drawn: no report up to this date speaks of "
        f"{'it' if one else 'them'}."
    )


def alternative(content: SheetContent) -> str:
    """What the sheet shows, for who cannot see it."""
    parts = [title(content) + ".", subtitle(content)]
    for day in content.days[-1:]:
        by_state = {
            label: [site.name for site in day.sites if site.activity == code and not site.context]
            for code, label in ACTIVITY.items()
        }
        for label, names in by_state.items():
            if names:
                shown = ", ".join(sorted(names)[:12])
                more = f" and {len(names) - 12} more" if len(names) > 12 else ""
                parts.append(f"{capital(label)}: {len(names)} ({shown}{more}).")
    if content.flows and content.request.kind is not FigureKind.TIMELINE:
        parts.append("Moves: " + "; ".join(route(flow) for flow in content.flows[:8]) + ".")
    return " ".join(parts)
