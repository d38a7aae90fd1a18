"""Knows Spark's stored tables: their columns, their order, what comes again in them, their fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

_KINDS = {
    "string": "VARCHAR",
    "double": "DOUBLE",
    "float": "FLOAT",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "smallint": "SMALLINT",
    "tinyint": "TINYINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp_ntz": "TIMESTAMP",
    "timestamp": "TIMESTAMP",
}


def kind_in_duckdb(kind: Any) -> str:
    """Return what DuckDB calls a type of Spark; other types are text."""
    name = str(kind.simpleString())
    if name.startswith("time("):
        return "TIME"
    return "DOUBLE" if name.startswith("decimal") else _KINDS.get(name, "VARCHAR")


def in_order(session: Any, places: Sequence[str], columns: Sequence[str]) -> Any:
    """Return columns of a stored table in the order in which its rows were written."""
    from tools.engine.spark_functions import name_of

    rows = session.read.parquet(*places)
    named = [name_of(column) for column in columns]
    order = ["_metadata.file_path", "_metadata.row_index"]
    numbered = rows.selectExpr(*named, f"{order[0]} AS `file of row`", f"{order[1]} AS `place of row`")
    return numbered.sort("file of row", "place of row").drop("file of row", "place of row")


def repetition(frame: nw.LazyFrame[Any], column: str) -> nw.LazyFrame[Any]:
    """Return values that come more than once, their rows, and the rows of the most frequent, as one row."""
    known = frame.select(nw.col(column).alias("value")).filter(~nw.col("value").is_null())
    times = known.group_by("value").agg(nw.len().alias("n")).filter(nw.col("n") > 1)
    return times.select(
        nw.len().alias("values"),
        nw.col("n").sum().fill_null(0).alias("rows"),
        nw.col("n").max().fill_null(0).alias("most"),
    )


def fingerprint(rows: Any) -> str:
    """Return a hash over all rows that no order can change."""
    from tools.engine.spark_functions import name_of

    listed = ", ".join(name_of(column) for column in rows.columns)
    total = f"sum(cast(xxhash64({listed}) AS decimal(38,0)))"
    n_rows, value = rows.selectExpr("count(*)", f"coalesce({total}, 0)").toArrow().to_pylist()[0].values()
    return f"{n_rows}-spark-{int(value) % 2**128:x}"
