"""Finds names of segments, categories and columns in an answer that nothing it was told holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.grounding.facts import Marked
from assistant.grounding.kinds import PEOPLE
from assistant.grounding.named_subjects import named_beside_numbers
from assistant.grounding.subject_words import PEOPLE_OF
from assistant.grounding.verbs import FINITE

_CODE = re.compile(r"`([^`\n]{1,80})`")
_QUOTED = re.compile(r"[“\"]([^”\"\n]{2,60})[”\"]|(?<!\w)[‘']([A-Z][^’'\n]{1,40})[’'](?!\w)")
_BOLD = re.compile(r"\*\*([^*\n]{2,60})\*\*(?=[^\n]{0,60}\d)")
_ALSO_VERBS = frozenset({"account", "contact", "lead", "head"})
_THINGS = (
    r"segments?|groups?|tiers?|clusters?|contracts?|plans?|channels?|regions?|areas?|cit(?:y|ies)|countr(?:y|ies)|"
    r"stores?|shops?|branch(?:es)?|products?|categor(?:y|ies)|brands?|campaigns?|types?|class(?:es)?|districts?|"
    r"departments?|sectors?|rooms?|formats?|lines?|states?|counties|locations?|"
    + "|".join(f"{word}s?" for word in sorted(PEOPLE - _ALSO_VERBS))
)
# "The Business contract", "Drive-through stores": a name before what it is a name of.
_BEFORE_A_THING = re.compile(
    rf"(?P<start>^|[.!?]\s+|\n\W*)?(?P<name>\b[A-Z][\w’'&-]*(?:\s+[A-Z][\w&'-]*){{0,3}})\s+(?:{_THINGS})\b"
)
# "Paediatrics accounts for 212": whoever opens a sentence and has a number is somebody.
_OPENS = re.compile(
    r"(?:^|[.!?]\s+|\n\W*)(?P<name>[A-Z][a-z]{3,}(?:\s[A-Z][a-z]+)?)\s(?:accounts? for|holds?|counts?|"
    r"brings? in|makes? up|contributes?|"
    r"has an?|leads with|spends?|churns?)\s(?:[a-z]+\s){0,3}[₹$€£]?\d"
)
# "A fourth segment, Bargain hunters, holds": a name set off behind what it is a name of.
_SET_OFF = re.compile(
    rf"\b(?:{_THINGS})(?:,\s+(?:called\s+|named\s+)?|\s*[:–—]\s*|\s+(?:called|named)\s+)(?P<name>[A-Z][\w&'-]*(?:\s+[\w&'-]+){{0,3}}?)"
    rf"(?=,(?!\d)|\s+(?:with|which|\(|{FINITE})\b|\s*[.(](?!\d))"
)
# "the column income", "the income column"
_COLUMN = re.compile(
    r"\b(?:column|field|variable|attribute|feature)\s+(?:called\s+|named\s+)?(?P<behind>(?!(?:is|are|was|has|have|with|that|which|in|of|"
    r"on|and|or|for|to|from|the|by|as|at|also|holds?|contains?|lacks?|does|names?|values?|types?|can|may|were|shows?|not)\b)[a-z]\w+)\b"
    r"|\b(?:column|field)s?\s+(?:named\s+|called\s+)(?P<named>\w+)"
)
_CALLED = re.compile(
    r"\b(?P<before>(?:[A-Z][\w&'-]*)(?:\s+(?:[A-Z][\w&'-]*|of|the|and|to|&))*)\s+(?:segment|group|tier|cluster)\b"
    r"|\b(?:segment|group|tier|cluster|column|category)\s+(?:called\s+|named\s+)?(?P<behind>[A-Z][\w&-]*(?:\s+[A-Z][\w&-]*)*)"
)
# Words that name nothing by themselves, so that "Key findings" is not taken for a segment.
_NO_NAMES = frozenset(Path(__file__).with_name("common_words.txt").read_text("utf-8").split())
_OPENINGS = frozenset(Path(__file__).with_name("opening_words.txt").read_text("utf-8").split())
COUNTRIES_OF = {
    people: [country for country, own in PEOPLE_OF.items() if people in own]
    for each in PEOPLE_OF.values()
    for people in each
}
_COUNTED = re.compile(r"(?<=[a-z])\s+\d[\d.,]*%?$")  # "Phone 151" names the phone
_ADJECTIVE = re.compile(r"(?:er|est|ly|less|able|ful|ive|ous|ed)$")
_SQL = re.compile(r"\b(?:SELECT|WHERE|FROM|CASE|WHEN|AND|OR|NULL)\b|[<>=]")


def unknown_names(answer: str, known: str) -> list[Marked]:
    """Return text, start and end of names in an answer that the known text does not hold.

    Looked at are words in backticks and in quotation marks, bold names with a number behind them, and
    capitalised words beside "segment", "group", "tier", "cluster", "column" or "category".

    Args:
        answer: Markdown.
        known: Everything that may be named: question, columns, values, segments, and what tools said.
    """
    held = _plain(known)
    marked: list[Marked] = [*_before_things(answer, held), *_opening(answer, held)]
    for each in named_beside_numbers(answer, lambda name: _is_known(name, held)):
        if not any(each[1] < other[2] and other[1] < each[2] for other in marked):
            marked.append(each)
    for name, start, end in _named(answer):
        shorter = _COUNTED.sub("", name)
        end, name = end - len(name) + len(shorter), shorter
        plain = answer[max(0, start - 1) : start] not in ("“", '"', "`", "*", "‘", "'")
        skipped = _NO_NAMES | _OPENINGS if plain else _NO_NAMES
        while (first := name.split(" ", 1))[0].lower() in skipped and len(first) > 1:
            start, name = start + len(name) - len(first[1]), first[1]
        listed = re.split(r",?\s+and\s+|,\s+|\s+&\s+", name)
        is_known = _is_held(name, held) or (len(listed) > 1 and all(_is_held(each, held) for each in listed))
        if not is_known and not any(start < other[2] and other[1] < end for other in marked):
            marked.append((answer[start:end], start, end))
    return sorted(marked, key=lambda item: item[1])


def _before_things(answer: str, held: str) -> Iterator[Marked]:
    """Yield unknown capitalised words before what they would be a name of.

    The first word of a sentence is written with a capital letter in any case, so it has to be a rare word
    there: one that is no plain adjective and that a number follows closely.
    """
    for match in _BEFORE_A_THING.finditer(answer):
        start, end, name = match.start("name"), match.end("name"), match["name"]
        opens = match["start"] is not None or not re.search(
            r"\w[^.!?\n]*$", answer[:start].rpartition("\n")[2]
        )
        words = name.split()
        while words and (words[0].lower() in _NO_NAMES or (opens and _is_plain(words[0]))):
            start += len(words[0]) + 1
            words.pop(0)
            opens = False
        if not words or _is_held_anyhow(" ".join(words), held):
            continue
        if opens and not re.match(r"[^.\n]{0,60}\d", answer[match.end() :]):
            continue
        yield answer[start:end], start, end


def _opening(answer: str, held: str) -> Iterator[Marked]:
    """Yield unknown names that open a sentence and hold a number of something."""
    for match in _OPENS.finditer(answer):
        name, first = match["name"], match["name"].split()[0]
        plain = _is_plain(first) or first.lower() in _NO_NAMES or first.lower().removesuffix("s") in PEOPLE
        if not plain and not _is_held_anyhow(name, held):
            yield name, match.start("name"), match.end("name")


def _is_plain(word: str) -> bool:
    """Return whether the first word of a sentence is a common one that says how somebody is or what to do."""
    text = word.lower()
    return text in _OPENINGS or bool(_ADJECTIVE.search(text))


def _is_known(name: str, held: str) -> bool:
    """Return whether a name is held, or each of its words is plain or begins like a held one."""
    if _is_held_anyhow(name, held):
        return True
    words = [word for word in re.findall(r"[^\W_]+", _plain(name)) if len(word) > 2]
    return all(word in _OPENINGS or _is_akin(word, held) for word in words)


def _is_akin(word: str, held: str) -> bool:
    """Return whether a held word begins like a word: "cancellers" like `cancelled`, "riders" like "rides"."""
    stem = word[: max(4, len(word) - 4)]
    return len(word) > 4 and bool(re.search(rf"(?<!\w){re.escape(stem)}", held))


def _is_held_anyhow(name: str, held: str) -> bool:
    """Return whether a name is known, in whole or by every word of it, in singular or plural."""
    if _is_held(name, held):
        return True
    words = re.findall(r"[^\W_]+", _plain(name))
    stems = (word.removesuffix("ies").removesuffix("s") for word in words)
    return all(re.search(rf"(?<!\w){re.escape(stem)}(?:s|y|ies)?(?!\w)", held) for stem in stems)


def _named(answer: str) -> Iterator[tuple[str, int, int]]:
    for match in _CODE.finditer(answer):
        if not _SQL.search(match.group(1)):
            yield match.group(1), match.start(1), match.end(1)
    for match in _QUOTED.finditer(answer):
        group = 1 if match.group(1) else 2
        yield match.group(group), match.start(group), match.end(group)
    for match in _BOLD.finditer(answer):
        words = match.group(1).split()
        if len(words) > 1 and all(word[:1].isupper() for word in words if word.lower() not in _NO_NAMES):
            yield match.group(1), match.start(1), match.end(1)
    for match in _SET_OFF.finditer(answer):
        yield match["name"], match.start("name"), match.end("name")
    for match in _COLUMN.finditer(answer):
        group_name = "behind" if match["behind"] else "named"
        yield match[group_name], match.start(group_name), match.end(group_name)
    for match in _CALLED.finditer(answer):
        group_name = "before" if match["before"] else "behind"
        yield match[group_name], match.start(group_name), match.end(group_name)


def _is_held(name: str, held: str) -> bool:
    text = _plain(name).strip(" .:,;!?")
    words = [word for word in re.findall(r"[^\W_][\w&'-]*", text) if word not in _NO_NAMES]
    if not words or not re.search(r"[^\W\d_]{2}", " ".join(words)) or text in held:
        return True
    return len(words) == 1 and (
        bool(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", held))
        or any(country in held for country in COUNTRIES_OF.get(text.removesuffix("s"), ()))
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("*", "")).casefold()
