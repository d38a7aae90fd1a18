"""Knows what is asked back or refused where a sentence cannot be read: absent, stray and vague words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from assistant.builtin.annotate import annotate
from assistant.builtin.denials import denies
from assistant.builtin.lexicon import cue, lexicon, topic_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.absence import names_a_thing
from assistant.builtin.parsing.parts import Ambiguity, Parts
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request.advice import RecallNotes
from assistant.builtin.request.outcome import Outcome, Read, Reading, Reply
from assistant.builtin.request.rows import Distribution
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.speaking import spoken
from assistant.builtin.tokens import key_of

VAGUE = cue("vague")


def absent(parts: Parts, unknown: list[Item], read: Read) -> Outcome:
    """Say that something asked about is not in the data, with what comes nearest."""
    things = [item for item in unknown if names_a_thing(item, parts.sentence)]
    words = list(dict.fromkeys(item.text for item in things or unknown))
    vague = by_what(parts.sentence, parts.catalog)
    if vague is not None and all(item.text.lower() in VAGUE for item in things):
        return vague
    of_people = {word.lower() for word in words} & cue("kinds_of_people")
    near = [] if of_people else nearest_names(parts.catalog, " ".join(words))
    if not things and not (near and fuzz.ratio(words[0].lower(), near[0].lower()) > 72):
        return stray_words(parts, unknown, read)
    questions = [_replaced(parts.sentence.text, words[0], name) for name in near[:3]]
    near = [name for name in near if not denies(words[0], name)]
    alike = [name for name in near if fuzz.ratio(words[0].lower(), name.lower()) > 82]
    if (
        len(words) == 1
        and len(alike) == 1
        and len(words[0]) >= 5
        and words[0].lower() not in lexicon().outside
        and words[0].lower() != alike[0].lower()  # the name as it is was not understood
    ):
        again = read(_replaced(parts.sentence.text, words[0], alike[0]), parts.catalog)
        if isinstance(again, Reading):
            return Reading(
                again.requests, (*again.notes, f'I read "{words[0]}" as {alike[0]}.'), again.offers
            )
    own = words[0].lower() in lexicon().outside
    if near and not own and fuzz.ratio(words[0].lower(), near[0].lower()) > 72:
        return Reply("clarify", "did_you_mean", {"words": words, "near": near}, tuple(questions))
    coded = _coded(words, parts)
    if coded is not None:
        values = {
            "words": words,
            "column": coded,
            "codes": sorted(str(value) for value, _ in parts.column(coded).values),
        }
        return Reply("refused", "coded", values, starters(parts.catalog)[:3])
    return Reply(
        "refused",
        "absent",
        {"words": words, "catalog": parts.catalog, "table": parts.catalog.table, "near": near},
        starters(parts.catalog)[:3],
    )


def _coded(words: Sequence[str], parts: Parts) -> str | None:
    """Return the column of the sex if it holds codes that do not say which are the women."""
    if not all(set(key_of(word)) & cue("sex_word") for word in words):
        return None
    for name in sorted(parts.catalog.loaded):
        few = len(parts.column(name).values) in (2, 3)
        if few and set(parts.catalog.words_of[name]) & {"gender", "sex"}:
            return name
    return None


def by_what(sentence: Sentence, catalog: Catalog, said: str | None = None) -> Reply | None:
    """Ask by which column "big", "risky" or "good" is meant, or the superlative that is given."""
    words = {said} if said else sentence.words() & VAGUE
    limits = any(item.number or item.has("comparator") for item in sentence.items)
    if not words or (limits and not said):
        return None
    table = catalog.table
    numbers = [
        c.name
        for role in ("amount", "balance", "quantity", "measure")
        for c in table.by_role(role)
        if c.kind == "number"
    ][:4]
    if not numbers:
        return None
    noun = "customers" if table.customer else "rows"
    group = next((i.links[0].column for i in sentence.items if i.links and _few_groups(i, catalog)), None)
    if group is None:
        choices = tuple(f"Top 10 {noun} by {name}" for name in numbers)
    else:
        choices = tuple(f"What is the average {spoken(catalog, name)} by {group}?" for name in numbers[:3])
        choices += (f"How many {noun} by {group}?",)
    return Reply("clarify", "by_what", {"word": sorted(words)[0], "columns": numbers}, choices)


def _few_groups(item: Item, catalog: Catalog) -> bool:
    column = catalog.columns[item.links[0].column]
    return (
        column.kind == "text"
        and column.role in ("category", "place", "outcome")
        and item.links[0].score > 0.7
    )


def which_column(parts: Parts, ambiguity: Ambiguity) -> Reply:
    """Ask which of several columns a phrase means."""
    columns = [link.column for link in ambiguity.links[:5]]
    questions = tuple(_replaced(parts.sentence.text, ambiguity.phrase, column) for column in columns)
    return Reply(
        "clarify",
        "which_column",
        {"phrase": ambiguity.phrase, "columns": columns, "catalog": parts.catalog},
        questions,
    )


def no_such_segment(parts: Parts) -> Reply | None:
    """Say which segments there are if one is named that does not exist."""
    names = {name.lower() for name in parts.catalog.segments}
    asked = [
        str(v) for c in parts.where if c.column == "segment" for v in (*c.values, c.value) if v is not None
    ]
    missing = [name for name in asked if name.lower() not in names]
    if not missing:
        return None
    choices = tuple(parts.catalog.segments) or ("Segment my customers",)
    return Reply(
        "clarify", "no_such_segment", {"name": missing[0], "segments": parts.catalog.segments}, choices
    )


def nearest_names(catalog: Catalog, words: str) -> list[str]:
    """Return columns and cell contents spelt like the words."""
    columns = process.extract(
        words, sorted(catalog.loaded), scorer=fuzz.WRatio, processor=str.lower, limit=3, score_cutoff=80
    )
    contents = sorted({str(links[0].value) for links in catalog.values.values()})
    values = process.extract(
        words, contents, scorer=fuzz.ratio, processor=str.lower, limit=3, score_cutoff=80
    )
    near = sorted([*columns, *values], key=lambda found: (-found[1], found[0]))
    alike = [name for name, _, _ in near if len(name) > 2]
    # A short name inside a longer word ("age" in "manager") is no likeness.
    return [name for name in alike if len(name) > 4 or fuzz.ratio(words.lower(), name.lower()) > 60]


def stray_words(parts: Parts, stray: list[Item], read: Read) -> Outcome:
    """Ask about words that are known but have no place in the reading."""
    words = [item.text for item in stray]
    columns = [item.links[0].column for item in stray if item.links]
    return Reply(
        "clarify",
        "stray",
        {"words": words, "columns": columns, "sentence": parts.sentence.text},
        _simpler(parts, stray, read),
    )


_DANGLING = r"(?:\b(?:in|of|by|with|for|from|to|at|on|and|or|the|a|an|per|their|than|is|are)\b[\s,]*)*"


def _simpler(parts: Parts, stray: list[Item], read: Read) -> tuple[str, ...]:
    """Return the question without the words that have no place in it, if it is a question then."""
    # Without "never" or "more than" the opposite, or everything, would be asked.
    turns = any(item.has("logic", "not") or item.has("comparator") for item in stray)
    words = [] if turns else [item.text for item in stray]
    shorter = without_words(parts.sentence.text, words, parts.catalog, read)
    return (shorter,) if shorter else starters(parts.catalog)[:2]


def without_words(text: str, words: Sequence[str], catalog: Catalog, read: Read) -> str | None:
    """Return a question without some of its words, if what remains can be read.

    Args:
        text: The question.
        words: What to leave out, as it stands in the question.
        catalog: The data.
        read: Reads what remains.
    """
    whole = text
    for left_out in words:
        text = re.sub(
            rf"{_DANGLING}(?<!\w){re.escape(left_out)}(?!\w)", " ", text, count=1, flags=re.IGNORECASE
        )
    text = re.sub(rf"[\s,]*{_DANGLING}(?=[?.!]*$)", "", " ".join(text.split())).strip(" ,")
    if len(text.split()) <= 2 or text == whole or len(words) > 2:
        return None
    known = annotate(text, catalog)
    names = any(item.links or item.has("entity") for item in known.items)
    return text if names and isinstance(read(text, catalog), Reading) else None


def _replaced(text: str, old: str, new: str) -> str:
    """Put other words in the place of a word or phrase, never of letters inside another word."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, count=1, flags=re.IGNORECASE)


