"""What is wrong with a dossier: one Problem a fault, and the error that carries them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from geo.errors import ScamAtlasError

SHOWN = 200
_VALUE_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file.

    line: physical line, the first is 1; None = the file as a whole. column: its name in the
    header; None = the line as a whole. value: the cell as it stands. rule: what it breaks.
    suggestion: what may have been meant.
    """

    file: str
    line: int | None
    column: str | None
    value: str | None
    rule: str
    suggestion: str | None = None

    def __str__(self) -> str:
        """One line for a terminal: unprintable characters are escaped, long values cut."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        what = [self.column] if self.column else []
        if self.value is not None:
            what.append(repr(_cut(self.value)))
        hint = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        parts = [where, " = ".join(what), self.rule + hint]
        return _printable(": ".join(part for part in parts if part))


def _cut(value: str) -> str:
    return value if len(value) <= _VALUE_SHOWN else value[:_VALUE_SHOWN] + "…"


def _printable(text: str) -> str:
    """The text with what a terminal would act on, or hide, spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class DossierError(ScamAtlasError):
    """A dossier that cannot be loaded. `problems` holds every fault, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """problems: at least one, in any order."""
        self.problems = tuple(
            sorted(problems, key=lambda p: (p.file, p.line or 0, p.column or "", p.rule))
        )
        super().__init__(self._text())

    def _text(self) -> str:
        count = len(self.problems)
        lines = [f"the dossier has {count} problem{'' if count == 1 else 's'}:"]
        lines += [str(problem) for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"and {count - SHOWN} more")
        return "\n".join(lines)


class Problems:
    """Collects the problems of one run.

    A file with more than `most` faults is some other file: the rest of it is left out, and said
    to be.
    """

    def __init__(self, most: int = 5_000) -> None:
        """most: how many problems of one file are kept."""
        self.found: list[Problem] = []
        self._most = most
        self._of_file: Counter[str] = Counter()

    def __call__(self, problem: Problem) -> None:
        """Keep a problem."""
        self._of_file[problem.file] += 1
        if self._of_file[problem.file] <= self._most:
            self.found.append(problem)
        elif self._of_file[problem.file] == self._most + 1:
            rule = f"more than {self._most} problems: the rest of the file is not listed"
            self.found.append(Problem(problem.file, None, None, None, rule))

    def full(self, file: str) -> bool:
        """Whether more problems of that file would only be left out."""
        return self._of_file[file] > self._most


class Nearest:
    """The nearest known name for a wrong one.

    A search among hundreds of ids takes milliseconds, so a file of nothing but wrong ids gets
    only as many suggestions as are ever shown.
    """

    def __init__(self, most: int = SHOWN) -> None:
        """most: how many searches are made before all answers are None."""
        self._left = most
        self._found: dict[tuple[str, frozenset[str]], str | None] = {}

    def __call__(self, wrong: str, known: frozenset[str], likeness: float = 0.6) -> str | None:
        """The known name that is most like the wrong one, None where none is like it.

        likeness: the least that counts, 0 to 1 (difflib's ratio).
        """
        if len(wrong) > _VALUE_SHOWN:
            return None
        key = (wrong, known)
        if key not in self._found:
            if self._left == 0:
                return None
            self._left -= 1
            folded = {name.casefold(): name for name in sorted(known)}
            matches = get_close_matches(wrong.casefold(), folded, n=1, cutoff=likeness)
            self._found[key] = folded[matches[0]] if matches else None
        return self._found[key]
