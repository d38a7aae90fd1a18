"""Leads a weak model to tool calls: one small decision at a time, in JSON, with few tools and examples."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.abilities import Structured, structured_options
from assistant.arguments import described
from assistant.examples import Example, near
from assistant.faults import GarbledError
from assistant.prompts import fill
from assistant.retrieval import nearest
from assistant.written_calls import json_in

MOST_TOOLS = 6
MOST_EXAMPLES = 6
MOST_FAILED = 3  # calls for one request, before it is given up
MOST_TOKENS = 300  # of a decision; what the schema allows ends before
MOST_ITEMS = 3  # of a list of arguments: a weak model fills a list for as long as it may
LONGEST_TEXT = 40  # characters of one argument
CANNOT = "cannot_answer"
USUAL = ("aggregate", "describe_data", "find_segments")  # offered as far as there is room, the first always


@dataclass(frozen=True)
class Briefing:
    """What a weak model is told besides the question.

    Attributes:
        data: The data in a line.
        columns: Names that an argument may take for a column, nearest to the question first.
        examples: Questions with the calls that answer them, on these data.
        before: The newest earlier question of this chat with its call, if there is one.
        requests: The single requests that the question holds.
    """

    data: str
    columns: tuple[str, ...]
    examples: tuple[Example, ...]
    before: tuple[Example, ...]
    requests: tuple[str, ...]


@dataclass(frozen=True)
class _Try:
    tool: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]

    @property
    def failed(self) -> bool:
        return "error" in self.result


class GuidedModel(BaseChatModel):
    """A chat model that asks another one for small decisions, and makes tool calls of them.

    Its last message holds no words: whoever runs it puts the results into words.

    Attributes:
        inner: The weak model.
        structured: How it is made to give JSON.
        briefing: What it is told besides the question.
    """

    inner: BaseChatModel
    structured: Structured
    briefing: Briefing

    @property
    def _llm_type(self) -> str:
        return "guided"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        """Keep the tools for the decisions; the inner model never sees all of them."""
        return self.bind(tools=list(tools))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self._next(_tries(messages), {tool.name: tool for tool in kwargs.get("tools", ())})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _next(self, tries: Sequence[_Try], tools: Mapping[str, Any]) -> AIMessage:
        """Return the next call; a message without one when every request has its result or is given up."""
        place, failed = _place(tries)
        if place >= len(self.briefing.requests):
            given_up = tries and all(one.failed for one in tries)
            return self._cannot(tries[-1].result) if given_up else AIMessage("")
        request = self.briefing.requests[place]
        if len(failed) == 1:  # once more with what would have been right, then another tool
            tool = failed[0].tool
        else:
            tool = self._tool(request, {one.tool for one in failed}, tools)
        if tool == CANNOT:
            return self._cannot({}) if all(one.failed for one in tries) else AIMessage("")
        arguments = self._arguments(request, tools[tool], failed[-1] if len(failed) == 1 else None)
        call = {"name": tool, "args": arguments, "id": f"guided_{len(tries)}", "type": "tool_call"}
        return AIMessage("", tool_calls=[call])

    def _tool(self, request: str, excluded: Collection[str], tools: Mapping[str, Any]) -> str:
        """Let the model choose among the tools nearest to a request."""
        offered = offered_tools(request, self.briefing.examples, tools, excluded)
        options = [{"name": name, "purpose": _first_line(tools[name].description)} for name in offered]
        options.append({"name": CANNOT, "purpose": "The data hold nothing about this."})
        names = [*offered, CANNOT]
        examples = near(request, self.briefing.examples, MOST_EXAMPLES, offered)
        prompt = fill(
            "guided/choose.md",
            data=self.briefing.data,
            options=options,
            examples=[*examples, *self.briefing.before],
        )
        schema = _object({"step": {"type": "string", "enum": names}}, ["step"])
        step = self._decision(prompt, request, schema).get("step")
        return step if step in names else offered[0]

    def _arguments(self, request: str, tool: Any, mistake: _Try | None) -> dict[str, Any]:
        shown = {
            key for one in self.briefing.examples if one.tool == tool.name for key in _keys(one.arguments)
        }
        schema = simple_schema(tool.args_schema, self.briefing.columns, shown or None)
        if not schema["properties"]:
            return {}
        told = mistake and {
            "arguments": json.dumps(mistake.arguments, ensure_ascii=False),
            "told": f"{mistake.result.get('error', '')} {mistake.result.get('instead', '')}".strip(),
        }
        examples = near(request, self.briefing.examples, 4, {tool.name})
        prompt = fill(
            "guided/arguments.md",
            tool=tool.name,
            purpose=_first_line(tool.description),
            data=self.briefing.data,
            arguments=described(schema),
            examples=[*examples, *(one for one in self.briefing.before if one.tool == tool.name)],
            mistake=told,
        )
        decided: dict[str, Any] = _without_repeats(self._decision(prompt, request, schema))
        return decided

    def _decision(self, prompt: str, request: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Ask for one JSON object; ask once more where the answer holds none.

        Raises:
            GarbledError: If it still holds none.
        """
        import openai

        asked: list[BaseMessage] = [SystemMessage(prompt), HumanMessage(f"Question: {request}")]
        quiet: Any = {"callbacks": []}  # its words are no answer: nobody is to see them stream by
        for _ in range(2):
            options = structured_options(self.structured, schema)
            try:
                text = str(self.inner.invoke(asked, config=quiet, max_tokens=MOST_TOKENS, **options).text)
            except openai.LengthFinishReasonError:
                text = ""  # it did not come to an end
            found = json_in(text)
            if found is not None:
                return found
            again = HumanMessage("Answer with JSON only, in few words.")
            asked = [*asked, AIMessage(text or "(nothing)"), again]
        raise GarbledError

    def _cannot(self, result: Mapping[str, Any]) -> AIMessage:
        """Refuse: in the words of the tool that could not do it, or because no tool was found."""
        told = f"{result.get('error', '')} {result.get('instead', '')}".strip()
        text = told or fill("guided/cannot.md", columns=self.briefing.columns[:8])
        return AIMessage(text, additional_kwargs={"status": "refused"})


