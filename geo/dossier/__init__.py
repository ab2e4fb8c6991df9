"""A dossier on disk: read, checked whole, and given on as entities."""

from geo.dossier.dossier import Dossier, read_dossier
from geo.dossier.problems import DossierError, Problem

__all__ = ["Dossier", "DossierError", "Problem", "read_dossier"]
