"""Knows by which words a sentence is about segments, which ones it names and how many it wants."""

from __future__ import annotations

from assistant.builtin.annotate import Item, Sentence
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import read_quantity

VERBS = cue("segment_verb")


NOUNS = cue("segment_noun")


def free_words(sentence: Sentence, catalog: Catalog) -> set[str]:
    """Return the words that are no part of a column's name: "loyalty tier" is a column, no wish for tiers."""
    words = sentence.words()
    for item in sentence.items:
        own = item.links and item.links[0].score > 0.66 and item.links[0].column in catalog.loaded
        if (
            own
            and not catalog.segments
            and not item.has("segment")
            and item.text.lower() not in ("segments", "clusters", "tiers")
        ):
            named = set(catalog.words_of[item.links[0].column]) | {"segment", "tier"}
            inside = {token.lemma for token in sentence.tokens[item.start : item.end]}
            if inside & named & (NOUNS | {"segmentation"}):
                words -= inside
    return words


def segment_words(words: set[str]) -> bool:
    """Tell whether words speak of segments."""
    return bool(words & (NOUNS - {"group"}))


def named_segments(sentence: Sentence) -> list[str]:
    """Return the segments that a sentence names; "segments 2 and 3" names two."""
    named = [item.senses["segment"] for item in sentence.items if item.has("segment")]
    for index, item in enumerate(sentence.items):
        plural = item.has("segment") and item.text.lower().split()[0] in (
            "segments",
            "clusters",
            "groups",
            "tiers",
        )
        alone = item.has("entity", "segment")
        if not plural and not alone:
            continue
        at = index + 1
        while (after := sentence.at(at)) and (
            after.has("logic", "and", "or", "to", "with")
            or after.number
            or after.has("compare")
            or _letter(after)
        ):
            if after.number and after.number.unit is None:
                named.append(str(int(after.number.value)))
            elif _letter(after):
                named.append(after.text)
            at += 1
    return list(dict.fromkeys(named))


def _letter(item: Item) -> bool:
    return len(item.text) == 1 and item.text.isalpha() and item.text.isupper() and item.text != "I"


def measures_something(sentence: Sentence) -> bool:
    """Tell whether a sentence asks for a number rather than for a profile."""
    return any(
        item.has("statistic") or item.has("count") or item.has("share") for item in sentence.items
    ) or any(item.links and item.links[0].score > 0.95 and not item.has("segment") for item in sentence.items)


def measures_something_else(sentence: Sentence) -> bool:
    """Tell whether a sentence names a statistic."""
    return any(item.has("statistic") for item in sentence.items)


def asks_to_make(sentence: Sentence, words: set[str]) -> bool:
    """Tell whether segments are to be made rather than talked about."""
    text = " ".join(token.norm for token in sentence.tokens)
    making = words & cue("making")
    for verb in phrases("make_verb"):
        for owner in phrases("made_of"):
            if f"{verb} {owner}" in text and not (
                owner in ("by", "on", "only", "using", "into", "again")
                and verb in ("group", "split", "divide")
            ):
                return True
    if "customer segment" in text or "segments of customers" in text:
        return bool(making - {"do"})
    return bool(making - {"do", "again", "give", "want"}) and bool(words & cue("make_noun"))


def speaks_of_customers(sentence: Sentence, words: set[str]) -> bool:
    """Tell whether a sentence speaks of people."""
    return bool(words & cue("customer_noun"))


def is_plain_wish(sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether nothing but a number of segments is wished: "give me five segments"."""
    strong = [i for i in sentence.items if i.links or i.values or i.has("segment") or i.has("comparator")]
    return wanted_number(sentence) is not None and not strong


def wanted_number(sentence: Sentence) -> int | None:
    """Return the number before "segments" or after "into"."""
    for index, token in enumerate(sentence.tokens):
        found = read_quantity(sentence.tokens, index)
        if not found or found[0].unit is not None or not 1 <= found[0].value <= 50:
            continue
        after = sentence.tokens[found[1]].lemma if found[1] < len(sentence.tokens) else ""
        further = sentence.tokens[found[1] + 1].lemma if found[1] + 1 < len(sentence.tokens) else ""
        before = sentence.tokens[index - 1].norm if index else ""
        nouns = NOUNS | cue("segment_like")
        if (
            after in nouns
            or further in nouns
            or before in ("into", "exactly", "in", "to", "with", "k")
            or (before == "=" and token.kind == "number")
        ):
            if after in ("year", "day", "month"):
                continue
            return int(found[0].value)
    return None


def segments_people(sentence: Sentence) -> bool:
    """Tell whether a verb of segmenting has people for its object: "cluster shoppers", "group our guests"."""
    items = [item for item in sentence.items if not item.has("by") or item.text.lower() in VERBS]
    said = [sentence.tokens[item.start].lemma for item in items]
    verbs = [place for place, word in enumerate(said) if word in VERBS | {"segment", "group"}]
    return any(place + 1 < len(items) and items[place + 1].has("entity", "customer") for place in verbs)
