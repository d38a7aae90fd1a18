"""Prints how well planted segments are found, how often none where there are none, and the time it takes.

Run from the folder of the project:

    uv run python -m tests.benchmarks.segments quality [SEEDS]         planted and structureless customers
    uv run python -m tests.benchmarks.segments time FILE.csv           seconds on a file of transactions
    uv run python -m tests.benchmarks.segments usual FILE.csv          against the usual recipe (minutes)
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

from tests.benchmarks.planted_segments import NOTHING, SEGMENTS, plant
from tools.core import Column, DataTable, Workspace
from tools.customers.features import customers
from tools.engine import Engine
from tools.files.loading import load
from tools.finding.clustering import find_segments
from tools.finding.fitting import one_thread
from tools.finding.modelling import fit_everybody
from tools.finding.requesting import Request
from tools.finding.segmenting import material, segment
from tools.segments.assigning import evaluate


def workspace_of(frame: pd.DataFrame) -> Workspace:
    """Load a frame of customers into a workspace."""
    named = frame.copy()
    named.insert(0, "customer", [f"C{i:05d}" for i in range(len(frame))])
    columns = [Column("customer", "text", "customer_key")]
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        columns.append(
            Column(str(name), "number" if numeric else "text", "measure" if numeric else "category")
        )
    engine = Engine()
    engine.store("planted", named)
    table = DataTable("planted", "planted", len(frame), tuple(columns), "customers", "customer")
    return Workspace(engine, {"planted": table}, "planted")


def best_of_sklearn(frame: pd.DataFrame, truth: np.ndarray, axes: np.ndarray) -> float:
    """Return the best adjusted Rand index of scikit-learn's methods at the true number of segments."""
    dummies = pd.get_dummies(frame, dtype=float)
    plain = ((dummies - dummies.mean()) / dummies.std()).to_numpy()
    k = len(np.unique(truth))
    found = []
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for matrix in (plain, axes):
            found += [
                KMeans(k, n_init=10, random_state=0).fit_predict(matrix),
                GaussianMixture(k, n_init=3, random_state=0).fit_predict(matrix),
                AgglomerativeClustering(k).fit_predict(matrix),
            ]
    return max(adjusted_rand_score(truth, labels) for labels in found)


def quality(n_seeds: int) -> None:
    """Print a line for each kind of customers."""
    print(f"{n_seeds} seeds of each kind, number of segments not given")
    print(
        f"{'kind':20s} {'ARI median':>10s} {'lowest':>7s} {'sklearn*':>8s} {'right k':>8s} "
        f"{'none':>5s} {'s':>5s}"
    )
    for kind in [*SEGMENTS, *NOTHING]:
        scores, best, right, none, seconds = [], [], 0, 0, []
        for seed in range(n_seeds):
            frame, truth = plant(kind, seed)
            workspace = workspace_of(frame)
            started = time.perf_counter()
            outcome = segment(workspace, Request(), "planted")
            seconds.append(time.perf_counter() - started)
            none += outcome.segmentation.evidence["verdict"] == "none"
            if kind in SEGMENTS:
                leaves, _ = evaluate(outcome.segmentation.model, customers(workspace).pandas())
                scores.append(adjusted_rand_score(truth, leaves))
                right += len(outcome.segmentation.segments) == len(np.unique(truth))
                axes = outcome.material.choice.distances(customers(workspace).pandas())
                best.append(best_of_sklearn(frame, truth, axes))
            workspace.engine.close()
        shown = (
            f"{median(scores):10.3f} {min(scores):7.3f} {median(best):8.3f} {right / n_seeds:8.0%}"
            if scores
            else " " * 36
        )
        print(f"{kind:20s} {shown} {none / n_seeds:5.0%} {median(seconds):5.1f}", flush=True)
    print("* best of k-means, Gaussian mixture and Ward at the true number, on z-scores and on our axes")


def times(path: Path) -> Workspace:
    """Print the seconds of a default segmentation and of two follow-ups."""
    started = time.perf_counter()
    workspace = load([path])
    print(
        f"load                          {time.perf_counter() - started:6.1f} s, "
        f"{workspace.table.n_rows:,} rows"
    )
    started = time.perf_counter()
    frame = customers(workspace)
    frame.pandas()
    print(
        f"  of which customer features  {time.perf_counter() - started:6.1f} s, "
        f"{frame.table.n_rows:,} customers"
    )
    first = time.perf_counter() - started
    started = time.perf_counter()
    result = find_segments(workspace)
    print(f"find_segments, features too   {first + time.perf_counter() - started:6.1f} s: {result.headline}")
    after = result.workspace or workspace
    for words, wishes in (
        ("another number", {"n_segments": 4}),
        ("a feature dropped", {"ignore": ["mean_hour"]}),
    ):
        started = time.perf_counter()
        headline = find_segments(after, **wishes).headline
        print(f"{words:29s} {time.perf_counter() - started:6.1f} s: {headline}")
    return after


def usual(path: Path) -> None:
    """Compare with k = 2 to 12, ten starts each on all rows and a silhouette on 10,000."""
    workspace = times(path)
    found = material(workspace, Request(method="kmeans"))
    people = found.everybody[found.features.complete(found.everybody)]
    everybody = found.features.distances(people)
    started = time.perf_counter()
    inertias = {}
    for k in range(2, 13):
        fitted = KMeans(k, n_init=10, random_state=0).fit(everybody)
        inertias[k] = fitted.inertia_
        rows = np.random.default_rng(0).choice(len(everybody), 10_000, replace=False)
        silhouette_score(everybody[rows], fitted.labels_[rows])
    print(f"usual recipe                  {time.perf_counter() - started:6.1f} s")
    for k in (3, 5, 8):
        model = fit_everybody(found.found, k, found.features, found.everybody, 0)
        centres = np.array(model.json["centres"])
        own = sum(
            float(((everybody[labels == i] - centre) ** 2).sum())
            for labels in [((everybody[:, None, :] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)]
            for i, centre in enumerate(centres)
        )
        print(f"inertia at k = {k}              {100 * (own / inertias[k] - 1):+.4f} % against its best")


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "quality"
    if what == "quality":
        quality(int(sys.argv[2]) if len(sys.argv) > 2 else 20)
    elif what == "time":
        times(Path(sys.argv[2]))
    else:
        usual(Path(sys.argv[2]))
