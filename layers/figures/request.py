"""What is asked of a figure: one parser of plain texts for the command line, HTTP and Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlencode

from geo.vocabulary import Certainty
from layers.catalog import HOTSPOTS
from layers.cql2 import Filter, FilterLang, InvalidCQL2, Kind, all_of, equals, parse_filter
from layers.figures.frames import FRAMES, Frame, frame_by_id
from layers.figures.reading import (
    InvalidFigure,
    read_code,
    read_day,
    read_list,
    read_number,
    read_slug,
    read_whole,
)
from layers.filters import BBox, Period
from layers.queryables import queryable_codes, queryable_kinds
from layers.selection import ItemsFilter


class FigureKind(StrEnum):
    """The sorts of sheet."""

    MAP = "map"
    MULTIPLES = "multiples"
    CHANGE = "change"
    DISPLACEMENT = "displacement"
    TIMELINE = "timeline"


class FigureFormat(StrEnum):
    """The files that a sheet is written as."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        """The media type (IANA)."""
        return {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}[self]


class FigureStyle(StrEnum):
    """What the colour of a symbol says."""

    ACTIVITY = "activity"
    ACTOR = "actor"


class Labels(StrEnum):
    """In which scripts names are written."""

    BOTH = "both"
    LATIN = "latin"
    LOCAL = "local"


SIZES: dict[str, tuple[float, float]] = {
    "a4": (210.0, 297.0),
    "a4-landscape": (297.0, 210.0),
    "a5": (148.0, 210.0),
    "a5-landscape": (210.0, 148.0),
    "letter": (215.9, 279.4),
    "letter-landscape": (279.4, 215.9),
    "column": (85.0, 130.0),
    "half": (170.0, 120.0),
    "slide": (338.67, 190.5),
}
"""Width and height of the paper in millimetres; `WIDTHxHEIGHT` gives any other."""

DEFAULT_DPI = 200
MIN_DPI, MAX_DPI = 72, 600
MIN_MM, MAX_MM = 80.0, 600.0
MAX_PIXELS = 40_000_000
MIN_RADIUS_KM, MAX_RADIUS_KM = 1.0, 2000.0
DEFAULT_RADIUS_KM = 30.0
MIN_BOX_DEGREES = 0.005
MAX_BOX_DEGREES = 120.0
MAX_LATITUDE = 85.0
MAX_MULTIPLES = 12
DEFAULT_MULTIPLES = 6
MAX_TITLE = 160
FLOW_WINDOW_DAYS = 365
"""A sheet of one day shows the moves of the year that ends with it."""


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """One figure. Make it with `parse`, which checks it; a valid one is drawable.

    frame, bbox or site (with radius_km) say where; an actor takes the place of these in a timeline.
    period: the days asked for; its end is the day of the states, None = the day of the data.
    dates: the days of small multiples, or the ends of their periods. compare: the earlier day of
    a change map. queryables: what is asked of hotspots by name. width_mm, height_mm: the paper.
    """

    kind: FigureKind = FigureKind.MAP
    frame: str | None = None
    bbox: BBox | None = None
    site: str | None = None
    radius_km: float = DEFAULT_RADIUS_KM
    actor: str | None = None
    period: Period | None = None
    dates: tuple[date, ...] = ()
    count: int = DEFAULT_MULTIPLES
    compare: date | None = None
    style: FigureStyle = FigureStyle.ACTIVITY
    certainty: Certainty = Certainty.POSSIBLE
    filter_text: str | None = None
    filter_lang: FilterLang = FilterLang.TEXT
    queryables: tuple[tuple[str, str], ...] = ()
    format: FigureFormat = FigureFormat.PDF
    size: str = "a4"
    dpi: int = DEFAULT_DPI
    title: str | None = None
    labels: Labels = Labels.BOTH

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> FigureRequest:
        """Read a request from texts; the names are `PARAMETERS` and the queryables of hotspots.

        Raises InvalidFilter (InvalidFigure, InvalidBBox, InvalidDatetime, InvalidCQL2); its
        `parameter` names what is wrong.
        """
        _refuse_unknown(given)
        request = cls(
            kind=read_code(FigureKind, "kind", given.get("kind", FigureKind.MAP)),
            frame=given.get("frame"),
            bbox=BBox.parse(given["bbox"]) if "bbox" in given else None,
            site=read_slug("site", given.get("site")),
            radius_km=read_number("radius", given.get("radius", f"{DEFAULT_RADIUS_KM:g}")),
            actor=read_slug("actor", given.get("actor")),
            period=_period(given),
            dates=tuple(read_day("dates", part) for part in read_list(given.get("dates", ""))),
            count=read_whole("count", given.get("count", str(DEFAULT_MULTIPLES))),
            compare=read_day("compare", given["compare"]) if "compare" in given else None,
            style=read_code(FigureStyle, "style", given.get("style", FigureStyle.ACTIVITY)),
            certainty=read_code(Certainty, "certainty", given.get("certainty", Certainty.POSSIBLE)),
            filter_text=given.get("filter"),
            filter_lang=read_code(
                FilterLang, "filter-lang", given.get("filter-lang", FilterLang.TEXT)
            ),
            queryables=tuple(sorted((n, t) for n, t in given.items() if n not in PARAMETERS)),
            format=read_code(FigureFormat, "format", given.get("format", FigureFormat.PDF)),
            size=given.get("size", "a4").lower(),
            dpi=read_whole("dpi", given.get("dpi", str(DEFAULT_DPI))),
            title=given.get("title"),
            labels=read_code(Labels, "labels", given.get("labels", Labels.BOTH)),
        )
        request.check()
        return request

    def check(self) -> None:
        """Raises InvalidFilter where the parts do not fit together or pass a limit."""
        _check_place(self)
        _check_days(self)
        _check_paper(self)
        _check_title(self.title)
        self.condition  # noqa: B018 - reads the filter, which raises where it is none

    @property
    def at(self) -> date | None:
        """The day of the states; None = the day of the data."""
        return self.period.last if self.period else None

    @property
    def named_frame(self) -> Frame | None:
        """The named frame, where one is asked for."""
        return frame_by_id(self.frame) if self.frame else None

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height of the paper. Raises InvalidFigure."""
        return _millimetres(self.size)

    @property
    def condition(self) -> Filter | None:
        """The filter on hotspots: CQL2 and queryables, all have to be true. Raises InvalidCQL2."""
        kinds = queryable_kinds(HOTSPOTS)
        found = [_equals(name, kinds[name], text) for name, text in self.queryables]
        if self.filter_text is not None:
            found.append(parse_filter(self.filter_text, self.filter_lang))
        return all_of(found) if found else None

    def asked(self, at: date | None = None) -> ItemsFilter:
        """What is asked of hotspots, anywhere on Earth; at: another day than the request's."""
        period = Period(at, at) if at else self.period
        return ItemsFilter(period=period, certainty=self.certainty, condition=self.condition)

    def parameters(self) -> dict[str, str]:
        """The texts that `parse` makes this request of, without what is as usual."""
        usual = FigureRequest()
        texts = {
            "kind": self.kind.value if self.kind != usual.kind else None,
            "frame": self.frame,
            "bbox": _box_text(self.bbox) if self.bbox else None,
            "site": self.site,
            "radius": f"{self.radius_km:g}" if self.radius_km != usual.radius_km else None,
            "actor": self.actor,
            "datetime": _period_text(self.period),
            "dates": ",".join(day.isoformat() for day in self.dates) or None,
            "count": str(self.count) if self.count != usual.count else None,
            "compare": self.compare.isoformat() if self.compare else None,
            "style": self.style.value if self.style != usual.style else None,
            "certainty": self.certainty.value if self.certainty != usual.certainty else None,
            "filter": self.filter_text,
            "filter-lang": self.filter_lang.value
            if self.filter_lang != usual.filter_lang
            else None,
            "format": self.format.value if self.format != usual.format else None,
            "size": self.size if self.size != usual.size else None,
            "dpi": str(self.dpi) if self.dpi != usual.dpi else None,
            "title": self.title,
            "labels": self.labels.value if self.labels != usual.labels else None,
        }
        return {name: text for name, text in texts.items() if text is not None} | dict(
            self.queryables
        )

    def address(self) -> str:
        """Path and query, from the root of the service, that give the same figure."""
        given = self.parameters()
        name = given.pop("frame", None) or "figure"
        suffix = given.pop("format", FigureFormat.PDF.value)
        path = f"/figures/{name}.{suffix}"
        return f"{path}?{urlencode(given, safe='/:,')}" if given else path


