"""Jobs for the processes that draw, as good and as bad as a figure can be."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass

from geo.errors import InvalidValue
from layers.figures.request import InvalidFigure


@dataclass(frozen=True)
class Who:
    """Says which process does the work."""

    def run(self) -> bytes:
        return str(os.getpid()).encode()


@dataclass(frozen=True)
class Sleep:
    """Takes its time, and says in a file that it has begun."""

    seconds: float
    mark: str = ""

    def run(self) -> bytes:
        if self.mark:
            with open(self.mark, "w") as file:
                file.write(str(os.getpid()))
        time.sleep(self.seconds)
        return b"slept"


@dataclass(frozen=True)
class Take:
    """Takes memory, and keeps it if told so."""

    megabytes: int
    keep: bool = False

    def run(self) -> bytes:
        taken = bytearray(b"x" * 4096) * (self.megabytes * 256)
        if self.keep:
            sys.modules[__name__].__dict__["kept"] = taken
        return str(os.getpid()).encode()


@dataclass(frozen=True)
class Die:
    """Ends its process, as a fault in a C library does."""

    def run(self) -> bytes:
        os.kill(os.getpid(), signal.SIGSEGV)
        return b""


@dataclass(frozen=True)
class Refuse:
    """Cannot be drawn as asked."""

    parameter: str | None = None

    def run(self) -> bytes:
        if self.parameter:
            raise InvalidFigure(self.parameter, "not so")
        raise InvalidValue("not so")


@dataclass(frozen=True)
class Print:
    """Writes to standard output, where answers go, and fails."""

    fail: bool = False

    def run(self) -> bytes:
        print("some library says hello")
        os.write(1, b"and so does C code\n")
        if self.fail:
            raise ZeroDivisionError("a fault of ours")
        return b"done"
