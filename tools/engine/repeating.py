"""Knows what comes again in a stored table: values, pairs, contradictions, and the same rows elsewhere."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tools.engine.tables import Tables
from tools.files.conversions import quoted
from tools.understanding.repetition import Hashes, count_conflicts, find_repetition

BATCH_ROWS = 1_000_000  # rows whose hashes are brought here at once
NOTED_BYTES = 300_000_000  # memory for what is noted of repeated keys; more attributes take several rounds


class Repeats(Tables):
    """What is the same in several rows, compared by hashes."""

    def repeats(self, table: str, column: str) -> tuple[int, int, int]:
        """Count the values that come more than once, their rows, and the rows of the most frequent.

        Values are compared by a 64-bit hash: among a million different ones the chance that any two meet
        is one in thirty million.
        """
        keys, place = np.empty(self.rows(table), dtype=np.uint64), 0
        for (part,) in self._hashes(table, [column]):
            keys[place : place + len(part)] = part
            place += len(part)
        found = find_repetition(keys)
        self._repetition = {(table, column): found}
        return found.n_values, found.n_rows, found.most

    def conflicts(self, table: str, key: str, columns: Sequence[str]) -> dict[str, int]:
        """Count the repeated values of a key that have several known values of a column."""
        if (table, key) not in self._repetition:
            self.repeats(table, key)
        found = self._repetition.pop((table, key))
        at_once = max(1, NOTED_BYTES // (9 * max(1, found.n_values)))
        counts: dict[str, int] = {}
        for first in range(0, len(columns), at_once):
            some = columns[first : first + at_once]
            rows = self._hashes(table, [key, *some])
            counts |= zip(some, count_conflicts(found, rows, len(some)), strict=True)
        return counts

    def _hashes(self, table: str, columns: Sequence[str]) -> Iterator[list[Hashes]]:
        """Yield the hash of each cell, 0 for missing ones, some rows at a time.

        That a missing cell of any type hashes alike is known here: asked cell by cell it takes as long again.
        """
        chosen = ", ".join(f"hash({quoted(column)}) | 1::UBIGINT" for column in columns)
        with self._turn():
            (missing,) = self._connection.execute("SELECT hash(NULL) | 1::UBIGINT").fetchone() or (0,)
            query = f"SELECT {chosen} FROM {quoted(self._at(table))}"
            for batch in self._connection.sql(query).to_arrow_reader(BATCH_ROWS):
                self.check()
                parts = (np.asarray(part) for part in batch.columns)
                yield [np.where(part == np.uint64(missing), np.uint64(0), part) for part in parts]

    def pairs(self, table: str, key: str, column: str) -> int:
        """Count the different pairs of two columns where the key is known; "missing" counts as a value."""
        both = f"SELECT DISTINCT hash({quoted(key)}), {quoted(column)} FROM {quoted(self._at(table))}"
        with self._turn():
            found = self._connection.execute(
                f"SELECT count(*) FROM ({both} WHERE {quoted(key)} IS NOT NULL)"
            ).fetchone()
        return int(found[0]) if found else 0

    def digest(self, table: str) -> str:
        """Return a fingerprint of a stored table's rows, the same in any order of the rows."""
        text = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), chr(0))" for name in self.columns(table))
        row = f"md5_number_lower(concat_ws(chr(1), {text}))"
        with self._turn():
            found = self._connection.execute(
                f"SELECT count(*), coalesce(sum(CAST({row} AS HUGEINT)), 0) FROM {quoted(self._at(table))}"
            ).fetchone()
        rows, total = found or (0, 0)
        return f"{rows}-{int(total):x}"
