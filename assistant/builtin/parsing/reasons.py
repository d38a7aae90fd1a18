"""Reads what takes something for given or asks for causes: "why", "because of", "what if", "since ..., ...".

Each is turned into the plain question that data can answer (does it differ, is it so, what goes with it), to
be read like any other; what data cannot tell is said beside the answer.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.data_questions import read_data_question
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request.advice import FindChurnRisk
from assistant.builtin.request.outcome import Outcome, Read, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Correlation, CrossTable, Filtered, GroupDifference
from assistant.builtin.sentence import Sentence
from tools.selecting import Condition, GroupBy, Measure

_MOST_ROWS = 30  # a table of two columns with more values than this shows nothing

_WHAT_IF = re.compile(
    r"\bwhat (?:would|will|could|might|happens?|happened)\b.*\b(?:if|when)\b (?:we|i|you|they|everyone|"
    r"everybody|"
    r"all|no|nobody|every|more|the|our|prices?|customers|people)\b|^(?:and |but |so )?what "
    r"if\b(?!.*\b(?:segments?|"
    r"clusters?|groups?)\b)|^(?:would|will|could|might)\b.*\bif (?:we|i|you|they|everyone|all|the|our)\b|"
    r"^if (?:we|i|you|they|everyone|everybody|nobody)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\S\s+(?:because|because of|due to|owing to|thanks to|on account of|as a (?:result|consequence) of|"
    r"for reasons? of)\s+(?P<reason>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_CAUSES = re.compile(
    r"^(?:so |and |but )?(?:does|do|did|is|are|was|were|can|could|will|would|has|have)(?:n't)? "
    r"(?P<cause>.+?) "
    r"(?:(?:really |actually )?(?:causes?|caused|causing)|leads? to|results? in|makes? (?:our |the |my "
    r")?(?:people|"
    r"customers|clients|members|them|someone|somebody|everyone)(?: to)?|(?:the |a )?(?:main |real "
    r")?(?:reason|cause)s? "
    r"(?:for|of|behind|that|why)|responsible for|to blame for|to thank for) (?P<effect>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_EFFECT = re.compile(
    r"^(?:what|which|how (?:big|large|strong|great)|is there|show|show me|tell me|find)?(?: is| are| was)?"
    r"(?: the| an?| any)* (?:effect|impact|influence|consequence)s? of (?P<cause>.+?) (?:on|upon|for) "
    r"(?P<effect>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"^what (?:made|makes|has made|is making|led|leads|got|gets)\b(?P<rest>.+)$", re.IGNORECASE
)
_WHY = re.compile(
    r"^(?:so |and |but )*(?:why|how come|how is it that|what explains (?:that|why)|for what reason) "
    r"(?P<verb>do|does|did|are|is|was|were|have|has)(?:n't)? (?P<rest>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_HOW_COME = re.compile(
    r"^(?:so |and |but )*(?:how come|why is it that|how is it that|what explains that) (?P<rest>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_PREMISE = re.compile(
    r"^(?:so |and |but |well )*(?:since|because|as|given(?: that)?|seeing(?: that| as)?|now that|knowing "
    r"that|"
    r"considering(?: that)?|assuming(?: that)?|as we know,?|as you know,?) (?P<claim>[^,]+?), "
    r"(?:then |so )?(?P<question>.+)$",
    re.IGNORECASE,
)
_BE = re.compile(r"^(?P<who>.+?) (?P<be>is|are|was|were|has|have) (?P<what>.+)$", re.IGNORECASE)


_BUYS = re.compile(
    r"\b(?:\w+ )?(?:spend|buy|pay|order|purchase)(?:ing|s)? (?P<way>more|less|fewer)\b", re.IGNORECASE
)


def has_premise(text: str) -> bool:
    """Tell whether a question begins with what it takes for given: "since women spend more, ..."."""
    return _PREMISE.match(text.strip()) is not None


def read_reason(sentence: Sentence, catalog: Catalog, read: Read) -> Outcome | None:
    """Read a question about causes or one built on a claim; None for any other.

    Args:
        sentence: The question.
        catalog: The data set.
        read: Reads the plain question that it is turned into.
    """
    text = sentence.text.strip()
    if _WHAT_IF.search(text):
        return Reply("refused", "no_experiment", {}, _side_by_side(sentence, catalog))
    found = _CAUSES.match(text) or _EFFECT.match(text)
    if found:
        return _together(found["cause"], found["effect"], sentence, catalog, read)
    because = _BECAUSE.search(text)
    if because and not any("reason" in words for words in catalog.words_of.values()):
        told = {"reason": because["reason"], "table": catalog.table}
        return Reply("refused", "no_reason", told, _side_by_side(sentence, catalog))
    premise = _PREMISE.match(text)
    if premise:
        return _given(premise["claim"], premise["question"], catalog, read)
    return _why(text, sentence, catalog, read)


def _together(cause: str, effect: str, sentence: Sentence, catalog: Catalog, read: Read) -> Outcome:
    """Answer whether two things go together; that is no proof that one makes the other."""
    for question in (
        f"does {effect} differ by {cause}",
        f"how is {cause} related to {effect}",
        f"does {cause} differ by {effect}",
        f"{effect} rate by {cause}",
    ):
        outcome = read(question, catalog)
        if isinstance(outcome, Reading) and _relates(outcome, catalog):
            return replace(outcome, after="no_cause", preface="why")
    return Reply("refused", "no_cause_known", {}, _side_by_side(sentence, catalog))


def _relates(reading: Reading, catalog: Catalog) -> bool:
    """Tell whether a reading sets two things against each other."""
    request = reading.requests[0]
    if isinstance(request, CrossTable):
        tall = [catalog.columns.get(name) for name in (request.rows, request.columns)]
        return all(column is None or (column.n_distinct or 0) <= _MOST_ROWS for column in tall)
    grouped = isinstance(request, Aggregate) and bool(request.by) and not request.limit
    return isinstance(request, GroupDifference | Correlation) or grouped


def _given(claim: str, question: str, catalog: Catalog, read: Read) -> Outcome | None:
    """Look at the claim first, then answer what is built on it."""
    checked = _claim(claim, catalog, read)
    if checked is None:
        return None
    asked = read(question, catalog)
    if not isinstance(asked, Reading):
        return replace(checked, after="yours_to_decide")
    notes = tuple(dict.fromkeys((*checked.notes, *asked.notes)))
    return replace(checked, requests=(*checked.requests, *asked.requests), notes=notes)


def _claim(claim: str, catalog: Catalog, read: Read) -> Reading | None:
    """Read a statement as the question whether it is so."""
    said = _BE.match(claim)
    asked = [f"{said['be']} {said['who']} {said['what']}"] if said else []
    for question in (*asked, f"do {claim}", f"{claim}, right?", claim):
        outcome = read(question, catalog)
        if isinstance(outcome, Reading) and any(isinstance(r, Filtered) for r in outcome.requests):
            return _with_leader(outcome, claim, catalog)
    return None


def _with_leader(reading: Reading, claim: str, catalog: Catalog) -> Reading:
    """Have it said whether "fiber customers churn less" holds, where rates of several groups are compared."""
    request = reading.requests[0]
    words = set(claim.lower().split())
    way = (
        "ascending" if words & cue("claims_lower") else "descending" if words & cue("claims_higher") else None
    )
    if not isinstance(request, Aggregate) or len(request.by) != 1 or way is None or reading.claimed_first:
        return reading
    links = [v for i in annotate(claim, catalog).items for v in i.values if v.column == request.by[0].column]
    if len(links) != 1:
        return reading
    ranked = request.model_copy(update={"order": way})
    return replace(reading, requests=(ranked,), claimed_first=str(links[0].value))


def _why(text: str, sentence: Sentence, catalog: Catalog, read: Read) -> Outcome | None:
    """Read "why ...": whether it is so, or what goes with it."""
    made = _MADE.match(text)
    if made and not sentence.has("segment"):
        text = f"why did {made['rest'].strip()}"
    if sentence.has("over_time", "growth") and catalog.table.time is None and text.lower().startswith("why"):
        return Reply("refused", "no_time", {"table": catalog.table}, starters(catalog)[:3])
    ranked = read_rank_claim(sentence, catalog)
    if ranked is not None:
        return ranked
    if any(item.has("period") for item in sentence.items) and (bought := _BUYS.search(text)):
        way = "rise" if bought["way"].lower() == "more" else "fall"
        return _as_why(read(f"{text[: bought.start()]} spending {way} {text[bought.end() :]}", catalog))
    found = _WHY.match(text)
    if found is None:
        come = _HOW_COME.match(text)
        said = read(come["rest"], catalog) if come else None
        return _of_two_sides(said, text, catalog) if isinstance(said, Reading) else None
    words = {token.norm for token in sentence.tokens}
    comparing = words & (cue("claims_higher") | cue("claims_lower") | {"more", "less"})
    plain = read(f"{found['verb']} {found['rest']}", catalog)
    request = plain.requests[0] if isinstance(plain, Reading) else None
    if comparing and isinstance(plain, Reading) and isinstance(request, GroupDifference | Correlation):
        return replace(plain, preface="why")
    sides = _of_two_sides(plain, text, catalog) if isinstance(plain, Reading) else None
    if comparing and sides is not None:
        return sides
    leaving = isinstance(request, Aggregate) and _counts_an_outcome(request, catalog)
    if leaving:
        return Reading((FindChurnRisk(),), preface="why")
    return _as_why(plain) if made else None


def _of_two_sides(reading: Reading, text: str, catalog: Catalog) -> Reading | None:
    """Have it said whether "the store has more orders than the app" holds, where both are side by side."""
    request, tokens = reading.requests[0], annotate(text, catalog).tokens
    than = next((place for place, token in enumerate(tokens) if token.norm == "than"), None)
    if not isinstance(request, Aggregate) or len(request.by) != 1 or request.limit or than is None:
        return None
    if any(token.norm == "often" for token in tokens) and not any(m.per for m in request.measures):
        return None  # how often somebody does something is no number of people
    words = {token.norm for token in tokens[:than]}
    lower = words & (cue("claims_lower") | {"less", "fewer"})
    higher = words & (cue("claims_higher") | {"more"})
    column = request.by[0].column
    items = annotate(text, catalog).items
    named = [(i.start, v.value) for i in items for v in i.values[:1] if v.column == column]
    before = [value for start, value in named if start < than]
    if bool(lower) == bool(higher) or len(before) != 1 or len(named) != 2:
        return None
    ranked = request.model_copy(update={"order": "ascending" if lower else "descending"})
    return replace(reading, requests=(ranked,), preface="why", claimed_first=str(before[0]))


def _as_why(outcome: Outcome) -> Outcome:
    return replace(outcome, preface="why") if isinstance(outcome, Reading) else outcome


def _counts_an_outcome(request: Aggregate, catalog: Catalog) -> bool:
    """Tell whether a request only counts those to whom the outcome happened: "why do customers leave"."""
    bare = (
        not request.by and len(request.where) == 1 and all(m.statistic == "count" for m in request.measures)
    )
    column = catalog.columns.get(request.where[0].column) if request.where else None
    return bare and column is not None and column.role == "outcome" and catalog.is_flag(column.name)


def read_rank_claim(sentence: Sentence, catalog: Catalog) -> Reading | None:
    """Read "why do Platinum members spend the least?", "is Mumbai the city with the most customers?".

    What is ranked are all groups, among which the one named may or may not come first.
    """
    first = sentence.tokens[0].norm
    if first not in ("why", "is", "are", "do", "does", "did", "was", "were") or not sentence.has(
        "superlative"
    ):
        return None
    found = read_data_question(sentence, catalog)
    request = found[0].requests[0] if found else None
    if found is None or not isinstance(request, Aggregate) or found[1].superlative is None:
        return None
    named = [c for c in request.where if c.is_ == "equal" and _names_group(c, request, catalog)]
    if len(named) != 1:
        return None
    parts = found[1]
    if [item for item in parts.sentence.unexplained() if not item.senses]:
        return None
    claimed = named[0]
    measures = [
        Measure(statistic="mean", column=m.column) if m.statistic in ("max", "min") else m
        for m in request.measures
    ]
    ranked = Aggregate(
        measures=measures[:1],
        by=[GroupBy(column=claimed.column)],
        where=[c for c in request.where if c != claimed],
        order="descending" if parts.superlative == "desc" else "ascending",
        table=request.table,
    )
    preface = "why" if first == "why" else ""
    return replace(found[0], requests=(ranked,), preface=preface, claimed_first=str(claimed.value))


def _names_group(one: Condition, request: Aggregate, catalog: Catalog) -> bool:
    """Tell whether a condition names one of several groups, which a ranking may be about."""
    column = catalog.columns.get(one.column)
    grouped = {group.column for group in request.by}
    if column is None or (grouped and grouped != {one.column}):
        return False
    return column.kind == "text" and (column.n_distinct or 0) >= 2 and column.role in ("category", "place")


def _side_by_side(sentence: Sentence, catalog: Catalog) -> tuple[str, ...]:
    """Return the comparisons that come nearest: what is measured, by what the question would change."""
    named = [item.links[0].column for item in sentence.items if item.links and item.links[0].score > 0.7]
    named += [item.values[0].column for item in sentence.items if item.values]
    names = list(dict.fromkeys(name for name in named if name in catalog.loaded))
    flags = [name for name in names if catalog.columns[name].role == "outcome"]
    groups = [
        name
        for name in names
        if name not in flags
        and catalog.columns[name].kind == "text"
        and (catalog.columns[name].n_distinct or 99) <= 30
    ]
    numbers = [name for name in names if catalog.columns[name].kind == "number" and name not in flags]
    choices = [f"What is the {flag} rate by {group}?" for flag in flags[:1] for group in groups[:2]]
    choices += [f"What drives {flag}?" for flag in flags[:1]]
    choices += [f"What is the average {number} by {group}?" for number in numbers[:1] for group in groups[:1]]
    choices += [f"Is {numbers[0]} related to {numbers[1]}?"] if len(numbers) > 1 else []
    return tuple(dict.fromkeys(choices))[:3] or starters(catalog)[:2]
