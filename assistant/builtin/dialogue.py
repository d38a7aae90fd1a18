"""Reads a message in its conversation: several requests at once, follow-ups, corrections, answers.

The state is what the conversation shows: earlier messages and earlier tool calls. Nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import ALONE, Conversation, Exchange, plain_words, read_lesson
from assistant.builtin.following import follow, measured_column
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog, spelt_out
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.data_questions import gather
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.segments import take_features
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.talk import starters
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request import (
    Aggregate,
    DescribeSegments,
    ExplainSegments,
    Filtered,
    FindSegments,
    Outcome,
    Reading,
    Reply,
    Request,
    UndoSegmentation,
)
from assistant.builtin.tokens import key_of, split_sentences
from tools.selecting import GroupBy

_LEADS = phrases("follow_up_lead")  # fmt: skip


_ANAPHORA = cue("pronoun")


def read_message(text: str, catalog: Catalog, conversation: Conversation) -> list[Outcome]:
    """Read a message: one outcome for each request in it, in order."""
    answer = _chosen(text, conversation)
    if answer is not None:
        return [read_sentence(answer, catalog)]
    lesson = read_lesson(text, catalog)
    if lesson:
        return [_taught(lesson, catalog, conversation)]
    outcomes: list[Outcome] = []
    pieces = _requests_in(text, catalog)
    running = Conversation(list(conversation.turns))
    for sentence in pieces:
        outcome = _read_one(sentence, catalog, running)
        if isinstance(outcome, Reply) and outcome.template in ("greeting", "thanks") and len(pieces) > 1:
            continue
        outcomes.append(outcome)
        if isinstance(outcome, Reading):
            running.turns.append(Exchange(sentence, outcome.requests))
    hostile: list[Outcome] = [
        o for o in outcomes if isinstance(o, Reply) and o.template in ("hostile", "personal")
    ]
    if hostile:
        return hostile[:1]
    answers = [o for o in outcomes if isinstance(o, Reading)]
    if answers and len(answers) < len(outcomes):
        vague = [
            o
            for o in outcomes
            if isinstance(o, Reply) and o.template in ("lost", "thanks", "greeting", "what_about")
        ]
        outcomes = [o for o in outcomes if o not in vague] or outcomes
    return _merged(outcomes) or [read_sentence(text, catalog)]


def _merged(outcomes: list[Outcome]) -> list[Outcome]:
    """Answer "how many orders and how many customers" in one sentence: the same rows, two measures."""
    merged: list[Outcome] = []
    for outcome in outcomes:
        before = merged[-1] if merged else None
        if (
            isinstance(before, Reading)
            and isinstance(outcome, Reading)
            and len(before.requests) == len(outcome.requests) == 1
        ):
            first, second = before.requests[0], outcome.requests[0]
            if first == second:
                continue
            if isinstance(first, Aggregate) and isinstance(second, Aggregate) and _same_rows(first, second):
                both = first.model_copy(update={"measures": [*first.measures, *second.measures]})
                merged[-1] = Reading((both,), (*before.notes, *outcome.notes))
                continue
        merged.append(outcome)
    return merged


def _same_rows(first: Aggregate, second: Aggregate) -> bool:
    same = (first.by, first.where, first.having, first.table) == (
        second.by,
        second.where,
        second.having,
        second.table,
    )
    return same and not (first.limit or second.limit or first.share_of_total or second.share_of_total)


def _taught(lesson: tuple[str, str], catalog: Catalog, conversation: Conversation) -> Outcome:
    word, column = lesson
    last = conversation.last
    if last and word in last.text.lower():
        taught = Catalog(**{name: getattr(catalog, name) for name in catalog.__dataclass_fields__})
        taught.taught = {**catalog.taught, key_of(word): column}
        again = read_sentence(last.text, taught)
        if isinstance(again, Reading):
            return Reading(again.requests, (f'From now on "{word}" means **{column}**.', *again.notes))
    return Reply("answered", "taught", {"word": word, "column": column}, ())


def _chosen(text: str, conversation: Conversation) -> str | None:
    """Match a short answer to the choices of the question back before it."""
    last = conversation.last
    if last is None or last.status != "clarify" or not last.choices:
        return None
    plain = text.strip().strip("?.!").lower()
    for choice in last.choices:
        if plain == choice.strip().strip("?.!").lower():
            return choice
    ordinals = {
        "first": 0,
        "the first": 0,
        "the first one": 0,
        "1": 0,
        "first one": 0,
        "second": 1,
        "the second": 1,
        "the second one": 1,
        "2": 1,
        "second one": 1,
        "third": 2,
        "the third": 2,
        "the third one": 2,
        "3": 2,
        "yes": 0,
        "yes please": 0,
        "the last one": -1,
        "the latter": -1,
        "the former": 0,
        "yeah": 0,
    }
    if plain in ordinals and ordinals[plain] < len(last.choices):
        return last.choices[ordinals[plain]]
    if len(plain.split()) <= 4:
        words = set(key_of(plain))
        scored = [
            (len(words & _different(choice, last.choices)), -index, choice)
            for index, choice in enumerate(last.choices)
        ]
        best = max(scored)
        if best[0] and sum(1 for score in scored if score[0] == best[0]) == 1:
            return best[2]
        near = [
            choice
            for choice in last.choices
            if fuzz.partial_ratio(plain, choice.lower()) > 92 and len(plain) > 3
        ]
        return near[0] if len(near) == 1 else None
    return None


def _different(choice: str, choices: Sequence[str]) -> set[str]:
    """Return the words, split into parts of names, that only this choice has."""

    def split(one: str) -> set[str]:
        return {word for part in one.split() for word in (*spelt_out(part), part.lower())}

    others: set[str] = set()
    for other in choices:
        if other != choice:
            others |= split(other)
    return split(choice) - others


_AND = re.compile(
    r"(?:,?\s+(?:and then|then|and also|and after that|after that)\s+|,?\s+and\s+|,\s+|;\s*)"
    rf"(?=(?:{'|'.join(phrases('request_start'))})\b)",
    re.IGNORECASE,
)


def _requests_in(text: str, catalog: Catalog) -> list[str]:
    """Split a message into requests where both sides can stand alone."""
    pieces: list[str] = []
    for sentence in split_sentences(text):
        partitive = re.match(r"^(of|among|for|in) (those|the|these|all)\b", sentence, re.IGNORECASE)
        cut = [sentence] if partitive else _AND.split(sentence)
        if (
            len(cut) > 1
            and all(_stands_alone(piece, catalog) for piece in cut)
            and not _one_request(sentence, cut, catalog)
        ):
            pieces.extend(piece.strip(" ,") for piece in cut)
        else:
            pieces.append(sentence)
    return _with_context(pieces)


def _one_request(sentence: str, cut: list[str], catalog: Catalog) -> bool:
    """Tell whether the pieces only add measures to one question: "women: how many and what average"."""
    whole, parts = read_sentence(sentence, catalog), [read_sentence(piece, catalog) for piece in cut]
    readings = [part.requests[0] for part in (whole, *parts) if isinstance(part, Reading)]
    if len(readings) != len(cut) + 1 or not all(isinstance(request, Aggregate) for request in readings):
        return False
    first, *rest = [request for request in readings[1:] if isinstance(request, Aggregate)]
    joined = readings[0]
    bare = all(not r.by and not r.where and not r.limit for r in rest) and not first.limit and ":" in sentence
    return bare and isinstance(joined, Aggregate) and len(joined.measures) >= len(cut)


def _stands_alone(piece: str, catalog: Catalog) -> bool:
    if len(piece.split()) < 2 and piece.lower().strip(" ?.!") not in ("undo", "export", "why"):
        return False
    outcome = read_sentence(piece, catalog)
    return isinstance(outcome, Reading)


def _with_context(pieces: list[str]) -> list[str]:
    """Drop sentences that only set the scene: "I have a meeting in an hour."."""
    if len(pieces) < 2:
        return pieces
    asking = [p for p in pieces if p.rstrip().endswith("?")]
    scene = re.compile(rf"^({'|'.join(phrases('scene_start'))})\b", re.IGNORECASE)
    kept = [p for p in pieces if not (scene.match(p) and asking and p not in asking and len(p.split()) <= 14)]
    return kept or pieces


def _read_one(text: str, catalog: Catalog, conversation: Conversation) -> Outcome:
    special = _special(text, catalog, conversation)
    if special is not None:
        return special
    previous = conversation.last_question()
    last = conversation.last_request()
    plain = plain_words(text)
    lead = _has_lead(plain)
    if isinstance(last, FindSegments) or (
        last and last.tool.endswith(("segments", "rfm", "value", "rules", "segment"))
    ):
        followed = _follow_segments(text, plain, conversation.last_segments(), catalog, lead)
        if followed is not None:
            return followed
    whole = _about_that_segment(read_sentence(text, catalog), conversation)
    if previous is None:
        return whole
    anaphora = bool(set(plain.split()) & _ANAPHORA) and len(plain.split()) <= 14
    if isinstance(whole, Reading) and not isinstance(whole.requests[0], Filtered):
        return whole
    if isinstance(whole, Reply) and whole.template in (
        "hostile",
        "personal",
        "off_topic",
        "greeting",
        "thanks",
        "help",
        "identity",
        "export",
        "movement",
        "no_prediction",
    ):
        return whole
    if lead or anaphora or _is_fragment(text, plain, catalog):
        changed = follow(text, catalog, previous, anaphora)
        if changed is not None:
            return changed
    return whole


def _about_that_segment(outcome: Outcome, conversation: Conversation) -> Outcome:
    """Put the segment spoken of last in the place of "it": "rename it to Savers"."""
    if not isinstance(outcome, Reading):
        return outcome
    named = conversation.last_segment()
    requests = tuple(
        request.model_copy(update={"segment": named})
        if named and str(getattr(request, "segment", "")).lower() in phrases("that_segment")
        else request
        for request in outcome.requests
    )
    return Reading(requests, outcome.notes, outcome.offers, outcome.preface, outcome.after, outcome.claims)


def _has_lead(plain: str) -> bool:
    if plain in ALONE:
        return True
    return any(plain == lead or plain.startswith(f"{lead} ") for lead in _LEADS) or plain.endswith(
        (" instead", " too", " as well", " please instead", " then")
    )


def _is_fragment(text: str, plain: str, catalog: Catalog) -> bool:
    """Tell whether a message is too short to be a question of its own: "median", "top 3", "women"."""
    if len(plain.split()) > 5 or re.match(
        r"^(how|what|which|who|show|plot|list|count|number|average|total|distribution|correlation|share)\b",
        plain,
    ):
        return False
    parts = gather(annotate(text, catalog), catalog)
    return (
        not (parts.measures or parts.bare or parts.counts)
        or not (parts.groups or parts.where)
        and bool(parts.pending)
    )


def _special(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read "why?", "go back", "go back to the first one", "again"."""
    plain = plain_words(text)
    last = conversation.last_request()
    if plain in phrases("bare_why"):
        return read_why(last, catalog)
    back = re.match(
        r"^(?:please |ok |now |no |let's |lets )?(?:go )?back(?: to (?P<what>.+))?$", plain
    ) or re.match(
        r"^(?:show|repeat)(?: me)? (?P<what>the (?:first|previous|last) "
        r"(?:one|question|chart|answer|table|result))(?: again)?$",
        plain,
    )
    if back and last is not None and not re.search(r"\d", back.groupdict().get("what") or ""):
        what = (back.groupdict().get("what") or "").replace("the ", "")
        if (
            "first" in what
            and conversation.first_question()
            and not (what.endswith(("version", "segmentation")))
        ) and (isinstance(last, Filtered) or "question" in what):
            return Reading((conversation.first_question(),))  # type: ignore[arg-type]
        if not isinstance(last, Filtered):
            return Reading((UndoSegmentation(),))
        earlier = conversation.before_last()
        if what in phrases("one_before") and earlier:
            return Reading((earlier,))
    if (
        plain in ("again", "repeat", "once more", "repeat that", "say that again", "same again")
        and last is not None
    ):
        return Reading((last,))
    return None


