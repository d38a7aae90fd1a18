"""Knows how frozen segments are applied to other customers: which columns fit, and who is far off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools import progress
from tools.core import Segmentation, Workspace
from tools.customers.features import CustomerFrame, customers
from tools.errors import ToolError
from tools.finding import transforms
from tools.over_time.drift import Baseline, kept_columns
from tools.segments.assigning import assign, columns_of, log_densities, squared_distances
from tools.selecting import fold, nearest
from tools.wording import listing

FAR_QUANTILE = 0.999  # farther from its segment than this part of the customers the segments are made of
UNASSIGNED = "(unassigned)"

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Scored:
    """Customers put into the segments of a frozen model.

    Attributes:
        frame: Where they come from.
        customers: One row a customer, sorted by key, with the columns that the model reads.
        names: Segment of each customer, `UNASSIGNED` for one in none.
        confidence: 0 to 1 for each.
        far: Whether each is far from every segment.
    """

    frame: CustomerFrame
    customers: pd.DataFrame
    names: Names
    confidence: Floats
    far: npt.NDArray[np.bool_]

    def sizes(self, order: list[str]) -> list[int]:
        """Count the customers of each name."""
        counted = pd.Series(self.names).value_counts()
        return [int(counted.get(name, 0)) for name in order]


def score(workspace: Workspace, segmentation: Segmentation, reach: float | None = None) -> Scored:
    """Put the customers of the workspace's main table into the segments; nothing is fitted again.

    Args:
        workspace: Its main table holds the customers.
        segmentation: The frozen model.
        reach: Distance beyond which a customer belongs to no segment; None for no such limit.

    Raises:
        ToolError: If the customers lack a column that the model reads.
    """
    progress.step(f"Putting the customers of {workspace.table.source} into the segments")
    frame = customers(workspace)
    known = frame.pandas()
    renamed = match_columns(segmentation, frame)
    if renamed:
        known = known.rename(columns=renamed)
    found = assign(segmentation, known)
    names_of = {segment.key: segment.name for segment in segmentation.segments}
    names = np.array([names_of.get(int(label), UNASSIGNED) for label in found.labels], dtype=np.object_)
    far = np.zeros(len(names), dtype=bool)
    distance = distances(segmentation, known)
    if reach is not None and distance is not None:
        far = np.asarray((distance > reach) & (found.labels >= 0), dtype=bool)
        names[far] = UNASSIGNED
    return Scored(frame, known, names, found.confidence, far)


def has_other_table(workspace: Workspace) -> bool:
    """Tell whether a second table with customers is loaded."""
    return any(name != workspace.main and table.customer for name, table in workspace.tables.items())


def other_table(workspace: Workspace, name: str | None) -> str:
    """Return the loaded table that is not the main one.

    Raises:
        ToolError: If there is none, several without a name, or none of this name.
    """
    others = [each for each, table in workspace.tables.items() if each != workspace.main and table.customer]
    if not others:
        raise ToolError(
            "There is no second file of customers to score.",
            "Drop the new file into this chat and choose to put its customers into the present segments; for "
            "segments that were saved (“save the segments”), drop the saved file and the new file into a new "
            "chat together. Whether the new customers are enough like the old ones is told first.",
        )
    if name is None and len(others) == 1:
        return others[0]
    found = [each for each in others if name is not None and fold(each) == fold(name)]
    if found:
        return found[0]
    wrong = f"There is no other table {name}." if name else "There are several other tables."
    near = (nearest(name, others) if name else ()) or tuple(others)
    raise ToolError(wrong, f"Choose {listing(others, 'or')}.", near)


def match_columns(segmentation: Segmentation, frame: CustomerFrame) -> dict[str, str]:
    """Return which columns of these customers stand for which of the model where only case or space differ.

    Raises:
        ToolError: If a column is missing, or holds words where the model reads numbers.
    """
    held = {column.name: column for column in frame.table.columns}
    folded = {fold(name): name for name in held}
    renamed, lacking = {}, []
    for wanted in sorted(columns_of(segmentation)):
        if wanted in held:
            continue
        if fold(wanted) in folded:
            renamed[folded[fold(wanted)]] = wanted
        else:
            lacking.append(wanted)
    if lacking:
        near = [name for wanted in lacking for name in nearest(wanted, list(held), 1)]
        raise ToolError(
            f"{frame.table.source or frame.table.name} cannot be scored: it lacks {listing(lacking)},"
            " which the segments need.",
            f"Nearest columns there: {listing(near)}. Rename them in the file if they are the same."
            if near
            else "Use a file with the same columns, or segment these customers anew.",
        )
    for transform in _transforms(segmentation.model):
        name = {new: old for old, new in renamed.items()}.get(transform["feature"], transform["feature"])
        if transform["kind"] != "level" and held[name].kind == "text":
            raise ToolError(
                f"{name} holds words here, and numbers where the segments were made.",
                "Use a file of the same kind.",
            )
    return renamed


def _transforms(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    own = list(model.get("transforms", ()))
    for part in ("base", "model"):
        if isinstance(model.get(part), Mapping):
            own += _transforms(model[part])
    return own


def distances(segmentation: Segmentation, known: pd.DataFrame) -> Floats | None:
    """Return each customer's distance to the nearest group of the model; None for rules."""
    if not has_distances(segmentation):
        return None
    model: Mapping[str, Any] = segmentation.model
    while model["type"] == "split":
        model = model["base"]
    matrix = transforms.apply(model["transforms"], known)
    if model["type"] == "centres":
        centres = np.array(model["centres"], dtype=np.float64).reshape(-1, matrix.shape[1])
        return np.asarray(np.sqrt(squared_distances(matrix, centres).min(axis=1)))
    means = np.array(model["means"], dtype=np.float64).reshape(-1, matrix.shape[1])
    weights = np.array(model["weights"], dtype=np.float64)
    covariances = np.array(model["covariances"], dtype=np.float64)
    return np.asarray(np.sqrt(log_densities(matrix, means, covariances, weights)[1].min(axis=1)))


def has_distances(segmentation: Segmentation) -> bool:
    """Tell whether customers can lie near a border or far off; rules know neither."""
    model: Mapping[str, Any] = segmentation.model
    while model["type"] == "split":
        model = model["base"]
    return model["type"] in ("centres", "gaussians")


def reach_of(segmentation: Segmentation, known: pd.DataFrame) -> float | None:
    """Return the distance within which all but one in a thousand of the model's own customers lie."""
    own = distances(segmentation, known)
    if own is None or not len(own):
        return None
    return float(np.quantile(own, FAR_QUANTILE)) * (1 + 1e-9)


def of_table(workspace: Workspace, name: str) -> Workspace:
    """Return the workspace as if this loaded table were the main one, counted to its own last date."""
    return replace(workspace, main=name, reference_date=None)


def baseline_of(segmentation: Segmentation, base: Scored) -> Baseline:
    """Return what is kept of the customers that the segments were made from, to compare others with."""
    order = [*(segment.name for segment in segmentation.segments), UNASSIGNED]
    sizes = dict(zip(order, base.sizes(order), strict=True))
    return Baseline(
        kept_columns(segmentation, base.customers),
        {name: n for name, n in sizes.items() if n or name != UNASSIGNED},
        reach_of(segmentation, base.customers),
        base.frame.reference_date,
    )
