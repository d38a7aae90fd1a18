"""Knows how a segmentation that was made of conditions reads, each segment for itself."""

from __future__ import annotations

from collections.abc import Sequence

from tools.profiles.rule_schemes import RuleScheme, SegmentRule
from tools.profiles.rule_text import condition, from_json
from tools.segments.segmented import Segmented
from tools.selecting import Condition

_OPPOSITE = {"above": "at_most", "at_least": "below", "below": "at_least", "at_most": "above"}


def exact_rules(placed: Segmented) -> RuleScheme:
    """Return the conditions of each segment, with the bounds that earlier rules leave it."""
    model = placed.segmentation.model
    by_leaf = [from_json(leaf["where"]) for leaf in model["leaves"]]
    rules = []
    for i, segment in enumerate(placed.segments):
        mine = [leaf for leaf in sorted(segment.leaves) if leaf < len(by_leaf)]
        if model.get("otherwise") in segment.leaves and len(by_leaf) not in mine:
            mine.append(len(by_leaf))  # everybody else: no condition of its own
        alternatives, after = [], set()
        for leaf in mine:
            own = by_leaf[leaf] if leaf < len(by_leaf) else []
            before = [
                one for one in range(leaf) if one not in segment.leaves and not _apart(own, by_leaf[one])
            ]
            bounds = {one: _negated(by_leaf[one]) for one in before}
            after |= {one for one, bound in bounds.items() if bound is None}
            alternatives.append(tuple(_tightened(own, [bound for bound in bounds.values() if bound])))
        names = [other.name for other in placed.segments if after & set(other.leaves)]
        found = tuple(where for where in alternatives if where)
        rules.append(SegmentRule(found, tuple(names), 1.0, 1.0, int(placed.sizes[i])))
    return RuleScheme(tuple(rules), 1.0, True, int(placed.sizes.sum()))


def _negated(where: Sequence[Condition]) -> Condition | None:
    """Return the opposite of a single bound, missing values included; None for anything else."""
    if len(where) != 1 or where[0].or_ or where[0].grain or where[0].is_ not in _OPPOSITE:
        return None
    item = where[0]
    opposite = condition(item.column, _OPPOSITE[item.is_], item.value)
    return opposite.model_copy(update={"or_": [condition(item.column, "missing")]})


def _tightened(own: Sequence[Condition], bounds: Sequence[Condition]) -> list[Condition]:
    """Add the tightest bound on each column, without "or missing" where the column must be known."""
    known = {item.column for item in own if not item.or_ and item.is_ != "missing"}
    tightest: dict[tuple[str, bool], Condition] = {}
    for bound in bounds:
        upper = bound.is_ in ("below", "at_most")
        held = tightest.get((bound.column, upper))
        if held is None or (_value(bound) < _value(held)) == upper:
            tightest[bound.column, upper] = bound
    plain = [
        bound.model_copy(update={"or_": []}) if bound.column in known else bound
        for bound in tightest.values()
    ]
    return [*own, *plain]


def _value(item: Condition) -> float:
    return float(item.value) if isinstance(item.value, int | float) else 0.0


def _apart(one: Sequence[Condition], other: Sequence[Condition]) -> bool:
    """Tell from bounds on numbers whether nobody can satisfy both."""
    for a in one:
        for b in other:
            if a.column != b.column or a.or_ or b.or_ or a.grain or b.grain:
                continue
            if _below(a, b) or _below(b, a):
                return True
    return False


def _below(upper: Condition, lower: Condition) -> bool:
    """Tell whether everything `upper` allows lies below everything `lower` allows."""
    if upper.is_ not in ("below", "at_most") or lower.is_ not in ("above", "at_least"):
        return False
    if not isinstance(upper.value, int | float) or not isinstance(lower.value, int | float):
        return False
    touching = upper.is_ == "at_most" and lower.is_ == "at_least"
    return upper.value < lower.value if touching else upper.value <= lower.value
