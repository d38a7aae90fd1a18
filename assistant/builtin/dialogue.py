"""Reads a message in its conversation: several requests in one message, follow-ups, corrections, answers to questions back.

The state is what the conversation shows: earlier messages of the person and earlier tool calls. Nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from assistant.builtin.annotate import annotate
from assistant.builtin.lexicon import Key
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import negate, take_flags
from assistant.builtin.parsing.data_questions import gather, main_measures
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading import read_sentence
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import (
    Aggregate, Correlation, CrossTable, DescribeSegments, Distribution, ExplainSegments, Filtered, FindSegments,
    GroupDifference, Outcome, Outliers, Reading, Reply, Request, Trend, UndoSegmentation,
)  # fmt: skip
from assistant.builtin.tokens import key_of, split_sentences
from tools.selecting import Condition, GroupBy, Measure

_LEADS = (
    "and", "what about", "how about", "only", "just", "same", "now", "instead", "but", "no", "also", "then", "or", "rather",
    "not", "without", "excluding", "exclude", "as a", "as an", "in a", "make it", "make that", "show it", "show that", "show them", "sort", "plot it",
    "plot that", "draw it", "chart it", "actually", "i meant", "sorry", "hmm", "ok and", "ok now", "okay", "for", "by", "per", "with",
    "split", "break", "broken", "put it", "turn", "use", "in percent", "as percentages", "as", "can you", "could you", "visualise it", "graph it", "including", "remove", "drop", "add", "limit", "order", "group", "filter", "restrict", "change", "switch", "except", "among", "of those", "of these", "of them", "in", "who", "do the same", "repeat", "give me the same", "again", "oh", "wait", "on", "which one", "which ones", "which is", "who is",
)  # fmt: skip
_ANAPHORA = {"it", "that", "this", "them", "those", "these", "they", "their", "same"}


@dataclass(frozen=True)
class Exchange:
    """One earlier turn: what was said, and the requests behind the tool calls."""

    text: str
    requests: tuple[Request, ...] = ()
    status: str = "answered"
    choices: tuple[str, ...] = ()


@dataclass
class Conversation:
    """All earlier turns, oldest first."""

    turns: list[Exchange] = field(default_factory=list)

    @property
    def last(self) -> Exchange | None:
        """The turn before this one."""
        return self.turns[-1] if self.turns else None

    def last_request(self) -> Request | None:
        """Return the newest request that a follow-up may change."""
        for turn in reversed(self.turns):
            if turn.requests:
                return turn.requests[-1]
        return None

    def last_question(self) -> Filtered | None:
        """Return the newest request about data."""
        for turn in reversed(self.turns):
            for request in reversed(turn.requests):
                if isinstance(request, Filtered):
                    return request
        return None

    def first_question(self) -> Filtered | None:
        """Return the oldest request about data."""
        return next((r for turn in self.turns for r in turn.requests if isinstance(r, Filtered)), None)

    def last_segments(self) -> FindSegments | None:
        """Return the newest request for segments."""
        return next((r for turn in reversed(self.turns) for r in reversed(turn.requests) if isinstance(r, FindSegments)), None)

    def last_segment(self) -> str | None:
        """Return the segment that was spoken of last."""
        for turn in reversed(self.turns):
            for request in reversed(turn.requests):
                named = getattr(request, "name", None) if request.tool == "rename_segment" else getattr(request, "segment", None)
                if named:
                    return str(named)
        return None

    def before_last(self) -> Filtered | None:
        """Return the request about data before the newest one."""
        found = [r for turn in self.turns for r in turn.requests if isinstance(r, Filtered)]
        return found[-2] if len(found) > 1 else None


_TEACHING = re.compile(
    r"^(?:when i say|by|if i say|for me|remember(?: that)?|note(?: that)?|from now on)?[,:]?\s*[\"'“]?(?P<word>[\w\s]{2,40}?)[\"'”]?\s*"
    r"(?:,?\s*i mean|means|,?\s*i meant|stands for|refers to|is the same as)\s+(?:the\s+)?(?:column\s+)?[\"'“`]?(?P<column>[^\"'”`.!?]{1,60})",
    re.IGNORECASE,
)


def taught_words(texts: Sequence[str], catalog: Catalog) -> dict[Key, str]:
    """Collect what a person taught in earlier messages: "by spend I mean Amount"."""
    found: dict[Key, str] = {}
    for text in texts:
        lesson = _lesson(text, catalog)
        if lesson:
            found[key_of(lesson[0])] = lesson[1]
    return found


def _lesson(text: str, catalog: Catalog) -> tuple[str, str] | None:
    match = _TEACHING.match(text.strip())
    if not match or match["word"].strip().lower() in ("no", "it", "that", "i", "sorry", "what", "which", "this", "no i", "what it"):
        return None
    wanted = match["column"].strip()
    exact = next((name for name in catalog.columns if name.lower() == wanted.lower()), None)
    links = catalog.link_column(key_of(wanted))
    column = exact or (links[0].column if links and links[0].score > 0.6 else None)
    return (match["word"].strip().lower(), column) if column else None


def read_message(text: str, catalog: Catalog, conversation: Conversation) -> list[Outcome]:
    """Read a message: one outcome for each request in it, in order."""
    answer = _chosen(text, conversation)
    if answer is not None:
        return [read_sentence(answer, catalog)]
    lesson = _lesson(text, catalog)
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
    hostile = [o for o in outcomes if isinstance(o, Reply) and o.template in ("hostile", "personal")]
    if hostile:
        return hostile[:1]
    answers = [o for o in outcomes if isinstance(o, Reading)]
    if answers and len(answers) < len(outcomes):
        vague = [o for o in outcomes if isinstance(o, Reply) and o.template in ("lost", "thanks", "greeting", "what_about")]
        outcomes = [o for o in outcomes if o not in vague] or outcomes
    return _merged(outcomes) or [read_sentence(text, catalog)]


def _merged(outcomes: list[Outcome]) -> list[Outcome]:
    """Answer "how many orders and how many customers" in one sentence: the same rows, two measures."""
    merged: list[Outcome] = []
    for outcome in outcomes:
        before = merged[-1] if merged else None
        if isinstance(before, Reading) and isinstance(outcome, Reading) and len(before.requests) == len(outcome.requests) == 1:
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
    same = (first.by, first.where, first.having, first.table) == (second.by, second.where, second.having, second.table)
    return same and not (first.limit or second.limit or first.share_of_total or second.share_of_total)


def _taught(lesson: tuple[str, str], catalog: Catalog, conversation: Conversation) -> Outcome:
    word, column = lesson
    last = conversation.last
    if last and word in last.text.lower():
        taught = Catalog(**{name: getattr(catalog, name) for name in catalog.__dataclass_fields__})
        taught.taught = {**catalog.taught, key_of(word): column}
        again = read_sentence(last.text, taught)
        if isinstance(again, Reading):
            return Reading(again.requests, (f"From now on \"{word}\" means **{column}**.", *again.notes))
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
    ordinals = {"first": 0, "the first": 0, "the first one": 0, "1": 0, "first one": 0, "second": 1, "the second": 1, "the second one": 1, "2": 1, "second one": 1, "third": 2, "the third": 2, "the third one": 2, "3": 2, "yes": 0, "yes please": 0, "the last one": -1, "the latter": -1, "the former": 0, "yeah": 0}
    if plain in ordinals and ordinals[plain] < len(last.choices):
        return last.choices[ordinals[plain]]
    if len(plain.split()) <= 4:
        words = set(key_of(plain))
        scored = [(len(words & _different(choice, last.choices)), -index, choice) for index, choice in enumerate(last.choices)]
        best = max(scored)
        if best[0] and sum(1 for score in scored if score[0] == best[0]) == 1:
            return best[2]
        near = [choice for choice in last.choices if fuzz.partial_ratio(plain, choice.lower()) > 92 and len(plain) > 3]
        return near[0] if len(near) == 1 else None
    return None


def _different(choice: str, choices: Sequence[str]) -> set[str]:
    """Return the words, split into parts of names, that only this choice has."""
    from assistant.builtin.linking import spelt_out

    def split(one: str) -> set[str]:
        return {word for part in one.split() for word in (*spelt_out(part), part.lower())}

    others: set[str] = set()
    for other in choices:
        if other != choice:
            others |= split(other)
    return split(choice) - others


_AND = re.compile(
    r"(?:,?\s+(?:and then|then|and also|and after that|after that)\s+|,?\s+and\s+|,\s+|;\s*)(?=(?:how many|how much|what|which|who|show|plot|draw|"
    r"segment|describe|list|give|tell|compare|find|rename|merge|call|export|undo|why|is there|are there|do |does |make|explain|split|chart|calculate|compute|count|then)\b)",
    re.IGNORECASE,
)


def _requests_in(text: str, catalog: Catalog) -> list[str]:
    """Split a message into requests where both sides can stand alone."""
    pieces: list[str] = []
    for sentence in split_sentences(text):
        partitive = re.match(r"^(of|among|for|in) (those|the|these|all)\b", sentence, re.IGNORECASE)
        cut = [sentence] if partitive else _AND.split(sentence)
        if len(cut) > 1 and all(_stands_alone(piece, catalog) for piece in cut) and not _one_request(sentence, cut, catalog):
            pieces.extend(piece.strip(" ,") for piece in cut)
        else:
            pieces.append(sentence)
    return _with_context(pieces)


def _one_request(sentence: str, cut: list[str], catalog: Catalog) -> bool:
    """Tell whether the pieces only add measures to one question: "women under 30: how many and what average"."""
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
    scene = re.compile(r"^(i have|i am|i'm|i need this|my boss|we are|we're|it's for|this is for|sorry|hi|hello|hey|thanks|thank you|please|good|dear|ok|okay|great|nice|perfect|cool|no worries|quick question|one more|another question|just a)\b", re.IGNORECASE)
    kept = [p for p in pieces if not (scene.match(p) and asking and p not in asking and len(p.split()) <= 14)]
    return kept or pieces


def _read_one(text: str, catalog: Catalog, conversation: Conversation) -> Outcome:
    special = _special(text, catalog, conversation)
    if special is not None:
        return special
    previous = conversation.last_question()
    last = conversation.last_request()
    plain = _plain(text)
    lead = _has_lead(plain)
    if isinstance(last, FindSegments) or (last and last.tool.endswith(("segments", "rfm", "value", "rules", "segment"))):
        followed = _follow_segments(text, plain, conversation.last_segments(), catalog, lead)
        if followed is not None:
            return followed
    whole = _about_that_segment(read_sentence(text, catalog), conversation)
    if previous is None:
        return whole
    anaphora = bool(set(plain.split()) & _ANAPHORA) and len(plain.split()) <= 14
    if isinstance(whole, Reading) and not isinstance(whole.requests[0], Filtered):
        return whole
    if isinstance(whole, Reply) and whole.template in ("hostile", "personal", "off_topic", "greeting", "thanks", "help", "identity", "export", "movement", "no_prediction"):
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
        if named and str(getattr(request, "segment", "")).lower() in ("it", "that", "this", "that one", "this one", "that segment", "this segment", "them")
        else request
        for request in outcome.requests
    )
    return Reading(requests, outcome.notes, outcome.offers, outcome.preface, outcome.after, outcome.claims)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s%']", " ", text.lower()).split())


_ALONE = {"how many", "how many is that", "how many are there", "how many are they", "how many are those", "how much", "how much is that", "which ones", "which"}


def _has_lead(plain: str) -> bool:
    if plain in _ALONE:
        return True
    return any(plain == lead or plain.startswith(f"{lead} ") for lead in _LEADS) or plain.endswith((" instead", " too", " as well", " please instead", " then"))


def _is_fragment(text: str, plain: str, catalog: Catalog) -> bool:
    """Tell whether a message is too short to be a question of its own: "median", "top 3", "women"."""
    if len(plain.split()) > 5 or re.match(r"^(how|what|which|who|show|plot|list|count|number|average|total|distribution|correlation|share)\b", plain):
        return False
    parts = gather(annotate(text, catalog), catalog)
    return not (parts.measures or parts.bare or parts.counts) or not (parts.groups or parts.where) and bool(parts.pending)


def _special(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read "why?", "go back", "go back to the first one", "again"."""
    plain = _plain(text)
    last = conversation.last_request()
    if plain in ("why", "why is that", "why so", "how come", "why is it so", "but why", "and why", "why that", "what explains that", "why this", "why is this"):
        return _why(last, catalog)
    back = re.match(r"^(?:please |ok |now |no |let's |lets )?(?:go )?back(?: to (?P<what>.+))?$", plain) or re.match(r"^(?:show|repeat)(?: me)? (?P<what>the (?:first|previous|last) (?:one|question|chart|answer|table|result))(?: again)?$", plain)
    if back and last is not None:
        what = (back.groupdict().get("what") or "").replace("the ", "")
        if "first" in what and conversation.first_question() and not (what.endswith(("version", "segmentation"))):
            if isinstance(last, Filtered) or "question" in what:
                return Reading((conversation.first_question(),))  # type: ignore[arg-type]
        if not isinstance(last, Filtered):
            return Reading((UndoSegmentation(),))
        earlier = conversation.before_last()
        if what in ("", "previous one", "previous", "the previous one", "one before", "last one", "previous question", "previous answer") and earlier:
            return Reading((earlier,))
    if plain in ("again", "repeat", "once more", "repeat that", "say that again", "same again") and last is not None:
        return Reading((last,))
    return None


