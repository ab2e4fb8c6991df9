"""Static figures: sheets that a report can print and a lawyer can check.

`request` says what is asked for, `content.gather` reads the claims that answer it, and
`drawing.draw` makes the file of them, without a database and the same bytes each time.
"""
