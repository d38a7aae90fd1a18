"""Knows how one found segment is told in two or three sentences: size, what sets it apart, how sure it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.core import Json, Segment
from tools.finding.evidence import DOUBTFUL, VALID
from tools.finding.plain_rules import plain_rule
from tools.finding.segment_names import traits_of
from tools.finding.segmenting import Outcome
from tools.finding.transforms import axis as fitted_axis
from tools.quoting import Quotes
from tools.segments.segmented import Segmented
from tools.wording import listing

TRAITS_TOLD = 3
LEVELS_TOLD = 0.15


def paragraph(outcome: Outcome, placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Describe one segment in two or three sentences."""
    size = quotes.count("size", one.size, "customer", scope=one.name)
    part = quotes.share("share_of_customers_pct", one.share, one.name)
    told = f"**{one.name}**: {size}, {part} of all"
    if one.value_share is not None and placed.value is not None:
        told += f", with {quotes.share('share_of_value_pct', one.value_share, one.name)} of the "
        told += placed.label(placed.value.name)
    if placed.segmentation.kind == "tiers" and one.rule:
        return f"{told}: {_tier_rule(placed, one, quotes)}."
    told += f". {_typical(outcome, placed, one, quotes)}"
    if one.stability is not None:
        told += f" {_stability(one, quotes)}"
    return f"{told}{_as_a_rule(placed, one, quotes)}".strip()


def _tier_rule(placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Say between which values a tier lies, and what is typical in it."""
    column = placed.segmentation.features[0]
    values = placed.numbers(column)[placed.position == placed.segments.index(one)]
    values = values[~np.isnan(values)]
    if not len(values):
        return one.rule
    unit = None if "days" in placed.label(column) else placed.unit(column)
    middle = quotes.number(f"typical_{column}", float(np.median(values)), unit, one.name)
    lowest = quotes.number(f"lowest_{column}", float(values.min()), None, one.name)
    highest = quotes.number(f"highest_{column}", float(values.max()), unit, one.name)
    return f"{placed.label(column)} from {lowest} to {highest}, typically {middle}"


def _as_a_rule(placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Say where a segment is a plain rule, in full or nearly."""
    rule = plain_rule(placed, placed.segments.index(one))
    if rule is None:
        return ""
    part = quotes.share("follows_rule_pct", rule.inside, one.name)
    covered = quotes.share("rule_coverage_pct", rule.covered, one.name)
    what = rule.name.casefold()
    if rule.exact:
        return (
            f" This is the plain rule “{what}” ({rule.text}): {part} of them did, and {covered} of all who "
            "did are here. Purchases come in whole numbers, so this is no discovery."
        )
    return f" Nearly all of them {what} ({part}), which is a plain rule rather than a discovery; " + (
        f"{covered} of all who did are here."
    )


def _stability(one: Segment, quotes: Quotes) -> str:
    known = one.stability or 0.0
    rounded_over = any(known < limit <= round(known, 2) for limit in (VALID, DOUBTFUL))
    value = quotes.number("stability_jaccard", known, None, one.name, 3 if rounded_over else 2)
    if known >= VALID:
        return f"It comes back on resampled customers (Jaccard {value})."
    if known >= DOUBTFUL:
        return f"Its core comes back on resampled customers, its border does not (Jaccard {value})."
    return f"It dissolves on resampled customers (Jaccard {value}), so do not build on it."


def _typical(outcome: Outcome, placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Compare the customers of a segment with all others on what sets them apart most."""
    i = placed.segments.index(one)
    inside, others = placed.position == i, (placed.position >= 0) & (placed.position != i)
    if not others.any():
        return "It holds everybody."
    ranked = _ranking(outcome, one)
    strong: list[tuple[float, str, str]] = []
    for axis in outcome.material.choice.axes:
        feature = axis["feature"]
        if axis["kind"] == "level" or feature not in placed.segmentation.features:
            continue
        values = placed.numbers(feature)
        mine, theirs = values[inside & ~np.isnan(values)], values[others & ~np.isnan(values)]
        if not len(mine) or not len(theirs):
            continue
        use_mean = float(np.median(mine)) == float(np.median(theirs)) or feature.startswith("share_")
        kind, middle = ("average", np.mean) if use_mean else ("typical", np.median)
        a, b = float(middle(mine)), float(middle(theirs))
        spread = abs(_bent(a, axis) - _bent(b, axis))
        if spread < 0.3:
            continue
        name, label, unit = feature, placed.label(feature), placed.unit(feature)
        hidden = None if unit in ("hours",) or "days" in label else unit
        mine_word = quotes.number(f"{kind}_{name}", a, hidden, one.name)
        theirs_word = quotes.number(f"{kind}_{name}", b, hidden, f"everybody but {one.name}")
        how = "typically" if kind == "typical" else "on average"
        strong.append((spread, feature, f"{label} ({how} {mine_word} against {theirs_word})"))
    strong += _leanings(outcome, placed, inside, others, one, quotes)
    last = len(ranked)
    strong.sort(key=lambda item: (ranked.get(item[1], last), -round(item[0], 3), item[1]))
    told = [text for _, _, text in strong[:TRAITS_TOLD]]
    if not told:
        return "Nothing sets them clearly apart from everybody else."
    return f"What sets them apart from all others: {listing(told)}."


def _ranking(outcome: Outcome, one: Segment) -> dict[str, int]:
    """Return the features in the order in which they set a segment apart, without saying the same twice."""
    if outcome.model is None:
        return {}
    found = traits_of(
        outcome.material.features,
        outcome.model.sample,
        np.isin(outcome.model.labels, one.leaves),
        outcome.material.frame,
    )
    return {trait.feature: place for place, trait in enumerate(found)}


def _bent(value: float, axis: Json) -> float:
    """Return a value on the fitted axis, in standard deviations."""
    return float(fitted_axis({**axis, "weight": 1.0}, pd.DataFrame({axis["feature"]: [value]}))[0])


def _leanings(
    outcome: Outcome, placed: Segmented, inside: np.ndarray, others: np.ndarray, one: Segment, quotes: Quotes
) -> list[tuple[float, str, str]]:
    told = []
    for band in outcome.material.choice.bands:
        if band.edges or band.feature not in placed.segmentation.features:
            continue
        codes = band.codes(placed.customers[band.feature])
        n = len(band.levels)
        mine = np.bincount(codes[inside], minlength=n) / inside.sum()
        theirs = np.bincount(codes[others], minlength=n) / others.sum()
        level = int((mine - theirs).argmax())
        if mine[level] - theirs[level] < LEVELS_TOLD:
            continue
        scope = f"{band.feature} = {band.levels[level]}"
        a = quotes.share("share_pct", float(mine[level]), f"{one.name}, {scope}")
        b = quotes.share("share_pct", float(theirs[level]), f"everybody but {one.name}, {scope}")
        label = placed.label(band.feature)
        told.append(
            (
                2 * float(mine[level] - theirs[level]),
                band.feature,
                f"{label} “{band.levels[level]}” ({a} against {b})",
            )
        )
    return told
