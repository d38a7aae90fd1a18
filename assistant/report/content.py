"""Knows what a report holds and where each of its numbers comes from; nothing of how it is made or drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant import grounding
from assistant.recipe import Recipe
from assistant.session import Step, Turn
from tools.core import Json, ResultTable, Scalar, Segment
from tools.figures import segment_colour
from tools.wording import day

# Where an answer is read: among the findings, before or behind the cards of the segments, with the evidence
# or with the data.
Part = Literal["finding", "making", "segments", "evidence", "data"]


@dataclass(frozen=True)
class Finding:
    """One answer under its heading, in the part of the report where it is read."""

    heading: str
    turn: Turn
    part: Part = "finding"


@dataclass(frozen=True)
class SegmentCard:
    """One segment for a reader; `who` and `next_step` are passages whose numbers can be traced."""

    segment: Segment
    who: Turn
    next_step: Turn
    value_label: str = "Share of value"
    few: bool = False  # so few customers that others are told nothing about them

    @property
    def colour(self) -> str:
        """Its colour in every chart."""
        return segment_colour(self.segment.key)


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where a number of the report comes from; `value` is unrounded, `places` are those where it stands."""

    text: str
    places: tuple[str, ...]
    tool: str
    fact: str
    value: Scalar


@dataclass(frozen=True)
class Report:
    """What a person shares.

    Attributes:
        title: For a manager.
        created: ISO date.
        model: Who wrote the prose.
        summary: One sentence a point, as passages.
        notes: The person's own words, Markdown, or empty.
        findings: Answers in order.
        about_segments: How the segments came about and what else is to be said of them, as passages.
        cards: One a segment, from the largest share of value.
        segment_figures: Their charts.
        limits: What the data cannot tell, as passages.
        method: How it was computed, as passages.
        evidence_tables: Profiles of the segments, and what they stand on, in numbers.
        data: What is in the data and what was mended, as passages.
        data_tables: Columns.
        recipe: Runs again without a model.
        withheld: What was left out of a version for others, in words.
        sent: Every message that went to a model server; for the person's own eyes.
    """

    title: str
    created: str
    model: str
    summary: tuple[Turn, ...]
    notes: str
    findings: tuple[Finding, ...]
    about_segments: tuple[Turn, ...]
    cards: tuple[SegmentCard, ...]
    segment_figures: tuple[Json, ...]
    limits: tuple[Turn, ...]
    method: tuple[Turn, ...]
    evidence_tables: tuple[ResultTable, ...]
    data: tuple[Turn, ...]
    data_tables: tuple[ResultTable, ...]
    recipe: Recipe
    withheld: tuple[str, ...] = ()
    sent: ResultTable | None = None

    @property
    def byline(self) -> str:
        """Date and who wrote the prose."""
        return " · ".join(part for part in (day(self.created), self.model.split(":")[0]) if part)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The answers, in order."""
        return tuple(finding.turn for finding in self.findings)

    def part(self, name: Part) -> tuple[Finding, ...]:
        """Return the answers that are read in one part of the report."""
        return tuple(finding for finding in self.findings if finding.part == name)

    def passages(self) -> Iterator[tuple[str, Turn]]:
        """Yield every text with the name of its place, in reading order."""
        yield from (("Summary", passage) for passage in self.summary)
        yield from self._answers("finding", "making")
        yield from (("The segments", passage) for passage in self.about_segments)
        for card in self.cards:
            yield card.segment.name, card.who
            yield card.segment.name, card.next_step
        yield from self._answers("segments")
        yield from (("Limits", passage) for passage in self.limits)
        yield from (("Method", passage) for passage in self.method)
        yield from self._answers("evidence")
        yield from (("Data", passage) for passage in self.data)
        yield from self._answers("data")

    def _answers(self, *parts: Part) -> Iterator[tuple[str, Turn]]:
        yield from ((each.heading, each.turn) for part in parts for each in self.part(part))

    def numbers(self) -> Iterator[NumberSource]:
        """Yield where each number of the texts comes from, each once, with all the places where it stands."""
        found: dict[tuple[str, str, str, Scalar], dict[str, None]] = {}
        for place, told in self.passages():
            for trace in told.traces:
                tool, value = source_of(told, trace)
                found.setdefault((trace.text, tool, trace.fact, value), {})[place] = None
        for (text, tool, fact, value), places in found.items():
            yield NumberSource(text, tuple(places), tool, fact, value)


def passage(text: str, steps: Sequence[Step], labels: Iterable[str] = ()) -> Turn:
    """Return a text whose numbers are traced to the facts of steps."""
    facts = [
        grounding.SourcedFact(index, fact)
        for index, step in enumerate(steps)
        if step.result
        for fact in step.result.facts
    ]
    found = grounding.check(text, facts, labels=labels)
    return Turn("", tuple(steps), text, traces=found.traces, unsupported=found.unsupported)


def led_by(lead: str, told: Turn) -> Turn:
    """Return a passage behind a few words whose numbers are names ("segments 1 and 2"), not figures."""
    by = len(lead) + 1
    return replace(
        told,
        answer=f"{lead} {told.answer}",
        traces=tuple(replace(each, start=each.start + by, end=each.end + by) for each in told.traces),
        unsupported=tuple((text, start + by, end + by) for text, start, end in told.unsupported),
    )


def source_of(turn: Turn, trace: grounding.NumberTrace) -> tuple[str, Scalar]:
    """Return which computation a number comes from, and its value unrounded."""
    if not 0 <= trace.step < len(turn.steps):
        return "the question" if trace.fact == "the question" else "an earlier answer", None
    step = turn.steps[trace.step]
    facts = step.result.facts if step.result else ()
    named = [fact for fact in facts if grounding.fact_name(fact) == trace.fact]
    fitting = [fact for fact in named if grounding.supports(fact, trace.text)]
    return step.tool, (fitting or named)[0].value if named else None
