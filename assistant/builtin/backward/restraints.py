"""Checks that what a sentence limits, denies, wants drawn or asks by name of is so in the request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.builtin.backward.claims import DENYING
from assistant.builtin.backward.disagreement import Disagreement, Evidence
from assistant.builtin.lexicon import lexicon, phrases
from assistant.builtin.parsing.search_sayings import without_idle_words
from assistant.builtin.request.segments import SegmentByRules, SegmentByValue

_UP, _DOWN = frozenset({"above", "at_least"}), frozenset({"below", "at_most"})
_RANKED = frozenset({"top_share", "bottom_share", "top_n", "bottom_n"})
_THOSE = re.compile(
    r"\b(?:those|the ones|people|customers|ones|members|guests|clients|users) "
    r"(?:who|that|which|with|whose)\b|\bamong\b|\b(?:for|of) \w+ (?:who|that|which|whose)\b",
    re.IGNORECASE,
)
_ONLY_SO_MANY = re.compile(r"\bonly (?:\d{1,2}|two|three|four|five|six|seven|eight)\b", re.IGNORECASE)
_EVERYBODY = re.compile(r"\bamong (?:all )?(?:my|our|the|all) \w+\W*$", re.IGNORECASE)
_ONLY_EVER = re.compile(
    r"\b(?:who|that|which|customers|users|members) (?:have |has )?only (?!one\b|once\b)|\bonly ever\b|"
    r"\bexclusively\b|\bnothing but\b",
    re.IGNORECASE,
)


def unmet_restraints(evidence: Evidence) -> Iterator[Disagreement]:
    """Find words that limit, deny or name something that no part of the request does."""
    claims = evidence.claims
    targets = {str(getattr(request, "target", None) or "") for request in claims.requests}
    if claims.tools <= {"find_drivers", "find_churn_risk"} or targets - {""}:
        return  # whom it is about are those that the outcome tells apart
    if not evidence.claims.edits:
        for check in (_comparators, _negations, _charts, _population, _only_ever, _kinds, _only):
            yield from check(evidence)


def _comparators(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    held = {condition.is_ for condition in claims.conditions}
    ranges = any(group.bins or group.width for group in claims.groups)
    ranges |= any(getattr(request, "compare_periods", ()) for request in claims.requests)
    if ranges or claims.tools & {"segment_by_value", "find_outliers", "find_segments", "move_boundary"}:
        return
    turned_round = _counted_as_ages(evidence)
    for item in evidence.items():
        kinds = ("comparator", "comparator_age", "comparator_after")
        way = next((item.senses[kind] for kind in kinds if item.has(kind)), None)
        near = evidence.near(item, 1, 2)
        if way in (None, "equal") or not any(n.number or n.has("range") or n.has("period") for n in near):
            continue
        if way == "between" and claims.tools & {"compare_groups", "compare_segments"}:
            continue  # the difference between the two
        wanted = _UP if way in _UP else _DOWN if way in _DOWN else held
        turned = (turned_round or evidence.sentence.has("logic", "not")) and held & (_UP | _DOWN)
        if not held & (wanted | {"between", "in", "not_in"} | _RANKED) and not turned:
            yield Disagreement("said", "comparison", item.text)


def _counted_as_ages(evidence: Evidence) -> bool:
    """Tell whether an age was written as a year of birth, which turns "over" into "before"."""
    said = {item.number.value for item in evidence.sentence.items if item.number is not None}
    years = (one.value for one in evidence.claims.conditions if isinstance(one.value, int | float))
    return any(1850 < year < 2100 and year not in said for year in years)


def _negations(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    held = {condition.is_ for condition in claims.conditions}
    no = lexicon().no
    denied = any(str(one.value).lower() in no or one.value == 0 for one in claims.conditions)
    left_out = bool(evidence.given_up) or any(name in phrases("denying_field") for name, _ in claims.leaves)
    kinds = any(getattr(request, "columns", None) for request in claims.requests) and claims.tools == {
        "describe_data"
    }  # "which columns are of no use"
    if held & (DENYING | _DOWN | {"present", "above"}) or denied or left_out or claims.groups or kinds:
        return
    if claims.tools & {"count_missing", "check_quality", "find_overdue", "explain_segments", "show_trend"}:
        return
    for item in evidence.sentence.items:
        if not item.has("logic", "not") or evidence.stands(item) or item.has("arithmetic"):
            continue
        asking = evidence.before(item) in (*phrases("asks_why"), "or", "yes") or item.text.lower() == "none"
        asking |= "yes/no" in evidence.sentence.text.lower()
        opening = item.start == 0 and item.text.lower() not in phrases("leaves_out")
        contrast = bool(evidence.set_aside) or item.text.lower() in ("rather than", "nothing")
        what = next(iter(evidence.near(item, 0, 1)), None)
        compared = what is not None and any(what.has(k) for k in ("comparator", "outliers", "chart_kind"))
        compared |= evidence.sentence.text.lower().startswith(("no. ", "no of "))  # a number
        if not (asking or opening or contrast or compared):
            yield Disagreement("said", "negation", item.text)


def _charts(evidence: Evidence) -> Iterator[Disagreement]:
    claims = evidence.claims
    drawn = {str(getattr(request, "chart", "")) for request in claims.requests}
    by_itself = {"histogram": "show_distribution", "scatter": "correlate", "heatmap": "cross_table"}
    if any(isinstance(request, SegmentByRules | SegmentByValue) for request in claims.requests):
        return  # "set the bar at 1000" draws nothing
    for item in evidence.items():
        kind = item.senses.get("chart_kind", "auto")
        if item.links or kind in ("auto", "none", "line") or kind in drawn:
            continue
        if by_itself.get(kind) not in claims.tools and not (
            kind == "heatmap" and "correlate" in claims.tools
        ):
            yield Disagreement("said", "chart", item.text)


def _population(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "those who ..." where the request leaves nobody out."""
    claims = evidence.claims
    if not (claims.about_rows or claims.tools & {"find_segments", "segment_by_rfm"}):
        return
    text = evidence.sentence.text
    found = _THOSE.search(without_idle_words(text) if claims.tools == {"find_segments"} else text)
    dated = any(name == "reference_date" for name, value in claims.leaves if value)
    if found and found[0].lower().endswith("with") and dated:
        return  # "customers with 30 June as the reference date"
    if found and _EVERYBODY.search(evidence.sentence.text) and claims.tools == {"find_segments"}:
        return
    if found and not claims.conditions and not claims.groups:
        yield Disagreement("said", "population", found[0])


