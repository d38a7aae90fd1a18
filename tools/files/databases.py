"""Knows how tables of PostgreSQL, SQLite and DuckDB are read: read-only, by the database's own SELECT."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from tools import progress
from tools.core import Finding
from tools.engine import Engine, UnreadableError
from tools.errors import ToolError
from tools.files.columnar import flattened
from tools.files.conversions import quoted
from tools.files.rewriting import Source, table_name
from tools.wording import listing

SCHEMES = ("postgresql", "postgres", "sqlite", "duckdb")
MOST_TABLES = 12  # tables of one database that are read together without being named
BATCH = 50_000  # rows on their way at once
_PLAIN = {
    "bool",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "date",
    "timestamp",
    "text",
    "varchar",
    "bpchar",
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database to read from; its address never shows where objects are printed.

    Attributes:
        address: `postgresql://user@host/name`, `sqlite:///file` or `duckdb:///file`.
        table: A table or view, with its schema where it is not the usual one; None reads all tables.
        query: A SELECT to read instead of a table; it runs in the database.
    """

    address: str = field(repr=False)
    table: str | None = None
    query: str | None = None

    @property
    def scheme(self) -> str:
        """Which kind of database it is."""
        return {"postgres": "postgresql"}.get(scheme := urlsplit(self.address).scheme.lower(), scheme)

    @property
    def path(self) -> Path:
        """The file of an embedded database: three slashes for a relative path, four for an absolute one."""
        return Path(unquote(self.address.partition("://")[2].removeprefix("/")))

    @property
    def label(self) -> str:
        """What people may read: the name of the database, never its host, its user or its folder."""
        if self.scheme == "postgresql":
            return unquote(urlsplit(self.address).path.strip("/")) or "the PostgreSQL database"
        return self.path.name


def is_address(text: str) -> bool:
    """Tell whether a text names a database and no file."""
    return bool(re.match(rf"(?i)({'|'.join(SCHEMES)})://", text))


def database_file(path: Path, start: bytes) -> Database | None:
    """Return the database that a file is, by its first bytes, or None for any other file."""
    scheme = (
        "sqlite" if start.startswith(b"SQLite format 3\x00") else "duckdb" if start[8:12] == b"DUCK" else None
    )
    return Database(f"{scheme}:///{quote(str(path.resolve()))}") if scheme else None


class _Connection(Protocol):
    def tables(self) -> list[str]:
        """Return the tables that can be named, in order of their names."""

    def select(self, table: str | None, query: str | None) -> str:
        """Return a SELECT whose columns this program can hold."""

    def batches(self, select: str) -> Any:
        """Run it and return Arrow batches as a reader that is read once."""


def open_database(database: Database, folder: Path) -> list[Source]:
    """Read what was named from a database into Parquet files, one for each table.

    Args:
        database: Where, and which table or query.
        folder: A folder for the files; the caller removes it.

    Raises:
        ToolError: If it cannot be reached, or holds nothing of the name.
    """
    if database.table and database.query:
        raise ToolError("A table and a query were named, and only one can be read.", "Name one of them.")
    query = _one_select(database.query) if database.query else None
    with _connected(database) as connection:
        if query:
            return [_read(connection, None, query, "query", f"the query on {database.label}", folder)]
        known = connection.tables()
        chosen = [_found(database.table, known, database.label)] if database.table else known
        if not chosen:
            raise ToolError(f"{database.label} holds no table.", "Name another database.")
        if len(chosen) > MOST_TABLES:
            names = f"{listing(chosen[:MOST_TABLES])} and {len(chosen) - MOST_TABLES:,} more"
            raise ToolError(
                f"{database.label} holds {len(chosen):,} tables: {names}.",
                "Name the one to read, or write a query.",
                tuple(chosen[:MOST_TABLES]),
            )
        sources, empty = [], []
        for name in chosen:
            label = name if len(chosen) == 1 else f"{name} of {database.label}"
            try:
                sources.append(_read(connection, name, None, table_name(name.split(".")[-1]), label, folder))
            except _EmptyError:
                empty.append(name)
    if not sources:
        raise ToolError(f"{listing(empty)} in {database.label} has no rows.", "Name another table.")
    if empty:
        held = f"{listing(empty)} in {database.label} {'has' if len(empty) == 1 else 'have'} no rows"
        told = Finding("tables_left_out", "info", None, len(empty), f"{held} and were left out.")
        sources[0] = Source(**{**_fields(sources[0]), "findings": (*sources[0].findings, told)})
    return sources


