"""Keeps every conversation on the server: who may reach it, what is started in it, how it is stopped.

Knows nothing of Gradio; the page and the download routes read it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import adding, rerunning
from assistant.clicks import perform
from assistant.memory import Memory
from assistant.recipe import read_recipe
from assistant.session import Session, Step, Turn
from assistant.store import KeptChat, Store
from assistant.ui.chat import STOPPED, Chat, Offered, Talker, Task
from assistant.ui.fair_queue import FairQueue
from assistant.ui.offers import What, uses
from tools.wording import count

IDLE_SECONDS = 1800.0  # a chat nobody looked at for this long is closed; it stays on disk
MOST_OPEN = 64  # further ones are closed earlier, the longest unused first
LEAST_OPEN_SECONDS = 60.0
PATIENCE_SECONDS = 60.0  # how long deleting waits for work that ends
NOT_LOADED = "Stopped. Nothing was loaded."


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


class Chats:
    """All conversations of this server; a chat is reached only by its owner.

    Args:
        talker: Answers the questions.
        store: Where chats are kept.
        limits: What one person may use.
        memory: Where is remembered what chats teach; None remembers nothing.
    """

    def __init__(
        self, talker: Talker, store: Store, limits: Limits | None = None, memory: Memory | None = None
    ) -> None:
        self._talker = talker
        self._store = store
        self._memory = memory
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
                self._chats[key] = Chat(chat_id, owner, self._store.shelf(owner), self._memory)
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
        """Start reading files into an empty chat; where a limit forbids it, only say so."""
        names = ", ".join(path.name for path in paths)
        return self._begin(chat, f"Reading {names}", paths, lambda data: Session.open(paths, data))

    def offer(self, chat: Chat, paths: Sequence[Path]) -> None:
        """Ask what files are for that came into a chat with data; where a limit forbids them, say so."""
        chat.problem = self._too_much(chat, paths)
        if chat.session is not None and not chat.problem:
            chat.offered = Offered(tuple(paths), uses(chat.session, paths))
        chat.changed()

    def use(self, chat: Chat, what: What) -> Chat:
        """Do with the files that came in what the person chose; return the chat in which it goes on."""
        offered, session = chat.offered, chat.session
        if offered is None or session is None or what not in {use.what for use in offered.uses}:
            chat.offered = None
            return chat
        chat.offered = None
        paths = offered.paths
        told = next(use.told for use in offered.uses if use.what == what)
        if what == "new":
            return self._elsewhere(chat, told, paths, lambda data: Session.open(paths, data))
        if what == "again":
            return self._elsewhere(chat, told, paths, _again(session, paths))
        if what == "rerun":
            return self._elsewhere(chat, told, paths, _rerun(paths[0], session))
        self._act_on(chat, told, paths, what)
        return chat

    def check_again(self, chat: Chat) -> Task:
        """Start running a chat again on its own data."""
        question = "Run this chat again on the same data: does everything come out the same?"

        def work(task: Task) -> None:
            chat.act(lambda session: rerunning.check_again(session, question, lambda: not task.stopped), task)

        chat.running = Turn(question, (Step(rerunning.REPLAY, {}),), running=True)
        return self._start(chat, question, work)

    def _act_on(self, chat: Chat, question: str, paths: Sequence[Path], what: What) -> Task:
        def made(session: Session, wanted: Callable[[], bool]) -> Turn:
            if what == "apply":
                return adding.apply_segments(session, question, paths[0], wanted)
            then = {"score": "score_customers", "movement": "show_movement"}.get(what, "describe_data")
            return adding.add_files(session, question, paths, then, wanted)

        def work(task: Task) -> None:
            chat.act(lambda session: made(session, lambda: not task.stopped), task)

        step = Step(adding.APPLY if what == "apply" else adding.ADD, {"files": [path.name for path in paths]})
        chat.running = Turn(question, (step,), running=True)
        return self._start_reading(chat, question, paths, work)

    def _elsewhere(
        self, chat: Chat, about: str, paths: Sequence[Path], made: Callable[[Path], Session]
    ) -> Chat:
        """Begin a new chat of the same person; this one stays as it is."""
        other = self.get(chat.owner, new_id())
        self._begin(other, about, paths, made)
        return other

    def _begin(self, chat: Chat, about: str, paths: Sequence[Path], made: Callable[[Path], Session]) -> Task:
        chat.problem = self._too_much(chat, paths)

        def work(task: Task) -> None:
            if not chat.problem:
                chat.load(made, task)

        return self._start_reading(chat, about, paths, work)

    def _start_reading(
        self, chat: Chat, about: str, paths: Sequence[Path], work: Callable[[Task], None]
    ) -> Task:
        """Start work on uploaded files, which are not forgotten while they wait for it and are read."""
        self._reading += [*paths]

        def read(task: Task) -> None:
            try:
                work(task)
            finally:
                for path in paths:
                    self._reading.remove(path)

        return self._start(chat, about, read)

    def being_read(self) -> list[Path]:
        """Return the files that are being read or wait for it, or for a person's word."""
        with self._lock:
            waiting = [chat.offered for chat in self._chats.values() if chat.offered]
        return [*self._reading, *(path for offered in waiting for path in offered.paths)]

    def ask(self, chat: Chat, question: str) -> Task:
        """Start answering a question."""
        chat.running = Turn(question, running=True)
        return self._start(chat, question, lambda task: chat.answer(self._talker, question, task))

    def ask_soon(self, chat: Chat, question: str) -> bool:
        """Start answering a question, or keep it until what is under way is complete.

        Returns:
            Whether it was taken: one question can wait, and none where no data are loaded.
        """
        with chat.turnover:
            if not question or chat.session is None or chat.next_question:
                return False
            if chat.busy:
                chat.next_question = question
                chat.changed()
            else:
                self.ask(chat, question)
        return True

    def act(self, chat: Chat, question: str, tool: str, arguments: Mapping[str, Any]) -> Task:
        """Start what a person chose by click; it becomes a turn like any other."""
        chat.running = Turn(question, (Step(tool, arguments),), running=True)

        def work(task: Task) -> None:
            chat.act(
                lambda session: perform(session, question, tool, arguments, lambda: not task.stopped), task
            )

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

    def stop(self, chat: Chat) -> str:
        """End waiting at once; the worker is told to end and keeps what was there before.

        Returns:
            The question that waited for its turn; it is not asked.
        """
        with chat.turnover:
            task, waited = chat.task, chat.next_question
            if task is None or task.done.is_set():
                return ""
            task.stopped, chat.next_question = True, ""
        if chat.running is not None:
            done = tuple(step for step in chat.running.steps if step.result or step.error)
            said = f"{chat.running.answer}\n\n{STOPPED}".strip()
            chat.running = replace(chat.running, running=False, answer=said, steps=done)
        task.done.set()
        chat.changed()
        if chat.session is not None:
            self._talker.stop(chat.session)
        else:
            chat.problem = NOT_LOADED
        return waited

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
        task.ticket = self._queue.submit(
            chat.owner, chat, lambda: chat.run(task, lambda: work(task), lambda asked: self.ask(chat, asked))
        )
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


def _again(session: Session, paths: Sequence[Path]) -> Callable[[Path], Session]:
    """Return what makes a chat in which the questions of this one are answered on other files."""
    return lambda data: rerunning.run_again(
        rerunning.recipe_of_chat(session, about_files=False), Session.open(paths, data)
    )


def _rerun(report: Path, session: Session) -> Callable[[Path], Session]:
    """Return what makes a chat in which a saved report is run again on the data of this one."""

    def made(data: Path) -> Session:
        return rerunning.run_again(read_recipe(report), Session(rerunning.on_copy(session, data)))

    return made


def new_id() -> str:
    """Return an id that nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)
