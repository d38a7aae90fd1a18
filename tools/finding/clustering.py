"""Knows the tool that looks for segments, and how its findings are told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from tools.core import Json, ResultTable, Segment, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.finding import segment_charts
from tools.finding.choosing import Choice, fills
from tools.finding.evidence import DOUBTFUL, VALID
from tools.finding.segment_names import label_of, traits_of
from tools.finding.segmenting import Method, Outcome, Request, at_date, population, resolve, segment
from tools.finding.transforms import axis as fitted_axis
from tools.finding.transforms import words as transform_words
from tools.quoting import Quotes
from tools.segments.segmented import Segmented, segmented
from tools.segments.segmented import label_of as words_for
from tools.selecting import Condition
from tools.wording import day, listing, sentence

NAME = "Customer segments"
TRAITS_TOLD = 3
LEVELS_TOLD = 0.15
MOST_BUILT = 8  # features named in the sentence on what built the segments


@tool
def find_segments(
    workspace: Workspace,
    *,
    n_segments: int | None = None,
    features: list[str] = [],  # noqa: B006 - read only; the default is part of the schema
    ignore: list[str] = [],  # noqa: B006
    weights: dict[str, float] = {},  # noqa: B006
    where: list[Condition] = [],  # noqa: B006
    smallest_share: float | None = None,
    method: Method = "auto",
    reference_date: str | None = None,
    name: str | None = None,
) -> ToolResult:
    """Look for natural customer segments, decide on evidence how many, and say so if there are none.

    Args:
        workspace: Tables and segmentations.
        n_segments: How many segments the person wants; leave out to decide on evidence.
        features: Use only these customer features; leave out for a sensible choice.
        ignore: Leave these features out.
        weights: How much features count, e.g. {"last_balance": 2}; 1 is usual.
        where: Segment only customers that satisfy these conditions.
        smallest_share: Smallest part of the customers that a segment may hold, in percent.
        method: Clustering method; auto decides on evidence.
        reference_date: ISO date to count recency to; leave out for the last date in the data.
        name: Name of the segmentation.
    """
    at = at_date(workspace, reference_date)
    request = request_of(at, n_segments, features, ignore, weights, where, smallest_share, method)
    outcome = segment(at, request, name or NAME)
    after = at.with_segmentation(outcome.segmentation)
    placed = segmented(after)
    quotes = Quotes()
    headline = _headline(outcome, quotes)
    findings = (
        *_opening(outcome, quotes),
        *(_paragraph(outcome, placed, one, quotes) for one in placed.segments),
    )
    tables: tuple[ResultTable, ...] = (_sizes(placed), _evidence_table(outcome.segmentation.evidence))
    for table in tables:
        quotes.table(table)
    choice = _choice_of(outcome)
    if choice.excluded:
        tables = (*tables, _excluded_table(choice))
    caveats = tuple(_caveats(after, outcome, request, quotes))  # before the facts are read: it quotes too
    return ToolResult(
        headline,
        quotes.facts,
        findings,
        tables,
        tuple(_figures(outcome, placed)),
        caveats,
        after,
    )


def request_of(
    workspace: Workspace,
    n_segments: int | None,
    features: list[str],
    ignore: list[str],
    weights: dict[str, float],
    where: list[Condition],
    smallest_share: float | None,
    method: Method,
) -> Request:
    """Write a request with the features' own names, so that equal wishes are equal requests."""
    frame = customers(workspace)
    return Request(
        n_segments,
        tuple(dict.fromkeys(resolve(frame, one) for one in features)),
        tuple(sorted({resolve(frame, one) for one in ignore})),
        tuple(sorted((resolve(frame, one), float(weight)) for one, weight in weights.items())),
        tuple(json.dumps(one, sort_keys=True) for one in population(frame, where)),
        smallest_share,
        method,
    )


