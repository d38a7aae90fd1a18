"""Knows how Spark is reached: started on this machine, or on a cluster by Spark Connect."""

from __future__ import annotations

import logging
import threading
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

from tools.errors import ToolError

LOCAL = "local[*]"
PARTITIONS = 8  # of a shuffle on a local master; a cluster keeps its own setting
_SESSION = {
    "spark.sql.session.timeZone": "UTC",  # dates and times have no zone; nothing may shift them
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error and never another number
    "spark.sql.timeType.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # What a filter on a column implies for others is guessed in a time that doubles with every step.
    "spark.sql.constraintPropagation.enabled": "false",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": str(PARTITIONS),
    "spark.sql.catalogImplementation": "in-memory",
}


@dataclass(frozen=True, slots=True)
class Spark:
    """Which Spark to use.

    Attributes:
        remote: Address of a Spark Connect server, `sc://host:15002`, or empty for a master on this machine.
        master: The master to start where there is no remote one, such as `local[4]`.
        folder: Where tables lie that Spark makes: a folder that this machine and all of Spark's see under the
            same name; empty for a temporary one on this machine.
        memory: What a local master may use, such as `4g`.
        options: Spark's own settings by name, for a local master.
    """

    remote: str = ""
    master: str = LOCAL
    folder: str = ""
    memory: str = "2g"
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether Spark runs on this machine and so sees its files."""
        host = self.remote.removeprefix("sc://").partition("/")[0].rpartition(":")[0]
        return not self.remote or host in ("localhost", "127.0.0.1", "[::1]")


@cache
def session(spark: Spark) -> Any:
    """Return the session on this Spark, started at the first call and kept as long as this program runs.

    Raises:
        ToolError: If pyspark or Java is not there, or the server cannot be reached.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas 3, which only pyspark's own pandas API would need older
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise ToolError(
                "Spark is not installed here.",
                "Install it with `uv sync --extra spark`, or leave ENGINE=duckdb.",
            ) from error
        builder = SparkSession.builder.appName("Cash Classifiers")
        if spark.remote:
            builder = builder.remote(spark.remote)
        else:
            builder = builder.master(spark.master).config("spark.driver.memory", spark.memory)
            for key, value in {**_LOCAL, **_SESSION, **dict(spark.options)}.items():
                builder = builder.config(key, value)
        logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL)
        try:
            found = builder.getOrCreate()
            for key, value in _SESSION.items():
                found.conf.set(key, value)
        except (PySparkException, RuntimeError, OSError) as error:
            raise ToolError(*_unreachable(spark)) from error
    return found


def stop(spark: Spark) -> None:
    """End the session on this Spark, and Spark itself where it was started here."""
    session(spark).stop()
    session.cache_clear()


_thread = threading.local()


def activate(found: Any) -> None:
    """Let the settings of a session on this machine hold in the present thread, where Spark asks for them."""
    if getattr(_thread, "session", None) is not found:
        if hasattr(found, "_jsparkSession"):
            found._jvm.SparkSession.setActiveSession(found._jsparkSession)
        _thread.session = found


def _unreachable(spark: Spark) -> tuple[str, str]:
    if spark.remote:
        return (
            "The Spark server of SPARK_REMOTE cannot be reached.",
            "Check its address, such as sc://host:15002, and that Spark Connect runs there.",
        )
    return (
        "Spark could not be started on this machine.",
        "It needs Java 17 or newer, such as Debian's default-jre-headless; or leave ENGINE=duckdb.",
    )
