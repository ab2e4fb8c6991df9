"""Country polygons, border lines and first-level regions of the base map, made from raw polygons.

Coordinates are CRS84, longitude and latitude in degrees. Lengths named *_deg are degrees, so a
tolerance of 0.001 is about 111 m north to south and 95-111 m east to west. See build.py.
"""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import Point, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

REGION = box(88, -6, 128, 31)
# Only land is drawn here, coarsely, so that a wide screen shows no edge of the world.
SURROUNDINGS = box(40, -35, 170, 60)

NAMES = {
    "BD": "Bangladesh", "BN": "Brunei", "BT": "Bhutan", "CN": "China", "ID": "Indonesia",
    "IN": "India", "KH": "Cambodia", "LA": "Laos", "MM": "Myanmar", "MY": "Malaysia",
    "NP": "Nepal", "PH": "Philippines", "SG": "Singapore", "TH": "Thailand", "TW": "Taiwan",
    "VN": "Vietnam",
}  # fmt: skip
# The borders that the reported sites lie along.
DETAIL = [("CN", "MM"), ("KH", "TH"), ("KH", "VN"), ("LA", "MM"), ("LA", "TH"), ("MM", "TH")]
# Neighbours by sea only, whose line would show between islands that lie close to the coast.
AT_SEA = [("CN", "TW"), ("ID", "SG"), ("MY", "PH")]
# From the loop below which the stream is called Moei (Wa Le above it) to its mouth in the Salween.
# Places: German Wikipedia, "Moei" (mouth 17 deg 49' 54" N, 97 deg 41' 30" E), and the line's shape.
MOEI_FROM, MOEI_TO = Point(98.694, 16.271), Point(97.6917, 17.8317)
MOEI_NOTE = (
    "The Myanmar-Thailand border line of OpenStreetMap, which follows the river here; "
    "no river survey, and no banks."
)
# A face smaller than this (about 1.2 km2) is a misfit of two border lines, not a disputed area.
SLIVER_DEG2 = 1e-4

Feature = dict[str, Any]