def read_why(last: Request | None, catalog: Catalog) -> Outcome | None:
    """Answer a bare "why?": segments are explained, numbers are broken down."""
    if last is None:
        return Reply("clarify", "why_what", {}, ())
    if not isinstance(last, Filtered):
        return (
            Reading((ExplainSegments(),))
            if catalog.segments or last.tool.startswith("find_segments")
            else None
        )
    column = measured_column(last)
    groups = [
        c.name
        for c in catalog.table.columns
        if c.role in ("category", "outcome", "flag") and 2 <= (c.n_distinct or 0) <= 12
    ]
    taken = {g.column for g in getattr(last, "by", []) if isinstance(g, GroupBy)}
    choices = (
        [f"What is the average {column} by {name}?" for name in groups if name not in taken and column][:3]
        if column
        else []
    )
    if not choices:
        choices = [f"How many customers by {name}?" for name in groups if name not in taken][:3] or list(
            starters(catalog)[1:]
        )
    return Reply("clarify", "why_data", {"column": column}, tuple(choices))


def _follow_segments(
    text: str, plain: str, last: FindSegments | None, catalog: Catalog, lead: bool
) -> Outcome | None:
    """Read follow-ups of a segmentation: "without the balance", "only women", "and the second one"."""
    sentence = annotate(text, catalog)
    named = [item.senses["segment"] for item in sentence.items if item.has("segment")]
    others = [
        i
        for i in sentence.items
        if i.has("statistic") or i.has("count") or i.has("share") or i.has("chart_kind")
    ]
    edits = cue("segment_edit") & sentence.words()
    if named and len(plain.split()) <= 6 and not others and not edits:
        return Reading((DescribeSegments(segment=named[0]),))
    if last is None or not lead or edits or others:
        return None

    parts = Parts(sentence.fresh(), catalog)
    features, ignored = take_features(parts)
    parts.customers_table = catalog.has_features

    take_conditions(parts)
    if plain.startswith(("only", "just", "for", "and for", "and only")):
        take_flags(parts)
    changes: dict[str, object] = {}
    if plain.startswith(phrases("leave_out_lead")) and features + ignored:
        changes["ignore"] = list(dict.fromkeys([*last.ignore, *features, *ignored]))
    elif ignored:
        changes["ignore"] = list(dict.fromkeys([*last.ignore, *ignored]))
    elif features:
        changes["features"] = features
    if parts.where:
        changes["where"] = for_customers(parts, parts.where) if catalog.has_features else parts.where
    if not changes:
        return None
    return Reading((last.model_copy(update=changes),), tuple(parts.notes))
