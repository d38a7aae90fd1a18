"""Knows the way from a request to a segmentation: customers, features, search, verdict, model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tools import progress
from tools.core import Json, Segment, Segmentation, Workspace
from tools.customers.features import CustomerFrame, customers
from tools.customers.on_demand import Customers
from tools.errors import ToolError
from tools.finding import searching
from tools.finding.choosing import Choice, choose
from tools.finding.evidence import VALID, Floats, Ints
from tools.finding.fitting import one_thread
from tools.finding.groups import METHODS, Family
from tools.finding.modelling import Dense, Model, by_density, fit_everybody
from tools.finding.plain_rules import named_as_rules
from tools.finding.requesting import Request
from tools.finding.sampling import sample_rows
from tools.finding.searching import Search
from tools.finding.segment_names import FAR, UNUSUAL, name_segments
from tools.finding.tiering import cut_into_quarters
from tools.finding.unusual import N_LEAVES, UNUSUAL_LEAF, Unusual, find_unusual
from tools.segments.assigning import meets, n_in_leaf
from tools.segments.segmented import recounted
from tools.wording import count, share

FEWEST = 40  # customers below which no groups are looked for
MOST_SEGMENTS = 20
TESTED_ON = 2_500
MANY_AXES, TESTED_ON_MANY = 8, 2_000  # with more axes, fewer customers are tested, to answer in time
TESTED_BY_HIERARCHY = 1_200  # every pair of customers is compared
IF_NONE = 4  # segments made where a method was asked for but nothing speaks for any number


@dataclass(frozen=True)
class Material:
    """Customers to segment, the features chosen, and the searches on them.

    Attributes:
        frame: What the columns mean.
        everybody: The population, or those drawn where it is very large.
        choice: Features that may build segments.
        searches: What was looked for, by family, each with its features.
        chosen: Family that verdict, evidence and segments all come from.
        sample: Positions in `everybody` of the customers on whom the evidence was computed.
        unusual: Customers set aside, where that was asked for.
        n_population: All customers to segment, of whom `everybody` may be those drawn.
    """

    frame: CustomerFrame
    everybody: Customers
    choice: Choice
    searches: Mapping[Family, tuple[Choice, Search]]
    chosen: Family
    sample: Ints
    unusual: Unusual | None = None
    n_population: int = 0

    @property
    def n_tested(self) -> int:
        """Customers on whom the evidence was computed."""
        return len(self.sample)

    @property
    def core(self) -> Customers:
        """The customers on whom segments are fitted: everybody but those set aside."""
        return self.everybody if self.unusual is None else self.everybody[~self.unusual.far]

    @property
    def found(self) -> Search:
        """The search that verdict and evidence stand on."""
        return self.searches[self.chosen][1]

    @property
    def features(self) -> Choice:
        """The features of that search."""
        return self.searches[self.chosen][0]

    def reaching(self, k: int) -> Material:
        """Return the material with the search carried on to k groups.

        Raises:
            ToolError: If there are too few different customers for so many groups.
        """
        wider = self.found.reaching(k)
        if k not in wider.fits:
            raise ToolError(
                f"There are too few different customers for {k} segments.",
                f"Ask for {max(wider.fits)} or fewer.",
            )
        return replace(self, searches={**self.searches, self.chosen: (self.features, wider)})

    def compared_by(self, family: Family) -> Material:
        """Return the material with everything compared by one family, searched for if need be."""
        searches = dict(self.searches)
        if family not in searches:
            searches[family] = self.features, searching.search(family, self.found.data, self.found.seed)
        return replace(self, searches=searches, chosen=family)


@dataclass(frozen=True)
class Outcome:
    """A segmentation with what was found on the way."""

    segmentation: Segmentation
    material: Material
    k: int
    model: Model | None


def material(workspace: Workspace, request: Request, seed: int = 0) -> Material:
    """Choose features and search for groups; kept in the engine's memo for the next question."""
    frame = customers(workspace)
    key = ("search", frame.table.name, workspace.reference_date, request.of_search, seed)
    with one_thread():
        return workspace.engine.memo(key, lambda: _material(frame, request.of_search, seed))


