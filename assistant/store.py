"""Keeps every chat on disk as it happens: the record in SQLite, the data in one database file a chat.

A person's chats are reached only through their own shelf: every query names the owner.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.records import Reader, Writer, written
from assistant.session import Session, Turn
from tools.engine import Engine, UnreadableError, answering
from tools.errors import ToolError

FILE = "chats.sqlite3"
DATA = "data"
OPENING = -1  # place of the greeting before the turns
ABANDONED_SECONDS = 3600.0  # a data file that no chat names is left over once it is this old
SCHEMA = """
CREATE TABLE IF NOT EXISTS chats (
    number INTEGER PRIMARY KEY, owner TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL,
    file TEXT NOT NULL, source TEXT NOT NULL, workspace TEXT NOT NULL, asked TEXT NOT NULL DEFAULT '',
    made REAL NOT NULL, used REAL NOT NULL, UNIQUE (owner, id)
);
CREATE TABLE IF NOT EXISTS turns (
    chat INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE, place INTEGER NOT NULL,
    question TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (chat, place)
);
CREATE TABLE IF NOT EXISTS steps (
    chat INTEGER NOT NULL, turn INTEGER NOT NULL, place INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (chat, turn, place), FOREIGN KEY (chat, turn) REFERENCES turns ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS pieces (
    chat INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE, digest TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (chat, digest)
);
"""


@dataclass(frozen=True, slots=True)
class KeptChat:
    """A chat as a list shows it.

    Attributes:
        id: Its name in the page's address.
        source: The file that it is about.
        question: The first question, or empty.
        n_turns: Answers in it.
        used: When it was last opened or added to, in seconds since 1970.
    """

    id: str
    source: str
    question: str
    n_turns: int
    used: float


@dataclass(frozen=True)
class Opened:
    """A chat that was opened again: its session, its greeting, and the question that got no answer."""

    session: Session
    opening: Turn
    unanswered: str


class Store:
    """All chats of one folder.

    Args:
        folder: Where they are kept; what is made there is for the present user only.
        forgotten: Told owner and id of every chat that is gone.

    Raises:
        ToolError: If the folder cannot be used.
    """

    def __init__(
        self, folder: Path, forgotten: Callable[[str, str], object] = lambda owner, chat: None
    ) -> None:
        self.folder = folder
        self.forgotten = forgotten
        self.data = folder / DATA
        self._lock = threading.RLock()
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
            self._database.executescript(
                "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                f"PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; {SCHEMA}"
            )
            (folder / FILE).chmod(0o600)
        except (OSError, sqlite3.Error) as error:
            raise ToolError(
                f"Chats cannot be kept in the folder {folder}: {error}.",
                "Set ASSISTANT_FOLDER to a folder that may be written.",
            ) from error

    def shelf(self, owner: str) -> Shelf:
        """Return the chats of one person."""
        return Shelf(self, owner)

    def forget_old(self, days: float) -> int:
        """Delete chats that nobody opened for so many days, and data files left by a crash; count the chats.

        Args:
            days: 0 deletes no chat.
        """
        until = time.time() - days * 86400.0 if days else 0.0
        with self.writing() as database:
            old = database.execute(
                "SELECT number, file, owner, id FROM chats WHERE used < ?", (until,)
            ).fetchall()
            database.executemany("DELETE FROM chats WHERE number = ?", [(number,) for number, *_ in old])
        for _, file, owner, chat_id in old:
            self.remove_data(file)
            self.forgotten(owner, chat_id)
        self._sweep()
        if old:
            self.empty_log()
        return len(old)

    def close(self) -> None:
        """Close the record; data files are closed by their sessions."""
        with self._lock:
            self._database.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run statements as one transaction: all of them count, or none.

        Raises:
            ToolError: If the disk does not take it.
        """
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise ToolError(
                    f"The chat could not be written to disk ({error}).",
                    "Make room on the disk, then ask again.",
                ) from error

    def rows(self, query: str, values: Sequence[object]) -> list[Any]:
        """Return all rows of a query."""
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def remove_data(self, file: str) -> None:
        """Delete a data file with everything that the database put beside it."""
        for path in self.data.glob(f"{file}*"):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def empty_log(self) -> None:
        """Empty SQLite's write-ahead log, where deleted rows would otherwise stand for a while."""
        with self._lock:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _sweep(self) -> None:
        named = {row[0] for row in self.rows("SELECT file FROM chats", ())}
        for path in self.data.iterdir():
            file = path.name.partition(".")[0]
            if file not in named and time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                self.remove_data(file)


class Shelf:
    """The chats of one person; nothing of anybody else's can be named through it.

    Args:
        store: The folder.
        owner: Who it is.
    """

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner

    def new_data(self) -> Path:
        """Return the path for a new data file, with a name that cannot be guessed."""
        return self._path(secrets.token_hex(16))

    def discard(self, data: Path) -> None:
        """Remove a data file that did not become a chat's."""
        self._store.remove_data(data.stem)

    def begin(self, chat_id: str, session: Session, opening: Turn, data: Path) -> None:
        """Keep a chat from now on; one of the same id is replaced.

        Args:
            chat_id: Its name in the page's address.
            session: Over data in `data`, with what was said already; it is kept as it goes on.
            opening: The greeting.
            data: Path from `new_data`.
        """
        session.workspace.engine.checkpoint()
        writer = Writer()
        first = writer.workspace(session.first)
        now = time.time()
        with self._store.writing() as database:
            before = database.execute(
                "DELETE FROM chats WHERE owner = ? AND id = ? RETURNING file", (self._owner, chat_id)
            ).fetchall()
            number = database.execute(
                "INSERT INTO chats (owner, id, session, file, source, workspace, made, used)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._owner,
                    chat_id,
                    session.id,
                    data.stem,
                    session.workspace.table.source,
                    first,
                    now,
                    now,
                ),
            ).lastrowid
            record = KeptRecord(self._store, int(number or 0))
            record.insert(database, OPENING, opening, writer)
            for place, turn in enumerate(session.turns):
                record.insert(database, place, turn, writer)
        session.record = record
        for (file,) in before:
            self._store.remove_data(file)
        if before:
            self._store.empty_log()
            self._store.forgotten(self._owner, chat_id)

    def open(self, chat_id: str) -> Opened | None:
        """Open a kept chat as it was, or return None if this person has none of this id.

        Raises:
            ToolError: If its data cannot be opened.
        """
        found = self._store.rows(
            "SELECT number, session, file, workspace, asked FROM chats WHERE owner = ? AND id = ?",
            (self._owner, chat_id),
        )
        if not found:
            return None
        number, session_id, file, first, asked = found[0]
        if not self._path(file).is_file():
            raise ToolError("The data of this chat are no longer on the disk.", "Load the file again.")
        try:
            engine = answering(Engine(self._path(file)))
        except UnreadableError as error:
            raise ToolError(
                "The data of this chat cannot be opened now.",
                "Another running copy of this program may have it open; end that one and reload the page.",
            ) from error
        pieces = self._store.rows("SELECT digest, document FROM pieces WHERE chat = ?", (number,))
        reader = Reader(engine, dict(pieces))
        opening, *turns = self._turns(reader, number)
        workspace = reader.workspace(first)
        if workspace is None:
            raise ToolError("The data of this chat are no longer on the disk.", "Load the file again.")
        with self._store.writing() as database:
            database.execute("UPDATE chats SET used = ? WHERE number = ?", (time.time(), number))
        record = KeptRecord(self._store, int(number))
        return Opened(Session(workspace, session_id, turns, record), opening, asked)

    def list(self, search: str = "") -> list[KeptChat]:
        """Return this person's chats, last used first.

        Args:
            search: Only chats whose file, questions or answers hold these words.
        """
        chats = self._store.rows(
            "SELECT id, source, used, number,"
            " (SELECT count(*) FROM turns WHERE chat = number AND place >= 0),"
            " (SELECT question FROM turns WHERE chat = number AND place >= 0 ORDER BY place LIMIT 1)"
            " FROM chats WHERE owner = ? ORDER BY used DESC, number DESC",
            (self._owner,),
        )
        words = search.casefold().split()
        return [
            KeptChat(chat_id, source, question or "", int(n_turns), float(used))
            for chat_id, source, used, number, n_turns, question in chats
            if not words or self._holds(number, source, words)
        ]

    def _holds(self, number: str, source: str, words: Sequence[str]) -> bool:
        said = self._store.rows(
            "SELECT question, document ->> 'answer' FROM turns WHERE chat = ? AND place >= 0", (number,)
        )
        text = "\n".join([source, *(part for turn in said for part in turn)]).casefold()
        return all(word in text for word in words)

    def has(self, chat_id: str) -> bool:
        """Tell whether this person has a chat of this id."""
        return bool(
            self._store.rows("SELECT 1 FROM chats WHERE owner = ? AND id = ?", (self._owner, chat_id))
        )

    def delete(self, chat_id: str) -> bool:
        """Delete a chat, its data and every trace of them; its session must be closed before.

        Returns:
            Whether there was such a chat.
        """
        with self._store.writing() as database:
            files = database.execute(
                "DELETE FROM chats WHERE owner = ? AND id = ? RETURNING file", (self._owner, chat_id)
            ).fetchall()
        for (file,) in files:
            self._store.remove_data(file)
        if files:
            self._store.empty_log()
            self._store.forgotten(self._owner, chat_id)
        return bool(files)

    def megabytes(self) -> float:
        """Return the size of all data files of this person."""
        files = self._store.rows("SELECT file FROM chats WHERE owner = ?", (self._owner,))
        paths = [path for (file,) in files for path in self._store.data.glob(f"{file}*") if path.is_file()]
        return sum(path.stat().st_size for path in paths) / 1e6

    def _path(self, file: str) -> Path:
        return self._store.data / f"{file}.duckdb"

    def _turns(self, reader: Reader, number: str) -> Iterator[Turn]:
        steps: dict[str, list[str]] = {}
        kept = self._store.rows(
            "SELECT turn, document FROM steps WHERE chat = ? ORDER BY turn, place", (number,)
        )
        for turn, document in kept:
            steps.setdefault(turn, []).append(document)
        turns = self._store.rows("SELECT place, document FROM turns WHERE chat = ? ORDER BY place", (number,))
        for place, document in turns:
            made = tuple(reader.step(json.loads(step)) for step in steps.get(place, ()))
            yield reader.turn(json.loads(document), made)


