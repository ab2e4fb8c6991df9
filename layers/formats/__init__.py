"""Layers and selections of them as files, in the formats that people's programs open.

Text goes out as the rows come (`stream_text`); the others are made as temporary files, here
(`layers.formats.files.write_file`) or in a process of their own (`make_file`). Importing this
package loads none of the libraries that only files need.
"""

from layers.formats.apart import make_file
from layers.formats.model import FORMATS, FileNotMade, Format, FormatLimit, format_named
from layers.formats.text import stream_text

__all__ = [
    "FORMATS",
    "FileNotMade",
    "Format",
    "FormatLimit",
    "format_named",
    "make_file",
    "stream_text",
]
