"""Puts the words of a message that nobody knows otherwise, where it could not be read as it stands.

A word becomes the name of the data that is nearest in meaning: if that one is clearly nearest the answer says
so, else the person is asked. A verb that only leads to what the data hold becomes "use"; an adverb that only
colours the sentence is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.builtin.annotate import annotate
from assistant.builtin.denials import denies
from assistant.builtin.lexicon import cue, lexicon
from assistant.builtin.likeness import Kind, Likeness, nearest
from assistant.builtin.linking import Catalog
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.tokens import name_words, root

# Replies that say that a word was not understood.
_UNKNOWN = ("absent", "stray", "did_you_mean", "lost", "what_about", "disagrees")
# How near the nearest name has to be, and how much nearer than the next: see `tests/test_likeness.py`.
CLEAR, CLEAR_LEAD = 0.25, 0.08
POSSIBLE, POSSIBLE_LEAD = 0.20, 0.05
_AMONG_MANY = 0.10  # nearer than that it has to be among many contents, of which one is always a little alike
_MANY = 8
_ROWS = 0.15  # the same for a noun of the rows: people and things are all a little alike
_MOST_WORDS = 3  # unknown ones in a message that is still guessed at
_SHORTEST = 3

_DETERMINERS = frozenset({"the", "those", "these", "that", "them", "it", "this", "both", "all", "my", "our"})

_ANY: frozenset[Kind] = frozenset({"number", "group", "value", "rows"})


@dataclass(frozen=True)
class _Guess:
    """An unknown phrase with what is put in its place.

    Attributes:
        start: First token.
        end: Behind the last token.
        text: As written.
        names: What it may mean, the likeliest first; empty where it says nothing of its own.
        instead: What stands in its place then.
        more: By how much the likeliest has to be nearer than usual.
        named: The word is a known one, for a thing of its own that these data do not hold.
        idle: The word only leads to what the data hold, or colours the sentence.
    """

    start: int
    end: int
    text: str
    names: tuple[Likeness, ...]
    instead: str
    more: float = 0.0
    named: bool = False
    idle: bool = False

    @property
    def clear(self) -> bool:
        """Whether nobody has to be asked."""
        if self.named:
            return False
        likely = bool(self.names) and self.names[0].score >= CLEAR + self.more
        return self.idle or (likely and self.lead >= CLEAR_LEAD)

    @property
    def possible(self) -> bool:
        """Whether it is worth asking for."""
        likely = bool(self.names) and self.names[0].score >= POSSIBLE
        return self.idle or (likely and self.lead >= POSSIBLE_LEAD)

    @property
    def lead(self) -> float:
        """By how much the likeliest is nearer than the next."""
        return self.names[0].score - (self.names[1].score if len(self.names) > 1 else 0.0)


def resembled(outcome: Outcome, text: str, catalog: Catalog, again: Callable[[str], Outcome]) -> Outcome:
    """Return a better outcome for a message with words that nobody knows, or the same where there is none.

    Args:
        outcome: How the message was read as it stands.
        text: The message.
        catalog: The data set.
        again: Reads another wording of it.
    """
    if not isinstance(outcome, Reply) or outcome.template not in _UNKNOWN:
        return outcome
    sentence = annotate(text, catalog)
    unknown = _unknown(sentence)
    said = {token.norm for start, end in unknown for token in sentence.tokens[start:end]}
    if not 0 < len(unknown) <= _MOST_WORDS or said & cue("kinds_of_people"):
        return outcome
    guesses = [_guess(start, end, sentence, catalog) for start, end in unknown]
    likely = [guess for guess in guesses if guess.possible]
    if not likely:
        return _between_two(outcome, guesses, sentence, again)
    wording = _put_otherwise(sentence, likely)
    read = again(wording)
    if not isinstance(read, Reading) or not all(_is_asked(guess, read) for guess in likely):
        return outcome
    if all(guess.clear for guess in likely):
        notes = [f'I read "{guess.text}" as **{guess.names[0].name}**.' for guess in likely if guess.names]
        return replace(read, notes=(*read.notes, *notes))
    meant = {guess.text: guess.names[0].name for guess in likely if guess.names}
    return Reply("clarify", "resembles", {"meant": meant}, (wording,))


def _between_two(
    outcome: Reply, guesses: Sequence[_Guess], sentence: Sentence, again: Callable[[str], Outcome]
) -> Reply:
    """Ask which of two names is meant, where both are near and every other word is known."""
    if len(guesses) != 1 or len(guesses[0].names) < 2 or guesses[0].names[1].score < CLEAR:
        return outcome
    choices = []
    for name in guesses[0].names[:2]:
        guess = replace(guesses[0], names=(name,), instead=name.name)
        wording = _put_otherwise(sentence, [guess])
        read = again(wording)
        if isinstance(read, Reading) and _is_asked(guess, read):
            choices.append((name.name, wording))
    if not choices:
        return outcome
    near = [name for name, _ in choices]
    values = {"words": [guesses[0].text], "near": near}
    return Reply("clarify", "did_you_mean", values, tuple(wording for _, wording in choices))


def _is_asked(guess: _Guess, reading: Reading) -> bool:
    """Tell whether what a word was taken for became part of the request."""
    asked = json.dumps([request.arguments() for request in reading.requests], ensure_ascii=False, default=str)
    return not guess.names or guess.names[0].column in asked


def _unknown(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the places of phrases that mean nothing here, neighbours as one phrase."""
    places: list[tuple[int, int]] = []
    for item in sentence.items:
        if not _is_unknown(item, sentence):
            continue
        alone = _leads(item) or _colours(item)
        if places and places[-1][1] == item.start and not alone:
            places[-1] = (places[-1][0], item.end)
        else:
            places.append((item.start, item.end))
    return places


