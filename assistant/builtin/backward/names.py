"""Checks that every column, content, number and time that a sentence names is somewhere in its request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.builtin.backward.claims import Claims
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.lexicon import cue, cue_vocabulary, lexicon, phrases
from assistant.builtin.numbers import Quantity
from assistant.builtin.request.edits import SplitSegment
from assistant.builtin.request.segments import SegmentByRules, SegmentByValue
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of, root

# One of the first as so many of the second.
_UNITS = {
    "years": {"months": 12.0, "days": 365.25, "weeks": 52.18}, "months": {"days": 30.44, "years": 1 / 12},
    "weeks": {"days": 7.0}, "days": {"hours": 24.0, "weeks": 1 / 7, "months": 1 / 30.44, "years": 1 / 365.25},
    "hours": {"minutes": 60.0, "seconds": 3600.0}, "minutes": {"seconds": 60.0, "hours": 1 / 60},
    "seconds": {"minutes": 1 / 60},
}  # fmt: skip
_SLACK = 0.03  # a month has 30 days, or 30.4, or 31
_MONTH = r"jan\w*|feb\w*|mar\w*|apr\w*|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
_NUMBERED = re.compile(r"(?:^|\s)\(?\d\)")
_FIXED = ("the", "these", "those", "both", "last", "other", "all")  # "the two groups" counts nothing anew
_RFM = frozenset({"recency", "frequency", "monetary", "money", "value", "spend"})
# These look at the figure that a question holds, or have no place for a number at all.
_TOLD_OTHERWISE = frozenset(
    {"explain_segments", "explain_value", "recall_notes", "recall_findings", "recommend_method",
     "compare_segments", "compare_segmentations", "describe_segments", "check_eligibility",
     "find_churn_risk", "predict_value"}
)  # fmt: skip


def unclaimed_names(evidence: Evidence) -> Iterator[Disagreement]:
    """Find names and numbers of the sentence that no part of the request holds."""
    for check in (_numbers, _places, _times, _columns, _values, _strangers):
        yield from check(evidence)


def _numbers(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    some = claims.tools == {"find_segments"} and evidence.sentence.has("comparator", "between")
    if some or claims.edits or claims.tools & _TOLD_OTHERWISE or _NUMBERED.search(evidence.sentence.text):
        return  # "between 3 and 6 segments" leaves the number to the data
    counted = set(_number_of_segments(claims))
    for item in evidence.items():
        number = item.number
        if (
            number is None
            or item.has("period")
            or number.value in counted
            or (number.unit == "ordinal" and claims.in_sequence)
            or (claims.tools == {"find_segments"} and evidence.before(item) == "all")
            or _only_says_which(item, evidence)
        ):
            continue
        if not _is_held(number, claims, evidence) and not _part_of_a_name(item, claims):
            yield Disagreement("said", "number", item.text)


def _places(evidence: Evidence) -> Iterator[Disagreement]:
    """Find a place that no part of the request holds: "the second purchase" read as any purchase."""
    claims = evidence.claims
    if claims.tools != {"aggregate"} or claims.in_sequence:
        return
    for item in evidence.items():
        place = item.senses.get("ordinal")
        other = set(item.senses) - {"ordinal", "number", "superlative_time"}
        if not isinstance(place, int) or place < 2 or other or evidence.stands(item):
            continue
        of_rows = any(near.has("entity", "transaction", "row") for near in evidence.near(item, 0, 1))
        if of_rows and not claims.has_number(place):
            yield Disagreement("said", "number", item.text)


def _only_says_which(item: Item, evidence: Evidence) -> bool:
    """Tell whether a number word only points: "the two hotels", "the one with", "once"."""
    text = item.text.lower()
    word = text in ("one", "once", "a", "half", "two", "three", "double", "twice") or text.startswith("half ")
    return word and (text != "two" and text != "three" or evidence.before(item) in _FIXED)


def _is_held(number: Quantity, claims: Claims, evidence: Evidence) -> bool:
    forms = [number.value]
    forms += [number.value * factor for factor in _UNITS.get(number.unit or "", {}).values()]
    if any(one.grain == "hour" for one in claims.conditions):
        forms += [
            number.value % 12 + 12,
            number.value - 1,
            number.value % 12 + 11,
        ]  # "until 2 pm" ends with 13
    known = (claims.catalog.table, claims.catalog.customers)
    if claims.tools == {"find_segments"}:
        forms += [number.value / table.n_rows for table in known if table is not None and table.n_rows]
    return any(
        claims.has_number(form, _SLACK if form != number.value or number.unit else 0.0) for form in forms
    )


def _number_of_segments(claims: Claims) -> Iterator[float]:
    """Return how many segments a request makes, which "two groups" says without a field for it."""
    for request in claims.requests:
        if isinstance(request, SegmentByRules):
            yield from (len(request.segments), len(request.segments) + 1)
        if isinstance(request, SegmentByValue):
            yield from (*request.value_shares, 100 - sum(request.value_shares))
            yield len(request.top_shares) + 1
            yield 100 - sum(request.top_shares)
            yield from (b - a for a, b in pairwise((0.0, *request.top_shares, 100.0)))
        if isinstance(request, SplitSegment):
            yield request.into


def _part_of_a_name(item: Item, claims: Claims) -> bool:
    """Tell whether a number belongs to a name or content that is held: "two-year" of "Two year"."""
    if any(value.column in claims.columns for value in item.values):
        return True
    plain = re.sub(r"[^\w%]+", " ", item.text.lower()).strip()
    return len(plain) > 1 and plain in re.sub(r"[^\w%]+", " ", claims.text)


def _times(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    if not claims.about_rows:
        return
    for item in evidence.items():
        if not item.has("period") or any(one.grain for one in claims.conditions):
            continue
        period = item.senses["period"]
        ends = {end.isoformat() for end in (period.first, period.last)}
        held = {piece for end in ends for piece in (end[:4], end[4:7]) if piece in claims.text}
        if not held and not evidence.stands(item) and not _counts_time(item, claims):
            yield Disagreement("said", "time", item.text)
    yield from _may(evidence)


def _may(evidence: Evidence) -> Iterator[Disagreement]:
    """Find the month of May, listed with another month, that was taken for the verb."""
    found = re.search(
        rf"(?:{_MONTH})(?: and| or|,|-| to) may\b|\bmay (?:and|or|to) (?:{_MONTH})",
        evidence.sentence.text,
        re.I,
    )
    if found and not re.search(r"-05\b|\bmay\b", evidence.claims.text):
        yield Disagreement("said", "time", "May")


def _counts_time(item: Item, claims: Claims) -> bool:
    """Tell whether a held column counts the time that is meant: "in the last 12 months" of Nights12M."""
    said = set(re.findall(r"\d+", item.text))
    return any(said & set(re.findall(r"\d+", name)) for name in claims.columns)


def _columns(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    if claims.tools & (_TOLD_OTHERWISE - {"explain_segments"} | {"check_fairness"}) or claims.edits:
        return
    for item in evidence.items():
        if not item.links or evidence.stands(item) or _said_otherwise(item, evidence):
            continue
        if "segment_by_rfm" in claims.tools and set(key_of(item.text)) & _RFM:
            continue  # it takes these columns by itself
        link = item.links[0]
        column = claims.catalog.columns.get(link.column)
        if column is None or column.role in ("customer_key", "row_key", "index"):
            continue
        if link.how == "part" and not claims.about_rows:
            continue  # "one-timers" is no part of a column's name
        if _spans_held(item, evidence):
            continue
        if link.how == "role":
            measured = _money(column.role, claims) or not claims.about_rows
            if measured or item.has("condition_verb") or column.kind != "number" or claims.conditions:
                continue
        yield Disagreement("said", "column", item.text)


def _spans_held(item: Item, evidence: Evidence) -> bool:
    """Tell whether words begin the name of a held column that counts a time: "stays in 12 months"."""
    after = next(iter(evidence.near(item, 0, 1)), None)
    claims = evidence.claims
    if after is None or after.number is None or after.number.unit not in _UNITS:
        return False
    said = {root(word) for word in key_of(item.text)}
    return any(
        said & {root(word) for word in claims.catalog.words_of.get(name, ())} and _counts_time(after, claims)
        for name in claims.columns
    )


def _money(role: str, claims: Claims) -> bool:
    """Tell whether a measured column can be what a business word means: any for money, or one of the role."""
    roles = {c.role for m in claims.measures if (c := claims.catalog.columns.get(m.column or "")) is not None}
    computed = any(m.column and m.column not in claims.catalog.columns for m in claims.measures)
    return computed or bool(roles) and (role == "amount" or role in roles or "outcome" in roles)


def _said_otherwise(item: Item, evidence: Evidence) -> bool:
    """Tell whether a word that could be a column is something else here, or only part of another name."""
    claims = evidence.claims
    if set(item.senses) - {"column", "role", "condition_verb"}:
        return True
    words = {root(word) for word in key_of(item.text)}
    if set(key_of(item.text)) <= lexicon().filler:
        return True  # "registered customers"
    held = {root(word) for name in claims.columns for word in claims.catalog.words_of.get(name, ())}
    units = {
        str(column.unit).lower() for name in claims.columns if (column := claims.catalog.columns.get(name))
    }
    if set(key_of(item.text)) & cue("basket_piece") and _in_baskets(claims):
        return True  # "items per order"
    rate = "rate" in words and any(measure.per for measure in claims.measures)
    if rate or words <= held or words & {root(unit) for unit in units}:
        return True
    stems = [re.sub(r"(?<=\w{3})(?:ing|ed)$", "", word) for word in words]
    if all(len(stem) > 2 and any(other.startswith(stem) for other in held) for stem in stems):
        return True  # "paying by bank transfer", held as a PaymentMethod
    if {"all", "every"} & {evidence.before(item)}:
        return True  # "of all countries"
    loose = item.links[0].how in ("part", "concept")  # "miles balance", "annual plans"
    beside = evidence.near(item, 1, 1)
    return any((near.values or loose) and evidence.stands(near) for near in beside)


def _in_baskets(claims: Claims) -> bool:
    """Tell whether lines or pieces are counted for each order."""
    order = claims.catalog.table.order
    return any(m.per is not None and order is not None and m.per.column == order for m in claims.measures)


def _values(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    if claims.tools & (_TOLD_OTHERWISE | {"check_fairness"}) or claims.edits:
        return
    for item in evidence.items():
        if not item.values or set(item.senses) - {"value", "quoted"} or evidence.stands(item):
            continue
        if claims.tools == {"describe_data"}:
            continue
        if claims.tools == {"segment_by_value"} and item.text.lower() in ("next", "first", "last"):
            continue  # "the next 20%" is no next-day service
        said = set(key_of(item.text))
        if said <= lexicon().yes | lexicon().no or any(
            len(said & set(claims.catalog.words_of.get(name, ()))) > 1 for name in claims.columns
        ):
            continue  # "no internet service" as No of InternetService
        grouped = any(value.column in claims.columns for value in item.values)
        if not grouped and item.text.lower() not in claims.text:
            yield Disagreement("said", "value", item.text)


def _strangers(evidence: Evidence) -> Iterator[Disagreement]:
    """Find words without any meaning where a request holds no names at all that could account for them."""
    claims = evidence.claims
    if not claims.tools <= {"check_quality", "describe_data", "check_fairness"}:
        return
    for item in evidence.items():
        known = item.text.lower() in cue_vocabulary() or item.text.lower() in phrases("segment_filler")
        if item.senses or known or len(item.text) < 3 or not item.text.isalpha():
            continue
        words = key_of(item.text)
        if not all(word in claims.text or word in cue_vocabulary() for word in words):
            yield Disagreement("said", "stranger", item.text)