def _material(frame: CustomerFrame, request: Request, seed: int) -> Material:
    where = [json.loads(text) for text in request.where]
    everybody = frame.drawn(where)
    if where and frame.is_here:
        everybody = everybody[meets(where, everybody)]
    n_population = len(everybody) if frame.is_here else frame.n_drawn_from(where)
    if len(everybody) < FEWEST:
        raise ToolError(
            f"There are only {count(len(everybody), 'customer')} to segment, too few to look for groups.",
            "Widen the selection, or divide them by a rule or by value.",
        )
    wishes = (request.features, request.ignore, dict(request.weights))
    choice = choose(frame, everybody, *wishes)
    unusual = None
    if request.outliers == "set_aside":
        unusual = find_unusual(choice, everybody, seed)
        choice = choose(frame, everybody[~unusual.far], *wishes)  # on a scale that they do not stretch
        if not frame.is_here:
            n_far = n_in_leaf(frame, unusual.model, UNUSUAL_LEAF, where)
            unusual = replace(unusual, n=n_far, of=n_population)
    rows = tested_rows(request, choice, everybody, seed)
    rows = rows if unusual is None else rows[~unusual.far[rows]]
    searches, chosen = _searches(request, choice, everybody.iloc[rows], seed)
    return Material(frame, everybody, choice, searches, chosen, rows, unusual, n_population)


def tested_rows(request: Request, choice: Choice, everybody: Customers, seed: int) -> Ints:
    """Return the positions of the customers on whom the evidence is computed, unusual ones among them."""
    limit = TESTED_ON if len(choice.axes) <= MANY_AXES else TESTED_ON_MANY
    limit = TESTED_BY_HIERARCHY if request.family == "hierarchical" else limit
    whole = np.flatnonzero(choice.complete(everybody))
    return whole[sample_rows(len(whole), limit, seed)]


def _searches(
    request: Request, choice: Choice, sample: Customers, seed: int
) -> tuple[dict[Family, tuple[Choice, Search]], Family]:
    """Search with the family that was asked for, or with the one that the evidence favours."""
    select = not request.features and not request.weights
    lead: Family = request.family or ("kmeans" if request.weights else "gaussian_mixture")
    searches = {lead: searching.find(choice, sample, lead, seed, select)}
    features, shaped = searches[lead]
    if request.family or request.weights:
        return searches, lead
    if not shaped.exists:
        # One cloud for groups of any shape; what is cut from it should at least be compact.
        searches["kmeans"] = features, searching.search("kmeans", shaped.data, seed)
    elif _doubtful(shaped):
        # No number stands out among groups of any shape: compact groups may be plainer and found
        # again more surely.
        searches["kmeans"] = searching.find(features, sample, "kmeans", seed, select)
    else:
        return searches, lead
    return searches, "kmeans" if _plainer(searches["kmeans"][1], shaped) else lead


def _doubtful(found: Search) -> bool:
    k = found.chosen_k
    return found.rising or k == 1 or float(found.stability(k).min()) < VALID


def _plainer(compact: Search, shaped: Search) -> bool:
    """Tell whether compact groups say no less: no groups either, or groups found again as surely."""
    k, other = compact.chosen_k, shaped.chosen_k
    if k == 1 or not shaped.exists:
        return k == other
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
    if request.method == "density":
        dense = by_density(found.choice, found.core, seed)
        return _dense(workspace, request, name, found, dense, seed)
    favoured = found.found.chosen_k
    if favoured == 1 and request.n_segments is None and request.method == "auto":
        return tiers(workspace, request, name, found, seed)
    k = request.n_segments or (favoured if favoured > 1 else IF_NONE)
    found = found.reaching(k)
    if found.found.n_held(k) < k and request.method == "auto":
        found = found.compared_by("kmeans").reaching(k)
    if request.smallest_share:
        k = _large_enough(found.found, k, as_part(request.smallest_share))
    progress.step(f"Putting {count(len(found.core), 'customer')} into {k} segments")
    model = fit_everybody(found.found, k, found.features, found.core, seed)
    stability = found.found.stability(k)[list(model.order)]
    evidence = evidence_of(found, found.features, k, stability, model, request)
    return _outcome(workspace, request, name, found, found.features, model, k, stability, evidence, seed)


def as_part(smallest: float) -> float:
    """Return a smallest share, given in percent or as a part, as a part of one."""
    return smallest / 100 if smallest >= 1 else smallest


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


def _dense(
    workspace: Workspace, request: Request, name: str, found: Material, dense: Dense | None, seed: int
) -> Outcome:
    if dense is None:
        return tiers(workspace, request, name, found, seed)
    k = len(dense.stability)
    evidence = evidence_of(found, found.choice, k, dense.stability, dense.model, request)
    evidence["outside_share"] = dense.n_outside / len(dense.model.labels)
    return _outcome(
        workspace, request, name, found, found.choice, dense.model, k, dense.stability, evidence, seed
    )


def tiers(workspace: Workspace, request: Request, name: str, found: Material, seed: int) -> Outcome:
    """Cut customers without groups into quarters of the most natural value; a convenience, and called so."""
    cut = cut_into_quarters(found.frame, found.choice, found.core)
    k = len(cut.names)
    made = _made(workspace, found, request, name, "tiers", cut.segments, cut.model, (cut.column,), seed)
    evidence = evidence_of(found, found.choice, k, None, None, request)
    evidence |= {"verdict": "none", "tiered_by": cut.column}
    made = replace(made, method=f"quarters of {cut.label}", evidence=evidence)
    return Outcome(recounted(workspace, made), found, k, None)


