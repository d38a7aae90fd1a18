"""Keeps reports that were published under a link: read-only, for a while, until they are taken back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.errors import ToolError

TOKEN_BYTES = 32  # 256 bits: nobody guesses one
DAYS, MOST_DAYS = 14, 365
_TABLE = """CREATE TABLE IF NOT EXISTS shares (
    token TEXT PRIMARY KEY, id TEXT UNIQUE NOT NULL, owner TEXT NOT NULL, title TEXT NOT NULL,
    created TEXT NOT NULL, expires TEXT NOT NULL, opened INTEGER NOT NULL DEFAULT 0, page BLOB NOT NULL
) STRICT, WITHOUT ROWID"""
_COLUMNS = "token, id, title, created, expires, opened"


@dataclass(frozen=True, slots=True)
class Share:
    """One published report.

    Attributes:
        token: Part of the link; who knows it may read.
        id: Names it in lists and when it is taken back; of no use for reading.
        title: Of the report.
        created: When it was published.
        expires: From when on nobody can read it.
        opened: How often it was read.
    """

    token: str
    id: str
    title: str
    created: datetime
    expires: datetime
    opened: int


class Shares:
    """Published reports in one SQLite file; safe to use from several threads.

    Args:
        path: The file; made where it is not there.
        now: Tells the time, for tests.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path, self._now = path, now
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connected() as connection:
            connection.execute(_TABLE)
        path.chmod(0o600)

    def publish(self, owner: str, title: str, page: bytes, days: int = DAYS) -> Share:
        """Publish a page as it is now; later changes of the chat do not reach it.

        Args:
            owner: Who may list it and take it back.
            title: For the list.
            page: A self-contained HTML file.
            days: How long it can be read.

        Raises:
            ToolError: If it should be readable for no time or too long.
        """
        if not 1 <= days <= MOST_DAYS:
            raise ToolError(
                f"A link cannot last {days} days.", f"Choose a number of days from 1 to {MOST_DAYS}."
            )
        created = self._now()
        share = Share(
            secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(12), title, created,
            created + timedelta(days=days), 0,
        )  # fmt: skip
        with self._connected() as connection:
            self._forget_expired(connection)
            connection.execute(
                "INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
                (share.token, share.id, owner, title, _text(created), _text(share.expires), page),
            )
        return share

    def open(self, token: str) -> bytes | None:
        """Return the page behind a link; None where there is none, or none any more."""
        with self._connected() as connection:
            self._forget_expired(connection)
            found = connection.execute(
                "UPDATE shares SET opened = opened + 1 WHERE token = ? RETURNING page", (token,)
            ).fetchone()
        return bytes(found[0]) if found else None

    def listed(self, owner: str) -> list[Share]:
        """Return what somebody has published and can still be read, newest first."""
        with self._connected() as connection:
            self._forget_expired(connection)
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM shares WHERE owner = ? ORDER BY created DESC, id",  # noqa: S608 - a constant
                (owner,),
            ).fetchall()
        return [
            Share(token, name, title, _moment(created), _moment(expires), opened)
            for token, name, title, created, expires, opened in rows
        ]

    def revoke(self, owner: str, share_id: str) -> bool:
        """Take a published report back, and delete it; tell whether there was one of this owner."""
        with self._connected() as connection:
            done = connection.execute("DELETE FROM shares WHERE owner = ? AND id = ?", (owner, share_id))
            return done.rowcount > 0

    def revoke_all(self, owner: str) -> int:
        """Take back everything that somebody published; return how much that was."""
        with self._connected() as connection:
            return connection.execute("DELETE FROM shares WHERE owner = ?", (owner,)).rowcount

    def _forget_expired(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM shares WHERE expires <= ?", (_text(self._now()),))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")  # deleting really deletes
            yield connection


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
