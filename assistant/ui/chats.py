"""Keeps every conversation on the server: what is loaded, what is running, how it is stopped, what is kept.

Knows nothing of Gradio; the page and the download routes read it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from assistant.clicks import perform
from assistant.session import Session, Turn
from assistant.store import KeptChat, Shelf, Store
from assistant.ui.fair_queue import FairQueue, Ticket
from assistant.ui.messages import Rendered
from assistant.ui.suggestions import first_questions
from tools.errors import ToolError
from tools.wording import count

log = logging.getLogger(__name__)

IDLE_SECONDS = 1800.0  # a chat nobody looked at for this long is closed; it stays on disk
MOST_OPEN = 64  # further ones are closed earlier, the longest unused first
LEAST_OPEN_SECONDS = 60.0
PATIENCE_SECONDS = 60.0  # how long deleting waits for work that ends
LOST_NOTHING = (
    "Something went wrong inside the program. Nothing was lost: the data and this chat are still here."
)
STOPPED = "Stopped. Nothing was lost; ask again or ask something else."
CUT_OFF = (
    "The program ended while this answer was being written. Nothing else was lost: press Retry to ask again."
)


class Talker(Protocol):
    """What the page needs of an agent."""

    def reply(self, session: Session, question: str) -> Iterator[Turn]:
        """Answer in growing turns; the last one has been added to the session."""

    def stop(self, session: Session) -> None:
        """End the answer that is being written."""


@dataclass(frozen=True)
class Limits:
    """What one person may use.

    Attributes:
        workers: Questions answered at once, of all people together; further ones wait in line.
        files: Files in one upload.
        chats: Chats kept for a person.
        kept_mb: Size of all data kept for a person, in megabytes.
    """

    workers: int = 4
    files: int = 20
    chats: int = 500
    kept_mb: int = 20_000


@dataclass(eq=False)
class Task:
    """One piece of work for a chat; `done` means that nobody waits for it any more."""

    about: str
    done: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False
    ticket: Ticket | None = None
    began: float | None = None  # by the monotonic clock, when it was its turn


class Chat:
    """One conversation as its person sees it.

    Attributes:
        id: Random name in the page's address.
        owner: Whose it is.
        session: The record, or None before a file was loaded.
        opening: Greeting after loading.
        running: The turn being written.
        problem: Why the last file could not be used, as a sentence, or empty.
        rendered: Messages of finished turns, so that they are made once.
        revision: Grows whenever there is something new to show.
    """

    def __init__(self, chat_id: str, owner: str, shelf: Shelf) -> None:
        self.id = chat_id
        self.owner = owner
        self.session: Session | None = None
        self.opening: Turn | None = None
        self.running: Turn | None = None
        self.problem = ""
        self.revision = 0
        self.rendered: Rendered = {}
        self.task: Task | None = None
        self.seen = time.monotonic()
        self._shelf = shelf
        self._looked = False
        self._opens = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether somebody waits for work to end."""
        return self.task is not None and not self.task.done.is_set()

    @property
    def turns(self) -> list[Turn]:
        """Everything to show, oldest first: greeting, answers, and the one being written."""
        said = list(self.session.turns) if self.session else []
        return [turn for turn in (self.opening, *said, self.running) if turn is not None]

    def changed(self) -> None:
        """Note that there is something new to show."""
        self.revision += 1

    def restore(self) -> None:
        """Open what is kept on disk under this id, once."""
        with self._opens:
            if self._looked:
                return
            self._looked = True
            try:
                opened = self._shelf.open(self.id)
                if opened is None:
                    return
                self.session, self.opening = opened.session, opened.opening
                if opened.unanswered:
                    opened.session.add(Turn(opened.unanswered, answer=CUT_OFF, status="error"))
            except ToolError as error:
                self.problem = str(error)
            self.changed()

    def close(self, for_good: bool = False) -> None:
        """Let go of everything in memory; what is on disk stays.

        Args:
            for_good: It is not opened again, because it is being deleted.
        """
        with self._opens:
            if self.session is not None:
                self.session.workspace.engine.close()
            self.session = self.opening = self.running = None
            self.problem = ""
            self._looked = for_good
            self.rendered.clear()
            self.changed()

    def load(self, paths: Sequence[Path]) -> None:
        """Replace the session by one over these files; on failure everything stays as it was."""
        data = self._shelf.new_data()
        session = None
        try:
            session = Session.open(paths, data)
            greeting = session.greeting()
            suggested = greeting.next_questions or first_questions(session.workspace.table)
            opening = replace(greeting, next_questions=suggested)
            previous = self.session
            self._shelf.begin(self.id, session, opening, data)
        except BaseException as error:
            if session is not None:
                session.workspace.engine.close()
            self._shelf.discard(data)
            if isinstance(error, ToolError):
                self.problem = str(error)
                return
            raise
        self.session, self.opening, self.running, self.problem = session, opening, None, ""
        self.rendered.clear()
        if previous is not None:
            previous.workspace.engine.close()

    def answer(self, talker: Talker, question: str, task: Task) -> None:
        """Let the talker answer; the growing turn is shown as `running`."""
        session = self.session
        if session is None:
            return
        if task.stopped:
            session.add(Turn(question, answer=STOPPED, status="error"))
            return
        if session.record is not None:
            session.record.asked(question)
        for turn in talker.reply(session, question):
            if task.stopped:
                talker.stop(session)  # again: the first call may have come before the answer began
            elif turn.running:
                self.running = turn
                self.changed()

    def run(self, task: Task, work: Callable[[], None]) -> None:
        """Do work; the outer edge for bugs."""
        task.began = time.monotonic()
        said = ""
        try:
            work()
        except ToolError as error:  # the disk is full: the answer does not count, and the person is told
            said = str(error)
        except Exception:  # the one outer edge of the page: logged, and the person is told
            log.exception("A question or a file ended in an unexpected error")
            said = LOST_NOTHING
        unkept = self._apologise(task, said) if said else None
        if self.task is task:
            self.running = unkept
        task.done.set()
        self.changed()

    def _apologise(self, task: Task, said: str) -> Turn | None:
        """Tell in the chat what went wrong; return the turn where it cannot be kept either."""
        if self.session is None or self.running is None:
            self.problem = said
            return None
        turn = Turn(task.about, answer=said, status="error")
        try:
            self.session.add(turn)
        except ToolError:
            return turn
        return None


