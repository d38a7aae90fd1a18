"""Knows who may sign in: names with hashed passwords, guesses slowed down, and who is signed in now."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from tools.errors import ToolError

# Source: OWASP, Password Storage Cheat Sheet: scrypt with N = 2^15, r = 8, p = 3 (32 MB for each check).
COST, BLOCK, PARALLEL = 15, 8, 3
NAME = re.compile(r"[\w.@+-]{1,64}")
KEPT = re.compile(r"scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w=-]+)\.([\w=-]+)")
SHORTEST = 8
FREE_GUESSES = 5
GUESS_SECONDS = 900.0  # wrong guesses are remembered for this long
SIGNED_IN_SECONDS = 14 * 86400.0
FILE = "accounts.sqlite3"
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS signed_in"
    " (token TEXT PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL, until REAL NOT NULL)"
)


def hashed(password: str) -> str:
    """Return a password in the form in which it may be kept.

    Raises:
        ToolError: If it is too short.
    """
    if len(password) < SHORTEST:
        raise ToolError(f"The password is shorter than {SHORTEST} characters.", "Choose a longer one.")
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    encoded = (base64.urlsafe_b64encode(part).decode() for part in (salt, digest))
    parts = (COST, BLOCK, PARALLEL, *encoded)
    return ".".join(map(str, ("scrypt", *parts)))


def matches(password: str, kept: str) -> bool:
    """Tell whether this is the password that `hashed` was given."""
    found = KEPT.fullmatch(kept)
    if found is None:
        return False
    cost, block, parallel = (int(found[number]) for number in (1, 2, 3))
    salt, wanted = (base64.urlsafe_b64decode(found[number]) for number in (4, 5))
    return hmac.compare_digest(_scrypt(password, salt, cost, block, parallel), wanted)


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    needed = 128 * block * (2**cost + parallel) + 2**20
    return hashlib.scrypt(
        password.encode(), salt=salt, n=2**cost, r=block, p=parallel, maxmem=needed, dklen=32
    )


class Accounts:
    """The people who may sign in.

    Args:
        lines: `name:hashed password` each; empty ones and those that begin with # do not count.

    Raises:
        ToolError: If a line is something else; the line itself is not repeated.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._kept: dict[str, str] = {}
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            name, _, kept = line.strip().partition(":")
            if not NAME.fullmatch(name) or not KEPT.fullmatch(kept):
                raise ToolError(
                    f"Account {number} is not a name with a hashed password.",
                    "Make one with `app.py --add-account NAME`.",
                )
            self._kept[name] = kept
        self._nobody = hashed(secrets.token_urlsafe(16)) if self._kept else ""
        self._wrong: dict[tuple[str, str], list[float]] = {}
        self._one_at_a_time = threading.Lock()  # a check costs memory and time; many at once must not

    def __bool__(self) -> bool:
        return bool(self._kept)

    def check(self, name: str, password: str, place: str = "") -> bool:
        """Tell whether name and password belong together; unknown names take as long as known ones.

        Args:
            name: As typed.
            password: As typed.
            place: Address that the guess comes from; guesses are counted for each.

        Raises:
            ToolError: If there were too many wrong guesses.
        """
        now, guess = time.monotonic(), (place, name.casefold())
        with self._one_at_a_time:
            recent = {
                one: [then for then in times if now - then < GUESS_SECONDS]
                for one, times in self._wrong.items()
            }
            self._wrong = {one: times for one, times in recent.items() if times}
            if len(self._wrong.get(guess, ())) >= FREE_GUESSES:
                minutes = GUESS_SECONDS / 60
                raise ToolError("Too many wrong passwords.", f"Try again in {minutes:.0f} minutes.")
            right = matches(password, self._kept.get(name, self._nobody)) and name in self._kept
            if right:
                self._wrong.pop(guess, None)
            else:
                self._wrong.setdefault(guess, []).append(now)
        return right

    def mark(self, name: str) -> str | None:
        """Return a mark of the account's present password, None if there is no such account."""
        kept = self._kept.get(name)
        return hashlib.sha256(kept.encode()).hexdigest() if kept else None


class SignedIn:
    """Who is signed in, kept over restarts; only a hash of each token is kept.

    Args:
        folder: Where the file is kept.
        accounts: Whoever is no longer among them, or has another password now, is signed out.
    """

    def __init__(self, folder: Path, accounts: Accounts) -> None:
        self._accounts = accounts
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
        self._database.executescript(f"PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; {SCHEMA}")
        (folder / FILE).chmod(0o600)

    def begin(self, name: str) -> str:
        """Sign somebody in; return a token of 256 random bits."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._database.execute("DELETE FROM signed_in WHERE until < ?", (time.time(),))
            self._database.execute(
                "INSERT INTO signed_in VALUES (?, ?, ?, ?)",
                (_digest(token), name, self._accounts.mark(name), time.time() + SIGNED_IN_SECONDS),
            )
        return token

    def name_of(self, token: str) -> str | None:
        """Return who holds this token, None if nobody does any more."""
        with self._lock:
            found = self._database.execute(
                "SELECT name, password FROM signed_in WHERE token = ? AND until > ?",
                (_digest(token), time.time()),
            ).fetchone()
        return str(found[0]) if found and self._accounts.mark(found[0]) == found[1] else None

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._database.execute("DELETE FROM signed_in WHERE token = ?", (_digest(token),))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
