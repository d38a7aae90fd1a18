"""Knows how segments are named from their strongest differences, claiming nothing that is not in the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.customers.feature_words import words_of
from tools.customers.features import CustomerFrame
from tools.finding.choosing import Choice
from tools.finding.evidence import Floats, Ints
from tools.finding.groups import Points
from tools.finding.transforms import value_at
from tools.placing.axes import MISSING
from tools.wording import plain_name

CLEAR = 0.5  # difference in standard deviations from which a number names a segment
ALIKE = 0.6  # features correlated more than this name a segment only once
MORE_OFTEN = 0.25  # difference in share from which a value names a segment
UNUSUAL = "Unusual customers"
FAR = "far from everybody else"  # the rule of the unusual ones
MIXED = "Middle of the field"
_UPWARD = ("high", "many", "long", "old", "large", "late")
_GRADUAL = (*_UPWARD, "low", "few", "short", "young", "small", "early", "recent")


@dataclass(frozen=True, slots=True)
class Trait:
    """One way in which a segment differs: the words for a name, and how strongly."""

    feature: str
    words: str
    strength: float
    level: str | None = None


def name_segments(
    choice: Choice,
    sample: Points,
    labels: Ints,
    n_leaves: int,
    frame: CustomerFrame,
    unusual: Sequence[int] = (),
) -> list[str]:
    """Name every leaf; names are distinct.

    Args:
        choice: Features, as the sample was measured.
        sample: Customers.
        labels: Leaf of each.
        n_leaves: Number of leaves.
        frame: Labels of the features.
        unusual: Leaves of customers far from all others.
    """
    traits = [traits_of(choice, sample, labels == leaf, frame) for leaf in range(n_leaves)]
    chosen: dict[int, list[Trait]] = {}
    for leaf in range(n_leaves):
        if leaf in unusual:
            continue
        taken = [_said(other) for other in chosen.values()]
        candidates = [traits[leaf][:n] for n in (2, 3, 4)]
        chosen[leaf] = next((one for one in candidates if _said(one) not in taken), candidates[-1])
        twin = next(
            (other for other in chosen if other < leaf and _said(chosen[other]) == _said(chosen[leaf])), None
        )
        if twin is not None and chosen[leaf]:
            _tell_apart(chosen, twin, leaf, choice, sample, labels)
    words = [
        UNUSUAL if leaf in unusual else ", ".join(trait.words for trait in chosen[leaf]) or MIXED
        for leaf in range(n_leaves)
    ]
    return _distinct([_capital(each) for each in words])


def _said(traits: Sequence[Trait]) -> frozenset[str]:
    """Return what a name says, whatever stands first."""
    return frozenset(trait.words.casefold() for trait in traits)


def _tell_apart(
    chosen: dict[int, list[Trait]], one: int, other: int, choice: Choice, sample: Points, labels: Ints
) -> None:
    """Say "very" of the trait in which two segments of the same traits differ most."""
    axis_of = {axis["feature"]: i for i, axis in enumerate(choice.axes)}
    gaps = []
    for trait in chosen[other]:
        if trait.feature in axis_of and trait.words.split()[0] in _GRADUAL:
            axis = sample.axes[:, axis_of[trait.feature]]
            gap = float(axis[labels == other].mean() - axis[labels == one].mean())
            gaps.append((abs(gap), gap, trait))
    if not gaps:
        return
    _, gap, trait = max(gaps, key=lambda each: (each[0], each[2].feature))
    further = other if (gap > 0) == (trait.words.split()[0] in _UPWARD) else one
    stressed = replace(trait, words=f"very {trait.words}")
    rest = [each for each in chosen[further] if each.feature != trait.feature]
    chosen[further] = [stressed, *rest]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def traits_of(choice: Choice, sample: Points, inside: np.ndarray, frame: CustomerFrame) -> list[Trait]:
    """Return what sets some customers apart on the features used, strongest first, one trait a feature."""
    found: list[Trait] = []
    if not inside.any() or inside.all():
        return found
    texts = {one.feature for one in choice.bands if not one.edges}
    for i, axis in enumerate(choice.axes):
        feature = axis["feature"]
        if feature in texts:
            continue
        values = sample.axes[:, i]
        difference = float(values[inside].mean() - values[~inside].mean()) / float(axis["weight"])
        if abs(difference) >= CLEAR:
            typical = float(np.median(values[inside])) / float(axis["weight"])
            name = words_of(frame.table, frame.definitions, feature).trait(
                high=difference > 0, typical=value_at(axis, typical)
            )
            found.append(Trait(feature, name, abs(difference)))
    for position, one in enumerate(choice.bands):
        if one.edges:
            continue
        codes = sample.codes[:, position]
        shares = np.bincount(codes[inside], minlength=len(one.levels)) / inside.sum()
        others = np.bincount(codes[~inside], minlength=len(one.levels)) / (~inside).sum()
        level = int((shares - others).argmax())
        more = float(shares[level] - others[level])
        if more >= MORE_OFTEN and shares[level] > 0.5:
            text = one.levels[level]
            name = words_of(frame.table, frame.definitions, one.feature).category(text, missing=MISSING)
            found.append(Trait(one.feature, name, 2 * more, text))
    found.sort(key=lambda trait: (-round(trait.strength, 2), trait.feature))
    return _saying_something_new(found, choice, sample)


def _saying_something_new(traits: list[Trait], choice: Choice, sample: Points) -> list[Trait]:
    """Drop traits in words used before, and put those that mostly repeat a stronger one behind the others."""
    axis_of = {axis["feature"]: i for i, axis in enumerate(choice.axes)}
    rows = sample.axes[:: max(1, len(sample) // 5000)]
    fresh: list[Trait] = []
    repeating: list[Trait] = []
    for trait in traits:
        if any(trait.words.casefold() == other.words.casefold() for other in fresh + repeating):
            continue
        values = rows[:, axis_of[trait.feature]]
        alike = [_correlation(values, rows[:, axis_of[other.feature]]) for other in fresh]
        (repeating if any(abs(r) > ALIKE for r in alike) else fresh).append(trait)
    return fresh + repeating


def _correlation(first: Floats, second: Floats) -> float:
    a, b = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def label_of(frame: CustomerFrame, feature: str) -> str:
    """Return the words for a feature."""
    definition = frame.definitions.get(feature)
    if definition and definition.how != "attribute":
        return definition.label.replace("_", " ")
    return plain_name(feature)
