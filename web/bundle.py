"""Our ES modules as one script: one request for the page, none for the file that opens from disk.

The modules are what is written, tested and served under /static/js; nothing is built before. Each
becomes a function that is run once, after those that it imports. That is enough for how ours are
written: named exports of declarations, named imports at the top, no circles. What is
written otherwise is refused, so that a file is never made that does not run.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path, PurePosixPath

_IMPORT = re.compile(
    r'^import\s+(?:\{(?P<names>[^}]*)\}\s+from\s+)?"(?P<path>\.[^"]+)";\n', re.MULTILINE
)
_EXPORT = re.compile(
    r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.MULTILINE
)
_OTHERWISE = re.compile(r"^(?:import|export)\b.*|^(?!\s*\*).*\bimport\(.*", re.MULTILINE)
# Ours stand on lines of their own, or before what they give a type to; no text of ours begins so.
_COMMENT = re.compile(r"/\*\*.*?\*/[ \n]*", re.DOTALL)
_REMARK = re.compile(r"^ *// .*\n", re.MULTILINE)


_log = logging.getLogger("scam_atlas")


class NotBundled(Exception):
    """A module is written in a way that this bundler does not know."""


def bundle(folder: Path, entry: str) -> str:
    """One script that does what the module `entry` in that folder does. Raises NotBundled."""
    parts: list[str] = []
    _add(folder, PurePosixPath(entry), parts, {}, ())
    return "\n".join(parts)


class Modules:
    """The script of a folder's modules, made anew when one of them has changed."""

    def __init__(self, folder: Path, entry: str, address: str) -> None:
        self._folder = folder
        self._entry = entry
        self._address = address
        self._stamp: tuple[int, int] = (0, 0)
        self._script = ""

    def script(self) -> str:
        """The script. What cannot be bundled is a line that imports the modules one by one."""
        times = [path.stat().st_mtime_ns for path in self._folder.rglob("*.js")]
        stamp = (len(times), max(times))
        if stamp != self._stamp:
            try:
                self._script = bundle(self._folder, self._entry)
            except (NotBundled, OSError) as error:
                _log.warning("The map's modules are served one by one: %s", error)
                self._script = f'import "{self._address}/{self._entry}";\n'
            self._stamp = stamp
        return self._script


def _add(
    folder: Path,
    name: PurePosixPath,
    parts: list[str],
    numbers: dict[PurePosixPath, str],
    above: tuple[PurePosixPath, ...],
) -> str:
    """Add a module and what it imports; returns the variable that holds its exports."""
    if name in above:
        raise NotBundled(f"{name} imports itself, by way of {', '.join(map(str, above))}")
    if name in numbers:
        return numbers[name]
    source = (folder / name).read_text("utf-8")
    taken = []
    for found in _IMPORT.finditer(source):
        other = _beside(name, found["path"])
        variable = _add(folder, other, parts, numbers, (*above, name))
        if found["names"] is not None:
            names = re.sub(r"\s+as\s+", ": ", " ".join(found["names"].split()))
            taken.append(f"const {{ {names.rstrip(', ')} }} = {variable};")
    body = _IMPORT.sub("", source)
    exported = [next(filter(None, found.groups())) for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    body = _REMARK.sub("", _COMMENT.sub("", body))
    odd = _OTHERWISE.search(body)
    if odd:
        raise NotBundled(f"{name}: not known how to bundle {odd[0].strip()!r}")
    numbers[name] = variable = f"module{len(numbers)}"
    parts.append(
        f"const {variable} = (() => {{ // {name}\n"
        + "\n".join([*taken, body, f"return {{ {', '.join(exported)} }};"])
        + "\n})();"
    )
    return variable


def _beside(name: PurePosixPath, path: str) -> PurePosixPath:
    parts: list[str] = []
    for part in (name.parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
