"""Knows the way from a request to a segmentation: population, features, search, verdict, model or tiers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from tools.core import Column, Json, Segment, Segmentation, Workspace
from tools.customers.features import CustomerFrame, customers
from tools.errors import ToolError
from tools.finding import searching
from tools.finding.choosing import Choice, choose
from tools.finding.evidence import DOUBTFUL, VALID, Floats, Ints, silhouette
from tools.finding.fitting import one_thread
from tools.finding.modelling import Model, by_density, by_hierarchy, fit_everybody, sample_rows
from tools.finding.searching import CONFIRMED, K_MAX, TESTED_ON, Search
from tools.finding.segment_names import BETWEEN, UNUSUAL, label_of, name_segments
from tools.finding.transforms import numeric
from tools.periods import interval
from tools.segments.assigning import conditions_model, meets
from tools.segments.segmented import recounted, value_column
from tools.selecting import Condition, find_column, fold
from tools.wording import count, number, share

Method = Literal["auto", "kmeans", "gaussian_mixture", "hierarchical", "density"]
FEWEST = 40  # customers below which no groups are looked for
MOST_SEGMENTS = 20
MANY_AXES, TESTED_ON_MANY = 8, 2_000  # with more axes, fewer customers are tested, to answer in time
METHODS = {
    "kmeans": "k-means",
    "gaussian_mixture": "mixture of Gaussians",
    "hierarchical": "Ward's hierarchy",
    "density": "HDBSCAN",
}


@dataclass(frozen=True)
class Request:
    """What a person asked for; hashable, so that searches can be kept."""

    n_segments: int | None = None
    features: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    where: tuple[str, ...] = ()  # conditions as JSON text
    smallest_share: float | None = None
    method: Method = "auto"

    @property
    def of_search(self) -> Request:
        """The part that decides the search but not the number of segments."""
        method: Method = self.method if self.method in ("kmeans", "gaussian_mixture") else "auto"
        return replace(self, n_segments=None, smallest_share=None, method=method)


@dataclass(frozen=True)
class Material:
    """Customers to segment, the features chosen, and the searches on them."""

    frame: CustomerFrame
    everybody: pd.DataFrame
    choice: Choice
    searches: Mapping[str, tuple[Choice, Search]]
    chosen: str
    sample: Ints

    @property
    def n_tested(self) -> int:
        """Customers on whom the evidence was computed."""
        return len(self.sample)

    @property
    def found(self) -> Search:
        """The search that the verdict stands on."""
        return self.searches[self.chosen][1]

    @property
    def features(self) -> Choice:
        """The features of that search."""
        return self.searches[self.chosen][0]


@dataclass(frozen=True)
class Outcome:
    """A segmentation with what was found on the way."""

    segmentation: Segmentation
    material: Material
    k: int
    model: Model | None


def at_date(workspace: Workspace, reference_date: str | None) -> Workspace:
    """Return the workspace as seen from a date.

    Raises:
        ToolError: If it is not a date, or there are no dates to count from.
    """
    if reference_date is None:
        return workspace
    if not workspace.table.time:
        raise ToolError("These data have no dates, so no reference date can be used.", "Leave it out.")
    start, _ = interval(reference_date)
    return replace(workspace, reference_date=start.isoformat()[:10])


def resolve(frame: CustomerFrame, name: str) -> str:
    """Return the customer feature that a name means, be it a label or a column of the transactions.

    Raises:
        ToolError: If there is none.
    """
    wanted = fold(name)
    for definition in frame.definitions.values():
        if wanted in (fold(definition.name), fold(definition.label)):
            return definition.name
    if frame.table.column(name):
        return name
    first: tuple[str, ...] = ("sum", "last", "recency", "hour", "mean")
    made = [one for one in frame.definitions.values() if one.source and fold(one.source) == wanted]
    ranked = sorted((one for one in made if one.how in first), key=lambda one: first.index(one.how))
    return ranked[0].name if ranked else find_column(frame.table, name).name


def material(workspace: Workspace, request: Request, seed: int = 0) -> Material:
    """Choose features and search for groups; kept in the engine's memo for the next question."""
    frame = customers(workspace)
    key = ("search", frame.table.name, workspace.reference_date, request.of_search, seed)
    with one_thread():
        return workspace.engine.memo(key, lambda: _material(workspace, frame, request.of_search, seed))


