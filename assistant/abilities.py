"""Finds out what a model can do by trying it once: whether it calls tools, and how it gives JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.prompts import fill
from assistant.written_calls import calls_in, json_in

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Structured = Literal["schema", "object", "words"]
_QUIET: Any = {"callbacks": []}  # nobody reads along while a model is tried

_COUNTRIES, _COLUMNS = ["Italy", "Spain", "France"], ["amount", "age"]


@dataclass(frozen=True, slots=True)
class Ability:
    """What a model can do.

    Attributes:
        calls_tools: Whether it chooses tools and fills their arguments by the server's own protocol.
        structured: How it is made to give JSON: by a schema, as any object, or only by being asked.
        says_usage: Whether its server counts tokens while it streams.
        takes_all: Whether it can take in the description of all tools at once.
        decides: Whether it chooses the right step where it is asked for one small decision, in JSON.
    """

    calls_tools: bool = True
    structured: Structured = "words"
    says_usage: bool = False
    takes_all: bool = True
    decides: bool = True


class Abilities:
    """Remembers what was found out, by address and name of the model.

    Args:
        file: JSON that keeps it for the next start; None remembers it for this process only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, Ability] = {}

    def of(self, name: str, model: Callable[[bool], BaseChatModel]) -> Ability:
        """Return what a model can do; it is tried where that is not known.

        Args:
            name: Address and name of the model.
            model: Makes it; told whether to ask the server for a count of tokens.

        Raises:
            openai.OpenAIError: If its server fails.
        """
        found = self.known(name)
        if found is None:
            found = try_out(model)
            self.learn(name, found)
        return found

    def known(self, name: str) -> Ability | None:
        """Return what was found out of a model before, or None."""
        if name not in self._known and name in (kept := self._kept()):
            self._known[name] = Ability(**kept[name])
        return self._known.get(name)

    def learn(self, name: str, ability: Ability) -> None:
        """Replace what was found out by what using the model showed."""
        self._known[name] = ability
        self._keep()

    def _kept(self) -> dict[str, Any]:
        if self._file is None or not self._file.is_file():
            return {}
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except json.JSONDecodeError:
            return {}  # cut short as it was written: the model is tried again
        return kept

    def _keep(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        known = {**self._kept(), **{name: asdict(one) for name, one in self._known.items()}}
        self._file.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")


def try_out(model: Callable[[bool], BaseChatModel]) -> Ability:
    """Hold a short conversation with a model: two tool calls, what it makes of a result, and some JSON.

    One that does not call tools is asked for a few small decisions as well.

    Raises:
        openai.OpenAIError: If its server fails whatever it is asked.
    """
    import openai

    refused = (openai.BadRequestError, openai.UnprocessableEntityError)
    counting = True
    try:
        calls = _calls_tools(model(True))
    except refused:
        counting = False
        calls = False
        try:
            calls = _calls_tools(model(False))
        except (*refused, openai.InternalServerError):
            pass  # a server without tools says so with one of these; a broken one fails below as well
    except openai.InternalServerError:
        calls = False
    way = _structured(model(counting))
    return Ability(calls, way, counting, decides=calls or _decides(model(counting), way))


def _calls_tools(model: BaseChatModel) -> bool:
    """Tell whether two calls are right, and a result becomes words instead of one more call."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

    offered = model.bind_tools(
        [
            _tool("count_orders", "Count the orders of one country.", country=_COUNTRIES),
            _tool("find_average", "Find the average of one column.", column=_COLUMNS),
            _tool("draw_chart", "Draw one column as a chart.", column=_COLUMNS, kind=["bar", "line"]),
        ]
    )
    lead = SystemMessage(fill("probe.md"))
    wanted = [
        ("How many orders are from Spain?", "count_orders", {"country": "Spain"}),
        ("Draw the amount as a line chart.", "draw_chart", {"column": "amount", "kind": "line"}),
    ]
    for question, tool, arguments in wanted:
        said: Any = offered.invoke([lead, HumanMessage(question)], config=_QUIET)
        calls = said.tool_calls or calls_in(said.text, {"count_orders", "find_average", "draw_chart"})
        if [(call["name"], call["args"]) for call in calls] != [(tool, arguments)]:
            return False
    call = {"name": "count_orders", "args": {"country": "Spain"}, "id": "call_1"}
    result = ToolMessage('{"headline": "There are 417 orders from Spain."}', tool_call_id="call_1")
    told: Any = offered.invoke(
        [lead, HumanMessage(wanted[0][0]), AIMessage("", tool_calls=[call]), result], config=_QUIET
    )
    return not told.tool_calls and "417" in told.text


def _decides(model: BaseChatModel, way: Structured) -> bool:
    """Tell whether every decision is right; a model that guesses gets through one time in thirty."""
    import openai
    from langchain_core.messages import HumanMessage, SystemMessage

    steps = {
        "count_orders": "Count the orders of one country.",
        "find_average": "Find the average of one column.",
        "draw_chart": "Draw one column as a chart.",
    }
    options = [{"name": name, "purpose": purpose} for name, purpose in steps.items()]
    prompt = fill(
        "guided/choose.md", data="orders with country, amount and age", options=options, examples=[]
    )
    schema = {
        "type": "object",
        "properties": {"step": {"type": "string", "enum": list(steps)}},
        "required": ["step"],
        "additionalProperties": False,
    }
    wanted = [
        ("What is the mean age?", "find_average"),
        ("How many orders are from Italy?", "count_orders"),
        ("Show me the amount as bars.", "draw_chart"),
    ]
    for question, step in wanted:
        asked = [SystemMessage(prompt), HumanMessage(f"Question: {question}")]
        try:
            said = model.invoke(asked, config=_QUIET, max_tokens=60, **structured_options(way, schema))
        except openai.LengthFinishReasonError:
            return False
        if (json_in(said.text) or {}).get("step") != step:
            return False
    return True


def _tool(name: str, description: str, **choices: list[str]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": {
        "type": "object",
        "properties": {key: {"type": "string", "enum": values} for key, values in choices.items()},
        "required": list(choices),
    }}}  # fmt: skip


def _structured(model: BaseChatModel) -> Structured:
    """Return the strictest way of asking for JSON that this server takes and that gives it."""
    import openai
    from langchain_core.messages import HumanMessage, SystemMessage

    schema = {
        "type": "object",
        "properties": {"country": {"type": "string", "enum": _COUNTRIES}},
        "required": ["country"],
        "additionalProperties": False,
    }
    asked = [
        SystemMessage(fill("probe.md")),
        HumanMessage('Answer with this JSON only: {"country": "Spain"}'),
    ]
    ways: tuple[Structured, ...] = ("schema", "object")
    for way in ways:
        try:
            said = model.invoke(asked, config=_QUIET, max_tokens=60, **structured_options(way, schema))
        except (openai.BadRequestError, openai.UnprocessableEntityError, openai.InternalServerError):
            continue
        if (json_in(said.text) or {}).get("country") in _COUNTRIES:
            return way
    model.invoke(asked, config=_QUIET, max_tokens=60)  # raises where the server is broken
    return "words"


def structured_options(way: Structured, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a request that make a server answer with JSON."""
    if way == "schema":
        return {
            "response_format": {"type": "json_schema", "json_schema": {"name": "decision", "schema": schema}}
        }
    return {"response_format": {"type": "json_object"}} if way == "object" else {}
