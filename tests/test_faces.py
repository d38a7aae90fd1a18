"""Agents of others use the tools over MCP and LangChain, and are told what a model on a server is told."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from assistant.toolbox import DATA, langchain_tools
from tests.conftest import ROOT, ScriptedModel, calls

SECRETS = ("K70", "@mail", "Oslo")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = ["customer_id,email,city,amount"]
    rows += [f"K{7000 + n},anna{n}@mail.example,{'Oslo' if n < 3 else 'Rome'},{10 * n}" for n in range(40)]
    path.write_text("\n".join(rows) + "\n")
    return path


def by(column: str) -> dict[str, Any]:
    return {"measures": [{"statistic": "sum", "column": "amount"}], "by": [{"column": column}]}


def test_a_real_client_uses_the_tools_over_standard_input_and_output(people: Path) -> None:
    from mcp import Client, StdioServerParameters

    async def talk() -> tuple[list[str], list[Any]]:
        launched = StdioServerParameters(
            command=sys.executable, args=["-m", "assistant", "mcp", "--data", str(people)], cwd=str(ROOT)
        )
        async with Client(launched) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            told = [
                await client.call_tool(name, arguments)
                for name, arguments in [
                    (DATA, {}),
                    ("aggregate", {"measures": [{"statistic": "count"}]}),
                    *(("aggregate", by(column)) for column in ("customer_id", "email", "city")),
                    ("query_tables", {"query": "SELECT * FROM people"}),
                    ("segment_by_value", {"column": "amount", "quantiles": 2}),
                    ("describe_segments", {}),
                    ("aggregate", {"measures": "all"}),
                    ("no_such_tool", {}),
                ]
            ]
        return names, told

    names, told = asyncio.run(talk())
    assert {DATA, "aggregate", "find_segments"} <= set(names)
    texts = [result.content[0].text for result in told]
    assert any(fact["value"] == 40 for fact in json.loads(texts[1])["facts"])
    assert json.loads(texts[7])["facts"], "segments made by one call are there for the next"
    assert [result.is_error for result in told] == [False] * 8 + [True, True]
    assert not [secret for secret in SECRETS for text in texts if secret in text]


def test_an_agent_built_with_langchain_uses_them(people: Path) -> None:
    from langchain.agents import create_agent

    script = [calls("aggregate", **by("city")), AIMessage("Rome leads.")]
    model = ScriptedModel(script=script, seen=[])
    agent = create_agent(model, langchain_tools([people]))
    said = agent.invoke({"messages": [{"role": "user", "content": "Which city leads?"}]})["messages"]
    assert said[-1].text == "Rome leads."
    assert "Rome" in said[-2].text or "held_back" in said[-2].text
    assert not [secret for secret in SECRETS if secret in said[-2].text]
