"""Reads a fragment as a whole question by putting the measure that was asked for before into it.

"Per customer" after total sales is "total sales per customer": whatever a whole question may say can so be
said in a follow-up, and every word of it is accounted for by the same reader.
"""

from __future__ import annotations

from typing import Any

from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question, question_of
from assistant.builtin.following.wording import bare_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Filtered
from assistant.builtin.speaking import spoken
from tools.selecting import Measure

_STATISTICS = {
    "sum": "total", "mean": "average", "median": "median", "min": "smallest", "max": "largest",
    "std": "standard deviation of", "variance": "variance of",
}  # fmt: skip


def completed_changes(text: str, catalog: Catalog, last: Question) -> Changes | None:
    """Return what a fragment changes, read as part of a whole question; None if that makes no sense."""
    if len(last.measures) != 1 or last.shape not in ("numbers", "trend"):
        return None
    said = measure_in_words(last.measures[0], catalog)
    alone = _read(said, catalog) if said else None
    if alone is None or alone[0].measures != last.measures or alone[0].where or alone[0].by:
        return None
    fragment = bare_words(text)
    for whole in (f"{said} {fragment}", f"{fragment} {said}"):
        full = _read(whole, catalog)
        if full is not None and full[0] != alone[0]:
            return _difference(full[0], alone[0], full[1])
    return None


def measure_in_words(measure: Measure, catalog: Catalog) -> str | None:
    """Return words that the reader of whole questions takes for this measure."""
    if measure.per is not None or measure.where:
        rate = measure.per is not None and measure.statistic == "count" and len(measure.where) == 1
        one = measure.where[0] if rate else None
        noun = "customers" if catalog.table.grain == "customers" else "transactions"
        return f"share of {noun} with {one.column} = {one.value}" if one and one.is_ == "equal" else None
    if measure.statistic == "count":
        return "number of customers" if catalog.table.grain == "customers" else "number of transactions"
    if measure.statistic == "count_distinct":
        return "number of customers" if measure.column == catalog.table.customer else None
    if measure.column is None or measure.statistic not in _STATISTICS:
        return None
    return f"{_STATISTICS[measure.statistic]} {spoken(catalog, measure.column)}"


def _read(text: str, catalog: Catalog) -> tuple[Question, tuple[str, ...]] | None:
    outcome = read_sentence(text, catalog)
    if not isinstance(outcome, Reading) or len(outcome.requests) != 1:
        return None
    request = outcome.requests[0]
    question = question_of(request) if isinstance(request, Filtered) else None
    return (question, outcome.notes) if question else None


def _difference(full: Question, alone: Question, notes: tuple[str, ...]) -> Changes:
    """Return what a whole question says beyond its measure."""
    said: dict[str, Any] = {
        "measures": full.measures if full.measures != alone.measures else (),
        "shape": full.shape if full.shape not in (alone.shape, "numbers") else None,
        "groups": full.by,
        "filters": full.where,
        "having": full.having,
        "limit": full.limit,
        "order": full.order,
        "grain": full.grain or ("auto" if full.shape == "trend" else None),
        "share": full.share,
        "chart": full.chart if full.chart != "auto" else None,
        "options": {k: v for k, v in full.rest.items() if k != "claim"} or None,
        "notes": notes,
    }
    return Changes(**said)
