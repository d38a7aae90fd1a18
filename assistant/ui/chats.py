"""Keeps every browser's conversation on the server: what is loaded, what is running, how it is stopped.

Knows nothing of Gradio; the page and the download routes read it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.session import Session, Turn
from assistant.ui.messages import Rendered
from assistant.ui.suggestions import first_questions
from tools.errors import ToolError

log = logging.getLogger(__name__)

WORKERS = 4  # questions answered at once; further ones wait in line
IDLE_SECONDS = 24 * 3600.0  # a chat nobody looked at for this long is closed
MOST_CHATS = 200
LOST_NOTHING = (
    "Something went wrong inside the program. Nothing was lost: the data and this chat are still here."
)
STOPPED = "Stopped. Nothing was lost; ask again or ask something else."


class Talker(Protocol):
    """What the page needs of an agent."""

    def reply(self, session: Session, question: str) -> Iterator[Turn]:
        """Answer in growing turns; the last one has been added to the session."""

    def stop(self, session: Session) -> None:
        """End the answer that is being written."""


@dataclass
class Task:
    """One piece of work for a chat; `done` means that nobody waits for it any more."""

    about: str
    done: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False


class Chat:
    """One conversation as its browser sees it.

    Attributes:
        id: Random name, known to one browser only.
        session: The record, or None before a file was loaded.
        opening: Greeting after loading.
        running: The turn being written.
        problem: Why the last file could not be used, as a sentence, or empty.
        rendered: Messages of finished turns, so that they are made once.
        revision: Grows whenever there is something new to show.
    """

    def __init__(self, chat_id: str) -> None:
        self.id = chat_id
        self.session: Session | None = None
        self.opening: Turn | None = None
        self.running: Turn | None = None
        self.problem = ""
        self.revision = 0
        self.rendered: Rendered = {}
        self.task: Task | None = None
        self.seen = time.monotonic()
        self._one_at_a_time = threading.Lock()

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

    def close(self) -> None:
        """Forget everything, files of the database included."""
        if self.session is not None:
            self.session.workspace.engine.close()
        self.session = self.opening = self.running = None
        self.problem = ""
        self.rendered.clear()
        self.changed()

    def load(self, paths: Sequence[Path]) -> None:
        """Replace the session by one over these files; on failure everything stays as it was."""
        try:
            session = Session.open(paths)
            greeting = session.greeting()
        except ToolError as error:
            self.problem = str(error)
            return
        suggested = greeting.next_questions or first_questions(session.workspace.table)
        opening = replace(greeting, next_questions=suggested)
        previous = self.session
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
        for turn in talker.reply(session, question):
            if task.stopped:
                talker.stop(session)  # again: the first call may have come before the answer began
            elif turn.running:
                self.running = turn
                self.changed()

    def run(self, task: Task, work: Callable[[], None]) -> None:
        """Do work after earlier work of this chat has ended; the outer edge for bugs."""
        with self._one_at_a_time:
            try:
                work()
            except Exception:  # the one outer edge of the page: logged, and the person is told
                log.exception("A question or a file ended in an unexpected error")
                self._apologise(task)
            finally:
                if self.task is task:
                    self.running = None
                task.done.set()
                self.changed()

    def _apologise(self, task: Task) -> None:
        if self.session is None or self.running is None:
            self.problem = LOST_NOTHING
        else:
            self.session.add(Turn(task.about, answer=LOST_NOTHING, status="error"))


class Chats:
    """All conversations of this server, by an id that only the browser's cookie holds."""

    def __init__(self, talker: Talker) -> None:
        self._talker = talker
        self._chats: dict[str, Chat] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="chat")

    def get(self, chat_id: str) -> Chat:
        """Return the chat of this id, a new empty one if it is not known."""
        with self._lock:
            self._forget_idle()
            chat = self._chats.setdefault(chat_id, Chat(chat_id))
            chat.seen = time.monotonic()
            return chat

    def find(self, chat_id: str) -> Chat | None:
        """Return the chat of this id, or None; makes nothing."""
        with self._lock:
            return self._chats.get(chat_id)

    def load(self, chat: Chat, paths: Sequence[Path]) -> Task:
        """Start reading files."""
        names = ", ".join(path.name for path in paths)
        return self._start(chat, f"Reading {names}", lambda _: chat.load(paths))

    def ask(self, chat: Chat, question: str) -> Task:
        """Start answering a question."""
        chat.running = Turn(question, running=True)
        return self._start(chat, question, lambda task: chat.answer(self._talker, question, task))

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

    def new_chat(self, chat: Chat) -> None:
        """Stop what runs and forget the chat."""
        self.stop(chat)
        self._start(chat, "New chat", lambda _: chat.close()).done.wait(timeout=5)

    def _start(self, chat: Chat, about: str, work: Callable[[Task], None]) -> Task:
        task = chat.task = Task(about)
        chat.changed()
        self._pool.submit(chat.run, task, lambda: work(task))
        return task

    def _forget_idle(self) -> None:
        now = time.monotonic()
        by_age = sorted(self._chats.values(), key=lambda chat: chat.seen)
        excess = len(by_age) - MOST_CHATS
        for position, chat in enumerate(by_age):
            if not chat.busy and (position < excess or now - chat.seen > IDLE_SECONDS):
                chat.close()
                del self._chats[chat.id]


def new_id() -> str:
    """Return an id that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)
