"""Says in which order the kinds of request are tried, and when a reading explains too little to be given.

A new kind of request is a file with `read_x(sentence, catalog) -> Outcome | None` and one line in `KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rapidfuzz import fuzz, process

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import cue, lexicon, phrases, topic_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.about import read_about
from assistant.builtin.parsing.absence import (
    impossible_day,
    names_a_thing,
    outside_the_span,
    swallowed,
    unconverted,
)
from assistant.builtin.parsing.corrections import read_correction
from assistant.builtin.parsing.coverage import matters
from assistant.builtin.parsing.data_questions import read_data_question
from assistant.builtin.parsing.edits import read_edit
from assistant.builtin.parsing.orders import read_order
from assistant.builtin.parsing.parts import Ambiguity, Parts
from assistant.builtin.parsing.quality import covered_days, read_quality
from assistant.builtin.parsing.reasons import read_reason
from assistant.builtin.parsing.segments import read_segments
from assistant.builtin.parsing.talk import read_domain, read_talk, starters
from assistant.builtin.request import Request
from assistant.builtin.request.advice import RecallNotes
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Distribution
from assistant.builtin.request.segments import FindSegments, SegmentByRules, SegmentByValue
from assistant.builtin.sentence import Item, Sentence
from assistant.builtin.speaking import spoken

Reader = Callable[[Sentence, Catalog], "Outcome | None"]

# First match wins. Orders come first, so that none to misbehave is ever taken for a question.
KINDS: tuple[Reader, ...] = (
    read_order,
    read_about,
    read_talk,
    read_edit,
    read_domain,
    read_segments,
    read_quality,
)


def read_sentence(text: str, catalog: Catalog) -> Outcome:
    """Read one sentence: a request, a question back, or a refusal with the nearest thing that can be done."""
    return catalog.remember(("read", text), lambda: _read(text, catalog))


def _read(text: str, catalog: Catalog) -> Outcome:
    corrected = read_correction(text, catalog)
    if corrected is not None:
        return corrected
    sentence = annotate(text, catalog)
    for kind in KINDS:
        if kind is read_domain and (reasoned := read_reason(sentence, catalog, read_sentence)) is not None:
            return reasoned
        outcome = kind(sentence, catalog)
        if outcome is not None:
            return _explained(outcome, sentence, catalog)
    found = read_data_question(sentence, catalog)
    if found is None:
        return _lost(sentence, catalog)
    reading, parts = found
    return _checked(reading, parts)


def _explained(outcome: Outcome, sentence: Sentence, catalog: Catalog) -> Outcome:
    """Refuse to make segments by something that is not in the data."""
    if not isinstance(outcome, Reading) or not isinstance(
        outcome.requests[0], FindSegments | SegmentByRules | SegmentByValue
    ):
        return outcome
    unknown = [
        item
        for item in sentence.items
        if not item.senses
        and not item.used
        and len(item.text) > 2
        and item.text.lower() not in phrases("segment_filler")
        and not _is_name(item, outcome.requests[0])
    ]
    unknown += [
        item
        for item in sentence.items
        if not item.used and (item.has("value_word") or (item.has("role") and not item.links))
    ]
    return _absent(Parts(sentence, catalog), unknown, outcome.requests[0]) if unknown else outcome


def _is_name(item: Item, request: Request) -> bool:
    names: list[str] = []
    if isinstance(request, SegmentByRules):
        names = [*(segment.name for segment in request.segments), request.otherwise]
    elif isinstance(request, SegmentByValue):
        names = request.names
    return any(item.text.lower() in name.lower() for name in names)


def _checked(reading: Reading, parts: Parts) -> Outcome:
    """Give a reading only if it explains the question: nothing important left over, nothing ambiguous."""
    left = [item for item in parts.sentence.unexplained() if matters(item, parts, reading.requests[0])]
    left += swallowed(parts.sentence)
    day = impossible_day(parts.sentence.text)
    if day is not None:
        return Reply("refused", "no_such_day", {"day": day}, starters(parts.catalog)[:3])
    over_time = (
        parts.sentence.has("over_time", "over_time")
        or parts.sentence.says("over the years", "over the months")
        or (parts.growth and parts.sentence.says("over", "since", "last"))
    )
    if (
        parts.time is None
        and parts.year_column is None
        and (
            over_time
            or any(item.has("over_time") or item.has("grain") or item.has("period") for item in left)
            or any(_is_year(item, parts) for item in left)
        )
    ):
        return Reply("refused", "no_time", {"table": parts.catalog.table}, starters(parts.catalog)[:3])
    unknown = [item for item in left if not item.senses or item.has("value_word") or item.has("role")]
    if unknown:
        return _absent(parts, unknown, reading.requests[0])
    stray = [item for item in left if item not in unknown and not _means_everything(item, parts)]
    claims: tuple[float, ...] = ()
    if (
        stray
        and all(item.number or item.has("comparator") for item in stray)
        and _takes_for_granted(parts.sentence)
    ):
        claims = tuple(item.number.value for item in stray if item.number)
        stray = []
    if stray:
        return _stray(parts, stray)
    wrong = _no_such_segment(parts)
    if wrong is not None:
        return wrong
    lots = parts.sentence.says("a lot", "lots", "a great deal", "very much")
    lots = lots and not parts.sentence.says("thanks a lot", "thank you very much")
    if lots and not any(item.number for item in parts.sentence.items):
        asked = _by_what(parts.sentence, parts.catalog)
        if asked is not None:
            return asked
    if _ranks_by_nothing(reading.requests[0], parts):
        asked = _by_what(parts.sentence, parts.catalog)
        if asked is not None:
            return asked
    if parts.best_of_customers and _counts_each_once(reading.requests[0], parts):
        asked = _by_what(parts.sentence, parts.catalog)
        if asked is not None:
            return asked
    if parts.ambiguities:
        return _which_column(parts, parts.ambiguities[0])
    notes = list(reading.notes)
    for written, meant in parts.sentence.mended.items():
        notes.append(f'I read "{written}" as "{meant}".')
    notes += unconverted(reading.requests[0], parts)
    requests = reading.requests
    if outside_the_span(requests[0], parts):
        requests += (covered_days(parts.catalog),)
    if _is_empty(reading.requests[0]) and parts.superlative:
        return _lost(parts.sentence, parts.catalog)
    if (
        _is_empty(reading.requests[0])
        and not parts.counts
        and not parts.mentions_customers
        and not parts.entity
    ):
        return _lost(parts.sentence, parts.catalog)
    protected = [
        c.column
        for c in parts.where
        if c.column in parts.catalog.columns and parts.column(c.column).protected
    ]
    after = "protected" if parts.purpose and protected else reading.after
    return replace(reading, requests=requests, notes=tuple(notes), after=after, claims=claims)


def _is_year(item: Item, parts: Parts) -> bool:
    """Tell whether a number that nothing explains is a year: "churn rate in 2020"."""
    before = parts.sentence.tokens[item.start - 1].norm if item.start else ""
    times = ("in", "since", "during", "before", "after", "until", "for", "of", "year")
    number = item.number
    return number is not None and number.unit is None and before in times and 1900 <= number.value <= 2100


def _ranks_by_nothing(request: Request, parts: Parts) -> bool:
    """Tell whether groups are to be ranked without saying by what: "worst branch?", "which city is best"."""
    if not isinstance(request, Aggregate) or len(request.by) != 1 or parts.counts or request.by[0].grain:
        return False
    vague = parts.sentence.words() & _VAGUE & {"best", "worst", "important", "matter", "matters"}
    said = any(item.links and item.column != request.by[0].column for item in parts.sentence.items)
    named = any(i.has("entity", "transaction", "row") or i.has("statistic") for i in parts.sentence.items)
    plain = all(m.statistic.startswith("count") and not m.per and not m.where for m in request.measures)
    return bool(vague) and plain and not said and not named and request.by[0].column != parts.customer_key


def _counts_each_once(request: Request, parts: Parts) -> bool:
    """Tell whether rows are counted for each customer in a table that holds each of them once."""
    return (
        isinstance(request, Aggregate)
        and parts.catalog.table.grain == "customers"
        and [group.column for group in request.by] == [parts.customer_key]
        and all(measure.statistic == "count" and not measure.where for measure in request.measures)
    )


def _means_everything(item: Item, parts: Parts) -> bool:
    """Tell whether a noun only says that all groups are meant: "of all countries"."""
    before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
    return bool(item.links) and "all" in before and parts.is_group(item.links[0].column)


def _takes_for_granted(sentence: Sentence) -> bool:
    words = [token.norm for token in sentence.tokens]
    return words[0] in phrases("claim_lead") or sentence.says("right", "correct", "true", "isn't it", "why")


def _no_such_segment(parts: Parts) -> Reply | None:
    """Say which segments there are if one is named that does not exist."""
    names = {name.lower() for name in parts.catalog.segments}
    asked = [
        str(v) for c in parts.where if c.column == "segment" for v in (*c.values, c.value) if v is not None
    ]
    absent = [name for name in asked if name.lower() not in names]
    if not absent:
        return None
    choices = tuple(parts.catalog.segments) or ("Segment my customers",)
    return Reply(
        "clarify", "no_such_segment", {"name": absent[0], "segments": parts.catalog.segments}, choices
    )


def _is_empty(request: Request) -> bool:
    """Tell whether a request is only the count that stands for "nothing was named"."""
    return (
        isinstance(request, Aggregate)
        and not request.by
        and not request.where
        and all(m.statistic == "count" and not m.per for m in request.measures)
    )


def _absent(parts: Parts, unknown: list[Item], request: Request | None) -> Outcome:
    """Say that something asked about is not in the data, with what comes nearest."""
    things = [item for item in unknown if names_a_thing(item, parts.sentence)]
    words = list(dict.fromkeys(item.text for item in things or unknown))
    vague = _by_what(parts.sentence, parts.catalog)
    if vague is not None and all(item.text.lower() in _VAGUE for item in things):
        return vague
    near = nearest_names(parts.catalog, " ".join(words))
    if not things and not (near and fuzz.ratio(words[0].lower(), near[0].lower()) > 72):
        return _stray(parts, unknown)
    questions = [_replaced(parts.sentence.text, words[0], name) for name in near[:3]]
    alike = [name for name in near if fuzz.ratio(words[0].lower(), name.lower()) > 82]
    if (
        len(words) == 1
        and len(alike) == 1
        and len(words[0]) >= 5
        and words[0].lower() not in lexicon().outside
    ):
        again = read_sentence(_replaced(parts.sentence.text, words[0], alike[0]), parts.catalog)
        if isinstance(again, Reading):
            return Reading(
                again.requests, (*again.notes, f'I read "{words[0]}" as {alike[0]}.'), again.offers
            )
    own = words[0].lower() in lexicon().outside
    if near and not own and fuzz.ratio(words[0].lower(), near[0].lower()) > 72:
        return Reply("clarify", "did_you_mean", {"words": words, "near": near}, tuple(questions))
    del request
    return Reply(
        "refused",
        "absent",
        {"words": words, "catalog": parts.catalog, "table": parts.catalog.table, "near": near},
        starters(parts.catalog)[:3],
    )


_VAGUE = cue("vague")  # fmt: skip


def _by_what(sentence: Sentence, catalog: Catalog) -> Reply | None:
    """Ask by which column "big", "risky" or "good" is meant."""
    words = sentence.words() & _VAGUE
    if not words or any(item.number or item.has("comparator") for item in sentence.items):
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


def _replaced(text: str, old: str, new: str) -> str:
    """Put other words in the place of a word or phrase, never of letters inside another word."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, count=1, flags=re.IGNORECASE)


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


