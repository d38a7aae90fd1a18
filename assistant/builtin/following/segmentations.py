"""Changes the newest request for segments: another number, features, population, limit or option of it."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.conversation import Conversation, plain_words
from assistant.builtin.following.acts import moves_limit
from assistant.builtin.following.frames import back_to_number
from assistant.builtin.following.limits import move_limits
from assistant.builtin.following.one_segment import about, segment_asked_about
from assistant.builtin.following.question import question_of, request_of
from assistant.builtin.following.searching_again import LEAVES_OUT, feature_of, searched_again
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain as plain_number
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.segment_options import read_options
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.parsing.segment_words import VERBS, asks_to_make
from assistant.builtin.request import Request
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, Filtered
from assistant.builtin.request.segments import (
    DescribeSegments,
    FindSegments,
    SegmentByRfm,
    SegmentByRules,
    SegmentByValue,
)
from assistant.builtin.templates import compiled, words_of
from tools.selecting import Condition, GroupBy, Measure

Scheme = FindSegments | SegmentByRfm | SegmentByRules | SegmentByValue
_NOUN = r"(?:segments?|clusters?|groups?|tiers?|levels?|parts?)"
_N = r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
_SPOKEN = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_RELATIVE = re.compile(rf"\bone (?P<way>more|fewer|less) {_NOUN}\b|\b{_NOUN} (?P<way2>more|fewer|less)\b")
_COUNTED = re.compile(rf"\b{_N} (?:personas|{_NOUN})\b")
_MOST_WORDS = 16


_SAID_OF_SEGMENTS = (
    (
        r"\b(?:of|in|for|from|by|per) (?:each(?: one| of them)?|every one|all of them|them|both(?: of "
        r"them)?|the two)"
     r"(?=\s*[?.!]*$)", "of each segment"),
    (r"\bwhich (?:one )?of (?:them|these|those|the two|the three|both)\b", "which segment"),
    (r"\bbetween (?:the two|these two|both|them)\b", "between the segments"),
    (
        r"\b(?:their|the segment|the segments'|the) sizes?\b(?: of the segments)?",
     "number of customers by segment"),
)  # fmt: skip


_LIKE_SEGMENTS = re.compile(
    r"\b(?P<lead>per|by|each|every|which|what|of the|in the|the|all|these|those|all the|"
    r"between the|of those|of these|"
    r"of each|in each|for each|"
    r"across|across the) (?P<noun>tier|group|cluster|bucket|class|bracket|band)(?P<end>e?s)?\b",
    re.IGNORECASE,
)


def as_segments(text: str, catalog: Catalog) -> str:
    """Call tiers and groups segments, once there are some and no column is called so: "average per tier"."""
    if not catalog.segments or asks_to_make(sentence := annotate(text, catalog), sentence.words()):
        return text
    if text.split()[:1] and text.split()[0].lower() in VERBS:
        return text
    named = {word for words in catalog.words_of.values() for word in words}

    def written(found: re.Match[str]) -> str:
        if found["noun"].lower() in named:
            return found[0]
        return f"{found['lead']} segment{'s' if found['end'] else ''}"

    return _LIKE_SEGMENTS.sub(written, text)


def spelt_out(text: str) -> str:
    """Write out that each segment is meant, after a message about segments: "mean balance of both"."""
    for short, full in _SAID_OF_SEGMENTS:
        text = re.sub(short, full, text, flags=re.IGNORECASE)
    return text


def follow_segments(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read follow-ups of a segmentation: "without the balance", "only women", "make it 5"."""
    newest, scheme = conversation.last_request(), newest_scheme(conversation, catalog)
    sentence, plain = annotate(text, catalog), plain_words(text)
    if scheme is None or len(plain.split()) > _MOST_WORDS:
        return None
    if isinstance(scheme, SegmentByRules) and _COUNTED.search(plain):
        return None  # "give me 5 personas": other segments are to be found, no rule is to be moved
    told = sentence.words() & cue("about_segments")
    if isinstance(scheme, SegmentByRules | SegmentByValue):
        limited = move_limits(text, scheme, catalog, conversation)
        if limited is not None:
            return limited
    if isinstance(newest, Filtered) and (not told or sentence.has("segment")):
        moved = (
            _moved(sentence, scheme, catalog)
            if moves_limit(text) and not isinstance(scheme, FindSegments)
            else None
        )
        return Reading((moved,)) if moved else None
    drawn = _drawn(text, catalog) if newest and not isinstance(newest, Filtered) else None
    if drawn is not None:
        return drawn
    described = _described(text, catalog) if newest else None
    if described is not None:
        return described
    ranked = _ranked_by(text, scheme, catalog)
    if ranked is not None:
        return ranked
    options = read_options(text, catalog)
    rest = annotate(options.text, catalog)
    if cue("segment_edit") & sentence.words() or (_asks(rest) and not LEAVES_OUT.match(text)):
        return None
    number = _number(_TOO_MANY.sub("", plain), scheme, catalog, sure=bool(told))
    if number is not None:
        return _renumbered(scheme, number, levels="level" in plain)
    if newest is not None and not isinstance(newest, Filtered):
        if _TOO_MANY.fullmatch(plain) or _OTHER_NUMBER.fullmatch(plain):
            return _which_number(plain, catalog)
        if _ANEW.fullmatch(plain) and isinstance(scheme, FindSegments):
            return Reading((FindSegments(),))
    only_options = options.found and not rest.words() - cue("segment_object")
    features = sentence.words() & {"feature", "variable", "input"}
    if (newest is None and not features) or (not only_options and _is_new(plain, sentence)):
        return None
    if isinstance(scheme, FindSegments):
        return _made_otherwise(text, catalog) or searched_again(text, plain, scheme, catalog)
    changed = _moved(sentence, scheme, catalog)
    return Reading((changed,)) if changed else None


