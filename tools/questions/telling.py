"""Knows how the rows of one aggregation are named, counted and quoted, each number as a fact."""

from __future__ import annotations

from collections.abc import Collection

from tools.questions.aggregating import Aggregated, Row
from tools.questions.measure_words import row_noun
from tools.questions.phrasing import (
    bare,
    group_noun,
    group_words,
    note_digits,
    preposition,
    share_digits,
    write,
)
from tools.quoting import Quotes
from tools.wording import label, plural

FEW = 6  # groups that one sentence can name


class Teller:
    """Writes about one aggregation and records every number that it writes.

    Args:
        made: The result.
        quotes: Where the numbers are recorded.
        partial: Labels of periods that the data cover in part; they are not called highest or lowest.
    """

    def __init__(self, made: Aggregated, quotes: Quotes, partial: Collection[tuple[str, ...]] = ()) -> None:
        self.made = made
        self.quotes = quotes
        self.partial = partial
        self.first = made.plans[0]
        self.noun, self.nouns = row_noun(made.table)
        self.where = f" where {made.selection.beside}" if made.selection.beside else ""
        self.clause = made.selection.clause_beside

    def what(self, text: str | None = None) -> str:
        """Write what is measured of which rows; a share of some among others says so."""
        text = self.first.words if text is None else text
        if " where " in text and self.clause.startswith(" where "):
            return f"{text}, among those{self.clause},"
        return f"{text}{self.clause}"

    def scope(self, row: Row) -> str:
        """Say what the numbers of a row are about."""
        pairs = zip(self.made.keys, row.labels, strict=False)
        named = "; ".join(f"{key.title} = {text}" for key, text in pairs if row.raw)
        return f"{named}{self.where}".strip()

    def value(self, row: Row, index: int = 0, *, bold: bool = False, plain: bool = False) -> str:
        """Write the value of a row and record it; `plain` leaves out the noun of a count."""
        made = self.made.plans[index]
        value = row.values[index]
        self.quotes.note(made.name, value, made.unit, self.scope(row))
        text = write(made, value)
        if plain and (made.unit == self.nouns or (self.is_count and index == 0)):
            text = text.partition(" ")[0]
        return f"**{text}**" if bold else text

    def share(self, row: Row) -> str:
        """Write a row's share of the total and record it."""
        pct = row.share_pct or 0.0
        return self.quotes.number("share_pct", pct, "%", self.scope(row), digits=share_digits(pct))

    def name(self, row: Row) -> str:
        """Write a group for prose; numbers in its name are recorded."""
        words = []
        for key, raw, text in zip(self.made.keys, row.raw, row.labels, strict=True):
            note_digits(self.quotes, key, text)
            words.append(group_words(key, raw, text))
        return ", ".join(words)

    def number_of(self, row: Row) -> str:
        """Write how many rows of the table stand behind a row and record it."""
        return self.quotes.count(f"n_{self.nouns}", row.n, self.noun, self.nouns, scope=self.scope(row))

    def groups_of(self, n: int) -> str:
        """Write how many groups there are."""
        singular = group_noun(self.made.keys[0]) if len(self.made.keys) == 1 else "group"
        return f"{self.quotes.number('n_groups', n)} {singular if n == 1 else self.noun_of_groups}"

    @property
    def noun_of_groups(self) -> str:
        """What the groups are called, plural."""
        keys = self.made.keys
        return plural(group_noun(keys[0])) if len(keys) == 1 else "groups"

    @property
    def one_each(self) -> bool:
        """Whether every group is one customer's own row, so that nothing is averaged over groups."""
        keys = self.made.keys
        return (
            len(keys) == 1
            and keys[0].column.name == self.made.table.customer
            and keys[0].grain is None
            and self.first.column is not None
            and all(row.n == 1 for row in self.made.named)
        )

    @property
    def tells_parts(self) -> bool:
        """Whether one sentence counts all groups as parts of all: "of 90 customers, Berlin has 37"."""
        keys, limit = self.made.keys, self.made.request.limit
        few = len(keys) == 1 and limit is None and 0 < len(self.made.named) <= FEW
        return few and self.is_count and preposition(keys[0]) == "for"

    @property
    def single_rows(self) -> bool:
        """Whether every group is one row, such as the days of a price list."""
        return self.made.n_groups == self.made.whole.n

    @property
    def ranked_by(self) -> str:
        """What groups are ranked by: the column itself where each is one row."""
        own = self.one_each or (self.single_rows and not self.first.parts)
        return label(self.first.column) if own and self.first.column else bare(self.first)

    @property
    def shares(self) -> bool:
        """Whether values are parts of a total and so have shares worth telling."""
        rows, total = self.made.rows, self.made.whole.values[0]
        if not all(isinstance(row.values[0], int | float) and row.values[0] >= 0 for row in rows):
            return False
        asked = self.made.request.share_of_total and any(row.share_pct is not None for row in rows)
        return isinstance(total, int | float) and total > 0 and (self.first.additive or asked)

    @property
    def is_count(self) -> bool:
        """Whether rows or customers are counted, without a condition of the measure's own."""
        first = self.first
        distinct = first.measure.statistic == "count_distinct" and first.unit != "values"
        rows = first.unit == self.nouns and first.column is None
        return (rows or distinct) and not first.measure.where
