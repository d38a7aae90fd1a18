"""Small seeded tables of fields that no public file here covers: shop, hotel, loans, a European export."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")


def _days(rng: np.random.Generator, first: str, span: int, n: int) -> pd.Series:
    return pd.Series(np.datetime64(first) + rng.integers(0, span, n) * DAY).astype("datetime64[us]")


def shop_customers() -> pd.DataFrame:
    """600 customers of an online shop; some never order, some have no newsletter choice recorded."""
    rng = np.random.default_rng(11)
    n = 600
    return pd.DataFrame(
        {
            "customer_id": [f"K{i:04d}" for i in range(1, n + 1)],
            "signup_date": _days(rng, "2022-01-01", 700, n).dt.strftime("%Y-%m-%d"),
            "city": rng.choice(
                ["Berlin", "Hamburg", "Munich", "Cologne", "Leipzig"], n, p=[0.35, 0.2, 0.2, 0.15, 0.1]
            ),
            "loyalty_tier": rng.choice(["Bronze", "Silver", "Gold"], n, p=[0.6, 0.3, 0.1]),
            "age": rng.integers(18, 80, n),
            "newsletter": pd.Series(np.where(rng.random(n) < 0.55, "yes", "no")).mask(rng.random(n) < 0.08),
        }
    )


def shop_orders() -> pd.DataFrame:
    """5,000 orders of 510 of those customers over 2023 and the first half of 2024, with 30 repeated rows."""
    rng = np.random.default_rng(12)
    n = 5000
    weight = rng.pareto(1.5, 560) + 0.3
    customer = rng.choice(560, n, p=weight / weight.sum())
    category = rng.choice(["Shoes", "Dresses", "Bags", "Sports", "Home"], n, p=[0.3, 0.25, 0.1, 0.2, 0.15])
    base = (
        pd.Series(category).map({"Shoes": 70, "Dresses": 55, "Bags": 90, "Sports": 45, "Home": 35}).to_numpy()
    )
    day = _days(rng, "2023-01-01", 547, n)
    hour = np.clip(rng.normal(15, 5, n).astype(int), 0, 23)
    orders = pd.DataFrame(
        {
            "order_id": np.arange(100001, 100001 + n),
            "customer_id": [f"K{i + 1:04d}" for i in customer],
            "ordered_at": (day + pd.to_timedelta(hour, unit="h")).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "category": category,
            "channel": rng.choice(["web", "app", "store"], n, p=[0.5, 0.35, 0.15]),
            "quantity": rng.integers(1, 5, n),
            "net_amount": np.round(base * rng.lognormal(0, 0.5, n), 2),
            "discount_pct": rng.choice([0, 5, 10, 20], n, p=[0.6, 0.2, 0.15, 0.05]),
            "returned": rng.choice(["Y", "N"], n, p=[0.18, 0.82]),
        }
    )
    return pd.concat([orders, orders.iloc[100:130]], ignore_index=True)


def hotel_bookings() -> pd.DataFrame:
    """3,000 hotel bookings with lead time, cancellations, missing countries and a few absurd rates."""
    rng = np.random.default_rng(21)
    n = 3000
    arrival = _days(rng, "2023-01-01", 730, n)
    hotel = rng.choice(["City Hotel", "Resort Hotel"], n, p=[0.65, 0.35])
    lead = rng.exponential(80, n).astype(int)
    segment = rng.choice(["Online TA", "Direct", "Groups", "Corporate"], n, p=[0.5, 0.25, 0.15, 0.1])
    canceled = (rng.random(n) < 0.12 + 0.0022 * np.minimum(lead, 200)).astype(int)
    rate = np.round(np.where(hotel == "City Hotel", 105, 92) * rng.lognormal(0, 0.3, n), 2)
    rate[rng.choice(n, 6, replace=False)] = 5400.0
    country = rng.choice(["PRT", "GBR", "FRA", "ESP", "DEU"], n, p=[0.4, 0.2, 0.15, 0.15, 0.1]).astype(object)
    country[rng.choice(n, 45, replace=False)] = None
    return pd.DataFrame(
        {
            "booking_id": [f"B{i:05d}" for i in range(n)],
            "guest_id": [f"G{i:04d}" for i in rng.integers(0, 1900, n)],
            "hotel": hotel,
            "arrival_date": arrival.dt.strftime("%Y-%m-%d"),
            "nights": rng.integers(1, 11, n),
            "adults": rng.choice([1, 2, 3, 4], n, p=[0.2, 0.6, 0.12, 0.08]),
            "children": rng.choice([0, 1, 2], n, p=[0.85, 0.1, 0.05]),
            "lead_time_days": lead,
            "market_segment": segment,
            "country": country,
            "adr": rate,
            "is_canceled": canceled,
        }
    )


def loan_accounts() -> pd.DataFrame:
    """1,500 loan accounts of four branches; default is likelier at low scores; 60 incomes are missing."""
    rng = np.random.default_rng(31)
    n = 1500
    score = np.clip(rng.normal(680, 70, n), 420, 850).astype(int)
    income = np.round(rng.lognormal(10.6, 0.5, n), -2)
    default = rng.random(n) < 1 / (1 + np.exp((score - 560) / 35))
    income[rng.choice(n, 60, replace=False)] = np.nan
    opened = _days(rng, "2019-01-01", 1800, n)
    product = rng.choice(["Home", "Car", "Personal", "Education"], n, p=[0.25, 0.3, 0.35, 0.1])
    principal = (
        pd.Series(product)
        .map({"Home": 180000, "Car": 22000, "Personal": 9000, "Education": 15000})
        .to_numpy()
    )
    principal = np.round(principal * rng.lognormal(0, 0.4, n), -2)
    return pd.DataFrame(
        {
            "AcctNo": [f"LN{i:06d}" for i in range(500, 500 + n)],
            "Branch": rng.choice(["North", "South", "East", "West"], n, p=[0.3, 0.3, 0.25, 0.15]),
            "LoanType": product,
            "OpenDt": opened.dt.strftime("%d/%m/%Y"),
            "PrincipalAmt": principal,
            "OutstandingBal": np.round(principal * rng.uniform(0.05, 1, n), 2),
            "IntRatePct": np.round(rng.normal(9.5, 2, n) - (score - 680) / 60, 2),
            "TermMonths": rng.choice([24, 36, 60, 120, 240], n),
            "CreditScore": score,
            "AnnualIncome": income,
            "MaritalStatus": rng.choice(["Married", "Single", "Divorced"], n, p=[0.55, 0.35, 0.1]),
            "Defaulted": np.where(default, "Yes", "No"),
        }
    )


def european_sales() -> pd.DataFrame:
    """800 sales of a German wholesaler before they are written as text."""
    rng = np.random.default_rng(41)
    n = 800
    date = _days(rng, "2024-01-01", 366, n)
    return pd.DataFrame(
        {
            "Rechnung": np.arange(5001, 5001 + n),
            "Kunde": [f"KD-{i:03d}" for i in rng.integers(1, 121, n)],
            "Datum": date,
            "Region": rng.choice(["Nord", "Süd", "Ost", "West"], n, p=[0.2, 0.4, 0.15, 0.25]),
            "Produkt": rng.choice(["Schrauben", "Dübel", "Farbe", "Werkzeug"], n, p=[0.35, 0.2, 0.2, 0.25]),
            "Menge": rng.integers(1, 60, n),
            "Umsatz": np.round(rng.lognormal(6.4, 0.8, n), 2),
        }
    )


def european_text(sales: pd.DataFrame) -> str:
    """The sales as such a file is exported: 1.234,56 and 31.12.2024."""
    text = sales.copy()
    text["Datum"] = sales["Datum"].dt.strftime("%d.%m.%Y")
    text["Umsatz"] = [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in sales["Umsatz"]]
    return str(text.to_csv(index=False, sep=";"))
