"""Checks that what a sentence asks of the rows is done: computed, counted, ranked, split, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.builtin.backward.claims import DENYING, Claims
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.calendar_years import year_column
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.sentence import Item
from tools.selecting import GroupBy

# Answers of these tools hold the usual statistics, or the highest and lowest, without being asked.
_TELLS_STATISTICS = frozenset(
    {
        "measure_concentration",
        "show_distribution",
        "correlate",
        "find_drivers",
        "compare_groups",
        "find_outliers",
        "cross_table",
        "count_missing",
    }
)
_TELLS_EXTREMES = frozenset(
    {
        "measure_concentration",
        "show_trend",
        "correlate",
        "find_drivers",
        "show_distribution",
        "find_outliers",
        "compare_groups",
    }
)
_UP, _DOWN = frozenset({"above", "at_least"}), frozenset({"below", "at_most"})
_EXTREMES = frozenset({"max", "min", "mode", "quantile"})
_RANKED = frozenset({"top_share", "bottom_share", "top_n", "bottom_n"})
_THAN = re.compile(
    r"(?<!other )(?<!rather )\bthan\b|\bversus\b|\bvs\b|\bcompare\b|\bcompared (?:to|with)\b|"
    r"\bcompares? with\b",
    re.IGNORECASE,
)


# "The quarter before", behind a question about another one.
_BESIDE = re.compile(r"\b(?:day|month|quarter|year) (?:before|after|earlier|later)\b", re.IGNORECASE)
_TIMES = re.compile(r"\bhow many times\b", re.IGNORECASE)
_DIVIDES = re.compile(r"\bdivided?\b", re.IGNORECASE)


def unmet_demands(evidence: Evidence) -> Iterator[Disagreement]:
    """Find words that ask for something that no part of the request does."""
    claims = evidence.claims
    if claims.about_rows:
        for check in (
            _statistics,
            _counts,
            _extremes,
            _each,
            _averaged_people,
            _shares,
            _which,
            _sequence,
            _growth,
            _sides,
            _noun,
        ):
            yield from check(evidence)


def _statistics(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    if claims.tools & _TELLS_STATISTICS:
        return
    said = [item for item in evidence.items() if item.has("statistic")]
    vague = [item for item in said if item.text.lower() in cue("typical_word")]
    for item in said:
        if item in vague and len(said) > len(vague):
            continue  # "the typical gap (mean)"
        if not evidence.stands(item) and not _computed(item.senses["statistic"], claims):
            yield Disagreement("said", "statistic", item.text)


def _computed(wanted: str, claims: Claims) -> bool:
    held = set(claims.statistics)
    ordered = any(request.order != "auto" or request.limit for request in claims.aggregates)
    divided = any(measure.per for measure in claims.measures)
    compared = {condition.statistic for condition in claims.conditions}
    features = {column.partition("_")[0] for column in claims.columns}
    running = {getattr(request, "running", "none") for request in claims.requests}
    return {
        "mean": bool(held & {"mean"}) or divided or "mean" in compared | features or "average" in running,
        "sum": bool(held & {"sum", "count", "count_distinct"}) or divided or "total" in features | running,
        "median": bool(held & {"median", "quantile"}) or "median" in compared | features,
        "max": bool(held & _EXTREMES) or ordered or bool(claims.conditions),
        "min": bool(held & _EXTREMES) or ordered or bool(claims.conditions),
        "range": "max" in held, "quartiles": "quantile" in held, "iqr": "quantile" in held,
        "mode": "mode" in held or ordered, "variance": bool(held & {"variance", "std"}),
    }.get(wanted, wanted in held)  # fmt: skip


def _counts(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    counted = [measure for measure in claims.measures if measure.statistic.startswith("count") or measure.per]
    asked = [item for item in evidence.items() if item.has("count", "how_many")]
    nouns = {
        near.senses["entity"] for item in asked for near in evidence.near(item, 0, 1) if near.has("entity")
    }
    if len(nouns) > 1 and len(counted) == 1 and not counted[0].per and claims.tools == {"aggregate"}:
        yield Disagreement("said", "count", asked[-1].text)
    divided = "mean" in claims.statistics and _DIVIDES.search(evidence.sentence.text)
    if counted or divided or claims.tools & _TELLS_STATISTICS or "quantile" in claims.statistics:
        return
    pieces = {c.name for c in claims.catalog.table.by_role("quantity")}
    for item in evidence.items():
        if not item.has("count", "how_many") or (claims.groups and _TIMES.search(evidence.sentence.text)):
            continue
        what = evidence.near(item, 0, 2)
        if any(link.column in pieces & claims.columns for near in what for link in near.links):
            continue  # "how many CDs are sold per order": their average number
        summed = "sum" in claims.statistics or evidence.sentence.has("statistic")
        column = summed and any(evidence.stands(near) and not near.has("entity") for near in what)
        column |= any(
            n.has("entity") and n.column in claims.columns for n in what
        )  # "claims" of claims_count
        if not column and not any(near.has("grain") or near.has("feature") for near in what):
            yield Disagreement("said", "count", item.text)


def _extremes(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    ordered = any(r.order in ("ascending", "descending") or r.limit or r.place for r in claims.aggregates)
    ranked = any(condition.is_ in _RANKED for condition in claims.conditions)
    pointed = {
        group.column
        for request in evidence.earlier
        for group in getattr(request, "by", None) or ()
        if isinstance(group, GroupBy)
    }  # "leave out the largest" names a group that was shown
    if any(condition.column in pointed for condition in claims.conditions):
        return
    strength = claims.tools == {"correlate"} and any(
        item.has("superlative") and item.text.lower() not in phrases("strength_word")
        for item in evidence.items()
    )
    if (
        (claims.tools & _TELLS_EXTREMES and not strength)
        or ordered
        or ranked
        or set(claims.statistics) & _EXTREMES
    ):
        return
    for item in evidence.items():
        kinds = ("superlative", "superlative_age", "superlative_spend")
        other = item.has("comparator") or item.has("comparator_after") or evidence.stands(item)
        if any(item.has(kind) for kind in kinds) and not other:
            yield Disagreement("said", "extreme", item.text)


def _each(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    grouped = bool(claims.groups) or any(measure.per for measure in claims.measures)
    grouped |= any(one.is_ in ("has_rows", "has_no_rows") for one in claims.conditions)  # "every order"
    if grouped or claims.tools - {"aggregate"} or "customers" in claims.asked_tables:
        return
    for item in evidence.items():
        what = next(iter(evidence.near(item, 0, 1)), None)
        last = item.text.lower().split()[-1]
        if not item.has("by") or not (last in ("per", "each", "every") or _is_group_noun(evidence, what)):
            continue
        row = what is not None and what.has("entity", "row", "transaction", "column")
        grain = claims.catalog.table.grain
        each_row = row and grain == "transactions" and "mean" in claims.statistics
        each_row |= what is not None and what.has("entity", "customer") and grain == "customers"
        times = what is not None and what.has("times")  # "every time"
        if not each_row and not times and not evidence.stands(item):
            yield Disagreement("said", "each", f"{item.text} {what.text if what else ''}".strip())


def _is_group_noun(evidence: Evidence, item: Item | None) -> bool:
    """Tell whether a noun ends a question behind "by", so that it names groups: "average bill by home"."""
    tokens = evidence.sentence.tokens
    if item is None or not item.has("entity") or item.links:
        return False
    ends = all(token.kind == "symbol" for token in tokens[item.end :])
    return ends and tokens[item.end - 1].norm == tokens[item.end - 1].lemma


def _averaged_people(evidence: Evidence) -> Iterator[Disagreement]:
    """Find an average of people where something else was averaged: "average guests by waiter"."""
    claims = evidence.claims
    held = [
        measure for measure in claims.measures if measure.column and measure.statistic != "count_distinct"
    ]
    if claims.tools != {"aggregate"} or not held or any(measure.per for measure in claims.measures):
        return
    for item in evidence.items():
        what = next(iter(evidence.near(item, 0, 1)), None)
        if not item.has("statistic", "mean", "median") or what is None or what.start != item.end:
            continue
        named = {link.column for link in what.links} - {claims.catalog.table.customer}
        people = what.has("entity", "customer") and not named and not evidence.stands(what)
        plural = evidence.sentence.tokens[what.end - 1].norm != evidence.sentence.tokens[what.end - 1].lemma
        after = next(iter(evidence.near(what, 0, 1)), None)
        if people and plural and (after is None or after.has("by")):
            yield Disagreement("said", "statistic", f"{item.text} {what.text}")


def _shares(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    shared = any(request.share_of_total for request in claims.aggregates)
    divided = any(
        measure.per or measure.statistic in ("share_missing", "quantile") for measure in claims.measures
    )
    ranked = any(condition.is_ in _RANKED for condition in claims.conditions)
    if shared or divided or ranked or claims.tools - {"aggregate"}:
        return
    for item in evidence.items():
        if item.has("share", "share") and not evidence.stands(item):
            yield Disagreement("said", "share", item.text)


def _which(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "which ..." where no group could be the answer, and "what ... most" where nothing is ranked."""
    claims, sentence = evidence.claims, evidence.sentence
    if claims.tools != {"aggregate"} or claims.groups:
        return
    first = sentence.tokens[0].norm
    dated = any(name in claims.columns for name in claims.times)
    people = any(item.has("entity", "customer") for item in sentence.items) and bool(claims.conditions)
    asks = first == "which" and not dated and not people  # single customers are counted, not listed
    ranks = first in ("what", "who", "where") and sentence.has("superlative")
    if ranks and (set(claims.statistics) & _EXTREMES - {"max", "min"} or any(m.per for m in claims.measures)):
        return
    of_a_column = ranks and _right_behind(evidence)
    if asks or (ranks and not of_a_column):
        yield Disagreement("said", "which", first)


