"""The LangChain face of the built-in analyst: messages in, tool calls or prose out, nothing kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import Conversation, Exchange, asks_for_earlier, taught_words
from assistant.builtin.dialogue import read_message
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.segment_reasons import claimed_number
from assistant.builtin.planning import Call, is_outlier_pair, plan, repaired, with_fences
from assistant.builtin.prose import answer_text, next_questions, reply_text
from assistant.builtin.request import Request
from assistant.builtin.request.advice import RecallFindings
from assistant.builtin.request.calls import request_from_call
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Filtered
from tools.core import Workspace

_PLAN = "plan"
# Tools whose answer says how many segments there are.
_TELLS_HOW_MANY = ("explain_segments", "describe_segments")
# Facts by which a tool says whether the data can carry what was asked.
_POSSIBLE = ("forecast_possible", "overdue_possible", "scores_can_be_used")


class BuiltinAnalyst(BaseChatModel):
    """A chat model that parses instead of guessing; deterministic, without weights and without network.

    Attributes:
        workspace_view: Gives the workspace as it stands, for the names and values in it.
        taught: Words that were taught in other chats, with the column that each means.
        remembers: Whether what was found earlier can be asked for.
    """

    workspace_view: Callable[[], Workspace]
    taught: Mapping[str, str] = {}
    remembers: bool = False

    @property
    def _llm_type(self) -> str:
        return "builtin-analyst"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Accept the tools of the loop; their names are known already."""
        return self.bind(**kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._reply(messages)
        if message.tool_calls:
            pieces = [
                {"name": call["name"], "args": json.dumps(call["args"]), "id": call["id"], "index": index}
                for index, call in enumerate(message.tool_calls)
            ]
            yield ChatGenerationChunk(
                message=AIMessageChunk(
                    content="",
                    tool_call_chunks=pieces,  # type: ignore[arg-type]
                    additional_kwargs=message.additional_kwargs,
                    chunk_position="last",
                )
            )
            return
        for words in re.findall(r"\S+\s*|\s+", str(message.content)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=words))
            if run_manager:
                run_manager.on_llm_new_token(words, chunk=chunk)
            yield chunk
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="", additional_kwargs=message.additional_kwargs, chunk_position="last"
            )
        )

    def _reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Return the next message of the conversation."""
        last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=None)
        if last is None:
            return AIMessage(
                "Ask a question about the data.", additional_kwargs={"status": "clarify", "choices": []}
            )
        question = messages[last].text
        earlier, running = messages[:last], messages[last + 1 :]
        said = [message.text for message in messages[: last + 1] if isinstance(message, HumanMessage)]
        bare = catalog_of(self.workspace_view())
        catalog = catalog_of(self.workspace_view(), taught_words(said, bare, self.taught))
        state = _state(running)
        if state is None:
            if self.remembers and asks_for_earlier(question):
                recalled: list[Outcome] = [Reading((RecallFindings(question=question.strip()),))]
                return _first(question, catalog, recalled)
            return _first(question, catalog, read_message(question, catalog, conversation_of(earlier)))
        results = [
            json.loads(m.text) if _is_json(m.text) else {"error": m.text, "instead": ""}
            for m in running
            if isinstance(m, ToolMessage)
        ]
        return _next(question, catalog, state, results, said)


def _state(running: Sequence[BaseMessage]) -> dict[str, Any] | None:
    """Return the plan that the newest tool call of this turn carries."""
    for message in reversed(running):
        if isinstance(message, AIMessage) and _PLAN in message.additional_kwargs:
            return dict(message.additional_kwargs[_PLAN])
    return None


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def conversation_of(messages: Sequence[BaseMessage]) -> Conversation:
    """Read the earlier turns off the messages: words of the person, tool calls, and how the turn ended."""
    conversation = Conversation()
    text = ""
    requests: list[Request] = []
    failed: set[str] = set()
    results: dict[str, str] = {}
    calls: list[tuple[str, Request]] = []
    started = False
    for message in messages:
        if isinstance(message, HumanMessage):
            text, calls, failed, results, started = message.text, [], set(), {}, True
        elif isinstance(message, ToolMessage):
            results[str(message.tool_call_id)] = message.text
            if '"error"' in message.text[:12]:
                failed.add(message.tool_call_id)
        elif isinstance(message, AIMessage) and started:
            for call in message.tool_calls:
                request = request_from_call(call["name"], call["args"])
                if request is not None:
                    calls.append((str(call["id"]), request))
            if not message.tool_calls:
                requests = [request for identity, request in calls if identity not in failed]
                told = message.additional_kwargs
                conversation.turns.append(
                    Exchange(
                        text,
                        tuple(requests),
                        str(told.get("status", "answered")),
                        tuple(told.get("choices") or ()),
                        next(
                            (shown for one, r in calls if (shown := listed_groups(r, results.get(one, "")))),
                            (),
                        ),
                        next(
                            (pairs for one, r in calls if (pairs := shown_groups(r, results.get(one, "")))),
                            (),
                        ),
                    )
                )
                started = False
    return conversation


def listed_groups(request: Request, result: str) -> tuple[str, ...]:
    """Return the groups that a ranking showed, if they were the first of many."""
    shown = shown_groups(request, result)
    ranked = isinstance(request, Aggregate) and request.limit == len(shown)
    return tuple(name for name, _ in shown) if ranked else ()


def shown_groups(request: Request, result: str) -> tuple[tuple[str, float], ...]:
    """Return the groups that an answer showed, in order, with the first number of each, off its facts."""
    if not isinstance(request, Aggregate) or not request.by or request.by[0].grain or request.by[0].bins:
        return ()
    told = json.loads(result) if _is_json(result) else {}
    start = f"{request.by[0].column} = "
    shown: dict[str, float] = {}
    for fact in told.get("facts", ()):
        scope, value = str(fact["scope"]), fact.get("value")
        if scope.startswith(start) and ";" not in scope and isinstance(value, int | float):
            shown.setdefault(scope.removeprefix(start).partition(" where ")[0], float(value))
    return () if told.get("facts_not_shown") else tuple(shown.items())


def _first(question: str, catalog: Catalog, outcomes: Sequence[Outcome]) -> AIMessage:
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    replies = [outcome for outcome in outcomes if isinstance(outcome, Reply)]
    if not readings:
        return _spoken(question, replies)
    calls = plan(readings, catalog)
    state = {
        "calls": [{"tool": call.tool, "arguments": dict(call.arguments)} for call in calls],
        "asked": [
            {"tool": r.tool, "arguments": r.arguments()} for reading in readings for r in reading.requests
        ],
        "notes": list(dict.fromkeys(note for reading in readings for note in reading.notes)),
        "offers": [offer for reading in readings for offer in reading.offers],
        "replies": [reply_text(reply, question) for reply in replies]
        + [reply_text(Reply("answered", reading.after), question) for reading in readings if reading.after],
        "claims": [claim for reading in readings for claim in reading.claims],
        "choices": [choice for reply in replies for choice in reply.choices],
        "outlier_column": next(
            (column for reading in readings if (column := is_outlier_pair(reading))), None
        ),
        "why": any(reading.preface == "why" for reading in readings)
        or question.strip().lower().startswith("why")
        and any(isinstance(r.requests[0], Filtered) for r in readings),
        "claimed_first": next((r.claimed_first for r in readings if r.claimed_first), ""),
        "repairs": 0,
        "known_segments": bool(catalog.segments),
    }
    return _call(state, 0)


def _spoken(question: str, replies: Sequence[Reply]) -> AIMessage:
    texts = [reply_text(reply, question) for reply in replies]
    statuses = [reply.status for reply in replies]
    status = (
        next((s for s in ("clarify", "refused") if s in statuses), "answered")
        if "answered" not in statuses
        else "answered"
    )
    choices = list(dict.fromkeys(choice for reply in replies for choice in reply.choices))
    asked = list(choices) if status == "clarify" else []
    return AIMessage(
        "\n\n".join(texts + ([_listed(choices)] if choices else [])),
        additional_kwargs={
            "status": status,
            "choices": asked,
            "next_questions": [] if asked else choices[:3],
            "reading": {"reply": [reply.template for reply in replies]},
        },
    )


def _listed(choices: Sequence[str]) -> str:
    return "\n".join(f"- {choice}" for choice in choices)


def _call(state: dict[str, Any], index: int) -> AIMessage:
    call = state["calls"][index]
    return AIMessage(
        "",
        tool_calls=[
            {"name": call["tool"], "args": call["arguments"], "id": f"builtin_{index}", "type": "tool_call"}
        ],
        additional_kwargs={_PLAN: state, "reading": {"requests": state["asked"], "notes": state["notes"]}},
    )


def _next(
    question: str,
    catalog: Catalog,
    state: dict[str, Any],
    results: list[Mapping[str, Any]],
    said: Sequence[str],
) -> AIMessage:
    done, calls = len(results), [Call(call["tool"], call["arguments"]) for call in state["calls"]]
    newest = results[-1] if results else {}
    if "error" in newest and state["repairs"] < 2:
        again = repaired(calls[done - 1], newest, catalog)
        if again is not None:
            instead = again.tool in (calls[done - 1].tool, "check_eligibility")
            retried = [again] if instead else [again, calls[done - 1]]
            rest = [*calls[:done], *retried, *calls[done:]]
            state = {
                **state,
                "repairs": state["repairs"] + 1,
                "calls": [{"tool": c.tool, "arguments": dict(c.arguments)} for c in rest],
            }
            return _call(state, done)
    if "error" not in newest and done < len(calls):
        if state["outlier_column"] and calls[done - 1].tool == "find_outliers":
            fenced = with_fences(calls[done], newest.get("facts", ()), state["outlier_column"])
            state = {
                **state,
                "calls": [
                    *state["calls"][:done],
                    {"tool": fenced.tool, "arguments": dict(fenced.arguments)},
                    *state["calls"][done + 1 :],
                ],
            }
        return _call(state, done)
    return _told(question, catalog, state, calls, results, said)


def _told(
    question: str,
    catalog: Catalog,
    state: Mapping[str, Any],
    calls: Sequence[Call],
    results: Sequence[Mapping[str, Any]],
    said: Sequence[str],
) -> AIMessage:
    """Write the answer from the results of this turn."""
    pairs = [(call.tool, call.arguments, result) for call, result in zip(calls, results, strict=False)]
    good = [pair for pair in pairs if "error" not in pair[2]]
    failed = results[-1] if results and "error" in results[-1] else None
    reading = {"requests": state["asked"], "notes": state["notes"]}
    if failed is not None and not [pair for pair in good if _was_asked(pair, state)]:
        text = f"{failed['error']} {failed.get('instead', '')}".strip()
        choices = list(failed.get("choices") or ())
        status = "clarify" if choices else "refused"
        return AIMessage(
            "\n\n".join([text, *state["replies"]]),
            additional_kwargs={
                "status": status,
                "choices": choices,
                "reading": reading,
                "next_questions": [],
            },
        )
    shown = sorted(good, key=lambda pair: not _was_asked(pair, state)) if len(good) > 1 else good
    if state["outlier_column"] and len(shown) > 1:
        shown = shown[::-1]
    shown = [_with_aside(pair, state, first=index == 0) for index, pair in enumerate(shown)]
    replies = list(state["replies"])
    described = next((place for place, pair in enumerate(shown) if pair[0] in _TELLS_HOW_MANY), None)
    if described is not None:
        shown[described] = _with_number(shown[described], question, catalog)
    elif shown and state["claimed_first"]:
        shown[0] = _with_leader(shown[0], state)
    elif shown and (state["why"] or state["claims"]):
        shown[0] = _with_verdict(shown[0], state)
    if failed is not None:
        replies.append(f"{failed['error']} {failed.get('instead', '')}".strip())
    last = request_from_call(shown[0][0], shown[0][1]) if shown else None
    suggestions = answerable(next_questions(last, catalog, said), last, catalog)
    text = answer_text(question, shown, replies, state["notes"], state["offers"], suggestions)
    return AIMessage(
        text,
        additional_kwargs={
            "status": "refused" if shown and all(_refuses(pair[2]) for pair in shown) else "answered",
            "choices": list(state["choices"]),
            "reading": reading,
            "next_questions": suggestions,
        },
    )


def answerable(questions: Sequence[str], last: Request | None, catalog: Catalog, most: int = 3) -> list[str]:
    """Return the first questions that would be understood as they stand, after the request just answered."""
    found: list[str] = []
    for question in questions:
        earlier = Conversation([Exchange("", (last,) if last else ())])
        if all(isinstance(outcome, Reading) for outcome in read_message(question, catalog, earlier)):
            found.append(question)
        if len(found) == most:
            break
    return found


def _refuses(result: Mapping[str, Any]) -> bool:
    """Tell whether a tool says in its result that the data cannot carry what was asked."""
    told = {fact["name"]: fact["value"] for fact in result.get("facts", ())}
    return any(name in told and told[name] is False for name in _POSSIBLE)


def _with_verdict(
    pair: tuple[str, Mapping[str, Any], Mapping[str, Any]], state: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Say first that data show no reasons, and whether the numbers that a question takes for granted hold."""
    tool, arguments, result = pair
    values = [fact["value"] for fact in result.get("facts", ()) if isinstance(fact.get("value"), int | float)]
    held = all(
        any(abs(claim - round(value, digits)) < 1e-9 for value in values for digits in (0, 1, 2))
        for claim in state["claims"]
    )
    told = " and ".join(f"{claim:g}" for claim in state["claims"])
    name = "why_only" if not told else "claim_holds" if held else "claim_fails"
    lead = reply_text(Reply("answered", name, {"claim": told, "why": state["why"]}), told)
    return tool, arguments, {**result, "headline": f"{lead} {result['headline']}"}


