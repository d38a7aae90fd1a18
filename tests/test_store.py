"""Chats on disk: opened again exactly as they were, reached by nobody else, and gone when deleted."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.agent import Agent
from assistant.records import Reader, Writer
from assistant.session import Session, Turn
from assistant.settings import Settings
from assistant.store import ABANDONED_SECONDS, FILE, Opened, Shelf, Store
from tests.conftest import ROOT, SMALL
from tools.core import Workspace
from tools.engine import Engine, UnreadableError
from tools.errors import ToolError

SAMPLE = ROOT / "data" / "sample_transactions.csv"
NAME = "Zarathustra"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "kept")
    yield opened
    opened.close()


def begun(shelf: Shelf, chat_id: str, *files: Path) -> Session:
    data = shelf.new_data()
    session = Session.open(files, data)
    shelf.begin(chat_id, session, replace(session.greeting(), next_questions=("What now?",)), data)
    return session


def reopened(shelf: Shelf, chat_id: str) -> Opened:
    opened = shelf.open(chat_id)
    assert opened is not None
    return opened


def comparable(value: Any, engine: Engine) -> Any:
    """Return a turn with its workspaces over another engine, so that two can be compared."""

    def over(workspace: Workspace | None) -> Workspace | None:
        return replace(workspace, engine=engine) if workspace else None

    steps = tuple(
        replace(step, result=replace(step.result, workspace=over(step.result.workspace)))
        if step.result
        else step
        for step in value.steps
    )
    return replace(value, steps=steps, workspace=over(value.workspace))


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_chat_opens_again_exactly_as_it_was(store: Store) -> None:
    shelf = store.shelf("ann")
    session = begun(shelf, "chat", SAMPLE)
    agent = Agent(Settings(folder=str(store.folder)))
    questions = (
        "what is the average balance by gender",
        "plot transactions per month",
        "segment my customers",
        "rename segment 1 to Night owls",
        "describe each segment",
        "why this many?",
        "undo",
        "top 10 cities by amount",
        "how much does xyzzy cost",
    )
    for question in questions:
        for _ in agent.reply(session, question):
            pass
    session.rate(0, liked=True)
    session.workspace.engine.close()

    again = reopened(shelf, "chat").session
    engine = again.workspace.engine
    assert [turn.question for turn in again.turns] == list(questions)
    for before, after in zip(session.turns, again.turns, strict=True):
        assert after == comparable(before, engine)
        assert repr(after.figures) == repr(before.figures)
    assert again.turns[0].liked is True
    assert again.workspace == replace(session.workspace, engine=engine)
    assert len(again.workspace.versions(again.workspace.current or "")) >= 2
    assert again.id == session.id
    engine.close()


def test_an_opened_chat_answers_as_if_it_had_never_been_closed(store: Store) -> None:
    shelf, agent = store.shelf("ann"), Agent(Settings(folder=str(store.folder)))

    def last(session: Session, question: str) -> Turn:
        *_, turn = agent.reply(session, question)
        return turn

    open_all_along = begun(shelf, "one", SAMPLE)
    closed_between = begun(shelf, "two", SAMPLE)
    for session in (open_all_along, closed_between):
        last(session, "segment my customers")
    closed_between.workspace.engine.close()
    closed_between = reopened(shelf, "two").session
    for question in ("merge segments 1 and 2", "describe each segment", "average balance by gender", "undo"):
        one, two = last(open_all_along, question), last(closed_between, question)
        assert (one.answer, one.facts, one.tables) == (two.answer, two.facts, two.tables)
    for session in (open_all_along, closed_between):
        session.workspace.engine.close()


def test_taking_back_is_kept_too(store: Store, small_file: Path) -> None:
    shelf = store.shelf("ann")
    session = begun(shelf, "chat", small_file)
    for question in ("One?", "Two?"):
        session.add(Turn(question, answer="So."))
    session.undo()
    session.add(Turn("Three?", answer="So."))
    session.workspace.engine.close()
    opened = reopened(shelf, "chat")
    assert [turn.question for turn in opened.session.turns] == ["One?", "Three?"]
    assert opened.opening.next_questions == ("What now?",)
    opened.session.workspace.engine.close()


def test_a_question_without_answer_is_known(store: Store, small_file: Path) -> None:
    shelf = store.shelf("ann")
    session = begun(shelf, "chat", small_file)
    assert session.record is not None
    session.record.asked("How many?")
    session.workspace.engine.close()
    opened = reopened(shelf, "chat")
    assert opened.unanswered == "How many?"
    opened.session.add(Turn("How many?", answer="Seven."))
    opened.session.workspace.engine.close()
    opened = reopened(shelf, "chat")
    assert (opened.unanswered, len(opened.session.turns)) == ("", 1)
    opened.session.workspace.engine.close()


def test_an_answer_that_cannot_be_kept_does_not_count(store: Store, small_file: Path) -> None:
    session = begun(store.shelf("ann"), "chat", small_file)
    store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(ToolError, match="could not be written to disk"):
        session.add(Turn("One?", answer="So."))
    assert session.turns == []
    store._database.execute("PRAGMA query_only = OFF")
    session.add(Turn("One?", answer="So."))
    assert len(session.turns) == 1
    session.workspace.engine.close()


def test_reopened_data_are_locked_down(store: Store, small_file: Path) -> None:
    shelf = store.shelf("ann")
    begun(shelf, "chat", small_file).workspace.engine.close()
    engine = reopened(shelf, "chat").session.workspace.engine
    with pytest.raises(UnreadableError):
        engine.look_at_parquet(small_file)
    for forbidden in (
        f"FROM read_csv('{small_file}')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(Exception, match="(?i)permission|external|lock|disabled"):
            engine._connection.execute(forbidden)
    engine.close()


def test_nobody_reaches_anothers_chat(store: Store, small_file: Path) -> None:
    ann, ben = store.shelf("ann"), store.shelf("ben")
    begun(ann, "chat", small_file).workspace.engine.close()
    assert ben.open("chat") is None
    assert not ben.has("chat")
    assert ben.list() == []
    assert ben.list("Spain") == []
    assert not ben.delete("chat")
    begun(ben, "chat", small_file).workspace.engine.close()  # the same id is another chat
    assert ben.delete("chat")
    assert ann.has("chat")
    reopened(ann, "chat").session.workspace.engine.close()


def test_deleting_leaves_no_trace(store: Store, tmp_path: Path) -> None:
    shelf = store.shelf("ann")
    names = "\n".join(f"o{i},{NAME}{i},2024-01-{i % 28 + 1:02},{i}.5" for i in range(500))
    path = tmp_path / "orders.csv"
    path.write_text(f"order_id,customer_id,order_date,amount\n{names}\n")
    session = begun(shelf, "chat", path)
    begun(shelf, "other", path.with_name("orders.csv")).workspace.engine.close()
    session.add(Turn(f"Who is {NAME}7?", answer=f"{NAME}7 is a customer."))
    session.workspace.engine.close()
    assert NAME.encode() in everything_in(store.folder)
    assert shelf.delete("chat")
    assert shelf.delete("other")
    assert list(store.data.iterdir()) == []
    assert NAME.encode() not in everything_in(store.folder)
    assert not shelf.delete("chat")


def test_new_data_replace_the_old_ones(store: Store, tmp_path: Path, small_file: Path) -> None:
    shelf = store.shelf("ann")
    first = begun(shelf, "chat", small_file)
    first.add(Turn("One?", answer="So."))
    first.workspace.engine.close()
    second = begun(shelf, "chat", small_file)
    assert len({path.name.partition(".")[0] for path in store.data.iterdir()}) == 1
    second.workspace.engine.close()
    opened = reopened(shelf, "chat")
    assert opened.session.turns == []
    opened.session.workspace.engine.close()


def test_chats_are_named_by_their_content_and_found_by_their_words(store: Store, tmp_path: Path) -> None:
    shelf = store.shelf("ann")
    for number, question in enumerate(("Average amount in Spain?", "Wie viele Käufer?", "50% of_what?")):
        path = tmp_path / f"orders_{number}.csv"
        path.write_text(SMALL)
        session = begun(shelf, f"chat{number}", path)
        session.add(Turn(question, answer=f"The answer is {number}."))
        session.workspace.engine.close()
    newest = shelf.list()[0]
    assert (newest.source, newest.question, newest.n_turns) == ("orders_2.csv", "50% of_what?", 1)
    assert newest.used <= time.time()

    def found(words: str) -> list[str]:
        return [chat.id for chat in shelf.list(words)]

    assert found("spain") == ["chat0"]
    assert found("KÄUFER") == ["chat1"]
    assert found("answer orders_2") == ["chat2"]
    assert found("50%") == ["chat2"]
    assert found("50_") == []
    assert len(found("the")) == 3


def test_old_chats_and_leftovers_go(store: Store, small_file: Path) -> None:
    shelf = store.shelf("ann")
    for name in ("old", "new"):
        begun(shelf, name, small_file).workspace.engine.close()
    with store.writing() as database:
        database.execute("UPDATE chats SET used = used - 10 * 86400 WHERE id = 'old'")
    leftover, fresh = store.data / f"{'a' * 32}.duckdb", store.data / f"{'b' * 32}.duckdb.wal"
    for path in (leftover, fresh):
        path.write_bytes(b"x")
    os.utime(leftover, (0, time.time() - ABANDONED_SECONDS - 1))
    assert store.forget_old(0) == 0
    assert (shelf.has("old"), leftover.exists(), fresh.exists()) == (True, False, True)
    assert store.forget_old(30) == 0
    assert store.forget_old(7) == 1
    assert [chat.id for chat in shelf.list()] == ["new"]
    reopened(shelf, "new").session.workspace.engine.close()


def test_a_lost_data_file_is_one_clear_sentence(store: Store, small_file: Path) -> None:
    shelf = store.shelf("ann")
    begun(shelf, "chat", small_file).workspace.engine.close()
    data = next(store.data.glob("*.duckdb"))
    data.write_bytes(b"not a database" * 1000)
    with pytest.raises(ToolError, match="cannot be opened now"):
        shelf.open("chat")
    data.unlink()
    with pytest.raises(ToolError, match="no longer on the disk"):
        shelf.open("chat")


def test_a_folder_that_cannot_be_used_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="cannot be kept in the folder"):
        Store(tmp_path / "file")


def test_what_is_kept_is_for_this_user_only(store: Store, small_file: Path) -> None:
    begun(store.shelf("ann"), "chat", small_file).workspace.engine.close()
    assert store.data.stat().st_mode & 0o077 == 0
    assert (store.folder / FILE).stat().st_mode & 0o077 == 0
    other = sqlite3.connect(store.folder / FILE)
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


def test_every_segmentation_reads_back_as_itself(session: Session) -> None:
    """Numbers keep their kind and texts their letters, also where they are unusual."""
    strange = Turn("ü\n\u2028?", answer="NaN", extra={"where": [{"column": "a", "value": [1, 2.0, None]}]})
    writer = Writer()
    document = writer.turn(replace(strange, workspace=session.workspace))
    again = Reader(session.workspace.engine, writer.pieces).turn(document, ())
    assert again == replace(strange, workspace=session.workspace)
