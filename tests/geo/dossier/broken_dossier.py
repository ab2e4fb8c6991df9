"""A tiny valid dossier, and how to break it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# The countries of these tests: squares, CRS84.
COUNTRIES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"iso_a2": country},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[west, south], [east, south], [east, north], [west, north], [west, south]]
                ],
            },
        }
        for country, west, south, east, north in (
            ("MM", 90, 10, 100, 20),
            ("TH", 100, 10, 105, 20),
            ("XX", 10, 30, 20, 40),
        )
    ],
}

FILES = {
    "sources": """\
source_id,title,publisher,kind,published,url,language,reliability
un-letter,A letter,UN,un-communication,2025-03-10,,en,B
news-1,An article,A paper,news,2025-02~,https://example.org/1,en,B
""",
    "sites": """\
site_id,name,names_other,kind,place_role,country,admin1,admin2,lon,lat,precision_m,location_basis,location_source_id,parent_site_id,note
kayin,Kayin,ကရင်|克伦邦,state,context,MM,Kayin State,,98.1,16.9,150000,whole state,un-letter,,
kk-park,KK Park,KK zone,compound,hotspot,MM,Kayin State,,98.557,16.631,2500,given,news-1,kayin,
mae-sot,Mae Sot,แม่สอด,town,context,TH,Tak,,100.5,16.7,10000,town,news-1,,
""",
    "actors": """\
actor_id,name,names_other,kind,parent_actor_id,country,active_from,active_to,note,source_id
army,The army,,state-armed-force,,MM,1962,,,news-1
bgf,Border Guard Force,BGF,state-aligned-militia,army,MM,2010,,,news-1
""",
    "reports": """\
report_id,site_id,event_date,event_kind,activity_after,summary,people_min,people_max,people_kind,source_id,locator,credibility
kk-park-2025-un,kk-park,2025-03-10,statement,active,The letter names it.,,,,un-letter,paragraph 3,1
kk-park-2025-02,kk-park,2025-02,release,unknown,"Some left,
by bus.",50,60,released,news-1,opening,2
""",
    "control": """\
control_id,site_id,actor_id,role,valid,held_on,source_id,locator,start_source_id,end_source_id,credibility,note
kk-park-bgf,kk-park,bgf,protects,2021/..,2025-02,news-1,opening,un-letter,,2,
kayin-army,kayin,army,contests,../..,,un-letter,paragraph 4,,,3,
""",
    "displacement": """\
flow_id,from_site_id,to_site_id,moved,cause,summary,people_min,people_max,source_id,locator,credibility
kk-park-to-mae-sot,kk-park,mae-sot,2025-02,release,They crossed.,50,,news-1,opening,2
somewhere-to-kayin,,kayin,../2025-03,,They came.,,,un-letter,paragraph 5,3
""",
}


def write_dossier(folder: Path) -> Path:
    """A valid dossier of two or three rows a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    descriptor = {"name": "tiny", "created": "2025-03-31", "resources": []}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Expected:
    """One problem: where it is, part of what its rule says, and its suggestion."""

    file: str
    line: int | None
    column: str | None
    rule: str
    suggestion: str | None = None


@dataclass(frozen=True)
class BrokenCase:
    """A way to break the tiny dossier, and the problems that it must be refused for."""

    name: str
    break_it: Callable[[Path], None]
    expect: tuple[Expected, ...]

    def __str__(self) -> str:
        return self.name


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Put one text in place of another, which must be there."""

    def mutate(folder: Path) -> None:
        path = folder / file
        data = path.read_bytes()
        assert old.encode() in data, f"{old!r} is not in {file}"
        path.write_bytes(data.replace(old.encode(), new.encode(), 1))

    return mutate


def rewrite(file: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the bytes of a file."""

    def mutate(folder: Path) -> None:
        path = folder / file
        path.write_bytes(change(path.read_bytes()))

    return mutate


def rename(file: str, name: str) -> Callable[[Path], None]:
    """Give a file another name."""

    def mutate(folder: Path) -> None:
        (folder / file).rename(folder / name)

    return mutate


def folder_for(file: str) -> Callable[[Path], None]:
    """Put a folder in place of a file."""

    def mutate(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return mutate


def sparse(file: str, size: int) -> Callable[[Path], None]:
    """A file of that many bytes, all NUL, that takes no room on the disk."""

    def mutate(folder: Path) -> None:
        with (folder / file).open("wb") as out:
            out.truncate(size)

    return mutate


def case(
    name: str,
    break_it: Callable[[Path], None],
    file: str,
    line: int | None,
    column: str | None,
    rule: str,
    suggestion: str | None = None,
) -> BrokenCase:
    """A case that is refused for one problem."""
    return BrokenCase(name, break_it, (Expected(file, line, column, rule, suggestion),))
