"""Knows what in a report points at single people, and makes the version of it that holds aggregates only."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from assistant import grounding
from assistant.privacy import is_personal, personal_columns
from assistant.recipe import Call, Recipe
from assistant.report.content import Finding, Report, SegmentCard, passage
from assistant.report.small_groups import (
    FEWEST,
    is_small,
    small_cells,
    small_rows,
    small_scopes,
    without_small_groups,
)
from assistant.session import Step, Turn
from tools.core import Fact, Json, ResultTable, Segmentation, ToolResult, Workspace
from tools.wording import count, listing

Kind = Literal["e-mail", "phone", "number", "person", "small group"]
LEFT_OUT = "(left out)"
ONE_MARK_EACH = 30  # dots of one size, more than these: each is a customer
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?)?"
    r"\d{2,5}(?:[\s.-]\d{2,5}){1,4}(?![\w,/-])"
)
_LONG = re.compile(r"(?<![\w.,])(?:[A-Z]{2}\d{2}[A-Z0-9]{11,30}|\d{12,19})(?![\w,])")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that others should perhaps not see.

    Attributes:
        kind: What it is.
        place: Heading of the part of the report.
        sentence: What was found there, without repeating it.
    """

    kind: Kind
    place: str
    sentence: str


def scan(report: Report, workspace: Workspace) -> tuple[Concern, ...]:
    """Look for personal data and small groups in everything that a report would show.

    Args:
        report: As it would be published.
        workspace: Tells which columns name people.
    """
    columns = personal_columns(workspace)
    found: list[Concern] = []
    for place, text in _texts(report):
        found += _in_text(place, text)
    for place, result in _results(report):
        found += _in_result(place, result, columns)
    return tuple(dict.fromkeys(found))


