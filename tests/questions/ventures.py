"""Small seeded tables of an insurer's policies and of payments by a mobile wallet."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")


def policies() -> pd.DataFrame:
    """1,800 policies of 1,075 holders over three years; those of the last year are not yet due."""
    rng = np.random.default_rng(61)
    n = 1800
    start = pd.Series(np.datetime64("2022-01-01") + rng.integers(0, 1096, n) * DAY).astype("datetime64[us]")
    product = rng.choice(["Motor", "Home", "Travel", "Pet"], n, p=[0.45, 0.3, 0.15, 0.1])
    base = pd.Series(product).map({"Motor": 620, "Home": 240, "Travel": 65, "Pet": 310}).to_numpy()
    premium = np.round(base * rng.lognormal(0, 0.35, n), 2)
    claims = rng.poisson(pd.Series(product).map({"Motor": 0.35, "Pet": 0.6}).fillna(0.12).to_numpy())
    paid = np.round(claims * base * rng.lognormal(0.6, 0.6, n), 2)
    age = np.clip(rng.normal(47, 15, n), 18, 88).round()
    age[rng.choice(n, 54, replace=False)] = np.nan
    stays = rng.random(n) < 0.72 - 0.12 * np.minimum(claims, 2) + 0.002 * (np.nan_to_num(age, nan=47) - 47)
    renewed = pd.Series(np.where(stays, "Y", "N")).mask(start >= "2024-01-01")
    return pd.DataFrame(
        {
            "policy_no": [f"PL{i:06d}" for i in range(310001, 310001 + n)],
            "holder_id": [f"H{i:04d}" for i in rng.integers(0, 1500, n)],
            "product": product,
            "sales_channel": rng.choice(
                ["Aggregator", "Broker", "Direct", "Bank"], n, p=[0.45, 0.25, 0.2, 0.1]
            ),
            "region": rng.choice(
                ["London", "Midlands", "North", "Scotland", "Wales"], n, p=[0.3, 0.25, 0.25, 0.13, 0.07]
            ),
            "start_date": start.dt.strftime("%d/%m/%Y"),
            "annual_premium_gbp": premium,
            "excess_gbp": rng.choice([100, 250, 500], n, p=[0.3, 0.5, 0.2]),
            "claims_count": claims,
            "claims_paid_gbp": paid,
            "holder_age": age,
            "renewed": renewed,
        }
    )


def wallet_payments() -> pd.DataFrame:
    """7,000 payments of the first half of 2025; some fail, few earn cashback."""
    rng = np.random.default_rng(62)
    n = 7000
    weight = rng.pareto(1.3, 1400) + 0.2
    user = rng.choice(1400, n, p=weight / weight.sum())
    day = np.sort(rng.integers(0, 181, n))
    second = (np.clip(rng.normal(15.5, 4.2, n), 0, 23.99) * 3600).astype(int)
    paid_at = pd.Series(np.datetime64("2025-01-01") + day * DAY).astype("datetime64[us]")
    kind = rng.choice(["Recharge", "Food", "Travel", "Bills", "Shopping"], n, p=[0.2, 0.3, 0.1, 0.15, 0.25])
    base = (
        pd.Series(kind)
        .map({"Recharge": 240, "Food": 310, "Travel": 1400, "Bills": 900, "Shopping": 760})
        .to_numpy()
    )
    amount = np.round(base * rng.lognormal(0, 0.6, n), 0)
    status = rng.choice(["Success", "Failed", "Pending"], n, p=[0.92, 0.06, 0.02])
    earns = (rng.random(n) < 0.25) & (status == "Success")
    city = rng.choice(
        ["Mumbai", "Bengaluru", "Delhi", "Pune", "Lucknow"], 1400, p=[0.3, 0.25, 0.2, 0.15, 0.1]
    )
    device = rng.choice(["Android", "iOS"], 1400, p=[0.82, 0.18])
    return pd.DataFrame(
        {
            "txn_ref": [f"W{i:07d}" for i in range(4200001, 4200001 + n)],
            "user_id": [f"U{i:04d}" for i in user],
            "paid_at": (paid_at + pd.to_timedelta(second, unit="s")).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "merchant_type": kind,
            "amount_inr": amount,
            "cashback_inr": np.where(earns, np.round(amount * 0.05, 2), 0.0),
            "status": status,
            "device": device[user],
            "home_city": city[user],
        }
    )
