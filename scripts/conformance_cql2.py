"""Evaluate the CQL2 standard's example predicates through the service's own filter code.

Usage: python scripts/conformance_cql2.py FOLDER

FOLDER holds `ne110m4cql2.gpkg` (github.com/opengeospatial/ogcapi-features, cql2/standard/data) and
`predicates.csv` with the columns conformance_class, table, predicate, count. Each predicate is
evaluated as text and, converted, as JSON; what differs is printed, and the exit code is then 1.

Two counts of the standard contradict its own data (issue 1011 of opengeospatial/ogcapi-features):
they are printed as errata, and ours must be what the data give.
"""

from __future__ import annotations

import asyncio
import csv
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from geoalchemy2 import Geometry
from geoalchemy2.shape import from_shape
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Engine,
    MetaData,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from geo.store.cluster import Cluster
from geo.store.database import open_async_engine, open_engine, scratch_database
from layers.cql2 import (
    FilterLang,
    InvalidCQL2,
    Kind,
    Queryable,
    filter_expression,
    parse_filter,
)

DATA = "ne110m4cql2.gpkg"
PREDICATES = "predicates.csv"
# What the standard's own data give for predicates to which it gives another count.
ERRATA = {
    "ACCENTI(name) LIKE accenti('Ch%')": 3,  # Chicago, Chișinău, Chengdu
    "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": 1,  # Chișinău
}
_TYPES: dict[str, tuple[Kind, TypeEngine[Any]]] = {
    "OFTString": (Kind.STRING, Text()),
    "OFTInteger": (Kind.INTEGER, BigInteger()),
    "OFTInteger64": (Kind.INTEGER, BigInteger()),
    "OFTReal": (Kind.NUMBER, Double()),
    "OFTDate": (Kind.DATE, Date()),
    "OFTDateTime": (Kind.TIMESTAMP, DateTime(timezone=True)),
    "OFSTBoolean": (Kind.BOOLEAN, Boolean()),
}


@dataclass(frozen=True)
class Loaded:
    """One layer of the data as a table, and what can be asked of it."""

    table: Table
    queryables: dict[str, Queryable]


def load(engine: Engine, file: Path) -> dict[str, Loaded]:
    """Copy every layer of a GeoPackage into a table of its own."""
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    return {
        str(name): _load_layer(engine, file, str(name)) for name, _ in pyogrio.list_layers(file)
    }


def _load_layer(engine: Engine, file: Path, name: str) -> Loaded:
    meta, arrow = pyogrio.read_arrow(file, layer=name)
    types = [
        _TYPES["OFSTBoolean" if subtype == "OFSTBoolean" else kind]
        for kind, subtype in zip(meta["ogr_types"], meta["ogr_subtypes"], strict=True)
    ]
    fields = dict(zip(meta["fields"], types, strict=True))
    table = Table(
        name,
        MetaData(),
        Column("geom", Geometry(srid=4326, spatial_index=False)),
        *(Column(field, sql_type) for field, (_, sql_type) in fields.items()),
    )
    geometry = meta["geometry_name"] or "wkb_geometry"
    rows = [
        {
            "geom": from_shape(shapely.from_wkb(row[geometry]), srid=4326),
            **{field: row[field] for field in fields},
        }
        for row in arrow.to_pylist()
    ]
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), rows)
    queryables = {
        field: Queryable(field, kind, table.c[field]) for field, (kind, _) in fields.items()
    }
    queryables["geom"] = Queryable("geom", Kind.GEOMETRY, table.c.geom)
    return Loaded(table, queryables)


Count = Callable[[Loaded, str, FilterLang], Awaitable[int]]


async def evaluate(url: str, loaded: dict[str, Loaded], cases: list[dict[str, str]]) -> list[str]:
    """What differs, one line each."""
    engine = open_async_engine(url, pool_size=1, pool_timeout_s=5, statement_timeout_s=30)

    async def count(layer: Loaded, asked: str, lang: FilterLang) -> int:
        condition = filter_expression(parse_filter(asked, lang), layer.queryables)
        async with engine.connect() as connection:
            found = await connection.scalar(
                select(func.count()).select_from(layer.table).where(condition)
            )
        return int(found or 0)

    differing = []
    for case in cases:
        problem = await _difference(count, loaded[case["table"]], case)
        if problem:
            differing.append(f"{case['conformance_class']}: {case['predicate']}\n    {problem}")
    await engine.dispose()
    return differing


async def _difference(count: Count, layer: Loaded, case: dict[str, str]) -> str | None:
    predicate = case["predicate"]
    wanted = ERRATA.get(predicate, int(case["count"]))
    try:
        as_json = json.dumps(parse_filter(predicate, FilterLang.TEXT).to_json())
        by_text = await count(layer, predicate, FilterLang.TEXT)
        by_json = await count(layer, as_json, FilterLang.JSON)
    except (InvalidCQL2, DBAPIError) as error:
        return f"{type(error).__name__}: {error}"
    if by_text == by_json == wanted:
        return None
    return f"{wanted} expected, {by_text} as text, {by_json} as JSON {as_json}"


def main(folder: Path) -> int:
    """Run every row; returns the exit code."""
    with (folder / PREDICATES).open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    # Not the account's own folder: root's cannot be entered by the account of PostgreSQL.
    home = Path(tempfile.mkdtemp(prefix="scam-atlas-cql2-"))
    home.chmod(0o755)
    try:
        with Cluster(home, durable=False) as cluster, scratch_database(cluster.url) as url:
            loaded = load(open_engine(url), folder / DATA)
            differing = asyncio.run(evaluate(url, loaded, cases))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    for name, number in sorted(Counter(case["conformance_class"] for case in cases).items()):
        print(f"{number:5} {name}")
    for case in cases:
        if case["predicate"] in ERRATA:
            right = ERRATA[case["predicate"]]
            print(f"erratum: {case['predicate']}: the data give {right}, not {case['count']}")
    for problem in differing:
        print(problem, file=sys.stderr)
    print(f"{len(cases) - len(differing)} of {len(cases)} predicates agree, as text and as JSON")
    return 1 if differing or not cases else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
