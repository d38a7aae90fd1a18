"""Knows how a report is made from a conversation: what is said of it, and in which of its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assistant import grounding
from assistant.recipe import recipe_of, state_of
from assistant.report.arranging import arranged, is_news, part_of
from assistant.report.content import Finding, Report, SegmentCard, led_by, passage
from assistant.report.wording import first_sentence, heading_of, lead_of, leading, sentence_of, title_of
from assistant.session import Session, Step, Turn
from tools.core import DataTable, Fact, ResultTable, Segment, Segmentation, ToolResult, Workspace
from tools.understanding.telling import LEADS
from tools.wording import count, day, listing, share

MOST_NAMED = 8  # features named in a sentence on the method; the rest is counted
MOST_POINTS = 7  # of a summary that nobody wrote; the other findings are counted
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
LAST_TABLE = "The last table"  # of an answer, where a report has none
GAPS = ("no_category", "no_customer")  # what a file does not hold, though nothing is wrong with it


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
        turns: The turns that go in; by default all that were answered and say more than that a
            name or a version was changed.
        summary: The person's own sentences; computed from the findings otherwise.
        notes: The person's own words, Markdown.
    """
    chosen = list(turns) if turns is not None else [turn for turn in session.turns if is_news(turn)]
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
        evidence_tables=tuple(table for step in profile if step.result for table in step.result.tables),
        segment_figures=tuple(figure for step in profile if step.result for figure in step.result.figures),
        limits=_limits(workspace, greeting, profile, labels),
        method=_method(workspace, everything, labels),
        data=_data(workspace, greeting, labels),
        data_tables=tuple(greeting.tables),
        recipe=recipe,
        sent=_sent(chosen),
    )
    return arranged(report)


def _sent(turns: Sequence[Turn]) -> ResultTable | None:
    """Return every message that went to a model server, as a table; None where nothing went."""
    rows = tuple((turn.question, sent.kind, sent.text) for turn in turns for sent in turn.sent)
    if not rows:
        return None
    return ResultTable("What was sent to the model", ("For the question", "What", "Word for word"), rows)


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
    """Say in one sentence each what the report stands on, what was found, and which segment leads.

    Answers about the data and the method are no findings; more findings than a manager reads are counted.
    """
    told: dict[str, tuple[Sequence[Step], str]] = {}
    if greeting.results:
        told[f"This report stands on {greeting.results[0].headline}"] = greeting.steps, ""
    first = leading(workspace.segmentation) if workspace.segmentation else ""
    for turn in turns:
        if part_of(turn) not in ("finding", "making", "segments") or not is_news(turn):
            continue
        told.setdefault(sentence_of(turn), (turn.steps, lead_of(turn)))
        if turn.segmentation is not None:
            told.setdefault(first, (profile, ""))
    told.setdefault(first, (profile, ""))
    points = [
        led_by(lead, passage(text, steps, labels)) if lead else passage(text, steps, labels)
        for text, (steps, lead) in told.items()
        if text
    ]
    more = len(points) - MOST_POINTS
    if more > 1:
        rest = Turn("", answer=f"{count(more, 'further finding')} below.")
        return (*points[:MOST_POINTS], rest)
    return tuple(points)


def _findings(turns: Sequence[Turn]) -> tuple[Finding, ...]:
    headings = [heading_of(turn) for turn in turns]
    asked = [" ".join(turn.question.split()) for turn in turns]
    return tuple(
        Finding(
            f"{heading}: {asked[i]}" if headings.count(heading) > 1 and heading != asked[i] else heading,
            turn,
            part_of(turn),
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
    return alone and _same_segments(told, workspace.segmentation) and turn.status == "answered"


def _same_segments(one: Segmentation | None, other: Segmentation | None) -> bool:
    """Tell whether two segmentations hold the same customers in the same segments, by whatever names."""
    if one is None or other is None:
        return one is other
    sizes = [[(each.key, each.leaves, each.size) for each in made.segments] for made in (one, other)]
    return one.model == other.model and sizes[0] == sizes[1]


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
        told += [
            finding
            for finding in result.findings
            if not finding.startswith(named) and LAST_TABLE not in finding  # "what to do next" says it
        ]
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
            passage(_beyond_the_figures(one.who, by_name[one.segment]), profile, labels),
            passage(one.next_step, profile, labels),
            _value_label(profile),
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


def _beyond_the_figures(who: str, segment: Segment) -> str:
    """Leave out a first sentence that says no more than the figures printed large above it."""
    first = first_sentence(who)
    shares = [share(one) for one in (segment.share, segment.value_share) if one is not None]
    rest = who.removeprefix(first).strip()
    return rest if rest and set(_NUMBER.findall(first)) <= {f"{segment.size:,}", *shares} else who


def _value_label(profile: tuple[Step, ...]) -> str:
    """Return what the value of a segment is a share of, as the profile calls it."""
    tables = profile[0].result.tables if profile and profile[0].result else ()
    named = [str(name) for table in tables[:1] for name in table.columns if str(name).startswith("Share of ")]
    return next((name for name in named if name != "Share of customers"), "Share of value")


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