def feature(geometry: BaseGeometry, **properties: object) -> Feature:
    """A GeoJSON feature; the geometry stays a shapely object until it is written."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def owners(face: BaseGeometry, countries: dict[str, BaseGeometry]) -> list[str]:
    """Countries that a face belongs to: one, none (high sea), or two where both claim it."""
    point = face.representative_point()
    found = [code for code, country in countries.items() if country.contains(point)]
    if face.area >= SLIVER_DEG2 or len(found) == 1:
        return found
    return found[:1] or [min(countries, key=lambda code: countries[code].distance(point))]


def simplify_coverage(
    countries: dict[str, BaseGeometry], tolerance_deg: float, decimals: int
) -> dict[str, BaseGeometry]:
    """The same countries with fewer points; neighbours still share every point of their border.

    The borders are cut into arcs, all arcs are simplified together, so that none crosses another,
    and the faces between them are dealt out again. No point of a border moves further than the
    tolerance plus half a step of the last decimal.
    """
    lines = shapely.union_all([country.boundary for country in countries.values()])
    arcs = shapely.line_merge(lines).simplify(tolerance_deg, preserve_topology=True)
    noded = shapely.union_all([arcs], grid_size=10**-decimals)
    for country in countries.values():
        shapely.prepare(country)
    parts: dict[str, list[BaseGeometry]] = {code: [] for code in countries}
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))):
        for code in owners(face, countries):
            parts[code].append(face)
    return {code: shapely.union_all(faces) for code, faces in parts.items()}


def border_line(first: BaseGeometry, second: BaseGeometry, land: BaseGeometry) -> BaseGeometry:
    """The part of two countries' shared border that runs on land or near the shore.

    Pieces under 0.05 degrees are left out: sea borders that graze the waters near an islet.
    """
    shared = shapely.intersection(first.boundary, second.boundary)
    lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
    near_land = shapely.line_merge(shapely.union_all(lines).intersection(land))
    return shapely.union_all([part for part in shapely.get_parts(near_land) if part.length > 0.05])


def border_features(
    countries: dict[str, BaseGeometry], pairs: Iterable[tuple[str, str]], land: BaseGeometry
) -> list[Feature]:
    """One line feature for each pair of countries that meet on land."""
    features = []
    for a, b in sorted(pairs):
        line = border_line(countries[a], countries[b], land)
        if not line.is_empty:
            features.append(feature(line, a=a, b=b, name=f"{NAMES[a]} – {NAMES[b]}"))
    return features


def moei_feature(borders: list[Feature]) -> Feature:
    """The Myanmar-Thailand border from MOEI_FROM downstream to MOEI_TO, as the river."""
    border = next(f["geometry"] for f in borders if f["properties"]["name"] == "Myanmar – Thailand")
    mainland = max(shapely.get_parts(border), key=lambda part: part.length)
    ends = [mainland.project(point) for point in (MOEI_FROM, MOEI_TO)]
    return feature(substring(mainland, *ends), name="Moei (Thaungyin)", note=MOEI_NOTE)


def land_features(land: BaseGeometry, all_land: BaseGeometry) -> list[Feature]:
    """Land polygons, simplified to 0.005 degrees; islands under about 1 km2 are left out.

    Around REGION up to SURROUNDINGS the land is only simplified to 0.05 degrees, and grown by as
    much as that may have cut off where the two meet.
    """
    around = all_land.intersection(SURROUNDINGS).difference(REGION).simplify(0.05)
    whole = shapely.union_all([land.simplify(0.005), around.buffer(0.02, quad_segs=1)])
    parts = shapely.get_parts(whole.intersection(SURROUNDINGS))
    return [feature(p) for p in sorted(parts, key=lambda p: p.bounds) if p.area >= SLIVER_DEG2]


def river_features(rivers: gpd.GeoDataFrame) -> list[Feature]:
    """Rivers and lake centrelines as one feature for each name and rank (1 is the greatest)."""
    merged = rivers.assign(name=rivers["name"].fillna("")).dissolve(["name", "scalerank"])
    features = []
    for (name, rank), line in merged.geometry.items():
        short = shapely.line_merge(line.intersection(REGION)).simplify(0.005)
        if not short.is_empty:
            features.append(feature(short, **({"name": name} if name else {}), scalerank=int(rank)))
    return features


def region_name(row: dict[str, Any]) -> str:
    """English name without the kind of region: "Shan", not "Shan State"."""
    if row["iso_3166_2"] == "KH-5":
        return "Kampong Speu"  # the source has it cut off: "Kam"
    return str(row["name_en"] or row["name"]).removesuffix(" State").removesuffix(" Province")


def admin1_features(
    states: dict[str, Any], countries: dict[str, BaseGeometry]
) -> tuple[list[Feature], list[Feature]]:
    """Lines between the first-level regions of each country, and a label point in each region.

    Lines end about 300 m before the country border: Natural Earth's own border is up to 3 km off,
    so a line drawn to its end would stick out into the neighbour or run beside the true border.
    """
    lines, labels = [], []
    for code, country in countries.items():
        if code == "SG":
            continue  # its five councils are no places that a reader would look for
        regions = [
            (region_name(row["properties"]), shape(row["geometry"]))
            for row in states["features"]
            if row["properties"]["iso_a2"] == code and shape(row["geometry"]).intersects(REGION)
        ]
        edges = shapely.union_all([region.boundary for _, region in regions])
        outline = shapely.union_all([region for _, region in regions]).boundary
        inner = edges.difference(outline.buffer(1e-6))
        inner = shapely.line_merge(inner.intersection(country.buffer(-0.003))).simplify(0.01)
        if not inner.is_empty:
            lines.append(feature(inner, country=code))
        for name, region in sorted(regions, key=lambda item: (item[0], item[1].bounds)):
            parts = shapely.get_parts(region.intersection(country))
            largest = max(parts, key=lambda part: part.area, default=None)
            if largest is not None and largest.geom_type == "Polygon":
                circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
                labels.append(feature(Point(circle.coords[0]), name=name, country=code))
    return lines, labels
