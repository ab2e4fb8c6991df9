"""What a caller is told of a filter that cannot be answered."""

from __future__ import annotations

from geo.errors import InvalidFilter

_SHOWN = 60


class InvalidCQL2(InvalidFilter):
    """A filter that is no CQL2, asks for what the layer has not, or is larger than allowed."""

    parameter = "filter"

    def __init__(self, message: str, parameter: str = "filter") -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter


def shown(value: object) -> str:
    """A piece of the caller's text as a message repeats it: quoted, escaped and short."""
    text = value if isinstance(value, str) else repr(value)
    return ascii_controls(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def ascii_controls(text: str) -> str:
    """The text in quotation marks, what cannot be printed or encoded escaped."""
    return repr(text.encode("utf-8", "backslashreplace").decode("utf-8"))
