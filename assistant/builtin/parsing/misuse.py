"""Tells messages that try to talk the rules away, reach beyond the data, or get at its rows.

Each is told by its shape: a kind of verb with a kind of object (`misuse` in `words.toml`), never by one word.
"Ignore your rules" is one, "ignore the frequency columns" none; "drop the table", not "drop the outliers".
"""

from __future__ import annotations

import re
from functools import cache

from assistant.builtin.lexicon import misuse_words

_BETWEEN = r"(?:[\w'’/-]+,? ){0,4}?"
_DETERMINER = (
    r"(?:the |this |that |my |our |your |all |of |any |every |whole |entire |complete |full |\w+ )*?"
)
_POLITE = (
    r"^(?:(?:please|pls|kindly|now|and|then|ok|okay|just|also|hey|can you|could you|would you|will you|"
    r"you must|i want you to|i need you to|i'd like you to|let's|go ahead and|do)[\s,]+)*"
)
# What follows an order to leave rows out, if it is a question about the others.
_THEN_ASKS = re.compile(
    r"(?:,|;|:|\band\b|\bthen\b|\bbefore\b)\s*(?:then |and |please |now |how |what |which |show |give |tell |"
    r"calculate |compute |count |plot |draw |find |average |the |mean |median |total |number )*"
    r"(?:how many|how much|what|which|who|show|give|tell|calculate|compute|count|plot|draw|average|mean|"
    r"median|total|sum|share|number|number of|\w+ (?:by|per|rate)\b)",
    re.IGNORECASE,
)


def is_misuse(text: str) -> bool:
    """Tell whether a message is an attempt to misuse the analyst.

    Args:
        text: The message as written.
    """
    plain = " ".join(re.sub(r"[^\w\s'’,;:/&.-]", " ", text.lower()).split())
    return any(pattern.search(plain) for pattern in _patterns()) or _destroys(plain)


def asks_about_the_rest(text: str) -> bool:
    """Tell whether what is to be deleted is only to be left out of the question behind it."""
    found = _THEN_ASKS.search(text)
    return found is not None and found.start() > len(text.split()[0])


def _destroys(plain: str) -> bool:
    verbs, stores = _any_of("destroying"), _any_of("store")
    found = re.search(rf"{_POLITE}(?:{verbs})\b (?P<what>.*)$", plain)
    if found is None:
        return False
    store = re.match(rf"{_DETERMINER}(?:{stores})\b(?! (?:chart|view|columns?|filters?))", found["what"])
    return store is not None and not asks_about_the_rest(plain)


def intends_harm(text: str) -> bool:
    """Tell whether something is to be done to people to their harm: "so that we can charge them more"."""
    plain = " ".join(text.lower().split())
    pattern = rf"\b(?:{_any_of('intending')}) (?:\w+ ){{0,3}}?(?:{_any_of('adverse')})\b"
    return re.search(pattern, plain) is not None


def dictates(text: str) -> bool:
    """Tell whether a message orders what an answer has to say, whatever the data hold."""
    plain = " ".join(text.lower().split())
    if plain.endswith("?"):
        return False
    told = re.search(rf"{_POLITE}(?:{_any_of('dictating')})\b", plain)
    return told is not None or re.search(rf"\b(?:{_any_of('embellishing')})\b", plain) is not None


def _any_of(kind: str) -> str:
    return "|".join(misuse_words(kind))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    aside, rules, shown = _any_of("setting_aside"), _any_of("rules"), _any_of("showing")
    told, rows, beyond = _any_of("what_was_told"), _any_of("rows"), _any_of("beyond")
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"\b(?:{aside})\b {_BETWEEN}(?:{rules})\b",
            rf"\b(?:{aside})\b {_BETWEEN}(?:{told})\b",
            rf"\b(?:{shown})\b {_BETWEEN}(?:{told})\b",
            rf"\bwhat (?:is|are|were|was)\b {_BETWEEN}(?:{told})\b|\bwhat were you told\b",
            rf"\b(?:{_any_of('persona')})\b",
            rf"\bwithout (?:any |all |your )*(?:{rules})\b|\bno (?:more )?(?:rules|limits|restrictions)\b",
            rf"^(?!.*\b(?:how many|number of|count)\b).*\b(?:{shown})\b {_BETWEEN}(?:{rows})\b"
            r"(?!.*\b(?:by|per|with|without|where|whose)\b)",
            rf"\b(?:{_any_of('as_they_are')})\b",
            r"\b(?:row|record|line|entry) (?:number |no\.? |nr\.? )?\d+\b",
            rf"\b(?:{beyond})\b",
            rf"{_POLITE}(?:{_any_of('running')})\b {_BETWEEN}(?:{_any_of('code')})\b",
        )
    )
