"""Knows when a reading explains too little of its sentence to be given, and what it takes for granted."""

from __future__ import annotations

from dataclasses import replace

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.absence import (
    impossible_day,
    outside_the_span,
    swallowed,
    unconverted,
)
from assistant.builtin.parsing.asking_back import (
    VAGUE,
    absent,
    by_what,
    lost,
    names_a_month,
    no_such_segment,
    stray_words,
    which_column,
)
from assistant.builtin.parsing.birth_dates import ages_told
from assistant.builtin.parsing.coverage import matters
from assistant.builtin.parsing.implied import unmeasured
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.quality import covered_days
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Read, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Trend
from assistant.builtin.request.segments import FindSegments, SegmentByRules, SegmentByValue
from assistant.builtin.sentence import Item, Sentence
from tools.wording import listing


def explained(outcome: Outcome, sentence: Sentence, catalog: Catalog, read: Read) -> Outcome:
    """Refuse to make segments by something that is not in the data."""
    if not isinstance(outcome, Reading) or not isinstance(
        outcome.requests[0], FindSegments | SegmentByRules | SegmentByValue
    ):
        return outcome
    unknown = [
        item
        for item in sentence.items
        if not item.senses
        and not item.used
        and len(item.text) > 2
        and item.text.lower() not in phrases("segment_filler")
        and not _is_name(item, outcome.requests[0])
    ]
    unknown += [
        item
        for item in sentence.items
        if not item.used and (item.has("value_word") or (item.has("role") and not item.links))
    ]
    if unknown:
        return absent(Parts(sentence, catalog), unknown, read)
    return _unread(outcome, sentence, catalog, read) if outcome.unread else outcome


def _unread(outcome: Reading, sentence: Sentence, catalog: Catalog, read: Read) -> Outcome:
    """Ask about the words of a search that it would pass over; those of no column are not in the data."""
    left = [item for item in sentence.items if item.text in outcome.unread]
    mended = [item for item in left if item.text in sentence.mended and item.has("entity", "row")]
    parts = Parts(sentence, catalog)
    return absent(parts, mended, read) if mended else stray_words(parts, left, read) if left else outcome


def _is_name(item: Item, request: Request) -> bool:
    names: list[str] = []
    if isinstance(request, SegmentByRules):
        names = [*(segment.name for segment in request.segments), request.otherwise]
    elif isinstance(request, SegmentByValue):
        names = request.names
    return any(item.text.lower() in name.lower() for name in names)


def checked(reading: Reading, parts: Parts, read: Read) -> Outcome:
    """Give a reading only if it explains the question: nothing important left over, nothing ambiguous.

    Args:
        reading: The request that was made of the sentence.
        parts: The sentence, its explained words marked.
        read: Reads another wording of the question, to be offered only if it can be read.
    """
    request = reading.requests[0]
    left = [item for item in parts.sentence.unexplained() if matters(item, parts, request)]
    left += swallowed(parts.sentence)
    untimely = _untimely(left, parts)
    if untimely is not None:
        return untimely
    unknown = [item for item in left if not item.senses or item.has("value_word") or item.has("role")]
    if unknown:
        return absent(parts, unknown, read)
    stray = [item for item in left if item not in unknown and not _means_everything(item, parts)]
    numbers_only = all(item.number or item.has("comparator") for item in stray)
    claims: tuple[float, ...] = ()
    # One figure can be held against what is shown; a share only against a share.
    shares = any(item.number and item.number.unit == "%" for item in stray)
    told = len([item for item in stray if item.number]) == 1 and (not shares or parts.share or parts.rate)
    if stray and numbers_only and told and _takes_for_granted(parts.sentence):
        claims = tuple(item.number.value for item in stray if item.number)
        stray = []
    if stray:
        return stray_words(parts, stray, read)
    unclear = no_such_segment(parts) or _unsaid_measure(request, parts)
    if unclear is not None:
        return unclear
    if parts.ambiguities:
        return which_column(parts, parts.ambiguities[0])
    named = parts.counts or parts.mentions_customers or parts.entity
    if _is_empty(request) and (parts.superlative or not named):
        return lost(parts.sentence, parts.catalog, read)
    return _with_assumptions(reading, parts, claims)


def _untimely(left: list[Item], parts: Parts) -> Reply | None:
    """Refuse a day that no calendar has, and a question about time where the data have none."""
    day = impossible_day(parts.sentence.text)
    if day is not None:
        return Reply("refused", "no_such_day", {"day": day}, starters(parts.catalog)[:3])
    if parts.time is not None or parts.year_column is not None:
        return None
    over_time = (
        parts.sentence.has("over_time", "over_time")
        or parts.sentence.says("over the years", "over the months")
        or (parts.growth and parts.sentence.says("over", "since", "last"))
    )
    timed = any(item.has("over_time") or item.has("grain") or item.has("period") for item in left)
    if over_time or timed or any(_is_year(item, parts) or names_a_month(item) for item in left):
        return Reply("refused", "no_time", {"table": parts.catalog.table}, starters(parts.catalog)[:3])
    return None