def _made_otherwise(text: str, catalog: Catalog) -> Reading | None:
    """Read segments that no search makes: "segments by loyalty tier", "now by loyalty tier"."""
    words = words_of(text)
    found = _BY_COLUMN.fullmatch(words.said)
    for said in (text, f"segments by {words.written(found, 'x')}" if found else ""):
        whole = read_sentence(said, catalog) if said else None
        asked = whole.requests[0] if isinstance(whole, Reading) else None
        if isinstance(whole, Reading) and isinstance(asked, SegmentByRules | SegmentByValue | SegmentByRfm):
            return whole
    return None


_BY_COLUMN = re.compile(
    compiled("[and|now|but|ok|no|then|please] [do it|the same|try] by X [instead|now|please|rather]", {})
)
_BY = re.compile(
    compiled("[and|now|but|ok|no|then|please] (by|use|using|take) X [instead|now|please|rather]", {})
)


def _ranked_by(text: str, scheme: Scheme, catalog: Catalog) -> Reading | None:
    """Read "by number of orders instead" after tiers of something else."""
    words = words_of(text)
    found = _BY.fullmatch(words.said) if isinstance(scheme, SegmentByValue) else None
    parts = (
        Parts(annotate(words.written(found, "x"), catalog, customer_level=True).fresh(), catalog)
        if found
        else None
    )
    if parts is None or not parts.sentence.items or not isinstance(scheme, SegmentByValue):
        return None
    items = parts.sentence.items
    counted = items[0].has("count") and items[-1].has("entity", "transaction", "row") and len(items) == 2
    name = "n_transactions" if counted else feature_of(items[0], parts) if len(items) == 1 else None
    known = name is not None and (catalog.feature(name) or parts.is_number(name))
    return Reading((scheme.model_copy(update={"column": name}),)) if known else None


def go_back_to_number(text: str, conversation: Conversation) -> Reading | None:
    """Read "go back to the one with 4": the newest earlier search that asked for so many segments."""
    said = back_to_number(text).lower()
    n = int(said) if said.isdigit() else _SPOKEN.get(said)
    searched = (r for turn in reversed(conversation.turns) for r in reversed(turn.requests))
    earlier = [r for r in searched if isinstance(r, FindSegments)]
    fits = next((r for r in earlier[1:] if n and r.n_segments == n and r != earlier[0]), None)
    return Reading((fits,)) if fits else None


