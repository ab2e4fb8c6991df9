"""Report packs: a figure with all that it rests on, in one zip that can be checked years later.

A pack holds the sheet as PNG, SVG and PDF, the rows behind it as CSV and GeoJSON with their
sources, the sources as a bibliography, caption and alternative text, a README, and a manifest with
the query and the SHA-256 of every file. The same query on the same data makes the same bytes.
"""
