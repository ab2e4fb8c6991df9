"""What can go wrong with a figure that was asked for in order.

ScamAtlasError
├── FigureTooSlow    it was stopped at its time limit
└── FigureNotDrawn   the process that draws failed: a fault of ours, which was logged
"""

from __future__ import annotations

from geo.errors import ScamAtlasError


class FigureTooSlow(ScamAtlasError):
    """The figure was not ready at its time limit, and its process was stopped."""


class FigureNotDrawn(ScamAtlasError):
    """The process that draws could not make the figure."""