class Chats:
    """All conversations of this server; a chat is reached only by its owner.

    Args:
        talker: Answers the questions.
        store: Where chats are kept.
        limits: What one person may use.
    """

    def __init__(self, talker: Talker, store: Store, limits: Limits | None = None) -> None:
        self._talker = talker
        self._store = store
        self._limits = limits or Limits()
        self._chats: dict[tuple[str, str], Chat] = {}
        self._lock = threading.Lock()
        self._reading: list[Path] = []
        self._queue = FairQueue(self._limits.workers)

    def get(self, owner: str, chat_id: str) -> Chat:
        """Return the chat of this owner and id, as it is kept, or a new empty one."""
        with self._lock:
            self._close_idle()
            key = (owner, chat_id)
            if key not in self._chats:
                self._chats[key] = Chat(chat_id, owner, self._store.shelf(owner))
            chat = self._chats[key]
            chat.seen = time.monotonic()
        chat.restore()
        return chat

    def find(self, owner: str, chat_id: str) -> Chat | None:
        """Return the chat of this owner and id, or None; makes nothing."""
        with self._lock:
            known = (owner, chat_id) in self._chats
        return self.get(owner, chat_id) if known or self._store.shelf(owner).has(chat_id) else None

    def kept(self, owner: str, search: str = "") -> list[KeptChat]:
        """Return the chats of a person, last used first; only those that hold the words."""
        return self._store.shelf(owner).list(search)

    def load(self, chat: Chat, paths: Sequence[Path]) -> Task:
        """Start reading files; where a limit forbids it, only say so."""
        chat.problem = self._too_much(chat, paths)
        names = ", ".join(path.name for path in paths)
        self._reading += [*paths]

        def work(_: Task) -> None:
            try:
                if not chat.problem:
                    chat.load(paths)
            finally:
                for path in paths:
                    self._reading.remove(path)

        return self._start(chat, f"Reading {names}", work)

    def being_read(self) -> list[Path]:
        """Return the files that are being read or wait for it."""
        return list(self._reading)

    def ask(self, chat: Chat, question: str) -> Task:
        """Start answering a question."""
        chat.running = Turn(question, running=True)
        return self._start(chat, question, lambda task: chat.answer(self._talker, question, task))

    def act(self, chat: Chat, question: str, tool: str, arguments: Mapping[str, Any]) -> Task:
        """Start what a person chose by click; it becomes a turn like any other."""
        chat.running = Turn(question, running=True)

        def work(task: Task) -> None:
            if chat.session is not None and not task.stopped:
                perform(chat.session, question, tool, arguments)

        return self._start(chat, question, work)

    def rate(self, chat: Chat, place: int, liked: bool | None) -> bool:
        """Note what the person thinks of an answer; return whether there is such an answer."""
        if chat.session is None or not 0 <= place < len(chat.session.turns):
            return False
        chat.session.rate(place, liked)
        return True

    def undo(self, chat: Chat, n_turns: int = 1) -> str:
        """Take back the last turns; return the question of the earliest of them."""
        question = ""
        for _ in range(n_turns):
            taken = chat.session.undo() if chat.session and not chat.busy else None
            question = taken.question if taken else question
        chat.changed()
        return question

    def stop(self, chat: Chat) -> None:
        """End waiting at once; the worker is told to end and keeps what was there before."""
        task = chat.task
        if task is None or task.done.is_set():
            return
        task.stopped = True
        if chat.running is not None:
            chat.running = replace(
                chat.running, running=False, answer=f"{chat.running.answer}\n\n{STOPPED}".strip()
            )
        task.done.set()
        chat.changed()
        if chat.session is not None:
            self._talker.stop(chat.session)

    def delete(self, owner: str, chat_id: str) -> bool:
        """Delete a chat with its data for good; return whether it was there and is gone."""
        chat = self.find(owner, chat_id)
        if chat is None:
            return False
        self.stop(chat)
        shelf, gone = self._store.shelf(owner), threading.Event()

        def work(_: Task) -> None:
            chat.close(for_good=True)
            if shelf.delete(chat_id):
                gone.set()

        self._start(chat, "Deleting", work).done.wait(PATIENCE_SECONDS)
        with self._lock:
            self._chats.pop((owner, chat_id), None)
        return gone.is_set()

    def doing(self, chat: Chat) -> str:
        """Say what is being waited for, for how long and for whom; empty where nothing is."""
        task = chat.task
        if task is None or task.done.is_set():
            return ""
        ahead = self._queue.ahead(task.ticket) if task.ticket and task.began is None else None
        if ahead:
            return f"Waiting for its turn, with {count(ahead, 'request')} before it"
        return f"{time.monotonic() - task.began:.0f} s" if task.began else "Waiting for its turn"

    def close(self) -> None:
        """Close all chats; they stay on disk."""
        with self._lock:
            for chat in self._chats.values():
                chat.close()
            self._chats.clear()

    def _start(self, chat: Chat, about: str, work: Callable[[Task], None]) -> Task:
        task = chat.task = Task(about)
        chat.changed()
        task.ticket = self._queue.submit(chat.owner, chat, lambda: chat.run(task, lambda: work(task)))
        return task

    def _too_much(self, chat: Chat, paths: Sequence[Path]) -> str:
        """Return why these files are more than a person may keep, or an empty text."""
        limits, shelf = self._limits, self._store.shelf(chat.owner)
        if len(paths) > limits.files:
            return f"These are {len(paths)} files, and one chat takes {limits.files}. Choose fewer."
        if len(shelf.list()) >= limits.chats and not shelf.has(chat.id):
            return f"You keep {limits.chats:,} chats, which is the most there can be. Delete some first."
        if shelf.megabytes() > limits.kept_mb:
            return f"Your chats hold more than {limits.kept_mb:,} MB of data. Delete some first."
        return ""

    def _close_idle(self) -> None:
        now = time.monotonic()
        by_age = sorted(self._chats.items(), key=lambda item: item[1].seen)
        excess = len(by_age) - MOST_OPEN
        for position, (key, chat) in enumerate(by_age):
            unused = now - chat.seen
            if not chat.busy and (
                unused > IDLE_SECONDS or (position < excess and unused > LEAST_OPEN_SECONDS)
            ):
                chat.close()
                del self._chats[key]


def new_id() -> str:
    """Return an id that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)
