"""Knows where a segment that was found is a plain rule in disguise: bought once, or bought again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tools.core import Segmentation, Workspace
from tools.segments.segmented import Segmented, segmented

Booleans = npt.NDArray[np.bool_]
FREQUENCY = "n_transactions"
EXACT = (
    0.95  # overlap (Jaccard) from which a segment is the rule, and all others are those who do not follow it
)
MOSTLY, ELSEWHERE = 0.9, 0.4  # parts inside and outside that buy once, from which a segment leans on the rule


@dataclass(frozen=True, slots=True)
class PlainRule:
    """How far a segment is a rule on the number of purchases.

    Attributes:
        name: "Bought once" or "Bought again".
        text: The rule as a condition in words.
        inside: Part of the segment that satisfies the rule, 0 to 1.
        covered: Part of all who satisfy the rule that the segment holds, 0 to 1.
        exact: Whether segment and rule are the same.
    """

    name: str
    text: str
    inside: float
    covered: float
    exact: bool


def plain_rule(placed: Segmented, i: int) -> PlainRule | None:
    """Return the rule that a segment is, or leans on; None if it does not."""
    if FREQUENCY not in placed.customers or placed.segmentation.kind != "clusters":
        return None
    inside, label = placed.position == i, placed.label(FREQUENCY)
    once = placed.numbers(FREQUENCY) == 1
    if not inside.any() or inside.all() or not once.any():
        return None
    for name, text, rule in (("Bought once", "is 1", once), ("Bought again", "is 2 or more", ~once)):
        everybody = placed.position >= 0
        rule = rule & everybody
        both = float((rule & inside).sum())
        exact = min(_overlap(rule, inside), _overlap(everybody & ~rule, everybody & ~inside)) >= EXACT
        mine, others = float(rule[inside].mean()), float(rule[~inside].mean())
        if exact or (name == "Bought once" and mine >= MOSTLY and others <= ELSEWHERE):
            return PlainRule(name, f"{label} {text}", mine, both / float(np.maximum(rule.sum(), 1)), exact)
    return None


def _overlap(first: Booleans, second: Booleans) -> float:
    """Return the Jaccard similarity of two sets of customers, 1 where both are empty."""
    either = float((first | second).sum())
    return float((first & second).sum()) / either if either else 1.0


def named_as_rules(workspace: Workspace, segmentation: Segmentation) -> Segmentation:
    """Give segments that are plain rules the rule's name and text."""
    placed = segmented(workspace, segmentation)
    rules = [plain_rule(placed, i) for i in range(len(placed.segments))]
    named = tuple(
        replace(one, name=rule.name, rule=rule.text) if rule and rule.exact else one
        for one, rule in zip(segmentation.segments, rules, strict=True)
    )
    return replace(segmentation, segments=named)
