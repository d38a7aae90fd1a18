"""Columns are joined over several tables, and what is joined never doubles a row or a sum."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.small_store import frames, store
from tests.small_tables import fact, run
from tools.core import ToolResult
from tools.customers.features import customers
from tools.errors import ToolError
from tools.files.loading import load


def shown(result: ToolResult) -> dict[str, float]:
    """Return the first measure by group."""
    return {str(row[0]): round(float(row[1] or 0), 6) for row in result.tables[0].rows}


def wide() -> pd.DataFrame:
    """Every line with all that is known of it."""
    tables = frames()
    lines = tables["order_lines"].merge(tables["orders"], on="order_id")
    return lines.merge(tables["products"], on="product_id").merge(tables["customers"], on="customer_id")


def total(column: str, by: str) -> ToolResult:
    measures = [{"statistic": "sum", "column": column}]
    return run(store(), "aggregate", measures=measures, by=[{"column": by}])


def test_a_column_two_tables_away_is_joined_by_itself() -> None:
    expected = wide().groupby("region").line_total.sum().round(6)
    assert shown(total("line_total", "region")) == expected.to_dict()


def test_columns_of_two_other_tables_meet_in_the_rows_that_lead_to_both() -> None:
    where = [{"column": "region", "is": "equal", "value": "North"}]
    measures = [{"statistic": "sum", "column": "quantity"}]
    by = [{"column": "category"}, {"column": "channel"}]
    result = run(store(), "aggregate", measures=measures, by=by, where=where)
    lines = wide()
    expected = lines[lines.region == "North"].groupby(["category", "channel"]).quantity.sum()
    assert {(row[0], row[1]): row[2] for row in result.tables[0].rows} == expected.to_dict()


@pytest.mark.parametrize(
    ("column", "by", "row"),
    [
        ("income", "channel", "customer_id"),  # one step from the rows that are grouped
        ("income", "category", "customer_id"),  # two steps
        ("shipping_fee", "category", "order_id"),  # an order has several lines
    ],
)
def test_what_stands_once_in_another_table_counts_once_in_a_group(column: str, by: str, row: str) -> None:
    result = total(column, by)
    expected = wide().drop_duplicates([by, row]).groupby(by)[column].sum().round(6)
    assert shown(result) == expected.to_dict()
    assert wide().groupby(by)[column].sum().round(6).to_dict() != expected.to_dict()
    assert any("counts once" in caveat for caveat in result.caveats)


def test_without_groups_each_row_of_the_other_table_counts_once() -> None:
    where = [{"column": "channel", "is": "equal", "value": "web"}]
    measures = [{"statistic": statistic, "column": "income"} for statistic in ("mean", "median", "std")]
    result = run(store(), "aggregate", measures=measures, where=where)
    lines = wide()
    each = lines[lines.channel == "web"].drop_duplicates("customer_id").income
    found = [fact(result, f"{statistic}_income") for statistic in ("mean", "median", "std")]
    assert found == pytest.approx([each.mean(), each.median(), each.std()])


def test_a_measure_with_its_own_condition_counts_each_once_among_its_rows() -> None:
    condition = [{"column": "category", "is": "equal", "value": "Hats"}]
    measures = [{"statistic": "sum", "column": "income", "where": condition}]
    result = run(store(), "aggregate", measures=measures, by=[{"column": "channel"}])
    lines = wide()
    hats = lines[lines.category == "Hats"].drop_duplicates(["channel", "customer_id"])
    assert shown(result) == hats.groupby("channel").income.sum().round(6).to_dict()


def test_a_column_that_two_tables_have_is_told_apart_by_its_table() -> None:
    made = store(shops=pd.DataFrame({"channel": ["web", "app", "shop"], "region": ["A", "B", "B"]}))
    measures = [{"statistic": "count"}]
    far = run(made, "aggregate", measures=measures, by=[{"column": "region of shops"}], table="orders")
    near = run(made, "aggregate", measures=measures, by=[{"column": "region of customers"}], table="orders")
    assert shown(far) == {"A": 80, "B": 160}
    assert set(shown(near)) == {"North", "South", "East"}


def test_rows_are_never_multiplied_on_the_way_down() -> None:
    with pytest.raises(ToolError, match="line_total is a column of order_lines, not of customers"):
        measures = [{"statistic": "sum", "column": "line_total"}]
        run(store(), "aggregate", measures=measures, table="customers")


def test_what_other_tables_say_of_a_customer_builds_and_describes_segments() -> None:
    made = store()
    everybody = customers(made)
    framed = everybody.pandas().set_index("customer_id")
    told = frames()["customers"].set_index("customer_id").loc[framed.index]
    assert (framed["income"] == told["income"]).all() and (framed["region"] == told["region"]).all()
    known = {column.name: column for column in everybody.table.columns}
    assert known["region"].protected and known["region"].n_missing == 0
    where = [
        {"column": "region", "is": "equal", "value": "North"},
        {"column": "n_transactions", "is": "above", "value": 3},
    ]
    result = run(made, "segment_by_rules", segments=[{"name": "Loyal North", "where": where}])
    expected = ((told["region"] == "North") & (framed["n_transactions"] > 3)).sum()
    assert fact(result, "size", "Loyal North") == expected > 0
    asked = run(made, "find_segments", features=["age", "n_transactions"])
    assert asked.workspace is not None and asked.workspace.segmentation is not None
    default = run(made, "find_segments")
    assert default.workspace is not None and default.workspace.segmentation is not None
    assert not set(default.workspace.segmentation.features) & {"age", "income", "region"}


def test_the_transactions_answer_where_their_rows_lead_to_all_columns() -> None:
    measures = [{"statistic": "count"}]
    result = run(store(), "aggregate", measures=measures, by=[{"column": "region"}, {"column": "channel"}])
    orders = frames()["orders"].merge(frames()["customers"], on="customer_id")
    expected = orders.groupby(["region", "channel"]).size().to_dict()
    assert {(row[0], row[1]): row[2] for row in result.tables[0].rows} == expected


def test_parting_two_tables_takes_the_joined_columns_away_and_back() -> None:
    made = store()
    assert "income" in customers(made).pandas()
    told = {"table": "orders", "column": "customer_id", "other": "customers"}
    parted = run(made, "relate_tables", **told, related=False).workspace
    assert parted is not None
    assert "income" not in customers(parted).pandas() and "region" not in customers(parted).pandas()
    assert "income" in customers(made).pandas()
    assert fact(run(made, "aggregate", table="customers", measures=[{"statistic": "count"}]), "n_customers")


def test_all_columns_of_a_table_two_steps_away_are_told_of_a_customer() -> None:
    regions = pd.DataFrame(
        {
            "region": ["North", "South", "East"],
            "climate": ["cold", "hot", "mild"],
            "currency": ["NOK", "EUR", "PLN"],
            "sales_target": [100.5, 200.5, 300.5],
        }
    )
    framed = customers(store(regions=regions)).pandas().set_index("customer_id")
    told = frames()["customers"].merge(regions, on="region").set_index("customer_id").loc[framed.index]
    for column in ("climate", "currency", "sales_target"):
        assert (framed[column] == told[column]).all()


def test_a_key_is_chosen_by_a_measure_of_its_rows_over_tables() -> None:
    rows = [{"column": "order_date", "is": "equal", "value": "2021"}]
    measure = {"statistic": "sum", "column": "line_total"}
    spent = {"column": "customer_id", "is": "above", "value": 200, "measure": measure, "rows": rows}
    where = [{**spent, "table": "order_lines"}]
    result = run(store(), "aggregate", measures=[{"statistic": "count"}], where=where, table="customers")
    lines = wide()
    sums = lines[lines.order_date.dt.year == 2021].groupby("customer_id").line_total.sum()
    assert fact(result, "n_customers") == (sums > 200).sum() > 0
    assert "total line total" in result.headline and "2021" in result.headline


@pytest.mark.parametrize(
    ("statistic", "column", "is_", "value"),
    [
        ("count_distinct", "category", "at_least", 3),
        ("max", "order_date", "below", "2021-06-01"),
        ("count_distinct", "order_id", "below", 3),  # those who never ordered have 0
        ("mean", "line_total", "above", 22),
    ],
)
def test_counts_dates_and_averages_of_a_customers_rows_are_conditions(
    statistic: str, column: str, is_: str, value: object
) -> None:
    measure = {"statistic": statistic, "column": column}
    one = {"column": "customer_id", "is": is_, "value": value, "measure": measure, "table": "order_lines"}
    measures = [{"statistic": "count"}]
    result = run(store(), "aggregate", measures=measures, where=[one], table="customers")
    grouped = wide().groupby("customer_id")[column]
    known = {
        "count_distinct": grouped.nunique,
        "max": grouped.max,
        "mean": grouped.mean,
    }[statistic]().reindex(frames()["customers"].customer_id)
    known = known.fillna(0) if statistic == "count_distinct" else known
    limit = pd.Timestamp(str(value)) if statistic == "max" else value
    expected = {"at_least": known >= limit, "below": known < limit, "above": known > limit}[is_]
    assert fact(result, "n_customers") == expected.sum() > 0


def test_what_was_never_sold_is_found_over_a_key_of_another_name() -> None:
    tables = frames()
    renamed = tables["products"].rename(columns={"product_id": "sku"})
    made = load({**tables, "products": renamed})
    told = {"table": "order_lines", "column": "product_id", "other": "products", "key": "sku"}
    made = run(made, "relate_tables", **told).workspace or made
    where = [{"column": "sku", "is": "has_no_rows", "table": "order_lines"}]
    result = run(made, "aggregate", measures=[{"statistic": "count"}], where=where, table="products")
    assert fact(result, "n_products") == 1  # P12
    hats = [{"column": "category", "is": "equal", "value": "Hats"}]
    none = [{"column": "customer_id", "is": "has_no_rows", "table": "order_lines", "rows": hats}]
    result = run(made, "aggregate", measures=[{"statistic": "count"}], where=none, table="customers")
    lines = wide()
    buyers = lines[lines.category == "Hats"].customer_id.nunique()
    assert fact(result, "n_customers") == 60 - buyers


def test_counts_of_customers_who_never_bought_are_zero_and_that_is_said() -> None:
    where = [{"column": "n_transactions", "is": "below", "value": 2}]
    measures = [{"statistic": "count"}]
    result = run(store(), "aggregate", measures=measures, where=where, table="customers")
    counts = (
        frames()["orders"].customer_id.value_counts().reindex(frames()["customers"].customer_id).fillna(0)
    )
    assert fact(result, "n_customers") == (counts < 2).sum() >= 10
    assert any("count with 0" in caveat for caveat in result.caveats)
