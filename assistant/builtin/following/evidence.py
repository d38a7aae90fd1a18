"""Decides by the words of a message whether it changes the question before or asks a new one."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import ALONE, plain_words
from assistant.builtin.following.acts import ends
from assistant.builtin.following.ordering import is_bare_superlative
from assistant.builtin.following.question import Question
from assistant.builtin.following.wording import wanted_part
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.sentence import Sentence
from tools.sequences import SINCE_PREVIOUS

_LONGEST_POINTER = 14  # words: beyond this "it" and "they" stand for something in the message itself
_LONGEST_REST = 9
_BEST_MONTH = 4


def points_back(text: str) -> bool:
    """Tell whether words such as "and", "instead" or "of them" tie a message to the one before."""
    plain = plain_words(text)
    if plain in ALONE or _leads(plain, "follow_up_lead"):
        return True
    tied = _NO_TIE.sub(" ", f" {plain} ")
    if any(f" {word} " in tied for word in phrases("ties_back")):
        return True
    words = plain.split()
    if wanted_part(text) != text or is_bare_superlative(plain) or _EACH.search(plain):
        return True
    if _THERE.search(plain):
        return True
    return (
        bool(set(words) & cue("pronoun") or words[-1:] in (["one"], ["ones"]))
        and len(words) <= _LONGEST_POINTER
    )


def _leads(plain: str, kind: str) -> bool:
    return any(plain == lead or plain.startswith(f"{lead} ") for lead in phrases(kind))


def stands_alone(text: str, catalog: Catalog) -> bool:
    """Tell whether a message says by itself what is asked: what is counted or measured, and of what.

    "Transactions per day", "churn by payment method" and "share of smokers" ask something new whatever was
    asked before; "by gender", "women", "median" and "only above 500" change what was asked.
    """
    plain = _IT_STANDS_FOR_NOTHING.sub("", _WITH_WHOM.sub("", plain_words(_GREETING.sub("", text))))
    plain = _SOFT.sub("", plain)
    lead = _leads(plain, "change_lead") or (_leads(plain, "fragment_lead") and not _CLAUSE.search(text))
    if plain in ALONE or lead or _OF_SHOWN.search(plain):
        return False
    if any(f" {word} " in _NO_TIE.sub(" ", f" {plain} ") for word in phrases("ties_back")):
        return False
    if wanted_part(text) != text or is_bare_superlative(plain) or _EACH.search(plain) or _THERE.search(plain):
        return False
    sentence = annotate(text, catalog)
    if sentence.has("segment") or _points_outside(plain, sentence, catalog):
        return False
    parts = gather(annotate(text, catalog), catalog)
    take_flags(parts)
    return _names_what_is_asked(plain, sentence, parts)


def _names_what_is_asked(plain: str, sentence: Sentence, parts: Parts) -> bool:
    named = {item.column for item in sentence.items if item.column}
    dated = bool(parts.periods) or sentence.has("period")
    about = bool(parts.groups or parts.where or parts.having or parts.grain) or dated
    nouns = [item for item in sentence.items if item.has("entity")]
    contents = bool(nouns) and all(item.values for item in nouns)  # "billing vs sales" are two queues
    counted = not contents and bool(parts.entity or nouns)
    counted = counted or bool(named & {parts.customer_key, *row_keys(parts)})
    pairs = zip(sentence.items, sentence.items[1:], strict=False)
    strange = any(a.has("statistic") and not b.senses and len(b.text) > 3 for a, b in pairs)
    if parts.measures or parts.quantiles and parts.bare or strange:
        return True
    if any(name.startswith(SINCE_PREVIOUS) for name in parts.bare):
        return True  # "days between orders"
    if sentence.has("relation"):
        return (
            bool(named and sentence.has("relation", "drivers"))
            or len(named | {c.column for c in parts.where}) > 1
        )
    if parts.counts or counted or plain.startswith("who ") and not parts.superlative:
        return about and not (parts.superlative and parts.limit in (None, 1) and not parts.where)
    spelt_out = any(
        item.has("statistic") and set(item.text.lower().split()) & {"amount", "value", "revenue", "spend"}
        for item in sentence.items
    )
    if spelt_out and about:
        return True  # "total amount of women with an amount above 1000"
    if dated and named & {c.column for c in parts.where}:
        return True  # "cancellations in 2024"
    if sentence.has("share") and parts.groups and len(plain.split()) >= _WHOLE:
        return True
    drawn = parts.chart != "auto" or sentence.has("distribution") and not sentence.has("splitting")
    ranked = parts.superlative and (parts.limit or 1) > 1
    if parts.bare:
        return about or parts.share or drawn or bool(ranked)
    if parts.superlative and parts.groups:
        busiest = set(plain.split()) & cue("counting_superlative")
        return sentence.has("condition_verb") or bool(busiest and (parts.where or "peak" not in busiest))
    return bool(parts.share and parts.where or drawn and named or parts.having and parts.groups)


def is_terse(text: str, catalog: Catalog) -> bool:
    """Tell whether a message is no more than a statistic and a column: "avg minutes", "total kwh"."""
    sentence = annotate(text, catalog)
    words = [word for word in plain_words(text).split() if word not in cue("soft_lead")]
    named = any(item.has("statistic") for item in sentence.items) and any(i.links for i in sentence.items)
    return named and len(words) <= _TERSE and not set(words) & cue("question_word")


_TERSE = 3  # words


def row_keys(parts: Parts) -> set[str]:
    """Return the columns that tell rows apart."""
    return {column.name for column in parts.catalog.table.by_role("row_key")}


def _points_outside(plain: str, sentence: Sentence, catalog: Catalog) -> bool:
    """Tell whether a pronoun stands for something that the message itself does not name before it."""
    words, pronouns = plain.split(), cue("pronoun") | {"one", "ones"}
    nouns = [
        item.text.lower() for item in sentence.items if item.has("entity") or item.column or item.has("value")
    ]
    for place, word in enumerate(words):
        before = " ".join(words[:place])
        follows = any(before.endswith(noun) for noun in nouns)
        if word not in pronouns or word in ("that", "this") and (follows or place == len(words) - 1 == 0):
            continue
        if word in ("those", "these") and words[place + 1 : place + 2] in (["who"], ["that"], ["with"]):
            continue
        if word == "one" and words[place - 1 : place] and words[place - 1] in _AT_AN_END and place > 1:
            return True
        if word in ("one", "ones") and (place < len(words) - 1 or _ANOTHER.search(before) and nouns):
            continue
        last = place == len(words) - 1
        if word == "they" and _HOW_MANY_THINGS.search(before):
            return True
        if word in ("these", "those", "they", "that") and _ARE_THESE.search(before):
            return True
        if word in cue("them") and not last and (any(n in before for n in nouns) or _WHOSE.search(before)):
            continue
        return True
    return False


_AT_AN_END = {"that", "this", *(word for words in ends().values() for word in words)}
_WHOLE = 5  # words from which a share by groups says of what it is one
_IT_STANDS_FOR_NOTHING = re.compile(
    r"\b(?:is|was) (?:that|this|it) (?:right|correct|true|so)\b"
    r"|\b(?:is|was|does) it(?= (?:typically|usually|normally|take|between))|(?<=share )that\b|(?<=% )that\b"
)
_GREETING = re.compile(r"^(?:hi|hello|hey|hiya)(?: there| all| everyone)?\b[ ,.!–-]*", re.IGNORECASE)
_WITH_WHOM = re.compile(
    r"^of (?:all )?(?:those|the ones|the people|everyone|everybody) (?=who|that|which|with)"
)
# "In 2023, which month ...", "for each country, what percent ...": the question comes behind.
_CLAUSE = re.compile(
    r"\b(?:what|which|how (?:many|much))\b|, *(?:who|is|are|was|were|do|does|did|show|plot|list|give)\b", re.I
)
# "Which has the higher balance", "revenue per segment", "car loans only", "who have a mortgage".
_OF_SHOWN = re.compile(
    r"^which (?:one |ones )?(?:has|have|is|are|was|were|of)\b"
    r"|^who (?:has|have|is|are|was|were|had)\b(?! (?:the|our|my)\b)"
    r"|\b(?:segment|group|tier|cluster|bucket)s?\b|\b(?:only|meant|ment)$|^(?:i|we) (?:meant|ment|mean)\b"
)
# "Now just for gold customers" narrows.
_SOFT = re.compile(
    r"^(?:(?:now|then|ok|okay|so|please|and) )+(?=(?:only|just|for|without|excluding|except)\b)",
    re.IGNORECASE,
)
_ARE_THESE = re.compile(r"\bhow (?:many|much) (?:\w+ ){0,2}(?:is|are|was|were)$")
# Whom "their" stands for: "how many have a balance above their limit".
_WHOSE = re.compile(r"\b(?:how many|who|those|people|anyone|everyone|whoever)\b")
# "How many nights did they stay": of whom is not said.
_HOW_MANY_THINGS = re.compile(r"\bhow (?:many|much) (?:\w+ ){1,2}(?:do|did|does|have|had|has|were|can)$")
_ANOTHER = re.compile(r"\b(?:an?|another) \w+$")  # "a dropped call and an escalated one"
_NO_TIE = re.compile(
    r" (?:as well as|(?:never|ever|bought|buy|ordered|order|came|come|back|visited|visit) again"
    r"|too (?:many|much|few|little|long|late|early|high|low|old|young|big)) "
)


def speaks_of_them(text: str) -> bool:
    """Tell whether a message speaks of the groups just listed: "they", "their", "of these"."""
    plain = plain_words(text)
    return bool(set(plain.split()) & cue("them")) or bool(_THERE.search(plain))


_EACH = re.compile(
    r"\b(?:each|both|all|every one) of (?:them|these|those|the (?:two|three))\b|\b(?:for|in|by|"
    r"per|of) (?:each|both)(?: one)?$"
)
# "The average loan there", but not "how many are there".
_THERE = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!in )\bthere\b(?! (?:is|are|was|were|any|a)\b)")


def is_distributive(plain: str) -> bool:
    """Tell whether a number is wanted of each group spoken of: "the average in each of them"."""
    return bool(_EACH.search(plain))


def is_ellipsis(text: str, catalog: Catalog, last: Question) -> bool:
    """Tell whether a message leaves out what is measured: "median", "women", "which branch is worst?"."""
    plain = plain_words(text)
    n_words = len(plain.split())
    if n_words > _LONGEST_REST:
        return False
    parts = gather(annotate(text, catalog), catalog)
    groups = {g.column for g in last.by}
    if parts.sentence.has("relation") and not parts.bare and last.shape == "relation":
        return True
    said = bool(parts.measures or parts.counts or parts.quantiles and parts.bare)
    if said:
        return False
    if parts.superlative and not parts.bare:
        if parts.limit and not parts.groups and not parts.entity:
            return True
        stepped = last.shape == "trend" or any(g.grain == "weekday" for g in last.by)
        if stepped and parts.sentence.has("grain") and n_words <= _BEST_MONTH:
            return True
        named = {link.column for item in parts.sentence.items for link in item.links}
        return bool(named & groups) or bool(re.match(r"^(which|who|what)\b", plain)) and not parts.entity
    lists = re.match(r"^(show|list|give|who|find|which|what|how|plot|draw|compare|is|are|does|do)\b", plain)
    asks = (
        parts.sentence.has("relation") or parts.sentence.has("outliers") or parts.sentence.has("distribution")
    )
    if lists and (parts.bare or parts.entity or n_words > 5 and not asks):
        return False
    if parts.bare:
        return not (parts.groups or parts.where) and n_words <= 5
    return not parts.entity or n_words <= 4
