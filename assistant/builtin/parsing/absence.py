"""Knows whether an unknown word names a thing that data could hold, or is a verb, an idiom or a slip.

Only a thing can be absent: "there is no profit" is an answer, "there is no keep" is none.
"""

from __future__ import annotations

from assistant.builtin.lexicon import cue
from assistant.builtin.sentence import Item, Sentence

_SHORTEST = 4  # a lower-case word of fewer letters is rather a slip of the pen than the name of a thing
_WANTING = frozenset({"want", "need", "like", "able", "going", "likely", "how", "tend", "try", "used"})


def names_a_thing(item: Item, sentence: Sentence) -> bool:
    """Tell whether an unknown item is a noun that could stand for a measure or a filter.

    Args:
        item: An item that nothing in the data or the lexicon explains.
        sentence: The sentence that holds it.
    """
    if item.has("value_word"):
        return True
    words = [token.norm for token in sentence.tokens[item.start : item.end]]
    lemmas = [token.lemma for token in sentence.tokens[item.start : item.end]]
    if all(
        word in cue("never_columns") or lemma in cue("never_columns")
        for word, lemma in zip(words, lemmas, strict=True)
    ):
        return False
    if len(words) == 1 and (len(words[0]) < _SHORTEST and item.text.islower() or words[0].endswith("ly")):
        return False
    before = [token.norm for token in sentence.tokens[max(0, item.start - 2) : item.start]]
    if not before:
        return item.end < len(sentence.tokens)
    infinitive = before[-1] == "to" and before[0] in _WANTING
    return before[-1] not in cue("before_verb") and not infinitive
