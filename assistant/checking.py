"""Knows what an answer of a session may quote: facts, words of the person and names of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant import grounding
from assistant.session import Session, Step
from tools.core import ToolResult

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*“])|\n")


def check_answer(
    answer: str,
    question: str,
    session: Session,
    steps: Sequence[Step],
    choices: Sequence[str] = (),
    own_words: Sequence[str] = (),
) -> grounding.Grounding:
    """Trace the numbers of an answer to the facts of its own steps, then of earlier turns.

    Args:
        answer: Markdown.
        question: What was asked.
        session: The chat, with its earlier turns and its data.
        steps: The steps of this turn.
        choices: Questions that the answer offers; they are no claims.
        own_words: How the built-in analyst says that it read the question; no model wrote them.
    """
    own = [
        grounding.SourcedFact(index, fact)
        for index, step in enumerate(steps)
        if step.result
        for fact in step.result.facts
    ]
    earlier = [grounding.SourcedFact(-1, fact) for turn in reversed(session.turns) for fact in turn.facts]
    return grounding.check(
        answer,
        own + earlier,
        "\n".join([question, *(turn.question for turn in session.turns)]),
        [*grounding.labels_of(session.workspace), *choices],
        (text for result in _results(session, steps) for text in _sentences(result)),
        [*_passages(steps), *(grounding.Said(-1, text, "how the question was read") for text in own_words)],
    )


def _passages(steps: Sequence[Step]) -> Iterator[grounding.Said]:
    """Yield what the tools of a turn said, sentence by sentence as they wrote it."""
    for index, step in enumerate(steps):
        if step.result:
            for text in _sentences(step.result):
                yield grounding.Said(index, text, f"a sentence of {step.tool}")


def check_names(
    answer: str, question: str, session: Session, steps: Sequence[Step]
) -> list[grounding.Marked]:
    """Return names of segments, categories and columns in an answer that nothing told its writer."""
    held = [question, *(turn.question for turn in session.turns), *grounding.labels_of(session.workspace)]
    for result in _results(session, steps):
        held += _sentences(result)
        held += (f"{fact.scope} {fact.value}" for fact in result.facts)
        for table in result.tables:
            held += (table.title, *table.columns)
            held += (str(cell) for row in table.rows for cell in row if isinstance(cell, str))
    return grounding.unknown_names(answer, " \n".join(held))


def tells_result(text: str, found: grounding.Grounding, own: str, own_found: grounding.Grounding) -> bool:
    """Return whether the first sentence of a model holds a number of the first sentence of our own words.

    Args:
        text: What the model made of the results.
        found: The check of it.
        own: Our own words for the same results; where their first sentence has no number, anything will do.
        own_found: The check of them.
    """
    wanted = [trace for trace in own_found.traces if trace.start < len(_first_sentence(own))]
    told = [trace for trace in found.traces if trace.start < len(_first_sentence(text))]
    return not wanted or any(
        (one.step, one.fact) == (other.step, other.fact) or one.text == other.text
        for one in wanted
        for other in told
    )


def _first_sentence(text: str) -> str:
    start = len(text) - len(text.lstrip())
    return text[:start] + _SENTENCE_END.split(text[start:], maxsplit=1)[0]


def _results(session: Session, steps: Sequence[Step]) -> Iterator[ToolResult]:
    for step in (*steps, *(step for turn in session.turns for step in turn.steps)):
        if step.result:
            yield step.result


def _sentences(result: ToolResult) -> tuple[str, ...]:
    return (result.headline, *result.findings, *result.caveats)
