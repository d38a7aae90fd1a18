"""Only things are absent from data; verbs, idioms and slips are asked about, and segments have names."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.dialogue import read_message
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Reading, Reply
from assistant.builtin.request.segments import FindSegments
from tests.test_builtin_tables import catalog

SEGMENTS = ("Savers", "Spenders", "Sleepers")


def read(text: str, data: str, *segments: str, after: Request | None = None) -> Reading | Reply:
    earlier = Conversation([Exchange("", (after,))] if after else [])
    (outcome,) = read_message(text, catalog(data, *segments), earlier)
    return outcome


@pytest.mark.parametrize(
    "question",
    [
        "average cholesterol by contract",
        "show me the pension claims by gender",
        "total margin per payment method",
        "how many pets by contract",
    ],
)
def test_an_absent_thing_is_refused(question: str) -> None:
    outcome = read(question, "telco")
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.template) == ("refused", "absent")


@pytest.mark.parametrize(
    "question",
    [
        "merge the two longest contracts",
        "how many of the lenders gained most",
        "average tenure by contract, allowed half of it",
    ],
)
def test_verbs_and_idioms_are_asked_about(question: str) -> None:
    outcome = read(question, "telco")
    assert isinstance(outcome, Reply)
    assert outcome.status == "clarify"
    assert outcome.template != "absent"


def test_a_slip_in_how_many_is_mended() -> None:
    slip, meant = read("hwo many customers have a partner", "telco"), read("how many have a partner", "telco")
    assert isinstance(slip, Reading)
    assert isinstance(meant, Reading)
    assert slip.requests == meant.requests


@pytest.mark.parametrize(
    "question", ["Rename segment 3 to Platinum", "split segment 1", "merge segments 1 and 2"]
)
def test_without_segments_none_is_changed(question: str) -> None:
    outcome = read(question, "telco")
    assert isinstance(outcome, Reply)
    assert outcome.template == "no_segments"
    assert isinstance(read(question, "telco", *SEGMENTS), Reading)


@pytest.mark.parametrize(
    "question", ["describe the Bargain-hunters", "who are the Whales?", "Profile the Regulars"]
)
def test_a_name_that_is_no_segment_is_said(question: str) -> None:
    outcome = read(question, "bank", *SEGMENTS)
    assert isinstance(outcome, Reply)
    assert outcome.template == "no_such_segment"
    assert outcome.choices == SEGMENTS


def request(outcome: Reading | Reply) -> tuple[str, dict[str, object]]:
    assert isinstance(outcome, Reading)
    return outcome.requests[0].tool, outcome.requests[0].arguments()


def test_a_counted_feature_is_left_out_not_counted() -> None:
    said = read("leave out the number of purchases", "bank", *SEGMENTS, after=FindSegments())
    assert request(said) == ("find_segments", {"ignore": ["n_transactions"]})


def test_which_of_them_is_which_segment() -> None:
    tool, asked = request(read("which of these spends least?", "bank", *SEGMENTS, after=FindSegments()))
    assert tool == "aggregate"
    assert asked["by"] == [{"column": "segment"}]


@pytest.mark.parametrize(
    "question", ["Cluster my customers", "segment all people", "please segment the customers"]
)
def test_a_column_called_segmentation_is_no_request(question: str) -> None:
    assert request(read(question, "people"))[0] == "find_segments"


@pytest.mark.parametrize(
    "question", ["compare the segments with Segmentation", "compare them against Segmentation"]
)
def test_segments_are_compared_with_labels(question: str) -> None:
    told = request(read(question, "people", *SEGMENTS))
    assert told == ("cross_table", {"rows": "segment", "columns": "Segmentation"})


def test_by_segment_means_the_segments_that_were_made() -> None:
    assert request(read("plot family size by segment", "people", *SEGMENTS))[1]["by"] == [
        {"column": "segment"}
    ]


def test_best_customers_without_an_amount_are_asked_about() -> None:
    outcome = read("Who are our best customers?", "people")
    assert isinstance(outcome, Reply)
    assert outcome.template == "by_what"


@pytest.mark.parametrize(
    ("question", "n", "features"),
    [
        ("make 4 segments by recency and average amount", 4, ["recency_days", "mean_amount"]),
        ("create three segments on total amount", 3, ["total_amount"]),
        ("4 to 7 segments", None, None),
    ],
)
def test_numbers_of_segments(question: str, n: int | None, features: list[str] | None) -> None:
    tool, asked = request(read(question, "bank"))
    assert tool == "find_segments"
    assert asked.get("n_segments") == n
    assert asked.get("features") == features


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        ("segments: exactly 1 purchase, 2 to 4, 5 or more", [1, [2, 4], 5]),
        ("split customers by number of purchases into exactly 1, 2 to 4, 5 or more", [1, [2, 4], 5]),
    ],
)
def test_counted_bands_become_rules(question: str, limits: list[object]) -> None:
    tool, asked = request(read(question, "bank"))
    assert tool == "segment_by_rules"
    told = asked["segments"]
    assert isinstance(told, list)
    assert [one["where"][0].get("value", one["where"][0].get("values")) for one in told] == limits


def test_semicolons_part_the_rules_of_one_segmentation() -> None:
    tool, asked = request(
        read("segments: Rich = balance above 5000; Poor = balance below 50; else Middle", "bank")
    )
    assert tool == "segment_by_rules"
    assert isinstance(asked["segments"], list)
    assert [one["name"] for one in asked["segments"]] == ["Rich", "Poor"]
    assert asked["otherwise"] == "Middle"


def test_how_many_of_a_segment_counts_customers() -> None:
    asked = request(read("how many Sleepers are there?", "bank", *SEGMENTS))[1]
    assert asked["measures"] == [{"statistic": "count_distinct", "column": "CustomerID"}]
    rows = request(read("how many transactions of Sleepers", "bank", *SEGMENTS))[1]
    assert rows["measures"] == [{"statistic": "count"}]


@pytest.mark.parametrize(
    "question", ["Spending fell in September, right?", "purchases in March", "how was june"]
)
def test_a_month_needs_dates(question: str) -> None:
    outcome = read_message(question, catalog("cards"), Conversation())[0]
    assert isinstance(outcome, Reply)
    assert outcome.template == "no_time"