def _why(last: Request | None, catalog: Catalog) -> Outcome | None:
    if last is None:
        return Reply("clarify", "why_what", {}, ())
    if not isinstance(last, Filtered):
        return Reading((ExplainSegments(),)) if catalog.segments or last.tool.startswith("find_segments") else None
    column = _measured(last)
    groups = [c.name for c in catalog.table.columns if c.role in ("category", "outcome", "flag") and 2 <= (c.n_distinct or 0) <= 12]
    taken = {g.column for g in getattr(last, "by", []) if isinstance(g, GroupBy)}
    choices = [f"What is the average {column} by {name}?" for name in groups if name not in taken and column][:3] if column else []
    if not choices:
        choices = [f"How many customers by {name}?" for name in groups if name not in taken][:3] or list(starters(catalog)[1:])
    return Reply("clarify", "why_data", {"column": column}, tuple(choices))


def _measured(request: Request) -> str | None:
    if isinstance(request, Aggregate):
        return next((m.column for m in request.measures if m.column), None)
    if isinstance(request, Trend):
        return request.measure.column
    return getattr(request, "column", None)


def _follow_segments(text: str, plain: str, last: FindSegments | None, catalog: Catalog, lead: bool) -> Outcome | None:
    """Read follow-ups of a segmentation: "without the balance", "only women", "and the second one", "by age too"."""
    sentence = annotate(text, catalog)
    named = [item.senses["segment"] for item in sentence.items if item.has("segment")]
    others = [i for i in sentence.items if i.has("statistic") or i.has("count") or i.has("share") or i.has("chart_kind")]
    edits = {"rename", "merge", "split", "call", "combine", "move", "rule", "sql", "why", "compare", "difference", "typical", "crm"} & sentence.words()
    if named and len(plain.split()) <= 6 and not others and not edits:
        return Reading((DescribeSegments(segment=named[0]),))
    if last is None or not lead or edits or others:
        return None
    from assistant.builtin.parsing.segments import _features, read_segments

    parts = Parts(sentence.fresh(), catalog)
    features, ignored = _features(parts)
    parts.customers_table = catalog.has_features
    from assistant.builtin.parsing.conditions import take_conditions
    from assistant.builtin.parsing.data_questions import _for_customers

    take_conditions(parts)
    if plain.startswith(("only", "just", "for", "and for", "and only")):
        take_flags(parts)
    changes: dict[str, object] = {}
    if plain.startswith(("without", "exclude", "excluding", "ignore", "drop", "remove", "leave out", "but without", "not", "and without")) and features + ignored:
        changes["ignore"] = list(dict.fromkeys([*last.ignore, *features, *ignored]))
    elif ignored:
        changes["ignore"] = list(dict.fromkeys([*last.ignore, *ignored]))
    elif features:
        changes["features"] = features
    if parts.where:
        changes["where"] = _for_customers(parts, parts.where) if catalog.has_features else parts.where
    if not changes:
        return None
    del read_segments
    return Reading((last.model_copy(update=changes),), tuple(parts.notes))