def _headline(outcome: Outcome, quotes: Quotes) -> str:
    made, evidence = outcome.segmentation, outcome.segmentation.evidence
    people = quotes.count("n_customers", made.n_customers, "customer")
    n = len(made.segments)
    quotes.note("n_segments", n, "segments")
    if made.kind == "tiers":
        label = label_of(outcome.material.frame, made.features[0])
        return (
            f"The {people} form **no natural groups**, so I cut them into **{n} tiers** by {label}: "
            "a convenient division, not a discovery."
        )
    if evidence["verdict"] == "none":
        return (
            f"I cut the {people} into **{n} segments** because you asked for that, "
            "but they form **no natural groups**: the borders are a convenience, not a discovery."
        )
    stable = sum((one.stability or 0.0) >= VALID for one in made.segments)
    if evidence["verdict"] == "segments":
        sure = "all of them come back when the analysis is repeated on resampled customers"
    elif any(one.stability is not None for one in made.segments):
        quotes.note("n_stable_segments", stable, "segments")
        sure = f"{stable} of them {'is' if stable == 1 else 'are'} stable, the others have doubtful borders"
        sure = sure if stable else "none of them is stable: their borders are doubtful"
    else:
        sure = "how stable they are was not tested with this method"
    known = [one.stability for one in made.segments if one.stability is not None]
    least = f" (bootstrap Jaccard from {_two('smallest_jaccard', min(known), quotes)})" if known else ""
    return f"I found **{n} segments** among {people}; {sure}{least}."


def _choice_of(outcome: Outcome) -> Choice:
    searched = outcome.segmentation.kind == "clusters"
    return outcome.material.features if searched else outcome.material.choice


def _two(name: str, value: float, quotes: Quotes, scope: str = "") -> str:
    return quotes.number(name, value, None, scope, 2)


def _opening(outcome: Outcome, quotes: Quotes) -> list[str]:
    """Say what the evidence is, in a paragraph."""
    evidence = outcome.segmentation.evidence
    rows = {row["k"]: row for row in evidence["by_k"]}
    favoured, k = evidence["k_by_evidence"], evidence["k"]
    if evidence["verdict"] == "none":
        told = _no_groups(evidence, quotes)
        if outcome.segmentation.kind == "tiers":
            told += "Any borders would cut through one cloud, so plain tiers are the honest choice. "
            told += "Say how many segments you want if you need another cut, or give me rules."
        else:
            quotes.note("k_by_evidence", favoured)
            told += "Use the segments as shorthand, and expect customers near a border to be much alike."
        return [told]
    row = rows.get(k)
    told = ""
    if row is not None:
        gain = _two("gap_over_one_group", row["gap_over_one"], quotes)
        told = (
            f"{k} groups describe these customers better than they would describe customers without any "
            f"groups (gap over one group {gain}). "
        )
    if evidence["asked_for_k"] and evidence["asked_for_k"] != favoured:
        told += f"You asked for {k}; the evidence favours {quotes.number('k_by_evidence', favoured)}. "
    elif evidence["rising"]:
        told += (
            "Still more segments would fit better yet, so no number stands out; I kept the largest "
            "number up to "
        )
        told += f"{quotes.number('readable_limit', 6)} at which every segment is stable. "
    if row is not None and row["silhouette"] is not None:
        low, high = row["silhouette_low"], row["silhouette_high"]
        told += (
            f"The silhouette is {_two('silhouette', row['silhouette'], quotes)} "
            f"({_two('silhouette_low', low, quotes)} to {_two('silhouette_high', high, quotes)}), "
            "which says how compact they are, not whether they exist."
        )
    return [told.strip()]


def _no_groups(evidence: Json, quotes: Quotes) -> str:
    if evidence["exists"]:
        return (
            "The customers are not one even cloud, but at every number of groups the groups dissolve "
            "when the "
            "analysis is repeated on resampled customers. "
        )
    rows = [row for row in evidence["by_k"] if row["k"] > 1]
    gain = _two("largest_gap_over_one_group", max(row["gap_over_one"] for row in rows), quotes)
    most = quotes.number("largest_k_tried", max(row["k"] for row in rows))
    return (
        f"I compared up to {most} groups with customers drawn without any: at no number do the real "
        "customers group "
        f"better than those beyond doubt (gap over one group at most {gain}). "
    )


