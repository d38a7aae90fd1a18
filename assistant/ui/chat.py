"""One conversation as its person sees it: what is loaded, what is running, how far it is, what is kept.

Knows nothing of Gradio; the page and the download routes read it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.checking import check_answer
from assistant.memory import Memory
from assistant.remembering import Diary
from assistant.session import Session, Turn
from assistant.store import Shelf
from assistant.ui.fair_queue import Ticket
from assistant.ui.messages import Rendered
from assistant.ui.offers import Use
from assistant.ui.suggestions import first_questions
from tools import progress
from tools.errors import StoppedError, ToolError
from tools.progress import Progress

log = logging.getLogger(__name__)

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
class Offered:
    """Files that came into a running chat and wait for the person to say what they are for."""

    paths: tuple[Path, ...]
    uses: tuple[Use, ...]


@dataclass(eq=False)
class Task:
    """One piece of work for a chat; `done` means that nobody waits for it any more."""

    about: str
    done: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False
    progress: Progress | None = None  # how far it is, where it says so
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
        next_question: What was typed while an answer was being written; asked after it. Empty for nothing.
        offered: Files that came in and whose use is not chosen yet.
        diary: Where is remembered what is learnt here, or None.
        rendered: Messages of finished turns, so that they are made once.
        revision: Grows whenever there is something new to show.
    """

    def __init__(self, chat_id: str, owner: str, shelf: Shelf, memory: Memory | None = None) -> None:
        self.id = chat_id
        self.owner = owner
        self.diary = Diary(memory, owner, chat_id) if memory else None
        self.session: Session | None = None
        self.opening: Turn | None = None
        self.running: Turn | None = None
        self.problem = ""
        self.next_question = ""
        self.offered: Offered | None = None
        self.revision = 0
        self.rendered: Rendered = {}
        self.task: Task | None = None
        self.seen = time.monotonic()
        self._shelf = shelf
        self._looked = False
        self._opens = threading.Lock()
        self.turnover = threading.RLock()  # held where one piece of work ends and the next begins

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
                self.session.diary = self.diary
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
            self.session = self.opening = self.running = self.offered = None
            self.problem = self.next_question = ""
            self._looked = for_good
            self.rendered.clear()
            self.changed()

    @property
    def progress(self) -> Progress | None:
        """How far the work under way is, where it says so."""
        if not self.busy or self.task is None:
            return None
        return self.task.progress or (self.session.progress if self.session else None)

    def load(self, made: Callable[[Path], Session], task: Task) -> None:
        """Begin with a session; on failure, or when it is stopped, everything stays as it was.

        Args:
            made: Makes the session with its data in this file.
            task: Whoever waits for it.
        """
        data = self._shelf.new_data()
        session = None
        try:
            session = made(data)
            greeting = session.greeting()
            progress.check()
            suggested = greeting.next_questions or first_questions(session.workspace.table)
            found = check_answer(greeting.answer, "", session, greeting.steps)
            traced = replace(greeting, traces=found.traces, unsupported=found.unsupported)
            opening = replace(traced, next_questions=suggested)
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
        session.diary = self.diary
        self.offered = None
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

    def act(self, work: Callable[[Session], Turn], task: Task) -> None:
        """Do what a person chose by click; when it is stopped, that is told in the chat."""
        session = self.session
        if session is None:
            return
        try:
            progress.check()
            work(session)
        except StoppedError:
            session.add(Turn(task.about, answer=STOPPED, status="error"))

    def run(self, task: Task, work: Callable[[], None], then: Callable[[str], object]) -> None:
        """Do work; the outer edge for bugs.

        Args:
            task: Whoever waits for it.
            work: What is done.
            then: Asks what was typed meanwhile.
        """
        task.began = time.monotonic()
        said = ""

        def told(made: Progress) -> None:
            task.progress = made

        try:
            with progress.followed(told, lambda: not task.stopped):
                work()
        except StoppedError:
            log.info("Work was stopped")
        except ToolError as error:  # the disk is full: the answer does not count, and the person is told
            said = str(error)
        except Exception:  # the one outer edge of the page: logged, and the person is told
            log.exception("A question or a file ended in an unexpected error")
            said = LOST_NOTHING
        unkept = self._apologise(task, said) if said else None
        with self.turnover:
            if self.task is task:
                self.running = unkept
                if not task.stopped and self.next_question:
                    question, self.next_question = self.next_question, ""
                    then(question)
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