# ---------------------------------------------------------------- changing the last request


def follow(text: str, catalog: Catalog, last: Filtered, anaphora: bool) -> Outcome | None:
    """Apply what a follow-up says to the last request; None if it says nothing that can be applied."""
    plain = _plain(text)
    sentence = annotate(text, catalog, customer_level=last.table == "customers")
    if sentence.has("outliers", "without"):
        return _without_outliers(last)
    parts = gather(sentence, catalog)
    take_flags(parts)
    unknown = [i for i in parts.sentence.unexplained() if not i.senses and len(i.text) > 2]
    if unknown:
        return None
    changed = _change(parts, plain, last, anaphora)
    if changed is None or (changed == last and not parts.wants_chart and plain not in _ALONE):
        return None
    notes = tuple(parts.notes)
    return Reading((changed,), notes)


def _without_outliers(last: Filtered) -> Outcome | None:
    column = _measured(last)
    if column is None:
        return None
    return Reading((Outliers(column=column, where=last.where, table=last.table), last), preface="without_outliers")


def _change(parts: Parts, plain: str, last: Filtered, anaphora: bool) -> Filtered | None:
    changes: dict[str, object] = {}
    where = _merged_where(parts, plain, last)
    if where is not None:
        changes["where"] = where
    if parts.customers_table and parts.catalog.has_features and where is not None:
        changes["table"] = "customers"
    if parts.wants_chart:
        kind = parts.chart
        if kind != "auto" or not (parts.measures or parts.groups):
            changes["chart"] = _chart_for(last, kind)
    if isinstance(last, Aggregate):
        return _change_aggregate(parts, plain, last, changes, anaphora)
    if isinstance(last, Trend):
        return _change_trend(parts, plain, last, changes)
    return _change_other(parts, last, changes)


