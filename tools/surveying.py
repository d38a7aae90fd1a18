"""Knows how a stored table is measured in few passes: missing, distinct, extremes and frequent values of each column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import pandas as pd

from tools.core import Kind, Scalar
from tools.engine import Engine

MANY = 10_000  # frequent values that are kept of a column, so that words of a request can be found in it
FEW_ROWS = 200_000  # up to here every column is counted exactly at first sight

KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text", "DATE": "date", "TIME": "time", "BOOLEAN": "boolean", "UUID": "text",
}  # fmt: skip


def kind_of(stored: str) -> Kind:
    """Translate the engine's type into a kind."""
    if stored.startswith("TIMESTAMP"):
        return "datetime"
    if stored in KINDS:
        return KINDS[stored]
    numbers = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT", "UBIGINT", "U")
    return "number" if stored.startswith(numbers) else "text"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted in one column.

    Attributes:
        name: The column.
        kind: How it is stored.
        n_present: Rows with a value.
        n_distinct: Distinct values, exact; None where not counted.
        n_once: Values that occur once, None where not counted.
        most: Rows of the most frequent value, None where not counted.
        minimum: Smallest value, None for text.
        maximum: Largest value, None for text.
        whole: Whether all numbers are whole.
        n_zero: Zeros among numbers.
        n_negative: Negative numbers.
        counts: Most frequent values with their rows; ties by value.
    """

    name: str
    kind: Kind
    n_present: int
    n_distinct: int | None = None
    n_once: int | None = None
    most: int | None = None
    minimum: Any = None
    maximum: Any = None
    whole: bool = False
    n_zero: int = 0
    n_negative: int = 0
    counts: tuple[tuple[Scalar, int], ...] = ()


def measure(
    engine: Engine, table: str, kinds: Mapping[str, Kind], sample: Mapping[str, Sequence[str]], exact: bool = True
) -> tuple[int, dict[str, Measured]]:
    """Measure the columns of a stored table.

    Args:
        engine: Holds the table.
        table: Its name.
        kinds: Columns to measure with their kinds.
        sample: Some texts of each column, which tell whether counting its values is worth while.
        exact: Count values at all, beyond missing ones and extremes.

    Returns:
        Rows, and what was counted by column.
    """
    frame = engine.frame(table)
    n_rows, measured = _extremes(engine, frame, kinds)
    if not exact:
        return n_rows, measured
    for name, found in measured.items():
        variety = _variety(sample.get(name, ()))
        small = n_rows <= FEW_ROWS
        if found.kind in ("text", "boolean") or (found.kind == "number" and found.whole and (small or variety < 0.5)):
            crowded = variety > 0.9 and len(sample.get(name, ())) > 100 and not small
            measured[name] = repeated(engine, table, found) if crowded else counted(engine, table, found)
        elif small and found.kind != "time":
            measured[name] = distinct(engine, frame, found)
    return n_rows, measured


def _variety(cells: Sequence[str]) -> float:
    return len(set(cells)) / len(cells) if cells else 0.0


def _extremes(
    engine: Engine, frame: nw.LazyFrame[Any], kinds: Mapping[str, Kind]
) -> tuple[int, dict[str, Measured]]:
    wanted = [nw.len().alias("rows")]
    for place, (name, kind) in enumerate(kinds.items()):
        column = nw.col(name)
        wanted.append(column.count().alias(f"present {place}"))
        if kind in ("number", "date", "datetime", "time"):
            wanted += [column.min().alias(f"min {place}"), column.max().alias(f"max {place}")]
        if kind == "number":
            wanted += [
                (column % 1 != 0).cast(nw.Int64).sum().alias(f"parts {place}"),
                (column == 0).cast(nw.Int64).sum().alias(f"zero {place}"),
                (column < 0).cast(nw.Int64).sum().alias(f"negative {place}"),
            ]
    row = engine.collect(frame.select(*wanted)).iloc[0]
    measured = {}
    for place, (name, kind) in enumerate(kinds.items()):
        found = Measured(name, kind, int(row[f"present {place}"]))
        if kind in ("number", "date", "datetime", "time"):
            found = replace(found, minimum=_plain(row[f"min {place}"]), maximum=_plain(row[f"max {place}"]))
        if kind == "number":
            found = replace(
                found,
                whole=found.n_present > 0 and not _count(row[f"parts {place}"]) and abs(found.maximum or 0) < 2**53,
                n_zero=_count(row[f"zero {place}"]),
                n_negative=_count(row[f"negative {place}"]),
            )
        measured[name] = found
    return int(row["rows"]), measured


def _count(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)) else value


def distinct(engine: Engine, frame: nw.LazyFrame[Any], found: Measured) -> Measured:
    """Count distinct values only."""
    row = engine.collect(_groups(frame, found.name).select(nw.len().alias("values"))).iloc[0]
    return replace(found, n_distinct=_count(row["values"]))


def counted(engine: Engine, table: str, found: Measured) -> Measured:
    """Count the rows of each value; the 10,000 most frequent are kept."""
    groups = _groups(engine.frame(table), found.name)
    top = engine.collect(groups.sort("n", "value", descending=[True, False]).head(MANY + 1))
    if len(top) > MANY:
        found, top = repeated(engine, table, found), top.iloc[:MANY]
    else:
        found = replace(
            found,
            n_distinct=len(top),
            n_once=int((top["n"] == 1).sum()),
            most=int(top["n"].iloc[0]) if len(top) else 0,
        )
    values = [value.item() if hasattr(value, "item") else value for value in top["value"]]
    return replace(found, counts=tuple(zip(values, map(int, top["n"]), strict=True)))


def repeated(engine: Engine, table: str, found: Measured) -> Measured:
    """Count distinct values and how often they come; those that come again are stored in `repeated_table`."""
    again = repeated_table(table, found.name)
    engine.store(again, _groups(engine.frame(table), found.name).filter(nw.col("n") > 1))
    wanted = (nw.len().alias("values"), nw.col("n").sum().alias("rows"), nw.col("n").max().alias("most"))
    row = engine.collect(engine.frame(again).select(*wanted)).iloc[0]
    once = found.n_present - _count(row["rows"])
    most = _count(row["most"]) or min(1, found.n_present)
    return replace(found, n_distinct=once + _count(row["values"]), n_once=once, most=most)


def repeated_table(table: str, column: str) -> str:
    """Name the stored table of the values that a column has more than once."""
    return f"{table}, repeated {column}"


def _groups(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    values = frame.select(nw.col(name).alias("value")).filter(~nw.col("value").is_null())
    return values.group_by("value").agg(nw.len().alias("n"))
