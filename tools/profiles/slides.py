"""Knows how one segment is told in two or three sentences for a slide, and as the short text of a card."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tools.core import Column, Segment, Segmentation, Workspace
from tools.customers.feature_words import words_of
from tools.finding.evidence import DOUBTFUL, VALID
from tools.finding.plain_rules import plain_rule
from tools.finding.segment_names import FAR
from tools.profiles.describing_rules import rule_scheme
from tools.profiles.rule_words import short_rule
from tools.profiles.standing_out import is_part
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, segmented
from tools.wording import listing

MOST_TOLD = 3  # features in the sentence; the tables hold the rest
MOST_NAMED = 2  # traits in a name
CLEAR = 0.5  # standardised difference that is plain to see
A_LITTLE = 0.2  # standardised difference below which a feature is not worth a word
LEVEL_TOLD = 0.15  # difference in share from which a value of a category is worth a word


def slide(placed: Segmented, i: int, features: Sequence[str], quotes: Quotes) -> str:
    """Describe a segment in two or three sentences that stand for themselves behind its name.

    Args:
        placed: Customers with their segments.
        i: Position of the segment.
        features: What may be told, the most telling first.
        quotes: Keeps the figures as facts.
    """
    return " ".join(
        part for part in (f"{opening(placed, i, quotes)}.", *_more(placed, i, features, quotes)) if part
    )


def opening(placed: Segmented, i: int, quotes: Quotes) -> str:
    """Write size and share of value, without a full stop."""
    one = placed.segments[i]
    size = quotes.count("size", one.size, "customer", scope=one.name)
    told = f"{size} ({quotes.share('share_of_customers_pct', one.share, one.name)} of all)"
    if one.value_share is not None and placed.value is not None:
        part = quotes.share("share_of_value_pct", one.value_share, one.name)
        told += f" with {part} of {value_words(placed)}"
    return told


def value_words(placed: Segmented) -> str:
    """Return what the share of value is a share of: all spend, all purchases, the total amount."""
    name = placed.value.name if placed.value else ""
    words = words_of(placed.table, placed.definitions, name)
    if name == "total_amount":
        return "the total amount" if words.account else "all spend"
    return f"the {words.label}" if words.label.startswith("total ") else f"all {words.label}"


def _more(placed: Segmented, i: int, features: Sequence[str], quotes: Quotes) -> list[str]:
    one = placed.segments[i]
    return [typical_words(placed, i, features, quotes), _as_a_rule(placed, i, quotes), doubt(one, quotes)]


def typical_words(placed: Segmented, i: int, features: Sequence[str], quotes: Quotes) -> str:
    """Say what is typical of a segment, each figure beside that of everybody else."""
    others = (placed.position >= 0) & (placed.position != i)
    if not others.any():
        return "It holds everybody."
    phrases: list[str] = []
    for feature in features:
        column = placed.table.column(feature)
        if column is None or feature not in placed.customers or len(phrases) == MOST_TOLD:
            continue
        phrase = _number(placed, i, column, quotes) if column.kind == "number" else None
        phrase = phrase or (_category(placed, i, column, quotes) if column.kind != "number" else None)
        if phrase:
            phrases.append(phrase)
    if not phrases:
        if placed.segments[i].rule == FAR:
            return "Each is far from everybody else in the features taken together, not in one of them."
        return "Nothing in the data sets them clearly apart from everybody else."
    first = phrases[0].replace(" against ", " against everybody else's ", 1)
    return f"Typical of them: {listing([first, *phrases[1:]])}."


def _number(placed: Segmented, i: int, column: Column, quotes: Quotes) -> str | None:
    """Write a number: "17 CDs against 2"; the middle values, or the averages where the middles are equal."""
    values = placed.numbers(column.name)
    known = np.isfinite(values) & (placed.position >= 0)
    mine, theirs = values[known & (placed.position == i)], values[known & (placed.position != i)]
    if not mine.size or not theirs.size:
        return None
    name, words = placed.segments[i].name, words_of(placed.table, placed.definitions, column.name)
    if is_part(placed, column):
        a, b = float(mine.mean()), float(theirs.mean())
        first = quotes.share(f"mean_{column.name}_pct", a, name, 0)
        second = quotes.share(f"mean_{column.name}_pct", b, f"everybody but {name}", 0)
        if first == second:
            return None
        if words.is_yes_no:
            return f"{first} {words.having(words.trait(high=True, typical=1.0))} against {second}"
        return f"{words.label} {first} against {second}"
    sides = Sides.of(mine, theirs)
    use_mean = sides.middles_mislead
    kind, (a, b) = ("mean", sides.means) if use_mean else ("median", sides.medians)
    unit = placed.unit(column.name)
    unit = None if unit in ("hours", "days") else unit
    first = quotes.number(f"{kind}_{column.name}", a, unit, name)
    second = quotes.number(f"{kind}_{column.name}", b, unit, f"everybody but {name}")
    if first == second:
        return None
    return f"{'on average ' if use_mean else ''}{words.figure(first, unit=unit)} against {second}"


@dataclass(frozen=True)
class Sides:
    """Middle and average of two groups of values, and the spread of both together."""

    medians: tuple[float, float]
    means: tuple[float, float]
    spread: float

    @classmethod
    def of(cls, mine: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> Sides:
        """Measure two groups, none of them empty."""
        medians = float(np.median(mine)), float(np.median(theirs))
        means = float(mine.mean()), float(theirs.mean())
        whole = (mine.size * means[0] + theirs.size * means[1]) / (mine.size + theirs.size)
        squares = [
            side.size * (float(side.var()) + (mean - whole) ** 2)
            for side, mean in zip((mine, theirs), means, strict=True)
        ]
        return cls(medians, means, math.sqrt(sum(squares) / (mine.size + theirs.size)))

    @property
    def middles_mislead(self) -> bool:
        """Whether the two middle values look alike although the averages lie well apart."""
        spread = self.spread or 1.0
        middles, averages = (abs(a - b) / spread for a, b in (self.medians, self.means))
        return middles == 0 or (middles < A_LITTLE and averages >= CLEAR)


def _category(placed: Segmented, i: int, column: Column, quotes: Quotes) -> str | None:
    """Write the value of a category that the segment holds more of: "89.4% with contract “Monthly”"."""
    text = placed.customers[column.name].astype("str").where(placed.customers[column.name].notna(), None)
    inside, others = placed.position == i, (placed.position >= 0) & (placed.position != i)
    mine, theirs = text[inside].value_counts(normalize=True), text[others].value_counts(normalize=True)
    gaps = mine.subtract(theirs, fill_value=0.0)
    if not len(gaps):
        return None
    value = min(gaps.index, key=lambda level: (-round(float(gaps[level]), 9), str(level)))
    if float(gaps[value]) < LEVEL_TOLD:
        return None
    name, words = placed.segments[i].name, words_of(placed.table, placed.definitions, column.name)
    trait = words.category(str(value), missing="")
    first = quotes.share("share_pct", float(mine.get(value, 0.0)), f"{name}, {column.name} = {value}", 0)
    scope = f"everybody but {name}, {column.name} = {value}"
    second = quotes.share("share_pct", float(theirs.get(value, 0.0)), scope, 0)
    return f"{first} {words.having(trait)} against {second}"


def _as_a_rule(placed: Segmented, i: int, quotes: Quotes) -> str:
    """Say where a segment is a plain rule, in full or nearly."""
    rule, name = plain_rule(placed, i), placed.segments[i].name
    if rule is None:
        return ""
    part = quotes.share("follows_rule_pct", rule.inside, name)
    covered = quotes.share("rule_coverage_pct", rule.covered, name)
    what = rule.name.casefold()
    if rule.exact:
        return (
            f"This is the plain rule “{what}” ({rule.text}): {part} of them did, and {covered} of all who "
            "did are here. Purchases come in whole numbers, so this is no discovery."
        )
    return (
        f"Nearly all of them {what} ({part}), which is a plain rule rather than a discovery; {covered} of "
        "all who did are here."
    )


def doubt(one: Segment, quotes: Quotes) -> str:
    """Say where a segment is not found again in full; the table has the figure for the others."""
    if one.stability is None:
        return ""
    known = one.stability
    rounded_over = any(known < limit <= round(known, 2) for limit in (VALID, DOUBTFUL))
    value = quotes.number("stability_jaccard", known, None, one.name, 3 if rounded_over else 2)
    if known >= VALID:
        return ""
    if known >= DOUBTFUL:
        return f"Its core comes back on resampled customers, its border does not (Jaccard {value})."
    return f"It dissolves on resampled customers (Jaccard {value}), so do not build on it."


def told_first(placed: Segmented, i: int, ranked: Sequence[str]) -> list[str]:
    """Return the features worth telling: those ranked by somebody who knows, then others that differ."""
    chosen = [name for name in ranked if name in placed.segmentation.features]
    if len(chosen) >= MOST_TOLD:
        return chosen
    return [*chosen, *(name for name in ranked_features(placed, i) if name not in chosen)]


def ranked_features(placed: Segmented, i: int) -> list[str]:
    """Return the features that made the segments, from the one that sets this segment apart most."""
    strengths: list[tuple[float, str]] = []
    for name in placed.segmentation.features:
        column = placed.table.column(name)
        if column is None or name not in placed.customers:
            continue
        if column.kind != "number":
            strengths.append((-A_LITTLE, name))  # after every number that differs clearly; checked when told
            continue
        found = placed.apart(name)[i]
        if found is not None and abs(found.d) >= A_LITTLE:
            strengths.append((-round(abs(found.d), 6), name))
    return [name for _, name in sorted(strengths)]


def trait_name(placed: Segmented, i: int) -> str | None:
    """Return a name from the two strongest differences of a segment, or None where nothing sets it apart."""
    traits: list[str] = []
    for name in ranked_features(placed, i):
        column = placed.table.column(name)
        if column is None or column.kind != "number" or len(traits) == MOST_NAMED:
            continue
        values = placed.numbers(name)
        known = np.isfinite(values)
        mine, theirs = values[known & (placed.position == i)], values[known & (placed.position != i)]
        middle = float(np.median(mine)) if float(np.median(mine)) != float(np.median(theirs)) else mine.mean()
        words = words_of(placed.table, placed.definitions, name)
        trait = words.trait(high=bool(mine.mean() > theirs.mean()), typical=float(middle))
        if trait not in traits:
            traits.append(trait)
    text = ", ".join(traits)
    return text[:1].upper() + text[1:] if text else None


def carded(
    workspace: Workspace,
    segmentation: Segmentation,
    ranked: Mapping[int, Sequence[str]] | None = None,
    quotes: Quotes | None = None,
) -> Segmentation:
    """Return the segmentation with the rule of each segment, and its short text where it has none yet.

    Args:
        workspace: Tables of the customers.
        segmentation: Counted already.
        ranked: Features by key of the segment, the most telling first; by default by effect size.
        quotes: Keeps the figures of the texts as facts, where they are told too.
    """
    placed = segmented(workspace, segmentation)
    scheme = rule_scheme(workspace, placed)
    filled = []
    for i, one in enumerate(segmentation.segments):
        summary = one.summary
        if not summary and one.size:
            features = told_first(placed, i, (ranked or {}).get(one.key, ()))
            summary = " ".join(text for text in _more(placed, i, features, quotes or Quotes()) if text)
        filled.append(replace(one, summary=summary, rule=short_rule(placed, scheme, i)))
    return replace(segmentation, segments=tuple(filled))
