"""Finds which segments a text refers to, by name, number, letter, order or size, and masks them as §0, §1.

Patterns of requests about segments are then written once, whatever the segments are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.builtin.linking import Catalog

_ORDER = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "last": -1, "final": -1,
}  # fmt: skip
_SPOKEN = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_NOUN = r"(?:segment|cluster|group|tier|one)s?"
_LABEL = r"(?:\d{1,2}\b(?![.,]?\d|\s*%)|[A-H]\b|(?:one|two|three|four|five|six|seven|eight)\b)"
_JOINT = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|&|with|to|vs\.?|versus|or|against|from)\s+)"
_ORDINAL = rf"(?:{'|'.join(_ORDER)})"
_LISTED = re.compile(
    rf"\b(?:the\s+)?(?:segments?|clusters?|groups?|tiers?)\s+(?:no\.?\s+|number\s+|#\s?)?"
    rf"(?P<labels>(?-i:{_LABEL})(?:{_JOINT}(?:{_NOUN}\s+)?(?-i:{_LABEL}))*)",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    rf"\b(?:the\s+)?(?P<which>{_ORDINAL})(?:(?:{_JOINT}(?:the\s+)?)(?P<more>{_ORDINAL}))?\s+{_NOUN}\b"
    rf"|\bthe\s+(?P<bare>first|second|third|fourth|fifth)\b(?!\s+(?:\w+\s+)?(?:version|"
    rf"segmentation|time|of|{_NOUN}\b))"
    r"|(?:(?<=with )|(?<=and )|(?<=to )|(?<=vs )|(?<=from )|(?<=against ))the\s+(?P<end>last)\s*(?=[?.!]*$)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\bthe (?P<end>first|last) (?P<n>two|three|2|3)(?: segments?| clusters?| ones)?\b", re.IGNORECASE
)
_SIZED = re.compile(
    rf"\b(?:the\s+|our\s+|my\s+)?(?:(?P<before>two|three|2|3)\s+)?(?P<size>biggest|largest|"
    rf"smallest|tiniest)\b"
    rf"(?:\s+(?P<n>two|three|2|3))?(?P<noun>\s+{_NOUN}\b|(?=\s+(?:is|are|with|into|to|and)\b|\s*[,;.?!]|\s*$))?",
    re.IGNORECASE,
)
_THAT = re.compile(
    rf"(?<=\s)(?:it|that one|this one|(?:that|this) {_NOUN[:-2]}|the same one)\b", re.IGNORECASE
)
_LABELS = re.compile(rf"(?-i:{_LABEL})", re.IGNORECASE)


@dataclass
class Masked:
    """A text with its segments taken out.

    Attributes:
        text: The text; every segment is written §0, §1 and so on.
        segments: The segments, by name, or by number where there are none yet.
        notes: How letters were read.
    """

    text: str
    segments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def named(self, marks: str) -> list[str]:
        """Return the segments that a stretch of the masked text refers to."""
        return list(dict.fromkeys(self.segments[int(found)] for found in re.findall(r"§(\d+)", marks)))

    def unmasked(self, text: str) -> str:
        """Return a stretch of the masked text with the segments written out."""
        return re.sub(r"§(\d+)", lambda found: self.segments[int(found[1])], text)


def masked(text: str, catalog: Catalog, *, bare: bool = False, that: bool = True) -> Masked:
    """Take the segments out of a text.

    Args:
        text: One sentence.
        catalog: Knows the segments there are.
        bare: Numbers and capital letters alone stand for segments too: "merge 1 and 3".
        that: "It" may stand for the segment spoken of last.
    """
    result = Masked("")
    spans = sorted(_found(text, catalog, bare, that), key=lambda span: (span[0], -span[1]))
    at = 0
    for start, end, written in spans:
        if start < at:
            continue
        marks = []
        for label in written:
            result.segments.append(_resolved(label, catalog, result))
            marks.append(f"§{len(result.segments) - 1}")
        result.text += text[at:start] + " and ".join(marks)
        at = end
    result.text = " ".join((result.text + text[at:]).split())
    return result


def _found(text: str, catalog: Catalog, bare: bool, that: bool) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the spans of a text that refer to segments, with the segments."""
    for name in sorted(catalog.segments, key=len, reverse=True):
        stem = re.escape(name)
        for quoted in (
            rf"[\"“'‘`](?:the )?{stem}[\"”'’`]",
            rf"(?<!\w)(?:the )?{stem}(?!\w)(?: segment| cluster| group)?",
        ):
            for found in re.finditer(quoted, text, re.IGNORECASE):
                yield found.start(), found.end(), [name]
    for found in _LISTED.finditer(text):
        yield found.start(), found.end(), [one[0] for one in _LABELS.finditer(found["labels"])]
    for found in _SEVERAL.finditer(text):
        n, all_ = _number(found["n"]), list(catalog.segments)
        yield found.start(), found.end(), all_[:n] if found["end"].lower() == "first" else all_[-n:]
    for found in _SIZED.finditer(text):
        if catalog.segments and (found["noun"] is not None or found["n"] or found["before"]):
            by_size = [name for _, name in sorted(zip(catalog.sizes, catalog.segments, strict=False))]
            large = found["size"].lower() in ("biggest", "largest")
            n = _number(found["before"] or found["n"] or "1")
            yield found.start(), found.end(), by_size[-n:] if large else by_size[:n]
    for found in _ORDERED.finditer(text):
        words = [w for w in (found["which"], found["more"], found["bare"], found["end"]) if w]
        yield found.start(), found.end(), [_by_order(w, catalog) for w in words]
    if that:
        for found in _THAT.finditer(text):
            yield found.start(), found.end(), [found[0].lower()]
    if bare:
        for found in re.finditer(r"(?<![\w.,])(?:\d{1,2}(?![\w%.]|,\d)|(?-i:[A-H])(?!\w|['’]))", text):
            yield found.start(), found.end(), [found[0]]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _SPOKEN[word.lower()]


def _by_order(word: str, catalog: Catalog) -> str:
    place = _ORDER[word.lower()]
    if place < 0:
        return catalog.segments[-1] if catalog.segments else "last"
    return str(place + 1)


def _resolved(label: str, catalog: Catalog, result: Masked) -> str:
    """Return the number that a spoken number or a letter stands for; a name stays a name."""
    known = {name.lower(): name for name in catalog.segments}
    if label.lower() in known:
        return known[label.lower()]
    if label.lower() in _SPOKEN:
        return str(_SPOKEN[label.lower()])
    place = letter_place(label, catalog)
    if place is None:
        return label
    result.notes.append(
        f"No segment is called {label}; I took the one in that place, **{catalog.segments[place]}**."
    )
    return str(place + 1)


def letter_place(label: str, catalog: Catalog) -> int | None:
    """Return the place of the segment that a letter stands for: B is the second; None where a name has it."""
    if len(label) != 1 or not label.isalpha() or label.lower() in (name.lower() for name in catalog.segments):
        return None
    place = ord(label.upper()) - ord("A")
    return place if place < len(catalog.segments) else None
