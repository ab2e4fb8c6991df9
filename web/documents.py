"""Pages of text: a Markdown document, and the guide to the API."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

from layers.bibliography import BIBLIOGRAPHIES
from layers.catalog import LAYERS, Layer
from layers.cql2 import Kind
from layers.cql2.limits import MAX_CHARACTERS, MAX_DEPTH
from layers.figures.frames import FRAMES
from layers.figures.request import PARAMETERS as FIGURE_PARAMETERS
from layers.formats import FORMATS
from layers.pages import COUNT_LIMIT
from layers.queryables import queryable_kinds
from web.parameters import PARAMETERS, parameter_named
from web.rendering import TEMPLATES

# Raw HTML in a document is shown as text; tables are the only extension in use.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown_page(title: str, text: str) -> str:
    """A Markdown text as a page of its own."""
    # markdown-it escapes all text by itself, and raw HTML is switched off above.
    body = Markup(_MARKDOWN.render(text))  # noqa: S704
    return TEMPLATES.get_template("document.html").render(title=title, body=body)


def api_page(base_url: str) -> str:
    """The guide to the API: what can be asked, what comes back, and requests to copy."""
    parts = (_START, _PARAMETERS, _FILTERS, _FORMS, _FIGURES, _TILES, _ANSWERS)
    text = "\n".join(part.replace("{base}", base_url) for part in parts)
    return markdown_page("API", "\n".join([text, *_layer_lines(base_url)]))


_START = """\
# The Scam Atlas API

Features over HTTP after OGC API - Features, and vector tiles after OGC API - Tiles. Every feature
carries the source it rests on, where in it the claim stands, and how reliable and credible it is
graded. A claim is never a finding: quote it with its source.

- [The start: {base}/ogc]({base}/ogc). Every address is a page in a browser and JSON for a program.
- [The layers]({base}/ogc/collections): the meaning of each field, and requests to copy for curl,
  Python, QGIS, R and GDAL.
- [OpenAPI 3.0]({base}/ogc/api): the whole API for programs.
- [Standards that are met]({base}/ogc/conformance)
- [The method]({base}/method): how claims, grades and dates are meant.

```
curl '{base}/ogc/collections/reports/items?bbox=98,16,99,17&datetime=2025-01-01/..'
curl '{base}/ogc/collections/hotspots/items?datetime=2025-03-10&activity=active'
curl --get '{base}/layers/reports.csv' --data-urlencode "filter=event_kind = 'raid'"
ogrinfo -al -so 'OAPIF:{base}/ogc' reports
```
"""

_PARAMETERS = "\n".join(
    (
        "## Parameters",
        "",
        "Of `/ogc/collections/{layer}/items`. All of them narrow: a feature must match each.",
        "",
        "| parameter | asks for | for example |",
        "| --- | --- | --- |",
        *(
            f"| `{one.name}` | {one.meaning} | {f'`{one.example}`' if one.example else ''} |"
            for one in PARAMETERS
        ),
        "| a queryable by its name | features whose property has that value | `country=MM` |",
        "",
        "One feature (`…/items/{id}`) takes `crs`, `datetime`, `properties` and `f`. Whole files "
        "(`/layers/{layer}.{ending}`) take all but `limit`, `token` and `f`. Tiles take "
        "`datetime`, `certainty`, `filter`, `properties` and queryables. A parameter that is not "
        "known, or stands twice, is an error: a misspelt filter never answers with everything.",
        "",
    )
)

_FILTERS = f"""\
## Filters

`filter` is CQL2, as text or JSON: comparisons, `AND` `OR` `NOT`, `LIKE`, `IN`, `BETWEEN`,
`IS NULL`, `CASEI` and `ACCENTI`, arithmetic, spatial functions such as `S_INTERSECTS`, and
temporal ones such as `T_INTERSECTS`. What may be asked of a layer stands at its `/queryables`.
The date column of a layer (`occurred`, `valid`, `moved`, `published`) stands for its possible
days, `certain` for those on which the claim holds whatever the truth of vague dates.

