"""Years of birth that stand as plain numbers are compared as years, and ages follow from them."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request.outcome import Reading
from assistant.builtin.request.rows import Aggregate
from tests.test_builtin_tables import day, key, number, text
from tools.core import DataTable, Workspace
from tools.engine import Engine

CLUB = DataTable(
    "readers",
    "readers.csv",
    900,
    (
        key("reader_id", "customer_key", 900),
        number("birth_year", low=1935, high=2008, n=70),
        text("branch", "category", "Old town", "Harbour"),
        number("loans", low=0, high=80),
        day("joined", "time", "2019-01-01", "2024-12-31"),
    ),
)


@cache
def readers() -> Catalog:
    return catalog_of(Workspace(Engine(), {CLUB.name: CLUB}, CLUB.name))


def asked(question: str) -> Aggregate:
    outcome = read_sentence(question, readers())
    assert isinstance(outcome, Reading), outcome
    request = outcome.requests[0]
    assert isinstance(request, Aggregate), request
    return request


@pytest.mark.parametrize(
    ("question", "is_", "value"),
    [
        ("how many readers were born before 1970", "below", 1970),
        ("readers born after 1999, how many?", "above", 1999),
        ("number of readers born since 1985", "at_least", 1985),
        ("average loans of readers born in or after 1990", "at_least", 1990),
        ("how many readers have a birth year of 1960 or earlier?", "at_most", 1960),
    ],
)
def test_a_year_of_birth_is_compared(question: str, is_: str, value: int) -> None:
    (one,) = asked(question).where
    assert (one.column, one.is_, one.value) == ("birth_year", is_, value)


def test_an_age_is_counted_from_the_year_of_birth() -> None:
    (measure,) = asked("average age of the readers by branch").measures
    assert (measure.statistic, measure.column) == ("mean", "2024 - birth_year")
    (one,) = asked("how many readers are under 30?").where
    assert (one.column, one.is_, one.value) == ("2024 - birth_year", "below", 30)


def test_the_oldest_has_the_first_year() -> None:
    (measure,) = asked("what is the birth year of our oldest reader?").measures
    assert (measure.statistic, measure.column) == ("min", "birth_year")
