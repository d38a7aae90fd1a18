"""Decides what a model may see: headlines, findings and facts as JSON, never a row, a name or a chart."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from assistant.complements import with_complements
from assistant.disguise import Disguise
from assistant.grounding import SourcedFact
from assistant.grounding.binding import facts_for
from assistant.grounding.facts import subjects
from assistant.grounding.written_numbers import numbers_in
from assistant.naming_people import HIDDEN_ROLES, PeopleNamed, personal_columns
from assistant.session import Step, Turn
from tools.core import Column, DataTable, Fact, ToolResult, Workspace

MOST_FACTS = 120
MOST_VALUES = 12
SMALLEST_GROUP = 5  # as statistical offices do: what is said of fewer people may be said of somebody known
HELD_BACK = "(held back)"  # in the place of a value that names somebody
WITHHELD = (
    "The result speaks of single people or very small groups, so only the person sees it, below these words."
)

_COUNTS_A_GROUP = re.compile(r"n_(?!missing|segments|columns)|size$|count$")
_PARTS = re.compile(r" against |; ")  # a ratio to a small group, or a part of one, gives it away as well
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z“*])|\n+")


def for_model(step: Step, workspace: Workspace, leaves_machine: bool, most_facts: int = MOST_FACTS) -> str:
    """Return what a model is told of a step, as JSON.

    Args:
        step: A tool call that is done.
        workspace: Tells which columns name people.
        leaves_machine: Whether the model runs elsewhere. Facts about a single value of a key or of a
            personal column, or about a group of fewer than `SMALLEST_GROUP`, are then held back, with every
            sentence that names whom they are about or quotes them.
        most_facts: How many facts are told; how many more there are is said.
    """
    if step.result is None:
        return json.dumps(_of_failure(step, workspace) if leaves_machine else _failure(step))
    result = step.result
    people = _people(_step_words(step), step, workspace) if leaves_machine else None
    hidden = _hidden(result, workspace, people) if leaves_machine else frozenset()
    visible = [fact for fact in result.facts if fact not in hidden]
    veil = _Veil([fact for fact in result.facts if fact in hidden], visible, people)
    told: dict[str, Any] = {
        "headline": veil.over(result.headline) or WITHHELD,
        "findings": [text for finding in result.findings if (text := veil.over(finding))],
        "facts": [
            {"name": fact.name, "value": fact.value, "unit": fact.unit, "scope": fact.scope}
            for fact in visible[:most_facts]
        ],
        "caveats": [text for caveat in result.caveats if (text := veil.over(caveat))],
        "tables": [table.title for table in result.tables],
        "figures": len(result.figures),
    }
    if len(visible) > most_facts:
        told["facts_not_shown"] = len(visible) - most_facts
    if hidden:
        told["facts_held_back"] = len(result.facts) - len(visible)
    if leaves_machine:
        told = Disguise(workspace, result.facts).on(told)
    return json.dumps(told, ensure_ascii=False, default=str)


def answer_for_model(turn: Turn, workspace: Workspace) -> str:
    """Return what a model elsewhere is told of an earlier answer, which may have been written for the person.

    Sentences about single people and small groups are left out, as they are of the results themselves.
    """
    people = PeopleNamed(
        [turn.answer, *(text for step in turn.steps for text in _step_words(step))], workspace
    )
    hidden = frozenset(fact for result in turn.results for fact in _hidden(result, workspace, people))
    visible = [fact for fact in turn.facts if fact not in hidden]
    veil = _Veil([fact for fact in turn.facts if fact in hidden], visible, people)
    return str(Disguise(workspace, turn.facts).on(veil.over(turn.answer) or WITHHELD))


def arguments_for_model(step: Step, question: str, workspace: Workspace) -> Any:
    """Return what a model elsewhere gets of a call's arguments: of people, those whom the question names."""
    arguments = json.loads(json.dumps(dict(step.arguments), ensure_ascii=False, default=str))
    people = _people(list(_texts(arguments)), step, workspace)

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: told(item) for key, item in value.items()}
        if isinstance(value, list):
            return [told(item) for item in value]
        named = people is not None and isinstance(value, str | int) and people.stands_in(str(value))
        return HELD_BACK if named and str(value).casefold() not in question.casefold() else value

    return Disguise(workspace, step.result.facts if step.result else ()).on(told(arguments))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    elif isinstance(value, str | int):
        yield str(value)


def _failure(step: Step) -> dict[str, Any]:
    return {"error": step.error, "instead": step.instead, "choices": list(step.choices)}


def _of_failure(step: Step, workspace: Workspace) -> dict[str, Any]:
    """Return what is told of a call that failed: nearest values of a column that names people stay here."""
    people = _people([step.error or "", step.instead, *step.choices], step, workspace)
    veil = _Veil([], [], people)
    told = {
        "error": veil.over(step.error or "") or WITHHELD,
        "instead": veil.over(step.instead),
        "choices": [choice for choice in step.choices if people is None or not people.stands_in(choice)],
    }
    return dict(Disguise(workspace).on(told))