def _is_unknown(item: Item, sentence: Sentence) -> bool:
    tokens = sentence.tokens[item.start : item.end]
    if any(token.kind != "word" or not token.norm.isalpha() for token in tokens):
        return False
    if item.start and sentence.tokens[item.start - 1].norm == "how":
        return False  # "how long", "how far"
    behind = sentence.tokens[item.end : item.end + 1]
    if item.start == 0 and behind and behind[0].norm in _DETERMINERS:
        return False  # a verb: "keep the first"
    capitals = [token.text[:1].isupper() for token in sentence.tokens if token.kind == "word"]
    if item.start and sentence.tokens[item.start].text[:1].isupper() and not all(capitals):
        return False  # a name: Texas is like nothing else
    unlinked = not item.senses or item.has("value_word") or (item.has("role") and not item.links)
    return unlinked and not item.filler and max(len(token.norm) for token in tokens) >= _SHORTEST


def _guess(start: int, end: int, sentence: Sentence, catalog: Catalog) -> _Guess:
    phrase = " ".join(token.norm for token in sentence.tokens[start:end])
    written = sentence.text[sentence.tokens[start].start : sentence.tokens[end - 1].end]
    near = nearest(phrase, catalog, _kinds(start, end, sentence))
    names = tuple(name for name in near if not _denied(phrase, name))[:3]
    if _placed(start, sentence):  # where somebody is, or what it is from: no yes or no
        names = tuple(name for name in names if name.name != name.column)
    inside = [item for item in sentence.items if start <= item.start < end]
    measured = bool(names) and names[0].kind == "number"  # profit is no revenue, however near
    named = measured and bool(set(phrase.split()) & lexicon().outside)
    named = named or any(item.senses for item in inside)
    guess = _Guess(
        start, end, written, names, _named(names, start, end, sentence), _more(names, catalog), named
    )
    item = next((item for item in sentence.items if item.start == start), None)
    if item is None or item.end != end or (names and guess.clear):
        return guess
    partly = written.lower() in cue("befallen") and not _says_by_whom(end, sentence)
    if _leads(item) and not partly:
        return _Guess(start, end, written, (), "use", idle=True)
    if _colours(item) and not guess.possible:
        return _Guess(start, end, written, (), "", idle=True)
    return guess