# "Too many, three please": what is wrong with the number there is, before the one that is wanted.
_TOO_MANY = re.compile(
    rf"^(?:(?:ok|hmm|no|sorry|but|that's|that is|thats|those are|this is|these are|still|far|way|a bit|a "
    rf"little|"
    rf"bit|seems?|looks?|i think|is|are) )*(?:too (?:many|few|much|little|coarse|fine|detailed)|not enough)"
    rf"(?: {_NOUN})?(?: for (?:me|us))?\b ?"
)
_OTHER_NUMBER = re.compile(
    rf"(?:(?:can we|could we|please|i want|we want|we need|i need|make|have|use|get|try|with|much|a few|"
    rf"some|bit) )*"
    rf"(?:fewer|more|less)(?: {_NOUN})?(?: (?:please|instead|then))?"
)
_ANEW = re.compile(
    r"(?:(?:ok|please|now|no|let's|lets|can we|could you|i want to) )*"
    r"(?:start (?:over|again|afresh|from scratch|fresh|anew)|begin again|reset(?: (?:it|everything|all))?|"
    r"from scratch|all over again|do it (?:all )?from scratch)(?: please| then)?"
)


def _which_number(plain: str, catalog: Catalog) -> Reply | None:
    """Ask how many segments are wanted where only "fewer" or "too few" is said."""
    n = len(catalog.segments)
    fewer = bool(re.search(r"\b(?:many|much|fine|detailed|fewer|less)\b", plain))
    near = [m for m in ((n - 1, n - 2) if fewer else (n + 1, n + 2)) if m >= 2]
    told = {"n": n, "way": "fewer" if fewer else "more"}
    return Reply("clarify", "how_many", told, tuple(f"Make it {m} segments" for m in near)) if n else None


def newest_scheme(conversation: Conversation, catalog: Catalog) -> Scheme | None:
    """Return the newest request that made segments; a plain search where none is remembered."""
    for turn in reversed(conversation.turns):
        for request in reversed(turn.requests):
            if isinstance(request, Scheme):
                return request
    return FindSegments() if catalog.segments else None


def _is_new(plain: str, sentence: Sentence) -> bool:
    """Tell whether a message is a request or a question of its own."""
    first = plain.split()[0] if plain else ""
    changed = plain.startswith(("what about", "how about")) or plain.endswith("instead")
    question = first in cue("question_word") and not changed
    again = re.match(r"(?:please )?(?:segment|cluster) (?:them |it )?(?:again|only|just|without)\b", plain)
    return question or (asks_to_make(sentence, sentence.words()) or first in VERBS) and not again


def _asks(sentence: Sentence) -> bool:
    """Tell whether a message asks for a number or a chart, which changes no segments."""
    kinds = ("statistic", "count", "share", "chart_kind")
    return any(item.has(kind) for item in sentence.items for kind in kinds)


def _described(text: str, catalog: Catalog) -> Reading | None:
    """Read "describe them" and "and the second one?": nothing but segments is named."""
    if re.fullmatch(rf"(?:{'|'.join(phrases('described'))})", plain_words(text)):
        return Reading((DescribeSegments(),))
    shown = masked(text.strip().rstrip("?!. "), catalog, that=False)
    alone = re.fullmatch(
        rf"(?:(?:{'|'.join(phrases('about_lead'))})\s+)*§0(?: please| then)?", shown.text.lower()
    )
    return Reading((DescribeSegments(segment=shown.segments[0]),), tuple(shown.notes)) if alone else None


def _drawn(text: str, catalog: Catalog) -> Reading | None:
    """Read "as a pie" after segments: a chart of their sizes."""
    parts = gather(annotate(text, catalog), catalog)
    left = [item for item in parts.sentence.unexplained() if not item.has("relation")]
    said = parts.measures or parts.bare or parts.groups or parts.where or parts.counts or parts.pending
    if not parts.wants_chart or left or said or not catalog.segments:
        return None
    sizes = Aggregate(
        measures=[Measure(statistic="count")], by=[GroupBy(column="segment")], chart=parts.chart
    )
    return Reading((sizes,))


def segment_meant(text: str, catalog: Catalog, last: Filtered) -> Reading | None:
    """Read "and in the first?" after a question about segments: the same of one of them."""
    question = question_of(last)
    spoken = question is not None and (
        "segment" in question.columns or segment_asked_about(question) is not None
    )
    shown = masked(text.strip().rstrip("?!. "), catalog, that=False)
    alone = re.fullmatch(
        r"(?:(?:and|or|what about|how about|now|ok|then|only|just|in|for|of|with|the|same for) )*§0"
        r"(?: (?:only|please|then|instead))?",
        shown.text.lower(),
    )
    if question is None or not spoken or alone is None or len(shown.segments) != 1:
        return None
    name = shown.segments[0]
    if name.isdigit() and 1 <= int(name) <= len(catalog.segments):
        name = catalog.segments[int(name) - 1]
    request = request_of(about(question, name), catalog.table.time)
    return Reading((request,), tuple(shown.notes)) if request else None


