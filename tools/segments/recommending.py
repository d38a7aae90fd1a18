"""Knows which way of segmenting fits the data and the purpose: RFM, clusters, tiers by value or rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tools.core import ResultTable, ToolResult, Workspace, tool
from tools.customers.features import customers
from tools.customers.needs import gates_of, lacking_columns, outcome_of, shortfalls
from tools.errors import ToolError
from tools.finding.evidence import DOUBTFUL, VALID
from tools.finding.requesting import Request
from tools.finding.segmenting import material, verdict_of
from tools.quoting import Quotes
from tools.segments.comparing_segmentations import (
    Standings,
    adjusted_rand,
    better,
    crossed,
    standings_of,
)
from tools.segments.segmented import label_of, ranking_column, value_column
from tools.wording import listing

Method = Literal["rfm", "clusters", "tiers", "rules"]
Purpose = Literal["any", "contact", "insight", "crm"]
_NAMES = {"rfm": "RFM", "clusters": "clusters", "tiers": "tiers by value", "rules": "rules of your own"}
_GOOD_FOR = {
    "rfm": "deciding whom to contact when: win back, reward, leave alone",
    "clusters": "understanding what kinds of customers there are, and making offers for each",
    "tiers": "service levels and budgets: whom a customer's worth so far entitles to what",
    "rules": "a definition that the business agrees on and a CRM can hold",
}
_SAY = {
    "rfm": "make RFM segments",
    "clusters": "segment my customers",
    "tiers": "segment by value",
    "rules": "customers with … above … are called …",
}
_FOR_PURPOSE: dict[str, tuple[Method, ...]] = {
    "any": ("clusters", "rfm", "tiers", "rules"),
    "contact": ("rfm", "tiers", "clusters", "rules"),
    "insight": ("clusters", "rfm", "tiers", "rules"),
    "crm": ("rfm", "tiers", "rules", "clusters"),
}
_FOR_WORDS = {
    "any": "",
    "contact": " for deciding whom to contact when",
    "insight": " for understanding kinds of customers",
    "crm": " for a CRM",
}
_RFM_FEATURES = {"recency_days", "n_transactions", "total_amount"}


@dataclass(frozen=True)
class _Clusters:
    """What a search for natural groups gave."""

    verdict: str  # "segments", "partly", "none", or "too few"
    k: int
    least: float | None
    features: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every one of the groups is found again."""
        return self.verdict == "segments"


@dataclass(frozen=True)
class _Compared:
    """What comparing RFM with clusters gave, where both were made."""

    better: Method
    reason: str
    words: str


@tool
def recommend_method(workspace: Workspace, *, purpose: Purpose = "any") -> ToolResult:
    """Recommend how to segment these customers: RFM, clusters, tiers by value or rules, with the reasons.

    Checks what the data can carry, tests whether natural groups exist, and compares the two side by side
    where both were made already.

    Args:
        workspace: Tables and segmentations.
        purpose: What the segments are for: contact (whom to contact when), insight (kinds of customers),
            crm (a definition for a CRM), or any.
    """
    return _Advice(workspace, purpose).result()


def _searched(workspace: Workspace) -> _Clusters:
    """Test for natural groups; the search is kept, so making the segments later costs nothing."""
    if shortfalls(workspace, "segments"):
        return _Clusters("too few", 1, None, ())
    try:
        found = material(workspace, Request())
    except ToolError:  # nothing to segment by: said as such in the table
        return _Clusters("too few", 1, None, ())
    k = found.found.chosen_k
    if k == 1:
        return _Clusters("none", 1, None, ())
    stability = found.found.stability(k)
    return _Clusters(
        verdict_of(found.found, stability), k, float(stability.min()), tuple(found.features.features)
    )


