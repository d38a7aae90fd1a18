"""Knows one chat's database as a whole, and the engines beside it that share or take over its tables."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tools import progress
from tools.engine.queries import Queries
from tools.engine.reading import Files
from tools.engine.repeating import Repeats
from tools.files.conversions import quoted

ADOPTED_ROWS = 100_000  # rows that are on their way from one database to another at once


class Engine(Files, Repeats, Queries):
    """One embedded database with its files, tables and queries; opened as a `Connection` is."""

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
