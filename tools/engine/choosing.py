"""Knows which engine answers: DuckDB by itself, or Spark with DuckDB beside it for reading files."""

from __future__ import annotations

from typing import Literal

from tools.engine.database import Engine
from tools.engine.spark_session import Spark
from tools.errors import ToolError

Name = Literal["duckdb", "spark"]
_chosen: list[Spark] = []  # empty where DuckDB answers


def use(name: str, spark: Spark | None = None) -> None:
    """Choose the engine for all tables that are loaded or opened from now on.

    Raises:
        ToolError: If there is no engine of this name.
    """
    if name not in ("duckdb", "spark"):
        raise ToolError(f"There is no engine {name}.", "Set ENGINE to duckdb or spark.", ("duckdb", "spark"))
    _chosen[:] = [spark or Spark()] if name == "spark" else []


def answering(engine: Engine) -> Engine:
    """Return the engine that answers questions about the tables of this one, which it keeps open.

    Raises:
        ToolError: If Spark was chosen and cannot be reached.
    """
    if not _chosen:
        return engine
    from tools.engine.spark import SparkEngine

    return engine if isinstance(engine, SparkEngine) else SparkEngine(engine, _chosen[0])
