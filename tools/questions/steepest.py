"""Knows which period rose or fell most against the one before it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

from tools.questions.series import Series, Story

Steepest = Literal["none", "rise", "fall"]


def steepest_words(story: Story, series: Series, wanted: Steepest) -> tuple[str, list[str]] | None:
    """Name the period with the largest rise or fall on the period before it.

    Args:
        story: Writes changes, and keeps the numbers that are written.
        series: One line; only full periods next to each other are compared.
        wanted: Whether the largest rise or the largest fall is asked for.

    Returns:
        A headline and findings, or None where no two full periods follow each other.
    """
    pairs = _neighbours(series)
    if not pairs:
        return None
    sign = 1.0 if wanted == "rise" else -1.0
    in_points = story.plan.unit == "%"
    relative = {late[0]: _relative(early[1], late[1], in_points) for early, late in pairs}
    best = max(pairs, key=lambda pair: (sign * relative[pair[1][0]], pair[1][0]))
    moved = sign * (best[1][1] - best[0][1])
    what = f"{story.plan.words}{story.where}"
    if moved <= 0:
        verb = "rose" if wanted == "rise" else "fell"
        return f"{what} {verb} in no full {story.grain} against the one before", []
    told = (
        f"{what} {'rose' if wanted == 'rise' else 'fell'} most in **{story.name(best[1][0])}**:"
        f" it {_moved(story, *best)}"
    )
    amount = max(pairs, key=lambda pair: (sign * (pair[1][1] - pair[0][1]), pair[1][0]))
    if amount == best:
        return told, []
    return told, [
        f"As an amount the change was largest in {story.name(amount[1][0])}: {_moved(story, *amount)}."
    ]


_Point = tuple[date, float]


def _neighbours(series: Series) -> list[tuple[_Point, _Point]]:
    """Return the full periods with a value, each with the one before it, if nothing lies between."""
    known = dict(series.comparable())
    return [
        ((early, known[early]), (late, known[late]))
        for early, late in pairwise(series.starts)
        if early in known and late in known
    ]


def _relative(before: float, after: float, in_points: bool) -> float:
    return after - before if in_points or before <= 0 else after / before - 1.0


def _moved(story: Story, early: _Point, late: _Point) -> str:
    scope = f"{early[0]} to {late[0]}{story.where}"
    return (
        f"{story.change(early[1], late[1], scope)}, from {story.value(*early)} in {story.name(early[0])}"
        f" to {story.value(*late)} in {story.name(late[0])}"
    )
