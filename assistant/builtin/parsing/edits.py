"""Reads changes to segments: a table of patterns over a text whose segments are masked as §0, §1.

A new wording is a pattern in `_EDITS`; a new kind of edit is a line there with the function that builds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.definition_names import words
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_references import Masked, masked
from assistant.builtin.request import Request
from assistant.builtin.request.edits import (
    MergeSegments,
    MoveBoundary,
    RedoSegmentation,
    RenameSegment,
    RestoreVersion,
    SplitSegment,
    UndoSegmentation,
    UseSegmentation,
)
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.templates import either, words_of

_POLITE = re.compile(
    r"^(?:(?:(?:that'?s|that is|this is) (?:worse|wrong|bad|not good|no good|not it)|"
    r"please|pls|now|and|then|ok(?:ay)?|so|well|can you|could you|can we|could we|would "
    r"you|let's|lets|let us|"
    r"i want to|i'd like to|i would like to|hmm+|hm|no|oh|sorry|actually|wait|we should|you "
    r"should|just|also|go ahead and|next)[, ]+)+",
    re.IGNORECASE,
)
_COUNTS = {
    "half": 2, "two": 2, "twice": 2, "three": 3, "thirds": 3, "four": 4, "quarters": 4, "five": 5, "six": 6,
    "once": 1, "one": 1, "couple": 2,
}  # fmt: skip
Found = re.Match[str]
Builder = Callable[[Found, Masked, Catalog], "Outcome | tuple[Request, ...] | None"]


def read_edit(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read an edit of the current segmentation; None if the sentence is none."""
    text = _POLITE.sub("", sentence.text.strip()).rstrip("?!. ")
    bare = bool(re.match(rf"(?:{_JOIN}|rename)\b", text, re.IGNORECASE))
    joins = bool(re.match(rf"(?:{_JOIN})\b", text, re.IGNORECASE))
    masked_text = masked(text, catalog, bare=bare, that=not joins)
    unmasked = Masked(text)
    if _taken_back(text):
        return Reading((UndoSegmentation(steps=1),))
    for pattern, build in (*_HISTORY, *_EDITS):
        shown = unmasked if (pattern, build) in _HISTORY else masked_text
        found = pattern.search(shown.text)
        if found is None:
            continue
        built = build(found, shown, catalog)
        if built is not None:
            return Reading(built, tuple(dict.fromkeys(shown.notes))) if isinstance(built, tuple) else built
    return None


def _named(text: str) -> str:
    """Return a name without quotes and the words around it."""
    # A capital begins the name: "rename it To go".
    bare = re.sub(rf"^(?:(?:{'|'.join(phrases('name_lead'))})\s+)+", "", text.strip())
    bare = re.sub(r"\s+(?:instead|please|from now on|now)$", "", bare, flags=re.IGNORECASE)
    return bare.strip(" \"'“”‘’`.,:")


