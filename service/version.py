"""The version of this program, as its package says it."""

from importlib.metadata import version

VERSION = version("scam-atlas")
