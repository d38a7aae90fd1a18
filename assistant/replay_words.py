"""Knows how the outcome of a replay is told: in a chat, as text for a terminal, as JSON for a program."""

from __future__ import annotations

from assistant.replay import CallOutcome, Change, Outcome
from assistant.report.richtext import plain_text
from tools.core import Fact, Json, ResultTable, ToolResult
from tools.quoting import Quotes
from tools.wording import count, listing, scalar, share

MOST_CHANGES = 8  # of one call that the text lists; the rest is counted, and JSON has all


def to_text(outcome: Outcome) -> str:
    """Return what changed, for a terminal."""
    parts = [_verdict(outcome), *outcome.data, *outcome.notes]
    if not outcome.reproduced:
        parts += [_call(number, each) for number, each in enumerate(outcome.calls, start=1)]
    if not outcome.same_data:
        parts += _segments(outcome)
    return "\n\n".join(part for part in parts if part)


def to_result(outcome: Outcome) -> ToolResult:
    """Return what changed as the result of a step, for the chat that the replay became."""
    facts = [Fact("n_same", outcome.n_same, "numbers"), Fact("n_changed", outcome.n_changed, "numbers")]
    facts += [Fact("n_numbers", outcome.n_same + outcome.n_changed, "numbers")]
    facts += [Fact("n_calls", len(outcome.calls), "steps"), Fact("n_failed", len(outcome.failed), "steps")]
    findings, tables = list(outcome.data), []
    for source in (*outcome.recipe.sources, *outcome.now):
        ends = (Fact("first_day", source.first[:10]), Fact("last_day", source.last[:10]))
        facts += [Fact("n_rows", source.n_rows, "rows", source.file), *(end for end in ends if end.value)]
    if not outcome.reproduced:
        for each in outcome.calls:
            facts += [Fact(one.name, one.value, one.unit, f"before, {one.scope}") for one in each.call.facts]
            facts += each.step.result.facts if each.step.result else ()
        findings += _questions(outcome)
    if not outcome.same_data and outcome.segments:
        table = _segments_table(outcome)
        quotes = Quotes()
        quotes.table(table)
        facts += quotes.facts
        tables.append(table)
        facts += [Fact("psi", one.psi, None, one.feature) for one in outcome.drift]
        facts += [Fact("psi_limit", 0.1), Fact("psi_large", 0.25)]
        findings += [_drift(outcome)] if outcome.drift else []
    return ToolResult(
        _verdict(outcome), tuple(dict.fromkeys(facts)), tuple(findings), tuple(tables), (), outcome.notes
    )


def _questions(outcome: Outcome) -> list[str]:
    """Tell for each question what was said before and what is said now, in the order of the chat."""
    told, same = [], []
    for each in outcome.calls:
        asked = each.call.question or each.call.tool.replace("_", " ")
        if each.step.result is None:
            told.append(f"**{asked}** Not possible now: {each.step.error} {each.step.instead}".rstrip())
        elif not each.changes:
            same.append(asked)
        elif each.call.headline == each.step.result.headline:
            told.append(f"**{asked}** The same in short, but not in every number: {each.call.headline}")
        else:
            told.append(f"**{asked}**\n\n- Before: {each.call.headline}\n- Now: {each.step.result.headline}")
    if same:
        told.append(f"As before, in every number: {listing([f'“{one}”' for one in dict.fromkeys(same)])}.")
    return told


def _segments_table(outcome: Outcome) -> ResultTable:
    rows = [
        (one.name, one.old, 100 * one.old_share, one.new or 0, 100 * (one.new_share or 0.0))
        for one in outcome.segments
    ]
    columns = ("Segment", "Customers before", "Share before", "Customers now", "Share now")
    title = "The segments of then, unchanged, on the customers of now"
    return ResultTable(title, columns, tuple(rows), (None, "customers", "%", "customers", "%"))


