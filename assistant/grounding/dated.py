"""Traces or marks the dates of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.grounding.facts import Marked, NumberTrace, SourcedFact
from assistant.grounding.written_dates import agrees, dates_in, written_dates


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer whose dates are checked and blank, letter for letter."""

    visible: str
    traces: Sequence[NumberTrace]
    unsupported: Sequence[Marked]


class Dates:
    """The dates that an answer may name.

    Args:
        facts: All facts that may be quoted.
        question: The person's words, which may name dates too.
    """

    def __init__(self, facts: Sequence[SourcedFact], question: str) -> None:
        self._known = [
            (day, sourced)
            for sourced in facts
            for source in (str(sourced.fact.value), sourced.fact.scope)
            for day in dates_in(source)
        ]
        self._asked = dates_in(question)

    def checked(self, visible: str) -> Checked:
        """Trace or mark the dates of an answer, and blank them."""
        traces, unsupported = [], []
        for parts, text, start, end in written_dates(visible):
            source = next((sourced for day, sourced in self._known if agrees(parts, day)), None)
            if source is not None:
                traces.append(NumberTrace(text, start, end, source.step, source.source))
            elif any(agrees(parts, day) for day in self._asked):
                traces.append(NumberTrace(text, start, end, -1, "the question"))
            else:
                unsupported.append((text, start, end))
            visible = visible[:start] + " " * (end - start) + visible[end:]
        return Checked(visible, traces, unsupported)
