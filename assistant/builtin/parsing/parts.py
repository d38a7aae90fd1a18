"""Knows what a sentence about data is made of: measures, groups, filters, order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from assistant.builtin.calendar_years import year_column
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog, ColumnLink
from assistant.builtin.request.rows import Chart, Order
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.tokens import root
from tools.core import Column
from tools.customers.behaviour import slug
from tools.selecting import Condition, Grain, GroupBy, Measure

Entity = Literal["customer", "transaction", "row"]


_UNIT_SIGNS = {
    "seconds": {"sec", "second", "seconds", "s"}, "minutes": {"min", "minute", "minutes"},
    "hours": {"hour", "hours", "hr"}, "days": {"day", "days", "night", "nights"}, "weeks": {"week", "weeks"},
    "months": {"month", "months"}, "years": {"year", "years"},
}  # fmt: skip


_DIMENSIONS = {
    "widest": "width", "wide": "width", "narrowest": "width", "wider": "width", "longest": "length",
    "longer": "length", "long": "length", "shortest": "length", "shorter": "length", "tallest": "height",
    "taller": "height", "tall": "height", "heaviest": "weight", "heavier": "weight", "heavy": "weight",
    "outstanding": "balance", "held": "balance", "bill": "month", "bills": "month",
}  # fmt: skip


@dataclass(frozen=True)
class Ambiguity:
    """A phrase that may mean several columns."""

    phrase: str
    links: tuple[ColumnLink, ...]


@dataclass
class Parts:
    """What was found in a sentence so far; every file of this package adds its part.

    Attributes:
        sentence: The annotated words; what is used is marked there.
        catalog: The data set.
        groups: What to group by.
        where: Conditions on rows.
        having: Conditions on groups.
        measures: What to compute.
        entity: What is counted or listed.
        order: Order asked for.
        limit: Number of groups asked for.
        superlative: "desc" for most, "asc" for least.
        rank_within: The limit holds within each first group.
        share: A share is asked for.
        rate: A rate of a yes/no column is asked for.
        chart: Chart asked for.
        grain: A grain without a preposition ("monthly revenue", "over time" gives "auto").
        compared: Columns of which several values were named side by side ("men and women").
        ambiguities: Phrases that were read one way and could be read another way.
        notes: Sentences on how words were read.
        asks_gap: The difference between two groups is asked for: "how much more".
        share_of: Column of which a share is asked for: "share of revenue from orders above 100".
        share_place: Where it stands.
        flows: Columns called by a word for what adds up, such as revenue.
        table: Table that has to answer, whatever columns are named.
        wholes: What several shares are taken of: "what share of orders and of revenue".
        majority: What a claim says of a share: ("above", 50.0) for "most".
        ranked_by: Column behind "top 10 by ...", or "count".
        counted_table: Table whose rows are counted, if a noun names it.
        key_rows: Conditions on what all rows of a customer add up to.
        kept_by: What groups are kept by, where something else is asked of them.
        age_computed: Column with ages that are computed from years of birth.
        between_rows: Days from one row of a customer to another, over which a statistic is asked for.
        claim: What a comparison of two sides takes the first one to be.
        two_sides: A condition and its denial, of which each is to be measured.
        other_rows: Conditions that rows of another table are there or not, with the table they are on.
    """

    sentence: Sentence
    catalog: Catalog
    groups: list[GroupBy] = field(default_factory=list)
    where: list[Condition] = field(default_factory=list)
    having: list[Condition] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    entity: Entity | None = None
    entity_key: str | None = None
    order: Order = "auto"
    limit: int | None = None
    superlative: Literal["desc", "asc"] | None = None
    rank_within: bool = False
    share: bool = False
    rate: bool = False
    chart: Chart = "auto"
    grain: Grain | Literal["auto"] | None = None
    compared: list[str] = field(default_factory=list)
    per_entity: Entity | None = None
    customers_table: bool = False
    ambiguities: list[Ambiguity] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    growth: bool = False
    quantiles: list[float] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    counts: bool = False
    mentions_customers: bool = False
    mentions_transactions: bool = False
    compares: bool = False
    wants_chart: bool = False
    purpose: bool = False
    total_named: bool = False
    outlier_threshold: float | None = None
    top_share: tuple[str, float] | None = None
    top_share_column: str | None = None
    within: int = 0
    rank_noun: bool = False
    best_of_customers: bool = False
    age_superlative: bool = False
    periods: list[str] = field(default_factory=list)
    place: int | None = None
    edges: list[float] = field(default_factory=list)
    event: str | None = None
    running: Literal["none", "total", "average"] = "none"
    window: int | None = None
    rank_of: str | None = None
    together: bool = False
    table: str | None = None
    asks_gap: bool = False
    flows: set[str] = field(default_factory=set)
    share_of: str | None = None
    share_place: int = 0
    majority: tuple[str, float] | None = None
    wholes: list[Measure] = field(default_factory=list)
    ranked_by: str | None = None
    counted_table: str | None = None
    other_rows: list[tuple[str, Condition]] = field(default_factory=list)
    key_rows: list[Condition] = field(default_factory=list)
    kept_by: Measure | None = None
    between_rows: Measure | None = None
    age_computed: str | None = None
    claim: Literal["none", "higher", "lower"] = "none"
    two_sides: tuple[Condition, Condition] | None = None

    def column(self, name: str) -> Column:
        """Return what is known of a column; `segment` exists as soon as there are segments."""
        return self.catalog.columns.get(name) or Column(name, "text", "category")

    def is_number(self, name: str) -> bool:
        """Tell whether a column may be averaged."""
        column = self.column(name)
        if "id" in self.catalog.words_of.get(name, ()):
            return False
        return column.kind == "number" and column.role not in (
            "customer_key",
            "row_key",
            "index",
            "constant",
            "clock",
        )

    def is_measurable(self, name: str) -> bool:
        """Tell whether a column is a number that is not just a code of yes and no."""
        return self.is_number(name) and not self.catalog.is_flag(name)

    def is_group(self, name: str) -> bool:
        """Tell whether a column names groups: categories, places, flags and numbers with few values."""
        column = self.column(name)
        few = column.n_distinct is not None and column.n_distinct <= 30
        if "id" in self.catalog.words_of.get(name, ()) and column.role != "customer_key":
            return (column.n_distinct or 0) < self.catalog.table.n_rows
        named = column.role in ("category", "place", "outcome", "flag") or column.kind in ("text", "boolean")
        return named or (column.kind == "number" and few)

    def is_measurable_only(self, name: str) -> bool:
        """Tell whether a column is a number with too many values to be a group."""
        return self.is_number(name) and (self.column(name).n_distinct or 99) > 30

    def pick(self, item: Item, want: str = "any") -> str | None:
        """Return the column that an item means, of the wanted kind if one is; several as good are noted.

        Args:
            item: An item with columns.
            want: "number", "group" or "any".
        """
        fits: dict[str, Callable[[str], bool]] = {"number": self.is_number, "group": self.is_group}
        fitting = tuple(link for link in item.links if want not in fits or fits[want](link.column))
        links = fitting or item.links
        if not links:
            return None
        rivals = self.catalog.ambiguous(links)
        if rivals:
            settled = self._settled(item, rivals)
            if settled:
                return settled
            self.ambiguities.append(Ambiguity(item.text, rivals))
        best = links[0]
        if best.how == "role" and not rivals and self._worth_saying(item.text, best.column):
            self.note(f'I read "{item.text.lower()}" as **{best.column}**.')
        return best.column

    def _settled(self, item: Item, rivals: tuple[ColumnLink, ...]) -> str | None:
        """Choose between columns by another word of the sentence: "pay ... a month" is MonthlyCharges."""
        inside = {root(token.lemma) for token in self.sentence.tokens[item.start : item.end]}
        said = {root(token.lemma.removesuffix("ly")) for token in self.sentence.tokens} - inside
        said |= {root(_DIMENSIONS[token.norm]) for token in self.sentence.tokens if token.norm in _DIMENSIONS}
        scores = []
        for link in rivals:
            own = {root(word.removesuffix("ly")) for word in self.catalog.words_of[link.column]} - inside
            scores.append((len(own & said), link.column))
        scores.sort(reverse=True)
        if scores[0][0] == scores[1][0]:
            return None
        words = {root(word.removesuffix("ly")) for word in self.catalog.words_of[scores[0][1]]}
        for other in self.sentence.items:
            if root(other.text.lower()) in words and other is not item:
                other.used = True
        return scores[0][1]

    def _worth_saying(self, text: str, column: str) -> bool:
        if self.column(column).role in ("age", "time", "birth_date", "clock"):
            return False
        text = self.sentence.mended.get(text, text)
        words = set(self.catalog.words_of.get(column, ()))
        return not any(word.lower().rstrip("s") in words or word.lower() in words for word in text.split())

    def unit_of(self, name: str) -> str | None:
        """Return the unit of time that a column counts: as the data say, by its name, or by its range."""
        column = self.column(name)
        words = set(self.catalog.words_of.get(name, ())) | {column.unit or ""}
        for unit, signs in _UNIT_SIGNS.items():
            if words & signs:
                return unit
        lasts = words & cue("lasts") and isinstance(column.maximum, int | float)
        if not lasts:
            return "years" if column.role == "age" else None
        return "months" if 12 < float(column.maximum or 0) <= 400 else "days" if column.maximum else None

    @property
    def lasting(self) -> str | None:
        """Column that counts how long somebody has been a customer."""
        for column in self.catalog.table.columns:
            if column.kind == "number" and set(self.catalog.words_of[column.name]) & cue("lasts"):
                return column.name
        return None

    def note(self, sentence: str) -> None:
        """Remember how something was read, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    @property
    def amount(self) -> str | None:
        """Column with the money of a transaction, or the first amount column of any table."""
        table = self.catalog.table
        if table.amount:
            return table.amount
        found = [c for t in self.catalog.tables.values() for c in t.by_role("amount")]
        return found[0].name if found else None

    @property
    def age(self) -> str | None:
        """Column with ages."""
        found = [c for t in self.catalog.tables.values() for c in t.by_role("age")]
        return found[0].name if found else self.age_computed

    @property
    def time(self) -> str | None:
        """Column that says when: the main one, or that of the events asked about."""
        return self.event or self.catalog.table.time

    @property
    def year_column(self) -> str | None:
        """A number column that holds calendar years, where there is no date column."""
        return year_column(self.catalog)

    @property
    def customer_key(self) -> str | None:
        """Column that names the customer."""
        return self.catalog.table.customer

    def feature(self, name: str) -> str | None:
        """Return a customer feature if the data carry it and customers are a table of their own."""
        return name if self.catalog.has_features and self.catalog.feature(name) else None

    def as_feature(self, column: str, statistic: str | None = None) -> str | None:
        """Return what a column becomes for a customer: of the balance the last, of the amount the total.

        Args:
            column: Column of the transactions.
            statistic: The statistic that was said of it, if one was.
        """
        if not self.catalog.has_features or column == "segment" or column in self.catalog.computed:
            return column
        if self.catalog.customers and self.catalog.customers.column(column):
            return column
        role, tail = self.column(column).role, slug(column)
        main = role == "amount" and column in (self.amount, self.catalog.table.amount)
        lead = {"sum": "total", "mean": "mean", "median": "median", "max": "largest"}.get(statistic or "")
        said = self.feature(f"{lead}_{'amount' if main else tail}") if lead else None
        if said:
            return said
        if role == "balance":
            return self.feature("last_balance") or self.feature("mean_balance")
        if role == "amount":
            return self.feature(f"total_{tail}") or self.feature("total_amount")
        usual = ("total",) if role == "quantity" else ("mean", "share")
        return next((name for each in usual if (name := self.feature(f"{each}_{tail}"))), None)

    def feature_of(self, index: int) -> str | None:
        """Return the customer feature that an item names, with the statistic that is said before it."""
        item, before = self.sentence.items[index], self.sentence.at(index - 1)
        if item.has("feature"):
            return str(item.senses["feature"])
        said = str(before.senses["statistic"]) if before and before.has("statistic") else None
        if item.links:
            return self.as_feature(item.links[0].column, said)
        if item.has("condition_verb", "spent") and self.amount:
            return self.as_feature(self.amount, said)
        return None


def condition(column: str, is_: str, value: object = None, **more: object) -> Condition:
    """Make a condition by the names that tools use."""
    return Condition.model_validate({"column": column, "is": is_, "value": value, **more})


def own_key(parts: Parts, item: Item) -> str | None:
    """Return an identifier column named like the noun: orders are counted by order_id."""
    if item.has("entity", "customer"):
        return parts.customer_key
    table = parts.catalog.table
    wanted = set(item.text.lower().rstrip("s").split()[-1:])  # an order line is a line, no order
    for column in table.columns:
        words = set(parts.catalog.words_of[column.name])
        if (
            words & wanted
            and words & {"id", "number", "no"}
            and column.role in ("row_key", "customer_key", "category", "measure", "index")
        ):
            repeated = (column.n_distinct or 0) < 0.9 * (table.n_rows - column.n_missing)
            if repeated and (column.role != "measure" or "id" in words):
                return column.name
    return None
