"""What the small map of a page is told: where each feature is drawn, how exactly, in which colour.

The symbols are those of layers.symbology. Positions are taken only from documents in CRS84.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.vocabulary import Activity
from layers import symbology
from layers.catalog import CONTROL, DISPLACEMENT, HOTSPOTS, REPORTS, Layer

_ACTIVITY = {item.code: (item.colour, item.label) for item in symbology.ACTIVITY}
_ROLE = {item.code: item.colour for item in symbology.ROLE}
_CLASS_OF = {HOTSPOTS.id: "activity", REPORTS.id: "activity_after", CONTROL.id: "role"}


@dataclass(frozen=True)
class SmallMap:
    """The block of data for the script, and what the legend beside the map says."""

    data: dict[str, Any]
    legend: list[tuple[str, str]]
    """Colour and meaning of each class that occurs."""


def small_map(
    features: Sequence[Mapping[str, Any]], layer: Layer | None, root: str, names: Sequence[str]
) -> SmallMap | None:
    """The map of these features; None where none of them has a place."""
    drawn = []
    legend: dict[str, str] = {}
    for row, (feature, name) in enumerate(zip(features, names, strict=True), start=1):
        positions = _positions(feature.get("geometry"))
        if not positions:
            continue
        properties = feature.get("properties") or {}
        colour, meaning = _look(properties, layer)
        legend[colour] = meaning
        drawn.append(
            {
                "row": row,
                "name": name[:200],
                "at": positions,
                "precision": _precisions(properties, layer, len(positions)),
                "colour": colour,
            }
        )
    if not drawn:
        return None
    data = {
        "static_root": f"{root}/static",
        "region_precision_m": symbology.REGION_PRECISION_M,
        "circle_precision_m": symbology.CIRCLE_PRECISION_M,
        "circle_zoom": symbology.CIRCLE_ZOOM,
        "ground": symbology.ground(),
        "features": drawn,
    }
    order = [*(colour for colour, _ in _ACTIVITY.values()), *_ROLE.values()]
    known = sorted(legend.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else 0)
    return SmallMap(data, known)


def _positions(geometry: object) -> list[list[float]]:
    """The points of a Point or LineString; none for anything else."""
    if not isinstance(geometry, Mapping):
        return []
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        coordinates = [coordinates]
    elif geometry.get("type") != "LineString":
        return []
    found = coordinates if isinstance(coordinates, list) else []
    return [point[:2] for point in found if _is_position(point)]


def _is_position(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) >= 2
        and all(isinstance(number, (int, float)) for number in point[:2])
        and abs(point[0]) <= 180
        and abs(point[1]) <= 90
    )


def _precisions(
    properties: Mapping[str, Any], layer: Layer | None, count: int
) -> list[float | None]:
    """The radius of each point, null where the document does not say it."""
    if layer is not None and layer.id == DISPLACEMENT.id:
        ends = [properties.get("from_precision_m"), properties.get("to_precision_m")]
        # One point is that of the end that is known.
        given = ends if count == 2 else [next((end for end in ends if end is not None), None)]
    else:
        given = [properties.get("precision_m")]
    numbers = [value if isinstance(value, (int, float)) else None for value in given]
    return (numbers + [None] * count)[:count]


def _look(properties: Mapping[str, Any], layer: Layer | None) -> tuple[str, str]:
    """Colour, and what it stands for."""
    if layer is not None and layer.id == DISPLACEMENT.id:
        return symbology.FLOW_COLOUR, "reported move of activity or people"
    name = _CLASS_OF.get(layer.id) if layer is not None else None
    code = properties.get(name) if name else None
    if name == "role" and code in _ROLE:
        return _ROLE[str(code)], f"reported role: {str(code).replace('-', ' ')}"
    if name == "activity_after" and code == Activity.UNKNOWN:
        return _ACTIVITY[Activity.UNKNOWN][0], "report that does not say whether it is active"
    if name in ("activity", "activity_after"):
        return _ACTIVITY.get(str(code), _ACTIVITY[Activity.UNKNOWN])
    return symbology.INK, "place of the feature"
