"""Knows what a marketer could try next with a segment, why, and how to test it; it promises nothing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from tools.core import Column, ResultTable, Scalar
from tools.customers.needs import LEAVING
from tools.effects import per_arm_for_means, per_arm_for_rates
from tools.profiles.standing_out import Lean, Trait
from tools.profiles.trait_words import yes_of
from tools.quoting import Quotes
from tools.segments.segmented import Segmented

_RISE = 0.10  # change of a mean that a test is sized for
_POWER, _LEVEL = 80, 5


@dataclass(frozen=True, slots=True)
class Idea:
    """What to try where a column whose name matches stands out in this direction."""

    pattern: str
    higher: bool
    what: str
    because: str
    least: float = 0.2  # size of the standardised difference from which it is worth saying


# Read in order of the segment's own traits; the first idea that fits the strongest trait is taken.
IDEAS = (
    Idea(
        "share of the largest",
        True,
        "make the next purchase easy",
        "most of what they spent was one purchase",
    ),
    Idea(
        "share of the largest",
        False,
        "thank them, and suggest something that goes with what they have",
        "they spread what they spend over several purchases",
    ),
    Idea(
        "days between purchases",
        False,
        "offer a reorder or a subscription",
        "they buy again sooner than others",
    ),
    Idea(
        "days between purchases",
        True,
        "remind them in their own, slower rhythm",
        "they wait longer than others",
    ),
    Idea("cash advance", True, "explain cheaper ways to borrow", "they draw cash on credit more than others"),
    Idea(
        "recency|days since the last",
        True,
        "send a reminder with a reason to come back",
        "their last purchase lies further back than everybody else's",
    ),
    Idea(
        "recency|days since the last",
        False,
        "follow up while the last purchase is fresh",
        "they were here more recently than everybody else",
    ),
    Idea(
        "full payment",
        True,
        "offer rewards for use rather than credit",
        "they pay in full more often than others",
    ),
    Idea("minimum payment", True, "offer a repayment plan", "their minimum payments are higher than others'"),
    Idea(
        "trend",
        False,
        "ask a few of them what has changed",
        "they spent less in the second half than in the first",
    ),
    Idea(
        "trend",
        True,
        "thank them, and ask what brought them back",
        "they spent more in the second half than in the first",
    ),
    Idea("night share", True, "time messages for the night hours", "that is when they are active"),
    Idea("evening share", True, "time messages for the evening", "that is when they are active"),
    Idea("afternoon share", True, "time messages for the afternoon", "that is when they are active"),
    Idea("morning share", True, "time messages for the morning", "that is when they are active"),
    Idea("weekend share", True, "time messages for the weekend", "that is when they are active"),
    Idea(
        "credit limit", True, "invite them to products for larger sums", "their limit is higher than others'"
    ),
    Idea("debt", True, "offer a repayment plan or a lower rate for instalments", "they owe more than others"),
    Idea(
        "balance",
        True,
        "invite them to a conversation about saving or investing",
        "the balance they already hold stands out",
    ),
    Idea("balance", False, "keep to small, everyday offers", "they hold less than others"),
    Idea(
        "transactions|frequency|orders|purchases count|bought again|trx",
        True,
        "thank them, and ask for a second product or a referral",
        "they come more often than everybody else",
    ),
    Idea(
        "transactions|frequency|orders|bought again|trx",
        False,
        "make the next purchase easy",
        "they come less often than everybody else",
    ),
    Idea("installment|instalment", True, "lead with payment in instalments", "they use it more than others"),
    Idea(
        "amount|spend|purchase|revenue|value|charges|monetary",
        True,
        "give them early access or a personal contact",
        "each of them is worth more so far than others are",
        least=0.5,
    ),
    Idea(
        "amount|spend|purchase|revenue|value|charges|monetary",
        True,
        "suggest the next larger purchase",
        "they already spend more than most",
    ),
    Idea(
        "amount|spend|purchase|revenue|value|charges|monetary",
        False,
        "try a bundle or a small step up",
        "they spend less than others",
    ),
    Idea(
        "miles|points|bonus",
        True,
        "show them what their balance of points can buy now",
        "they collect more than others",
    ),
    Idea(
        "tenure|enroll|days since the first",
        True,
        "mark the anniversary of their first purchase",
        "they have been here longer than others",
    ),
    Idea("tenure|enroll|days since the first", False, "send a welcome series", "they are newer than others"),
)


def idea_for(placed: Segmented, traits: list[Trait], leans: list[Lean]) -> tuple[str, str]:
    """Return one thing to try, and the reason for it."""
    for trait in traits:
        words = f"{_meaning(placed, trait.column)} {placed.label(trait.column.name)}".casefold()
        for idea in IDEAS:
            fits = idea.higher == (trait.difference.d > 0) and abs(trait.difference.d) >= idea.least
            if fits and re.search(idea.pattern, words):
                return idea.what, idea.because
    chosen = next((lean for lean in leans if not lean.column.protected and lean.index.index > 120), None)
    if chosen is not None and chosen.column.role not in ("outcome", "place"):
        return f"lead with {chosen.value} ({placed.label(chosen.column.name)})", "it is over-represented here"
    if traits:
        label = placed.label(traits[0].column.name)
        return f"ask a few of them about {label}", "they differ most there and the data do not say why"
    return (
        "start with what everybody gets",
        "nothing in the data calls for treating them in a way of their own",
    )


def _meaning(placed: Segmented, column: Column) -> str:
    """Say what kind of balance it is: money owed where the table also knows a credit limit."""
    words = placed.label(column.name).casefold()
    on_credit = any("limit" in placed.label(other.name).casefold() for other in placed.table.columns)
    return "debt" if on_credit and re.fullmatch(r"(.* )?balance", words) else ""


@dataclass(frozen=True, slots=True)
class Trial:
    """How to find out in one segment whether an idea works.

    Attributes:
        measure: What to watch.
        now: Its rate today, 0 to 1, or None for a mean.
        change: Smallest change that the trial can show: of a rate in parts of one, of a mean relative to it.
        held_back: Customers to leave out at random, as many as are treated; 0 where no trial can tell.
        whole: It takes the whole segment, half against half.
    """

    measure: str
    now: float | None
    change: float
    held_back: int
    whole: bool


def trial(placed: Segmented, i: int) -> Trial:
    """Plan a hold-out test, for a change worth having, or else for what half against half would show."""
    half = int(placed.sizes[i]) // 2
    target = _rate(placed, i)
    if target is not None:
        measure, now, wanted = target
        change = _change(now, wanted)
        needed = per_arm_for_rates(now, change)
        if needed > half:
            change = _visible_rate(now, -1 if change < 0 else 1, half)
        return Trial(measure, now, change, min(needed, half) if change else 0, needed >= half)
    column = placed.value
    values = placed.numbers(column.name)[placed.position == i] if column else np.array([])
    values = values[np.isfinite(values)]
    if column is None or values.size < 2 or values.mean() <= 0:
        return Trial("what the offer is for", None, 0.0, half, whole=True)
    needed = per_arm_for_means(float(values.mean()), float(values.std()), _RISE)
    change = _RISE if needed <= half else _RISE * math.sqrt(needed / max(1, half))
    held_back = min(needed, half) if change <= 1 else 0
    return Trial(f"mean {placed.label(column.name)}", None, change, held_back, needed >= half)


def trial_words(placed: Segmented, i: int, planned: Trial, quotes: Quotes) -> str:
    """Say how many customers to leave out so that a test can show whether the idea works."""
    scope = f"test in {placed.segments[i].name}"
    if not planned.held_back:
        return "They are too few, or too uneven, for a test of their own: test the idea on a larger group."
    if planned.now is None and not planned.change:
        return "To find out whether it works, hold back half of them at random and compare the halves."
    if planned.now is not None:
        then = quotes.share("target_rate_pct", planned.now + planned.change, scope)
        goal = f"{planned.measure} moving from {quotes.share('base_rate_pct', planned.now, scope)} to {then}"
    else:
        size = quotes.share("smallest_change_pct", planned.change, scope, 0)
        goal = f"a change of {size} in the {planned.measure}"
    groups = quotes.number("held_back", planned.held_back, None, scope)
    if planned.whole:
        return (
            f"To find out whether it works, hold back half of them ({groups}) at random: enough to notice "
            f"{goal}, and nothing smaller."
        )
    return (
        f"To find out whether it works, hold back {groups} of them at random and treat {groups} others: "
        f"enough to notice {goal}."
    )


def trial_table(placed: Segmented, ideas: dict[int, tuple[str, str]]) -> ResultTable:
    """Return an idea for each segment with its reason and the test that shows whether it works."""
    rows: list[tuple[Scalar, ...]] = []
    for i, (what, because) in ideas.items():
        planned = trial(placed, i)
        shown = planned.held_back and planned.change
        moves = None if not shown else f"{100 * planned.change:+.0f}%"
        if shown and planned.now is not None:
            moves = f"{100 * planned.now:.1f}% to {100 * (planned.now + planned.change):.1f}%"
        rows.append(
            (placed.segments[i].name, what, because, planned.measure, moves, planned.held_back or None)
        )
    columns = (
        "Segment",
        "Idea to try",
        "Because",
        "Watch",
        "Change the test can show",
        "Hold back (and treat)",
    )
    title = "What to try next, and how to find out whether it works"
    return ResultTable(title, columns, tuple(rows), (None, None, None, None, None, "customers"))


def _visible_rate(rate: float, direction: int, per_arm: int) -> float:
    """Return the smallest change of a rate that this many customers a side can show; 0 where none can."""
    room = rate if direction < 0 else 1 - rate
    low, high = 0.0, 0.999 * room
    if room <= 0 or per_arm_for_rates(rate, direction * high) > per_arm:
        return 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (low, middle) if per_arm_for_rates(rate, direction * middle) <= per_arm else (middle, high)
        )
    return direction * high


def test_words(quotes: Quotes) -> str:
    """Say what the sizes of the tests assume."""
    power, level = quotes.number("power", _POWER, "%", "test"), quotes.number("level", _LEVEL, "%", "test")
    return f"Test sizes are for a power of {power} at the {level} level, two-sided."


def _change(rate: float, wanted: int) -> float:
    """Return a change worth finding: a fifth of the rate, between 1 and 5 points, in the wanted direction."""
    size = min(0.05, max(0.01, 0.2 * rate))
    direction = wanted if 0 < rate + wanted * size < 1 else -wanted
    return direction * size


def _rate(placed: Segmented, i: int) -> tuple[str, float, int] | None:
    """Return the outcome to watch, its rate in the segment, and whether it should rise (1) or fall (-1)."""
    inside = placed.position == i
    for column in placed.table.by_role("outcome"):
        found = yes_of(placed, column)
        if found is not None and inside.any():
            lost = bool(LEAVING.search(column.name))
            return f"the {placed.label(column.name)} rate", float(found[inside].mean()), -1 if lost else 1
    if "n_transactions" in placed.customers and inside.any():
        again = placed.numbers("n_transactions")[inside] >= 2
        if 0 < again.mean() < 0.9:
            return "the share that buys more than once", float(again.mean()), 1
    return None