def _chart_for(last: Filtered, kind: str) -> str:
    return kind


def _merged_where(parts: Parts, plain: str, last: Filtered) -> list[Condition] | None:
    everyone = any(phrase in f" {plain} " for phrase in (" everyone ", " everybody ", " all customers ", " overall ", " without the filter ", " in total ", " all of them ", " no filter ", " remove the filter ", " all cities ", " all transactions ", " without filter ", " drop the filter ", " for all "))
    rest = any(phrase in f" {plain} " for phrase in (" everyone else ", " everybody else ", " the others ", " the rest ", " all others ", " everybody else "))
    if rest and last.where and not parts.where:
        flipped = Parts(parts.sentence, parts.catalog)
        negate(flipped, last.where[-1])
        return [*last.where[:-1], *flipped.where]
    if everyone and not parts.where:
        return []
    if not parts.where:
        return None
    new = list(parts.where)
    if re.match(r"^(and |now |but |ok )?(drop|remove|take out|lose)\b", plain):
        new = _left_out(parts, last)
    if last.table == "customers" and parts.catalog.has_features:
        from assistant.builtin.parsing.data_questions import _for_customers

        new = _for_customers(parts, new)
    touched = {(c.column, c.grain) for c in new}
    kept = [c for c in last.where if (c.column, c.grain) not in touched]
    return [*kept, *new]