def _unsaid_measure(request: Request, parts: Parts) -> Reply | None:
    """Ask by what "a lot", "the worst" or "the best customers" is measured, where nothing says it."""
    lots = parts.sentence.says("a lot", "lots", "a great deal", "very much")
    lots = lots and not parts.sentence.says("thanks a lot", "thank you very much")
    lots = lots and not any(item.number for item in parts.sentence.items)
    best = parts.best_of_customers and _counts_each_once(request, parts)
    if _counts_what_is_measured(request, parts):
        return by_what(parts.sentence, parts.catalog, unmeasured(parts))
    if _ties_all(request, parts):
        said = next((i.text.lower() for i in parts.sentence.items if i.has("superlative")), None)
        return by_what(parts.sentence, parts.catalog, said)
    unsaid = lots or best or _ranks_by_nothing(request, parts)
    return by_what(parts.sentence, parts.catalog) if unsaid else None


def _with_assumptions(reading: Reading, parts: Parts, claims: tuple[float, ...]) -> Reading:
    """Add what was assumed on the way: mended spelling, units, days outside the data, protected columns."""
    request = reading.requests[0]
    notes = list(reading.notes)
    for written, meant in parts.sentence.mended.items():
        notes.append(f'I read "{written}" as "{meant}".')
    notes += unconverted(request, parts)
    notes += [*_which_date(request, parts), *ages_told(parts, request)]
    requests = reading.requests
    if outside_the_span(request, parts):
        requests += (covered_days(parts.catalog),)
    protected = [
        c.column
        for c in parts.where
        if c.column in parts.catalog.columns and parts.column(c.column).protected
    ]
    after = "protected" if parts.purpose and protected else reading.after
    return replace(reading, requests=requests, notes=tuple(notes), after=after, claims=claims)


def _which_date(request: Request, parts: Parts) -> list[str]:
    """Say which date was gone by where the rows have several and nobody named one."""
    time = parts.catalog.table.time
    dates = [
        column.name
        for column in parts.catalog.table.columns
        if column.kind in ("date", "datetime") and column.role != "birth_date"
    ]
    named = any(link.column in dates and link.how != "role" for i in parts.sentence.items for link in i.links)
    used = isinstance(request, Trend) and request.time is None
    if isinstance(request, Aggregate):
        asked = [*request.where, *(one for measure in request.measures for one in measure.where)]
        used = time in [*(one.column for one in asked), *(group.column for group in request.by)]
    if not used or named or time not in dates or len(dates) < 2 or parts.event:
        return []
    others = listing([f"**{name}**" for name in dates if name != time])
    return [f"I went by **{time}**; these rows also have {others}."]


def _is_year(item: Item, parts: Parts) -> bool:
    """Tell whether a number that nothing explains is a year: "churn rate in 2020"."""
    before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
    times = ("in", "since", "during", "before", "after", "until", "for", "of", "year")
    number = item.number
    return number is not None and number.unit is None and before in times and 1900 <= number.value <= 2100


def _ranks_by_nothing(request: Request, parts: Parts) -> bool:
    """Tell whether groups are to be ranked without saying by what: "worst branch?", "which city is best"."""
    if not isinstance(request, Aggregate) or len(request.by) != 1 or parts.counts or request.by[0].grain:
        return False
    vague = parts.sentence.words() & VAGUE & {"best", "worst", "important", "matter", "matters"}
    said = any(item.links and item.column != request.by[0].column for item in parts.sentence.items)
    named = any(i.has("entity", "transaction", "row") or i.has("statistic") for i in parts.sentence.items)
    plain = all(m.statistic.startswith("count") and not m.per and not m.where for m in request.measures)
    return bool(vague) and plain and not said and not named and request.by[0].column != parts.customer_key


def _ties_all(request: Request, parts: Parts) -> bool:
    """Tell whether "the largest country" is to be ranked by its rows, of which each has as many."""
    if not isinstance(request, Aggregate) or len(request.by) != 1 or parts.counts or not request.limit:
        return False
    column = parts.catalog.columns.get(request.by[0].column)
    counted = [n for _, n in column.values] if column is not None else []
    plain = all(m.statistic == "count" and not m.per and not m.where for m in request.measures)
    named = any(i.has("entity", "transaction", "row") for i in parts.sentence.items)
    sized = any(i.has("superlative") and i.text.lower() in cue("size_word") for i in parts.sentence.items)
    return plain and sized and not named and len(counted) > 2 and len(set(counted)) == 1


def _counts_what_is_measured(request: Request, parts: Parts) -> bool:
    """Tell whether rows are counted though "the longest" or "the poorest" measures something."""
    measures = request.measures if isinstance(request, Aggregate) else []
    plain = all(m.statistic.startswith("count") and not m.per and not m.where for m in measures)
    return bool(measures) and plain and unmeasured(parts) is not None


def _counts_each_once(request: Request, parts: Parts) -> bool:
    """Tell whether rows are counted for each customer in a table that holds each of them once."""
    return (
        isinstance(request, Aggregate)
        and parts.catalog.table.grain == "customers"
        and [group.column for group in request.by] == [parts.customer_key]
        and all(measure.statistic == "count" and not measure.where for measure in request.measures)
    )


def _means_everything(item: Item, parts: Parts) -> bool:
    """Tell whether a noun only says that all groups are meant: "of all countries"."""
    before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
    return bool(item.links) and "all" in before and parts.is_group(item.links[0].column)


def _takes_for_granted(sentence: Sentence) -> bool:
    words = [token.norm for token in sentence.tokens]
    return words[0] in phrases("claim_lead") or sentence.says("right", "correct", "true", "isn't it", "why")


def _is_empty(request: Request) -> bool:
    """Tell whether a request is only the count that stands for "nothing was named"."""
    return (
        isinstance(request, Aggregate)
        and not request.by
        and not request.where
        and all(m.statistic == "count" and not m.per for m in request.measures)
    )