def _only_ever(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "who only ever bought food", for which rows of one kind and no others must be looked for."""
    claims = evidence.claims
    found = _ONLY_EVER.search(evidence.sentence.text)
    if found is None or claims.catalog.table.grain != "transactions" or not claims.about_rows:
        return
    if any(one.measure and one.measure.statistic == "count_distinct" for one in claims.conditions):
        return  # "only ever used one channel"
    if not {one.is_ for one in claims.conditions} & {"has_no_rows", "not_in", "not_equal"} and not any(
        name.startswith(("n_", "share_", "bought_again")) for name in claims.columns
    ):
        yield Disagreement("said", "only", found[0])


def _kinds(evidence: Evidence) -> Iterator[Disagreement]:
    """Find outliers, gaps, duplicates and relations that were asked about and are nowhere in the request."""
    claims = evidence.claims
    held = {condition.is_ for condition in claims.conditions}
    for item in evidence.items():
        if evidence.stands(item) or claims.tools & _ANSWERS_ANYTHING:
            continue
        for kind, (tools, words) in _KINDS.items():
            wanted = (
                item.has(kind, "outliers" if kind == "outliers" else "missing")
                if kind in ("outliers", "missing")
                else item.has(kind)
            )
            if not wanted or claims.tools & tools or any(word in claims.text for word in words):
                continue
            if (
                kind == "outliers"
                and held & (_UP | _DOWN)
                or item.text.lower() in ("gap", "gaps", "difference", "differences")
            ):
                continue
            yield Disagreement("said", kind, item.text)


_ANSWERS_ANYTHING = frozenset(
    {"describe_data", "check_quality", "recall_notes", "find_churn_risk", "find_drivers", "show_relations"}
)
_KINDS: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "outliers": (frozenset({"find_outliers", "find_segments", "show_distribution"}), ("share", "outliers")),
    "missing": (
        frozenset({"count_missing", "change_reading", "switch_cleaning", "show_unread"}),
        ("missing", "present", "has_no_rows"),
    ),
    "duplicates": (frozenset({"find_duplicates", "change_reading"}), ("has_rows", "having")),
    "relation": (
        frozenset({"correlate", "find_drivers", "compare_groups", "cross_table", "compare_segments",
                   "compare_segmentations", "check_fairness", "find_segments", "describe_segments",
                   "explain_value"}),
        ("compare_periods", "by"),
    ),
    "running": (frozenset(), ("running",)),
}  # fmt: skip


def _only(evidence: Evidence) -> Iterator[Disagreement]:
    """Find "only" where nobody is left out: "pay only the minimum", segments by everything known."""
    claims = evidence.claims
    everybody = not (claims.conditions or claims.groups or evidence.earlier)
    limited = any(request.limit for request in claims.aggregates)
    if claims.tools == {"aggregate"} and everybody and not limited:
        if re.search(
            r"\w (?:only|just) the\b(?! (?:number|total|average|count|figure|mean|median|answer))",
            evidence.sentence.text,
        ):
            yield Disagreement("said", "only", "only")
        return
    if claims.tools != {"find_segments"} or claims.conditions:
        return
    if _ONLY_SO_MANY.search(evidence.sentence.text):
        return  # "only 3" segments
    chosen = any(name in ("features", "ignore") for name, _ in claims.leaves)
    if not chosen and re.search(r"\bonly\b", evidence.sentence.text, re.IGNORECASE):
        yield Disagreement("said", "only", "only")