PARAMETERS: dict[str, str] = {
    "kind": f"Sort of sheet: {', '.join(FigureKind)}",
    "frame": f"Named frame: {', '.join(frame.id for frame in FRAMES)}",
    "bbox": "Any box: west,south,east,north in degrees (CRS84); west above east crosses 180",
    "site": "Id of a site; the sheet shows it and `radius` kilometres around",
    "radius": f"Kilometres around the site, {MIN_RADIUS_KM:g} to {MAX_RADIUS_KM:g}",
    "actor": "Id of an actor, for a timeline",
    "at": "The day of the states, YYYY-MM-DD; else the day of the data",
    "from": "First day of a window; moves reported within it are drawn",
    "to": "Last day of the window; the states are those of this day",
    "datetime": "The same as one text: a day, or FROM/TO, as the API has it",
    "dates": f"Days of small multiples, separated by commas, 2 to {MAX_MULTIPLES}",
    "count": f"Number of small multiples between `from` and `to`, 2 to {MAX_MULTIPLES}",
    "compare": "The earlier day of a change map",
    "style": f"What the colour of a symbol says: {', '.join(FigureStyle)}",
    "certainty": f"{', '.join(Certainty)}: whether only what certainly holds is counted",
    "filter": "CQL2 filter on the sites, as in the API",
    "filter-lang": f"Language of the filter: {', '.join(FilterLang)}",
    "format": f"File format: {', '.join(FigureFormat)}",
    "size": f"Paper: {', '.join(SIZES)}, or WIDTHxHEIGHT in mm ({MIN_MM:g} to {MAX_MM:g})",
    "dpi": f"Dots per inch of a PNG, {MIN_DPI} to {MAX_DPI}",
    "title": f"Title in place of the one made from the query, at most {MAX_TITLE} characters",
    "labels": f"Scripts of names: {', '.join(Labels)}",
}
"""Every parameter and what it asks for; queryables of hotspots may stand beside them."""


