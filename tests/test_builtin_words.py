"""The smallest parts of the built-in analyst: words, numbers, dates, links to columns."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.builtin.annotate import annotate
from assistant.builtin.dates import read_period
from assistant.builtin.mending import expanded
from assistant.builtin.months import Span
from assistant.builtin.numbers import read_quantity
from assistant.builtin.tokens import key_of, name_words, plain_english, split_sentences, tokenise
from tests.test_builtin_tables import catalog

SPAN = Span(date(2016, 8, 1), date(2016, 10, 21))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,000", 1_000, None),
        ("5k", 5_000, None),
        ("2M", 2_000_000, None),
        ("1 lakh", 100_000, None),
        ("0.5 lakh", 50_000, None),
        ("3 crore", 30_000_000, None),
        ("20 %", 20, "%"),
        ("20 percent", 20, "%"),
        ("ten", 10, None),
        ("twenty five", 25, None),
        ("a thousand", 1_000, None),
        ("a dozen", 12, None),
        ("$500", 500, "money"),
        ("Rs 500", 500, "money"),
        ("60 days", 60, "days"),
        ("1.000,50", 1_000.5, None),
        ("1,00,000", 100_000, None),
        ("1.5L", 150_000, None),
        ("5 L", 5, None),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float, unit: str | None) -> None:
    found = read_quantity(tokenise(text), 0)
    assert found is not None
    assert (found[0].value, found[0].unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("August", "2016-08-01", "2016-08-31"),
        ("Sep 2016", "2016-09-01", "2016-09-30"),
        ("1 Aug 2016", "2016-08-01", "2016-08-01"),
        ("August 3rd", "2016-08-03", "2016-08-03"),
        ("2016-09-05", "2016-09-05", "2016-09-05"),
        ("15/9/16", "2016-09-15", "2016-09-15"),
        ("last month", "2016-09-01", "2016-09-30"),
        ("last 30 days", "2016-09-22", "2016-10-21"),
        ("Q3", "2016-07-01", "2016-09-30"),
        ("first half of August", "2016-08-01", "2016-08-15"),
        ("second half of 2016", "2016-07-01", "2016-12-31"),
        ("first two weeks", "2016-08-01", "2016-08-14"),
    ],
)
def test_dates_are_read_against_the_data(text: str, first: str, last: str) -> None:
    found = read_period(tokenise(text), 0, SPAN)
    assert found is not None
    assert (found[0].first.isoformat(), found[0].last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CustAccountBalance", ["cust", "account", "balance"]),
        ("TransactionAmount (INR)", ["transaction", "amount", "inr"]),
        ("Flight_miles_12mo", ["flight", "miles", "12", "mo"]),
        ("customerID", ["customer", "id"]),
        ("ID#", ["id"]),
    ],
)
def test_column_names_are_split(name: str, words: list[str]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("data", "words", "column"),
    [
        ("bank", "account balance", "CustAccountBalance"),
        ("bank", "owe", "CustAccountBalance"),
        ("bank", "spend", "TransactionAmount (INR)"),
        ("bank", "city", "CustLocation"),
        ("bank", "sex", "CustGender"),
        ("telco", "monthly charges", "MonthlyCharges"),
        ("telco", "churned", "Churn"),
        ("telco", "fiber", "InternetService"),
        ("cards", "credit limit", "CREDIT_LIMIT"),
        ("gapminder", "life expectancy", "lifeExp"),
        ("gapminder", "gdp per capita", "gdpPercap"),
        ("gapminder", "population", "pop"),
    ],
)
def test_words_are_linked_to_the_data(data: str, words: str, column: str) -> None:
    item = annotate(words, catalog(data)).items[0]
    linked = [link.column for link in item.links] or [link.column for link in item.values]
    assert linked[0] == column


def test_misspelt_words_are_mended_towards_the_data() -> None:
    sentence = annotate("avrage blance by gendr in Mumbay", catalog("bank"))
    assert sentence.mended == {
        "avrage": "average",
        "blance": "balance",
        "gendr": "gender",
        "Mumbay": "mumbai",
    }


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("hyd", "hyderabad"),
        ("blr", "bangalore"),
        ("mum", "mumbai"),
        ("man", None),
        ("x", None),
    ],
)
def test_an_abbreviation_stands_for_one_clearly_likelier_word(word: str, meant: str | None) -> None:
    cities = {"hyderabad": 700, "hydro": 3, "bangalore": 900, "bilaspur": 12, "pune": 80, "mumbai": 50}
    assert expanded(word, cities) == meant


def test_an_abbreviation_of_two_likely_words_is_none() -> None:
    assert expanded("bel", {"belgium": 40, "belarus": 31}) is None


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("revenue month wise", "revenue by month"),
        ("what %age churned", "what percentage churned"),
        ("balance n tenure", "balance and tenure"),
        ("single biggest payment", "biggest payment"),
        ("loans opened in FY 2021-22 (apr to mar)", "loans opened from 1 April 2021 to 31 March 2022"),
        ("senior citizens aged 60+", "customers aged 60+"),
        ("members born in the 1960s", "members born between 1960 and 1969"),
        ("otherwise the same", "otherwise the same"),
    ],
)
def test_shortened_forms_are_written_out(said: str, plain: str) -> None:
    assert plain_english(said) == plain


def test_real_words_are_never_mended() -> None:
    assert annotate("weather mortgage loan poem", catalog("bank")).mended == {}


def test_sentences_are_split_outside_quotes() -> None:
    assert split_sentences("Hi. What is 3.5? Show 'a. b'.") == ["Hi.", "What is 3.5?", "Show 'a. b'."]
    assert key_of("Month-to-month") == ("month", "to", "month")


def test_whoever_reads_a_sentence_again_finds_nothing_of_it_used() -> None:
    known = catalog("bank")
    first = annotate("average balance by city", known)
    for item in first.items:
        item.used = True
    first.items.pop()
    assert [item.text for item in annotate("average balance by city", known).unexplained()] == [
        "average",
        "balance",
        "by",
        "city",
    ]


def test_a_catalog_reads_anew_once_words_were_taught() -> None:
    known = catalog("bank")
    column = sorted(known.loaded)[0]
    before = known.link_column(("zorkmid",))
    taught = known.with_taught({("zorkmid",): column})
    assert (before, known.link_column(("zorkmid",))) == ((), ())
    assert [link.column for link in taught.link_column(("zorkmid",))] == [column]
