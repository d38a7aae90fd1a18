"""Searches a report for personal data and small groups before it is published, and tells what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.naming_people import personal_columns
from assistant.privacy import about_people
from assistant.report.content import Report
from assistant.report.people import EMAIL, LONG, draws_people, names_in, person_columns, phones
from assistant.report.small_groups import FEWEST, small_cells, small_rows, small_scopes
from tools.core import ResultTable, ToolResult, Workspace
from tools.wording import count

Kind = Literal["e-mail", "phone", "number", "person", "small group"]


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
    yield "The segments", ToolResult("", (), (), report.evidence_tables, report.segment_figures)
    for card in report.cards:
        size = ResultTable("Size", ("Segment", "customers"), ((card.segment.name, card.segment.size),))
        yield card.segment.name, ToolResult("", (), (), (size,))


def _in_text(place: str, text: str) -> Iterator[Concern]:
    looks: tuple[tuple[Kind, int, str, str], ...] = (
        ("e-mail", len(EMAIL.findall(text)), "e-mail address", "e-mail addresses"),
        ("phone", len(list(phones(text))), "possible phone number", "possible phone numbers"),
        ("number", len(LONG.findall(text)), "possible account or card", "possible accounts or cards"),
    )
    for kind, n, one, many in looks:
        if n:
            yield Concern(kind, place, f"{count(n, one, many)} in the text.")


def _in_result(place: str, result: ToolResult, columns: Sequence[str]) -> Iterator[Concern]:
    for table in result.tables:
        if named := person_columns(table, columns):
            rows = count(len(table.rows), "row")
            yield Concern(
                "person", place, f"The table “{table.title}” names single customers ({named}, {rows})."
            )
        elif n := len(small_rows(table)) + len(small_cells(table)):
            groups = count(n, "group")
            yield Concern(
                "small group", place, f"The table “{table.title}” holds {groups} of fewer than {FEWEST}."
            )
    n_facts = len({fact.scope or fact.value for fact in about_people(result.facts, columns)})
    if n_facts:
        yield Concern(
            "person", place, f"The answer states numbers about {count(n_facts, 'single customer')}."
        )
    if n := len(small_scopes(result.facts)):
        groups = count(n, "group")
        yield Concern("small group", place, f"The answer states numbers of {groups} of fewer than {FEWEST}.")
    values = names_in(result, columns)
    for figure in result.figures:
        if draws_people(figure, values):
            title = str(figure["layout"].get("title", {}).get("text") or "A chart")
            yield Concern("person", place, f"The chart “{title}” shows single customers.")
