"""datapackage.json: what the six files hold, in a form that other programs read.

Frictionless Data Package 1 and 2 (https://datapackage.org). It is written from the column list,
and read for one thing only: `created`, the day to which the dossier was researched.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from geo.dossier.columns import TABLES, Cell, Column, Table
from geo.dossier.problems import Problem, Problems
from geo.entities import COUNTRY, LANGUAGE, MAX_PRECISION_M, SLUG, SLUG_LENGTH

FILE = "datapackage.json"
MAX_BYTES = 5_000_000

_TYPES = {Cell.INTEGER: "integer", Cell.DECIMAL: "number"}
_CONSTRAINTS: dict[str, dict[str, Any]] = {
    "country": {"pattern": COUNTRY.pattern},
    "language": {"pattern": LANGUAGE.pattern},
    "url": {"pattern": "https?://.+"},
    "lon": {"minimum": -180, "maximum": 180},
    "lat": {"minimum": -90, "maximum": 90},
    "precision_m": {"minimum": 1, "maximum": MAX_PRECISION_M},
    "people_min": {"minimum": 0},
    "people_max": {"minimum": 0},
}


def datapackage(created: date) -> dict[str, Any]:
    """The descriptor of a dossier. created: the day to which it was researched."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "scam-atlas-dossier",
        "title": "Scam Atlas: reported scam-compound hotspots",
        "description": "Dated, sourced claims about places where scam compounds are reported in "
        "South-East Asia, in our own words. See README.md for what was checked and how.",
        "version": f"{created:%Y.%m.%d}",
        "created": f"{created}T00:00:00Z",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "contributors": [{"title": "Scam Atlas contributors", "roles": ["creator"]}],
        "resources": [_resource(table) for table in TABLES],
    }


def datapackage_text(created: date) -> str:
    """The descriptor as the text of its file."""
    return json.dumps(datapackage(created), ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table) -> dict[str, Any]:
    keys = [
        {
            "fields": [column.name],
            # In a Table Schema an empty resource name is the table itself.
            "reference": {
                "resource": "" if column.refers_to == table.name else column.refers_to,
                "fields": [_key_of(column.refers_to)],
            },
        }
        for column in table.columns
        if column.refers_to
    ]
    return {
        "name": table.name,
        "type": "table",
        "path": table.file,
        "title": table.title,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "primaryKey": [table.key],
            **({"foreignKeys": keys} if keys else {}),
            "missingValues": [""],
        },
    }


def _key_of(name: str) -> str:
    return next(table.key for table in TABLES if table.name == name)


def _field(table: Table, column: Column) -> dict[str, Any]:
    description = column.description
    if column.codes is not None:
        meanings = "; ".join(f"{code.value}: {code.meaning}" for code in column.codes)
        description = f"{description} {meanings}."
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.name == table.key:
        constraints["unique"] = True
    if column.cell is Cell.ID:
        # Table Schema patterns are those of XML Schema, which has no non-capturing groups.
        constraints |= {"pattern": SLUG.pattern.replace("(?:", "("), "maxLength": SLUG_LENGTH}
    if column.codes is not None:
        constraints["enum"] = [code.value for code in column.codes]
    constraints |= _CONSTRAINTS.get(column.name, {})
    return {
        "name": column.name,
        "type": _TYPES.get(column.cell, "string"),
        "description": description,
        **({"constraints": constraints} if constraints else {}),
    }


def read_created(folder: Path, problems: Problems) -> date | None:
    """The day to which the dossier was researched; None where the descriptor does not say.

    A folder without a descriptor is a whole dossier: its day is then told by its sources.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return None
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            problems(Problem(FILE, None, None, None, "not a file of at most 5 MB"))
            return None
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        rule = f"cannot be read: {error.strerror or error}"
        problems(Problem(FILE, None, None, None, rule))
        return None
    except json.JSONDecodeError as error:
        problems(Problem(FILE, error.lineno, None, None, f"not JSON: {error.msg}"))
        return None
    except (ValueError, RecursionError):
        problems(Problem(FILE, None, None, None, "not JSON in UTF-8"))
        return None
    created = descriptor.get("created") if isinstance(descriptor, dict) else None
    try:
        # RFC 3339, of which only the day counts.
        return date.fromisoformat(str(created).split("T")[0])
    except ValueError:
        value = None if created is None else str(created)
        rule = "the day to which the dossier was researched, as 2026-11-22"
        problems(Problem(FILE, None, "created", value, rule))
        return None
