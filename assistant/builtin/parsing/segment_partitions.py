"""Reads segments whose sides are said in words: "into churned and loyal", "men and women as two segments".

Every side is a value, a yes or no, or conditions; the last may be all others. Where a message puts people on
sides and one of them says nothing in the data, that is asked about: such a message is never a search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from assistant.builtin.annotate import Item, Sentence, annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.definition_conditions import Definition, read_rest, stated
from assistant.builtin.parsing.definition_names import any_of, words
from assistant.builtin.parsing.parts import condition
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.segments import RuleSegment, SegmentByRules
from assistant.builtin.templates import compiled, words_of
from assistant.builtin.tokens import key_of
from tools.selecting import Condition
from tools.wording import listing

_STRONG = re.compile(r"\s*;\s*|\s+(?:vs\.?|versus|against|as opposed to|/)\s+|\s*[/|]\s*", re.IGNORECASE)
_COMMA = re.compile(
    r"\s*,(?!\d{3})\s*(?:(?:and|or|but|vs\.?|versus)\s+)?|"
    r"\s+(?:and|or|&|n)\s+(?!(?:more|over|above|older|less|under|below|fewer|up|later|younger|better)\b)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"^(.+?) yes (?:and|or|vs\.?|versus) no$", re.IGNORECASE)  # as idioms write it
_EVER = re.compile(r"\b(?:ever|never|always|at least once|once)\b", re.IGNORECASE)
_ONE = re.compile(r"\bone\b(?! (?:time|off|timers?|offs)\b)")  # "one for men and one for women"
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_MEANT = {
    "current": "active",
    "existing": "active",
    "present": "active",
    "former": "cancelled",
    "ex": "cancelled",
}
_MOST_WORDS, _LONGEST_SIDE, _MOST_SIDES = 40, 12, 8
_MISSING, _OTHERS = "(missing)", "Everyone else"


@dataclass(frozen=True)
class _Sides:
    """The sides as written, whom they divide, how many there are; `sure` if nothing else is said."""

    sides: tuple[str, ...]
    people: str = ""
    count: int | None = None
    sure: bool = False


def read_partition(sentence: Sentence, catalog: Catalog, said: set[str]) -> Outcome | None:
    """Read a message that puts people on sides; None if it does not, or if it asks for a number."""
    if len(sentence.tokens) > _MOST_WORDS or any(sentence.has(kind) for kind in ("statistic", "how_much")):
        return None
    for told in _told(sentence.text):
        found = _read(told, catalog)
        if isinstance(found, Reading):
            for item in sentence.items:
                item.used = True
            return found
    return None


def sides_told(text: str) -> list[tuple[str, ...]]:
    """Return the sides that a message puts people on, as written, the plainest way first; empty if none."""
    return [told.sides for told in _told(text)]


_KINDS = ("apart_ways", "partition_ways", "listed_ways", "colon_ways")


def ask_of_sides(sentence: Sentence, catalog: Catalog, said: set[str]) -> Outcome | None:
    """Ask what a side means where some are understood: such a message is no search for segments."""
    if len(sentence.tokens) > _MOST_WORDS:
        return None
    asked = (_read(told, catalog) for told in _told(sentence.text))
    return next((one for one in asked if isinstance(one, Reply)), None)


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    names = {
        "PARTITION": words("partition_verb"), "APART": words("apart_verb"),
        "COUNT": words("partition_count"), "NOUN": words("partition_noun"), "WHO": words("partitioned"),
    }  # fmt: skip
    lead = f"(?:(?:{'|'.join(re.escape(one) + ' ' for one in words('soft'))}))*"
    tail = r"(?:please |pls |thanks )*"
    made = [compiled(way, names) for kind in _KINDS for way in words(kind)]
    return tuple(re.compile(f"{lead}{one}{tail}$") for one in made)


def _told(text: str) -> list[_Sides]:
    """Return the ways to take a message apart into sides, the plainest first."""
    said = words_of(text.strip().rstrip("?!. "))
    found: list[_Sides] = []
    for place, way in enumerate(_ways()):
        fits = way.match(said.said)
        marked = place + len(words("colon_ways")) < len(_ways()) or ":" in text
        if fits is None or not marked:
            continue
        x, y = said.written(fits, "x"), said.written(fits, "y")
        pair = place < len(words("apart_ways")) or (x and _ONE.search(" ".join(fits[0].split()[:6])))
        count = _count(fits[0])
        if pair:
            found.append(_Sides((x, y), sure=True))
            continue
        if _may_be_sides(y):
            found += [_Sides(sides, x, count) for sides in _cut(y) if count in (None, len(sides))]
    return found


def _may_be_sides(text: str) -> bool:
    said = text.lower().split()
    return bool(said) and said[0] not in words("no_side") and not {"using", "based"} & set(said)


def _count(text: str) -> int | None:
    """Return how many sides are asked for: "two segments"."""
    noun = "|".join(words("partition_noun"))
    told = re.search(rf"\b(\d|{'|'.join(_COUNTS)}) (?:\w+ )?(?:{noun})\b", text)
    return None if told is None else _COUNTS.get(told[1]) or int(told[1])


def _cut(text: str) -> list[tuple[str, ...]]:
    """Return the ways to cut a stretch into sides: at the strongest marks, or at all commas and ands."""
    text = _YES_OR_NO.sub(r"\1 and those who are not", text)
    strong = tuple(piece.strip() for piece in _STRONG.split(text) if piece.strip())
    if len(strong) > 1:
        return [strong]
    rest = re.search(rf"(?:\s*,\s*|\s+)(?:and\s+)?(?P<rest>(?:{any_of('rest')}).*)$", text, re.IGNORECASE)
    whole = tuple(piece.strip() for piece in _COMMA.split(text) if piece.strip())
    ways = [whole] if len(whole) > 1 else []
    if rest and text[: rest.start()].strip():
        ways.append((text[: rest.start()].strip(), rest["rest"].strip()))
    return ways


def _read(told: _Sides, catalog: Catalog) -> Outcome | None:
    """Return the segments of sides that are all understood; a question where one is not; None if none is."""
    if not 2 <= len(told.sides) <= _MOST_SIDES or any(len(s.split()) > _LONGEST_SIDE for s in told.sides):
        return None
    among = _population(told.people, catalog)
    if among is None:
        return None
    sides = _by_one_column(told.sides, catalog) or [_side(side, told.sides, catalog) for side in told.sides]
    unread = [side for side, one in zip(told.sides, sides, strict=True) if one is None]
    read = [one for one in sides if one is not None]
    defined = [one for one in read if one.where]
    if unread and (defined or told.sure):
        return _unread(unread, told, defined, catalog)
    if not defined:
        return None
    rest = [one for one in read if not one.where]
    if len(rest) > 1 or rest and (read[-1].where or len(defined) > 1 and not rest[0].name):
        return None
    if not _all_differ(defined):
        return None
    if rest and len(defined) == 1 and (other := _opposite(defined[0], rest[0], catalog)) is not None:
        defined, rest = [*defined, other], []
    return _made(defined, rest, among, catalog)


def _made(
    defined: list[Definition], rest: list[Definition], among: Definition, catalog: Catalog
) -> Reading | None:
    segments = [RuleSegment(name=one.name, where=[*among.where, *one.where]) for one in defined]
    if rest and among.where:
        segments.append(RuleSegment(name=rest[0].name, where=list(among.where)))
    if len({segment.name.lower() for segment in segments}) < len(segments):
        return None
    columns = {one.column for side in defined for one in side.where}
    lost = not rest and not among.where and len(columns) == 1
    otherwise = _MISSING if lost and _covered(defined, catalog) else _OTHERS
    if rest and not among.where:
        otherwise = rest[0].name
    notes = [note for one in (among, *defined) for note in one.notes]
    notes += _by_values(defined, columns)
    asked = SegmentByRules(segments=segments, otherwise=otherwise)
    return Reading((asked,), tuple(dict.fromkeys(notes)))


def _by_values(defined: list[Definition], columns: set[str]) -> list[str]:
    """Say which values the sides stand for, where they are called otherwise."""
    told = [
        one for side in defined for one in side.where if one.is_ == "equal" and isinstance(one.value, str)
    ]
    if len(columns) != 1 or len(told) != len(defined):
        return []
    pairs = [(side.name, one.value) for side, one in zip(defined, told, strict=True)]
    named = [
        f"{name} are those with {value}" for name, value in pairs if str(value).lower() not in name.lower()
    ]
    if not named:
        return [f"One segment for each of these values of **{next(iter(columns))}**."]
    return [f"By **{next(iter(columns))}**: {listing(named)}."]


def _opposite(side: Definition, others: Definition, catalog: Catalog) -> Definition | None:
    """Return all others as what a yes or no, or a count, says of them: their rule is told, not left over."""
    one = side.where[0] if len(side.where) == 1 else None
    column = catalog.columns.get(one.column) if one is not None else None
    name = _denied(side.name) if others.name == _OTHERS else others.name
    if one is None:
        return None
    if one.is_ == "above" and one.value == 0:
        return Definition(name, (condition(one.column, "equal", 0),))
    if one.is_ in ("missing", "present"):
        return Definition(name, (condition(one.column, "present" if one.is_ == "missing" else "missing"),))
    if column is None or one.is_ != "equal" or one.or_:
        return None
    if catalog.is_flag(one.column) and column.kind == "number" and one.value in (0, 1):
        return Definition(name, (condition(one.column, "equal", 1 - int(one.value)),))
    left = [value for value, _ in column.values if value != one.value]
    whole = column.kind == "text" and column.n_distinct == 2 and len(left) == 1
    return Definition(name, (condition(one.column, "equal", left[0]),)) if whole else None


def _denied(name: str) -> str:
    """Return what those are called who are not what a name says."""
    if re.search(r"\bwith\b", name, re.IGNORECASE):
        return re.sub(r"\bwith\b", "without", name, count=1, flags=re.IGNORECASE)
    plain = len(name.split()) <= _FEW and not re.search(r"\b(?:who|that|which)\b", name)
    return f"Not {name[:1].lower()}{name[1:]}" if plain else _OTHERS


_FEW = 2  # words of a name that "not" can be put before


def _covered(defined: list[Definition], catalog: Catalog) -> bool:
    """Tell whether the sides leave nobody of whom the column is known."""
    (one,) = defined[0].where if len(defined[0].where) == 1 else (None,)
    column = catalog.columns.get(one.column) if one is not None else None
    if one is None or column is None or column.kind != "text":
        return one is not None
    given = {str(v) for side in defined for c in side.where for v in [*c.values, c.value] if v is not None}
    return len(given) >= (column.n_distinct or 0)


def _population(people: str, catalog: Catalog) -> Definition | None:
    """Return the conditions on those who are divided; None if the words are about something else."""
    sentence = annotate(people, catalog, customer_level=True)
    if all(item.has("entity") or item.has("filler") or item.has("segment") for item in sentence.items) or (
        key_of(people) in {key_of(one) for one in words("partitioned")}
    ):
        return Definition("")
    return stated(people, catalog, None)


def _by_one_column(sides: tuple[str, ...], catalog: Catalog) -> list[Definition | None] | None:
    """Read sides that are values of one column: "annual and monthly"; "unknown" is a side of it too."""
    values = [_values(side, catalog) for side in sides]
    fits = {name: [name in found for found in values] for name in catalog.columns}
    column = max(fits, key=lambda name: sum(fits[name]), default=None)
    if column is None or sum(fits[column]) < max(1, len(sides) - 1):
        return None
    read: list[Definition | None] = []
    for side, found in zip(sides, values, strict=True):
        if column in found:
            one = condition(column, "equal", found[column])
            read.append(Definition(_valued(side, str(found[column]), catalog), (one,)))
        elif side.lower().strip() in words("unknown_side") or _denies(side, column, catalog):
            read.append(_without(side, column, catalog))
        else:
            read.append(_side(side, sides, catalog))
    return read if _all_differ([one for one in read if one is not None and one.where]) else None


def _all_differ(sides: list[Definition]) -> bool:
    return len({str(side.where) for side in sides}) == len(sides)


def _values(side: str, catalog: Catalog) -> dict[str, object]:
    """Return column and value of each reading of a side that is nothing but a value: "annual payers"."""
    found: dict[str, object] = {}
    if _EVER.search(side):
        return {}  # "ever dropped" is said of several rows, not of the most frequent value
    for item in annotate(side, catalog, customer_level=True).items:
        if item.values and not found:
            found = {link.column: link.value for link in reversed(item.values) if not link.negated}
        elif not _is_people(item):
            return {}
    return {
        name: value for name, value in found.items()
        if name in catalog.columns and catalog.columns[name].kind == "text"
    }  # fmt: skip


def _is_people(item: Item) -> bool:
    beside = item.has("entity") or item.has("filler") or item.has("logic", "which")
    return beside and not item.values


def _denies(side: str, column: str, catalog: Catalog) -> bool:
    """Tell whether a side says that there is none of what a column is called: "no internet"."""
    items = annotate(side, catalog, customer_level=True).items
    known = {word for name in catalog.words_of.get(column, ()) for word in key_of(name)}
    spoken = {word for item in items if not item.has("logic") for word in key_of(item.text)}
    return any(item.has("logic", "not") for item in items) and bool(spoken & known)


def _without(side: str, column: str, catalog: Catalog) -> Definition:
    """Return the side of those of whom a column says no, or nothing."""
    values = {value.lower(): value for value, _ in catalog.columns[column].values}
    no = next((values[word] for word in ("no", "none", "n") if word in values), None)
    one = condition(column, "equal", no) if no is not None else condition(column, "missing")
    return Definition(_called(side), (one,))


def _side(side: str, sides: tuple[str, ...], catalog: Catalog) -> Definition | None:
    """Return what one side says; all others if it denies the first, as "non-seniors" does."""
    if side != sides[0] and (others := read_rest(side, catalog)) is not None:
        return others
    if side != sides[0] and _is_opposite(side, sides[0]):
        return Definition(_called(side))
    plain = re.sub(r"\b([\w-]+?)[- ]free\b(?: ones\b)?", r"without \1", side, flags=re.IGNORECASE)
    other = " ".join(_MEANT.get(word.lower(), word) for word in side.split())
    for said in dict.fromkeys((side, f"customers {side}", plain, f"customers {plain}", other)):
        found = stated(said, catalog, None)
        if found is not None:
            return replace(found, name=_called(side))
    return None


def _is_opposite(side: str, first: str) -> bool:
    """Tell whether a side is the first one denied: "non-readers" beside "newsletter readers"."""
    denied = re.fullmatch(r"(?:the )?(?:non|not|un)[- ]?(?P<what>[\w -]+)", side.strip(), re.IGNORECASE)
    return denied is not None and set(key_of(denied["what"])) <= set(key_of(first))


def _valued(side: str, value: str, catalog: Catalog) -> str:
    """Return the name of a side that is a value: "DSL" of "dsl customers", "Men" of "men"."""
    items = annotate(side, catalog, customer_level=True).items
    said = next((item.text for item in items if item.values), side)
    spelt = value if value != value.lower() else value[:1].upper() + value[1:]
    return spelt if said.lower() == value.lower() else _called(said)


def _called(side: str) -> str:
    """Return the name that a side gets by its own words."""
    lead = rf"^(?:(?:{any_of('people')}|the|my|our|all|are|is|have(?= )|has(?= ))\s+)+"
    told = side.strip(" ,;:")
    bare = re.sub(r"\s+ones$", "", re.sub(lead, "", told, flags=re.IGNORECASE))
    clause = re.match(r"(?:who|that|which)\s+(?P<rest>.+)$", bare, re.IGNORECASE)
    if clause:
        bare = f"Those who {clause['rest']}" if " " in clause["rest"] else clause["rest"]
    if not bare or bare.lower().startswith(("a ", "an ", "at ")):
        bare = told
    return bare[:1].upper() + bare[1:]


def _unread(unread: list[str], told: _Sides, defined: list[Definition], catalog: Catalog) -> Reply | None:
    """Ask what a side means where the others are understood."""
    values: list[Condition] = [one for side in defined for one in side.where]
    columns = list(dict.fromkeys(one.column for one in values))
    others = [side for side in told.sides if side not in unread]
    choices = [f"Split customers into {others[0]} and the rest"] if len(others) == 1 else []
    if len(columns) == 1 and columns[0] in catalog.columns and catalog.columns[columns[0]].kind == "text":
        choices.append(f"Segments by {columns[0]}")
    if len(defined) < len(unread) and not told.sure:
        return None
    return Reply("clarify", "side_unread", {"sides": unread, "others": others}, tuple(choices))