def offered_tools(
    request: str,
    examples: Sequence[Example],
    tools: Mapping[str, Any],
    excluded: Collection[str] = (),
    most: int = MOST_TOOLS,
) -> list[str]:
    """Return the few tools nearest to a request: by their examples, names and descriptions."""
    texts = {
        name: [
            tool.description.split("\n\n")[0],
            name,
            *(one.question for one in examples if one.tool == name),
        ]
        for name, tool in tools.items()
        if name not in excluded
    }
    usual = [name for name in USUAL if name in texts]
    found = nearest(request, texts, most, sharing=True)
    return list(dict.fromkeys([*found[: most - 1], *usual]))[:most]


def simple_schema(
    schema: Mapping[str, Any], columns: Sequence[str], shown: Collection[str] | None = None
) -> dict[str, Any]:
    """Return a schema without what nests deeper than one list of plain objects, with columns by name.

    Args:
        schema: JSON schema of a tool's arguments.
        columns: The names that a column argument may take.
        shown: Arguments that examples show; of others, only those stay that a call needs. None keeps all.
    """
    defined = schema.get("$defs", {})

    def plain(about: Mapping[str, Any], nested: bool) -> dict[str, Any] | None:
        if "$ref" in about:
            if nested:
                return None
            return inside(defined[about["$ref"].split("/")[-1]])
        if "anyOf" in about:
            branches = [plain(branch, nested) for branch in about["anyOf"] if branch.get("type") != "null"]
            kept = [branch for branch in branches if branch is not None]
            if not kept:
                return None
            return {**(kept[0] if len(kept) == 1 else {"anyOf": kept}), **_told(about)}
        if about.get("type") == "array":
            items = plain(about.get("items", {}), nested)
            takes_objects = nested and items is not None and items.get("type") == "object"
            if items is None or takes_objects:
                return None
            return {"type": "array", "items": items, "maxItems": MOST_ITEMS, **_told(about)}
        return {key: value for key, value in about.items() if key not in ("title", "default")}

    def inside(about: Mapping[str, Any], nested: bool = True) -> dict[str, Any]:
        found = {}
        needs = about.get("required", ())
        for name, one in about.get("properties", {}).items():
            simple = plain(one, nested) if shown is None or name in shown or name in needs else None
            if simple is not None:
                found[name] = _bounded(name, simple, columns)
        needed = [name for name in needs if name in found]
        return _object(found, needed)

    return inside(schema, nested=False)


def _bounded(name: str, about: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Let a text that names a column be one of the columns that there are, and any other one be short."""
    if about.get("type") != "string" or "enum" in about:
        return about
    if name in ("column", "by", "target") and columns:
        return {**about, "enum": list(columns)}
    return {**about, "maxLength": LONGEST_TEXT}


def _without_repeats(value: Any) -> Any:
    """Return a decision with each item of a list once: a weak model fills a list with the same thing."""
    if isinstance(value, dict):
        return {key: _without_repeats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [item for place, item in enumerate(value) if item not in value[:place]]
    return value


def _keys(arguments: str) -> set[str]:
    """Return the names of all arguments that an example shows, at any depth."""
    return set(re.findall(r'"(\w+)":', arguments))


def _told(about: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": about["description"]} if "description" in about else {}


def _object(properties: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _first_line(description: str) -> str:
    return " ".join(description.split("\n\n")[0].split())


def _place(tries: Sequence[_Try]) -> tuple[int, list[_Try]]:
    """Return how many requests are done or given up, and the failed tries of the one that is not."""
    place, failed = 0, list[_Try]()
    for one in tries:
        failed = [*failed, one] if one.failed else []
        if not failed or len(failed) == MOST_FAILED:
            place, failed = place + 1, []
    return place, failed


def _tries(messages: Sequence[BaseMessage]) -> list[_Try]:
    """Read the calls since the newest question, with their results."""
    last = max((i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=-1)
    calls: dict[str, Any] = {}
    tries = []
    for message in messages[last + 1 :]:
        if isinstance(message, AIMessage):
            calls |= {str(call["id"]): call for call in message.tool_calls}
        elif isinstance(message, ToolMessage) and message.tool_call_id in calls:
            call = calls[message.tool_call_id]
            result = json_in(message.text) or {"error": message.text}
            tries.append(_Try(call["name"], call["args"], result))
    return tries
