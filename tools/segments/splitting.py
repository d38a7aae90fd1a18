"""Knows how one segment is split further, and whether the parts are groups or halves of one cloud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.core import Json, Segment
from tools.customers.feature_words import words_of
from tools.effects import against_the_rest, even_scale
from tools.errors import ToolError
from tools.finding import transforms
from tools.placing.models import n_leaves
from tools.quoting import Quotes
from tools.segments.assigning import evaluate
from tools.segments.segmented import Segmented

FITTED_ON = 50_000
TESTED_ON = 2_000
SIMULATIONS = 60
CLEARLY = 0.9  # a split this much tighter than that of one cloud is worth the name; less is skewness
_PARTS = ("lower", "upper")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """A segment split into parts.

    Attributes:
        model: The whole model with the split nested in it.
        leaves: Leaves of each part.
        names: Name of each part.
        feature: Feature in which the parts differ most.
        index: Within-part part of the variance, 0 to 1; smaller is more separate.
        expected: The same for one cloud of the same shape.
        p_value: Part of the simulated clouds that split at least as well, 0 to 1.
        n_fitted: Customers the parts were found on.
    """

    model: Json
    leaves: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    feature: str
    index: float
    expected: float
    p_value: float
    n_fitted: int


def split(placed: Segmented, segment: Segment, into: int) -> Cut:
    """Find parts of a segment by k-means on the features that built the segmentation.

    Raises:
        ToolError: If there are too few customers or nothing that varies.
    """
    members = np.flatnonzero(placed.position == placed.segments.index(segment))
    if members.size < 10 * into:
        raise ToolError(
            f"{segment.name} holds {members.size:,} customers, too few to split into {into}.",
            "Split a larger segment.",
        )
    axes = _axes(placed, members)
    matrix = transforms.apply(axes, placed.customers.iloc[members])
    generator = np.random.default_rng(placed.segmentation.seed)
    rows = np.arange(members.size)
    if members.size > FITTED_ON:
        rows = np.sort(generator.choice(members.size, FITTED_ON, replace=False))
    centres = _centres(matrix[rows], into, placed.segmentation.seed)
    centres, names, feature = _named(placed, segment, members, axes, centres)
    inner: Json = {"type": "centres", "transforms": axes, "centres": centres.round(9).tolist()}
    model, leaves = nested(placed.segmentation.model, segment.leaves, inner)
    index, expected, p_value = _against_one_cloud(matrix, into, placed.segmentation.seed)
    return Cut(model, leaves, names, feature, index, expected, p_value, int(rows.size))


def _axes(placed: Segmented, members: npt.NDArray[np.int64]) -> list[Json]:
    customers = placed.customers.iloc[members]
    built = [name for name in placed.segmentation.features if name in customers]
    if not built:
        built = [column.name for column in placed.numeric if not column.protected]
    axes: list[Json] = []
    for name in built:
        column = placed.table.column(name)
        if column is not None and column.kind in ("text", "boolean"):
            levels = sorted(customers[name].dropna().astype(str).value_counts().head(8).index)
            if len(levels) > 1:
                axes += transforms.fit_levels(name, customers[name], levels)
            continue
        values = placed.numbers(name)[members]
        if np.unique(values[np.isfinite(values)]).size > 1:
            axes.append(transforms.fit_number(name, values))
    if not axes:
        raise ToolError(
            "All customers of this segment are alike in what the segments are made from.",
            "Segment again with further features.",
        )
    return axes


def _centres(matrix: Floats, into: int, seed: int, n_init: int = 10) -> Floats:
    from sklearn.cluster import KMeans  # late: scikit-learn takes over a second to import
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted = KMeans(into, n_init=n_init, random_state=seed).fit(matrix)
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _named(
    placed: Segmented, segment: Segment, members: npt.NDArray[np.int64], axes: list[Json], centres: Floats
) -> tuple[Floats, tuple[str, ...], str]:
    """Order the parts by the feature in which they differ most, and name them after it."""
    customers = placed.customers.iloc[members]
    into = len(centres)
    part, _ = evaluate({"type": "centres", "transforms": axes, "centres": centres.tolist()}, customers)
    best = (-1.0, axes[0]["feature"])
    for name in sorted({axis["feature"] for axis in axes if axis["kind"] != "level"}):
        differences = against_the_rest(even_scale(placed.numbers(name)[members]), part, into)
        strength = max((abs(one.d) for one in differences if one), default=0.0)
        if strength > best[0] + 1e-9:
            best = (strength, name)
    feature = str(best[1])
    column = placed.table.column(feature)
    if column is None or column.kind in ("text", "boolean"):
        return centres, tuple(f"{segment.name} {j + 1}" for j in range(into)), feature
    values = placed.numbers(feature)[members]
    middles = [float(np.nanmedian(values[part == j])) if (part == j).any() else 0.0 for j in range(into)]
    order = sorted(range(into), key=lambda j: (middles[j], j))
    spoken = words_of(placed.table, placed.definitions, feature)
    levels = [spoken.level(j, into) for j in range(into)]
    if spoken.label.casefold() in segment.name.casefold():  # Top quarter by spend, lower part
        levels = [f"{_PARTS[j]} part" if into == 2 else f"part {j + 1}" for j in range(into)]
    return centres[order], tuple(f"{segment.name}, {level}" for level in levels), feature


def nested(model: Json, leaves: tuple[int, ...], inner: Json) -> tuple[Json, tuple[tuple[int, ...], ...]]:
    """Put an inner model into each of these leaves.

    Returns:
        The new model and, for each leaf of the inner model, the leaves that now answer for it.
    """
    parts: list[list[int]] = [[] for _ in range(n_leaves(inner))]
    for leaf in leaves:
        first = n_leaves(model)
        model = {"type": "split", "base": model, "leaf": leaf, "model": inner}
        for j, part in enumerate(parts):
            part.append(first + j)
    return model, tuple(tuple(part) for part in parts)


def _against_one_cloud(matrix: Floats, into: int, seed: int) -> tuple[float, float, float]:
    """Compare the split with splits of one cloud, Gaussian or evenly filled, whichever is cut more cleanly.

    Source: Liu, Hayes, Nobel and Marron (2008), Statistical significance of clustering for high-dimension,
    low-sample size data, JASA 103; the evenly filled cloud as in Tibshirani, Walther and Hastie (2001).
    """
    generator = np.random.default_rng(seed + 1)
    rows = np.arange(len(matrix))
    if len(matrix) > TESTED_ON:
        rows = np.sort(generator.choice(len(matrix), TESTED_ON, replace=False))
    values, turned = np.linalg.eigh(np.cov(matrix[rows], rowvar=False).reshape(matrix.shape[1], -1))
    sample = (matrix[rows] - matrix[rows].mean(axis=0)) @ turned
    spread, low, high = np.sqrt(np.clip(values, 0, None)), sample.min(axis=0), sample.max(axis=0)
    index = _within(sample, into, seed, 5)
    simulated = []
    for gaussian in (True, False):
        indices = []
        for _ in range(SIMULATIONS // 2):
            even = generator.uniform(low, high, sample.shape)
            cloud = generator.standard_normal(sample.shape) * spread if gaussian else even
            indices.append(_within(cloud, into, seed, 1))
        simulated.append(np.array(indices))
    harder = min(simulated, key=lambda indices: float(indices.mean()))
    return index, float(harder.mean()), float((1 + (harder <= index).sum()) / (1 + harder.size))


def _within(matrix: Floats, into: int, seed: int, n_init: int) -> float:
    centres = _centres(matrix, into, seed, n_init)
    squared = ((matrix[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    total = float(((matrix - matrix.mean(axis=0)) ** 2).sum())
    return float(squared.sum()) / total if total > 0 else 1.0


def tell(placed: Segmented, cut: Cut, segment: Segment, quotes: Quotes) -> tuple[str, ...]:
    """Say whether the parts are groups, and what was done."""
    scope = f"split of {segment.name}"
    now = quotes.share("variance_within_parts_pct", cut.index, scope, 0)
    alike = quotes.share("variance_within_parts_of_one_cloud_pct", cut.expected, scope, 0)
    quotes.note("p_value", cut.p_value, None, scope)
    quotes.note("n_simulations", SIMULATIONS, None, scope)
    label = placed.label(cut.feature)
    if cut.p_value <= 0.05 and cut.index <= CLEARLY * cut.expected:
        text = (
            f"The parts are more separate than cutting one cloud would make them: {now} of the variance "
            f"stays inside the parts, where one cloud of the same shape would leave {alike}. "
            f"They differ most in {label}."
        )
    else:
        text = (
            f"Nothing in the data asks for this cut: {now} of the variance stays inside the parts, about "
            f"what cutting one cloud leaves ({alike}). "
            f"Use it as a tiering by {label}, not as different kinds of people."
        )
    told = [text]
    if cut.n_fitted < segment.size:
        told.append(
            f"The parts were found on {quotes.count('n_fitted', cut.n_fitted, 'customer', scope=scope)} "
            "drawn at random and then applied to all of the segment."
        )
    return tuple(told)
