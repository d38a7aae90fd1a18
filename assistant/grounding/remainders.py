"""Knows the words that speak of everybody else or of what remains: "the rest", "not", "stayed"."""

from __future__ import annotations

import re

from assistant.grounding.changes import CHANGED, COUNTED, FELL, ROSE
from assistant.grounding.directions import DOWN, UP
from assistant.grounding.facts import OTHERS, SourcedFact
from assistant.grounding.kinds import PEOPLE
from assistant.grounding.sentences import Place, Sentence
from assistant.grounding.verbs import FINITE
from assistant.grounding.written_numbers import WrittenNumber

OF_OUTCOME, OF_SUM = "outcome", "sum"  # parts of all with an outcome, and of a sum, that a sentence names
_OUTCOMES = (
    r"(?:non-)?(?:leav\w*|left|churn\w*|cancel\w*|laps\w*|quit\w*|lost|default\w*|return\w*|miss\w*|no-shows?|clos\w*|"
    r"renew\w*|complain\w*|convert\w*|respon\w*|late|delay\w*|subscri\w*|bought|buy\w*|exit\w*|depart\w*|reopen\w*|drop\w*)"
)
_OF_OUTCOME = re.compile(
    rf"\s*(?:of|among)\s+(?:[\w,.%-]+\s+){{0,4}}?{_OUTCOMES}\b|\s*(?:of|among)\s+(?:all|those|everyone|everybody)\s+who\b",
    re.I,
)
_AMONG_OUTCOME = re.compile(rf"\b(?:of|among)\s+(?:[\w,.-]+\s+){{0,3}}?{_OUTCOMES}\b", re.IGNORECASE)
_OF_SUM = re.compile(
    r"\s*of\s+(?:all\s+|the\s+|our\s+|total\s+|every\s+){0,2}(?P<noun>[a-z]+s|spend|revenue|time|use)\b", re.I
)
_OF_OTHERS = re.compile(
    r"\b(?:others?|elsewhere|everybody|everyone|rest|remaining|against|than|versus|vs|compared|instead of)\b",
    re.I,
)
_OF_ALL = re.compile(
    r"\b(?:overall|totals?|all|everybody|everyone|general(?:ly)?|across|whole|entire|altogether|norm|base|"
    r"averages?|mean|baseline|benchmark|usual|combined|together|than|against|versus|vs|"
    r"compared|above|below|of (?:the|our|your))\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\bof\s+(?:the\s+|all\s+|our\s+|your\s+){0,2}\W{0,3}$", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:(]|,\s")
_OF_THE_REST = re.compile(
    r"\b(?:others?|elsewhere|everybody|everyone|rest|remaining|remainder|remains?|without|excluding|except|outside|"
    r"other than|apart from|instead of|leaving|left over|else|beyond|aside from|not|do(?:es)?n['’]t)\b",
    re.I,
)
_OF_CHANGE = re.compile(
    rf"{UP.pattern}|{DOWN.pattern}|\b(?:chang\w+|grow\w*|growth|added|gain\w*|loss|lower|higher|more|less|fewer|above|"
    r"below|increase|decrease|plus|minus|swing|jump\w*|surg\w+|slump\w*|plung\w+|soar\w+|slipp?\w*|eased|"
    r"compared|versus|vs|m/m|q/q|y/y|m-o-m|mom|qoq|yoy|year[- ]on[- ]year|year[- ]over[- ]year|"
    r"month[- ]on[- ]month|previous|prior|preceding|after)\b|^\W*of (?:that|this|those|these|it)\b",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\s+(?:under|over|short of|beyond|off)\s+(?:the|that|what|its)\b", re.IGNORECASE)
_PERIODS = re.compile(
    r"\W*\w*\W*(?:the\s+)?(?:\w+\s+)?(?:months?|quarters?|weeks?|days?|years?|periods?)\b", re.I
)
_IS_KNOWN = re.compile(
    r"\b(?:known|complete|filled|present|available|recorded|have an?|has an?|with an?)\b", re.I
)
_IS_MISSING = re.compile(
    r"\b(?:not|no|nobody|none|nothing|never|neither|nor|missing|unknown|lack\w*|empty|without|blank|gaps?|"
    r"absent|un\w+|"
    r"incomplete\w*|fail\w*|omit\w*|skip\w*|left out|leave out|refus\w*|withh\w*|declin\w*|nulls?|nan|n/a|"
    r"lost|exclud\w*|dropp?\w*|drop out|hole\w*|only partly|silent|n['’]t)\b|n['’]t\b",
    re.I,
)
# A clause that says what rows do, "rows state", and no heading of a list, "NPS: 115".
_SAYS = re.compile(
    rf"\b(?:{FINITE}|answer(?:ed|s)?|g[ai]ve|know[ns]?|state[ds]?|declare[ds]?|name[ds]?|\w+ed)\b", re.I
)
_OF_WHAT_REMAINS = re.compile(
    r"\b(?:not|no|none|without|never|others?|rest|remaining|remains?|stay(?:s|ed)?|kept|keep|retained|retention|known|"
    r"complete|present|filled|available|valid|usable|loyal|still|leaving|unexplained|outside|else|lack|"
    r"with a|have an?|"
    r"\w+n['’]t|non|un\w+)\b",
    re.I,
)


def speaks_of_others(text: str, number: WrittenNumber) -> bool:
    """Return whether a number's own part of a sentence speaks of everybody else."""
    return bool(_OF_OTHERS.search(clause_of(text, number)))


def speaks_of_all(sentence: Sentence, place: Place) -> bool:
    """Return whether a number may be of everybody: its own part of the sentence says so or names no group."""
    number, text = sentence.numbers[place], sentence.text
    clause = re.split(r"[;:(]", text[: number.start])[-1] + clause_of(text, number)
    start = max((each.end() for each in _CLAUSE.finditer(text, 0, number.start)), default=0)
    end = min((each.start() for each in _CLAUSE.finditer(text, number.end)), default=len(text))
    inside = {name for name, first, last in sentence.names if start <= first and last <= end}
    return (
        not inside & sentence.told[place]
        or bool(_OF_ALL.search(clause))
        or bool(_OF.search(text[: number.start]))
    )


def is_spoken_of(sourced: SourcedFact, text: str, number: WrittenNumber) -> bool:
    """Return whether a sentence has the words that what follows from a fact needs: "the rest", "not"."""
    if sourced.fact.scope.startswith(OTHERS) and not sourced.needs:
        return bool(_OF_OTHERS.search(text) or _OF_THE_REST.search(text))
    if not sourced.needs:
        return True
    if sourced.needs in (ROSE, FELL):
        return number.kind != "part" and bool((UP if sourced.needs == ROSE else DOWN).search(text))
    if sourced.needs == OF_OUTCOME:
        before = re.split(r"[;.]", text[: number.start])[-1]
        return bool(_OF_OUTCOME.match(text, number.end) or _AMONG_OUTCOME.search(before))
    if sourced.needs == OF_SUM:
        whole = _OF_SUM.match(text, number.end)
        return whole is not None and whole["noun"].lower().removesuffix("s") not in PEOPLE
    if sourced.needs == COUNTED:
        return bool(_PERIODS.search(text[number.start :]))
    if sourced.needs == CHANGED:
        under = _UNDER.match(text, number.end)  # "14% under the 800 of Q3"
        return number.signed or bool(under or _OF_CHANGE.search(text))
    return bool((_OF_THE_REST if sourced.needs == "rest" else _OF_WHAT_REMAINS).search(_near(text, number)))


def is_told_of_its_opposite(sourced: SourcedFact, text: str) -> bool:
    """Return whether the share of missing values is told as that of known ones."""
    if sourced.needs or "missing" not in sourced.fact.name or sourced.fact.name.startswith("n_columns"):
        return False
    return bool(_IS_KNOWN.search(text) or _SAYS.search(text)) and not _IS_MISSING.search(text)


def clause_of(text: str, number: WrittenNumber) -> str:
    """Return the part of a sentence that a number stands in."""
    before = re.split(r"[;:(]|,\s(?!against|versus|compared)", text[: number.start])[-1]
    return before + text[number.start : number.end] + re.split(r"[;:(]|,\s", text[number.end :])[0]


def _near(text: str, number: WrittenNumber) -> str:
    """Return a number's sentence without what stands behind a semicolon or in other brackets."""
    return re.split(r"[;]", text[: number.start])[-1] + re.split(r"[;]", text[number.end :])[0]
