"""Knows how a chat, or a saved report, is run again from the page: on its own data or on another file's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.adding import keep
from assistant.recipe import Recipe, recipe_of
from assistant.replay import Outcome, Run
from assistant.replay_words import to_result
from assistant.session import Session, Step, Turn
from tools.core import Workspace
from tools.engine import Engine

REPLAY = "replay"  # a step of a person's own, which no model can ask for


def recipe_of_chat(session: Session) -> Recipe:
    """Return the recipe of everything that was answered in a chat."""
    answered = [turn for turn in session.turns if turn.status == "answered"]
    source = session.first.table.source
    today = datetime.now(UTC).date().isoformat()
    return recipe_of(session.workspace, session.turns, answered, f"The chat about {source}", today)


def on_copy(workspace: Workspace, data: Path) -> Workspace:
    """Return the workspace over a copy of its data in a file of its own."""
    engine = Engine(data)
    try:
        engine.adopt(workspace.engine)
    except BaseException:
        engine.close()
        raise
    return replace(workspace, engine=engine.named(workspace.engine.naming))


def run_again(recipe: Recipe, session: Session) -> Session:
    """Run a recipe over data just loaded; return a chat that tells what changed, then answers every question.

    Raises:
        StoppedError: If nobody waits any more.
    """
    run = Run.over(recipe, session)
    start = run.session.workspace
    outcome = run.outcome()
    question = f"What has changed since “{recipe.title}”?"
    head = keep(Session(start), question, [_step(outcome)])
    return Session(start, turns=(head, *outcome.session.turns))


def check_again(session: Session, question: str, wanted: Callable[[], bool]) -> Turn:
    """Run a chat again on its own data and tell in it whether everything comes out the same.

    Raises:
        StoppedError: If nobody waits any more.
    """
    with tempfile.TemporaryDirectory(prefix="again-") as folder:
        copied = on_copy(session.first, Path(folder) / "data.duckdb")
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
