"""Catalogues of five data sets for the tests of the built-in analyst, and a short notation for requests."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from assistant.builtin.cataloguing import catalog_of
from assistant.builtin.linking import Catalog
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading
from tools.core import Column, DataTable, Segment, Segmentation, Workspace
from tools.engine import Engine


def number(
    name: str, role: Any = "measure", low: float = 0, high: float = 9_999, n: int = 900, **more: Any
) -> Column:
    return Column(name, "number", role, n_distinct=n, minimum=low, maximum=high, **more)


def text(name: str, role: Any, *values: str, n: int | None = None, **more: Any) -> Column:
    counted = tuple((value, 1_000 - 50 * place) for place, value in enumerate(values))
    return Column(name, "text", role, n_distinct=n or len(values), values=counted, **more)


def key(name: str, role: Any, n: int) -> Column:
    return Column(name, "text", role, n_distinct=n)


def day(name: str, role: Any, first: str, last: str, missing: int = 0) -> Column:
    return Column(name, "date", role, minimum=first, maximum=last, n_distinct=80, n_missing=missing)


AMOUNT = "TransactionAmount (INR)"
BANK = DataTable(
    "bank_transactions",
    "bank_transactions.csv",
    50_000,
    (
        key("TransactionID", "row_key", 50_000),
        key("CustomerID", "customer_key", 49_551),
        day("CustomerDOB", "birth_date", "1920-01-01", "2005-01-01", 164),
        text("CustGender", "category", "M", "F", protected=True, n_missing=55),
        text(
            "CustLocation",
            "place",
            "MUMBAI",
            "NEW DELHI",
            "BANGALORE",
            "DELHI",
            "PUNE",
            "CHENNAI",
            n=3_102,
            protected=True,
        ),
        number("CustAccountBalance", "balance", high=2e7, unit="INR", n_missing=110),
        day("TransactionDate", "time", "2016-08-01", "2016-10-21"),
        number("TransactionTime", "clock", high=235_959),
        number(AMOUNT, "amount", high=429_006, unit="INR"),
        number("Age", "age", 11, 90, 70, unit="years", protected=True, derived_from="CustomerDOB"),
    ),
    "transactions",
    "CustomerID",
    "TransactionDate",
    "TransactionTime",
    AMOUNT,
)
YES_NO = ("No", "Yes")
TELCO = DataTable(
    "telco_churn",
    "telco_churn.csv",
    7_043,
    (
        key("customerID", "customer_key", 7_043),
        text("gender", "category", "Male", "Female", protected=True),
        number("SeniorCitizen", "flag", 0, 1, 2),
        text("Partner", "flag", *YES_NO),
        text("Dependents", "flag", *YES_NO),
        number("tenure", "measure", 0, 72, 73, unit="months"),
        text("PhoneService", "flag", *YES_NO),
        text("InternetService", "category", "Fiber optic", "DSL", "No"),
        text("OnlineSecurity", "category", "No", "Yes", "No internet service"),
        text("TechSupport", "category", "No", "Yes", "No internet service"),
        text("Contract", "category", "Month-to-month", "Two year", "One year"),
        text("PaperlessBilling", "flag", *YES_NO),
        text(
            "PaymentMethod",
            "category",
            "Electronic check",
            "Mailed check",
            "Bank transfer (automatic)",
            "Credit card (automatic)",
        ),
        number("MonthlyCharges", "measure", 18, 119),
        number("TotalCharges", "measure", 18, 8_685, n_missing=11),
        text("Churn", "outcome", *YES_NO),
    ),
    "customers",
    "customerID",
)
CARDS = DataTable(
    "cc_general",
    "CC GENERAL.csv",
    8_950,
    (
        key("CUST_ID", "customer_key", 8_950),
        number("BALANCE", "balance", high=19_043),
        number("BALANCE_FREQUENCY", high=1),
        number("PURCHASES", high=49_039),
        number("ONEOFF_PURCHASES", high=40_761),
        number("CASH_ADVANCE", high=47_137),
        number("PURCHASES_FREQUENCY", high=1),
        number("PURCHASES_TRX", high=358, n=173),
        number("CREDIT_LIMIT", low=50, high=30_000, n=205, n_missing=1),
        number("PAYMENTS", high=50_721),
        number("MINIMUM_PAYMENTS", high=76_406, n_missing=313),
        number("TENURE", low=6, high=12, n=7),
    ),
    "customers",
    "CUST_ID",
)
PEOPLE = DataTable(
    "people",
    "people.csv",
    10_695,
    (
        key("ID", "customer_key", 8_963),
        text("Gender", "category", "Male", "Female", protected=True),
        text("Ever_Married", "flag", "Yes", "No", protected=True),
        number("Age", "age", 18, 89, 67, protected=True),
        text("Graduated", "flag", "Yes", "No"),
        text("Profession", "category", "Artist", "Healthcare", "Engineer", "Doctor", "Lawyer", n_missing=162),
        number("Work_Experience", high=14, n=15),
        text("Spending_Score", "category", "Low", "Average", "High"),
        number("Family_Size", low=1, high=9, n=9),
        text("Segmentation", "category", "D", "A", "C", "B"),
    ),
    "customers",
    "ID",
)
GAPMINDER = DataTable(
    "gapminder",
    "gapminder.csv",
    1_704,
    (
        text("country", "category", "China", "Germany", "France", "Norway", n=142),
        text("continent", "category", "Africa", "Asia", "Europe", "Americas", "Oceania"),
        number("year", "measure", 1952, 2007, 12),
        number("lifeExp", low=23, high=83),
        number("pop", low=60_011, high=1.3e9),
        number("gdpPercap", low=241, high=113_523),
    ),
)
TABLES = {"bank": BANK, "telco": TELCO, "cards": CARDS, "people": PEOPLE, "gapminder": GAPMINDER}


def workspace_of(table: DataTable, *segments: str) -> Workspace:
    """Return a workspace without rows: names and values are all that parsing needs."""
    if not segments:
        return Workspace(Engine(), {table.name: table}, table.name)
    made = Segmentation(
        "Customer segments",
        "clusters",
        "k-means",
        (),
        {},
        tuple(Segment(i, name, (i,), 100 + i, 1 / len(segments)) for i, name in enumerate(segments)),
        1_000,
    )
    known = MappingProxyType({made.name: made})
    return Workspace(Engine(), {table.name: table}, table.name, known, made.name)


def catalog(name: str, *segments: str) -> Catalog:
    return catalog_of(workspace_of(TABLES[name], *segments))


def written(outcome: Outcome) -> str:
    """Write what was understood in short: `aggregate mean(Age) by Gender` or `clarify which_column`."""
    if isinstance(outcome, Reading):
        return " & ".join(_request(request) for request in outcome.requests)
    return f"{outcome.status} {outcome.template}"


def _request(request: Request) -> str:
    plain = request.arguments()
    words = [request.tool]
    for measure in plain.pop("measures", []) + ([plain.pop("measure")] if "measure" in plain else []):
        words.append(_measure(measure))
    for name in ("by", "where", "having"):
        found = plain.pop(name, None)
        if isinstance(found, str):
            words.append(f"{name} {found}")
        elif found:
            words.append(
                f"{name} " + ", ".join((_group if name == "by" else _condition)(each) for each in found)
            )
    for name, value in plain.items():
        words.append(f"{name}={_value(value)}")
    return " ".join(words)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(
                f"{k}: {[_condition(c) for c in v] if k == 'where' else _value(v)}" for k, v in value.items()
            )
            + "}"
        )
    return str(value)


def _measure(measure: dict[str, Any]) -> str:
    inside = measure.get("column", "") + (f" q{measure['q']}" if "q" in measure else "")
    where = " if " + ", ".join(map(_condition, measure["where"])) if measure.get("where") else ""
    per = f" / {_measure(measure['per'])}" if "per" in measure else ""
    return f"{measure['statistic']}({inside}{where}){per}"


def _group(group: dict[str, Any]) -> str:
    return (
        group["column"]
        + (f":{group['grain']}" if "grain" in group else "")
        + (f"{group['bins']}" if "bins" in group else "")
    )


def _condition(one: dict[str, Any]) -> str:
    content = one.get("values") or one.get("value", "")
    grain = f":{one['grain']}" if "grain" in one else ""
    others = "".join(f" or {_condition(other)}" for other in one.get("or", []))
    return f"{one['column']}{grain} {one['is']} {content}".strip() + others
