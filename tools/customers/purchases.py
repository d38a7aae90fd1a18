"""Knows when every customer bought: purchase days, histories up to a day, rhythms; exact in any row order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import narwhals as nw
import pandas as pd

from tools.core import DataTable, Workspace
from tools.engine import Engine
from tools.errors import ToolError
from tools.wording import listing

Frame = nw.LazyFrame[Any]
DAY, MONEY = "|day", "|money"


@dataclass(frozen=True)
class Purchases:
    """The days on which each customer bought, stored in the engine with the money of the day.

    Attributes:
        engine: Where they are stored.
        name: Table in the engine: customer, day, money of the day in whole small units.
        key: Column that names the customer.
        has_money: Whether the data say what was paid.
        unit: Currency, or None.
        scale: Small units in one unit of money.
        first: First day with a purchase.
        last: Last day observed: the last day in the data, or the reference date.
        n_customers: Customers with a purchase.
        n_repeaters: Of them with two purchase days or more.
        n_regulars: Of them with three purchase days or more.
        n_purchases: Purchase days of all customers.
        n_rows: Rows that count as a purchase.
        n_unnamed: Rows left out because they name no customer or no date.
        n_returns: Rows left out because their amount is negative.
        n_unpriced: Rows that count, though their amount is missing.
    """

    engine: Engine
    name: str
    key: str
    has_money: bool
    unit: str | None
    scale: int
    first: date
    last: date
    n_customers: int
    n_repeaters: int
    n_regulars: int
    n_purchases: int
    n_rows: int
    n_unnamed: int
    n_returns: int
    n_unpriced: int

    @property
    def span_days(self) -> int:
        """Days observed, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def frame(self) -> Frame:
        """One row for each customer and purchase day."""
        return self.engine.frame(self.name)


def purchases(workspace: Workspace) -> Purchases:
    """Return the purchase days of the main table, up to the reference date.

    Raises:
        ToolError: If the table does not say who bought when.
    """
    table = workspace.table
    lacking = [
        word
        for word, there in (("a customer column", table.customer), ("a date column", table.time))
        if not there
    ]
    if lacking or table.grain != "transactions":
        what = (
            f"it has no {listing(lacking).replace('a ', '', 1)}" if lacking else "a row is not a transaction"
        )
        raise ToolError(
            f"{table.name} does not say who bought when: {what}.",
            "Load the transactions, one row each with customer and date. With a ready customer table,"
            " segments and rankings by a column work.",
            ("Segment my customers",),
        )
    return workspace.engine.memo(
        ("purchases", table.name, workspace.reference_date), lambda: _stored(workspace, table)
    )


def _stored(workspace: Workspace, table: DataTable) -> Purchases:
    engine, key = workspace.engine, cast(str, table.customer)
    day = nw.col(cast(str, table.time)).cast(nw.Date)
    source = engine.frame(table.name)
    if workspace.reference_date:
        source = source.filter((day <= nw.lit(date.fromisoformat(workspace.reference_date))) | day.is_null())
    named = source.filter(~nw.col(key).is_null() & ~day.is_null()).with_columns(
        _ordinal(cast(str, table.time))
    )
    amount = table.column(table.amount) if table.amount else None
    scale = _scale(amount.minimum, amount.maximum) if amount else 1
    money = nw.col(amount.name).cast(nw.Float64) if amount else nw.lit(None).cast(nw.Float64)
    named = named.with_columns((money * scale).round(0).cast(nw.Int64).alias(MONEY))
    kept = named.filter(nw.col(MONEY).is_null() | (nw.col(MONEY) >= 0))
    name = f"purchase days of {table.name} to {workspace.reference_date or 'the end'}"
    engine.store(name, kept.group_by(key, DAY).agg(nw.col(MONEY).sum(), nw.len().alias("|rows")))
    counted = engine.collect(
        engine.frame(name)
        .group_by(key)
        .agg(
            nw.len().alias("days"),
            nw.col("|rows").sum().alias("rows"),
            nw.col(DAY).min().alias("first"),
            nw.col(DAY).max().alias("last"),
        )
        .select(
            nw.len().alias("customers"),
            _count(nw.col("days") >= 2).alias("repeaters"),
            _count(nw.col("days") >= 3).alias("regulars"),
            nw.col("days").sum().alias("days"),
            nw.col("rows").sum().alias("rows"),
            nw.col("first").min().alias("first"),
            nw.col("last").max().alias("last"),
        )
    ).iloc[0]
    if not int(counted["customers"]):
        raise ToolError(
            f"{table.name} holds no purchase with a customer and a date.", "Look at its missing values."
        )
    rows = engine.collect(
        source.select(nw.len().alias("all")).join(
            named.select(
                nw.len().alias("named"),
                _count(nw.col(MONEY) < 0).alias("returns"),
                _count(nw.col(MONEY).is_null()).alias("unpriced"),
            ),
            how="cross",
        )
    ).iloc[0]
    last = date.fromordinal(int(counted["last"]))
    return Purchases(
        engine, name, key, amount is not None, amount.unit if amount else None, scale,
        date.fromordinal(int(counted["first"])),
        date.fromisoformat(workspace.reference_date) if workspace.reference_date else last,
        int(counted["customers"]), int(counted["repeaters"]), int(counted["regulars"]),
        int(counted["days"]), int(counted["rows"]),
        int(rows["all"]) - int(rows["named"]), int(rows["returns"]), int(rows["unpriced"]) if amount else 0,
    )  # fmt: skip


