"""Reads stages of a customer's life: "into new, active and lapsed", "by lifecycle stage", "who is active"."""

from __future__ import annotations

import re
from typing import get_args

from assistant.builtin.annotate import Sentence
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_names import any_of, words
from assistant.builtin.parsing.segment_partitions import read_partition, sides_told
from assistant.builtin.parsing.segment_words import NOUNS, VERBS
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import CountActive, SegmentByLifecycle
from tools.segments.lifecycle import STANDARD, Stage

_STAGES: tuple[Stage, ...] = get_args(Stage)
_LEAST = 2  # stages that make a split


def read_lifecycle(sentence: Sentence, catalog: Catalog, said: set[str]) -> Outcome | None:
    """Read a wish for stages of customers whose purchases are known; None if values of the data say them."""
    if not catalog.has_features or any(letter.isdigit() for letter in sentence.text):
        return None
    stages = _told(sentence, catalog, said)
    if stages is None:
        return _active(sentence, catalog)
    if isinstance(read_partition(sentence, catalog, said), Reading):
        return None
    for item in sentence.items:
        item.used = True
    request = SegmentByLifecycle(stages=list(stages), names=[stages[one] for one in stages])
    standard = SegmentByLifecycle() if tuple(stages) == STANDARD else request
    plain = all(name.lower() == stage for stage, name in stages.items())
    return Reading((standard if plain else request,))


def _told(sentence: Sentence, catalog: Catalog, said: set[str]) -> dict[Stage, str] | None:
    """Return the stages asked for, each with what the person calls it."""
    text = sentence.text
    if re.search(rf"\b(?:{any_of('lifecycle')})\b", text, re.IGNORECASE) and said & (NOUNS | VERBS):
        return {stage: stage.capitalize() for stage in STANDARD}
    for sides in sides_told(text):
        found = [_stage(side) for side in sides]
        known = [stage for stage in found if stage is not None]
        rest = found[-1] is None and sides[-1].lower() in words("rest")
        whole = len(known) == len(found) or (rest and len(known) == len(found) - 1)
        if whole and len(set(known)) == len(known) >= _LEAST:
            return {stage: _called(side) for stage, side in zip(known, sides, strict=False)}
    return None


def _stage(side: str) -> Stage | None:
    plain = _bare(side)
    return next((stage for stage in _STAGES if plain in words(_list_of(stage))), None)


def _list_of(stage: Stage) -> str:
    return "stage_" + stage.replace(" ", "_").replace("-", "_")


def _bare(side: str) -> str:
    """Return a side without whom it is said of: "the lapsed ones", "customers at risk"."""
    plain = re.sub(rf"\b(?:{any_of('stage_people')})\b", " ", side.lower())
    return " ".join(plain.replace("-", " ").split())


def _called(side: str) -> str:
    bare = re.sub(rf"\b(?:{any_of('stage_people')})\b", " ", side, flags=re.IGNORECASE)
    name = " ".join(bare.split())
    return name[:1].upper() + name[1:]


def _active(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read "how many active customers do we have" where no value of the data is called so."""
    asked = re.search(rf"^(?:{any_of('active_asked')})\W*$", sentence.text.strip(), re.IGNORECASE)
    if asked is None or _is_value(catalog):
        return None
    for item in sentence.items:
        item.used = True
    return Reading((CountActive(),))


def _is_value(catalog: Catalog) -> bool:
    return any("active" in str(value).lower() for one in catalog.columns.values() for value, _ in one.values)