class _EmptyError(Exception):
    """A table has no rows."""


def _fields(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in source.__dataclass_fields__}


def _one_select(query: str) -> str:
    text = query.strip().rstrip(";").strip()
    if not re.match(r"(?is)(select|with|from|table|values)\b", text):
        raise ToolError(
            "Only a SELECT can be read from a database.", "Write a query that begins with SELECT."
        )
    return text


def _found(wanted: str, known: Sequence[str], label: str) -> str:
    exact = [name for name in known if name.casefold() == wanted.casefold()]
    if exact:
        return exact[0]
    inner = [name for name in known if name.split(".")[-1].casefold() == wanted.split(".")[-1].casefold()]
    if len(inner) == 1 and "." not in wanted:
        return inner[0]
    there = f"It holds {listing(known[:MOST_TABLES])}." if known else "It holds no table."
    raise ToolError(f"{label} has no table named {wanted}.", there, tuple(known[:MOST_TABLES]))


def _read(
    connection: _Connection, table: str | None, query: str | None, name: str, label: str, folder: Path
) -> Source:
    """Write the rows to a Parquet file, a batch at a time."""
    import pyarrow.parquet as pq

    target = folder / f"{len(list(folder.iterdir()))}.parquet"
    n_rows = 0
    reader = connection.batches(connection.select(table, query))
    with pq.ParquetWriter(target, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
            n_rows += batch.num_rows
            progress.step(f"Reading {label}: {n_rows:,} rows so far")
    if not n_rows and query:
        raise ToolError("The query found no rows.", "Change its conditions.")
    if not n_rows:
        raise _EmptyError
    return Source(name, label, parquet=flattened(target, folder))


@contextmanager
def _connected(database: Database) -> Iterator[_Connection]:
    if database.scheme == "postgresql":
        with _postgresql(database) as server:
            yield server
        return
    path = database.path
    if not path.is_file():
        raise ToolError(f"There is no file named {path.name}.", "Check its name and folder.")
    if database.scheme == "sqlite":
        with _sqlite(path) as connection:
            yield connection
        return
    try:
        engine = Engine(path, read_only=True)
    except UnreadableError as error:
        raise ToolError(
            f"{path.name} cannot be opened as a DuckDB database.",
            "Close the program that has it open; a file of a newer DuckDB has to be exported to Parquet.",
        ) from error
    try:
        yield _DuckDB(engine, path.name)
    finally:
        engine.close()


# ---------------------------------------------------------------------------------------- PostgreSQL


@contextmanager
def _postgresql(database: Database) -> Iterator[_Connection]:
    """Connect read-only; the password comes from PGPASSWORD or the password file, as for every client."""
    import adbc_driver_manager
    from adbc_driver_postgresql import dbapi

    if urlsplit(database.address).password is not None or "password=" in database.address:
        raise ToolError(
            "The address holds a password, which other people on this machine could see.",
            "Leave it out and set PGPASSWORD, or write it into the file ~/.pgpass.",
        )
    try:
        connection = dbapi.connect(database.address.replace("postgres://", "postgresql://", 1))
    except adbc_driver_manager.Error as error:
        raise ToolError(
            f"{database.label} cannot be reached: {_reason(error)}.",
            "Check host, port, database and user; the password is read from PGPASSWORD or ~/.pgpass.",
        ) from error
    try:
        with closing(connection), closing(connection.cursor()) as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            connection.commit()
            yield _PostgreSQL(cursor)
    except adbc_driver_manager.Error as error:
        raise ToolError(
            f"{database.label} refused the query: {_reason(error)}.",
            "Check names and rights, or change the query.",
        ) from error


def _reason(error: Exception) -> str:
    """Return the server's own sentence without the driver's decoration."""
    lines = [line.strip() for line in str(error).replace("\\n", "\n").splitlines() if line.strip()]
    told = next((line for line in reversed(lines) if re.search(r"(?i)(error|fatal|failed)", line)), lines[0])
    return re.sub(r"(?i)^.*?(error|fatal):\s*", "", told).strip().rstrip(".") or "no reason was given"


@dataclass(frozen=True)
class _PostgreSQL:
    cursor: Any

    def tables(self) -> list[str]:
        self.cursor.execute(
            "SELECT CASE WHEN table_schema = current_schema() THEN table_name "
            "ELSE table_schema || '.' || table_name END FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') "
            "AND table_type IN ('BASE TABLE', 'VIEW', 'FOREIGN') ORDER BY 1"
        )
        return [str(name) for (name,) in self.cursor.fetchall()]

    def select(self, table: str | None, query: str | None) -> str:
        """Let the server write as text what has no plain type here: exact decimals, enumerations, JSON."""
        inner = (
            f"({query}) AS asked" if query else ".".join(quoted(part) for part in (table or "").split("."))
        )
        self.cursor.execute(f"SELECT * FROM {inner} LIMIT 0")  # noqa: S608 - names are quoted, the query is theirs
        schema = self.cursor.fetch_arrow_table().schema
        chosen = []
        for each in schema:
            kind = _server_type(each)
            name = quoted(each.name)
            if kind == "timestamptz":  # in the time zone of the database, as its people see it
                chosen.append(f"CAST({name} AS timestamp) AS {name}")
            elif kind in _PLAIN:
                chosen.append(name)
            else:
                chosen.append(f"CAST({name} AS text) AS {name}")
        return f"SELECT {', '.join(chosen)} FROM {inner}"  # noqa: S608 - as above

    def batches(self, select: str) -> Any:
        self.cursor.execute(select)
        return self.cursor.fetch_record_batch()


def _server_type(column: Any) -> str:
    """Return PostgreSQL's name of a column's type."""
    import pyarrow as pa

    known = column.metadata or {}
    if name := known.get(b"ADBC:postgresql:typname"):
        return str(name.decode())
    if pa.types.is_timestamp(column.type):
        return "timestamptz" if column.type.tz else "timestamp"
    simple = (
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_date,
        pa.types.is_string,
    )
    return "text" if any(test(column.type) for test in simple) else "other"


# -------------------------------------------------------------------------------------------- SQLite


@contextmanager
def _sqlite(path: Path) -> Iterator[_Connection]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA query_only = on")
            yield _SQLite(connection)
    except sqlite3.Error as error:
        raise ToolError(
            f"{path.name} cannot be read: {error}.", "Check the query, or save the database again."
        ) from error


@dataclass(frozen=True)
class _SQLite:
    connection: sqlite3.Connection

    def tables(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
            "ORDER BY name"
        )
        return [str(name) for (name,) in rows]

    def select(self, table: str | None, query: str | None) -> str:
        return f"SELECT * FROM ({query})" if query else f"SELECT * FROM {quoted(table or '')}"  # noqa: S608 - quoted

    def batches(self, select: str) -> Any:
        """Return every cell as text: a column of SQLite may hold anything, whatever type it declares."""
        import pyarrow as pa

        rows = self.connection.execute(select)
        schema = pa.schema([(str(each[0]), pa.string()) for each in rows.description])

        def pieces() -> Iterator[Any]:
            while part := rows.fetchmany(BATCH):
                columns = [
                    pa.array([_text(cell) for cell in column], pa.string())
                    for column in zip(*part, strict=True)
                ]
                yield pa.record_batch(columns, schema=schema)

        return pa.RecordBatchReader.from_batches(schema, pieces())


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    return f"({len(cell):,} bytes)" if isinstance(cell, bytes) else repr(cell)


# -------------------------------------------------------------------------------------------- DuckDB


@dataclass(frozen=True)
class _DuckDB:
    engine: Engine
    label: str

    def tables(self) -> list[str]:
        return self.engine.listed()

    def select(self, table: str | None, query: str | None) -> str:
        return query or f"FROM {'.'.join(quoted(part) for part in (table or '').split('.'))}"

    def batches(self, select: str) -> Any:
        try:
            return self.engine.batches(select, BATCH)
        except UnreadableError as error:
            raise ToolError(f"{self.label} refused the query: {error}.", "Change the query.") from error
