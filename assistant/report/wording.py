"""Knows how a report is worded: its title, its headings and its summary, all from what was computed."""

from __future__ import annotations

import re

from assistant.session import Turn
from tools.core import Segmentation, Workspace
from tools.wording import count, share

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*`\"'(])")
ASKING = re.compile(
    r"(who|what|when|where|why|how|which|whose|is|are|was|were|does|did|should|will|has|have)\b",
    re.IGNORECASE,
)
VERDICT = re.compile(r"\**(yes|no|partly|hardly|not really)\**[:,.;]", re.IGNORECASE)
HEADINGS = {
    "find_segments": "How the segments were found",
    "segment_by_rules": "Segments by rules",
    "segment_by_value": "Segments by value",
    "segment_by_rfm": "Segments by recency, frequency and money",
    "segment_by_lifecycle": "Segments by stage of the customer's life",
    "describe_segments": "The segments in detail",
    "explain_segments": "Why this number of segments",
    "describe_data": "What is in the data",
    "check_quality": "How good the data are",
    "show_movement": "Movement between segments",
    "rename_segment": "A new name for a segment",
    "merge_segments": "Segments merged",
    "split_segment": "A segment split",
    "move_boundary": "A border moved",
    "write_rule": "The segments as rules",
}


def title_of(workspace: Workspace) -> str:
    """Return a title made from the name of the data and what was done with them."""
    what = workspace.table.source.rsplit(".", 1)[0].replace("_", " ")
    return f"Customer segments in {what}" if workspace.segmentation else f"What {what} shows"


def heading_of(turn: Turn) -> str:
    """Return a heading for an answer: a question stays one, an order becomes what it led to."""
    text = " ".join(turn.question.split())
    words = text[:1].upper() + text[1:]
    if text.endswith("?"):
        return words
    if ASKING.match(text):
        return f"{words.rstrip('.!')}?"
    last = next((step for step in reversed(turn.steps) if step.result is not None), None)
    if last is None or last.result is None:
        return words
    told = HEADINGS.get(last.tool, "")
    titles = [table.title for table in last.result.tables]
    return told or (titles[0] if titles else words)


def sentence_of(turn: Turn) -> str:
    """Return the sentence of an answer for the summary.

    It is the first one if all of its numbers are computed, and what the tool itself said otherwise.
    """
    sentence = first_sentence(turn.answer)
    unsupported = any(text in sentence for text in turn.unsupported_numbers)
    if not unsupported:
        return sentence
    return turn.results[-1].headline if turn.results else ""


def lead_of(turn: Turn) -> str:
    """Return the question that the summary needs before an answer that is a bare verdict ("Yes: ...")."""
    asked = " ".join(turn.question.split())
    return f"{asked[:1].upper()}{asked[1:]}" if VERDICT.match(sentence_of(turn)) else ""


def first_sentence(markdown: str) -> str:
    """Return the first sentence of an answer, as Markdown."""
    paragraph = next((block for block in markdown.split("\n\n") if block.strip()), "")
    return SENTENCE_END.split(" ".join(paragraph.split()), maxsplit=1)[0]


def leading(segmentation: Segmentation) -> str:
    """Say which segment holds the most value, or the most customers, in one sentence."""
    valued = [one for one in segmentation.segments if one.value_share is not None]
    if not segmentation.segments:
        return ""
    if valued:
        top = max(valued, key=lambda one: (one.value_share or 0.0, -one.key))
        return (
            f"The segment that holds the most value is **{top.name}**: {count(top.size, 'customer')} "
            f"({share(top.share)} of all) with {share(top.value_share or 0.0)} of it."
        )
    top = max(segmentation.segments, key=lambda one: (one.size, -one.key))
    return (
        f"The largest segment is **{top.name}**: {count(top.size, 'customer')} ({share(top.share)} of all)."
    )
