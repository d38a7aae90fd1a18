"""Reads requests about segments: finding them, rules, tiers, RFM, profiles, comparisons, why questions."""

from __future__ import annotations

import re
from typing import Any

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.feasibility import read_eligibility, read_method
from assistant.builtin.parsing.negation import add_condition
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.search_sayings import is_search, puts_into_groups, written_plainly
from assistant.builtin.parsing.segment_categories import one_for_each, read_by_category, read_once_or_again
from assistant.builtin.parsing.segment_cohorts import read_cohorts
from assistant.builtin.parsing.segment_definitions import read_definitions, read_unnamed
from assistant.builtin.parsing.segment_features import buyers_of, rows_left_out, take_features, users_of
from assistant.builtin.parsing.segment_lifecycle import read_lifecycle
from assistant.builtin.parsing.segment_options import Options, read_options
from assistant.builtin.parsing.segment_partitions import ask_of_sides, read_partition
from assistant.builtin.parsing.segment_questions import (
    read_comparison,
    read_fairness,
    read_most_valuable,
    read_portrait,
    read_profile,
    read_rule_request,
    read_saved,
    read_typical,
    read_unknown_name,
)
from assistant.builtin.parsing.segment_ranges import read_plain_ranges, read_ranges
from assistant.builtin.parsing.segment_reasons import read_value_question, read_why
from assistant.builtin.parsing.segment_rules import Rules, read_rules
from assistant.builtin.parsing.segment_slices import read_slices
from assistant.builtin.parsing.segment_tiers import read_rfm, read_tiers
from assistant.builtin.parsing.segment_wishes import read_wish, without_purpose
from assistant.builtin.parsing.segment_words import (
    NOUNS,
    VERBS,
    asks_to_make,
    free_words,
    is_plain_wish,
    segments_people,
    wanted_number,
)
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.talk import absent_values
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import FindSegments
from tools.selecting import Condition

_STRONG = {
    "weights",
    "smallest_share",
    "method",
    "outliers",
    "ignore",
}  # nothing else is asked for in such words


