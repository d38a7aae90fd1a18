"""Knows how a stored table is measured in few passes: missing, distinct, extremes and frequent values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from tools.core import Kind, Scalar
from tools.engine import Engine

MANY = 10_000  # frequent values that are kept of a column, so that words of a request can be found in it
FETCHED = 10 * MANY  # different values up to which all of them are brought here with their counts
IN_MEMORY = 1_000_000  # cells up to which a table is counted in memory, all columns at once
FEW_ROWS = 200_000  # up to here every column is counted exactly at first sight

FIRST_DATE, LAST_DATE = nw.lit(date.min), nw.lit(date.max)  # the database knows days beyond them
EXACT = 2**53  # from here on not every whole number is a floating-point number

KINDS: Mapping[str, Kind] = {
    "VARCHAR": "text", "DATE": "date", "TIME": "time", "BOOLEAN": "boolean", "UUID": "text",
}  # fmt: skip


def kind_of(stored: str) -> Kind:
    """Translate the engine's type into a kind."""
    if stored.startswith("TIMESTAMP"):
        return "datetime"
    if stored in KINDS:
        return KINDS[stored]
    numbers = (
        "DOUBLE",
        "FLOAT",
        "DECIMAL",
        "BIGINT",
        "INTEGER",
        "SMALLINT",
        "TINYINT",
        "HUGEINT",
        "UBIGINT",
        "U",
    )
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
        endless: Whether some dates lie in years that no calendar has.
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
    endless: bool = False
    counts: tuple[tuple[Scalar, int], ...] = ()


def measure(
    engine: Engine,
    table: str,
    kinds: Mapping[str, Kind],
    sample: Mapping[str, Sequence[str]],
    skip: Collection[str] = (),
) -> tuple[int, dict[str, Measured]]:
    """Measure the columns of a stored table.

    Args:
        engine: Holds the table.
        table: Its name.
        kinds: Columns to measure with their kinds.
        sample: Some texts of each column, which tell whether counting its values is worth while.
        skip: Columns whose values are not worth counting at first sight, in a large table.

    Returns:
        Rows, and what was counted by column.
    """
    n_rows = engine.rows(table)
    small = n_rows <= FEW_ROWS
    varied = {
        name for name, cells in sample.items() if len(cells) > 100 and len(set(cells)) > 0.9 * len(cells)
    }
    fractions = {
        name for name, cells in sample.items() if not small and any("." in cell for cell in cells[:1000])
    }
    measured = {name: Measured(name, kind, 0) for name, kind in kinds.items()}
    in_memory = n_rows * len(kinds) <= IN_MEMORY
    extremes = _extremes(engine, table, measured, () if in_memory else fractions)
    if any(found.endless for found in extremes.values()):
        return n_rows, extremes  # such a column is read anew, as text, and no frame can hold it
    if in_memory:
        return n_rows, _in_memory(engine, table, extremes)
    for name, found in extremes.items():
        number = found.kind == "number"
        if not small and (name in skip or (number and (not found.whole or name in varied))):
            measured[name] = found
        elif found.kind in ("text", "boolean") or (number and found.whole):
            crowded = name in varied and not small
            measured[name] = repeated(engine, table, found) if crowded else counted(engine, table, found)
        else:
            measured[name] = distinct(engine, table, found) if small and found.kind != "time" else found
    return n_rows, measured


def _in_memory(engine: Engine, table: str, columns: Mapping[str, Measured]) -> dict[str, Measured]:
    """Count the values of all columns of a small table at once."""
    frame = engine.collect(engine.frame(table).select(*columns))
    measured = {}
    for name, found in columns.items():
        counts = frame[name].value_counts()
        pairs = sorted(
            zip(counts.index.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0])
        )
        found = replace(
            found,
            n_distinct=len(pairs),
            n_once=sum(n == 1 for _, n in pairs),
            most=pairs[0][1] if pairs else 0,
        )
        keep = found.kind in ("text", "boolean") or (found.kind == "number" and found.whole)
        measured[name] = replace(found, counts=tuple(pairs[:MANY])) if keep else found
    return measured


def _extremes(
    engine: Engine, table: str, columns: Mapping[str, Measured], fractions: Collection[str]
) -> dict[str, Measured]:
    """Count present values and find the extremes of all columns in one query."""
    wanted = []
    for place, (name, found) in enumerate(columns.items()):
        column = nw.col(name)
        wanted.append(column.count().alias(f"present {place}"))
        if found.kind in ("date", "datetime"):
            column = nw.when((column >= FIRST_DATE) & (column <= LAST_DATE)).then(column)
            wanted.append(column.count().alias(f"dated {place}"))
        if found.kind in ("number", "date", "datetime", "time"):
            wanted += [column.min().alias(f"min {place}"), column.max().alias(f"max {place}")]
        if found.kind == "number" and name not in fractions:
            wanted.append((column % 1 != 0).cast(nw.Int64).sum().alias(f"parts {place}"))
    row = engine.collect(engine.frame(table).select(*wanted)).iloc[0]
    measured = {}
    for place, (name, found) in enumerate(columns.items()):
        low, high = _plain(row.get(f"min {place}")), _plain(row.get(f"max {place}"))
        present = int(row[f"present {place}"])
        whole = f"parts {place}" in row.index and present > 0 and not _count(row[f"parts {place}"])
        whole = whole and max(abs(low), abs(high)) < EXACT
        endless = int(row.get(f"dated {place}", present)) < present
        measured[name] = replace(
            found, n_present=present, minimum=low, maximum=high, whole=whole, endless=endless
        )
    return measured


def _count(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NaT or value is pd.NA or value != value else value


def distinct(engine: Engine, table: str, found: Measured) -> Measured:
    """Count distinct values only."""
    row = engine.collect(_groups(engine.frame(table), found.name).select(nw.len().alias("values"))).iloc[0]
    return replace(found, n_distinct=_count(row["values"]))


def counted(engine: Engine, table: str, found: Measured, most: int = MANY) -> Measured:
    """Count the rows of each value; the `most` frequent are kept."""
    groups = _groups(engine.frame(table), found.name)
    top = engine.collect(groups.head(FETCHED + 1))
    if len(top) > FETCHED:
        top = engine.collect(groups.sort("n", "value", descending=[True, False]).head(most))
        found = repeated(engine, table, found)
    else:
        top = top.sort_values(["n", "value"], ascending=[False, True], ignore_index=True)
        largest = int(top["n"].iloc[0]) if len(top) else 0
        found = replace(found, n_distinct=len(top), n_once=int((top["n"] == 1).sum()), most=largest)
        top = top.iloc[:most]
    column = top["value"]
    if pd.api.types.is_datetime64_any_dtype(column):
        values: list[Any] = column.to_numpy().astype("datetime64[D]").tolist()
    else:
        values = column.to_list()
    return replace(found, counts=tuple(zip(values, map(int, top["n"]), strict=True)))


def repeated(engine: Engine, table: str, found: Measured) -> Measured:
    """Count distinct values and how often they come, without bringing them here."""
    n_values, n_rows, most = engine.repeats(table, found.name)
    once = found.n_present - n_rows
    return replace(found, n_distinct=once + n_values, n_once=once, most=most or min(1, found.n_present))


def _groups(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    values = frame.select(nw.col(name).alias("value")).filter(~nw.col("value").is_null())
    return values.group_by("value").agg(nw.len().alias("n"))
