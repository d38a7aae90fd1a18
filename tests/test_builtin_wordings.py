"""Each operation is understood in the many ways in which people ask for it, whatever the columns."""

from __future__ import annotations

import pytest

from assistant.builtin.conversation import Conversation
from assistant.builtin.dialogue import read_message
from tests.test_builtin_tables import AMOUNT, catalog, written

# Data set, word for a number column, the column, and the noun for its rows.
NUMBERS = (
    ("bank", "balance", "CustAccountBalance"),
    ("telco", "tenure", "tenure"),
    ("cards", "credit limit", "CREDIT_LIMIT"),
    ("gapminder", "life expectancy", "lifeExp"),
)
# Data set, word for a group column, the column.
GROUPS = (
    ("bank", "city", "CustLocation"),
    ("telco", "contract", "Contract"),
    ("people", "profession", "Profession"),
    ("gapminder", "continent", "continent"),
)

ONE_NUMBER = {
    "mean({})": """
        average {}
        avg {}
        mean {}
        what is the average {}
        what's the mean {}
        the {} on average
        {} on average
        how high is the {} on average
        tell me the avg {} please
        could you calculate the average {}
        average of {}
        mean of the {}
        what is our average {}
        show me the mean {}
        whats the averge {}
        give me the average for {}
        I'd like to know the average {}
        can you work out the mean {}?
    """,
    "median({})": """
        median {}
        the median of {}
        what is the median {}
        typical {}
        what is a typical {}
        median value of {}
        give me the median {}
        medain {}
    """,
    "sum({})": """
        total {}
        sum of {}
        what is the total {}
        {} in total
        the sum of all {}
        total sum of {}
        overall total {}
        combined {}
        what does {} add up to
        {} altogether
    """,
    "max({})": """
        maximum {}
        max {}
        highest {}
        largest {}
        what is the highest {}
        the biggest {}
        what's the top {}
        greatest {}
        largest value of {}
    """,
    "min({})": """
        minimum {}
        min {}
        lowest {}
        smallest {}
        what is the lowest {}
        what's the minimum {}
        smallest value of {}
    """,
    "std({})": """
        standard deviation of {}
        std of {}
        what is the standard deviation of {}
        std dev of {}
        how variable is {}
        stdev {}
    """,
    "quantile({} q0.9)": """
        90th percentile of {}
        p90 of {}
        the 90th percentile of {}
        what is the 90th percentile for {}
        0.9 quantile of {}
        ninth decile of {}
    """,
}
BY_GROUP = {
    "by {}": """
        customers by {}
        number of customers per {}
        how many customers are there in each {}
        customer count by {}
        count of customers for each {}
        how many customers per {}
        customers broken down by {}
        headcount by {}
        customers for every {}
        number of customers across the different {}
        break the number of customers down by {}
        how many clients do we have in every {}
        customers, by {}
        clients grouped by {}
        how do customers split by {}
    """,
    "by {} order=descending limit=1": """
        which {} has the most customers
        which {} has most customers
        what {} has the highest number of customers
        which {} has the largest number of customers
        the {} with the most customers
        {} with the highest number of customers
        in which {} do we have the most customers
        which {} is the biggest by number of customers
        what is the top {} by customers
    """,
    "by {} order=descending limit=3": """
        top 3 {} by number of customers
        the three biggest {} by customers
        3 largest {} by number of customers
        which 3 {} have the most customers
        the 3 {} with the most customers
        top three {} by customer count
        three {} with the highest number of customers
    """,
    "by {} order=ascending limit=3": """
        bottom 3 {} by number of customers
        the three smallest {} by customers
        which 3 {} have the fewest customers
        3 {} with the least customers
        lowest 3 {} by number of customers
    """,
    "by {} order=descending place=1": """
        which {} comes first by number of customers
    """,
    "by {} order=descending place=2": """
        which {} has the second most customers
        second largest {} by number of customers
        the {} with the second highest number of customers
    """,
}
COUNTED = {
    "bank": "count_distinct(CustomerID)",
    "telco": "count()",
    "people": "count()",
    "gapminder": "count()",
}


def ways(listing: str) -> list[str]:
    return [line.strip() for line in listing.splitlines() if line.strip()]


def one_number() -> list[tuple[str, str, str]]:
    return [
        (data, way.format(word), f"aggregate {wanted.format(column)}")
        for wanted, listing in ONE_NUMBER.items()
        for way in ways(listing)
        for data, word, column in NUMBERS
    ]


def plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


def by_group() -> list[tuple[str, str, str]]:
    return [
        (data, way.format(plural(word) if "3" in way or "three" in way or "different" in way else word),
         f"aggregate {COUNTED[data]} {wanted.replace(' limit=2 place', ' place').format(column)}")
        for wanted, listing in BY_GROUP.items()
        for way in ways(listing)
        for data, word, column in GROUPS
        if data != "gapminder" or "customer" not in way and "client" not in way
    ]  # fmt: skip


