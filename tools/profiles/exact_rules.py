"""Knows how a segmentation that was made of conditions reads, each segment for itself."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from tools.core import Json
from tools.profiles.rule_schemes import RuleScheme, SegmentRule
from tools.profiles.rule_text import condition, from_json
from tools.segments.segmented import Segmented
from tools.selecting import Condition

_OPPOSITE = {"above": "at_most", "at_least": "below", "below": "at_least", "at_most": "above"}


def exact_rules(placed: Segmented, model: Json, cut: AbstractSet[int] = frozenset()) -> RuleScheme:
    """Return the conditions of each segment, with the bounds that earlier rules leave it.

    Args:
        placed: Customers with their segments.
        model: Conditions in order that the segments are made of.
        cut: Leaves that were split further; the rule of a segment that needs one of them is not exact.
    """
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
        found = _without_implied([where for where in alternatives if where])
        known = set(segment.leaves) <= set(range(len(by_leaf) + 1)) and bool(found or not cut)
        exact = known and not cut & (after | set(segment.leaves))
        rules.append(SegmentRule(found, tuple(names), 1.0, 1.0, int(placed.sizes[i]), exact))
    return RuleScheme(tuple(rules), 1.0, all(rule.exact for rule in rules), int(placed.sizes.sum()))


def _without_implied(alternatives: list[tuple[Condition, ...]]) -> tuple[tuple[Condition, ...], ...]:
    """Drop an alternative that another one holds in it: 5 to 9 beside 1 to 9."""
    kept: list[tuple[Condition, ...]] = []
    for place, one in enumerate(alternatives):
        others = [*alternatives[place + 1 :], *kept]
        if not any(all(any(_implies(own, wider) for own in one) for wider in other) for other in others):
            kept.append(one)
    return tuple(kept)


def _implies(one: Condition, other: Condition) -> bool:
    if one == other:
        return True
    plain = not one.or_ and not one.grain and not other.grain and one.column == other.column
    if not plain or not isinstance(one.value, int | float) or not isinstance(other.value, int | float):
        return False
    if one.is_ in ("above", "at_least") and other.is_ in ("above", "at_least"):
        return one.value > other.value or (one.value == other.value and other.is_ == "at_least")
    if one.is_ in ("below", "at_most") and other.is_ in ("below", "at_most"):
        return one.value < other.value or (one.value == other.value and other.is_ == "at_most")
    return False


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
            pairs = [(x, y) for x in _ends(a) for y in _ends(b)]
            if any(_below(x, y) or _below(y, x) for x, y in pairs):
                return True
    return False


def _ends(one: Condition) -> list[Condition]:
    """Part a range into its two ends; any other condition is its own only one."""
    if one.is_ != "between" or len(one.values) != 2:
        return [one]
    low, high = (
        one.model_copy(update={"is_": is_, "value": value, "values": []})
        for is_, value in zip(("at_least", "at_most"), one.values, strict=True)
    )
    return [low, high]


def _below(upper: Condition, lower: Condition) -> bool:
    """Tell whether everything `upper` allows lies below everything `lower` allows."""
    if upper.is_ not in ("below", "at_most") or lower.is_ not in ("above", "at_least"):
        return False
    if not isinstance(upper.value, int | float) or not isinstance(lower.value, int | float):
        return False
    touching = upper.is_ == "at_most" and lower.is_ == "at_least"
    return upper.value < lower.value if touching else upper.value <= lower.value
