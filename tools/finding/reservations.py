"""Knows what to keep in mind about found segments: samples, features, missing values, history."""

from __future__ import annotations

import json

from tools.core import Json, ResultTable, Workspace
from tools.customers.told_elsewhere import without_rows
from tools.finding.choosing import Choice, fills
from tools.finding.groups import METHODS
from tools.finding.requesting import Request
from tools.finding.segmenting import Outcome, as_part
from tools.finding.transforms import words as transform_words
from tools.profiles.rule_text import Reader, from_json
from tools.quoting import Quotes
from tools.segments.segmented import label_of as words_for
from tools.wording import day, listing, sentence

MOST_BUILT = 8  # features named in the sentence on what built the segments
_TOLD = ("rows_as_customers", "rows_without_customer")


def caveats(workspace: Workspace, outcome: Outcome, request: Request, quotes: Quotes) -> list[str]:
    """Return what was assumed and what the data cannot tell, one sentence each."""
    made, evidence, found = outcome.segmentation, outcome.segmentation.evidence, outcome.material
    choice = found.features
    told = [*found.choice.told, *_wishes(outcome, request, quotes)]
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
    return told


def _wishes(outcome: Outcome, request: Request, quotes: Quotes) -> list[str]:
    """Say how what the person asked for was followed."""
    told, made, frame = [], outcome.segmentation, outcome.material.frame
    if request.where:
        reader = Reader(lambda name: words_for(frame, name), lambda name: None)
        chosen = reader.all_of(from_json([json.loads(text) for text in request.where]))
        told.append(f"Only customers with {chosen} were segmented; all others are in no segment.")
        for position, text in enumerate(request.where):
            _note_values(f"selected_{position + 1}", json.loads(text), quotes)
    if request.method != "auto" and made.kind == "clusters":
        told.append(f"Made by {METHODS[request.method]}, as you asked.")
    if request.features:
        told.append(
            f"You chose the features: {listing([words_for(frame, one) for one in request.features])}."
        )
    if request.ignore:
        told.append(f"Left out as you asked: {listing([words_for(frame, one) for one in request.ignore])}.")
    if request.smallest_share and made.kind == "clusters":
        told.append(_smallest(outcome, request, quotes))
    return told


def _smallest(outcome: Outcome, request: Request, quotes: Quotes) -> str:
    least = quotes.share("smallest_share_asked_pct", as_part(request.smallest_share or 0.0))
    told = f"Every segment should hold at least {least} of the customers"
    wanted = request.n_segments or int(outcome.segmentation.evidence["k_by_evidence"])
    if 1 < outcome.k < wanted:
        quotes.note("n_segments_wanted", wanted, "segments")
        told += f": with {wanted} one would be smaller, so I made {outcome.k}"
    return f"{told}."


def _note_values(name: str, condition: Json, quotes: Quotes) -> None:
    for value in (condition.get("value"), *(condition.get("values") or ())):
        if isinstance(value, int | float) and not isinstance(value, bool):
            quotes.note(name, value, None, condition["column"])


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


def excluded_table(choice: Choice) -> ResultTable:
    """Return every feature that was left out, with the reason."""
    rows = tuple((name, reason) for name, reason in choice.excluded)
    return ResultTable("Features left out", ("Feature", "Why: it"), rows, (None, None), detail=True)


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
        refined = evidence["family"] == "kmeans" and evidence["request"]["method"] != "density"
        told += f"refined on {complete}, " if refined else ""
        return f"{told}then all {everybody} were assigned."
    if evidence["n_complete"] < n:
        usual = "usual " if evidence["request"]["outliers"] == "set_aside" else ""
        told += f"The segments were fitted on the {complete} {usual}customers with every value known, "
        return f"{told}then all {everybody} were assigned."
    return f"{told}The segments were fitted on all {everybody} customers."


def _of_the_data(workspace: Workspace, outcome: Outcome, quotes: Quotes) -> list[str]:
    """Say what these data cannot tell."""
    frame, everybody = outcome.material.frame, outcome.material.everybody
    told = [finding.sentence for finding in frame.table.findings if finding.code in _TOLD]
    told += without_rows(workspace, quotes)
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