def _refuse_unknown(given: Mapping[str, str]) -> None:
    askable = queryable_kinds(HOTSPOTS)
    for name in given:
        if name in PARAMETERS:
            continue
        if askable.get(name) in (None, Kind.GEOMETRY, Kind.INTERVAL):
            raise InvalidFigure(
                name[:60], f"no such parameter; known: {', '.join(PARAMETERS)} and the queryables "
                "of hotspots",
            )  # fmt: skip


def _check_place(request: FigureRequest) -> None:
    given = [name for name in ("frame", "bbox", "site", "actor") if getattr(request, name)]
    if len(given) != 1:
        found = f"not {' and '.join(given)}" if given else "none is given"
        raise InvalidFigure("frame", f"give one of frame, bbox, site and actor; {found}")
    if request.actor and request.kind is not FigureKind.TIMELINE:
        raise InvalidFigure("actor", "only a timeline is drawn of an actor")
    if request.kind is FigureKind.TIMELINE and not (request.actor or request.site):
        raise InvalidFigure("kind", "a timeline is drawn of a site or an actor; name one")
    if request.frame and request.named_frame is None:
        known = ", ".join(frame.id for frame in FRAMES)
        raise InvalidFigure("frame", f"no frame {request.frame[:60]!r}; known: {known}")
    if not MIN_RADIUS_KM <= request.radius_km <= MAX_RADIUS_KM:
        raise InvalidFigure("radius", f"from {MIN_RADIUS_KM:g} to {MAX_RADIUS_KM:g} kilometres")
    if request.bbox:
        _check_box(request.bbox)


def _check_box(box: BBox) -> None:
    width = (box.east - box.west) % 360.0
    height = box.north - box.south
    if max(width, height) > MAX_BOX_DEGREES:
        raise InvalidFigure("bbox", f"at most {MAX_BOX_DEGREES:g} degrees wide and high")
    if min(width, height) < MIN_BOX_DEGREES:
        raise InvalidFigure("bbox", f"at least {MIN_BOX_DEGREES:g} degrees wide and high")
    if max(abs(box.south), abs(box.north)) > MAX_LATITUDE:
        raise InvalidFigure("bbox", f"between {MAX_LATITUDE:g} degrees south and north")


def _check_days(request: FigureRequest) -> None:
    kind = request.kind
    if request.compare and kind is not FigureKind.CHANGE:
        raise InvalidFigure("compare", "belongs to a change map (kind=change)")
    if kind is FigureKind.CHANGE:
        if request.compare is None:
            raise InvalidFigure("compare", "a change map needs the earlier day")
        if request.at and request.compare >= request.at:
            raise InvalidFigure("compare", f"has to be before {request.at}")
    if request.dates and kind is not FigureKind.MULTIPLES:
        raise InvalidFigure("dates", "belong to small multiples (kind=multiples)")
    if kind is FigureKind.MULTIPLES:
        _check_multiples(request)


