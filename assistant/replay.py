"""Runs the recipe of a chat again without a model, on the same or on newer data, and says what changed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import grounding
from assistant.recipe import Call, Recipe, Source, sizes_of, source_of
from assistant.session import Session, Step, Turn
from tools import progress
from tools.core import DataTable, Fact, Json, Scalar, Segmentation, ToolResult, Workspace
from tools.errors import ToolError
from tools.files.databases import Database
from tools.wording import count, day

if TYPE_CHECKING:
    from tools.over_time.drift import Drift

SAME = 1e-9  # relative difference below which two computers' results count as equal
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class Change:
    """One number or word that is another one now; `old` or `new` is None where there is none."""

    name: str
    scope: str
    unit: str | None
    old: Scalar
    new: Scalar


@dataclass(frozen=True)
class CallOutcome:
    """One call of the recipe, as it was and as it is.

    Attributes:
        call: As recorded.
        step: As run now; its `error` says why it was not possible.
        changes: Facts whose value differs, and those that came or went.
        n_same: Facts that are the same.
    """

    call: Call
    step: Step
    changes: tuple[Change, ...]
    n_same: int


@dataclass(frozen=True)
class SegmentOutcome:
    """Customers of one segment then and, put in by the frozen rules of then, now."""

    name: str
    old: int
    old_share: float
    new: int | None
    new_share: float | None


@dataclass
class Outcome:
    """What a replay found.

    Attributes:
        recipe: What was run.
        session: The new conversation, one turn a question.
        same_data: Whether the data are the same, row for row, in any order.
        data: What is different about the data, in sentences.
        calls: In order.
        now: The tables that stand in the place of the recipe's.
        segments: By the segments of then, unchanged.
        found_now: Name, customers and share of the segments that the calls themselves led to.
        drift: How far each feature of the segments moved; largest first.
        notes: What a reader should know, in sentences.
    """

    recipe: Recipe
    session: Session
    same_data: bool
    data: tuple[str, ...]
    calls: tuple[CallOutcome, ...] = ()
    now: tuple[Source, ...] = ()
    segments: tuple[SegmentOutcome, ...] = ()
    found_now: tuple[tuple[str, int, float], ...] = ()
    drift: tuple[Drift, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def n_same(self) -> int:
        """Numbers and words that are the same."""
        return sum(outcome.n_same for outcome in self.calls)

    @property
    def n_changed(self) -> int:
        """Numbers and words that are not."""
        return sum(len(outcome.changes) for outcome in self.calls)

    @property
    def failed(self) -> tuple[CallOutcome, ...]:
        """Calls that could not be repeated."""
        return tuple(outcome for outcome in self.calls if outcome.step.error)

    @property
    def reproduced(self) -> bool:
        """Whether everything came out as it was."""
        return not self.failed and not self.n_changed


class Run:
    """A recipe that is being run, call by call; notebooks and scripts hold on to one.

    Args:
        recipe: From a report.
        paths: The data files; the main one first.
        database: File to keep the data in; None keeps them in memory.

    Raises:
        ToolError: If a file cannot be used.
    """

    def __init__(
        self, recipe: Recipe | Json, paths: Sequence[Path | Database | str], database: Path | None = None
    ) -> None:
        data = [path if isinstance(path, Database) else Path(path) for path in paths]
        missing = [str(path) for path in data if isinstance(path, Path) and not path.is_file()]
        if missing:
            raise ToolError(f"There is no file {missing[0]}.", "Give the path of the data file.")
        self._begin(recipe, Session.open(data, database))

    @classmethod
    def over(cls, recipe: Recipe, session: Session) -> Run:
        """Return a run over data that are loaded already."""
        made = cls.__new__(cls)
        made._begin(recipe, session)
        return made

    def _begin(self, recipe: Recipe | Json, session: Session) -> None:
        self.recipe = recipe if isinstance(recipe, Recipe) else Recipe.from_json(recipe)
        self.session = session
        pairs = _pairs(self.recipe.sources, session.workspace)
        self._names = {then.name: now.name for then, now in pairs}
        if pairs and pairs[0][1].name != session.workspace.main:
            session.workspace = replace(session.workspace, main=pairs[0][1].name)
        self._start = session.workspace
        self._outcomes: list[CallOutcome] = []

    def call(self, tool: str, arguments: Json) -> Step:
        """Run the next call of the recipe and compare it with what was recorded."""
        position, n = len(self._outcomes), len(self.recipe.calls)
        progress.step(f"Running again: {tool.replace('_', ' ')}", min(position, n), n)
        recorded = self.recipe.calls[position] if position < len(self.recipe.calls) else None
        step = self.session.run_tool(tool, self._renamed(arguments))
        if recorded is None or recorded.tool != tool:
            recorded = Call("", tool, arguments, "")
        self._outcomes.append(_compared(recorded, step))
        return step

    def outcome(self) -> Outcome:
        """Return what changed, once every call was run."""
        for call in self.recipe.calls[len(self._outcomes) :]:
            self.call(call.tool, call.arguments)
        self._tell()
        workspace = self.session.workspace
        pairs = [(old, source_of(workspace, table)) for old, table in _pairs(self.recipe.sources, workspace)]
        same, data = _data(self.recipe, workspace, pairs)
        now = tuple(new for _, new in pairs)
        made = Outcome(self.recipe, self.session, same, data, tuple(self._outcomes), now)
        made.found_now = sizes_of(self.session.workspace.segmentation)
        if self.recipe.segmentation is not None:
            _segments(made, self.recipe.segmentation)
        if not same:
            made.notes += _fixed_dates(self.recipe.calls)
        return made

    def _renamed(self, arguments: Json) -> Json:
        """Point arguments that name a table at the table that stands in its place now."""
        return {
            name: self._names.get(value, value) if "table" in name and isinstance(value, str) else value
            for name, value in arguments.items()
        }

    def _tell(self) -> None:
        """Make one turn of the calls of one question, so that the session can become a report."""
        if self.session.turns:
            return
        made = self.session.workspace
        self.session.workspace = self._start
        groups: list[tuple[str, list[Step]]] = []
        for outcome in self._outcomes:
            question = outcome.call.question
            if not groups or groups[-1][0] != question:
                groups.append((question, []))
            groups[-1][1].append(outcome.step)
        for question, steps in groups:
            for step in steps:
                if step.result is not None and step.result.workspace is not None:
                    self.session.workspace = step.result.workspace
            self.session.add(_turn(question, tuple(steps), self.session))
        self.session.workspace = made


def replay(recipe: Recipe, paths: Sequence[Path | Database]) -> Outcome:
    """Run a recipe on data files and say what changed.

    Raises:
        ToolError: If a file cannot be used.
    """
    return Run(recipe, paths).outcome()


def answer_of(result: ToolResult) -> str:
    """Write what a tool said as the answer that a reader sees."""
    caveats = [f"- {caveat}" for caveat in result.caveats]
    kept = ["**Keep in mind**", "\n".join(caveats)] if caveats else []
    return "\n\n".join((result.headline, *result.findings, *kept))


def _turn(question: str, steps: tuple[Step, ...], session: Session) -> Turn:
    worked = [step.result for step in steps if step.result is not None]
    text = "\n\n".join(answer_of(result) for result in worked)
    if not worked:
        text = " ".join(part for part in (steps[-1].error, steps[-1].instead) if part)
    facts = [
        grounding.SourcedFact(index, fact)
        for index, step in enumerate(steps)
        if step.result
        for fact in step.result.facts
    ]
    found = grounding.check(text, facts, question, grounding.labels_of(session.workspace))
    status: Any = "answered" if worked else "refused"
    return Turn(
        question, steps, text, status, traces=found.traces, unsupported=found.unsupported, model="Replay"
    )


def _compared(call: Call, step: Step) -> CallOutcome:
    then, now = _by_name(call.facts), _by_name(step.result.facts if step.result else ())
    if step.result is None:
        return CallOutcome(call, step, (), 0)
    changes, n_same = [], 0
    further = [] if call.withheld else [key for key in now if key not in then]
    for key in [*then, *further]:
        old, new = then.get(key), now.get(key)
        if old is not None and new is not None and _equal(old.value, new.value):
            n_same += 1
        else:
            known = new or old or Fact("", None)
            changes.append(
                Change(
                    known.name,
                    known.scope,
                    known.unit,
                    old.value if old else None,
                    new.value if new else None,
                )
            )
    return CallOutcome(call, step, tuple(changes), n_same)


def _by_name(facts: Sequence[Fact]) -> dict[tuple[str, str, int], Fact]:
    """Number facts that have the same name and scope, in order."""
    seen: dict[tuple[str, str], int] = {}
    named = {}
    for fact in facts:
        key = (fact.name, fact.scope)
        seen[key] = seen.get(key, -1) + 1
        named[(*key, seen[key])] = fact
    return named


def _equal(old: Scalar, new: Scalar) -> bool:
    if isinstance(old, float) or isinstance(new, float):
        known = [value for value in (old, new) if isinstance(value, int | float) and math.isfinite(value)]
        if len(known) < 2:  # nothing, or not defined: JSON knows no NaN
            return not known
        return math.isclose(known[0], known[1], rel_tol=SAME, abs_tol=1e-12)
    return old == new


def _data(
    recipe: Recipe, workspace: Workspace, pairs: Sequence[tuple[Source, Source]]
) -> tuple[bool, tuple[str, ...]]:
    n_loaded = sum(1 for table in workspace.tables.values() if table.source)
    same = all((old.digest, old.columns) == (new.digest, new.columns) for old, new in pairs)
    if same and len(pairs) == len(recipe.sources) == n_loaded:
        return True, ()
    told = []
    for old, new in pairs:
        told.append(f"{new.file} holds {new.n_rows:,} rows; {old.file} held {old.n_rows:,}.")
        if (old.first, old.last) != (new.first, new.last) and old.last and new.last:
            told.append(
                f"It runs from {day(new.first)} to {day(new.last)}; the other ran from {day(old.first)} to "
                f"{day(old.last)}."
            )
        gone, added = set(old.columns) - set(new.columns), set(new.columns) - set(old.columns)
        told += [f"Columns that are no longer there: {', '.join(sorted(gone))}."] if gone else []
        told += [f"New columns: {', '.join(sorted(added))}."] if added else []
    if len(recipe.sources) != n_loaded:
        told.append(
            f"The report stood on {count(len(recipe.sources), 'table')}; there "
            f"{'is' if n_loaded == 1 else 'are'} {n_loaded} now."
        )
    return False, tuple(told)


def _pairs(sources: Sequence[Source], workspace: Workspace) -> list[tuple[Source, DataTable]]:
    """Find for each table of then the one that stands in its place now: by its columns, then by its name."""
    left = [table for table in workspace.tables.values() if table.source]
    pairs = []
    for source in sources[: len(left)]:
        best = max(left, key=lambda table: _alike(source, table))
        left.remove(best)
        pairs.append((source, best))
    return pairs


def _alike(source: Source, table: DataTable) -> tuple[float, bool, bool]:
    old, new = set(source.columns), {column.name for column in table.columns if column.derived_from is None}
    return len(old & new) / max(len(old | new), 1), source.name == table.name, source.file == table.source


def _segments(outcome: Outcome, then: Segmentation) -> None:
    """Put today's customers into the segments of then, and tell how far the customers have drifted."""
    from tools.customers.exporting import apply_segmentation  # scikit-learn stands behind these
    from tools.over_time.reference import drift_since

    workspace = outcome.session.workspace
    try:
        made = apply_segmentation(workspace, then).segmentation
        outcome.drift = tuple(drift_since(outcome.recipe.reference or {}, workspace, then))
    except ToolError as error:
        outcome.notes += (f"The segments of then cannot be used on these data: {error}",)
        return
    sizes = {name: (size, share) for name, size, share in sizes_of(made)}
    outcome.segments = tuple(
        SegmentOutcome(name, size, share, *sizes.get(name, (0, 0.0))) for name, size, share in sizes_of(then)
    )


def _fixed_dates(calls: Sequence[Call]) -> tuple[str, ...]:
    found = sorted({day for call in calls for day in _DATE.findall(json.dumps(call.arguments, default=str))})
    return (f"The questions name fixed dates, which were kept: {', '.join(found)}.",) if found else ()
