"""What the processes that draw are given to do. Only they load the libraries for it."""

from __future__ import annotations

from dataclasses import dataclass

from layers.figures.request import FigureRequest


@dataclass(frozen=True, slots=True)
class FigureJob:
    """One figure, or its pack, from the data in a database. url: of the database, to be read."""

    url: str
    request: FigureRequest
    pack: bool
    statement_timeout_s: float

    def run(self) -> bytes:
        """Read the claims and draw them."""
        from service.figures.local import figure_file, pack_file

        make = pack_file if self.pack else figure_file
        return make(self.url, self.request, self.statement_timeout_s)