class KeptRecord:
    """One chat's place in the store; each call returns when the change is safe on disk.

    Args:
        store: The folder.
        number: The chat's number in it.
    """

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._number = number

    def asked(self, question: str) -> None:
        """Keep the question whose answer is being written."""
        with self._store.writing() as database:
            database.execute("UPDATE chats SET asked = ? WHERE number = ?", (question, self._number))

    def keep(self, place: int, turn: Turn) -> None:
        """Keep a turn at its place; the question is then no longer open."""
        with self._store.writing() as database:
            self.insert(database, place, turn, Writer())
            database.execute(
                "UPDATE chats SET asked = '', used = ? WHERE number = ?", (time.time(), self._number)
            )

    def take_back(self, place: int) -> None:
        """Remove the turn at this place."""
        with self._store.writing() as database:
            database.execute("DELETE FROM turns WHERE chat = ? AND place = ?", (self._number, place))

    def insert(self, database: sqlite3.Connection, place: int, turn: Turn, writer: Writer) -> None:
        """Write a turn with its steps and all that it names, within a transaction."""
        document = written(writer.turn(turn))
        steps = [written(writer.step(step)) for step in turn.steps]
        database.execute("DELETE FROM turns WHERE chat = ? AND place = ?", (self._number, place))
        database.execute(
            "INSERT INTO turns (chat, place, question, document) VALUES (?, ?, ?, ?)",
            (self._number, place, turn.question, document),
        )
        database.executemany(
            "INSERT INTO steps (chat, turn, place, document) VALUES (?, ?, ?, ?)",
            [(self._number, place, number, step) for number, step in enumerate(steps)],
        )
        database.executemany(
            "INSERT OR IGNORE INTO pieces (chat, digest, document) VALUES (?, ?, ?)",
            [(self._number, digest, piece) for digest, piece in writer.pieces.items()],
        )
