"""Knows DuckDB's connection: opened locked down, used by one thread after another, stopped from any."""

from __future__ import annotations

import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import duckdb

from tools.errors import StoppedError
from tools.files.conversions import literal, quoted
from tools.understanding.repetition import Repetition

T = TypeVar("T")


class UnreadableError(Exception):
    """A file does not have the shape that was announced; the message is the database's and not for people."""


class Connection:
    """An open database: in memory, or one file a chat.

    One connection serves all threads, one after another; `interrupt` alone needs no turn.

    Args:
        path: Database file; None keeps everything in memory.
        readable: The only files and folders that may be read from now on; everything else outside
            the database is closed: no network, no extensions, no changes to the configuration.
        memory_limit: DuckDB's own limit; larger work goes to a temporary folder.
        read_only: Open a database that belongs to somebody else, and change nothing in it.
        on_disk: Without a path, keep the tables in a file of its own, which goes with the engine.

    Raises:
        UnreadableError: If the file is no database, is damaged, or is open in another program.
    """

    def __init__(
        self,
        path: Path | None = None,
        readable: Sequence[Path] = (),
        memory_limit: str = "700MB",
        read_only: bool = False,
        on_disk: bool = False,
    ) -> None:
        if path is None and on_disk:
            folder = Path(tempfile.mkdtemp(prefix="data-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            path = folder / "data.db"
        try:
            self._connection = duckdb.connect(str(path) if path else ":memory:", read_only)
        except duckdb.Error as error:
            raise UnreadableError(str(error)) from error
        self._memo: dict[Hashable, Any] = {}
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._depth = [0]  # shared with the engines beside this one
        self._names: dict[str, str] = {}  # tables that are called otherwise in the database
        self._suffix = ""
        self._origin: Connection | None = None
        self._repetition: dict[tuple[str, str], Repetition] = {}
        files = [str(item.resolve()) for item in readable if not item.is_dir()]
        folders = [f"{item.resolve()}/" for item in readable if item.is_dir()]
        run = self._connection.execute
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        run(f"SET memory_limit = '{memory_limit}'")
        run("SET preserve_insertion_order = true")
        if (
            path is None or read_only
        ):  # larger work spills into a folder of its own, which goes with the engine
            overflow = Path(tempfile.gettempdir()) / f"engine-{uuid.uuid4().hex}"
            run(f"SET temp_directory = {literal(str(overflow))}")
            weakref.finalize(self, shutil.rmtree, overflow, ignore_errors=True)
        if run("SELECT current_setting('enable_progress_bar')").fetchone() != (False,):
            run("SET enable_progress_bar = false")  # a notebook without widgets refuses even to switch it off
        run("SET allowed_paths = $files", {"files": files})
        run("SET allowed_directories = $folders", {"folders": folders})
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    @contextmanager
    def work(self) -> Iterator[None]:
        """Bind several queries into one piece of work, so that a stop between two of them also counts."""
        with self._lock:
            if self._depth[0] == 0:
                self._stopped.clear()
            self._depth[0] += 1
            try:
                yield
            finally:
                self._depth[0] -= 1

    def check(self) -> None:
        """Raise `StoppedError` if the present piece of work was stopped; for long work between queries."""
        if self._depth[0] and self._stopped.is_set():
            raise StoppedError

    def interrupt(self) -> None:
        """Stop the query or the piece of work that is running, from another thread."""
        self._stopped.set()
        self._connection.interrupt()

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what `build` gave for this key before, or build it now; keys name all inputs."""
        with self._lock:
            if key not in self._memo:
                self._memo[key] = build()
            return cast(T, self._memo[key])

    def checkpoint(self) -> None:
        """Bring everything that was stored into the database file itself; nothing to do in memory."""
        with self._turn():
            self._connection.execute("CHECKPOINT")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._memo.clear()
            self._connection.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock:
            self.check()
            try:
                yield
            except duckdb.InterruptException as stopped:
                raise StoppedError from stopped

    def _at(self, table: str) -> str:
        """Return what a table is called in the database."""
        return self._names.get(table, f"{table}{self._suffix}")

    def _create(self, table: str, query: str) -> None:
        """Create or replace a table from a query; what the database refuses is `UnreadableError`."""
        with self._turn():
            try:
                self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(self._at(table))} AS {query}")
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise UnreadableError(str(error)) from error

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # a handle, not a value
