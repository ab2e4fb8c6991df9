"""What a sheet shows, read from the database once: plain data that can go to another process.

The statements are those of `layers.queries`, so that a sheet shows what the API answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotFound, StoreError
from layers.catalog import ACTORS, CONTROL, DISPLACEMENT, HOTSPOTS, REPORTS, Layer
from layers.cql2 import Kind, equals
from layers.figures.claims import Flow, Holding, Report, Site, Source, cited_sources
from layers.figures.frames import box_around
from layers.figures.layout import map_box
from layers.figures.palette import ActorPalette, actor_palette
from layers.figures.projection import View, fitted_view
from layers.figures.reading import InvalidFigure
from layers.figures.request import (
    FLOW_WINDOW_DAYS,
    FigureFormat,
    FigureKind,
    FigureRequest,
    FigureStyle,
    multiple_dates,
)
from layers.filters import BBox, Period
from layers.queries import select_features, select_item, select_newest_load
from layers.selection import EVERYTHING, ItemsFilter

MAX_SITES = 3000
"""More symbols than that make no figure; the request is refused."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One feature of the data shown: for the hash, and for the files beside the figure."""

    layer: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class DayState:
    """The sites in the frame as reports up to a day have them; in no order of importance.

    unreported: sites of the frame that no report or role speaks of by that day.
    """

    day: date
    sites: tuple[Site, ...]
    unreported: int


@dataclass(frozen=True, slots=True)
class SheetContent:
    """All that `drawing.draw` needs.

    window: the days whose moves are shown. as_of: the day of the data. data_hash: SHA-256 of all
    data loaded; content_hash: of what this sheet shows. subject: the site or actor of the request.
    """

    request: FigureRequest
    place: str
    box: BBox | None
    view: View | None
    as_of: date
    data_hash: str
    content_hash: str
    window: tuple[date | None, date]
    days: tuple[DayState, ...]
    flows: tuple[Flow, ...]
    reports: tuple[Report, ...]
    control: tuple[Holding, ...]
    sources: tuple[Source, ...]
    features: tuple[Shown, ...]
    palette: ActorPalette = field(default_factory=ActorPalette)
    subject: Site | None = None
    actor_name: str | None = None

    def in_format(self, fmt: FigureFormat) -> SheetContent:
        """The same sheet as another file."""
        return replace(self, request=replace(self.request, format=fmt))

    @property
    def at(self) -> date:
        """The last day whose states are shown."""
        return self.days[-1].day if self.days else self.window[1]

    @property
    def address(self) -> str:
        """Path and query that give the same figure, its day always named."""
        given = self.request
        if given.period is not None or given.kind is FigureKind.MULTIPLES:
            return given.address()
        # Sheets of a period were not asked for that day alone.
        first = None if given.kind in _OF_A_PERIOD else self.at
        return replace(given, period=Period(first, self.at)).address()


_OF_A_PERIOD = (FigureKind.DISPLACEMENT, FigureKind.TIMELINE)


async def gather(connection: AsyncConnection, request: FigureRequest) -> SheetContent:
    """Read what the request asks for. Raises InvalidFilter, NotFound, StoreError."""
    request.check()
    as_of, data_hash = await _newest_load(connection)
    reader = _Reader(connection)
    last = request.at or as_of
    subject = await reader.site(request.site, request, last) if request.site else None
    box, place = _framed(request, subject)
    view = _view(request, box)
    window = _window(request, last)
    days = () if view is None else await _days(reader, request, view, last)
    flows = () if view is None else await _flows(reader, request, window, days, view)
    reports, control, actor = await _told(reader, request)
    shown = tuple(sorted(reader.shown.values(), key=lambda item: (item.layer, item.id)))
    claims = [claim for day in days for site in day.sites for claim in site.claims]
    return SheetContent(
        request=request,
        place=actor or place,
        box=box,
        view=view,
        as_of=as_of,
        data_hash=data_hash,
        content_hash=_hash(shown, request, last),
        window=window,
        days=days,
        flows=flows,
        reports=reports,
        control=control,
        sources=cited_sources([*claims, *flows, *reports, *control]),
        features=shown,
        palette=await _palette(reader, request),
        subject=subject,
        actor_name=actor,
    )


async def _newest_load(connection: AsyncConnection) -> tuple[date, str]:
    row = (await connection.execute(select_newest_load())).first()
    if row is None:
        raise StoreError("No dossier has been loaded: run `scam-atlas load`")
    return row[0], row[1]


