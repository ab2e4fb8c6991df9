"""Pages of text: a Markdown document, and the description of the API from the catalogue."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup

from layers.catalog import LAYERS, Layer
from layers.columns import Column
from layers.formats import FORMATS

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
# Raw HTML in a document is shown as text; tables are the only extension in use.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown_page(title: str, text: str) -> str:
    """A Markdown text as a page of its own."""
    # markdown-it escapes all text by itself, and raw HTML is switched off above.
    body = Markup(_MARKDOWN.render(text))  # noqa: S704
    return _TEMPLATES.get_template("document.html").render(title=title, body=body)


def api_page(base_url: str) -> str:
    """How to use the API: every layer with its columns, and requests to copy."""
    return markdown_page("API", "\n".join(_api_lines(base_url)))


def _api_lines(base: str) -> list[str]:
    lines = [
        "# The Scam Atlas API",
        "",
        "GeoJSON over HTTP after OGC API - Features. Every feature carries the source it rests on, "
        "where in it the claim stands, and how reliable and credible it is graded. A claim is "
        "never a finding: quote it with its source.",
        "",
        f"- Root of the OGC API: [{base}/ogc]({base}/ogc)",
        f"- Machine-readable description: [{base}/openapi.json]({base}/openapi.json)",
        f"- How claims, grades and dates are meant: [{base}/method]({base}/method)",
        "",
        "## Requests to copy",
        "",
        "```",
        f"curl '{base}/ogc/collections/reports/items?bbox=98,16,99,17&datetime=2025-01-01/..'",
        f"curl '{base}/layers/hotspots.geojson?datetime=2025-03-10'",
        f"geopandas.read_file('{base}/layers/reports.geojson')  # Python",
        f"ogrinfo -al -so 'OAPIF:{base}/ogc' reports",
        "```",
        "",
        "Whole layers, or what of them matches, as files: `/layers/{layer}.{ending}` with "
        f"{', '.join(fmt.extension for fmt in FORMATS)}.",
        "",
        "`filter` is a CQL2 text such as `event_kind = 'raid' AND credibility <= 2`; each property "
        "below that is no list of objects may be asked, `geometry` too, and the date column of a "
        "layer stands for its possible days: "
        "`T_INTERSECTS(occurred, INTERVAL('2025-01-01', '..'))`.",
        "",
        "`bbox` is west,south,east,north in degrees. `datetime` is a day or an interval `A/B`, "
        "with `..` for an open end; features that possibly hold within it match. `limit` is the "
        "size of a page; follow the `next` links. An unknown or unreadable parameter is answered "
        "with 400 and a problem document that names it.",
    ]
    for layer in LAYERS:
        lines += _layer_lines(layer, base)
    return lines


def _layer_lines(layer: Layer, base: str) -> list[str]:
    items = f"{base}/ogc/collections/{layer.id}/items"
    lines = [
        "",
        f"## {layer.title} (`{layer.id}`)",
        "",
        layer.description,
        "",
        f"[{items}]({items}) · geometry: {layer.geometry or 'none'} · `datetime`: {layer.time}",
        "",
        "| property | type | meaning |",
        "| --- | --- | --- |",
    ]
    return lines + [_column_line(column) for column in layer.columns]


def _column_line(column: Column) -> str:
    unit = f" ({column.unit})" if column.unit else ""
    codes = f": {', '.join(column.codes)}" if column.codes else ""
    return f"| `{column.name}` | {column.kind}{unit} | {column.description}{codes} |"
