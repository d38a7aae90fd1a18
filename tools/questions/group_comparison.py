"""Knows the tool `compare_groups`: how large a difference is, before whether it could be chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.core import Column, DataTable, Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.effects import LARGE, MEDIUM, SMALL, Z95, wilson
from tools.errors import ToolError
from tools.figures import bars, boxes
from tools.frames import open_table
from tools.questions.aggregating import Aggregated, Request, Row, compute
from tools.questions.cross_tables import cross_table
from tools.questions.distributions import measures_of
from tools.questions.grouping import Key
from tools.questions.measure_words import row_noun
from tools.questions.measuring import is_yes_no, yes_values
from tools.questions.phrasing import ExactQuotes, group_words, note_digits, share_digits
from tools.questions.reservations import row_caveats
from tools.quoting import Quotes
from tools.selecting import Condition, GroupBy, Measure, columns_named, find_column, fold
from tools.wording import label, listing, number, sentence

Claim = Literal["none", "higher", "lower"]
FEWEST = 2  # values that a group needs before its spread means anything
MOST_GROUPS = 12
HUGE = 10_000  # rows from which a tiny p-value says little
HARDLY = 0.1  # a standardised difference below this is of no practical use


@dataclass(frozen=True)
class Group:
    """A group's size, average, spread and quartiles, in the column's unit."""

    name: str
    words: str
    n: int
    mean: float
    std: float
    low: float
    quartiles: tuple[float, float, float]
    high: float


@dataclass(frozen=True)
class Gap:
    """Difference of two averages: with Welch's 95% interval, Hedges' g and its interval, and p."""

    difference: float
    low: float
    high: float
    g: float | None
    g_low: float | None
    g_high: float | None
    p: float


def gap_between(first: Group, second: Group) -> Gap | None:
    """Compare two averages without assuming equal spread; None where neither group varies.

    Source: Welch (1947), The generalization of Student's problem; Hedges (1981), Distribution theory for
    Glass's estimator of effect size.
    """
    from scipy import special  # late: 0.3 s

    parts = first.std**2 / first.n, second.std**2 / second.n
    error = math.sqrt(sum(parts))
    difference = first.mean - second.mean
    if error == 0:
        return None
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (first.n - 1) + parts[1] ** 2 / (second.n - 1))
    p = 2 * float(special.stdtr(freedom, -abs(difference / error)))
    half = float(special.stdtrit(freedom, 0.975)) * error
    both = first.n + second.n - 2
    pooled = math.sqrt(((first.n - 1) * first.std**2 + (second.n - 1) * second.std**2) / both)
    g = difference / pooled * (1 - 3 / (4 * both - 1)) if pooled > 0 else None
    if g is None:
        return Gap(difference, difference - half, difference + half, None, None, None, p)
    reach = Z95 * math.sqrt((first.n + second.n) / (first.n * second.n) + g * g / (2 * (first.n + second.n)))
    return Gap(difference, difference - half, difference + half, g, g - reach, g + reach, p)


@tool
def compare_groups(
    workspace: Workspace,
    *,
    column: str,
    by: str,
    values: Sequence[str] = (),
    where: Sequence[Condition] = (),
    claim: Claim = "none",
    table: str | None = None,
) -> ToolResult:
    """Compare a column between groups: size of the difference, its interval, and whether it could be chance.

    Use it for "do men and women differ in ...", "is the difference significant", "compare A and B".

    Args:
        workspace: The data.
        column: What is compared: a number, a yes/no column or a category.
        by: Column that makes the groups.
        values: Two or more groups to compare; all if empty.
        where: Conditions that all hold for the rows used.
        claim: What the question takes the first of `values` to be: the answer then says yes or no.
        table: Name of a loaded table, or customers.
    """
    chosen, _ = open_table(workspace, table, [column, by, *sorted(columns_named(where))])
    found, grouping = find_column(chosen, column), find_column(chosen, by)
    conditions = list(where)
    if values:
        conditions.append(
            Condition.model_validate({"column": grouping.name, "is": "in", "values": list(values)})
        )
    if is_yes_no(found):
        return _rates(workspace, chosen, found, grouping, conditions)
    if found.kind != "number":
        return cross_table(
            workspace,
            rows=grouping.name,
            columns=found.name,
            where=conditions,
            normalise="rows",
            table=chosen.name,
        )
    return _averages(workspace, chosen, found, grouping, conditions, claim, values[0] if values else "")


def _by(column: Column) -> tuple[GroupBy]:
    return (GroupBy(column=column.name, grain=None, bins=None, n_bins=None),)


# ------------------------------------------------------------------ averages


def _averages(
    workspace: Workspace,
    table: DataTable,
    column: Column,
    by: Column,
    where: Sequence[Condition],
    claim: Claim,
    subject: str,
) -> ToolResult:
    measures = measures_of(column, ("count", "mean", "std"), (0.05, 0.25, 0.5, 0.75, 0.95))
    made = compute(
        workspace, Request(tuple(measures), _by(by), tuple(where), table=table.name, whole_measures=1)
    )
    key, quotes = made.keys[0], ExactQuotes()
    groups = [_group(key, row, quotes) for row in made.named if isinstance(row.values[0], int | float)]
    usable = [group for group in groups if group.n >= FEWEST]
    if len(usable) < 2:
        raise ToolError(
            f"There are not two groups of {by.name} with at least two values of {column.name}.",
            "Choose another grouping or loosen the conditions.",
        )
    shown = usable if key.ordered else sorted(usable, key=lambda group: (-group.n, group.name))
    teller = _Averages(column, by, quotes, row_noun(table), _where(made, where, by))
    gap = gap_between(*_ranked(shown)) if len(shown) == 2 else None
    if len(shown) == 2 and is_yes_no(by):
        shown = [_as_answer(by, group) for group in shown]
    if len(shown) == 2 and claim != "none":
        subject = subject or next(iter(yes_values(by)), shown[0].name)
        teller.claimed(claim, subject)
    headline = teller.two(*_ranked(shown), gap) if len(shown) == 2 else teller.several(shown)
    findings = (
        teller.two_findings(*_ranked(shown), gap) if len(shown) == 2 else teller.several_findings(shown)
    )
    caveats = [*made.caveats, *row_caveats(made)]
    small = [group for group in groups if group.n < FEWEST]
    if small:
        n = quotes.number("n_groups_too_small", len(small))
        many = len(small) > 1
        which = f"{n} groups with a single value ({small[0].words} and others)" if many else small[0].words
        reason = "cannot be compared and are" if many else "has a single value and is"
        caveats.append(f"{which} {reason} left out.")
    if made.absent[0]:
        missing = quotes.count("n_missing", made.absent[0], *row_noun(table))
        caveats.append(f"{missing} without {column.name} {'is' if made.absent[0] == 1 else 'are'} left out.")
    if made.n_unnamed:
        unnamed = quotes.count("n_without_group", made.n_unnamed, *row_noun(table))
        caveats.append(f"{unnamed} without {by.name} {'is' if made.n_unnamed == 1 else 'are'} left out.")
    for group in shown[:30]:
        teller.note(group)
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), findings,
        (_group_table(column, by, shown, row_noun(table)[1]),), (_boxes(column, key, shown),),
        tuple(dict.fromkeys(caveats)),
    )  # fmt: skip


def _where(made: Aggregated, where: Sequence[Condition], by: Column) -> str:
    """Return the filter in words, unless all that it does is to choose the groups."""
    only_groups = all(condition.column == by.name for condition in where)
    told = made.selection.beside if by.derived_from else made.selection.words
    return f" where {told}" if told and not only_groups else ""


def _group(key: Key, row: Row, quotes: Quotes) -> Group:
    values = [float(value) if isinstance(value, int | float) else 0.0 for value in row.values]
    n, mean, std, low, first, middle, third, high = values
    words = group_words(key, row.raw[0], row.labels[0])
    note_digits(quotes, key, row.labels[0])
    return Group(row.name, words, int(n), mean, std, low, (first, middle, third), high)


def _as_answer(by: Column, group: Group) -> Group:
    """Name the groups of a yes/no column in words that do not read as an answer."""
    yes = group.name in yes_values(by)
    return replace(group, words=f"those with {label(by)} = {group.name}" if yes else "the others")


def _ranked(groups: Sequence[Group]) -> tuple[Group, Group]:
    first, second = groups
    return (first, second) if first.mean >= second.mean else (second, first)


class _Averages:
    """Writes about averages of groups."""

    def __init__(
        self, column: Column, by: Column, quotes: Quotes, nouns: tuple[str, str], where: str
    ) -> None:
        self.column, self.by, self.quotes, self.nouns, self.where = column, by, quotes, nouns, where
        self.claim, self.subject = "none", ""

    def claimed(self, claim: Claim, subject: str) -> None:
        """Remember what the question takes for granted, so that the answer says yes or no to it."""
        self.claim, self.subject = claim, fold(subject)

    def _value(self, name: str, value: float, scope: str) -> str:
        self.quotes.note(name, value, self.column.unit, scope)
        return number(value, self.column.unit)

    def note(self, group: Group) -> None:
        """Record a group's numbers."""
        scope = f"{self.by.name} = {group.name}{self.where}"
        for name, value in (("mean", group.mean), ("median", group.quartiles[1]), ("std", group.std)):
            self.quotes.note(name, value, self.column.unit, scope)
        self.quotes.note(f"n_{self.nouns[1]}", group.n, self.nouns[1], scope)

    def _mean(self, group: Group) -> str:
        return self._value("mean", group.mean, f"{self.by.name} = {group.name}{self.where}")

    def two(self, high: Group, low: Group, gap: Gap | None) -> str:
        name = label(self.column)
        if gap is None:
            same = high.mean == low.mean
            verdict = "no difference" if same else "a fixed difference"
            each = f"{self._mean(high)} for every {high.words} and {self._mean(low)} for every {low.words}"
            return f"{verdict}: {name} is {each}"
        numbers = f"**{self._mean(high)}** for {high.words} against **{self._mean(low)}** for {low.words}"
        size = abs(gap.g or 0.0)
        pct = ""
        if low.mean > 0:
            share = 100 * (high.mean / low.mean - 1)
            scope = self._scope(high, low)
            more = self.quotes.number("difference_pct", share, "%", scope, digits=share_digits(share))
            pct = f" ({more} higher)"
        what = f"the average {name}{self.where} is {numbers}{pct}"
        if gap.low <= 0 <= gap.high:
            return f"no clear difference: {what}, which chance alone can explain"
        if size < HARDLY:
            return (
                f"hardly any difference: {what}; that is more than chance,"
                " but very small beside the spread within the groups"
            )
        if self.claim != "none":
            higher = fold(high.name) == self.subject
            holds = higher == (self.claim == "higher")
            return f"{'yes' if holds else 'no, the other way round'}: {what}, a {_size(size)} difference"
        return f"yes, they differ: {what}, a {_size(size)} difference"

    def _scope(self, high: Group, low: Group) -> str:
        return f"{high.name} against {low.name}{self.where}"

    def two_findings(self, high: Group, low: Group, gap: Gap | None) -> tuple[str, ...]:
        if gap is None:
            return ()
        scope, told = self._scope(high, low), []
        self.quotes.note("confidence_pct", 95, "%")
        ends = [
            self._value(name, value, scope)
            for name, value in (("difference_low", gap.low), ("difference_high", gap.high))
        ]
        gap_words = self._value("difference", gap.difference, scope)
        told.append(
            f"The difference is {gap_words}, with a 95% interval from {ends[0]} to {ends[1]} (Welch)."
        )
        if gap.g is not None and gap.g_low is not None and gap.g_high is not None:
            g, g_low, g_high = (
                self.quotes.number(name, value, None, scope, digits=2)
                for name, value in (
                    ("hedges_g", gap.g),
                    ("hedges_g_low", gap.g_low),
                    ("hedges_g_high", gap.g_high),
                )
            )
            told.append(
                f"In units of the spread within the groups (Hedges g) that is {g} ({g_low} to {g_high}):"
                f" {_size(abs(gap.g))}."
            )
        medians = [
            self._value("median", group.quartiles[1], f"{self.by.name} = {group.name}{self.where}")
            for group in (high, low)
        ]
        against = ""
        if (high.quartiles[1] - low.quartiles[1]) * gap.difference < 0:
            against = ", the other way round, so a few large values carry the average"
        told.append(f"The median is {medians[0]} for {high.words} and {medians[1]} for {low.words}{against}.")
        told.append(f"{p_words(self.quotes, gap.p, scope)}{_huge(self.quotes, high.n + low.n, gap.p)}.")
        return tuple(told)

    def several(self, groups: Sequence[Group]) -> str:
        eta, p = anova(groups)
        name, (high, low) = (
            label(self.column),
            (max(groups, key=lambda g: g.mean), min(groups, key=lambda g: g.mean)),
        )
        part = 100 * eta
        pct = self.quotes.number(
            "eta_squared_pct", part, "%", self.by.name + self.where, digits=share_digits(part)
        )
        n = self.quotes.number("n_groups", len(groups))
        ends = f"highest for {high.words} (**{self._mean(high)}**)"
        ends += f" and lowest for {low.words} (**{self._mean(low)}**)"
        base = f"the average {name}{self.where} is {ends} of {n} groups"
        if p >= 0.05:
            reason = f"chance alone can explain that ({pct} of the variation lies between groups)"
            return f"no clear difference: {base}, but {reason}"
        if eta < 0.01:
            reason = f"{label(self.by)} explains only **{pct}** of the variation"
            return f"hardly any difference: {base}, but {reason}"
        size = "large" if eta >= 0.14 else "medium" if eta >= 0.06 else "small"
        return (
            f"yes, they differ: {base}; {label(self.by)} explains **{pct}** of the variation, a {size} effect"
        )

    def several_findings(self, groups: Sequence[Group]) -> tuple[str, ...]:
        _, p = anova(groups)
        ranked = sorted(groups, key=lambda group: -group.quartiles[1])
        scopes = [f"{self.by.name} = {group.name}{self.where}" for group in ranked]
        shown = [
            f"{g.words} {self._value('median', g.quartiles[1], s)}"
            for g, s in zip(ranked, scopes, strict=True)
        ]
        if len(shown) > 6:
            shown = [*shown[:3], *shown[-2:]]
            medians = (
                f"Medians run from {shown[0]}, {shown[1]} and {shown[2]} down to {shown[3]} and {shown[4]}."
            )
        else:
            medians = f"Medians: {listing(shown)}."
        total = sum(group.n for group in groups)
        return (
            medians,
            f"{p_words(self.quotes, p, self.by.name + self.where)}{_huge(self.quotes, total, p)}.",
        )