def aggregates_only(report: Report, workspace: Workspace) -> Report:
    """Return the version for others: no single person, no small group; what was left out is told.

    Paragraphs that name a person or state a number about one go, and so do tables and charts of single
    people; numbers of groups of fewer than 5 are blanked, with a second group where one could be had by
    subtraction.
    """
    columns = personal_columns(workspace)
    findings = tuple(
        Finding(_masked(finding.heading), _turn(finding.turn, columns)) for finding in report.findings
    )
    profile = _result(ToolResult("", (), (), report.segment_tables, report.segment_figures), columns)
    recipe = _recipe(report.recipe, columns)
    concerns = scan(report, workspace)
    return replace(
        report,
        title=_masked(report.title),
        summary=_passages(report.summary, columns),
        notes=_masked(report.notes),
        findings=findings,
        about_segments=_passages(report.about_segments, columns),
        cards=tuple(_card(card, columns) for card in report.cards),
        segment_tables=profile.tables,
        segment_figures=profile.figures,
        limits=_passages(report.limits, columns),
        method=_passages(report.method, columns),
        data=_passages(report.data, columns),
        recipe=recipe,
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


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    yield "Title", report.title
    yield "Notes", report.notes
    for place, each in report.passages():
        yield place, each.answer
    for finding in report.findings:
        yield finding.heading, finding.turn.question
        for step in finding.turn.steps:
            yield finding.heading, json.dumps(dict(step.arguments), ensure_ascii=False, default=str)
    for place, result in _results(report):
        for table in result.tables:
            for row in table.rows:
                yield from ((place, cell) for cell in row if isinstance(cell, str))


def _results(report: Report) -> Iterator[tuple[str, ToolResult]]:
    for finding in report.findings:
        yield from ((finding.heading, result) for result in finding.turn.results)
    yield "The segments", ToolResult("", (), (), report.segment_tables, report.segment_figures)
    for card in report.cards:
        size = ResultTable("Size", ("Segment", "customers"), ((card.segment.name, card.segment.size),))
        yield card.segment.name, ToolResult("", (), (), (size,))


def _in_text(place: str, text: str) -> Iterator[Concern]:
    looks: tuple[tuple[Kind, int, str, str], ...] = (
        ("e-mail", len(_EMAIL.findall(text)), "e-mail address", "e-mail addresses"),
        ("phone", len(list(_phones(text))), "possible phone number", "possible phone numbers"),
        ("number", len(_LONG.findall(text)), "possible account or card", "possible accounts or cards"),
    )
    for kind, n, one, many in looks:
        if n:
            yield Concern(kind, place, f"{count(n, one, many)} in the text.")


def _phones(text: str) -> Iterator[str]:
    for match in _PHONE.finditer(text):
        digits = sum(letter.isdigit() for letter in match[0])
        least = 8 if match[0].startswith("+") else 9
        if least <= digits <= 15 and not _DATE.search(match[0]):
            yield match[0]


def _in_result(place: str, result: ToolResult, columns: Sequence[str]) -> Iterator[Concern]:
    for table in result.tables:
        if named := _person_columns(table, columns):
            rows = count(len(table.rows), "row")
            yield Concern(
                "person", place, f"The table “{table.title}” names single customers ({named}, {rows})."
            )
        elif n := len(small_rows(table)) + len(small_cells(table)):
            groups = count(n, "group")
            yield Concern(
                "small group", place, f"The table “{table.title}” holds {groups} of fewer than {FEWEST}."
            )
    n_facts = len({fact.scope for fact in result.facts if is_personal(fact, columns)})
    if n_facts:
        yield Concern(
            "person", place, f"The answer states numbers about {count(n_facts, 'single customer')}."
        )
    if n := len(small_scopes(result.facts)):
        groups = count(n, "group")
        yield Concern("small group", place, f"The answer states numbers of {groups} of fewer than {FEWEST}.")
    values = _values(result, columns)
    for figure in result.figures:
        if _draws_people(figure, values):
            title = str(figure["layout"].get("title", {}).get("text") or "A chart")
            yield Concern("person", place, f"The chart “{title}” shows single customers.")


def _person_columns(table: ResultTable, columns: Sequence[str]) -> str:
    """Return the names of the columns of a table whose cells name people."""
    known = {name.casefold() for name in columns}
    named = [
        name
        for j, name in enumerate(table.columns)
        if name.casefold() in known or _mostly_addresses([row[j] for row in table.rows])
    ]
    return listing(named)


def _mostly_addresses(cells: Sequence[Any]) -> bool:
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    return bool(texts) and sum(bool(_EMAIL.search(text)) for text in texts) * 2 > len(texts)


def _values(result: ToolResult, columns: Sequence[str]) -> set[str]:
    """Return the names and ids of people that a result holds."""
    known = {name.casefold() for name in columns}
    found = set()
    for table in result.tables:
        for j, name in enumerate(table.columns):
            if name.casefold() in known:
                found |= {str(row[j]) for row in table.rows if row[j] is not None}
    for fact in result.facts:
        for name in columns:
            if f"{name} = " in fact.scope:
                found.add(fact.scope.split(f"{name} = ", 1)[1].split(",")[0].split(" and ")[0].strip())
    return {value for value in found if value}


def _draws_people(figure: Json, values: set[str]) -> bool:
    for trace in figure["data"]:
        words = [trace.get(name) for name in ("x", "y", "labels", "text", "customdata")]
        if any(isinstance(each, list) and values & {str(one) for one in each} for each in words):
            return True
        dots = trace["type"] == "scatter" and trace.get("mode") == "markers"
        of_one_size = not isinstance(trace.get("marker", {}).get("size"), list)
        if dots and of_one_size and len(trace["x"]) > ONE_MARK_EACH:
            return True
    return False


def _turn(turn: Turn, columns: Sequence[str]) -> Turn:
    """Return an answer without what names people or states numbers of few."""
    return _rewritten(turn, tuple(_step(step, columns) for step in turn.steps), columns)


def _passage(turn: Turn, columns: Sequence[str]) -> Turn:
    """Return a passage likewise; it keeps the facts of its steps alone, which is all that it needs."""
    steps = tuple(
        replace(step, arguments={}, result=ToolResult("", _harmless(step.result.facts, columns)))
        for step in turn.steps
        if step.result is not None
    )
    return _rewritten(turn, steps, columns)


def _rewritten(turn: Turn, steps: tuple[Step, ...], columns: Sequence[str]) -> Turn:
    values = {value for result in turn.results for value in _values(result, columns)}
    text = _answer(turn, columns, values)
    kept = passage(text, steps) if turn.answer else Turn("")
    return replace(
        turn,
        question=_without(turn.question, values),
        steps=steps,
        answer=kept.answer,
        traces=kept.traces,
        unsupported=kept.unsupported,
    )


def _harmless(facts: Sequence[Fact], columns: Sequence[str]) -> tuple[Fact, ...]:
    scopes = small_scopes(facts)
    return tuple(fact for fact in facts if fact.scope not in scopes and not is_personal(fact, columns))


def _names(facts: Iterable[Fact]) -> set[str]:
    return {grounding.fact_name(fact) for fact in facts}


def _answer(turn: Turn, columns: Sequence[str], values: set[str]) -> str:
    """Drop the paragraphs about people, and blank the numbers of small groups."""
    hidden = _names(fact for fact in turn.facts if is_personal(fact, columns))
    scopes = {scope for result in turn.results for scope in small_scopes(result.facts)}
    few = _names(fact for fact in turn.facts if fact.scope in scopes)
    own = [trace for trace in turn.traces if trace.fact in hidden]
    kept, start = [], 0
    for paragraph in turn.answer.split("\n\n"):
        end = start + len(paragraph)
        about = any(start <= trace.start < end for trace in own)
        if not about and not any(_holds(paragraph, value) for value in values):
            small = [
                each for each in turn.traces if each.fact in few and start <= each.start and each.end <= end
            ]
            kept.append(
                _masked(_blank(paragraph, [(each.start - start, each.end - start) for each in small]))
            )
        start = end + 2
    text = "\n\n".join(kept)
    return text if text.strip() else "This answer is about single customers and is left out of this version."


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + LEFT_OUT + text[end:]
    return text


def _holds(text: str, value: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _without(text: str, values: Iterable[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", LEFT_OUT, text)
    return _masked(text)


def _masked(text: str) -> str:
    for phone in set(_phones(text)):
        text = text.replace(phone, LEFT_OUT)
    return _LONG.sub(LEFT_OUT, _EMAIL.sub(LEFT_OUT, text))


def _step(step: Step, columns: Sequence[str]) -> Step:
    arguments = {} if _asks_for_people(dict(step.arguments), columns) else _clean(dict(step.arguments))
    return replace(step, arguments=arguments, result=_result(step.result, columns) if step.result else None)


def _result(result: ToolResult, columns: Sequence[str]) -> ToolResult:
    values = _values(result, columns)
    return without_small_groups(
        replace(
            result,
            facts=tuple(fact for fact in result.facts if not is_personal(fact, columns)),
            tables=tuple(_cells(table) for table in result.tables if not _person_columns(table, columns)),
            figures=tuple(figure for figure in result.figures if not _draws_people(figure, values)),
            workspace=None,
        )
    )


def _cells(table: ResultTable) -> ResultTable:
    return replace(
        table,
        rows=tuple(
            tuple(_masked(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows
        ),
    )


def _passages(passages: Sequence[Turn], columns: Sequence[str]) -> tuple[Turn, ...]:
    """Return the passages that are about nobody in particular."""
    kept = []
    for each in passages:
        values = {value for result in each.results for value in _values(result, columns)}
        hidden = _names(fact for fact in each.facts if is_personal(fact, columns))
        about = any(trace.fact in hidden for trace in each.traces)
        if not about and not any(_holds(each.answer, value) for value in values):
            kept.append(_passage(each, columns))
    return tuple(kept)


def _card(card: SegmentCard, columns: Sequence[str]) -> SegmentCard:
    if is_small(card.segment.size):
        gone = Turn("", answer=f"Fewer than {FEWEST} customers: not described in this version.")
        return SegmentCard(replace(card.segment, rule=""), gone, Turn(""), few=True)
    segment = replace(card.segment, name=_masked(card.segment.name), rule=_masked(card.segment.rule))
    return SegmentCard(segment, _passage(card.who, columns), _passage(card.next_step, columns))


def _recipe(recipe: Recipe, columns: Sequence[str]) -> Recipe:
    calls = tuple(
        _call(call, columns) for call in recipe.calls if not _asks_for_people(call.arguments, columns)
    )
    return replace(
        recipe, title=_masked(recipe.title), calls=calls, segmentation=_frozen(recipe.segmentation, columns)
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
    headline = _masked(call.headline) if whole else ""
    sizes = tuple(size for size in call.sizes if not is_small(size[1]))
    return replace(
        call,
        question=_masked(call.question) if whole or not call.question else LEFT_OUT,
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
    cleaned: Json = json.loads(_masked(json.dumps(arguments, ensure_ascii=False, default=str)))
    return cleaned
