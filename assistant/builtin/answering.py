"""Writes the last message of a turn: the answer from tool results, with what must be said before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage

from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.dialogue import read_message
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.segment_reasons import claimed_number
from assistant.builtin.planning import Call
from assistant.builtin.prose import answer_text, next_questions, reply_text
from assistant.builtin.request import Request
from assistant.builtin.request.calls import request_from_call
from assistant.builtin.request.outcome import Reading, Reply

# Tools whose answer says how many segments there are.
_TELLS_HOW_MANY = ("explain_segments", "describe_segments")
# Facts by which a tool says whether the data can carry what was asked.
_POSSIBLE = ("forecast_possible", "overdue_possible", "scores_can_be_used")

# A tool, its arguments and its result.
Answered = tuple[str, Mapping[str, Any], Mapping[str, Any]]


def reply_message(question: str, replies: Sequence[Reply]) -> AIMessage:
    """Write the message of a turn that needed no tool."""
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


def answer_message(
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
    elif shown and state["majority"]:
        shown[0] = _with_majority(shown[0], state)
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


def _was_asked(pair: Answered, state: Mapping[str, Any]) -> bool:
    tool = pair[0]
    return any(asked["tool"] == tool for asked in state["asked"])


def _with_aside(pair: Answered, state: Mapping[str, Any], *, first: bool) -> Answered:
    """Say of a segmentation that nobody asked for why it is there, and keep it short."""
    tool, arguments, result = pair
    if first or _was_asked(pair, state) or tool != "find_segments":
        return pair
    headline = f"There were no segments yet, so I made some first. {result['headline']}"
    return tool, arguments, {**result, "headline": headline, "findings": []}


def _with_verdict(pair: Answered, state: Mapping[str, Any]) -> Answered:
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


def _with_majority(pair: Answered, state: Mapping[str, Any]) -> Answered:
    """Say whether the share that a question claims is what the data show."""
    tool, arguments, result = pair
    way, percent = state["majority"]
    shares = [fact["value"] for fact in result.get("facts", ()) if fact.get("unit") == "%"]
    if not shares or not isinstance(shares[0], int | float):
        return pair
    share = float(shares[0])
    holds = {
        "above": share > percent, "at_least": share >= percent, "below": share < percent,
        "at_most": share <= percent,
    }[way]  # fmt: skip
    lead = reply_text(Reply("answered", "majority", {"holds": holds}), "")
    return tool, arguments, {**result, "headline": f"{lead} {result['headline']}"}


def _with_leader(pair: Answered, state: Mapping[str, Any]) -> Answered:
    """Say whether the group that a question takes to come first does so."""
    tool, arguments, result = pair
    start = f"{arguments['by'][0]['column']} = "
    scopes = [str(fact["scope"]) for fact in result.get("facts", ())]
    leader = next((s.removeprefix(start) for s in scopes if s.startswith(start)), "")
    holds = leader.lower() == str(state["claimed_first"]).lower()
    told = {"claimed": state["claimed_first"], "leader": leader, "holds": holds, "why": state["why"]}
    lead = reply_text(Reply("answered", "first_of_all", told), leader)
    return tool, arguments, {**result, "headline": f"{lead} {result['headline']}"}


def _with_number(pair: Answered, question: str, catalog: Catalog) -> Answered:
    """Correct "why four and not six?" where there are not four segments."""
    tool, arguments, result = pair
    claimed, n = claimed_number(question), len(catalog.segments)
    if claimed is None or claimed == n or not n:
        return pair
    told = {"claimed": claimed, "n": n, "listed": tool == "describe_segments"}
    lead = reply_text(Reply("answered", "other_number", told), question)
    headline = re.sub(r"^There are (\*\*\d+ segments\*\*) here", r"there are \1", str(result["headline"]))
    return tool, arguments, {**result, "headline": f"{lead} {headline}"}