```
event_kind = 'raid' AND credibility <= 2
T_INTERSECTS(occurred, INTERVAL('2025-01-01', '..')) AND country IN ('MM', 'KH')
S_INTERSECTS(geometry, BBOX(98, 16, 99, 17)) AND NOT activity_after = 'closed'
```

A filter has at most {MAX_CHARACTERS:,} characters and is nested at most {MAX_DEPTH} deep. Lists of
objects (`evidence` and `control` of `hotspots`) cannot be asked.
"""

_FORMS = """\
## Forms

By the `Accept` header, or by `f`: `json` and `html` everywhere; features also as `geojsonseq`
(`application/geo+json-seq`) and `csv`. A form that is not there is 400 for `f`, 406 for `Accept`.
Whole layers, and what of them matches, are files at `/layers/{layer}.{ending}`:

| file | ending | media type |
| --- | --- | --- |
""" + "".join(f"| {fmt.title} | `{fmt.extension}` | `{fmt.media_type}` |\n" for fmt in FORMATS)

_FIGURES = "\n".join(
    (
        "",
        "The sources also come for reference managers: "
        + ", ".join(f"`/layers/sources.{fmt.extension}` ({fmt.title})" for fmt in BIBLIOGRAPHIES)
        + ".",
        "",
        "## Static maps",
        "",
        "`/figures/{frame}.{png|svg|pdf}` is a sheet to print, its notes and sources with it; "
        "`.zip` is the sheet with all that it rests on. Frames: "
        + ", ".join(f"`{frame.id}`" for frame in FRAMES)
        + "; `figure` for any `bbox`, `site` or `actor`. Queryables of `hotspots` narrow it by "
        "name.",
        "",
        "| parameter | asks for |",
        "| --- | --- |",
        *(
            f"| `{name}` | {meaning} |"
            for name, meaning in FIGURE_PARAMETERS.items()
            if name not in ("frame", "format")
        ),
        "",
        "```",
        "curl -OJ '{base}/figures/thai-border.pdf?datetime=2025-03-10'",
        "curl -OJ '{base}/figures/figure.png?site=kk-park&radius=10&dpi=300'",
        "```",
        "",
    )
)

_TILES = """\

## Tiles

Mapbox vector tiles (`application/vnd.mapbox-vector-tile`) of each layer that has places, and of
all of them together, on the grids `WebMercatorQuad` and `WorldCRS84Quad`:

```
{base}/ogc/collections/{layer}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}
{base}/ogc/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}
```

Rows count from the top. A tile without features is 200 and empty; one outside the grid is 404.
"""

_ANSWERS = f"""\
## Answers

- **Pages.** Follow the links `next` and `prev`; they hold their place while data are added.
  `numberMatched` is exact up to {COUNT_LIMIT:,} and left out above.
- **Coordinates** are longitude, latitude (CRS84) unless `crs` asks for another system; the header
  `Content-Crs` names the one in use.
- **Caching.** Every answer of data has an `ETag`; send it back as `If-None-Match`, and 304 says
  that nothing has changed.
- **Errors** are problem documents (RFC 9457) with `title`, `status`, `detail`, and `parameter`
  where one is at fault: 400 for what cannot be answered, 404 for what is not there, 406 for a
  form that is not served, 429 and 503 for too much at once, with `Retry-After`.
- **Reading from other pages** is allowed (CORS). `GET`, `HEAD` and `OPTIONS` only.

## Layers
"""


def _layer_lines(base: str) -> list[str]:
    lines = ["| layer | holds | asked by name |", "| --- | --- | --- |"]
    for layer in LAYERS:
        address = f"{base}/ogc/collections/{layer.id}"
        lines.append(f"| [{layer.title}]({address}) | {layer.description} | {_names(layer)} |")
    return lines


def _names(layer: Layer) -> str:
    """The queryables that are parameters too: one value each, and no name that means another."""
    asked = (
        name
        for name, kind in queryable_kinds(layer).items()
        if kind not in (Kind.GEOMETRY, Kind.INTERVAL) and parameter_named(name) is None
    )
    return ", ".join(f"`{name}`" for name in asked)
