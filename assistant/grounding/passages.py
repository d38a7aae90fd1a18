"""Traces numbers to passages that were computed as they stand and that an answer repeats word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.grounding.facts import Grounding, NumberTrace, Said

SHORTEST_PASSAGE = 12  # letters; a shorter one ("5") would prove anything


def with_passages(found: Grounding, answer: str, said: Iterable[Said]) -> Grounding:
    """Return a check in which what no fact supports is traced to the passage that it stands in.

    Args:
        found: The check so far.
        answer: The answer.
        said: Passages that were computed as they stand.
    """
    if not found.unsupported:
        return found
    places = [
        (match.start(), match.end(), each)
        for each in said
        if len(each.text) >= SHORTEST_PASSAGE
        for match in re.finditer(re.escape(each.text), answer)
    ]
    traces, unsupported = list(found.traces), []
    for text, start, end in found.unsupported:
        held = next((each for first, last, each in places if first <= start and end <= last), None)
        if held is None:
            unsupported.append((text, start, end))
        else:
            traces.append(NumberTrace(text, start, end, held.step, held.source))
    return Grounding(tuple(sorted(traces, key=lambda trace: trace.start)), tuple(unsupported))
