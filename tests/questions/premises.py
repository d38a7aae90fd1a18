"""Small seeded tables of a gym, a charity, a courier, a clinic and an electricity supplier."""

from __future__ import annotations

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")
CLUBS = ("Riverside", "Downtown", "Airport", "Northgate")


def _from(first: str, days: np.ndarray) -> pd.Series:
    return pd.Series(np.datetime64(first) + days * DAY).astype("datetime64[us]")


def gym_plans() -> pd.DataFrame:
    """The four plans that members are on, by code."""
    return pd.DataFrame(
        {
            "plan_cd": ["BSC", "FLX", "PRM", "STU"],
            "plan_name": ["Basic", "Flex", "Premium", "Student"],
            "mthly_fee_eur": [24.9, 39.9, 59.9, 19.9],
            "contract_mths": [12, 1, 24, 6],
            "sauna_incl": ["N", "N", "Y", "N"],
        }
    )


def gym_members() -> pd.DataFrame:
    """900 members of four clubs; no cancellation date means still a member, 40 gave no gender."""
    rng = np.random.default_rng(71)
    n = 900
    joined = _from("2023-01-01", rng.integers(0, 880, n))
    friend = rng.random(n) < 0.3
    stays = (rng.exponential(np.where(friend, 900, 500)) + 30).astype(int)
    gone = joined + pd.to_timedelta(stays, unit="D")
    gender = rng.choice(["F", "M"], n, p=[0.52, 0.48]).astype(object)
    gender[rng.choice(n, 40, replace=False)] = None
    return pd.DataFrame(
        {
            "mbr_id": [f"GM-{i:04d}" for i in range(1, n + 1)],
            "join_dt": joined.dt.strftime("%d/%m/%Y"),
            "plan_cd": rng.choice(["BSC", "FLX", "PRM", "STU"], n, p=[0.45, 0.25, 0.18, 0.12]),
            "home_club": rng.choice(CLUBS, n, p=[0.4, 0.3, 0.1, 0.2]),
            "gender": gender,
            "yob": np.clip(rng.normal(1988, 11, n), 1945, 2007).astype(int),
            "ref_by_friend": friend.astype(int),
            "cancel_dt": gone.where(gone <= "2025-06-30").dt.strftime("%d/%m/%Y"),
        }
    )


def gym_visits() -> pd.DataFrame:
    """7,132 check-ins of the first half of 2025; about one in eight members never comes."""
    rng = np.random.default_rng(72)
    members = gym_members()
    cancelled = pd.to_datetime(members["cancel_dt"], format="%d/%m/%Y")
    joined = pd.to_datetime(members["join_dt"], format="%d/%m/%Y")
    comes = (rng.random(900) < 0.88) & ~(cancelled < "2025-02-01")
    weight = rng.gamma(1.1, 1.0, 900) * comes
    who = rng.choice(900, 9000, p=weight / weight.sum())
    day = _from("2025-01-01", np.sort(rng.integers(0, 181, 9000)))
    member = members.iloc[who].reset_index(drop=True)
    keep = ~((day < joined.iloc[who].to_numpy()) | (day > cancelled.iloc[who].to_numpy()))
    second = (np.clip(rng.normal(16.5, 3.6, 9000), 6, 21.99) * 3600).astype(int)
    away = rng.random(9000) < 0.17
    visits = pd.DataFrame(
        {
            "visit_no": np.arange(1, 9001),
            "mbr_id": member["mbr_id"],
            "check_in": (day + pd.to_timedelta(second, unit="s")).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "club": np.where(away, rng.choice(CLUBS, 9000), member["home_club"]),
            "activity": rng.choice(["Weights", "Cardio", "Class", "Pool"], 9000, p=[0.4, 0.3, 0.2, 0.1]),
            "mins_stayed": np.clip(rng.normal(68, 22, 9000), 8, 190).astype(int),
        }
    )
    return visits[keep].reset_index(drop=True)


