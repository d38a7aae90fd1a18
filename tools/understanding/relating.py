"""Knows how tables belong together: a column whose values are keys of another table, by containment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import narwhals as nw

from tools.core import Column, DataTable, Json
from tools.engine import Engine
from tools.understanding.naming import words_of
from tools.wording import plain_name, plural

MOST_PAIRS = 60  # pairs of columns that are compared value by value
MOSTLY = 0.9  # part of the values that must be keys of the other table, where the names do not say it
PARTLY = 0.5  # where they do
GENERAL = frozenset({"id", "key", "no", "nr", "num", "number", "code", "name", "ref"})


@dataclass(frozen=True)
class Relation:
    """Rows of one table name rows of another one.

    Attributes:
        table: With many rows for one of the other.
        column: Its column with the keys.
        other: The table they name rows of.
        key: Its column in which every value is unique.
        n_values: Different values of the column.
        n_found: Those that are keys of the other table.
        n_rows_lost: Rows that name no row of the other table, or nothing.
        said: Whether a person said so; False that they do not belong together, None that it was found.
    """

    table: str
    column: str
    other: str
    key: str
    n_values: int = 0
    n_found: int = 0
    n_rows_lost: int = 0
    said: bool | None = None

    @property
    def share(self) -> float:
        """Part of the different values that are keys of the other table, 0 to 1."""
        return self.n_found / self.n_values if self.n_values else 0.0


def relate(engine: Engine, tables: Mapping[str, DataTable]) -> dict[str, DataTable]:
    """Return the tables with what belongs together by their values, among how they were read."""
    found: dict[str, list[Json]] = {name: [] for name in tables}
    relations = find_relations(engine, tables)
    for relation in relations:
        found[relation.table].append(asdict(relation))
    return {
        name: _read_as(table, found[name]) if len(tables) > 1 else table
        for name, table in _with_customers(tables, relations).items()
    }


def _read_as(table: DataTable, related: list[Json]) -> DataTable:
    """Note what belongs to a table, and what its rows are called where its name is a plural: policies."""
    reading = {**table.reading, **({"related": related} if related else {})}
    noun = None if table.grain == "customers" or "noun" in reading else _row_noun(table.name)
    return replace(table, reading={**reading, **({"noun": noun} if noun else {})})


def _row_noun(name: str) -> tuple[str, str] | None:
    """Return singular and plural of a table's name; None where it is no plain plural."""
    words = plain_name(name).lower()
    last = words.rpartition(" ")[2]
    for ending, single in (("ies", "y"), ("es", ""), ("s", "")):
        if last.endswith(ending) and len(last) > len(ending) + 2:
            one = words.removesuffix(ending) + single
            if plural(one) == words and words.replace(" ", "").isalpha():
                return one, words
    return None


def _with_customers(
    tables: Mapping[str, DataTable], relations: Sequence[Relation]
) -> Mapping[str, DataTable]:
    """Return the tables with nobody taken for a customer who is a row of a table with customers of its own.

    Claims name policies, and policies name people: the customer is the person, not the policy.
    """
    made = dict(tables)
    for one in relations:
        table, other = made[one.table], tables[one.other]
        if table.customer == one.column and other.customer not in (None, one.key):
            columns = tuple(
                replace(column, role="row_key") if column.name == one.column else column
                for column in table.columns
            )
            made[one.table] = replace(table, customer=None, columns=columns)
    return made


def relations_of(tables: Mapping[str, DataTable]) -> list[Relation]:
    """Return what is known to belong together, and what a person said does not."""
    return [
        Relation(**each)
        for table in tables.values()
        for each in table.reading.get("related", ())
        if each["other"] in tables
    ]


def find_relations(engine: Engine, tables: Mapping[str, DataTable]) -> list[Relation]:
    """Compare columns of different tables and keep the best relation between each two of them."""
    best: dict[frozenset[str], Relation] = {}
    for table, column, other, key in _candidates(tables):
        relation = count_relation(engine, table, column.name, other, key.name)
        named = _names_agree(column, key, other)
        if relation.share < (PARTLY if named else MOSTLY) or relation.n_found < 3:
            continue
        pair = frozenset((table.name, other.name))
        known = best.get(pair)
        if known is None or (relation.share, named) > (known.share, False):
            best[pair] = relation
    return sorted(best.values(), key=lambda each: (each.table, each.other))


def _candidates(
    tables: Mapping[str, DataTable],
) -> Iterator[tuple[DataTable, Column, DataTable, Column]]:
    """Pass on pairs of columns that may belong together, those whose names agree first."""
    pairs = []
    for table in tables.values():
        for other in tables.values():
            if table is other:
                continue
            keys = [column for column in other.columns if _is_key(other, column)]
            for key in keys:
                for column in table.columns:
                    named = _names_agree(column, key, other)
                    if _may_hold(column, key) and (named or key.kind == "text"):
                        pairs.append((not named, table, column, other, key))
    pairs.sort(key=lambda pair: pair[0])
    yield from (pair[1:] for pair in pairs[:MOST_PAIRS])


def _is_key(table: DataTable, column: Column) -> bool:
    unique = column.n_distinct is not None and column.n_distinct == table.n_rows - column.n_missing
    return unique and table.n_rows > 2 and column.role not in (
        "amount", "balance", "free_text", "time", "birth_date", "age",
    )  # fmt: skip


def _may_hold(column: Column, key: Column) -> bool:
    if (
        column.kind != key.kind
        or column.derived_from
        or column.role in ("amount", "balance", "free_text", "index")
    ):
        return False
    if column.kind == "number" and not isinstance(column.maximum, int):
        return False
    return column.kind in ("text", "number")


def _names_agree(column: Column, key: Column, other: DataTable) -> bool:
    """Whether the column is called like the key, or like the other table: customer and customers.id."""
    mine, theirs = set(words_of(column.name)), set(words_of(key.name))
    special = theirs - GENERAL
    if special:
        return bool(special & mine) and bool((theirs | mine) & GENERAL or special == mine)
    singular = {word.removesuffix("s") for word in words_of(other.name)}
    return bool({word.removesuffix("s") for word in mine - GENERAL} & singular) or mine == theirs


def count_relation(engine: Engine, table: DataTable, column: str, other: DataTable, key: str) -> Relation:
    """Count how many values of a column are keys of another table."""
    values = engine.frame(table.name).select(nw.col(column).alias("value"))
    groups = values.group_by("value").agg(nw.len().alias("n"))
    keys = engine.frame(other.name).select(nw.col(key).alias("key")).filter(~nw.col("key").is_null())
    keys = keys.with_columns(nw.lit(1).alias("held")).group_by("key").agg(nw.col("held").max())
    both = groups.join(keys, left_on="value", right_on="key", how="left")
    present = ~nw.col("value").is_null()
    counts = both.select(
        present.cast(nw.Int64).sum().alias("values"),
        nw.col("held").fill_null(0).sum().alias("found"),
        (nw.col("n") * (1 - nw.col("held").fill_null(0))).sum().alias("lost"),
    )
    row = engine.collect(counts).iloc[0]
    n_values, n_found, lost = int(row["values"] or 0), int(row["found"] or 0), int(row["lost"] or 0)
    return Relation(table.name, column, other.name, key, n_values, n_found, lost)
