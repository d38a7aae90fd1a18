"""Spells a request out in plain words, so that a person can see how a question was read, and click it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import (
    Aggregate,
    Concentration,
    Correlation,
    Distribution,
    Filtered,
    GroupDifference,
    Trend,
)
from assistant.builtin.request.segments import FindSegments, SegmentByRules, SegmentByValue
from assistant.builtin.speaking import spoken
from tools.selecting import Condition, GroupBy, Measure

_STATISTIC = {
    "sum": "total", "mean": "average", "median": "median", "min": "lowest", "max": "highest",
    "std": "standard deviation of", "variance": "variance of", "skew": "skewness of", "mode": "most common",
    "count_missing": "missing cells of", "share_missing": "share of missing cells of",
}  # fmt: skip
_COMPARED = {
    "equal": "is", "not_equal": "is not", "above": "is above", "at_least": "is at least", "below": "is below",
    "at_most": "is at most", "contains": "contains", "starts_with": "starts with", "missing": "is missing",
    "present": "is known", "in": "is", "not_in": "is not",
}  # fmt: skip
_DEED = {
    "describe_data": "what is in the data", "check_quality": "what is wrong with the data",
    "count_missing": "how many cells are missing", "find_duplicates": "which rows occur twice",
    "find_outliers": "which values are outliers", "find_overdue": "which customers are overdue",
    "find_churn_risk": "who is about to leave", "find_drivers": "what goes with an outcome",
    "predict_value": "what customers will be worth",
    "check_eligibility": "what the data can carry", "recommend_method": "which method suits",
    "segment_by_rfm": "segments by recency, frequency and money",
    "segment_by_lifecycle": "stages of the customers' life", "count_active": "how many customers are active",
    "describe_segments": "a description of the segments",
    "explain_segments": "why there are so many segments",
    "compare_segments": "how the segments differ", "explain_value": "why a figure of a segment is so",
    "cross_table": "a table of two columns", "export_segments": "a file of the segments",
    "recall_notes": "an explanation of the term", "show_relations": "how the tables belong together",
    "write_rule": "the rule of a segment", "show_movement": "who moved between segments",
    "find_typical_customers": "typical customers of the segments",
    "check_fairness": "whether segments are fair",
}  # fmt: skip


def spelt(request: Request, catalog: Catalog) -> str:
    """Return a request in words, without an article or a full stop."""
    if isinstance(request, Aggregate):
        text = _aggregate(request, catalog)
    elif isinstance(request, Trend):
        per = f" per {request.grain}" if request.grain else " over time"
        text = f"{_measure(request.measure, catalog)}{per}{_by([request.by], catalog)}"
    elif isinstance(request, Distribution):
        text = f"distribution of {spoken(catalog, request.column)}{_by([request.by], catalog)}"
    elif isinstance(request, Correlation):
        names = [spoken(catalog, name) for name in (*request.columns, request.target) if name]
        text = f"correlation of {_and(names)}" if names else "what goes together"
    elif isinstance(request, GroupDifference):
        text = f"difference in {spoken(catalog, request.column)} by {spoken(catalog, request.by)}"
    elif isinstance(request, Concentration):
        whole = _measure(request.measure, catalog)
        text = f"how many {spoken(catalog, request.by)} make up {request.share_pct:g}% of {whole}"
    else:
        return _segments(request, catalog) or _DEED.get(request.tool, request.tool.replace("_", " "))
    return text + _where(request, catalog)


def clickable(request: Request, catalog: Catalog, read: Callable[[str, Catalog], Outcome]) -> str | None:
    """Return the words for a request if they lead back to the very same one, else None."""
    words = spelt(request, catalog)
    sentence = words[:1].upper() + words[1:]
    outcome = read(sentence, catalog)
    return sentence if isinstance(outcome, Reading) and outcome.requests == (request,) else None


def _aggregate(request: Aggregate, catalog: Catalog) -> str:
    measures = _and(list(dict.fromkeys(_measure(m, catalog) for m in request.measures)))
    share = "share of the " if request.share_of_total else ""
    text = f"{share}{measures}{_by(request.by, catalog)}"
    if request.limit and request.by:
        way = "lowest" if request.order == "ascending" else "highest"
        text += f", only the {request.limit} {way}" if request.limit > 1 else f", only the {way}"
    elif request.order in ("ascending", "descending"):
        text += f", {request.order}"
    return text


def _measure(measure: Measure, catalog: Catalog) -> str:
    if measure.statistic == "count":
        text = f"number of {'customers' if catalog.table.grain == 'customers' else 'rows'}"
    elif measure.statistic == "count_distinct":
        key = measure.column == catalog.table.customer
        text = f"number of {'customers' if key else 'different ' + spoken(catalog, measure.column or '')}"
    elif measure.statistic == "quantile":
        text = f"{100 * (measure.q or 0):g}th percentile of {spoken(catalog, measure.column or '')}"
    else:
        text = f"{_STATISTIC[measure.statistic]} {spoken(catalog, measure.column or '')}"
    text += _conditions(measure.where, catalog)
    if measure.per is None:
        return text
    same = measure.per.statistic == measure.statistic and measure.per.column == measure.column
    if same:
        return f"share of {text.removeprefix('number of ')}"
    return f"{text} per {_measure(measure.per, catalog).removeprefix('number of ')}"


def _by(groups: Sequence[GroupBy | str | None], catalog: Catalog) -> str:
    names = []
    for group in groups:
        if isinstance(group, str):
            names.append(spoken(catalog, group))
        elif group is not None:
            names.append(group.grain.replace("_", " ") if group.grain else spoken(catalog, group.column))
    return f" by {_and(names)}" if names else ""


def _where(request: Filtered, catalog: Catalog) -> str:
    having = _conditions(request.having, catalog) if isinstance(request, Aggregate) else ""
    return _conditions(request.where, catalog) + having


def _conditions(where: Sequence[Condition], catalog: Catalog) -> str:
    said = [_condition(one, catalog) for one in where]
    return f" where {' and '.join(said)}" if said else ""


def _condition(one: Condition, catalog: Catalog) -> str:
    name = "it" if one.column == "value" else spoken(catalog, one.column)
    if one.is_ in ("has_rows", "has_no_rows"):
        inner = " and ".join(_condition(other, catalog) for other in one.rows) or "there are rows"
        return f"there is {'a' if one.is_ == 'has_rows' else 'no'} row for which {inner}"
    if one.is_ == "between":
        text = f"{name} is between {_value(one.values[0])} and {_value(one.values[-1])}"
    elif one.is_ in ("top_share", "bottom_share", "top_n", "bottom_n"):
        share = "%" if one.is_.endswith("share") else ""
        text = f"{name} is in the {one.is_.partition('_')[0]} {_value(one.value)}{share}"
    else:
        values = " or ".join(_value(value) for value in one.values) or _value(one.value)
        values = one.than or (f"the {one.statistic}" if one.statistic else values)
        text = f"{name} {_COMPARED[one.is_]} {values}".strip()
    return " or ".join([text, *(_condition(other, catalog) for other in one.or_)])


def _value(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _segments(request: Request, catalog: Catalog) -> str:
    if isinstance(request, FindSegments):
        number = f"{request.n_segments} " if request.n_segments else ""
        by = f" by {_and([spoken(catalog, name) for name in request.features])}" if request.features else ""
        out = f" without {_and([spoken(catalog, name) for name in request.ignore])}" if request.ignore else ""
        return f"{number}segments of the customers{by}{out}{_conditions(request.where, catalog)}"
    if isinstance(request, SegmentByValue):
        by_what = spoken(catalog, request.column) if request.column else "their value"
        return f"tiers of the customers by {by_what}"
    if isinstance(request, SegmentByRules):
        rules = [f"“{one.name}”{_conditions(one.where, catalog)}" for one in request.segments]
        return f"segments {_and(rules)}, and “{request.otherwise}”"
    return ""


def _and(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
