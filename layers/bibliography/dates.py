"""EDTF text as the years, months and days that bibliographies write."""

from __future__ import annotations

from dataclasses import dataclass

_SEASONS = range(21, 25)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """What is known of one date; None from where on it is not. season: 1 spring to 4 winter.

    circa: the date is given as approximate or uncertain.
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: int | None = None
    circa: bool = False


def written_dates(edtf: str | None) -> tuple[WrittenDate | None, ...]:
    """The one date, or the two ends of an interval, of valid EDTF level 1 text.

    None: an end that is not known, or not even its year (`202X`). Without a date, nothing.
    """
    if not edtf:
        return ()
    return tuple(_written(part) for part in edtf.split("/"))


def _written(text: str) -> WrittenDate | None:
    bare = text.rstrip("?~%")
    known = []
    for part in bare.split("-"):
        if not part.isdigit():
            break
        known.append(int(part))
    if not known:
        return None
    year, rest = known[0], known[1:]
    month, day = (*rest, None, None)[:2]
    circa = bare != text
    if month is not None and month in _SEASONS:
        return WrittenDate(year, season=month - 20, circa=circa)
    return WrittenDate(year, month, day, circa=circa)
