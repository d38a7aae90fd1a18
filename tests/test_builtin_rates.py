"""A rate is taken among the group that is asked about, and a count stays a count."""

from __future__ import annotations

import pytest

from tests.test_builtin_computing import aggregate


@pytest.mark.parametrize(
    "question",
    [
        "contract with the highest churn among seniors",
        "among seniors, which contract churns most, in percent",
        "which contract loses the most senior citizens in percentage terms?",
    ],
)
def test_the_highest_outcome_of_a_group_is_its_rate(question: str) -> None:
    request = aggregate("telco", question)
    (measure,) = request.measures
    assert measure.per is not None
    assert [one.column for one in measure.where] == ["Churn"]
    assert [one.column for one in request.where] == ["SeniorCitizen"]
    assert [group.column for group in request.by] == ["Contract"]


def test_the_most_of_a_noun_are_counted() -> None:
    (measure,) = aggregate("telco", "which contract has the most churned seniors").measures
    assert (measure.statistic, measure.per) == ("count", None)
