"""Knows how a chat, or a saved report, is run again from the page: on its own data or on another file's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from assistant.adding import ADD, APPLY, keep
from assistant.recipe import Recipe, recipe_of
from assistant.replay import Outcome, Run
from assistant.replay_words import to_result
from assistant.session import Session, Step, Turn
from tools.core import Workspace
from tools.engine import Engine, answering

REPLAY = "replay"  # a step of a person's own, which no model can ask for


def recipe_of_chat(session: Session, about_files: bool = True) -> Recipe:
    """Return the recipe of everything that was answered in a chat.

    Args:
        session: The chat.
        about_files: With the answers about further files that came into it; without them it can be run on
            another file in the place of the first.
    """
    turns = [turn for turn in session.turns if about_files or not _is_about_a_file(turn)]
    answered = [turn for turn in turns if turn.status == "answered"]
    source = session.first.table.source
    today = datetime.now(UTC).date().isoformat()
    made = recipe_of(session.workspace, turns, answered, f"the chat about {source}", today)
    loaded = {table.name for table in session.first.tables.values()}
    kept = tuple(source for source in made.sources if source.name in loaded)
    return made if about_files else replace(made, sources=kept)


def _is_about_a_file(turn: Turn) -> bool:
    return any(step.tool in (ADD, APPLY, REPLAY) for step in turn.steps)


def on_copy(session: Session, data: Path) -> Workspace:
    """Return a copy of the data of a chat as they were loaded, with the files that came later."""
    first = session.first
    tables, stored = dict(first.tables), dict(first.engine.naming["names"])
    for turn in session.turns:
        if turn.workspace is None or not _is_about_a_file(turn):
            continue
        naming = turn.workspace.engine.naming
        for name in (name for name in turn.workspace.tables if name not in tables):
            tables[name] = turn.workspace.tables[name]
            stored[name] = naming["names"].get(name, f"{name}{naming['suffix']}")
    engine = Engine(data)
    try:
        engine.adopt(first.engine)
        engine = answering(engine)
    except BaseException:
        engine.close()
        raise
    naming = {"suffix": first.engine.naming["suffix"], "names": stored}
    return replace(first, engine=engine.named(naming), tables=MappingProxyType(tables))


def run_again(recipe: Recipe, session: Session) -> Session:
    """Run a recipe over data just loaded; return a chat that tells what changed, then answers every question.

    Raises:
        StoppedError: If nobody waits any more.
    """
    run = Run.over(recipe, session)
    start = run.session.workspace
    outcome = run.outcome()
    question = f"Run again: {recipe.title}. What has changed?"
    head = keep(Session(start), question, [_step(outcome)])
    return Session(start, turns=(head, *outcome.session.turns))


def check_again(session: Session, question: str, wanted: Callable[[], bool]) -> Turn:
    """Run a chat again on its own data and tell in it whether everything comes out the same.

    Raises:
        StoppedError: If nobody waits any more.
    """
    with tempfile.TemporaryDirectory(prefix="again-") as folder:
        copied = on_copy(session, Path(folder) / "data.duckdb")
        try:
            step = session.run(
                REPLAY,
                {},
                lambda: to_result(Run.over(recipe_of_chat(session), Session(copied)).outcome()),
                wanted,
            )
        finally:
            copied.engine.close()
    return keep(session, question, [step])


def _step(outcome: Outcome) -> Step:
    files = [source.file for source in outcome.now]
    return Step(REPLAY, {"recipe": outcome.recipe.title, "files": files}, to_result(outcome))