@dataclass
class _Advice:
    """Everything that the recommendation draws on."""

    workspace: Workspace
    purpose: Purpose
    quotes: Quotes = field(default_factory=Quotes)

    def __post_init__(self) -> None:
        self.rfm_lacks = shortfalls(self.workspace, "rfm")
        self.clusters = _searched(self.workspace)
        frame = customers(self.workspace)
        rank = ranking_column(frame.table)
        self.rank = label_of(frame, rank.name) if rank else None
        self.usable = {
            "rfm": not self.rfm_lacks,
            "clusters": self.clusters.holds,
            "tiers": self.rank is not None,
            "rules": True,
        }
        if not lacking_columns(self.workspace.table):
            for gate in gates_of("rfm", self.workspace):
                self.quotes.note(gate.name, gate.found, gate.noun)
                self.quotes.note(f"{gate.name}_needed", gate.needed, gate.noun)
        self.compared = self._compared()
        self.same_axes = set(self.clusters.features) <= _RFM_FEATURES and bool(self.clusters.features)
        self.chosen = self._choose()

    def _choose(self) -> Method:
        if self.compared and self.purpose == "any":
            return self.compared.better
        ranked = _FOR_PURPOSE[self.purpose]
        if self.purpose == "any" and self.usable["rfm"] and self.same_axes:
            ranked = _FOR_PURPOSE["contact"]  # the groups stand on R, F and M alone: RFM says it more simply
        return next(method for method in ranked if self.usable[method])

    def result(self) -> ToolResult:
        """Put the answer together."""
        headline = f"Use **{_NAMES[self.chosen]}**{_FOR_WORDS[self.purpose]}: {self._reason()}."
        findings = [*self._others(), *([self.compared.words] if self.compared else [self._next()])]
        caveats = []
        if outcome := outcome_of(self.workspace.table):
            caveats.append(
                f"{outcome.name} is an outcome: look at its rate in each segment, but do not segment by it."
            )
        caveats.append(
            "Which way brings more is not in these data: only a test with a part held back can tell that."
        )
        return ToolResult(
            headline, self.quotes.facts, tuple(findings), (self._table(),), caveats=tuple(caveats)
        )

    def _reason(self) -> str:
        if self.compared and self.purpose == "any":
            return f"you have both, and of the two {self.compared.reason}"
        match self.chosen:
            case "rfm" if self.same_axes:
                return (
                    "the data carry it, and the natural groups here stand on the same three measures, so the "
                    "scores say it more simply"
                )
            case "rfm":
                return f"the data carry it, and {self._cluster_words()}"
            case "clusters":
                return self._cluster_words() + (
                    "" if self.usable["rfm"] else f". RFM is out: {self._rfm_words()}"
                )
            case "tiers":
                rfm = "" if self.usable["rfm"] else f"RFM is out ({self._rfm_words()}), and "
                return f"{rfm}{self._cluster_words()}, so a plain ranking by {self.rank} claims least"
        groups = self._cluster_words()
        return f"RFM is out ({self._rfm_words()}), {groups}, and no column says what a customer is worth"

    def _rfm_words(self) -> str:
        return listing(self.rfm_lacks) or "the data carry it"

    def _cluster_words(self) -> str:
        found = self.clusters
        if found.verdict == "too few":
            return "there are too few customers or features to look for natural groups"
        if found.verdict == "none" or found.least is None:
            return "the customers form no natural groups"
        n = self.quotes.number("n_segments", found.k)
        least = self.quotes.number("smallest_jaccard", found.least, None, "", 2)
        if found.holds:
            return (
                f"{n} natural groups were found and every one comes back on resampled customers "
                f"(Jaccard from {least})"
            )
        worst = "dissolves" if found.least < DOUBTFUL else "comes back only in part"
        stable = self.quotes.number("stable_from", VALID)
        text = f"of {n} groups at least one {worst} on resampled customers"
        return f"{text} (Jaccard {least}, stable from {stable})"

    def _others(self) -> list[str]:
        """Say of each other usable way what it would be the better choice for."""
        told = [
            f"**{_NAMES[method][:1].upper()}{_NAMES[method][1:]}** would be the better choice for "
            f"{_GOOD_FOR[method]}."
            for method in ("rfm", "clusters", "tiers", "rules")
            if self.usable[method] and method != self.chosen
        ]
        return [f"Here it serves for {_GOOD_FOR[self.chosen]}.", *told]

    def _say(self, method: Method) -> str:
        without_money = value_column(customers(self.workspace).table) is None
        return f"4 tiers by {self.rank}" if method == "tiers" and without_money else _SAY[method]

    def _next(self) -> str:
        current = self.workspace.segmentation
        have = current is not None and current.kind.casefold() == self.chosen.casefold()
        said = f"Say “{self._say(self.chosen)}” to make them."
        if have:
            now = f"The {_NAMES[self.chosen]} are what you have now"
            said = f"{now}: “describe each segment” says what to try with each."
        if self.usable["rfm"] and self.usable["clusters"]:
            said += " Make both and ask again, and I compare them customer by customer."
        return said

    def _compared(self) -> _Compared | None:
        made = self.workspace.segmentations.values()
        rfm = next((one for one in made if one.kind == "RFM"), None)
        found = next((one for one in made if one.kind == "clusters"), None)
        if rfm is None or found is None:
            return None
        sides = [standings_of(self.workspace, one, one.name) for one in (rfm, found)]
        one, other = sides[0].placed, sides[1].placed
        if one.position.size != other.position.size:
            return None  # made for different dates, and so for different customers
        common = (one.position >= 0) & (other.position >= 0)
        agreement = adjusted_rand(crossed(one, other, common))
        index = self.quotes.number("adjusted_rand_index", agreement, None, "", 2)
        how = "closely" if agreement >= 0.75 else "in part" if agreement >= 0.3 else "little"
        words = [f"they agree {how} (adjusted Rand index {index})"]
        words += [self._side(side) for side in sides]
        chosen, why = better(sides)
        return _Compared(
            "rfm" if chosen.placed.segmentation.kind == "RFM" else "clusters",
            f"**{chosen.name}** is ahead: {why}",
            f"Side by side: {'; '.join(words)}.",
        )

    def _side(self, side: Standings) -> str:
        n = self.quotes.count("n_segments", len(side.placed.segments), "segment", scope=side.name)
        told = f"{side.name} has {n}"
        if side.explained is not None:
            part = self.quotes.share("variance_of_value_explained_pct", side.explained, side.name)
            told += f", with {part} of the variance of value between segments"
        if side.stability is not None:
            told += f" and stability {self.quotes.number('mean_jaccard', side.stability, None, side.name, 2)}"
        n = self.quotes.count("n_conditions", side.n_conditions, "condition", scope=side.name)
        return f"{told}, and takes {n} to write down"

    def _table(self) -> ResultTable:
        verdicts = {
            "rfm": "yes" if self.usable["rfm"] else f"no: {self._rfm_words()}",
            "clusters": ("yes: " if self.usable["clusters"] else "no: ") + self._cluster_words(),
            "tiers": f"yes, by {self.rank}" if self.rank else "no: no column says what a customer is worth",
            "rules": "yes",
        }
        rows = tuple(
            (_NAMES[method], verdicts[method], _GOOD_FOR[method], f"“{self._say(method)}”")
            for method in ("rfm", "clusters", "tiers", "rules")
        )
        return ResultTable(
            "Ways to segment these customers", ("Way", "Can these data carry it?", "Good for", "Say"), rows
        )
