"""Reads one side against another: "do those over 60 spend more than those under 30", "with and without one".

A sentence is cut where the second side begins. What stands before the cut is read as a question about the
first side; what stands behind it only tells whom the second side holds. Conditions that both have, or that
the first has beside its own, hold for both. What can be on both sides at once is no comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.coverage import matters
from assistant.builtin.parsing.negation import OPPOSITE, affirmed
from assistant.builtin.parsing.one_side import names_of_sides, sides_of
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.subjects import in_unit_of
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.sentence import Item, Sentence
from tools.selecting import Condition, GroupBy

Gather = Callable[[Sentence, Catalog], Parts]
_ORDERED = ("above", "at_least", "below", "at_most", "between")
_LIMITS = {"above": "low", "at_least": "low", "below": "high", "at_most": "high"}


@dataclass(frozen=True)
class _Cut:
    """A sentence in two: a question about the first side, and who the second side is."""

    first: str
    second: str
    claim: Literal["none", "higher", "lower"]


def gather_two_sides(sentence: Sentence, catalog: Catalog, gather: Gather) -> Parts | None:
    """Take a sentence with two sides apart, the sides as a group of two; None if it has none.

    Args:
        sentence: The whole sentence.
        catalog: The data.
        gather: Takes a plain sentence apart.
    """
    for cut in _cuts(sentence, catalog):
        parts = gather(annotate(cut.first, catalog), catalog)
        _flag_as_side(parts)
        if parts.groups or parts.key_rows or parts.other_rows or parts.having:
            continue
        other = _second_side(cut.second, parts, gather)
        if other is None or not (parts.where or _take_side(parts)):
            continue
        if _set_against(parts, other, cut):
            return parts
    return None


# ------------------------------------------------------------------ where the second side begins


def _cuts(sentence: Sentence, catalog: Catalog) -> Iterator[_Cut]:
    """Walk over the places where a second side may begin, the surest first."""
    tokens, text = sentence.tokens, sentence.text
    norms = [token.norm for token in tokens]
    if "than" in norms:
        at = _last_than(norms)
        degree = [place for place in range(at) if norms[place] in _DEGREES and not _limits(norms, place)]
        if degree and norms.count("than") - _number_of_limits(norms) == 1:
            place = degree[-1]
            if place == at - 1 or not sentence.has("superlative_time"):
                yield _at_than(sentence, place, at)
        return
    if sentence.says("yes versus no"):
        answered = [item for item in sentence.items if item.links and catalog.yes_no(item.links[0].column)]
        if answered or sentence.has("by"):
            return  # the two answers of a column are read where groups are
        place = next(at for at, word in enumerate(norms) if norms[at : at + 3] == ["yes", "versus", "no"])
        rest = text[tokens[place + 2].end :] if place + 3 < len(tokens) else ""
        yield _Cut(f"{text[: tokens[place].start].strip()}{rest}", "the others", "none")
        return
    if not (sentence.has("compare") or sentence.has("relation", "difference") or set(norms) & _VERSUS):
        return
    joints = [at for at, word in enumerate(norms) if word in _JOINTS and 0 < at < len(norms) - 1]
    for at in sorted(joints, key=lambda place: (norms[place] not in _VERSUS, -place)):
        end = next((place for place in range(at + 1, len(norms)) if norms[place] not in _JOINTS | {"to"}), at)
        if end > at:
            yield _Cut(text[: tokens[at - 1].end], text[tokens[end].start :], "none")


def _at_than(sentence: Sentence, degree: int, than: int) -> _Cut:
    """Cut at "than", and leave the word of degree out of the question about the first side."""
    tokens, text = sentence.tokens, sentence.text
    word = tokens[degree].norm
    how_much = degree and tokens[degree - 1].norm in ("much", "many")
    tells = word in cue("says_what_is_compared") or how_much or _often(sentence, degree)
    after = next((item for item in sentence.items if item.start == degree + 1), None)
    column = after is not None and bool(after.links) and not after.has("entity")
    sized = word in cue("size_comparative") - {"higher", "lower"}
    tells = tells or (sized and ((after is not None and after.has("entity")) or degree == than - 1))
    kept = text[tokens[degree].start : tokens[degree].end] if tells else "average" if column else ""
    if sentence.has("statistic") and not tells:
        kept = ""
    between = text[tokens[degree].end : tokens[than].start]
    first = f"{text[: tokens[degree].start]}{kept}{between}"
    second, significance = _without_afterthought(text[tokens[than].end :])
    claim: Literal["higher", "lower"] = "lower" if word in cue("claims_lower") else "higher"
    return _Cut(" ".join(f"{first} {significance}".split()), second, claim)


def _without_afterthought(text: str) -> tuple[str, str]:
    """Part "those under 30, and is it significant?" into the side and what is asked of the difference."""
    text = _BY_HOW_MUCH.sub("", text)
    at = text.lower().find("significant")
    if at < 0:
        return text, ""
    words = text[:at].rstrip(" ,").split()
    while words and words[-1].lower().strip(",") in _AFTERTHOUGHT:
        words.pop()
    return " ".join(words), "significant"


def _often(sentence: Sentence, degree: int) -> bool:
    after = sentence.tokens[degree + 1].norm if degree + 1 < len(sentence.tokens) else ""
    return any(item.has("comparative", "often") and item.start == degree for item in sentence.items) or (
        after in ("often", "likely", "frequently", "commonly", "prone")
    )


def _limits(norms: list[str], place: int) -> bool:
    """Tell whether a word of degree only limits a number: "more than 10", "no more than five"."""
    return norms[place + 1 : place + 2] == ["than"] and _is_number(norms[place + 2 : place + 3])


def _number_of_limits(norms: list[str]) -> int:
    return sum(_limits(norms, place) for place in range(len(norms)))


def _last_than(norms: list[str]) -> int:
    """Return the "than" that no number follows."""
    found = [at for at, word in enumerate(norms) if word == "than" and not _is_number(norms[at + 1 : at + 2])]
    return found[0] if found else norms.index("than")


def _is_number(words: list[str]) -> bool:
    return bool(words) and (words[0][:1].isdigit() or words[0] in _NUMERALS)


_BY_HOW_MUCH = re.compile(r"[,;]?\s*(?:and |or )?(?:if so,? )?by how (?:much|many)\b.*$", re.IGNORECASE)
_DEGREES = cue("claims_higher") - {"above", "over"} | cue("claims_lower") - {"below", "under"}
_VERSUS = frozenset({"vs", "vs.", "versus", "against", "compared"})
_JOINTS = _VERSUS | {"and", "with", "to"}
_NUMERALS = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty"}
    | {"once", "twice", "thrice", "half", "a", "average", "usual"}
)
_AFTERTHOUGHT = frozenset(
    {"and", "is", "it", "that", "the", "difference", "statistically", "this", "or", "not", "a", "gap"}
)


# ------------------------------------------------------------------ whom the second side holds


def _second_side(text: str, first: Parts, gather: Gather) -> list[Condition] | None:
    """Return the conditions of the second side: none for all that are not on the first, None if unread."""
    sentence = annotate(_named(text), first.catalog)
    words = {token.norm for token in sentence.tokens}
    if _is_the_rest(sentence, first):
        return []
    borrowed = _same_column(sentence, first)
    if borrowed is not None:
        return [borrowed]
    other = gather(sentence, first.catalog)
    repeated = [
        measure for measure in other.measures if measure in first.measures
    ]  # "than the average X of B"
    asked = (
        len(repeated) < len(other.measures)
        or set(other.bare) - set(first.bare)
        or other.groups
        or other.key_rows
        or other.other_rows
        or other.having
    )
    if not other.where or asked or other.ambiguities or words & _QUESTION:
        return None
    plain = Aggregate.model_validate({"measures": [{"statistic": "count"}]})
    if any(matters(item, other, plain) for item in other.sentence.unexplained()):
        return None
    first.sentence.mended.update(other.sentence.mended)
    first.notes += [note for note in other.notes if note not in first.notes]
    first.customers_table = first.customers_table or other.customers_table
    if other.age_computed and not first.age_computed:
        return None
    return other.where


def _named(text: str) -> str:
    """Write whom a second side holds as a noun with what is said of it: "those of over 60" as customers."""
    words = text.strip(" ?.!,").split()
    while words and words[0].lower() in _LEADS:
        words.pop(0)
    if words and words[0].lower() in _PRONOUNS:
        words[0] = "customers"
    return " ".join(words)


_LEADS = frozenset({"that", "of", "among", "amongst", "for", "in", "by", "with", "from", "the", "do", "does"})
_PRONOUNS = frozenset({"those", "ones", "people", "them"})
_QUESTION = frozenset({"how", "what", "which", "when", "who's", "usual", "expected", "before"})


def _is_the_rest(sentence: Sentence, first: Parts) -> bool:
    """Tell whether only a denial tells the second side apart: "than those who did not", "without one"."""
    norms = [token.norm for token in sentence.tokens]
    content = [i for i in sentence.items if not i.has("entity") and not i.has("others")]
    if sentence.says(*phrases("the_others")) and not any(i.number or i.links or i.values for i in content):
        return True
    denied = [word for word in norms if word in _DENIALS or word.endswith("n't")]
    own = {one.column for one in first.where} | set(first.bare)
    own |= {item.column for _, item in first.sentence.free() if item.column}
    own_values = {str(value).lower() for one in first.where for value in (one.value, *one.values)}
    for item in sentence.items:
        words = set(item.text.lower().split())
        named = item.column in own or any(link.column in own for link in item.links)
        named |= any(link.column in own and str(link.value).lower() in own_values for link in item.values)
        plain = words <= _DENIALS | _EMPTY or item.has("entity") or item.has("logic", "which", "with", "not")
        plain |= any(word.endswith("n't") for word in words) or item.has("status") is True
        if not (named or plain) or item.number is not None and item.number.value:
            return False
    return bool(denied)


_DENIALS = frozenset({"not", "no", "none", "never", "without", "nothing", "zero", "dont", "didnt", "havent"})
_EMPTY = frozenset(
    {"any", "one", "it", "so", "have", "had", "has", "did", "do", "does", "were", "was", "are", "is", "ever"}
    | {"who", "that", "at", "all", "a", "an", "been", "them", "such"}
)


def _same_column(sentence: Sentence, first: Parts) -> Condition | None:
    """Read "than those under 30" by the column that the first side is limited by."""
    limited = [one for one in first.where if one.is_ in _ORDERED and first.is_number(one.column)]
    said = {(one.column, one.value) for one in first.where}
    items = [
        item for item in sentence.items
        if not item.has("entity") and not item.has("logic", "which")
        and not any((value.column, value.value) in said for value in item.values)
    ]  # fmt: skip
    named = [item for item in items if item.links and item.number is None and not _by_comparator(item)]
    if len({one.column for one in limited}) != 1 or any(item.values for item in items):
        return None
    column = limited[0].column
    if any(column not in {link.column for link in item.links} for item in named):
        return None
    rest = [item for item in items if item not in named and not item.has("logic", "with")]
    ranged = next((item for item in rest if item.has("range")), None)
    if ranged is not None and len(rest) == 1:
        values = [in_unit_of(first, column, end) for end in ranged.senses["range"]]
        return condition(column, "between", None, values=values)
    numbers = [item for item in rest if item.number is not None]
    signs = [item for item in rest if _by_comparator(item) and item.number is None]
    joints = [item for item in rest if item.has("logic", "and", "to") and item not in signs]
    if len(numbers) + len(signs) + len(joints) != len(rest) or len(signs) > 1 or not numbers:
        return None
    values = [in_unit_of(first, column, item.number) for item in numbers if item.number]
    if len(values) == 2 and joints:
        return condition(column, "between", None, values=sorted(values, key=float))
    if len(values) != 1:
        return None
    kind = _comparison_of(signs[0]) if signs else "equal"
    return condition(column, kind, values[0])


def _by_comparator(item: Item) -> bool:
    return item.has("comparator") or item.has("comparator_after") or item.has("comparator_age")


def _comparison_of(item: Item) -> str:
    kinds = ("comparator", "comparator_age", "comparator_after")
    return str(next(item.senses[kind] for kind in kinds if item.has(kind)))


def _flag_as_side(parts: Parts) -> None:
    """Take "referred by a friend" for who is meant, and not for a grouping."""
    flags = [group.column for group in parts.groups if parts.catalog.is_flag(group.column)]
    if len(flags) == 1 == len(parts.groups) and not parts.sentence.has("superlative"):
        parts.groups.clear()
        for item in parts.sentence.items:
            item.used = item.used or item.column == flags[0]
        yes = affirmed(parts, flags[0])
        parts.where += [yes] if yes not in parts.where else []


def _take_side(parts: Parts) -> bool:
    """Read who the first side is where it is told by a yes/no column, or by having some of a number."""
    for _, item in parts.sentence.free():
        if item.links and parts.catalog.is_flag(item.links[0].column) and not item.has("by"):
            item.used = True
            parts.where.append(affirmed(parts, item.links[0].column))
            return True
    for index, item in enumerate(parts.sentence.items):
        before = [near for near in (parts.sentence.at(index - 1), parts.sentence.at(index - 2)) if near]
        told = any(near.has("logic", "which", "with") for near in before)
        name = next((name for name in parts.bare if name in {link.column for link in item.links}), None)
        if told and name and len(parts.bare) + len(parts.measures) > 1 and parts.column(name).minimum == 0:
            parts.bare.remove(name)
            parts.where.append(condition(name, "above", 0))
            return True
    return False


# ------------------------------------------------------------------ the two sides as one group


def _set_against(parts: Parts, other: list[Condition], cut: _Cut) -> bool:
    """Put the two sides in the place of the conditions of the first one; False if they are no two sides."""
    own = _own_conditions(parts, other)
    if not own:
        return False
    shared = [one for one in other if one in own]
    own = [one for one in own if one not in shared]
    other = [one for one in other if one not in shared]
    if not own or shared and not other:
        return False
    values = _two_values(own, other)
    if values and cut.claim == "none":
        return False  # two contents side by side are read where contents are
    dated = any(parts.column(one.column).kind in ("date", "datetime") for one in (*own, *other))
    if other and ({one.column for one in own} != {one.column for one in other} or dated):
        return False  # two periods are compared where time is read
    if not other and len(own) == 1 and not values:
        values = _answer_and_other(parts, own[0])
    name = own[0].column if values else None
    if name is None and (not other or _exclude_each_other(own, other)):
        name = sides_of(parts, own, other)
    if name is None:
        return False
    parts.where[:] = [one for one in parts.where if one not in own]
    if parts.customers_table and _per_row(parts):
        return False  # "spend more per order" is no total of customers
    gone = {one.column for one in own}
    parts.compared[:] = [each for each in parts.compared if each.partition("|")[0] not in gone]
    if values and not other and (cut.claim == "none" or _are_all(parts, name, values)):
        parts.groups.append(GroupBy(column=name))
    elif values:
        parts.where.append(condition(name, "in", None, values=values))
        parts.compared.append(name)
    else:
        parts.groups.append(GroupBy(column=name))
        if other:  # rows on neither side are not asked about
            parts.where.append(condition(name, "in", None, values=names_of_sides(parts, name)))
    parts.claim = cut.claim
    parts.compares = True
    return True


def _are_all(parts: Parts, name: str, values: list[object]) -> bool:
    """Tell whether no row has another value than these: then there is nothing to leave out."""
    column = parts.column(name)
    return not column.n_missing and column.n_distinct == len(values)


def _per_row(parts: Parts) -> bool:
    """Tell whether something is asked for each row, although the sides are customers."""
    pairs = zip(parts.sentence.items, parts.sentence.items[1:], strict=False)
    return any(item.has("by") and after.has("entity", "transaction", "row") for item, after in pairs)


def _own_conditions(parts: Parts, other: list[Condition]) -> list[Condition]:
    """Return the conditions of the first sentence that tell its side: those on columns of the second."""
    columns = {one.column for one in other}
    if columns:
        return [one for one in parts.where if one.column in columns]
    limits = [one for one in parts.where if one.is_ in _ORDERED]
    return limits[:1] or parts.where[:1]


def _two_values(own: list[Condition], other: list[Condition]) -> list[object]:
    """Return the values of two sides that are told apart by the content of one column."""
    if len(own) != 1 or len(other) != 1 or own[0].column != other[0].column:
        return []
    plain = all(one.is_ == "equal" and not one.grain and not one.or_ for one in (*own, *other))
    return [own[0].value, other[0].value] if plain and own[0].value != other[0].value else []


def _answer_and_other(parts: Parts, one: Condition) -> list[object]:
    """Return the value that a side has in a column of two values, and the other value."""
    known = [value for value, _ in parts.column(one.column).values]
    answers = parts.catalog.yes_no(one.column)
    if one.is_ != "equal" or parts.column(one.column).n_missing or one.grain or one.or_:
        return []
    if answers is not None and one.value in answers:
        return [one.value, answers[1] if one.value == answers[0] else answers[0]]
    return [one.value, *(value for value in known if value != one.value)] if len(known) == 2 else []


def _exclude_each_other(own: list[Condition], other: list[Condition]) -> bool:
    """Tell whether no row can be on both sides, by one of the columns that both name."""
    return any(_apart(one, two) for one in own for two in other if one.column == two.column)


def _apart(one: Condition, two: Condition) -> bool:
    if OPPOSITE.get(one.is_) == two.is_ and one.value == two.value:
        return True
    if one.is_ == "equal" and two.is_ == "equal":
        return one.value != two.value
    spans = (_span(one), _span(two))
    if None in spans:
        return False
    (low, low_in, high, high_in), (low2, low2_in, high2, high2_in) = spans  # type: ignore[misc]
    before = high < low2 or (high == low2 and not (high_in and low2_in))
    behind = high2 < low or (high2 == low and not (high2_in and low_in))
    return bool(before or behind)


def _span(one: Condition) -> tuple[float, bool, float, bool] | None:
    """Return the ends of what a condition allows, each with whether it belongs to it."""
    infinite = float("inf")
    ends = [one.value, *one.values]
    numbers = [float(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if one.is_ == "between" and len(numbers) == 2:
        return min(numbers), True, max(numbers), True
    if len(numbers) != 1 or (one.is_ not in _LIMITS and one.is_ != "equal"):
        return None
    if one.is_ == "equal":
        return numbers[0], True, numbers[0], True
    if _LIMITS[one.is_] == "low":
        return numbers[0], one.is_ == "at_least", infinite, False
    return -infinite, False, numbers[0], one.is_ == "at_most"
