"""Checks claims in words alone: a difference is significant, a distribution skewed, a forecast too high."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.facts import SourcedFact
from assistant.grounding.sentences import Sentence
from tools.core import Fact

_IS_OPEN = re.compile(
    r"\b(?:if|whether|until|unless|detect|reach\w*|would|could|to see|to find out|test(?:ed|ing)? for)\b|\?",
    re.I,
)
Span = tuple[int, int]
_SIGNIFICANT = re.compile(
    r"(?:\b(?P<stat>statistical(?:ly)?)\s+)?\bsignifican(?:t(?:ly)?|ce)\b|"
    r"\b(?P<chance>(?:down|due|owed) to chance|(?:ar[io]se\w*|c[ao]me about|explained|happen\w*) by chance|"
    r"mere chance|pure chance|coincidence|random(?: noise| variation)?)\b|"
    r"\b(?P<same>(?:statistically\s+)?indistinguishable)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|in|neither|nor|without|lacks?|hardly|unlikely|rarely|seldom|"
    r"cannot|ruled? out|rather than|beyond)\b"
    r"[^.;,]{0,40}$|n['’]t\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_INSIGNIFICANT = re.compile(r"\binsignifican(?:t|ce)\b", re.IGNORECASE)
_LEFT = re.compile(
    r"\b(?:left[\s-]skew\w*|skew\w*\s+(?:strongly\s+|clearly\s+|heavily\s+)?(?:to(?:wards?)?\s+the\s+)?left|negative(?:ly)?[\s-]skew\w*|"
    r"long left tail|tail (?:on|to) the left)\b",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"\b(?:right[\s-]skew\w*|skew\w*\s+(?:strongly\s+|clearly\s+|heavily\s+)?(?:to(?:wards?)?\s+the\s+)?right|positive(?:ly)?[\s-]skew\w*|"
    r"long right tail|tail (?:on|to) the right)\b",
    re.IGNORECASE,
)
_EVEN = re.compile(r"\b(?:symmetric(?:al)?|normally distributed|bell[\s-]shaped|gaussian)\b", re.IGNORECASE)
_TOO_HIGH = re.compile(
    r"\b(?:over-?(?:forecast|estimat|predict|shot|shoot)\w*|too (?:high|optimistic)|was optimistic)\b",
    re.I,
)
_TOO_LOW = re.compile(
    r"\b(?:under-?(?:forecast|estimat|predict|shot|shoot)\w*|"
    r"too (?:low|pessimistic|cautious)|(?:was|were) pessimistic)\b",
    re.I,
)
_HUGE = re.compile(
    r"\b(?:large|strong|huge|substantial|considerable|big)\s+(?:effect|difference)|effect\s+is\s+(?:large|strong|huge)\b",
    re.I,
)
_TINY = re.compile(
    r"\b(?:negligible|tiny|trivial|minimal|marginal|practically (?:nil|zero))\s+(?:effect|difference)|"
    r"\b(?:effect|difference)\s+is\s+(?:\w+\s+)?(?:negligible|tiny|trivial|minimal|marginal)\b|"
    r"\bno (?:real|meaningful|notable) (?:effect|difference)\b",
    re.IGNORECASE,
)
_EFFECT = re.compile(r"^hedges_g$|^cohens?_d$")
_LIMIT = 0.05  # the level that "significant" means where nobody names one


class Claims:
    """What the facts of an answer say about significance, skew, effects and errors of forecasts.

    Args:
        facts: All facts that may be quoted.
    """

    def __init__(self, facts: Sequence[SourcedFact]) -> None:
        self._p = [
            _value(each.fact)
            for each in facts
            if re.match(r"p_value|p$", each.fact.name) and _is_number(each.fact)
        ]
        self._skew = [
            _value(each.fact) for each in facts if each.fact.name.startswith("skew") and _is_number(each.fact)
        ]
        self._effects = [
            abs(_value(each.fact))
            for each in facts
            if _EFFECT.match(each.fact.name) and _is_number(each.fact)
        ]
        self._errors = [
            each.fact
            for each in facts
            if re.fullmatch(r"check(?:_value)?_error_pct", each.fact.name) and _is_number(each.fact)
        ]

    def contradicted(self, sentence: Sentence) -> Iterator[Span]:
        """Yield start and end of words that the facts contradict."""
        if _IS_OPEN.search(sentence.text):
            return
        yield from self._significance(sentence.text)
        yield from _of_sign(sentence.text, self._skew, _RIGHT, _LEFT)
        yield from self._forecast(sentence.text)
        yield from self._effect(sentence.text)
        if self._skew and all(abs(skew) > 1 for skew in self._skew):
            yield from (
                match.span()
                for match in _EVEN.finditer(sentence.text)
                if not _is_denied(sentence.text, match)
            )

    def _significance(self, text: str) -> Iterator[Span]:
        if not self._p:
            return
        found, none = all(p < _LIMIT for p in self._p), all(p >= _LIMIT for p in self._p)
        for match in _INSIGNIFICANT.finditer(text):
            if found and not _is_denied(text, match):
                yield match.span()
        for match in _SIGNIFICANT.finditer(text):
            says = not (match["chance"] or match["same"])
            says = says != _is_denied(text, match)
            if (says and none and (match["stat"] or not re.search(r"\d", text))) or (not says and found):
                yield match.span()

    def _forecast(self, text: str) -> Iterator[Span]:
        of_value = re.search(r"\b(?:value|money|revenue|sales|spend|amount)\b", text, re.IGNORECASE)
        errors = [each for each in self._errors if ("value" in each.name) == bool(of_value)] or self._errors
        if not re.search(r"\brule\b|\bnaive\b", text, re.IGNORECASE):
            yield from _of_sign(text, [_value(each) for each in errors], _TOO_HIGH, _TOO_LOW)

    def _effect(self, text: str) -> Iterator[Span]:
        for words, contradicts in ((_HUGE, lambda size: size < 0.35), (_TINY, lambda size: size > 0.4)):
            for match in words.finditer(text):
                if self._effects and all(map(contradicts, self._effects)) and not _is_denied(text, match):
                    yield match.span()


def _of_sign(
    text: str, values: Sequence[float], positive: re.Pattern[str], negative: re.Pattern[str]
) -> Iterator[Span]:
    """Yield words that name the other sign than every value has."""
    for words, sign in ((positive, 1), (negative, -1)):
        for match in words.finditer(text):
            if values and all(sign * value < 0 for value in values) and not _is_denied(text, match):
                yield match.span()


def _is_denied(text: str, match: re.Match[str]) -> bool:
    return bool(_DENIED.search(text[: match.start()]))


def _is_number(fact: Fact) -> bool:
    return isinstance(fact.value, int | float) and not isinstance(fact.value, bool)


def _value(fact: Fact) -> float:
    return float(fact.value)  # type: ignore[arg-type]
