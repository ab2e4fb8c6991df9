"""What the server and a process that draws say to each other through two pipes.

A job goes as a length and a pickle: server and process are one program, and nobody else holds the
pipe. Back come a letter, the memory that the process now takes, a length, and plain bytes; the
server unpickles nothing.
"""

from __future__ import annotations

import json
import struct
from typing import Protocol

from geo.errors import (
    DatabaseUnavailable,
    InvalidFilter,
    InvalidValue,
    NotFound,
    QueryTooSlow,
    ScamAtlasError,
    SchemaOutdated,
    StoreError,
)

JOB = struct.Struct("!Q")
ANSWER = struct.Struct("!cQQ")  # how it went, bytes of memory taken, bytes that follow
MADE, REFUSED, FAILED = b"M", b"R", b"F"


class Job(Protocol):
    """Work for a process that draws: pickled there and back, so of plain values only."""

    def run(self) -> bytes:
        """Make the file. Raises our own errors for what cannot be drawn."""


class _Refusal(InvalidFilter):
    """What the process says of a parameter."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


# From the special to the general: the first that fits is told.
_ERRORS: tuple[type[ScamAtlasError], ...] = (
    NotFound, DatabaseUnavailable, QueryTooSlow, SchemaOutdated, StoreError, InvalidValue,
)  # fmt: skip


def refusal(error: ScamAtlasError) -> bytes | None:
    """One of our errors as the process tells it; None for one that is a fault of ours."""
    kind = next((kind for kind in _ERRORS if isinstance(error, kind)), None)
    if kind is None:
        return None
    parameter = getattr(error, "parameter", None)
    told = {"kind": kind.__name__, "message": str(error), "parameter": parameter}
    return json.dumps(told).encode()


def refused(told: bytes) -> ScamAtlasError:
    """The error that `refusal` told."""
    read = json.loads(told)
    if read["parameter"]:
        return _Refusal(read["message"], read["parameter"])
    kind = next(kind for kind in _ERRORS if kind.__name__ == read["kind"])
    return kind(read["message"])