# Ways of saying the same: the request first, then the ways; {A} is the amount column of the bank.
SAME = """
[bank] aggregate count_distinct(CustomerID) where CustGender equal F
    number of female customers
    how many customers are women
    how many of our customers are female
    how many women are there among our customers
    number of women customers
[bank] aggregate count_distinct(CustomerID) where Age above 60
    customers older than 60
    how many customers are over 60
    number of customers aged over 60
    how many people are older than 60
    clients above 60 years of age
    customers over 60 years old
    how many customers have an age above 60
[bank] aggregate count_distinct(CustomerID) where Age between [25, 34]
    customers aged 25-34
    customers between 25 and 34 years old
    how many customers are 25 to 34 years old
    number of customers aged between 25 and 34
    how many people are between 25 and 34
    customers with an age from 25 to 34
[bank] aggregate count() where {A} above 5000
    transactions over 5000
    how many transactions exceed 5,000
    number of transactions above 5k
    transactions of more than 5000
    how many purchases are larger than 5000
    count of transactions with an amount above 5000
    how many payments are higher than 5000
    transactions > 5000
[bank] aggregate count() where {A} at_least 5000
    transactions of at least 5000
    how many transactions of 5000 or more
    number of transactions with an amount of 5000 or more
    transactions >= 5000
    how many transactions are no less than 5000
[bank] aggregate count() where CustGender missing
    number of transactions without a gender
    how many transactions have no gender
    rows with no gender
[bank] count_missing column=CustGender
    transactions where the gender is missing
    how many transactions with missing gender
    how many transactions have a blank gender
    missing genders
[bank] aggregate count() where TransactionDate:weekday equal Sunday
    how many transactions on Sundays
    number of transactions on a Sunday
    transactions made on sundays
    how many purchases were made on Sunday
    count of sunday transactions
[bank] aggregate count() where TransactionDate:hour at_least 18
    transactions after 6 pm
    how many transactions after 18:00
    number of transactions made after 6pm
    how many purchases happened after 6 pm
[bank] aggregate sum({A}) where TransactionDate equal 2016-08
    total amount in August
    revenue in August 2016
    how much was spent in total in August
    total spend during August
    sum of amounts for August 2016
    total transaction amount in aug
[bank] aggregate sum({A}) by CustLocation order=descending limit=10
    top 10 cities by amount
    ten biggest cities by revenue
    the 10 cities with the highest revenue
    which 10 cities bring in the most money
    10 largest cities by total amount
    top ten locations by total spend
[bank] aggregate mean({A}) where CustLocation not_in ['MUMBAI', 'DELHI']
    average amount without Mumbai and Delhi
    average amount excluding Mumbai and Delhi
    average amount outside Mumbai and Delhi
    average amount except Mumbai and Delhi
    mean amount other than Mumbai and Delhi
    average amount not in Mumbai or Delhi
[bank] aggregate count_distinct(CustLocation)
    how many cities are there
    number of different cities
    how many different locations do we have
    number of distinct cities
    count the unique cities
    how many unique locations are there
[bank] show_trend sum({A}) grain=month
    monthly revenue
    revenue by month
    revenue per month
    total amount for each month
    plot revenue by month
    how did revenue develop month by month
    revenue month by month
    total spend every month
[bank] show_trend sum({A}) compare_periods=[2016-08, 2016-09]
    compare revenue in August and September
    revenue in August vs September
    revenue August versus September
    how did revenue change from August to September
    by how much did revenue grow from August to September
    growth of revenue between August and September
[bank] correlate columns=[Age, CustAccountBalance]
    correlation between age and balance
    correlation of age and balance
    how are age and balance related
    is there a relationship between age and balance
    how strongly do age and balance go together
    is age linked to balance
[telco] aggregate count( if Churn equal Yes) / count()
    churn rate
    what is the churn rate
    share of customers who churned
    what percentage of customers churned
    proportion of churned customers
    what fraction of customers has churned
    how many percent of customers churned
    what share of our customers left
[telco] aggregate count( if Churn equal Yes) / count() where Contract equal Two year
    churn rate of two year contracts
    what share of two year customers churned
    churn rate for customers with a two year contract
    of the customers with a two year contract, what share churned
    share of churned customers among two year contracts
[telco] aggregate count( if Churn equal Yes) / count() by Contract
    churn rate by contract
    churn rate per contract
    churn rate for each contract
    share of churned customers by contract
    what is the churn rate across contracts
[telco] aggregate count( if Churn equal Yes) / count() by Contract order=descending limit=1
    which contract has the highest churn rate
    which contract has the worst churn
    contract with the highest churn rate
[telco] aggregate mean(MonthlyCharges) where Churn equal No
    average monthly charges of customers who stayed
    mean monthly charges of customers who did not churn
    average monthly charges of those who haven't churned
    average monthly charges excluding churned customers
    average monthly charges of non-churned customers
[telco] aggregate count() where tenure above 60
    customers with a tenure above 60
    how many customers have been with us for more than 60 months
    how many customers have a tenure of more than 60 months
    customers for more than 5 years
    number of customers with tenure over 60
[people] aggregate count() where Profession in ['Doctor', 'Lawyer']
    how many doctors or lawyers
    number of doctors and lawyers together
    customers who are doctors or lawyers
[telco] aggregate sum(MonthlyCharges) where Churn equal Yes
    total monthly charges of churned customers
    sum of monthly charges of customers who left
    what do the monthly charges of churned customers add up to
"""


def same() -> list[tuple[str, str, str]]:
    found, data, wanted = [], "", ""
    for line in SAME.splitlines():
        if line.startswith("["):
            data, _, wanted = line[1:].partition("] ")
        elif line.strip():
            found.append((data, line.strip(), wanted.replace("{A}", AMOUNT)))
    return found


@pytest.mark.parametrize(("data", "question", "wanted"), [*one_number(), *by_group(), *same()])
def test_many_ways_of_asking_are_one_request(data: str, question: str, wanted: str) -> None:
    outcomes = read_message(question, catalog(data), Conversation())
    assert " ; ".join(written(outcome) for outcome in outcomes) == wanted