def _stray(parts: Parts, stray: list[Item]) -> Outcome:
    """Ask about words that are known but have no place in the reading."""
    words = [item.text for item in stray]
    columns = [item.links[0].column for item in stray if item.links]
    return Reply(
        "clarify",
        "stray",
        {"words": words, "columns": columns, "sentence": parts.sentence.text},
        _simpler(parts, stray),
    )


_DANGLING = r"(?:\b(?:in|of|by|with|for|from|to|at|on|and|or|the|a|an|per|their|than|is|are)\b[\s,]*)*"


def _simpler(parts: Parts, stray: list[Item]) -> tuple[str, ...]:
    """Return the question without the words that have no place in it, if it is a question then."""
    text = parts.sentence.text
    for item in stray:
        text = re.sub(
            rf"{_DANGLING}(?<!\w){re.escape(item.text)}(?!\w)", " ", text, count=1, flags=re.IGNORECASE
        )
    text = re.sub(rf"[\s,]*{_DANGLING}(?=[?.!]*$)", "", " ".join(text.split())).strip(" ,")
    if len(text.split()) <= 2 or text == parts.sentence.text:
        return starters(parts.catalog)[:2]
    known = annotate(text, parts.catalog)
    whole = any(item.links or item.has("entity") for item in known.items) and len(stray) <= 2
    reading = isinstance(read_sentence(text, parts.catalog), Reading) if whole else False
    return (text,) if reading else starters(parts.catalog)[:2]


