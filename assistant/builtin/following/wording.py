"""Knows what of a message only softens it, and which side of "X instead of Y" is wanted."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from assistant.builtin.conversation import plain_words

_FRAMES = Path(__file__).parent.parent / "frames.toml"
_MOST_OF_A_REASON = 9  # words

_LEAD = (
    "and|now|ok|okay|so|then|but|please|can you|could you|can we|could we|would you|let's|lets|"
    "let us|i want to|"
    "i'd like to|also|just|no|well|what if you|what if we|maybe|hmm|cool|great|thanks|next|actually|"
    "go ahead and"
)
_TAIL = "please|now|instead|then|for me|thanks|thank you|too|as well|rather|again|i mean|i meant|that is"


def bare_words(text: str) -> str:
    """Return the words of a message without what only introduces or softens them."""
    plain = plain_words(text)
    plain = re.sub(rf"^(?:(?:{_LEAD})\s+)+", "", plain)
    return re.sub(rf"(?:\s+(?:{_TAIL}))+$", "", plain)


def wanted_part(text: str) -> str:
    """Return the wanted side of "X instead of Y", "X not Y" and "not Y but X"."""
    for pattern in (
        r"^(?P<x>.+?),? (?:instead of|rather than|in place of|and not(?! (?:on|in|with|from|to|at|of)\b)) "
        r"(?:the |by )?.+$",
        r"^(?:no,? |sorry,? )?(?:instead of|not|rather than) (?:the |by )?[^,]+?(?:,| but) (?P<x>.+)$",
        r"^(?:i (?:meant|mean|said|want(?:ed)?) )?(?P<x>(?!.*\b(?:how|is|are|was|were|do|does|did|has|"
        r"have|had|who|but|and|"
        r"or|those|if|why)\b)\S.*?),? not (?:the |by )?\w+(?: \w+){0,2}[.!]?$",
    ):
        found = re.match(pattern, text.strip(), re.IGNORECASE)
        if found:
            return found["x"] + (" instead" if "instead" not in found["x"] else "")
    return text


@cache
def _asides() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    document = tomllib.loads(_FRAMES.read_text(encoding="utf-8"))

    def either(name: str) -> str:
        return "|".join(re.escape(one) for one in sorted(document[name], key=len, reverse=True))

    before = re.compile(rf"(?:(?:{either('aside_before')})\s*[,;:–—-]+\s*)+(?=\S)", re.IGNORECASE)
    behind = re.compile(rf"(?<=\S)(?:\s*[,;–—-]+\s*(?:{either('aside_behind')}))+\s*[.!?]*$", re.IGNORECASE)
    reason = re.compile(
        rf"(?<=\S)\s*[,;–—-]+\s*(?:{either('reason_lead')})\b(?:\s+\S+){{0,{_MOST_OF_A_REASON}}}$",
        re.IGNORECASE,
    )
    return before, behind, reason


def without_asides(text: str) -> str:
    """Leave out what is said around a message: "hang on, ...", "..., sorry", "..., it is just a name"."""
    before, behind, reason = _asides()
    left = text.strip()
    found = before.match(left)
    left = left[found.end() :] if found else left
    for pattern in (behind, reason):
        left = pattern.sub("", left)
    return left if len(left.split()) > 1 or left == text.strip() else text
