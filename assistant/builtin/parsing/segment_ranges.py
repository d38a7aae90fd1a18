"""Reads segments that are ranges of one number, with their names: "light under 10, heavy 10 or more"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_names import any_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.range_names import bare, beside, label, listed_names, unit_of
from assistant.builtin.parsing.range_scale import Scale, counted_values, scale_of
from assistant.builtin.parsing.rungs import Piece, pieces
from assistant.builtin.parsing.segment_rules import Rules
from assistant.builtin.parsing.segment_slices import REST, asks_for_figures, name_in
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import SegmentByRules
from tools.selecting import Condition

_NAMED = 0.8  # score of a link from which on a word names a column rather than a segment
_CURRENCY = re.compile(r"[$€£₹](?=\s?\d)")
_IN_TOTAL = re.compile(r"\b(?:in total|in all|altogether|pounds?|dollars?|euros?|rupees?)\b", re.IGNORECASE)
_BY_NUMBER = re.compile(
    r"\b(?:by|on) (?:the |their )?(?:total )?(?:number|count|amount)s? of\b", re.IGNORECASE
)


_SIGNED = re.compile(r"=|->|→|:.*:")


def read_plain_ranges(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read ranges without a sign of a definition, which may hold several conditions."""
    return None if _SIGNED.search(sentence.text) else read_ranges(sentence, catalog, words)


def read_ranges(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "light under 10, heavy 10 or more", "tenure: up to 12, 13 to 36, over 36"."""
    text = sentence.text.strip().rstrip("?!. ")
    told = _BY_NUMBER.sub("by", _IN_TOTAL.sub("", text))
    found = None if asks_for_figures(told, catalog) else _ranges(text, words, catalog)
    for item in sentence.items if found else ():
        item.used = True  # names are whatever words stand beside a range
    return found


def _ranges(text: str, said: set[str], catalog: Catalog) -> Outcome | None:
    """Read one segment for each range of a number, named by the words beside it."""
    text = re.sub(r" ?\(([^()]*\d[^()]*)\)", r" \1", text)  # "heavy (over 40 hours)"
    money = bool(_CURRENCY.search(text))
    text = _CURRENCY.sub("", text)
    head, sign, tail = text.partition(":")
    if not sign or not pieces(tail):
        head, tail = "", text
    found = pieces(tail)
    scattered = any(re.search(r"[,;]", piece.before.strip(" ,;")) for piece in found)
    if len(found) < 2 or scattered or all(p.rung.bare for p in found) or re.search(r"%|[<>]", text):
        return None
    listed, head, tail = listed_names(head, tail, len(found), catalog)
    found = pieces(tail)
    counted = counted_values(head, found, catalog)
    if counted is not None:
        told = {"column": counted, "rows": catalog.table.reading.get("noun", ("row", "rows"))[1]}
        return Reply("clarify", "counted_values", told, (f"Segments by {counted}",))
    scale = scale_of(head, found, catalog)
    if scale is None and (money or _IN_TOTAL.search(text)):
        total = Parts(annotate("", catalog), catalog).feature("total_amount")
        scale = Scale(total) if total else None
    if scale is None or _names_others(found, scale.column, catalog):
        return None
    announced = re.search(r"\b(?:by|on|segment|split|divide|group|cut|put)\b", scale.lead, re.IGNORECASE)
    names = listed or [
        beside(piece, scale.lead if place == 0 and announced else "", catalog)
        for place, piece in enumerate(found)
    ]
    speaks = said & (cue("segment_verb") | cue("segment_noun") | cue("tier_verb") | cue("tier_noun"))
    first = annotate(text, catalog, customer_level=True).items[0]
    of_people = len(found) > 2 and first.has("entity", "customer")
    if not (speaks or all(names) or of_people):
        return None
    rules = Rules(catalog)
    for piece, name in zip(found, names, strict=True):
        where = _condition(rules, scale.column, piece)
        if where is None:
            return None
        rules.add(name if all(names) and name else label(scale.column, piece, catalog, scale.noun), where)
    last = _all_others(tail, found, rules, scale.column, all(names))
    asked = {"segments": rules.segments, **({"otherwise": last} if last else {})}
    return Reading((SegmentByRules.model_validate(asked),), tuple(rules.notes))


def _condition(rules: Rules, column: str, piece: Piece) -> list[Condition] | None:
    """Return the condition that a range is; its unit is its own, or the one said in the range before it."""
    stated = f"{piece.rung.stated} {unit_of(piece) or piece.rung.unit or ''}".strip()
    where = rules.conditions(f"{column} {stated}")
    return where if len(where) == 1 and where[0].column == column else None


def _all_others(tail: str, found: Sequence[Piece], rules: Rules, column: str, named: bool) -> str:
    """Return the name of all others; those of whom the number is not known become a segment of their own."""
    end = found[-1].rung.end
    behind = tail[end:]
    if re.search(rf"\b(?:{any_of('unknown_side')})\b|\bwithout an?\b", behind, re.IGNORECASE):
        spelt = Parts(annotate("", rules.catalog), rules.catalog).column(column).name.replace("_", " ")
        rules.add(f"{spelt[:1].upper()}{spelt[1:]} unknown", [condition(column, "missing")])
        return ""
    rest = REST.search(behind)
    last = (name_in(behind[rest.end() :]) or bare(behind[rest.end() :], rules.catalog)) if rest else ""
    if rest and not last and named and (joined := re.search(r"[,;]|\band\b", behind[: rest.start()])):
        last = bare(behind[joined.end() : rest.start()], rules.catalog)  # "small the rest"
    if not rest and named and (joined := re.search(r"[,;]|\band\b", behind)):
        last = bare(behind[joined.end() :], rules.catalog)  # "..., and light"
    return last[:1].upper() + last[1:]


def _names_others(found: Sequence[Piece], column: str, catalog: Catalog) -> bool:
    """Tell whether words beside the ranges name another column, so that these are rules and no ranges."""
    for piece in found:
        parts = Parts(annotate(f"{piece.before} {piece.behind}", catalog, customer_level=True), catalog)
        for item in parts.sentence.items:
            own = {parts.as_feature(link.column) or link.column for link in item.links}
            own |= {parts.as_feature(link.column, "sum") or "" for link in item.links}
            counts = item.has("entity", "row", "transaction") or item.has("condition_verb")
            if counts and column == "n_transactions":
                continue  # "exactly 1 call", "paid 3 times": the rows that are counted
            people = item.has("entity", "customer")
            if item.links and item.links[0].score > _NAMED and column not in own and not people:
                return True
            if item.has("feature") and item.senses["feature"] != column and not item.links:
                return True
    return False
