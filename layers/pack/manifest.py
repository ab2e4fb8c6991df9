"""manifest.json of a pack: what was asked, of which data, by which program; every file's sum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from layers.pack.archive import InvalidPack, printable, sha256

NAME = "manifest.json"
SUMS = "SHA256SUMS"
"""The sums once more, as the program sha256sum checks them; that of the manifest among them."""
VERSION = 1
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack is of.

    query: what FigureRequest.parse reads, the day of the states always among it, since "today" is
    another day when the pack is checked. as_of, data_sha256: of the data
    that the database held; content_sha256: of those shown.
    """

    query: dict[str, str]
    address: str
    as_of: date
    data_sha256: str
    content_sha256: str
    program: dict[str, str]

    def written(self, files: Mapping[str, bytes]) -> bytes:
        """The manifest of these files."""
        told = {
            "pack": VERSION,
            "query": self.query,
            "address": self.address,
            "data": {
                "as_of": self.as_of.isoformat(),
                "sha256": self.data_sha256,
                "shown_sha256": self.content_sha256,
            },
            "program": self.program,
            "files": {
                name: {"bytes": len(content), "sha256": sha256(content)}
                for name, content in files.items()
            },
        }
        return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    """The manifest of an unzipped pack, when every file is there as it says.

    Raises InvalidPack, which names the files that are missing, altered or not part of it.
    """
    if NAME not in files:
        raise InvalidPack(f"It has no {NAME}: it is no report pack of Scam Atlas")
    told = _parsed(files[NAME])
    try:
        manifest = Manifest(
            query={str(name): str(text) for name, text in told["query"].items()},
            address=str(told["address"]),
            as_of=date.fromisoformat(told["data"]["as_of"]),
            data_sha256=str(told["data"]["sha256"]),
            content_sha256=str(told["data"]["shown_sha256"]),
            program={str(name): str(text) for name, text in told["program"].items()},
        )
        sums = {str(name): str(each["sha256"]) for name, each in told["files"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidPack(f"Its {NAME} is not one of a report pack: {error!r}") from error
    _check_files(files, sums)
    return manifest


def _parsed(text: bytes) -> dict[str, Any]:
    if len(text) > _LONGEST:
        raise InvalidPack(f"Its {NAME} is larger than any")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidPack(f"Its {NAME} cannot be read: {error}") from error
    if not isinstance(told, dict) or told.get("pack") != VERSION:
        raise InvalidPack(f"Its {NAME} is of another kind of pack than this program reads")
    return told


def _check_files(files: Mapping[str, bytes], sums: Mapping[str, str]) -> None:
    faults = [f"{printable(name, 100)} is missing" for name in sums if name not in files]
    faults += [
        f"{printable(name, 100)} is not part of it"
        for name in files
        if name not in sums and name not in (NAME, SUMS)
    ]
    faults += [
        f"{printable(name, 100)} was altered"
        for name, expected in sums.items()
        if name in files and sha256(files[name]) != expected
    ]
    if faults:
        raise InvalidPack("The pack is not as it was made: " + "; ".join(faults))
