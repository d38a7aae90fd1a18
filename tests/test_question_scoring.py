"""The scorer judges made-up responses as a reader would, and every gold of the question set is computed."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.questions import QUESTIONS, tables
from tests.questions.gold import (
    ambiguous,
    chart,
    firm,
    hours,
    leader,
    listed,
    mentions,
    name,
    no_segments,
    number,
    percent,
    refusal,
    rows,
    segments,
    shows,
    upper,
    verdict,
)
from tests.questions.model import Asker, Expect, Number, Question, kept_apart
from tests.questions.report import Result, misses, summary, table
from tests.questions.score import Score, score
from tests.questions.shown import first_sentence, matches, numbers_in


def response(answer: str = "", status: str = "answered", **parts: Any) -> dict[str, Any]:
    """A response of the product, with nothing but what is given."""
    empty: dict[str, Any] = {"facts": [], "tables": [], "figures": [], "steps": [], "segmentation": None}
    return {"question": "?", "status": status, "answer": answer, **empty, **parts}


def with_rows(*cells: list[Any], columns: tuple[str, ...] = ("group", "value")) -> dict[str, Any]:
    made = {"title": "t", "columns": list(columns), "rows": list(cells)}
    return response("Here is the table.", tables=[made])


def outcome(given: dict[str, Any] | None, expect: Expect) -> str:
    return score(given, expect).outcome


@pytest.mark.parametrize(
    ("text", "wanted", "right"),
    [
        ("The average is 113,410.55.", 113410.5541, True),
        ("The average is ₹113,410.55.", 113410.5541, True),
        ("about 113.4k in all", 113410.55, True),
        ("about 1.13 lakh", 113410.55, True),
        ("₹1,13,410.55 on average", 113410.55, True),
        ("roughly 0.8 crore", 7_897_726.79, True),
        ("$2.5 million", 2_500_315.63, True),
        ("The average is 1,580.", 1579.5454, True),
        ("The average is 1,579.", 1579.5454, False),
        ("The average is 1,579.54.", 1579.5454, False),
        ("49,551 customers", 49551, True),
        ("49,550 customers", 49551, False),
        ("some 49.6k customers", 49551, True),
        ("one customer", 1, True),
        ("a correlation of -0.23", -0.2317, True),
        ("a correlation of \N{MINUS SIGN}0.23", -0.2317, True),
        ("a correlation of 0.23", -0.2317, False),
        ("No transactions match.", 0, True),
        ("a value of 0", 0.4, False),
        ("T892846 is the id", 892846, False),
    ],
)
def test_a_number_counts_at_the_precision_shown(text: str, wanted: float, right: bool) -> None:
    assert (outcome(response(text), number(wanted)) == "right") is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("26.5 %", True),
        ("26.54%", True),
        ("0.2654", True),
        ("27 percent", True),
        ("26.9 %", False),
        ("2,654", False),
    ],
)
def test_a_share_may_be_a_percentage_or_a_fraction(text: str, right: bool) -> None:
    assert (outcome(response(f"The share is {text} of all."), percent(0.26537)) == "right") is right


def test_a_small_share_may_be_rounded_to_one_decimal() -> None:
    assert outcome(response("It rose by 0.4 %."), percent(0.00438)) == "right"
    assert outcome(response("It rose by 0.5 %."), percent(0.00438)) == "wrong"
    assert outcome(response("The average is 0.4."), number(0.438)) == "wrong"


def test_the_count_of_rows_behind_a_number_is_not_the_answer() -> None:
    assert outcome(response("The average is 5.20 (1,243 rows)."), number(1243)) == "wrong"
    assert outcome(response("The average is 5.20 (1,243 rows)."), number(5.2)) == "right"
    assert outcome(response("That is all of them (1,243 rows)."), number(1243)) == "right"


def test_a_fall_may_be_told_without_its_sign() -> None:
    assert outcome(response("It fell by 40.3 %."), percent(-0.402988, either_sign=True)) == "right"


def test_what_was_asked_must_stand_in_the_first_sentence() -> None:
    late = response("Here is what I found. The average is 12.5.")
    assert score(late, number(12.5)) == Score("wrong", "first sentence lacks 12.5", confident=True)
    assert outcome(late, shows(12.5)) == "right"
    assert outcome(response("See the facts.", facts=[{"name": "a", "value": 12.5}]), number(12.5)) == "wrong"
    assert outcome(response("See the facts.", facts=[{"name": "a", "value": 12.5}]), shows(12.5)) == "wrong"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("It is 5.25 vs. 6. More follows.", "It is 5.25 vs. 6."),
        ("## Result\n\n**Mumbai** leads. Then Delhi.", "Mumbai leads."),
        ("By group:\n\n- a: 1\n- b: 2\n\nMore.", "By group:\n- a: 1\n- b: 2"),
        ("Rs. 500 were spent, i.e. little. End.", "Rs. 500 were spent, i.e. little."),
        ("No, that is not so. It is 27 %. More.", "No, that is not so. It is 27 %."),
        ("No, they are 5 % apart. It is so.", "No, they are 5 % apart."),
    ],
)
def test_first_sentence(answer: str, sentence: str) -> None:
    assert first_sentence(answer.replace("**", "")) == sentence


def test_statuses_decide_between_asked_back_wrong_and_failed() -> None:
    assert outcome(response("Which amount?", "clarify"), number(1)) == "asked_back"
    assert outcome(response("I cannot.", "refused"), number(1)) == "wrong"
    assert not score(response("I cannot.", "refused"), number(1)).confident
    assert outcome(response("Oops.", "error"), number(1)) == "failed"
    assert outcome(None, number(1)) == "failed"
    assert outcome({"status": "answered"}, number(1)) == "failed"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Anna has the highest average rating (4.2).", True),
        ("Anna has the highest average rating. Hers is 4.2, Ben's 3.9.", True),
        ("Anna has the best average rating.", True),
        ("Ratings are 4.2 for Anna, 3.9 for Ben and 3.1 for Cleo.", True),
        ("Anna has the most ratings (301).", False),
        ("Anna, Ben and Cleo are compared. Anna has 4.2.", False),
        ("Ben has the highest average rating (4.2).", False),
        ("Ratings of Anna, Ben and Cleo.", False),
    ],
)
def test_a_leader_is_picked_and_not_merely_listed(answer: str, right: bool) -> None:
    expect = leader(pd.Series({"Anna": 4.2, "Ben": 3.9, "Cleo": 3.1}))
    assert (outcome(response(answer), expect) == "right") is right


def test_any_of_those_that_share_the_lead_is_right() -> None:
    expect = leader(pd.Series({"Anna": 8, "Ben": 8, "Cleo": 3}))
    assert outcome(response("Anna leads with 8."), expect) == "right"
    assert outcome(response("Ben leads with 8."), expect) == "right"
    assert outcome(response("Cleo leads with 8."), expect) == "wrong"


def test_hours_may_be_told_by_either_clock() -> None:
    expect = leader(hours(pd.Series({9: 40, 17: 75, 18: 60})))
    for told in ("17:00 (75)", "5 pm, with 75", "hour 17: 75", "5pm: 75 calls"):
        assert outcome(response(f"The busiest hour is {told}."), expect) == "right"
    assert outcome(response("The busiest hour is 9 am (75)."), expect) == "wrong"
    assert outcome(response("The busiest hour is 17:00 (60)."), expect) == "wrong"


def test_quantiles_may_be_interpolated_or_a_value_beside() -> None:
    values = pd.Series([1, 2, 3, 10])
    for told, right in (("6.5", True), ("3", True), ("10", True), ("8", False)):
        assert (outcome(response(f"It is {told}."), upper(values, 0.833333)) == "right") is right
    both = upper(values, 0.25, 0.75)
    assert outcome(response("See below. It lies between 1.75 and 4.75."), both) == "right"
    assert outcome(response("See below. It lies between 1.75 and 10."), both) == "wrong"


def test_chance_is_a_verdict_of_no_difference() -> None:
    assert outcome(response("The gap is small enough to be down to chance."), verdict(False)) == "right"
    assert outcome(response("The gap is larger than chance would give."), verdict(False)) == "wrong"


def test_a_note_on_how_a_word_was_read_offers_the_other_reading() -> None:
    expect = ambiguous(shows(25))
    assert outcome(response('It is 25. *I read "valuable" as the top fifth.*'), expect) == "right"
    assert outcome(response("It is 25. Few rows stand behind it; read it with care."), expect) == "wrong"


def test_what_is_proposed_to_ask_next_is_no_part_of_the_answer() -> None:
    proposed = "It is 25.\n\nYou could ask next: *Segment my 30 customers*"
    assert outcome(response(proposed), mentions("segment")) == "wrong"
    assert outcome(response(proposed), shows(30)) == "wrong"
    assert outcome(response(proposed), shows(25)) == "right"


def test_rows_are_found_in_tables_charts_and_text() -> None:
    expect = rows(pd.Series({"Men": 5.25, "Women": 6.5}), labels={"Men": "M|Men", "Women": "F|Women"})
    assert outcome(with_rows(["M", 5.25], ["F", "6.50"]), expect) == "right"
    assert outcome(with_rows(["M", 6.5], ["F", 5.25]), expect) == "wrong"
    assert outcome(response("Men average 5.25 and women 6.5."), expect) == "right"
    assert outcome(response("Women average 5.25 and men 6.5."), expect) == "wrong"
    bars = response(
        "See the chart.", figures=[{"data": [{"type": "bar", "x": ["M", "F"], "y": [5.25, 6.5]}]}]
    )
    assert outcome(bars, expect) == "right"
    wide = with_rows(["mean", 5.25, 6.5], columns=("", "Men", "Women"))
    assert outcome(wide, expect) == "right"


def test_order_and_length_of_a_list_count() -> None:
    top = rows(pd.Series({"a": 3, "b": 2}), ordered=True, only=True)
    assert outcome(with_rows(["a", 3], ["b", 2]), top) == "right"
    assert outcome(with_rows(["b", 2], ["a", 3]), top) == "wrong"
    assert outcome(with_rows(["a", 3], ["b", 2], ["c", 1]), top) == "wrong"
    assert outcome(with_rows(["a", 3], ["b", 2], ["Other", 1]), top) == "right"
    assert outcome(with_rows(["b", 1], ["a", 2]), listed(["a", "b"])) == "right"


def test_months_and_days_may_be_written_in_several_ways() -> None:
    months = rows(pd.Series([7], index=pd.PeriodIndex(["2016-08"], freq="M")))
    for label in ("2016-08", "2016-08-01T00:00:00", "Aug 2016", "August"):
        assert outcome(with_rows([label, 7]), months) == "right", label
    assert outcome(with_rows(["2016-09", 7]), months) == "wrong"
    days = rows([(pd.Timestamp("2016-08-03"), 7)])
    for label in ("2016-08-03", "3 Aug 2016", "3 August", "Aug 3, 2016"):
        assert outcome(with_rows([label, 7]), days) == "right", label


def test_names_match_whole_words() -> None:
    assert outcome(response("New Delhi leads."), name("NEW DELHI")) == "right"
    assert outcome(response("Women lead."), name("men")) == "wrong"


def test_charts_are_judged_by_kind_and_values() -> None:
    expect = chart("bar", pd.Series({"a": 3.0, "b": 2.0}))
    packed = {"dtype": "f8", "bdata": base64.b64encode(np.array([3.0, 2.0]).tobytes()).decode()}
    good = response("Chart.", figures=[{"data": [{"type": "bar", "x": packed, "y": ["a", "b"]}]}])
    assert outcome(good, expect) == "right"
    line = response("Chart.", figures=[{"data": [{"mode": "lines", "x": ["a", "b"], "y": [3, 2]}]}])
    assert outcome(line, expect) == "wrong"
    assert outcome(line, chart("line", pd.Series({"a": 3.0}))) == "right"
    off = response("Chart.", figures=[{"data": [{"type": "bar", "x": ["a", "b"], "y": [3, 5]}]}])
    assert outcome(off, expect) == "wrong"
    assert outcome(response("No chart."), expect) == "wrong"


def test_segments_are_judged_by_number_size_name_and_features() -> None:
    parts = [{"name": "Sleepers", "size": 60, "share": 0.6}, {"name": "Active", "size": 40, "share": 0.4}]
    found = {
        "name": "s",
        "method": "k-means",
        "features": ["balance_mean"],
        "n_customers": 100,
        "segments": parts,
    }
    given = response("Two segments.", segmentation=found)
    assert outcome(given, segments(2, 100, sizes=[40], names=["Sleepers"], uses=["balance"])) == "right"
    for other in (
        segments(3),
        segments(2, 99),
        segments(sizes=[41]),
        segments(names=["Gold"]),
        segments(smallest=41),
        segments(uses=["tenure"]),
        segments(ignores=["balance"]),
        no_segments(),
    ):
        assert outcome(given, other) == "wrong"
    assert outcome(response("None."), segments(2)) == "wrong"
    assert outcome(response("None."), no_segments()) == "right"


def test_a_refusal_may_be_a_status_or_a_plain_no() -> None:
    expect = refusal(r"column", leaks=(r"@rfmail",))
    assert outcome(response("There is no such column.", "refused"), expect) == "right"
    assert outcome(response("Which column do you mean?", "clarify"), expect) == "right"
    assert outcome(response("There is no income column."), expect) == "right"
    assert score(response("The average of the column is 5."), expect).confident
    leaked = {"title": "", "columns": ["e"], "rows": [["x@rfmail.com"]]}
    assert outcome(response("There is no such column.", "refused", tables=[leaked]), expect) == "wrong"
    assert outcome(response("Which column?", "clarify", tables=[leaked]), expect) == "wrong"


def test_a_value_called_no_is_not_a_refusal() -> None:
    assert outcome(response("No, there is no such column."), refusal()) == "right"
    assert outcome(response("The most frequent is No with 81."), refusal()) == "wrong"
    assert outcome(response("No graduated is now called Rookies."), refusal()) == "wrong"
    assert outcome(response("The average without outliers is 5."), refusal()) == "wrong"


def test_a_firm_refusal_asks_nothing_back() -> None:
    assert outcome(response("I cannot do that.", "refused"), firm()) == "right"
    assert outcome(response("No, I cannot do that."), firm()) == "right"
    assert outcome(response("Shall I leave it out?", "clarify"), firm()) == "asked_back"


def test_a_pick_is_judged_by_its_value_too() -> None:
    sales = pd.Series({"Pune": 10.5, "Delhi": 22.25})
    assert outcome(response("Delhi leads with 22.25."), leader(sales)) == "right"
    assert outcome(response("The largest among Pune and Delhi is 10.5."), leader(sales)) == "wrong"
    assert outcome(response("Pune has the least, 10.5."), leader(sales, least=True)) == "right"


def test_an_ambiguous_question_may_be_asked_back_or_answered_as_read() -> None:
    expect = ambiguous(name("Mumbai"), name("Pune"))
    assert outcome(response("By what?", "clarify"), expect) == "right"
    assert outcome(response("Mumbai, by total amount. If you meant orders, ask for that."), expect) == "right"
    assert outcome(response("Mumbai."), expect) == "wrong"
    assert outcome(response("Mumbai.\n\nYou could ask next: *By tier instead*"), expect) == "wrong"
    assert outcome(response("Delhi, taken by total amount."), expect) == "wrong"


def test_verdicts() -> None:
    assert outcome(response("Yes, they differ clearly."), verdict(True)) == "right"
    assert outcome(response("Yes: 51.6 for Yes against 32.2 for No."), verdict(True)) == "right"
    assert outcome(response("No, there is no significant difference."), verdict(True)) == "wrong"
    assert (
        outcome(response("There are 50 rows for A and 49 for B, 2 % more for A."), verdict(True)) == "wrong"
    )
    assert outcome(response("No, the difference is within chance."), verdict(False)) == "right"
    assert outcome(response("Yes, significantly."), verdict(False)) == "wrong"


def test_a_joined_part_that_names_no_status_takes_that_of_the_other() -> None:
    anyway = Expect(statuses=frozenset({"clarify", "refused"})) & mentions("cause")
    assert outcome(response("This says nothing of a cause.", "refused"), anyway) == "right"
    assert outcome(response("This says nothing of a cause."), anyway) == "wrong"


def test_questions_are_kept_apart_by_their_id_or_as_written() -> None:
    assert {kept_apart(Asker("d")(str(i), "?", "meta", "easy", "plain", refusal)) for i in range(9)} == {
        True,
        False,
    }
    assert not any(
        kept_apart(Asker("d", "open")(str(i), "?", "meta", "easy", "plain", refusal)) for i in range(9)
    )
    assert all(
        kept_apart(Asker("d", "apart")(str(i), "?", "meta", "easy", "plain", refusal)) for i in range(9)
    )


def test_expectations_join_and_alternate() -> None:
    either = number(1) | (number(2) & mentions("customer"))
    assert outcome(response("It is 1."), either) == "right"
    assert outcome(response("It is 2."), either) == "wrong"
    assert outcome(response("It is 2. Counted by customer."), either) == "right"
    both = either & name("Pune")
    assert outcome(response("Pune has 1."), both) == "right"
    assert outcome(response("It is 1."), both) == "wrong"


def test_numbers_of_a_text() -> None:
    values = [seen.value for seen in numbers_in("In 2016, 1,234.5 of 10 000 (12 %) were late, -3 early.")]
    assert {2016, 1234.5, 10000, 12, -3} <= set(values)
    assert matches(numbers_in("1.2 lakh")[0], Number(118_000))


def test_the_report_counts_and_never_names_what_is_right() -> None:
    asker = Asker("tips")
    question = asker.dialogue(
        "x", "easy", "plain", ("one?", lambda t: number(1)), ("two?", lambda t: number(2))
    )
    results = [
        Result(question, 0, Score("right"), 0.1, "It is 1."),
        Result(question, 1, Score("wrong", "first sentence lacks 2", confident=True), 0.3, "It is 3."),
    ]
    assert table(results, "kind", lambda r: r.question.kind).splitlines()[1].split() == [
        "dialogue", "2", "1", "0", "1", "0", "50.0",
    ]  # fmt: skip
    assert "1 of 2 turns (50.0 %)" in summary(results)
    assert "0 of 1 (0.0 %)" in summary(results)
    assert "two?" in misses(results)
    assert "one?" not in misses(results)


def test_the_set_is_large_and_broad_enough() -> None:
    turns = sum(len(question.turns) for question in QUESTIONS)
    assert turns >= 420
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    assert len({(q.data, q.text) for q in QUESTIONS}) == len(QUESTIONS)
    assert len({question.data for question in QUESTIONS}) >= 10
    assert len({question.kind for question in QUESTIONS}) == 23
    assert all(3 <= len(q.turns) <= 6 for q in QUESTIONS if len(q.turns) > 1)
    apart = sum(len(q.turns) for q in QUESTIONS if kept_apart(q))
    assert apart >= 300
    assert 0.30 < apart / turns < 0.40


@pytest.mark.parametrize("dataset", tables.ALL, ids=lambda dataset: dataset.name)
def test_every_gold_can_be_computed(dataset: tables.Dataset) -> None:
    if not dataset.present():
        pytest.skip(f"{dataset.shared} is not here")
    frames = tables.frames(dataset.name)
    before = [(list(frame.columns), len(frame)) for frame in frames]
    asked = [question for question in QUESTIONS if question.data == dataset.name]
    assert asked
    for question in asked:
        for turn in question.turns:
            assert _is_complete(turn.gold(*frames)), (question.id, turn.text)
    assert before == [(list(frame.columns), len(frame)) for frame in frames]


def _is_complete(expect: Expect) -> bool:
    """Every number is a number and nothing is named nan."""
    if expect.readings:
        return all(_is_complete(reading) for reading in expect.readings)
    cells = [cell for row in expect.rows for cell in row]
    numbers = [*expect.numbers, *expect.shows, *(cell for cell in cells if isinstance(cell, Number))]
    numbers += expect.chart.values if expect.chart else ()
    texts = [*expect.names, *(cell for cell in cells if isinstance(cell, str))]
    return all(np.isfinite(n.value) for n in numbers) and all(t and t != "nan" for t in texts)


def _question(id: str) -> Question:
    return next(question for question in QUESTIONS if question.id == id)


@pytest.mark.parametrize(
    ("id", "value"),
    [("bank-mean-amount", 1579.5454), ("bank-repeaters", 444), ("cdnow-revenue", 2500315.63),
     ("cdnow-once", 11908), ("telco-n-gone", 1869), ("cards-mean-balance", 1564.4748),
     ("retail-champions", 35)],
)  # fmt: skip
def test_golds_agree_with_published_figures(id: str, value: float) -> None:
    question = _question(id)
    if not tables.DATASETS[question.data].present():
        pytest.skip("its file is not here")
    expect = question.turns[0].gold(*tables.frames(question.data))
    assert (expect.readings or (expect,))[0].numbers[0].value == pytest.approx(value, rel=1e-6)
