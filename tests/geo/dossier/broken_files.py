"""Dossiers broken as files: bytes, line ends, quoting, headers."""

from __future__ import annotations

import re

from tests.geo.dossier.broken_dossier import (
    BrokenCase,
    Expected,
    case,
    folder_for,
    rename,
    replace,
    rewrite,
    sparse,
)

# fmt: off
FILE_CASES = [
    case(
        "a file is missing", lambda d: (d / "sites.csv").unlink(), "sites.csv", None, None,
        "missing",
    ),
    case(
        "a file has another name", rename("reports.csv", "report.csv"),
        "reports.csv", None, None, "missing", "report.csv",
    ),
    case(
        "a folder in place of a file", folder_for("control.csv"),
        "control.csv", None, None, "not a regular file",
    ),
    case(
        "an empty file", rewrite("actors.csv", lambda _: b""), "actors.csv", None, None,
        "an empty file",
    ),
    case(
        "100 MB of garbage", sparse("reports.csv", 100_000_000), "reports.csv", None, None,
        "larger than 50 MB",
    ),
    BrokenCase(
        "garbage of 1 MB",
        rewrite("sources.csv", lambda _: bytes(range(1, 256)) * 4000),
        (
            Expected("sources.csv", 1, None, "not the header"),
            Expected("sources.csv", 2, None, "(4000 such in this file)"),
            Expected("sources.csv", 2, None, "not UTF-8: byte 0x80 at offset 126"),
        ),
    ),
    BrokenCase(
        "bytes of Latin-1",
        rewrite("sites.csv", lambda data: data.replace(b"KK zone", b"Caf\xe9")),
        (
            Expected("sites.csv", 3, None, "not UTF-8: byte 0xE9 at offset 262 (byte 20 of"),
            Expected("sites.csv", 3, "names_other", "a character was lost"),
        ),
    ),
    case(
        "a byte order mark", rewrite("sources.csv", lambda data: b"\xef\xbb\xbf" + data),
        "sources.csv", 1, None, "byte order mark", "'UTF-8', not 'UTF-8 with BOM'",
    ),
    case(
        "CRLF line ends", rewrite("actors.csv", lambda data: data.replace(b"\n", b"\r\n")),
        "actors.csv", 1, None, "(3 such in this file)", "'LF' line ends, not 'CRLF'",
    ),
    case(
        "a carriage return inside a row",
        rewrite("actors.csv", lambda data: data.replace(b"The army", b"The\r army")), "actors.csv",
        2, None, "carriage return",
    ),
    case(
        "a NUL byte",
        rewrite("control.csv", lambda data: data.replace(b"contests", b"con\0tests")),
        "control.csv", 3, None, "NUL byte",
    ),
    BrokenCase(
        "a quotation mark closed in the next row",
        replace("reports.csv", "The letter names it.", '"The letter names it.'),
        (
            Expected("reports.csv", 2, None, "after a closing quotation mark"),
            Expected("reports.csv", 4, None, "too few cells: 7 where the header has 12"),
        ),
    ),
    case(
        "a quotation mark open to the end", replace("control.csv", "paragraph 4", '"paragraph 4'),
        "control.csv", 3, None, "opened here and never closed",
    ),
    case(
        "too few cells", replace("displacement.csv", "They came.,,,", "They came.,"),
        "displacement.csv", 3, None, "too few cells: 9 where the header has 11",
    ),
    case(
        "too many cells", replace("sources.csv", "A paper", "A paper, of record"), "sources.csv",
        3, None, "too many cells: 9 where the header has 8",
    ),
    case(
        "an empty line", replace("actors.csv", "\nbgf", "\n\nbgf"), "actors.csv", 3, None,
        "an empty line",
    ),
    case(
        "a descriptor that is no JSON",
        rewrite("datapackage.json", lambda _: b'{\n "name":\n}'), "datapackage.json", 3, None,
        "not JSON",
    ),
    case(
        "a descriptor without its day", replace("datapackage.json", "2025-03-31", "spring 2025"),
        "datapackage.json", None, "created", "the day to which",
    ),
]

COLUMN_CASES = [
    case(
        "a misspelt column", replace("sites.csv", "lat,", "lattitude,"), "sites.csv", 1,
        "lattitude", "no such column", "lat",
    ),
    case(
        "a missing column",
        rewrite("sources.csv", lambda data: re.sub(rb",[^,]*\n", b"\n", data)),
        "sources.csv", 1, "reliability", "the column is missing",
    ),
    case(
        "the column of the ids missing",
        rewrite("sources.csv", lambda data: re.sub(rb"(?m)^[^,]*,", b"", data)),
        "sources.csv", 1, "source_id", "the column is missing",
    ),
    case(
        "a header with an open quotation mark", replace("sources.csv", "title", '"title'),
        "sources.csv", 1, None, "opened here and never closed",
    ),
    case(
        "a column too many",
        rewrite("control.csv", lambda data: data.replace(b"\n", b",colour\n")),
        "control.csv", 1, "colour", "no such column",
    ),
    BrokenCase(
        "a column twice",
        replace("actors.csv", "country,active_from", "country,country"),
        (
            Expected("actors.csv", 1, "active_from", "the column is missing"),
            Expected("actors.csv", 1, "country", "appears twice"),
        ),
    ),
    case(
        "columns in another order",
        rewrite("sources.csv", lambda data: re.sub(rb"(\w+),(\w)\n", rb"\2,\1\n", data.replace(
            b"language,reliability", b"reliability,language"))),
        "sources.csv", 1, "reliability", "another order",
    ),
    case(
        "no header", rewrite("reports.csv", lambda data: data.split(b"\n", 1)[1]), "reports.csv",
        1, None, "not the header",
    ),
]
# fmt: on
