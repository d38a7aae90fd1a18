"""Small seeded tables of services: a streaming subscription, a call centre, a hotel loyalty club."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")
AGENTS = ("Asha", "Bilal", "Chen", "Divya", "Emeka", "Farah", "Gopal", "Hanna", "Imran", "Joan")


def subscribers() -> pd.DataFrame:
    """2,000 subscribers over 30 months; no cancellation date means still active, 900 gave no score."""
    rng = np.random.default_rng(51)
    n = 2000
    joined = pd.Series(np.datetime64("2022-01-01") + rng.integers(0, 911, n) * DAY).astype("datetime64[us]")
    plan = rng.choice(["Basic", "Standard", "Premium"], n, p=[0.5, 0.35, 0.15])
    fee = pd.Series(plan).map({"Basic": 199, "Standard": 399, "Premium": 649}).to_numpy()
    billing = rng.choice(["monthly", "annual"], n, p=[0.7, 0.3])
    stayed = (rng.exponential(420, n) + 20).astype(int)
    gone = joined + pd.to_timedelta(stayed, unit="D")
    end = pd.Timestamp("2024-06-30")
    cancelled = gone.where(gone <= end)
    idle = np.minimum(rng.exponential(25, n).astype(int), (cancelled.fillna(end) - joined).dt.days)
    login = cancelled.fillna(end) - pd.to_timedelta(idle, unit="D")
    age = np.clip(rng.normal(36, 12, n), 16, 80).round()
    age[rng.choice(n, 70, replace=False)] = np.nan
    score = np.clip(rng.normal(7.2, 2.2, n), 0, 10).round()
    score[rng.choice(n, 900, replace=False)] = np.nan
    return pd.DataFrame(
        {
            "subscriber_id": [f"S{i:05d}" for i in range(1, n + 1)],
            "joined": joined.dt.strftime("%Y-%m-%d"),
            "plan": plan,
            "billing": billing,
            "monthly_fee": np.where(billing == "annual", fee - 50, fee),
            "state": rng.choice(
                ["Maharashtra", "Karnataka", "Delhi", "Tamil Nadu", "West Bengal"],
                n,
                p=[0.3, 0.22, 0.2, 0.16, 0.12],
            ),
            "acquired_via": rng.choice(
                ["Organic", "Paid search", "Referral", "TV", "Influencer"], n, p=[0.3, 0.27, 0.2, 0.13, 0.1]
            ),
            "age": age,
            "hours_watched_30d": np.round(rng.gamma(1.6, 9, n), 1),
            "support_tickets": rng.poisson(0.7, n),
            "last_login": login.dt.strftime("%Y-%m-%d"),
            "cancelled_on": cancelled.dt.strftime("%Y-%m-%d"),
            "nps_score": score,
        }
    )


def calls() -> pd.DataFrame:
    """4,000 calls of spring 2024; nearly half of the callers gave no satisfaction score."""
    rng = np.random.default_rng(52)
    n = 4000
    day = np.sort(rng.integers(0, 92, n))
    second = np.clip(rng.normal(13.5, 2.8, n), 8, 19.99) * 3600
    start = pd.Series(np.datetime64("2024-03-01") + day * DAY).astype("datetime64[us]")
    queue = rng.choice(["Billing", "Technical", "Sales", "Cancellations"], n, p=[0.35, 0.35, 0.2, 0.1])
    wait = rng.exponential(pd.Series(queue).map({"Technical": 95}).fillna(55).to_numpy()).astype(int)
    dropped = rng.random(n) < np.clip(wait / 900, 0, 0.5)
    outcome = np.where(dropped, "Dropped", rng.choice(["Resolved", "Escalated"], n, p=[0.84, 0.16]))
    score = np.clip(rng.normal(4.1 - wait / 150, 0.9, n), 1, 5).round()
    score[rng.random(n) < 0.45] = np.nan
    return pd.DataFrame(
        {
            "call_id": np.arange(70001, 70001 + n),
            "cust_no": [f"CU{i:04d}" for i in rng.integers(0, 1700, n)],
            "started_at": (start + pd.to_timedelta(second.astype(int), unit="s")).dt.strftime(
                "%Y-%m-%d %H:%M:%S"
            ),
            "queue": queue,
            "agent": rng.choice(AGENTS, n),
            "wait_sec": wait,
            "talk_sec": np.where(dropped, 0, rng.gamma(2.2, 130, n)).astype(int),
            "outcome": outcome,
            "csat": score,
        }
    )


def club_members() -> pd.DataFrame:
    """1,200 members of a hotel loyalty club, one row each, dates day first, money in rupees."""
    rng = np.random.default_rng(53)
    n = 1200
    tier = rng.choice(["Blue", "Silver", "Gold", "Platinum"], n, p=[0.55, 0.25, 0.14, 0.06])
    level = pd.Series(tier).map({"Blue": 1.0, "Silver": 2.2, "Gold": 4.0, "Platinum": 8.0}).to_numpy()
    enrolled = pd.Series(np.datetime64("2018-01-01") + rng.integers(0, 2190, n) * DAY).astype(
        "datetime64[us]"
    )
    end = pd.Timestamp("2024-12-31")
    back = np.minimum(rng.exponential(210, n).astype(int), (end - enrolled).dt.days)
    stays = np.where(back <= 365, 1 + rng.poisson(level), 0)
    nights = stays * rng.integers(1, 4, n)
    spend = np.round(nights * rng.lognormal(8.9, 0.45, n), -1)
    return pd.DataFrame(
        {
            "MemberNo": [f"HC{i:05d}" for i in range(1, n + 1)],
            "City": rng.choice(
                ["Mumbai", "Pune", "Delhi", "Chennai", "Kolkata", "Jaipur"],
                n,
                p=[0.28, 0.2, 0.2, 0.14, 0.1, 0.08],
            ),
            "Tier": tier,
            "EnrolDate": enrolled.dt.strftime("%d/%m/%Y"),
            "LastStay": (end - pd.to_timedelta(back, unit="D")).dt.strftime("%d/%m/%Y"),
            "Stays12M": stays,
            "Nights12M": nights,
            "SpendINR": spend,
            "PointsBal": (rng.gamma(1.2, 9000, n) * level**0.5).astype(int),
            "PointsRedeemed": (rng.gamma(0.8, 5000, n) * level**0.5).astype(int),
            "Sex": rng.choice(["F", "M"], n, p=[0.44, 0.56]),
            "BirthYear": rng.integers(1950, 2005, n),
            "EmailOptIn": rng.choice(["Y", "N"], n, p=[0.62, 0.38]),
        }
    )