def _all_of(parts: Parts) -> list[str]:
    """Return the columns of "for all contracts": groups instead of the one that was asked for."""
    found = []
    for item in parts.sentence.items:
        before = [token.norm for token in parts.sentence.tokens[max(0, item.start - 2) : item.start]]
        if item.links and set(before) & {"all", "every", "each"} and parts.is_group(item.links[0].column) and item.links[0].column not in {g.column for g in parts.groups}:
            found.append(item.links[0].column)
    return found


def _left_out(parts: Parts, last: Filtered) -> list[Condition]:
    """Take values away: from a list that was asked for, or from all."""
    left: list[Condition] = []
    for one in parts.where:
        listed = next((c for c in last.where if c.column == one.column and c.is_ == "in"), None)
        if listed is not None and one.value is not None:
            kept = [value for value in listed.values if value != one.value]
            left.append(listed.model_copy(update={"values": kept}))
        elif one.is_ == "equal":
            left.append(one.model_copy(update={"is_": "not_equal"}))
        else:
            left.append(one)
    return left


def _change_aggregate(parts: Parts, plain: str, last: Aggregate, changes: dict[str, object], anaphora: bool) -> Filtered | None:
    measures = _new_measures(parts, list(last.measures), plain)
    if measures is not None:
        changes["measures"] = measures
    groups = [g for g in parts.groups if not (g.column == parts.customer_key and not parts.entity)]
    for column in _all_of(parts):
        groups.append(GroupBy(column=column))
        kept = changes.get("where", last.where)
        changes["where"] = [c for c in kept if c.column != column]  # type: ignore[attr-defined]
    if parts.grain and parts.grain != "auto" and parts.time:
        groups.append(GroupBy(column=parts.time, grain=parts.grain))
    compared = {name.partition("|")[0] for name in parts.compared}
    if groups:
        adding = any(word in f" {plain} " for word in (" also ", " too ", " as well ", " additionally ", " further ", " split ", " broken ", " break "))
        if re.match(r"^and (by|per)\b", plain) and not parts.sentence.text.rstrip().endswith("?"):
            adding = " instead" not in plain
        changes["by"] = [*last.by, *(g for g in groups if g not in last.by)] if adding and last.by else groups
        if not adding:
            changes.setdefault("rank_within", False)
    elif compared and not last.by:
        changes["by"] = [GroupBy(column=name) for name in sorted(compared)]
    if parts.grain == "auto" and parts.time:
        return Trend.model_validate({"measure": (changes.get("measures") or last.measures)[0], "where": changes.get("where", last.where), "by": None, "chart": "auto"})  # type: ignore[index]
    if parts.limit or parts.superlative:
        if parts.limit:
            changes["limit"] = parts.limit
        if parts.superlative:
            changes["order"] = "descending" if parts.superlative == "desc" else "ascending"
            if plain.startswith("which") and not parts.limit:
                changes["limit"] = 1
    if re.search(r"\b(all|every) (of them|cities|groups|of it)\b", plain) and not parts.limit:
        changes["limit"] = None
    if parts.order != "auto":
        changes["order"] = parts.order
    elif re.search(r"\b(reverse|other way|opposite)\b", plain):
        changes["order"] = "ascending" if last.order in ("auto", "descending") else "descending"
    filters = changes.get("where", last.where)
    if parts.share and isinstance(filters, list) and filters and not groups and not last.by and last.measures[0].per is None:
        base = last.measures[0]
        changes |= {"measures": [base.model_copy(update={"where": filters, "per": base})], "where": []}
        return last.model_copy(update=changes)
    if parts.share:
        changes["share_of_total"] = True
    if parts.having:
        changes["having"] = parts.having
    # a filter on the grouped column takes the place of the group: "and for women?"
    where = changes.get("where")
    if isinstance(where, list) and "by" not in changes:
        single = {c.column for c in where if c.is_ == "equal" and c.grain is None and c in parts.where}
        by = [g for g in last.by if g.column not in single]
        if len(by) != len(last.by):
            changes["by"] = by
            changes.setdefault("limit", None if not by else last.limit)
    linear = [g for g in changes.get("by", []) if isinstance(g, GroupBy) and g.grain in ("day", "week", "month", "quarter", "year")]  # type: ignore[union-attr]
    changed = last.model_copy(update=changes)
    if linear and len(changed.by) == 1 and not changed.limit and len(changed.measures) == 1 and not changed.having and not changed.share_of_total and changed.table is None:
        return Trend(measure=changed.measures[0], grain=linear[0].grain, where=changed.where, chart=changed.chart)
    return changed if changes else None


