"""Knows what comes again in a stored table: values, pairs, contradictions, and the same rows elsewhere."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.engine.tables import Tables
from tools.files.conversions import quoted
from tools.understanding.repetition import Hashes, count_conflicts, find_repetition

SORTED_ROWS = 4_000_000  # rows up to which repeated keys are found by sorting hashes in memory


class Repeats(Tables):
    """What is the same in several rows, compared by hashes."""

    def repeats(self, table: str, column: str) -> tuple[int, int, int]:
        """Count the values that come more than once, their rows, and the rows of the most frequent.

        Values are compared by a 64-bit hash: among a million different ones the chance that any two meet
        is one in thirty million.
        """
        if self.rows(table) <= SORTED_ROWS:
            found = find_repetition(self._hashes(table, [column])[column])
            self._repetition = {(table, column): found}
            return found.n_values, found.n_rows, found.most
        name = quoted(column)
        rows = f"{quoted(self._at(table))} WHERE {name} IS NOT NULL"
        groups = f"SELECT count(*) AS n FROM {rows} GROUP BY hash({name})"
        with self._turn():
            query = f"SELECT count(*), sum(n), max(n) FROM ({groups}) WHERE n > 1"
            n_values, n_rows, most = self._connection.execute(query).fetchone() or (0, 0, 0)
        return int(n_values), int(n_rows or 0), int(most or 0)

    def conflicts(self, table: str, key: str, columns: Sequence[str]) -> dict[str, int]:
        """Count the repeated values of a key that have several known values of a column."""
        if self.rows(table) <= SORTED_ROWS:
            if (table, key) not in self._repetition:
                self.repeats(table, key)
            found = self._repetition.pop((table, key))
            return count_conflicts(found, self._hashes(table, columns))
        spread, several = [], []
        for i, column in enumerate(map(quoted, columns)):
            known = f"CASE WHEN {column} IS NOT NULL THEN hash({column}) END"
            spread.append(f"min({known}) AS low{i}, max({known}) AS high{i}")
            several.append(f"count_if(low{i} <> high{i})")
        people = f"SELECT {', '.join(spread)} FROM {quoted(self._at(table))} WHERE {quoted(key)} IS NOT NULL"
        with self._turn():
            query = f"SELECT {', '.join(several)} FROM ({people} GROUP BY hash({quoted(key)}))"
            row = self._connection.execute(query).fetchone() or ()
        return dict(zip(columns, map(int, row), strict=True))

    def _hashes(self, table: str, columns: Sequence[str]) -> dict[str, Hashes]:
        """Return the hash of each cell; 0 for missing ones."""
        chosen = ", ".join(
            f"CASE WHEN {quoted(c)} IS NULL THEN 0::UBIGINT ELSE hash({quoted(c)}) | 1::UBIGINT END AS h{i}"
            for i, c in enumerate(columns)
        )
        with self._turn():
            arrays = self._connection.execute(f"SELECT {chosen} FROM {quoted(self._at(table))}").fetchnumpy()
        return {column: np.asarray(arrays[f"h{i}"]) for i, column in enumerate(columns)}

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