def anova(groups: Sequence[Group]) -> tuple[float, float]:
    """Return eta-squared (0 to 1) and the p-value of a one-way analysis of variance.

    Source: Fisher (1925), Statistical Methods for Research Workers.
    """
    from scipy import special  # late: 0.3 s

    total = sum(group.n for group in groups)
    mean = sum(group.n * group.mean for group in groups) / total
    between = sum(group.n * (group.mean - mean) ** 2 for group in groups)
    within = sum((group.n - 1) * group.std**2 for group in groups)
    if between + within == 0:
        return 0.0, 1.0
    if within == 0:
        return 1.0, 0.0
    k = len(groups)
    ratio = (between / (k - 1)) / (within / (total - k)) if total > k else 0.0
    return between / (between + within), float(special.fdtrc(k - 1, total - k, ratio))


def _size(g: float) -> str:
    return (
        "large" if g >= LARGE else "medium-sized" if g >= MEDIUM else "small" if g >= SMALL else "very small"
    )


def p_words(quotes: Quotes, p: float, scope: str) -> str:
    """Write a p-value, last and plainly."""
    quotes.note("p_value", p, None, scope)
    if p < 0.001:
        quotes.note("p_limit", 0.001)
        return "Such a difference would hardly ever come about by chance (p < 0.001)"
    quotes.note("p_value_rounded", round(p, 3), None, scope)
    return f"By chance alone a difference at least this large has probability p = {p:.3f}"