def charity_gifts() -> pd.DataFrame:
    """4,200 gifts of four years; 120 name no appeal, companies and trusts give more at once."""
    rng = np.random.default_rng(73)
    n = 4200
    weight = rng.pareto(1.6, 1300) + 0.3
    donor = rng.choice(1300, n, p=weight / weight.sum())
    kind = rng.choice(["Individual", "Company", "Trust"], 1300, p=[0.9, 0.07, 0.03])[donor]
    state = rng.choice(["NY", "CA", "TX", "IL", "FL"], 1300, p=[0.3, 0.27, 0.18, 0.15, 0.1])[donor]
    month = rng.choice(12, n, p=np.array([5, 5, 6, 7, 6, 5, 5, 5, 7, 9, 14, 26]) / 100)
    year = rng.choice([2021, 2022, 2023, 2024], n, p=[0.2, 0.23, 0.27, 0.3])
    given = [f"{d:02d}/{m:02d}/{y}" for d, m, y in zip(rng.integers(1, 29, n), month + 1, year, strict=True)]
    level = pd.Series(kind).map({"Individual": 45, "Company": 600, "Trust": 1500}).to_numpy()
    amount = np.round(level * rng.lognormal(0, 0.8, n), 0) + rng.choice([0, 0, 0, 0.5], n)
    appeal = rng.choice(["Christmas", "Spring", "Emergency", "Newsletter"], n, p=[0.45, 0.2, 0.2, 0.15])
    appeal = appeal.astype(object)
    appeal[rng.choice(n, 120, replace=False)] = None
    return pd.DataFrame(
        {
            "gift_ref": [f"G{i:06d}" for i in range(20001, 20001 + n)],
            "donor_no": [f"D{i:05d}" for i in donor + 1],
            "gift_dt": given,
            "amt_usd": amount,
            "appeal": appeal,
            "chnl": rng.choice(["Post", "Web", "Phone", "Street"], n, p=[0.3, 0.45, 0.1, 0.15]),
            "recurring": rng.choice(["Y", "N"], n, p=[0.22, 0.78]),
            "donor_type": kind,
            "st": state,
            "thanked": rng.choice(["Y", "N"], n, p=[0.85, 0.15]),
        }
    )


def consignments() -> pd.DataFrame:
    """5,000 consignments of spring 2025; those without a delivery time have not arrived."""
    rng = np.random.default_rng(74)
    n = 5000
    service = rng.choice(["Economy", "Standard", "Next-day"], n, p=[0.35, 0.4, 0.25])
    allowed = pd.Series(service).map({"Economy": 5, "Standard": 3, "Next-day": 1}).to_numpy()
    depot = rng.choice(["Leeds", "Bristol", "Cardiff", "Glasgow"], n, p=[0.35, 0.3, 0.15, 0.2])
    day = _from("2025-02-01", np.sort(rng.integers(0, 120, n)))
    collected = day + pd.to_timedelta((np.clip(rng.normal(13, 2.5, n), 7, 19) * 3600).astype(int), unit="s")
    slow = pd.Series(depot).map({"Leeds": 0.75, "Bristol": 0.8, "Cardiff": 0.85, "Glasgow": 1.05}).to_numpy()
    hours = allowed * 24 * slow * rng.gamma(9, 1 / 9, n)
    delivered = (collected + pd.to_timedelta((hours * 3600).astype(int), unit="s")).mask(rng.random(n) < 0.03)
    weight, miles = np.round(rng.lognormal(1.4, 0.9, n), 2), rng.gamma(3.0, 45, n).astype(int) + 2
    base = pd.Series(service).map({"Economy": 4.0, "Standard": 6.0, "Next-day": 11.0}).to_numpy()
    return pd.DataFrame(
        {
            "consign_no": [f"CN{i:07d}" for i in range(900001, 900001 + n)],
            "shipper_acct": [f"A{i:03d}" for i in (rng.pareto(0.9, n) * 9).astype(int) % 400],
            "depot": depot,
            "svc_level": service,
            "collected_at": collected.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "promised_by": (day + pd.to_timedelta(allowed, unit="D")).dt.strftime("%Y-%m-%d"),
            "delivered_at": delivered.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "wt_kg": weight,
            "dist_mi": miles,
            "charge_gbp": np.round(base + 0.5 * weight + 0.02 * miles + rng.normal(0, 1, n).clip(-2, 2), 2),
            "attempts": rng.choice([1, 2, 3], n, p=[0.82, 0.14, 0.04]),
            "damaged": (rng.random(n) < np.where(depot == "Cardiff", 0.05, 0.02)).astype(int),
        }
    )


def clinic_patients() -> pd.DataFrame:
    """700 patients of an outpatient clinic; one in nine has no insurer on record."""
    rng = np.random.default_rng(75)
    n = 700
    insurer = rng.choice(["Public", "Medica", "NordHealth"], n, p=[0.6, 0.25, 0.15]).astype(object)
    insurer[rng.choice(n, 78, replace=False)] = None
    return pd.DataFrame(
        {
            "pat_id": [f"P{i:05d}" for i in range(1, n + 1)],
            "dob": _from("1938-01-01", rng.integers(0, 25000, n)).dt.strftime("%d/%m/%Y"),
            "sex": rng.choice(["F", "M"], n, p=[0.56, 0.44]),
            "town": rng.choice(["Lund", "Malmo", "Ystad", "Kivik"], n, p=[0.4, 0.35, 0.2, 0.05]),
            "insurer": insurer,
            "gp_referred": rng.choice(["Y", "N"], n, p=[0.65, 0.35]),
        }
    )