def _new_measures(parts: Parts, measures: list[Measure], plain: str) -> list[Measure] | None:
    """Change the statistic ("median"), the column ("and the balance?") or both."""
    if parts.age_superlative and any(m.column == parts.age for m in measures):
        return None
    if parts.total_named and not parts.pending and measures and measures[0].column:
        columns = [m.column for m in parts.measures]
        return [measures[0].model_copy(update={"column": column}) for column in columns]
    if parts.measures or (parts.bare and parts.pending):
        return main_measures(parts)
    if parts.pending:
        first = next((m for m in measures if m.column), None)
        if first is None:
            return [Measure.model_validate({"statistic": parts.pending[0], "column": parts.amount})] if parts.amount else None
        return [Measure.model_validate({"statistic": s, "column": first.column, "where": first.where}) for s in parts.pending]
    if parts.quantiles:
        first = next((m for m in measures if m.column), None)
        return [Measure(statistic="quantile", column=first.column, q=q) for q in parts.quantiles] if first else None
    if parts.bare and not parts.superlative:
        statistic = measures[0].statistic if measures and measures[0].column else None
        if statistic in (None, "count_distinct"):
            return main_measures(parts)
        return [Measure.model_validate({"statistic": statistic, "column": c, "q": measures[0].q}) for c in parts.bare]
    if parts.bare:
        return main_measures(parts)
    if parts.counts and measures and measures[0].per is not None and measures[0].statistic.startswith("count"):
        return [measures[0].model_copy(update={"per": None})]
    if parts.counts and parts.entity is None and measures and measures[0].statistic.startswith("count"):
        return measures
    if parts.counts or (parts.entity and re.search(r"\b(how many|number of|count)\b", plain)):
        return main_measures(parts)
    return None


