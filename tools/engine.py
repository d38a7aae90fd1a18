"""Knows DuckDB: opens it locked down, hands out lazy frames, stores tables; nothing else imports it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb
import narwhals as nw
import pandas as pd

T = TypeVar("T")


class Engine:
    """One embedded database: in memory, or one file a chat.

    Args:
        path: Database file; None keeps everything in memory.
        readable: The only files and folders that may be read from now on; everything else outside
            the database is closed: no network, no extensions, no changes to the configuration.
        memory_limit: DuckDB's own limit; larger work goes to a temporary folder.
    """

    def __init__(
        self, path: Path | None = None, readable: Sequence[Path] = (), memory_limit: str = "700MB"
    ) -> None:
        self._connection = duckdb.connect(str(path) if path else ":memory:")
        self._memo: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        files = [str(item.resolve()) for item in readable if not item.is_dir()]
        folders = [f"{item.resolve()}/" for item in readable if item.is_dir()]
        run = self._connection.execute
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run(f"SET memory_limit = '{memory_limit}'")
        run("SET preserve_insertion_order = true")
        run("SET enable_progress_bar = false")
        run("SET allowed_paths = $files", {"files": files})
        run("SET allowed_directories = $folders", {"folders": folders})
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def frame(self, table: str) -> nw.LazyFrame[Any]:
        """Return a lazy frame over a stored table; nothing is computed until it is collected."""
        return cast("nw.LazyFrame[Any]", nw.from_native(self._connection.table(quoted(table))))

    def collect(self, frame: nw.LazyFrame[Any]) -> pd.DataFrame:
        """Compute a lazy frame and bring it into memory: for aggregates, samples and customer features only."""
        with self._lock:
            return cast(pd.DataFrame, nw.to_native(frame).df())

    def store(self, name: str, content: nw.LazyFrame[Any] | pd.DataFrame) -> None:
        """Create or replace a table from a lazy frame or from a pandas frame."""
        with self._lock:
            relation = (
                self._connection.from_df(content) if isinstance(content, pd.DataFrame) else nw.to_native(content)
            )
            if self.has(name):
                self._connection.execute(f"DROP TABLE {quoted(name)}")
            relation.create(quoted(name))

    def has(self, name: str) -> bool:
        """Tell whether a table of this name is stored."""
        found = self._connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_name = $name", {"name": name}
        ).fetchone()
        return bool(found and found[0])

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what `build` gave for this key before, or build it now; keys name all inputs."""
        with self._lock:
            if key not in self._memo:
                self._memo[key] = build()
            return cast(T, self._memo[key])

    def interrupt(self) -> None:
        """Stop the query that is running, from another thread."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def __deepcopy__(self, memo: dict[int, Any]) -> Engine:
        return self  # a handle, not a value


def quoted(identifier: str) -> str:
    """Quote a name so that no character in it can end it."""
    return '"' + identifier.replace('"', '""') + '"'
