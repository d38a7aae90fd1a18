"""Knows how the evidence for a number of segments is told and tabled; all of it stands on one search."""

from __future__ import annotations

from tools.core import Json, ResultTable
from tools.finding.evidence import VALID
from tools.finding.groups import METHODS
from tools.finding.searching import READABLE
from tools.quoting import Quotes


def two(name: str, value: float, quotes: Quotes, scope: str = "") -> str:
    """Write a criterion with two decimals."""
    return quotes.number(name, value, None, scope, 2)


def compared_by(evidence: Json) -> str:
    """Name the method by which the numbers of segments were compared."""
    name = METHODS[evidence["family"]]
    return f"a {name}" if name.startswith("mixture") else name


def favoured(evidence: Json, quotes: Quotes) -> str:
    """Say which number the evidence favours."""
    best = int(evidence["k_by_evidence"])
    if best == 1:
        return "the evidence favours no number at all"
    return f"the evidence favours {quotes.number('k_by_evidence', best)}"


def opening(evidence: Json, tiers: bool, quotes: Quotes) -> str:
    """Say what speaks for the segments that were made, in a paragraph."""
    if evidence["verdict"] == "none":
        told = no_groups(evidence, quotes)
        if tiers:
            return (
                f"{told} Any borders would cut through one crowd, so plain tiers are the honest choice: "
                "easy to explain, and nobody will take them for kinds of customers. Say how many segments "
                "you want if you need another cut, or give me rules."
            )
        return f"{told} Use the segments as shorthand; customers on two sides of a border are much alike."
    if evidence["request"]["method"] == "density":
        return _dense(evidence, quotes)
    row = next(row for row in evidence["by_k"] if row["k"] == evidence["k"])
    return " ".join([_fit(row, evidence, quotes), *_number(evidence, quotes), *_compactness(row, quotes)])


def _fit(row: Json, evidence: Json, quotes: Quotes) -> str:
    gain = two("gap_over_one_group", row["gap_over_one"], quotes, f"{row['k']} segments")
    how = "better" if row["gap_over_one"] > 0 else "no better"
    quotes.note("n_segments", row["k"], "segments", f"{row['k']} segments")
    return (
        f"Compared by {compared_by(evidence)}, {row['k']} groups describe these customers {how} than they "
        f"would describe customers without any groups (gap over one group {gain})."
    )


def _number(evidence: Json, quotes: Quotes) -> list[str]:
    asked = evidence["asked_for_k"]
    if asked and asked != evidence["k_by_evidence"]:
        quotes.note("n_segments_asked", asked, "segments")
        return [f"You asked for {asked}; {favoured(evidence, quotes)}."]
    if evidence["rising"] and not asked:
        limit = quotes.number("readable_limit", READABLE)
        return [
            "Still more segments would fit better yet, so no number stands out; I kept the largest number "
            f"up to {limit} at which every segment is stable."
            if evidence["verdict"] == "segments"
            else f"Still more segments would fit better yet, so no number up to {limit} stands out."
        ]
    return []


def _compactness(row: Json, quotes: Quotes) -> list[str]:
    if row["silhouette"] is None:
        return []
    scope = f"{row['k']} segments"
    value = two("silhouette", row["silhouette"], quotes, scope)
    low = two("silhouette_low", row["silhouette_low"], quotes, scope)
    high = two("silhouette_high", row["silhouette_high"], quotes, scope)
    between = f" ({low} to {high})" if low != high else ""
    return [f"The silhouette is {value}{between}, which says how compact they are, not whether they exist."]


def _dense(evidence: Json, quotes: Quotes) -> str:
    """Say what the density-based method did with those who lie in no dense region."""
    told = f"{METHODS['density']} looks for crowded regions and finds their number itself."
    asked = evidence["asked_for_k"]
    if asked and asked != evidence["k"]:
        quotes.note("n_segments_asked", asked, "segments")
        told += f" You asked for {asked}; it found {evidence['k']}."
    outside = evidence["outside_share"]
    if outside > 0:
        part = quotes.share("outside_regions_pct", outside)
        told += (
            f" {part} of the customers lie between or outside the crowded regions: each was counted to the "
            "nearest one, with a low confidence."
        )
    if evidence["k_by_evidence"] != evidence["k"]:
        told += f" Compared by {compared_by(evidence)}, {favoured(evidence, quotes)}."
    return told


def no_groups(evidence: Json, quotes: Quotes) -> str:
    """Say why there are no natural groups."""
    if evidence["exists"]:
        return (
            "The customers are not one even cloud, but no number of groups holds: when the analysis is "
            "repeated on resampled customers, not one group comes back reliably. They differ by degrees, "
            "not by kind."
        )
    rows = [row for row in evidence["by_k"] if row["k"] > 1]
    gain = two("largest_gap_over_one_group", max(row["gap_over_one"] for row in rows), quotes)
    most = max(row["k"] for row in rows)
    quotes.note("largest_k_tried", most, "groups")
    return (
        f"I compared up to {most} groups ({compared_by(evidence)}) in these customers with as many in "
        f"customers drawn at random, who have none: at no number do the real ones group better beyond "
        f"doubt (gap over one group at most {gain})."
    )


def evidence_table(evidence: Json) -> ResultTable:
    """Return what speaks for each number of segments."""
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
        "Segments",
        "Gap over one group",
        "Standard error",
        "Least stable (Jaccard)",
        "Stable segments",
        "Silhouette",
        "Smallest segment",
    )
    title = f"Evidence by number of segments, every number by {compared_by(evidence)}"
    return ResultTable(title, columns, rows, (None, None, None, None, None, None, "%"))
