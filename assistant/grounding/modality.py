"""Says whether a number claims something about the data, or belongs to a proposal or a what-if."""

from __future__ import annotations

import re

from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.offers import is_of_an_offer
from assistant.grounding.written_numbers import WrittenNumber

_VERBS = (
    "try|test|consider|start|begin|send|offer|treat|give|split|keep|hold|set|run|reserve|allocate|invite|contact|"
    "target|aim|plan|launch|pilot|measure|reward|ask|focus|assign|randomi[sz]e|compare|wait|spend|invest|cap|limit|"
    "budget|schedule|repeat|review|monitor|track|mail|email|call|reach|promote|upsell|introduce|extend|raise|cut|"
    "reduce|lower|increase|move|leave|exclude|trial|experiment|use|prioriti[sz]e|add|bundle|grant|waive|remind|"
    "withhold|stop|roll|pick|choose|select|draw|take|make|let|protect|nudge|phone|write|surprise|propose"
)
_IMPERATIVE = re.compile(
    r"^[\W\d_]*(?:(?:[A-Z][\w-]*\s?){1,4}[:–—-]\s*)?"
    r"(?:(?:then|please|first|next|finally|also|so|second|third|secondly|instead|(?:for|in|with|to|if|as)\s[^,:]{3,60}[,:]),?\s+)?"
    rf"(?:{_VERBS})\b(?!\s+(?:is|are|was|were|has|have|of|shows?|comes?|rose|fell|takes?|brings?)\b)",
    re.IGNORECASE,
)
_AFTER_MARK = re.compile(
    rf"(?:[;:]|—|\s–|,\s(?:then|and|so)|\band)\s+(?:then\s+)?(?:{_VERBS})\b\s+(?:a|an|the|it|them|those|these|"
    r"half|each|every|any|all|\d|one|two|back|out|only|at|for|about|up|whether|with|by|on|in)\b",
    re.IGNORECASE,
)
_PROPOSES = re.compile(
    r"\b(?:recommend\w*|suggest(?:s|ed|ion)?|propos(?:e|al|ed)\b|advis(?:e|able)|let'?s|should|ought to|"
    r"(?:you|we|i|one|it)(?:['’]d| would| could| might| should)\b|worth (?:testing|trying|a try|piloting)|"
    r"my advice|next steps?|going forward|plan to|aim(?:ing)? (?:for|to|at)|a target of|our target|the goal|"
    r"pilot|hold-?\s?outs?|hold(?:ing)?\s+back|held\s+back|control group|a/b[\s-]test\w*|"
    r"(?:test|treatment) group|vouchers?|budgets?|per head|sample size)\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\b(?:e\.\s?g\.|for example|for instance|such as a|let us say|let's say|say,)", re.I)
_WHAT_IF = re.compile(
    r"\b(?:suppose|supposing|assum(?:e|ing)|imagine|hypothetical\w*|were to|would|wouldn't|could|"
    r"might (?:gain|save|"
    r"keep|retain|add|bring|lose|win|earn|cost)|even a (?:modest|small|slight)|what if)\b|"
    r"(?:^|[,;(–—]|\b(?:and|but))\W*if\b",
    re.IGNORECASE,
)
_GIVES_A_REASON = re.compile(
    r"\b(?:because|since|as they|which|who|whose|that|given(?: that)?|considering)\b", re.I
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|makes? up|accounts? for|holds?|brings?(?: in)?|brought|spends?|"
    r"spent|pays?|paid|"
    r"left|churns?|churned|averages?|stands? at|rose|fell|grew|contributes?|generates?|comes?|belongs?)\b",
    re.IGNORECASE,
)
_HEADING_OF_ADVICE = re.compile(
    r"^[\W\d_]*(?:recommend\w*|next steps?|suggest\w*|what (?:to|i would|we could) (?:do|try)\w*|proposals?|"
    r"action(?:s| plan)?|test plan|how to test|experiment|proposed \w+|advice|ideas?)\b[^.\n]{0,30}$",
    re.IGNORECASE,
)
_A_NAME = re.compile(r"\s+n{3,}\b")  # names are blanked so
_EIGHTY_TWENTY = re.compile(r"\b(\d{2})\s?/\s?(\d{1,2})\b")
_DESIGN = re.compile(
    r"\b(?:discount\w*|off|vouchers?|coupons?|bonus\w*|budgets?|hold-?\s?out\w*|control|pilot\w*|trial|weeks?|days?|"
    r"months?|hours?|minutes?|credit|top-up|gift|rebate|cash-?back|points|per head|per (?:customer|"
    r"member|person)|"
    r"a month|each|test|treat\w*|group|cost\w*|increase|decrease|reduction|uplift|lift|cut|drop|fall|"
    r"rise|significance|"
    r"power|confidence|target|goal|halves|half|sample|e-?mails?|messages?|reminders?|calls?|samples?)\b",
    re.IGNORECASE,
)


def modality_of(text: str, number: WrittenNumber, under: str = "") -> str:
    """Return "proposal" or "what if" where a number of a sentence claims nothing about the data, else "".

    A number that cites the data within such a sentence claims something all the same: one in brackets beside
    what it measures, one with "the" and people ("the 1,213 customers"), one in a clause that gives a reason.

    Args:
        text: The sentence.
        number: One of its numbers.
        under: The heading that the sentence stands under.
    """
    if _is_rule_of_thumb(text, number):
        return "rule of thumb"
    kind = _mood(text, number, under)
    return "" if not kind or _cites(text, number) else kind


def _mood(text: str, number: WrittenNumber, under: str) -> str:
    before = text[: number.start]
    if _IMPERATIVE.search(text) or _HEADING_OF_ADVICE.match(under):
        return "proposal"
    if any(match.start() < number.start for match in _AFTER_MARK.finditer(text)):
        return "proposal"
    if _PROPOSES.search(text) or _EXAMPLE.search(before) or is_of_an_offer(text, number):
        return "proposal"
    return "what if" if _WHAT_IF.search(text) else ""


def _cites(text: str, number: WrittenNumber) -> bool:
    """Return whether a number within a proposal is still said of the data."""
    before, behind = text[: number.start], text[number.end :]
    opened = before.rfind("(")
    if opened > before.rfind(")") and not _EXAMPLE.search(before[opened:]):
        closed = behind.find(")")
        inside = before[opened + 1 :] + " " + (behind[:closed] if closed >= 0 else behind)
        return not _DESIGN.search(inside)
    noun = number.noun.removesuffix("s")
    if re.search(r"\b(?:the|all|these|those|your|our|its|their)\s+\W*$", before, re.I) and (
        noun in PEOPLE or noun in ROWS or behind[:2].strip()[:1].isupper() or _A_NAME.match(behind)
    ):
        return True
    reason = [match.end() for match in _GIVES_A_REASON.finditer(before)]
    if reason and re.match(r"\s*$|[^.;:]*$", before[reason[-1] :]):
        clause = before[reason[-1] :]
        return bool(_STATES.search(clause)) and not re.search(
            r"\b(?:would|could|might|should|will)\b", clause
        )
    return False


def _is_rule_of_thumb(text: str, number: WrittenNumber) -> bool:
    """Return whether a number is part of "an 80/20 pattern"."""
    return any(
        match.start() <= number.start and number.end <= match.end() and int(match[1]) + int(match[2]) == 100
        for match in _EIGHTY_TWENTY.finditer(text)
    )
