"""Customers too many for memory: read a column at a time, and segmented to the same bytes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.core import ToolResult, Workspace
from tools.customers import features, on_demand
from tools.customers.on_demand import Columns, OnDemand, in_memory
from tools.engine import Engine
from tools.files.loading import load
from tools.finding.clustering import find_segments
from tools.segments.assigning import labels_table

ROWS = pd.DataFrame({"a": np.arange(10.0), "b": list("abcdefghij"), "c": np.arange(10) % 3 == 0})


@pytest.fixture
def read() -> list[str]:
    return []


@pytest.fixture
def everybody(read: list[str]) -> OnDemand:
    engine = Engine()
    engine.store("rows", ROWS)

    def column(name: str, every: int) -> pd.Series[object]:
        read.append(name)
        return engine.table("rows", [name], every)[name]

    return OnDemand(Columns(column, list(ROWS.columns), len(ROWS)))


@pytest.mark.parametrize(
    "chosen",
    [
        lambda rows: rows,
        lambda rows: rows.iloc[::3],
        lambda rows: rows.iloc[2:9],
        lambda rows: rows.iloc[np.array([1, 4, 4, 0])],
        lambda rows: rows[ROWS["c"].to_numpy()],
        lambda rows: rows.iloc[2:9].iloc[np.array([0, 6])],
        lambda rows: rows[ROWS["c"].to_numpy()].iloc[::2],
    ],
)
def test_rows_and_columns_are_chosen_as_in_a_frame(
    everybody: OnDemand, chosen: Callable[[pd.DataFrame | OnDemand], pd.DataFrame | OnDemand]
) -> None:
    expected, found = chosen(ROWS), chosen(everybody)
    assert len(found) == len(expected)
    for name in ROWS.columns:
        assert found[name].to_list() == expected[name].to_list()
    assert in_memory(found, ["b", "a"]).to_numpy().tolist() == expected[["b", "a"]].to_numpy().tolist()
    assert "b" in found and "z" not in found


def test_only_what_is_asked_for_is_read_and_kept_while_there_is_room(
    everybody: OnDemand, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert everybody["a"].sum() == everybody["a"].sum() == 45
    assert read == ["a"]
    monkeypatch.setattr(on_demand, "KEPT_BYTES", 1)
    for name in ("b", "a", "b"):
        assert everybody[name].to_list() == ROWS[name].to_list()
    assert read == ["a", "b", "a", "b"]
    with pytest.raises(KeyError):
        everybody["z"]


def _written(result: ToolResult) -> str:
    """Return everything that a result says."""
    assert result.workspace is not None and result.workspace.segmentation is not None
    told = [result.headline, result.findings, result.caveats, result.figures]
    facts = [dataclasses.asdict(fact) for fact in result.facts]
    tables = [dataclasses.asdict(table) for table in result.tables]
    return json.dumps([told, facts, tables, result.workspace.segmentation.to_json()], default=str)


@pytest.fixture(scope="module")
def transactions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(3)
    n = 3_000
    kind = rng.integers(0, 3, n)
    rows = pd.DataFrame(
        {
            "TransactionID": [f"T{i}" for i in range(n)],
            "CustomerID": [f"C{customer}" for customer in rng.integers(0, 2_000, n)],
            "CustGender": rng.choice(["F", "M"], n),
            "CustAccountBalance": np.exp(np.array([4, 8, 12])[kind] + rng.normal(0, 0.5, n)).round(2),
            "TransactionDate": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 90, n), unit="D"),
            "TransactionAmount": np.exp(np.array([2, 5, 8])[kind] + rng.normal(0, 0.5, n)).round(2),
        }
    )
    rows.loc[rng.random(n) < 0.05, "CustAccountBalance"] = np.nan
    path = tmp_path_factory.mktemp("rows") / "transactions.csv"
    rows.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("outliers", ["keep", "set_aside"])
def test_segments_are_the_same_bytes_where_customers_do_not_fit_into_memory(
    transactions: Path, outliers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(workspace: Workspace) -> tuple[str, pd.DataFrame]:
        result = find_segments(workspace, outliers=outliers)
        after = result.workspace or workspace
        assert after.segmentation is not None
        name = labels_table(after, after.segmentation)
        return _written(result), after.engine.collect(after.engine.frame(name))

    whole, placed = found(load([transactions]))
    monkeypatch.setattr(features, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(on_demand, "KEPT_BYTES", 100_000)
    spared, placed_again = found(load([transactions]))
    assert spared == whole
    pd.testing.assert_frame_equal(placed_again, placed)
