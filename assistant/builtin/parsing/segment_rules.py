"""Reads segments that the person defines: by conditions, by the values of a column, bought once or again."""

from __future__ import annotations

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import (
    Outcome,
    Reading,
    RuleSegment,
    SegmentByRules,
)
from tools.selecting import Condition


def read_once_or_again(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Split buyers into one-time and repeat": two segments by rule."""
    kinds = {
        item.senses["condition_verb"]
        for item in sentence.items
        if item.has("condition_verb", "repeat", "single")
    }
    wish = words & {"segment", "split", "divide", "cluster", "classify", "group"}
    if (
        len(kinds) < 2
        or not wish
        or not catalog.has_features
        or any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items)
    ):
        return None
    once = RuleSegment(name="Bought once", where=[condition("n_transactions", "equal", 1)])
    again = RuleSegment(name="Bought again", where=[condition("n_transactions", "above", 1)])
    return Reading((SegmentByRules(segments=[once, again]),))


def read_by_category(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Segments by InternetService", "use the contract type as segments": one segment for each value."""
    if not words & {"segment", "segmentation", "cluster"} or any(
        i.has("statistic") or i.has("count") or i.has("share") or i.has("comparator") for i in sentence.items
    ):
        return None
    named = [i for i in sentence.items if i.links and not i.has("entity") and i.links[0].score > 0.7]
    if len(named) != 1 or len(sentence.tokens) > 10 or not words & cue("by_category"):
        return None
    column = catalog.columns[named[0].links[0].column]
    values = [value for value, _ in column.values]
    if column.kind != "text" or not 2 <= len(values) <= 12 or (column.n_distinct or 0) != len(values):
        return None
    segments = [RuleSegment(name=value, where=[condition(column.name, "equal", value)]) for value in values]
    return Reading(
        (SegmentByRules(segments=segments, otherwise="(missing)"),),
        (f"One segment for each value of **{column.name}**.",),
    )


def read_rules(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Make a segment 'Sleepers': balance above 1 lakh and nothing bought for 60 days"."""
    if not words & cue("rule_segment_noun"):
        return None
    if not (":" in sentence.text or words & cue("rule_segment_verb")):
        return None
    pieces = _clauses(sentence)
    segments: list[RuleSegment] = []
    notes: list[str] = []
    for text in pieces:
        piece = annotate(text, catalog, customer_level=True)
        parts = Parts(piece, catalog)
        parts.customers_table = True
        take_times(parts)
        take_conditions(parts)
        take_flags(parts)
        where = for_customers(parts, parts.where) if catalog.has_features else parts.where
        if where:
            segments.append(RuleSegment(name=_name_of(piece, where), where=where))
            notes += parts.notes
    named = [segment for segment in segments if segment.name != "Selected customers"]
    colon = ":" in sentence.text and words & {"segment", "group"}
    explicit = (
        colon
        or words & {"define", "call", "label", "tag", "rule", "audience"}
        or named
        or "segment" in words
        and words & {"create", "make", "build", "new", "add"}
    )
    if (
        not segments
        or not explicit
        or not any(
            i.has("comparator") or i.values or i.links or i.has("condition_verb") or i.has("comparator_after")
            for i in sentence.items
        )
    ):
        return None
    if (
        {"only"} & words
        and not named
        or words & {"by"}
        and not named
        and len(segments) == 1
        and not words & {"where", "who", "whose", "with"}
    ):
        return None
    return Reading((SegmentByRules(segments=segments),), tuple(dict.fromkeys(notes)))


def _clauses(sentence: Sentence) -> list[str]:
    """Cut a sentence before every quoted name but the first."""
    starts = [token.start for token in sentence.tokens if token.kind == "quoted"]
    if len(starts) < 2:
        return [sentence.text]
    leading = sentence.text[: starts[0]].strip().split()
    names_last = (
        leading
        and leading[-1].lower() in ("as", "call", "called", "them", "named", "name")
        and any(ch.isdigit() for ch in sentence.text[: starts[0]])
    )
    if names_last:
        ends = [token.end for token in sentence.tokens if token.kind == "quoted"]
        return [sentence.text[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    bounds = [0, *starts[1:], len(sentence.text)]
    return [sentence.text[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]


def _name_of(piece: Sentence, where: list[Condition]) -> str:
    quoted = next((token.text for token in piece.tokens if token.kind == "quoted"), None)
    if quoted:
        return quoted
    for index, token in enumerate(piece.tokens):
        if token.norm in ("called", "named", "call", "label") and index + 1 < len(piece.tokens):
            rest = []
            for word in piece.tokens[index + 1 :]:
                if word.norm in ("them", "it", "these", "this"):
                    continue
                if word.norm in phrases("name_end") or word.kind == "symbol":
                    break
                rest.append(word.text)
            if rest:
                return " ".join(rest)
    return "Selected customers"