def population(frame: CustomerFrame, where: Sequence[Condition]) -> list[Json]:
    """Return conditions as JSON, with the columns' own names."""
    out: list[Json] = []
    for condition in where:
        column = find_column(frame.table, resolve(frame, condition.column))
        document: dict[str, Any] = condition.model_dump(
            by_alias=True, exclude_defaults=True, exclude_none=True
        )
        document |= {"column": column.name, "is": condition.is_}
        if condition.or_:
            document["or"] = population(frame, condition.or_)
        out.append(document)
    return out


def _material(workspace: Workspace, frame: CustomerFrame, request: Request, seed: int) -> Material:
    everybody = frame.pandas()
    if request.where:
        everybody = everybody[meets([json.loads(text) for text in request.where], everybody)]
    if len(everybody) < FEWEST:
        raise ToolError(
            f"There are only {count(len(everybody), 'customer')} to segment, too few to look for groups.",
            "Widen the selection, or divide them by a rule or by value.",
        )
    choice = choose(frame, everybody, request.features, request.ignore, dict(request.weights))
    whole = np.flatnonzero(choice.complete(everybody))
    rows = whole[
        sample_rows(len(whole), TESTED_ON if len(choice.axes) <= MANY_AXES else TESTED_ON_MANY, seed)
    ]
    sample = everybody.iloc[rows]
    select = not request.features and not request.weights
    searches: dict[str, tuple[Choice, Search]] = {}
    families: list[searching.Family] = (
        [request.method] if request.method in ("kmeans", "gaussian_mixture")
        else ["kmeans"] if request.weights else ["gaussian_mixture"]
    )  # fmt: skip
    for family in families:
        searches[family] = searching.find(choice, sample, family, seed, select)
    chosen = families[0]
    if request.method == "auto" and not request.weights and _doubtful(searches[chosen][1]):
        # No number stands out among groups of any shape: compact groups may be plainer and found
        # again more surely.
        searches["kmeans"] = searching.find(searches[chosen][0], sample, "kmeans", seed, select)
        if _surer(searches["kmeans"][1], searches[chosen][1]):
            chosen = "kmeans"
    return Material(frame, everybody, choice, searches, chosen, rows)


def _doubtful(found: Search) -> bool:
    if not found.exists:
        return False
    k = found.choose_k()
    return found.rising or k == 1 or float(found.stability(k).min()) < VALID


def _surer(compact: Search, shaped: Search) -> bool:
    k, other = compact.choose_k(), shaped.choose_k()
    if k == 1:
        return False
    return other == 1 or float(compact.stability(k).min()) >= min(VALID, float(shaped.stability(other).min()))


def segment(workspace: Workspace, request: Request, name: str, seed: int = 0) -> Outcome:
    """Segment the customers of a workspace.

    Raises:
        ToolError: If that cannot be done with these data and wishes.
    """
    with one_thread():
        return _segment(workspace, request, name, seed)


def _segment(workspace: Workspace, request: Request, name: str, seed: int) -> Outcome:
    if request.n_segments is not None and not 2 <= request.n_segments <= MOST_SEGMENTS:
        raise ToolError(
            f"{request.n_segments} segments cannot be made.", f"Ask for a number from 2 to {MOST_SEGMENTS}."
        )
    found = material(workspace, request, seed)
    verdict_k = found.found.choose_k()
    if request.method == "density":
        model = by_density(found.choice, found.everybody, seed)
        if model is not None:
            k = len(set(model.json["leaf_of"]))
            return _outcome(workspace, request, name, found, found.choice, model, k, None, seed)
        return _tiers(workspace, request, name, found, seed)
    if verdict_k == 1 and request.n_segments is None and request.method == "auto":
        return _tiers(workspace, request, name, found, seed)
    k = request.n_segments or (verdict_k if verdict_k > 1 else 4)
    if request.method == "hierarchical":
        model, stability = by_hierarchy(k, found.choice, found.everybody, seed)
        return _outcome(workspace, request, name, found, found.choice, model, k, stability, seed)
    if verdict_k == 1 or k > K_MAX:
        found = compact(found, k, seed)
    elif request.n_segments and request.method == "auto":
        found = _best_family(found, k)
    if request.smallest_share:
        k = _large_enough(
            found.found,
            k,
            request.smallest_share / 100 if request.smallest_share > 1 else request.smallest_share,
        )
    model = fit_everybody(found.found, k, found.features, found.everybody, seed)
    stability = found.found.stability(k, CONFIRMED)[list(model.order)]
    return _outcome(workspace, request, name, found, found.features, model, k, stability, seed)


