"""Knows how to tell what customers can be expected to buy in the days ahead, and how far to trust that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import numpy as np
from pydantic import Field

from tools.core import Json, ResultTable, Scalar, ToolResult, Workspace, tool
from tools.customers.customer_groups import Grouped, group_customers
from tools.customers.purchases import Purchases, count_repeaters, purchases
from tools.forecasts.forecasting import (
    TIMES_HORIZON,
    Check,
    Estimate,
    Forecast,
    check,
    check_days,
    choose,
    forecast,
)
from tools.forecasts.value_charts import by_group_chart, check_chart, tenths_chart
from tools.forecasts.value_gates import (
    LEAST_CHECKED,
    Gate,
    is_account,
    notes_on,
    period_words,
    refusal,
    value_gates,
    words_for,
)
from tools.quoting import Quotes
from tools.selecting import Condition
from tools.wording import label

ROWS_SHOWN = 30
CLOSE, ROUGH = 0.10, 0.25  # errors of the held-out total up to which a forecast counts as close, as rough
UNUSABLE = 0.5  # error of the held-out total from which the forecast is not offered for use


@tool
def predict_value(
    workspace: Workspace,
    *,
    horizon_days: Annotated[int, Field(ge=7, le=1825)] = 365,
    by: str | None = None,
    where: Sequence[Condition] = (),
) -> ToolResult:
    """Forecast how often customers will buy and what they will spend, for each customer and in total.

    Needs transactions with customer and date over at least 180 days. The forecast is checked against the last
    part of the data, which is held out. Where the data cannot carry one, the answer says why and what to do
    instead.

    Args:
        workspace: Tables and segmentations.
        horizon_days: Days ahead. Cut to a third of the history where it asks for more, and that is said.
        by: Column of the customers to total by, such as segment.
        where: Customers to report on; the models are fitted on everybody.
    """
    bought = purchases(workspace)
    horizon = min(horizon_days, bought.span_days // TIMES_HORIZON)
    gates = value_gates(workspace.table, bought)
    if all(gate.passed for gate in gates):
        until = bought.last - timedelta(days=check_days(bought, horizon))
        noun = f"customers who {words_for(workspace.table).bought} twice before the days that the check needs"
        gates += (Gate("repeat_customers_checked", noun, LEAST_CHECKED, count_repeaters(bought, until)),)
    if not all(gate.passed for gate in gates):
        return refusal(workspace.table, bought, gates)
    made, tested = forecast(bought, horizon), check(bought, horizon)
    grouped = group_customers(workspace, made.customers[bought.key], by, where)
    return _Answer(workspace, bought, made, tested, horizon_days, by, grouped).result()


@dataclass
class _Answer:
    """Everything that the words about one forecast draw on."""

    workspace: Workspace
    bought: Purchases
    made: Forecast
    tested: Check
    asked_days: int
    by: str | None
    grouped: Grouped
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.inside = self.grouped.inside
        self.purchases = words_for(self.workspace.table).purchases
        self.unit = self.bought.unit
        self.in_money = self.made.value is not None
        self.worth = self.made.purchases if self.made.value is None else self.made.value
        self.value_error = _ratio(self.tested.expected_value, self.tested.actual_value)
        errors = [abs(error) for error in (self.tested.error, self.value_error) if np.isfinite(error)]
        self.error = max(errors, default=float("inf"))

    def result(self) -> ToolResult:
        """Put the answer together."""
        headline = self._headline()
        findings = [self._spread(), self._verdict(), *self._reach()]
        tables, figures = [self._customer_table()], [self._overview()]
        if not self.in_money:
            findings.insert(0, self._why_no_money())
        if self.error > UNUSABLE:  # single customers and groups would only tempt to use it
            findings, tables, figures = [*self._instead(), self._verdict()], [], []
        elif self.by:
            table, sentence = self._by_group(self.by)
            tables.insert(0, table)
            findings.insert(0, sentence)
            figures = [by_group_chart(table, self.in_money, self.unit, self.made.horizon_days)]
        figures.append(check_chart(self.tested))
        tables += [_check_table(self.tested), self._model_table()]
        caveats = self._caveats()
        for each in tables:
            self.quotes.table(each)
        facts = (*self.quotes.facts, *self.grouped.facts)
        return ToolResult(headline, facts, tuple(findings), tuple(tables), tuple(figures), caveats)

    def _overview(self) -> Json:
        return tenths_chart(self.worth[self.inside], self.in_money, self.unit)

    def _headline(self) -> str:
        quotes, horizon = self.quotes, self.made.horizon_days
        n = quotes.count("customers", int(self.inside.sum()), "customer")
        who = f"the {n}" + (f" for whom {self.grouped.words}" if self.grouped.words else "")
        total = self._stretched(self.made.total_purchases(self.inside), self.tested.error)
        said = f"**about {self._sum('expected_purchases', total.value)} {self.purchases}**"
        said += f" ({self._sum('expected_purchases_low', total.low)}"
        said += f" to {self._sum('expected_purchases_high', total.high)})"
        money = self.made.total_value(self.inside)
        if money is not None:
            money = self._stretched(money, self.value_error)
            said += f" worth **about {self._sum('expected_value', money.value, self.unit)}**"
            if np.isfinite(money.low):
                low = self._sum("expected_value_low", money.low)
                said += f" ({low} to {self._sum('expected_value_high', money.high)})"
        begin = "At best roughly: over" if self.error > ROUGH else "Over"
        ahead = quotes.count("horizon_days", horizon, "day")
        told = f"the next **{ahead}**, {who} can be expected to make {said}"
        if self.error > UNUSABLE:
            return f"**No forecast that could be used**: {self._missed()}."
        if self.asked_days > horizon:
            asked = quotes.count("asked_days", self.asked_days, "day")
            return f"{begin} {told}; {asked} ahead is further than this history reaches."
        return f"{begin} {told}."

    def _missed(self) -> str:
        """Say by how much the forecast of the held-out part missed."""
        quotes, tested = self.quotes, self.tested
        days = quotes.count("check_days", tested.days, "day")
        expected = quotes.number("check_expected_purchases", tested.expected, digits=0)
        actual = quotes.number("check_actual_purchases", tested.actual, digits=0)
        off = _off(quotes, "check_error_pct", tested.error)
        return (
            f"of the last {days}, held out to check it, it expected {expected} {self.purchases} where "
            f"{actual} came ({off})"
        )

    def _reach(self) -> list[str]:
        """Explain why a forecast goes no further than a third of the history."""
        if self.asked_days <= self.made.horizon_days:
            return []
        quotes = self.quotes
        history = quotes.count("history_days", self.bought.span_days, "day")
        times = quotes.number("history_to_horizon", TIMES_HORIZON)
        ahead = quotes.count("horizon_days", self.made.horizon_days, "day")
        return [
            f"**How far ahead.** A forecast needs a history {times} times as long as the time it looks "
            "ahead, so that customers' pace is seen over a longer stretch than it is carried forward. "
            f"The {history} here reach {ahead}; for longer, load more history rather than multiply."
        ]

    def _instead(self) -> list[str]:
        """Say what an unusable forecast would have been, and what to use instead."""
        if self.error <= UNUSABLE:
            return []
        purchases = self._sum("expected_purchases", self.made.total_purchases(self.inside).value)
        ahead = self.quotes.count("horizon_days", self.made.horizon_days, "day")
        return [
            f"Taken at its word it would say {purchases} {self.purchases} over the next {ahead}. Customers "
            "did not keep the pace that the model carries forward; these data do not say why.",
            "Use what is known instead: tiers by what customers have spent so far (“segment by value”), and "
            "the share of value that the best hold.",
        ]

    def _sum(self, name: str, value: float, unit: str | None = None) -> str:
        return self.quotes.number(name, value, unit, digits=0 if abs(value) >= 100 else 1)

    def _stretched(self, estimate: Estimate, error: float) -> Estimate:
        """Widen an interval until it holds what would come if the error of the check happened again."""
        if not np.isfinite(error) or error <= -1:
            return estimate
        again = estimate.value / (1 + error)
        return Estimate(estimate.value, min(estimate.low, again), max(estimate.high, again))

    def _spread(self) -> str:
        worth = np.sort(self.worth[self.inside])[::-1]
        top = max(1, round(len(worth) / 10))
        total = float(worth.sum())
        held = self.quotes.share("share_of_top_tenth_pct", float(worth[:top].sum()) / total if total else 0.0)
        unit = self.unit if self.in_money else self.purchases
        middle = self.quotes.number("expected_median", float(np.median(worth)), unit)
        mean = self.quotes.number("expected_mean", float(worth.mean()), unit)
        unlikely = float((self.made.chance_of_any[self.inside] < 0.5).mean())
        silent = self.quotes.share("unlikely_to_buy_share_pct", unlikely)
        what = "expected value" if self.in_money else f"expected number of {self.purchases}"
        return (
            f"The {what} is uneven: the top tenth of customers holds **{held}** of it. The middle customer"
            f" stands at {middle}, the mean is {mean}, and {silent} are more likely than not to stay"
            " away in this time."
        )

    def _verdict(self) -> str:
        quotes, tested = self.quotes, self.tested
        days = quotes.count("check_days", tested.days, "day")
        expected = quotes.number("check_expected_purchases", tested.expected, digits=0)
        actual = quotes.number("check_actual_purchases", tested.actual, digits=0)
        off = _off(quotes, "check_error_pct", tested.error)
        naive = _off(quotes, "check_naive_error_pct", tested.naive_error)
        text = (
            f"**How far to trust it.** The last {days} were held out and forecast from what came before:"
            f" {expected} {self.purchases} were expected and {actual} came"
            f" ({off}); the simple rule, that every customer repeats"
            f" the {days} before, would have been {naive}."
        )
        if tested.expected_value is not None and np.isfinite(self.value_error):
            value = quotes.number("check_expected_value", tested.expected_value, self.unit, digits=0)
            came = quotes.number("check_actual_value", tested.actual_value, self.unit, digits=0)
            off = _off(quotes, "check_value_error_pct", self.value_error)
            text += f" In money, {value} against {came} ({off})."
        miss = quotes.number("check_miss", tested.miss, digits=3)
        naive_miss = quotes.number("check_naive_miss", tested.naive_miss, digits=3)
        text += (
            f" For one customer it missed by {miss} {self.purchases} on average, the rule by {naive_miss}."
        )
        if self.grouped.words:
            text += " The check is over all customers."
        return f"{text} {self._advice()}"

    def _advice(self) -> str:
        tested = self.tested
        if abs(tested.naive_error) < abs(tested.error) and tested.naive_miss < tested.miss:
            return "Here the simple rule did better: prefer it to this forecast."
        if not tested.tells_apart:
            return "It hardly told frequent customers from others there, so do not act on it."
        if self.error > ROUGH:
            return "That is too far off to plan with: use the order of the customers, not the amounts."
        if self.error <= CLOSE:
            return (
                "That is close enough to plan with for groups; for a single customer it stays a likelihood."
            )
        return "Use it for the order and the rough size of groups, not for a single customer."

    def _why_no_money(self) -> str:
        spending = self.made.spending
        if spending.reason == "tied" and spending.correlation is not None:
            tie = self.quotes.number("purchases_and_amount_correlation", spending.correlation, digits=2)
            return (
                "No money is forecast: how often people buy and how much they pay move together (correlation"
                f" {tie}), and the model of spend needs them apart. Look at averages by segment instead."
            )
        if spending.reason == "no amounts":
            return "No money is forecast: the data do not say what was paid on a second purchase."
        if spending.reason == "few":
            n = self.quotes.count("customers_behind_spend", spending.n, "customer")
            return f"No money is forecast: only {n} came back with a known amount."
        return "No money is forecast: amounts vary so widely between customers that there is no stable mean."

    def _by_group(self, by: str) -> tuple[ResultTable, str]:
        rows: list[tuple[Scalar, ...]] = []
        for name in self.grouped.names:
            mine = self.grouped.members(name)
            n = int(mine.sum())
            bought = self._stretched(self.made.total_purchases(mine), self.tested.error)
            row: tuple[Scalar, ...] = (name, n, bought.value, bought.low, bought.high)
            money = self.made.total_value(mine)
            if money is not None:
                money = self._stretched(money, self.value_error)
                row += (money.value, _finite(money.low), _finite(money.high), money.value / n)
            rows.append(row)
        at = 5 if self.in_money else 2
        rows.sort(key=lambda row: (-_number(row[at]), str(row[0])))
        columns: tuple[str, ...] = (by, "customers", "purchases", "purchases low", "purchases high")
        units: tuple[str | None, ...] = (None, "customers", None, None, None)
        if self.in_money:
            columns += ("value", "value low", "value high", "value per customer")
            units += (self.unit,) * 4
        table = ResultTable(f"Expected by {by}", columns, tuple(rows), units)
        total = sum(_number(row[at]) for row in rows)
        share = self.quotes.share("largest_group_share_pct", _number(rows[0][at]) / total if total else 0.0)
        of = "value" if self.in_money else self.purchases
        sentence = f"By {label(by)}, **{rows[0][0]}** accounts for {share} of the expected {of}."
        if len(rows) > 1 and self.in_money:
            each = max(rows, key=lambda row: (_number(row[-1]), str(row[0])))
            mean = self.quotes.number("highest_value_per_customer", _number(each[-1]), self.unit)
            sentence += f" Per customer, **{each[0]}** is highest at {mean}."
        return table, sentence

    def _customer_table(self) -> ResultTable:
        worth = np.where(self.inside, self.worth, -np.inf).round(9)
        n = int(self.inside.sum())
        order = np.lexsort((np.arange(len(worth)), -worth))[: min(ROWS_SHOWN, n)].astype(np.int64)
        customers, ranges = self.made.customers.iloc[order], self.made.likely_range(order)
        made = [self.made.purchases[order], ranges.low, ranges.high]
        made += [100 * self.made.chance_of_any[order], 100 * self.made.chance_active[order]]
        names = ["expected purchases", "likely from", "likely to", "chance to buy", "chance still active"]
        units: list[str | None] = [None, None, None, "%", "%"]
        if self.made.value is not None and ranges.value_low is not None and ranges.value_high is not None:
            made += [self.made.value[order], ranges.value_low, ranges.value_high]
            names += ["expected value", "value likely from", "value likely to"]
            units += [self.unit] * 3
        key, x, silence = customers[self.bought.key], customers["x"], customers["age"] - customers["t_x"]
        rows: tuple[tuple[Scalar, ...], ...] = tuple(
            (
                str(key.iloc[i]),
                int(x.iloc[i]) + 1,
                int(silence.iloc[i]),
                *(float(values[i]) for values in made),
            )
            for i in range(len(order))
        )
        columns = (self.bought.key, "purchase days so far", "days since the last", *names)
        title = f"Customers with the highest forecast, next {self.made.horizon_days} days"
        return ResultTable(title, columns, rows, (None, None, "days", *units), n)

    def _model_table(self) -> ResultTable:
        model, spending = self.made.model, self.made.spending
        rows: list[tuple[Scalar, ...]] = [
            (f"{model.kind}: {name}", value) for name, value in model.parameters.items()
        ]
        rows.append((f"{model.kind}: log-likelihood", model.maximum.log_likelihood))
        if spending.model is not None:
            rows += [(f"Gamma-Gamma: {name}", value) for name, value in spending.model.parameters.items()]
        return ResultTable("Parameters of the models (time in days)", ("parameter", "value"), tuple(rows))

    def _caveats(self) -> tuple[str, ...]:
        quotes, spending = self.quotes, self.made.spending
        notes = [
            "A forecast, not a promise: it carries each customer's own pace forward and knows nothing of"
            " seasons, prices, campaigns or competitors. Customers who have not bought yet come on top.",
            "Counted the buy-till-you-die way: a purchase is a day with at least one purchase, frequency is"
            " the number of such days after the first, recency the customer's age at the last"
            f" ({period_words(self.bought, quotes)}). This is not the recency and frequency of RFM.",
            self._model_words(),
            "Ranges of totals are 95% intervals (delta method for the parameters, plus the chance in what"
            " customers do), widened where needed to hold what would come if the held-out error happened"
            " again. The range of a customer is where 95% of simulated customers like this one end.",
        ]
        if spending.model is not None and spending.correlation is not None:
            tie = quotes.number("purchases_and_amount_correlation", spending.correlation, digits=2)
            n = quotes.count("customers_behind_spend", spending.n, "repeat customer")
            notes.append(
                f"Money comes from the Gamma-Gamma model on {n}; it needs spend independent of how often"
                f" people buy, and the correlation is {tie}. Revenue, not profit, and not discounted."
            )
            total = self.made.total_value(self.inside)
            if total is not None and not np.isfinite(total.high):
                notes.append("Amounts vary too widely for an interval of the money.")
        if is_account(self.workspace.table):
            notes.append(
                "Accounts end by being closed, which these data do not show: this is about activity."
            )
        quotes.note("interval_pct", 95, "%")
        return (*notes, *notes_on(self.workspace.table, self.bought, quotes), *self.grouped.caveats)

    def _model_words(self) -> str:
        model, other = self.made.model, choose(self.bought).other
        fit = self.quotes.number("log_likelihood", model.maximum.log_likelihood, digits=1)
        behind = self.quotes.number("log_likelihood_of_other_model", other.maximum.log_likelihood, digits=1)
        words = (
            f"The purchases follow {model.kind}, which fits this history better than {other.kind}"
            f" (log-likelihood {fit} against {behind})."
        )
        if model.kind == "MBG/NBD":
            return f"{words} In it a customer can have stopped right after the first purchase."
        return (
            f"{words} It counts everybody who bought once as still active, because in it nobody can stop"
            " before a second purchase."
        )


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _ratio(expected: float | None, actual: float) -> float:
    return float("nan") if expected is None or not actual else expected / actual - 1


def _off(quotes: Quotes, name: str, error: float) -> str:
    """Write an error as "7.4% too low"."""
    if not np.isfinite(error):
        return "without anything to compare with"
    quotes.note(name, 100 * error, "%")
    if abs(error) < 0.0005:
        return "right on the total"
    return f"{abs(100 * error):.1f}% too {'high' if error > 0 else 'low'}"


def _check_table(tested: Check) -> ResultTable:
    rows = tuple(
        (f"tenth {i + 1}", one.n_customers, one.expected, one.actual, one.naive)
        for i, one in enumerate(tested.tenths)
    )
    return ResultTable(
        "Held-out check: purchases by tenth of customers, from the highest forecast down",
        ("tenth", "customers", "expected", "came", "simple rule"),
        rows,
        (None, "customers", None, None, None),
    )
