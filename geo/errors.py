"""What can go wrong below HTTP, one class a fault.

ScamAtlasError
├── InvalidValue             a value breaks a rule of the domain
│   ├── InvalidEDTF          text that is not an EDTF level 1 date
│   ├── InvalidEntity        fields that do not fit together
│   ├── FormatLimit          a selection that a file format cannot hold (layers.formats.model)
│   └── InvalidFilter        a request's parameter; names it
│       ├── InvalidBBox
│       ├── InvalidDatetime
│       ├── InvalidLimit
│       ├── InvalidToken     a paging token that this program did not make
│       └── InvalidCQL2      a filter that is no CQL2 of ours (layers.cql2.errors)
├── DossierError             a dossier that cannot be loaded; carries every problem
│                            (geo.dossier.problems)
├── FileNotMade              a file that could not be written (layers.formats.model)
├── NotFound                 no such layer or feature
├── TooBusy                  more work waits than can be done soon
└── StoreError               the database or its cluster
    ├── DatabaseUnavailable  cannot be reached, or is shutting down
    ├── QueryTooSlow         a statement reached its time limit
    ├── SchemaOutdated       reached, but its migrations are not this program's
    ├── RowsRefused          given rows break a rule that the database holds
    └── ClusterError         the private PostGIS cannot be made, started or stopped

The web layer maps these classes to status codes in one table (service/api/errors.py).
"""

from __future__ import annotations


class ScamAtlasError(Exception):
    """Root of every error that this program raises on purpose."""


class InvalidValue(ScamAtlasError):
    """A value breaks a rule of the domain; the message says which."""


class InvalidEDTF(InvalidValue):
    """Text that is not a date this project holds (EDTF level 1, years 0001-9999, whole days)."""


class InvalidEntity(InvalidValue):
    """Fields of one entity that do not fit together.

    field: the one that the message is about, so that a reader of files can name the column.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class InvalidFilter(InvalidValue):
    """A parameter of a request that cannot be answered; `parameter` names it."""

    parameter = "filter"


class InvalidBBox(InvalidFilter):
    """Corners missing, out of range, reversed in latitude or not finite."""

    parameter = "bbox"


class InvalidDatetime(InvalidFilter):
    """Neither an instant nor an interval of RFC 3339, or one that ends before it starts."""

    parameter = "datetime"


class InvalidLimit(InvalidFilter):
    """Not a whole number of at least 1."""

    parameter = "limit"


class InvalidToken(InvalidFilter):
    """A paging token that does not belong to this collection and its order."""

    parameter = "token"


class NotFound(ScamAtlasError):
    """No such layer or feature."""


class TooBusy(ScamAtlasError):
    """More work waits than can be done soon; the same call may go through later."""


class StoreError(ScamAtlasError):
    """The database, or the private cluster that holds it."""


class DatabaseUnavailable(StoreError):
    """The database cannot be reached now; the same call may go through later."""


class QueryTooSlow(StoreError):
    """A statement was stopped at its time limit; a smaller question may be answered."""


class SchemaOutdated(StoreError):
    """The database was reached, but holds another schema than this program's."""


class RowsRefused(StoreError):
    """Given rows break a rule that the database holds; nothing was written."""


class ClusterError(StoreError):
    """The private PostGIS cannot be made, started or stopped; says what to do."""
