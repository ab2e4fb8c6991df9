"""The options of a figure on the command line, made of the parameters that figures have.

One table says what they are called and mean (layers.figures.request.PARAMETERS), so the command
line, HTTP and the Python function ask in the same words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from geo.errors import InvalidFilter
from layers.figures.request import PARAMETERS

# Where the option is called otherwise than the parameter.
_FLAGS = {"bbox": ("--box", "--bbox"), "radius": ("--radius-km", "--radius")}
# What the ending of the file says, and what `at`, `from` and `to` say better here.
_LEFT_OUT = ("format",)
_ONLY = "only"
_ONLY_HELP = (
    "NAME=VALUE: only sites with that value of a queryable of `hotspots`, such as country=MM; "
    "may stand several times"
)


class BadOption(InvalidFilter):
    """An option whose value cannot be drawn; the message names option, value and rule."""


def python_name(parameter: str) -> str:
    """The parameter as an argument of a Python function: `filter_lang`, `from_`."""
    name = parameter.replace("-", "_")
    return f"{name}_" if name in ("from",) else name


def with_figure_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each parameter of a figure, given to it as `asked`."""
    own = inspect.signature(command, eval_str=True).parameters
    kept = [each for name, each in own.items() if name != "asked"]
    added = [_option(name) for name in PARAMETERS if name not in _LEFT_OUT]
    only = inspect.Parameter(
        _ONLY,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[list[str] | None, typer.Option("--only", help=_ONLY_HELP)],
    )

    def run(**given: Any) -> None:
        asked = {name: given.pop(python_name(name)) for name in PARAMETERS if name not in _LEFT_OUT}
        asked = {name: text for name, text in asked.items() if text is not None}
        for text in given.pop(_ONLY) or ():
            name, equals, value = text.partition("=")
            if not equals:
                raise BadOption(f"--only {text!r}: write NAME=VALUE")
            asked[name] = value
        command(**given, asked=asked)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in kept]
    run.__signature__ = inspect.Signature([*parameters, *added, only])  # type: ignore[attr-defined]
    return run


def _option(parameter: str) -> inspect.Parameter:
    option = typer.Option(*flags(parameter), help=PARAMETERS[parameter], show_default=False)
    return inspect.Parameter(
        python_name(parameter),
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, option],
    )


def flags(parameter: str) -> tuple[str, ...]:
    """The options that give a parameter; the first is the one to name."""
    return _FLAGS.get(parameter, (f"--{parameter}",))


def named_by_option(error: InvalidFilter, asked: Mapping[str, str]) -> InvalidFilter:
    """The error as a person at the command line needs it: option, value, rule."""
    parameter = error.parameter
    rule = str(error).removeprefix(f"{parameter}: ")
    if parameter in asked and parameter not in PARAMETERS:
        return BadOption(f"--only {parameter}={asked[parameter]}: {rule}")
    flag = flags(parameter)[0]
    value = f" {asked[parameter]!r}" if parameter in asked else ""
    return BadOption(f"{flag}{value}: {rule}")
