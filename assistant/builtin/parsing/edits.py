"""Reads changes to segments: rename, merge, split, move a boundary, undo, redo, another number."""

from __future__ import annotations

from assistant.builtin.annotate import Sentence
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_words import named_segments
from assistant.builtin.request import (
    FindSegments,
    MergeSegments,
    MoveBoundary,
    Outcome,
    Reading,
    RedoSegmentation,
    RenameSegment,
    RestoreVersion,
    SplitSegment,
    UndoSegmentation,
)


def read_edit(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read an edit of the current segmentation; None if the sentence is none."""
    words = sentence.words()
    for reader in (_history, _rename, _merge, _split, _boundary, _renumber):
        found = reader(sentence, catalog, words)
        if found is not None:
            return found
    return None


def _history(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    text = " ".join(token.norm for token in sentence.tokens if token.kind != "symbol")
    numbers = [int(i.number.value) for i in sentence.items if i.number]
    if (
        "version" in words
        and (numbers or "first" in words or "original" in words)
        and words & {"go", "restore", "back", "return", "revert"}
    ):
        return Reading((RestoreVersion(version=numbers[0] if numbers else 1),))
    if (
        words & {"undo", "revert"}
        or text in ("go back", "take that back", "take it back", "step back", "go one step back")
        or "take that back" in text
    ):
        times = {"twice": 2, "two": 2, "three": 3}
        steps = (
            numbers[0]
            if numbers and numbers[0] < 20
            else next((n for w, n in times.items() if w in words), 1)
        )
        return Reading((UndoSegmentation(steps=steps),))
    if "redo" in words and len(sentence.tokens) <= 4:
        return Reading((RedoSegmentation(),))
    return None


def _rename(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    tokens = sentence.tokens
    verb = next((t.norm for t in tokens if t.norm in ("rename", "call", "name", "relabel")), None)
    if (
        verb is None
        or verb in ("call", "name")
        and not (named_segments(sentence) or tokens[0].norm in ("call", "name"))
        or tokens[0].norm in ("what", "who", "how")
    ):
        return None
    segment = next((item for item in sentence.items if item.has("segment")), None)
    marker = next(
        (
            i
            for i, t in enumerate(tokens)
            if t.norm in ("to", "as", "into") and (segment is None or i >= segment.start)
        ),
        None,
    )
    quoted = [t for t in tokens if t.kind == "quoted"]
    start = segment.end if segment else None
    if marker is not None and marker + 1 < len(tokens):
        start = marker + 1
    if segment is None and len(quoted) == 2:
        return Reading((RenameSegment(segment=quoted[0].text, name=quoted[1].text),))
    if segment is None and marker is not None:
        old = sentence.text[tokens[1].start : tokens[marker - 1].end].strip("'\" ")
        number = next(
            (str(int(i.number.value)) for i in sentence.items if i.number and i.end <= marker), None
        )
        old = number or old
    elif segment is not None:
        old = segment.senses["segment"]
    else:
        return None
    if start is None or start >= len(tokens):
        return None
    new = sentence.text[tokens[start].start : tokens[-1].end].strip().rstrip("?.!").strip("'\"“”‘’` ")
    for filler in ("to ", "as ", "the "):
        new = new.removeprefix(filler) if filler != "the " else new
    return Reading((RenameSegment(segment=str(old), name=new),)) if new else None


def _merge(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    joins = words & {"merge", "combine", "join", "unite", "fuse", "merging"}
    if not joins:
        return None
    named = named_segments(sentence)
    name = _given_name(sentence)
    if len(named) < 2:
        named += [
            str(int(i.number.value))
            for i in sentence.items
            if i.number and i.number.unit is None and str(int(i.number.value)) not in named
        ]
    named = [each for each in named if each != name]
    if len(named) < 2:
        return None
    return Reading((MergeSegments(segments=named, name=name),))


def _given_name(sentence: Sentence) -> str | None:
    tokens = sentence.tokens
    quoted = [t.text for t in tokens if t.kind == "quoted"]
    for index, token in enumerate(tokens):
        if token.norm in ("into", "as", "called", "named", "call", "name") and index + 1 < len(tokens):
            start = index + 1
            while start < len(tokens) and tokens[start].norm in phrases("name_filler"):
                start += 1
            if start < len(tokens):
                text = sentence.text[tokens[start].start : tokens[-1].end].strip("'\"“”‘’` ?.!")
                return text or None
    return quoted[-1] if quoted and len(quoted) > 2 else None


def _split(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    if not words & {"split", "divide", "break", "subdivide"}:
        return None
    segment = next((item for item in sentence.items if item.has("segment")), None)
    if segment is None or any(item.has("by") for item in sentence.items):
        return None
    numbers = [int(i.number.value) for i in sentence.items if i.number and not i.has("segment")]
    half = words & {"half", "two", "twice"}
    return Reading(
        (
            SplitSegment(
                segment=str(segment.senses["segment"]), into=numbers[0] if numbers else 2 if half else 2
            ),
        )
    )


def _boundary(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Move the boundary of segment 2 to balance 50000", "raise the threshold for VIP to 5000"."""
    if not words & {"boundary", "threshold", "cutoff", "limit", "border", "cut"} or not words & cue(
        "boundary_verb"
    ):
        return None
    number = next((i.number for i in reversed(sentence.items) if i.number and not i.has("segment")), None)
    segment = next((item.senses["segment"] for item in sentence.items if item.has("segment")), None)
    parts = Parts(sentence.fresh(), catalog)
    column = next(
        (
            parts.as_feature(i.links[0].column)
            for i in sentence.items
            if i.links
            and parts.is_number(i.links[0].column)
            and not i.has("segment")
            and i.text.lower() not in ("limit",)
        ),
        None,
    )
    column = column or next((i.senses["feature"] for i in sentence.items if i.has("feature")), None)
    if number is None or segment is None or column is None:
        return None
    return Reading((MoveBoundary(segment=str(segment), column=str(column), value=plain(number.value)),))


def _renumber(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Make it 5", "try 4 instead", "with 6 segments"."""
    number = next((int(i.number.value) for i in sentence.items if i.number and i.number.unit is None), None)
    if number is None or not catalog.segments or not 1 <= number <= 30:
        return None
    text = " ".join(token.norm for token in sentence.tokens if token.kind != "symbol")
    made = any(text.startswith(start) for start in phrases("renumber_lead"))
    nouns = words & {"segment", "cluster", "group"}
    limits = words & cue("not_a_number_of_segments")
    others = [
        i
        for i in sentence.items
        if i.links
        or i.values
        or i.has("statistic")
        or i.has("count")
        or i.has("comparator")
        or i.has("entity", "customer", "transaction")
    ]
    if made and not limits and not others and (nouns or len(sentence.tokens) <= 7) and "why" not in words:
        return Reading((FindSegments(n_segments=number),))
    return None