def to_json(outcome: Outcome) -> Json:
    """Return the whole outcome as plain JSON."""
    return {
        "same_data": outcome.same_data,
        "reproduced": outcome.reproduced,
        "n_same": outcome.n_same,
        "n_changed": outcome.n_changed,
        "data": list(outcome.data),
        "notes": list(outcome.notes),
        "calls": [
            {
                "question": each.call.question,
                "tool": each.call.tool,
                "arguments": each.call.arguments,
                "error": each.step.error,
                "headline_before": each.call.headline,
                "headline_now": each.step.result.headline if each.step.result else None,
                "n_same": each.n_same,
                "changes": [
                    {"fact": one.name, "scope": one.scope, "unit": one.unit, "old": one.old, "new": one.new}
                    for one in each.changes
                ],
            }
            for each in outcome.calls
        ],
        "segments": [
            {
                "name": one.name,
                "old_customers": one.old,
                "old_share": one.old_share,
                "new_customers": one.new,
                "new_share": one.new_share,
            }
            for one in outcome.segments
        ],
        "segments_found_now": [
            {"name": name, "customers": size, "share": part} for name, size, part in outcome.found_now
        ],
        "drift": [
            {"feature": one.feature, "psi": one.psi, "expected_by_chance": one.noise, "size": one.word}
            for one in outcome.drift
        ],
    }


def _verdict(outcome: Outcome) -> str:
    calls = count(len(outcome.calls), "step")
    if outcome.reproduced:
        data = "The data are the same, row for row" if outcome.same_data else "The data are not the same"
        return f"{data}, and all {outcome.n_same:,} numbers of {calls} came out as before."
    data = "the same data" if outcome.same_data else "other data"
    failed = f", and {count(len(outcome.failed), 'step')} could not be repeated" if outcome.failed else ""
    return (
        f"Run again on {data}: of {outcome.n_same + outcome.n_changed:,} numbers of {calls}, "
        f"{outcome.n_same:,} are the same and {outcome.n_changed:,} changed, came or went{failed}."
    )


def _call(number: int, outcome: CallOutcome) -> str:
    call = outcome.call
    lines = [f"{number}. {call.question or call.tool}"]
    if outcome.step.result is None:
        lines.append(f"   Not possible now: {outcome.step.error} {outcome.step.instead}".rstrip())
        return "\n".join(lines)
    now = outcome.step.result.headline
    if not outcome.changes:
        return "\n".join([*lines, f"   As before: {plain_text(now)}"])
    lines += [f"   Before: {plain_text(call.headline)}", f"   Now:    {plain_text(now)}"]
    numbers = [one for one in outcome.changes if _is_worth_reading(one)]
    lines += [f"   - {_change(one)}" for one in numbers[:MOST_CHANGES]]
    rest = len(outcome.changes) - min(len(numbers), MOST_CHANGES)
    if rest:
        lines.append(f"   - and {count(rest, 'more change')}; --json lists every one.")
    return "\n".join(lines)


def _is_worth_reading(change: Change) -> bool:
    """Tell whether two numbers differ as they are written."""
    return scalar(change.old) != scalar(change.new) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in (change.old, change.new)
    )


def _change(change: Change) -> str:
    name = change.name.removesuffix("_pct").replace("_", " ")
    name = f"number of {name[2:]}" if name.startswith("n ") else name
    what = name + (f" ({change.scope})" if change.scope else "")
    return f"{what}: {scalar(change.old, change.unit)} before, {scalar(change.new, change.unit)} now"


def _segments(outcome: Outcome) -> list[str]:
    parts = []
    if outcome.segments:
        lines = ["The segments of then, unchanged, on the customers of now:"]
        for one in outcome.segments:
            before = f"{count(one.old, 'customer')} ({share(one.old_share)})"
            now = f"{count(one.new or 0, 'customer')} ({share(one.new_share or 0.0)})"
            lines.append(f"- {one.name}: {before} before, {now} now")
        parts.append("\n".join(lines))
    if outcome.drift:
        parts.append(_drift(outcome))
    names_then = {one.name for one in outcome.segments}
    if outcome.found_now and {name for name, _, _ in outcome.found_now} != names_then:
        lines = ["Found anew, the segments would be:"]
        lines += [
            f"- {name}: {count(size, 'customer')} ({share(part)})" for name, size, part in outcome.found_now
        ]
        parts.append("\n".join(lines))
    return parts


def _drift(outcome: Outcome) -> str:
    moved = [one for one in outcome.drift if one.word != "small"]
    if not moved:
        return (
            "On every column that makes the segments the customers are distributed as before (population "
            "stability index below 0.10, or no more than chance), so the segments still fit."
        )
    lines = ["Columns on which the customers have drifted (population stability index; 0.25 is large):"]
    lines += [f"- {one.feature}: {one.psi:.2f}, {one.word}" for one in moved]
    if any(one.is_large for one in moved):
        lines.append(
            "A large drift means another population: find the segments anew rather than use the old."
        )
    return "\n".join(lines)
