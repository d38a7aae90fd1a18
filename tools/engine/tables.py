"""Knows the tables of a database: kept, shown, counted, and handed out as lazy frames."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import narwhals as nw
import pandas as pd

from tools.engine.connection import Connection
from tools.files.conversions import Shown, literal, quoted, shown_value

_CONTENT = "content to store"
_ONE_IN = 256  # values of which one is looked at to find borders


def hash_border(share: float) -> str:
    """Return the eight hexadecimal digits below which this share of all hashes begins."""
    return f"{min(int(share * 2**32), 2**32 - 1):08x}"


class Tables(Connection):
    """The tables and views that were stored, by the names that the product gave them."""

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

    def table(self, name: str, columns: Sequence[str], every: int = 1) -> pd.DataFrame:
        """Bring columns of a stored table into memory in the order of its rows, sparing memory.

        Args:
            name: The table; no view.
            columns: Which columns.
            every: Bring the first row and every so manieth from there.

        Raises:
            StoppedError: If the work was stopped meanwhile.
        """
        with self._turn():
            types = self.columns(name)
            parts: dict[str, Any] = {}
            for column in columns:  # one by one: faster than all at once, and only one is held twice
                chosen = f" WHERE rowid % {int(every)} = 0" if every > 1 else ""
                query = f"SELECT {quoted(column)} FROM {quoted(self._at(name))}{chosen}"
                read = self._connection.sql(query)
                text = types[column] == "VARCHAR"  # without one Python object a cell
                parts[column] = (read.to_arrow_table().to_pandas() if text else read.df())[column]
            return pd.DataFrame(parts, copy=False)

    def store(self, name: str, content: nw.LazyFrame[Any] | pd.DataFrame, passing: bool = False) -> None:
        """Create or replace a table from a lazy frame or from a pandas frame.

        Args:
            name: The table.
            content: Its rows.
            passing: It is a step on the way and dropped soon: not worth packing for the database file.

        Raises:
            StoppedError: If the work was stopped meanwhile; the earlier table is kept.
        """
        with self._turn():
            relation = (
                self._connection.from_df(content)
                if isinstance(content, pd.DataFrame)
                else nw.to_native(content)
            )
            self._put(self._at(name), relation, "TEMP TABLE" if passing else "TABLE")

    def append(self, name: str, content: nw.LazyFrame[Any]) -> None:
        """Put the rows of a lazy frame behind those of a stored table with the same columns.

        Raises:
            StoppedError: If the work was stopped meanwhile; the table is as it was.
        """
        into = f"INSERT INTO {quoted(self._at(name))} FROM {quoted(_CONTENT)}"
        with self._turn():
            try:
                nw.to_native(content).query(_CONTENT, into)
            finally:
                self._connection.execute(f"DROP VIEW IF EXISTS {quoted(_CONTENT)}")

    def part(self, frame: nw.LazyFrame[Any], key: str, share: float) -> nw.LazyFrame[Any]:
        """Return about this share of the rows, 0 to 1, chosen by a hash of the key that every engine has."""
        kind = frame.collect_schema()[key]
        text = f"TRY_CAST({quoted(key)} AS {'DECIMAL(38, 6)' if kind.is_float() else 'VARCHAR'})"
        wanted = f"left(md5(coalesce(CAST({text} AS VARCHAR), '')), 8) < {literal(hash_border(share))}"
        some = nw.to_native(frame).filter(wanted if share < 1 else "true")
        return cast(nw.LazyFrame[Any], nw.from_native(some))

    def borders(self, table: str, column: str, n_parts: int) -> list[Any]:
        """Return at most `n_parts` - 1 values in order that cut a table by a column into about equal parts.

        They are quantiles of one value in a few hundred, chosen by its hash, so that no order of rows counts.
        """
        name, places = quoted(column), ", ".join(str(i / n_parts) for i in range(1, n_parts))
        if not places:
            return []
        few = f"SELECT {name} FROM {quoted(self._at(table))} WHERE hash({name}) % {_ONE_IN} = 0"
        with self._turn():
            found = self._connection.execute(
                f"SELECT quantile_disc({name}, [{places}]) FROM ({few})"
            ).fetchone()
        return sorted(set(found[0])) if found and found[0] else []

    def _put(self, stored: str, relation: Any, kind: str = "TABLE") -> None:
        """Create or replace a table, called by its name in the database."""
        try:
            relation.query(_CONTENT, f"CREATE OR REPLACE {kind} {quoted(stored)} AS FROM {quoted(_CONTENT)}")
        finally:
            self._connection.execute(f"DROP VIEW IF EXISTS {quoted(_CONTENT)}")

    def show(self, view: str, table: str, columns: Sequence[Shown]) -> None:
        """Create or replace a view of a stored table: names, order and cleaning, nothing copied."""
        view, table = self._at(view), self._at(table)
        chosen = ", ".join(f"{shown_value(column)} AS {quoted(column.name)}" for column in columns)
        with self._turn():
            self._connection.execute(
                f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT {chosen} FROM {quoted(table)}"
            )

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

    def drop(self, table: str) -> None:
        """Remove a stored table if it is there."""
        with self._turn():
            self._connection.execute(f"DROP TABLE IF EXISTS {quoted(self._at(table))}")

    def has(self, name: str) -> bool:
        """Tell whether a table of this name is stored."""
        with self._turn():
            found = self._connection.execute(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = $name",
                {"name": self._at(name)},
            ).fetchone()
            return bool(found and found[0])

    def columns(self, table: str) -> dict[str, str]:
        """Return the names of a stored table's columns with DuckDB's types, in order."""
        with self._turn():
            rows = self._connection.execute(f"DESCRIBE {quoted(self._at(table))}").fetchall()
        return {row[0]: row[1] for row in rows}

    def rows(self, table: str) -> int:
        """Count the rows of a stored table."""
        with self._turn():
            found = self._connection.execute(f"SELECT count(*) FROM {quoted(self._at(table))}").fetchone()
        return int(found[0]) if found else 0

    def numbered(self, table: str, column: str) -> pd.DataFrame:
        """Return the values of a column that are not missing as `text`, with their `row` from 1."""
        numbered = f"SELECT row_number() OVER () AS row, {quoted(column)} AS text"
        numbered = f"{numbered} FROM {quoted(self._at(table))}"
        with self._turn():
            query = f"SELECT * FROM ({numbered}) WHERE text IS NOT NULL ORDER BY row"
            return self._connection.execute(query).df()