def _check_multiples(request: FigureRequest) -> None:
    if request.dates:
        if not 2 <= len(request.dates) <= MAX_MULTIPLES:
            raise InvalidFigure("dates", f"from 2 to {MAX_MULTIPLES} days")
        if any(earlier >= later for earlier, later in pairwise(request.dates)):
            raise InvalidFigure("dates", "from the earliest to the latest, each once")
        return
    if not 2 <= request.count <= MAX_MULTIPLES:
        raise InvalidFigure("count", f"from 2 to {MAX_MULTIPLES}")
    period = request.period
    if period is None or period.first is None or period.last is None:
        raise InvalidFigure("dates", "small multiples need `dates`, or `from` and `to`")
    if (period.last - period.first).days < request.count - 1:
        raise InvalidFigure("count", "more dates than days between `from` and `to`")


def multiple_dates(request: FigureRequest) -> tuple[date, ...]:
    """The days of small multiples: those given, or `count` days evenly from `from` to `to`."""
    if request.dates:
        return request.dates
    period = request.period
    first, last = (period.first, period.last) if period else (None, None)
    assert first is not None  # noqa: S101 - `check` looked
    assert last is not None  # noqa: S101
    days = (last - first).days
    steps = [round(days * index / (request.count - 1)) for index in range(request.count)]
    return tuple(first + timedelta(days=step) for step in steps)


def _check_paper(request: FigureRequest) -> None:
    width, height = _millimetres(request.size)
    if not MIN_DPI <= request.dpi <= MAX_DPI:
        raise InvalidFigure("dpi", f"from {MIN_DPI} to {MAX_DPI}")
    pixels = width / 25.4 * request.dpi * height / 25.4 * request.dpi
    if request.format is FigureFormat.PNG and pixels > MAX_PIXELS:
        raise InvalidFigure(
            "dpi", f"{pixels / 1e6:.0f} million pixels; at most {MAX_PIXELS / 1e6:.0f} million"
        )


def _millimetres(size: str) -> tuple[float, float]:
    if size in SIZES:
        return SIZES[size]
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?)x(\d{1,4}(?:\.\d{1,2})?)(?:mm)?", size, re.ASCII)
    if found is None:
        known = ", ".join(SIZES)
        raise InvalidFigure("size", f"one of {known}, or WIDTHxHEIGHT in mm, not {size[:40]!r}")
    width, height = float(found[1]), float(found[2])
    if not (MIN_MM <= width <= MAX_MM and MIN_MM <= height <= MAX_MM):
        raise InvalidFigure("size", f"each side from {MIN_MM:g} to {MAX_MM:g} mm")
    return width, height


def _check_title(title: str | None) -> None:
    if title is None:
        return
    if not title.strip() or len(title) > MAX_TITLE:
        raise InvalidFigure("title", f"1 to {MAX_TITLE} characters")
    if not title.isprintable():
        raise InvalidFigure("title", "one line of printable characters")


def _period(given: Mapping[str, str]) -> Period | None:
    """`datetime`, `at`, or `from` and `to`: one way of saying it at a time."""
    ways = [
        [name for name in names if name in given]
        for names in (("datetime",), ("at",), ("from", "to"))
    ]
    used = [way for way in ways if way]
    if len(used) > 1:
        raise InvalidFigure(used[1][0], f"not beside {used[0][0]}: they say the same")
    if "datetime" in given:
        return Period.parse(given["datetime"])
    if "at" in given:
        day = read_day("at", given["at"])
        return Period(day, day)
    if not used:
        return None
    first, last = (read_day(n, given[n]) if n in given else None for n in ("from", "to"))
    if first and last and first > last:
        raise InvalidFigure("from", f"{first} is after {last}")
    return Period(first, last)


def _period_text(period: Period | None) -> str | None:
    if period is None:
        return None
    first, last = (day.isoformat() if day else ".." for day in (period.first, period.last))
    return first if first == last != ".." else f"{first}/{last}"


def _box_text(box: BBox) -> str:
    return ",".join(f"{edge:.6f}".rstrip("0").rstrip(".") for edge in (
        box.west, box.south, box.east, box.north
    ))  # fmt: skip


def _equals(name: str, kind: Kind, text: str) -> Filter:
    codes = queryable_codes(HOTSPOTS, name)
    if codes and text not in codes:
        raise InvalidCQL2(f"no {text[:60]!r}; the codes are {', '.join(codes)}", name)
    return equals(name, kind, text)