def compact(found: Material, k: int, seed: int) -> Material:
    """Where there are no groups, or more are wanted than were searched, cut compactly with k-means."""
    choice, known = found.searches.get("kmeans", (found.choice, None))
    if known is None or k not in known.fits:
        data = found.found.data if known is None and found.features is found.choice else None
        sample = found.everybody.iloc[found.sample]
        data = data or searching.points(choice, sample)
        known = searching.search("kmeans", data, seed, max(k, K_MAX))
    return replace(found, searches={**found.searches, "kmeans": (choice, known)}, chosen="kmeans")


def _best_family(found: Material, k: int) -> Material:
    """Take the family whose k groups are found again more surely; in doubt the one of the verdict."""
    sure = {
        family: float(search.stability(k).min())
        for family, (_, search) in found.searches.items()
        if k in search.fits
    }
    best = max(sure, key=lambda family: (sure[family], family == found.chosen), default=found.chosen)
    keep = sure.get(found.chosen, 0.0) >= min(VALID, sure.get(best, 0.0))
    return found if keep else replace(found, chosen=best)


def _large_enough(found: Search, k: int, smallest: float) -> int:
    for fewer in range(k, 1, -1):
        if fewer in found.fits:
            labels = found.labels(fewer)
            if np.bincount(labels, minlength=fewer).min() >= smallest * len(labels):
                return fewer
    raise ToolError(
        f"Even two segments would leave one below {share(smallest)} of the customers.",
        "Allow a smaller share.",
    )


def verdict_of(found: Search, k: int, stability: Floats | None) -> str:
    """Return "segments", "partly" or "none"."""
    if not found.exists or (stability is not None and float(stability.max()) < DOUBTFUL):
        return "none"
    return "segments" if stability is not None and float(stability.min()) >= VALID else "partly"


def evidence_by_k(found: Search, k: int, stability: Floats | None, n_total: int) -> list[Json]:
    """Return what speaks for each k, as plain JSON."""
    rows: list[Json] = []
    for tried in sorted(found.fits):
        labels = found.labels(tried)
        gain, error = found.gaps[tried]
        width = silhouette(found.data.axes, labels, seed=found.seed, n_total=n_total) if tried > 1 else None
        known = stability if tried == k else found.known_stability(tried)
        rows.append(
            {
                "k": tried,
                "gap": found.raw_gaps[tried][0],
                "gap_over_one": gain,
                "gap_error": error,
                "jaccard": None if known is None else [float(one) for one in np.sort(known)],
                "silhouette": width and width.value,
                "silhouette_low": width and width.low,
                "silhouette_high": width and width.high,
                "smallest_share": float(np.bincount(labels, minlength=tried).min() / len(labels)),
            }
        )
    return rows


def _evidence(
    found: Material, choice: Choice, k: int, stability: Floats | None, model: Model | None, request: Request
) -> Json:
    return {
        "verdict": verdict_of(found.found, k, stability),
        "k_by_evidence": found.found.choose_k(),
        "k": k,
        "rising": found.found.rising,
        "exists": found.found.exists,
        "plateau": found.found.plateau,
        "asked_for_k": request.n_segments,
        "family": found.chosen,
        "by_k": evidence_by_k(found.found, k, stability, len(found.everybody)),
        "excluded": [{"feature": name, "reason": reason} for name, reason in choice.excluded],
        "filled": [{"feature": name, "n": n, "with": what} for name, n, what in choice.filled],
        "transforms": [
            {"feature": one["feature"], "kind": one["kind"], "weight": one["weight"]} for one in choice.axes
        ],
        "bands": [{"feature": one.feature, "levels": list(one.levels)} for one in choice.bands],
        "n_tested": found.n_tested,
        "n_fitted": model.n_fitted if model else found.n_tested,
        "n_complete": int(choice.complete(found.everybody).sum()),
        "n_customers": len(found.everybody),
        "unusual": list(model.unusual) if model else [],
        "request": {
            "features": list(request.features), "ignore": list(request.ignore),
            "weights": dict(request.weights), "method": request.method, "where": list(request.where),
        },
    }  # fmt: skip


