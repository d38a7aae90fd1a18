"""Forecasts and overdue customers: published figures, planted truth, refusals in plain words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assistant.grounding import SourcedFact, check
from tools.core import Column, DataTable, Role, ToolResult, ToolSpec, Workspace
from tools.customers.purchases import histories, purchases, rhythms
from tools.engine import Engine
from tools.errors import ToolError
from tools.forecasts import forecasting
from tools.forecasts.buy_till_you_die import (
    Histories,
    Maximum,
    PurchaseModel,
    collapse,
    fit_purchases,
    fit_spend,
)
from tools.forecasts.overdue import find_overdue
from tools.forecasts.value import predict_value
from tools.selecting import Condition

START = pd.Timestamp("2023-01-01")
DAYS = 720
BANNED = ("churn", "lost customer", "will buy", "guarantee")


def workspace_of(frame: pd.DataFrame, balance: str | None = None) -> Workspace:
    roles: dict[str, Role] = {"customer": "customer_key", "date": "time", "amount": "amount"}
    roles |= {balance: "balance"} if balance else {}
    columns = []
    for name in frame.columns:
        values = frame[name]
        numeric = pd.api.types.is_numeric_dtype(values)
        kind = "number" if numeric else "date" if name == "date" else "text"
        ends = (float(values.min()), float(values.max())) if numeric else (None, None)
        top = (
            tuple((str(value), int(n)) for value, n in values.value_counts().items())
            if kind == "text"
            else ()
        )
        columns.append(
            Column(
                name,
                kind,
                roles.get(name, "category"),
                "EUR" if name == "amount" else None,
                n_missing=int(values.isna().sum()),
                n_distinct=int(values.nunique()),
                minimum=ends[0],
                maximum=ends[1],
                values=top,
            )
        )
    engine = Engine()
    engine.store("orders", frame)
    amount = "amount" if "amount" in frame else None
    table = DataTable(
        "orders", "orders.csv", len(frame), tuple(columns), "transactions", "customer", "date", amount=amount
    )
    return Workspace(engine, {"orders": table}, "orders")


def planted(n: int = 3000, days: int = DAYS, seed: int = 3) -> pd.DataFrame:
    """Make customers who buy at their own rate and may stop after any purchase."""
    draw = np.random.default_rng(seed)
    start = draw.integers(0, 200, n)
    rate, stop = draw.gamma(0.8, 1 / 60, n), draw.beta(0.8, 3.0, n)
    typical = 4.0 / draw.gamma(5.0, 1 / 60.0, n) * 15
    rows = []
    for i in range(n):
        now = float(start[i])
        while now < days:
            amount = round(float(draw.gamma(4.0, typical[i] / 4.0)), 2)
            rows.append((f"C{i:05d}", int(now), amount, "North" if i % 3 else "South"))
            if len(rows) > 1 and rows[-1][0] == (rows[-2][0]) and draw.random() < stop[i]:
                break
            now += draw.exponential(1 / rate[i])
    frame = pd.DataFrame(rows, columns=["customer", "day", "amount", "region"])
    frame.insert(1, "date", START + pd.to_timedelta(frame.pop("day"), unit="D"))
    return frame


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return planted()


@pytest.fixture(scope="module")
def shop(truth: pd.DataFrame) -> Workspace:
    """What was known 180 days before the end of the truth."""
    return workspace_of(truth[truth["date"] < START + pd.Timedelta(days=DAYS - 180)])


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / "cdnow" / "CDNOW_sample.txt"
    if not path.is_file():
        pytest.skip("the folder with real data is not beside the project")
    names = ["master", "customer", "date", "cds", "amount"]
    frame = pd.read_csv(path, sep=r"\s+", header=None, names=names, dtype={"customer": str, "date": str})
    return frame.assign(date=pd.to_datetime(frame["date"], format="%Y%m%d"))[["customer", "date", "amount"]]


@pytest.fixture(scope="module")
def calibration(cdnow: pd.DataFrame) -> pd.DataFrame:
    """Histories of the published data set until 30 September 1997."""
    return histories(purchases(workspace_of(cdnow)), date(1997, 9, 30), 273)


def rounded(days: pd.Series) -> np.ndarray:
    """Give weeks as the published data set has them, with two decimals, counted in hundredths."""
    return np.round(days.to_numpy() / 7 * 100).astype(np.int64)


def unsupported(result: ToolResult) -> list[str]:
    text = "\n".join([result.headline, *result.findings, *result.caveats])
    sources = [SourcedFact(0, each) for each in result.facts]
    return [found for found, _, _ in check(text, sources, told=[text]).unsupported]


def fact(result: ToolResult, name: str) -> float:
    value = next(each.value for each in result.facts if each.name == name)
    assert isinstance(value, int | float)
    return value


def test_histories_of_cdnow_are_the_published_ones(calibration: pd.DataFrame) -> None:
    assert len(calibration) == 2357
    assert (calibration["x"] > 0).sum() == 946
    first = calibration.iloc[0]
    assert (first["x"], first["t_x"] / 7, first["age"] / 7) == pytest.approx((2, 30.43, 38.86), abs=0.005)
    assert first["mean_spend"] == pytest.approx(22.345)


def test_bg_nbd_reproduces_the_published_parameters(calibration: pd.DataFrame) -> None:
    x = calibration["x"].to_numpy()
    model = fit_purchases(collapse(x, rounded(calibration["t_x"]), rounded(calibration["age"]), 100))
    expected = {"r": 0.242593, "alpha": 4.413532, "a": 0.792886, "b": 2.425752}
    assert model.parameters == pytest.approx(expected, abs=5e-6)
    assert model.maximum.log_likelihood == pytest.approx(-9582.4256, abs=5e-5)
    assert model.maximum.settled


def test_gamma_gamma_reproduces_the_published_spend(calibration: pd.DataFrame) -> None:
    cents = np.floor(calibration["mean_spend"].to_numpy() * 100 + 0.5 + 1e-9) / 100
    priced = calibration["priced"].to_numpy(dtype=float)
    model = fit_spend(priced[priced > 0], cents[priced > 0])
    assert model.n_customers == 946
    assert [round(value, 2) for value in model.parameters.values()] == pytest.approx([6.25, 3.74, 15.45])
    expected = model.expected(priced[:3], cents[:3])
    assert expected == pytest.approx([24.658619, 18.911489, 35.170981], abs=5e-5)


def test_cdnow_forecast_is_near_what_came(calibration: pd.DataFrame) -> None:
    days = (calibration[name].to_numpy() for name in ("x", "t_x", "age"))
    collapsed = collapse(*days)
    expected = fit_purchases(collapsed).expected(collapsed, 273) @ collapsed.n
    assert expected == pytest.approx(calibration["x_after"].sum(), rel=0.15)


def test_cdnow_tool_says_how_far_the_data_reach(cdnow: pd.DataFrame) -> None:
    result = predict_value(workspace_of(cdnow))
    assert "365 days ahead is further than this history reaches" in result.headline
    assert any("546 days here reach 182 days" in finding for finding in result.findings)
    assert fact(result, "horizon_days") == 182
    assert abs(fact(result, "check_error_pct")) < 15
    assert not unsupported(result)


def simulated(n: int, ahead: float, first: bool, seed: int) -> tuple[Histories, np.ndarray]:
    """Simulate customers with known parameters: histories, and purchases afterwards."""
    draw = np.random.default_rng(seed)
    rate, stop = draw.gamma(0.9, 1 / 8.0, n), draw.beta(0.9, 2.2, n)
    age = draw.integers(20, 51, n).astype(float)
    gaps = np.cumsum(draw.exponential(1 / rate[:, None], (n, 200)), axis=1)
    last = draw.geometric(stop) - (1 if first else 0)  # purchases after which nothing comes
    alive = np.arange(1, 201)[None, :] <= last[:, None]
    seen, later = (
        alive & (gaps <= age[:, None]),
        alive & (gaps > age[:, None]) & (gaps <= age[:, None] + ahead),
    )
    x = seen.sum(axis=1)
    t_x = np.where(seen, gaps, 0).max(axis=1)
    histories = Histories(x.astype(float), t_x, age, np.ones(n), np.arange(n))
    return histories, later.sum(axis=1)


@pytest.mark.parametrize("kind", ["BG/NBD", "MBG/NBD"])
def test_planted_parameters_and_moments_are_found(kind: forecasting.Kind) -> None:
    known, later = simulated(20_000, 30.0, kind == "MBG/NBD", 5)
    model = fit_purchases(known, kind)
    errors = np.sqrt(np.diag(model.maximum.covariance))
    assert np.abs(np.log(model.maximum.parameters / [0.9, 8.0, 0.9, 2.2]) / errors).max() < 4
    assert model.expected(known, 30.0).mean() == pytest.approx(later.mean(), rel=0.03)
    assert model.second_moment(known, 30.0).mean() == pytest.approx((later**2).mean(), rel=0.08)
    assert model.chance_of_any(known, 30.0).mean() == pytest.approx((later > 0).mean(), rel=0.03)


def test_nobody_who_bought_once_has_stopped_in_bg_nbd_but_may_have_in_mbg_nbd() -> None:
    known, _ = simulated(5000, 10.0, True, 6)
    once = known.x == 0
    assert (fit_purchases(known, "BG/NBD").chance_active(known)[once] == 1).all()
    assert (fit_purchases(known, "MBG/NBD").chance_active(known)[once] < 1).all()


def test_many_purchases_do_not_overflow() -> None:
    known, _ = simulated(3000, 10.0, False, 7)
    model = fit_purchases(known)
    heavy = Histories(
        *(np.array([value]) for value in (5000.0, 690.0, 700.0, 1.0)), np.zeros(1, dtype=np.int64)
    )
    expected = model.expected(heavy, 100.0)[0]
    assert 0 < expected < 5000 / 7 * 1.1
    assert model.second_moment(heavy, 100.0)[0] > expected**2


def test_collapsing_does_not_depend_on_order() -> None:
    draw = np.random.default_rng(1)
    x = draw.integers(0, 4, 500)
    t_x = np.where(x > 0, draw.integers(1, 50, 500), 0)
    age = t_x + draw.integers(0, 50, 500)
    shuffled = draw.permutation(500)
    one, other = collapse(x, t_x, age), collapse(x[shuffled], t_x[shuffled], age[shuffled])
    assert fit_purchases(one).parameters == fit_purchases(other).parameters
    assert (one.t_x[one.position] == t_x).all()
    assert one.n_customers == one.n.sum() == 500


def test_forecast_holds_what_then_came(shop: Workspace, truth: pd.DataFrame) -> None:
    result = predict_value(shop, horizon_days=180)
    known = shop.engine.collect(shop.engine.frame("orders"))["customer"].unique()
    after = truth[(truth["date"] >= START + pd.Timedelta(days=DAYS - 180)) & truth["customer"].isin(known)]
    came = after.groupby(["customer", "date"]).size()
    assert fact(result, "expected_purchases") == pytest.approx(len(came), rel=0.12)
    assert fact(result, "expected_purchases_low") < len(came) < fact(result, "expected_purchases_high")
    assert fact(result, "expected_value") == pytest.approx(after["amount"].sum(), rel=0.15)
    assert fact(result, "check_miss") < fact(result, "check_naive_miss")
    assert not unsupported(result)
    assert not any(word in " ".join([result.headline, *result.findings]).lower() for word in BANNED)
    listed = result.tables[0]
    assert listed.n_rows_total == len(known)
    low, mean, high = (
        listed.columns.index(name) for name in ("likely from", "expected purchases", "likely to")
    )
    assert all(row[low] <= row[mean] <= row[high] for row in listed.rows)
    assert [figure["data"] for figure in result.figures]


def test_forecast_by_group_adds_up_and_where_reports_a_part(shop: Workspace) -> None:
    whole = predict_value(shop, horizon_days=90)
    split = predict_value(shop, horizon_days=90, by="region")
    table = split.tables[0]
    assert {row[0] for row in table.rows} == {"North", "South"}
    assert sum(row[2] for row in table.rows) == pytest.approx(fact(whole, "expected_purchases"))
    assert sum(row[5] for row in table.rows) == pytest.approx(fact(whole, "expected_value"))
    south = [Condition.model_validate({"column": "region", "is": "equal", "value": "South"})]
    part = predict_value(shop, horizon_days=90, where=south)
    alone = next(row for row in table.rows if row[0] == "South")
    assert fact(part, "expected_value") == pytest.approx(alone[5])
    assert "region is South" in part.headline
    assert not unsupported(part)


def test_the_same_data_in_another_order_give_the_same_answer(shop: Workspace) -> None:
    frame = shop.engine.collect(shop.engine.frame("orders"))
    other = workspace_of(frame.sample(frac=1, random_state=1))
    for tool in (predict_value, find_overdue):
        assert tool(shop) == tool(other)


def test_short_data_are_refused_with_reasons_and_an_alternative() -> None:
    draw = np.random.default_rng(2)
    frame = pd.DataFrame(
        {"customer": [f"C{i}" for i in range(2000)], "amount": draw.gamma(2, 300, 2000).round(2)}
    )
    frame = pd.concat([frame, frame.head(150)], ignore_index=True)
    frame["date"] = START + pd.to_timedelta(draw.integers(0, 82, len(frame)), unit="D")
    frame["balance"] = 1000.0
    bank = workspace_of(frame, balance="balance")
    forecast, overdue = predict_value(bank), find_overdue(bank)
    assert "cannot carry a forecast" in forecast.headline
    assert "where at least 180 are needed" in forecast.headline
    assert any("tiers" in finding for finding in forecast.findings)
    assert "cannot say who is overdue" in overdue.headline
    for result in (forecast, overdue):
        text = " ".join([result.headline, *result.findings, *result.caveats])
        assert not unsupported(result)
        assert "were active" in text
        assert "churn" not in text


def test_customer_tables_are_refused() -> None:
    frame = pd.DataFrame({"customer": ["a", "b"], "spend": [1.0, 2.0]})
    engine = Engine()
    engine.store("people", frame)
    columns = (Column("customer", "text", "customer_key"), Column("spend", "number", "measure"))
    people = DataTable("people", "people.csv", 2, columns, "customers", "customer")
    for tool in (predict_value, find_overdue):
        with pytest.raises(ToolError, match="does not say who bought when") as refused:
            tool(Workspace(engine, {"people": people}, "people"))
        assert refused.value.instead


def test_money_is_not_forecast_where_spend_follows_frequency(truth: pd.DataFrame) -> None:
    often = truth.groupby("customer")["amount"].transform("size")
    result = predict_value(workspace_of(truth.assign(amount=(often * 10 + 1).astype(float))), horizon_days=90)
    assert any(finding.startswith("No money is forecast") for finding in result.findings)
    assert not any(each.name == "expected_value" for each in result.facts)
    assert not unsupported(result)


def test_returns_and_missing_amounts_are_counted(truth: pd.DataFrame) -> None:
    amounts = truth["amount"].copy()
    amounts.iloc[:7], amounts.iloc[7:12] = -5.0, np.nan
    dirty = truth.assign(amount=amounts)
    dirty.loc[dirty.index[20:23], "customer"] = None
    workspace = workspace_of(dirty)
    bought = purchases(workspace)
    assert (bought.n_returns, bought.n_unpriced, bought.n_unnamed) == (7, 5, 3)
    result = predict_value(workspace, horizon_days=60)
    assert (
        sum("7 rows" in caveat or "5 rows" in caveat or "3 rows" in caveat for caveat in result.caveats) == 3
    )
    assert not unsupported(result)


def test_data_without_amounts_give_purchases_only(truth: pd.DataFrame) -> None:
    result = predict_value(workspace_of(truth.drop(columns="amount")), horizon_days=60, by="region")
    assert "worth" not in result.headline
    assert not unsupported(result)


def regulars() -> tuple[pd.DataFrame, set[str]]:
    """Make monthly customers over a year, of whom some fall silent 100 days before the end."""
    rows, silent = [], set()
    for i in range(120):
        name, gap, last = f"R{i:03d}", 28 + i % 5, 364 if i % 4 else 264
        if not i % 4:
            silent.add(name)
        rows += [(name, day, 50.0) for day in range(last - gap * 7, last + 1, gap)]
    rows += [(f"S{i:03d}", i % 300, 10.0) for i in range(400)]
    frame = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    frame["date"] = START + pd.to_timedelta(frame.pop("day"), unit="D")
    return frame, silent


def test_planted_silence_is_found_and_nothing_else() -> None:
    frame, silent = regulars()
    workspace = workspace_of(frame)
    result = find_overdue(workspace)
    assert fact(result, "overdue_customers") == len(silent) == 30
    assert {row[0] for row in result.tables[0].rows} == silent
    assert fact(result, "customers_with_rhythm") == 120
    assert fact(result, "spent_by_overdue") == 30 * 8 * 50
    assert not unsupported(result)
    assert "churn" not in " ".join([result.headline, *result.findings, *result.caveats])
    assert find_overdue(workspace, threshold=5.0).headline.startswith("**0 customers**")


def test_overdue_by_group_and_its_earlier_check(shop: Workspace) -> None:
    result = find_overdue(shop, by="region")
    assert result.tables[0].columns[0] == "region"
    assert sum(row[2] for row in result.tables[0].rows) == fact(result, "overdue_customers")
    assert fact(result, "overdue_came_back_share_pct") < fact(result, "others_came_back_share_pct")
    assert not unsupported(result)


def test_rhythm_counts_days_not_rows() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-11", "2024-01-31"])
    bought = purchases(workspace_of(pd.DataFrame({"customer": "a", "date": days, "amount": 1.5})))
    row = rhythms(bought, date(2024, 2, 10)).iloc[0]
    assert (row["days"], row["typical_gap"], row["longest_gap"], row["silence"], row["spent"]) == (
        3,
        15,
        20,
        10,
        6,
    )
    assert bought.n_rows == 4


def test_both_are_tools_with_described_arguments() -> None:
    forecast = ToolSpec("predict_value", predict_value)
    for spec in (forecast, ToolSpec("find_overdue", find_overdue)):
        properties = spec.arguments.model_json_schema()["properties"]
        assert all(each.get("description") for each in properties.values())
    with pytest.raises(ToolError, match="horizon_days"):
        forecast.call(workspace_of(regulars()[0]), {"horizon_days": 1})


def test_customers_alike_in_their_chance_to_stop_get_numbers() -> None:
    known = collapse(np.array([0, 5]), np.array([0, 100]), np.array([200, 220]))
    alike = np.array([9.0, 400.0, 8_900.0, 935_000.0])  # the closed form overflows here
    less = np.array([9.0, 400.0, 89.0, 9_350.0])  # about the same mean, and it does not here
    many, few = (PurchaseModel("MBG/NBD", Maximum(at, 0.0, np.eye(4), True)) for at in (alike, less))
    np.testing.assert_allclose(many.expected(known, 90), few.expected(known, 90), rtol=0.01)
