"""Frozen segments on a new file and on two periods: planted drift, planted moves, nothing fitted again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assistant.grounding import SourcedFact, check
from tools.core import Column, DataTable, Role, Segment, Segmentation, ToolResult, Workspace
from tools.customers.features import customers
from tools.customers.windows import window_pair
from tools.engine import Engine
from tools.errors import ToolError
from tools.finding import transforms
from tools.over_time.drift import drift, kept_counts, psi
from tools.over_time.movement import show_movement
from tools.over_time.new_customers import score_customers
from tools.over_time.scoring import UNASSIGNED
from tools.placing.sheets import as_floats
from tools.segments.segmented import segmented

ROLES: dict[str, Role] = {"customer": "customer_key", "date": "time", "amount": "amount"}


def table_of(engine: Engine, name: str, frame: pd.DataFrame) -> DataTable:
    columns = []
    for column in frame.columns:
        values = frame[column]
        numeric = pd.api.types.is_numeric_dtype(values)
        kind = "number" if numeric else "date" if column == "date" else "text"
        counted = values.value_counts() if kind == "text" else pd.Series(dtype="int64")
        columns.append(
            Column(
                column,
                kind,
                ROLES.get(column, "measure" if numeric else "category"),
                n_distinct=int(values.nunique()),
                minimum=float(values.min()) if numeric else None,
                maximum=float(values.max()) if numeric else None,
                values=tuple((str(value), int(n)) for value, n in counted.items()),
            )
        )
    engine.store(name, frame)
    dated = "date" in frame
    grain = "transactions" if dated else "customers"
    time, amount = ("date", "amount") if dated else (None, None)
    return DataTable(name, f"{name}.csv", len(frame), tuple(columns), grain, "customer", time, amount=amount)


def workspace_of(**frames: pd.DataFrame) -> Workspace:
    engine = Engine()
    tables = {name: table_of(engine, name, frame) for name, frame in frames.items()}
    return Workspace(engine, tables, next(iter(frames)))


def with_centres(workspace: Workspace, features: list[str], rows: list[dict[str, float]]) -> Workspace:
    """Freeze a model with one centre at each of the given customers."""
    known = customers(workspace).pandas()
    made = [transforms.fit_number(feature, as_floats(known[feature])) for feature in features]
    centres = transforms.apply(made, pd.DataFrame(rows)).tolist()
    names = ("Small", "Large", "Third")
    segments = tuple(Segment(i, names[i], (i,), 0, 0.0) for i in range(len(rows)))
    model = {"type": "centres", "transforms": made, "centres": centres}
    made_of = Segmentation("Base", "clusters", "k-means", tuple(features), model, segments, len(known))
    return workspace.with_segmentation(made_of)


def people(n: int, seed: int, shift: float = 0.0, part_large: float = 0.3) -> pd.DataFrame:
    """Make customers of two kinds, small and large, with a plan."""
    draw = np.random.default_rng(seed)
    large = draw.random(n) < part_large
    spend = np.where(large, draw.normal(100, 8, n), draw.normal(30, 8, n)) + shift
    visits = np.where(large, draw.normal(40, 4, n), draw.normal(10, 4, n)) + shift
    names = [f"P{seed}-{i:04d}" for i in range(n)]
    plan = draw.choice(["basic", "plus"], n)
    return pd.DataFrame({"customer": names, "spend": spend.round(2), "visits": visits.round(2), "plan": plan})


def opened(new: pd.DataFrame) -> Workspace:
    base = workspace_of(base=people(2000, 1), new=new)
    return with_centres(
        base, ["spend", "visits"], [{"spend": 30, "visits": 10}, {"spend": 100, "visits": 40}]
    )


def fact(result: ToolResult, name: str) -> object:
    return next(each.value for each in result.facts if each.name == name)


def unsupported(result: ToolResult) -> list[str]:
    text = "\n".join([result.headline, *result.findings, *result.caveats])
    sources = [SourcedFact(0, fact) for fact in result.facts]
    return [found for found, _, _ in check(text, sources, told=[text]).unsupported]


def test_a_file_of_the_same_kind_is_scored_with_small_drift() -> None:
    new = people(1500, 2)
    result = score_customers(opened(new))
    assert fact(result, "scores_can_be_used") is True
    rows = {row[0]: row for row in result.tables[0].rows}
    assert rows["Large"][3] == pytest.approx((new["spend"] > 65).sum(), abs=3)
    assert "Drift is small" in result.findings[0]
    assert result.tables[2].n_rows_total == 1500
    assert not unsupported(result)


def test_another_population_is_refused() -> None:
    result = score_customers(opened(people(1500, 2, shift=25.0)))
    assert fact(result, "scores_can_be_used") is False
    assert "should not be put into these segments" in result.headline
    assert "Segment this file anew" in result.findings[0]
    assert not any("Segments in" in table.title for table in result.tables)
    assert not unsupported(result)


def test_customers_far_from_all_are_left_unassigned() -> None:
    new = people(1500, 2)
    new.loc[:9, ["spend", "visits"]] = [900.0, -300.0]
    result = score_customers(opened(new))
    n = fact(result, "customers_far_off")
    assert isinstance(n, int)
    assert 10 <= n <= 20
    assert next(row for row in result.tables[0].rows if row[0] == UNASSIGNED)[3] == n
    assert not unsupported(result)


def test_columns_that_differ_only_in_case_are_matched_and_missing_ones_named() -> None:
    new = people(500, 2)
    assert score_customers(opened(new.rename(columns={"spend": "Spend "}))).tables[0].rows
    with pytest.raises(ToolError, match="lacks visits") as refused:
        score_customers(opened(new.rename(columns={"visits": "number_of_visit"})))
    assert "number_of_visit" in refused.value.instead
    with pytest.raises(ToolError, match="holds words"):
        score_customers(opened(new.assign(spend="much")))


def test_values_never_seen_are_named_and_counted() -> None:
    new = people(800, 2)
    new.loc[:49, "plan"] = "gold"
    workspace = workspace_of(base=people(2000, 1), new=new)
    rules = [
        [{"column": "plan", "is": "equal", "value": "basic"}],
        [{"column": "plan", "is": "equal", "value": "plus"}],
    ]
    model = {"type": "conditions", "leaves": [{"where": rule} for rule in rules], "otherwise": None}
    segments = (Segment(0, "Basic", (0,), 0, 0.0), Segment(1, "Plus", (1,), 0, 0.0))
    made = Segmentation("Plans", "rules", "rules", ("plan",), model, segments, 2000)
    result = score_customers(workspace.with_segmentation(made))
    assert fact(result, "customers_with_unseen_value") == 50
    assert any("“gold”" in finding for finding in result.findings)
    assert next(row for row in result.tables[0].rows if row[0] == UNASSIGNED)[3] == 50
    assert not unsupported(result)


def test_scoring_another_file_leaves_the_first_one_alone() -> None:
    draw = np.random.default_rng(4)
    first, second = (transactions(draw, n) for n in (300, 200))
    workspace = workspace_of(first=first, second=second)
    features = ["n_transactions", "total_amount"]
    rows = [{"n_transactions": 3.0, "total_amount": 60.0}, {"n_transactions": 8.0, "total_amount": 800.0}]
    workspace = with_centres(workspace, features, rows)
    before = segmented(workspace).sizes.tolist()
    total = customers(workspace).pandas()["total_amount"].sum()
    score_customers(workspace)
    assert segmented(workspace).sizes.tolist() == before
    assert workspace.engine.collect(workspace.engine.frame("customers"))["total_amount"].sum() == total
    assert customers(replace(workspace, main="second")).table.name == "customers of second"


def transactions(draw: np.random.Generator, n: int) -> pd.DataFrame:
    who = np.repeat(np.arange(n), draw.integers(2, 9, n))
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 90, len(who)), unit="D")
    amount = np.where(who % 3 == 0, 100.0, 20.0) + draw.normal(0, 2, len(who)).round(2)
    return pd.DataFrame({"customer": [f"T{i:04d}" for i in who], "date": day, "amount": amount})


def movers() -> Workspace:
    """Make a quarter in which, from February to March, 20 small turn large, 5 leave and 8 are new."""
    rows = []
    for month in (1, 2, 3):
        for i in range(108):
            large = i < 30 or (month == 3 and 30 <= i < 50)
            if (month == 3 and i >= 95 and i < 100) or (month < 3 and i >= 100):
                continue
            for day in (3, 12, 21):
                rows.append(
                    (f"M{i:03d}", f"2024-{month:02d}-{day:02d}", 100.0 + i % 7 if large else 20.0 + i % 7)
                )
    rows.append(("M000", "2024-03-31", 100.0))
    rows.append(("M000", "2024-01-01", 100.0))
    rows.append(("M000", "2024-04-10", 100.0))
    frame = pd.DataFrame(rows, columns=["customer", "date", "amount"])
    workspace = workspace_of(orders=frame.assign(date=pd.to_datetime(frame["date"])))
    return with_centres(workspace, ["mean_amount"], [{"mean_amount": 23.0}, {"mean_amount": 103.0}])


def test_planted_moves_entrants_and_leavers_are_found() -> None:
    result = show_movement(movers())
    assert "February 2024 and March 2024" in result.headline
    assert fact(result, "customers_in_both") == 95
    assert fact(result, "customers_moved") == 20
    assert fact(result, "leavers") == 5
    assert fact(result, "entrants") == 8
    counts, shares = result.tables[0].rows, result.tables[1].rows
    assert counts == (("Small", 45, 20, 65), ("Large", 0, 30, 30))
    assert shares[0][1:] == pytest.approx((100 * 45 / 65, 100 * 20 / 65))
    assert result.tables[2].n_rows_total == 20
    assert result.figures[0]["data"][0]["type"] == "sankey"
    assert not any("partly" in caveat for caveat in result.caveats)
    assert not unsupported(result)


def test_partial_periods_are_flagged() -> None:
    result = show_movement(movers(), first_period="2024-04", second_period="2024-03")
    assert any("April 2024 is only partly in the data: 10 days of 30" in caveat for caveat in result.caveats)
    assert any("differ in length (31 days and 10 days)" in caveat for caveat in result.caveats)
    assert not unsupported(result)


def test_movement_between_two_files() -> None:
    first = people(400, 1)
    second = first.copy()
    second.loc[first["spend"] < 65, :] = second.loc[first["spend"] < 65, :].assign(spend=100.0, visits=40.0)
    workspace = workspace_of(first=first, second=second)
    rows = [{"spend": 30.0, "visits": 10.0}, {"spend": 100.0, "visits": 40.0}]
    result = show_movement(with_centres(workspace, ["spend", "visits"], rows))
    assert fact(result, "customers_moved") == (first["spend"] < 65).sum()
    assert not unsupported(result)


def test_what_cannot_be_compared_is_said() -> None:
    workspace = movers()
    with pytest.raises(ToolError, match="overlap"):
        show_movement(workspace, first_period="2024", second_period="2024-03")
    with pytest.raises(ToolError, match="not in the data"):
        show_movement(workspace, first_period="2023-01", second_period="2024-03")
    with pytest.raises(ToolError, match="two periods"):
        show_movement(workspace, first_period="2024-01")
    with pytest.raises(ToolError, match="no second file of customers"):
        score_customers(workspace)
    with pytest.raises(ToolError, match="no segments"):
        show_movement(replace(workspace, current=None))
    lone = opened(people(100, 2))
    with pytest.raises(ToolError, match="no dates"):
        window_pair(lone, None, None)


def test_short_histories_are_cut_in_halves() -> None:
    draw = np.random.default_rng(1)
    frame = transactions(draw, 50)
    frame = frame[frame["date"] < "2024-02-11"]
    one, two, assumed = window_pair(workspace_of(orders=frame), None, None)
    assert assumed
    assert one.days == two.days == 20
    assert one.last < two.first


def test_population_stability_index_by_hand() -> None:
    then, now = np.array([50.0, 50.0]), np.array([25.0, 75.0])
    assert psi(then, now) == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5))
    assert psi(then, 2 * then) == 0
    rng = np.random.default_rng(0)
    kept = kept_counts(pd.Series(rng.normal(size=500)))
    same = drift("x", kept, pd.Series(rng.normal(size=500)))
    assert same.word == "small"
    moved = drift("x", kept, pd.Series(rng.normal(1.5, 1, 500)))
    assert moved.is_large