def _with_leader(
    pair: tuple[str, Mapping[str, Any], Mapping[str, Any]], state: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Say whether the group that a question takes to come first does so."""
    tool, arguments, result = pair
    start = f"{arguments['by'][0]['column']} = "
    scopes = [str(fact["scope"]) for fact in result.get("facts", ())]
    leader = next((s.removeprefix(start) for s in scopes if s.startswith(start)), "")
    holds = leader.lower() == str(state["claimed_first"]).lower()
    told = {"claimed": state["claimed_first"], "leader": leader, "holds": holds, "why": state["why"]}
    lead = reply_text(Reply("answered", "first_of_all", told), leader)
    return tool, arguments, {**result, "headline": f"{lead} {result['headline']}"}


def _with_number(
    pair: tuple[str, Mapping[str, Any], Mapping[str, Any]], question: str, catalog: Catalog
) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Correct "why four and not six?" where there are not four segments."""
    tool, arguments, result = pair
    claimed, n = claimed_number(question), len(catalog.segments)
    if claimed is None or claimed == n or not n:
        return pair
    told = {"claimed": claimed, "n": n, "listed": tool == "describe_segments"}
    lead = reply_text(Reply("answered", "other_number", told), question)
    headline = re.sub(r"^There are (\*\*\d+ segments\*\*) here", r"there are \1", str(result["headline"]))
    return tool, arguments, {**result, "headline": f"{lead} {headline}"}


def _was_asked(pair: tuple[str, Mapping[str, Any], Mapping[str, Any]], state: Mapping[str, Any]) -> bool:
    tool = pair[0]
    return any(asked["tool"] == tool for asked in state["asked"])


def _with_aside(
    pair: tuple[str, Mapping[str, Any], Mapping[str, Any]], state: Mapping[str, Any], *, first: bool
) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """Say of a segmentation that nobody asked for why it is there, and keep it short."""
    tool, arguments, result = pair
    if first or _was_asked(pair, state) or tool != "find_segments":
        return pair
    headline = f"There were no segments yet, so I made some first. {result['headline']}"
    return tool, arguments, {**result, "headline": headline, "findings": []}