def _rename(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    segments, name = shown.named(found["segment"]), _named(shown.unmasked(found["name"]))
    if not name or len(segments) != 1 or not _is_name(found["name"]):
        return None
    further = re.split(r"\s*(?:,|;|\band\b)\s*(?=§\d+\s)", found["name"])
    requests = []
    for one in [f"{found['segment']} {further[0]}", *further[1:]]:
        part = re.match(r"(§\d+) (?:to |as |into |= ?)?(.+)", one)
        if part is None or not _named(part[2]):
            return None
        requests.append(RenameSegment(segment=shown.named(part[1])[0], name=_named(shown.unmasked(part[2]))))
    return tuple(requests)


def _rename_that(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    """Rename the segment that was spoken of last: "name them Pillars"."""
    name = _named(found["name"])
    single = name and " and " not in name and _is_name(name) and catalog.segments
    return (RenameSegment(segment="it", name=name),) if single else None


def _is_name(text: str) -> bool:
    """Tell whether what follows "call it" is a name and no further question."""
    return len(text.split()) <= 12 and not re.match(
        r"(?:what|how|why|which|by|per|is|are|has|have)\b", text, re.IGNORECASE
    )


def _rename_written(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    """Rename a segment by words that are no name known here: the tool then says which names there are."""
    old = re.sub(r"^(?:the )?(?:segment|cluster|group) ", "", found["old"]).strip(" \"'“”‘’`")
    quoted = re.findall(r"[\"“‘'`]([^\"”’'`]+)[\"”’'`]", found[0])
    if len(quoted) == 2:
        return (RenameSegment(segment=quoted[0], name=quoted[1]),)
    return (RenameSegment(segment=old, name=_named(found["name"])),) if old and "column" not in old else None


def _rename_all(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    names = [
        _named(one)
        for one in re.split(r"\s*(?:,|;|\band\b)\s*", shown.unmasked(found["names"]))
        if _named(one)
    ]
    if len(names) < 2 or len(names) != len(catalog.segments):
        return None
    return tuple(
        RenameSegment(segment=old, name=new) for old, new in zip(catalog.segments, names, strict=True)
    )


def _merge(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    body = found["body"]
    name = None
    called = re.search(
        r"(?:\binto|\bas|\bcalled|\bnamed|\band (?:call|name)|, (?:call|name)|"
        r"\bunder the name(?: of)?|=)\s+(?P<name>(?!§)"
        r"\D.*|[\"“'‘].+)$",
        body,
    )
    if called:
        name, body = _named(called["name"]), body[: called.start()]
    segments = shown.named(body)
    if len(segments) < 2:
        return None
    into = re.search(r"\b(?:in)?to (§\d+)\s*$", body)
    if into and name is None:
        name = _full(shown.named(into[1])[0], catalog)  # "fold Airport into Downtown"
    return (MergeSegments(segments=segments, name=name or None),)


def _split(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    segments = shown.named(found["segment"])
    rest = found["rest"].lower()
    if len(segments) != 1 or re.search(r"\b(by|per|on|along)\b", rest):
        return None
    digits = re.search(r"(?<!§)\b(\d{1,2})\b", rest)
    spoken = next((n for word, n in _COUNTS.items() if re.search(rf"\b{word}\b", rest)), 2)
    return (SplitSegment(segment=segments[0], into=int(digits[1]) if digits else spoken),)


def _boundary(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "move the boundary of segment 2 to balance 50000", "raise the threshold for VIP to 5000"."""
    segments = shown.named(shown.text)
    sentence = annotate(re.sub(r"§\d+", " ", shown.text), catalog, customer_level=True)
    parts = Parts(sentence, catalog)
    number = next((i.number for i in reversed(sentence.items) if i.number and i.number.unit != "%"), None)
    named = [
        parts.as_feature(i.links[0].column) or i.links[0].column
        for i in sentence.items
        if i.links and parts.is_number(i.links[0].column) and i.text.lower() != "limit"
    ]
    named += [str(i.senses["feature"]) for i in sentence.items if i.has("feature")]
    if number is None or not segments or not named:
        return None
    return (MoveBoundary(segment=segments[0], column=named[0], value=plain(number.value)),)


def _taken_back(text: str) -> bool:
    """Tell whether a message only takes the last change back: "take that merge back", "scrap the split"."""
    said = words_of(text).said
    verb = re.match(either(words("undo_verb")), said)
    rest = said[verb.end() :].split() if verb else ["?"]
    back = verb is not None and (verb[0] not in ("take ", "forget ") or "back" in rest or "merge" in rest)
    return back and len(rest) <= _FEW and all(word in words("undone") for word in rest)


_FEW = 6  # words behind the verb


def _swap_names(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "swap the names of Gold and Silver"; a third name keeps them apart on the way."""
    names = shown.named(found["body"])
    if len(names) != 2:
        return None
    first, second = (_full(name, catalog) for name in names)
    between = f"{first} (before)"
    steps = ((first, between), (second, first), (between, second))
    return tuple(RenameSegment(segment=old, name=new) for old, new in steps)


def _full(name: str, catalog: Catalog) -> str:
    known = name.isdigit() and 1 <= int(name) <= len(catalog.segments)
    return catalog.segments[int(name) - 1] if known else name


def _nearest(found: Found, shown: Masked, catalog: Catalog) -> Outcome | None:
    """Ask which segment another is to be merged with, where only "its neighbour" is said."""
    mine = [_full(name, catalog) for name in shown.segments][:1]
    others = [name for name in catalog.segments if mine and name != mine[0]]
    if not mine or not others:
        return None
    choices = tuple(f"Merge “{mine[0]}” and “{name}”" for name in others[:5])
    return Reply("clarify", "which_neighbour", {"name": mine[0]}, choices)


def _undo(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    text = found[0].lower()
    digits = re.search(r"\b(\d{1,2})\b", text)
    spoken = next((n for word, n in _COUNTS.items() if re.search(rf"\b{word}\b", text)), 1)
    return (UndoSegmentation(steps=int(digits[1]) if digits else spoken),)


def _redo(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    return (RedoSegmentation(),)


def _restore(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    which = found["which"].lower()
    return (RestoreVersion(version=int(which) if which.isdigit() else _COUNTS.get(which, 1)),)


def _use(found: Found, shown: Masked, catalog: Catalog) -> tuple[Request, ...] | None:
    """Read "switch to the RFM one", "go back to clusters A", "use the other segmentation"."""
    wanted = shown.unmasked(found["name"]).lower().strip(" \"'“”‘’`")
    wanted = re.sub(r"^(?:the|my|our)\s+|\s+(?:one|segmentation|version|segments|scheme|view)$", "", wanted)
    names = catalog.segmentations
    if wanted == "other":
        others = [name for name in names if name != catalog.segmentation]
        return (UseSegmentation(name=others[-1]),) if others else None
    exact = [name for name in names if name.lower() == wanted]
    near = exact or [name for name in names if wanted and (wanted in name.lower() or name.lower() in wanted)]
    return (UseSegmentation(name=near[0]),) if near and len(near) == 1 else None


def _delete(found: Found, shown: Masked, catalog: Catalog) -> Outcome | None:
    return (
        Reply("clarify", "delete_segments", {}, ("Undo", "Describe the segments"))
        if catalog.segments
        else None
    )


_SEG = r"(?P<segment>§\d+)"
_JOIN = "|".join(words("merge_verb"))
_LINE = r"boundary|border|threshold|limit|cut-?off|cut|dividing line"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# First match that can be built wins. The way back speaks of versions, not of segments.
_HISTORY: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(
        r"^(?:undo|revert)\b.*$|^(?:go (?:one step )?back|step back)$|^take (?:that|it|this|the "
        r"(?:last )?\w+)(?: last \w+)? back\b.*$"
              r"|^(?:i )?(?:changed my mind|did not mean that|didn't mean that)\b.*$"), _undo),
    (_pattern(r"^redo\b(?! the)(?:\W+\w+){0,3}$"), _redo),
    (_pattern(r"\bversion (?:number )?(?P<which>\d+|one|two|three|four|five)\b(?<!compare).*$"), _restore),
    (_pattern(r"\b(?:go|restore|back|return|revert|get|give|show)\b.*\b(?P<which>first|original|initial) "
              r"(?:version|segments|segmentation|clusters)\b"), _restore),
    (_pattern(
        r"^(?:use|switch(?: back)? to|go back to|back to|activate|take|return to|work with|load|show)"
        r"\s+(?P<name>.+)$"),
     _use),
)  # fmt: skip
_EDITS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(rf"^(?:rename|relabel|retitle) {_SEG},? (?:(?-i:to|as|into)\s|=)?\s*(?P<name>.+)$"), _rename),
    (_pattern(rf"^(?:call|name|label) {_SEG},? (?:to |as )?(?P<name>.+)$"), _rename),
    (_pattern(
        r"^(?:rename|call|name|label|tag) (?P<old>them|these|those|that|it|this)(?: to| as)? "
        r"(?P<name>(?!all\b)[^,;]{2,30})$"), _rename_that),
    (_pattern(
        rf"^{_SEG} (?:(?:should|shall|is to|will|must|can) (?:now )?be (?:called|named|renamed(?: to)?|"
        rf"known as)|"
              rf"becomes|is now(?: called)?|to be called) (?P<name>.+)$"), _rename),
    (_pattern(rf"^(?:change|set) (?:the )?(?:name|label|title) of {_SEG} to (?P<name>.+)$"), _rename),
    (_pattern(rf"^(?:give|assign) {_SEG} the (?:name|label) (?P<name>.+)$"), _rename),
    (_pattern(
        r"^(?:call|name|label|rename)(?: all)? (?:them|the segments|the clusters|segments|these)(?: "
        r"to| as)?:? (?P<names>.+)$"),
     _rename_all),
    (_pattern(r"^(?:rename|relabel) (?P<old>(?!.*§).+?) (?:to|as|into) (?P<name>.+)$"), _rename_written),
    (_pattern(
        rf"(?:§\d+.*|^)\b(?:{_JOIN})\b.*\b(?:nearest|closest|most similar|neighbou?ring|adjacent|next)"
        r"\b.*"), _nearest),
    (_pattern(
        r"^(?:swap|exchange|switch|interchange)(?: round)? (?:the )?(?:names?|labels?) "
        r"(?:of|for|between) (?P<body>.+)$"),
     _swap_names),
    (_pattern(rf"^(?:{_JOIN})\b(?P<body>.*§.*§.*)$"), _merge),
    (_pattern(r"^(?P<body>§\d+ and §\d+.*?) (?:belong together|should be (?:one|merged|joined|combined)|"
              r"(?:can|shall|should) be (?:merged|joined|combined)|into one)\b.*$"), _merge),
    (_pattern(rf"^(?:split|divide|break|cut|subdivide|separate)(?: up| down)? {_SEG}(?P<rest>.*)$"), _split),
    (_pattern(rf"\b(?:{'|'.join(sorted(cue('boundary_verb')))})\b.*\b(?:{_LINE})\b.*\d"), _boundary),
    (_pattern(
        r"^(?:delete|remove|drop|kill|discard|get rid of) (?:all )?(?:§\d+|the segments|the "
        r"segmentation|this segmentation|my segments)(?: altogether| completely| entirely| for good| "
        r"again)?$"),
     _delete),
)  # fmt: skip