def _ordinal(column: str) -> nw.Expr:
    """Number the days as `date.toordinal` does, with arithmetic that every engine has."""
    year = nw.col(column).dt.year().cast(nw.Int64) - 1
    leap = year // 4 - year // 100 + year // 400
    return (365 * year + leap + nw.col(column).dt.ordinal_day().cast(nw.Int64)).alias(DAY)


def _scale(low: object, high: object) -> int:
    """Return the power of ten, at most ten thousand, that makes amounts whole numbers without overflow."""
    ends = [abs(end) for end in (low, high) if isinstance(end, int | float)]
    digits = 15 - math.ceil(math.log10(max(ends, default=1e9) + 1))
    return int(10 ** max(0, min(4, digits)))


def _count(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def histories(bought: Purchases, until: date, ahead: int = 0) -> pd.DataFrame:
    """Return one row for each customer who had bought by a day, sorted by customer.

    Args:
        bought: The purchase days.
        until: Last day that is looked at.
        ahead: Days after it, for a check against what came.

    Returns:
        Columns: the customer; `x` repeat purchase days, `t_x` days from the first to the last purchase, `age`
        days from the first purchase to `until`; `priced` repeat days with a known amount and `mean_spend`
        their mean; `spent` money in all. With `ahead` also `x_after` and `spent_after` within it, and
        `x_before` and `spent_before`: repeat purchases in as many days up to `until`.
    """
    end, day, money = until.toordinal(), nw.col(DAY), nw.col(MONEY)
    days = bought.frame.with_columns(day.min().over(bought.key).alias("|first"))
    known, again = day <= end, (day <= end) & (day > nw.col("|first"))
    made = {
        "first": nw.col("|first").min(),
        "x": _count(again),
        "last": nw.when(known).then(day).max(),
        "priced": _count(again & ~money.is_null()),
        "repeat money": nw.when(again).then(money).sum(),
        "money": nw.when(known).then(money).sum(),
    }
    if ahead:
        after = (day > end) & (day <= end + ahead)
        before = again & (day > end - ahead)
        made |= {"x_after": _count(after), "money after": nw.when(after).then(money).sum()}
        made |= {"x_before": _count(before), "money before": nw.when(before).then(money).sum()}
    grouped = days.filter(nw.col("|first") <= end).group_by(bought.key)
    frame = bought.engine.collect(
        grouped.agg(*(expression.alias(name) for name, expression in made.items())).sort(bought.key)
    )

    def whole(name: str) -> pd.Series[float]:
        return frame[name].astype("float64").fillna(0.0)

    result = pd.DataFrame(
        {
            bought.key: frame[bought.key],
            "x": frame["x"].astype("int64"),
            "t_x": (frame["last"] - frame["first"]).astype("int64"),
            "age": (end - frame["first"]).astype("int64"),
            "priced": frame["priced"].astype("int64"),
            "spent": whole("money") / bought.scale,
        }
    )
    result["mean_spend"] = whole("repeat money") / bought.scale / result["priced"].clip(lower=1)
    if ahead:
        for side in ("after", "before"):
            result[f"x_{side}"] = frame[f"x_{side}"].astype("int64")
            result[f"spent_{side}"] = whole(f"money {side}") / bought.scale
    return result


def count_repeaters(bought: Purchases, until: date) -> int:
    """Return how many customers had bought on two days or more by a day."""
    counted = (
        bought.frame.filter(nw.col(DAY) <= until.toordinal()).group_by(bought.key).agg(nw.len().alias("n"))
    )
    return int(
        bought.engine.collect(counted.filter(nw.col("n") >= 2).select(nw.len().alias("n")))["n"].iloc[0]
    )


def rhythms(bought: Purchases, until: date, least: int = 3) -> pd.DataFrame:
    """Return one row for each customer with enough purchase days by a day, sorted by customer.

    Args:
        bought: The purchase days.
        until: Last day that is looked at.
        least: Purchase days needed.

    Returns:
        Columns: the customer; `days` purchase days, `typical_gap` median and `longest_gap` largest number of
        days from one to the next, `silence` days since the last, `spent` money in all up to `until`, and
        `came_back` purchase days after it.
    """
    end, day = until.toordinal(), nw.col(DAY)
    known = day <= end
    gap = day - day.shift(1).over(bought.key, order_by=DAY)
    rows = bought.frame.with_columns(gap.alias("|gap"))
    frame = bought.engine.collect(
        rows.group_by(bought.key)
        .agg(
            _count(known).alias("days"),
            nw.when(known).then(nw.col("|gap")).median().alias("typical_gap"),
            nw.when(known).then(nw.col("|gap")).max().alias("longest_gap"),
            nw.when(known).then(day).max().alias("last"),
            nw.when(known).then(nw.col(MONEY)).sum().alias("money"),
            _count(~known).alias("came_back"),
        )
        .filter(nw.col("days") >= least)
        .sort(bought.key)
    )
    return pd.DataFrame(
        {
            bought.key: frame[bought.key],
            "days": frame["days"].astype("int64"),
            "typical_gap": frame["typical_gap"].astype("float64"),
            "longest_gap": frame["longest_gap"].astype("float64"),
            "silence": (end - frame["last"]).astype("float64"),
            "spent": frame["money"].astype("float64").fillna(0.0) / bought.scale,
            "came_back": frame["came_back"].astype("int64"),
        }
    )
