"""Knows which statistic a label in front of a number names: "g = 0.72", "p < 0.001", "IQR 11-39"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.facts import SourcedFact
from assistant.grounding.written_numbers import WrittenNumber
from tools.core import Fact

# What stands before a number -> what the name of its fact holds.
_LABELS = (
    (r"(?:hedges['’]?s?\s+)?\bg|cohen['’]?s\s+d|\bd", r"hedges|cohen"),
    (r"Δ|\b(?:gap|difference|margin|distance) of", r"diff|change|gap|uplift"),
    (r"\bp(?:[\s-]*values?)?", r"^p_|p_value"),
    (r"(?<!\w)(?:pearson(?:['’]s)?\s+)?r(?!²|\^|-)|\bcorrelations?(?:\s+coefficients?)?",
     r"pearson|spearman|kendall|_r$|^r$|^r_(?:low|high)$"),
    (r"\bspearman(?:['’]s)?(?:\s+(?:rho|ρ))?|ρ|\brho", r"spearman"),
    (r"\br(?:²|\^2|-squared| squared)", r"r_squared"),
    (r"cram[eé]r['’]?s?\s+v", r"cramers"),
    (r"\bsilhouettes?(?:\s+(?:score|width|value))?", r"silhouette"),
    (r"\bjaccard(?:\s+(?:stability|index|similarity|score))?", r"jaccard|stability"),
    (r"\bskew(?:ness)?", r"skew"),
    (r"\bkurtosis", r"kurtosis"),
    (r"\b(?:t|z|f)-?(?:stat(?:istic)?|value|score)?\s*(?==)|\bt-(?:stat|value|statistic)|χ²|\bchi-?squared?",
     r"^[tzf]_|chi|statistic"),
    (r"\bgini(?:\s+(?:coefficient|index))?", r"gini"),
    (r"\b(?:std\.?(?:\s+dev\.?)?|sd|standard deviation)", r"^std|_std|deviation"),
    (r"\bmax(?:\.|imum)?", r"(?:^|_)max(?:_|$)|largest|highest"),
    (r"\bmin(?:\.|imum)?", r"(?:^|_)min(?:_|$)|smallest|lowest"),
)  # fmt: skip
_LINK = r"(?:\s+(?:is|of|was|at|=))?\s*[:=<>≈~(≤≥]{0,2}\s*(?:about\s+|roughly\s+|only\s+)?[₹$€£+\-−–]?$"
_READ = tuple(
    (re.compile(f"(?:{label}){_LINK}", re.I), re.compile(named, re.IGNORECASE)) for label, named in _LABELS
)
_INTERVAL = re.compile(
    r"\b(?:ci|confidence (?:interval|range)|9[059]\s?% (?:interval|range))\b[^;.]{0,4}?"
    r"(?:\s+(?:of|for)\s+the\s+(?:difference|gap|mean|change))?"
    r"(?:\s*(?:is|of|from|runs from|:|=|ranges from|between))?\s*[\[(]?\s*[₹$€£+\-−–]?"
    r"(?:[₹$€£]?[\d.,]+[kM]?\s?%?\s*(?:-|–|—|to|,|;|and|…)\s*[₹$€£+\-−–]?)?$",
    re.IGNORECASE,
)
_IS_END = re.compile(r"(?:^|_)(?:low|high)(?:_|$)|^95__|likely_")
_OF_INTERVAL = re.compile(
    r"\b(?:ci|interval|confidence|between|from|to|range\w*|bounds?|lower|upper|likely|margin|low|high|"
    r"at least|at most|worst|best|plausible|uncertain\w*|somewhere)\b|±|\d\s?[%kM]?\s?[–—-]\s?[₹$€£+−-]?\d",
    re.IGNORECASE,
)
_IQR = re.compile(
    r"\b(?:iqr|interquartile range|inter-quartile range|middle (?:half|50\s?%))\b"
    r"[^;.\d]{0,30}?(?:[₹$€£]?[\d.,]+[kM]?\s?(?:h|INR|USD|EUR|GBP|CHF)?\s*(?:-|–|—|to|and)\s*[₹$€£]?)?$",
    re.IGNORECASE,
)
_IS_QUARTILE = re.compile(r"percentile_(?:25|75)")
_SCORE = re.compile(r"hedges|cohen|^p_|pearson|spearman|kendall|r_squared|cramers|silhouette|jaccard|skew")


class Labels:
    """The statistics that facts of an answer are.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        names = {each.fact.name for each in facts}
        self._known = {named.pattern for _, named in _READ if any(named.search(name) for name in names)}
        self._has_ends = any(_IS_END.search(name) for name in names)

    def contradicts(self, fact: Fact, number: WrittenNumber, text: str) -> bool:
        """Return whether the label in front of a number names another statistic than the fact's.

        Args:
            fact: What the number may stand for.
            number: The number.
            text: The sentence, without names.
        """
        before = text[: number.start]
        if _IS_END.search(fact.name) and not _OF_INTERVAL.search(text):
            return True
        wanted = _wanted(before)
        if wanted is not None:
            return wanted.pattern in self._known and not wanted.search(fact.name)
        if self._has_ends and not number.text.startswith("95") and _INTERVAL.search(before):
            return not _IS_END.search(fact.name)
        if _IQR.search(before):
            return bool(re.search(r"percentile_|^min_|^max_|^median_|^mean_", fact.name)) and not (
                _IS_QUARTILE.search(fact.name)
            )
        return False

    def is_misnamed(self, number: WrittenNumber, text: str) -> bool:
        """Return whether the label in front of a number is a statistic that no fact can lend it."""
        wanted = _wanted(text[: number.start])
        return wanted is not None and bool(_SCORE.search(wanted.pattern)) and not number.percent


def _wanted(before: str) -> re.Pattern[str] | None:
    return next((named for label, named in _READ if label.search(before)), None)