def cut_by(scheme: Scheme) -> str:
    """Return what is moved to change segments: the one "limit" of rules and tiers, or their "number"."""
    if isinstance(scheme, SegmentByRules):
        return "limit"
    return "limit" if isinstance(scheme, SegmentByValue) and not scheme.quantiles else "number"


def _number(plain: str, scheme: Scheme, catalog: Catalog, *, sure: bool) -> int | None:
    """Return the number of segments wanted now: "make it 5", "can we have five instead", "one fewer"."""
    relative = _RELATIVE.search(plain)
    if relative and catalog.segments:
        return len(catalog.segments) + (1 if (relative["way"] or relative["way2"]) == "more" else -1)
    leads = "|".join(phrases("renumber_lead"))
    found = re.fullmatch(
        rf"(?:(?:{leads}|please|just|only|into|exactly|no|ok|and|but|then)\s+)*{_N}(?:\s+{_NOUN})?"
        r"(?:\s+(?:instead|please|then|of (?:it|them|those)|now|again|rather|for me|this time|only))*",
        plain,
    )
    if found is None or (found[0] == found["n"] and not sure and isinstance(scheme, SegmentByRules)):
        return None
    return _SPOKEN.get(found["n"]) or int(found["n"])


_AS_LEVELS = (
    "RFM gives its named segments, however many they are: I took {n} as the levels of each score. "
    'For exactly {n} segments, ask "find {n} segments".'
)


def _renumbered(scheme: Scheme, n: int, *, levels: bool) -> Reading | None:
    if not 1 <= n <= 20:
        return None
    if isinstance(scheme, SegmentByValue):
        told = {"quantiles": n, "top_shares": [], "thresholds": [], "names": []}
        return Reading((scheme.model_copy(update=told),)) if n > 1 else None
    if isinstance(scheme, SegmentByRfm):
        notes = () if levels else (_AS_LEVELS.format(n=n),)
        return Reading((scheme.model_copy(update={"levels": n}),), notes) if n in (3, 4, 5) else None
    if isinstance(scheme, SegmentByRules):
        return Reading((FindSegments(n_segments=n),))
    return Reading((scheme.model_copy(update={"n_segments": n}),))


def _moved(
    sentence: Sentence, scheme: SegmentByRules | SegmentByValue | SegmentByRfm, catalog: Catalog
) -> Request | None:
    """Change the one limit of rules or tiers: "make the limit 5000", "top 10% instead", "by balance"."""
    numbers = [i.number for i in sentence.items if i.number]
    if isinstance(scheme, SegmentByRules):
        return _with_limit(scheme, plain_number(numbers[0].value)) if len(numbers) == 1 else None
    if isinstance(scheme, SegmentByRfm):
        found = read_options(sentence.text, catalog).found.get("reference_date")
        return scheme.model_copy(update={"reference_date": found}) if found else None
    percent = [plain_number(n.value) for n in numbers if n.unit == "%"]
    if percent:
        kept = scheme.names if len(percent) == len(scheme.top_shares) else []
        return scheme.model_copy(
            update={"top_shares": percent, "quantiles": None, "thresholds": [], "names": kept}
        )
    if numbers and scheme.thresholds:
        edges = [float(n.value) for n in numbers]
        kept = scheme.names if len(edges) == len(scheme.thresholds) else []
        return scheme.model_copy(update={"thresholds": edges, "names": kept})
    parts = Parts(sentence.fresh(), catalog)
    column = next(
        (name for i in parts.sentence.items if (name := feature_of(i, parts)) and parts.is_number(name)), None
    )
    return scheme.model_copy(update={"column": column}) if column and not numbers else None


def _with_limit(scheme: SegmentByRules, value: float) -> SegmentByRules | None:
    """Put another number in the place of the only limit of the rules; None where there are several."""
    ranged = ("above", "below", "at_least", "at_most")
    limits = {
        (c.column, float(c.value))
        for segment in scheme.segments
        for c in segment.where
        if c.is_ in ranged and isinstance(c.value, int | float)
    }
    if len(limits) != 1:
        return None

    def moved(one: Condition) -> Condition:
        return one.model_copy(update={"value": value}) if one.is_ in ranged else one

    segments = [s.model_copy(update={"where": [moved(c) for c in s.where]}) for s in scheme.segments]
    return scheme.model_copy(update={"segments": segments})
