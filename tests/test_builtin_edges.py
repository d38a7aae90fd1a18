"""Edges of parts, parts of totals, the best within groups and one side against others, on a planted table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assistant.builtin import several
from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reading, Reply
from assistant.builtin.request.rows import Aggregate, GroupDifference
from assistant.session import Session


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """400 rides of a bicycle hire, with a deposit of three sizes."""
    rng = np.random.default_rng(5)
    n = 400
    rides = pd.DataFrame(
        {
            "ride_id": [f"R{i:05d}" for i in range(n)],
            "rider_no": [f"M{i:03d}" for i in rng.integers(0, 90, n)],
            "station": rng.choice(["Harbour", "Castle", "Market"], n),
            "bike_type": rng.choice(["Cargo", "Electric", "Plain"], n),
            "fare_eur": np.round(rng.gamma(3, 4, n), 2),
            "ride_km": np.round(rng.gamma(2, 3, n), 1),
            "deposit": rng.choice([20, 50, 100], n),
            "damaged": rng.choice(["Y", "N"], n, p=[0.1, 0.9]),
        }
    )
    path = tmp_path_factory.mktemp("rides") / "rides.csv"
    rides.to_csv(path, index=False)
    return catalog_of(Session.open([path]).workspace)


def request_of(text: str, catalog: Catalog) -> Request:
    outcome = read_sentence(text, catalog)
    assert isinstance(outcome, Reading), text
    return outcome.requests[0]


@pytest.mark.parametrize(
    ("text", "column", "level"),
    [
        ("where do the dearest 5% of cargo fares begin?", "fare_eur", 0.95),
        ("the longest 10 % of rides are at least how many km?", "ride_km", 0.9),
        ("what fare must one pay to be in the top 1%", "fare_eur", 0.99),
        ("Where does the lowest quarter of fares end?", "fare_eur", 0.25),
    ],
)
def test_the_edge_of_a_part_is_a_quantile(text: str, column: str, level: float, catalog: Catalog) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, Aggregate)
    assert [(m.statistic, m.column) for m in asked.measures] == [("quantile", column)]
    assert asked.measures[0].q == pytest.approx(level)


@pytest.mark.parametrize(
    "text",
    [
        "rides above 20 km: what percent of fares do they bring?",
        "what fraction of the fares comes from rides above 20 km",
        "rides above 20 km make up what share of total fares",
    ],
)
def test_a_part_of_a_total_is_no_part_of_the_rows(text: str, catalog: Catalog) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, Aggregate)
    (share,) = asked.measures
    assert (share.statistic, share.column) == ("sum", "fare_eur")
    assert [c.column for c in share.where] == ["ride_km"]
    assert share.per is not None and share.per.statistic == "sum"


@pytest.mark.parametrize(
    "text",
    [
        "at each station, which bike type has the highest average fare?",
        "which bike type has the highest average fare in each station",
        "per station, which bike type has the highest average fare",
    ],
)
def test_the_first_of_each_group_is_ranked_within_it(text: str, catalog: Catalog) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, Aggregate)
    assert [group.column for group in asked.by] == ["station", "bike_type"]
    assert asked.rank_within and asked.limit == 1


def test_rows_are_ranked_within_groups(catalog: Catalog) -> None:
    asked = request_of("for every station give me the three largest fares", catalog)
    assert isinstance(asked, Aggregate)
    assert [group.column for group in asked.by] == ["station", "ride_id"]
    assert asked.rank_within and asked.limit == 3


@pytest.mark.parametrize(
    ("text", "by", "claim"),
    [
        ("do Harbour rides cost more than elsewhere?", "station = Harbour", "higher"),
        ("do rides with a 50 deposit cost less than the others?", "deposit = 50", "lower"),
        ("is the fare lower for rides of over 10 km?", "ride_km > 10", "lower"),
    ],
)
def test_one_side_is_compared_with_all_others(text: str, by: str, claim: str, catalog: Catalog) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, GroupDifference)
    assert (asked.by, asked.claim) == (by, claim)
    assert asked.values[1] == "the others"


def test_two_values_of_a_number_are_two_sides(catalog: Catalog) -> None:
    asked = request_of("do rides with a 50 deposit cost more than those with 100?", catalog)
    assert isinstance(asked, GroupDifference)
    assert (asked.by, asked.values) == ("deposit", ["50", "100"])


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("90 percent of rides cost no more than how much?", 0.9),
        ("half of all rides are shorter than what?", 0.5),
        ("three quarters of the rides are below how many km", 0.75),
    ],
)
def test_what_so_many_stay_below_is_a_quantile(text: str, level: float, catalog: Catalog) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, Aggregate)
    assert [(m.statistic, m.q) for m in asked.measures] == [("quantile", pytest.approx(level))]


def test_both_ends_are_left_out(catalog: Catalog) -> None:
    asked = request_of("leave out fares under 5 and over 30: what is the mean fare", catalog)
    assert isinstance(asked, Aggregate)
    assert [(c.is_, c.value) for c in asked.where] == [("at_least", 5), ("at_most", 30)]


def test_an_exception_in_front_belongs_to_the_question(catalog: Catalog) -> None:
    pieces = several.requests_in("Excluding cargo, how many rides cost more than 20?", catalog)
    assert len(pieces) == 1
    asked = request_of(pieces[0], catalog)
    assert isinstance(asked, Aggregate)
    assert {(c.column, c.is_) for c in asked.where} == {("fare_eur", "above"), ("bike_type", "not_equal")}


def test_among_whom_a_share_is_taken(catalog: Catalog) -> None:
    asked = request_of("share of Harbour rides among those that were damaged", catalog)
    assert isinstance(asked, Aggregate)
    assert [c.column for c in asked.where] == ["damaged"]
    assert [c.column for c in asked.measures[0].where] == ["station"]


@pytest.mark.parametrize(
    ("text", "column", "statistic"),
    [
        ("which station has the priciest rides?", "fare_eur", "mean"),
        ("which bike type goes the furthest rides", "ride_km", "mean"),
        ("the furthest ride from every station", "ride_km", "max"),
    ],
)
def test_a_superlative_says_what_it_measures(
    text: str, column: str, statistic: str, catalog: Catalog
) -> None:
    asked = request_of(text, catalog)
    assert isinstance(asked, Aggregate)
    assert [(m.statistic, m.column) for m in asked.measures] == [(statistic, column)]


def test_what_a_superlative_cannot_measure_is_asked_back(catalog: Catalog) -> None:
    outcome = read_sentence("which bike type is the heaviest", catalog)
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("clarify", "by_what")
