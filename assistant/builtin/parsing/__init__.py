"""Reads sentences: one file a kind of request.

`reading` says in which order the kinds are tried, `checking` when a reading may be given, `asking_back` what
is said where none may.
"""