def _huge(quotes: Quotes, n: int, p: float) -> str:
    if n < HUGE or p >= 0.05:
        return ""
    return f"; with {quotes.number('n_compared', n)} rows even trifles pass such a test, so go by the size"


def _group_table(column: Column, by: Column, groups: Sequence[Group], nouns: str) -> ResultTable:
    heading = (by.name, nouns, "average", "median", "standard deviation", "25%", "75%")
    rows: tuple[tuple[Scalar, ...], ...] = tuple(
        (g.name, g.n, g.mean, g.quartiles[1], g.std, g.quartiles[0], g.quartiles[2]) for g in groups
    )
    return ResultTable(
        f"{column.name} by {by.name}", heading, rows, (None, nouns, *(column.unit for _ in heading[2:]))
    )


def _boxes(column: Column, key: Key, groups: Sequence[Group]) -> Json:
    shown = groups[:MOST_GROUPS]
    fives = [[group.low, *group.quartiles, group.high] for group in shown]
    heavy = min(five[0] for five in fives) > 0 and max(five[4] for five in fives) > 20 * min(
        five[2] for five in fives
    )
    axis = f"{column.name} ({column.unit})" if column.unit and column.unit not in column.name else column.name
    title = f"{column.name} by {key.title}: middle half, median, 5% to 95%"
    return boxes([group.name for group in shown], fives, title, key.title, axis, logarithmic=heavy)


