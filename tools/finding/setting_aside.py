"""Knows how it is told that unusual customers were set aside, and whether that made segments more stable."""

from __future__ import annotations

from tools.core import Json
from tools.finding import searching
from tools.finding.evidence_words import two
from tools.finding.fitting import one_thread
from tools.finding.groups import points
from tools.finding.requesting import Request
from tools.finding.segment_names import UNUSUAL
from tools.finding.segmenting import Outcome, tested_rows
from tools.finding.unusual import SPREADS
from tools.quoting import Quotes
from tools.wording import sentence

ABOUT_THE_SAME = 0.03  # Jaccard similarities that differ by less cannot be told apart


def comparison(request: Request, outcome: Outcome, seed: int = 0) -> Json:
    """Compare the same numbers of groups, on the same features and by the same method, with everybody in."""
    found, k = outcome.material, outcome.k
    without = found.found
    if found.unusual is None or not found.unusual.n:
        return {}
    with one_thread():
        rows = tested_rows(request, found.features, found.everybody, seed)
        sample = points(found.features, found.everybody.iloc[rows])
        search = searching.search(found.chosen, sample, seed).reaching(k)
        both: Json = {"k": k, "k_with": search.chosen_k, "k_without": without.chosen_k}
        made = outcome.segmentation.kind == "clusters" and request.method != "density"
        if made and k in search.fits:
            both |= {
                "jaccard_with": float(search.stability(k).min()),
                "jaccard_without": float(without.stability(k).min()),
                "gap_with": search.gaps[k][0],
                "gap_without": without.gaps[k][0],
            }
    return both


def told(outcome: Outcome, compared: Json, quotes: Quotes) -> list[str]:
    """Say how many are unusual, by which rule, and what setting them aside changed."""
    unusual = outcome.material.unusual
    if unusual is None:
        return []
    spreads = quotes.number("fence_interquartile_ranges", SPREADS)
    places = quotes.count("n_places", unusual.n_places, "place")
    rule = (
        f"A customer is unusual whose distance to the nearest of {places} where customers gather lies more "
        f"than {spreads} interquartile ranges above the upper quartile of everybody's distances (here "
        f"{two('unusual_from_sd', unusual.reach, quotes)} standard deviations or more)."
    )
    if not unusual.n:
        quotes.note("n_unusual", 0, "customers")
        return [f"No customer is far from everybody else, so nobody was set aside. {rule}"]
    n = quotes.count("n_unusual", unusual.n, "customer")
    part = quotes.share("unusual_pct", unusual.n / unusual.of, digits=2)
    verbs = ("is", "forms a segment") if unusual.n == 1 else ("are", "form a segment")
    return [
        f"{n} ({part}) {verbs[0]} far from everybody else and {verbs[1]} of their own, “{UNUSUAL}”; nobody "
        f"was dropped. {rule}",
        f"{_change(compared, quotes)} Taking people out to make groups look cleaner is no evidence that the "
        "groups are real: without those who fit worst, figures always look tidier.",
    ]


def _change(compared: Json, quotes: Quotes) -> str:
    quotes.note("k_by_evidence", compared["k_with"], "segments", "everybody in")
    quotes.note("k_by_evidence", compared["k_without"], "segments", "unusual customers apart")
    if "jaccard_with" not in compared:
        if compared["k_with"] == compared["k_without"] == 1:
            return "There are no natural groups, with them in or with them apart."
        before, after = (
            _favours(compared["k_with"], "everybody in"),
            _favours(compared["k_without"], "them apart"),
        )
        return f"{sentence(before).rstrip('.')}, {after}."
    before = two("smallest_jaccard", compared["jaccard_with"], quotes, "everybody in")
    after = two("smallest_jaccard", compared["jaccard_without"], quotes, "unusual customers apart")
    gap_before = two("gap_over_one_group", compared["gap_with"], quotes, "everybody in")
    gap_after = two("gap_over_one_group", compared["gap_without"], quotes, "unusual customers apart")
    more = compared["jaccard_without"] - compared["jaccard_with"]
    same = abs(more) < ABOUT_THE_SAME
    how = "about as stable" if same else "more stable" if more > 0 else "less stable"
    return (
        f"With the same features and method, {compared['k']} segments are {how} with the unusual customers "
        f"apart (least Jaccard {after}, gap over one group {gap_after}) {'as' if same else 'than'} with "
        f"everybody in (least Jaccard {before}, gap over one group {gap_before})."
    )


def _favours(k: int, when: str) -> str:
    return f"with {when} the evidence favours {'no groups' if k == 1 else f'{k} segments'}"
