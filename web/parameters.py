"""What each query parameter of the data asks for, in words: for the guide, pages and problems."""

from __future__ import annotations

from dataclasses import dataclass

from layers.filters import DEFAULT_LIMIT, MAX_LIMIT


@dataclass(frozen=True)
class Parameter:
    """One query parameter: its name, what it asks for, and a value to copy."""

    name: str
    label: str
    """How a page says that it was asked: "Box", "Time"."""
    meaning: str
    example: str


PARAMETERS = (
    Parameter(
        "bbox",
        "Within the box",
        "west,south,east,north in degrees; what touches the box matches, and so do features "
        "without a place; a west greater than the east crosses 180 degrees",
        "98,16,99,17",
    ),
    Parameter(
        "bbox-crs",
        "The box is in",
        "the system of the numbers in `bbox`, one of those that the collection lists",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
    ),
    Parameter(
        "datetime",
        "Time",
        "a day, or an interval `A/B` with `..` for an open end; undated features match; "
        "`hotspots` shows the state at its end",
        "2025-01-01/..",
    ),
    Parameter(
        "certainty",
        "How surely",
        "`possible` (all that may hold within `datetime`, the default) or `certain` (only what "
        "holds whatever the truth of vague dates)",
        "certain",
    ),
    Parameter(
        "filter",
        "Filter",
        "a CQL2 filter over the queryables of the layer",
        "credibility <= 2",
    ),
    Parameter(
        "filter-lang",
        "The filter is written in",
        "`cql2-text` (the default) or `cql2-json`",
        "cql2-text",
    ),
    Parameter(
        "filter-crs",
        "Places in the filter are in",
        "the system of coordinates in `filter`; CRS84 if none is named",
        "http://www.opengis.net/def/crs/EPSG/0/32647",
    ),
    Parameter(
        "crs",
        "Coordinates in",
        "the system that geometries come in, one of those that the collection lists; CRS84 "
        "(longitude, latitude) if none is named; axes are in the order of the system",
        "http://www.opengis.net/def/crs/EPSG/0/3857",
    ),
    Parameter(
        "sortby",
        "Sorted by",
        "names of queryables with commas between; `-` before one sorts it downwards",
        "-credibility",
    ),
    Parameter(
        "properties",
        "Only the properties",
        "the names of the properties to show, with commas between",
        "source_url,credibility",
    ),
    Parameter(
        "limit",
        "Features a page",
        f"features a page: {DEFAULT_LIMIT} if not said, {MAX_LIMIT:,} at most",
        "1000",
    ),
    Parameter(
        "token",
        "Page",
        "where a page starts; it comes with the `next` and `prev` links, and is not to be made",
        "",
    ),
    Parameter(
        "f",
        "Format",
        "the form of the answer, instead of the Accept header",
        "json",
    ),
)


def parameter_named(name: str) -> Parameter | None:
    """The parameter of that name; None for a queryable or an unknown one."""
    return next((known for known in PARAMETERS if known.name == name), None)
