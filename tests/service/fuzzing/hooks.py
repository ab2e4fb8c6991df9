"""What Schemathesis is told of the service, and what its checks may let pass, each with why.

Everything else that it finds is a failure. Loaded by name (SCHEMATHESIS_HOOKS), see
tests/service/test_fuzz.py.
"""

from __future__ import annotations

import httpx
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

from layers.filters import MAX_LIMIT

# What fits these is more than a schema can say: corners on Earth, days of the calendar, CQL2 in
# the language that another parameter names, a property that is sorted by once.
BEYOND_A_SCHEMA = ("bbox", "datetime", "filter", "sortby")

# What a figure is asked for hangs together: a change map needs two days, a timeline a site.
FIGURES = "/figures/"


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Ask for features that are there, and leave out tokens, which only the service makes.

    An invented id or token is refused before anything else of a request is looked at.
    """
    base = raw_schema["servers"][0]["url"]
    for path, item in raw_schema["paths"].items():
        kept = []
        for parameter in item["get"].get("parameters", []):
            name = parameter.get("$ref", "").rsplit("/", 1)[-1]
            if name == "featureId":
                items = httpx.get(base + path.rsplit("/", 1)[0], params={"limit": "3"}).json()
                ids = [feature["id"] for feature in items["features"]]
                known = raw_schema["components"]["parameters"][name]
                parameter = known | {"schema": {"type": "string", "enum": [*ids, "unknown"]}}
            if name != "token":
                kept.append(parameter)
        if kept:
            item["get"]["parameters"] = kept


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure counts."""
    if isinstance(failure, RejectedPositiveData):
        if case.path.startswith(FIGURES):
            return False
        return response.json().get("parameter") not in BEYOND_A_SCHEMA
    if isinstance(failure, AcceptedNegativeData):
        return not _is_only_a_great_limit(case)
    return True


def _is_only_a_great_limit(case):
    """More than the maximum means the maximum (OGC API - Features Part 1, 7.15.2)."""
    limit = str((case.query or {}).get("limit", ""))
    return limit.isdigit() and int(limit) > MAX_LIMIT
