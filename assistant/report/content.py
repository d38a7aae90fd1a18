"""Knows what a report holds and how it is made from a conversation; nothing of how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant import grounding
from assistant.recipe import Recipe, recipe_of, state_of
from assistant.report.wording import heading_of, leading, sentence_of, title_of
from assistant.session import Session, Step, Turn
from tools.core import (
    DataTable,
    Fact,
    Json,
    ResultTable,
    Scalar,
    Segment,
    Segmentation,
    ToolResult,
    Workspace,
)
from tools.figures import segment_colour
from tools.understanding.telling import LEADS
from tools.wording import count, day, listing

MOST_NAMED = 8  # features named in a sentence on the method; the rest is counted
GAPS = ("no_category", "no_customer")  # what a file does not hold, though nothing is wrong with it


@dataclass(frozen=True)
class Finding:
    """One answer under its heading."""

    heading: str
    turn: Turn


@dataclass(frozen=True)
class SegmentCard:
    """One segment for a reader; `who` and `next_step` are passages whose numbers can be traced."""

    segment: Segment
    who: Turn
    next_step: Turn
    few: bool = False  # so few customers that others are told nothing about them

    @property
    def colour(self) -> str:
        """Its colour in every chart."""
        return segment_colour(self.segment.key)


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where a number of the report comes from; `value` is unrounded."""

    text: str
    place: str
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
        segment_tables: Profiles of the segments.
        segment_figures: Their charts.
        limits: What the data cannot tell, as passages.
        method: How it was computed, as passages.
        data: What is in the data and what was mended, as passages.
        data_tables: Columns.
        recipe: Runs again without a model.
        withheld: What was left out of a version for others, in words.
    """

    title: str
    created: str
    model: str
    summary: tuple[Turn, ...]
    notes: str
    findings: tuple[Finding, ...]
    about_segments: tuple[Turn, ...]
    cards: tuple[SegmentCard, ...]
    segment_tables: tuple[ResultTable, ...]
    segment_figures: tuple[Json, ...]
    limits: tuple[Turn, ...]
    method: tuple[Turn, ...]
    data: tuple[Turn, ...]
    data_tables: tuple[ResultTable, ...]
    recipe: Recipe
    withheld: tuple[str, ...] = ()

    @property
    def byline(self) -> str:
        """Date and who wrote the prose."""
        return " · ".join(part for part in (day(self.created), self.model.split(":")[0]) if part)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The answers, in order."""
        return tuple(finding.turn for finding in self.findings)

    def passages(self) -> Iterator[tuple[str, Turn]]:
        """Yield every text with the name of its place, in reading order."""
        yield from (("Summary", passage) for passage in self.summary)
        yield from ((finding.heading, finding.turn) for finding in self.findings)
        yield from (("The segments", passage) for passage in self.about_segments)
        for card in self.cards:
            yield card.segment.name, card.who
            yield card.segment.name, card.next_step
        for place, passages in (("Limits", self.limits), ("Method", self.method), ("Data", self.data)):
            yield from ((place, passage) for passage in passages)

    def numbers(self) -> Iterator[NumberSource]:
        """Yield where each number of the texts comes from, each once a place."""
        seen = set()
        for place, passage in self.passages():
            for trace in passage.traces:
                found = _number_source(place, passage, trace)
                if (found.text, found.place, found.fact) not in seen:
                    seen.add((found.text, found.place, found.fact))
                    yield found


