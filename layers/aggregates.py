"""Counts of reports that the database makes, where there are more than a browser holds.

What is counted is what the layer `reports` gives for the same box, days and filter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import CompoundSelect, Select, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON, aggregate_order_by
from sqlalchemy.types import Text

from geo.store.tables import site
from layers.catalog import HOTSPOTS, REPORTS
from layers.crs import CRS84
from layers.filters import BBox
from layers.queries import layer_body, layer_sql, matches
from layers.selection import EVERYTHING, ItemsFilter

STATE_COLUMNS = (
    "site_id", "name", "names_other", "kind", "place_role", "country", "admin1", "admin2",
    "parent_site_id", "parent_name", "precision_m", "activity", "last_known_activity",
    "last_observed", "age_days", "contested", "disputed", "first_reported", "reports_count",
    "sources_count", "publishers_count", "parent_reports_count", "control", "datetime",
)  # fmt: skip
"""What of a site is drawn, listed and filtered by; the rest of it comes when it is opened."""


def select_histogram(asked: ItemsFilter) -> Select[str]:
    """One text: reports by month and class, and how many begin and end by day (JSON)."""
    body = layer_body(REPORTS)
    names = ("possible", "activity_after", "event_kind")
    listed = select(*(body.c[name] for name in names)).where(matches(REPORTS, body, asked))
    sql = re.sub(r"--.*", "", layer_sql("report_histogram"))
    return select(literal_column(f"({sql})", Text)).add_cte(listed.cte("listed"))


def select_whole_histogram() -> Select[bytes]:
    """The same of all reports, as bytes of UTF-8."""
    return select(func.convert_to(select_histogram(EVERYTHING).scalar_subquery(), "UTF8"))


def select_counts(asked: ItemsFilter) -> Select[str]:
    """One text: how many reports match, and how many of each site that has any (JSON)."""
    body = layer_body(REPORTS)
    counted = (
        select(body.c.site_id, func.count().label("reports"))
        .where(matches(REPORTS, body, asked))
        .group_by(body.c.site_id)
        .cte("counted")
    )
    made = func.json_build_object(
        "reports",
        func.coalesce(func.sum(counted.c.reports), 0),
        "sites",
        func.coalesce(
            func.json_object_agg(counted.c.site_id, counted.c.reports),
            literal_column("CAST('{}' AS json)"),
        ),
    )
    return select(cast(made, Text))


def select_sites_in(box: BBox) -> CompoundSelect[str]:
    """Ids of the sites in a box, and of the areas around them, which their states name."""
    inside = select(site.c.site_id, site.c.parent_site_id).where(
        or_(*(site.c.geom.op("&&")(func.ST_MakeEnvelope(*part, 4326)) for part in box.parts))
    )
    found = inside.cte("inside")
    around = select(found.c.parent_site_id).where(found.c.parent_site_id.is_not(None))
    return select(found.c.site_id).union(around)


def select_states(at: date | None, sites: Sequence[str] | None) -> Select[str]:
    """One text: the states of the sites on a day as rows of columns (JSON).

    at: None for the day of the data, whose states are kept. sites: None for all.
    """
    body = layer_body(HOTSPOTS, at, sites)
    lon_lat = cast(func.ST_AsGeoJSON(body.c.geom, CRS84.decimals), JSON)["coordinates"]
    rows = select(
        body.c.site_id,
        func.json_build_array(lon_lat, *(body.c[name] for name in STATE_COLUMNS)).label("told"),
    )
    if sites is not None:
        rows = rows.where(body.c.site_id == func.any(cast(list(sites), ARRAY(Text))))
    told = rows.cte("told")
    made = func.json_build_object(
        "columns",
        cast(["point", *STATE_COLUMNS], ARRAY(Text)),
        "sites",
        func.coalesce(
            func.json_agg(aggregate_order_by(told.c.told, told.c.site_id)),
            literal_column("CAST('[]' AS json)"),
        ),
    )
    return select(cast(made, Text))
