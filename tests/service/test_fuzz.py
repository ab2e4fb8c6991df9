"""Schemathesis over the OpenAPI document: what it says holds for whatever is asked.

A short run with a fixed seed is part of the tests; `make fuzz` is the long one, over everything.
All checks are on: no 5xx, status, media type, headers and bodies as described, bad data refused,
good data taken, other methods refused.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import RunningService

FUZZING = Path(__file__).with_name("fuzzing")
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
SEED = os.environ.get("FUZZ_SEED", "1")
# One layer stands for all in the short run: they differ in their properties only.
ONE_LAYER = r"^/(ogc/collections/sources.*|layers/sources.*|ogc(/[a-zA-Z]+)?|[a-z.]*)$"
SHORT_S, LONG_S = 300, 6 * 3600


@pytest.fixture(scope="module")
def patient_url(database_url):
    """A service that waits for its database, so that a busy machine is not taken for a fault."""
    limits = {"filter_timeout_s": 30.0, "statement_timeout_s": 30.0, "figure_timeout_s": 60.0}
    with RunningService(database_url, **limits) as service:
        yield service.url


def schemathesis(url, folder, *arguments, seconds):
    command = [
        *(Path(sys.executable).with_name("st"), "--no-color"),
        *("--config-file", FUZZING / "schemathesis.toml"),
        *("run", f"{url}/openapi.json", "--seed", SEED, "--workers", "2", *arguments),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.service.fuzzing.hooks", "PYTHONPATH": Path.cwd()}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {name: str(value) for name, value in hooks.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )


def check(run):
    report = "\n".join(line[:500] for line in run.stdout.splitlines())
    assert run.returncode == 0, report
    assert " passed" in run.stdout, report


@pytest.mark.skipif(EXAMPLES is not None, reason="the long run does more")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--phases", "examples,coverage", "--include-path-regex", ONE_LAYER),
        # Figures take a second each: the long run asks for them.
        ("--phases", "fuzzing", "--max-examples", "2", "--exclude-path-regex", "^/figures/"),
    ],
    ids=["every limit of every parameter of one layer", "anything at all, everywhere"],
)
def test_the_service_does_what_its_description_says(patient_url, tmp_path, arguments):
    check(schemathesis(patient_url, tmp_path, *arguments, seconds=SHORT_S))


@pytest.mark.skipif(EXAMPLES is None, reason="only by `make fuzz`")
def test_the_service_does_what_its_description_says_at_length(patient_url, tmp_path):
    phases = ("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES))
    run = schemathesis(patient_url, tmp_path, *phases, seconds=LONG_S)
    sys.stdout.write(run.stdout[-4000:])
    check(run)
