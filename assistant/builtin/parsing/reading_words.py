"""Knows how people call what a column means and what its numbers are counted in."""

from __future__ import annotations

# Pattern of what is said to the meaning that `change_reading` knows.
MEANINGS = (
    (r"customers?(?: ?(?:id|key|number|identifier))?|clients?(?: ?(?:id|number))?|buyers?", "customer"),
    (r"transactions?(?: ?(?:id|number))?|order (?:id|number)", "transaction"),
    (r"time|date of (?:the )?(?:purchase|transaction|order)", "time"),
    (r"amounts?|spend|spending|revenue|money|sales value", "amount"),
    (r"balances?", "balance"),
    (r"quantity|quantities", "quantity"),
    (r"birth ?dates?|dates? of birth|birthdays?", "birth date"),
    (r"age", "age"),
    (r"labels?|categor(?:y|ies)|class(?:es)?|groups?|codes?", "category"),
    (r"places?|city|cities|location", "place"),
    (r"outcome|target|result", "outcome"),
    (r"yes(?: or |/)no|flag", "yes or no"),
    (r"personal(?: data)?|private", "personal"),
    (r"free text|comments?", "free text"),
    (r"nothing|ignored|unimportant|an index", "ignore"),
)
# Factors and units in the singular.
FACTORS = {
    "hundred": 100,
    "thousand": 1_000,
    "k": 1_000,
    "million": 1e6,
    "billion": 1e9,
    "lakh": 1e5,
    "crore": 1e7,
}
UNITS = {
    "euro": "EUR", "eur": "EUR", "€": "EUR", "dollar": "USD", "us dollar": "USD", "usd": "USD", "$": "USD",
    "rupee": "INR", "inr": "INR", "₹": "INR", "pound": "GBP", "gbp": "GBP", "£": "GBP", "franc": "CHF",
    "swiss franc": "CHF", "chf": "CHF", "yen": "JPY", "jpy": "JPY", "yuan": "CNY", "cny": "CNY",
    "krona": "SEK", "zloty": "PLN", "real": "BRL", "peso": "MXN", "day": "days", "week": "weeks",
    "month": "months", "year": "years", "hour": "hours", "minute": "minutes", "second": "seconds",
    "point": "points", "mile": "miles", "kilometre": "km", "kilometer": "km", "km": "km", "kg": "kg",
    "percent": "%",
}  # fmt: skip
