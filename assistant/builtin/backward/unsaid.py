"""Finds parts of a request that no word asked for, no earlier request held, and no default explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.builtin.backward.claims import Claims
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.calendar_years import year_column
from assistant.builtin.lexicon import cue, deed_stems, phrases
from assistant.builtin.parsing.subjects import does
from assistant.builtin.request import Request
from assistant.builtin.request.rows import Trend
from assistant.builtin.request.segments import SegmentByValue
from assistant.builtin.tokens import key_of, root
from tools.selecting import Condition

_SUPERLATIVE = (
    "superlative",
    "superlative_age",
    "superlative_time",
    "superlative_spend",
    "ordinal",
    "rank_noun",
)
_AND_MORE = re.compile(r"\d[a-z]{0,2}\+(?=\s|$)", re.IGNORECASE)  # "10k+ points"
# "Tables of four or more": the number counts the people at one.
_OF_SOME = re.compile(
    r"\bof (?:at least |over |more than |up to |under )?(?:\d+|two|three|four|five|six|seven|eight)\b", re.I
)
_COUNTED = frozenset({"year", "tenure", "month", "day", "night"})
_STEM = 5  # letters that "African" shares with Africa
_WITHIN = re.compile(
    r"\bper\b|\beach\b|\bevery\b|\bwithin\b|\bby\b|\bin all\b|\bacross\b|wise\b", re.IGNORECASE
)


# Tiers that are spoken of are there already, as a column or as segments; none are to be made.
_SPOKEN_OF = re.compile(
    r"^(?!.*\b(?:make|create|split|segment|divide|group|build)\b).*\b(?:all|each|every|these|those) tiers?\b",
    re.IGNORECASE,
)


def unlicensed(evidence: Evidence) -> Iterator[Disagreement]:
    """Find what a request does that nothing asked for."""
    for check in (
        _limit,
        _direction,
        _ranks_within,
        _statistics,
        _groups,
        _conditions,
        _numbers_noun,
        _percent,
        _described,
        _size,
        _segments,
        _trend,
        _formula,
    ):
        yield from check(evidence)


def _kept(evidence: Evidence, name: str, value: object) -> bool:
    """Tell whether an earlier request held the same."""
    return any(getattr(request, name, None) == value for request in evidence.earlier)


def _limit(evidence: Evidence) -> Iterator[Disagreement]:
    for request in evidence.claims.aggregates:
        if not request.limit or evidence.earlier:
            continue
        items = evidence.sentence.items
        ranked = any(item.has(kind) for item in items for kind in _SUPERLATIVE)
        more = evidence.sentence.words() & (cue("claims_higher") | cue("claims_lower") | {"more", "less"})
        ranked |= bool(more) and "than" not in evidence.sentence.words()  # "which of the two has more"
        number = any(item.number and item.number.value == request.limit for item in items)
        if not ranked and not number:
            yield Disagreement("unsaid", "limit", str(request.limit))


def _direction(evidence: Evidence) -> Iterator[Disagreement]:
    """Find an order that runs against the only superlative of the sentence."""
    said = {item.senses["superlative"] for item in evidence.items() if item.has("superlative")}
    said |= {item.senses["superlative_age"] for item in evidence.items() if item.has("superlative_age")}
    for request in evidence.claims.aggregates:
        way = {"ascending": "asc", "descending": "desc"}.get(request.order)
        turned = evidence.sentence.has("logic", "not") or any(m.per for m in request.measures)
        turned |= bool(evidence.sentence.words() & {"worst", "best"})  # which end that is, is judged and said
        if way and len(said) == 1 and way not in said and not turned and not evidence.sentence.has("order"):
            yield Disagreement("unsaid", "direction", request.order)


def _ranks_within(evidence: Evidence) -> Iterator[Disagreement]:
    for request in evidence.claims.aggregates:
        kept = _kept(evidence, "rank_within", True)
        if request.rank_within and not kept and not _WITHIN.search(evidence.sentence.text):
            yield Disagreement("unsaid", "within", request.by[0].column)


def _statistics(evidence: Evidence) -> Iterator[Disagreement]:
    """Find the latest date, the highest value, a median or a spread that nobody asked for."""
    claims, items = evidence.claims, evidence.sentence.items
    held = {m.statistic for r in evidence.earlier for m in getattr(r, "measures", ())}
    extreme = any(item.has(kind) for item in items for kind in _SUPERLATIVE)
    first = Claims(
        claims.requests[:1], claims.catalog
    )  # what follows tells only of the days that the data cover
    for measure in first.measures:
        statistic = measure.statistic
        if statistic in held or any(item.has("statistic", statistic) for item in items):
            continue
        if statistic in ("max", "min") and measure.column in claims.times:
            timed = any(item.has("superlative_time") or item.has("statistic") for item in items)
            if not timed and not _asks_span(evidence):
                yield Disagreement("unsaid", "moment", str(measure.column))
        elif (
            statistic in ("max", "min")
            and not extreme
            and not any(i.has("statistic") or i.has("comparator") for i in items)
        ) or statistic in ("std", "variance", "skew"):
            yield Disagreement("unsaid", statistic, str(measure.column))


def _asks_span(evidence: Evidence) -> bool:
    words = evidence.sentence.words()
    return bool(
        words & (cue("period_noun") | {"from", "until", "start", "end", "date", "recent", "far", "begin"})
    )


def _groups(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    if not claims.about_rows:
        return
    for group in claims.groups:
        if group.grain or group.bins or group.column in claims.times or _mentioned(group.column, evidence):
            continue
        if not any(group.column == g for r in evidence.earlier for g in _grouped(r)):
            yield Disagreement("unsaid", "group", group.column)


def _grouped(request: Request) -> Sequence[str]:
    by = getattr(request, "by", None)
    names = [g.column for g in by] if isinstance(by, list) else [by] if isinstance(by, str) else []
    names += [
        str(getattr(request, side))
        for side in ("rows", "columns")
        if isinstance(getattr(request, side, None), str)
    ]
    return [
        *names,
        *(c.column for c in getattr(request, "where", ())),
        *(c.column for m in getattr(request, "measures", ()) for c in m.where),
    ]


def _mentioned(name: str, evidence: Evidence) -> bool:
    """Tell whether any word leads to a column: its name, a content, a role, a customer, a time."""
    claims = evidence.claims
    column = claims.catalog.columns.get(name)
    if name == "segment" or column is None or column.role in ("customer_key", "row_key", "index", "clock"):
        return True
    if column.role == "place" and "where" in evidence.sentence.words():
        return True
    words = set(claims.catalog.words_of.get(name, ()))
    roots = {root(word) for word in words}
    for item in evidence.sentence.items:
        if any(link.column == name for link in item.links) or any(
            value.column == name for value in item.values
        ):
            return True
        if item.has("feature", name) or item.has("role", str(column.role)):
            return True
    done = {root(stem) for token in evidence.sentence.tokens for stem in deed_stems(token.norm)}
    return (
        bool(roots & (done | {root(token.lemma) for token in evidence.sentence.tokens}))
        or name in claims.catalog.computed
        or not name.isidentifier()
    )


def _conditions(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a condition on a column that no word leads to, where the number has a noun of its own.

    A bare number is compared with what such numbers usually are: an age, a year, what was paid.
    """
    claims = evidence.claims
    if not claims.about_rows or evidence.earlier:
        return
    for one in claims.conditions:
        column = claims.catalog.columns.get(one.column)
        named = column is not None and column.role in ("measure", "category", "quantity", "place")
        if not named or one.column not in claims.catalog.loaded or one.column in claims.times:
            continue
        if not (_led_to(one, evidence) or one.grain or one.than or claims.catalog.is_flag(one.column)):
            yield Disagreement("unsaid", "condition", one.column)


