"""Makes the version of a report that others may see: aggregates only, no single person, no small group."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from assistant import grounding
from assistant.naming_people import personal_columns
from assistant.privacy import about_people
from assistant.recipe import Call, Recipe
from assistant.report.content import Report, SegmentCard, passage
from assistant.report.people import LEFT_OUT, draws_people, holds, masked, names_in, person_columns, without
from assistant.report.scanning import Concern, scan
from assistant.report.small_groups import FEWEST, is_small, small_scopes, without_small_groups
from assistant.session import Step, Turn
from tools.core import Fact, Json, ResultTable, Segmentation, ToolResult, Workspace
from tools.wording import count, listing


def aggregates_only(report: Report, workspace: Workspace) -> Report:
    """Return the version for others: no single person, no small group; what was left out is told.

    Paragraphs that name a person or state a number about one go, and so do tables and charts of single
    people; numbers of groups of fewer than 5 are blanked, with a second group where one could be had by
    subtraction.
    """
    columns = personal_columns(workspace)
    people = _people_of(report, columns)
    findings = tuple(
        replace(finding, heading=without(finding.heading, people), turn=_turn(finding.turn, columns, people))
        for finding in report.findings
    )
    profile = _result(ToolResult("", (), (), report.evidence_tables, report.segment_figures), columns)
    recipe = _recipe(report.recipe, columns)
    concerns = scan(report, workspace)
    return replace(
        report,
        title=without(report.title, people),
        summary=_passages(report.summary, columns, people),
        notes=without(report.notes, people),
        findings=findings,
        about_segments=_passages(report.about_segments, columns, people),
        cards=tuple(_card(card, columns) for card in report.cards),
        segment_figures=profile.figures,
        limits=_passages(report.limits, columns, people),
        method=_passages(report.method, columns, people),
        evidence_tables=profile.tables,
        data=_passages(report.data, columns, people),
        recipe=recipe,
        sent=None,
        withheld=_told(concerns, len(report.recipe.calls) - len(recipe.calls)),
    )


def _told(concerns: Sequence[Concern], n_calls: int) -> tuple[str, ...]:
    kinds = {concern.kind for concern in concerns}
    parts = []
    if kinds & {"person", "e-mail", "phone", "number"}:
        parts.append("what names or describes single customers")
    if "small group" in kinds:
        parts.append(f"numbers of groups of fewer than {FEWEST}")
    told = (
        [f"This version shows aggregates only. Left out: {listing(parts)}."]
        if parts
        else ["This version shows aggregates only."]
    )
    if n_calls:
        told.append(f"{count(n_calls, 'computation')} about single customers cannot be repeated from it.")
    return tuple(told)


def _people_of(report: Report, columns: Sequence[str]) -> frozenset[str]:
    """Return the names of people that any result of the report holds: one answer may name another's people.

    Ids of digits alone are left to the answer whose result holds them; elsewhere they would be any number.
    """
    passages = (report.summary, report.about_segments, report.limits, report.method, report.data)
    turns = [finding.turn for finding in report.findings] + [turn for each in passages for turn in each]
    found = {value for turn in turns for result in turn.results for value in names_in(result, columns)}
    return frozenset(value for value in found if len(value) > 2 and any(map(str.isalpha, value)))


def _turn(turn: Turn, columns: Sequence[str], people: frozenset[str]) -> Turn:
    """Return an answer without what names people or states numbers of few."""
    return _rewritten(turn, tuple(_step(step, columns) for step in turn.steps), columns, people)


def _passage(turn: Turn, columns: Sequence[str], people: frozenset[str] = frozenset()) -> Turn:
    """Return a passage likewise; it keeps the facts of its steps alone, which is all that it needs."""
    steps = tuple(
        replace(step, arguments={}, result=ToolResult("", _harmless(step.result.facts, columns)))
        for step in turn.steps
        if step.result is not None
    )
    return _rewritten(turn, steps, columns, people)


def _rewritten(turn: Turn, steps: tuple[Step, ...], columns: Sequence[str], people: frozenset[str]) -> Turn:
    values = {value for result in turn.results for value in names_in(result, columns)} | people
    text = _answer(turn, columns, values)
    kept = passage(text, steps) if turn.answer else Turn("")
    return replace(
        turn,
        question=without(turn.question, values),
        steps=steps,
        answer=kept.answer,
        traces=kept.traces,
        unsupported=kept.unsupported,
    )


def _harmless(facts: Sequence[Fact], columns: Sequence[str]) -> tuple[Fact, ...]:
    scopes, people = small_scopes(facts), about_people(facts, columns)
    return tuple(fact for fact in facts if fact.scope not in scopes and fact not in people)


def _about_people(turn: Turn, columns: Sequence[str]) -> list[Fact]:
    return [fact for result in turn.results for fact in about_people(result.facts, columns)]


def _names(facts: Iterable[Fact]) -> set[str]:
    return {grounding.fact_name(fact) for fact in facts}


def _answer(turn: Turn, columns: Sequence[str], values: set[str]) -> str:
    """Drop the paragraphs about people, and blank the numbers of small groups."""
    hidden = _names(_about_people(turn, columns))
    scopes = {scope for result in turn.results for scope in small_scopes(result.facts)}
    few = _names(fact for fact in turn.facts if fact.scope in scopes)
    own = [trace for trace in turn.traces if trace.fact in hidden]
    kept, start = [], 0
    for paragraph in turn.answer.split("\n\n"):
        end = start + len(paragraph)
        about = any(start <= trace.start < end for trace in own)
        if not about and not any(holds(paragraph, value) for value in values):
            small = [
                each for each in turn.traces if each.fact in few and start <= each.start and each.end <= end
            ]
            kept.append(masked(_blank(paragraph, [(each.start - start, each.end - start) for each in small])))
        start = end + 2
    text = "\n\n".join(kept)
    return text if text.strip() else "This answer is about single customers and is left out of this version."


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + LEFT_OUT + text[end:]
    return text


def _step(step: Step, columns: Sequence[str]) -> Step:
    arguments = {} if _asks_for_people(dict(step.arguments), columns) else _clean(dict(step.arguments))
    return replace(step, arguments=arguments, result=_result(step.result, columns) if step.result else None)


def _result(result: ToolResult, columns: Sequence[str]) -> ToolResult:
    values = names_in(result, columns)
    return without_small_groups(
        replace(
            result,
            facts=_harmless(result.facts, columns),
            tables=tuple(_cells(table) for table in result.tables if not person_columns(table, columns)),
            figures=tuple(figure for figure in result.figures if not draws_people(figure, values)),
            workspace=None,
        )
    )


def _cells(table: ResultTable) -> ResultTable:
    return replace(
        table,
        rows=tuple(
            tuple(masked(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows
        ),
    )


def _passages(passages: Sequence[Turn], columns: Sequence[str], people: frozenset[str]) -> tuple[Turn, ...]:
    """Return the passages that are about nobody in particular."""
    kept = []
    for each in passages:
        values = {value for result in each.results for value in names_in(result, columns)} | people
        hidden = _names(_about_people(each, columns))
        about = any(trace.fact in hidden for trace in each.traces)
        if not about and not any(holds(each.answer, value) for value in values):
            kept.append(_passage(each, columns, people))
    return tuple(kept)


def _card(card: SegmentCard, columns: Sequence[str]) -> SegmentCard:
    if is_small(card.segment.size):
        gone = Turn("", answer=f"Fewer than {FEWEST} customers: not described in this version.")
        return SegmentCard(replace(card.segment, rule=""), gone, Turn(""), few=True)
    segment = replace(card.segment, name=masked(card.segment.name), rule=masked(card.segment.rule))
    return replace(
        card, segment=segment, who=_passage(card.who, columns), next_step=_passage(card.next_step, columns)
    )


def _recipe(recipe: Recipe, columns: Sequence[str]) -> Recipe:
    calls = tuple(
        _call(call, columns) for call in recipe.calls if not _asks_for_people(call.arguments, columns)
    )
    return replace(
        recipe, title=masked(recipe.title), calls=calls, segmentation=_frozen(recipe.segmentation, columns)
    )


def _frozen(segmentation: Segmentation | None, columns: Sequence[str]) -> Segmentation | None:
    """Return a segmentation unless its rules name people or hold a few customers."""
    if segmentation is None or _asks_for_people(segmentation.model, columns):
        return None
    few = any(is_small(segment.size) for segment in segmentation.segments)
    return None if few else segmentation


def _call(call: Call, columns: Sequence[str]) -> Call:
    facts = _harmless(call.facts, columns)
    whole = len(facts) == len(call.facts)
    headline = masked(call.headline) if whole else ""
    sizes = tuple(size for size in call.sizes if not is_small(size[1]))
    return replace(
        call,
        question=masked(call.question) if whole or not call.question else LEFT_OUT,
        arguments=_clean(call.arguments),
        headline=headline,
        facts=facts,
        sizes=sizes,
        withheld=not whole,
    )


def _asks_for_people(part: Any, columns: Sequence[str]) -> bool:
    """Tell whether arguments hold a condition on who somebody is."""
    if isinstance(part, dict):
        if part.get("column") in columns and ("value" in part or "values" in part):
            return True
        return any(_asks_for_people(each, columns) for each in part.values())
    return isinstance(part, list | tuple) and any(_asks_for_people(each, columns) for each in part)


def _clean(arguments: Json) -> Json:
    cleaned: Json = json.loads(masked(json.dumps(arguments, ensure_ascii=False, default=str)))
    return cleaned
