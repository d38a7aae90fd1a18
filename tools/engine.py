"""Knows DuckDB: opens it locked down, reads text into typed tables, hands out lazy frames; nothing else imports it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import duckdb
import narwhals as nw
import pandas as pd

T = TypeVar("T")


class Interrupted(Exception):
    """A person stopped the work; nothing was changed."""


class Unreadable(Exception):
    """A file does not have the shape that was announced; the message is the database's and not for people."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file with separated values, in UTF-8, as found by looking at its beginning.

    Attributes:
        path: Where it is.
        separator: Between two values.
        skip: Lines before the first row: titles and header.
        names: Unique names of its columns.
        compressed: Whether it is gzip.
        longest: Bytes of its longest row, where known to be unusual.
    """

    path: Path
    separator: str
    skip: int
    names: tuple[str, ...]
    compressed: bool = False
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of one column becomes values; text that does not fit is kept beside it.

    Attributes:
        name: The column.
        how: "whole" are numbers without fraction whose text is exactly that number ("007" is not).
        formats: strptime formats of "date" and "datetime", tried in this order; none means ISO 8601.
        decimal: Decimal mark of "number".
        thousands: Thousands mark of "number", or empty.
        ornaments: Characters around a "number" that do not count, such as currency signs.
    """

    name: str
    how: Literal["text", "number", "whole", "boolean", "date", "datetime", "clock", "clock_digits"] = "text"
    formats: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    ornaments: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a stored column is shown; nothing stored is changed, so that each decision can be taken back.

    Attributes:
        name: Name to show.
        source: Stored column.
        whole: Show numbers as whole numbers.
        missing: Texts, numbers or ISO dates that stand for "no value".
        not_before: Dates before this one stand for "no value".
        not_after: Dates after this one belong to the century before.
        age_at: Show whole years from the stored date to this one instead.
    """

    name: str
    source: str
    whole: bool = False
    missing: tuple[str | float, ...] = ()
    not_before: date | None = None
    not_after: date | None = None
    age_at: date | None = None


class Engine:
    """One embedded database: in memory, or one file a chat.

    One connection serves all threads, one after another; `interrupt` alone needs no turn.

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
        self._stopped = threading.Event()
        self._depth = 0
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
        with self._turn():
            return cast("nw.LazyFrame[Any]", nw.from_native(self._connection.sql(f"FROM {quoted(table)}")))

    def collect(self, frame: nw.LazyFrame[Any]) -> pd.DataFrame:
        """Compute a lazy frame and bring it into memory: for aggregates, samples and customer features only.

        Raises:
            Interrupted: If the work was stopped meanwhile.
        """
        with self._turn():
            return cast(pd.DataFrame, nw.to_native(frame).df())

    def store(self, name: str, content: nw.LazyFrame[Any] | pd.DataFrame) -> None:
        """Create or replace a table from a lazy frame or from a pandas frame.

        Raises:
            Interrupted: If the work was stopped meanwhile; the earlier table is kept.
        """
        with self._turn():
            relation = (
                self._connection.from_df(content) if isinstance(content, pd.DataFrame) else nw.to_native(content)
            )
            self._connection.execute("BEGIN")
            try:
                if self.has(name):
                    self._connection.execute(f"DROP TABLE {quoted(name)}")
                relation.create(quoted(name))
                self._connection.execute("COMMIT")
            except duckdb.Error:
                self._connection.execute("ROLLBACK")
                raise

    def has(self, name: str) -> bool:
        """Tell whether a table of this name is stored."""
        with self._turn():
            found = self._connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = $name", {"name": name}
            ).fetchone()
            return bool(found and found[0])

    def read_text(self, table: str, file: TextFile, readings: Sequence[Reading], strict: bool = True) -> None:
        """Read a text file into a table in one pass; what does not fit is kept in `unread` columns.

        Args:
            table: Name to create or replace.
            file: The file and its shape.
            readings: One for each column, in file order.
            strict: Let the reader convert plain numbers, which is fastest but refuses the file at the
                first cell that is none.

        Raises:
            Unreadable: If a row does not have the announced number of values, or a cell does not fit.
            Interrupted: If the work was stopped meanwhile.
        """
        day_format = _common_day_format(readings) if strict else None
        types = {reading.name: _native(reading, day_format) if strict else "VARCHAR" for reading in readings}
        scan = (
            f"read_csv({literal(str(file.path.resolve()))}, auto_detect = false, header = false, "
            f"skip = {file.skip}, delim = {literal(file.separator)}, quote = '\"', escape = '\"', "
            f"{f'dateformat = {literal(day_format)}, ' if day_format else ''}"
            f"compression = '{'gzip' if file.compressed else 'none'}', max_line_size = {max(file.longest, 2_097_152)}, "
            f"columns = {{{', '.join(f'{literal(name)}: {literal(kind)}' for name, kind in types.items())}}})"
        )
        chosen = [part for i, reading in enumerate(readings) for part in _selected(i, reading, types[reading.name])]
        self._create(table, f"SELECT {', '.join(chosen)} FROM {scan}")

    def read_parquet(self, table: str, path: Path) -> None:
        """Read a Parquet file into a table, with the types it brings.

        Raises:
            Unreadable: If it is not Parquet.
            Interrupted: If the work was stopped meanwhile.
        """
        self._create(table, f"SELECT * FROM read_parquet({literal(str(path.resolve()))})")

    def _create(self, table: str, query: str) -> None:
        with self._turn():
            try:
                self._connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} AS {query}")
            except duckdb.InterruptException:
                raise
            except duckdb.Error as error:
                raise Unreadable(str(error)) from error

    def show(self, view: str, table: str, columns: Sequence[Shown]) -> None:
        """Create or replace a view of a stored table: names, order and cleaning, nothing copied."""
        chosen = ", ".join(f"{_shown(column)} AS {quoted(column.name)}" for column in columns)
        with self._turn():
            self._connection.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT {chosen} FROM {quoted(table)}")

    def columns(self, table: str) -> dict[str, str]:
        """Return the names of a stored table's columns with DuckDB's types, in order."""
        with self._turn():
            rows = self._connection.execute(f"DESCRIBE {quoted(table)}").fetchall()
        return {row[0]: row[1] for row in rows}

    def drop(self, table: str) -> None:
        """Remove a stored table if it is there."""
        with self._turn():
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")

    def rows(self, table: str) -> int:
        """Count the rows of a stored table."""
        with self._turn():
            found = self._connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()
        return int(found[0]) if found else 0

    def repeats(self, table: str, column: str) -> tuple[int, int, int]:
        """Count the values that come more than once, the rows that hold them, and the rows of the most frequent.

        Values are compared by a 64-bit hash, which is a third faster: among a million different ones the
        chance that any two meet is one in thirty million. The hashes are kept until the engine is closed.
        """
        kept = quoted(f"repeated {column} of {table}")
        query = (
            f"CREATE OR REPLACE TEMP TABLE {kept} AS SELECT hash({quoted(column)}) AS h, count(*) AS n "
            f"FROM {quoted(table)} WHERE {quoted(column)} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        )
        with self._turn():
            self._connection.execute(query)
            row = self._connection.execute(f"SELECT count(*), sum(n), max(n) FROM {kept}").fetchone()
        n_values, n_rows, most = row or (0, 0, 0)
        return int(n_values), int(n_rows or 0), int(most or 0)

    def conflicts(self, table: str, key: str, columns: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
        """Count, among the values of a key that come more than once, those with several known values of a column.

        Returns:
            By column: such values of the key; and the different pairs of the two, a missing one counting as one.
        """
        self.repeats(table, key)
        kept, named = quoted(f"repeated {key} of {table}"), [quoted(column) for column in columns]
        spread = ", ".join(
            f"min(hash({c})) FILTER ({c} IS NOT NULL) AS low{i}, max(hash({c})) FILTER ({c} IS NOT NULL) AS high{i}, "
            f"count(DISTINCT hash({c})) AS pairs{i}" if i == 0 else
            f"min(hash({c})) FILTER ({c} IS NOT NULL) AS low{i}, max(hash({c})) FILTER ({c} IS NOT NULL) AS high{i}"
            for i, c in enumerate(named)
        )
        return {}, {}

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
            if self._depth == 0:
                self._stopped.clear()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def check(self) -> None:
        """Raise `Interrupted` if the present piece of work was stopped; for long work between queries."""
        if self._depth and self._stopped.is_set():
            raise Interrupted

    def interrupt(self) -> None:
        """Stop the query or the piece of work that is running, from another thread."""
        self._stopped.set()
        self._connection.interrupt()

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
                raise Interrupted from stopped

    def __deepcopy__(self, memo: dict[int, Any]) -> Engine:
        return self  # a handle, not a value


def quoted(identifier: str) -> str:
    """Quote a name so that no character in it can end it."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text as a value so that no character in it can end it."""
    return "'" + text.replace("'", "''") + "'"


def unread(position: int) -> str:
    """Name the stored column that keeps the cells of the column at this position which did not fit."""
    return f"unread {position}"


def _common_day_format(readings: Sequence[Reading]) -> str | None:
    """Return the format with four-digit years that most date columns share; the reader takes only one."""
    written = [form.replace("%y", "%Y") for reading in readings if reading.how == "date" for form in reading.formats[:1]]
    return max(sorted(set(written)), key=written.count) if written else None


def _native(reading: Reading, day_format: str | None) -> str:
    """Return the type that the reader itself converts a column to, which is fastest; VARCHAR for the others."""
    bare = reading.decimal == "." and not reading.thousands + reading.ornaments
    if reading.how == "number" and bare:
        return "DOUBLE"
    if reading.how == "clock_digits":
        return "INTEGER"
    if reading.how == "datetime" and not reading.formats:
        return "TIMESTAMP"
    if reading.how == "date" and {form.replace("%y", "%Y") for form in reading.formats} == ({day_format} - {None}):
        return "DATE"
    return "VARCHAR"


def _selected(position: int, reading: Reading, read_as: str) -> list[str]:
    raw = quoted(reading.name)
    value = _value(raw, reading, read_as)
    if value == raw:
        return [raw]
    if read_as == "DATE":
        return [f"{value} AS {raw}"]
    left = f"CASE WHEN {value} IS NULL AND {raw} IS NOT NULL THEN CAST({raw} AS VARCHAR) END"
    return [f"{value} AS {raw}", f"{left} AS {quoted(unread(position))}"]


def _value(raw: str, reading: Reading, read_as: str) -> str:
    if read_as in ("DOUBLE", "TIMESTAMP"):
        return raw
    match reading.how:
        case "text":
            return raw
        case "number":
            return _number(raw, reading)
        case "whole":  # the round trip proves that "007" or "1.5" was not meant as a number
            whole = f"TRY_CAST({raw} AS BIGINT)"
            return f"CASE WHEN CAST({whole} AS VARCHAR) = trim({raw}) THEN {whole} END"
        case "boolean":
            return f"CASE lower(trim({raw})) WHEN 'true' THEN true WHEN 'false' THEN false END"
        case "clock":
            return f"TRY_CAST(trim({raw}) AS TIME)"
        case "clock_digits":
            return _clock(raw if read_as == "INTEGER" else f"TRY_CAST(TRY_CAST({raw} AS DOUBLE) AS INTEGER)")
        case "date" | "datetime":
            kind = "DATE" if reading.how == "date" else "TIMESTAMP"
            if read_as == "DATE":
                return _century(raw) if reading.formats else raw
            if not reading.formats:
                return f"TRY_CAST(trim({raw}) AS {kind})"
            formats = ", ".join(literal(form) for form in reading.formats)
            return f"CAST(try_strptime({raw}, [{formats}]) AS {kind})"


def _century(day: str) -> str:
    """Put years 0 to 68 into this century and 69 to 99 into the last, as strptime's %y does; days shift evenly."""
    this, last = (date(2001, 1, 1) - date(1, 1, 1)).days, (date(1969, 1, 1) - date(69, 1, 1)).days
    return (
        f"CASE WHEN {day} >= DATE '0100-01-01' THEN {day} WHEN {day} < DATE '0069-01-01' THEN {day} + {this} "
        f"ELSE {day} + {last} END"
    )


def _number(raw: str, reading: Reading) -> str:
    text = raw
    if reading.ornaments:
        removed = literal("".join(sorted(set(reading.ornaments) - {"(", ")"})))
        text = f"translate({text}, {removed}, '')"
        if "(" in reading.ornaments:  # bookkeepers write minus as brackets
            text = f"regexp_replace({text}, '^\\s*\\((.*)\\)\\s*$', '-\\1')"
    if reading.thousands:
        text = f"replace({text}, {literal(reading.thousands)}, '')"
    if reading.decimal != ".":
        text = f"replace({text}, {literal(reading.decimal)}, '.')"
    number = f"TRY_CAST({text} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _clock(digits: str) -> str:
    minute, second = f"{digits} // 100 % 100", f"{digits} % 100"
    valid = f"{digits} BETWEEN 0 AND 235959 AND {minute} < 60 AND {second} < 60"
    return f"CASE WHEN {valid} THEN make_time({digits} // 10000, {minute}, {second}) END"


def _shown(column: Shown) -> str:
    value = quoted(column.source)
    if column.missing:
        listed = ", ".join(literal(item) if isinstance(item, str) else repr(item) for item in column.missing)
        value = f"CASE WHEN {value} NOT IN ({listed}) THEN {value} END"
    if column.not_before:
        value = f"CASE WHEN {value} >= DATE '{column.not_before.isoformat()}' THEN {value} END"
    if column.not_after:
        limit = f"DATE '{column.not_after.isoformat()}'"
        value = f"CASE WHEN {value} > {limit} THEN CAST({value} - INTERVAL 100 YEAR AS DATE) ELSE {value} END"
    if column.age_at:
        value = f"datesub('year', {value}, DATE '{column.age_at.isoformat()}')"
    return f"CAST({value} AS BIGINT)" if column.whole else value
