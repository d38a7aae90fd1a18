"""Knows what a forecast needs, and how to say that data do not have it and what they carry instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.core import DataTable, ResultTable, ToolResult
from tools.customers.purchases import Purchases
from tools.quoting import Quotes
from tools.wording import day, listing

LEAST_CUSTOMERS, LEAST_DAYS = 500, 180  # Klaviyo opens its forecasts at 500 buyers and 180 days of history
LEAST_REPEATERS = 100
LEAST_REGULARS = 30  # customers with three purchase days or more
LEAST_CHECKED = 50  # repeat customers that the held-out check must be fitted on


@dataclass(frozen=True, slots=True)
class Words:
    """What buying is called in these data: customers with accounts are active, others buy."""

    purchase: str
    purchases: str
    bought: str


def words_for(table: DataTable) -> Words:
    """Return the words that fit the data; a balance says that customers hold accounts."""
    if is_account(table):
        return Words("active day", "active days", "were active")
    return Words("purchase", "purchases", "bought")


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that a forecast needs: what it is, how much of it, how much there is."""

    name: str
    noun: str
    needed: int
    found: int

    @property
    def passed(self) -> bool:
        """Whether the data have enough."""
        return self.found >= self.needed


def value_gates(table: DataTable, bought: Purchases) -> tuple[Gate, ...]:
    """Return what a forecast of purchases needs, beside what the data have."""
    did = words_for(table).bought
    return (
        Gate("customers", f"customers who {did}", LEAST_CUSTOMERS, bought.n_customers),
        Gate("history_days", "days of history", LEAST_DAYS, bought.span_days),
        Gate(
            "repeat_customers",
            f"customers who {did} on two days or more",
            LEAST_REPEATERS,
            bought.n_repeaters,
        ),
        Gate(
            "regular_customers",
            f"customers who {did} on three days or more",
            LEAST_REGULARS,
            bought.n_regulars,
        ),
    )


def refusal(table: DataTable, bought: Purchases, gates: Sequence[Gate]) -> ToolResult:
    """Say which needs of a forecast the data do not meet, and what can be done instead."""
    quotes, words = Quotes(), words_for(table)
    quotes.note("forecast_possible", False)
    for gate in gates:
        quotes.note(gate.name, gate.found, gate.noun)
        quotes.note(f"{gate.name}_needed", gate.needed, gate.noun)
    reasons = [
        f"{gate.found:,} {gate.noun} where at least {gate.needed:,} are needed"
        for gate in gates
        if not gate.passed
    ]
    once = quotes.share("bought_once_share_pct", 1 - bought.n_repeaters / bought.n_customers)
    n = quotes.count("customers_all", bought.n_customers, "customer")
    findings = [
        f"**{once}** of the {n} {words.bought} on one day only ({period_words(bought, quotes)}). A single"
        f" {words.purchase} says nothing of a customer's own pace, so any amount for the time ahead would be"
        " invented.",
        "What these data do carry: tiers of customers by what they have spent so far (“segment by value”), a"
        " ranking of the largest, and the share of value that they hold.",
    ]
    if bought.span_days < LEAST_DAYS:
        missing = quotes.count("days_missing", LEAST_DAYS - bought.span_days, "more day")
        findings.append(f"With {missing} of history the question can be asked again, if customers come back.")
    caveats = notes_on(table, bought, quotes)
    rows = tuple((gate.noun, gate.needed, gate.found, "yes" if gate.passed else "no") for gate in gates)
    return ToolResult(
        f"These data cannot carry a forecast of what customers will be worth: **{listing(reasons)}**.",
        quotes.facts,
        tuple(findings),
        (ResultTable("What a forecast needs", ("need", "at least", "found", "met"), rows),),
        caveats=caveats,
    )


def period_words(bought: Purchases, quotes: Quotes) -> str:
    """Write the observed period, and keep its ends as facts."""
    quotes.note("first_day", bought.first.isoformat())
    quotes.note("last_day", bought.last.isoformat())
    return f"{day(bought.first)} to {day(bought.last)}"


def notes_on(table: DataTable, bought: Purchases, quotes: Quotes) -> tuple[str, ...]:
    """Return what was left out of the purchases, and what makes a customer of these data doubtful."""
    notes = []
    if bought.n_unnamed:
        rows = quotes.count("rows_without_customer_or_date", bought.n_unnamed, "row")
        notes.append(f"{rows} without a customer or a date left out.")
    if bought.n_returns:
        rows = quotes.count("rows_with_negative_amount", bought.n_returns, "row")
        notes.append(f"{rows} with a negative amount taken for returns and left out.")
    if bought.n_unpriced:
        rows = quotes.count("rows_without_amount", bought.n_unpriced, "row")
        notes.append(f"{rows} without an amount counted as purchases, but not towards what was paid.")
    if any(finding.code.startswith("conflicting") for finding in table.findings):
        notes.append("Some customer numbers may stand for several people; see what is wrong with the data.")
    return tuple(notes)


def is_account(table: DataTable) -> bool:
    """Tell whether customers hold accounts: these end by being closed, not by silence."""
    return bool(table.by_role("balance"))
