"""Which places the base map shows, how they are spelled and at which zoom: GeoNames by hand rules.

Coordinates are CRS84, longitude and latitude in degrees. See build.py.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from outlines import NAMES, REGION, Feature, feature
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

FOCUS = {"KH": 0, "LA": 0, "MM": 0, "MY": 100_000}
LEAST_PEOPLE = {"MY": 30_000, "CN": 200_000, "IN": 200_000, "PH": 200_000}
# GeoNames keys: Dhaka, Bandar Seri Begawan, Thimphu, Phnom Penh, Vientiane, Nay Pyi Taw,
# Kuala Lumpur, Manila, Singapore, Bangkok, Taipei, Hanoi (Jakarta lies south of the region).
CAPITALS = {1185241, 1820906, 1252416, 1821306, 1651944, 6611854,
            1735161, 1701668, 1880252, 1609350, 1668341, 1581130}  # fmt: skip
# Shwe Kokko, Myawaddy, Mae Sot, Laukkai, Payathonzu, Mong La, Tachilek, Muse, Lashio, Hpa-An,
# Sihanoukville, Bavet, Poipet.
KEY_TOWNS = {13561226, 1308052, 1152188, 13494766, 11778166, 1847826, 1295301,
             1308318, 1314759, 1302849, 1831142, 1829516, 1830194}  # fmt: skip
# GeoNames has the romanised form first; the reports use these.
SPELLINGS = {1308318: "Muse", 1319364: "Kengtung", 1830194: "Poipet", 1847826: "Mong La"}
# GeoNames has Kengtung 50 km off, beside Mong La; this is the point that Wikipedia gives.
MOVED = {1319364: {"longitude": 99.6083, "latitude": 21.2917}}
# Populations of a province or of a namesake: Budta, Malingao, Takeo, Jianshui.
MISCOUNTED = {1723510, 1978681, 1821940, 9931406}
# Places whose only local name is that of something else: Kep, Ta Khmau.
MISNAMED = {1830467, 1821935}
# Letters of the national language only: Shan, Mon and Karen use more of the Myanmar block.
SCRIPTS = {
    "KH": re.compile("[\u1780-\u17ff\u200b ]+"),
    "LA": re.compile("[\u0e80-\u0eff ]+"),
    "MM": re.compile("[\u1000-\u1021\u1023-\u1027\u1029-\u1032\u1036-\u103f ]+"),
    "TH": re.compile("[\u0e00-\u0e7f ]+"),
}
# Words for village, town and district that some names carry and others do not.
TOWN_WORDS = re.compile("^ភូមិ |^ເມືອງ|မြို့$|^อำเภอ")
HAN_CODECS = {"CN": "gb2312", "TW": "big5"}


def local_name(names: Iterable[str], country: str) -> str | None:
    """The name in the country's own script (simplified Chinese in CN), or None.

    GeoNames keeps nicknames and longer forms, too; the name that most of the others contain is
    the common one. It also keeps copies that lost every sign above and below the line: a Burmese,
    Khmer or Lao name without any is taken for such a copy, at the price of a few true ones.
    """
    if country in HAN_CODECS:
        fits = [name for name in names if is_han(name, HAN_CODECS[country])]
    else:
        fits = [name for name in names if country in SCRIPTS and SCRIPTS[country].fullmatch(name)]
        stripped = {without_signs(name) for name in fits if without_signs(name) != name}
        spoilt = stripped if country == "TH" else {without_signs(name) for name in fits}
        fits = [TOWN_WORDS.sub("", name) for name in fits if name not in spoilt]
    common = {name: -sum(name in other for other in fits) for name in fits}
    return min(common, key=lambda name: (common[name], len(name), name), default=None)


def without_signs(name: str) -> str:
    """The name without vowel signs and tone marks that stand above or below a letter."""
    return "".join(letter for letter in name if unicodedata.category(letter) != "Mn")


def is_han(name: str, codec: str) -> bool:
    """Whether all letters are Chinese and known to the codec; one alone would be a nickname."""
    try:
        name.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(name) > 1 and all("\u4e00" <= letter <= "\u9fff" for letter in name)


def place_rank(row: dict[str, Any], *, suburb: bool) -> int:
    """1 capital or above a million people, 2 from 300,000, 3 from 100,000, 4 from 30,000, else 5.

    A suburb is 5 whatever its size, so that a city's own name is not crowded out. The towns that
    the reports name most stand at 3 at least, so that they show on a wide view.
    """
    people, key = row["population"], row["geonameid"]
    if key in CAPITALS or (people >= 1_000_000 and not suburb):
        return 1
    rank = 2 if people >= 300_000 else 3 if people >= 100_000 else 4 if people >= 30_000 else 5
    return min(rank, 3) if key in KEY_TOWNS else 5 if suburb else rank


def place_feature(row: dict[str, Any], *, suburb: bool) -> Feature:
    """The point feature of one GeoNames row, with its best-known English spelling."""
    others = [] if row["geonameid"] in MISNAMED else row["alternatenames"]
    local = local_name(others, row["countrycode"])
    return feature(
        Point(row["longitude"], row["latitude"]),
        name=SPELLINGS.get(row["geonameid"], row["name"]),
        **({"name_local": local} if local else {}),
        country=row["countrycode"],
        **({"population": row["population"]} if row["population"] else {}),
        rank=place_rank(row, suburb=suburb),
    )


def place_features(rows: Iterable[dict[str, Any]], near: BaseGeometry) -> list[Feature]:
    """Cities in all of NAMES, and every place of 5,000 people or more where the reports are.

    near: the zone along the land borders in which every place is kept, too. A place near a larger
    one of its country is taken for its suburb, and left out unless it is in FOCUS or `near`.
    """
    rows = [corrected(row) for row in rows]
    larger: list[dict[str, Any]] = []
    features = []
    for row in sorted(rows, key=lambda row: (-row["population"], row["geonameid"])):
        at, country = Point(row["longitude"], row["latitude"]), row["countrycode"]
        if country not in NAMES or not REGION.contains(at):
            continue
        every = row["population"] >= FOCUS.get(country, math.inf) or near.contains(at)
        every = every or row["geonameid"] in CAPITALS
        if every or row["population"] >= LEAST_PEOPLE.get(country, 100_000):
            suburb = any(is_suburb(row, other) for other in larger)
            if every or not suburb:
                larger.append(row)
                features.append(place_feature(row, suburb=suburb))
    return features


def corrected(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the faults mended that MISCOUNTED and MOVED list; population 0 is unknown."""
    unknown = {"population": 0} if row["geonameid"] in MISCOUNTED else {}
    return row | unknown | MOVED.get(row["geonameid"], {})


def is_suburb(row: dict[str, Any], larger: dict[str, Any]) -> bool:
    """Whether a place lies within 0.1 degrees of a larger one, or 0.25 of one above a million."""
    reach = 0.25 if larger["population"] >= 1_000_000 else 0.1
    away = math.hypot(row["longitude"] - larger["longitude"], row["latitude"] - larger["latitude"])
    return row["countrycode"] == larger["countrycode"] and away < reach