def _step_words(step: Step) -> list[str]:
    result = step.result
    if result is None:
        return []
    scopes = dict.fromkeys(fact.scope for fact in result.facts)
    values = (_as_text(fact.value) for fact in result.facts if isinstance(fact.value, str | int | float))
    return [result.headline, *result.findings, *result.caveats, *scopes, *values]


def _people(texts: Sequence[str], step: Step, workspace: Workspace) -> PeopleNamed | None:
    """Return who is named in what a step says; None where the step has nothing to do with single people."""
    shown = [name for table in step.result.tables for name in table.columns] if step.result else []
    about = "\n".join([json.dumps(dict(step.arguments), ensure_ascii=False, default=str), *shown, *texts])
    if any(name in about for name in personal_columns(workspace)):
        return PeopleNamed(texts, workspace)
    return None


class _Veil:
    """Takes the sentences out of a text that name people or whom hidden facts are about, or quote them."""

    def __init__(self, hidden: list[Fact], visible: list[Fact], people: PeopleNamed | None) -> None:
        self._people = people
        self._hidden = [SourcedFact(0, fact) for fact in hidden]
        self._visible = [SourcedFact(0, fact) for fact in visible]
        names = {name for fact in hidden for name in subjects(fact.scope)}
        names -= {name for fact in visible for name in subjects(fact.scope)}
        listed = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
        self._named = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if names else None

    def over(self, text: str) -> str:
        if not self._hidden and self._people is None:
            return text
        return " ".join(part for part in _SENTENCE.split(text) if part and not self._gives_away(part))

    def _gives_away(self, sentence: str) -> bool:
        if self._people is not None and self._people.stands_in(sentence):
            return True
        if self._named and self._named.search(sentence.replace("_", " ")):
            return True
        return any(
            facts_for(number, self._hidden, frozenset()) and not facts_for(number, self._visible, frozenset())
            for number in numbers_in(sentence)
        )


def _hidden(result: ToolResult, workspace: Workspace, named: PeopleNamed | None) -> frozenset[Fact]:
    counts = [
        fact for fact in result.facts
        if fact.scope and _COUNTS_A_GROUP.match(fact.name) and isinstance(fact.value, int | float)
    ]  # fmt: skip
    few = {fact.scope for fact in counts if 0 < float(fact.value or 0) < SMALLEST_GROUP}
    small = with_complements(counts, few)
    columns = personal_columns(workspace)
    people = about_people(result.facts, columns)
    return frozenset(
        fact
        for fact in result.facts
        if small & {fact.scope, *_PARTS.split(fact.scope)}
        or fact in people
        or named
        and _names(fact, named, columns)
    )


def _names(fact: Fact, people: PeopleNamed, columns: Collection[str]) -> bool:
    """Tell whether a fact names somebody; a number does so only where it is about a column of such values."""
    if people.stands_in(fact.scope):
        return True
    told = isinstance(fact.value, str) or isinstance(fact.value, int | float) and fact.scope in columns
    return told and people.stands_in(_as_text(fact.value))


def _as_text(value: object) -> str:
    """Return a value as a sentence without separators would write it: the key 7000.0 as 7000."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def describe_for_model(
    workspace: Workspace, columns: Collection[str] | None = None, most_names: int | None = None
) -> str:
    """Return what a model is told of the data before the first question, as JSON.

    Args:
        workspace: The data.
        columns: Columns to describe; of others only the name is told. All by default.
        most_names: How many names of others are told; how many more there are is said.
    """
    described = [_describe_table(table, columns, most_names) for table in workspace.tables.values()]
    segmentation = workspace.segmentation
    segments = [segment.name for segment in segmentation.segments] if segmentation else []
    told = Disguise(workspace).on({"tables": described, "segments": segments})
    return json.dumps(told, ensure_ascii=False, default=str)


def _describe_table(
    table: DataTable, columns: Collection[str] | None, most_names: int | None
) -> dict[str, Any]:
    told = [column for column in table.columns if columns is None or column.name in columns]
    others = [column.name for column in table.columns if column not in told]
    described: dict[str, Any] = {
        "table": table.name,
        "rows": table.n_rows,
        "one_row_is": table.grain,
        "columns": [_describe_column(column) for column in told],
    }
    if others:
        described["other_columns"] = others[:most_names]
    if most_names is not None and len(others) > most_names:
        described["columns_not_named"] = len(others) - most_names
    return described


def _describe_column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "kind": column.kind, "role": column.role}
    if column.unit:
        told["unit"] = column.unit
    if column.role not in HIDDEN_ROLES:
        if column.values and (column.n_distinct or 0) <= 50:
            told["values"] = [value for value, n in column.values[:MOST_VALUES] if n >= SMALLEST_GROUP]
        elif column.kind != "text" and column.minimum is not None:
            told["range"] = [column.minimum, column.maximum]
    return told


def about_people(facts: Sequence[Fact], columns: Sequence[str]) -> list[Fact]:
    """Return the facts that are about a single value of one of these columns.

    Beside such facts, a word that is about nothing in particular may be one more of the values (a tie).
    """
    named = [fact for fact in facts if any(f"{name} =" in fact.scope for name in columns)]
    words = [fact for fact in facts if not fact.scope and isinstance(fact.value, str)] if named else []
    return [*named, *words]
