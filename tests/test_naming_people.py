"""No value that points at one person leaves in words: as a suggestion, in a tie, a scope or an old answer."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import privacy
from assistant.agent import Agent
from assistant.messages import history
from assistant.naming_people import PeopleNamed
from assistant.session import Session
from assistant.settings import Settings

NAMES = ("Anna Berg", "Bela Kovacs", "Carla Diaz", "Dan Olsen", "Eva Novak", "Finn Maas", "Gita Rao")
COUNT: dict[str, Any] = {"measures": [{"statistic": "count"}]}


@pytest.fixture(params=["text", "number"])
def people(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """Seventy orders of seven named customers, whose ids are texts or numbers."""
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "customer_name", "email", "city", "amount"])
        for n in range(70):
            who = n % 7
            key = f"K{7000 + who}" if request.param == "text" else 7000 + who
            city = ("Rome", "Oslo", "Paris")[n % 3]
            rows.writerow([key, NAMES[who], f"{NAMES[who].split()[0].lower()}@mail.example", city, 100 + n])
    session = Session.open([path])
    yield session
    session.workspace.engine.close()


def leaks(text: str) -> list[str]:
    return [name for name in (*NAMES, "@mail", *(f"{7000 + who}" for who in range(7))) if name in text]


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("aggregate", {**COUNT, "where": [{"column": "customer_name", "value": "Ana Bergg"}]}),
    ("aggregate", {**COUNT, "where": [{"column": "email", "value": "ana@mail.exampel"}]}),
    ("aggregate", {**COUNT, "by": [{"column": "customer_id"}], "order": "descending", "limit": 1}),
    ("aggregate", {**COUNT, "by": [{"column": "customer_name"}]}),
    ("cross_table", {"rows": "customer_name", "columns": "city"}),
    ("compare_groups", {"column": "amount", "by": "customer_name"}),
    ("show_distribution", {"column": "customer_name"}),
]


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
def test_a_step_names_nobody(people: Session, tool: str, arguments: dict[str, Any]) -> None:
    step = people.run_tool(tool, arguments)
    assert leaks(str(step.result or (step.instead, step.choices))), "the person is told who it is"
    told = privacy.for_model(step, people.workspace, leaves_machine=True)
    held = json.dumps(arguments)
    assert [name for name in leaks(told) if name not in held] == []


def test_suggestions_that_name_nobody_are_told(people: Session) -> None:
    where = [{"column": "city", "value": "Romee"}]
    step = people.run_tool("aggregate", {**COUNT, "where": where})
    assert "Rome" in json.loads(privacy.for_model(step, people.workspace, leaves_machine=True))["choices"]


def test_answers_that_were_written_here_are_told_without_whom_they_name(people: Session) -> None:
    agent = Agent(Settings())
    for question in ("Which customer has the largest total amount?", "Top 3 customer names by total amount"):
        turn = list(agent.reply(people, question))[-1]
        assert leaks(turn.answer), "the person is told who it is"
    told = history(people.turns, people.workspace, leaves_machine=True)
    shown = "\n".join(f"{each.content} {getattr(each, 'tool_calls', '')}" for each in told)
    assert leaks(shown) == []


def test_of_earlier_calls_only_those_are_named_whom_the_person_named(people: Session) -> None:
    step = people.run_tool(
        "aggregate",
        {**COUNT, "where": [{"column": "customer_name", "is": "in", "values": ["Anna Berg", "Eva Novak"]}]},
    )
    told = privacy.arguments_for_model(step, "How many orders has anna berg?", people.workspace)
    assert told["where"][0]["values"] == ["Anna Berg", privacy.HELD_BACK]
    assert told["where"][0]["column"] == "customer_name"


def test_a_name_is_found_among_other_words(people: Session) -> None:
    texts = ["Most of it is from **Anna Berg**, in Rome.", "Most of it is from Anna in Rome."]
    named = PeopleNamed(texts, people.workspace)
    assert [named.stands_in(text) for text in texts] == [True, False]
