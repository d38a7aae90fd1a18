"""Makes examples of good tool calls on the person's data: simple questions, read by the built-in analyst."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from assistant import privacy
from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.planning import plan
from assistant.builtin.request.outcome import Reading
from assistant.disguise import Disguise
from assistant.naming_people import HIDDEN_ROLES
from assistant.prompts import fill
from assistant.retrieval import nearest
from tools.core import Column, DataTable, Workspace


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the one call that answers it; names that are no plain names are covered.

    Attributes:
        question: As a person would ask it.
        tool: What answers it.
        arguments: JSON.
    """

    question: str
    tool: str
    arguments: str


def examples_of(workspace: Workspace) -> tuple[Example, ...]:
    """Return an example for every simple question that makes sense for these data."""
    key = ("examples of calls", tuple((name, id(table)) for name, table in workspace.tables.items()))
    return workspace.engine.memo(key, lambda: tuple(_made(workspace)))


def near(
    question: str, examples: Collection[Example], most: int, tools: Collection[str] | None = None
) -> list[Example]:
    """Return the examples nearest to a question, the nearest last; only of these tools, if any are given."""
    by_question = {one.question: one for one in examples if tools is None or one.tool in tools}
    found = nearest(question, {text: [text] for text in by_question}, most)
    return [by_question[text] for text in reversed(found)]


def _made(workspace: Workspace) -> list[Example]:
    catalog, disguise = catalog_of(workspace), Disguise(workspace)
    made = []
    for question in _questions(workspace.table):
        readings = [
            one for one in read_message(question, catalog, Conversation()) if isinstance(one, Reading)
        ]
        calls = plan(readings, catalog)
        if len(calls) == 1 and not readings[0].offers:
            arguments = json.dumps(disguise.on(dict(calls[0].arguments)), ensure_ascii=False, default=str)
            made.append(Example(disguise.on(question), calls[0].tool, arguments))
    return made


def _questions(table: DataTable) -> list[str]:
    """Return the questions of `guided/examples.md` that these columns can fill."""
    numbers = [
        c.name for c in table.by_role("amount", "balance", "quantity", "measure", "age") if c.kind == "number"
    ]
    category = next((c for c in table.by_role("category", "outcome", "flag", "place") if _value(c)), None)
    people = "customers" if table.customer else "rows"
    values = {
        "people": people,
        "number": numbers[0] if numbers else "",
        "second": numbers[1] if len(numbers) > 1 else "",
        "category": category.name if category else "",
        "value": _value(category) if category else "",
    }
    filled = fill("guided/examples.md", **{name: value or "\0" for name, value in values.items()})
    return [line for line in filled.splitlines() if line and "\0" not in line]


def _value(column: Column) -> str:
    told = column.role not in HIDDEN_ROLES and column.kind == "text"
    return next((value for value, n in column.values if told and n >= privacy.SMALLEST_GROUP and value), "")
