"""The record of a conversation: what was asked, which tools ran, what was said; its one writer is `run`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from assistant.grounding import NumberTrace
from assistant.sent import Sent
from assistant.usage import Usage
from tools import progress
from tools.core import Fact, Json, OfferedFile, ResultTable, Segmentation, ToolResult, Workspace, all_tools
from tools.customers.exporting import apply_segmentation, holds_segmentation, load_segmentation
from tools.errors import ToolError
from tools.files.loading import Given, load
from tools.progress import Progress

Status = Literal["answered", "clarify", "refused", "error"]


@dataclass(frozen=True)
class Step:
    """One tool call; while it runs, both `result` and `error` are None."""

    tool: str
    arguments: Mapping[str, Any]
    result: ToolResult | None = None
    error: str | None = None
    instead: str = ""
    choices: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Turn:
    """A question and everything that came of it.

    Attributes:
        question: The person's words.
        steps: Tool calls in order.
        answer: Markdown that the person reads; the first sentence holds what was asked for.
        status: What kind of answer it is.
        choices: Answers to a question back, clickable.
        next_questions: Questions worth asking next, clickable.
        traces: Where each number of the answer comes from.
        unsupported: Text, start and end of each number of the answer that no fact supports.
        running: Whether more is to come.
        workspace: As it stood after this turn.
        model: Who spoke.
        seconds: From the question to the last word.
        extra: The model's reading of the question.
        liked: Thumb up or down that the person gave, or None.
        usage: What it took of a model server.
        sent: Every message that went there.
        cost: What that cost, in the currency of the prices in the settings; None where none are set.
    """

    question: str
    steps: tuple[Step, ...] = ()
    answer: str = ""
    status: Status = "answered"
    choices: tuple[str, ...] = ()
    next_questions: tuple[str, ...] = ()
    traces: tuple[NumberTrace, ...] = ()
    unsupported: tuple[tuple[str, int, int], ...] = ()
    running: bool = False
    workspace: Workspace | None = None
    model: str = ""
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)
    liked: bool | None = None
    usage: Usage = Usage()
    sent: tuple[Sent, ...] = ()
    cost: float | None = None

    @property
    def results(self) -> list[ToolResult]:
        """Results of the steps that worked, in order."""
        return [step.result for step in self.steps if step.result is not None]

    @property
    def facts(self) -> list[Fact]:
        """Facts of all steps, in order."""
        return [fact for result in self.results for fact in result.facts]

    @property
    def tables(self) -> list[ResultTable]:
        """Tables of all steps, in order."""
        return [table for result in self.results for table in result.tables]

    @property
    def figures(self) -> list[Json]:
        """Plotly figures of all steps as plain JSON, in order."""
        return [figure for result in self.results for figure in result.figures]

    @property
    def files(self) -> list[OfferedFile]:
        """Files that the steps offer, in order."""
        return list(dict.fromkeys(file for result in self.results for file in result.files))

    @property
    def unsupported_numbers(self) -> list[str]:
        """Numbers of the answer that no fact supports, as written."""
        return [text for text, _, _ in self.unsupported]

    @property
    def segmentation(self) -> Segmentation | None:
        """The current segmentation after this turn."""
        return self.workspace.segmentation if self.workspace else None


class Record(Protocol):
    """Where a conversation is kept; each call returns when it is safe there."""

    def asked(self, question: str) -> None:
        """Keep the question whose answer is being written."""

    def keep(self, place: int, turn: Turn) -> None:
        """Keep a turn at its place, counted from 0; what stood there before is replaced."""

    def take_back(self, place: int) -> None:
        """Remove the turn at this place."""


class Diary(Protocol):
    """What is remembered of a conversation for later ones of the same person."""

    def keep(self, place: int, turn: Turn) -> None:
        """Remember what a turn taught, in place of what was remembered of the turn there before."""

    def take_back(self, place: int) -> None:
        """Forget what the turn at this place taught."""

    def taught(self, workspace: Workspace) -> dict[str, str]:
        """Return the column that each word means which was taught in other conversations."""

    def words_used(self, turn: Turn, workspace: Workspace) -> list[str]:
        """Return a sentence with its source for each such word by which a question was read."""

    def findings(self, question: str, workspace: Workspace) -> list[str]:
        """Return findings of other conversations near a question, as a model elsewhere may read them."""

    def examples(self, question: str, workspace: Workspace) -> list[tuple[str, str, str]]:
        """Return question, tool and arguments of good calls near a question."""

    def answer(self, question: str, leaves_machine: bool) -> ToolResult:
        """Answer what was found earlier, or raise a ToolError."""


class Session:
    """One conversation over one workspace.

    Args:
        workspace: Loaded data.
        id: Random name; cannot be guessed.
        turns: What was said before, where a conversation is opened again.
        record: Where it is kept; None keeps it in memory only.

    Attributes:
        diary: Where is remembered what it teaches; None remembers nothing.
    """

    def __init__(
        self,
        workspace: Workspace,
        id: str | None = None,
        turns: Sequence[Turn] = (),
        record: Record | None = None,
    ) -> None:
        self.id = id or secrets.token_urlsafe(18)
        self.turns: list[Turn] = list(turns)
        self.record = record
        self.diary: Diary | None = None
        self.progress: Progress | None = None  # how far the tool that is running is
        self._first = workspace
        self.workspace = self._last_workspace()

    @property
    def first(self) -> Workspace:
        """The data as they were loaded, before anything was asked."""
        return self._first

    @classmethod
    def open(cls, paths: Sequence[Given] | Mapping[str, Given], database: Path | None = None) -> Session:
        """Load data into a new session; saved segments are applied to the customers.

        Args:
            paths: Files, folders, databases, pandas frames and Arrow tables; with names, those of tables.
            database: File to keep the tables in; None keeps them in memory.

        Raises:
            ToolError: If a file cannot be used.
        """
        if isinstance(paths, Mapping):
            return cls(load(paths, database))
        kept = [isinstance(path, Path) and holds_segmentation(path) for path in paths]
        saved = [path for path, is_saved in zip(paths, kept, strict=True) if is_saved]
        data = [path for path, is_saved in zip(paths, kept, strict=True) if not is_saved]
        if saved and not data:
            raise ToolError(
                f"{saved[0].name} holds segments, and no customers.",
                "Choose it together with the file of customers to put into them.",
            )
        workspace = load(data, database)
        for path in saved:
            workspace = apply_segmentation(workspace, load_segmentation(path))
        return cls(workspace)

    def run_tool(
        self, name: str, arguments: Mapping[str, Any], wanted: Callable[[], bool] = lambda: True
    ) -> Step:
        """Run a tool on the workspace and put the new workspace in place; never raises for a ToolError.

        Args:
            name: The tool.
            arguments: Plain JSON.
            wanted: Asked at the steps of long work and when the tool is done; a run that was stopped
                meanwhile changes nothing.

        Raises:
            StoppedError: If the run was stopped meanwhile.
        """
        spec = all_tools().get(name)
        if spec is None:
            known = ", ".join(all_tools())
            return Step(
                name, arguments, error=f"There is no tool {name!r}.", instead=f"The tools are: {known}."
            )
        return self.run(name, arguments, lambda: spec.call(self.workspace, arguments), wanted)

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        call: Callable[[], ToolResult],
        wanted: Callable[[], bool] = lambda: True,
    ) -> Step:
        """Run anything that gives a ToolResult as a recorded step.

        Raises:
            StoppedError: If the run was stopped meanwhile.
        """
        started = time.perf_counter()
        try:
            with progress.followed(self._note_progress, wanted):
                result = call()
        except ToolError as error:
            seconds = time.perf_counter() - started
            return Step(name, arguments, None, error.wrong, error.instead, error.choices, seconds)
        finally:
            self.progress = None
        if result.workspace is not None and wanted():
            self.workspace = result.workspace
        return Step(name, arguments, result, seconds=time.perf_counter() - started)

    def _note_progress(self, made: Progress) -> None:
        self.progress = made

    def add(self, turn: Turn) -> Turn:
        """Close a turn: it is kept, with the workspace as it stands now, before it counts as given."""
        turn = replace(turn, running=False, workspace=self.workspace)
        if self.record is not None:
            self.record.keep(len(self.turns), turn)
        if self.diary is not None:
            self.diary.keep(len(self.turns), turn)
        self.turns.append(turn)
        return turn

    def rate(self, place: int, liked: bool | None) -> Turn:
        """Note what the person thinks of an answer.

        Raises:
            IndexError: If there is no turn at this place.
        """
        turn = replace(self.turns[place], liked=liked)
        if self.record is not None:
            self.record.keep(place, turn)
        if self.diary is not None:
            self.diary.keep(place, turn)
        self.turns[place] = turn
        return turn

    def undo(self) -> Turn | None:
        """Take the last turn back, with all that its tools did; return it, or None if there is none."""
        if not self.turns:
            return None
        if self.record is not None:
            self.record.take_back(len(self.turns) - 1)
        if self.diary is not None:
            self.diary.take_back(len(self.turns) - 1)
        last = self.turns.pop()
        self.workspace = self._last_workspace()
        return last

    def _last_workspace(self) -> Workspace:
        before = self.turns[-1].workspace if self.turns else None
        return before or self._first

    def greeting(self) -> Turn:
        """Describe the data as the first turn after loading; it is not added to the turns."""
        step = self.run_tool("describe_data", {})
        result = step.result
        if result is None:
            return Turn(
                "", (step,), f"{step.error} {step.instead}".strip(), "error", workspace=self.workspace
            )
        return Turn("", (step,), told(result), workspace=self.workspace)


def told(result: ToolResult) -> str:
    """Return a result in words, as Markdown: what was found, what it means, what to keep in mind."""
    return "\n\n".join([result.headline, *result.findings, *(f"- {caveat}" for caveat in result.caveats)])