def _numbers_noun(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a number that is compared with another column than the one it counts: "more than one product"."""
    claims = evidence.claims
    for item in evidence.sentence.items:
        after = next(iter(evidence.near(item, 0, 1)), None)
        if item.number is None or after is None or after.start != item.end or item.number.unit:
            continue
        if does(after) or any(claims.catalog.is_flag(link.column) for link in after.links[:1]):
            continue  # "customers over 60 spend more": what they do
        if set(after.text.lower().split()) <= claims.given_names:
            continue  # "12 Full": the name of the segment
        for one in claims.conditions:
            if one.value != item.number.value or one.column in claims.times or one.grain:
                continue
            words = set(claims.catalog.words_of.get(one.column, ()))
            own = any(link.column == one.column for link in after.links) or words & set(key_of(after.text))
            column = claims.catalog.columns.get(one.column)
            plain = column is not None and column.role in ("age", "measure", "balance", "amount")
            noun = bool(after.links) or after.has("entity", "transaction", "row")
            if plain and noun and not own and one.column in claims.catalog.loaded:
                yield Disagreement("unsaid", "condition", one.column)


def _percent(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a percentage that is compared with money or days: "where the tip was under 10%"."""
    claims = evidence.claims
    shares = set()
    for item in evidence.sentence.items:
        own = any(near.links for near in evidence.near(item, 0, 1))  # "14 % alcohol"
        if item.number and item.number.unit == "%" and not own:
            shares.add(item.number.value)
    for one in claims.conditions:
        column = claims.catalog.columns.get(one.column)
        if column is None or column.kind != "number" or one.value not in shares or one.grain:
            continue
        words = set(claims.catalog.words_of.get(one.column, ()))
        divided = any(sign in one.column for sign in "/*") or one.is_ in ("top_share", "bottom_share")
        if not divided and not words & {"percent", "share", "rate", "ratio", "pct"} and column.unit != "%":
            yield Disagreement("unsaid", "percent", one.column)


def _described(evidence: Evidence) -> Iterator[Disagreement]:
    """Find what only says which people are meant among the measures: "families with kids: average nights"."""
    claims = evidence.claims
    measured = {m.column for request in claims.aggregates for m in request.measures if m.column}
    if len(measured) < 2:
        return
    for item in evidence.sentence.items:
        before = evidence.near(item, 2, 0)
        with_ = len(before) == 2 and before[0].has("entity") and before[1].has("logic", "with")
        held = {one.column for one in claims.conditions}
        if with_ and item.column in measured and item.column not in held:
            yield Disagreement("unsaid", "measure", item.text)


def _size(evidence: Evidence) -> Iterator[Disagreement]:
    """Find rows counted where the size of one is asked for: "which branch gave the biggest loan"."""
    claims = evidence.claims
    counted = all(m.statistic.startswith("count") and not m.per for m in claims.measures)
    if claims.tools != {"aggregate"} or not counted or evidence.earlier:
        return
    for item in evidence.sentence.items:
        sized = item.has("superlative") and item.text.lower() in cue("size_word")
        near = evidence.near(item, 0, 2)
        if sized and any(other.has("entity", "row", "transaction") for other in near[:2]):
            yield Disagreement("unsaid", "measure", item.text)


def _led_to(one: Condition, evidence: Evidence) -> bool:
    """Tell whether a word, the unit of a number or the content itself leads to the column of a condition."""
    own = set(evidence.claims.catalog.words_of.get(one.column, ()))
    stem = str(one.value).lower()[:_STEM]
    begun = any(len(stem) == _STEM and token.norm.startswith(stem) for token in evidence.sentence.tokens)
    measured = any(item.number and item.number.unit for item in evidence.sentence.items)
    measured |= bool(own & cue("counts_people")) and bool(_OF_SOME.search(evidence.sentence.text))
    measured |= one.column == year_column(evidence.claims.catalog)
    return begun or measured or bool(own & _COUNTED) or _mentioned(one.column, evidence)


def _segments(evidence: Evidence) -> Iterator[Disagreement]:
    """Find tiers made where something else is asked: "how much must one spend to be in the top 5 %".

    A bare "top 20% by spend" is no question, so that tiers are what it can be.
    """
    made = [request for request in evidence.claims.requests if isinstance(request, SegmentByValue)]
    if not made or any(isinstance(request, SegmentByValue) for request in evidence.earlier):
        return
    wanted = cue("segment_verb") | cue("segment_noun") | cue("tier_verb") | cue("tier_noun")
    roots = {root(word) for word in wanted}
    said = [token for token in evidence.sentence.tokens if token.norm in wanted or root(token.lemma) in roots]
    shares = evidence.sentence.has("share") or evidence.sentence.says(*phrases("comes_from"))
    asks = evidence.sentence.tokens[0].norm in cue("asks_first")
    if (asks and not said and not shares) or (_plain(made[0]) and _SPOKEN_OF.search(evidence.sentence.text)):
        yield Disagreement("unsaid", "segments", "tiers")


def _plain(made: SegmentByValue) -> bool:
    return not (made.top_shares or made.value_shares or made.quantiles or made.thresholds or made.names)


def _trend(evidence: Evidence) -> Iterator[Disagreement]:
    for request in evidence.claims.requests:
        if not isinstance(request, Trend) or any(isinstance(r, Trend) for r in evidence.earlier):
            continue
        if request.compare_periods and evidence.earlier:
            continue  # "compare the two" after two periods
        items = evidence.sentence.items
        timed = evidence.sentence.says("over time", "through time") or any(
            item.has(kind)
            for item in items
            for kind in ("over_time", "grain", "period", "running", "newness", "season")
        )
        values = [item for item in items if item.has("over_time") and item.values]
        if not timed or (values and request.grain is None and not request.compare_periods):
            yield Disagreement("unsaid", "trend", str(request.measure.column or "count"))


def _formula(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a number calculated with that the sentence compares with: "aged 60+"."""
    for measure in evidence.claims.measures:
        if re.match(r"^[\d.]+ \+ ", measure.column or "") and _AND_MORE.search(evidence.sentence.text):
            yield Disagreement("unsaid", "formula", str(measure.column))
            continue
        found = re.match(r"^([\d.]+) [+*/-] ", measure.column or "")
        if found and re.search(rf"{re.escape(found[1])}\s?\+\s*(?:[a-z]|$)", evidence.sentence.text, re.I):
            yield Disagreement("unsaid", "formula", str(measure.column))
