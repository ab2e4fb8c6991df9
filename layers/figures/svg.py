"""A page as SVG: text as text, its fonts embedded, groups with ids and titles."""

from __future__ import annotations

from base64 import b64encode
from xml.sax.saxutils import escape, quoteattr

from layers.figures import fonts
from layers.figures.canvas import Circle, Group, Ink, Mark, Page, Path, Pen, Points, Text, walk
from layers.figures.pdf import HALO, About


def write_svg(page: Page, about: About) -> bytes:
    """The file. Nothing in it reaches out: no script, no style sheet, no font from elsewhere."""
    writer = _Writer()
    body = writer.group(page.root)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page.width:g}mm" '
        f'height="{page.height:g}mm" viewBox="0 0 {page.width:g} {page.height:g}" '
        f'lang={quoteattr(about.language)} role="img" aria-labelledby="title desc">\n'
        f'<title id="title">{escape(about.title)}</title>\n'
        f'<desc id="desc">{escape(about.description)}</desc>\n'
        f"<metadata>{escape(about.keywords)}</metadata>\n"
        f"<style>{_faces(page)}</style>\n{body}</svg>\n"
    ).encode()


def _faces(page: Page) -> str:
    """The fonts of the page, each with the letters that it draws there."""
    used: dict[fonts.Face, set[str]] = {}
    for mark in walk(page.root):
        if isinstance(mark, Text):
            for run in fonts.runs(mark.text, mark.bold):
                used.setdefault(run.face, set()).update(run.text)
    rules = ["text{white-space:pre;font-kerning:none}"]
    for face in fonts.FACES:
        if face in used:
            data = b64encode(fonts.embedded(face, "".join(sorted(used[face])))).decode()
            rules.append(
                f"@font-face{{font-family:atlas-{face.id};"
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
            weight = ";font-weight:600" if face is fonts.BOLD else ""
            rules.append(
                f".{face.id}{{font-family:atlas-{face.id},'{face.family}',sans-serif{weight}}}"
            )
    return "\n".join(rules)


class _Writer:
    def __init__(self) -> None:
        self._clips = 0

    def group(self, group: Group) -> str:
        inner = "".join(self._mark(mark) for mark in group.marks)
        if group.title:
            inner = f"<title>{escape(group.title)}</title>{inner}"
        given = f" id={quoteattr(group.id)}" if group.id else ""
        if group.clip:
            self._clips += 1
            x, y, width, height = group.clip
            name = f"clip-{self._clips}"
            inner = (
                f'<clipPath id="{name}"><rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" '
                f'height="{height:.2f}"/></clipPath>{inner}'
            )
            given += f' clip-path="url(#{name})"'
        return f"<g{given}>{inner}</g>\n"

    def _mark(self, mark: Mark) -> str:
        if isinstance(mark, Group):
            return self.group(mark)
        if isinstance(mark, Text):
            return _text(mark)
        how = f"{_fill(mark.fill)}{_pen(mark.pen)}"
        if isinstance(mark, Circle):
            return f'<circle cx="{mark.x:.2f}" cy="{mark.y:.2f}" r="{mark.radius:.2f}"{how}/>\n'
        return _path(mark, how)


def _path(path: Path, how: str) -> str:
    drawn = "".join(_piece(points, path.closed) for points in path.pieces)
    rule = ' fill-rule="evenodd"' if path.fill and len(path.pieces) > 1 else ""
    return f'<path d="{drawn}"{rule}{how}/>\n'


def _piece(points: Points, closed: bool) -> str:
    numbers = " ".join(f"{x:.2f} {y:.2f}" for x, y in points.tolist())
    return f"M{numbers}{'Z' if closed else ''}"


def _fill(ink: Ink | None) -> str:
    if ink is None:
        return ' fill="none"'
    opacity = f' fill-opacity="{ink.alpha:g}"' if ink.alpha < 1 else ""
    return f' fill="{ink.colour}"{opacity}'


def _pen(pen: Pen | None) -> str:
    if pen is None:
        return ""
    parts = [f' stroke="{pen.colour}" stroke-width="{pen.width:.3f}" stroke-linejoin="round"']
    if pen.cap != "butt":
        parts.append(f' stroke-linecap="{pen.cap}"')
    if pen.dash:
        parts.append(f' stroke-dasharray="{" ".join(f"{length:.2f}" for length in pen.dash)}"')
    if pen.alpha < 1:
        parts.append(f' stroke-opacity="{pen.alpha:g}"')
    return "".join(parts)


def _text(mark: Text) -> str:
    halo = (
        f' stroke="{mark.halo}" stroke-width="{HALO * mark.size:.3f}" stroke-linejoin="round" '
        'paint-order="stroke"'
        if mark.halo
        else ""
    )
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    spacing = f' letter-spacing="{mark.spacing:.2f}"' if mark.spacing else ""
    runs = fonts.runs(mark.text, mark.bold)
    if len(runs) == 1:
        name, inner = f' class="{runs[0].face.id}"', escape(mark.text)
    else:
        name = ""
        inner = "".join(f'<tspan class="{run.face.id}">{escape(run.text)}</tspan>' for run in runs)
    drawn = (
        f'<text x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{mark.size:.2f}" '
        f'fill="{mark.colour}"{name}{anchor}{spacing}{halo}>{inner}</text>'
    )
    if mark.link:
        drawn = f"<a href={quoteattr(mark.link)}>{drawn}</a>"
    return f"{drawn}\n"
