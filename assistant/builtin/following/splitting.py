"""Reads a segment split by the values of a column; the others stay: "split the car ones by branch"."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation
from assistant.builtin.following.limits import as_named_now
from assistant.builtin.following.segmentations import newest_scheme
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.segment_categories import one_for_each
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import RuleSegment, SegmentByRules

_SPLIT = re.compile(
    r"^(?:please |pls |now |and |then |ok |so |can you |could you |let us |let's )*"
    r"(?:split|divide|break|cut|subdivide|separate)(?: up| down)? (?:only |just )?(?:the )?(?P<segment>§\d+)"
    r"(?: (?:ones?|segment|group|customers|people|members|part))?(?: up| down| further| again)?"
    r" (?:by|on|per|along|according to) (?:the |their )?(?P<what>[\w ]{2,40})$",
    re.IGNORECASE,
)


def split_by_values(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Return the segments with one of them in a part for each value of a column; None for anything else."""
    scheme = newest_scheme(conversation, catalog) if catalog.segments else None
    if not isinstance(scheme, SegmentByRules):
        return None
    shown = masked(text.strip().rstrip("?!. "), catalog, bare=True)
    found = _SPLIT.match(shown.text)
    named = shown.named(found["segment"]) if found else []
    link = _column(found["what"], catalog) if found else None
    if found is None or len(named) != 1 or link is None:
        return None
    known = as_named_now(scheme, conversation)
    if not isinstance(known, SegmentByRules):
        return None
    name = catalog.segments[int(named[0]) - 1] if named[0].isdigit() else named[0]
    own = next((s for s in known.segments if s.name.lower() == name.lower()), None)
    parts = one_for_each([link], catalog)
    if own is None or not isinstance(parts, Reading) or not isinstance(parts.requests[0], SegmentByRules):
        return parts if own is not None else None
    made = [
        RuleSegment(name=f"{own.name}, {part.name}", where=[*own.where, *part.where])
        for part in parts.requests[0].segments
    ]
    at = known.segments.index(own)
    segments = [*known.segments[:at], *made, *known.segments[at + 1 :]]
    note = (
        f"“{own.name}” is split into one segment for each value of **{link}**; the others stay as they were."
    )
    return Reading((known.model_copy(update={"segments": segments}),), (note,))


def _column(text: str, catalog: Catalog) -> str | None:
    """Return the one column of text that words name."""
    named = [item for item in annotate(text, catalog, customer_level=True).items if item.links]
    column = catalog.columns[named[0].links[0].column] if len(named) == 1 else None
    return column.name if column is not None and column.kind == "text" else None
