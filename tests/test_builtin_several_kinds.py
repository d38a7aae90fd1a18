"""In how many groups a customer is found, contents before a noun, and what a comparative compares."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import years_in_digits
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, GroupDifference
from tests.test_builtin_tables import catalog, day, key, number, text
from tools.core import DataTable, Workspace
from tools.engine import Engine

REPAIRS = DataTable(
    "repairs",
    "repairs.csv",
    4_000,
    (
        key("repair_no", "row_key", 4_000),
        key("owner_id", "customer_key", 900),
        day("brought_in", "time", "2022-01-01", "2024-12-31"),
        text("garage", "category", "Harbour", "Station", "Airport"),
        text("line", "category", "Service", "Bodywork", "Sales"),
        number("labour_hours", low=0, high=40),
        number("parts_cost_eur", "amount", low=0, high=4_000, unit="EUR"),
    ),
    "transactions",
    "owner_id",
    "brought_in",
    None,
    "parts_cost_eur",
)


@cache
def repairs() -> Catalog:
    return catalog_of(Workspace(Engine(), {REPAIRS.name: REPAIRS}, REPAIRS.name))


def said(question: str) -> Outcome:
    (outcome,) = read_message(question, repairs(), Conversation())
    return outcome


def asked(question: str) -> Aggregate:
    outcome = said(question)
    assert isinstance(outcome, Reading), outcome
    request = outcome.requests[0]
    assert isinstance(request, Aggregate), request
    return request


@pytest.mark.parametrize(
    ("question", "is_", "value"),
    [
        ("how many owners used 2 or more garages?", "at_least", 2),
        ("owners who only ever came to one garage, how many?", "equal", 1),
        ("how many owners have been to all three garages", "at_least", 3),
        ("how many owners picked two garages or more", "at_least", 2),
        ("number of owners who relied on just one garage", "equal", 1),
    ],
)
def test_groups_of_a_customer_are_counted(question: str, is_: str, value: int) -> None:
    (one,) = asked(question).where
    assert (one.column, one.is_, one.value) == ("owner_id", is_, value)
    assert one.measure is not None
    assert (one.measure.statistic, one.measure.column) == ("count_distinct", "garage")


def test_an_adverb_that_only_colours_is_left_out() -> None:
    request = asked("average labour hours by garage, presumably")
    assert [group.column for group in request.by] == ["garage"]


def test_an_adverb_that_restricts_is_not() -> None:
    outcome = said("average labour hours of jointly repairs")
    assert isinstance(outcome, Reply)


def test_a_group_that_no_column_holds_is_not_passed_over() -> None:
    assert isinstance(said("average owners by garage"), Reply)


def test_a_content_before_a_noun_says_which_rows() -> None:
    (one,) = asked("average labour hours of sales repairs").where
    assert (one.column, one.value) == ("line", "Sales")


def test_people_and_the_others_are_compared() -> None:
    (outcome,) = read_message(
        "do customers who churned have higher monthly charges?", catalog("telco"), Conversation()
    )
    assert isinstance(outcome, Reading)
    (request,) = outcome.requests
    assert isinstance(request, GroupDifference)
    assert (request.column, request.by, request.claim) == ("MonthlyCharges", "Churn", "higher")


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("born before nineteen seventy", "born before 1970"),
        ("in twenty twenty-two", "in 2022"),
        ("between twenty and thirty", "between twenty and thirty"),
        ("twenty five years", "twenty five years"),
    ],
)
def test_years_are_written_in_digits(written: str, digits: str) -> None:
    assert years_in_digits(written) == digits