def clinic_appointments() -> pd.DataFrame:
    """4,000 appointments of 2025; only those attended have a wait and a fee, some of them a rating."""
    rng = np.random.default_rng(76)
    n = 4000
    patient = rng.choice(640, n, p=(w := rng.gamma(1.2, 1.0, 640)) / w.sum())
    dept = rng.choice(["Dermatology", "Cardiology", "Physio", "ENT"], n, p=[0.3, 0.2, 0.35, 0.15])
    day = _from("2025-01-06", np.sort(rng.integers(0, 350, n)))
    day = day + pd.to_timedelta(np.where(day.dt.day_of_week >= 5, 2, 0), unit="D")
    lead = rng.exponential(20, n).astype(int)
    reminded = rng.random(n) < 0.6
    missed = rng.random(n) < np.clip(0.06 + 0.003 * lead + np.where(reminded, 0, 0.08), 0, 0.6)
    status = np.where(missed, "No-show", rng.choice(["Attended", "Cancelled"], n, p=[0.92, 0.08]))
    came = status == "Attended"
    wait = np.where(came, np.clip(rng.gamma(2.0, 9, n), 0, 120).round(), np.nan)
    base = pd.Series(dept).map({"Dermatology": 95, "Cardiology": 160, "Physio": 60, "ENT": 110}).to_numpy()
    rating = np.where(
        came & (rng.random(n) < 0.5), np.clip(rng.normal(4.4 - wait / 45, 0.8), 1, 5).round(), np.nan
    )
    return pd.DataFrame(
        {
            "appt_no": np.arange(500001, 500001 + n),
            "pat_id": [f"P{i + 1:05d}" for i in patient],
            "dept": dept,
            "clinician": rng.choice(["Dr Berg", "Dr Lind", "Dr Ek", "Dr Holm", "Dr Dahl"], n),
            "booked_on": (day - pd.to_timedelta(lead, unit="D")).dt.strftime("%Y-%m-%d"),
            "appt_at": (day + pd.to_timedelta(rng.integers(16, 34, n) * 30, unit="min")).dt.strftime(
                "%Y-%m-%d %H:%M"
            ),
            "status": status,
            "sms_rem": np.where(reminded, "Y", "N"),
            "wait_min": wait,
            "fee_eur": np.where(came, np.round(base * rng.lognormal(0, 0.25, n), 0), np.nan),
            "rating": rating,
        }
    )


def meter_readings() -> pd.DataFrame:
    """Monthly readings of 2024 of 400 electricity meters; a few months were never read."""
    rng = np.random.default_rng(77)
    meters = np.arange(400)
    size = rng.choice([1, 2, 3, 4, 5], 400, p=[0.3, 0.32, 0.16, 0.15, 0.07])
    heating = rng.choice(["Gas", "Heat pump", "Oil", "Electric"], 400, p=[0.45, 0.25, 0.18, 0.12])
    tariff = rng.choice(["Day", "Night", "Flat"], 400, p=[0.35, 0.25, 0.4])
    level = (90 + 55 * size) * pd.Series(heating).map({"Heat pump": 1.6, "Electric": 2.3}).fillna(
        1.0
    ).to_numpy()
    meter, month = np.repeat(meters, 12), np.tile(np.arange(12), 400)
    season = 1 + 0.35 * np.cos(2 * np.pi * month / 12)
    used = np.round(level[meter] * season * rng.lognormal(0, 0.18, 4800), 1)
    price = pd.Series(tariff).map({"Day": 0.31, "Night": 0.26, "Flat": 0.29}).to_numpy()
    late = rng.random(4800) < np.where(tariff[meter] == "Flat", 0.13, 0.07)
    readings = pd.DataFrame(
        {
            "meter_id": [f"MT{i:04d}" for i in meter + 1],
            "read_mth": [f"2024-{m + 1:02d}-01" for m in month],
            "tariff": tariff[meter],
            "heating_typ": heating[meter],
            "hh_size": size[meter],
            "kwh": used,
            "bill_chf": np.round(used * price[meter] + 9.5, 2),
            "paid_late": np.where(late, "Y", "N"),
        }
    )
    return readings.drop(index=rng.choice(4800, 37, replace=False)).reset_index(drop=True)
