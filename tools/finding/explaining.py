"""Knows the tool that tells why there are this many segments, and what another number would do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.core import Json, ResultTable, Segmentation, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.finding import segment_charts
from tools.finding.evidence import DOUBTFUL, VALID, Ints, contingency
from tools.finding.evidence_words import compared_by, evidence_table, favoured, no_groups, two
from tools.finding.fitting import one_thread
from tools.finding.groups import METHODS
from tools.finding.regrouping import Regrouping
from tools.finding.requesting import Request
from tools.finding.searching import READABLE, Search
from tools.finding.segment_names import name_segments
from tools.finding.segmenting import MOST_SEGMENTS, Material, evidence_by_k, material
from tools.quoting import Quotes
from tools.segments.assigning import evaluate, leaf_labels


@tool
def explain_segments(workspace: Workspace, *, n_segments: int | None = None) -> ToolResult:
    """Explain why there are this many segments, by the evidence, and what another number would change.

    Args:
        workspace: Tables and segmentations.
        n_segments: Another number of segments to compare with, as in "why not six?".
    """
    made = workspace.segmentation
    if made is None:
        raise ToolError("There are no segments yet.", "Say 'segment my customers' first.")
    if "by_k" not in made.evidence:
        return _by_rules(made)
    with one_thread():
        return _explain(workspace, made, n_segments)


def _by_rules(made: Segmentation) -> ToolResult:
    quotes = Quotes()
    n = quotes.count("n_segments", len(made.segments), "segment")
    return ToolResult(
        f"**{made.name}** has {n} because its rules say so: it was stated, not found, so no evidence "
        "speaks for the number.",
        quotes.facts,
        ("Say “segment my customers” to test whether the data hold natural groups, and compare the two.",),
    )


def _explain(workspace: Workspace, made: Segmentation, other: int | None) -> ToolResult:
    if other is not None and not 2 <= other <= MOST_SEGMENTS:
        raise ToolError(f"{other} segments cannot be made.", f"Ask about a number from 2 to {MOST_SEGMENTS}.")
    quotes = Quotes()
    found = material(workspace, Request.from_segmentation(made), made.seed)
    found = found.compared_by(made.evidence["family"])
    k = int(made.evidence["k"])
    tiers = made.kind == "tiers"
    found = found.reaching(max(other or 2, 2 if tiers else k))
    search = found.found
    near = [other or 3] if tiers else [k - 1, k, k + 1, other or k]
    shown = sorted({n for n in near if n in search.fits and n > 1})
    for n in shown:
        search.stability(n)
    evidence = {**made.evidence, "by_k": evidence_by_k(search, found.n_population)}
    lines, crossed = _lines(found, made, shown, quotes)
    tables = [evidence_table(evidence), *([crossed[other]] if other in crossed else [])]
    for table in tables:
        quotes.table(table)
    valid, doubtful = quotes.number("valid_from", VALID), quotes.number("dissolved_below", DOUBTFUL)
    tested = quotes.count("n_evidence_sample", len(search.data), "customer")
    return ToolResult(
        _headline(made, evidence, other, search, quotes),
        quotes.facts,
        (*_why(evidence, quotes), *lines),
        tuple(tables),
        (segment_charts.by_number(evidence),),
        (
            f"Every number was compared by {compared_by(evidence)} on {tested}. Stability is the mean "
            "Jaccard similarity of a segment with its nearest one in resampled customers: "
            f"{valid} or more is stable, below {doubtful} is not to be trusted.",
        ),
    )


def _headline(made: Segmentation, evidence: Json, other: int | None, search: Search, quotes: Quotes) -> str:
    """Say how many segments there are, whatever number the question took for granted, and why."""
    k = int(evidence["k"])
    if evidence["verdict"] == "none":
        kind = "tier" if made.kind == "tiers" else "segment"
        n = quotes.count("n_segments", len(made.segments), kind)
        instead = ""
        if other and other != len(made.segments):
            quotes.note("n_segments_asked", other)
            instead = f", and {other} would be as arbitrary"
        return (
            "**There are no natural groups here, so no number of segments is right**: the customers differ "
            f"by degrees, the {n} are a convenience{instead}."
        )
    quotes.note("n_segments", k)
    if other and other != k:
        return _against(k, other, search, quotes)
    return f"There are **{k} segments** because {_reason(k, evidence, search, quotes)}."


def _against(k: int, other: int, search: Search, quotes: Quotes) -> str:
    quotes.note("n_segments_asked", other)
    held = search.n_held(other)
    if held < other:
        quotes.note("n_segments_held", held, None, f"{other} segments")
        return f"There are **{k} segments** here; of {other}, only {held} would hold anybody."
    own, sure = float(search.stability(k).min()), float(search.stability(other).min())
    mine = two("smallest_jaccard", own, quotes, f"{k} segments")
    theirs = two("smallest_jaccard", sure, quotes, f"{other} segments")
    better = (
        "stable too" if min(own, sure) >= VALID
        else "less sure" if sure < own - 0.005
        else "surer" if sure > own + 0.005
        else "as doubtful"
    )  # fmt: skip
    return (
        f"There are **{k} segments** here; {other} would be {better}: the least stable one comes back with a "
        f"Jaccard of {theirs}, against {mine} with {k}."
    )


def _reason(k: int, evidence: Json, search: Search, quotes: Quotes) -> str:
    if evidence["request"]["method"] == "density":
        found = f"{METHODS['density']} found so many crowded regions"
        differs = k != int(evidence["k_by_evidence"])
        other = f"; compared by {compared_by(evidence)}, {favoured(evidence, quotes)}"
        return found + other if differs else found
    if k != int(evidence["k_by_evidence"]):
        why = f"you asked for {k}" if evidence["asked_for_k"] == k else "no larger number fits your wishes"
        return f"{why}; {favoured(evidence, quotes)}"
    if float(search.stability(k).min()) < VALID:
        return (
            "the customers are not one even cloud, but at no number does every segment come back on "
            "resampled customers: take them as a sketch"
        )
    if evidence["rising"]:
        limit = quotes.number("readable_limit", READABLE)
        return (
            f"that is the largest number up to {limit} at which every segment comes back on resampled "
            "customers; no number stands out by fit alone"
        )
    if k < evidence["plateau"]:
        return "with more not every segment comes back on resampled customers, although more would fit better"
    return "from there on more segments fit hardly better than they would on customers without groups"


def _why(evidence: Json, quotes: Quotes) -> list[str]:
    """Give the criterion behind the verdict."""
    if evidence["verdict"] == "none":
        more = "" if evidence["exists"] else (
            " A high silhouette or a stable cut would not change that: one round cloud can be halved in the "
            "same way every time."
        )  # fmt: skip
        return [f"{no_groups(evidence, quotes)}{more}"]
    rows = {row["k"]: row for row in evidence["by_k"]}
    k = int(evidence["k"])
    around = [n for n in (k - 1, k + 1) if n in rows and n > 1]
    if k not in rows or not around:
        return []
    for n in (k, *around):
        quotes.note("n_segments_compared", n, None, f"{n} segments")
    others = " and ".join(f"{_gap(rows[n], quotes)} with {n}" for n in around)
    return [f"The gap over a single group is {_gap(rows[k], quotes)} with {k}, against {others}."]


def _gap(row: Json, quotes: Quotes) -> str:
    return two("gap_over_one_group", row["gap_over_one"], quotes, f"{row['k']} segments")


def _lines(
    found: Material, made: Segmentation, shown: Sequence[int], quotes: Quotes
) -> tuple[list[str], dict[int | None, ResultTable]]:
    """Give each number in a line: what merges or splits, how stable it is, how small its smallest."""
    search, lines = found.found, []
    crossed: dict[int | None, ResultTable] = {}
    dense = made.evidence["request"]["method"] == "density"
    for n in shown:
        if dense and n == made.evidence["k"]:
            continue  # the regions at hand come from no search for a number
        sure = search.stability(n)
        n_stable = int((sure >= VALID).sum())
        scope = f"{n} segments"
        quotes.note("n_segments", n, "segments", scope)
        quotes.note("n_stable_segments", n_stable, "segments", scope)
        word = "all" if n_stable == n else str(n_stable) if n_stable else "none"
        held = search.n_held(n)
        if held < n:
            quotes.note("n_segments_held", held, "segments", scope)
            lines.append(f"**{n} segments**: only {held} of them would hold anybody.")
            continue
        smallest = float(np.bincount(search.labels(n), minlength=n).min() / len(search.data))
        moves = ""
        if made.kind == "clusters" and n != made.evidence["k"]:
            regrouped = _regrouped(found, made, n)
            crossed[n] = regrouped.table()
            moves = f"{regrouped.words(quotes)}; "
        lines.append(
            f"**{n} segments**: {moves}{word} of them {'is' if word == '1' else 'are'} stable (least Jaccard "
            f"{two('smallest_jaccard', float(sure.min()), quotes, scope)}), the smallest holds "
            f"{quotes.share('smallest_share_pct', smallest, scope)} of the customers."
        )
    return lines, crossed


def _regrouped(found: Material, made: Segmentation, n: int) -> Regrouping:
    """Cross the segments at hand with those of another number, on the customers of the evidence."""
    search = found.found
    leaves, _ = evaluate(made.model, found.everybody.iloc[found.sample])
    keys = leaf_labels(made, leaves)
    position = {segment.key: i for i, segment in enumerate(made.segments)}
    own: Ints = np.array([position.get(int(key), -1) for key in keys], dtype=np.int64)
    labels = search.labels(n)
    order = np.argsort(-np.bincount(labels, minlength=n), kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    labels = place[labels]
    names = name_segments(found.features, search.data, labels, n, found.frame)
    inside = own >= 0
    counts = contingency(own[inside], labels[inside], len(made.segments), n)
    return Regrouping(tuple(one.name for one in made.segments), tuple(names), counts)