def _right_behind(evidence: Evidence) -> bool:
    """Tell whether a superlative stands before what it is taken of: "what is the highest balance"."""
    found = [item for item in evidence.items() if item.has("superlative")]
    near = [other for item in found for other in evidence.near(item, 0, 2)]
    return any(evidence.stands(item) or item.has("entity") for item in near)


def _sequence(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "before", "since", "later than" without any comparison in the request."""
    claims = evidence.claims
    compared = {condition.is_ for condition in claims.conditions} & (
        _UP | _DOWN | DENYING | {"between", "has_rows"}
    )
    gaps = any(" - " in (measure.column or "") for measure in claims.measures)  # "days until cancelling"
    if (
        compared
        or gaps
        or claims.in_sequence
        or (evidence.earlier and _BESIDE.search(evidence.sentence.text))
        or any(getattr(request, "compare_periods", ()) for request in claims.requests)
    ):
        return
    for item in evidence.items():
        loose = item.text.lower() in ("during", "throughout", "following")
        if item.has("time_preposition") and not loose:
            yield Disagreement("said", "sequence", item.text)


def _growth(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    timed = any(group.grain or group.column in claims.times for group in claims.groups)
    if timed or claims.tools & {"show_trend", "compare_groups", "correlate"}:
        return
    by_year = any(group.column == year_column(claims.catalog) for group in claims.groups)
    for item in evidence.items():
        over = by_year and (item.has("over_time", "over_time") or bool(evidence.earlier))
        if item.has("over_time") and item.start and not evidence.stands(item) and not over:
            yield Disagreement("said", "growth", item.text)


def _sides(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "than" and "compared with" where the request has one side only."""
    claims = evidence.claims
    sides = claims.groups or len(claims.measures) > 1 or claims.tools - {"aggregate"}
    compared = any(
        one.than or one.statistic or one.is_ in _UP | _DOWN | _RANKED | {"between"}
        for one in claims.conditions
    )
    found = _THAN.search(evidence.sentence.text)
    if found and not sides and not compared:
        yield Disagreement("said", "sides", found[0])


def _noun(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a question about columns or segments that is answered with rows."""
    claims = evidence.claims
    for item in evidence.items():
        if item.has("chart_kind") or evidence.stands(item) or item.links:
            continue
        named = item.text.lower().startswith(("segment", "cluster"))
        segments = item.has("entity", "segment") and "segment" not in claims.text
        segments = segments and (bool(claims.catalog.segments) or named)
        columns = item.has("entity", "column") and claims.tools == {"aggregate"}
        if segments or (columns and not evidence.earlier):
            yield Disagreement("said", "noun", item.text)
