"""Small workspaces with planted segments, made without a file, for tests of tools that need segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tools.core import Column, DataTable, Kind, Role, Segment, Segmentation, Workspace
from tools.engine import Engine
from tools.finding.transforms import apply, fit_number
from tools.segments.assigning import conditions_model
from tools.segments.segmented import recounted

N_BIG, N_NIGHT, N_REST = 400, 300, 900


def column(name: str, values: Any, role: Role, unit: str | None = None, protected: bool = False) -> Column:
    """Describe one column as loading would."""
    series = pd.Series(values)
    number = pd.api.types.is_numeric_dtype(series)
    dated = pd.api.types.is_datetime64_any_dtype(series)
    kind: Kind = "number" if number else "date" if dated else "text"
    counts = series.value_counts().head(50) if kind == "text" else pd.Series(dtype=int)
    return Column(
        name, kind, role, unit, protected,
        n_missing=int(series.isna().sum()), n_distinct=int(series.nunique()),
        minimum=float(series.min()) if number else None, maximum=float(series.max()) if number else None,
        values=tuple((str(value), int(n)) for value, n in counts.items()),
    )  # fmt: skip


def workspace_of(frame: pd.DataFrame, roles: dict[str, Role], **about: Any) -> Workspace:
    """Make a workspace of one table.

    Args:
        frame: The rows.
        roles: Role of each column; those not named are measures or categories.
        about: Further attributes of the table: grain, time, amount ...
    """
    units = about.pop("units", {})
    protected = about.pop("protected", ())
    columns = tuple(
        column(
            name,
            frame[name],
            roles.get(name, "measure" if pd.api.types.is_numeric_dtype(frame[name]) else "category"),
            units.get(name),
            name in protected,
        )
        for name in frame.columns
    )
    name = about.pop("name", "shop")
    customer = next((one.name for one in columns if one.role == "customer_key"), None)
    table = DataTable(name, f"{name}.csv", len(frame), columns, customer=customer, **about)
    engine = Engine()
    engine.store(name, frame)
    return Workspace(engine, {name: table}, name)


def planted(seed: int = 0) -> Workspace:
    """Return 1,600 customers: large balances, night shoppers, and the rest; sex says nothing."""
    rng = np.random.default_rng(seed)
    n = N_BIG + N_NIGHT + N_REST
    kind = np.repeat(["big", "night", "rest"], [N_BIG, N_NIGHT, N_REST])
    elsewhere = rng.choice(["Rome", "Oslo", "Bern"], n)
    frame = pd.DataFrame(
        {
            "customer": [f"c{i:05d}" for i in rng.permutation(n)],
            "balance": np.where(kind == "big", rng.lognormal(12, 0.4, n), rng.lognormal(9, 0.4, n)).round(2),
            "night_share": np.where(kind == "night", rng.beta(8, 2, n), rng.beta(1, 9, n)).round(3),
            "spend": np.where(kind == "big", rng.lognormal(7, 0.5, n), rng.lognormal(6, 0.5, n)).round(2),
            "age": np.where(kind == "night", rng.normal(27, 4, n), rng.normal(45, 9, n)).round(),
            "sex": rng.choice(["F", "M"], n),
            "city": np.where(kind == "big", rng.choice(["Rome", "Oslo"], n, p=[0.7, 0.3]), elsewhere),
        }
    ).sample(frac=1, random_state=seed)
    frame.loc[frame.index[:7], "spend"] = np.nan
    roles: dict[str, Role] = {
        "customer": "customer_key", "balance": "balance", "spend": "amount", "age": "age", "city": "place",
    }  # fmt: skip
    return workspace_of(
        frame, roles, grain="customers", amount="spend", units={"balance": "EUR", "spend": "EUR"},
        protected=("age", "sex", "city"),
    )  # fmt: skip


def with_centres(
    workspace: Workspace, features: Sequence[str], k: int, names: Sequence[str] = ()
) -> Workspace:
    """Return the workspace with a k-means segmentation as its current one."""
    from sklearn.cluster import KMeans

    from tools.customers.features import customers

    frame = customers(workspace)
    everybody = frame.pandas()
    transforms = [
        fit_number(name, everybody[name].to_numpy(dtype=np.float64, na_value=np.nan)) for name in features
    ]
    matrix = apply(transforms, everybody)
    fitted = KMeans(k, n_init=5, random_state=0).fit(matrix[:: max(1, len(matrix) // 20_000)])
    order = np.lexsort(fitted.cluster_centers_.T[::-1])
    centres = fitted.cluster_centers_[order]
    segments = tuple(Segment(i, names[i] if names else f"Segment {i + 1}", (i,), 0, 0.0) for i in range(k))
    model = {"type": "centres", "transforms": transforms, "centres": centres.round(9).tolist()}
    segmentation = Segmentation(
        "Segments",
        "clusters",
        f"k-means on {len(features)} features",
        tuple(features),
        model,
        segments,
        len(everybody),
    )
    return workspace.with_segmentation(recounted(workspace, segmentation))


def with_rules(workspace: Workspace) -> Workspace:
    """Return the workspace with two rules and everybody else."""
    rules = [
        [{"column": "balance", "is": "above", "value": 50000.0}],
        [{"column": "night_share", "is": "at_least", "value": 0.5}],
    ]
    segments = tuple(
        Segment(i, name, (i,), 0, 0.0) for i, name in enumerate(("Savers", "Night owls", "Everyone else"))
    )
    segmentation = Segmentation(
        "Rules", "rules", "2 rules", ("balance", "night_share"), conditions_model(rules, True), segments, 0
    )
    return workspace.with_segmentation(recounted(workspace, segmentation))


def renamed(segmentation: Segmentation, *names: str) -> Segmentation:
    """Return the segmentation with other segment names, in order."""
    segments = tuple(replace(one, name=name) for one, name in zip(segmentation.segments, names, strict=True))
    return replace(segmentation, segments=segments)
