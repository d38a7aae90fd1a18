"""Of more customers than are brought into memory some are drawn; what is said of all is counted on all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.small_tables import workspace_of
from tools.core import ToolResult, Workspace, all_tools
from tools.customers import features
from tools.customers.features import customers
from tools.segments.assigning import LABEL, assign
from tools.segments.segmented import all_segmented, segmented

N = 6_000


@pytest.fixture(scope="module")
def people() -> Workspace:
    rng = np.random.default_rng(4)
    group = rng.choice(3, N, p=[0.6, 0.3, 0.1])
    spend = np.exp(rng.normal(np.array([3.0, 6.0, 8.5])[group], 0.4))
    visits = np.round(np.exp(rng.normal(np.array([1.0, 3.0, 1.5])[group], 0.3)))
    region = rng.choice(["north", "south"], N)
    rows = pd.DataFrame(
        {"id": [f"c{i}" for i in range(N)], "spend": spend, "visits": visits, "region": region}
    )
    rows.loc[::50, "visits"] = np.nan
    roles = {"id": "customer_key", "spend": "amount"}
    return workspace_of(rows, roles, grain="customers")  # type: ignore[arg-type]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "HERE", 1_000)
    monkeypatch.setattr(features, "DRAWN", 2_000)


def _asked(workspace: Workspace, tool: str, **arguments: object) -> ToolResult:
    return all_tools()[tool].call(workspace, arguments)


def test_segments_are_found_on_some_and_counted_on_all(people: Workspace, many: None) -> None:
    found = _asked(people, "find_segments")
    made = found.workspace.segmentation if found.workspace else None
    assert made is not None and len(made.segments) == 3 and made.n_customers == N
    everybody = customers(people).pandas()
    labels = assign(made, everybody).labels
    for segment in made.segments:
        mine = everybody[labels == segment.key]
        assert segment.size == len(mine)
        worth = mine["spend"].sum() / everybody["spend"].sum()
        assert segment.value_share == pytest.approx(worth, rel=1e-9)
    drawn = {fact.name: fact.value for fact in found.facts}
    assert 1_800 < drawn["n_drawn"] < 2_200 and drawn["n_drawn_from"] == N
    assert any(f"{drawn['n_drawn']:,}" in caveat and "drawn at random" in caveat for caveat in found.caveats)


def test_the_profile_is_that_of_all_customers(people: Workspace, many: None) -> None:
    after = _asked(people, "find_segments", n_segments=3).workspace
    assert after is not None and after.segmentation is not None
    told = _asked(after, "describe_segments")
    profile = next(table for table in told.tables if table.title == "Profile")
    sizes = next(table for table in told.tables if table.title == "Sizes and value")
    everybody = all_segmented(after)
    assert len(everybody.customers) == N and len(segmented(after).customers) < N / 2
    for row in profile.rows:
        name = str(row[0]).split(",")[0]
        for column, value in zip(profile.columns[2:-1], row[2:-1], strict=True):
            i = [one.name for one in everybody.segments].index(column)
            mine = everybody.numbers(name)[everybody.position == i]
            how = np.nanmedian if row[1] == "median" else np.nanmean
            assert value == pytest.approx(how(mine), rel=1e-12), (name, column)
    assert sum(int(row[1] or 0) for row in sizes.rows) == N


def test_a_population_and_unusual_customers_are_counted_on_all(people: Workspace, many: None) -> None:
    where = [{"column": "region", "is": "equal", "value": "north"}]
    found = _asked(people, "find_segments", where=where, outliers="set_aside")
    made = found.workspace.segmentation if found.workspace else None
    assert made is not None
    everybody = customers(people).pandas()
    north = int((everybody["region"] == "north").sum())
    assert made.n_customers == north
    labels = assign(made, everybody).labels
    assert {one.key: one.size for one in made.segments if one.size} == {
        int(key): int(n) for key, n in zip(*np.unique(labels[labels >= 0], return_counts=True), strict=True)
    }


def test_the_same_customers_are_drawn_in_any_order_of_rows(people: Workspace, many: None) -> None:
    rows = customers(people).pandas().sample(frac=1, random_state=1)
    other = workspace_of(rows, {"id": "customer_key", "spend": "amount"}, grain="customers")
    pd.testing.assert_frame_equal(customers(people).drawn(), customers(other).drawn())
    assert len(customers(people).drawn()) < N / 2


def test_questions_by_segment_count_everybody(people: Workspace, many: None) -> None:
    after = _asked(people, "find_segments", n_segments=3).workspace
    assert after is not None and after.segmentation is not None
    request = {"by": [{"column": "segment"}]}
    told = _asked(after, "aggregate", **request)
    sizes = {str(row[0]): row[1] for row in told.tables[0].rows}
    assert sizes == {one.name: one.size for one in after.segmentation.segments}
    assert not any("drawn" in caveat for caveat in told.caveats)


def test_all_are_looked_at_where_all_are_here(people: Workspace) -> None:
    found = _asked(people, "find_segments")
    assert not any("drawn" in caveat for caveat in found.caveats)
    assert LABEL not in customers(people).pandas()
