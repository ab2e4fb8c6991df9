"""Zip files: written the same each time, and read without trust in who made them."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from geo.errors import InvalidValue

MAX_FILES = 64
MAX_FILE_BYTES = 100_000_000
MAX_BYTES = 250_000_000
_CHUNK = 1 << 20
# No time of day and no name of a system: they would make other bytes of the same content.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


class InvalidPack(InvalidValue):
    """A file that is no report pack, is damaged, or is larger than any pack; says why."""


def printable(text: str, longest: int = 300) -> str:
    """Text of a stranger's file as a terminal can show it: no sign that moves, colours or hides."""
    shown = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in their order; the same files make the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, compresslevel=6)
    return made.getvalue()


def sha256(content: bytes) -> str:
    """The checksum, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def unzipped(path: Path) -> dict[str, bytes]:
    """Every file of a zip, in memory; nothing is written to the disk.

    Raises InvalidPack: no zip, damaged, encrypted, a name twice, or more than the limits, whatever
    its own headers say of its size.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except OSError as error:
        raise InvalidPack(f"{path} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, ValueError) as error:
        raise InvalidPack(f"{path.name} is no zip, or a damaged one: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise InvalidPack(f"{path.name} cannot be unpacked: {error}") from error


def _read(file: BinaryIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MAX_FILES:
            raise InvalidPack(f"{len(members)} files; a pack has at most {MAX_FILES}")
        found: dict[str, bytes] = {}
        room = MAX_BYTES
        for info in members:
            if info.filename in found:
                raise InvalidPack(f"{printable(info.filename, 100)} stands twice in it")
            content = _content(archive, info, min(room, MAX_FILE_BYTES))
            found[info.filename] = content
            room -= len(content)
        return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """Unpacked a piece at a time, so that a bomb is left before it goes off."""
    pieces, size = [], 0
    with archive.open(info) as member:
        while piece := member.read(_CHUNK):
            size += len(piece)
            if size > room:
                raise InvalidPack(
                    f"{printable(info.filename, 100)} unpacks to more than a pack can hold"
                )
            pieces.append(piece)
    return b"".join(pieces)
