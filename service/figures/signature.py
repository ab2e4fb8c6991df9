"""Which program draws: another one may draw other bytes of the same data."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from service.settings import PROJECT
from service.version import VERSION

LIBRARIES = (
    "fonttools", "justmytype-intl-cjk", "justmytype-intl-sea", "pillow", "pypdfium2", "pyproj",
    "shapely", "uharfbuzz",
)  # fmt: skip
_CODE = ("figures", "pack", "bibliography")


@cache
def drawing_signature() -> str:
    """A checksum of the code that draws, of its libraries' versions and of the base map."""
    summed = hashlib.sha256(str(versions()).encode())
    package = PROJECT / "layers"
    code = [path for name in _CODE for path in sorted((package / name).rglob("*.py"))]
    base_map = sorted((PROJECT / "data" / "basemap").glob("*.geojson"))
    for path in (*code, package / "symbology.py", *base_map):
        summed.update(path.read_bytes())
    return summed.hexdigest()


def versions() -> dict[str, str]:
    """The versions of the program, and of the libraries on which the bytes of a figure depend."""
    found = {"scam-atlas": VERSION}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a figure will say so
            found[name] = "not installed"
    return found
