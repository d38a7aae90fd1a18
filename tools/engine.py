"""Knows DuckDB: opens it locked down, reads files into typed tables, hands out lazy frames."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

import copy
import json
import math
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd

from tools import progress
from tools.errors import StoppedError, ToolError
from tools.files.conversions import (
    Reading,
    Shown,
    TextFile,
    common_day_format,
    literal,
    native_type,
    quoted,
    selected,
    shown_value,
)
from tools.understanding.repetition import Hashes, Repetition, count_conflicts, find_repetition

T = TypeVar("T")
SORTED_ROWS = 4_000_000  # rows up to which repeated keys are found by sorting hashes in memory
ADOPTED_ROWS = 100_000  # rows that are on their way from one database to another at once
_CONTENT = "content to store"
_KEPT = ("DOUBLE", "DATE", "TIME", "BOOLEAN", "VARCHAR")


class UnreadableError(Exception):
    """A file does not have the shape that was announced; the message is the database's and not for people."""


class Engine:
    """One embedded database: in memory, or one file a chat.

    One connection serves all threads, one after another; `interrupt` alone needs no turn.

    Args:
        path: Database file; None keeps everything in memory.
        readable: The only files and folders that may be read from now on; everything else outside
            the database is closed: no network, no extensions, no changes to the configuration.
        memory_limit: DuckDB's own limit; larger work goes to a temporary folder.
        read_only: Open a database that belongs to somebody else, and change nothing in it.

    Raises:
        UnreadableError: If the file is no database, is damaged, or is open in another program.
    """

    def __init__(
        self,
        path: Path | None = None,
        readable: Sequence[Path] = (),
        memory_limit: str = "700MB",
        read_only: bool = False,
    ) -> None:
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
        self._origin: Engine | None = None
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

    def beside(self, shared: Collection[str]) -> Engine:
        """Return an engine on the same database in which other tables can be made under the same names.

        What the tables of an earlier workspace were stays as it was, so that a change can be taken back.

        Args:
            shared: Tables that are the same in both; of all others nothing is known.
        """
        other = copy.copy(self)
        other._origin = self  # keeps what goes with the first engine
        other._memo, other._repetition = {}, {}
        other._names = {name: self._at(name) for name in shared}
        other._suffix = f" {uuid.uuid4().hex[:12]}"
        return other

    @property
    def naming(self) -> dict[str, Any]:
        """How tables are called in the database, as plain JSON from which `named` makes an equal engine."""
        return {"suffix": self._suffix, "names": dict(self._names)}

    def named(self, naming: Mapping[str, Any]) -> Engine:
        """Return the engine beside this one that was described by `naming`, after reopening a database."""
        other = self.beside(())
        other._suffix, other._names = str(naming["suffix"]), dict(naming["names"])
        return other

    def reader(self, path: Path, readable: Sequence[Path]) -> Engine:
        """Return an engine on a database of its own that may read files, for `adopt` to take over from.

        This one stays closed to all files.

        Args:
            path: Database file to make.
            readable: The files and folders that it may read.
        """
        return Engine(path, readable).named({"suffix": self._suffix, "names": {}})

    def adopt(self, other: Engine) -> None:
        """Take over all tables and views of an engine that came from `reader`, in the order of their rows.

        Raises:
            StoppedError: If the work was stopped meanwhile; what was taken over by then belongs to nobody.
        """
        kinds = "SELECT table_name, table_type FROM information_schema.tables ORDER BY table_name"
        views = "SELECT sql FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
        with self._turn(), other._turn():
            run = other._connection.execute
            for name, kind in run(kinds).fetchall():
                if kind == "BASE TABLE":
                    rows = other._connection.sql(f"FROM {quoted(name)}").to_arrow_reader(ADOPTED_ROWS)
                    self._put(name, self._connection.from_arrow(rows))
                    progress.check()
            self._make(
                [
                    view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
                    for (view,) in run(views).fetchall()
                ]
            )

    def _make(self, views: Sequence[str]) -> None:
        """Create views, those that others look at first."""
        while views:
            waiting: list[str] = []
            for view in views:
                try:
                    self._connection.execute(view)
                except duckdb.CatalogException:  # what it looks at is not there yet
                    if len(waiting) + 1 == len(views):
                        raise
                    waiting.append(view)
            views = waiting

    def _at(self, table: str) -> str:
        """Return what a table is called in the database."""
        return self._names.get(table, f"{table}{self._suffix}")

    def frame(self, table: str) -> nw.LazyFrame[Any]:
        """Return a lazy frame over a stored table; nothing is computed until it is collected."""
        with self._turn():
            return nw.from_native(self._connection.sql(f"FROM {quoted(self._at(table))}"))

    def collect(self, frame: nw.LazyFrame[Any]) -> pd.DataFrame:
        """Compute a lazy frame and bring it into memory: for aggregates, samples and customer features only.

        Raises:
            StoppedError: If the work was stopped meanwhile.
        """
        with self._turn():
            return cast(pd.DataFrame, nw.to_native(frame).df())

    def table(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Bring columns of a stored table into memory in the order of its rows, sparing memory.

        Raises:
            StoppedError: If the work was stopped meanwhile.
        """
        with self._turn():
            types = self.columns(name)
            parts: dict[str, Any] = {}
            for column in columns:  # one by one: faster than all at once, and only one is held twice
                read = self._connection.sql(f"SELECT {quoted(column)} FROM {quoted(self._at(name))}")
                text = types[column] == "VARCHAR"  # without one Python object a cell
                parts[column] = (read.to_arrow_table().to_pandas() if text else read.df())[column]
            return pd.DataFrame(parts, copy=False)

    def store(self, name: str, content: nw.LazyFrame[Any] | pd.DataFrame) -> None:
        """Create or replace a table from a lazy frame or from a pandas frame.

        Raises:
            StoppedError: If the work was stopped meanwhile; the earlier table is kept.
        """
        with self._turn():
            relation = (
                self._connection.from_df(content)
                if isinstance(content, pd.DataFrame)
                else nw.to_native(content)
            )
            self._put(self._at(name), relation)

    def _put(self, stored: str, relation: Any) -> None:
        """Create or replace a table, called by its name in the database."""
        try:
            relation.query(_CONTENT, f"CREATE OR REPLACE TABLE {quoted(stored)} AS FROM {quoted(_CONTENT)}")
        finally:
            self._connection.execute(f"DROP VIEW IF EXISTS {quoted(_CONTENT)}")

    def has(self, name: str) -> bool:
        """Tell whether a table of this name is stored."""
        with self._turn():
            found = self._connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = $name",
                {"name": self._at(name)},
            ).fetchone()
            return bool(found and found[0])

    def listed(self) -> list[str]:
        """Return the tables and views of a database that was made by somebody else, by name."""
        query = """SELECT CASE WHEN table_schema = 'main' THEN table_name
            ELSE table_schema || '.' || table_name END AS name FROM information_schema.tables ORDER BY name"""
        with self._turn():
            return [str(name) for (name,) in self._connection.execute(query).fetchall()]

    def batches(self, query: str, n_rows: int) -> Any:
        """Run a query on a database that was opened read-only; return its rows as a reader of Arrow batches.

        Raises:
            UnreadableError: If the database refuses it.
        """
        with self._turn():
            try:
                return self._connection.sql(query).to_arrow_reader(n_rows)
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise UnreadableError(str(error).splitlines()[0]) from error

    def read_text(self, table: str, file: TextFile, readings: Sequence[Reading], strict: bool = True) -> None:
        """Read a text file into a table in one pass; what does not fit is kept in `unread` columns.

        Args:
            table: Name to create or replace.
            file: The file and its shape.
            readings: One for each column, in file order.
            strict: Let the reader convert plain numbers, which is fastest but refuses the file at the
                first cell that is none.

        Raises:
            UnreadableError: If a row does not have the announced number of values, or a cell does not fit.
            StoppedError: If the work was stopped meanwhile.
        """
        day_format = common_day_format(readings) if strict else None
        types = {
            reading.name: native_type(reading, day_format) if strict else "VARCHAR" for reading in readings
        }
        scan = (
            f"read_csv({literal(str(file.path.resolve()))}, auto_detect = false, header = false, "
            f"skip = {file.skip}, delim = {literal(file.separator)}, quote = '\"', escape = '\"', "
            f"{f'dateformat = {literal(day_format)}, ' if day_format else ''}"
            f"compression = '{'gzip' if file.compressed else 'none'}', "
            f"max_line_size = {max(file.longest, 2_097_152)}, "
            f"columns = {{{', '.join(f'{literal(name)}: {literal(kind)}' for name, kind in types.items())}}})"
        )
        chosen = [
            part for i, reading in enumerate(readings) for part in selected(i, reading, types[reading.name])
        ]
        self._create(table, f"SELECT {', '.join(chosen)} FROM {scan}")

    def look_at_parquet(
        self, path: Path, n_rows: int = 3000
    ) -> tuple[dict[str, str], list[tuple[str | None, ...]]]:
        """Return the columns of a Parquet file with their types, and the first rows as text.

        Raises:
            UnreadableError: If it is not Parquet.
        """
        scan = f"read_parquet({literal(str(path.resolve()))})"
        with self._turn():
            try:
                types = {
                    row[0]: row[1]
                    for row in self._connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
                }
                texts = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in types)
                return types, self._connection.execute(
                    f"SELECT {texts} FROM {scan} LIMIT {n_rows}"
                ).fetchall()
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise UnreadableError(str(error)) from error

    def read_parquet(
        self, table: str, path: Path, types: Mapping[str, str], readings: Sequence[Reading]
    ) -> None:
        """Read a Parquet file into a table; text is converted as for text files, other types are kept.

        Args:
            table: Name to create or replace.
            path: The file.
            types: Its columns with their types, in order.
            readings: One for each column, under the name that it is to have.

        Raises:
            UnreadableError: If a value cannot be read.
        """
        chosen = []
        for position, ((name, kind), reading) in enumerate(zip(types.items(), readings, strict=True)):
            if kind == "VARCHAR":
                parts = selected(position, reading, "VARCHAR", quoted(name))
            elif kind.startswith(("DECIMAL", "FLOAT")):
                parts = [f"CAST({quoted(name)} AS DOUBLE) AS {quoted(reading.name)}"]
            elif kind.startswith("TIMESTAMP"):
                parts = [f"CAST({quoted(name)} AS TIMESTAMP) AS {quoted(reading.name)}"]
            elif kind in _KEPT or kind.endswith(("INT", "INTEGER")):
                parts = [f"{quoted(name)} AS {quoted(reading.name)}"]
            else:
                parts = [f"CAST({quoted(name)} AS VARCHAR) AS {quoted(reading.name)}"]
            chosen += parts
        self._create(table, f"SELECT {', '.join(chosen)} FROM read_parquet({literal(str(path.resolve()))})")

    def _create(self, table: str, query: str) -> None:
        with self._turn():
            try:
                self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(self._at(table))} AS {query}")
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise UnreadableError(str(error)) from error

    def show(self, view: str, table: str, columns: Sequence[Shown]) -> None:
        """Create or replace a view of a stored table: names, order and cleaning, nothing copied."""
        view, table = self._at(view), self._at(table)
        chosen = ", ".join(f"{shown_value(column)} AS {quoted(column.name)}" for column in columns)
        with self._turn():
            self._connection.execute(
                f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT {chosen} FROM {quoted(table)}"
            )

    def numbered(self, table: str, column: str) -> pd.DataFrame:
        """Return the values of a column that are not missing as `text`, with their `row` from 1."""
        numbered = f"SELECT row_number() OVER () AS row, {quoted(column)} AS text"
        numbered = f"{numbered} FROM {quoted(self._at(table))}"
        with self._turn():
            query = f"SELECT * FROM ({numbered}) WHERE text IS NOT NULL ORDER BY row"
            return self._connection.execute(query).df()

    def rows_apart(self, table: str, source: str, columns: Sequence[str]) -> int:
        """Store the rows of a table without those that repeat an earlier one, in their order.

        Args:
            table: Name to create or replace.
            source: Table to take them from.
            columns: In which rows must be the same to be repeats.

        Returns:
            Rows that were left out.
        """
        same = ", ".join(map(quoted, columns))
        numbered = f"SELECT *, row_number() OVER () AS place_ FROM {quoted(self._at(source))}"
        first = f"QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY place_) = 1"
        query = f"SELECT * EXCLUDE (place_) FROM (SELECT * FROM ({numbered}) {first} ORDER BY place_)"
        self._create(table, query)
        return self.rows(source) - self.rows(table)

    def columns(self, table: str) -> dict[str, str]:
        """Return the names of a stored table's columns with DuckDB's types, in order."""
        with self._turn():
            rows = self._connection.execute(f"DESCRIBE {quoted(self._at(table))}").fetchall()
        return {row[0]: row[1] for row in rows}

    def drop(self, table: str) -> None:
        """Remove a stored table if it is there."""
        with self._turn():
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(self._at(table))}")

    def rows(self, table: str) -> int:
        """Count the rows of a stored table."""
        with self._turn():
            found = self._connection.execute(f"SELECT count(*) FROM {quoted(self._at(table))}").fetchone()
        return int(found[0]) if found else 0

    def digest(self, table: str) -> str:
        """Return a fingerprint of a stored table's rows, the same in any order of the rows."""
        text = ", ".join(f"coalesce(CAST({quoted(name)} AS VARCHAR), chr(0))" for name in self.columns(table))
        row = f"md5_number_lower(concat_ws(chr(1), {text}))"
        with self._turn():
            found = self._connection.execute(
                f"SELECT count(*), coalesce(sum(CAST({row} AS HUGEINT)), 0) FROM {quoted(self._at(table))}"
            ).fetchone()
        rows, total = found or (0, 0)
        return f"{rows}-{int(total):x}"

    def repeats(self, table: str, column: str) -> tuple[int, int, int]:
        """Count the values that come more than once, their rows, and the rows of the most frequent.

        Values are compared by a 64-bit hash: among a million different ones the chance that any two meet
        is one in thirty million.
        """
        if self.rows(table) <= SORTED_ROWS:
            found = find_repetition(self._hashes(table, [column])[column])
            self._repetition = {(table, column): found}
            return found.n_values, found.n_rows, found.most
        name = quoted(column)
        rows = f"{quoted(self._at(table))} WHERE {name} IS NOT NULL"
        groups = f"SELECT count(*) AS n FROM {rows} GROUP BY hash({name})"
        with self._turn():
            query = f"SELECT count(*), sum(n), max(n) FROM ({groups}) WHERE n > 1"
            n_values, n_rows, most = self._connection.execute(query).fetchone() or (0, 0, 0)
        return int(n_values), int(n_rows or 0), int(most or 0)

    def conflicts(self, table: str, key: str, columns: Sequence[str]) -> dict[str, int]:
        """Count the repeated values of a key that have several known values of a column."""
        if self.rows(table) <= SORTED_ROWS:
            if (table, key) not in self._repetition:
                self.repeats(table, key)
            found = self._repetition.pop((table, key))
            return count_conflicts(found, self._hashes(table, columns))
        spread, several = [], []
        for i, column in enumerate(map(quoted, columns)):
            known = f"CASE WHEN {column} IS NOT NULL THEN hash({column}) END"
            spread.append(f"min({known}) AS low{i}, max({known}) AS high{i}")
            several.append(f"count_if(low{i} <> high{i})")
        people = f"SELECT {', '.join(spread)} FROM {quoted(self._at(table))} WHERE {quoted(key)} IS NOT NULL"
        with self._turn():
            query = f"SELECT {', '.join(several)} FROM ({people} GROUP BY hash({quoted(key)}))"
            row = self._connection.execute(query).fetchone() or ()
        return dict(zip(columns, map(int, row), strict=True))

    def _hashes(self, table: str, columns: Sequence[str]) -> dict[str, Hashes]:
        """Return the hash of each cell; 0 for missing ones."""
        chosen = ", ".join(
            f"CASE WHEN {quoted(c)} IS NULL THEN 0::UBIGINT ELSE hash({quoted(c)}) | 1::UBIGINT END AS h{i}"
            for i, c in enumerate(columns)
        )
        with self._turn():
            arrays = self._connection.execute(f"SELECT {chosen} FROM {quoted(self._at(table))}").fetchnumpy()
        return {column: np.asarray(arrays[f"h{i}"]) for i, column in enumerate(columns)}

    def pairs(self, table: str, key: str, column: str) -> int:
        """Count the different pairs of two columns where the key is known; "missing" counts as a value."""
        both = f"SELECT DISTINCT hash({quoted(key)}), {quoted(column)} FROM {quoted(self._at(table))}"
        with self._turn():
            found = self._connection.execute(
                f"SELECT count(*) FROM ({both} WHERE {quoted(key)} IS NOT NULL)"
            ).fetchone()
        return int(found[0]) if found else 0

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Return what `build` gave for this key before, or build it now; keys name all inputs."""
        with self._lock:
            if key not in self._memo:
                self._memo[key] = build()
            return cast(T, self._memo[key])

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

    def stored_name(self, table: str) -> str:
        """Return what a table is called in the database, for a query that was parsed before."""
        return self._at(table)

    def parsed(self, query: str) -> dict[str, Any]:
        """Return the database's own parse tree of a query; nothing is run."""
        with self._turn():
            found = self._connection.execute("SELECT json_serialize_sql($query::VARCHAR)", {"query": query})
            row = found.fetchone()
            return cast(dict[str, Any], json.loads(row[0])) if row else {}

    def query(
        self, statement: Mapping[str, Any], seconds: float, most_rows: int
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a parse tree of one SELECT in a transaction that can only read.

        Args:
            statement: Checked before; see `safe_select`.
            seconds: After these it is broken off.
            most_rows: Rows to return at most.

        Returns:
            Names of the columns, and rows of plain values.

        Raises:
            ToolError: If it cannot be run or takes too long; the message quotes no value.
        """
        tree = json.dumps({"error": False, "statements": [statement]})
        watch = threading.Timer(seconds, self._connection.interrupt)
        with self._lock:
            self.check()
            run = self._connection.execute
            run("BEGIN TRANSACTION READ ONLY")
            watch.start()
            try:
                text = run("SELECT json_deserialize_sql($tree::JSON)", {"tree": tree}).fetchone()
                query = str(text[0]) if text else ""
                ordered = any(part["type"] == "ORDER_MODIFIER" for part in statement["node"]["modifiers"])
                # rows come in no order of their own: the same request has to give the same table
                found = run(query if ordered else f"SELECT * FROM ({query}) ORDER BY ALL")
                names = [str(about[0]) for about in found.description or ()]
                return names, [tuple(map(_plain, row)) for row in found.fetchmany(most_rows)]
            except duckdb.InterruptException as stopped:
                self.check()
                raise ToolError("The query took too long.", "Ask for less, or add a condition.") from stopped
            except duckdb.Error as error:
                raise ToolError(
                    "The query could not be run.", "Check the names of the columns and what they hold."
                ) from error
            finally:
                watch.cancel()
                run("ROLLBACK")

    def interrupt(self) -> None:
        """Stop the query or the piece of work that is running, from another thread."""
        self._stopped.set()
        self._connection.interrupt()

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

    def __deepcopy__(self, memo: dict[int, Any]) -> Engine:
        return self  # a handle, not a value


def _plain(value: Any) -> float | int | str | bool | None:
    """Return a value of a query's result as a number, a text or None."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    return str(value)