def _paragraph(outcome: Outcome, placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Describe one segment in two or three sentences."""
    size = quotes.count("size", one.size, "customer", scope=one.name)
    part = quotes.share("share_of_customers_pct", one.share, one.name)
    told = f"**{one.name}**: {size}, {part} of all"
    if one.value_share is not None and placed.value is not None:
        told += f", with {quotes.share('share_of_value_pct', one.value_share, one.name)} of the "
        told += placed.label(placed.value.name)
    told += f". {_typical(outcome, placed, one, quotes)}"
    if one.stability is not None:
        told += f" {_stability(one, quotes)}"
    return f"{told}{_as_a_rule(placed, one, quotes)}".strip()


def _as_a_rule(placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Say where a segment is the plain rule "bought once" in disguise."""
    if "n_transactions" not in placed.customers or placed.segmentation.kind != "clusters":
        return ""
    inside = placed.position == placed.segments.index(one)
    once = placed.numbers("n_transactions") == 1
    mine, others = float(once[inside].mean()), float(once[~inside].mean()) if (~inside).any() else 1.0
    if mine < 0.9 or others > 0.4:
        return ""
    part = quotes.share("bought_once_pct", mine, one.name)
    return f" In effect this is the plain rule “bought once” ({part} of them did), not a discovery."


def _stability(one: Segment, quotes: Quotes) -> str:
    known = one.stability or 0.0
    rounded_over = any(known < limit <= round(known, 2) for limit in (VALID, DOUBTFUL))
    value = quotes.number("stability_jaccard", known, None, one.name, 3 if rounded_over else 2)
    if known >= VALID:
        return f"It comes back on resampled customers (Jaccard {value})."
    if known >= DOUBTFUL:
        return f"Its core comes back on resampled customers, its border does not (Jaccard {value})."
    return f"It dissolves on resampled customers (Jaccard {value}), so do not build on it."


def _typical(outcome: Outcome, placed: Segmented, one: Segment, quotes: Quotes) -> str:
    """Compare the customers of a segment with all others on what sets them apart most."""
    i = placed.segments.index(one)
    inside, others = placed.position == i, (placed.position >= 0) & (placed.position != i)
    if not others.any():
        return "It holds everybody."
    ranked = _ranking(outcome, one)
    strong: list[tuple[float, str, str]] = []
    for axis in outcome.material.choice.axes:
        feature = axis["feature"]
        if axis["kind"] == "level" or feature not in placed.segmentation.features:
            continue
        values = placed.numbers(feature)
        mine, theirs = values[inside & ~np.isnan(values)], values[others & ~np.isnan(values)]
        if not len(mine) or not len(theirs):
            continue
        use_mean = float(np.median(mine)) == float(np.median(theirs)) or feature.startswith("share_")
        kind, middle = ("average", np.mean) if use_mean else ("typical", np.median)
        a, b = float(middle(mine)), float(middle(theirs))
        spread = abs(_bent(a, axis) - _bent(b, axis))
        if spread < 0.3:
            continue
        name, label, unit = feature, placed.label(feature), placed.unit(feature)
        hidden = None if unit in ("hours",) or "days" in label else unit
        mine_word = quotes.number(f"{kind}_{name}", a, hidden, one.name)
        theirs_word = quotes.number(f"{kind}_{name}", b, hidden, f"everybody but {one.name}")
        how = "typically" if kind == "typical" else "on average"
        strong.append((spread, feature, f"{label} ({how} {mine_word} against {theirs_word})"))
    strong += _leanings(outcome, placed, inside, others, one, quotes)
    last = len(ranked)
    strong.sort(key=lambda item: (ranked.get(item[1], last), -round(item[0], 3), item[1]))
    told = [text for _, _, text in strong[:TRAITS_TOLD]]
    if not told:
        return "Nothing sets them clearly apart from everybody else."
    return f"What sets them apart from all others: {listing(told)}."


def _ranking(outcome: Outcome, one: Segment) -> dict[str, int]:
    """Return the features in the order in which they set a segment apart, without saying the same twice."""
    if outcome.model is None:
        return {}
    choice = _choice_of(outcome)
    found = traits_of(
        choice, outcome.model.sample, np.isin(outcome.model.labels, one.leaves), outcome.material.frame
    )
    return {trait.feature: place for place, trait in enumerate(found)}


def _bent(value: float, axis: Json) -> float:
    """Return a value on the fitted axis, in standard deviations."""
    return float(fitted_axis({**axis, "weight": 1.0}, pd.DataFrame({axis["feature"]: [value]}))[0])


def _leanings(
    outcome: Outcome, placed: Segmented, inside: np.ndarray, others: np.ndarray, one: Segment, quotes: Quotes
) -> list[tuple[float, str, str]]:
    told = []
    for band in outcome.material.choice.bands:
        if band.edges or band.feature not in placed.segmentation.features:
            continue
        codes = band.codes(placed.customers[band.feature])
        n = len(band.levels)
        mine = np.bincount(codes[inside], minlength=n) / inside.sum()
        theirs = np.bincount(codes[others], minlength=n) / others.sum()
        level = int((mine - theirs).argmax())
        if mine[level] - theirs[level] < LEVELS_TOLD:
            continue
        scope = f"{band.feature} = {band.levels[level]}"
        a = quotes.share("share_pct", float(mine[level]), f"{one.name}, {scope}")
        b = quotes.share("share_pct", float(theirs[level]), f"everybody but {one.name}, {scope}")
        label = placed.label(band.feature)
        told.append(
            (
                2 * float(mine[level] - theirs[level]),
                band.feature,
                f"{label} “{band.levels[level]}” ({a} against {b})",
            )
        )
    return told


def _sizes(placed: Segmented) -> ResultTable:
    columns: list[str] = ["Segment", "Customers", "Share of customers"]
    units: list[str | None] = [None, "customers", "%"]
    value = placed.value is not None and any(one.value_share is not None for one in placed.segments)
    if value:
        columns.append(f"Share of {placed.label(placed.value.name) if placed.value else ''}")
        units.append("%")
    features = [
        name for name in placed.segmentation.features if name in {one.name for one in placed.numeric}
    ][:6]
    columns += [f"Median {placed.label(name)}" for name in features]
    units += [placed.unit(name) for name in features]
    stable = any(one.stability is not None for one in placed.segments)
    if stable:
        columns.append("Stability (Jaccard)")
        units.append(None)
    rows = []
    for i, one in enumerate(placed.segments):
        row: list[str | float | int | None] = [one.name, one.size, 100 * one.share]
        row += [100 * (one.value_share or 0.0)] if value else []
        for name in features:
            mine = placed.numbers(name)[placed.position == i]
            mine = mine[~np.isnan(mine)]
            row.append(float(np.median(mine)) if len(mine) else None)
        row += [one.stability] if stable else []
        rows.append(tuple(row))
    return ResultTable("Segments", tuple(columns), tuple(rows), tuple(units))


def _evidence_table(evidence: Json) -> ResultTable:
    """Return what speaks for each number of segments."""
    rows = []
    for row in evidence["by_k"]:
        jaccard = row["jaccard"]
        rows.append(
            (
                row["k"],
                row["gap_over_one"],
                row["gap_error"],
                min(jaccard) if jaccard else None,
                row["silhouette"],
                100 * row["smallest_share"],
            )
        )
    columns = (
        "Segments",
        "Gap over one group",
        "Standard error",
        "Least stable (Jaccard)",
        "Silhouette",
        "Smallest",
    )
    return ResultTable(
        "Evidence by number of segments", columns, tuple(rows), (None, None, None, None, None, "%")
    )


def _figures(outcome: Outcome, placed: Segmented) -> list[Json]:
    label = placed.label(placed.value.name) if placed.value else None
    figures = [segment_charts.sizes_and_value(list(placed.segments), label)]
    if outcome.model is not None:
        figures.append(segment_charts.map_of(outcome.model, placed.segments))
    return figures


def _caveats(workspace: Workspace, outcome: Outcome, request: Request, quotes: Quotes) -> list[str]:
    made, evidence, found = outcome.segmentation, outcome.segmentation.evidence, outcome.material
    told = list(found.choice.told)
    choice = _choice_of(outcome)
    if made.kind == "clusters":
        told.append(_sampled(evidence, made.n_customers, quotes))
        used = [f"{words_for(found.frame, name)} ({_how(evidence, name)})" for name in made.features]
        told.append(f"Built from {_shortened(used, quotes)}.")
    if choice.excluded:
        told.append(_left_out(choice, quotes))
    for name, n, _ in choice.filled:
        quotes.note("n_missing", n, "customers", name)
    if choice.filled and made.kind == "clusters":
        told += [sentence(words) for words in fills(choice)]
    told += _of_the_data(workspace, outcome, quotes)
    if request.where:
        told.append("Only the customers you selected were segmented; all others are in no segment.")
    return told


def _shortened(words: list[str], quotes: Quotes) -> str:
    """List all of a few things, and the first of many with how many more there are."""
    if len(words) <= MOST_BUILT + 1:
        return listing(words)
    return listing([*words[:MOST_BUILT], f"{quotes.number('n_more_features', len(words) - MOST_BUILT)} more"])


def _left_out(choice: Choice, quotes: Quotes) -> str:
    """Say in one sentence what was left out on purpose; the table has the rest."""
    protected = [name for name, reason in choice.excluded if "protected" in reason]
    outcomes = [name for name, reason in choice.excluded if "outcome" in reason]
    n = quotes.count("n_features_left_out", len(choice.excluded), "candidate feature")
    told = f"{n} {'was' if len(choice.excluded) == 1 else 'were'} left out; the table gives each reason"
    if protected:
        told += f". {listing(protected)} may describe segments but do not decide them (protected)"
    if outcomes:
        told += f". {listing(outcomes)}: an outcome to explain, so no part of the segments"
    return told + "."


def _excluded_table(choice: Choice) -> ResultTable:
    rows = tuple((name, reason) for name, reason in choice.excluded)
    return ResultTable("Features left out", ("Feature", "Why: it"), rows, (None, None))


def _how(evidence: Json, feature: str) -> str:
    kinds = {one["kind"]: one["weight"] for one in evidence["transforms"] if one["feature"] == feature}
    bands = {one["feature"] for one in evidence["bands"]}
    kind, weight = next(iter(kinds.items()))
    words = "in bands" if feature in bands and evidence["family"] != "kmeans" else transform_words(kind)
    return words if weight == 1 else f"{words}, weight {weight:g}"


def _sampled(evidence: Json, n: int, quotes: Quotes) -> str:
    """Say on whom the evidence and the segments stand; nobody is left without a segment."""
    tested = quotes.number("n_evidence_sample", evidence["n_tested"], None)
    fitted = quotes.number("n_fit_sample", evidence["n_fitted"], None)
    complete = quotes.number("n_complete", evidence["n_complete"], None)
    everybody = quotes.number("n_customers", n, None)
    told = (
        f"The evidence was computed on a sample of {tested} customers. "
        if evidence["n_tested"] < evidence["n_complete"]
        else ""
    )
    if evidence["n_fitted"] < evidence["n_complete"]:
        told += f"The segments were fitted on a sample of {fitted}, "
        told += f"refined on {complete}, " if evidence["family"] == "kmeans" else ""
        return f"{told}then all {everybody} were assigned."
    if evidence["n_complete"] < n:
        told += f"The segments were fitted on the {complete} customers with every value known, "
        return f"{told}then all {everybody} were assigned."
    return f"{told}The segments were fitted on all {everybody} customers."


def _of_the_data(workspace: Workspace, outcome: Outcome, quotes: Quotes) -> list[str]:
    """Say what these data cannot tell."""
    frame, everybody = outcome.material.frame, outcome.material.everybody
    told = [finding.sentence for finding in frame.table.findings if finding.code in _TOLD]
    if frame.reference_date and frame.derived:
        told.append(f"Days are counted to {day(frame.reference_date)}.")
        quotes.note("reference_date", frame.reference_date)
    if frame.derived and "n_transactions" in everybody:
        once = float((everybody["n_transactions"] == 1).mean())
        if once >= 0.5:
            part = quotes.share("bought_once_pct", once)
            told.append(
                f"{part} of the customers have a single transaction, so nothing is known of their "
                "rhythm or loyalty; "
                "bought once against bought again is a plain rule and not a segment to be discovered."
            )
    if frame.derived and "tenure_days" in everybody and everybody["tenure_days"].notna().any():
        days = int(everybody["tenure_days"].max()) + 1  # first and last day both count
        if days < 180:
            span = quotes.number("history_days", days, None)
            told.append(
                f"The data cover only {span} days: segments may follow the season rather than the customer."
            )
    return told


_TOLD = ("rows_as_customers", "rows_without_customer")