def verdict_of(found: Search, stability: Floats | None) -> Literal["segments", "partly", "none"]:
    """Say whether there are groups, and whether all that were made are found again."""
    if found.chosen_k == 1:
        return "none"
    return "segments" if stability is not None and float(stability.min()) >= VALID else "partly"


def evidence_by_k(found: Search, n_total: int) -> list[Json]:
    """Return what speaks for each k, as plain JSON; every row comes from the same search."""
    rows: list[Json] = []
    for tried in sorted(found.fits):
        labels = found.labels(tried)
        gain, error = found.gaps[tried]
        width = found.silhouette(tried, n_total)
        known = found.known_stability(tried)
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


def evidence_of(
    found: Material, choice: Choice, k: int, stability: Floats | None, model: Model | None, request: Request
) -> Json:
    """Return everything that speaks for and against a segmentation, as plain JSON."""
    own = found.found
    return {
        "verdict": verdict_of(own, stability),
        "k_by_evidence": own.chosen_k,
        "k": k,
        "rising": own.rising,
        "exists": own.exists,
        "plateau": own.plateau,
        "asked_for_k": request.n_segments,
        "family": found.chosen,
        "by_k": evidence_by_k(own, found.n_population),
        "excluded": [{"feature": name, "reason": reason} for name, reason in choice.excluded],
        "filled": [{"feature": name, "n": n, "with": what} for name, n, what in choice.filled],
        "transforms": [
            {"feature": one["feature"], "kind": one["kind"], "weight": one["weight"]} for one in choice.axes
        ],
        "bands": [{"feature": one.feature, "levels": list(one.levels)} for one in choice.bands],
        "n_tested": found.n_tested,
        "n_fitted": model.n_fitted if model else found.n_tested,
        "n_complete": int(choice.complete(found.core).sum()),
        "n_customers": found.n_population,
        "unusual": list(model.unusual) if model else [],
        "request": request.to_json(),
    }


def _outcome(
    workspace: Workspace, request: Request, name: str, found: Material, choice: Choice, model: Model, k: int,
    stability: Floats, evidence: Json, seed: int,
) -> Outcome:  # fmt: skip
    progress.step("Naming and describing the segments")
    names = name_segments(choice, model.sample, model.labels, k, found.frame, model.unusual)
    segments = tuple(Segment(i, names[i], (i,), 0, 0.0, stability=float(stability[i])) for i in range(k))
    features = choice.features
    segmentation = _made(workspace, found, request, name, "clusters", segments, model.json, features, seed)
    if segmentation.model is not model.json:
        model = replace(model, labels=model.labels + N_LEAVES)
    method = METHODS["density" if request.method == "density" else found.chosen]
    method = f"{method} on {count(len(features), 'feature')}"
    counted = recounted(workspace, replace(segmentation, method=method, evidence=evidence))
    counted = named_as_rules(workspace, counted)
    kept = tuple(one for one in counted.segments if one.size)
    return Outcome(replace(counted, segments=kept), found, k, model)


def _made(
    workspace: Workspace, found: Material, request: Request, name: str, kind: Literal["clusters", "tiers"],
    segments: tuple[Segment, ...], model: Json, features: tuple[str, ...], seed: int,
) -> Segmentation:  # fmt: skip
    if found.unusual is not None and found.unusual.n:
        segments, model = _with_unusual(segments, found.unusual, model)
    return Segmentation(
        name, kind, "", features, model, segments, found.n_population, seed=seed,
        reference_date=found.frame.reference_date,
        population=tuple(json.loads(text) for text in request.where),
        version=1 + max((one.version for one in _versions(workspace, name)), default=0),
        note="found by the data" if kind == "clusters" else "cut by value",
    )  # fmt: skip


def _with_unusual(
    segments: tuple[Segment, ...], unusual: Unusual, model: Json
) -> tuple[tuple[Segment, ...], Json]:
    """Add the customers set aside as the last segment; a wide group of unusual ones among the rest joins."""
    shifted = [replace(one, leaves=tuple(leaf + N_LEAVES for leaf in one.leaves)) for one in segments]
    usual = [one for one in shifted if one.name != UNUSUAL]
    wide = [leaf for one in shifted if one.name == UNUSUAL for leaf in one.leaves]
    aside = Segment(len(usual), UNUSUAL, (UNUSUAL_LEAF, *wide), 0, 0.0, rule=FAR)
    return (*usual, aside), unusual.around(model)


def _versions(workspace: Workspace, name: str) -> list[Segmentation]:
    earlier = [one for one in workspace.history if one.name == name]
    current = workspace.segmentations.get(name)
    return [*earlier, current] if current else earlier
