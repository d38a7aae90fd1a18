"""Says whether a number claims something about the data, or belongs to a proposal or a what-if."""

from __future__ import annotations

import re

from assistant.grounding.kinds import PEOPLE, ROWS
from assistant.grounding.offers import is_of_an_offer
from assistant.grounding.verbs import ALSO_NOUNS, FINITE
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
    r"\b(?:discount\w*|off|vouchers?|coupons?|bonus\w*|(?<=\s)budgets?|hold-?\s?out\w*|control|pilot\w*|trial|weeks?|days?|"
    r"months?|hours?|minutes?|credit|top-up|gift|rebate|cash-?back|points|per head|per (?:customer|"
    r"member|person)|"
    r"a month|each|test|treat\w*|group|cost\w*|increase|decrease|reduction|uplift|lift|cut|drop|fall|"
    r"rise|significance|"
    r"power|confidence|target|goal|halves|half|sample|e-?mails?|messages?|reminders?|calls?|samples?)\b",
    re.IGNORECASE,
)
# Where a clause of its own begins: what a proposal or a "would" says before it says nothing of it.
_NEW_CLAUSE = re.compile(
    r"[;:(]|\s[–—-]\s|,\s|\b(?:but|yet|still|nevertheless|however|while|whereas|although|though|that)\b", re.I
)
_STATED_BEHIND = re.compile(rf"[^;:,.(]{{0,30}}?\s(?:{FINITE})\b", re.IGNORECASE)
_VERB = re.compile(rf"\b(?P<verb>{FINITE})\b", re.IGNORECASE)
_OF_A_NAME = re.compile(rf"(?:^|\s)n{{3,}}\s(?:\w+ly\s)?(?P<verb>{ALSO_NOUNS})\b")  # names are blanked so
_NO_SUBJECT = re.compile(
    r"(?:^|\W)(?:then|please|first|next|also|so|and|or|instead|just|simply|to|not|n['’]t|how|what|why|if|whether|when|"
    r"unless|should|let|make|help|have|get|ensure|would|could|might|will|can|may|must|shall|who|which|whose|"
    r"suppose|supposing|assum\w+|imagine)\s*$",
    re.IGNORECASE,
)
_IS_UNREAL = re.compile(
    r"\b(?:if|how|what|why|whether|when|unless|should|let|help|ensure|would|could|might|will|can|may|must|shall|who|"
    r"which|whose|suppose|supposing|assum\w+|imagine|then|needs?)\b|['’](?:d|ll)\b",
    re.IGNORECASE,
)
_HYPOTHESIS = re.compile(
    r"\b(?:if|suppos\w+|assum\w+|hypothetical\w*|were to|even an?)\b|(?:^|[,;:]\s)\W*imagine\b", re.IGNORECASE
)
_OF_A_TEST = re.compile(
    r"\b(?:discount\w*|off|vouchers?|coupons?|bonus\w*|(?<=\s)budgets?|hold-?\s?out\w*|each group|pilot\w*|"
    r"(?:control|test|treatment) groups?|trial|rebate|cash-?back|per head|test(?:s|ed|ing)?|treat\w*|costs?|"
    r"bill|samples?|power|significance|confidence|(?:a|the|our|your) (?:target|goal)|enough|sufficient|"
    r"reminders?|campaign|experiment)\b",
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
    return "" if not kind or _cites(text, number) or _is_claimed(text, number) else kind


def _mood(text: str, number: WrittenNumber, under: str) -> str:
    before = text[: number.start]
    if _IMPERATIVE.search(text) or _HEADING_OF_ADVICE.match(under):
        return "proposal"
    if any(match.start() < number.start for match in _AFTER_MARK.finditer(text)):
        return "proposal"
    if _PROPOSES.search(text) or _EXAMPLE.search(before) or is_of_an_offer(text, number):
        return "proposal"
    return "what if" if _WHAT_IF.search(text) else ""


def _is_claimed(text: str, number: WrittenNumber) -> bool:
    """Return whether a number's clause says how things are: "I would not bet, but Hill has 3"."""
    if not number.text or number.kind == "word" or _HYPOTHESIS.search(text):
        return False
    starts = [match.end() for match in _NEW_CLAUSE.finditer(text, 0, number.start)]
    start = max(starts, default=0)
    end = min((match.start() for match in _NEW_CLAUSE.finditer(text, number.end)), default=len(text))
    before, behind = text[start : number.start], text[number.end : end]
    if _OF_A_TEST.search(before) or _OF_A_TEST.search(behind):
        return False
    stated = _last_statement(before)
    if stated is not None:
        return True
    is_free = not _IS_UNREAL.search(before + behind) and not _IMPERATIVE.search(before)
    return bool(starts) and is_free and bool(_STATED_BEHIND.match(behind))


def _last_statement(before: str) -> str | None:
    """Return the subject of the verb that leads to a number, None where there is none or it is unreal."""
    verbs = [*_VERB.finditer(before), *_OF_A_NAME.finditer(before)]
    verbs.sort(key=re.Match.end)
    if not verbs:
        return None
    subject, gap = before[: verbs[-1].start("verb")], before[verbs[-1].end() :]
    is_told = (
        re.search(r"\w", subject)
        and not _NO_SUBJECT.search(subject.rstrip())
        and not _IS_UNREAL.search(subject)
    )
    return subject if is_told and len(gap.split()) <= 6 else None


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
