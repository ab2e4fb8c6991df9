"""BibTeX that biblatex, classic styles and reference managers read; UTF-8.

`date` is EDTF, which biblatex understands; `year` and `month` are for classic styles. Titles and
institutions stand in double braces: no style lower-cases a name, none takes an institution apart.
"""

from __future__ import annotations

from layers.bibliography.reference import Reference

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace with a backslash still counts as a brace for BibTeX, so it is named.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "$%#&_"},
}
_ESCAPED = str.maketrans(_ESCAPES)
# In an address, where TeX takes every other sign as it is.
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def bibtex(references: list[Reference]) -> str:
    """One entry a source, in the order given."""
    return "\n".join(_entry(reference) for reference in references)


def _entry(reference: Reference) -> str:
    fields = [f"  {name} = {value}" for name, value in _fields(reference)]
    return f"@{reference.type.bibtex}{{{reference.id},\n" + ",\n".join(fields) + "\n}\n"


def _fields(reference: Reference) -> list[tuple[str, str]]:
    kind, publisher = reference.type, f"{{{{{_tex(reference.publisher)}}}}}"
    fields = [("title", f"{{{{{_tex(reference.title)}}}}}")]
    if not kind.in_publication:
        fields.insert(0, ("author", publisher))
    if kind.bibtex == "article":
        fields += [("journal", publisher), ("entrysubtype", "{newspaper}")]
    elif kind.bibtex == "incollection":
        fields += [("booktitle", publisher)]
    elif kind.bibtex == "techreport":
        fields += [("institution", publisher), ("type", f"{{{_tex(reference.kind.meaning)}}}")]
    elif kind.bibtex == "online":
        fields.append(("organization", publisher))
    else:
        fields.append(("howpublished", f"{{{_tex(reference.kind.meaning)}}}"))
    if reference.number:
        fields.append(("number", f"{{{_tex(reference.number)}}}"))
    fields += _when(reference)
    if reference.url:
        fields.append(("url", f"{{{reference.url.translate(_IN_ADDRESS)}}}"))
    if reference.language:
        fields.append(("language", f"{{{reference.language}}}"))
    fields.append(("annotation", f"{{{_tex(reference.annotation)}}}"))
    return fields


def _when(reference: Reference) -> list[tuple[str, str]]:
    """Nothing where no date is known; the year alone where no more is known of it."""
    if not reference.published:
        return []
    fields = [("date", f"{{{reference.published}}}")]
    first = next((known for known in reference.dates if known), None)
    if first:
        fields.append(("year", f"{{{first.year}}}"))
        if first.month:
            fields.append(("month", _MONTHS[first.month - 1]))
    return fields


def _tex(text: str) -> str:
    return text.translate(_ESCAPED)