def _denied(phrase: str, name: Likeness) -> bool:
    """Tell whether a word denies a name: such words are near in meaning, and mean the opposite."""
    return any(denies(word, own) for word in phrase.split() for own in name_words(name.name))


def _more(names: Sequence[Likeness], catalog: Catalog) -> float:
    if not names or names[0].kind == "rows":
        return _ROWS
    many = names[0].kind == "value" and (catalog.columns[names[0].column].n_distinct or 0) > _MANY
    return _AMONG_MANY if many else 0.0


def _leads(item: Item) -> bool:
    """Tell whether a word is a verb that only leads to what the data hold of somebody."""
    return not item.senses and {item.text.lower(), root(item.text.lower())} & cue("relating_verb") != set()


def _says_by_whom(end: int, sentence: Sentence) -> bool:
    """Tell whether a verb leads to a name: "insured with Medica", but not "insured at Leeds"."""
    return end < len(sentence.tokens) and sentence.tokens[end].norm in ("with", "by", "through")


def _colours(item: Item) -> bool:
    """Tell whether a word is an adverb without which the same would have been asked."""
    word = item.text.lower()
    return not item.senses and word.endswith("ly") and word not in cue("restricting_adverb")


def _kinds(start: int, end: int, sentence: Sentence) -> frozenset[Kind]:
    """Return what can stand at a place: a number behind "average", a category behind "by"."""
    before = next((item for item in reversed(sentence.items) if item.end <= start), None)
    after = next((item for item in sentence.items if item.start >= end), None)
    if after is not None and after.start == end and after.has("entity"):
        return frozenset({"value"})  # "footwear orders"
    if _placed(start, sentence):
        return frozenset({"value"})
    if before is None:
        return _ANY
    ranked = before.has("superlative") and after is not None and after.start == end and after.has("by")
    if ranked:
        return frozenset({"group", "rows"})  # "top merchants by purchases"
    if before.has("statistic") or before.has("how_much"):
        return frozenset({"number"})
    if before.has("by") or before.text.lower() in cue("each"):
        doing = next((item for item in reversed(sentence.items) if item.end <= before.start), None)
        done = doing is not None and (doing.has("condition_verb") or doing.text.endswith(("ed", "en")))
        return frozenset({"group", "rows", "value"}) if done else frozenset({"group", "rows"})
    if before.has("count"):
        return frozenset({"value", "rows"})
    if before.has("logic", "which"):
        return frozenset({"group", "rows", "value"})
    return _ANY


def _placed(start: int, sentence: Sentence) -> bool:
    return start > 0 and sentence.tokens[start - 1].norm in ("in", "from", "near", "at")


def _named(names: Sequence[Likeness], start: int, end: int, sentence: Sentence) -> str:
    """Return the likeliest name, or nothing where the word beside it means the same already."""
    if not names:
        return ""
    beside = [item for item in sentence.items if start == item.end or end == item.start]
    return "" if any(_means(item, names[0]) for item in beside) else names[0].name


def _means(item: Item, name: Likeness) -> bool:
    if name.kind == "value" and name.name != name.column:
        held = item.values[0] if item.values else None
        return held is not None and held.column == name.column and str(held.value) == name.name
    return bool(name.column) and item.column == name.column


def _put_otherwise(sentence: Sentence, guesses: Sequence[_Guess]) -> str:
    """Return the message with the words put otherwise."""
    text = sentence.text
    for guess in sorted(guesses, key=lambda guess: -guess.start):
        start, end = sentence.tokens[guess.start].start, sentence.tokens[guess.end - 1].end
        text = f"{text[:start]}{guess.instead}{text[end:]}"
    return re.sub(r"  +", " ", text).strip()
