"""Knows what merges and what splits when the customers are put into another number of segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.core import ResultTable
from tools.finding.evidence import Floats, Ints
from tools.quoting import Quotes
from tools.wording import listing

MOST_OF = 0.6  # part of a segment's customers that must go one way to say that it goes there
A_PART = 0.25  # part that is worth telling
MOST_TOLD = 2  # merges or splits told; the table has the rest


@dataclass(frozen=True)
class Regrouping:
    """Today's segments (rows) against those of another number (columns), in customers."""

    today: tuple[str, ...]
    then: tuple[str, ...]
    counts: Ints

    @property
    def _shares(self) -> Floats:
        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1))

    def words(self, quotes: Quotes) -> str:
        """Say what merges with fewer segments, what splits with more; only the changes that move most."""
        fewer = len(self.then) < len(self.today)
        found = self._merges() if fewer else self._splits(quotes)
        if not found:
            return "borders would run elsewhere, nothing simply merges or splits"
        found.sort(key=lambda change: (-change[0], change[1]))
        told = [words for _, words in found[:MOST_TOLD]]
        more = len(found) - len(told)
        if more:
            quotes.note("n_further_changes", more, None, f"{len(self.then)} segments")
            told.append(f"{more} more would change likewise")
        return "; ".join(told)

    def _merges(self) -> list[tuple[int, str]]:
        found = []
        for j in range(len(self.then)):
            sources = [i for i in range(len(self.today)) if self._shares[i, j] >= MOST_OF]
            if len(sources) > 1:
                names = listing([f"“{self.today[i]}”" for i in sources])
                found.append((int(self.counts[sources, j].sum()), f"{names} would merge"))
        return found

    def _splits(self, quotes: Quotes) -> list[tuple[int, str]]:
        found = []
        for i, name in enumerate(self.today):
            parts = [j for j in np.argsort(-self._shares[i], kind="stable") if self._shares[i, j] >= A_PART][
                :3
            ]
            if len(parts) < 2:
                continue
            words = [
                quotes.share("share_moving_pct", float(self._shares[i, j]), f"{name} to {self.then[j]}")
                + f" “{self.then[j]}”"
                for j in parts
            ]
            found.append((int(self.counts[i].sum()), f"“{name}” would split into {listing(words)}"))
        return found

    def table(self) -> ResultTable:
        """Return the cross table, each row in percent."""
        return ResultTable(
            f"Today's segments (rows) against {len(self.then)} segments, % of each row",
            ("Segment", *self.then),
            tuple(
                (name, *(float(part) for part in 100 * self._shares[i])) for i, name in enumerate(self.today)
            ),
            (None, *("%" for _ in self.then)),
        )
