"""Knows which segments a request will make, so that the rest of the same message can speak of them."""

from __future__ import annotations

import re

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import FindSegments, SegmentByRules, SegmentByValue

# The sizes of segments are known only once they are made.
_SIZED = re.compile(r"\b(?:biggest|largest|smallest|tiniest|bigger|smaller|larger)\b", re.IGNORECASE)


def with_promised(outcome: Outcome, text: str, catalog: Catalog) -> Catalog:
    """Return the catalog with the segments that a reading makes, for the rest of the message.

    Segments that have no name yet are called by their numbers, as tools take them.

    Args:
        outcome: The request read so far.
        text: The rest of the message, or all of it.
        catalog: The data as they are.
    """
    names: tuple[str, ...] = ()
    for request in outcome.requests if isinstance(outcome, Reading) else ():
        names = _made(request) or names
    if not names or _SIZED.search(text):
        return catalog
    return catalog.with_segments(names, (0,) * len(names), catalog.segmentation, catalog.segmentations)


def _made(request: Request) -> tuple[str, ...]:
    if isinstance(request, SegmentByRules):
        rest = (request.otherwise,) if request.otherwise and request.otherwise != "(missing)" else ()
        return (*(segment.name for segment in request.segments), *rest)
    if isinstance(request, FindSegments) and request.n_segments:
        return _numbered(request.n_segments)
    if isinstance(request, SegmentByValue):
        cuts = request.top_shares or request.thresholds or request.value_shares
        n = request.quantiles or (len(cuts) + 1 if cuts else 0)
        return tuple(request.names) if len(request.names) == n else _numbered(n)
    return ()


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(str(place) for place in range(1, n + 1))
