"""Knows what becomes of a file that comes into a running chat, and tells of it there like any answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.checking import check_answer
from assistant.session import Session, Status, Step, Turn, told
from tools.core import DataTable, ToolResult, Workspace
from tools.customers.exporting import apply_segmentation, load_segmentation
from tools.files.loading import add
from tools.quoting import Quotes
from tools.wording import listing

ADD, APPLY = "add_file", "apply_segments"  # steps of a person's own, which no model can ask for


def add_files(
    session: Session, question: str, paths: Sequence[Path], then: str, wanted: Callable[[], bool]
) -> Turn:
    """Read files beside what is loaded, then run a tool on the first of them; one turn of the chat.

    Args:
        session: The chat; what is loaded and the segments stay as they are.
        question: What the person chose, in words.
        paths: The files.
        then: A tool that takes a table.
        wanted: Whether somebody still waits.

    Raises:
        StoppedError: If nobody waits any more; nothing was changed then.
    """
    came: list[str] = []

    def read() -> ToolResult:
        workspace, names = add(session.workspace, paths)
        came.extend(names)
        return _added(workspace, names)

    before = session.workspace
    steps = [session.run(ADD, {"files": [path.name for path in paths]}, read, wanted)]
    if came:
        try:
            steps.append(session.run_tool(then, {"table": came[0]}, wanted))
        except BaseException:
            session.workspace = before
            raise
    return keep(session, question, steps, first=len(steps) - 1)


def apply_segments(session: Session, question: str, path: Path, wanted: Callable[[], bool]) -> Turn:
    """Put the customers of a chat into saved segments, nothing fitted again; one turn of the chat."""

    def applied() -> ToolResult:
        workspace = apply_segmentation(session.workspace, load_segmentation(path))
        return _in_saved_segments(workspace)

    return keep(session, question, [session.run(APPLY, {"file": path.name}, applied, wanted)])


def keep(session: Session, question: str, steps: Sequence[Step], first: int = 0) -> Turn:
    """Add what steps that a person chose by click have found as a turn of the chat.

    Args:
        session: The chat.
        question: What was chosen, in words.
        steps: In the order in which they ran.
        first: The one that holds what was asked for; it is told before the others.
    """
    worked = any(step.result is not None for step in steps)
    failed = next((step for step in steps if step.error is not None), None)
    choices = failed.choices if failed else ()
    status: Status = "answered" if worked else "clarify" if choices else "refused"
    answer = "\n\n".join(_said(step) for step in (steps[first], *steps[:first], *steps[first + 1 :]))
    found = check_answer(answer, question, session, steps)
    made = Turn(question, tuple(steps), answer, status, choices, traces=found.traces)
    seconds = sum(step.seconds for step in steps)
    return session.add(replace(made, unsupported=found.unsupported, seconds=seconds))


def _said(step: Step) -> str:
    return told(step.result) if step.result is not None else f"{step.error} {step.instead}".strip()


def _added(workspace: Workspace, names: Sequence[str]) -> ToolResult:
    quotes = Quotes()
    tables = [workspace.tables[name] for name in names]
    held = listing([f"{_file(table)} ({_rows(table, quotes)})" for table in tables])
    called = listing([f"“{name}”" for name in names])
    headline = (
        f"{held} is read and stands beside {workspace.table.source} as {called}; what was there is unchanged."
        if len(names) == 1
        else f"{held} are read and stand beside {workspace.table.source} as {called}; what was there is "
        "unchanged."
    )
    return ToolResult(headline, quotes.facts, workspace=workspace)


def _file(table: DataTable) -> str:
    return f"**{table.source}**"


def _rows(table: DataTable, quotes: Quotes) -> str:
    return quotes.count("n_rows", table.n_rows, "row", scope=table.name)


def _in_saved_segments(workspace: Workspace) -> ToolResult:
    quotes, made = Quotes(), workspace.segmentation
    if made is None:
        raise ValueError("applying a segmentation makes it the current one")
    people = quotes.count("n_customers", made.n_customers, "customer")
    n = quotes.count("n_segments", len(made.segments), "segment")
    sizes = [
        f"**{one.name}** ({quotes.share('share_of_customers_pct', one.share, one.name)})"
        for one in made.segments
    ]
    headline = f"The {people} are in the {n} of “{made.name}”, as they were saved: {listing(sizes)}."
    return ToolResult(headline, quotes.facts, workspace=workspace)
