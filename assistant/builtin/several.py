"""Splits a message into the requests that it holds, and joins answers that belong in one sentence."""

from __future__ import annotations

import re

from assistant.builtin.conversation import Conversation, Exchange
from assistant.builtin.following import act, follow
from assistant.builtin.following.picking import picked
from assistant.builtin.following.promised import with_promised
from assistant.builtin.following.segmentations import newest_scheme
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.reasons import has_premise
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Aggregate, Filtered
from assistant.builtin.request.segments import SegmentByRules
from assistant.builtin.tokens import split_sentences

_AND = re.compile(
    r"(?:\s*&\s*|,?\s+(?:and then|then|and also|and after that|after that|and finally)\s+|,?\s+and\s+|"
    r",\s+|;\s*)"
    r"(?!(?:call|name|label) (?:it|them|this|that|these)\b|make (?:the |my |our )?(?:segments|"
    r"clusters|groups)\b)"
    r"(?!how (?:often|much|long|many|far|recently) they\b)"
    rf"(?=(?:{'|'.join(phrases('request_start'))})\b)",
    re.IGNORECASE,
)
_ALSO = re.compile(r",?\s+(?:and also|plus also|as well as|and then|plus)\s+|\s+&\s+", re.IGNORECASE)
_LISTED = re.compile(r"(?:^|\s)\(?\d\)\s+")
_PARTITIVE = re.compile(
    r"^(?:\w+(?: \w+)?: )?(?:(?:of|among|for|in) (?:those|the|these|all)|among|amongst|where|when|whenever"
    r"|if)\b",
    re.IGNORECASE,
)
_IN_FRONT = re.compile(
    r"^(in|for|of|among|amongst|within|on|during|at|from|by|per|with|each|over|since|after|before|"
    r"across|excluding|except|without|ignoring|besides|outside|leaving out|not counting|only|considering) "
    r"[^,]{1,60}, ",
    re.IGNORECASE,
)
_SCENE = re.compile(rf"^({'|'.join(phrases('scene_start'))})\b", re.IGNORECASE)
_LONGEST_SCENE = 14


# "Only customers active in 1998, then 3 groups" is one request: the people come first.
_PEOPLE_FIRST = re.compile(
    r"(?:(?:please|ok|now) )*(?:only|just|take|keep|use)(?: only| just)? (?:the |our |my )?"
    r"(?P<who>(?:customers?|clients?|people|those|members|users|subscribers|buyers|shoppers|guests|the ones|"
    r"everyone|everybody)\b[^;]*?)(?:,|;| and)? (?:and )?(?:then )?(?:make |form |find |into |in |build |do |"
    r"give me )*(?P<n>\d{1,2}|two|three|four|five|six|seven|eight) (?:of )?(?:groups|segments|"
    r"clusters)(?: please)?",
    re.IGNORECASE,
)


def requests_in(text: str, catalog: Catalog) -> list[str]:
    """Split a message into requests where both sides can stand alone."""
    if ";" in text and _defines_segments(text, catalog):
        return [text.strip()]
    first = _PEOPLE_FIRST.fullmatch(text.strip().rstrip("?!. "))
    if first:
        return [f"segment the {first['who']} into {first['n']} segments"]
    pieces: list[str] = []
    listed = [piece for piece in _LISTED.split(text) if piece.strip()]
    for sentence in [one for piece in listed for one in split_sentences(piece)]:
        cut = [sentence] if _PARTITIVE.match(sentence) or has_premise(sentence) else _AND.split(sentence)
        if len(cut) > 1 and _IN_FRONT.match(sentence) and len(cut[0].split()) <= 6:
            cut = [sentence[: sentence.find(cut[1])] + cut[1], *cut[2:]]  # "in 2023, which month ..."
        also = _ALSO.split(sentence)
        if len(cut) == 1 < len(also) and all(_measures(piece, catalog) for piece in also):
            cut = also
        alone = len(cut) > 1 and _each_stands(cut, catalog)
        if alone and not _one_request(sentence, cut, catalog):
            pieces.extend(piece.strip(" ,") for piece in cut)
        else:
            pieces.append(sentence)
    return _without_scene(pieces)


def _each_stands(cut: list[str], catalog: Catalog) -> bool:
    """Tell whether each piece makes sense, alone or behind the one before it, or of segments made before."""
    said, known = Conversation(), catalog
    for place, piece in enumerate(cut):
        scheme = newest_scheme(said, known)
        text = picked(piece, known, said, scheme) if scheme is not None else piece
        if not _stands_alone(text, known) and not (place and _goes_on(piece, cut[place - 1], catalog)):
            return False
        outcome = read_sentence(text, known)
        if isinstance(outcome, Reading):
            said.turns.append(Exchange(piece, outcome.requests))
            known = with_promised(outcome, " ".join(cut), known)
    return True


