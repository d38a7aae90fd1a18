"""Segments over time: another file, another period."""
