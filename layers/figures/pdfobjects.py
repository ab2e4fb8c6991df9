"""The file format PDF (ISO 32000), as far as a sheet needs it: objects, streams, the whole file."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping


class Name(str):
    """`/Name`."""

    __slots__ = ()


class Ref(int):
    """`12 0 R`: another object of the file."""

    __slots__ = ()


class Raw(str):
    """Text that is PDF already."""

    __slots__ = ()


def written(value: object) -> str:
    """A value as PDF has it. Texts are UTF-16, so that any script may stand in them."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Ref():
            return f"{int(value)} 0 R"
        case Name():
            return f"/{value}"
        case Raw():
            return str(value)
        case int():
            return str(value)
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case bytes():
            return f"<{value.hex().upper()}>"
        case str():
            return _text(value)
        case dict():
            inner = " ".join(f"/{key} {written(item)}" for key, item in value.items())
            return f"<< {inner} >>"
        case list() | tuple():
            return f"[{' '.join(written(item) for item in value)}]"
        case _:
            raise TypeError(type(value).__name__)


def _text(text: str) -> str:
    return written(b"\xfe\xff" + text.encode("utf-16-be"))


class File:
    """Collects objects; the same objects in the same order are the same bytes."""

    def __init__(self) -> None:
        self._objects: list[bytes | None] = []

    def reserve(self) -> Ref:
        """The number of an object that is written later."""
        self._objects.append(None)
        return Ref(len(self._objects))

    def add(self, value: object, ref: Ref | None = None) -> Ref:
        """Write an object."""
        return self._put(written(value).encode("latin-1"), ref)

    def stream(
        self, data: bytes, entries: Mapping[str, object] | None = None, ref: Ref | None = None
    ) -> Ref:
        """Write a stream, compressed."""
        packed = zlib.compress(data, 6)
        head = {**(entries or {}), "Length": len(packed), "Filter": Name("FlateDecode")}
        body = written(head).encode("latin-1") + b"\nstream\n" + packed + b"\nendstream"
        return self._put(body, ref)

    def plain_stream(self, data: bytes, entries: Mapping[str, object]) -> Ref:
        """Write a stream as it is, for readers that look for it without a PDF library."""
        head = written({**entries, "Length": len(data)}).encode("latin-1")
        return self._put(head + b"\nstream\n" + data + b"\nendstream", None)

    def _put(self, body: bytes, ref: Ref | None) -> Ref:
        if ref is None:
            ref = self.reserve()
        self._objects[ref - 1] = body
        return ref

    def bytes(self, catalog: Ref, info: Ref) -> bytes:
        """The whole file; its id is the hash of what it holds."""
        parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        size, places = len(parts[0]), []
        for number, body in enumerate(self._objects, start=1):
            if body is None:
                raise ValueError(f"object {number} was reserved and not written")
            part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            places.append(size)
            parts.append(part)
            size += len(part)
        own = hashlib.sha256(b"".join(parts)).digest()[:16]
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        trailer = {"Size": len(places) + 1, "Root": catalog, "Info": info, "ID": [own, own]}
        parts.append(
            f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n{written(trailer)}\nstartxref\n{size}\n%%EOF\n".encode()
        )
        return b"".join(parts)


def number(value: float) -> str:
    """A coordinate: hundredths of a point are finer than any printer."""
    return f"{value:.2f}"


def numbers(values: Iterable[float]) -> str:
    """Coordinates, with blanks between."""
    return " ".join(number(value) for value in values)
