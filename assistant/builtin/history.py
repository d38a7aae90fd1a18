"""Reads the earlier turns off LangChain's messages: what was asked, what answered it, what was shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.request import Request
from assistant.builtin.request.calls import request_from_call
from assistant.builtin.request.rows import Aggregate


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
                        next((p for one, r in calls if (p := shown_period(r, results.get(one, "")))), ""),
                    )
                )
                started = False
    return conversation


def listed_groups(request: Request, result: str) -> tuple[str, ...]:
    """Return the groups that a ranking showed, if they were the first of many."""
    shown = shown_groups(request, result)
    ranked = isinstance(request, Aggregate) and request.limit == len(shown)
    place = request.place if isinstance(request, Aggregate) else None
    if ranked and place:  # the group in that place is told of first
        return tuple(name for name, _ in shown[:1])
    return tuple(name for name, _ in shown) if ranked else ()


def shown_groups(request: Request, result: str) -> tuple[tuple[str, float], ...]:
    """Return the groups that an answer showed, in order, with the first number of each, off its facts."""
    if not isinstance(request, Aggregate) or not request.by or request.by[0].grain or request.by[0].bins:
        return ()
    told = read_result(result)
    start = f"{request.by[0].column} = "
    shown: dict[str, float] = {}
    for fact in told.get("facts", ()):
        scope, value = str(fact["scope"]), fact.get("value")
        if scope.startswith(start) and ";" not in scope and isinstance(value, int | float):
            shown.setdefault(scope.removeprefix(start).partition(" where ")[0], float(value))
    return () if told.get("facts_not_shown") else tuple(shown.items())


def shown_period(request: Request, result: str) -> str:
    """Return the one period that an answer showed, "2024-07": "which month was best"; else an empty text."""
    if not isinstance(request, Aggregate) or request.limit != 1 or len(request.by) != 1:
        return ""
    start = f"{request.by[0].grain} of {request.by[0].column} = "
    scopes = [str(fact["scope"]) for fact in read_result(result).get("facts", ())]
    named = {scope.removeprefix(start).partition(" where ")[0] for scope in scopes if scope.startswith(start)}
    return named.pop() if len(named) == 1 else ""


def read_result(text: str) -> dict[str, Any]:
    """Return what a tool answered; words that are no result are the error that they tell of."""
    return json.loads(text) if text.lstrip().startswith("{") else {"error": text, "instead": ""}