def build(
    session: Session,
    title: str | None = None,
    turns: Sequence[Turn] | None = None,
    summary: Sequence[str] | None = None,
    notes: str = "",
) -> Report:
    """Make a report of a session.

    Args:
        session: The conversation.
        title: Given by the person; made from the data and the findings otherwise.
        turns: The turns that go in; by default all that were answered.
        summary: The person's own sentences; computed from the findings otherwise.
        notes: The person's own words, Markdown.
    """
    chosen = list(
        turns if turns is not None else [turn for turn in session.turns if turn.status == "answered"]
    )
    workspace = session.workspace
    created = datetime.now(UTC).date().isoformat()
    heading = title or title_of(workspace)
    greeting = session.greeting()
    profile = _profile(session)
    labels = tuple(grounding.labels_of(workspace))
    told = [turn for turn in chosen if not _says_the_profile(turn, workspace)]
    everything = (*(step for turn in chosen for step in turn.steps), *greeting.steps, *profile)
    recipe = recipe_of(workspace, session.turns, chosen, heading, created)
    report = Report(
        title=heading,
        created=created,
        model=chosen[-1].model if chosen else "",
        summary=_computed_summary(told, workspace, greeting, profile, labels)
        if summary is None
        else _own_summary(summary, everything, labels),
        notes=notes.strip(),
        findings=_findings(told),
        about_segments=_about_segments(workspace, profile, labels),
        cards=_cards(workspace, profile, labels),
        segment_tables=tuple(table for step in profile if step.result for table in step.result.tables),
        segment_figures=(),
        limits=_limits(workspace, greeting, profile, labels),
        method=_method(workspace, everything, labels),
        data=_data(workspace, greeting, labels),
        data_tables=tuple(greeting.tables),
        recipe=recipe,
    )
    shown = [figure for turn in report.turns for figure in turn.figures]
    own = [figure for step in profile if step.result for figure in step.result.figures]
    return replace(report, segment_figures=tuple(figure for figure in own if figure not in shown))


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


def _own_summary(texts: Sequence[str], steps: Sequence[Step], labels: Sequence[str]) -> tuple[Turn, ...]:
    """Trace a person's own sentences; they are theirs, so no number of them is marked."""
    told = (passage(text.strip(), steps, labels) for text in texts if text.strip())
    return tuple(replace(each, unsupported=()) for each in told)


def _computed_summary(
    turns: Sequence[Turn],
    workspace: Workspace,
    greeting: Turn,
    profile: tuple[Step, ...],
    labels: Sequence[str],
) -> tuple[Turn, ...]:
    """Say in one sentence each what the report stands on, what was found, and which segment leads."""
    told: dict[str, Sequence[Step]] = {}
    if greeting.results:
        told[f"This report stands on {greeting.results[0].headline}"] = greeting.steps
    first = leading(workspace.segmentation) if workspace.segmentation else ""
    for turn in turns:
        told.setdefault(sentence_of(turn), turn.steps)
        if turn.segmentation is not None:
            told.setdefault(first, profile)
    told.setdefault(first, profile)
    return tuple(passage(text, steps, labels) for text, steps in told.items() if text)


def _findings(turns: Sequence[Turn]) -> tuple[Finding, ...]:
    headings = [heading_of(turn) for turn in turns]
    asked = [" ".join(turn.question.split()) for turn in turns]
    return tuple(
        Finding(
            f"{heading}: {asked[i]}" if headings.count(heading) > 1 and heading != asked[i] else heading, turn
        )
        for i, (heading, turn) in enumerate(zip(headings, turns, strict=True))
    )


def _profile(session: Session) -> tuple[Step, ...]:
    """Return the profile of the current segments as steps, if there are any."""
    segmentation = session.workspace.segmentation
    if segmentation is None:
        return ()
    further = max(0, len(segmentation.features) - MOST_NAMED)
    facts = (
        Fact("n_customers", segmentation.n_customers, "customers"),
        Fact("n_segments", len(segmentation.segments), "segments"),
        Fact("n_features", len(segmentation.features), "features"),
        Fact("n_further_features", further, "features"),
        Fact("reference_date", segmentation.reference_date),
    )
    known = ("profile", state_of(session.workspace))
    described = session.workspace.engine.memo(known, lambda: session.run_tool("describe_segments", {}))
    return described, Step("segmentation", {}, ToolResult("", facts))


def _says_the_profile(turn: Turn, workspace: Workspace) -> bool:
    """Tell whether an answer is the profile of the current segments, which has a section of its own."""
    told = turn.workspace.segmentation if turn.workspace else None
    alone = [step.tool for step in turn.steps] == ["describe_segments"] and not turn.steps[0].arguments
    return alone and told == workspace.segmentation and turn.status == "answered"


def _about_segments(
    workspace: Workspace, profile: tuple[Step, ...], labels: Sequence[str]
) -> tuple[Turn, ...]:
    segmentation = workspace.segmentation
    if segmentation is None:
        return ()
    people = count(segmentation.n_customers, "customer")
    parts = count(len(segmentation.segments), "segment")
    told = [f"{people} in {parts}, by {segmentation.method}."]
    result = profile[0].result if profile else None
    if result is not None:
        named = tuple(f"**{segment.name}**: " for segment in segmentation.segments)
        told += [finding for finding in result.findings if not finding.startswith(named)]
    return tuple(passage(text, profile, labels) for text in told)