def _change_trend(parts: Parts, plain: str, last: Trend, changes: dict[str, object]) -> Filtered | None:
    measures = _new_measures(parts, [last.measure], plain)
    if measures:
        changes["measure"] = measures[0]
    grain = next((g.grain for g in parts.groups if g.grain in ("day", "week", "month", "quarter", "year")), None)
    grain = grain or (parts.grain if parts.grain not in (None, "auto") else None)
    if grain:
        changes["grain"] = grain
    cyclic = next((g for g in parts.groups if g.grain and g.grain not in ("day", "week", "month", "quarter", "year")), None)
    named = next((g for g in parts.groups if g.grain is None), None)
    if cyclic:
        return Aggregate(measures=[changes.get("measure", last.measure)], by=[cyclic], where=changes.get("where", last.where), chart=parts.chart)  # type: ignore[arg-type, list-item]
    if named:
        if "instead" in plain or plain.startswith(("by ", "now by")) and not grain and "too" not in plain and "also" not in plain:
            return Aggregate(measures=[changes.get("measure", last.measure)], by=[named], where=changes.get("where", last.where), chart=parts.chart)  # type: ignore[arg-type, list-item]
        changes["by"] = named.column
    elif parts.compared:
        changes["by"] = parts.compared[0].partition("|")[0]
    if parts.limit or parts.superlative:
        grain_by = GroupBy.model_validate({"column": parts.time, "grain": changes.get("grain", last.grain) or "day"})
        order = "ascending" if parts.superlative == "asc" else "descending"
        return Aggregate.model_validate({"measures": [changes.get("measure", last.measure)], "by": [grain_by], "where": changes.get("where", last.where), "order": order, "limit": parts.limit or 1})
    if parts.periods:
        changes["compare_periods"] = parts.periods
    return last.model_copy(update=changes) if changes else None


def _change_other(parts: Parts, last: Filtered, changes: dict[str, object]) -> Filtered | None:
    columns = [*parts.bare, *(m.column for m in parts.measures if m.column)]
    groups = [g.column for g in parts.groups if g.grain is None]
    if isinstance(last, Distribution):
        if columns:
            changes["column"] = columns[0]
        if groups:
            changes["by"] = groups[0]
        if parts.pending and not columns:
            return Aggregate.model_validate({"measures": [{"statistic": s, "column": last.column} for s in parts.pending], "where": changes.get("where", last.where), "table": last.table})
        if parts.compared:
            changes["by"] = parts.compared[0].partition("|")[0]
    elif isinstance(last, Outliers):
        if columns:
            changes["column"] = columns[0]
    elif isinstance(last, GroupDifference):
        if columns:
            changes["column"] = columns[0]
        if groups:
            changes |= {"by": groups[0], "values": []}
    elif isinstance(last, CrossTable):
        if groups:
            changes["columns"] = groups[0]
        if parts.share:
            changes["normalise"] = "rows"
    elif isinstance(last, Correlation):
        if parts.sentence.has("relation", "spearman"):
            changes["method"] = "spearman"
        if columns and last.columns:
            changes["columns"] = [last.columns[0], columns[-1]] if len(columns) == 1 else columns
    if "chart" in changes and "chart" not in type(last).model_fields:
        changes.pop("chart")
    return last.model_copy(update=changes) if changes else None
