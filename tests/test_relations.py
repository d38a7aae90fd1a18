"""Tables that belong together are found by their values, shown, confirmed and corrected."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.small_tables import fact, run
from tools.core import Workspace
from tools.errors import ToolError
from tools.files.loading import load
from tools.understanding.relating import relations_of


def shop(**more: pd.DataFrame) -> Workspace:
    """A shop: orders name customers under another name, and stores; twelve orders name nobody."""
    n = 300
    orders = pd.DataFrame(
        {
            "order_no": [f"O{i}" for i in range(n)],
            "buyer": [f"P{i % 50}" if i % 25 else f"X{i}" for i in range(n)],
            "store": [i % 7 + 1 for i in range(n)],
            "order_date": pd.date_range("2024-01-01", periods=n),
            "amount": [i + 0.5 for i in range(n)],
        }
    )
    people = pd.DataFrame({"person": [f"P{i}" for i in range(60)], "tier": ["gold", "base"] * 30})
    stores = pd.DataFrame({"id": range(1, 11), "region": ["north", "south"] * 5})
    notes = pd.DataFrame({"word": ["alpha", "beta", "gamma"], "weight": [7, 8, 9]})
    return load({"orders": orders, "people": people, "stores": stores, "notes": notes, **more})


def test_relations_are_found_by_containment() -> None:
    workspace = shop()
    found = {(r.table, r.column, r.other, r.key) for r in relations_of(workspace.tables)}
    assert ("orders", "store", "stores", "id") in found
    result = run(workspace, "relate_tables", table="orders", column="buyer", other="people", key="person")
    assert fact(result, "n_found", "orders to people") == 48 and fact(result, "rows_without") == 12
    made = result.workspace
    assert made is not None
    shown = run(made, "show_relations")
    assert "notes stands alone" in " ".join(shown.findings) and shown.figures
    by_tier = run(made, "aggregate", by=[{"column": "tier"}], table="orders")
    assert {row[0]: row[1] for row in by_tier.tables[0].rows} == {"gold": 144, "base": 144, "(missing)": 12}


def test_text_keys_are_found_without_a_name_in_common() -> None:
    people = pd.DataFrame({"code": [f"P{i}" for i in range(60)], "tier": ["gold", "base"] * 30})
    orders = pd.DataFrame(
        {"who": [f"P{i % 60}" for i in range(240)], "amount": [float(i) for i in range(240)]}
    )
    workspace = load({"orders": orders, "people": people})
    (relation,) = relations_of(workspace.tables)
    assert (relation.table, relation.column, relation.other, relation.key) == (
        "orders",
        "who",
        "people",
        "code",
    )
    assert (relation.n_values, relation.n_found, relation.n_rows_lost) == (60, 60, 0)


def test_small_numbers_in_common_are_no_relation() -> None:
    first = pd.DataFrame({"visits": [i % 9 + 1 for i in range(200)], "x": [i / 7 for i in range(200)]})
    second = pd.DataFrame({"row": range(1, 101), "y": [i / 3 for i in range(100)]})
    assert relations_of(load({"first": first, "second": second}).tables) == []


def test_a_relation_is_taken_back() -> None:
    workspace = shop()
    made = run(
        workspace, "relate_tables", table="orders", column="store", other="stores", related=False
    ).workspace
    assert made is not None
    with pytest.raises(ToolError, match="region"):
        run(made, "aggregate", by=[{"column": "region"}], table="orders")
    assert run(workspace, "aggregate", by=[{"column": "region"}], table="orders").tables


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"table": "orders", "column": "store", "other": "people", "key": "person"}, "holds number"),
        ({"table": "people", "column": "tier", "other": "people"}, "the same table"),
        ({"table": "orders", "column": "buyer", "other": "people", "key": "tier"}, "more than once"),
        ({"table": "orders", "column": "order_no", "other": "people", "key": "person"}, "No value"),
        ({"table": "orders", "column": "store", "other": "shelves"}, "no table shelves"),
    ],
)
def test_what_cannot_be_related(arguments: dict[str, str], word: str) -> None:
    with pytest.raises(ToolError, match=word):
        run(shop(), "relate_tables", **arguments)


def test_one_table_and_none_in_common(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,v\n" + "".join(f"A{i},{i}\n" for i in range(9)))
    assert "one table" in run(load([path]), "show_relations").headline
    other = pd.DataFrame({"name": ["x", "y", "z"], "w": [1.5, 2.5, 3.5]})
    assert "share no key" in run(load({"a": path, "b": other}), "show_relations").headline
