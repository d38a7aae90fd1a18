"""Knows how a question that was written as a query is parsed and run, able to read alone."""

# ruff: noqa: S608 - every name and text in a query goes through `quoted` or `literal`

from __future__ import annotations

import json
import math
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import duckdb

from tools.engine.connection import Connection, UnreadableError
from tools.errors import ToolError


class Queries(Connection):
    """Queries of a person, and those on a database that was made by somebody else."""

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


def _plain(value: Any) -> float | int | str | bool | None:
    """Return a value of a query's result as a number, a text or None."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    return str(value)
