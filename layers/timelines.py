"""What the map holds at once: the states of all sites on all days, and reports as columns.

Timelines are one statement made of that of the layer `hotspots`.

Between two days on which a claim begins, ends or grows old nothing of a state changes but ages, so
the state on every such day tells that on all others. The rules stay where they are stated, in
layers/sql/hotspots.sql: here the statement is only turned from all sites on one day to each site on
days of its own. docs/map-data.md tells how the document is read.
"""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import TextClause, bindparam
from sqlalchemy.types import Text

from geo.vocabulary import Activity, EventKind
from layers.catalog import HOTSPOTS, Layer
from layers.crs import CRS84
from layers.queries import CONTEST_DAYS, UNKNOWN_AFTER_DAYS, kept_states, layer_sql

EVER = 2_932_896
"""The day number, from 1970-01-01, of 9999-12-31: stands for a last day that is not over yet."""

PLANNING = ("SET LOCAL enable_nestloop = off", "SET LOCAL work_mem = '64MB'")
"""To be said before select_timelines: the planner cannot know how many moments there are."""

PIECE_BYTES = 1_000_000
"""How much of a document is given at once where it is asked for in pieces."""

# What of a site is not the same on every day, and what the claims themselves tell.
_OF_A_DAY = frozenset(
    (
        "datetime", "activity", "last_known_activity", "last_observed", "age_days", "contested",
        "evidence", "control", "disputed", "first_reported", "reports_count", "sources_count",
        "publishers_count", "parent_reports_count",
    )
)  # fmt: skip
FIXED = tuple(name for name in HOTSPOTS.column_names if name not in _OF_A_DAY)
"""The columns of `hotspots` that are the same on every day."""

_ALL_SITES = re.compile(
    r"\(CAST\(:sites AS text\[\]\) IS NULL OR \w+\.site_id = ANY \(CAST\(:sites AS text\[\]\)\)\)"
)
_AT_DAY = re.compile(r"WITH at_day AS \(.*?\n\),", re.DOTALL)
# Columns of claims that decide a state; the others only stand beside it, and the claims tell them.
_DECIDING = {
    "report": (
        "possible", "certain", "observed", "activity_after", "source_id", "credibility",
    ),
    "control": (
        "actor_id", "role", "possible", "certain", "said", "source_id", "credibility",
    ),
}  # fmt: skip
_BESIDE = {
    "report": ("occurred", "event_kind", "summary", "locator"),
    "control": ("valid", "held_on", "locator", "note"),
}
_TOLD = ("report_id", "observed", "control_id", "certainty", "last_said", "credibility")
_TELLING = re.compile(rf"^ +'(?!(?:{'|'.join(_TOLD)})')\w+', .*,\n", re.MULTILINE)
_NEEDED = (
    "activity", "last_known_activity", "last_observed", "contested", "disputed", "first_reported",
    "reports_count", "sources_count", "publishers_count", "evidence", "control",
)  # fmt: skip


def select_timelines(*, in_pieces: bool = False) -> TextClause:
    """One row with the document as JSON text: sites, and stretches of days with the same state.

    in_pieces: rows of bytes in its place, so that no reader has to hold all of it.
    """
    return text(_in_pieces(_statement()) if in_pieces else _statement()).bindparams(
        bindparam("activities", [code.value for code in Activity], ARRAY(Text)),
        contest_days=CONTEST_DAYS,
        unknown_after_days=UNKNOWN_AFTER_DAYS,
        ever=EVER,
    )


def select_report_columns(*, in_pieces: bool = False) -> TextClause:
    """One row with the document as JSON text: reports by columns, without their texts."""
    sql = re.sub(r"--.*", "", layer_sql("report_columns"))
    return text(_in_pieces(sql) if in_pieces else sql).bindparams(
        bindparam("activities", [code.value for code in Activity], ARRAY(Text)),
        bindparam("event_kinds", [code.value for code in EventKind], ARRAY(Text)),
    )


def _in_pieces(sql: str) -> str:
    """The one text of a statement as rows of bytes, to be joined where they are read."""
    return f"""
        WITH document AS MATERIALIZED (
            SELECT convert_to(made.document, 'UTF8') AS bytes FROM ({sql}) AS made (document)
        )
        SELECT substring(document.bytes FROM piece FOR {PIECE_BYTES})
        FROM document
        CROSS JOIN LATERAL generate_series(1, octet_length(document.bytes), {PIECE_BYTES})
            AS pieces (piece)
    """  # noqa: S608


@cache
def _statement() -> str:
    template = re.sub(r"--.*", "", layer_sql("timelines"))
    return template.replace("{states}", _states_of_moments(HOTSPOTS)).replace("{sites}", _sites())


def _sites() -> str:
    point = f"CAST(ST_AsGeoJSON(geom, {CRS84.decimals}) AS json) -> 'coordinates' AS point"
    return f"SELECT {', '.join(FIXED)}, {point} FROM ({kept_states(HOTSPOTS)}) AS kept"  # noqa: S608


def _states_of_moments(layer: Layer) -> str:
    """The statement of the layer, in which every moment is a site of its own with its own day.

    Claims are named by their place in the order of their ids. What a site counts of the area around
    it is left out: that area has a timeline itself.
    """
    rules = re.sub(r"--.*", "", layer_sql(layer.id))
    rules, found = _AT_DAY.subn(
        "WITH at_day AS (SELECT moment_id AS site_id, t FROM moment),", rules, count=1
    )
    assert found, "the statement of the layer has no at_day"  # noqa: S101
    rules = rules.replace("CAST(:certain AS boolean)", "false")
    rules = _ALL_SITES.sub("true", rules)
    rules = rules.replace("CROSS JOIN at_day", "JOIN at_day USING (site_id)")
    rules = _TELLING.sub("", rules)
    for table, columns in _DECIDING.items():
        beside = [f"CAST(NULL AS text) AS {name}" for name in _BESIDE[table]]
        # OFFSET 0: the days of claims are compared with that of their moment, not with every one.
        of_moments = (
            f"FROM (SELECT moment_id AS site_id, place AS {table}_id, "  # noqa: S608
            f"{', '.join((*columns, *beside))} FROM moment JOIN atlas.{table} USING (site_id) "
            f"JOIN {table}_place USING ({table}_id) OFFSET 0) AS {table}"
        )
        rules = re.sub(rf"FROM atlas\.{table}\b", of_moments, rules)
    fixed = [name for name in FIXED if name not in _JOINED]
    sites = (
        f"(SELECT moment_id AS site_id, CAST(NULL AS integer) AS parent_site_id, geom, "  # noqa: S608
        f"{', '.join(fixed)} FROM moment JOIN atlas.site USING (site_id))"
    )
    rules = rules.replace("JOIN atlas.site AS parent", f"JOIN {sites} AS parent")
    rules = re.sub(r"FROM atlas\.site\b", f"FROM {sites} AS site", rules)
    return f"SELECT site_id AS moment_id, {', '.join(_NEEDED)} FROM ({rules}) AS worked_out"  # noqa: S608


# Columns of a site that the statement itself takes from elsewhere.
_JOINED = {
    "site_id", "parent_site_id", "parent_name", "location_source_title",
    "location_source_publisher", "location_source_url",
}  # fmt: skip
