"""Knows how the settings choose what computes: DuckDB on this machine, or Spark."""

from __future__ import annotations

from assistant.settings import Settings
from tools.engine import Spark, use


def choose_engine(settings: Settings) -> None:
    """Let the engine of the settings answer for everything that is loaded or opened from now on.

    Raises:
        ToolError: If there is no such engine.
    """
    spark = Spark(settings.spark_remote, settings.spark_master, settings.spark_folder, settings.spark_memory)
    use(settings.engine, spark)
