"""Tools are described to a model in few words, and what it does not hear of it may still say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.abilities import Abilities, Ability
from assistant.agent import Agent
from assistant.models import named
from assistant.offering import IN_FULL, told_schema
from assistant.session import Session
from assistant.settings import Settings
from tests.openai_server import says, serving, tool_call
from tools.core import all_tools

COUNT = tool_call("aggregate", measures=[{"statistic": "count"}])
TOLD = says("There are 7 orders in the file.")
TOO_LONG = {"http_status": 400, "error": "the request exceeds the available context size"}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def test_all_tools_together_fit_into_what_a_small_server_reads() -> None:
    told = [
        json.dumps({"name": s.name, "description": s.description, "parameters": told_schema(s)})
        for s in all_tools().values()
    ]
    assert sum(map(len, told)) // 4 < 13_000


@pytest.mark.parametrize("name", sorted(all_tools()))
def test_every_argument_of_a_tool_is_told_and_nothing_else(name: str) -> None:
    spec = all_tools()[name]
    told = told_schema(spec)
    assert list(told["properties"]) == list(spec.schema["properties"])
    assert told.get("required", []) == spec.schema.get("required", [])
    kinds = [about["properties"] for about in spec.schema.get("$defs", {}).values() if "properties" in about]
    known = {key for properties in (spec.schema["properties"], *kinds) for key in properties}
    written = json.dumps(told)
    assert "$ref" not in written and '"null"' not in written
    for inside in objects(told):
        assert set(inside["properties"]) <= known
        assert set(inside.get("required", ())) <= set(inside["properties"])


def test_one_tool_tells_every_key_of_a_condition() -> None:
    full = all_tools()[IN_FULL].schema["$defs"]["Condition"]["properties"]
    told = told_schema(all_tools()[IN_FULL])["properties"]
    assert set(told["where"]["items"]["properties"]) == set(full)
    inside = told["measures"]["items"]["properties"]["where"]["items"]
    assert inside["description"].endswith("With the keys of `where`")


def test_what_was_told_in_short_is_taken_in_full(session: Session) -> None:
    where = [
        {
            "column": "amount",
            "is": "above",
            "statistic": "mean",
            "or": [{"column": "channel", "value": "web"}],
        }
    ]
    call = tool_call("show_distribution", column="amount", where=where)
    replies = iter([call, says("Here is the distribution.")])
    with serving(lambda body: next(replies)) as (address, _):
        led = Settings(base_url=address, model="tiny", plan=False, mode="plain", fallback=False)
        turn = list(Agent(led).reply(session, "How is amount spread?"))[-1]
    assert [(step.tool, step.error) for step in turn.steps] == [("show_distribution", None)]


def test_a_model_to_which_all_tools_are_too_much_is_offered_the_nearest(session: Session) -> None:
    def reply(body: dict[str, Any]) -> dict[str, Any]:
        if len(body["tools"]) > 8:
            return TOO_LONG
        return TOLD if body["messages"][-1]["role"] == "tool" else COUNT

    with serving(reply) as (address, requests):
        led = Settings(base_url=address, model="tiny", plan=False, fallback=False)
        abilities = Abilities()
        abilities.learn(named(led), Ability())
        for _ in range(2):
            turn = list(Agent(led, abilities=abilities).reply(session, "How many orders are there?"))[-1]
            assert (turn.extra["way"], turn.answer.strip()) == ("plain", "There are 7 orders in the file.")
    offered = [[tool["function"]["name"] for tool in body["tools"]] for body in requests]
    assert all("aggregate" in names for names in offered)
    assert [len(names) > 8 for names in offered] == [True, False, False, False, False], "found out once"


def test_a_server_that_cuts_what_is_too_long_and_says_nothing_is_noticed(session: Session) -> None:
    """As Ollama does with 4,096 tokens: the count of what it read is the only sign."""

    def reply(body: dict[str, Any]) -> dict[str, Any]:
        sent = len(json.dumps(body["tools"])) // 4
        usage = {"prompt_tokens": min(sent, 3_900), "completion_tokens": 5, "total_tokens": 3_905}
        if len(body["tools"]) > 8:
            return {**says("Hello! What would you like to know?"), "usage": usage}
        return {**(TOLD if body["messages"][-1]["role"] == "tool" else COUNT), "usage": usage}

    with serving(reply) as (address, _):
        led = Settings(base_url=address, model="tiny", plan=False, fallback=False)
        abilities = Abilities()
        abilities.learn(named(led), Ability(says_usage=True))
        turn = list(Agent(led, abilities=abilities).reply(session, "How many orders are there?"))[-1]
    assert turn.answer.strip() == "There are 7 orders in the file."
    assert not (abilities.known(named(led)) or Ability()).takes_all