def _which_column(parts: Parts, ambiguity: Ambiguity) -> Reply:
    columns = [link.column for link in ambiguity.links[:5]]
    questions = tuple(_replaced(parts.sentence.text, ambiguity.phrase, column) for column in columns)
    return Reply(
        "clarify",
        "which_column",
        {"phrase": ambiguity.phrase, "columns": columns, "catalog": parts.catalog},
        questions,
    )


def _lost(sentence: Sentence, catalog: Catalog) -> Outcome:
    """Answer a message without any request that can be made out."""
    unknown = [item.text for item in sentence.items if not item.senses]
    timed = any(i.has("grain") or i.has("period") or i.has("over_time", "over_time") for i in sentence.items)
    if timed and catalog.table.time is None and not unknown:
        return Reply("refused", "no_time", {"table": catalog.table}, starters(catalog)[:3])
    unlinked = [i for i in sentence.items if (i.has("role") and not i.links) or i.has("value_word")]
    asks = any(
        i.has("statistic") or i.has("count") or i.has("share") or i.has("superlative") for i in sentence.items
    )
    if asks and unlinked and not unknown:
        return _absent(Parts(sentence, catalog), unlinked, None)
    vague = _by_what(sentence, catalog)
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
        return _absent(Parts(sentence, catalog), things, None)
    return Reply("refused", "lost", {"words": unknown}, starters(catalog))
