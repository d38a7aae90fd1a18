"""One side is held against another: ranges, contents, a denial, and ages that dates of birth give."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.builtin.annotate import annotate
from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate, GroupDifference
from tests.test_builtin_tables import catalog, day, key, number, text
from tools.core import DataTable, Workspace
from tools.engine import Engine

SKIERS = DataTable(
    "skiers",
    "skiers.csv",
    900,
    (
        key("skier_id", "customer_key", 900),
        day("date_of_birth", "birth_date", "1940-03-02", "2006-05-05"),
        text("resort", "category", "Davos", "Zermatt", "Laax"),
        text("injured", "flag", "yes", "no"),
        number("lessons", low=0, high=30),
        number("speed", low=10, high=90, n=70),
        day("first_day", "time", "2023-01-01", "2024-12-31"),
    ),
    "customers",
    "skier_id",
    "first_day",
)


@cache
def skiers() -> Catalog:
    return catalog_of(Workspace(Engine(), {SKIERS.name: SKIERS}, SKIERS.name))


def asked(question: str) -> Request:
    outcome = read_sentence(question, skiers())
    assert isinstance(outcome, Reading), outcome
    return outcome.requests[0]


@pytest.mark.parametrize(
    ("question", "column", "by", "claim"),
    [
        ("do skiers with more than 10 lessons have a higher speed than those with fewer than 3", "speed",
         "lessons > 10 | lessons < 3", "higher"),
        ("do skiers who took lessons have a lower speed than those who never took any", "speed",
         "lessons > 0", "lower"),
        ("do skiers over 60 take fewer lessons than those under 30", "lessons",
         "age by date_of_birth on 2024-12-31 > 60 | age by date_of_birth on 2024-12-31 < 30", "lower"),
        ("is the average speed of skiers in Davos higher than that of skiers in Laax", "speed", "resort",
         "higher"),
    ],
)  # fmt: skip
def test_two_sides_become_one_group(question: str, column: str, by: str, claim: str) -> None:
    request = asked(question)
    assert isinstance(request, GroupDifference), request
    assert (request.column, request.by, request.claim) == (column, by, claim)
    assert len(request.values) == 2
    assert not request.where


def test_what_both_sides_have_stays_a_filter() -> None:
    request = asked(
        "do skiers in Davos with over 10 lessons have a higher speed than those in Davos with under 3"
    )
    assert isinstance(request, GroupDifference)
    assert [(one.column, one.value) for one in request.where] == [("resort", "Davos")]
    assert request.by == "lessons > 10 | lessons < 3"


def test_how_often_it_happens_is_told_for_both_sides() -> None:
    request = asked("are skiers with a speed above 70 injured more often than those with a speed below 40")
    assert isinstance(request, Aggregate)
    assert [group.column for group in request.by] == ["speed > 70 | speed < 40"]
    (measure,) = request.measures
    assert [(one.column, one.value) for one in measure.where] == [("injured", "yes")]
    assert measure.per is not None


def test_features_of_customers_make_sides() -> None:
    outcome = read_sentence(
        "do customers with more than 10 transactions spend more than those with fewer than 3",
        catalog("bank"),
    )
    assert isinstance(outcome, Reading), outcome
    (request,) = outcome.requests
    assert isinstance(request, GroupDifference)
    assert request.by == "n_transactions > 10 | n_transactions < 3"
    assert len(request.values) == 2


def test_dates_of_birth_give_ages() -> None:
    request = asked("average age of skiers in Laax")
    assert isinstance(request, Aggregate)
    assert request.measures[0].column == "age by date_of_birth on 2024-12-31"


def test_born_before_a_year_is_about_the_date_of_birth() -> None:
    request = asked("how many skiers were born before 1970")
    assert isinstance(request, Aggregate)
    assert [(one.column, one.is_, one.value) for one in request.where] == [("date_of_birth", "below", "1970")]


@pytest.mark.parametrize(
    ("said", "is_", "value"),
    [
        ("no later than March 2024", "at_most", "2024-03-31"),
        ("in 2023 or earlier", "at_most", "2023-12-31"),
        ("on or after 5 June 2024", "at_least", "2024-06-05"),
        ("not earlier than May 2024", "at_least", "2024-05-01"),
        ("from 2024 onwards", "at_least", "2024-01-01"),
    ],
)
def test_the_end_of_a_time_is_read(said: str, is_: str, value: str) -> None:
    request = asked(f"how many skiers had their first day {said}")
    assert isinstance(request, Aggregate)
    assert [(one.column, one.is_, one.value) for one in request.where] == [("first_day", is_, value)]


def test_a_word_that_denies_is_no_slip() -> None:
    request = asked("average speed of uninjured skiers")
    assert isinstance(request, Aggregate)
    assert [(one.column, one.value) for one in request.where] == [("injured", "no")]


def test_common_words_are_not_mended_into_the_data() -> None:
    assert not annotate("how many skiers had a report", skiers()).mended


def test_a_decimal_comma_is_no_thousand() -> None:
    request = asked("how many skiers had a speed under 20,50")
    assert isinstance(request, Aggregate)
    assert [one.value for one in request.where] == [20.5]
