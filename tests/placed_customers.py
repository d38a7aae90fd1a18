"""Makes customers and models of every kind, to place the same customers in memory and in engines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from tools.core import Json, Segment, Segmentation
from tools.engine import Engine
from tools.placing.engine_sheet import InEngine
from tools.placing.models import n_leaves
from tools.segments.assigning import CONFIDENCE, LABEL, assign, in_engine
from tools.segments.holding import holds


def people(n: int = 1500) -> pd.DataFrame:
    """Return customers with skewed, signed, missing, tied and extreme values, texts, flags and dates."""
    rng = np.random.default_rng(7)
    spend = rng.lognormal(4, 3, n)
    spend[:8] = [0.0, 1e-300, 1e300, 1.0, 2.0**53, 2.0**53 - 1, 0.41421356237309503, 1e-9]
    found = pd.DataFrame(
        {
            "id": [f"c{i:05d}" for i in range(n)],
            "spend": spend,
            "balance": rng.normal(0, 1, n) * 10 ** rng.integers(-8, 9, n).astype(float),
            "orders": pd.array(rng.integers(1, 6, n), dtype="Int64"),
            "city": rng.choice(["Delhi", " DELHI ", "Ünna", "Pune", "ünna"], n),
            "member": rng.random(n) > 0.3,
            "born": pd.Timestamp("1930-01-01") + pd.to_timedelta(rng.integers(0, 30_000, n), "D"),
        }
    )
    found.loc[::7, "spend"] = np.nan
    found.loc[::5, "balance"] = np.nan
    found.loc[::11, "orders"] = pd.NA
    found.loc[::9, "city"] = None
    found.loc[::13, "born"] = pd.NaT
    return found


def axis(feature: str, kind: str = "none", fill: float | None = None, **more: Any) -> Json:
    """Return one transform with figures that nothing makes round."""
    made: Json = {"feature": feature, "kind": kind, "parameters": {}, "fill": fill}
    return {**made, "centre": 1.0 / 3.0, "scale": 1.7, "weight": 1.1, **more}


BENT = [
    axis("spend", "log1p"),
    axis("balance", "yeo_johnson", parameters={"power": 0.3, "unit": 17.3}),
    axis("orders", fill=2.0),
]
LEVELS = [
    {"feature": "city", "values": ["(missing)", "Delhi", "Ünna"], "edges": [], "fill": 1,
     "probabilities": [[0.2, 0.5, 0.3], [0.1, 0.1, 0.8], [0.4, 0.3, 0.3]]},
    {"feature": "orders", "values": [], "edges": [2.0, 4.0], "fill": 0,
     "probabilities": [[0.7, 0.2, 0.1], [0.2, 0.2, 0.6], [0.3, 0.4, 0.3]]},
]  # fmt: skip


def _condition(column: str, how: str, value: Any = None, **more: Any) -> Json:
    return {"column": column, "is": how, **({} if value is None else {"value": value}), **more}


CONDITIONS = [
    _condition("city", "equal", "DELHI"), _condition("city", "not_equal", "delhi"),
    _condition("city", "in", values=["ÜNNA", "pune"]), _condition("city", "not_in", values=["pune"]),
    _condition("city", "contains", "un"), _condition("city", "starts_with", "ü"),
    _condition("city", "missing"), _condition("spend", "present"), _condition("spend", "above", 50),
    _condition("orders", "at_least", 3), _condition("orders", "not_equal", 3),
    _condition("orders", "in", values=[1, 5]), _condition("balance", "between", values=[10, -10]),
    _condition("spend", "top_share", 10), _condition("orders", "top_share", 10),
    _condition("orders", "bottom_share", 0.001), _condition("member", "equal", "yes"),
    _condition("member", "not_equal", True), _condition("born", "below", "1960"),
    _condition("born", "not_equal", "1960-05"), _condition("born", "between", values=["1950", "1959-06-30"]),
    _condition("born", "in", values=["1950", "1951"]), _condition("born", "not_in", values=["1950"]),
    _condition("born", "at_most", "1970-01-01"), _condition("born", "equal", 5, grain="month"),
    _condition("born", "above", 2, grain="quarter"), _condition("born", "equal", "monday", grain="weekday"),
    _condition("born", "equal", "yes", grain="weekend"), _condition("born", "at_least", 1980, grain="year"),
    {"column": "spend", "is": "above", "value": 9,
     "or": [_condition("city", "missing"), _condition("orders", "above", 4)]},
]  # fmt: skip


def models() -> dict[str, Json]:
    """Return a model of every kind and shape by name."""
    rng = np.random.default_rng(3)
    shapes = rng.normal(0, 1, (3, 3, 3))
    covariances = [(one @ one.T + np.eye(3)).tolist() for one in shapes]
    gaussians: Json = {
        "type": "gaussians", "transforms": BENT, "means": rng.normal(0, 2, (3, 3)).tolist(),
        "covariances": covariances, "weights": [0.5, 0.3, 0.2], "levels": LEVELS,
    }  # fmt: skip
    level = axis("city", "level", 0.0, parameters={"value": "Pune"})
    centres: Json = {
        "type": "centres", "transforms": [*BENT, level], "centres": rng.normal(0, 2, (5, 4)).tolist(),
    }  # fmt: skip
    tied: Json = {
        "type": "centres",
        "transforms": [axis("orders", fill=3.0, centre=0.0, scale=1.0, weight=1.0)],
    }
    dated = [axis("born", fill=0.0), axis("member", fill=0.0), *BENT[:2]]
    ages = rng.normal(0, 9, (3, 4)).tolist()
    rules: Json = {
        "type": "conditions", "leaves": [{"where": [one]} for one in CONDITIONS[::3]], "otherwise": 10,
    }  # fmt: skip
    far = {"leaf": "nearest", "reach": [2.0, 1.0, 0.5, 0.1, 3.0]}
    return {
        "centres": centres,
        "several centres a segment": {**centres, "leaf_of": [0, 1, 1, 2, 0], "far": far},
        "one segment": {**centres, "leaf_of": [0] * 5, "far": {"leaf": 1, "reach": [2.5] * 5}},
        "ties": {**tied, "centres": [[4.0], [2.0], [6.0], [2.0]]},
        "dates and flags": {"type": "centres", "transforms": dated, "centres": ages},
        "gaussians": gaussians,
        "merged gaussians": {**gaussians, "leaf_of": [0, 1, 0], "far": {"leaf": None, "reach": [2.0]}},
        "rules in order": rules,
        "a split": {"type": "split", "base": rules, "leaf": 10, "model": centres},
        "a split by share": {
            "type": "split", "base": centres, "leaf": 1,
            "model": {"type": "conditions", "leaves": [{"where": [_condition("spend", "top_share", 30)]}],
                      "otherwise": 1},
        },
    }  # fmt: skip


def segmentations() -> dict[str, Segmentation]:
    """Return a segmentation of every model, and one with a population."""
    made = {name: _of(model) for name, model in models().items()}
    chosen = (_condition("city", "not_equal", "pune"), _condition("spend", "above", 3))
    made["a population"] = _of(models()["centres"], population=chosen)
    return made


def _of(model: Json, **more: Any) -> Segmentation:
    n = n_leaves(model)
    groups = [(0, *range(3, n)), *((leaf,) for leaf in range(1, min(n, 3)))]
    segments = tuple(Segment(3 * i, f"S{i}", leaves, 0, 0.0) for i, leaves in enumerate(groups))
    return Segmentation("s", "clusters", "", (), model, segments, 0, **more)


def differing_conditions(engine: Engine, everybody: pd.DataFrame) -> dict[str, int]:
    """Return for how many customers, by condition, the engine and memory do not say the same."""
    sheet = InEngine(engine, engine.frame("people"))
    named = {f"{i}": sheet.holds(one) for i, one in enumerate(CONDITIONS)}
    rows = engine.collect(sheet.frame.select("id", **named).sort("id"))
    return {
        f"{one}": int((rows[f"{i}"].to_numpy(dtype=bool) != holds(one, everybody)).sum())
        for i, one in enumerate(CONDITIONS)
    }


def differences(engine: Engine, everybody: pd.DataFrame, names: Collection[str] = ()) -> dict[str, int]:
    """Return for how many customers, by segmentation, the engine and memory do not say the same."""
    found = {}
    for name, segmentation in segmentations().items():
        if names and name not in names:
            continue
        here = assign(segmentation, everybody)
        there = in_engine(segmentation, engine, engine.frame("people"))
        rows = engine.collect(there.select("id", nw.col(LABEL), nw.col(CONFIDENCE)).sort("id"))
        assert rows["id"].tolist() == everybody["id"].tolist()
        other = (rows[LABEL].to_numpy() != here.labels) | (rows[CONFIDENCE].to_numpy() != here.confidence)
        found[name] = int(other.sum())
    return found