# ------------------------------------------------------------------ rates


def _rates(
    workspace: Workspace, table: DataTable, column: Column, by: Column, where: Sequence[Condition]
) -> ToolResult:
    yes = yes_values(column)
    truth = {"is": "equal", "value": True} if column.kind == "boolean" else {"is": "in", "values": yes}
    hit = Condition.model_validate({"column": column.name, **truth})
    known = Measure(statistic="count", column=column.name, q=None, per=None)
    hits = Measure(statistic="count", column=None, q=None, where=[hit], per=None)
    made = compute(workspace, Request((known, hits), _by(by), tuple(where), table=table.name))
    key, quotes, nouns = made.keys[0], ExactQuotes(), row_noun(table)
    groups = [(row, int(str(row.values[1])), int(str(row.values[0]))) for row in made.named if row.values[0]]
    if len(groups) < 2:
        raise ToolError(f"There are not two groups of {by.name} to compare.", "Choose another grouping.")
    filtered = _where(made, where, by)
    ranked = sorted(groups, key=lambda each: -each[1] / each[2])

    def told(each: tuple[Row, int, int]) -> str:
        row, n_yes, n = each
        low, high = wilson(n_yes, n)
        scope = f"{by.name} = {row.name}{filtered}"
        quotes.note(f"n_{nouns[1]}", n, nouns[1], scope)
        quotes.note("rate_low_pct", 100 * low, "%", scope)
        quotes.note("rate_high_pct", 100 * high, "%", scope)
        rate = quotes.number("rate_pct", 100 * n_yes / n, "%", scope, digits=1)
        if is_yes_no(by):
            return f"**{rate}** where {label(by)} is {row.name}"
        return f"**{rate}** for {group_words(key, row.raw[0], row.labels[0])}"

    v, p = _chi_squared([(n_yes, n) for _, n_yes, n in groups])
    shown = [told(each) for each in ranked]
    picked = shown if len(shown) <= 6 else [*shown[:3], *shown[-2:]]
    what = f"the share with {label(column)}{filtered}"
    verdict = (
        "no clear difference" if p >= 0.05 else "hardly any difference" if v < 0.05 else "yes, they differ"
    )
    headline = f"{verdict}: {what} is {listing(picked)}"
    gap = ""
    if len(groups) == 2:
        (_, a, n), (_, b, m) = ranked
        low, high = newcombe(a, n, b, m)
        points = [quotes.number(f"difference_points{end}", 100 * x, None, filtered, digits=1)
                  for end, x in (("", a / n - b / m), ("_low", low), ("_high", high))]  # fmt: skip
        quotes.note("confidence_pct", 95, "%")
        gap = f"The difference is {points[0]} percentage points (95% interval {points[1]} to {points[2]}). "
    strength = quotes.number("cramers_v", v, None, by.name + filtered, digits=2)
    findings = (
        f"{gap}Cramer's V is {strength}.",
        f"{p_words(quotes, p, by.name + filtered)}{_huge(quotes, sum(n for _, _, n in groups), p)}.",
    )
    rows: list[tuple[Scalar, ...]] = []
    for row, n_yes, n in groups:
        low, high = wilson(n_yes, n)
        rows.append((row.name, n, n_yes, 100 * n_yes / n, 100 * low, 100 * high))
    result = ResultTable(
        f"{column.name} by {by.name}", (by.name, nouns[1], "yes", "share %", "95% from", "95% to"),
        tuple(rows), (None, nouns[1], nouns[1], "%", "%", "%"),
    )  # fmt: skip
    rates = {"share %": [100 * a / n for _, a, n in ranked[:30]]}
    figure = bars(
        [row.name for row, _, _ in ranked[:30]], rates, result.title, by.name, f"% with {column.name}"
    )
    return ToolResult(
        sentence(headline), (*quotes.facts, *made.facts), findings, (result,), (figure,), made.caveats
    )


def newcombe(a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """Return the 95% interval of a difference of two proportions.

    Source: Newcombe (1998), Interval estimation for the difference between independent
    proportions, method 10.
    """
    (low1, high1), (low2, high2) = wilson(a, n), wilson(b, m)
    p, q = a / n, b / m
    return p - q - math.hypot(p - low1, high2 - q), p - q + math.hypot(high1 - p, q - low2)


def _chi_squared(groups: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return Cramer's V and the p-value of a table of yes and no by group, without continuity correction."""
    from scipy import special  # late: 0.3 s

    total, hits = sum(n for _, n in groups), sum(a for a, _ in groups)
    rate = hits / total
    if rate in (0.0, 1.0):
        return 0.0, 1.0
    chi2 = sum((a - n * rate) ** 2 / (n * rate * (1 - rate)) for a, n in groups)
    return math.sqrt(chi2 / total), float(special.chdtrc(len(groups) - 1, chi2))
