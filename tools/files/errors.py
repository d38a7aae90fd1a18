"""Knows the error of a file that is not what its first bytes announce."""

from __future__ import annotations


class DamagedError(Exception):
    """A file is not what its first bytes announce."""
