"""Knows how Spark answers about tables that DuckDB read and keeps, and about those that it makes itself."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
import uuid
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from tools.engine.database import ADOPTED_ROWS, Engine
from tools.engine.spark_session import Spark, activate, session
from tools.engine.spark_tables import fingerprint, in_order, kind_in_duckdb, repetition
from tools.engine.tables import hash_border
from tools.errors import StoppedError, ToolError
from tools.files.conversions import Shown, quoted

_WATCH_SECONDS = 0.2


class SparkEngine(Engine):
    """An engine whose frames are Spark's.

    What was loaded from files stays in the database of the chat, as ever, and is handed to Spark as Parquet
    when it is first asked for; what is made of it is made and kept by Spark, and goes with the engine.

    Args:
        origin: The engine that the tables were loaded with; its database is shared.
        spark: Which Spark to use.
    """

    def __init__(self, origin: Engine, spark: Spark) -> None:
        self.__dict__.update(origin.__dict__)  # the same open database, under one lock
        self._origin, self._memo = origin, {}
        self._spark = spark
        self._session = session(spark)
        self._folder = _folder(spark)
        self._tag = f"engine-{uuid.uuid4().hex}"
        self._places = itertools.count()
        self._far: dict[str, list[str]] = {}  # what lies in Spark alone: its folders, by name in the database
        self._handed: dict[str, list[str]] = {}  # what was handed over from the database
        if spark.is_near:
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def frame(self, table: str) -> nw.LazyFrame[Any]:
        """Return a lazy frame of Spark over a stored table."""
        from tools.engine.spark_expressions import lazy

        with self._turn():
            return lazy(self._read(self._at(table)))

    def collect(self, frame: nw.LazyFrame[Any]) -> pd.DataFrame:
        """Compute a lazy frame and bring it into memory with the types that DuckDB would give."""
        with self._turn(), self._job():
            found = nw.to_native(frame).toArrow()
            return self._connection.from_arrow(found).df()

    def table(self, name: str, columns: Sequence[str], every: int = 1) -> pd.DataFrame:
        """Bring columns of a stored table into memory in the order of its rows."""
        stored = self._at(name)
        if stored not in self._far:
            return super().table(name, columns, every)
        with self._turn(), self._job():
            found = in_order(self._session, self._far[stored], columns).toArrow()
            return self._connection.from_arrow(found).df().iloc[::every].reset_index(drop=True)

    def store(self, name: str, content: nw.LazyFrame[Any] | pd.DataFrame, passing: bool = False) -> None:
        """Create or replace a table: of a lazy frame in Spark, of a pandas frame in the database."""
        stored = self._at(name)
        if isinstance(content, pd.DataFrame):
            super().store(name, content, passing)
            self._forget(stored)
            return
        with self._turn(), self._job():
            place = self._place()
            nw.to_native(content).write.parquet(place)
            self._forget(stored)
            self._far[stored] = [place]

    def append(self, name: str, content: nw.LazyFrame[Any]) -> None:
        """Put the rows of a lazy frame behind those of a table that Spark made, with the same columns."""
        with self._turn(), self._job():
            place = self._place()
            nw.to_native(content).write.parquet(place)
            self._far[self._at(name)].append(place)

    def part(self, frame: nw.LazyFrame[Any], key: str, share: float) -> nw.LazyFrame[Any]:
        """Return about this share of the rows, 0 to 1: those that DuckDB would choose."""
        from tools.engine.spark_expressions import lazy
        from tools.engine.spark_functions import name_of

        if share >= 1:
            return frame
        kind = frame.collect_schema()[key]
        text = f"try_cast({name_of(key)} as {'decimal(38, 6)' if kind.is_float() else 'string'})"
        hashed = f"md5(cast(coalesce(cast({text} as string), '') as binary))"
        return lazy(nw.to_native(frame).filter(f"substr({hashed}, 1, 8) < '{hash_border(share)}'"))

    def borders(self, table: str, column: str, n_parts: int) -> list[Any]:
        """Return no border: Spark itself computes part by part what is more than its memory holds."""
        return []

    def show(self, view: str, table: str, columns: Sequence[Shown]) -> None:
        """Create or replace a view of a table that was loaded from a file."""
        super().show(view, table, columns)
        self._forget(self._at(view))

    def rows_apart(self, table: str, source: str, columns: Sequence[str]) -> int:
        """Store the rows of a table without those that repeat an earlier one, in their order."""
        gone = super().rows_apart(table, source, columns)
        self._forget(self._at(table))
        return gone

    def drop(self, table: str) -> None:
        """Remove a stored table if it is there."""
        stored = self._at(table)
        if stored not in self._far:
            super().drop(table)
        self._forget(stored)

    def has(self, name: str) -> bool:
        """Tell whether a table of this name is stored."""
        return self._at(name) in self._far or super().has(name)

    def columns(self, table: str) -> dict[str, str]:
        """Return the names of a stored table's columns with DuckDB's types, in order."""
        stored = self._at(table)
        if stored not in self._far:
            return super().columns(table)
        with self._turn():
            return {one.name: kind_in_duckdb(one.dataType) for one in self._read(stored).schema}

    def rows(self, table: str) -> int:
        """Count the rows of a stored table."""
        stored = self._at(table)
        if stored not in self._far:
            return super().rows(table)
        with self._turn(), self._job():
            return int(self._read(stored).count())

    def repeats(self, table: str, column: str) -> tuple[int, int, int]:
        """Count the values that come more than once, their rows, and the rows of the most frequent."""
        if self._at(table) not in self._far:
            return super().repeats(table, column)
        found = self.collect(repetition(self.frame(table), column)).iloc[0]
        return int(found["values"]), int(found["rows"] or 0), int(found["most"] or 0)

    def digest(self, table: str) -> str:
        """Return a fingerprint of a stored table's rows, the same in any order of the rows."""
        stored = self._at(table)
        if stored not in self._far:
            return super().digest(table)
        with self._turn(), self._job():
            return fingerprint(self._read(stored))

    def query(self, statement: Any, seconds: float, most_rows: int) -> Any:
        """Run a parse tree of one SELECT on tables that were loaded from files.

        Raises:
            ToolError: If a table lies in Spark alone, where SQL of this kind is not understood.
        """
        if any(name in str(statement) for name in self._far):
            raise ToolError(
                "SQL runs on tables that were loaded from files, and this one is kept by Spark.",
                "Ask the same in words, or for the table that was loaded.",
            )
        return super().query(statement, seconds, most_rows)

    def adopt(self, other: Engine) -> None:
        """Take over all tables and views of an engine that came from `reader`."""
        super().adopt(other)
        self._handed.clear()

    def interrupt(self) -> None:
        """Stop what is running, here and in Spark, from another thread."""
        super().interrupt()
        self._end()

    def close(self) -> None:
        """Close the database; Spark itself stays for the next chat."""
        super().close()
        self._far.clear()
        self._handed.clear()
        if self._spark.is_near:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, stored: str) -> Any:
        """Return Spark's frame over a table, handed over first where it only lies in the database."""
        places = self._far.get(stored) or self._handed.get(stored)
        if places is None:
            places = self._handed[stored] = [self._hand_over(stored)]
        activate(self._session)
        return self._session.read.parquet(*places)

    def _hand_over(self, stored: str) -> str:
        """Write a table of the database for Spark: as a file that it sees, else through the connection."""
        import pyarrow.parquet as pq

        place = self._place()
        rows = self._connection.sql(f"FROM {quoted(stored)}").to_arrow_reader(ADOPTED_ROWS)
        if self._spark.is_near:
            Path(place).mkdir(parents=True)
            with pq.ParquetWriter(f"{place}/part-00000.parquet", rows.schema, compression="zstd") as writer:
                for batch in rows:
                    self.check()
                    writer.write_batch(batch)
            return place
        import pyarrow as pa

        empty = True
        for batch in rows:
            self.check()
            part = self._session.createDataFrame(pa.Table.from_batches([batch]))
            part.write.mode("append").parquet(place)
            empty = False
        if empty:
            self._session.createDataFrame(rows.schema.empty_table()).write.parquet(place)
        return place

    def _place(self) -> str:
        """Return a new folder; those made later come later by name, so that rows keep their order."""
        return f"{self._folder}/{next(self._places):06d}-{uuid.uuid4().hex}"

    def _forget(self, stored: str) -> None:
        for known in (self._far, self._handed):
            for place in known.pop(stored, []):
                if self._spark.is_near:
                    shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def _job(self) -> Iterator[None]:
        """Let Spark know whose work this is, and end it when it is stopped, be it before Spark has begun."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        activate(self._session)
        self._named(self._tag)
        done = threading.Event()
        threading.Thread(target=self._watch, args=(done,), daemon=True).start()
        try:
            yield
        except (PySparkException, Py4JError) as error:
            if self._stopped.is_set():
                raise StoppedError from error
            raise
        finally:
            done.set()

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(_WATCH_SECONDS):
            if self._depth[0] and self._stopped.is_set():
                self._end()

    def _named(self, name: str) -> None:
        if self._spark.remote:
            self._session.addTag(name)
        else:
            self._session.sparkContext.setJobGroup(name, "Cash Classifiers", interruptOnCancel=True)

    def _end(self) -> None:
        if self._spark.remote:
            self._session.interruptTag(self._tag)
        else:
            self._session.sparkContext.cancelJobGroup(self._tag)


def _folder(spark: Spark) -> str:
    """Return a new folder for the tables of one engine."""
    own = f"engine-{uuid.uuid4().hex}"
    if spark.folder:
        return f"{spark.folder.rstrip('/')}/{own}"
    if spark.is_near:
        return str(Path(tempfile.gettempdir()) / own)
    raise ToolError(
        "A Spark cluster needs a folder for the tables that it makes.",
        "Set SPARK_FOLDER to one that all its machines can write, such as s3a://bucket/segments.",
    )
