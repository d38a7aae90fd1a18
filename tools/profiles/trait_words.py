"""Knows how what sets a segment apart reads in a sentence."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from tools.core import Column
from tools.profiles.standing_out import Lean, Standing, Trait, is_part, typical
from tools.quoting import Quotes
from tools.segments.segmented import Segmented
from tools.wording import value_word

_ADVERBS = {"large": "much ", "medium": "clearly ", "small": "somewhat "}
_YES, _NO = ("yes", "y", "true"), ("no", "n", "false")


def trait_words(placed: Segmented, found: Standing, trait: Trait, i: int, quotes: Quotes) -> str:
    """Write a trait: "a much higher last balance (typically 210,441 INR against 14,220 INR)"."""
    scope = placed.segments[i].name
    kind, inside, outside = typical(placed, found, trait.column, i)
    name, label, unit = trait.column.name, placed.label(trait.column.name), placed.unit(trait.column.name)
    lead = _compared(trait, label)
    if is_part(placed, trait.column):
        mine = quotes.share(f"mean_{name}_pct", inside, scope)
        others = quotes.share(f"mean_{name}_pct", outside, f"everybody but {scope}")
        return f"{lead} ({mine} against {others})"
    if unit and unit.casefold() in label.casefold().replace("hour", "hours"):
        unit = None  # "days since the last transaction": the label says it
    mine = quotes.number(f"{kind}_{name}", inside, unit, scope)
    others = quotes.number(f"{kind}_{name}", outside, unit, f"everybody but {scope}")
    how = "typically" if kind == "median" else "on average"
    return f"{lead} ({how} {mine} against {others})"


def _compared(trait: Trait, label: str) -> str:
    """Write direction and label: "a much higher balance", "far fewer days between purchases"."""
    adverb, up = _ADVERBS.get(trait.difference.word, ""), trait.difference.d > 0
    if trait.column.name == "mean_hour":
        return f"{'a' if adverb else 'an'} {adverb}{'later' if up else 'earlier'} {label}"
    if label.startswith("days "):
        if up:
            return f"{'many ' if adverb == 'much ' else ''}more {label}"
        return f"{'far ' if adverb == 'much ' else ''}fewer {label}"
    single = (
        re.match(r"(number|share|average|trend) ", label) or not label.endswith("s") or label.endswith("ss")
    )
    return f"{'a ' if single else ''}{adverb}{'higher' if up else 'lower'} {label}"


def lean_words(lean: Lean, i: int, placed: Segmented, quotes: Quotes) -> str:
    """Write a lean: 48.2% have contract “Month-to-month” (26.0% of everybody)."""
    scope = f"{placed.segments[i].name}, {lean.column.name} = {lean.value}"
    inside = quotes.share("share_pct", lean.index.share_inside, scope)
    base = quotes.share(
        "share_of_all_pct", lean.index.share_all, f"everybody, {lean.column.name} = {lean.value}"
    )
    label, word = placed.label(lean.column.name), value_word(lean.column, lean.value)
    told = f"have {label} “{lean.value}”"
    if word != lean.value:
        told = f"are {word}"
    elif lean.column.role == "place":
        told = f"are in {lean.value}"
    elif lean.value.casefold() in _YES:
        told = f"have {label}"
    elif lean.value.casefold() in _NO:
        told = f"have no {label}"
    return f"{inside} {told} ({base} of everybody)"


def outcome_words(placed: Segmented, i: int, quotes: Quotes) -> list[str]:
    """Write the rate of each outcome, such as churn, in a segment and among everybody."""
    told = []
    inside, everybody = placed.position == i, placed.position >= 0
    for column in placed.table.by_role("outcome"):
        yes = yes_of(placed, column)
        if yes is None:
            continue
        label = re.sub(r"^(?:is|has|was) ", "", placed.label(column.name))  # "canceled" of "is canceled"
        mine = quotes.share(f"{column.name}_rate_pct", float(yes[inside].mean()), placed.segments[i].name)
        base = quotes.share(f"{column.name}_rate_pct", float(yes[everybody].mean()), "everybody")
        told.append(f"Their {label} rate is {mine}, against {base} of everybody.")
    return told


def yes_of(placed: Segmented, column: Column) -> npt.NDArray[np.bool_] | None:
    """Tell for each customer whether a yes/no column says yes; None where it is no such column."""
    if column.name not in placed.customers:
        return None
    if column.kind in ("number", "boolean"):
        numbers = placed.numbers(column.name)
        known = set(np.unique(numbers[np.isfinite(numbers)]).tolist())
        return np.nan_to_num(numbers) > 0 if known <= {0.0, 1.0} else None
    folded = placed.customers[column.name].astype("str").str.strip().str.casefold()
    known_words = set(folded.dropna().unique()) - {"nan", "none", "<na>", ""}
    return folded.isin(_YES).to_numpy(dtype=bool) if known_words <= {*_YES, *_NO} else None
