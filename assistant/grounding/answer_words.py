"""Knows other words for those who answered yes or no to a column: "cancellers", "who did not cancel"."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Who answered yes, and who no, to columns of these stems.
_ANSWERED = (
    (
        r"left|leav|churn|exit|attrit|quit|cancel|lapsed",
        "leavers|churners|those who left|those who churned|people who left|lost customers|who left|who leave|"
        "who have left|those leaving|who cancelled",
        "stayers|those who stayed|those who remained|people who stayed|non-churners|retained customers|"
        "stayed|who stay|who remained|who kept|retained",
    ),
    (
        r"respond|accept|convert|clicked|opened",
        "responders|those who responded|converters|those who accepted|acceptors",
        "non-responders|those who did not respond|non-converters",
    ),
    (r"default", "defaulters|those who defaulted", "non-defaulters|those who did not default"),
    (r"bought|purchas", "buyers|those who bought", "non-buyers|those who did not buy"),
    (r"return|refund|sent back", "those sent back|that came back", "kept|those that were kept|not sent back"),
    (r"reopen", "that came back", "closed for good"),
    (r"renew", "renewers|those who renewed", "non-renewers|those who did not renew"),
    (r"subscri", "subscribers", "non-subscribers"),
)
_LEFT_OUT = frozenset({"us"})  # what is left of a word is no verb
_AUXILIARY = (
    "do not",
    "don't",
    "don’t",
    "did not",
    "didn't",
    "didn’t",
    "have not",
    "haven't",
    "never",
    "had not",
)


def words_of_answer(column: str, yes: bool) -> Iterator[str]:
    """Yield other words for those who answered yes, or no, to a column.

    Args:
        column: Its name.
        yes: Whether those who answered yes are meant.
    """
    word = column.replace("_", " ").casefold()
    for stems, of_yes, of_no in _ANSWERED:
        if re.match(stems, word):
            yield from (of_yes if yes else of_no).split("|")
    if not re.match(r"is |has |was ", word):
        yield from (
            f"{'with' if yes else 'without'} {article}{word}" for article in ("", "a ", "an ", "the ")
        )
    if word.endswith("ed"):
        yield from [word] if yes else [f"not {word}", f"un{word}"]
        yield from _of_verb(word, yes)
    elif yes:  # "churned" tells the answer, "churn" asks for it
        yield from (word, f"{word}s")


def _of_verb(past: str, yes: bool) -> Iterator[str]:
    """Yield the agent and what it does: "cancellers", "who cancel", "cancelling" for "cancelled"."""
    for bare, stem in _stems_of(past):
        agents = [f"{stem}er", f"{stem}ers"]
        if not yes:
            yield from (f"non-{agent}" for agent in agents)
            yield from (f"not {stem}ing", f"without {stem}ing")
            for auxiliary in _AUXILIARY:
                yield from (f"{who} {auxiliary} {form}" for who in ("who", "that") for form in (bare, past))
            continue
        yield from (*agents, f"{stem}ing")
        for who in ("who", "that"):
            yield from (f"{who} {form}" for form in (bare, f"{bare}s", f"{bare}es", past))
            yield from (f"{who} {auxiliary} {past}" for auxiliary in ("have", "had", "has", "later", "ever"))


def _stems_of(past: str) -> Iterator[tuple[str, str]]:
    """Yield how a verb may be spelled by itself and before an ending: "cancel" and "cancell"."""
    stem = past[:-2]
    if len(stem) < 3 or stem in _LEFT_OUT:
        return
    yield stem, stem
    if stem[-1] == stem[-2] and stem[-1] not in "s":
        yield stem[:-1], stem  # "cancelled", "opted"
    elif stem[-1] == "i":
        yield f"{stem[:-1]}y", f"{stem[:-1]}y"
    else:
        yield f"{stem}e", stem  # "closed"
