"""Says of which measures a text speaks, by the words of the facts' names: "waits" of `mean_wait_min`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.grounding.measures import measure_of, measures_in
from tools.core import Fact

_WORD = re.compile(r"[a-z]+")
_SAID_AS = {
    **dict.fromkeys(("average", "averages"), "mean"),
    **dict.fromkeys(("typical", "typically"), "median"),
    **dict.fromkeys(("spend", "spent", "sales", "revenue", "takings", "turnover"), "amount"),
    **dict.fromkeys(("percentage", "proportion", "part"), "share"),
    **dict.fromkeys(("number", "count"), "n"),
    **dict.fromkeys(("total", "totals"), "sum"),
}
_OF_ANY = frozenset(
    ["n", "of", "pct", "share", "rate", "where", "in", "min", "max", "the", "value", "days", "mean", "median",
     "sum", "total", "by", "all", "to", "a", "size"]
)  # fmt: skip
_RATE = re.compile(r"where_share|_rate_|^rate")
_RATE_WORDS = re.compile(
    r"\b(?:rates?|likely|likelihood|prone|often|churn\w*|cancel\w*|clos\w+|default\w*|leav\w+|left|renew\w*|return\w*|"
    r"complain\w*|miss(?:ed|es|ing)?|loyal\w*|risk\w*)\b",
    re.IGNORECASE,
)


def spoken_names(text: str, facts: Iterable[tuple[str, str]]) -> set[str]:
    """Return which names of facts a text speaks of; all of them where its words fit none better than others.

    Args:
        text: A sentence, without names of groups.
        facts: Name and unit of each fact that it may speak of.
    """
    known = dict(facts)
    words = {_plain(word) for word in _WORD.findall(text.lower())}
    words |= {_SAID_AS[word] for word in words & _SAID_AS.keys()}
    of_rate = {name for name in known if _RATE.search(name)} if _RATE_WORDS.search(text) else set()
    overlap = {name: _overlap(name, words) for name in known}
    best = max(overlap.values(), default=(0, 0))
    if best[0]:
        return {name for name, each in overlap.items() if each == best} | of_rate
    measured = measures_in(text)
    found = {name for name, unit in known.items() if measure_of(Fact(name, 0, unit or None)) in measured}
    return of_rate | found or set(known)


def _overlap(name: str, words: set[str]) -> tuple[int, int]:
    """Return how many words of a name a text has: those that only this measure has, and all."""
    tokens = {_plain(token) for token in name.lower().split("_")}
    own = (tokens - _OF_ANY) & words
    return (len(own), len(tokens & words)) if own else (0, 0)


def _plain(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") if len(word) > 3 else word
