"""The part of the Earth that a sheet shows: named frames, boxes, sites with a radius."""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.filters import BBox
from layers.queries import METRES_OF_A_DEGREE


@dataclass(frozen=True, slots=True)
class Frame:
    """A named box in CRS84 degrees: all of it is on the sheet, and what the paper adds around."""

    id: str
    title: str
    box: BBox


FRAMES: tuple[Frame, ...] = (
    Frame("south-east-asia", "South-East Asia", BBox(92.0, -5.5, 127.0, 28.6)),
    Frame("myanmar", "Myanmar", BBox(92.0, 9.6, 101.4, 28.6)),
    Frame("thai-border", "Thai-Myanmar border", BBox(97.6, 15.1, 99.4, 18.0)),
    Frame("myawaddy", "Myawaddy and 30 km around", BBox(98.227, 16.418, 98.791, 16.960)),
    Frame("shan", "Shan State and the Chinese border", BBox(96.8, 20.0, 101.3, 24.3)),
    Frame("golden-triangle", "Golden Triangle", BBox(99.4, 19.7, 101.3, 21.9)),
    Frame("malaysia", "Malaysia", BBox(99.5, 0.8, 119.4, 7.5)),
    Frame("cambodia", "Cambodia", BBox(102.2, 10.2, 107.7, 14.8)),
    Frame("philippines", "Philippines", BBox(116.8, 4.5, 126.7, 19.0)),
)


def frame_by_id(frame_id: str) -> Frame | None:
    """The frame of that id, or None."""
    return next((frame for frame in FRAMES if frame.id == frame_id), None)


def box_around(lon: float, lat: float, radius_m: float) -> BBox:
    """The box that holds a circle round a point in CRS84; it may cross 180 degrees."""
    north = radius_m / METRES_OF_A_DEGREE
    east = min(north / max(math.cos(math.radians(lat)), 0.01), 179.9)
    return BBox(
        _wrapped(lon - east), max(lat - north, -90.0), _wrapped(lon + east), min(lat + north, 90.0)
    )


def _wrapped(lon: float) -> float:
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0
