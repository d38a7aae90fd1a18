"""Models are plain JSON; who is in which segment follows from them alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tools.core import Column, DataTable, Json, Segment, Segmentation, Workspace
from tools.customers import features
from tools.engine import Engine
from tools.errors import ToolError
from tools.placing.models import n_leaves
from tools.segments.assigning import Assignment, assign, evaluate, labels_table

PEOPLE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "spend": [1.0, 10.0, 100.0, np.nan],
        "city": ["Delhi", " delhi ", None, "Mumbai"],
        "born": pd.to_datetime(["1990-05-01", "1991-01-01", None, "1980-12-31"]),
    }
)
AXIS: Json = {
    "feature": "spend", "kind": "none", "parameters": {}, "fill": 10.0, "centre": 0.0, "scale": 1.0,
    "weight": 1.0,
}  # fmt: skip


def made(model: Json, leaves: list[tuple[int, ...]], **more: Any) -> Segmentation:
    segments = tuple(Segment(key, f"S{key}", leaf, 0, 0.0) for key, leaf in enumerate(leaves))
    return Segmentation("s", "rules", "", ("spend",), model, segments, 4, **more)


def rules(*where: list[Json], otherwise: int | None = None) -> Json:
    return {"type": "conditions", "leaves": [{"where": one} for one in where], "otherwise": otherwise}


def labels(model: Json, leaves: list[tuple[int, ...]], **more: Any) -> list[int]:
    return assign(made(model, leaves, **more), PEOPLE).labels.tolist()


def test_nearest_centre_with_missing_values_filled() -> None:
    model: Json = {"type": "centres", "transforms": [AXIS], "centres": [[0.0], [90.0]]}
    found: Assignment = assign(made(model, [(0,), (1,)]), PEOPLE)
    assert found.labels.tolist() == [0, 0, 1, 0]
    assert found.confidence[0] > found.confidence[1] > 0


def test_customers_far_from_every_centre() -> None:
    far = {"leaf": 2, "reach": [20.0, 5.0]}
    model: Json = {"type": "centres", "transforms": [AXIS], "centres": [[0.0], [90.0]], "far": far}
    assert n_leaves(model) == 3
    assert labels(model, [(0,), (1,), (2,)]) == [0, 0, 2, 0]
    assert labels({**model, "far": {**far, "leaf": None}}, [(0,), (1,)]) == [0, 0, -1, 0]


def test_gaussians_with_levels() -> None:
    model: Json = {
        "type": "gaussians",
        "transforms": [AXIS],
        "means": [[5.0], [5.0]],
        "covariances": [[[400.0]], [[400.0]]],
        "weights": [0.5, 0.5],
        "levels": [
            {
                "feature": "city", "values": ["Delhi", "Mumbai"], "edges": [], "fill": 0,
                "probabilities": [[0.9, 0.1], [0.2, 0.8]],
            }
        ],
    }  # fmt: skip
    found = assign(made(model, [(0,), (1,)]), PEOPLE)
    assert found.labels.tolist() == [0, 0, 0, 1]
    assert found.confidence[3] == pytest.approx(0.8 / 0.9)


def test_first_rule_that_matches_wins_and_merging_joins_leaves() -> None:
    above = [{"column": "spend", "is": "above", "value": 50}]
    any_value = [{"column": "spend", "is": "present"}]
    model = rules(above, any_value, otherwise=2)
    assert labels(model, [(0,), (1,), (2,)]) == [1, 1, 0, 2]
    assert labels(model, [(0, 1), (2,)]) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"column": "city", "is": "equal", "value": "DELHI"}, "ab"),
        ({"column": "city", "is": "not_equal", "value": "Delhi"}, "cd"),
        ({"column": "city", "is": "not_in", "values": ["mumbai"]}, "abc"),
        ({"column": "city", "is": "missing"}, "c"),
        ({"column": "city", "is": "in", "values": ["mumbai", "pune"]}, "d"),
        ({"column": "city", "is": "contains", "value": "elh"}, "ab"),
        ({"column": "spend", "is": "between", "values": [100, 10]}, "bc"),
        ({"column": "spend", "is": "at_most", "value": 10}, "ab"),
        ({"column": "spend", "is": "top_share", "value": 34}, "bc"),
        ({"column": "born", "is": "below", "value": "1990-12-31"}, "ad"),
        ({"column": "born", "is": "equal", "value": "1990"}, "a"),
        ({"column": "born", "is": "equal", "value": 1, "grain": "month"}, "b"),
        ({"column": "spend", "is": "above", "value": 9, "or": [{"column": "city", "value": "pune"}]}, "bc"),
        ({"column": "spend", "is": "below", "value": 0, "or": [{"column": "city", "value": "pune"}]}, ""),
        ({"column": "spend", "is": "above", "value": 9, "or": [{"column": "city", "is": "missing"}]}, "bc"),
    ],
)  # fmt: skip
def test_conditions(condition: Json, kept: str) -> None:
    found = labels(rules([condition]), [(0,)])
    assert "".join(name for name, label in zip("abcd", found, strict=True) if label == 0) == kept


def test_a_split_leaves_all_other_leaves_as_they_were() -> None:
    base = rules([{"column": "spend", "is": "above", "value": 5}], otherwise=1)
    inner = rules([{"column": "spend", "is": "above", "value": 50}], otherwise=1)
    model: Json = {"type": "split", "base": base, "leaf": 0, "model": inner}
    leaves, _ = evaluate(model, PEOPLE)
    assert leaves.tolist() == [1, 3, 2, 1]
    assert n_leaves(model) == 4


def test_outside_the_population_is_no_segment() -> None:
    population = ({"column": "city", "is": "equal", "value": "delhi"},)
    model = rules([{"column": "spend", "is": "present"}], otherwise=1)
    assert labels(model, [(0,), (1,)], population=population) == [0, 0, -1, -1]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ToolError, match="needs income"):
        labels(rules([{"column": "income", "is": "present"}]), [(0,)])


@pytest.mark.parametrize("most_here", [4, 3])
def test_labels_are_stored_once(monkeypatch: pytest.MonkeyPatch, most_here: int) -> None:
    monkeypatch.setattr(features, "HERE", most_here)
    engine = Engine()
    engine.store("people", PEOPLE)
    columns = (Column("id", "text", "customer_key"), Column("spend", "number", "measure"))
    table = DataTable("people", "people.csv", 4, columns, "customers", "id")
    workspace = Workspace(engine, {"people": table}, "people")
    segmentation = made(rules([{"column": "spend", "is": "above", "value": 5}]), [(0,)])
    name = labels_table(workspace, segmentation)
    stored = engine.collect(engine.frame(name).sort("id"))
    assert stored["segment"].isna().tolist() == [True, False, False, True]
    assert labels_table(workspace, Segmentation.from_json(segmentation.to_json())) == name
