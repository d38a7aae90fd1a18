"""Knows the tool that tells why there are this many segments, and what another number would do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.core import Json, ResultTable, Segmentation, ToolResult, Workspace, tool
from tools.errors import ToolError
from tools.finding import segment_charts
from tools.finding.evidence import DOUBTFUL, VALID, Floats, Ints, contingency
from tools.finding.fitting import one_thread
from tools.finding.searching import CONFIRMED, K_MAX, Search
from tools.finding.segment_names import name_segments
from tools.finding.segmenting import Material, Request, compact, material
from tools.quoting import Quotes
from tools.segments.assigning import evaluate, leaf_labels
from tools.wording import listing

MOST_OF = 0.6  # part of a segment's customers that must go one way to say that it goes there
A_PART = 0.15  # part that is worth telling


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
    if other is not None and not 2 <= other <= K_MAX:
        raise ToolError(f"{other} segments were not tried.", f"Ask about a number from 2 to {K_MAX}.")
    quotes = Quotes()
    found = material(workspace, request_of(made), made.seed)
    search = found.searches.get(str(made.evidence.get("family")), found.searches[found.chosen])[1]
    if made.evidence["verdict"] == "none":
        search = compact(found, other or 4, made.seed).found
    k = int(made.evidence["k"])
    if made.kind == "tiers":
        shown = [number for number in (other,) if number] or [3, 4]
    else:
        shown = sorted(
            {number for number in (k - 1, k, k + 1, other) if number and number in search.fits and number > 1}
        )
    for number in shown:
        search.stability(number, CONFIRMED)
    evidence = {**made.evidence, "by_k": _refreshed(made.evidence["by_k"], search)}
    table = _table(evidence)
    quotes.table(table)
    findings = [*_why(made, evidence, quotes), *_trade_offs(search, shown, made, quotes)]
    tables = [table]
    if other and other in search.fits and not (made.kind == "clusters" and other == k):
        crossed, words = _crossed(found, search, made, other, quotes)
        findings[:0] = words
        tables.append(crossed)
    figure = segment_charts.by_number(evidence)
    tested = quotes.count("n_evidence_sample", len(search.data), "customer")
    valid = quotes.number("valid_from", VALID)
    dissolved = quotes.number("dissolved_below", DOUBTFUL)
    return ToolResult(
        _headline(made, evidence, other, search, quotes),
        quotes.facts,
        tuple(findings),
        tuple(tables),
        (figure,),
        (
            f"The evidence was computed on {tested}; stability is the mean Jaccard similarity of a segment "
            f"with its nearest one in resampled customers: {valid} or more is stable, below {dissolved} is "
            "not to be trusted.",
        ),
    )


def request_of(made: Segmentation) -> Request:
    """Return the request that led to a segmentation."""
    asked = made.evidence["request"]
    return Request(
        None,
        tuple(asked["features"]),
        tuple(asked["ignore"]),
        tuple(sorted((name, float(weight)) for name, weight in asked["weights"].items())),
        tuple(asked["where"]),
        None,
        asked["method"],
    )


def _refreshed(rows: Sequence[Json], search: Search) -> list[Json]:
    fresh = []
    for row in rows:
        known = search.known_stability(row["k"]) if row["k"] in search.fits else None
        use = row["jaccard"] or (None if known is None else [float(one) for one in np.sort(known)])
        fresh.append({**row, "jaccard": use})
    return fresh


def _headline(made: Segmentation, evidence: Json, other: int | None, search: Search, quotes: Quotes) -> str:
    k, favoured = int(evidence["k"]), int(evidence["k_by_evidence"])
    quotes.note("k_by_evidence", favoured)
    if evidence["verdict"] == "none":
        n = quotes.count("n_segments", len(made.segments), "tier" if made.kind == "tiers" else "segment")
        return (
            f"**No number of segments is right here**: the customers form one cloud, so the {n} are a "
            "convenience, "
            "and any other number would be as arbitrary."
        )
    if other and other != k:
        sure = _least(search, other)
        quotes.note("smallest_jaccard", sure, None, f"{other} segments")
        quotes.note("n_segments_asked", other)
        quotes.note("n_segments", k)
        better = "stable too" if sure >= VALID else "less sure"
        return (
            f"**{k} rather than {other}**: with {other} the least stable segment comes back with a "
            f"Jaccard of {sure:.2f}, "
            f"so that cut is {better}."
        )
    quotes.note("n_segments", k)
    if evidence["rising"] and k == favoured:
        return (
            f"**{k} segments** because that is the largest number up to 6 at which every segment "
            "comes back on resampled "
            "customers; no number stands out by fit alone."
        )
    if k == favoured and _least(search, k) < VALID:
        return (
            f"**{k} segments** because the customers are not one even cloud, but at no number does every "
            "segment come back on resampled customers: take them as a sketch."
        )
    if k == favoured and k < evidence["plateau"]:
        return (
            f"**{k} segments** because with more not every segment comes back on resampled customers, "
            "although more would fit better."
        )
    if k == favoured:
        return (
            f"**{k} segments** because from there on more segments fit hardly better than they would "
            "on customers "
            "without groups."
        )
    return f"**{k} segments** because you asked for them; the evidence favours {favoured}."


def _least(search: Search, k: int) -> float:
    return float(search.stability(k, CONFIRMED).min())


def _why(made: Segmentation, evidence: Json, quotes: Quotes) -> list[str]:
    rows = {row["k"]: row for row in evidence["by_k"]}
    k = int(evidence["k"])
    if evidence["verdict"] == "none":
        best = max(row["gap_over_one"] for row in evidence["by_k"])
        value = quotes.number("largest_gap_over_one_group", best, None, "", 2)
        return [
            f"The gap statistic compares each number of groups with customers drawn without any; its "
            "largest gain over a "
            f"single group is {value}, no more than chance. A high silhouette or a stable cut would "
            "not change that: one "
            "round cloud can be halved in the same way every time."
        ]
    if k not in rows:
        return []
    gain = quotes.number("gap_over_one_group", rows[k]["gap_over_one"], None, "", 2)
    told = f"The gap over a single group is {gain} with {k}"
    around = [number for number in (k - 1, k + 1) if number in rows and number > 1]
    if around:
        words = [f"{_gap(rows[n], quotes)} with {n}" for n in around]
        for n in around:
            quotes.note("n_segments_compared", n, None, str(n))
        told += f", against {listing(words)}"
    return [told + "."]


def _gap(row: Json, quotes: Quotes) -> str:
    return quotes.number("gap_over_one_group", row["gap_over_one"], None, f"{row['k']} segments", 2)


def _trade_offs(search: Search, shown: Sequence[int], made: Segmentation, quotes: Quotes) -> list[str]:
    """Give two or three numbers with what each costs."""
    told = []
    for k in shown:
        labels = search.labels(k)
        smallest = float(np.bincount(labels, minlength=k).min() / len(labels))
        sure = search.stability(k, CONFIRMED)
        quotes.note("n_segments", k, "segments", f"{k} segments")
        n_stable = int((sure >= VALID).sum())
        quotes.note("n_stable_segments", n_stable, "segments", f"{k} segments")
        word = "all" if n_stable == k else str(n_stable) if n_stable else "none"
        told.append(
            f"**{k} segments**: {word} of them {'is' if word == '1' else 'are'} stable (least Jaccard "
            f"{quotes.number('smallest_jaccard', float(sure.min()), None, f'{k} segments', 2)}), the "
            "smallest holds "
            f"{quotes.share('smallest_share_pct', smallest, f'{k} segments')} of the customers."
        )
    return told


def _table(evidence: Json) -> ResultTable:
    rows = tuple(
        (
            row["k"],
            row["gap_over_one"],
            row["gap_error"],
            min(row["jaccard"]) if row["jaccard"] else None,
            sum(one >= VALID for one in row["jaccard"]) if row["jaccard"] else None,
            row["silhouette"],
            100 * row["smallest_share"],
        )
        for row in evidence["by_k"]
    )
    columns = (
        "Segments", "Gap over one group", "Standard error", "Least stable (Jaccard)", "Stable "
        "segments", "Silhouette",
        "Smallest segment",
    )  # fmt: skip
    return ResultTable(
        "Evidence by number of segments", columns, rows, (None, None, None, None, None, None, "%")
    )


def _crossed(
    found: Material, search: Search, made: Segmentation, other: int, quotes: Quotes
) -> tuple[ResultTable, list[str]]:
    """Cross the segments at hand with those of another number, and say what merges and what splits."""
    sample = search.data
    choice = found.searches.get(search.family, (found.choice, search))[0]
    rows = found.sample
    people = found.everybody.iloc[rows]
    leaves, _ = evaluate(made.model, people)
    keys = leaf_labels(made, leaves)
    position = {segment.key: i for i, segment in enumerate(made.segments)}
    own: Ints = np.array([position.get(int(key), -1) for key in keys], dtype=np.int64)
    labels = search.labels(other)
    order = np.argsort(-np.bincount(labels, minlength=other), kind="stable")
    place = np.empty(other, dtype=np.int64)
    place[order] = np.arange(other)
    labels = place[labels]
    names = name_segments(choice, sample, labels, other, found.frame)
    inside = own >= 0
    counts = contingency(own[inside], labels[inside], len(made.segments), other)
    table = ResultTable(
        f"Today's segments (rows) against {other} segments, % of each row",
        ("Segment", *names),
        tuple(
            (segment.name, *(float(one) for one in 100 * counts[i] / max(1, counts[i].sum())))
            for i, segment in enumerate(made.segments)
        ),
        (None, *("%" for _ in names)),
    )
    quotes.table(table)
    return table, _moves(counts.astype(np.float64), [one.name for one in made.segments], names, quotes)


def _moves(counts: Floats, today: Sequence[str], then: Sequence[str], quotes: Quotes) -> list[str]:
    told = []
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for i, name in enumerate(today):
        parts = [j for j in np.argsort(-shares[i], kind="stable") if shares[i, j] >= A_PART]
        if len(parts) > 1:
            words = [
                f"{quotes.share('share_moving_pct', float(shares[i, j]), f'{name} to {then[j]}')} to "
                f"“{then[j]}”"
                for j in parts
            ]
            told.append(f"“{name}” would split: {listing(words)}.")
    for j, name in enumerate(then):
        sources = [today[i] for i in range(len(today)) if shares[i, j] >= MOST_OF]
        if len(sources) > 1:
            told.append(f"“{name}” would take in {listing([f'“{one}”' for one in sources])}.")
    return told or ["Every segment would go over to one of the other cut as a whole."]