class _Reader:
    """Reads features, and keeps those that come to be shown."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.shown: dict[tuple[str, str], Shown] = {}

    async def features(self, layer: Layer, asked: ItemsFilter) -> list[tuple[str, dict[str, Any]]]:
        rows = (await self.connection.execute(select_features(layer, asked))).scalars().all()
        return [(row, json.loads(row)) for row in rows]

    async def site(self, site_id: str, request: FigureRequest, last: date) -> Site:
        statement = select_item(HOTSPOTS, site_id, request.asked(last))
        row = (await self.connection.execute(statement)).scalar()
        if row is None:
            raise NotFound(f"There is no site {site_id!r}")
        return Site.read(json.loads(row))

    def keep(self, layer: Layer, feature: dict[str, Any], text: str, about: str = "") -> None:
        key = f"{feature['id']}{about}"
        self.shown[layer.id, key] = Shown(layer.id, key, text)


def _framed(request: FigureRequest, subject: Site | None) -> tuple[BBox | None, str]:
    """The box of degrees that the sheet has to show, and its name."""
    if request.named_frame:
        return request.named_frame.box, request.named_frame.title
    if request.bbox:
        return request.bbox, "the area shown"
    if subject:
        box = box_around(subject.lon, subject.lat, request.radius_km * 1000)
        return box, f"{subject.name} and {request.radius_km:g} km around"
    return None, ""


def _view(request: FigureRequest, box: BBox | None) -> View | None:
    if box is None:
        return None
    paper = map_box(request, box)
    return fitted_view(box, paper.width, paper.height)


def _window(request: FigureRequest, last: date) -> tuple[date | None, date]:
    """The days whose moves are shown: those asked for, or the year that ends with the day."""
    period = request.period
    if request.kind is FigureKind.MULTIPLES:
        days = multiple_dates(request)
        return days[0], days[-1]
    if request.kind is FigureKind.CHANGE:
        return request.compare, last
    if period and period.first != period.last:
        return period.first, last
    if request.kind is FigureKind.DISPLACEMENT and period is None:
        return None, last
    return last - timedelta(days=FLOW_WINDOW_DAYS - 1), last


async def _days(
    reader: _Reader, request: FigureRequest, view: View, last: date
) -> tuple[DayState, ...]:
    if request.kind is FigureKind.MULTIPLES:
        wanted: Sequence[date] = multiple_dates(request)
    elif request.kind is FigureKind.CHANGE and request.compare:
        if request.compare >= last:
            raise InvalidFigure("compare", f"has to be before {last}, the later day")
        wanted = (request.compare, last)
    else:
        wanted = (last,)
    return tuple([await _day(reader, request, view, day) for day in wanted])


async def _day(reader: _Reader, request: FigureRequest, view: View, day: date) -> DayState:
    asked = request.asked(day)
    asked = ItemsFilter(view.lonlat_box(), asked.period, asked.certainty, asked.condition)
    sites, unreported = [], 0
    for text, feature in await reader.features(HOTSPOTS, asked):
        site = Site.read(feature)
        if not view.shows(site.lon, site.lat):
            continue
        if not site.spoken_of:
            unreported += not site.context
            continue
        sites.append(site)
        reader.keep(HOTSPOTS, feature, text, f"@{day.isoformat()}")
    if len(sites) > MAX_SITES:
        raise InvalidFigure(
            "frame", f"more than {MAX_SITES} sites lie in it; ask for less of it, or filter"
        )
    return DayState(day, tuple(sites), unreported)


async def _flows(
    reader: _Reader,
    request: FigureRequest,
    window: tuple[date | None, date],
    days: tuple[DayState, ...],
    view: View,
) -> tuple[Flow, ...]:
    """Moves of the window with an end in the view; under a filter, at a site that passes it."""
    if request.kind is FigureKind.TIMELINE:
        return ()
    asked = ItemsFilter(period=Period(*window), certainty=request.certainty)
    known = {site.site_id for day in days for site in day.sites}
    filtered = request.condition is not None
    found = []
    for text, feature in await reader.features(DISPLACEMENT, asked):
        flow = Flow.read(feature)
        ends = {flow.from_site_id, flow.to_site_id}
        at_site = bool(ends & known)
        in_view = any(view.shows(lon, lat) for lon, lat in flow.points)
        if at_site if filtered else in_view:
            found.append(flow)
            reader.keep(DISPLACEMENT, feature, text)
    return tuple(sorted(found, key=lambda flow: (flow.possible_from or date.min, flow.flow_id)))


async def _told(
    reader: _Reader, request: FigureRequest
) -> tuple[tuple[Report, ...], tuple[Holding, ...], str | None]:
    """Reports and roles of the subject of a timeline, and the name of an actor."""
    if request.kind is not FigureKind.TIMELINE:
        return (), (), None
    asked_for = request.period
    window = asked_for is not None and asked_for.first != asked_for.last
    # A single day says up to when, not that only this day counts.
    period = asked_for if window or asked_for is None else Period(None, asked_for.last)
    name, actor = ("site_id", None) if request.site else ("actor_id", request.actor)
    condition = equals(name, Kind.STRING, request.site or request.actor or "")
    asked = ItemsFilter(period=period, certainty=request.certainty, condition=condition)
    reports = []
    if request.site:
        for text, feature in await reader.features(REPORTS, asked):
            reports.append(Report.read(feature))
            reader.keep(REPORTS, feature, text)
    control = []
    for text, feature in await reader.features(CONTROL, asked):
        control.append(Holding.read(feature["properties"]))
        reader.keep(CONTROL, feature, text)
    return tuple(reports), tuple(control), await _actor_name(reader, actor)


async def _actor_name(reader: _Reader, actor: str | None) -> str | None:
    if actor is None:
        return None
    row = (await reader.connection.execute(select_item(ACTORS, actor))).scalar()
    if row is None:
        raise NotFound(f"There is no actor {actor!r}")
    return str(json.loads(row)["properties"]["name"])


async def _palette(reader: _Reader, request: FigureRequest) -> ActorPalette:
    if request.style is not FigureStyle.ACTOR:
        return ActorPalette()
    control = [feature for _, feature in await reader.features(CONTROL, EVERYTHING)]
    actors = [feature for _, feature in await reader.features(ACTORS, EVERYTHING)]
    return actor_palette(
        [item["properties"] for item in control], [item["properties"] for item in actors]
    )


def _hash(shown: Iterable[Shown], request: FigureRequest, last: date) -> str:
    """Of the features and the day, not of how they are drawn: every size and format has one."""
    found = hashlib.sha256(f"{request.kind} {last.isoformat()}\n".encode())
    for item in shown:
        found.update(f"{item.layer} {item.id} {item.text}\n".encode())
    return found.hexdigest()