def read_segments(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a request about segments; None if the sentence is about something else."""
    written, sentence = sentence, _without_or_not(without_purpose(sentence, catalog), catalog)
    sentence = written_plainly(sentence, catalog)
    words = free_words(sentence, catalog)
    for reader in (
        read_plain_ranges,
        read_definitions,
        read_slices,
        read_ranges,
        read_cohorts,
        read_method,
        read_unknown_name,
        read_value_question,
        read_most_valuable,
        read_portrait,
        read_lifecycle,
        read_eligibility,
        read_fairness,
        _find_with_options,
        read_once_or_again,
        read_partition,
        read_by_category,
        read_rfm,
        read_rules,
        read_unnamed,
        read_wish,
        read_comparison,
        read_why,
        read_rule_request,
        read_typical,
        read_saved,
        read_tiers,
        read_profile,
        ask_of_sides,
        _find,
    ):
        found = reader(sentence, catalog, words)
        if found is not None:
            _carry_over(sentence, written)
            return found
    return None


def _carry_over(read: Sentence, written: Sentence) -> None:
    """Mark the words of a sentence as used that its plain form has not, or has used."""
    unused = {item.text for item in read.items if not item.used}
    for item in written.items if read is not written else ():
        item.used = item.used or item.text not in unused


_OR_NOT = re.compile(r"\bby\b.*?(?P<tail>,? (?:or not|yes (?:or|and|versus|vs) no|yes/no))$", re.IGNORECASE)


def _without_or_not(sentence: Sentence, catalog: Catalog) -> Sentence:
    """Leave out "or not" of "by paperless billing or not", which says no more than the column."""
    found = _OR_NOT.search(sentence.text.rstrip("?!. "))
    return annotate(sentence.text[: found.start("tail")], catalog) if found else sentence


def _find_with_options(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read a search whose options would be taken for rules or tiers: "none smaller than 3%"."""
    found = read_options(sentence.text, catalog).found
    return _find(sentence, catalog, words) if set(found) & _STRONG else None


def _find(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Segment my customers into 5 groups by recency and spend, without age, only women"."""
    options = read_options(sentence.text, catalog)
    rest = annotate(options.text, catalog)
    if _COUNTED.match(_plain(rest)):
        rest = annotate(options.text, catalog, customer_level=True)
    told = puts_into_groups(sentence)
    if not told and not _wishes(rest, free_words(rest, catalog), catalog, options):
        return None
    if options.unknown:
        return Reply("refused", "absent", absent_values(catalog, options.unknown), ())
    left_out = rows_left_out(rest, catalog)
    if left_out is not None:
        return left_out
    arguments, notes, unread = read_search(rest, catalog)
    _explain(sentence, rest)
    ignored = (
        {"ignore": [*arguments["ignore"], *options.found["ignore"]]} if "ignore" in options.found else {}
    )
    asked = {**arguments, **options.found, **ignored}
    valued = _values_of_one(asked, unread, catalog)
    if valued is not None:
        return valued
    return Reading((FindSegments.model_validate(asked),), (*notes, *options.notes), unread=unread)


def _values_of_one(asked: dict[str, Any], unread: tuple[str, ...], catalog: Catalog) -> Outcome | None:
    """Return one segment for each value where a search is to look at nothing but one category."""
    told = {key for key, value in asked.items() if value}
    only = asked.get("features") or []
    if unread or told != {"features"} or len(only) != 1 or only[0] not in catalog.columns:
        return None
    return one_for_each(list(only), catalog) if catalog.columns[only[0]].kind == "text" else None


def _wishes(sentence: Sentence, words: set[str], catalog: Catalog, options: Options) -> bool:
    """Tell whether segments are to be searched for, by the words that no option has explained."""
    own = set(options.found) & (_STRONG - {"outliers"} | {"n_segments"})
    about = words & (VERBS | NOUNS)
    counted = own == {"n_segments"} and (sentence.has("count") or sentence.has("share"))
    if own and (about or len(sentence.items) <= 1) and not sentence.has("statistic") and not counted:
        return True
    if "outliers" in options.found and (about or not sentence.items) and not sentence.has("statistic"):
        return bool(about) or catalog.segmentation is not None
    text = _plain(sentence)
    if _VERB_FIRST.match(text) and not sentence.has("statistic"):
        return True
    if any(phrase in f" {text} " for phrase in phrases("segment_wish")):
        return True
    kinds = _KINDS_OF.search(text)
    if kinds and any(i.has("entity", "customer") and i.text.lower() == kinds[1] for i in sentence.items):
        return True
    if _COUNTED.match(text) and (not sentence.has("statistic") or _BY_FEATURES.search(text)):
        return True
    if set(options.found) & {"method"} and is_search(sentence):
        return True
    measuring = any(i.has("statistic") or i.has("count") or i.has("share") for i in sentence.items)
    told = segments_people(sentence) or any(f"{verb} my" in text for verb in VERBS)
    if measuring and not told:
        return False
    short = (
        (len(sentence.tokens) <= 4 or is_plain_wish(sentence, catalog))
        and words & {"segment", "segmentation", "cluster", "clustering"}
        and not words & cue("segment_talk")
        and not any(i.has("segment") or i.has("superlative") for i in sentence.items)
    )
    return bool((asks_to_make(sentence, words) or short) and about)


def _plain(sentence: Sentence) -> str:
    return " ".join(token.norm for token in sentence.tokens)


def read_search(
    sentence: Sentence, catalog: Catalog
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """Return number, features and population of a search, how words were read, and those left unread."""
    words = free_words(sentence, catalog)
    parts = Parts(sentence.fresh(), catalog)
    arguments: dict[str, Any] = {}
    n = wanted_number(sentence)
    if n:
        arguments["n_segments"] = n
    left_out = _left_out(parts)
    users = users_of(parts) + buyers_of(parts)
    features, ignored = take_features(parts)
    arguments |= {"features": features, "ignore": ignored}
    for item in parts.sentence.items:
        if item.number and n and int(item.number.value) == n:
            item.used = True
    parts.customers_table = catalog.has_features
    take_times(parts)
    take_conditions(parts)
    if words & (cue("population") | {"ones"}) or _describes_people(parts):
        take_flags(parts)
    for one in left_out:
        add_condition(parts, one, negated=True)
    where = for_customers(parts, parts.where, dates=True) if catalog.has_features else parts.where
    if where or users:
        arguments["where"] = [*where, *users]
    return arguments, tuple(parts.notes), _unread(parts, n)


def _describes_people(parts: Parts) -> bool:
    """Tell whether a yes/no stands beside the people, or for them: "the cancelled subscribers"."""
    for index, item in parts.sentence.free():
        flag = item.links and parts.catalog.is_flag(item.links[0].column)
        near = [parts.sentence.at(index + step) for step in (-1, 1)]
        verb = near[0] is not None and near[0].has("entity", "segment")
        if flag and (verb or any(one is not None and one.has("entity", "customer") for one in near)):
            return True
    return False


def _unread(parts: Parts, n: int | None) -> tuple[str, ...]:
    """Return the words of a search that would change it and that nothing stands for."""
    return tuple(
        item.text
        for item in parts.sentence.items
        if not item.used
        and not item.has("entity", "segment")
        and not any(token.lemma in NOUNS | VERBS for token in parts.sentence.tokens[item.start : item.end])
        and (
            (item.links and item.links[0].score > _NAMED and not item.has("entity"))
            or (item.values and not item.has("entity"))
            or item.has("condition_verb", "bought", "spent", "inactive", "repeat", "single")
            or (item.has("comparator") and item.text != "=")
            or item.has("range")
            or item.has("period")
            or (item.has("grain") and not item.links)
            or (item.number is not None and int(item.number.value) != n)
            or (item.text in parts.sentence.mended and item.has("entity", "row"))
        )
    )


_NAMED = 0.75  # score of a link from which on a word names a column


def _left_out(parts: Parts) -> list[Condition]:
    """Read the people that are left out: "everyone except those without internet"; their words are used."""
    said = _EXCEPT.search(parts.sentence.text)
    if said is None:
        return []
    found = Rules(parts.catalog).conditions(said["who"])
    if len(found) != 1:
        return []
    for item in parts.sentence.items:
        if parts.sentence.tokens[item.start].start >= said.start():
            item.used = True
    return found


_VERB_FIRST = re.compile(r"(?:please |pls |now |then |ok )*(?:segment|cluster) (?:on|by|using|with|based)\b")
_KINDS_OF = re.compile(
    r"^(?!(?:what|which|how)\b).*\b(?:kinds|types|sorts|groups) of (\w+)"
    r"(?: (?:for me|please|pls|we have|here))?$"
)
_COUNTED = re.compile(
    r"^(?:please |now |then |ok |and )*"
    r"(?:(?:make|create|find|build|form|draw|give me|get me|show me|i want|i need|we need|"
    r"i would like|i'd like|can i have|can we have|could i have|let's have|do) )?(?:me )?(?:exactly )?"
    r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?:customer )?"
    r"(?:segments|clusters|groups|personas|tribes)\b(?! (?:and|with|differ|are|is|have|in))"
)
_BY_FEATURES = re.compile(r"(?:segments|clusters|groups) (?:by|on|using|from|based on) (?!each|every)")
_EXCEPT = re.compile(
    r"\b(?:except|excluding|but not|apart from|leaving out|other than)(?: for)? "
    r"(?:those|customers|people|the ones|anyone|everyone|all|clients)\b ?(?P<who>.+)$",
    re.IGNORECASE,
)


def _explain(sentence: Sentence, rest: Sentence) -> None:
    """Mark the words of a sentence that an option has explained."""
    left = [token.norm for token in rest.tokens]
    for item in sentence.items:
        if not all(token.norm in left for token in sentence.tokens[item.start : item.end]):
            item.used = True