def _outcome(
    workspace: Workspace, request: Request, name: str, found: Material, choice: Choice, model: Model, k: int,
    stability: Floats | None, seed: int,
) -> Outcome:  # fmt: skip
    n_leaves = int(model.labels.max()) + 1 if len(model.labels) else k
    n_leaves = max(n_leaves, k)
    names = name_segments(
        choice,
        model.sample,
        model.labels,
        n_leaves,
        found.frame,
        model.unusual,
        BETWEEN if request.method == "density" else UNUSUAL,
    )
    segments = tuple(
        Segment(
            i, names[i], (i,), 0, 0.0,
            stability=float(stability[i]) if stability is not None and i < len(stability) else None,
        )
        for i in range(n_leaves)
    )  # fmt: skip
    method = METHODS["kmeans" if model.json["type"] == "centres" else "gaussian_mixture"]
    if request.method in ("hierarchical", "density"):
        method = METHODS[request.method]
    features = choice.features
    segmentation = _made(workspace, found, request, name, "clusters", segments, model.json, features, seed)
    segmentation = replace(
        segmentation,
        method=f"{method} on {count(len(features), 'feature')}",
        evidence=_evidence(found, choice, k, stability, model, request),
    )
    counted = recounted(workspace, segmentation)
    kept = tuple(one for one in counted.segments if one.size)
    return Outcome(replace(counted, segments=kept), found, k, model)


def _made(
    workspace: Workspace, found: Material, request: Request, name: str, kind: Literal["clusters", "tiers"],
    segments: tuple[Segment, ...], model: Json, features: tuple[str, ...], seed: int,
) -> Segmentation:  # fmt: skip
    return Segmentation(
        name, kind, "", features, model, segments, len(found.everybody), seed=seed,
        reference_date=found.frame.reference_date,
        population=tuple(json.loads(text) for text in request.where),
        version=1 + max((one.version for one in _versions(workspace, name)), default=0),
        note="found by the data" if kind == "clusters" else "cut by value",
    )  # fmt: skip


def _versions(workspace: Workspace, name: str) -> list[Segmentation]:
    earlier = [one for one in workspace.history if one.name == name]
    current = workspace.segmentations.get(name)
    return [*earlier, current] if current else earlier


def tier_column(frame: CustomerFrame, choice: Choice) -> Column:
    """Return the column that ranks customers most naturally: value, then holdings, then a feature."""
    value = value_column(frame.table)
    if value is not None:
        return value
    held = next((column for column in frame.table.by_role("balance") if column.kind == "number"), None)
    number = next((frame.table.column(one["feature"]) for one in choice.axes if one["kind"] != "level"), None)
    column = held or number
    if column is None:
        raise ToolError("These customers form no groups, and no number ranks them.", "Divide them by a rule.")
    return column


TIERS = ("Top quarter", "Second quarter", "Third quarter", "Lowest quarter")


def _tiers(workspace: Workspace, request: Request, name: str, found: Material, seed: int) -> Outcome:
    """Cut customers without groups into quarters of the most natural value; a convenience, and called so."""
    column = tier_column(found.frame, found.choice)
    values = numeric(found.everybody[column.name])
    known = values[~np.isnan(values)]
    cuts = sorted(
        {float(cut) for cut in np.quantile(known, (0.25, 0.5, 0.75), method="higher")}, reverse=True
    )
    cuts = [cut for cut in cuts if cut > known.min()]
    label = label_of(found.frame, column.name)
    rules: list[list[Json]] = [[{"column": column.name, "is": "at_least", "value": cut}] for cut in cuts]
    rules.append([{"column": column.name, "is": "present"}])
    tiers = TIERS if len(cuts) == 3 else tuple(f"Tier {i + 1}" for i in range(len(rules)))
    names = [f"{tier} by {label}" for tier in tiers]
    if len(known) < len(values):
        names.append(f"{label[:1].upper()}{label[1:]} unknown")
    model = conditions_model(rules, otherwise=len(known) < len(values))
    segments = tuple(
        Segment(i, one, (i,), 0, 0.0, rule=_tier_rule(label, cuts, i)) for i, one in enumerate(names)
    )
    made = _made(workspace, found, request, name, "tiers", segments, model, (column.name,), seed)
    k = len(names)
    evidence = _evidence(found, found.choice, k, None, None, request) | {
        "verdict": "none",
        "tiered_by": column.name,
    }
    made = replace(made, method=f"quarters of {label}", evidence=evidence)
    return Outcome(recounted(workspace, made), found, k, None)


def _tier_rule(label: str, cuts: list[float], i: int) -> str:
    if i < len(cuts):
        upper = f" and below {number(cuts[i - 1])}" if i else ""
        return f"{label} of at least {number(cuts[i])}{upper}"
    return f"{label} below {number(cuts[-1])}" if cuts and i == len(cuts) else f"{label} unknown"
