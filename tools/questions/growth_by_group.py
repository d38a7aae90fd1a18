"""Knows which groups grew and which fell between two periods, and by how much each of them did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.core import Json, ResultTable, Scalar, ToolResult
from tools.errors import ToolError
from tools.figures import bars
from tools.questions.aggregating import Aggregated
from tools.questions.grouping import Key
from tools.questions.measuring import Plan
from tools.questions.phrasing import bare, group_noun, group_words, note_digits, preposition, write
from tools.questions.series import Story
from tools.wording import listing, number, sentence

MOST_TOLD = 12  # groups that are named because nothing can be said of them; the rest is counted
MOST_BARS = 40


@dataclass(frozen=True)
class _Moved:
    """One group: its name, how prose writes it, and its values in the periods, in their order."""

    name: str
    words: str
    values: tuple[Scalar, ...]

    @property
    def ends(self) -> tuple[float, float] | None:
        first, last = self.values[0], self.values[-1]
        known = isinstance(first, int | float) and isinstance(last, int | float)
        return (float(first), float(last)) if known else None  # type: ignore[arg-type]

    @property
    def difference(self) -> float | None:
        """Return the last value less the first."""
        return None if self.ends is None else self.ends[1] - self.ends[0]

    def change(self, plan: Plan) -> float | None:
        """Return the change in percent, or in points of a percentage; None from nothing."""
        if self.ends is None:
            return None
        before, after = self.ends
        if plan.unit == "%":
            return after - before
        return 100.0 * (after / before - 1.0) if before > 0 else None


def told_by_group(made: Sequence[Aggregated], names: Sequence[str], story: Story, whole: str) -> ToolResult:
    """Tell which group grew most and which fell most between the first period and the last.

    Args:
        made: The measure by group in each period, in their order.
        names: What the periods are called.
        story: Writes changes, and keeps the numbers that are written.
        whole: The change over all groups together, as a sentence.

    Raises:
        ToolError: If no group has a value in both periods.
    """
    plan, key = made[0].plans[0], made[0].keys[0]
    groups = _moves(made)
    growth = {each.name: change for each in groups if (change := each.change(plan)) is not None}
    if not growth:
        raise ToolError(
            f"No {group_noun(key)} has a value both in {names[0]} and in {names[-1]}.",
            "Choose other periods.",
        )
    _note(story, key, groups, growth, names)
    known = [each for each in groups if each.name in growth]
    best = max(known, key=lambda each: (growth[each.name], each.name))
    worst = min(known, key=lambda each: (growth[each.name], each.name))
    if not (key.ordered or key.is_calendar):
        groups.sort(key=lambda each: (-growth.get(each.name, float("-inf")), each.name))
    table, figures = _shown(plan, key, groups, growth, names)
    return ToolResult(
        sentence(_headline(story, key, best, worst, growth, names)),
        (*story.quotes.facts, *(fact for each in made for fact in each.facts)),
        (whole, *_largest_gap(story, known, best, preposition(key))),
        (table,),
        figures,
        tuple(dict.fromkeys([*_from_nothing(story, groups, growth), *made[0].caveats])),
    )


def _note(
    story: Story, key: Key, groups: Sequence[_Moved], growth: Mapping[str, float], names: Sequence[str]
) -> None:
    """Record every value and every change that the table shows."""
    plan = story.plan
    in_points = plan.unit == "%"
    for each in groups:
        note_digits(story.quotes, key, each.name)
        for period, value in zip(names, each.values, strict=True):
            story.quotes.note(plan.name, value, plan.unit, f"{each.name}; {period}")
        if each.name in growth:
            name = "change_percentage_points" if in_points else "change_pct"
            story.quotes.note(name, growth[each.name], None if in_points else "%", each.name)


def _headline(
    story: Story, key: Key, best: _Moved, worst: _Moved, growth: Mapping[str, float], names: Sequence[str]
) -> str:
    """Name the group that grew most and the one that fell most."""
    words, place = story.plan.words, preposition(key)
    moved = _moved(story, best, names)
    if growth[best.name] > 0:
        told = f"{words} grew most {place} **{best.words}**: it {moved}"
    else:
        told = (
            f"{words} grew {place} no {group_noun(key)}; it fell least {place} **{best.words}**: it {moved}"
        )
    if worst is not best:
        how = "fell most" if growth[worst.name] < 0 else "grew least"
        told += f"; it {how} {place} **{worst.words}**: it {_moved(story, worst, names)}"
    return told


def _from_nothing(story: Story, groups: Sequence[_Moved], growth: Mapping[str, float]) -> list[str]:
    left = [each.words for each in groups if each.name not in growth]
    if not left:
        return []
    story.quotes.note("n_groups_without_growth", len(left))
    more = f" and {number(len(left) - MOST_TOLD)} more" if len(left) > MOST_TOLD else ""
    shown = listing(left[:MOST_TOLD])
    return [f"For {shown}{more} no growth can be stated: there was nothing to grow from."]


def _shown(
    plan: Plan, key: Key, groups: Sequence[_Moved], growth: Mapping[str, float], names: Sequence[str]
) -> tuple[ResultTable, tuple[Json, ...]]:
    """Return the table of all groups, and bars of their growth unless they are too many to be told apart."""
    column = f"change {'points' if plan.unit == '%' else '%'}"
    rows = tuple((g.name, *g.values, g.difference, growth.get(g.name)) for g in groups)
    table = ResultTable(
        f"Growth of {bare(plan)} by {group_noun(key)}".replace("`", ""),
        (key.title, *names, "change", column),
        rows,
        (None, *(plan.unit for _ in names), plan.unit, "%"),
    )
    drawn = [each.name for each in groups if each.name in growth]
    if len(drawn) > MOST_BARS:
        return table, ()
    values = {column: [growth[name] for name in drawn]}
    return table, (bars(drawn, values, table.title, key.title, column),)


def _moves(made: Sequence[Aggregated]) -> list[_Moved]:
    """Return every group with its values; what adds up is 0 where a period has no rows of the group."""
    plan, key = made[0].plans[0], made[0].keys[0]
    found = [{row.name: row for row in each.named} for each in made]
    raw = {row.name: row.raw[0] for each in made for row in each.named}
    empty: Scalar = 0 if plan.additive or plan.measure.statistic == "count_distinct" else None
    names = sorted(raw, key=lambda name: (raw[name], name) if key.ordered or key.is_calendar else (0, name))
    return [
        _Moved(
            name,
            group_words(key, raw[name], name),
            tuple(rows[name].values[0] if name in rows else empty for rows in found),
        )
        for name in names
    ]


def _moved(story: Story, group: _Moved, names: Sequence[str]) -> str:
    """Write how far one group moved, and from where to where."""
    before, after = group.ends or (0.0, 0.0)
    scope = f"{group.name}; {names[0]} to {names[-1]}"
    plan = story.plan
    return (
        f"{story.change(before, after, scope)}, from {write(plan, before)} in {names[0]}"
        f" to {write(plan, after)} in {names[-1]}"
    )


def _largest_gap(story: Story, known: Sequence[_Moved], best: _Moved, place: str) -> list[str]:
    """Name the group that grew most as an amount, where another one grew most in percent."""
    most = max(known, key=lambda each: (each.difference or 0.0, each.name))
    if story.plan.unit == "%" or most is best or not most.difference or most.difference <= 0:
        return []
    shown = story.quotes.number("change", most.difference, story.plan.unit, most.name)
    return [f"As an amount it grew most {place} {most.words}: by {shown}."]
