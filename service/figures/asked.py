"""What a caller asks for: a figure or its pack, as texts, and what the file of it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geo.errors import NotFound
from layers.catalog import HOTSPOTS
from layers.figures.frames import FRAMES
from layers.figures.request import PARAMETERS, FigureFormat, FigureRequest
from service.api.parameters import queryable_parameters

PACK = "zip"
ENDINGS = (*FigureFormat, PACK)
PACK_MEDIA_TYPE = "application/zip"
ANY_PLACE = "figure"
"""The name in the address of a figure whose place the query says: a box, a site, an actor."""
_IN_PATH = ("frame", "format")
_PLACES = ("bbox", "site", "radius", "actor")


@dataclass(frozen=True, slots=True)
class AskedFigure:
    """One file. ending: one of ENDINGS."""

    request: FigureRequest
    ending: str

    @property
    def is_pack(self) -> bool:
        """Whether it is the figure with all that it rests on."""
        return self.ending == PACK

    @property
    def media_type(self) -> str:
        """The media type (IANA)."""
        return media_type(self.ending)

    @property
    def key(self) -> str:
        """Stands for what is asked for: the same however the texts were ordered."""
        return f"{sorted(self.request.parameters().items())} {self.ending}"

    @property
    def filename(self) -> str:
        """A name that says what is on the sheet, of plain letters."""
        asked = self.request
        parts = [asked.frame or asked.site or asked.actor or "box"]
        if asked.kind.value != "map":
            parts.append(asked.kind.value)
        if asked.at:
            parts.append(asked.at.isoformat())
        return f"scam-atlas-{'-'.join(parts)}.{self.ending}"


def media_type(ending: str) -> str:
    """The media type of an ending."""
    return PACK_MEDIA_TYPE if ending == PACK else FigureFormat(ending).media_type


@cache
def query_parameters(*, named: bool) -> tuple[str, ...]:
    """The query parameters of a figure; named: of one whose frame the path says."""
    left_out = (*_IN_PATH, *(_PLACES if named else ()))
    own = [name for name in PARAMETERS if name not in left_out]
    return (*own, *(name for name in queryable_parameters(HOTSPOTS) if name not in PARAMETERS))


def read_asked(name: str, ending: str, given: Mapping[str, str]) -> AskedFigure:
    """A figure by the name and ending of its path. Raises NotFound, InvalidFilter."""
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise NotFound(f"There is no figure as {ending[:40]!r}; the endings are {known}")
    if name != ANY_PLACE and name not in {frame.id for frame in FRAMES}:
        known = ", ".join(frame.id for frame in FRAMES)
        raise NotFound(
            f"There is no frame {name[:60]!r}; there are {known}, and {ANY_PLACE} for any other"
        )
    place = {} if name == ANY_PLACE else {"frame": name}
    # The size of the picture in a pack is limited as that of any other.
    fmt = FigureFormat.PNG if ending == PACK else ending
    return AskedFigure(FigureRequest.parse({**given, **place, "format": fmt}), ending)
