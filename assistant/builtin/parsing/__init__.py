"""Reads sentences: one file a kind of request; `reading.py` says in which order they are tried."""