def _defines_segments(text: str, catalog: Catalog) -> bool:
    """Tell whether semicolons part the rules of one segmentation: "A = ...; B = ...; else C"."""
    whole = read_sentence(text, catalog)
    asked = whole.requests[0] if isinstance(whole, Reading) else None
    return isinstance(asked, SegmentByRules) and len(asked.segments) + text.lower().count("else") >= 2


def _one_request(sentence: str, cut: list[str], catalog: Catalog) -> bool:
    """Tell whether the pieces only add measures to one question: "women: how many and what average"."""
    whole, parts = read_sentence(sentence, catalog), [read_sentence(piece, catalog) for piece in cut]
    readings = [part.requests[0] for part in (whole, *parts) if isinstance(part, Reading)]
    if len(readings) != len(cut) + 1 or not all(isinstance(request, Aggregate) for request in readings):
        return False
    first, *rest = [request for request in readings[1:] if isinstance(request, Aggregate)]
    joined = readings[0]
    bare = all(not r.by and not r.where and not r.limit for r in rest) and not first.limit and ":" in sentence
    if bare and isinstance(joined, Aggregate) and len(joined.measures) >= len(cut):
        return True
    frames = all(piece.lower().strip(" ,").startswith(phrases("frame_start")) for piece in cut[1:])
    told = first.where and not first.by and not any(r.where or r.limit for r in rest)
    return bool(frames and told) and isinstance(joined, Aggregate) and joined.where == first.where


def _stands_alone(piece: str, catalog: Catalog) -> bool:
    if len(piece.split()) < 2 and piece.lower().strip(" ?.!") not in ("undo", "export", "why"):
        return False
    return isinstance(read_sentence(piece, catalog), Reading)


def _goes_on(piece: str, before: str, catalog: Catalog) -> bool:
    """Tell whether a piece changes the one before it: "how many left, what share is that"."""
    outcome = read_sentence(before, catalog)
    asked = outcome.requests[0] if isinstance(outcome, Reading) else None
    if not isinstance(asked, Filtered):
        return False
    points = set(piece.lower().strip(" ?.!").split()) & cue("pronoun")
    return act(piece, catalog, asked) is not None or bool(points and follow(piece, catalog, asked))


def _measures(piece: str, catalog: Catalog) -> bool:
    """Tell whether a piece says what to measure and by what, so that it is a question of its own."""
    outcome = read_sentence(piece, catalog)
    asked = outcome.requests[0] if isinstance(outcome, Reading) else None
    return isinstance(asked, Aggregate) and bool(asked.by)


def _without_scene(pieces: list[str]) -> list[str]:
    """Drop sentences that only set the scene: "I have a meeting in an hour."."""
    if len(pieces) < 2:
        return pieces
    asking = [p for p in pieces if p.rstrip().endswith("?")]
    kept = [
        p
        for p in pieces
        if not (_SCENE.match(p) and asking and p not in asking and len(p.split()) <= _LONGEST_SCENE)
    ]
    return kept or pieces


def joined(outcomes: list[Outcome]) -> list[Outcome]:
    """Answer "how many orders and how many customers" in one sentence: the same rows, two measures."""
    merged: list[Outcome] = []
    for outcome in outcomes:
        both = _both(merged[-1], outcome) if merged else None
        if both is None:
            merged.append(outcome)
        else:
            merged[-1] = both
    return merged


def _both(before: Outcome, outcome: Outcome) -> Reading | None:
    """Return two readings as one, where they ask the same or measure the same rows."""
    if not isinstance(before, Reading) or not isinstance(outcome, Reading):
        return None
    if len(before.requests) != 1 or len(outcome.requests) != 1:
        return None
    first, second = before.requests[0], outcome.requests[0]
    if first == second:
        return before
    if isinstance(first, Aggregate) and isinstance(second, Aggregate) and _same_rows(first, second):
        asked = first.model_copy(update={"measures": [*first.measures, *second.measures]})
        return Reading((asked,), (*before.notes, *outcome.notes))
    return None


def _same_rows(first: Aggregate, second: Aggregate) -> bool:
    same = (first.by, first.where, first.having, first.table) == (
        second.by, second.where, second.having, second.table,
    )  # fmt: skip
    return same and not (first.limit or second.limit or first.share_of_total or second.share_of_total)