def _cards(workspace: Workspace, profile: tuple[Step, ...], labels: Sequence[str]) -> tuple[SegmentCard, ...]:
    segmentation = workspace.segmentation
    if segmentation is None:
        return ()
    from tools.profiles.profiling import portraits  # scikit-learn stands behind it: not at start-up

    by_name = {segment.name: segment for segment in segmentation.segments}
    known = ("portraits", state_of(workspace))
    drawn = (
        workspace.engine.memo(known, lambda: portraits(workspace)) if profile and profile[0].result else ()
    )
    cards = [
        SegmentCard(
            by_name[one.segment],
            passage(one.who, profile, labels),
            passage(one.next_step, profile, labels),
        )
        for one in drawn
    ]
    told = {card.segment.name for card in cards}
    rest = [
        SegmentCard(segment, passage(segment.summary, profile, labels), Turn(""))
        for segment in segmentation.segments
        if segment.name not in told
    ]
    return (*cards, *rest)


def _limits(
    workspace: Workspace, greeting: Turn, profile: tuple[Step, ...], labels: Sequence[str]
) -> tuple[Turn, ...]:
    told = [
        passage(_lead(finding.code, finding.sentence), greeting.steps, labels)
        for table in _loaded(workspace)
        for finding in table.findings
        if finding.severity != "info" or finding.code in GAPS
    ]
    result = profile[0].result if profile else None
    told += [passage(text, profile, labels) for text in (result.caveats if result else ())]
    return tuple(told)


def _data(workspace: Workspace, greeting: Turn, labels: Sequence[str]) -> tuple[Turn, ...]:
    result = greeting.results[0] if greeting.results else None
    told = [result.headline, *result.findings[:1]] if result else [greeting.answer]
    for table in _loaded(workspace):
        told += [
            _lead(finding.code, finding.sentence)
            for finding in table.findings
            if finding.severity == "info" and finding.code not in GAPS
        ]
        mended = [f"- {step.sentence}" for step in table.cleaning]
        told += ["\n".join((f"**Mended while reading {table.source}**\n", *mended))] if mended else []
    return tuple(passage(text, greeting.steps, labels) for text in told)


def _lead(code: str, sentence: str) -> str:
    lead = LEADS.get(code)
    return f"**{lead}.** {sentence}" if lead else sentence


def _method(workspace: Workspace, steps: Sequence[Step], labels: Sequence[str]) -> tuple[Turn, ...]:
    segmentation = workspace.segmentation
    if segmentation is None:
        return ()
    features = list(segmentation.features)
    more = len(features) - MOST_NAMED
    named = listing([f"`{name}`" for name in features[:MOST_NAMED]]) if features else "the rules as given"
    rest = f" and {more} more" if more > 0 else ""
    lines = [f"Segments by {segmentation.method}, on {named}{rest}. {_verdict(segmentation)}".strip()]
    if segmentation.reference_date:
        lines.append(f"Days since and ages are counted to {day(segmentation.reference_date)}.")
    return tuple(passage(text, steps, labels) for text in lines)


def _verdict(segmentation: Segmentation) -> str:
    told = {
        "segments": "They were tested against data without any groups and on resampled customers, and hold.",
        "partly": "Only some of them came back on resampled customers; other borders are doubtful.",
        "none": "The data hold no natural groups: this is a convenient division of a continuum.",
    }
    return told.get(str(segmentation.evidence.get("verdict", "")), "")


def _loaded(workspace: Workspace) -> list[DataTable]:
    return [table for table in workspace.tables.values() if table.source]


def _number_source(place: str, turn: Turn, trace: grounding.NumberTrace) -> NumberSource:
    if not 0 <= trace.step < len(turn.steps):
        origin = "the question" if trace.fact == "the question" else "an earlier answer"
        return NumberSource(trace.text, place, origin, trace.fact, None)
    step = turn.steps[trace.step]
    facts = step.result.facts if step.result else ()
    named = [fact for fact in facts if grounding.fact_name(fact) == trace.fact]
    fitting = [fact for fact in named if grounding.supports(fact, trace.text)]
    value = (fitting or named)[0].value if named else None
    return NumberSource(trace.text, place, step.tool, trace.fact, value)
