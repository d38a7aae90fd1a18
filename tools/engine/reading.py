"""Knows how text files and Parquet files are read into typed tables, in one pass."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from tools.engine.connection import Connection, UnreadableError
from tools.files.conversions import (
    Reading,
    TextFile,
    common_day_format,
    literal,
    native_type,
    quoted,
    selected,
)

_KEPT = ("DOUBLE", "DATE", "TIME", "BOOLEAN", "VARCHAR")


class Files(Connection):
    """The files that a database may read."""

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
                parts = selected(position, reading, "VARCHAR", f"CAST({quoted(name)} AS VARCHAR)")
            elif kind.startswith(("DECIMAL", "FLOAT")):
                parts = [f"CAST({quoted(name)} AS DOUBLE) AS {quoted(reading.name)}"]
            elif kind.startswith("TIMESTAMP"):
                parts = [f"CAST({quoted(name)} AS TIMESTAMP) AS {quoted(reading.name)}"]
            elif kind in _KEPT or kind.endswith(("INT", "INTEGER")):
                parts = [f"{quoted(name)} AS {quoted(reading.name)}"]
            elif kind.endswith("]") or kind.startswith(("MAP(", "STRUCT(")):
                parts = [f"CAST(to_json({quoted(name)}) AS VARCHAR) AS {quoted(reading.name)}"]
            else:
                parts = [f"CAST({quoted(name)} AS VARCHAR) AS {quoted(reading.name)}"]
            chosen += parts
        self._create(table, f"SELECT {', '.join(chosen)} FROM read_parquet({literal(str(path.resolve()))})")