def names_a_month(item: Item) -> bool:
    """Tell whether a word is a month; it becomes a date only where the data have dates."""
    word = item.text.lower()
    return word != "may" and any(sense.kind == "month" for sense in lexicon().phrases.get((word,), ()))


def lost(sentence: Sentence, catalog: Catalog, read: Read) -> Outcome:
    """Answer a message without any request that can be made out."""
    unknown = [item.text for item in sentence.items if not item.senses and not names_a_month(item)]
    timed = any(i.has("grain") or i.has("period") or i.has("over_time", "over_time") for i in sentence.items)
    timed = timed or any(map(names_a_month, sentence.items))
    if timed and catalog.table.time is None and not unknown:
        return Reply("refused", "no_time", {"table": catalog.table}, starters(catalog)[:3])
    unlinked = [i for i in sentence.items if (i.has("role") and not i.links) or i.has("value_word")]
    asks = any(
        i.has("statistic") or i.has("count") or i.has("share") or i.has("superlative") for i in sentence.items
    )
    if asks and unlinked and not unknown:
        return absent(Parts(sentence, catalog), unlinked, read)
    vague = by_what(sentence, catalog)
    if vague is not None:
        return vague
    known = [item for item in sentence.items if item.links]
    if known and not unknown:
        name = known[0].links[0].column
        column = catalog.columns[name]
        numeric = column.kind == "number"
        about_it = len(sentence.items) <= 3 and not asks
        if (
            about_it
            and sentence.words()
            & {
                "mean",
                "means",
                "stand",
                "what",
                "definition",
                "contain",
            }
            and column.role not in ("customer_key", "row_key", "personal")
        ):
            note = f"The file does not say what {name} stands for; this is what it holds."
            return Reading((Distribution(column=name),), (note,))
        choices = (
            f"Show the distribution of {name}",
            f"What is the average {name}?" if numeric else f"How many customers by {name}?",
        )
        return Reply("clarify", "what_about", {"column": name}, choices)
    subject = [
        phrase
        for phrase in topic_words().domain
        if f" {phrase} " in f" {sentence.text.lower().rstrip('?.! ')} "
    ]
    if subject:
        return Reading((RecallNotes(question=sentence.text.strip()),))
    things = [i for i in sentence.items if not i.senses and names_a_thing(i, sentence)] + unlinked
    about_data = any(
        i.links or i.has("entity") or i.has("statistic") or i.has("count") for i in sentence.items
    )
    if things and about_data:
        return absent(Parts(sentence, catalog), things, read)
    return Reply("refused", "lost", {"words": unknown}, starters(catalog))
