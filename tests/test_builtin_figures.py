"""Questions about figures of one table: periods, hours, shares, claims, ranks; on two planted tables."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, Concentration, Trend
from assistant.session import Session
from tools.selecting import Condition


def deliveries() -> pd.DataFrame:
    """600 deliveries of 60 customers over 2022 to 2024; some without a rating."""
    rng = np.random.default_rng(11)
    n = 600
    day = np.datetime64("2022-01-03") + np.sort(rng.integers(0, 1060, n)) * np.timedelta64(1, "D")
    return pd.DataFrame(
        {
            "delivery_id": [f"D{i:06d}" for i in range(n)],
            "customer_no": [f"C{i:04d}" for i in rng.integers(0, 60, n)],
            "placed_on": pd.Series(day).dt.strftime("%Y-%m-%d"),
            "restaurant": rng.choice(["Roma", "Sushi Bar", "Taco House", "Green Bowl"], n),
            "city": rng.choice(["Leeds", "York", "Hull"], n),
            "basket_value": np.round(rng.gamma(3, 9, n), 2),
            "tip": np.round(rng.gamma(2, 1, n), 2),
            "minutes_to_deliver": np.round(rng.normal(34, 9, n)).clip(8),
            "late": rng.choice(["yes", "no"], n, p=[0.2, 0.8]),
            "rating": rng.choice([1, 2, 3, 4, 5, np.nan], n),
            "payment": rng.choice(["card", "cash", "wallet"], n, p=[0.6, 0.15, 0.25]),
        }
    )


def tickets() -> pd.DataFrame:
    """400 support tickets, numbered one by one, with the minute at which they were opened."""
    rng = np.random.default_rng(12)
    n = 400
    opened = np.datetime64("2023-02-01T00:00") + np.sort(rng.integers(0, 720_000, n)) * np.timedelta64(1, "m")
    return pd.DataFrame(
        {
            "ticket": np.arange(1, n + 1),
            "opened": pd.Series(opened).dt.strftime("%Y-%m-%d %H:%M"),
            "client": [f"Client {i}" for i in rng.integers(1, 40, n)],
            "product": rng.choice(["Router", "Modem", "TV box"], n),
            "priority": rng.choice(["low", "medium", "high", "urgent"], n),
            "team": rng.choice(["North", "South", "Night shift"], n),
            "resolution_hours": np.round(rng.gamma(1.5, 14, n), 1),
            "reopened": rng.choice([0, 1], n, p=[0.88, 0.12]),
            "cost_usd": np.round(rng.gamma(2, 11, n), 2),
            "csat_score": np.where(rng.random(n) < 0.35, np.nan, rng.choice([1, 2, 3, 4, 5], n)),
        }
    )


@cache
def planted(name: str) -> Catalog:
    made = {"deliveries": deliveries, "tickets": tickets}[name]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        made.to_csv(path, index=False)
        return catalog_of(Session.open([path]).workspace)


def aggregate(data: str, question: str) -> Aggregate:
    outcome = read_sentence(question, planted(data))
    assert isinstance(outcome, Reading), outcome
    request = outcome.requests[0]
    assert isinstance(request, Aggregate), request
    return request


def on(request: Aggregate | Trend, column: str) -> Condition:
    (found,) = [condition for condition in request.where if condition.column == column]
    return found


def test_a_column_that_only_numbers_the_rows_is_counted_and_never_added_up() -> None:
    assert planted("tickets").columns["ticket"].role == "row_key"
    assert [m.statistic for m in aggregate("tickets", "tickets per team").measures] == ["count"]
    assert aggregate("tickets", "average cost per ticket").measures[0].per is None


@pytest.mark.parametrize(
    ("question", "kind", "values"),
    [
        ("deliveries in april and may 2023", "in", ["2023-04", "2023-05"]),
        ("how many deliveries in june, july or august 2022", "in", ["2022-06", "2022-07", "2022-08"]),
        ("basket value from november to february 2024", "between", ["2023-11-01", "2024-02-29"]),
        ("deliveries in q1 and q2 2023", "in", ["2023-Q1", "2023-Q2"]),
    ],
)
def test_periods_side_by_side_share_the_year_that_is_named(
    question: str, kind: str, values: list[str]
) -> None:
    found = on(aggregate("deliveries", question), "placed_on")
    assert (found.is_, found.values) == (kind, values)


def test_a_year_named_first_says_in_which_year_the_month_lies() -> None:
    assert (
        on(aggregate("deliveries", "in 2023, how many deliveries in april?"), "placed_on").value == "2023-04"
    )


def test_may_is_a_month_only_where_a_month_can_stand() -> None:
    assert on(aggregate("deliveries", "deliveries in may"), "placed_on").value == "2024-05"
    assert not isinstance(read_sentence("which city may be the best", planted("deliveries")), Reading)


def test_halves_and_ranges_of_months_are_compared_as_whole_periods() -> None:
    for question, periods in (
        (
            "basket value: first half of 2023 vs the second half",
            ["2023-01-01..2023-06-30", "2023-07-01..2023-12-31"],
        ),
        ("tip jan-june 2023 compared to jan-june 2022", ["2023-01-01..2023-06-30", "2022-01-01..2022-06-30"]),
    ):
        outcome = read_sentence(question, planted("deliveries"))
        assert isinstance(outcome, Reading) and isinstance(outcome.requests[0], Trend)
        assert outcome.requests[0].compare_periods == periods


@pytest.mark.parametrize(
    ("question", "kind", "value", "values"),
    [
        ("how many tickets were opened before noon", "below", 12, []),
        ("tickets opened between 9 am and noon", "between", None, [9, 11]),
        ("tickets from 10 pm to midnight", "between", None, [22, 23]),
        ("tickets from 10 pm to 2 am", "in", None, [22, 23, 0, 1]),
        ("tickets after 18:30", "at_least", 18, []),
    ],
)
def test_times_of_day(question: str, kind: str, value: int | None, values: list[int]) -> None:
    found = on(aggregate("tickets", question), "opened")
    assert (found.grain, found.is_, found.value, found.values) == ("hour", kind, value, values)


@pytest.mark.parametrize(
    ("question", "column", "claim"),
    [
        ("most orders are paid by card, right?", "payment", ("above", 50.0)),
        ("are most deliveries late?", "late", ("above", 50.0)),
        ("is it true that more than 60% of the orders come from Leeds", "city", ("above", 60.0)),
        ("are fewer than a quarter of deliveries late", "late", ("below", 25.0)),
    ],
)
def test_a_claim_about_most_asks_for_the_share(question: str, column: str, claim: tuple[str, float]) -> None:
    outcome = read_sentence(question, planted("deliveries"))
    assert isinstance(outcome, Reading) and outcome.majority == claim
    (measure,) = aggregate("deliveries", question).measures
    assert measure.per is not None and [c.column for c in measure.where] == [column]


def test_most_without_a_claim_ranks() -> None:
    for question in ("which city has most orders", "most orders by city"):
        outcome = read_sentence(question, planted("deliveries"))
        assert isinstance(outcome, Reading) and outcome.majority is None


@pytest.mark.parametrize(
    ("question", "outer", "inner", "grain"),
    [
        ("average of the daily totals of basket value", "mean", "sum", "day"),
        ("median of the weekly totals of tips", "median", "sum", "week"),
        ("mean of the monthly order counts", "mean", "count", "month"),
        ("average of the city averages of basket value", "mean", "mean", None),
    ],
)
def test_a_statistic_of_statistics(question: str, outer: str, inner: str, grain: str | None) -> None:
    (measure,) = aggregate("deliveries", question).measures
    assert measure.statistic == outer and measure.of is not None and measure.of.statistic == inner
    assert measure.each[0].grain == grain


def test_how_it_was_paid_is_no_amount() -> None:
    request = aggregate("deliveries", "what fraction of Leeds orders is paid in cash")
    assert [c.value for c in request.where] == ["Leeds"]
    assert [c.value for c in request.measures[0].where] == ["cash"]


def test_a_ranking_goes_by_what_it_names_and_shows_the_rest_beside() -> None:
    request = aggregate(
        "deliveries", "top 3 restaurants in each city by basket value, with their average rating"
    )
    assert [m.column for m in request.measures] == ["basket_value", "rating"]
    assert request.rank_within and request.limit == 3
    clients = aggregate("tickets", "top 5 clients by cost, with number of tickets")
    assert [m.statistic for m in clients.measures] == ["sum", "count"]


def test_what_is_named_behind_for_each_is_ranked_in_it() -> None:
    request = aggregate("deliveries", "for each city, the restaurant with the most orders")
    assert request.rank_within and request.limit == 1
    assert [group.column for group in request.by] == ["city", "restaurant"]


@pytest.mark.parametrize(
    ("question", "statistic", "group"),
    [
        ("missing ratings by restaurant", "count_missing", "restaurant"),
        ("share of missing ratings by city", "share_missing", "city"),
        ("deliveries without a rating per city", "count_missing", "city"),
    ],
)
def test_missing_values_by_group(question: str, statistic: str, group: str) -> None:
    request = aggregate("deliveries", question)
    assert [m.statistic for m in request.measures] == [statistic]
    assert [g.column for g in request.by] == [group]


def test_the_share_without_a_value_is_a_share() -> None:
    (measure,) = aggregate("tickets", "share of tickets without a csat score").measures
    assert measure.per is not None and measure.where[0].is_ == "missing"


def test_a_percentage_of_another_column_is_written_in_percent() -> None:
    (measure,) = aggregate("deliveries", "tip as a percentage of basket value").measures
    assert measure.percent and measure.per is not None
    (ratio,) = aggregate("deliveries", "ratio of tip to basket value").measures
    assert not ratio.percent


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("how many tickets took longer than 24 hours to resolve", "above", 24),
        ("how many tickets were resolved within 8 hours", "at_most", 8),
        ("tickets that took more than 2 days", "above", 48),
    ],
)
def test_lengths_of_time_are_compared_with_the_column_that_holds_them(
    question: str, kind: str, value: int
) -> None:
    found = on(aggregate("tickets", question), "resolution_hours")
    assert (found.is_, found.value) == (kind, value)


def test_the_time_that_something_takes_is_no_amount() -> None:
    (measure,) = aggregate("deliveries", "90th percentile of delivery time per restaurant").measures
    assert (measure.statistic, measure.column) == ("quantile", "minutes_to_deliver")
    (mean,) = aggregate("tickets", "how long does it take to resolve a ticket").measures
    assert (mean.statistic, mean.column) == ("mean", "resolution_hours")


def test_on_time_is_the_opposite_of_late() -> None:
    request = aggregate("deliveries", "average rating of late vs on-time deliveries")
    assert [group.column for group in request.by] == ["late"]
    assert on(aggregate("deliveries", "how many deliveries were on time in York"), "late").value == "no"


def test_filled_and_empty_cells_of_a_column_are_two_kinds_of_rows() -> None:
    assert on(aggregate("deliveries", "deliveries with a rating"), "rating").is_ == "present"
    both = aggregate("deliveries", "average tip of deliveries with and without a rating").measures
    assert [measure.where[0].is_ for measure in both] == ["present", "missing"]


@pytest.mark.parametrize(
    "question",
    [
        "what share of deliveries and of basket value comes from Roma",
        "share of deliveries and share of basket value for Roma",
        "what share of deliveries and what share of basket value does Roma have",
    ],
)
def test_two_shares_at_once(question: str) -> None:
    count, money = aggregate("deliveries", question).measures
    assert (count.statistic, money.statistic, money.column) == ("count", "sum", "basket_value")
    for measure in (count, money):
        assert measure.per is not None and [c.value for c in measure.where] == ["Roma"]


def test_shares_by_group_are_given_for_every_measure() -> None:
    request = aggregate("deliveries", "share of deliveries and basket value by city")
    assert request.share_of_total and [m.statistic for m in request.measures] == ["count", "sum"]


@pytest.mark.parametrize(
    ("question", "by", "statistic", "share"),
    [
        ("how many customers make up 80% of the basket value", "customer_no", "sum", 80.0),
        ("what part of customers accounts for half of the revenue", "customer_no", "sum", 50.0),
        ("which cities account for two thirds of orders", "city", "count", 66.666667),
    ],
)
def test_how_few_make_up_a_part(question: str, by: str, statistic: str, share: float) -> None:
    outcome = read_sentence(question, planted("deliveries"))
    assert isinstance(outcome, Reading)
    request = outcome.requests[0]
    assert isinstance(request, Concentration)
    assert (request.by, request.measure.statistic, request.share_pct) == (by, statistic, share)


def test_a_limit_on_orders_is_about_their_amount_whatever_is_averaged() -> None:
    request = aggregate("deliveries", "average tip for orders between 20 and 40")
    assert on(request, "basket_value").values == [20, 40]
    assert [m.column for m in request.measures] == ["tip"]


def test_values_side_by_side_are_values_though_one_could_be_money() -> None:
    request = aggregate("deliveries", "compare average tip of card and cash")
    assert on(request, "payment").values == ["card", "cash"]
    assert [m.column for m in request.measures] == ["tip"]


def test_the_most_common_number_in_each_group_is_its_mode() -> None:
    (measure,) = aggregate("deliveries", "what's the most common rating per restaurant").measures
    assert (measure.statistic, measure.column) == ("mode", "rating")


@pytest.mark.parametrize(
    ("question", "column", "percent"),
    [
        ("late rate among the 10% of orders with the highest tip", "tip", 10),
        ("average tip of the 5% biggest orders", "basket_value", 5),
    ],
)
def test_the_top_part_may_be_named_before_its_rank(question: str, column: str, percent: int) -> None:
    found = on(aggregate("deliveries", question), column)
    assert (found.is_, found.value) == ("top_share", percent)


def test_groups_are_kept_by_the_part_that_is_so() -> None:
    request = aggregate("deliveries", "restaurants where more than 20% of orders are late")
    (measure,) = request.measures
    assert measure.per is not None and [c.column for c in measure.where] == ["late"]
    assert [(c.column, c.is_, c.value) for c in request.having] == [("value", "above", 20)]


def test_which_customers_are_listed() -> None:
    request = aggregate("deliveries", "which customers have more than 10 deliveries")
    assert [group.column for group in request.by] == ["customer_no"] and request.table == "customers"
    assert not aggregate("deliveries", "how many customers have more than 10 deliveries").by


def test_a_finer_grain_stays_inside_the_period() -> None:
    outcome = read_sentence("revenue per quarter in 2023 with the change", planted("deliveries"))
    assert isinstance(outcome, Reading) and isinstance(outcome.requests[0], Trend)
    assert on(outcome.requests[0], "placed_on").value == "2023" and not outcome.requests[0].compare_periods


@pytest.mark.parametrize(
    ("question", "measured"),
    [
        ("how much money moves on Fridays", ("sum", "basket_value")),
        ("how much in York", ("sum", "basket_value")),
        ("how much money per restaurant", ("sum", "basket_value")),
        ("how much customers are in York", ("count_distinct", "customer_no")),
        ("how much customers do we have, honestly", ("count_distinct", "customer_no")),
    ],
)
def test_how_much_asks_for_money_and_never_counts_rows(question: str, measured: tuple[str, str]) -> None:
    (measure,) = aggregate("deliveries", question).measures
    assert (measure.statistic, measure.column) == measured


def test_ordinary_words_stop_no_reading() -> None:
    plain = aggregate("deliveries", "average tip by city")
    talkative = aggregate("deliveries", "he himself would quite obviously appreciate the average tip by city")
    assert talkative == plain


@pytest.mark.parametrize(
    "question",
    [
        "average tip by city so we can reward the couriers",
        "average tip by city, so that my boss understands it",
        "average tip so I can see it by city",
    ],
)
def test_what_an_answer_is_for_changes_nothing(question: str) -> None:
    assert aggregate("deliveries", question) == aggregate("deliveries", "average tip by city")
