"""Knows the steps of one turn: the plan that its calls carry, the next call, the repair of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from assistant.builtin.answering import answer_message, reply_message
from assistant.builtin.linking import Catalog
from assistant.builtin.planning import Call, is_outlier_pair, plan, repaired, with_fences
from assistant.builtin.prose import reply_text
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Filtered

_PLAN = "plan"


def plan_of(running: Sequence[BaseMessage]) -> dict[str, Any] | None:
    """Return the plan that the newest tool call of this turn carries."""
    for message in reversed(running):
        if isinstance(message, AIMessage) and _PLAN in message.additional_kwargs:
            return dict(message.additional_kwargs[_PLAN])
    return None


def first_message(question: str, catalog: Catalog, outcomes: Sequence[Outcome]) -> AIMessage:
    """Return the first call of a plan, or what is said where no tool is needed."""
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    replies = [outcome for outcome in outcomes if isinstance(outcome, Reply)]
    if not readings:
        return reply_message(question, replies)
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
        "majority": next((list(r.majority) for r in readings if r.majority), []),
        "repairs": 0,
        "known_segments": bool(catalog.segments),
    }
    return _call(state, 0)


def _call(state: dict[str, Any], index: int) -> AIMessage:
    call = state["calls"][index]
    return AIMessage(
        "",
        tool_calls=[
            {"name": call["tool"], "args": call["arguments"], "id": f"builtin_{index}", "type": "tool_call"}
        ],
        additional_kwargs={_PLAN: state, "reading": {"requests": state["asked"], "notes": state["notes"]}},
    )


def next_message(
    question: str,
    catalog: Catalog,
    state: dict[str, Any],
    results: Sequence[Mapping[str, Any]],
    said: Sequence[str],
) -> AIMessage:
    """Return the next call of the plan, the repair of a failed one, or the answer.

    Args:
        question: The person's words.
        catalog: The names and values of the data.
        state: The plan, as the newest call carries it.
        results: What the calls of this turn answered, in order.
        said: All that the person said, so that nothing of it is suggested again.
    """
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
    return answer_message(question, catalog, state, calls, results, said)
